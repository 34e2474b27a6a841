//! ZIP and TAR files of others, the latter perhaps packed with gzip, as one: entries by their number, and the bytes of each.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use super::gzip::{self, GzipError};
use super::tar::{self, TarError, TarReader};
use super::zip::{self, ZipError, ZipReader};
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::EntryKind;
use crate::model::time::Timestamp;
use crate::task::{Cancel, Cancelled};

/// What a file is that holds others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A ZIP file.
    Zip,
    /// A TAR file.
    Tar,
    /// A TAR file that gzip packed.
    TarGz,
}

/// How files begin that gzip, bzip2, xz, zstd, 7-Zip and RAR make, and older programs of both kinds.
const PACKED: [&[u8]; 8] = [
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"MSCF",
    b"\x1f\x9d",
];

/// How many folders paths may tell of for each entry, and how many in any case: paths may be deep, and those who go through
/// folders look at each of them.
const FOLDERS: usize = 16;
const FOLDERS_ANYWAY: usize = 10_000;

impl Kind {
    /// Returns what `file` is, judged by its content.
    pub fn of(file: &File) -> io::Result<Option<Self>> {
        let mut head = [0; 512];
        let head = filled(file, &mut head)?;
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Ok(Some(Self::Zip));
        }
        if gzip::is_gzip(head) {
            let mut inner = [0; 512];
            return match gzip::beginning(file, &mut inner) {
                Ok(length) => Ok(tar::is_tar(&inner[..length]).then_some(Self::TarGz)),
                Err(GzipError::Read(error)) => Err(error),
                // What nothing comes of may be anything.
                Err(_) => Ok(None),
            };
        }
        Ok(tar::is_tar(head).then_some(Self::Tar))
    }

    /// Returns the name in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
        }
    }
}

/// Returns what it says of the file at `path`, which is no container, that it is packed: in a way that is not read here, or so
/// that nothing comes of unpacking it.
#[must_use]
pub fn packed_otherwise(file: &File, path: &Path) -> Option<Finding> {
    let mut head = [0; 8];
    let head = filled(file, &mut head).ok()?;
    if !PACKED.iter().any(|magic| head.starts_with(magic)) {
        return None;
    }
    let fault = if gzip::is_gzip(head) { gzip::beginning(file, &mut [0; 512]).err() } else { None };
    match fault {
        Some(fault) => ContainerError::from(fault).finding(path).ok(),
        None => Some(Finding::new(Code::PackageCompressed).file(own_name(path))),
    }
}

/// Returns the first bytes of `file`, as many as there are.
fn filled<'a>(file: &File, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read_at(&mut buffer[length..], length as u64) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(&buffer[..length])
}

/// Returns whether reading failed since the bytes are not those that were packed; all else is the medium's fault.
#[must_use]
pub fn is_of_content(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    // What the operating system says is never about the content.
    matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) && error.raw_os_error().is_none()
}

fn own_name(path: &Path) -> String {
    path::shown(path.file_name().unwrap_or(path.as_os_str()).as_bytes())
}

/// Why a container cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// The file cannot be read.
    #[error("reading failed")]
    Read(#[source] io::Error),
    /// What it unpacks to cannot be written into the folder for temporary files.
    #[error("writing to the folder for temporary files failed")]
    Work(#[source] io::Error),
    /// Its structure is not sound.
    #[error("{fault} at entry {entry:?}")]
    Unsound {
        /// Which structure it is.
        code: Code,
        /// What is wrong, in a stable word.
        fault: &'static str,
        /// The entry's name, as [`crate::model::path::shown`], where one is concerned.
        entry: Option<String>,
    },
    /// A stop was requested.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<ZipError> for ContainerError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Read(error),
            ZipError::Structure { fault, entry } => {
                Self::Unsound { code: Code::ZipStructure, fault: fault.name(), entry }
            }
        }
    }
}

impl From<TarError> for ContainerError {
    fn from(error: TarError) -> Self {
        match error {
            TarError::Io(error) => Self::Read(error),
            TarError::Structure { fault, entry, .. } => {
                Self::Unsound { code: Code::TarStructure, fault: fault.name(), entry }
            }
        }
    }
}

impl From<GzipError> for ContainerError {
    fn from(error: GzipError) -> Self {
        match error {
            GzipError::Read(error) => Self::Read(error),
            GzipError::Work(error) => Self::Work(error),
            GzipError::Structure(fault) => {
                let code = if fault.is_limit() { Code::GzipLimit } else { Code::GzipStructure };
                Self::Unsound { code, fault: fault.name(), entry: None }
            }
            GzipError::Cancelled(stopped) => Self::Cancelled(stopped),
        }
    }
}

impl ContainerError {
    /// Returns what it says of the file at `path`.
    pub fn finding(self, path: &Path) -> Result<Finding, Cancelled> {
        match self {
            Self::Read(error) => {
                Ok(Finding::new(Code::Unreadable).file(path.to_string_lossy()).value(error.to_string()))
            }
            Self::Work(error) => {
                let folder = tempfile::env::temp_dir();
                Ok(Finding::new(Code::WorkFolder).file(folder.to_string_lossy()).value(error.to_string()))
            }
            Self::Unsound { code, fault, entry } => {
                Ok(Finding::new(code).file(entry.unwrap_or_else(|| own_name(path))).value(fault))
            }
            Self::Cancelled(stopped) => Err(stopped),
        }
    }
}

/// An opened container with a sound structure; what it knows is shared by its copies.
#[derive(Debug, Clone)]
pub struct Container {
    kind: Kind,
    form: Form,
    /// The file itself, packed as it is.
    file: Arc<File>,
}

/// How its entries are read.
#[derive(Debug, Clone)]
pub enum Form {
    /// As those of a ZIP.
    Zip(ZipReader),
    /// As those of a TAR.
    Tar(TarReader),
}

impl From<ZipReader> for Container {
    fn from(zip: ZipReader) -> Self {
        Self { kind: Kind::Zip, file: Arc::clone(zip.file()), form: Form::Zip(zip) }
    }
}

impl Container {
    /// Checks the structure of `file` and lists its entries: no two have one path, none lies in another that is no folder, and
    /// there are not far more folders than entries.
    pub fn open(file: File, kind: Kind, cancel: &Cancel) -> Result<Self, ContainerError> {
        let container = match kind {
            Kind::Zip => Self::from(ZipReader::open(file, &zip::Limits::delivery())?),
            Kind::Tar => {
                let tar = TarReader::open(file, &tar::Limits::default())?;
                Self { kind, file: Arc::clone(tar.file()), form: Form::Tar(tar) }
            }
            Kind::TarGz => {
                let unpacked = gzip::unpack(&file, &gzip::Limits::default(), cancel)?;
                let tar = TarReader::open(unpacked, &tar::Limits::default())?;
                Self { kind, file: Arc::new(file), form: Form::Tar(tar) }
            }
        };
        match container.fault() {
            None => Ok(container),
            Some((number, fault)) => {
                let code = if kind == Kind::Zip { Code::ZipStructure } else { Code::TarStructure };
                let entry = Some(path::shown(container.path(number)));
                Err(ContainerError::Unsound { code, fault, entry })
            }
        }
    }

    /// Returns what the file is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns how its entries are read.
    #[must_use]
    pub const fn form(&self) -> &Form {
        &self.form
    }

    /// Returns the file itself.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Returns the numbers of all entries, sorted by path.
    #[must_use]
    pub fn sorted(&self) -> &[u32] {
        match &self.form {
            Form::Zip(zip) => zip.entries().sorted(),
            Form::Tar(tar) => tar.entries().sorted(),
        }
    }

    /// Returns the path of the entry `number`, without the `/` that ends a folder's; empty where there is none.
    #[must_use]
    pub fn path(&self, number: u32) -> &[u8] {
        match &self.form {
            Form::Zip(zip) => zip.entries().path(number),
            Form::Tar(tar) => tar.entries().path(number),
        }
    }

    /// Returns what the entry `number` is; a file where there is none.
    #[must_use]
    pub fn entry_kind(&self, number: u32) -> EntryKind {
        match &self.form {
            Form::Zip(zip) => zip.entries().kind(number),
            Form::Tar(tar) => tar.entries().kind(number),
        }
    }

    /// Returns size and last modification of the entry `number`.
    #[must_use]
    pub fn facts(&self, number: u32) -> Option<(u64, Timestamp)> {
        match &self.form {
            Form::Zip(zip) => zip.entries().get(number as usize).map(|entry| (entry.size, entry.modified)),
            Form::Tar(tar) => tar.entries().get(number as usize).map(|entry| (entry.size, entry.modified)),
        }
    }

    /// Returns the number of the entry at `path`.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<u32> {
        let sorted = self.sorted();
        let at = sorted.binary_search_by(|number| self.path(*number).cmp(path)).ok()?;
        sorted.get(at).copied()
    }

    /// Returns a reader of the entry's bytes, exactly as many as its size.
    pub fn read(&self, number: u32) -> io::Result<Box<dyn Read + Send>> {
        match &self.form {
            Form::Zip(zip) => zip.read(zip.entries().get(number as usize).ok_or(io::ErrorKind::NotFound)?),
            Form::Tar(tar) => {
                Ok(Box::new(tar.read(tar.entries().get(number as usize).ok_or(io::ErrorKind::NotFound)?)))
            }
        }
    }

    /// Does the same, and fails at the end where a ZIP's checksum of the entry is that of other bytes.
    pub fn read_proven(&self, number: u32) -> io::Result<Box<dyn Read + Send>> {
        match &self.form {
            Form::Zip(zip) => zip.read_proven(zip.entries().get(number as usize).ok_or(io::ErrorKind::NotFound)?),
            Form::Tar(_) => self.read(number),
        }
    }

    /// Returns an entry for which the container is refused, and why: it lies in another one that is no folder, or by then paths
    /// tell of far more folders than there are entries.
    fn fault(&self) -> Option<(u32, &'static str)> {
        let sorted = self.sorted();
        let most = FOLDERS * sorted.len() + FOLDERS_ANYWAY;
        let (mut last, mut folders): (&[u8], usize) = (b"", 0);
        for (place, number) in sorted.iter().enumerate() {
            let path = self.path(*number);
            let known = last.iter().zip(path).take_while(|(a, b)| a == b).count();
            folders += path[known..].split(|byte| *byte == b'/').count() - 1;
            if folders > most {
                return Some((*number, "limit"));
            }
            // What lies in it comes behind it, though not always at once: `a`, `a-b`, `a/b`.
            let is_near = sorted.get(place + 1).is_some_and(|next| self.path(*next).starts_with(path));
            if is_near && self.entry_kind(*number) != EntryKind::Folder {
                let inside = [path, b"/"].concat();
                let first = sorted.get(sorted.partition_point(|other| self.path(*other) < &*inside));
                if let Some(first) = first.filter(|first| self.path(**first).starts_with(&inside)) {
                    return Some((*first, "twice"));
                }
            }
            last = path;
        }
        None
    }
}
