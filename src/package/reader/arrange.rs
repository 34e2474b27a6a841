//! Where in a ZIP or TAR the package lies, and which of the entries are its files.

use std::collections::BTreeSet;

use super::odd::{Odd, Oddities};
use crate::model::path;
use crate::model::record::EntryKind;

/// How many names of a container's top level are looked at.
const TOPS: usize = 1_000;

/// The document without which nothing is a package.
const METS: &[u8] = b"METS.xml";

/// The entries of a container, sorted by path.
pub(super) struct Entries<'a> {
    pub(super) sorted: &'a [u32],
    pub(super) path: &'a dyn Fn(u32) -> &'a [u8],
    pub(super) kind: &'a dyn Fn(u32) -> EntryKind,
}

/// The package in a container.
pub(super) struct Arranged {
    /// The folder that it lies in; empty where it lies in the container itself.
    pub(super) folder: String,
    /// The numbers of its files, sorted by path.
    pub(super) order: Vec<u32>,
    pub(super) folders: Vec<String>,
    pub(super) oddities: Oddities,
}

/// Finds the package among `entries`.
///
/// That is the one folder that all lies in. Of a container that is not made so, it is the container where METS.xml lies at
/// its top, else the only folder there with such a document, else again the container.
pub(super) fn arrange(entries: &Entries<'_>) -> Arranged {
    let mut oddities = Oddities::default();
    let tops = tops(entries);
    let has = |path: &[u8]| {
        let found = entries.sorted.binary_search_by(|number| (entries.path)(*number).cmp(path)).ok();
        found.is_some_and(|at| (entries.kind)(entries.sorted[at]) == EntryKind::File)
    };
    let mut folders = tops.iter().filter(|(_, is_folder)| *is_folder).map(|(name, _)| *name);
    let folder = match (folders.next(), tops.len()) {
        (Some(only), 1) => only,
        _ if has(METS) => b"",
        _ => {
            let mut with = tops.iter().filter(|(name, is_folder)| *is_folder && has(&[*name, b"/", METS].concat()));
            match (with.next(), with.next()) {
                (Some((one, _)), None) => *one,
                _ => b"",
            }
        }
    };
    // A name that is no text would be lost with everything in it.
    let folder = std::str::from_utf8(folder).ok().filter(|name| path::inside(name).is_ok()).unwrap_or_default();
    if folder.is_empty() || tops.len() > 1 {
        let beside = tops.iter().map(|(name, _)| *name).filter(|name| *name != folder.as_bytes());
        beside.for_each(|name| oddities.add(Odd::Outside, name));
    }
    let mut arranged = Arranged { folder: folder.to_owned(), order: Vec::new(), folders: Vec::new(), oddities };
    for number in entries.sorted {
        let Some(inside) = below((entries.path)(*number), folder) else { continue };
        let text = std::str::from_utf8(inside).ok().filter(|text| path::inside(text).is_ok());
        match (text, (entries.kind)(*number)) {
            (None, _) => arranged.oddities.add(Odd::Name, inside),
            (Some(_), EntryKind::File) => arranged.order.push(*number),
            (Some(text), EntryKind::Folder) => arranged.folders.push(text.to_owned()),
            (Some(_), EntryKind::Link) => arranged.oddities.add(Odd::Link, inside),
            (Some(_), _) => arranged.oddities.add(Odd::Special, inside),
        }
    }
    arranged.order.shrink_to_fit();
    arranged
}

/// Returns the names at the top of a container, and which of them are folders.
fn tops<'a>(entries: &Entries<'a>) -> BTreeSet<(&'a [u8], bool)> {
    let mut tops = BTreeSet::new();
    let mut last: &[u8] = b"";
    for number in entries.sorted {
        let path = (entries.path)(*number);
        let top = path.split(|byte| *byte == b'/').next().unwrap_or_default();
        let is_folder = top.len() < path.len() || (entries.kind)(*number) == EntryKind::Folder;
        if is_folder && top == last {
            continue;
        }
        tops.insert((top, is_folder));
        last = if is_folder { top } else { b"" };
        if tops.len() == TOPS {
            break;
        }
    }
    tops
}

/// Returns the path below `folder`; nothing of what does not lie there, and of the folder itself.
fn below<'a>(path: &'a [u8], folder: &str) -> Option<&'a [u8]> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder.as_bytes())?.strip_prefix(b"/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arranged(paths: &[&'static str]) -> (String, Vec<&'static str>, Vec<(Odd, String)>) {
        let mut paths = paths.to_vec();
        paths.sort_unstable();
        let sorted: Vec<u32> = (0..u32::try_from(paths.len()).unwrap()).collect();
        let kind = |number: u32| match paths[number as usize] {
            path if path.ends_with('/') => EntryKind::Folder,
            path if path.ends_with('@') => EntryKind::Link,
            _ => EntryKind::File,
        };
        let path = |number: u32| paths[number as usize].trim_end_matches('/').as_bytes();
        let found = arrange(&Entries { sorted: &sorted, path: &path, kind: &kind });
        let files = found.order.iter().map(|number| paths[*number as usize]).collect();
        (found.folder, files, found.oddities.sorted())
    }

    #[test]
    fn a_package_lies_in_the_one_folder_or_where_its_mets_is() {
        let odd = |odd: Odd, name: &str| (odd, name.to_owned());
        let outside = |name: &str| odd(Odd::Outside, name);
        for (paths, folder, files, oddities) in [
            (&["p/", "p/METS.xml", "p/a/b"][..], "p", &["p/METS.xml", "p/a/b"][..], vec![]),
            (&["p/a"], "p", &["p/a"], vec![]),
            (&["METS.xml", "a/b"], "", &["METS.xml", "a/b"], vec![outside("METS.xml"), outside("a")]),
            (&["METS.xml"], "", &["METS.xml"], vec![outside("METS.xml")]),
            (
                &["__MACOSX/x", "p/METS.xml", "p/l@", "q"],
                "p",
                &["p/METS.xml"],
                vec![outside("__MACOSX"), outside("q"), odd(Odd::Link, "l@")],
            ),
            (&["p-1/METS.xml", "p/METS.xml"], "", &["p-1/METS.xml", "p/METS.xml"], vec![outside("p"), outside("p-1")]),
            (&["a", "b"], "", &["a", "b"], vec![outside("a"), outside("b")]),
            (&["p/"], "p", &[], vec![]),
            (&[], "", &[], vec![]),
        ] {
            assert_eq!(arranged(paths), (folder.to_owned(), files.to_vec(), oddities), "{paths:?}");
        }
    }
}
