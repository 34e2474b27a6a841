//! Names in a bag that will not be the same everywhere (RFC 8493, 6.1), and what lies there without anyone's will.

use super::super::tree::{Entry, Tree};
use super::proof::{FINDINGS, Proof, is_payload, of_flaw};
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{EntryKind, Reason};
use crate::package::bagit::Flaw;

/// Files and folders that systems leave behind, in lower case.
const SYSTEM: &[&str] = &[
    ".ds_store",
    ".directory",
    ".fseventsd",
    ".spotlight-v100",
    ".temporaryitems",
    ".trashes",
    "$recycle.bin",
    "__macosx",
    "desktop.ini",
    "ehthumbs.db",
    "system volume information",
    "thumbs.db",
];

impl Proof {
    /// Tells of entries that are no files, and of names that are not the same everywhere.
    pub(super) fn names(&self, tree: &Tree) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut folded: Vec<(u64, usize)> = Vec::new();
        let hasher = std::hash::RandomState::new();
        for (at, inside, entry) in self.entries(tree) {
            if findings.len() >= FINDINGS {
                break;
            }
            let flaw = |word, section| Flaw::new(word, section, 0);
            findings.extend(self.of_kind(at, inside, entry));
            let notice = |word, section| of_flaw(entry.shown(), flaw(word, section).warning_if(true));
            let name = String::from_utf8_lossy(entry.name());
            if is_of_system(&name) {
                findings.push(notice("system-file", "6.1"));
            }
            if entry.kind == EntryKind::File && is_payload(inside) && inside.ends_with(b"/bagit.txt") {
                findings.push(notice("bag-inside", "2.1.2"));
            }
            if is_payload(inside) && !is_portable(&name) {
                findings.push(notice("name", "6.1.2"));
            }
            if entry.kind != EntryKind::Folder {
                folded.push((std::hash::BuildHasher::hash_one(&hasher, fold(inside)), at));
            }
        }
        folded.sort_unstable();
        for pair in folded.windows(2) {
            let [(first, a), (second, b)] = pair else { continue };
            let entries = tree.entries();
            if first == second && fold(&entries[*a].path) == fold(&entries[*b].path) && findings.len() < FINDINGS {
                let (a, b) = (&entries[*a], &entries[*b]);
                let flaw = Flaw::new("names-alike", "6.1.1.3", 0).warning_if(true);
                findings.push(of_flaw(b.shown(), flaw.detail(a.shown())));
            }
        }
        findings
    }

    /// Tells of an entry that is neither file nor folder, or that the system does not let be read.
    fn of_kind(&self, at: usize, inside: &[u8], entry: &Entry) -> Option<Finding> {
        let word = match &entry.fault {
            None => return None,
            Some(Reason::Link { .. }) => "link",
            Some(Reason::Special) => "special",
            Some(Reason::Unreadable { error, .. }) => {
                return Some(Finding::new(Code::Unreadable).file(entry.shown()).value(error.as_str()));
            }
            Some(_) => return Some(Finding::new(Code::Unreadable).file(entry.shown()).value("File name too long")),
        };
        // What no list names is none of the bag's beside its payload.
        let counts = is_payload(inside) || inside == b"data" || self.lists.iter().any(|list| list.has(at));
        Some(of_flaw(entry.shown(), Flaw::new(word, "2", 0).warning_if(!counts)))
    }
}

fn is_of_system(name: &str) -> bool {
    name.starts_with("._") || SYSTEM.contains(&name.to_lowercase().as_str())
}

/// Returns whether a name can be that of a file on every common system.
fn is_portable(name: &str) -> bool {
    // A percent sign is encoded in packages, and possible on all systems.
    let name = name.replace('%', "_");
    path::portable(name.as_bytes()) == name
}

fn fold(path: &[u8]) -> String {
    path::fold(&String::from_utf8_lossy(path))
}
