//! E-mails as files (EML, RFC 5322) and mailboxes (MBOX): read, described, and kept byte by byte.
//!
//! The original is what is kept; what stands in it is told beside it. A mailbox stays whole as the payload of one record,
//! with a unit for each message, unless each message is to be a record: then the mailbox itself is kept with the accession.
//! Messages are read as a stream, so neither their size nor that of a mailbox matters.

mod body;
mod describe;
mod header;
mod lines;
mod message;
mod slice;

use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::Path;

use self::lines::Stop;
use self::slice::Reading;
use super::paths::Paths;
use super::rest::{Rest, unstored};
use super::tree::{Entry, Tree};
use super::{FolderRules, Origin, Source, SourceError};
use crate::model::content::Content;
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{EntryKind, Exception, FileFacts, Reason, Record, SourceFile};
use crate::model::unit::{Property, Unit, UnitKind};
use crate::task::{Cancel, Cancelled};

/// The number of the place that is a piece of a file: `OFFSET:PATH`.
const SLICE: u32 = 1;

/// The most units of one record: a mailbox has its messages and their attachments.
const UNITS_MAX: usize = 250_000;

/// What becomes one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PerMail {
    /// Each file: an e-mail, or a mailbox with its messages as units.
    #[default]
    File,
    /// Each message, also those in mailboxes.
    Message,
    /// Each folder of the top level.
    Folder,
    /// All of it.
    Delivery,
}

/// Which headers are read into descriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one header that is told or not")]
pub struct MailFields {
    /// `Subject`.
    pub subject: bool,
    /// `From`.
    pub from: bool,
    /// `To`.
    pub to: bool,
    /// `Cc`.
    pub cc: bool,
    /// `Message-ID`.
    pub message_id: bool,
    /// `In-Reply-To` and `References`.
    pub references: bool,
    /// The list of attachments.
    pub attachments: bool,
}

/// E-mails and mailboxes that lie in one delivery.
pub struct Mails {
    tree: Tree,
    rules: FolderRules,
    fields: MailFields,
    origin: Origin,
    items: Vec<Item>,
    documents: Vec<SourceFile>,
    rest: Rest,
    /// Entries that are kept with the accession.
    kept: Vec<Exception>,
    folders: u64,
}

/// A record to come.
struct Item {
    key: String,
    what: What,
}

enum What {
    /// One file.
    File(usize),
    /// One message of a mailbox: the file, where it begins, its bytes, its number.
    Slice(usize, u64, u64, usize),
    /// Several entries.
    Several(Vec<usize>),
    /// Files that are no e-mails.
    Rest,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Mail,
    Mailbox,
    Other,
}

/// Returns whether an e-mail or a mailbox lies in `tree`.
#[must_use]
pub fn is_there(tree: &Tree) -> bool {
    tree.entries().iter().any(|entry| form(tree, entry) != Form::Other)
}

impl Mails {
    /// Looks for e-mails in the delivery at `path`.
    pub fn open(
        path: &Path,
        rules: &FolderRules,
        per: PerMail,
        fields: MailFields,
        cancel: &Cancel,
    ) -> Result<Self, SourceError> {
        let tree = Tree::open(path, cancel)?;
        let mut source = Self {
            tree,
            rules: rules.clone(),
            fields,
            origin: Origin::default(),
            items: Vec::new(),
            documents: Vec::new(),
            rest: Rest::default(),
            kept: Vec::new(),
            folders: 1,
        };
        if source.tree.entries().is_empty() {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        match per {
            PerMail::File | PerMail::Message => source.each_file(per, cancel)?,
            PerMail::Folder | PerMail::Delivery => source.each_folder(per),
        }
        if !source.items.iter().any(|item| source.has_mail(item)) {
            let finding = Finding::new(Code::FileMissing).file("*.eml, *.mbox");
            return Err(SourceError::Refused { path: path.to_owned(), finding: Box::new(finding) });
        }
        Ok(source)
    }

    fn has_mail(&self, item: &Item) -> bool {
        let is = |index: &usize| self.tree.entries().get(*index).is_some_and(|e| form(&self.tree, e) != Form::Other);
        match &item.what {
            What::File(_) | What::Slice(..) => true,
            What::Several(list) => list.iter().any(is),
            What::Rest => false,
        }
    }

    fn each_file(&mut self, per: PerMail, cancel: &Cancel) -> Result<(), SourceError> {
        let mut paths = Paths::default();
        let mut taken = vec![false; self.tree.entries().len()];
        for (index, entry) in self.tree.entries().iter().enumerate() {
            let form = form(&self.tree, entry);
            if unstored(entry, &self.rules).is_some() || form == Form::Other {
                continue;
            }
            taken[index] = true;
            let key = paths.portable(&entry.path);
            if per == PerMail::File || form == Form::Mail {
                self.items.push(Item { key, what: What::File(index) });
                continue;
            }
            let mut slices = Vec::new();
            let found = self.read_mailbox(entry, cancel, |offset, length, _| slices.push((offset, length)));
            let item = |(number, (offset, length)): (usize, (u64, u64))| {
                let number = number + 1;
                Item { key: format!("{key}#{number:06}"), what: What::Slice(index, offset, length, number) }
            };
            match found {
                // What is no mailbox is told as one file.
                Ok(_) if slices.is_empty() => {
                    self.items.push(Item { key, what: What::File(index) });
                    continue;
                }
                Ok(_) => self.items.extend(slices.into_iter().enumerate().map(item)),
                Err(Stop::Cancelled(stopped)) => return Err(stopped.into()),
                Err(Stop::Io(source)) => {
                    let path = self.tree.path().join(entry.shown());
                    return Err(SourceError::Read { path, source });
                }
            }
            self.kept.push(entry.exception(Reason::Description));
            self.documents.push(entry.file(key, 0, FileFacts::default()));
        }
        self.rest = Rest::of(&self.tree, &self.rules, &taken);
        self.kept.append(&mut self.rest.leftovers);
        self.folders += self.rest.folders;
        if !self.rest.files.is_empty() {
            self.items.push(Item { key: String::new(), what: What::Rest });
        }
        Ok(())
    }

    fn each_folder(&mut self, per: PerMail) {
        let mut records: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (index, entry) in self.tree.entries().iter().enumerate() {
            let top = match entry.path.iter().position(|byte| *byte == b'/') {
                _ if per == PerMail::Delivery => &b""[..],
                Some(at) => &entry.path[..at],
                None if entry.kind == EntryKind::Folder => &entry.path,
                None => b"",
            };
            records.entry(top).or_default().push(index);
        }
        let item = |(top, list): (&[u8], Vec<usize>)| Item { key: path::portable(top), what: What::Several(list) };
        self.items = records.into_iter().map(item).collect();
    }

    fn read_mailbox(
        &self,
        entry: &Entry,
        cancel: &Cancel,
        each: impl FnMut(u64, u64, message::Mail),
    ) -> Result<bool, Stop> {
        let bytes = self.tree.read(entry).map_err(|fault| Stop::Io(std::io::Error::other(fault)))?;
        lines::mailbox(BufReader::with_capacity(1 << 16, bytes), cancel, each)
    }

    /// Reads a file that is an e-mail or a mailbox, and puts its units into `record`, whose file it has at `file`.
    ///
    /// Returns the e-mail where it is one.
    fn look_into(
        &self,
        record: &mut Record,
        entry: &Entry,
        file: usize,
        cancel: &Cancel,
    ) -> Result<Option<message::Mail>, Cancelled> {
        let shown = entry.shown();
        let failed = |record: &mut Record, stop: Stop| match stop {
            Stop::Cancelled(stopped) => Err(stopped),
            Stop::Io(error) => {
                record.exceptions.push(entry.exception(Reason::unreadable(&error)));
                Ok(None)
            }
        };
        match form(&self.tree, entry) {
            Form::Other => Ok(None),
            Form::Mail => {
                let bytes = match self.tree.read(entry) {
                    Ok(bytes) => bytes,
                    Err(fault) => {
                        record.exceptions.push(entry.exception(fault.reason()));
                        return Ok(None);
                    }
                };
                let mail = match lines::mail(BufReader::with_capacity(1 << 16, bytes), cancel) {
                    Ok(mail) => mail,
                    Err(stop) => return failed(record, stop),
                };
                describe::findings(record, &mail, &shown, "");
                record.units.push(Unit { files: vec![file], ..describe::unit(&mail, self.fields) });
                Ok(Some(mail))
            }
            Form::Mailbox => {
                let mut unit = Unit { kind: UnitKind::Akte, title: stem(entry), files: vec![file], ..Unit::default() };
                let (mut messages, mut units) = (0_usize, 0);
                let read = self.read_mailbox(entry, cancel, |_, _, mail| {
                    messages += 1;
                    describe::findings(record, &mail, &shown, &format!("#{messages}"));
                    extend(&mut unit.dates, &mail);
                    units += 1 + mail.attachments.len();
                    if units <= UNITS_MAX {
                        unit.parts.push(describe::unit(&mail, self.fields));
                    }
                });
                match read {
                    Ok(true) if messages > 0 => {}
                    Ok(true) => record.findings.push(Finding::new(Code::MailFault).file(&*shown).value("empty")),
                    Ok(false) => record.findings.push(Finding::new(Code::MailUnreadable).file(&*shown)),
                    Err(stop) => return failed(record, stop),
                }
                if units > UNITS_MAX {
                    record.findings.push(Finding::new(Code::MailFault).file(&*shown).value("parts"));
                }
                unit.properties.push(Property::new("nachrichten", messages.to_string()));
                record.units.push(unit);
                Ok(None)
            }
        }
    }

    fn file(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        let mut record = Record::default();
        let Some(entry) = self.tree.entries().get(index) else { return Ok(record) };
        let mail = self.look_into(&mut record, entry, 0, cancel)?;
        record.files.push(entry.file(path::portable(entry.name()), 0, FileFacts::default()));
        match mail {
            Some(mail) if mail.headers.is_some() => describe::mail(&mut record, &mail, self.fields),
            Some(_) => record.description.title = entry.shown(),
            None => mailbox(&mut record, &stem(entry)),
        }
        Ok(record)
    }

    fn slice(
        &self,
        index: usize,
        [offset, length]: [u64; 2],
        number: usize,
        cancel: &Cancel,
    ) -> Result<Record, Cancelled> {
        let mut record = Record::default();
        let Some(entry) = self.tree.entries().get(index) else { return Ok(record) };
        let mut file = entry.file(format!("{number:06}.eml"), SLICE, FileFacts::default());
        file.size = length;
        if let Some(facts) = &mut file.facts {
            let mut place = format!("{offset}:").into_bytes();
            place.extend_from_slice(&entry.path);
            facts.place = Some((SLICE, place.into_boxed_slice()));
            "message/rfc822".clone_into(&mut facts.mime_type);
        }
        match self.content().open(&file) {
            Ok(bytes) => match lines::mail(BufReader::new(Reading(bytes)), cancel) {
                Ok(mail) => {
                    describe::findings(&mut record, &mail, &entry.shown(), &format!("#{number}"));
                    record.units.push(Unit { files: vec![0], ..describe::unit(&mail, self.fields) });
                    describe::mail(&mut record, &mail, self.fields);
                }
                Err(Stop::Cancelled(stopped)) => return Err(stopped),
                Err(Stop::Io(error)) => record.exceptions.push(entry.exception(Reason::unreadable(&error))),
            },
            Err(fault) => record.exceptions.push(entry.exception(fault.reason())),
        }
        if record.description.title.is_empty() {
            record.description.title = format!("{} #{number}", stem(entry));
        }
        record.files.push(file);
        Ok(record)
    }

    fn several(&self, key: &str, list: &[usize], cancel: &Cancel) -> Result<Record, Cancelled> {
        let mut record = Record::default();
        let mut paths = Paths::default();
        let skip = if key.is_empty() { 0 } else { path::original(key).len() + 1 };
        let mut found = Vec::new();
        for entry in list.iter().filter_map(|index| self.tree.entries().get(*index)) {
            match unstored(entry, &self.rules) {
                Some(reason) => record.exceptions.push(entry.exception(reason)),
                None if entry.kind == EntryKind::Folder => record.folders += 1,
                None => {
                    let inside = entry.path.get(skip..).unwrap_or(&entry.path);
                    found.push((entry, entry.file(paths.portable(inside), 0, FileFacts::default())));
                }
            }
        }
        found.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path));
        for (number, (entry, file)) in found.into_iter().enumerate() {
            self.look_into(&mut record, entry, number, cancel)?;
            record.files.push(file);
        }
        let title = if key.is_empty() { path::original(self.tree.name()) } else { path::original(key) };
        mailbox(&mut record, &path::shown(&title));
        Ok(record)
    }
}

impl Source for Mails {
    fn name(&self) -> &str {
        self.tree.name()
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn keys(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.key.as_str()).collect()
    }

    fn read(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        let item = &self.items[index];
        let mut record = match &item.what {
            What::File(file) => self.file(*file, cancel)?,
            What::Slice(file, offset, length, number) => self.slice(*file, [*offset, *length], *number, cancel)?,
            What::Several(list) => self.several(&item.key, list, cancel)?,
            What::Rest => self.rest.record(&self.tree, "Dateien, die keine E-Mails sind"),
        };
        record.key.clone_from(&item.key);
        Ok(record)
    }

    fn content(&self) -> &dyn Content {
        self
    }

    fn documents(&self) -> &[SourceFile] {
        &self.documents
    }

    fn leftovers(&self) -> &[Exception] {
        &self.kept
    }

    fn folders(&self) -> u64 {
        self.folders
    }
}

/// Describes a record of many e-mails.
fn mailbox(record: &mut Record, title: &str) {
    let description = &mut record.description;
    title.clone_into(&mut description.title);
    "Postfach".clone_into(&mut description.kind);
    let mut dates = [String::new(), String::new()];
    for unit in &record.units {
        widen(&mut dates, &unit.dates);
    }
    let count = |unit: &Unit| if unit.kind == UnitKind::Akte { unit.parts.len() } else { 1 };
    let messages: usize = record.units.iter().map(count).sum();
    description.properties.push(Property::new("nachrichten", messages.to_string()));
    record.closure.made.clone_from(&dates[1]);
    [description.date_from, description.date_to] = dates;
}

fn extend(dates: &mut [String; 2], mail: &message::Mail) {
    let day = mail.headers.as_ref().map(|headers| headers.day.clone()).unwrap_or_default();
    widen(dates, &[day.clone(), day]);
}

fn widen(dates: &mut [String; 2], other: &[String; 2]) {
    let [from, to] = dates;
    let [first, last] = other;
    if !first.is_empty() && (from.is_empty() || first < from) {
        from.clone_from(first);
    }
    if last > to {
        to.clone_from(last);
    }
}

/// Returns the name of a file without its extension.
fn stem(entry: &Entry) -> String {
    let name = entry.name();
    let end = name.iter().rposition(|byte| *byte == b'.').filter(|at| *at > 0).unwrap_or(name.len());
    path::shown(&name[..end])
}

/// Tells by name, and where that does not say, by the beginning, what a file is.
fn form(tree: &Tree, entry: &Entry) -> Form {
    if entry.kind != EntryKind::File || entry.fault.is_some() {
        return Form::Other;
    }
    let name = entry.name().to_ascii_lowercase();
    let extension = name.iter().rposition(|byte| *byte == b'.').filter(|at| *at > 0).map(|at| &name[at + 1..]);
    // Mail servers name their files by numbers, and marks behind a comma.
    let served = name.windows(3).any(|marks| marks == b":2,");
    match extension {
        Some(b"eml") => return Form::Mail,
        Some(b"mbox" | b"mbx") => return Form::Mailbox,
        Some(_) if !served => return Form::Other,
        _ => {}
    }
    let mut head = Vec::new();
    let read = tree.read(entry).map(|bytes| bytes.take(4096).read_to_end(&mut head));
    if !matches!(read, Ok(Ok(_))) {
        return Form::Other;
    }
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if lines::is_separator(first, false) {
        return Form::Mailbox;
    }
    let known: [&[u8]; 6] = [b"from:", b"received:", b"return-path:", b"message-id:", b"date:", b"mime-version:"];
    let is_known = |line: &[u8]| known.iter().any(|name| line.to_ascii_lowercase().starts_with(name));
    let headers = head.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
    if headers.filter(|line| is_known(line)).count() >= 2 { Form::Mail } else { Form::Other }
}

#[cfg(test)]
mod tests;
