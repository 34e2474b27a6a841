//! Compares store, catalogue and journal once the packages were checked.

use super::super::{Archive, ArchiveError, disposed, marker};
use super::compare::Comparison;
use super::listing::Listing;
use super::packages::Outcome;
use super::told::Told;
use super::{Audited, Order};
use crate::catalogue::Catalogue;
use crate::model::audit::Ending;
use crate::model::finding::{Code, Finding};
use crate::model::package::PackageId;
use crate::task::{Cancelled, Watch};

/// What stands on both sides of the comparison of store, catalogue and journal.
pub(super) struct Sides<'a> {
    pub(super) archive: &'a Archive,
    pub(super) order: &'a Order<'a>,
    pub(super) catalogue: Option<&'a Catalogue>,
    pub(super) before: &'a Told,
    /// Nothing where another share looks at the archive as a whole.
    pub(super) after: Option<&'a Told>,
    pub(super) watch: Watch<'a>,
}

impl Sides<'_> {
    /// Compares what is to be compared once the packages were checked; `stored` are the objects that belong to none of them.
    pub(super) fn compare(
        &self,
        stored: Listing,
        outcome: &Outcome,
        audited: &mut Audited,
        whole: &mut Vec<Finding>,
    ) -> Result<(), ArchiveError> {
        if outcome.ending == Some(Ending::Stopped) {
            return Err(ArchiveError::Cancelled(Cancelled));
        }
        let Self { archive, catalogue, before, .. } = *self;
        match (self.after, catalogue) {
            (Some(after), _) => self.all(after, stored, outcome, audited, whole)?,
            // What packages say of their rows is seen where they are checked.
            (None, Some(catalogue)) if !outcome.suspects.is_empty() => {
                let after = &Told::read(archive)?;
                let comparison = Comparison { archive, catalogue, before, after, wrong: &outcome.wrong };
                whole.extend(comparison.suspected(&outcome.suspects)?);
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// Checks what concerns no single package.
    fn all(
        &self,
        after: &Told,
        mut stored: Listing,
        outcome: &Outcome,
        audited: &mut Audited,
        whole: &mut Vec<Finding>,
    ) -> Result<(), ArchiveError> {
        let Self { archive, before, .. } = *self;
        let named = |code, package: &PackageId| Finding::new(code).value(package.to_string());
        whole.extend(after.pending.iter().map(|package| named(Code::PackagePending, package)));
        whole.extend(after.disposing.iter().map(|package| named(Code::DisposalPending, package)));
        self.accessions(after, &mut stored, audited, whole)?;
        whole.extend(self.order.against.iter().flat_map(|against| against.findings().to_vec()));
        let (wrong, denied) = disposed::check(archive, &before.disposed, self.watch)?;
        whole.extend(wrong);
        audited.permission |= denied;
        stored.packages.retain(|package| !after.knows(*package));
        for number in after.closing.keys() {
            stored.remove(&archive.accession_object(number));
        }
        for id in stored.ids() {
            audited.unknown += 1;
            let place = format!("{}/{}", marker::STORE, archive.store.place(&id));
            whole.push(Finding::new(Code::PackageUnknown).file(place).value(id));
        }
        if let Some(catalogue) = self.catalogue {
            let comparison = Comparison { archive, catalogue, before, after, wrong: &outcome.wrong };
            whole.extend(comparison.findings(&outcome.suspects)?);
        }
        Ok(())
    }

    /// Checks the objects of the accessions: they are there, and every file in them is as it was.
    fn accessions(
        &self,
        after: &Told,
        stored: &mut Listing,
        audited: &mut Audited,
        whole: &mut Vec<Finding>,
    ) -> Result<(), ArchiveError> {
        let Self { archive, watch, .. } = *self;
        for number in after.started.keys().filter(|number| !after.closed.contains_key(*number)) {
            whole.push(Finding::new(Code::AccessionOpen).value(number));
        }
        for (number, inventory) in &after.closed {
            let id = archive.accession_object(number);
            stored.remove(&id);
            let place = format!("{}/{}", marker::STORE, archive.store.place(&id));
            let (findings, permission) = archive.judge_object(&id, inventory, &place, watch)?;
            audited.permission |= permission;
            whole.extend(findings);
            if let Some(against) = self.order.against {
                whole.extend(against.judge(&id, inventory, self.order.level, watch)?.0);
            }
        }
        Ok(())
    }
}
