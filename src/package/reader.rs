//! Reads the files of a package, whether it is a ZIP or a folder.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::io::zip::{Entry, Limits, ZipError, ZipReader};
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::path;
use crate::model::record::SourceFile;
use crate::model::time::Timestamp;

/// Why a package cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file cannot be read.
    #[error("reading {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// The ZIP's structure is not sound.
    #[error("structure of {}", path.display())]
    Zip {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: ZipError,
    },
    /// Not all files lie in one folder (AIP27, CSIPSTR1).
    #[error("no single folder in {}", path.display())]
    NoSingleFolder {
        /// The file.
        path: PathBuf,
    },
    /// Something lies in the package that is neither file nor folder, or has a name that no package may hold.
    #[error("{entry} in {}", path.display())]
    Intruder {
        /// The package.
        path: PathBuf,
        /// The entry, as [`path::shown`].
        entry: String,
    },
}

/// A file of a package, by its path inside the package's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Path inside the package's folder.
    pub path: Box<str>,
    /// Size in bytes.
    pub size: u64,
    /// Last modification.
    pub modified: Timestamp,
    /// Its number among the entries of the ZIP, or of the packages that are seen as one.
    number: Option<usize>,
}

/// An opened package.
#[derive(Debug)]
pub struct PackageReader {
    path: PathBuf,
    folder: String,
    form: Form,
    parts: Vec<Part>,
    empty_folders: Vec<String>,
}

#[derive(Debug)]
enum Form {
    Zip(ZipReader),
    Folder,
    /// Several packages seen as one; the second tells for each part where it lies: package and number there.
    Joined(Vec<PackageReader>, Vec<(usize, usize)>),
}

impl PackageReader {
    /// Opens the ZIP file or folder at `path`.
    pub fn open(path: &Path) -> Result<Self, PackageError> {
        let fault = |source| PackageError::Io { path: path.to_owned(), source };
        if path.symlink_metadata().map_err(fault)?.is_dir() {
            return Self::open_folder(path);
        }
        let file = open_regular(path).map_err(fault)?;
        Self::open_zip(path, file)
    }

    /// Opens a ZIP that was opened from `path`.
    pub fn open_zip(path: &Path, file: File) -> Result<Self, PackageError> {
        let zip = ZipReader::open(file, &Limits::default()).map_err(|error| match error {
            ZipError::Io(source) => PackageError::Io { path: path.to_owned(), source },
            source @ ZipError::Structure { .. } => PackageError::Zip { path: path.to_owned(), source },
        })?;
        let single = || PackageError::NoSingleFolder { path: path.to_owned() };
        let first = zip.entries().first().ok_or_else(single)?;
        let folder = first.name.split('/').next().unwrap_or_default().to_owned();
        let mut parts = Vec::new();
        let mut folders = Vec::new();
        for (index, entry) in zip.entries().iter().enumerate() {
            let inside =
                entry.name.strip_prefix(folder.as_str()).and_then(|n| n.strip_prefix('/')).ok_or_else(single)?;
            if entry.is_folder() {
                folders.push(inside.trim_end_matches('/').to_owned());
            } else {
                let (size, modified) = (entry.size, entry.modified);
                parts.push(Part { path: inside.into(), size, modified, number: Some(index) });
            }
        }
        Ok(Self::new(path, folder, Form::Zip(zip), parts, folders))
    }

    fn open_folder(path: &Path) -> Result<Self, PackageError> {
        let mut parts = Vec::new();
        let mut folders = Vec::new();
        for entry in WalkDir::new(path).min_depth(1).follow_links(false).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let at = error.path().unwrap_or(path).to_owned();
                PackageError::Io { path: at, source: error.into() }
            })?;
            let inside = entry.path().strip_prefix(path).unwrap_or(entry.path());
            let intruder = || PackageError::Intruder {
                path: path.to_owned(),
                entry: path::shown(std::os::unix::ffi::OsStrExt::as_bytes(inside.as_os_str())),
            };
            let name = inside.to_str().filter(|name| path::inside(name).is_ok()).ok_or_else(intruder)?;
            if entry.file_type().is_dir() {
                folders.push(name.to_owned());
            } else if entry.file_type().is_file() {
                let fault = |source| PackageError::Io { path: entry.path().to_owned(), source };
                let status = entry.metadata().map_err(|error| fault(error.into()))?;
                let modified = status.modified().map(Timestamp::from).map_err(fault)?;
                parts.push(Part { path: name.into(), size: status.len(), modified, number: None });
            } else {
                return Err(intruder());
            }
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self::new(path, name, Form::Folder, parts, folders))
    }

    fn new(path: &Path, folder: String, form: Form, mut parts: Vec<Part>, folders: Vec<String>) -> Self {
        parts.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let mut empty_folders: Vec<String> = folders
            .into_iter()
            .filter(|folder| {
                let prefix = format!("{folder}/");
                let at = parts.partition_point(|part| *part.path < *prefix);
                parts.get(at).is_none_or(|part| !part.path.starts_with(&prefix))
            })
            .collect();
        empty_folders.sort_unstable();
        // A folder that holds only empty folders follows from them.
        let kept = |at: &usize| {
            let prefix = format!("{}/", empty_folders[*at]);
            let after = empty_folders.partition_point(|folder| *folder < prefix);
            empty_folders.get(after).is_none_or(|next| !next.starts_with(&prefix))
        };
        let kept: Vec<usize> = (0..empty_folders.len()).filter(kept).collect();
        let empty_folders = kept.into_iter().map(|at| std::mem::take(&mut empty_folders[at])).collect();
        Self { path: path.to_owned(), folder, form, parts, empty_folders }
    }

    /// Sees several packages as one; `place` tells under which path a file of one of them appears, if it does. There must be
    /// no two files under one path.
    pub(super) fn joined(pieces: Vec<Self>, place: impl Fn(&[Self], usize, &str) -> Option<String>) -> Option<Self> {
        let first = pieces.first()?;
        let (path, folder) = (first.path.clone(), first.folder.clone());
        let (mut parts, mut places) = (Vec::new(), Vec::new());
        for (number, piece) in pieces.iter().enumerate() {
            for (index, part) in piece.parts.iter().enumerate() {
                if let Some(path) = place(&pieces, number, &part.path) {
                    parts.push(Part { path: path.into(), number: Some(places.len()), ..*part });
                    places.push((number, index));
                }
            }
        }
        let folders = pieces.iter().flat_map(|piece| piece.empty_folders.iter().cloned()).collect();
        Some(Self::new(&path, folder, Form::Joined(pieces, places), parts, folders))
    }

    /// Returns the packages that are seen as one, the oldest first; of a package by itself that one.
    #[must_use]
    pub fn pieces(&self) -> &[Self] {
        match &self.form {
            Form::Joined(pieces, _) => pieces,
            Form::Zip(_) | Form::Folder => std::slice::from_ref(self),
        }
    }

    /// Returns where the package lies.
    #[must_use]
    pub fn location(&self) -> &Path {
        &self.path
    }

    /// Returns the name of the package's folder.
    #[must_use]
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Returns the files, sorted by path.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns folders without any file, sorted; of nested ones only the deepest.
    #[must_use]
    pub fn empty_folders(&self) -> &[String] {
        &self.empty_folders
    }

    /// Returns the file at `path`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Part> {
        self.position(path).map(|at| &self.parts[at])
    }

    /// Returns the place of `path` in [`parts`](Self::parts).
    #[must_use]
    pub fn position(&self, path: &str) -> Option<usize> {
        self.parts.binary_search_by(|part| (*part.path).cmp(path)).ok()
    }

    /// Returns a reader of exactly the part's size.
    pub fn read(&self, part: &Part) -> io::Result<Box<dyn Read + Send>> {
        match (&self.form, part.number) {
            (Form::Zip(zip), Some(index)) => zip.read(&zip.entries()[index]),
            (Form::Joined(pieces, places), Some(index)) => {
                let (piece, number) = places[index];
                pieces[piece].read(&pieces[piece].parts[number])
            }
            _ => Ok(Box::new(open_regular(&self.path.join(&*part.path))?)),
        }
    }

    /// Returns the whole of a small file, at most `limit` bytes.
    pub fn bytes(&self, part: &Part, limit: u64) -> io::Result<Vec<u8>> {
        if part.size > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        self.read(part)?.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the entries of the ZIP, in the order of the file; `None` for folders.
    #[must_use]
    pub fn zip_entries(&self) -> Option<&[Entry]> {
        match &self.form {
            Form::Zip(zip) => Some(zip.entries()),
            Form::Folder | Form::Joined(..) => None,
        }
    }
}

impl Content for PackageReader {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        let part = self.find(&file.path).ok_or(ReadFault::Gone)?;
        if part.size != file.size {
            return Err(ReadFault::Changed);
        }
        self.read(part).map(|reader| Box::new(PartBytes(reader)) as _).map_err(ReadFault::Unreadable)
    }
}

struct PartBytes(Box<dyn Read + Send>);

impl FileBytes for PartBytes {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result.map_err(ReadFault::Unreadable),
            }
        }
    }
}

/// Opens a regular file without following a link in its last name and without waiting at a pipe.
pub fn open_regular(path: &Path) -> io::Result<File> {
    const NO_FOLLOW_NO_WAIT: u32 =
        rustix::fs::OFlags::NOFOLLOW.bits() | rustix::fs::OFlags::NONBLOCK.bits() | rustix::fs::OFlags::CLOEXEC.bits();
    let flags = i32::try_from(NO_FOLLOW_NO_WAIT).unwrap_or_default();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a regular file")) }
}
