//! A delivery that is a folder on disk or packed as ZIP or TAR, with its records in sub-folders or as one record.
//!
//! The folder is only ever read; links in it are never followed, pipes and devices never opened.

use std::collections::HashMap;
use std::io::{self, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use unicode_normalization::UnicodeNormalization;

use super::container::refused;
use super::reading::FolderContent;
use super::rules::{FolderRules, Per};
use super::scan::{self, Scan};
use super::share::{Share, Top};
use super::table::Table;
use super::tree::{Entry, Tree};
use super::{Origin, Source, SourceError, dating, xml_tree};
use crate::io::xml::{XmlError, XmlLimits, XmlReader};
use crate::model::content::Content;
use crate::model::path::{self, Siblings};
use crate::model::record::{ClosureFacts, Description, EntryKind, Exception, Person, Reason, Record, SourceFile};
use crate::task::{Cancel, Cancelled};

/// One record of a delivery, not yet looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordKey {
    key: Box<str>,
    row: Option<usize>,
}

impl RecordKey {
    /// Returns the key: the portable name of the record's folder, empty for the whole delivery or its loose files.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A folder on disk whose top level was listed.
#[derive(Debug)]
pub struct Delivery {
    name: String,
    title: String,
    path: PathBuf,
    rules: FolderRules,
    share: Share,
    records: Vec<RecordKey>,
    /// Portable names of what the record of the loose files holds: entries and folders without any file.
    loose: Vec<Box<str>>,
    empty: Vec<Box<str>>,
    leftovers: Vec<Exception>,
    tables: Vec<SourceFile>,
    table: Option<Table>,
    origin: Origin,
}

impl Delivery {
    /// Lists the top level of the folder at `path` and reads the table that describes its records.
    ///
    /// Below the top level it looks only as far as it takes to know which folders hold any file.
    pub fn open(path: &Path, rules: &FolderRules) -> Result<Self, SourceError> {
        let read = |source: io::Error| failed(path, source);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = path.canonicalize().map_err(read)?;
        let folder = rustix::fs::open(&root, flags, Mode::empty()).map_err(|error| read(error.into()))?;
        let own_name = path.file_name().or_else(|| root.file_name());
        let own_name = own_name.map_or(&b"root"[..], OsStrExt::as_bytes);
        let (name, title) = (path::portable(own_name), path::shown(own_name));
        Self::of(path, name, title, Share::Folder { root, content: FolderContent::new(folder) }, rules)
    }

    /// Takes what is in a ZIP or TAR as the folder that was packed; a single other file is none.
    pub fn in_container(tree: Tree, rules: &FolderRules) -> Result<Self, SourceError> {
        let path = tree.path().to_owned();
        if tree.kind().is_none() {
            return Err(SourceError::NotAFolder { path });
        }
        let name = tree.name().to_owned();
        let title = path::shown(&path::original(&name));
        Self::of(&path, name, title, Share::container(tree), rules)
    }

    /// Takes a single XML document as a delivery of one file, once all of it could be read.
    pub fn document(tree: Tree, rules: &FolderRules, cancel: &Cancel) -> Result<Self, SourceError> {
        let path = tree.path().to_owned();
        let [entry] = tree.entries() else { return Err(SourceError::NotAFolder { path }) };
        read_through(&tree, entry, cancel)?;
        let name = tree.name().to_owned();
        let title = path::shown(&path::original(&name));
        Self::of(&path, name, title, Share::container(tree), rules)
    }

    fn of(path: &Path, name: String, title: String, share: Share, rules: &FolderRules) -> Result<Self, SourceError> {
        let mut delivery = Self {
            name,
            title,
            path: path.to_owned(),
            rules: rules.clone(),
            share,
            records: Vec::new(),
            loose: Vec::new(),
            empty: Vec::new(),
            leftovers: Vec::new(),
            tables: Vec::new(),
            table: None,
            origin: Origin::default(),
        };
        let top = delivery.share.top().map_err(|source| failed(path, source))?;
        if top.is_empty() {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        delivery.sort(top)?;
        delivery.describe()?;
        Ok(delivery)
    }

    /// Returns the records, sorted by key; none where nothing but empty folders is there.
    #[must_use]
    pub fn records(&self) -> &[RecordKey] {
        &self.records
    }

    /// Lists everything in a record; what cannot be listed is in its exceptions.
    pub fn look_into(&self, record: &RecordKey, cancel: &Cancel) -> Result<Record, Cancelled> {
        let mut scan = Scan::new(&self.share, &self.rules, cancel);
        if !record.key.is_empty() {
            scan.folder(&record.key)?;
        } else if self.rules.per == Per::Delivery {
            scan.delivery()?;
        } else {
            for name in &self.loose {
                scan.loose(name)?;
            }
            for name in &self.empty {
                scan.folder(name)?;
            }
        }
        let found = scan.finish();
        Ok(Record {
            key: record.key.to_string(),
            description: self.description(record, &found.files),
            findings: self.share.findings(&found.files),
            files: found.files,
            empty_folders: found.empty_folders,
            folders: found.folders,
            exceptions: found.exceptions,
            closure: ClosureFacts { persons: self.persons(record), ..ClosureFacts::default() },
            ..Record::default()
        })
    }

    /// Whom the table says that the record is about.
    fn persons(&self, record: &RecordKey) -> Vec<Person> {
        self.table.as_ref().zip(record.row).map_or_else(Vec::new, |(table, row)| table.persons(row))
    }

    /// What the table says, else what names and dates of files tell.
    fn description(&self, record: &RecordKey, files: &[SourceFile]) -> Description {
        let told = self.table.as_ref().zip(record.row);
        let mut description = told.map_or_else(Description::default, |(table, row)| table.description(row));
        let name = if record.key.is_empty() { self.title.clone() } else { path::shown(&path::original(&record.key)) };
        if description.date_from.is_empty() && description.date_to.is_empty() {
            let times = files.iter().map(|file| file.modified);
            let period = dating::in_name(&name).or_else(|| {
                let (first, last) = (times.clone().min()?, times.max()?);
                description.dates_of_files = true;
                Some((first.date(), last.date()))
            });
            (description.date_from, description.date_to) = period.unwrap_or_default();
        }
        if description.title.is_empty() {
            description.title = name;
        }
        description
    }

    /// Decides for each entry of the top level to which record it belongs, or why to none.
    fn sort(&mut self, top: Vec<Top>) -> Result<(), SourceError> {
        let mut siblings = Siblings::default();
        let mut folders_only = Vec::new();
        let mut holds_files = false;
        for Top { name, kind } in top {
            let portable = siblings.portable(&name).into_boxed_str();
            if kind == EntryKind::File && self.rules.is_table(&name) {
                self.read_table(&name, &portable)?;
            } else if kind == EntryKind::Folder {
                match self.share.only_folders(&name) {
                    Some(folders) => {
                        folders_only.extend(folders);
                        self.empty.push(portable);
                    }
                    None if self.rules.per == Per::Delivery => holds_files = true,
                    None => self.records.push(RecordKey::new(portable)),
                }
            } else {
                // What a rule leaves out does not make a record of its own, nor does a link.
                holds_files |= kind == EntryKind::File && self.rules.left_out(&name, kind).is_none();
                self.loose.push(portable);
            }
        }
        if holds_files {
            self.records.push(RecordKey::new(Box::default()));
        } else {
            self.leftovers.append(&mut folders_only);
            self.leave_loose();
        }
        self.records.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        Ok(())
    }

    /// Lists the entries beside the records where no file is among them that would make a record.
    fn leave_loose(&mut self) {
        let cancel = Cancel::new();
        let mut scan = Scan::new(&self.share, &self.rules, &cancel);
        for name in std::mem::take(&mut self.loose) {
            // Cannot be cancelled: nobody else knows the flag.
            let _ = scan.loose(&name);
        }
        let found = scan.finish();
        self.leftovers.extend(found.exceptions);
        // No file was here a moment ago that no rule leaves out.
        self.leftovers.extend(found.files.iter().map(|file| {
            let original = path::original(&file.path);
            scan::exception(&original, EntryKind::File, Reason::Changed)
        }));
    }

    fn read_table(&mut self, name: &[u8], portable: &str) -> Result<(), SourceError> {
        let shown = path::shown(name);
        if let Some(first) = self.tables.first() {
            return Err(SourceError::SeveralTables { first: path::shown(&path::original(&first.path)), second: shown });
        }
        let failed = |source| SourceError::Read { path: self.path.join(std::ffi::OsStr::from_bytes(name)), source };
        let (bytes, listed) = self.share.table(name, portable).map_err(failed)?;
        let table = Table::read(&shown, BufReader::new(bytes), &self.rules.columns)?;
        self.table = Some(table);
        self.tables.push(listed);
        let reason = Reason::Description;
        self.leftovers.push(scan::exception(name, EntryKind::File, reason));
        Ok(())
    }

    /// Finds the record of each row of the table.
    fn describe(&mut self) -> Result<(), SourceError> {
        let Some(table) = &self.table else {
            return Ok(());
        };
        let mut exact = HashMap::with_capacity(self.records.len());
        let mut composed = HashMap::with_capacity(self.records.len());
        for (number, record) in self.records.iter().enumerate() {
            let name = match &*record.key {
                "" => ".".to_owned(),
                key => path::shown(&path::original(key)),
            };
            // Twins in another Unicode form are told apart by their exact names only.
            composed.entry(name.nfc().collect::<String>()).and_modify(|other| *other = None).or_insert(Some(number));
            exact.insert(name, number);
        }
        let rows = table.assign(|path| {
            let loosely = || composed.get(&path.nfc().collect::<String>()).copied()?;
            exact.get(path).copied().or_else(loosely)
        })?;
        for (record, row) in rows {
            self.records[record].row = Some(row);
        }
        Ok(())
    }
}

impl Source for Delivery {
    fn name(&self) -> &str {
        &self.name
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn keys(&self) -> Vec<&str> {
        self.records.iter().map(RecordKey::key).collect()
    }

    fn read(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        self.look_into(&self.records[index], cancel)
    }

    fn appeared(&self, record: &Record, cancel: &Cancel) -> Result<Option<Box<str>>, Cancelled> {
        let Share::Folder { root, .. } = &self.share else { return Ok(None) };
        let Some(own) = self.records.iter().find(|own| *own.key == record.key) else { return Ok(None) };
        // Loose files lie beside other records: there are as many as were found with the delivery.
        let counted = match (&*own.key, self.rules.per) {
            ("", Per::Folder) => return Ok(None),
            (key, _) => scan::count(root, key, cancel)?,
        };
        let tables = if own.key.is_empty() { self.tables.len() } else { 0 };
        let known = record.exceptions.iter().filter(|entry| entry.kind != EntryKind::Folder).count();
        if counted == Some(record.files.len() + known + tables) {
            return Ok(None);
        }
        let now = self.look_into(own, cancel)?;
        let is_new = |file: &&SourceFile| record.files.binary_search_by(|old| old.path.cmp(&file.path)).is_err();
        Ok(now.files.iter().find(is_new).map(|file| file.path.clone()))
    }

    fn content(&self) -> &dyn Content {
        self.share.content()
    }

    fn documents(&self) -> &[SourceFile] {
        &self.tables
    }

    fn leftovers(&self) -> &[Exception] {
        &self.leftovers
    }

    fn folders(&self) -> u64 {
        1
    }
}

impl RecordKey {
    fn new(key: Box<str>) -> Self {
        Self { key, row: None }
    }
}

/// Reads an XML document to its end; one that is not well-formed is refused.
fn read_through(tree: &Tree, entry: &Entry, cancel: &Cancel) -> Result<(), SourceError> {
    let failed = |source| SourceError::Read { path: tree.path().to_owned(), source };
    let bytes = tree.read(entry).map_err(|fault| failed(io::Error::other(fault)))?;
    let mut xml = XmlReader::new(BufReader::with_capacity(1 << 16, bytes), XmlLimits::default());
    loop {
        cancel.check()?;
        match xml.node() {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(XmlError::Io(error)) => return Err(failed(error)),
            Err(error) => return Err(refused(tree.path(), xml_tree::finding(&error, &entry.shown()))),
        }
    }
}

fn failed(path: &Path, source: io::Error) -> SourceError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => SourceError::NotFound { path },
        io::ErrorKind::NotADirectory => SourceError::NotAFolder { path },
        _ => SourceError::Read { path, source },
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::process::Command;
    use std::sync::Arc;

    use super::*;
    use crate::source::{LeaveOut, TableError, TableFault, samples, shared_corpora};

    /// Makes a folder: names ending in `/` are folders, `a -> b` are links, all others files that hold their name.
    fn tree(names: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for name in names {
            if let Some((link, target)) = name.split_once(" -> ") {
                let path = root.path().join(link);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                symlink(target, path).unwrap();
            } else if name.ends_with('/') {
                fs::create_dir_all(root.path().join(name)).unwrap();
            } else {
                let path = root.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, name).unwrap();
            }
        }
        root
    }

    fn rules() -> FolderRules {
        FolderRules {
            leave_out: vec![LeaveOut {
                rule: "system-files".to_owned(),
                matches: Arc::new(|path| path.ends_with(b"Thumbs.db")),
            }],
            ..FolderRules::default()
        }
    }

    /// Tells a delivery in lines: records with files, empty folders (`/`) and exceptions (`!`), then what is left over.
    fn told(root: &Path, rules: &FolderRules) -> Vec<String> {
        let delivery = Delivery::open(root, rules).unwrap();
        let mut out = Vec::new();
        let exception = |e: &Exception| format!("!{} {:?}", e.path, e.reason);
        for key in delivery.records() {
            let record = delivery.look_into(key, &Cancel::new()).unwrap();
            out.push(format!("[{}] {}", record.key, record.folders));
            out.extend(record.files.iter().map(|f| f.path.to_string()));
            out.extend(record.empty_folders.iter().map(|f| format!("{f}/")));
            out.extend(record.exceptions.iter().map(exception));
        }
        out.push("[-]".to_owned());
        out.extend(delivery.leftovers().iter().map(exception));
        out
    }

    #[test]
    fn each_entry_belongs_to_one_record() {
        const LEFT: &str = "LeftOut { rule: \"system-files\" }";
        let cases: [(&[&str], &[&str]); 7] = [
            (
                &["b/x", "a/y", "a/c/z", "a.txt", "leer/tief/", "a/c-d"],
                &["[] 2", "a.txt", "leer/tief/", "[a] 2", "a/c-d", "a/c/z", "a/y", "[b] 1", "b/x", "[-]"],
            ),
            (
                &["a/x", "leer/tief/", "leer/auch/"],
                &["[a] 1", "a/x", "[-]", "!leer EmptyRecord", "!leer/auch EmptyRecord", "!leer/tief EmptyRecord"],
            ),
            (
                &["a/e/f/", "a/x", "a/g/h/i", "a/g/j/", "a/Thumbs.db", "a/k/Thumbs.db"],
                &[
                    "[a] 7",
                    "a/g/h/i",
                    "a/x",
                    "a/e/f/",
                    "a/g/j/",
                    "a/k/",
                    &format!("!a/Thumbs.db {LEFT}"),
                    &format!("!a/k/Thumbs.db {LEFT}"),
                    "[-]",
                ],
            ),
            (
                &["a/x", "Thumbs.db", "l -> a", "metadata.csv -> a/x"],
                &[
                    "[a] 1",
                    "a/x",
                    "[-]",
                    &format!("!Thumbs.db {LEFT}"),
                    "!l Link { target: \"a\" }",
                    "!metadata.csv Link { target: \"a/x\" }",
                ],
            ),
            (
                &["x", "l -> /etc", "a/l -> .."],
                &["[] 0", "x", "!l Link { target: \"/etc\" }", "[a] 1", "a/", "!a/l Link { target: \"..\" }", "[-]"],
            ),
            (&["e/", "f/g/"], &["[-]", "!e EmptyRecord", "!f EmptyRecord", "!f/g EmptyRecord"]),
            (
                &["Akte/x", "AKTE/x", "100%/x", "a:b"],
                &["[] 0", "a%3Ab", "[%41kte] 1", "%41kte/x", "[100%25] 1", "100%25/x", "[AKTE] 1", "AKTE/x", "[-]"],
            ),
        ];
        for (names, expected) in cases {
            assert_eq!(told(tree(names).path(), &rules()), expected, "{names:?}");
        }
    }

    #[test]
    fn a_delivery_can_be_one_record() {
        let rules = FolderRules { per: Per::Delivery, links_left_out: true, ..rules() };
        let root = tree(&["a/x", "a/metadata.csv", "y", "e/f/", "l -> y", "Thumbs.db"]);
        fs::write(root.path().join("metadata.csv"), "path;title\n.;Alles\n").unwrap();
        let expected = [
            "[] 3",
            "a/metadata.csv",
            "a/x",
            "y",
            "e/f/",
            "!Thumbs.db LeftOut { rule: \"system-files\" }",
            "!l LeftOut { rule: \"links\" }",
            "[-]",
            "!metadata.csv Description",
        ];
        assert_eq!(told(root.path(), &rules), expected);
        let delivery = Delivery::open(root.path(), &rules).unwrap();
        let record = delivery.look_into(&delivery.records()[0], &Cancel::new()).unwrap();
        assert_eq!(record.description.title, "Alles");
        assert_eq!(&*delivery.documents()[0].path, "metadata.csv");
        assert!(delivery.content().open(&delivery.documents()[0]).is_ok());
    }

    #[test]
    fn what_is_no_delivery_says_why() {
        let root = tree(&["x", "e/", "t/metadata.csv", "t/metadata.toml", "u/metadata.csv"]);
        fs::write(root.path().join("u/metadata.csv"), "path\nAkte\n").unwrap();
        let open = |name: &str| Delivery::open(&root.path().join(name), &rules()).unwrap_err();
        assert!(matches!(open("n"), SourceError::NotFound { .. }));
        assert!(matches!(open("x"), SourceError::NotAFolder { .. }));
        assert!(matches!(open("x/y"), SourceError::NotAFolder { .. }));
        assert!(matches!(open("e"), SourceError::Empty { .. }));
        assert!(matches!(open("t"), SourceError::Table(_) | SourceError::SeveralTables { .. }));
        assert!(matches!(
            open("u"),
            SourceError::Table(TableError { line: 2, fault: TableFault::NoSuchEntry { .. }, .. })
        ));
        let long = "n".repeat(300);
        assert!(matches!(open(&long), SourceError::Read { .. }));
    }

    #[test]
    fn two_tables_are_one_too_many() {
        let root = tree(&["a/x"]);
        fs::write(root.path().join("metadata.csv"), "path\na\n").unwrap();
        fs::write(root.path().join("metadata.toml"), "").unwrap();
        assert!(matches!(Delivery::open(root.path(), &rules()), Err(SourceError::SeveralTables { .. })));
    }

    #[test]
    fn names_and_dates_describe_what_no_table_does() {
        let root = tree(&["Räte 2011-2013/x", "Gr\u{fc}n/x", "Gru\u{308}n/x", "u\u{308}ber/x", "a/x", "a/y"]);
        let csv = "path;title;von\nGr\u{fc}n;Zusammengesetzt;2001\n\u{fc}ber;Zerlegt;\n";
        fs::write(root.path().join("metadata.csv"), csv).unwrap();
        for (name, seconds) in [("a/x", 0), ("a/y", 86_400 * 366)] {
            let file = fs::File::options().write(true).open(root.path().join(name)).unwrap();
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            file.set_modified(time).unwrap();
        }
        let delivery = Delivery::open(root.path(), &rules()).unwrap();
        let described: BTreeMap<String, (String, String, String)> = delivery
            .records()
            .iter()
            .map(|key| {
                let d = delivery.look_into(key, &Cancel::new()).unwrap().description;
                let name = path::shown(&path::original(key.key()));
                (name, (d.title, d.date_from, d.date_to))
            })
            .collect();
        let is = |name: &str, title: &str, from: &str, to: &str| {
            assert_eq!(described[name], (title.to_owned(), from.to_owned(), to.to_owned()));
        };
        is("Räte 2011-2013", "Räte 2011-2013", "2011", "2013");
        is("a", "a", "1970-01-01", "1971-01-02");
        is("Gr\u{fc}n", "Zusammengesetzt", "2001", "");
        assert_eq!(described["Gru\u{308}n"].0, "Gru\u{308}n");
        assert_eq!(described["u\u{308}ber"].0, "Zerlegt");
    }

    #[test]
    fn a_folder_is_named_even_if_the_path_does_not() {
        let root = tree(&["Abgabe 7/a/x"]);
        let folder = root.path().join("Abgabe 7");
        for path in ["", ".", "a/..", "../Abgabe 7/"] {
            let delivery = Delivery::open(&folder.join(path), &rules()).unwrap();
            assert_eq!(delivery.name(), "Abgabe 7", "{path}");
        }
        symlink(&folder, root.path().join("link")).unwrap();
        let delivery = Delivery::open(&root.path().join("link"), &rules()).unwrap();
        let record = delivery.look_into(&delivery.records()[0], &Cancel::new()).unwrap();
        assert_eq!((delivery.name(), record.files.len()), ("link", 1));
    }

    #[test]
    fn what_changes_after_the_listing_is_told() {
        let root = tree(&["a/x", "b/x", "c/x"]);
        let delivery = Delivery::open(root.path(), &rules()).unwrap();
        fs::remove_dir_all(root.path().join("a")).unwrap();
        fs::remove_dir_all(root.path().join("b")).unwrap();
        symlink("c", root.path().join("b")).unwrap();
        for (key, kind) in delivery.records().iter().zip([EntryKind::Folder, EntryKind::Link]) {
            let record = delivery.look_into(key, &Cancel::new()).unwrap();
            let refusal = record.refusal().unwrap();
            assert_eq!((&refusal.reason, refusal.kind), (&Reason::Changed, kind));
            assert_eq!((record.files.len(), record.folders), (0, 0));
        }
    }

    #[test]
    fn stops_on_request() {
        let root = tree(&["a/x", "y"]);
        let delivery = Delivery::open(root.path(), &rules()).unwrap();
        let cancel = Cancel::new();
        cancel.request();
        for key in delivery.records() {
            assert_eq!(delivery.look_into(key, &cancel), Err(Cancelled));
        }
    }

    /// Counts entries by type as `find` does: files, folders, links, others.
    fn find(root: &Path) -> [u64; 4] {
        let out = Command::new("find").arg(root).args(["-printf", "%y"]).output().unwrap();
        let count = |letters: &str| out.stdout.iter().filter(|b| letters.contains(char::from(**b))).count() as u64;
        [count("f"), count("d"), count("l"), count("pscb")]
    }

    /// Counts all entries of a delivery; and tells whether a record is refused as its path is too long.
    fn sums(root: &Path, rules: &FolderRules) -> ([u64; 4], bool) {
        let delivery = Delivery::open(root, rules).unwrap();
        let mut sums = [0, delivery.folders(), 0, 0];
        let mut exceptions = delivery.leftovers().to_vec();
        for key in delivery.records() {
            let record = delivery.look_into(key, &Cancel::new()).unwrap();
            sums[0] += record.files.len() as u64;
            sums[1] += record.folders;
            exceptions.extend(record.exceptions);
            for file in &record.files {
                let original = path::original(&file.path);
                let path = root.join(std::ffi::OsStr::from_bytes(&original));
                assert_eq!(fs::symlink_metadata(path).unwrap().len(), file.size);
            }
        }
        for exception in &exceptions {
            sums[match exception.kind {
                EntryKind::File => 0,
                EntryKind::Folder => 1,
                EntryKind::Link => 2,
                _ => 3,
            }] += 1;
        }
        let long = exceptions.iter().any(|e| e.reason == Reason::PathTooLong);
        (sums, long)
    }

    #[test]
    fn odd_trees_are_listed_completely() {
        let Some(shared) = shared_corpora() else {
            return;
        };
        let root = tempfile::tempdir().unwrap();
        let made = Command::new("python3").arg(shared.join("hostile/make_names.py")).arg(root.path()).output();
        if !made.as_ref().is_ok_and(|out| out.status.success()) {
            eprintln!("not tested: odd trees, python3 does not make them: {made:?}");
            return;
        }
        let mut cases = 0;
        for case in fs::read_dir(root.path()).unwrap() {
            let case = case.unwrap();
            for per in [Per::Folder, Per::Delivery] {
                let rules = FolderRules { per, ..rules() };
                let (sums, long) = sums(&case.path(), &rules);
                let name = case.file_name();
                let deep = name == "path5000" || name == "levels3000";
                assert_eq!(long, deep, "{name:?}");
                if !deep {
                    assert_eq!(sums, find(&case.path()), "{name:?}");
                }
            }
            cases += 1;
        }
        assert!(cases > 40, "{cases}");
    }

    #[test]
    fn unreadable_folders_refuse_their_record() {
        use std::os::unix::fs::PermissionsExt;
        let root = tree(&["a/x", "a/zu/y", "b/y"]);
        for name in ["a/zu", "b"] {
            let mode = fs::Permissions::from_mode(0o000);
            fs::set_permissions(root.path().join(name), mode).unwrap();
        }
        let free = fs::read_dir(root.path().join("b")).is_ok();
        let delivery = Delivery::open(root.path(), &rules()).unwrap();
        let records: Vec<Record> =
            delivery.records().iter().map(|key| delivery.look_into(key, &Cancel::new()).unwrap()).collect();
        for name in ["a/zu", "b"] {
            let mode = fs::Permissions::from_mode(0o700);
            fs::set_permissions(root.path().join(name), mode).unwrap();
        }
        if free {
            eprintln!("not tested: unreadable folders, since this user may read everything");
            return;
        }
        for (record, (path, files, folders)) in records.iter().zip([("a/zu", 1, 1), ("b", 0, 0)]) {
            let refusal = record.refusal().unwrap();
            assert!(matches!(refusal.reason, Reason::Unreadable { permission: true, .. }));
            assert_eq!((&*refusal.path, refusal.kind), (path, EntryKind::Folder));
            assert_eq!((record.files.len(), record.folders), (files, folders));
            assert!(record.empty_folders.is_empty());
        }
    }

    #[test]
    fn a_file_share_is_listed_completely() {
        let Some(samples) = samples("records/trees.tar.gz") else {
            return;
        };
        let share = samples.path().join("dateiablage/amt67");
        let (sums, _) = sums(&share, &rules());
        assert_eq!(sums, find(&share));
        let lines = told(&share, &rules());
        assert_eq!(lines[0], "[Amt 67] 5");
        assert!(lines.contains(&"Amt 67/leerer Ordner/".to_owned()));
        assert!(lines.contains(&"!Amt 67/Thumbs.db LeftOut { rule: \"system-files\" }".to_owned()));
    }
}
