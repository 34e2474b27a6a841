//! Opens what lies below a folder, and never anything else: no link is followed on the way, none at its end.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{CWD, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

/// What a name in a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe, a socket, a device.
    Special,
}

impl Kind {
    /// Returns the kind in a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Link => "link",
            Self::Special => "special",
        }
    }
}

/// A folder that is held open; paths below it are bytes separated by `/`.
#[derive(Debug)]
pub struct Below {
    root: OwnedFd,
}

impl Below {
    /// Opens the folder at `path`; links on the way to it are followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let root = rustix::fs::openat(CWD, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self { root })
    }

    /// Opens the folder `path` below this one.
    pub fn folder(&self, path: &[u8]) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self { root: opened(self.root.as_fd(), checked(path)?, flags)? })
    }

    /// Opens the regular file `path` for reading.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if it is a link or otherwise no regular file, which is then not waited for;
    /// [`io::ErrorKind::InvalidInput`] if `path` would leave the folder.
    pub fn file(&self, path: &[u8]) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = match opened(self.root.as_fd(), checked(path)?, flags) {
            Ok(file) => File::from(file),
            Err(Errno::LOOP | Errno::NXIO | Errno::NODEV) => return Err(io::ErrorKind::InvalidData.into()),
            Err(error) => return Err(error.into()),
        };
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    /// Goes through the folder `path` (the folder itself where that is empty), in the order in which the system lists it.
    pub fn each(&self, path: &[u8], mut take: impl FnMut(&[u8], Kind)) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = if path.is_empty() {
            rustix::fs::openat(&self.root, c".", flags, Mode::empty())?
        } else {
            opened(self.root.as_fd(), checked(path)?, flags)?
        };
        let entries = Dir::read_from(&folder)?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => {
                    let stat = rustix::fs::statat(&folder, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?;
                    FileType::from_raw_mode(stat.st_mode)
                }
                known => known,
            };
            take(
                name.to_bytes(),
                match kind {
                    FileType::RegularFile => Kind::File,
                    FileType::Directory => Kind::Folder,
                    FileType::Symlink => Kind::Link,
                    _ => Kind::Special,
                },
            );
        }
        Ok(())
    }

    /// Returns what is in the folder `path`, sorted by the bytes of the names.
    pub fn entries(&self, path: &[u8]) -> io::Result<Entries> {
        self.entries_that(path, |_, _| true)
    }

    /// Returns of what is in the folder `path` that which is `wanted`, sorted by the bytes of the names: of a million files that
    /// are as they should be nothing needs to be held.
    pub fn entries_that(&self, path: &[u8], mut wanted: impl FnMut(&[u8], Kind) -> bool) -> io::Result<Entries> {
        let mut entries = Entries::default();
        let mut too_many = false;
        self.each(path, |name, kind| too_many |= wanted(name, kind) && !entries.push(name, kind))?;
        if too_many {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        entries.sort();
        Ok(entries)
    }
}

/// What is in a folder: some 40 bytes an entry, so that there may be many.
#[derive(Debug, Default)]
pub struct Entries {
    text: Vec<u8>,
    spans: Vec<Span>,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    length: u16,
    kind: Kind,
}

impl Span {
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + usize::from(self.length)
    }
}

impl Entries {
    /// Adds an entry; returns whether there was room.
    pub(super) fn push(&mut self, name: &[u8], kind: Kind) -> bool {
        let (Ok(start), Ok(length)) = (u32::try_from(self.text.len()), u16::try_from(name.len())) else { return false };
        self.text.extend_from_slice(name);
        self.spans.push(Span { start, length, kind });
        true
    }

    /// Sorts the entries by name; what was added twice is there once.
    pub(super) fn sort(&mut self) {
        let Self { text, spans } = self;
        spans.sort_unstable_by(|a, b| text.get(a.range()).cmp(&text.get(b.range())));
        spans.dedup_by(|a, b| text.get(a.range()) == text.get(b.range()));
    }

    /// Leaves only the entries that are `wanted`.
    pub(super) fn retain(&mut self, wanted: &mut dyn FnMut(&[u8], Kind) -> bool) {
        let Self { text, spans } = self;
        spans.retain(|span| wanted(text.get(span.range()).unwrap_or_default(), span.kind));
    }

    /// Returns the entries in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Kind)> {
        self.spans.iter().map(|span| (self.text.get(span.range()).unwrap_or_default(), span.kind))
    }

    /// Returns what the entry `name` is, if there is one.
    #[must_use]
    pub fn kind(&self, name: &[u8]) -> Option<Kind> {
        let at = self.spans.binary_search_by(|span| self.text.get(span.range()).unwrap_or_default().cmp(name)).ok()?;
        self.spans.get(at).map(|span| span.kind)
    }

    /// Returns whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

/// Opens `path` below `root` with `flags`, which include [`OFlags::NOFOLLOW`]; a link on the way is [`Errno::NOTDIR`] or
/// [`Errno::LOOP`], one at the end [`Errno::LOOP`].
pub fn opened(root: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    rustix::io::retry_on_intr(|| match in_one_step(root, path, flags) {
        // Before Linux 5.6, and in sandboxes, which answer EPERM to calls that they do not know.
        Err(Errno::NOSYS | Errno::PERM) => step_by_step(root, path, flags),
        other => other,
    })
}

/// Has the kernel refuse links on the way (Linux 5.6).
#[cfg(target_os = "linux")]
fn in_one_step(root: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    rustix::fs::openat2(root, OsStr::from_bytes(path), flags, Mode::empty(), resolve)
}

#[cfg(not(target_os = "linux"))]
fn in_one_step(_: BorrowedFd<'_>, _: &[u8], _: OFlags) -> rustix::io::Result<OwnedFd> {
    Err(Errno::NOSYS)
}

fn step_by_step(root: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let way = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut at: Option<OwnedFd> = None;
    let mut parts = path.split(|c| *c == b'/').peekable();
    while let Some(part) = parts.next() {
        let folder = at.as_ref().map_or(root, AsFd::as_fd);
        let flags = if parts.peek().is_none() { flags } else { way };
        at = Some(rustix::fs::openat(folder, OsStr::from_bytes(part), flags, Mode::empty())?);
    }
    at.ok_or(Errno::NOENT)
}

/// Returns `path` if it stays below where it begins.
pub(super) fn checked(path: &[u8]) -> io::Result<&[u8]> {
    let stays = path.split(|c| *c == b'/').all(|part| !matches!(part, b"" | b"." | b"..")) && !path.contains(&0);
    if stays { Ok(path) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_but_files_below_the_folder_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/file"), "text").unwrap();
        fs::write(folder.path().join("outside"), "secret").unwrap();
        symlink("../outside", root.join("link")).unwrap();
        symlink("a", root.join("way")).unwrap();
        rustix::fs::mknodat(CWD, root.join("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        let below = Below::open(&root).unwrap();
        let mut text = String::new();
        below.file(b"a/b/file").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
        for (path, kind) in [
            (&b"link"[..], io::ErrorKind::InvalidData),
            (b"way/b/file", io::ErrorKind::InvalidData),
            (b"pipe", io::ErrorKind::InvalidData),
            (b"a", io::ErrorKind::InvalidData),
            (b"none", io::ErrorKind::NotFound),
            (b"../outside", io::ErrorKind::InvalidInput),
            (b"/etc/passwd", io::ErrorKind::InvalidInput),
            (b"a//b", io::ErrorKind::InvalidInput),
            (b"", io::ErrorKind::InvalidInput),
        ] {
            assert_eq!(below.file(path).unwrap_err().kind(), kind, "{}", String::from_utf8_lossy(path));
        }
        assert!(below.folder(b"way").is_err());
        let entries = below.entries(b"").unwrap();
        let names: Vec<_> = entries.iter().collect();
        let known = [("a", Kind::Folder), ("link", Kind::Link), ("pipe", Kind::Special), ("way", Kind::Link)];
        assert_eq!(names, known.map(|(name, kind)| (name.as_bytes(), kind)));
        assert_eq!((entries.kind(b"pipe"), entries.kind(b"none")), (Some(Kind::Special), None));
        assert_eq!(below.folder(b"a").unwrap().entries(b"b").unwrap().iter().count(), 1);
        assert!(below.entries(b"way").is_err());
    }

    #[test]
    fn without_the_kernels_guard_links_are_refused_too() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("a/file"), "").unwrap();
        symlink("a", folder.path().join("way")).unwrap();
        symlink("a/file", folder.path().join("link")).unwrap();
        let below = Below::open(folder.path()).unwrap();
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW;
        assert!(step_by_step(below.root.as_fd(), b"a/file", flags).is_ok());
        assert_eq!(step_by_step(below.root.as_fd(), b"way/file", flags).unwrap_err(), Errno::NOTDIR);
        assert_eq!(step_by_step(below.root.as_fd(), b"link", flags).unwrap_err(), Errno::LOOP);
    }
}
