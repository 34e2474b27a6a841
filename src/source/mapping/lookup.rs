//! Finds the files that an export names: files, folders, patterns; also where Windows wrote the names.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use unicode_normalization::UnicodeNormalization;

use crate::model::record::EntryKind;
use crate::source::tree::Tree;

/// How many comparisons of names with patterns there may be in one delivery.
const COMPARISONS_MAX: u64 = 200_000_000;

/// Finds entries of a tree by what an export calls them.
#[derive(Default)]
pub(super) struct Lookup {
    /// Positions by name in one Unicode form and case, `None` where several are called so; made when first needed.
    loosely: OnceLock<HashMap<String, Option<usize>>>,
    comparisons: AtomicU64,
}

/// What a name in an export leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Positions of files, sorted.
    Files(Vec<usize>),
    /// Nothing is there.
    Nothing,
    /// It leads out of the delivery.
    Outside,
}

impl Lookup {
    /// Finds what `name` means in one of `folders`, which end in `/` or are empty; the first in which something is counts.
    pub(super) fn find(&self, tree: &Tree, folders: &[Vec<u8>], name: &str) -> Found {
        let portable = name.trim().replace('\\', "/");
        let drive = portable.as_bytes().get(1) == Some(&b':');
        if portable.starts_with('/') || drive || portable.split('/').any(|part| part == "..") {
            return Found::Outside;
        }
        let plain = |name: &str| {
            let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
            parts.join("/")
        };
        // A backslash may be part of a name.
        for name in [plain(name.trim()), plain(&portable)] {
            if name.is_empty() {
                continue;
            }
            for folder in folders {
                let path = [folder, name.as_bytes()].concat();
                if let Some(files) = self.path(tree, &path) {
                    return Found::Files(files);
                }
            }
        }
        Found::Nothing
    }

    fn path(&self, tree: &Tree, path: &[u8]) -> Option<Vec<usize>> {
        let entries = tree.entries();
        let exactly = entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok();
        if let Some(index) = exactly.or_else(|| self.loosely(tree).get(&fold(path)).copied().flatten()) {
            let entry = &entries[index];
            if entry.kind != EntryKind::Folder {
                return Some(vec![index]);
            }
            let inside = [&entry.path, &b"/"[..]].concat();
            return Some(below(tree, &inside));
        }
        path.iter().any(|byte| matches!(byte, b'*' | b'?')).then(|| self.matching(tree, path)).flatten()
    }

    /// Finds files by a pattern; `*` and `?` stand for letters of one name.
    fn matching(&self, tree: &Tree, pattern: &[u8]) -> Option<Vec<usize>> {
        let wild = pattern.iter().position(|byte| matches!(byte, b'*' | b'?')).unwrap_or(pattern.len());
        let fixed = pattern[..wild].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        let (folder, pattern) = pattern.split_at(fixed);
        let parts: Vec<&[u8]> = pattern.split(|byte| *byte == b'/').collect();
        let inside = below(tree, folder);
        let spent = self.comparisons.fetch_add(inside.len() as u64, Ordering::Relaxed);
        if spent > COMPARISONS_MAX {
            return None;
        }
        let hits = |index: &usize| {
            let names: Vec<&[u8]> = tree.entries()[*index].path[fixed..].split(|byte| *byte == b'/').collect();
            names.len() == parts.len() && parts.iter().zip(names).all(|(pattern, name)| matches(pattern, name))
        };
        let found: Vec<usize> = inside.into_iter().filter(hits).collect();
        (!found.is_empty()).then_some(found)
    }

    fn loosely(&self, tree: &Tree) -> &HashMap<String, Option<usize>> {
        self.loosely.get_or_init(|| {
            let mut found = HashMap::with_capacity(tree.entries().len());
            for (index, entry) in tree.entries().iter().enumerate() {
                found.entry(fold(&entry.path)).and_modify(|other| *other = None).or_insert(Some(index));
            }
            found
        })
    }
}

/// Returns the entries that are no folders and whose path begins with `folder`, which is empty or ends in `/`.
fn below(tree: &Tree, folder: &[u8]) -> Vec<usize> {
    let start = tree.entries().partition_point(|entry| *entry.path < *folder);
    let inside = tree.entries()[start..].iter().enumerate().take_while(|(_, entry)| entry.path.starts_with(folder));
    inside.filter(|(_, entry)| entry.kind != EntryKind::Folder).map(|(at, _)| start + at).collect()
}

/// Returns whether `name` is what `pattern` says: `*` for any letters, `?` for one byte.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut in_name) = (0, 0);
    // Where the last star stands, and what of the name it took.
    let mut star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some(letter) if *letter == b'?' || *letter == name[in_name] => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                (at, in_name) = (place + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

fn fold(path: &[u8]) -> String {
    String::from_utf8_lossy(path).nfc().flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::task::Cancel;

    #[test]
    fn names_lead_to_files() {
        let root = tempfile::tempdir().unwrap();
        for path in ["x.csv", "dok/a.pdf", "dok/b.pdf", "dok/tief/c.txt", "dok/Gru\u{308}n.PDF", "a\\b", "twin", "TWIN"]
        {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let tree = Tree::open(root.path(), &Cancel::new()).unwrap();
        let lookup = Lookup::default();
        let folders = [b"dok/".to_vec(), Vec::new()];
        let find = |name: &str| match lookup.find(&tree, &folders, name) {
            Found::Files(list) => list.iter().map(|index| tree.entries()[*index].shown()).collect::<Vec<_>>().join(" "),
            other => format!("{other:?}"),
        };
        for (name, expected) in [
            ("a.pdf", "dok/a.pdf"),
            ("./dok//a.pdf", "dok/a.pdf"),
            ("dok\\tief\\c.txt", "dok/tief/c.txt"),
            ("tief", "dok/tief/c.txt"),
            ("dok/", "dok/Gru\u{308}n.PDF dok/a.pdf dok/b.pdf dok/tief/c.txt"),
            ("GR\u{dc}N.pdf", "dok/Gru\u{308}n.PDF"),
            ("?.pdf", "dok/a.pdf dok/b.pdf"),
            ("*/c.*", "dok/tief/c.txt"),
            ("*", "dok/Gru\u{308}n.PDF dok/a.pdf dok/b.pdf"),
            ("a\\b", "a\\b"),
            ("twin", "twin"),
            ("Twin", "Nothing"),
            ("n.pdf", "Nothing"),
            ("", "Nothing"),
            (".", "Nothing"),
            ("../x.csv", "Outside"),
            ("dok/../x.csv", "Outside"),
            ("C:\\dok\\a.pdf", "Outside"),
            ("\\\\server\\a", "Outside"),
            ("/etc/passwd", "Outside"),
        ] {
            assert_eq!(find(name), expected, "{name}");
        }
    }

    #[test]
    fn patterns_take_no_long_way() {
        assert!(!matches(&b"a*".repeat(50), &[b'a'; 40]));
        assert!(matches(b"*.p?f", b"x.y.pdf") && !matches(b"*.p?f", b"x.pf") && matches(b"**", b""));
    }
}
