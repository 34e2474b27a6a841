//! Writes the files of a package into a stored ZIP or a folder; payload goes in parallel, see [`payload`].

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use super::payload::{self, Digests, Sums};
use super::reading::Wanted;
use crate::io::durable;
use crate::io::zip::{self, Layout, Piece, ZipWriter};
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum};
use crate::model::content::{Content, ReadFault};
use crate::model::package::{PackageForm, PackageId};
use crate::model::record::SourceFile;
use crate::model::time::Timestamp;
use crate::task::{Cancelled, Watch};

/// A file that was written into a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Path inside the package's folder.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Last modification.
    pub modified: Timestamp,
    /// SHA-256.
    pub sum: Sha256Sum,
}

/// Why a package could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A stop was requested.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A file of the record could not be read as it was listed.
    #[error("source file {path}")]
    Source {
        /// Its portable path in the delivery.
        path: String,
        /// What happened.
        #[source]
        fault: ReadFault,
    },
    /// The package could not be written.
    #[error("writing {}", path.display())]
    Io {
        /// The file that was being written.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

/// A package being written: everything lies in one folder named after it (AIP27).
#[derive(Debug)]
pub struct Container {
    path: PathBuf,
    folder: String,
    form: Form,
    /// Whether folders without files are made: OCFL allows none (E024), METS lists them in any case.
    empty_folders: bool,
    /// The folder in the package that files are written to, ending in `/`; empty where it is the package's own.
    inner: String,
    /// What is kept of each file for who lists them all, and with which algorithms beside SHA-256.
    noted: Option<(&'static [Algorithm], Vec<Noted>)>,
}

/// A file that was written, with its checksums for lists of all files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Path inside the package's folder.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256.
    pub sha256: Sha256Sum,
    /// The others that were asked for, in that order.
    pub more: Vec<Checksum>,
}

#[derive(Debug)]
enum Form {
    Zip(ZipWriter),
    Folder,
}

impl Container {
    /// Begins the package `id` in `folder`, as `<id>.zip` or as the folder `<id>`.
    pub fn create(folder: &Path, id: PackageId, form: PackageForm) -> Result<Self, WriteError> {
        Self::begin(folder.join(file_name(id, form)), id.to_string(), form)
    }

    /// Begins a package that becomes content of an OCFL object.
    pub fn for_store(folder: &Path, id: PackageId, form: PackageForm) -> Result<Self, WriteError> {
        let container = Self::create(folder, id, form)?;
        Ok(Self { empty_folders: form == PackageForm::Zip, ..container })
    }

    /// Begins the package `name` that becomes content of an OCFL object in which package `id` got further versions.
    ///
    /// Its name begins with the package's identity, as that of all parts of an AIP does (AIP22).
    pub fn for_version(folder: &Path, id: PackageId, number: usize, form: PackageForm) -> Result<Self, WriteError> {
        let name = part_name(id, number);
        let path = match form {
            PackageForm::Zip => folder.join(format!("{name}.zip")),
            PackageForm::Folder => folder.join(&name),
        };
        Ok(Self { empty_folders: form == PackageForm::Zip, ..Self::begin(path, name, form)? })
    }

    fn begin(path: PathBuf, folder: String, form: PackageForm) -> Result<Self, WriteError> {
        let fault = |source| WriteError::Io { path: path.clone(), source };
        let form = match form {
            PackageForm::Zip => Form::Zip(ZipWriter::new(durable::create_file(&path).map_err(fault)?)),
            PackageForm::Folder => {
                durable::create_folder(&path).map_err(fault)?;
                Form::Folder
            }
        };
        Ok(Self { path, folder, form, empty_folders: true, inner: String::new(), noted: None })
    }

    /// Has the checksums of `more` algorithms computed of each file besides, and kept until [`Container::noted`].
    pub fn note(&mut self, more: &'static [Algorithm]) {
        self.noted = Some((more, Vec::new()));
    }

    /// Returns what is kept of the files that were written since [`Container::note`].
    #[must_use]
    pub fn noted(&self) -> &[Noted] {
        self.noted.as_ref().map_or(&[], |(_, noted)| noted)
    }

    /// Has all that follows written to `folder` in the package, which ends in `/` or is empty.
    pub fn enter(&mut self, folder: &str) {
        folder.clone_into(&mut self.inner);
    }

    /// Returns with which algorithms files are noted, in the order of their checksums.
    #[must_use]
    pub fn algorithms(&self) -> Vec<Algorithm> {
        std::iter::once(Algorithm::Sha256).chain(self.more().iter().copied()).collect()
    }

    const fn more(&self) -> &'static [Algorithm] {
        match &self.noted {
            Some((more, _)) => more,
            None => &[],
        }
    }

    /// Writes the files of a record below `base` (ending in `/`) and returns their checksums in the same order.
    pub fn payload(
        &mut self,
        base: &str,
        files: &[SourceFile],
        digests: Digests,
        times: impl Fn(Timestamp) -> Timestamp + Sync,
        content: &dyn Content,
        watch: Watch<'_>,
    ) -> Result<Sums, WriteError> {
        let (base, wanted) = (format!("{}{base}", self.inner), Wanted { digests, more: self.more() });
        let (sums, more) = match &mut self.form {
            Form::Zip(zip) => {
                let name = format!("{}/{base}", self.folder);
                payload::into_zip(zip, &self.path, &name, files, wanted, times, content, watch)?
            }
            Form::Folder => payload::into_folder(&self.path.join(&base), files, wanted, times, content, watch)?,
        };
        if let Some((_, noted)) = &mut self.noted {
            let mut more = more.into_iter();
            noted.extend(files.iter().zip(&sums.sha256).map(|(file, sum)| {
                let more = more.next().unwrap_or_default();
                Noted { path: format!("{base}{}", file.path), size: file.size, sha256: *sum, more }
            }));
        }
        Ok(sums)
    }

    /// Writes one more file with what `fill` writes.
    pub fn file(
        &mut self,
        path: &str,
        modified: Timestamp,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Packed, WriteError> {
        let mut hasher = Sha256::new();
        let mut more: Vec<Hasher> = self.more().iter().copied().map(Hasher::new).collect();
        let whole = format!("{}{path}", self.inner);
        let target = match &self.form {
            Form::Zip(_) => self.path.clone(),
            Form::Folder => self.path.join(&whole),
        };
        let written = match &mut self.form {
            Form::Zip(zip) => zip.append(&format!("{}/{whole}", self.folder), modified, |out| {
                hashing(out, &mut hasher, &mut more, fill).map(drop)
            }),
            Form::Folder => write_file(&target, modified, |out| hashing(out, &mut hasher, &mut more, fill)),
        };
        let size = written.map_err(|source| match source.downcast::<WriteFault>() {
            Ok(WriteFault(error)) => *error,
            Err(source) => WriteError::Io { path: target, source },
        })?;
        let sum: Sha256Sum = hasher.finalize().into();
        if let Some((_, noted)) = &mut self.noted {
            let more = more.into_iter().map(Hasher::finish).collect();
            noted.push(Noted { path: whole, size, sha256: sum, more });
        }
        Ok(Packed { path: path.to_owned(), size, modified, sum })
    }

    /// Writes an empty folder; `path` does not end in `/`.
    pub fn folder(&mut self, path: &str, modified: Timestamp) -> Result<(), WriteError> {
        if !self.empty_folders {
            return Ok(());
        }
        let fault = |source| WriteError::Io { path: self.path.clone(), source };
        match &mut self.form {
            Form::Zip(zip) => zip.folder(&format!("{}/{}{path}/", self.folder, self.inner), modified).map_err(fault),
            Form::Folder => durable::create_missing(self.path.join(&self.inner).join(path)).map_err(fault),
        }
    }

    /// Completes the package; nothing is synced yet.
    pub fn finish(self) -> Result<Finished, WriteError> {
        let (pieces, layout) = match self.form {
            Form::Zip(zip) => {
                let finished = zip.finish().map_err(|source| WriteError::Io { path: self.path.clone(), source });
                let zip::Finished { pieces, layout, .. } = finished?;
                (pieces, Some(layout))
            }
            Form::Folder => (Vec::new(), None),
        };
        Ok(Finished { path: self.path, pieces, layout })
    }
}

/// A complete package.
#[derive(Debug)]
pub struct Finished {
    /// Where it lies.
    pub path: PathBuf,
    /// What a ZIP is made of, from its first byte to its last; empty for a folder.
    pub pieces: Vec<Piece>,
    /// Where everything lies in a ZIP.
    pub layout: Option<Layout>,
}

/// Returns the name of a package's file or folder.
#[must_use]
pub fn file_name(id: PackageId, form: PackageForm) -> String {
    match form {
        PackageForm::Zip => format!("{id}.zip"),
        PackageForm::Folder => id.to_string(),
    }
}

/// Returns the name of the package that version `number` of package `id` brings: the identity itself in the first.
#[must_use]
pub fn part_name(id: PackageId, number: usize) -> String {
    if number == 1 { id.to_string() } else { format!("{id}-v{number}") }
}

fn write_file(
    target: &Path,
    modified: Timestamp,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<u64>,
) -> io::Result<u64> {
    if let Some(parent) = target.parent() {
        durable::create_missing(parent)?;
    }
    let created: File = durable::create_file(target)?;
    let mut out = io::BufWriter::new(&created);
    let size = fill(&mut out)?;
    out.flush()?;
    drop(out);
    created.set_modified(system_time(modified))?;
    Ok(size)
}

/// Returns `time` for the file system.
#[must_use]
pub fn system_time(time: Timestamp) -> SystemTime {
    let seconds = Duration::from_secs(time.seconds().unsigned_abs());
    let time = if time.seconds() < 0 { UNIX_EPOCH.checked_sub(seconds) } else { UNIX_EPOCH.checked_add(seconds) };
    time.unwrap_or(UNIX_EPOCH)
}

/// Carries a fault that is not the container's own through [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct WriteFault(Box<WriteError>);

impl From<WriteError> for io::Error {
    fn from(error: WriteError) -> Self {
        Self::other(WriteFault(Box::new(error)))
    }
}

/// Writes with what `fill` writes, adds it to the checksums, and returns how many bytes it is. Documents come in small pieces:
/// each by itself would take longer than the checksum of all of them.
fn hashing(
    out: &mut dyn Write,
    hasher: &mut Sha256,
    more: &mut [Hasher],
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<u64> {
    let mut hashing = Hashing { out, hasher, more, size: 0 };
    let mut pieces = io::BufWriter::with_capacity(1 << 16, &mut hashing);
    fill(&mut pieces)?;
    pieces.flush()?;
    drop(pieces);
    Ok(hashing.size)
}

struct Hashing<'a> {
    out: &'a mut dyn Write,
    hasher: &'a mut Sha256,
    more: &'a mut [Hasher],
    size: u64,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.more.iter_mut().for_each(|hasher| hasher.update(&bytes[..written]));
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
