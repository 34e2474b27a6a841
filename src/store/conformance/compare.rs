//! Whether an older inventory says the same as the object's own, as far as it goes.

use std::collections::HashMap;

use rayon::slice::ParallelSliceMut as _;

use super::Spec;
use super::check::number_of;
use super::codes::fault;
use super::inventory::{Held, Inventory, Version};
use super::report::Report;
use super::version::Name;
use super::words::Word;
use crate::model::finding::Finding;

/// An older inventory beside the object's own.
pub struct Compare<'a> {
    /// The older one.
    pub old: &'a Inventory,
    /// The folder of the version that it lies in.
    pub folder: &'a str,
    /// The object's own.
    pub root: &'a Inventory,
    /// The texts of both.
    pub held: &'a Held,
    /// The specification that the object is held to.
    pub spec: Spec,
    /// Where what differs goes.
    pub report: &'a mut Report,
}

impl Compare<'_> {
    /// Compares everything.
    pub fn run(mut self) {
        self.identity();
        self.content();
        let (old, root) = (self.old, self.root);
        if root.versions.is_empty() {
            return;
        }
        let translated = (old.algorithm != root.algorithm).then(|| self.translation());
        let by_name: HashMap<Word, &Version> = root.versions.iter().map(|version| (version.name, version)).collect();
        for version in &old.versions {
            match by_name.get(&version.name) {
                Some(other) => {
                    if !old.partial && !root.partial {
                        self.state(version, other, translated.as_ref());
                    }
                    self.about(version, other);
                }
                None => self.tell("E066", self.held.words.shown(version.name), ""),
            }
        }
        let own = Name::parse(self.folder).map_or(0, |name| name.number);
        for version in &root.versions {
            let name = self.held.words.shown(version.name);
            let before = Name::parse(name).is_ok_and(|name| name.number <= own);
            if before && !old.versions.iter().any(|known| known.name == version.name) {
                self.tell("E066", "", name);
            }
        }
    }

    fn of(&self, id: &'static str) -> Finding {
        fault(id).file(&self.old.file)
    }

    fn tell(&mut self, id: &'static str, value: &str, expected: &str) {
        let finding = self.of(id);
        let finding = if value.is_empty() { finding } else { finding.value(value) };
        self.report.add(if expected.is_empty() { finding } else { finding.expected(expected) });
    }

    fn identity(&mut self) {
        let shown = |word: Word| self.held.words.shown(word);
        if let (Some(old), Some(root)) = (self.old.id, self.root.id)
            && old != root
        {
            let (old, root) = (shown(old), shown(root));
            self.tell("E037", old, root);
            if self.spec == Spec::V1_1 {
                self.tell("E110", old, root);
            }
        }
        if let Some((head, place)) = self.old.head
            && self.held.words.shown(head) != self.folder
        {
            let mut finding = self.of("E040").value(self.held.words.shown(head)).expected(self.folder).line(place.line);
            finding.column = Some(place.column);
            self.report.add(finding);
        }
    }

    /// Content of the versions up to this one that the object's own inventory lists, and this one does not.
    fn content(&mut self) {
        let own = Name::parse(self.folder).map_or(0, |name| name.number);
        let mut numbers: HashMap<Word, bool> = HashMap::new();
        for entry in self.root.manifest.iter().filter(|_| self.old.has("manifest")) {
            let within = *numbers
                .entry(entry.path.front)
                .or_insert_with(|| number_of(self.held, entry.path.front).is_some_and(|number| number <= own));
            if within && self.old.sum_of(entry.path).is_none() {
                let (file, held) = (&self.old.file, self.held);
                self.report.tell("E023", |finding| finding.file(file).value(held.path_text(entry.path)));
            }
        }
    }

    /// Returns for each digest of the older inventory the one that the object's own has of the same content file.
    fn translation(&self) -> HashMap<Word, Word> {
        let mut translation = HashMap::new();
        for entry in &self.old.manifest {
            if let Some(sum) = self.root.sum_of(entry.path) {
                translation.insert(self.held.folded(entry.sum), self.held.folded(sum));
            }
        }
        translation
    }

    /// Tells logical paths that one of the two has not, or with other content.
    fn state(&mut self, old: &Version, root: &Version, translation: Option<&HashMap<Word, Word>>) {
        let held = self.held;
        let sorted = |version: &Version, old: bool| {
            let mut state: Vec<(Word, Option<Word>)> = version
                .state
                .iter()
                .map(|(path, sum)| {
                    let sum = held.folded(*sum);
                    let translated = translation.filter(|_| old).map(|known| known.get(&sum).copied());
                    (*path, translated.unwrap_or(Some(sum)))
                })
                .collect();
            state.par_sort_unstable();
            state.dedup();
            state
        };
        let (old, root, name) = (sorted(old, true), sorted(root, false), held.words.shown(old.name));
        let (mut olds, mut roots) = (old.iter().peekable(), root.iter().peekable());
        let mut differing: Vec<Word> = Vec::new();
        loop {
            let (a, b) = match (olds.peek(), roots.peek()) {
                (None, None) => break,
                (a, b) => (a.copied(), b.copied()),
            };
            let take_old = a.is_some_and(|a| b.is_none_or(|b| a <= b));
            let take_root = b.is_some_and(|b| a.is_none_or(|a| b <= a));
            if take_old != take_root {
                differing.extend(if take_old { a.map(|a| a.0) } else { b.map(|b| b.0) });
            }
            if take_old {
                olds.next();
            }
            if take_root {
                roots.next();
            }
        }
        differing.par_sort_unstable_by(|a, b| held.order(*a, *b));
        differing.dedup();
        for path in differing {
            self.report.tell("E066", |finding| {
                let value = format!("{name}: {}", held.words.shown(path));
                finding.file(&self.old.file).value(value).expected(self.root.file.as_str())
            });
        }
    }

    fn about(&mut self, old: &Version, root: &Version) {
        let name = self.held.words.shown(old.name);
        let pairs = [
            ("created", old.created == root.created),
            ("message", old.message == root.message),
            ("user", old.user == root.user),
        ];
        for (key, same) in pairs {
            if !same {
                let value = format!("{name}: {key}");
                self.tell("W011", &value, &self.root.file);
            }
        }
    }
}
