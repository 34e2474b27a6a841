//! Whether what an inventory says agrees with itself.

use std::collections::HashMap;

use rayon::slice::ParallelSliceMut as _;

use super::Spec;
use super::codes::fault;
use super::inventory::{Held, Inventory, Path, conflicts, is_sound};
use super::report::Report;
use super::uri::is_uri;
use super::version::{Name, sequence};
use super::words::{Set, Word};
use crate::io::json::Place;
use crate::model::finding::Finding;

/// Checks one inventory.
pub struct Check<'a> {
    /// What it says.
    pub inventory: &'a Inventory,
    /// The texts.
    pub held: &'a Held,
    /// The specification that it is held to.
    pub spec: Spec,
    /// Whether what should be otherwise is told too.
    pub hints: bool,
    /// Where what is wrong goes.
    pub report: &'a mut Report,
}

impl Check<'_> {
    /// Checks everything.
    pub fn run(mut self) {
        self.head();
        self.content_folder();
        self.names();
        self.manifest();
        self.digests();
        self.states();
        self.fixity();
    }

    fn of(&self, id: &'static str) -> Finding {
        fault(id).file(&self.inventory.file)
    }

    fn tell(&mut self, id: &'static str, value: impl Into<String>) {
        let finding = self.of(id).value(value);
        self.report.add(finding);
    }

    fn tell_at(&mut self, id: &'static str, place: Place, value: &str, expected: &str) {
        let mut finding = self.of(id).value(value).line(place.line);
        finding.column = Some(place.column);
        self.report.add(if expected.is_empty() { finding } else { finding.expected(expected) });
    }

    fn is_later(&self) -> bool {
        self.spec == Spec::V1_1
    }

    /// The keys, and what stands at the head of the inventory.
    fn head(&mut self) {
        let keys = &self.inventory.keys;
        let missing = |of: &[&'static str]| -> Vec<&'static str> {
            of.iter().copied().filter(|key| !keys.contains(key)).collect()
        };
        let (fields, blocks) =
            (missing(&["id", "type", "digestAlgorithm", "head"]), missing(&["manifest", "versions"]));
        for key in fields {
            let finding = self.of("E036").expected(key);
            self.report.add(finding);
        }
        for key in blocks {
            let finding = self.of("E041").expected(key);
            self.report.add(finding);
            if key == "versions" {
                let finding = self.of("E043").expected(key);
                self.report.add(finding);
            }
        }
        for &(block, place) in &self.inventory.misshapen {
            let ids: &[&'static str] = match (block, self.is_later()) {
                ("manifest", true) => &["E041", "E106"],
                ("manifest", false) => &["E041"],
                ("versions", _) => &["E044", "E045"],
                (_, true) => &["E111"],
                (_, false) => &["E056"],
            };
            for id in ids {
                self.tell_at(id, place, block, "object");
            }
        }
        if let Some(id) = self.inventory.id {
            let id = self.held.words.shown(id);
            if id.is_empty() {
                self.tell("E037", "");
            } else if self.hints && !is_uri(id) {
                self.tell("W005", id);
            }
        }
        if let Some((kind, place)) = self.inventory.kind
            && self.held.words.shown(kind) != self.spec.inventory_type()
        {
            let expected = self.spec.inventory_type();
            self.tell_at("E038", place, self.held.words.shown(kind), expected);
        }
    }

    fn content_folder(&mut self) {
        let Some((name, place)) = self.inventory.content_folder else { return };
        let name = self.held.words.shown(name);
        let id = match name {
            "." | ".." => "E018",
            "" => "E017",
            name if name.contains('/') => "E017",
            _ => return,
        };
        self.tell_at(id, place, name, "");
        if self.is_later() {
            self.tell_at("E108", place, name, "");
        }
    }

    /// The names of the versions, and which of them is the newest.
    fn names(&mut self) {
        let held = self.held;
        let mut names: Vec<(Name, &str)> = Vec::new();
        for version in &self.inventory.versions {
            let text = held.words.shown(version.name);
            match Name::parse(text) {
                Ok(name) => names.push((name, text)),
                Err(id) => {
                    // Version 1.0 says so in the words of its first requirements on versions.
                    let id = if self.is_later() { id } else { "E046" };
                    self.tell_at(id, version.place, text, "v1");
                }
            }
        }
        if self.inventory.versions.is_empty() && self.inventory.has("versions") {
            self.tell("E008", "{}");
        } else if names.is_empty() && self.inventory.has("versions") {
            let finding = self.of("E009").expected("v1");
            self.report.add(finding);
        }
        for (id, value, expected) in sequence(&names) {
            let finding = self.of(id).value(value).expected(expected);
            self.report.add(finding);
        }
        if self.hints
            && let Some((_, text)) = names.iter().filter(|(name, _)| name.width > 0).min_by_key(|(name, _)| name.number)
        {
            self.tell("W001", *text);
        }
        let newest = names.iter().max_by_key(|(name, _)| name.number);
        if let (Some((head, place)), Some((_, newest))) = (self.inventory.head, newest)
            && held.words.shown(head) != *newest
        {
            self.tell_at("E040", place, held.words.shown(head), newest);
        }
    }

    /// Where content files lie, and that none of them is in the way of another.
    fn manifest(&mut self) {
        let held = self.held;
        let folder = self.inventory.content_folder(held);
        let versions: HashMap<&str, Option<Name>> = self
            .inventory
            .versions
            .iter()
            .map(|version| {
                let text = held.words.shown(version.name);
                (text, Name::parse(text).ok())
            })
            .collect();
        let mut fronts: HashMap<Word, Option<&'static str>> = HashMap::new();
        for entry in &self.inventory.manifest {
            // Without versions nobody can say where content may lie.
            let known = !versions.is_empty();
            let wrong = *fronts
                .entry(entry.path.front)
                .or_insert_with(|| misplaced(held.words.shown(entry.path.front), folder, &versions));
            let empty = held.words.get(entry.path.rest).is_empty();
            if let Some(id) = wrong.or(empty.then_some("E042")).filter(|_| known) {
                let text = held.path_text(entry.path);
                // What is wrong with the path as such was told when it was read.
                if is_sound(&text) {
                    self.report.tell(id, |finding| finding.file(&self.inventory.file).value(text));
                }
            }
        }
        let mut paths: Vec<Path> = self.inventory.manifest.iter().map(|entry| entry.path).collect();
        paths.par_sort_unstable_by(|a, b| held.order_paths(*a, *b));
        for pair in paths.windows(2) {
            let &[a, b] = pair else { continue };
            if a == b || b.front != a.front || starts(held, a.rest, b.rest) {
                let (a, b) = (held.path_text(a), held.path_text(b));
                if conflicts(&a, &b) {
                    self.report.tell("E101", |finding| finding.file(&self.inventory.file).value(b).expected(a));
                }
            }
        }
    }

    /// How digests of the manifest are written, and whether a version has a file with each.
    fn digests(&mut self) {
        let held = self.held;
        let mut used = Set::default();
        let all_known = !self.inventory.partial && !self.inventory.versions.is_empty();
        for version in &self.inventory.versions {
            for (_, sum) in &version.state {
                used.insert(held.folded(*sum));
            }
        }
        for sum in &self.inventory.sums {
            if let Some(algorithm) = self.inventory.algorithm {
                let text = held.sum_text(*sum);
                if !algorithm.is_written(&text) {
                    let hexadecimal = text.bytes().all(|c| c.is_ascii_hexdigit());
                    let id = if hexadecimal { "E039" } else { algorithm.form().unwrap_or("E039") };
                    let file = &self.inventory.file;
                    self.report.tell(id, |finding| finding.file(file).value(text).expected(algorithm.name()));
                }
            }
            if all_known && !used.contains(held.folded(*sum)) {
                let id = if self.is_later() { "E107" } else { "E050" };
                self.report.tell(id, |finding| finding.file(&self.inventory.file).value(held.sum_text(*sum)));
            }
        }
    }

    fn states(&mut self) {
        let held = self.held;
        let mut known = Set::default();
        for sum in &self.inventory.sums {
            known.insert(*sum);
        }
        let has_manifest = self.inventory.has("manifest");
        for version in &self.inventory.versions {
            let name = held.words.shown(version.name);
            let mut last = None;
            for (path, sum) in &version.state {
                if has_manifest && !known.contains(*sum) && last != Some(*sum) {
                    self.report.tell("E050", |finding| {
                        let value = format!("{name}: {}", held.sum_text(*sum));
                        finding.file(&self.inventory.file).value(value).expected(held.words.shown(*path))
                    });
                }
                last = Some(*sum);
            }
            let mut paths: Vec<Word> = version.state.iter().map(|(path, _)| *path).collect();
            paths.par_sort_unstable_by(|a, b| held.order(*a, *b));
            for pair in paths.windows(2) {
                let &[a, b] = pair else { continue };
                if starts(held, a, b) {
                    let (a, b) = (held.words.shown(a), held.words.shown(b));
                    if conflicts(a, b) {
                        let file = &self.inventory.file;
                        self.report
                            .tell("E095", |finding| finding.file(file).value(format!("{name}: {b}")).expected(a));
                    }
                }
            }
        }
    }

    fn fixity(&mut self) {
        let held = self.held;
        for (algorithm, entries) in &self.inventory.fixity {
            let mut last = None;
            for entry in entries {
                if last != Some(entry.sum) {
                    let text = held.sum_text(entry.sum);
                    if !algorithm.is_written(&text) {
                        let hexadecimal = text.bytes().all(|c| c.is_ascii_hexdigit());
                        let id = algorithm.form().filter(|_| !hexadecimal).unwrap_or("E057");
                        let finding = self.of(id).value(text).expected(algorithm.name());
                        self.report.add(finding);
                    }
                }
                last = Some(entry.sum);
                if self.inventory.has("manifest") && self.inventory.sum_of(entry.path).is_none() {
                    let path = held.path_text(entry.path);
                    if is_sound(&path) {
                        let file = &self.inventory.file;
                        self.report.tell("E057", |finding| finding.file(file).value(path).expected("manifest"));
                    }
                }
            }
        }
    }
}

/// Returns whether `b` begins with `a`.
fn starts(held: &Held, a: Word, b: Word) -> bool {
    held.words.get(b).starts_with(held.words.get(a))
}

/// Returns the requirement that content in `front` breaks: version and content folder of the object.
fn misplaced(front: &str, folder: &str, versions: &HashMap<&str, Option<Name>>) -> Option<&'static str> {
    let Some((version, name)) = front.split_once('/') else { return Some("E042") };
    if versions.contains_key(version) {
        return (name != folder).then_some("E042");
    }
    let Ok(Name { number, .. }) = Name::parse(version) else { return Some("E042") };
    // The version is there by another name.
    let other = versions.values().flatten().any(|known| known.number == number);
    Some(if other { "E014" } else { "E042" })
}

/// Returns a version's number as inventories of the object name it.
pub fn number_of(held: &Held, front: Word) -> Option<u64> {
    let front = held.words.shown(front);
    let version = front.split('/').next()?;
    Name::parse(version).ok().map(|name| name.number)
}
