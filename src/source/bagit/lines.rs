//! The lines of a bag's manifests and of `fetch.txt`, each compared with what lies there.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use unicode_normalization::UnicodeNormalization as _;

use super::super::tree::Tree;
use super::list::{Added, List};
use super::proof::{FINDINGS, Proof, is_payload, of_flaw, requirement};
use crate::io::encoding::Encoding;
use crate::model::checksum::Checksum;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path;
use crate::model::record::EntryKind;
use crate::package::bagit::tags::{self, Listed, ToFetch};
use crate::package::bagit::{FETCH, Flaw};

/// The paths that `fetch.txt` names, as digests: there may be many, and they only keep a file that is not there from being
/// told twice.
#[derive(Debug, Default)]
pub(super) struct Holes {
    paths: HashSet<u64>,
    hasher: RandomState,
}

/// Where the file lies that a line names.
enum Place {
    /// At this position in the tree; `true` where a percent sign is not written as it should be.
    At(usize, bool),
    /// It is not there.
    Missing,
    /// A folder is there.
    Folder,
    /// It is no file that this list may name.
    Outside,
}

/// A line whose file was not found under the letters that it writes.
struct Unresolved {
    line: u64,
    column: u64,
    path: String,
    sum: Checksum,
}

impl Proof {
    /// Returns where the file lies that a line of a list of the payload, or of all else, names.
    fn place(&self, tree: &Tree, path: &str, is_payload_list: bool) -> Place {
        let meant = tags::meant(path, self.is_lenient());
        let plain = path.trim_end_matches('/');
        // The payload's lists are of the payload, the others of all else but of themselves (2.1.3, 2.2.1).
        let is_own = is_payload(path.as_bytes()) == is_payload_list && (is_payload_list || !is_tag_manifest(path));
        if path::leads_out(plain.as_bytes()) || !is_own {
            return Place::Outside;
        }
        for (number, candidate) in meant.iter().enumerate() {
            let candidate = candidate.trim_end_matches('/');
            let Some(at) = self.position(tree, candidate.as_bytes()) else { continue };
            let is_folder = tree.entries().get(at).is_none_or(|entry| entry.kind == EntryKind::Folder);
            if is_folder {
                return Place::Folder;
            } else if plain.len() == path.len() {
                let is_bare = !self.is_lenient() && (number > 0 || tags::has_bare_percent(path));
                return Place::At(at, is_bare);
            }
        }
        // No shell ever sees these paths, but who else reads the bag may use one.
        if path.starts_with('~') { Place::Outside } else { Place::Missing }
    }

    /// Reads a manifest into `list`.
    pub(super) fn manifest(&mut self, tree: &Tree, mut list: List, encoding: Encoding, holes: &Holes) -> List {
        let name = list.name.clone();
        let Some(input) = self.open(tree, &name) else { return list };
        let section = if list.is_payload { "2.1.3" } else { "2.2.1" };
        let (shown, lenient) = (self.shown(name.as_bytes()), self.is_lenient());
        let (mut found, mut unresolved, mut habits) = (Vec::new(), Vec::new(), Vec::new());
        let read = tags::manifest(input, encoding, lenient, |line| {
            let Listed { line, column, digits, path, habit } = match line {
                Ok(listed) => listed,
                Err(flaw) => {
                    found.push(of_flaw(shown.clone(), flaw));
                    return found.len() < FINDINGS;
                }
            };
            let at = |code| {
                let mut finding = Finding::new(code).file(shown.clone()).line(line).value(path::shown(path.as_bytes()));
                finding.column = Some(column);
                finding.requirement(requirement(section))
            };
            let flaw = |word| of_flaw(shown.clone(), Flaw::new(word, section, line).column(column));
            if !habit.is_empty() && !habits.contains(&habit) {
                habits.push(habit);
                let mut finding =
                    of_flaw(shown.clone(), Flaw::new(habit, "6.1.3", line).column(column).warning_if(true));
                finding.expected = Some(path::shown(path.as_bytes()));
                found.push(finding);
            }
            let Some(sum) = Checksum::from_hex(list.algorithm, digits) else {
                let flaw = Flaw::new("checksum", section, line).column(1).detail(list.algorithm.name());
                found.push(of_flaw(shown.clone(), flaw));
                return found.len() < FINDINGS;
            };
            match self.place(tree, path, list.is_payload) {
                Place::At(position, is_bare) => {
                    if is_bare {
                        found.push(flaw("percent"));
                    }
                    match list.add(position, &sum) {
                        Added::First => {}
                        added => {
                            let mut finding = at(Code::NamedTwice);
                            if lenient && added == Added::Again {
                                finding.severity = Severity::Warning;
                            }
                            found.push(finding);
                        }
                    }
                }
                Place::Folder => found.push(flaw("folder")),
                Place::Outside => found.push(at(Code::ReferenceOutside)),
                // What is still to be fetched is told once, of `fetch.txt`.
                Place::Missing if list.is_payload && holes.has(path) => {}
                Place::Missing => unresolved.push(Unresolved { line, column, path: path.to_owned(), sum }),
            }
            found.len() + unresolved.len() < FINDINGS
        });
        for finding in found {
            self.find(finding);
        }
        self.resolve(tree, &mut list, unresolved);
        self.keep(&name, read, Vec::new());
        list
    }

    /// Looks for files whose names are written in another Unicode form than the list has them (6.1.1.3), and tells of the
    /// others that they are not there.
    fn resolve(&mut self, tree: &Tree, list: &mut List, unresolved: Vec<Unresolved>) {
        let folded = |text: &str| text.nfc().collect::<String>();
        let candidates: std::collections::HashMap<String, usize> = if unresolved.is_empty() {
            std::collections::HashMap::new()
        } else {
            self.entries(tree)
                .filter(|(at, path, entry)| {
                    entry.kind == EntryKind::File
                        && is_payload(path) == list.is_payload
                        && !list.has(*at)
                        && !path.is_ascii()
                })
                .filter_map(|(at, path, _)| Some((folded(std::str::from_utf8(path).ok()?), at)))
                .collect()
        };
        let shown = self.shown(list.name.as_bytes());
        for Unresolved { line, column, path, sum } in unresolved {
            let meant = tags::meant(&path, self.is_lenient());
            let other = meant.iter().find_map(|path| candidates.get(&folded(path))).filter(|at| !list.has(**at));
            let finding = if let Some(at) = other {
                list.add(*at, &sum);
                of_flaw(shown.clone(), Flaw::new("normal-form", "6.1.1.3", line).column(column).warning_if(true))
            } else {
                let finding =
                    Finding::new(Code::ReferenceMissing).file(shown.clone()).line(line).requirement(requirement("3"));
                let mut finding = finding.value(path::shown(path.as_bytes()));
                finding.column = Some(column);
                finding
            };
            self.find(finding);
        }
    }

    /// Returns the paths that are still to be fetched.
    pub(super) fn holes(&mut self, tree: &Tree, encoding: Encoding) -> Holes {
        let mut holes = Holes::default();
        let lenient = self.is_lenient();
        if let Some(input) = self.open(tree, FETCH) {
            // What is wrong there is told later, behind the manifests.
            let _ = tags::fetch(input, encoding, lenient, |line| {
                if let Ok(line) = line {
                    holes.add(line.path);
                }
                holes.paths.len() < FINDINGS
            });
        }
        holes
    }

    /// Looks whether all is there that the bag says to fetch; it is never fetched.
    pub(super) fn fetch(&mut self, tree: &Tree, encoding: Encoding) {
        const SECTION: &str = "2.2.3";
        let Some(input) = self.open(tree, FETCH) else { return };
        let (shown, lenient) = (self.shown(FETCH.as_bytes()), self.is_lenient());
        let mut found = Vec::new();
        let read = tags::fetch(input, encoding, lenient, |line| {
            let ToFetch { line, column, length, path } = match line {
                Ok(line) => line,
                Err(flaw) => {
                    found.push(of_flaw(shown.clone(), flaw));
                    return found.len() < FINDINGS;
                }
            };
            let named = path::shown(path.as_bytes());
            let flaw = |word| Flaw::new(word, SECTION, line).column(column);
            let tell = |flaw: Flaw| of_flaw(shown.clone(), flaw);
            match self.place(tree, path, true) {
                Place::At(at, is_bare) => {
                    let mut lists = self.lists.iter().filter(|list| list.is_payload);
                    let is_listed =
                        if lenient { lists.any(|list| list.has(at)) } else { lists.all(|list| list.has(at)) };
                    if !is_listed {
                        found.push(tell(flaw("fetch-unlisted").detail(named)));
                    }
                    if is_bare {
                        found.push(tell(flaw("percent")));
                    }
                    let size = tree.entries().get(at).map(|entry| entry.size);
                    if length.is_some() && length != size {
                        let size = size.unwrap_or_default().to_string();
                        found.push(tell(flaw("fetch-length").warning_if(true).detail(size)));
                    }
                }
                Place::Missing => found.push(tell(flaw("fetch").detail(named))),
                Place::Folder => found.push(tell(flaw("folder"))),
                Place::Outside => {
                    let mut finding = Finding::new(Code::ReferenceOutside).file(shown.clone()).line(line).value(named);
                    finding.column = Some(column);
                    found.push(finding.requirement(requirement(SECTION)));
                }
            }
            found.len() < FINDINGS
        });
        for finding in found {
            self.find(finding);
        }
        self.keep(FETCH, read, Vec::new());
    }
}

impl Holes {
    fn add(&mut self, path: &str) {
        self.paths.insert(self.hasher.hash_one(path));
    }

    fn has(&self, path: &str) -> bool {
        !self.paths.is_empty() && self.paths.contains(&self.hasher.hash_one(path))
    }
}

/// Returns whether the file at `path` in a bag is a tag manifest.
fn is_tag_manifest(path: &str) -> bool {
    let name = path.strip_prefix("tagmanifest-").and_then(|rest| rest.strip_suffix(".txt"));
    name.is_some_and(|algorithm| !algorithm.contains('/'))
}
