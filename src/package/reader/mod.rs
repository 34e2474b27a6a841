//! Reads the files of a package where it lies, folder, ZIP or TAR; nothing is unpacked.

mod arrange;
mod listed;
mod odd;
mod parts;

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::OFlags;

use self::arrange::{Arranged, Entries, arrange};
use self::listed::{Listed, Walked, walk};
pub use self::odd::Odd;
pub use self::parts::{Part, Parts};
use crate::io::container::{Container, Kind};
use crate::io::zip::{self, ZipError, ZipReader};
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::record::SourceFile;

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
        /// The entry, as [`crate::model::path::shown`].
        entry: String,
    },
}

/// An opened package.
#[derive(Debug)]
pub struct PackageReader {
    path: PathBuf,
    folder: String,
    form: Form,
    /// The numbers of the files in what the package lies in, sorted by path.
    order: Vec<u32>,
    /// How many bytes of a path there are not of the path inside the package's folder.
    cut: usize,
    empty_folders: Vec<String>,
    oddities: Vec<(Odd, String)>,
}

#[derive(Debug)]
enum Form {
    Packed(Container),
    Folder(OwnedFd, Listed),
    /// Several packages seen as one; the last tells for each file where it lies: package and number there.
    Joined(Vec<PackageReader>, Listed, Vec<(usize, usize)>),
}

impl PackageReader {
    /// Opens the ZIP file or folder at `path`, which must hold nothing but files and folders, in a ZIP all in one folder.
    pub fn open(path: &Path) -> Result<Self, PackageError> {
        let fault = |source| PackageError::Io { path: path.to_owned(), source };
        if path.symlink_metadata().map_err(fault)?.is_dir() {
            return Self::open_folder(path)?.strict();
        }
        let file = open_regular(path).map_err(fault)?;
        Self::stored(path, file, &zip::Limits::default())
    }

    /// As [`PackageReader::open`], for what a package says of itself: of a ZIP, entries of which there are many are not all looked
    /// at.
    pub fn open_few(path: &Path, few: zip::Few) -> Result<Self, PackageError> {
        let fault = |source| PackageError::Io { path: path.to_owned(), source };
        if path.symlink_metadata().map_err(fault)?.is_dir() {
            return Self::open(path);
        }
        let file = open_regular(path).map_err(fault)?;
        Self::stored(path, file, &zip::Limits { few: Some(few), ..zip::Limits::default() })
    }

    fn stored(path: &Path, file: File, limits: &zip::Limits) -> Result<Self, PackageError> {
        let zip = ZipReader::open(file, limits).map_err(|error| match error {
            ZipError::Io(source) => PackageError::Io { path: path.to_owned(), source },
            source @ ZipError::Structure { .. } => PackageError::Zip { path: path.to_owned(), source },
        })?;
        Self::packed(path, zip.into()).strict()
    }

    /// Sees the package in a container that was opened from `path`, whatever programs of others put there; what is no part of
    /// a package is left out and told by [`PackageReader::oddities`].
    #[must_use]
    pub fn packed(path: &Path, container: Container) -> Self {
        let Arranged { folder, order, folders, oddities } = arrange(&Entries {
            sorted: container.sorted(),
            path: &|number| container.path(number),
            kind: &|number| container.entry_kind(number),
        });
        let cut = if folder.is_empty() { 0 } else { folder.len() + 1 };
        Self::new(path, folder, Form::Packed(container), order, cut, folders, oddities.sorted())
    }

    /// Opens the folder at `path` in the same way.
    pub fn open_folder(path: &Path) -> Result<Self, PackageError> {
        let Walked { root, files, folders, oddities } =
            walk(path).map_err(|(path, source)| PackageError::Io { path, source })?;
        let order = sorted(&files);
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self::new(path, name, Form::Folder(root, files), order, 0, folders, oddities.sorted()))
    }

    /// Refuses a package that holds something odd.
    fn strict(self) -> Result<Self, PackageError> {
        let has_no_folder = self.order.is_empty() && self.folder.is_empty();
        match self.oddities.first() {
            None if !has_no_folder => Ok(self),
            None | Some((Odd::Outside, _)) => Err(PackageError::NoSingleFolder { path: self.path }),
            Some((_, entry)) => Err(PackageError::Intruder { entry: entry.clone(), path: self.path }),
        }
    }

    fn new(
        path: &Path,
        folder: String,
        form: Form,
        order: Vec<u32>,
        cut: usize,
        folders: Vec<String>,
        oddities: Vec<(Odd, String)>,
    ) -> Self {
        let path = path.to_owned();
        let mut reader = Self { path, folder, form, order, cut, empty_folders: Vec::new(), oddities };
        let mut empty_folders: Vec<String> = folders
            .into_iter()
            .filter(|folder| {
                let prefix = format!("{folder}/");
                let at = reader.order.partition_point(|number| reader.bytes_of(*number) < prefix.as_bytes());
                reader.order.get(at).is_none_or(|number| !reader.bytes_of(*number).starts_with(prefix.as_bytes()))
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
        reader.empty_folders = kept.into_iter().map(|at| std::mem::take(&mut empty_folders[at])).collect();
        reader
    }

    /// Sees several packages as one; `place` tells under which path a file of one of them appears, if it does. There must be
    /// no two files under one path.
    pub(super) fn joined(pieces: Vec<Self>, place: impl Fn(&[Self], usize, &str) -> Option<String>) -> Option<Self> {
        let first = pieces.first()?;
        let (path, folder) = (first.path.clone(), first.folder.clone());
        let (mut files, mut places) = (Listed::default(), Vec::new());
        for (number, piece) in pieces.iter().enumerate() {
            for (index, part) in piece.parts().iter().enumerate() {
                if let Some(path) = place(&pieces, number, part.path) {
                    files.push(&path, part.size, part.modified).ok()?;
                    places.push((number, index));
                }
            }
        }
        let folders = pieces.iter().flat_map(|piece| piece.empty_folders.iter().cloned()).collect();
        let order = sorted(&files);
        Some(Self::new(&path, folder, Form::Joined(pieces, files, places), order, 0, folders, Vec::new()))
    }

    /// Returns the packages that are seen as one, the oldest first; of a package by itself that one.
    #[must_use]
    pub fn pieces(&self) -> &[Self] {
        match &self.form {
            Form::Joined(pieces, ..) => pieces,
            Form::Packed(_) | Form::Folder(..) => std::slice::from_ref(self),
        }
    }

    /// Returns where the package lies.
    #[must_use]
    pub fn location(&self) -> &Path {
        &self.path
    }

    /// Returns the container that the package lies in, of several that are seen as one the first; nothing where it is a folder.
    #[must_use]
    pub fn container(&self) -> Option<Kind> {
        match &self.form {
            Form::Packed(container) => Some(container.kind()),
            Form::Folder(..) => None,
            Form::Joined(pieces, ..) => pieces.first().and_then(Self::container),
        }
    }

    /// Returns the name of the package's folder; empty where it lies in a ZIP or TAR without one.
    #[must_use]
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Returns the files, sorted by path.
    #[must_use]
    pub const fn parts(&self) -> Parts<'_> {
        Parts(self)
    }

    /// Returns folders without any file, sorted; of nested ones only the deepest.
    #[must_use]
    pub fn empty_folders(&self) -> &[String] {
        &self.empty_folders
    }

    /// Returns what is there and no part of the package, sorted, at most a thousand of each kind; only of packages that were
    /// opened by [`PackageReader::packed`] or [`PackageReader::open_folder`].
    #[must_use]
    pub fn oddities(&self) -> &[(Odd, String)] {
        &self.oddities
    }

    /// Returns the file at `path`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Part<'_>> {
        self.parts().get(self.position(path)?)
    }

    /// Returns the place of `path` in [`parts`](Self::parts).
    #[must_use]
    pub fn position(&self, path: &str) -> Option<usize> {
        self.order.binary_search_by(|number| self.bytes_of(*number).cmp(path.as_bytes())).ok()
    }

    /// Returns a reader of exactly the part's size.
    pub fn read(&self, part: Part<'_>) -> io::Result<Box<dyn Read + Send>> {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let number = part.number as usize;
        match &self.form {
            Form::Packed(container) => container.read(part.number),
            Form::Folder(root, _) => {
                let file = rustix::fs::openat(root, part.path, REGULAR, rustix::fs::Mode::empty())?;
                Ok(Box::new(regular(File::from(file))?))
            }
            Form::Joined(pieces, _, places) => {
                let (piece, index) = places.get(number).ok_or_else(gone)?;
                pieces[*piece].read(pieces[*piece].parts().get(*index).ok_or_else(gone)?)
            }
        }
    }

    /// Returns the whole of a small file, at most `limit` bytes.
    pub fn bytes(&self, part: Part<'_>, limit: u64) -> io::Result<Vec<u8>> {
        if part.size > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        self.read(part)?.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the path of the file `number` inside the package's folder.
    fn bytes_of(&self, number: u32) -> &[u8] {
        let path = match &self.form {
            Form::Packed(container) => container.path(number),
            Form::Folder(_, files) | Form::Joined(_, files, _) => files.path(number),
        };
        path.get(self.cut..).unwrap_or_default()
    }

    fn part(&self, number: u32) -> Option<Part<'_>> {
        let (size, modified) = match &self.form {
            Form::Packed(container) => container.facts(number)?,
            Form::Folder(_, files) | Form::Joined(_, files, _) => {
                files.rows.get(number as usize).map(|row| (row.size, row.modified))?
            }
        };
        // What is no text is no part.
        let path = std::str::from_utf8(self.bytes_of(number)).unwrap_or_default();
        Some(Part { path, size, modified, number })
    }
}

/// Returns the numbers of `files`, sorted by path.
fn sorted(files: &Listed) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(files.rows.len()).unwrap_or(u32::MAX)).collect();
    order.par_sort_unstable_by(|a, b| files.path(*a).cmp(files.path(*b)));
    order
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
    let flags = i32::try_from(REGULAR.bits()).unwrap_or_default();
    regular(File::options().read(true).custom_flags(flags).open(path)?)
}

const REGULAR: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a regular file")) }
}
