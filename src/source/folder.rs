//! A delivery that is a folder on disk, with its records in sub-folders or as one record.
//!
//! The folder is only ever read; links in it are never followed, pipes and devices never opened.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{self, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags};
use unicode_normalization::UnicodeNormalization;

use super::reading::{self, FolderContent};
use super::scan::{self, Scan};
use super::table::{Columns, Table};
use super::{SourceError, dating};
use crate::model::content::ReadFault;
use crate::model::path::{self, Siblings};
use crate::model::record::{Description, EntryKind, Exception, Reason, Record, SourceFile};
use crate::task::{Cancel, Cancelled};

/// The name of the rule that leaves links out.
pub const LINKS_RULE: &str = "links";

/// What becomes one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Per {
    /// Each folder of the top level; the files beside them form one further record.
    #[default]
    Folder,
    /// The delivery as a whole.
    Delivery,
}

/// How a folder is taken apart.
#[derive(Debug, Clone)]
pub struct FolderRules {
    /// What becomes one record.
    pub per: Per,
    /// Names of files on the top level that describe the records; at most one of them may be there.
    pub tables: Vec<String>,
    /// What the tables call their columns.
    pub columns: Columns,
    /// Whether links are left out by the rule [`LINKS_RULE`] instead of being refused.
    pub links_left_out: bool,
    /// Files and links that are left out; the first rule that matches counts.
    pub leave_out: Vec<LeaveOut>,
}

impl Default for FolderRules {
    fn default() -> Self {
        Self {
            per: Per::default(),
            tables: ["metadata.csv", "metadata.toml"].map(str::to_owned).into(),
            columns: Columns::default(),
            links_left_out: false,
            leave_out: Vec::new(),
        }
    }
}

impl FolderRules {
    pub(super) fn is_table(&self, name: &[u8]) -> bool {
        self.tables.iter().any(|table| table.as_bytes() == name)
    }

    pub(super) fn left_out(&self, path: &[u8], kind: EntryKind) -> Option<&str> {
        let named = self.leave_out.iter().find(|rule| (rule.matches)(path));
        match named {
            Some(rule) => Some(&rule.rule),
            None => (kind == EntryKind::Link && self.links_left_out).then_some(LINKS_RULE),
        }
    }
}

/// A named rule that leaves files and links out.
#[derive(Clone)]
pub struct LeaveOut {
    /// The rule's name, as it stands in the receipt.
    pub rule: String,
    /// Tells from the original bytes of a path in the delivery (`Amt 67/Thumbs.db`) whether the rule matches.
    pub matches: Arc<dyn Fn(&[u8]) -> bool + Send + Sync>,
}

impl fmt::Debug for LeaveOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeaveOut")
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}

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
    root: PathBuf,
    rules: FolderRules,
    content: FolderContent,
    records: Vec<RecordKey>,
    /// Portable names of what the record of the loose files holds: entries and folders without any file.
    loose: Vec<Box<str>>,
    empty: Vec<Box<str>>,
    leftovers: Vec<Exception>,
    tables: Vec<SourceFile>,
    table: Option<Table>,
}

impl Delivery {
    /// Lists the top level of the folder at `path` and reads the table that describes its records.
    ///
    /// Below the top level it looks only as far as it takes to know which folders hold any file.
    pub fn open(path: &Path, rules: &FolderRules) -> Result<Self, SourceError> {
        let read = |source: io::Error| failed(path, source);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = path.canonicalize().map_err(read)?;
        let folder =
            rustix::fs::open(&root, flags, Mode::empty()).map_err(|error| read(error.into()))?;
        let own_name = path.file_name().or_else(|| root.file_name());
        let own_name = own_name.map_or(&b"root"[..], OsStrExt::as_bytes);
        let mut delivery = Self {
            name: path::portable(own_name),
            title: path::shown(own_name),
            root,
            rules: rules.clone(),
            content: FolderContent::new(folder),
            records: Vec::new(),
            loose: Vec::new(),
            empty: Vec::new(),
            leftovers: Vec::new(),
            tables: Vec::new(),
            table: None,
        };
        let top = delivery.list().map_err(read)?;
        if top.is_empty() {
            return Err(SourceError::Empty {
                path: path.to_owned(),
            });
        }
        delivery.sort(top)?;
        delivery.describe()?;
        Ok(delivery)
    }

    /// Returns the folder's name in its portable form.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the folder's absolute path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the records, sorted by key; none where nothing but empty folders is there.
    #[must_use]
    pub fn records(&self) -> &[RecordKey] {
        &self.records
    }

    /// Returns the entries of the top level that are in no record, and those in its folders that are none.
    #[must_use]
    pub fn leftovers(&self) -> &[Exception] {
        &self.leftovers
    }

    /// Returns the folders that are in no record and no exception: the delivery's own.
    #[must_use]
    pub const fn folders(&self) -> u64 {
        1
    }

    /// Returns the tables that describe the records, as files of [`Delivery::content`].
    #[must_use]
    pub fn tables(&self) -> &[SourceFile] {
        &self.tables
    }

    /// Returns what opens the files of all records, and the tables.
    #[must_use]
    pub const fn content(&self) -> &FolderContent {
        &self.content
    }

    /// Lists everything in a record; what cannot be listed is in its exceptions.
    pub fn read(&self, record: &RecordKey, cancel: &Cancel) -> Result<Record, Cancelled> {
        let mut scan = Scan::new(&self.root, &self.rules, cancel);
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
            files: found.files,
            empty_folders: found.empty_folders,
            folders: found.folders,
            exceptions: found.exceptions,
        })
    }

    /// What the table says, else what names and dates of files tell.
    fn description(&self, record: &RecordKey, files: &[SourceFile]) -> Description {
        let told = self.table.as_ref().zip(record.row);
        let mut description =
            told.map_or_else(Description::default, |(table, row)| table.description(row));
        let name = if record.key.is_empty() {
            self.title.clone()
        } else {
            path::shown(&path::original(&record.key))
        };
        if description.date_from.is_empty() && description.date_to.is_empty() {
            let times = files.iter().map(|file| file.modified);
            let period = dating::in_name(&name).or_else(|| {
                let (first, last) = (times.clone().min()?, times.max()?);
                Some((first.date(), last.date()))
            });
            (description.date_from, description.date_to) = period.unwrap_or_default();
        }
        if description.title.is_empty() {
            description.title = name;
        }
        description
    }

    /// Returns the entries of the top level, sorted by their original names.
    fn list(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            entries.push(Entry {
                name: entry.file_name().as_bytes().into(),
                kind: scan::kind(entry.file_type()?),
            });
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Decides for each entry of the top level to which record it belongs, or why to none.
    fn sort(&mut self, top: Vec<Entry>) -> Result<(), SourceError> {
        let mut siblings = Siblings::default();
        let mut folders_only = Vec::new();
        let mut holds_files = false;
        for Entry { name, kind } in top {
            let portable = siblings.portable(&name).into_boxed_str();
            if kind == EntryKind::File && self.rules.is_table(&name) {
                self.read_table(&name, portable)?;
            } else if kind == EntryKind::Folder {
                match scan::only_folders(&self.root, &name) {
                    Some(folders) => {
                        folders_only.extend(folders);
                        self.empty.push(portable);
                    }
                    None if self.rules.per == Per::Delivery => holds_files = true,
                    None => self.records.push(RecordKey::new(portable)),
                }
            } else {
                // What a rule leaves out does not make a record of its own, nor does a link.
                holds_files |=
                    kind == EntryKind::File && self.rules.left_out(&name, kind).is_none();
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
        let mut scan = Scan::new(&self.root, &self.rules, &cancel);
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

    fn read_table(&mut self, name: &[u8], portable: Box<str>) -> Result<(), SourceError> {
        let shown = path::shown(name);
        if let Some(first) = self.tables.first() {
            return Err(SourceError::SeveralTables {
                first: path::shown(&path::original(&first.path)),
                second: shown,
            });
        }
        let failed = |source| SourceError::Read {
            path: self.root.join(std::ffi::OsStr::from_bytes(name)),
            source,
        };
        let file =
            reading::open_regular(self.content.root(), name).map_err(|fault| match fault {
                ReadFault::Unreadable(error) => failed(error),
                _ => failed(io::ErrorKind::NotFound.into()),
            })?;
        let metadata = file.metadata().map_err(failed)?;
        self.table = Some(Table::read(
            &shown,
            BufReader::new(file),
            &self.rules.columns,
        )?);
        self.tables
            .push(reading::listed(portable.into_string(), &metadata));
        let reason = Reason::Description;
        self.leftovers
            .push(scan::exception(name, EntryKind::File, reason));
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
            composed
                .entry(name.nfc().collect::<String>())
                .and_modify(|other| *other = None)
                .or_insert(Some(number));
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

/// An entry of the top level.
struct Entry {
    name: Box<[u8]>,
    kind: EntryKind,
}

impl RecordKey {
    fn new(key: Box<str>) -> Self {
        Self { key, row: None }
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
