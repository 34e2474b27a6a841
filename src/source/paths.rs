//! What files of a tree are called in a package: portable names that stay apart.

use std::collections::{HashMap, HashSet};

use crate::model::path::{self, Siblings, fold};

/// Gives the entries of a folder in a tree portable paths, each folder with its own [`Siblings`].
///
/// Paths must come in the order of the tree, so that the same delivery gets the same names.
#[derive(Default)]
pub(super) struct Paths {
    folders: HashMap<Box<[u8]>, String>,
    siblings: HashMap<Box<[u8]>, Siblings>,
}

impl Paths {
    /// Returns the portable form of `path`: original bytes, parts separated by `/`, relative to the record.
    pub(super) fn portable(&mut self, path: &[u8]) -> String {
        let (folder, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(at) => (&path[..at], &path[at + 1..]),
            None => (&b""[..], path),
        };
        let above = self.folder(folder);
        let name = self.siblings.entry(folder.into()).or_default().portable(name);
        format!("{above}{name}")
    }

    /// Returns the portable form of a folder with a `/` behind it, the same each time.
    fn folder(&mut self, folder: &[u8]) -> String {
        let mut known = String::new();
        let ends = folder.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        for end in ends.chain((!folder.is_empty()).then_some(folder.len())) {
            let path = &folder[..end];
            if let Some(found) = self.folders.get(path) {
                known.clone_from(found);
                continue;
            }
            let (above, name) = match path.iter().rposition(|byte| *byte == b'/') {
                Some(at) => (&path[..at], &path[at + 1..]),
                None => (&b""[..], path),
            };
            let name = self.siblings.entry(above.into()).or_default().portable(name);
            known = format!("{known}{name}/");
            self.folders.insert(path.into(), known.clone());
        }
        known
    }
}

/// Gives files names that somebody entered: any text, twice the same, nothing at all.
#[derive(Default)]
pub(super) struct FreeNames {
    given: HashSet<String>,
    /// The number that a name gets next, by the name as it compares.
    next: HashMap<String, usize>,
}

impl FreeNames {
    /// Returns the portable form of `name`, or of `instead` where it is empty; one that was given out before is numbered:
    /// `Antrag.pdf`, `Antrag (2).pdf`. Names that differ in case or Unicode form only count as the same.
    pub(super) fn portable(&mut self, name: &str, instead: &str) -> String {
        let name = [name, instead, "ohne Namen"].into_iter().find(|name| !name.trim().is_empty()).unwrap_or_default();
        let (stem, extension) = match name.rfind('.') {
            // What is longer is no extension, and a number before it would not be seen.
            Some(at) if at > 0 && name.len() - at <= 12 => name.split_at(at),
            _ => (name, ""),
        };
        let number = self.next.entry(fold(name)).or_insert(1);
        loop {
            let numbered = if *number == 1 { name.to_owned() } else { format!("{stem} ({number}){extension}") };
            let found = path::portable(numbered.as_bytes());
            *number += 1;
            if self.given.insert(fold(&found)) {
                return found;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_stay_apart_and_lead_back() {
        let mut paths = Paths::default();
        let given: Vec<String> =
            ["AKTE/x", "Akte/x", "a:b/c", "a:b/d/e", "x"].iter().map(|path| paths.portable(path.as_bytes())).collect();
        assert_eq!(given, ["AKTE/x", "%41kte/x", "a%3Ab/c", "a%3Ab/d/e", "x"]);
    }

    #[test]
    fn entered_names_stay_apart() {
        let mut names = FreeNames::default();
        let long = "n".repeat(300);
        let given: Vec<String> = ["Antrag.pdf", "antrag.PDF", "Antrag.pdf", "", " ", "Antrag (2).pdf", &long, &long]
            .iter()
            .map(|name| names.portable(name, "id-1"))
            .collect();
        let heads: Vec<&str> = given.iter().map(|name| name.get(..14).unwrap_or(name)).collect();
        assert_eq!(
            heads,
            [
                "Antrag.pdf",
                "antrag (2).PDF",
                "Antrag (3).pdf",
                "id-1",
                "id-1 (2)",
                "Antrag (2) (2)",
                "nnnnnnnnnnnnnn",
                "nnnnnnnnnnnnnn"
            ]
        );
        assert_ne!(given[6], given[7]);
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder(entered in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec!["../../x", "/etc/passwd", "C:\\x", "..", ".", "CON", "a\0b", "a\nb", "x/", "%2E%2E/", ""])
                    .prop_map(str::to_owned),
                ".{0,12}",
            ], 1..20)
        ) {
            let mut names = FreeNames::default();
            let mut seen = HashSet::new();
            for name in &entered {
                let given = names.portable(name, "7");
                prop_assert!(path::inside(&given).is_ok(), "{name:?}: {given:?}");
                prop_assert!(!given.contains(['\\', ':']) && !given.contains(char::is_control), "{given:?}");
                for part in given.split('/') {
                    prop_assert!(part.len() <= 255, "{given:?}");
                }
                prop_assert!(seen.insert(fold(&given)), "{given:?}");
            }
        }
    }
}
