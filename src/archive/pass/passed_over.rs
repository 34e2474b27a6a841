//! What is there and METS documents pass over.

use super::{Pass, said};
use crate::model::finding::{Code, Finding, Severity};
use crate::package::eark::METS;
use crate::package::eark::rules::tree::Tree;

impl Pass<'_> {
    /// Tells of files that no METS document refers to, and of metadata that stand in no section (CSIP17, CSIP31, CSIP32); not of those
    /// that a document may name that could not be read.
    pub(super) fn unreferenced(&mut self, root: &str) {
        let last = usize::MAX - 1;
        for (number, (part, said)) in self.reader.parts().iter().zip(&self.said).enumerate() {
            if part.path == root || self.is_unknown(part.path) {
                continue;
            }
            if said & said::REFERENCED == 0 {
                // CSIP58 recommends that all content is listed.
                let mut finding = Finding::new(Code::FileUnreferenced).file(part.path);
                finding.severity = Severity::Warning;
                self.tally.add((last, number as u64, 0), finding);
            }
            let Some(folder) = metadata_folder(part.path).filter(|_| self.asks) else { continue };
            let (ids, wanted): (&[&str], u8) = match folder {
                "descriptive" => (&["CSIP17"], said::DESCRIPTIVE),
                _ => (&["CSIP31", "CSIP32"], said::ADMINISTRATIVE),
            };
            for id in ids {
                self.tally.ask(id);
                if said & wanted == 0 {
                    let expected = if folder == "descriptive" { "dmdSec" } else { "amdSec/digiprovMD" };
                    self.tally.fail_package(id, Code::MetsRequirement, part.path, None, expected);
                }
            }
        }
    }

    /// Returns whether a document that could not be read may name the file at `path`.
    fn is_unknown(&self, path: &str) -> bool {
        let of_representation = || {
            let mut names = path.match_indices('/').map(|(at, _)| at).skip(1);
            names.next().is_some_and(|end| self.unread.contains(&path[..=end]))
        };
        !self.unread.is_empty() && (self.unread.contains("") || of_representation())
    }

    /// AIP3: the METS document of each representation is pointed to and listed.
    pub(super) fn divided(&mut self, tree: &Tree) {
        if self.unread.contains("") {
            return;
        }
        for representation in tree.representations().filter(|one| one.has_mets()) {
            let path = format!("representations/{}/{METS}", representation.name());
            let said = self.reader.position(&path).map_or(0, |part| self.said[part]);
            self.tally.ask("AIP3");
            if said & said::METS == 0 || said & said::FILE == 0 {
                self.tally.fail_package("AIP3", Code::MetsRequirement, &path, None, "mptr, fptr");
            }
        }
    }
}

/// Returns the folder of metadata in which `path` lies, in the package or in a representation; files that only keep a folder
/// are not metadata.
fn metadata_folder(path: &str) -> Option<&str> {
    let inside = match path.strip_prefix("representations/") {
        Some(rest) => rest.split_once('/')?.1,
        None => path,
    };
    let (folder, rest) = inside.strip_prefix("metadata/")?.split_once('/')?;
    let name = rest.rsplit('/').next().unwrap_or_default();
    (matches!(folder, "descriptive" | "preservation") && !name.starts_with('.')).then_some(folder)
}
