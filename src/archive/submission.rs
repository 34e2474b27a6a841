//! A finished SIP made into an AIP.

use super::ArchiveError;
use super::delivery::Submission;
use super::examine;
use super::pack::Made;
use super::recorded::Recorded;
use crate::model::content::ReadFault;
use crate::package::container::{Container, WriteError};
use crate::package::eark::compose::Order;
use crate::package::eark::derive::{self, Origin};
use crate::package::eark::premis;
use crate::task::Watch;

impl Submission {
    /// Writes the AIP that is made of this SIP.
    pub(super) fn derive(
        &self,
        container: &mut Container,
        order: &Order<'_>,
        watch: Watch<'_>,
    ) -> Result<Made, ArchiveError> {
        let origin = Origin {
            reader: &self.reader,
            summary: &self.examined.summary,
            metadata: &self.examined.metadata,
            description: &self.description,
        };
        let event = |kind, detail, by_archive| premis::Event { kind, time: order.created, detail, by_archive };
        let mut events = Vec::new();
        if let Some(number) = &order.provenance.accession {
            events.push(event("accession", format!("accession {number}"), true));
        }
        let detail = format!("{} from SIP {}", order.kind.name(), self.examined.summary.object);
        events.push(event("information package creation", detail, false));
        let derived = derive::write(container, order, &origin, &events, watch)?;
        // The files were checked against METS when the SIP was opened: what was copied must still be that.
        let recorded = Recorded::read(&self.reader)?;
        let copied = derived.kept.iter().zip(&derived.sums);
        let changed = copied.into_iter().find(|(file, sum)| recorded.differs(&file.path, &(**sum).into()).is_some());
        let path = match changed {
            Some((file, _)) => Some(file.path.to_string()),
            None if examine::unchanged(&self.reader).unwrap_or(false) => None,
            None => Some(self.reader.location().display().to_string()),
        };
        if let Some(path) = path {
            return Err(WriteError::Source { path, fault: ReadFault::Changed }.into());
        }
        Ok(Made {
            base: String::new(),
            kept: derived.kept,
            sums: derived.sums,
            others: derived.others,
            content: derived.content,
        })
    }
}
