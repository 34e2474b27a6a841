//! Goes through all objects of a store.

use std::io;
use std::path::{Path, PathBuf};

use super::object::Object;
use super::{StoreError, layout, root};
use crate::model::finding::{Code, Finding};

/// What lies in the folders for objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A folder in the place of an object; whether it is one is for [`super::Store::object`] to say.
    Object {
        /// The identity to which this place belongs.
        id: String,
        /// The folder, relative to the root.
        place: String,
    },
    /// Something that does not belong there.
    Intruder {
        /// Its path, relative to the root.
        path: String,
        /// What it is.
        finding: Finding,
    },
}

/// All objects of a store, in the order of their places.
#[derive(Debug)]
pub struct Objects {
    root: PathBuf,
    tuples: std::vec::IntoIter<String>,
    /// The folder that is gone through, and its entries.
    folder: String,
    entries: std::vec::IntoIter<(String, bool)>,
}

impl Objects {
    pub(super) fn below(root: &Path) -> Result<Self, StoreError> {
        let mut tuples: Vec<String> = root::names(root)
            .map_err(StoreError::at(root))?
            .into_iter()
            .filter(|(name, is_folder)| *is_folder && layout::is_tuple(name))
            .map(|(name, _)| name)
            .collect();
        tuples.sort_unstable();
        Ok(Self {
            root: root.to_owned(),
            tuples: tuples.into_iter(),
            folder: String::new(),
            entries: Vec::new().into_iter(),
        })
    }

    fn judge(&self, name: &str, is_folder: bool) -> Found {
        let path = format!("{}/{name}", self.folder);
        let intruder = |finding: Finding| Found::Intruder { path: path.clone(), finding: finding.file(path.clone()) };
        if !is_folder {
            return intruder(Finding::new(Code::StoreIntruder));
        }
        // A cut name does not say the identity; the object does.
        match layout::decode(name).or_else(|| Object::claimed(&self.root, &path)) {
            Some(id) if layout::place(&id) == path => Found::Object { id, place: path },
            Some(id) => intruder(Finding::new(Code::StoreIntruder).expected(layout::place(&id))),
            None => intruder(Finding::new(Code::StoreIntruder)),
        }
    }
}

impl Iterator for Objects {
    type Item = Result<Found, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((name, is_folder)) = self.entries.next() {
                return Some(Ok(self.judge(&name, is_folder)));
            }
            self.folder = self.tuples.next()?;
            let path = self.root.join(&self.folder);
            match root::names(&path) {
                Ok(entries) if entries.is_empty() => {
                    let path = self.folder.clone();
                    let finding = Finding::new(Code::StoreIntruder).requirement("E073").file(path.clone());
                    return Some(Ok(Found::Intruder { path, finding }));
                }
                Ok(mut entries) => {
                    entries.sort_unstable();
                    self.entries = entries.into_iter();
                }
                // Empty, and tidied away since the root was listed.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Some(Err(StoreError::at(&path)(e))),
            }
        }
    }
}
