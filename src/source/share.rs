//! Where a file share lies: a folder on disk, looked into record by record, or a container that was listed as a whole.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::reading::{self, FolderContent};
use super::scan;
use super::tree::{Entry, Tree};
use crate::model::content::{Content, ReadFault};
use crate::model::finding::Finding;
use crate::model::path;
use crate::model::record::{EntryKind, Exception, Reason, SourceFile};

/// A file share.
#[derive(Debug)]
pub(super) enum Share {
    /// A folder on disk.
    Folder {
        /// Its full path.
        root: PathBuf,
        content: FolderContent,
    },
    /// The entries of a ZIP or TAR.
    Container(Listed),
}

/// Entries of a container in the order in which a folder is walked.
#[derive(Debug)]
pub(super) struct Listed {
    tree: Tree,
    /// Positions in the tree's entries: each folder before what lies in it, siblings by name.
    order: Vec<u32>,
}

/// An entry of the top level.
pub(super) struct Top {
    pub(super) name: Box<[u8]>,
    pub(super) kind: EntryKind,
}

impl Share {
    /// Returns the share that is in a container.
    pub(super) fn container(tree: Tree) -> Self {
        let entries = tree.entries();
        let mut order: Vec<u32> = (0..u32::try_from(entries.len()).unwrap_or(u32::MAX)).collect();
        order.sort_unstable_by(|a, b| walked(&entries[*a as usize].path, &entries[*b as usize].path));
        Self::Container(Listed { tree, order })
    }

    /// Returns the entries of the top level, sorted by their original names.
    pub(super) fn top(&self) -> io::Result<Vec<Top>> {
        let mut entries = Vec::new();
        match self {
            Self::Folder { root, .. } => {
                for entry in fs::read_dir(root)? {
                    let entry = entry?;
                    entries
                        .push(Top { name: entry.file_name().as_bytes().into(), kind: scan::kind(entry.file_type()?) });
                }
                entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            }
            Self::Container(listed) => {
                let top = listed.below(b"").filter(|entry| !entry.path.contains(&b'/'));
                entries.extend(top.map(|entry| Top { name: entry.path.clone(), kind: entry.kind }));
            }
        }
        Ok(entries)
    }

    /// Returns all folders in the folder of the top level that is called `name`, itself included, if nothing but folders
    /// lies in it; ends at the first other entry, or where something cannot be listed.
    pub(super) fn only_folders(&self, name: &[u8]) -> Option<Vec<Exception>> {
        match self {
            Self::Folder { root, .. } => scan::only_folders(root, name),
            Self::Container(listed) => {
                let own = listed.tree.find(name).into_iter();
                let folders: Option<Vec<Exception>> = own
                    .chain(listed.below(name))
                    .map(|entry| (entry.kind == EntryKind::Folder).then(|| entry.exception(Reason::EmptyRecord)))
                    .collect();
                let mut folders = folders?;
                folders.sort_unstable_by(|a, b| a.path.cmp(&b.path));
                Some(folders)
            }
        }
    }

    /// Opens the table on the top level that is called `name`, `portable` in a package.
    pub(super) fn table(&self, name: &[u8], portable: &str) -> io::Result<(Box<dyn Read + '_>, SourceFile)> {
        let failed = |fault| match fault {
            ReadFault::Unreadable(error) => error,
            ReadFault::Changed | ReadFault::Gone => io::ErrorKind::NotFound.into(),
        };
        match self {
            Self::Folder { content, .. } => {
                let file = reading::open_regular(content.root(), name).map_err(failed)?;
                let listed = reading::listed(portable.to_owned(), &file.metadata()?);
                Ok((Box::new(file), listed))
            }
            Self::Container(listed) => {
                let entry = listed.tree.find(name).ok_or(io::ErrorKind::NotFound)?;
                Ok((Box::new(listed.tree.read(entry).map_err(failed)?), listed_file(entry, portable.to_owned())))
            }
        }
    }

    /// Returns what opens the files.
    pub(super) fn content(&self) -> &dyn Content {
        match self {
            Self::Folder { content, .. } => content,
            Self::Container(listed) => &listed.tree,
        }
    }

    /// Returns what was found about the names of `files`.
    pub(super) fn findings(&self, files: &[SourceFile]) -> Vec<Finding> {
        let Self::Container(listed) = self else { return Vec::new() };
        let told = listed.tree.findings();
        if told.is_empty() {
            return Vec::new();
        }
        let here: HashSet<String> = files.iter().map(|file| path::shown(&path::original(&file.path))).collect();
        let is_here = |finding: &&Finding| finding.file.as_ref().is_some_and(|file| here.contains(file));
        told.iter().filter(is_here).cloned().collect()
    }
}

impl Listed {
    /// Returns all entries in the folder `name`, itself not included; of all in the container where it is empty.
    pub(super) fn below(&self, name: &[u8]) -> impl Iterator<Item = &Entry> {
        let entries = self.tree.entries();
        let prefix: Cow<'_, [u8]> =
            if name.is_empty() { Cow::Borrowed(b"") } else { Cow::Owned([name, b"/"].concat()) };
        let before = |index: &u32| walked(&entries[*index as usize].path, &prefix) == Ordering::Less;
        let start = self.order.partition_point(before);
        let rest = self.order[start..].iter().map(|index| &entries[*index as usize]);
        rest.take_while(move |entry| entry.path.starts_with(&prefix))
    }

    /// Returns the entry with exactly this path.
    pub(super) fn find(&self, path: &[u8]) -> Option<&Entry> {
        self.tree.find(path)
    }
}

/// Returns `entry` as the file of a record; its original path follows from `portable`.
pub(super) fn listed_file(entry: &Entry, portable: String) -> SourceFile {
    SourceFile {
        path: portable.into_boxed_str(),
        size: entry.size,
        modified: entry.modified,
        witness: entry.witness,
        facts: None,
    }
}

/// Compares two paths as a walk meets them: what lies in a folder comes right after it.
fn walked(a: &[u8], b: &[u8]) -> Ordering {
    // No name holds NUL, so the end of a name comes before all letters.
    let key = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
    a.iter().map(key).cmp(b.iter().map(key))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs::File;
    use std::io::Write;
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::process::Command;
    use std::sync::Arc;
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;
    use walkdir::WalkDir;
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;
    use crate::model::record::Record;
    use crate::source::{Delivery, FolderRules, LeaveOut, Per, Source, samples};
    use crate::task::Cancel;

    /// Packs the folder `name` in `root` as `zip` and `tar` beside it.
    fn pack(root: &Path, name: &str) {
        let tar =
            Command::new("tar").current_dir(root).args(["--format=pax", "-cf", &format!("{name}.tar"), name]).status();
        assert!(tar.unwrap().success());
        let mut zip = ZipWriter::new(File::create(root.join(format!("{name}.zip"))).unwrap());
        let folder = root.join(name);
        for entry in WalkDir::new(&folder).min_depth(1) {
            let entry = entry.unwrap();
            let inside = entry.path().strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            let options = SimpleFileOptions::default()
                .last_modified_time(zip::DateTime::from_date_and_time(2020, 1, 1, 0, 0, 0).unwrap());
            if entry.file_type().is_dir() {
                zip.add_directory(inside, options).unwrap();
            } else if entry.file_type().is_symlink() {
                let target = fs::read_link(entry.path()).unwrap();
                zip.add_symlink(inside, target.to_str().unwrap(), options).unwrap();
            } else {
                zip.start_file(inside, options).unwrap();
                zip.write_all(&fs::read(entry.path()).unwrap()).unwrap();
            }
        }
        zip.finish().unwrap();
    }

    fn rules(per: Per) -> FolderRules {
        let thumbs = LeaveOut { rule: "vorschau".to_owned(), matches: Arc::new(|path| path.ends_with(b"Thumbs.db")) };
        FolderRules { per, leave_out: vec![thumbs], ..FolderRules::default() }
    }

    fn delivery(path: &Path, per: Per) -> Delivery {
        if path.is_dir() {
            return Delivery::open(path, &rules(per)).unwrap();
        }
        Delivery::in_container(Tree::open(path, &Cancel::new()).unwrap(), &rules(per)).unwrap()
    }

    type Told = (String, Vec<Record>, Vec<Exception>, Vec<SourceFile>, Vec<Vec<u8>>);

    /// Returns everything that a delivery tells; what tells a file on disk from another does not count.
    fn told(delivery: &Delivery) -> Told {
        let same = |file: &SourceFile| SourceFile { witness: (0, 0), ..file.clone() };
        let mut contents = Vec::new();
        let records = (0..delivery.records().len()).map(|index| {
            let mut record = delivery.read(index, &Cancel::new()).unwrap();
            for file in &mut record.files {
                let (mut bytes, mut buffer) = (Vec::new(), [0; 100]);
                let mut reader = delivery.content().open(file).unwrap();
                while let count @ 1.. = reader.read(&mut buffer).unwrap() {
                    bytes.extend_from_slice(&buffer[..count]);
                }
                contents.push(bytes);
                *file = same(file);
            }
            // Whoever walks meets links and the like in the order of the medium.
            record.exceptions.sort_by(|a, b| a.path.cmp(&b.path));
            record
        });
        let records = records.collect();
        let mut leftovers = delivery.leftovers().to_vec();
        leftovers.sort_by(|a, b| a.path.cmp(&b.path));
        (delivery.name().to_owned(), records, leftovers, delivery.documents().iter().map(same).collect(), contents)
    }

    fn age(root: &Path) {
        for entry in WalkDir::new(root).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
            let file = File::options().write(true).open(entry.path()).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_hours(438_288)).unwrap();
        }
    }

    fn same_in_all_forms(root: &Path, name: &str, pers: &[Per]) {
        age(root);
        pack(root, name);
        for per in pers.iter().copied() {
            let folder = told(&delivery(&root.join(name), per));
            for end in ["zip", "tar"] {
                let path = root.join(format!("{name}.{end}"));
                assert_eq!(told(&delivery(&path, per)), folder, "{end}, {per:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        // Without twins that differ in their Unicode form only: a folder may hold them, a container is refused for them.
        fn a_share_is_the_same_as_folder_zip_and_tar(
            paths in proptest::collection::vec(
                (proptest::collection::vec("[aAb]|[ä ][a-zß~.]?|-x|%3A|Thumbs\\.db|x:y|o\u{308}", 1..4), 0..4_u8), 1..14),
        ) {
            let root = tempfile::tempdir().unwrap();
            let folder = root.path().join("Abgabe 1.2");
            fs::create_dir(&folder).unwrap();
            let mut taken = BTreeSet::new();
            for (names, kind) in paths {
                let path = folder.join(names.join("/"));
                if !taken.insert(path.clone()) || fs::create_dir_all(path.parent().unwrap()).is_err() || path.exists() {
                    continue;
                }
                match kind {
                    0 => fs::create_dir(&path).unwrap(),
                    1 => symlink("../ziel", &path).unwrap(),
                    _ => fs::write(&path, names.join("+")).unwrap(),
                }
            }
            if fs::read_dir(&folder).unwrap().next().is_some() {
                same_in_all_forms(root.path(), "Abgabe 1.2", &[Per::Folder, Per::Delivery]);
            }
        }
    }

    #[test]
    fn tables_describe_records_in_containers() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("amt");
        fs::create_dir_all(folder.join("Akte 1")).unwrap();
        fs::write(folder.join("Akte 1/x"), "x").unwrap();
        fs::write(folder.join("metadata.csv"), "path;title\nAkte 1;Brücken\n").unwrap();
        same_in_all_forms(root.path(), "amt", &[Per::Folder]);
        let (_, records, leftovers, tables, _) = told(&delivery(&root.path().join("amt.zip"), Per::Folder));
        assert_eq!((records[0].description.title.as_str(), leftovers.len(), tables.len()), ("Brücken", 1, 1));
    }

    #[test]
    fn the_sample_of_a_file_share_is_the_same_in_all_forms() {
        if let Some(samples) = samples("records/trees.tar.gz") {
            same_in_all_forms(&samples.path().join("dateiablage"), "amt67", &[Per::Folder, Per::Delivery]);
        }
    }
}
