//! Writes the files of a package into a stored ZIP or a folder.
//!
//! Payload goes in parallel: sizes are known from the listing, so every file's place is known before it is read. Runs of
//! small files are read behind their headers into one buffer and written with one call; big files stream to their place
//! and start first.

mod stream;

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use self::stream::{CHUNK, Done, Wanted, in_parallel, stream};
use crate::io::durable;
use crate::io::zip::{Slot, ZipWriter};
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum, Sha512Sum};
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
        let (base, wanted) = (&format!("{}{base}", self.inner), Wanted { digests, more: self.more() });
        let sums = match &mut self.form {
            Form::Zip(zip) => {
                let folder = &self.folder;
                let slots: Vec<Slot> = files
                    .iter()
                    .map(|file| zip.plan(&format!("{folder}/{base}{}", file.path), file.size, times(file.modified)))
                    .collect();
                let path = &self.path;
                let fault = |source| WriteError::Io { path: path.clone(), source };
                zip.allocate().map_err(fault)?;
                let place = ZipPlace { zip, slots: &slots, path, wanted };
                let done = in_parallel(files, |unit| place.write(files, unit, content, watch))?;
                for (slot, one) in slots.iter().zip(&done) {
                    zip.set_crc(slot, one.crc);
                }
                done
            }
            Form::Folder => {
                let root = self.path.join(base);
                durable::create_missing(&root).map_err(|source| WriteError::Io { path: root.clone(), source })?;
                let mut made = PathBuf::new();
                for file in files {
                    let target = root.join(&*file.path);
                    if let Some(parent) = target.parent()
                        && parent != made
                    {
                        parent.clone_into(&mut made);
                        durable::create_missing(&made)
                            .map_err(|source| WriteError::Io { path: made.clone(), source })?;
                    }
                }
                in_parallel(files, |unit| write_loose(&root, files, unit, wanted, &times, content, watch))?
            }
        };
        let mut all = Sums { sha256: Vec::with_capacity(files.len()), sha512: Vec::new() };
        for (file, one) in files.iter().zip(sums) {
            if let Some((_, noted)) = &mut self.noted {
                let path = format!("{base}{}", file.path);
                noted.push(Noted { path, size: file.size, sha256: one.sha256, more: one.more });
            }
            all.sha256.push(one.sha256);
            all.sha512.extend(one.sha512);
        }
        Ok(all)
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
                fill(&mut Hashing { out, hasher: &mut hasher, more: &mut more, size: 0 })
            }),
            Form::Folder => write_file(&target, modified, |out| {
                let mut hashing = Hashing { out, hasher: &mut hasher, more: &mut more, size: 0 };
                fill(&mut hashing)?;
                Ok(hashing.size)
            }),
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

    /// Completes the package and returns where it lies; nothing is synced yet.
    pub fn finish(self) -> Result<PathBuf, WriteError> {
        if let Form::Zip(zip) = self.form {
            zip.finish().map_err(|source| WriteError::Io { path: self.path.clone(), source })?;
        }
        Ok(self.path)
    }
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

/// Computes the SHA-256 of the files of a record without writing them.
pub fn digest(files: &[SourceFile], content: &dyn Content, watch: Watch<'_>) -> Result<Vec<Sha256Sum>, WriteError> {
    let wanted = Wanted { digests: Digests::Short, more: &[] };
    let done = in_parallel(files, |unit| {
        unit.map(|index| stream(&files[index], wanted, content, watch, |_, _| Ok(()))).collect()
    })?;
    Ok(done.into_iter().map(|one| one.sha256).collect())
}

/// Which checksums are computed of payload files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digests {
    /// SHA-256.
    Short,
    /// SHA-256 and SHA-512.
    Both,
}

/// Checksums of files, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// SHA-256.
    pub sha256: Vec<Sha256Sum>,
    /// SHA-512; empty where nobody asked for it.
    pub sha512: Vec<Box<Sha512Sum>>,
}

struct ZipPlace<'a> {
    zip: &'a ZipWriter,
    slots: &'a [Slot],
    path: &'a Path,
    wanted: Wanted,
}

impl ZipPlace<'_> {
    fn write(
        &self,
        files: &[SourceFile],
        unit: Range<usize>,
        content: &dyn Content,
        watch: Watch<'_>,
    ) -> Result<Vec<Done>, WriteError> {
        let out = self.zip.file();
        let fault = |source| WriteError::Io { path: self.path.to_owned(), source };
        if unit.len() == 1 && files[unit.start].size > CHUNK as u64 {
            let slot = &self.slots[unit.start];
            let done = stream(&files[unit.start], self.wanted, content, watch, |at, bytes| {
                out.write_all_at(bytes, slot.data + at).map_err(fault)
            })?;
            out.write_all_at(&self.zip.header(slot, done.crc), slot.header).map_err(fault)?;
            return Ok(vec![done]);
        }
        let start = self.slots[unit.start].header;
        let mut buffer = Vec::new();
        let mut done = Vec::with_capacity(unit.len());
        for index in unit {
            let slot = &self.slots[index];
            // The CRC is known only after the content: the header is written over this room.
            let header = buffer.len();
            buffer.resize(header + usize::try_from(slot.data - slot.header).unwrap_or_default(), 0);
            let one = stream(&files[index], self.wanted, content, watch, |_, bytes| {
                buffer.extend_from_slice(bytes);
                Ok(())
            })?;
            let bytes = self.zip.header(slot, one.crc);
            buffer[header..header + bytes.len()].copy_from_slice(&bytes);
            done.push(one);
        }
        out.write_all_at(&buffer, start).map_err(fault)?;
        Ok(done)
    }
}

fn write_loose(
    root: &Path,
    files: &[SourceFile],
    unit: Range<usize>,
    wanted: Wanted,
    times: &impl Fn(Timestamp) -> Timestamp,
    content: &dyn Content,
    watch: Watch<'_>,
) -> Result<Vec<Done>, WriteError> {
    unit.map(|index| {
        let file = &files[index];
        let target = root.join(&*file.path);
        let fault = |source| WriteError::Io { path: target.clone(), source };
        let out = durable::create_file(&target).map_err(fault)?;
        let done = stream(file, wanted, content, watch, |at, bytes| out.write_all_at(bytes, at).map_err(fault))?;
        out.set_modified(system_time(times(file.modified))).map_err(fault)?;
        Ok(done)
    })
    .collect()
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
