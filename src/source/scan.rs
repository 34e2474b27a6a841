//! Lists what lies in a folder: every entry once, as a file, as a folder or with the reason why it is not stored.

use std::fs::{self, FileType, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use rayon::prelude::*;
use rustix::fs::{Access, AtFlags};
use rustix::io::Errno;
use walkdir::DirEntry;

use super::reading;
use super::rules::FolderRules;
use super::share::{self, Listed, Share};
use super::tree::Entry;
use super::walk::{Sorted, walk};
use crate::model::path::{self, Siblings};
use crate::model::record::{EntryKind, Exception, Reason, SourceFile};
use crate::task::{Cancel, Cancelled};

/// How deep a first look goes: the way to a folder is gone from the root each time.
const LEVELS: usize = 64;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<SourceFile>,
    pub(super) empty_folders: Vec<String>,
    pub(super) folders: u64,
    pub(super) exceptions: Vec<Exception>,
}

/// Lists entries of a delivery.
pub(super) struct Scan<'a> {
    share: &'a Share,
    rules: &'a FolderRules,
    cancel: &'a Cancel,
    found: Found,
}

/// A folder on the way to the entry that is looked at.
struct Frame {
    /// Length of the folder's portable path.
    length: usize,
    siblings: Siblings,
    /// Whether it needs no mention as an empty folder: something below is stored or mentioned.
    told: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn new(share: &'a Share, rules: &'a FolderRules, cancel: &'a Cancel) -> Self {
        Self { share, rules, cancel, found: Found::default() }
    }

    /// Returns what was found, files and empty folders sorted by path.
    pub(super) fn finish(self) -> Found {
        let mut found = self.found;
        found.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        found.empty_folders.sort_unstable();
        found
    }

    /// Looks at one entry of the delivery's top level that is no folder.
    pub(super) fn loose(&mut self, portable: &str) -> Result<(), Cancelled> {
        self.cancel.check()?;
        let original = path::original(portable);
        match self.share {
            Share::Folder { root, .. } => {
                let metadata = fs::symlink_metadata(root.join(os(&original)));
                self.entry(root, portable.to_owned(), &original, metadata);
            }
            Share::Container(listed) => {
                if let Some(entry) = listed.find(&original) {
                    self.listed(portable.to_owned(), entry);
                }
            }
        }
        Ok(())
    }

    /// Looks at everything in the delivery but its tables.
    pub(super) fn delivery(&mut self) -> Result<(), Cancelled> {
        self.walk("")
    }

    /// Looks at a folder of the top level and everything below.
    pub(super) fn folder(&mut self, portable: &str) -> Result<(), Cancelled> {
        self.walk(portable)
    }

    fn walk(&mut self, start: &str) -> Result<(), Cancelled> {
        match self.share {
            Share::Folder { root, .. } => self.walk_folder(root, start),
            Share::Container(listed) => self.walk_container(listed, start),
        }
    }

    fn walk_container(&mut self, listed: &Listed, start: &str) -> Result<(), Cancelled> {
        let top = path::original(start);
        let cut = if top.is_empty() { 0 } else { top.len() + 1 };
        let mut here = start.to_owned();
        let mut frames = vec![Frame::new(here.len())];
        self.found.folders += u64::from(!here.is_empty());
        for entry in listed.below(&top) {
            self.cancel.check()?;
            let depth = entry.path.get(cut..).unwrap_or_default().split(|byte| *byte == b'/').count();
            self.leave(&mut frames, &mut here, depth);
            let Some(frame) = frames.last_mut() else { continue };
            let name = frame.siblings.portable(entry.name());
            if entry.kind == EntryKind::Folder {
                append(&mut here, &name);
                frames.push(Frame::new(here.len()));
                self.found.folders += 1;
            } else if !(depth == 1 && cut == 0 && entry.kind == EntryKind::File && self.rules.is_table(&entry.path)) {
                let mut portable = here.clone();
                append(&mut portable, &name);
                if self.listed(portable, entry) {
                    frame.told = true;
                }
            }
        }
        self.leave(&mut frames, &mut here, 0);
        Ok(())
    }

    /// Sorts an entry of a container that is no folder; returns whether it is a file to be stored.
    fn listed(&mut self, portable: String, entry: &Entry) -> bool {
        let ruled = matches!(entry.kind, EntryKind::File | EntryKind::Link);
        let rule = ruled.then(|| self.rules.left_out(&entry.path, entry.kind)).flatten();
        let reason = match (rule, &entry.fault) {
            (Some(rule), _) => Reason::LeftOut { rule: rule.to_owned() },
            (None, Some(fault)) => fault.clone(),
            (None, None) => {
                self.found.files.push(share::listed_file(entry, portable));
                return true;
            }
        };
        self.except(&entry.path, entry.kind, reason);
        false
    }

    fn walk_folder(&mut self, root: &Path, start: &str) -> Result<(), Cancelled> {
        let name = path::original(start);
        let at = if name.is_empty() { root.to_owned() } else { root.join(os(&name)) };
        // A path below begins with the delivery's own, which does not count.
        let cut = root.join("x").as_os_str().len() - 1;
        let mut here = start.to_owned();
        let mut frames: Vec<Frame> = Vec::new();
        let mut entered = false;
        for (entry, metadata) in Sorted::new(&at) {
            self.cancel.check()?;
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let of_folder = error.path().is_none_or(|path| {
                        path.as_os_str().as_bytes().get(cut..).unwrap_or_default() == path::original(&here)
                    });
                    if of_folder && frames.is_empty() {
                        self.refuse(&name, EntryKind::Folder, error.io_error());
                    } else if !of_folder {
                        let path = error.path().unwrap_or(Path::new("")).as_os_str().as_bytes();
                        let path = path.get(cut..).unwrap_or_default();
                        self.refuse(path, EntryKind::File, error.io_error());
                    } else if entered {
                        // The folder was counted when it was met; listing it is what failed.
                        self.found.folders -= u64::from(!here.is_empty());
                        self.refuse(&path::original(&here), EntryKind::Folder, error.io_error());
                        if let Some(frame) = frames.last_mut() {
                            frame.told = true;
                        }
                        entered = false;
                    }
                    continue;
                }
            };
            let full = entry.path().as_os_str().as_bytes();
            let original = full.get(cut..).unwrap_or_default();
            entered = entry.file_type().is_dir();
            if entry.depth() == 0 {
                if !entered {
                    let kind = kind(entry.file_type());
                    self.except(original, kind, Reason::Changed);
                    return Ok(());
                }
                self.found.folders += u64::from(!here.is_empty());
                frames.push(Frame::new(here.len()));
                continue;
            }
            self.leave(&mut frames, &mut here, entry.depth());
            let Some(frame) = frames.last_mut() else {
                continue;
            };
            let name = frame.siblings.portable(entry.file_name().as_bytes());
            if entered {
                append(&mut here, &name);
                frames.push(Frame::new(here.len()));
                self.found.folders += 1;
            } else if !(entry.depth() == 1
                && start.is_empty()
                && entry.file_type().is_file()
                && self.rules.is_table(original))
            {
                let mut portable = String::with_capacity(here.len() + 1 + name.len());
                portable.push_str(&here);
                append(&mut portable, &name);
                if let Some(metadata) = metadata
                    && self.entry(root, portable, original, metadata)
                {
                    frame.told = true;
                }
            }
        }
        self.leave(&mut frames, &mut here, 0);
        Ok(())
    }

    /// Leaves folders until `depth` are left; those in which nothing is stored are empty folders.
    fn leave(&mut self, frames: &mut Vec<Frame>, here: &mut String, depth: usize) {
        while frames.len() > depth {
            let Some(frame) = frames.pop() else { return };
            here.truncate(frame.length);
            if !frame.told && !here.is_empty() {
                self.found.empty_folders.push(here.clone());
            }
            if let Some(parent) = frames.last_mut() {
                parent.told = true;
                here.truncate(parent.length);
            }
        }
    }

    /// Sorts an entry that is no folder; returns whether it is a file to be stored.
    fn entry(&mut self, root: &Path, portable: String, original: &[u8], metadata: io::Result<Metadata>) -> bool {
        let metadata = match metadata {
            Ok(metadata) => metadata,
            Err(error) => {
                self.refuse(original, EntryKind::File, Some(&error));
                return false;
            }
        };
        let kind = kind(metadata.file_type());
        let rule =
            matches!(kind, EntryKind::File | EntryKind::Link).then(|| self.rules.left_out(original, kind)).flatten();
        let reason = match (kind, rule) {
            (_, Some(rule)) => Reason::LeftOut { rule: rule.to_owned() },
            (EntryKind::File, None) => {
                let Some(error) = closed(root, original, &metadata) else {
                    self.found.files.push(reading::listed(portable, &metadata));
                    return true;
                };
                Reason::unreadable(&error)
            }
            (EntryKind::Link, None) => match fs::read_link(root.join(os(original))) {
                Ok(target) => Reason::Link { target: path::shown(target.as_os_str().as_bytes()) },
                Err(error) => Reason::unreadable(&error),
            },
            // It was no folder when its folder was listed.
            (EntryKind::Folder, None) => Reason::Changed,
            (_, None) => Reason::Special,
        };
        self.except(original, kind, reason);
        false
    }

    fn refuse(&mut self, original: &[u8], kind: EntryKind, error: Option<&io::Error>) {
        let reason = match error {
            Some(error) if error.kind() != io::ErrorKind::NotFound => Reason::unreadable(error),
            _ => Reason::Changed,
        };
        self.except(original, kind, reason);
    }

    fn except(&mut self, original: &[u8], kind: EntryKind, reason: Reason) {
        self.found.exceptions.push(exception(original, kind, reason));
    }
}

/// Returns why a file cannot be read that not everybody may read, if it cannot.
fn closed(root: &Path, original: &[u8], metadata: &Metadata) -> Option<io::Error> {
    if metadata.mode() & 0o444 == 0o444 {
        return None;
    }
    let flags = AtFlags::EACCESS | AtFlags::SYMLINK_NOFOLLOW;
    match rustix::fs::accessat(rustix::fs::CWD, root.join(os(original)), Access::READ_OK, flags) {
        Err(Errno::ACCESS) => Some(Errno::ACCESS.into()),
        // Whatever else there is shows when it is read.
        _ => None,
    }
}

impl Frame {
    fn new(length: usize) -> Self {
        Self { length, siblings: Siblings::default(), told: false }
    }
}

/// Returns all folders in the folder of the top level that is called `name`, itself included, if nothing but folders
/// lies in it; ends at the first other entry, where something cannot be listed, or too deep for a first look.
pub(super) fn only_folders(root: &Path, name: &[u8]) -> Option<Vec<Exception>> {
    let cut = root.join("x").as_os_str().len() - 1;
    let mut folders = Vec::new();
    for entry in walk(&root.join(os(name))) {
        let entry = entry.ok().filter(|entry| entry.file_type().is_dir() && entry.depth() < LEVELS)?;
        let path = entry.path().as_os_str().as_bytes();
        let path = path.get(cut..).unwrap_or_default();
        folders.push(exception(path, EntryKind::Folder, Reason::EmptyRecord));
    }
    folders.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Some(folders)
}

/// Counts what is no folder in the folder of the top level that is called `portable`, or in the whole delivery; nothing
/// where something cannot be listed.
pub(super) fn count(root: &Path, portable: &str, cancel: &Cancel) -> Result<Option<usize>, Cancelled> {
    let top = root.join(os(&path::original(portable)));
    let below = |entry: walkdir::Result<DirEntry>| match entry {
        Ok(entry) if entry.depth() == 1 && entry.file_type().is_dir() => others(walk(entry.path()), cancel),
        entry => others(Some(entry), cancel),
    };
    let counts = walk(&top).max_depth(1).into_iter().par_bridge().map(below);
    counts.try_reduce(|| Some(0), |a, b| Ok(a.zip(b).map(|(a, b)| a + b)))
}

/// Counts those of `entries` that are no folders; nothing where one cannot be listed.
fn others(
    entries: impl IntoIterator<Item = walkdir::Result<DirEntry>>,
    cancel: &Cancel,
) -> Result<Option<usize>, Cancelled> {
    let mut count = 0;
    for entry in entries {
        cancel.check()?;
        let Ok(entry) = entry else { return Ok(None) };
        count += usize::from(!entry.file_type().is_dir());
    }
    Ok(Some(count))
}

/// Returns the paths of all entries below `root`, original bytes, sorted; what cannot be listed has its own path alone.
pub(super) fn everything(root: &Path, cancel: &Cancel) -> Result<Vec<Box<[u8]>>, Cancelled> {
    let cut = root.join("x").as_os_str().len() - 1;
    let mut paths: Vec<Box<[u8]>> = Vec::new();
    for entry in walk(root).min_depth(1) {
        cancel.check()?;
        let path = match &entry {
            Ok(entry) => Some(entry.path()),
            Err(error) => error.path(),
        };
        paths.extend(path.and_then(|path| path.as_os_str().as_bytes().get(cut..)).map(Into::into));
    }
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

/// Returns the paths of about `most` entries below `root` as [`everything`] does, the upper levels first.
pub(super) fn something(root: &Path, most: usize, cancel: &Cancel) -> Result<Vec<Box<[u8]>>, Cancelled> {
    let cut = root.join("x").as_os_str().len() - 1;
    let mut paths: Vec<Box<[u8]>> = Vec::new();
    let mut level = vec![root.to_owned()];
    let mut levels = 0;
    while !level.is_empty() && paths.len() < most && levels < LEVELS {
        levels += 1;
        let mut next = Vec::new();
        for folder in level {
            cancel.check()?;
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                paths.push(path.as_os_str().as_bytes().get(cut..).unwrap_or_default().into());
                if paths.len() >= most {
                    break;
                }
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    next.push(path);
                }
            }
            if paths.len() >= most {
                break;
            }
        }
        level = next;
    }
    paths.sort_unstable();
    Ok(paths)
}

/// Returns the exception for the entry with this path in the delivery.
pub(super) fn exception(original: &[u8], kind: EntryKind, reason: Reason) -> Exception {
    let path = if original.is_empty() { b"." } else { original };
    Exception { path: path::shown(path), kind, reason }
}

/// Returns what kind of entry has this type.
pub(super) fn kind(file_type: FileType) -> EntryKind {
    if file_type.is_file() {
        EntryKind::File
    } else if file_type.is_dir() {
        EntryKind::Folder
    } else if file_type.is_symlink() {
        EntryKind::Link
    } else if file_type.is_fifo() {
        EntryKind::Fifo
    } else if file_type.is_socket() {
        EntryKind::Socket
    } else {
        EntryKind::Device
    }
}

fn append(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('/');
    }
    path.push_str(name);
}

fn os(bytes: &[u8]) -> &std::ffi::OsStr {
    std::ffi::OsStr::from_bytes(bytes)
}
