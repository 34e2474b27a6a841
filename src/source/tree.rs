//! All entries of a delivery at once: what sources search that know files by their content or by other files.
//!
//! A tree is listed completely when it is opened, so it is for deliveries whose parts belong together. A file share of a
//! million files is read record by record instead, see [`super::folder`].

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use super::SourceError;
use super::container::{self, Container, Listing, SpoolError, kind_of};
use super::reading::{self, FolderContent};
use super::scan;
use crate::io::container::Kind;
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{EntryKind, Exception, FileFacts, Reason, SourceFile};
use crate::model::time::Timestamp;
use crate::task::Cancel;

/// How deep containers may lie in containers.
const NESTED: u8 = 3;

/// Everything in a delivery, each entry once.
#[derive(Debug)]
pub struct Tree {
    path: PathBuf,
    name: String,
    entries: Vec<Entry>,
    findings: Vec<Finding>,
    content: Place,
    depth: u8,
}

/// Where the bytes are.
#[derive(Debug)]
enum Place {
    Folder(FolderContent),
    Container(Container),
}

/// One entry of a tree; the tree itself is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path in the delivery, original bytes, parts separated by `/`.
    pub path: Box<[u8]>,
    /// What it is.
    pub kind: EntryKind,
    /// Size in bytes of a file.
    pub size: u64,
    /// Last modification.
    pub modified: Timestamp,
    /// Why it cannot be stored, if it cannot: a link, a device, not readable.
    pub fault: Option<Reason>,
    /// Inode and nanoseconds of a file on disk; where it lies in a container.
    pub(super) witness: (u64, u32),
}

impl Entry {
    /// Returns the last part of the path.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// Returns the path as it is shown to people.
    #[must_use]
    pub fn shown(&self) -> String {
        path::shown(&self.path)
    }

    /// Returns the entry as a file of a package, where it is to have the portable path `to`, with facts that say where
    /// it lies; `container` is the number of its tree among those that a source has opened.
    #[must_use]
    pub fn file(&self, to: String, container: u32, facts: FileFacts) -> SourceFile {
        let facts = FileFacts { place: Some((container, self.path.clone())), ..facts };
        SourceFile {
            path: to.into_boxed_str(),
            size: self.size,
            modified: self.modified,
            witness: self.witness,
            facts: Some(Box::new(facts)),
        }
    }

    /// Returns the entry as one that is not stored for `reason`.
    #[must_use]
    pub fn exception(&self, reason: Reason) -> Exception {
        Exception { path: self.shown(), kind: self.kind, reason }
    }
}

impl Tree {
    /// Lists what lies at `path`: a folder, what is in a ZIP or TAR file, or a single other file.
    ///
    /// A ZIP or TAR is refused whose structure is not sound, or whose bytes are not those of its checksums: it is read once
    /// completely. Where everything in it lies in one folder that is called like the file (`amt67.zip` with `amt67/…`), that
    /// folder is what is listed; so all three give the same: the folder, its files packed, itself packed.
    pub fn open(path: &Path, cancel: &Cancel) -> Result<Self, SourceError> {
        let tree = Self::list(path, cancel)?;
        tree.prove(cancel)?;
        Ok(tree)
    }

    /// Lists as [`Tree::open`] does, but reads no file in a container: for who reads all of them anyway.
    pub fn list(path: &Path, cancel: &Cancel) -> Result<Self, SourceError> {
        Self::list_up_to(path, None, cancel)
    }

    /// Lists as [`Tree::list`] does, of a folder only about `most` entries, the top level first.
    pub(super) fn glance(path: &Path, most: usize, cancel: &Cancel) -> Result<Self, SourceError> {
        Self::list_up_to(path, Some(most), cancel)
    }

    fn list_up_to(path: &Path, most: Option<usize>, cancel: &Cancel) -> Result<Self, SourceError> {
        let read = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => SourceError::NotFound { path: path.to_owned() },
            _ => SourceError::Read { path: path.to_owned(), source },
        };
        let full = path.canonicalize().map_err(read)?;
        let own = path.file_name().or_else(|| full.file_name());
        let own = own.map_or(&b"root"[..], OsStrExt::as_bytes).to_owned();
        let single = full.is_file();
        let root = if single { full.parent().unwrap_or(&full).to_owned() } else { full.clone() };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(&root, flags, Mode::empty()).map_err(|error| read(error.into()))?;
        let entries = if single {
            let name = full.file_name().map_or(&b""[..], OsStrExt::as_bytes);
            let file = reading::open_regular(folder.as_fd(), name).map_err(|fault| match fault {
                ReadFault::Unreadable(error) => read(error),
                ReadFault::Changed | ReadFault::Gone => read(io::ErrorKind::NotFound.into()),
            })?;
            if let Some(kind) = kind_of(&file, name).map_err(read)? {
                return Ok(Self::contained(Container::open(file, kind, path, cancel)?, path, &own, 0));
            }
            vec![entry(name, full.symlink_metadata())]
        } else {
            let names = match most {
                None => scan::everything(&root, cancel)?,
                Some(most) => scan::something(&root, most, cancel)?,
            };
            names
                .into_iter()
                .map(|name| {
                    let full = root.join(std::ffi::OsStr::from_bytes(&name));
                    let mut entry = entry(&name, full.symlink_metadata());
                    if entry.kind == EntryKind::Link
                        && let Ok(target) = std::fs::read_link(&full)
                    {
                        entry.fault = Some(Reason::Link { target: path::shown(target.as_os_str().as_bytes()) });
                    }
                    entry
                })
                .collect()
        };
        let content = Place::Folder(FolderContent::new(folder));
        Ok(Self { path: path.to_owned(), name: path::portable(&own), entries, findings: Vec::new(), content, depth: 0 })
    }

    /// Lists what is in a container that was opened from `path`, as [`Tree::list`] does.
    pub fn of(container: crate::io::container::Container, path: &Path) -> Result<Self, SourceError> {
        let name = path.file_name().map_or(&b"root"[..], OsStrExt::as_bytes);
        Ok(Self::contained(Container::of(container, path)?, path, name, 0))
    }

    /// Lists an opened container, which is called `name`.
    fn contained((container, listing): (Container, Listing), path: &Path, name: &[u8], depth: u8) -> Self {
        let stem = container::stem(name);
        let mut entries = listing.entries;
        let mut findings = listing.findings;
        let inside =
            |entry: &Entry| *entry.path == *stem || entry.path.strip_prefix(stem).is_some_and(|r| r.starts_with(b"/"));
        let is_folder = |entry: &Entry| *entry.path == *stem && entry.kind == EntryKind::Folder;
        if entries.first().is_some_and(is_folder) && entries.iter().all(inside) {
            entries.remove(0);
            for entry in &mut entries {
                entry.path = entry.path[stem.len() + 1..].into();
            }
            let prefix = format!("{}/", path::shown(stem));
            for finding in &mut findings {
                let cut = finding.file.as_deref().and_then(|file| file.strip_prefix(&prefix)).map(str::to_owned);
                finding.file = cut.or(finding.file.take());
            }
        }
        let (path, name) = (path.to_owned(), path::portable(stem));
        Self { path, name, entries, findings, content: Place::Container(container), depth }
    }

    /// Compares everything in a container with its checksums.
    fn prove(&self, cancel: &Cancel) -> Result<(), SourceError> {
        match &self.content {
            Place::Folder(_) => Ok(()),
            Place::Container(container) => container.prove(&self.path, cancel),
        }
    }

    /// Returns in which container the delivery lies; nothing where it is a folder or a single file.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match &self.content {
            Place::Folder(_) => None,
            Place::Container(container) => Some(container.kind()),
        }
    }

    /// Returns what was found about entries: names that nobody can read.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns where the delivery lies, as the call named it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the name of the folder or file, in portable form; that of a ZIP or TAR without its ending.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns all entries, sorted by path.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the entry with exactly this path.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<&Entry> {
        self.position(path).and_then(|index| self.entries.get(index))
    }

    /// Returns the position among the entries of the one with exactly this path.
    #[must_use]
    pub fn position(&self, path: &[u8]) -> Option<usize> {
        self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()
    }

    /// Opens a file of the tree for reading from its start.
    pub fn read(&self, entry: &Entry) -> Result<Box<dyn Read + Send + '_>, ReadFault> {
        let bytes = self.open_file(entry)?;
        Ok(Box::new(Bytes(bytes)))
    }

    /// Returns whether the container is still the file that was opened; a folder tells that file by file.
    pub(super) fn is_unchanged(&self) -> bool {
        match &self.content {
            Place::Folder(_) => true,
            Place::Container(container) => container.is_as_opened().is_ok(),
        }
    }

    /// Opens a file of the tree.
    pub(super) fn open_file(&self, entry: &Entry) -> Result<Box<dyn FileBytes + '_>, ReadFault> {
        let file = SourceFile {
            path: Box::default(),
            size: entry.size,
            modified: entry.modified,
            witness: entry.witness,
            facts: None,
        };
        match &self.content {
            Place::Folder(folder) => folder.open_at(&entry.path, &file),
            Place::Container(container) => container.read(entry),
        }
    }

    /// Opens a ZIP or TAR in this tree as a tree of its own, as [`Tree::open`] does.
    ///
    /// What lies in a container is copied into a file without a name first, in the folder for temporary files.
    pub fn nested(&self, entry: &Entry, cancel: &Cancel) -> Result<Self, SourceError> {
        let tree = self.list_nested(entry, cancel)?;
        tree.prove(cancel)?;
        Ok(tree)
    }

    /// Lists as [`Tree::nested`] does, but reads no file in the inner container.
    pub(super) fn list_nested(&self, entry: &Entry, cancel: &Cancel) -> Result<Self, SourceError> {
        let path = self.path.join(std::ffi::OsStr::from_bytes(&entry.path));
        let read = |source| SourceError::Read { path: path.clone(), source };
        let changed = || read(io::Error::other(ReadFault::Changed));
        if self.depth >= NESTED {
            let finding = Finding::new(Code::ZipStructure).file(entry.shown()).value("limit");
            return Err(container::refused(&path, finding));
        }
        let file = match &self.content {
            Place::Folder(folder) => {
                reading::open_regular(folder.root(), &entry.path).map_err(|fault| match fault {
                    ReadFault::Unreadable(error) => read(error),
                    ReadFault::Changed | ReadFault::Gone => changed(),
                })?
            }
            Place::Container(_) => {
                let mut bytes = self.read(entry).map_err(|fault| read(io::Error::other(fault)))?;
                container::spool(&mut *bytes, cancel).map_err(|error| match error {
                    SpoolError::Io(error) => read(error),
                    SpoolError::Cancelled(stopped) => stopped.into(),
                })?
            }
        };
        let Some(kind) = kind_of(&file, entry.name()).map_err(read)? else {
            let finding = Finding::new(Code::ZipStructure).file(entry.shown()).value("no-end");
            return Err(container::refused(&path, finding));
        };
        Ok(Self::contained(Container::open(file, kind, &path, cancel)?, &path, entry.name(), self.depth + 1))
    }
}

impl Content for Tree {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        let place = file.facts.as_ref().and_then(|facts| facts.place.as_ref());
        let original = place.map_or_else(|| path::original(&file.path).into(), |(_, path)| path.clone());
        let entry = self.find(&original).ok_or(ReadFault::Gone)?;
        if (entry.size, entry.modified, entry.witness) != (file.size, file.modified, file.witness) {
            return Err(ReadFault::Changed);
        }
        self.open_file(entry)
    }
}

/// The bytes of a file as a reader.
struct Bytes<'a>(Box<dyn FileBytes + 'a>);

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|fault| match fault {
            ReadFault::Unreadable(error) => error,
            other => io::Error::other(other),
        })
    }
}

fn entry(path: &[u8], metadata: io::Result<std::fs::Metadata>) -> Entry {
    let mut entry = Entry {
        path: path.into(),
        kind: EntryKind::File,
        size: 0,
        modified: Timestamp::from_seconds(0),
        fault: None,
        witness: (0, 0),
    };
    match metadata {
        Ok(metadata) => {
            let listed = reading::listed(String::new(), &metadata);
            entry.kind = scan::kind(metadata.file_type());
            (entry.modified, entry.witness) = (listed.modified, listed.witness);
            entry.fault = match entry.kind {
                EntryKind::File => {
                    entry.size = listed.size;
                    None
                }
                EntryKind::Folder => None,
                EntryKind::Link => Some(Reason::Link { target: String::new() }),
                _ => Some(Reason::Special),
            };
        }
        Err(error) => entry.fault = Some(Reason::unreadable(&error)),
    }
    entry
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;
    use std::process::Command;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn zip_of(path: &Path, entries: &[(&str, &[u8])]) {
        let mut zip = ZipWriter::new(File::create(path).unwrap());
        for (name, bytes) in entries {
            let method =
                if bytes.len() < 1 << 20 { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
            let options = SimpleFileOptions::default().compression_method(method);
            match name.strip_suffix('/') {
                Some(folder) => zip.add_directory(folder, options).unwrap(),
                None => zip.start_file(*name, options).unwrap(),
            }
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
    }

    /// Tells a tree in lines: kind, path and content.
    fn told(tree: &Tree) -> Vec<String> {
        let line = |entry: &Entry| {
            let mut text = String::new();
            if entry.kind == EntryKind::File {
                tree.read(entry).unwrap().read_to_string(&mut text).unwrap();
            }
            format!("{} {} {text}", entry.kind.name(), entry.shown()).trim_end().to_owned()
        };
        tree.entries().iter().map(line).collect()
    }

    fn open(path: &Path) -> Result<Tree, SourceError> {
        Tree::open(path, &Cancel::new())
    }

    fn refusal(path: &Path) -> (Code, String) {
        match open(path) {
            Err(SourceError::Refused { finding, .. }) => (finding.code, finding.value.unwrap_or_default()),
            Err(other) => panic!("{other:?}"),
            Ok(tree) => panic!("{:?}", tree.entries()),
        }
    }

    #[test]
    fn a_folder_and_what_is_packed_of_it_are_the_same() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("amt67");
        fs::create_dir_all(folder.join("Räte/leer")).unwrap();
        fs::write(folder.join("Räte/a b.txt"), "eins").unwrap();
        fs::write(folder.join("Räte-x"), "zwei").unwrap();
        fs::write(folder.join("z"), "").unwrap();
        let expected = ["folder Räte", "file Räte-x zwei", "file Räte/a b.txt eins", "folder Räte/leer", "file z"];
        assert_eq!(told(&open(&folder).unwrap()), expected);
        let files: &[(&str, &[u8])] =
            &[("Räte/leer/", b""), ("z", b""), ("Räte/a b.txt", b"eins"), ("Räte-x", b"zwei")];
        zip_of(&root.path().join("flach.zip"), files);
        let below: Vec<(String, &[u8])> = files.iter().map(|(name, bytes)| (format!("amt67/{name}"), *bytes)).collect();
        let below: Vec<(&str, &[u8])> = below.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        zip_of(&root.path().join("amt67.zip"), &below);
        let tar = |name: &str, arguments: &[&str]| {
            let done = Command::new("tar").current_dir(root.path()).args(["-cf", name]).args(arguments).status();
            assert!(done.unwrap().success());
        };
        tar("amt67.tar", &["--format=pax", "amt67"]);
        tar("punkt.TAR", &["--format=gnu", "-C", "amt67", "."]);
        tar("stern.tar", &["--format=ustar", "-C", "amt67", "Räte", "Räte-x", "z"]);
        for name in ["flach.zip", "amt67.zip", "amt67.tar", "punkt.TAR", "stern.tar"] {
            let tree = open(&root.path().join(name)).unwrap();
            assert_eq!(told(&tree), expected, "{name}");
            assert_eq!(tree.name(), name.split('.').next().unwrap());
            let entry = tree.find("Räte/a b.txt".as_bytes()).unwrap();
            let file = entry.file("x".to_owned(), 0, FileFacts::default());
            assert!(Content::open(&tree, &file).is_ok());
        }
        // Only a folder that is called like the file is taken for the delivery itself.
        fs::rename(root.path().join("amt67.zip"), root.path().join("abgabe.zip")).unwrap();
        let tree = open(&root.path().join("abgabe.zip")).unwrap();
        assert_eq!(told(&tree)[..2], ["folder amt67", "folder amt67/Räte"]);
    }

    #[test]
    fn a_container_in_another_is_a_tree_of_its_own() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("x.zip");
        zip_of(&path, &[("a/b.txt", b"innen")]);
        for outer in ["y.zip", "z.zip", "v.zip", "w.zip"] {
            let bytes = fs::read(&path).unwrap();
            zip_of(&root.path().join(outer), &[("x.zip", &bytes)]);
            fs::copy(root.path().join(outer), &path).unwrap();
        }
        // Three deep and no deeper.
        let mut tree = open(&path).unwrap();
        for _ in 0..3 {
            tree = tree.nested(tree.find(b"x.zip").unwrap(), &Cancel::new()).unwrap();
        }
        let deeper = tree.nested(tree.find(b"x.zip").unwrap(), &Cancel::new());
        assert!(
            matches!(deeper, Err(SourceError::Refused { finding, .. }) if finding.value.as_deref() == Some("limit"))
        );
        let folder = open(root.path()).unwrap();
        let inner = folder.nested(folder.find(b"y.zip").unwrap(), &Cancel::new()).unwrap();
        let inner = inner.nested(inner.find(b"x.zip").unwrap(), &Cancel::new()).unwrap();
        assert_eq!(told(&inner), ["folder a", "file a/b.txt innen"]);
    }

    #[test]
    fn names_are_read_in_the_alphabet_they_are_written_in() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("n.zip");
        // "0123456" stands for the bytes of each case, which are put in afterwards in both headers.
        let cases: [(&[u8], &[u8], bool); 5] = [
            ("Gr\u{fc}nxx".as_bytes(), "Gr\u{fc}nxx".as_bytes(), false),
            (b"Gr\x81nxxx", "Gr\u{fc}nxxx".as_bytes(), false),
            (b"Gr\xfcnxxx", b"Gr\xfcnxxx", true),
            (b"Stra\xe1e0", "Stra\u{df}e0".as_bytes(), false),
            (b"a\xff\\x\xfe..", b"a\xff\\x\xfe..", true),
        ];
        for (raw, expected, is_undecoded) in cases {
            zip_of(&path, &[("0123456", b"x")]);
            let mut bytes = fs::read(&path).unwrap();
            for at in 0..bytes.len() - 7 {
                if &bytes[at..at + 7] == b"0123456" {
                    bytes[at..at + 7].copy_from_slice(raw);
                }
            }
            fs::write(&path, bytes).unwrap();
            let tree = open(&path).unwrap();
            assert_eq!(&*tree.entries()[0].path, expected);
            assert_eq!(tree.findings().iter().any(|f| f.code == Code::NameUndecoded), is_undecoded, "{raw:?}");
        }
    }

    #[test]
    fn what_is_damaged_is_refused_before_anything_is_read_of_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("n.zip");
        zip_of(&path, &[("a", b"Der Inhalt"), ("b", b"Zwei")]);
        let sound = fs::read(&path).unwrap();
        let mut damaged = sound.clone();
        let at = damaged.windows(4).position(|four| four == b"Zwei").unwrap();
        damaged[at] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert_eq!(refusal(&path), (Code::ZipStructure, "content".to_owned()));
        fs::write(&path, &sound[..sound.len() - 4]).unwrap();
        assert_eq!(refusal(&path), (Code::ZipStructure, "no-end".to_owned()));
        fs::write(&path, "kein ZIP").unwrap();
        assert_eq!(refusal(&path), (Code::ZipStructure, "no-end".to_owned()));
        zip_of(&path, &[("a", b"x"), ("a/b", b"x")]);
        assert_eq!(refusal(&path), (Code::ZipStructure, "twice".to_owned()));
        zip_of(&path, &[("null", &vec![0; 64 << 20])]);
        assert_eq!(refusal(&path), (Code::ZipStructure, "limit".to_owned()));
    }

    #[test]
    fn a_container_that_changes_is_not_read_on() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("n.zip");
        zip_of(&path, &[("a", b"Der Inhalt")]);
        let tree = open(&path).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(7)).unwrap();
        assert!(matches!(tree.read(&tree.entries()[0]), Err(ReadFault::Changed)));
    }

    #[test]
    fn documents_that_are_zip_files_stay_files() {
        let root = tempfile::tempdir().unwrap();
        for (name, first) in [("a.docx", "[Content_Types].xml"), ("b.odt", "mimetype")] {
            let path = root.path().join(name);
            zip_of(&path, &[(first, b"x"), ("word/document.xml", b"<x/>")]);
            let tree = open(&path).unwrap();
            assert_eq!((tree.kind(), tree.entries().len()), (None, 1), "{name}");
        }
    }
}
