//! The objects that are there, as the store lists them.

use std::collections::BTreeSet;

use super::super::verify::{in_store, unread};
use super::super::{Archive, ArchiveError};
use super::Audited;
use crate::model::finding::Finding;
use crate::model::package::PackageId;
use crate::store::Found;

/// Objects by their identities; where each lies follows from that. Nearly all of them are packages.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Objects whose identity is a UUID.
    pub(super) packages: Vec<PackageId>,
    /// All others.
    others: BTreeSet<String>,
}

impl Listing {
    /// Lists the objects of the store; what is not one becomes a finding.
    pub(super) fn read(
        archive: &Archive,
        audited: &mut Audited,
        whole: &mut Vec<Finding>,
    ) -> Result<Self, ArchiveError> {
        let mut listing = Self::default();
        for found in archive.store.objects()? {
            match found {
                Ok(Found::Object { id, .. }) => match PackageId::parse(&id) {
                    Some(package) if Archive::object_id(package) == id => listing.packages.push(package),
                    _ => drop(listing.others.insert(id)),
                },
                Ok(Found::Intruder { finding, path }) => whole.push(in_store(finding.file(path))),
                // A folder that cannot be read does not keep the others from being checked.
                Err(error) => {
                    let (finding, permission) = unread(error, archive.root())?;
                    whole.push(finding);
                    audited.permission |= permission;
                }
            }
        }
        listing.packages.sort_unstable();
        Ok(listing)
    }

    /// Forgets the object `id`.
    pub(super) fn remove(&mut self, id: &str) {
        let found = PackageId::parse(id).and_then(|package| self.packages.binary_search(&package).ok());
        match found {
            Some(at) => drop(self.packages.remove(at)),
            None => drop(self.others.remove(id)),
        }
    }

    /// Returns the identities of all objects, in their order.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> {
        let all: BTreeSet<String> = self
            .packages
            .iter()
            .map(|package| Archive::object_id(*package))
            .chain(self.others.iter().cloned())
            .collect();
        all.into_iter()
    }
}
