//! Reads the files of a folder exactly as they were listed, or says that they changed.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;

use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::io::below;
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::path;
use crate::model::record::SourceFile;
use crate::model::time::Timestamp;

/// The files below one folder, opened for reading only; no link is ever followed below it.
#[derive(Debug)]
pub struct FolderContent {
    root: OwnedFd,
}

impl FolderContent {
    pub(super) fn new(root: OwnedFd) -> Self {
        Self { root }
    }

    pub(super) fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    /// Opens the file at `path` (original bytes), which must be as `file` lists it.
    pub(super) fn open_at(&self, path: &[u8], file: &SourceFile) -> Result<Box<dyn FileBytes>, ReadFault> {
        let opened = open_regular(self.root(), path)?;
        let reader = Reader { file: opened, listed: (file.size, file.modified, file.witness), left: file.size };
        reader.is_as_listed()?;
        Ok(Box::new(reader))
    }
}

impl Content for FolderContent {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        let place = file.facts.as_ref().and_then(|facts| facts.place.as_ref());
        self.open_at(&place.map_or_else(|| path::original(&file.path), |(_, path)| path.to_vec()), file)
    }
}

/// Returns `path` with what tells it from any other state of the file.
pub(super) fn listed(path: String, metadata: &Metadata) -> SourceFile {
    SourceFile {
        path: path.into_boxed_str(),
        size: metadata.len(),
        modified: Timestamp::from_seconds(metadata.mtime()),
        witness: (metadata.ino(), u32::try_from(metadata.mtime_nsec()).unwrap_or_default()),
        facts: None,
    }
}

/// Opens the regular file at `path` (original bytes) below `root`.
///
/// Without blocking, since a pipe without a writer would never answer; a link anywhere on the way counts as a change.
pub(super) fn open_regular(root: BorrowedFd<'_>, path: &[u8]) -> Result<File, ReadFault> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    match below::opened(root, path, flags) {
        Ok(fd) => Ok(File::from(fd)),
        Err(Errno::NOENT | Errno::NOTDIR) => Err(ReadFault::Gone),
        // A link, a socket or a device without a driver has taken its place.
        Err(Errno::LOOP | Errno::XDEV | Errno::NXIO | Errno::NODEV) => Err(ReadFault::Changed),
        Err(error) => Err(ReadFault::Unreadable(error.into())),
    }
}

struct Reader {
    file: File,
    listed: (u64, Timestamp, (u64, u32)),
    left: u64,
}

impl Reader {
    fn is_as_listed(&self) -> Result<(), ReadFault> {
        let metadata = self.file.metadata().map_err(ReadFault::Unreadable)?;
        let now = listed(String::new(), &metadata);
        if metadata.is_file() && (now.size, now.modified, now.witness) == self.listed {
            Ok(())
        } else {
            Err(ReadFault::Changed)
        }
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        loop {
            match self.file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map_err(ReadFault::Unreadable),
            }
        }
    }
}

impl FileBytes for Reader {
    fn skip(&mut self, bytes: u64) -> Result<(), ReadFault> {
        if bytes > self.left {
            return Err(ReadFault::Changed);
        }
        self.file.seek_relative(i64::try_from(bytes).unwrap_or(i64::MAX)).map_err(ReadFault::Unreadable)?;
        self.left -= bytes;
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            return self.is_as_listed().map(|()| 0);
        }
        let want = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = self.read_some(&mut buffer[..want])?;
        if count == 0 {
            return Err(ReadFault::Changed);
        }
        self.left -= count as u64;
        Ok(count)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn content(root: &Path) -> FolderContent {
        FolderContent::new(File::open(root).unwrap().into())
    }

    fn list(root: &Path, name: &str) -> SourceFile {
        listed(path::portable(name.as_bytes()), &fs::symlink_metadata(root.join(name)).unwrap())
    }

    fn read_all(content: &FolderContent, file: &SourceFile) -> Result<Vec<u8>, ReadFault> {
        let mut reader = content.open(file)?;
        let (mut out, mut buffer) = (Vec::new(), [0; 7]);
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(out),
                count => out.extend_from_slice(&buffer[..count]),
            }
        }
    }

    #[test]
    fn a_file_is_read_whole() {
        let root = tempfile::tempdir().unwrap();
        for (name, bytes) in [("leer", ""), ("a:b", "Akte"), ("lang", "0123456789abcdef")] {
            fs::write(root.path().join(name), bytes).unwrap();
            let file = list(root.path(), name);
            assert_eq!(read_all(&content(root.path()), &file).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn what_is_not_the_listed_file_is_not_read() {
        type Change = fn(&Path);
        let changes: [(&str, Change); 8] = [
            ("grown", |p| fs::write(p, "longer than it was").unwrap()),
            ("shrunk", |p| fs::write(p, "").unwrap()),
            ("touched", |p| touch(p)),
            ("gone", |p| fs::remove_file(p).unwrap()),
            ("linked", |p| {
                let other = p.with_extension("other");
                fs::rename(p, &other).unwrap();
                std::os::unix::fs::symlink(&other, p).unwrap();
            }),
            ("folder", |p| {
                fs::remove_file(p).unwrap();
                fs::create_dir(p).unwrap();
            }),
            ("piped", |p| {
                fs::remove_file(p).unwrap();
                rustix::fs::mknodat(rustix::fs::CWD, p, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
            }),
            ("socket", |p| {
                fs::remove_file(p).unwrap();
                std::os::unix::net::UnixListener::bind(p).unwrap();
            }),
        ];
        for (name, change) in changes {
            let root = tempfile::tempdir().unwrap();
            let path = root.path().join(name);
            fs::write(&path, "Akte").unwrap();
            let file = list(root.path(), name);
            change(&path);
            let fault = read_all(&content(root.path()), &file).unwrap_err();
            assert!(matches!(fault, ReadFault::Changed | ReadFault::Gone), "{name}: {fault:?}");
        }
    }

    #[test]
    fn a_change_while_reading_is_found() {
        type Change = fn(&Path);
        let changes: [Change; 3] =
            [|p| fs::write(p, "0123456789 and more").unwrap(), |p| fs::write(p, "012345").unwrap(), touch];
        for change in changes {
            let root = tempfile::tempdir().unwrap();
            let path = root.path().join("a");
            fs::write(&path, "0123456789").unwrap();
            let content = content(root.path());
            let mut reader = content.open(&list(root.path(), "a")).unwrap();
            assert_eq!(reader.read(&mut [0; 4]).unwrap(), 4);
            change(&path);
            let fault = loop {
                match reader.read(&mut [0; 4]) {
                    Ok(count) => assert!(count > 0),
                    Err(fault) => break fault,
                }
            };
            assert!(matches!(fault, ReadFault::Changed));
        }
    }

    #[test]
    fn a_folder_that_became_a_link_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("f")).unwrap();
        fs::write(root.path().join("f/a"), "Akte").unwrap();
        let file = list(root.path(), "f/a");
        let file = SourceFile { path: "f/a".into(), ..file };
        fs::rename(root.path().join("f"), root.path().join("g")).unwrap();
        std::os::unix::fs::symlink("g", root.path().join("f")).unwrap();
        assert!(read_all(&content(root.path()), &file).is_err());
    }

    fn touch(path: &Path) {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() + Duration::from_secs(7)).unwrap();
    }
}
