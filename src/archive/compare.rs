//! What was offered and appraised against what was delivered, as messages say it.

use std::path::PathBuf;

use serde::Serialize;

use super::messages;
use crate::appraisal::{Basis, Comparison, Listed, compare};
use crate::io::xml::XmlError;
use crate::model::decision::Decisions;
use crate::source::SourceError;
use crate::source::xdomea::Spool;
use crate::task::Cancel;

/// Messages that were compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The files of the offers (0501).
    pub offers: Vec<String>,
    /// The files of the decisions (0502); without any, differences only tell.
    pub decisions: Vec<String>,
    /// The files of the deliveries (0503).
    pub deliveries: Vec<String>,
    /// How many objects were offered.
    pub offered: u64,
    /// How many objects are to be archived.
    pub archive: u64,
    /// How many objects are not decided.
    pub undecided: u64,
    /// How many objects are to be destroyed.
    pub destroy: u64,
    /// How many objects were delivered.
    pub delivered: u64,
    /// How they differ.
    #[serde(flatten)]
    pub comparison: Comparison,
}

impl Compared {
    /// Returns whether somebody has to do something: an offer alone says nothing of what must be delivered.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        !self.decisions.is_empty() && !self.comparison.is_empty()
    }
}

/// Why messages cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// What was given cannot be read, or holds no message.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A message changed while it was read.
    #[error("reading the objects of a message failed")]
    Objects(#[from] XmlError),
    /// No delivery (0503) is among the messages.
    #[error("no message 0503")]
    NoDelivery,
    /// Neither an offer (0501) nor decisions (0502) are among the messages.
    #[error("no message 0501 or 0502")]
    NoBasis,
}

/// Compares the messages at `paths`, in any order: their root elements say what they are.
pub fn compare_messages(paths: &[PathBuf], cancel: &Cancel) -> Result<Compared, CompareError> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(messages::read(path, cancel)?);
    }
    let of = |kind: &str| all.iter().filter(|spool| spool.message.kind == kind).collect::<Vec<_>>();
    let (offers, decisions, deliveries) = (of("0501"), of("0502"), of("0503"));
    if deliveries.is_empty() {
        return Err(CompareError::NoDelivery);
    }
    if offers.is_empty() && decisions.is_empty() {
        return Err(CompareError::NoBasis);
    }
    let (offer, delivered) = (listed(&offers)?, listed(&deliveries)?);
    let mut decided = Decisions::default();
    for spool in &decisions {
        for (subject, decision) in messages::decisions(&spool.message).all() {
            decided.add(subject.clone(), decision.clone());
        }
    }
    let basis = if decisions.is_empty() { Basis::Offer(&offer) } else { Basis::Decisions(&decided, &offer) };
    let [archive, undecided, destroy] = decided.counts();
    let files = |spools: &[&Spool]| spools.iter().map(|spool| spool.message.file.clone()).collect();
    Ok(Compared {
        comparison: compare(basis, &delivered),
        offers: files(&offers),
        decisions: files(&decisions),
        deliveries: files(&deliveries),
        offered: offer.len() as u64,
        archive,
        undecided,
        destroy,
        delivered: delivered.len() as u64,
    })
}

/// Returns the objects of all `spools`.
fn listed(spools: &[&Spool]) -> Result<Vec<Listed>, XmlError> {
    let mut all: Vec<Listed> = Vec::new();
    for spool in spools {
        let base = all.len();
        let own = messages::objects(spool)?.into_iter();
        all.extend(own.map(|listed| Listed { parent: listed.parent.map(|at| at + base), ..listed }));
    }
    Ok(all)
}
