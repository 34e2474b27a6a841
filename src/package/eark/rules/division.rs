//! The divisions of a METS document that stand for representations.

use super::document::{Here, Role};
use super::tree::Tree;

/// A division below that of the package.
#[derive(Debug)]
pub(super) struct Division {
    pub(super) label: String,
    /// How many METS documents it points to so far.
    pub(super) pointers: u32,
    /// The file to which it points; the last one where it points to several.
    pub(super) target: Option<String>,
}

/// Returns the name of the representation whose METS document `path` is.
pub(super) fn representation_of(path: &str) -> Option<&str> {
    let (name, file) = path.strip_prefix("representations/")?.split_once('/')?;
    (file == "METS.xml").then_some(name)
}

impl Division {
    /// CSIP107 and CSIP109 of the division of a representation, which ends.
    pub(super) fn of_representation(&self, role: &Role, tree: &Tree, here: &mut Here<'_>) {
        let Role::Package(_) = role else { return };
        let name = self.label.strip_prefix("Representations/").unwrap_or_default();
        let name = name.split('/').next().unwrap_or_default();
        here.ask("CSIP107");
        let Some(representation) = tree.representation(name) else {
            return here.fail("CSIP107", "LABEL", Some(&self.label), "Representations/<folder>");
        };
        if !representation.has_mets() {
            return;
        }
        here.ask("CSIP109");
        // Where it leads to no file, CSIP110 says so.
        let elsewhere = self.target.as_deref().filter(|path| representation_of(path) != Some(name));
        if self.pointers != 1 {
            here.fail_child("CSIP109", "mptr", self.pointers, "1..1");
        } else if let Some(path) = elsewhere {
            here.fail("CSIP109", "", Some(path), &format!("representations/{name}/METS.xml"));
        }
    }
}
