//! What a file system can do, found out by trying it in a folder.
//!
//! What the kernel and the manuals promise is not what a share, a container or a FUSE file system does.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, AtFlags, CWD, Mode, OFlags, RenameFlags, StatVfsMountFlags, Timespec, Timestamps};
use rustix::io::Errno;
use uuid::Uuid;

use super::durable;

/// Something that a file system can do or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// What was written is read again.
    Write,
    /// A rename that never replaces.
    RenameNoReplace,
    /// Two names change places in one step.
    Exchange,
    /// One file with two names.
    HardLink,
    /// A lock that another handle sees.
    Lock,
    /// `fsync` of a file.
    SyncFile,
    /// `fsync` of a folder.
    SyncFolder,
    /// `syncfs`.
    SyncFileSystem,
    /// Files without a name.
    UnnamedFile,
    /// The advice to forget what is in memory.
    CacheAdvice,
    /// Names of 255 bytes.
    LongName,
    /// Names that are no UTF-8.
    AnyName,
    /// `a` and `A` are two names.
    CaseSensitive,
    /// The composed and the decomposed form of a letter are two names, and names stay as they were given.
    FormSensitive,
    /// Holes take no space.
    Sparse,
}

impl Ability {
    /// All of them, in the order of trying.
    pub const ALL: [Self; 15] = [
        Self::Write,
        Self::RenameNoReplace,
        Self::Exchange,
        Self::HardLink,
        Self::Lock,
        Self::SyncFile,
        Self::SyncFolder,
        Self::SyncFileSystem,
        Self::UnnamedFile,
        Self::CacheAdvice,
        Self::LongName,
        Self::AnyName,
        Self::CaseSensitive,
        Self::FormSensitive,
        Self::Sparse,
    ];

    /// Returns the stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::RenameNoReplace => "rename-no-replace",
            Self::Exchange => "exchange",
            Self::HardLink => "hard-link",
            Self::Lock => "lock",
            Self::SyncFile => "sync-file",
            Self::SyncFolder => "sync-folder",
            Self::SyncFileSystem => "sync-file-system",
            Self::UnnamedFile => "unnamed-file",
            Self::CacheAdvice => "cache-advice",
            Self::LongName => "long-name",
            Self::AnyName => "any-name",
            Self::CaseSensitive => "case-sensitive",
            Self::FormSensitive => "form-sensitive",
            Self::Sparse => "sparse",
        }
    }

    /// Returns whether an archive cannot be kept without it.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        matches!(
            self,
            Self::Write | Self::Lock | Self::SyncFile | Self::SyncFolder | Self::SyncFileSystem | Self::LongName
        )
    }

    fn attempt(self, folder: &Path) -> io::Result<bool> {
        match self {
            Self::Write => write(folder),
            Self::RenameNoReplace => rename_no_replace(folder),
            Self::Exchange => exchange(folder),
            Self::HardLink => hard_link(folder),
            Self::Lock => lock(folder),
            Self::SyncFile => file(folder, "sync").and_then(|file| known(file.sync_all())),
            Self::SyncFolder => known(durable::sync_folder(folder)),
            Self::SyncFileSystem => known(durable::sync_file_system(folder)),
            Self::UnnamedFile => {
                let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
                known(rustix::fs::open(folder, flags, Mode::from_raw_mode(0o600)))
            }
            Self::CacheAdvice => {
                let file = file(folder, "advice")?;
                known(rustix::fs::fadvise(&file, 0, None, Advice::DontNeed))
            }
            Self::LongName => known(file(folder, &"n".repeat(255))),
            Self::AnyName => {
                let name = std::ffi::OsStr::from_bytes(b"no utf-8 \xff");
                known(durable::create_file(&folder.join(name)))
            }
            Self::CaseSensitive => {
                file(folder, "case")?;
                Ok(!folder.join("CASE").exists())
            }
            Self::FormSensitive => form_sensitive(folder),
            Self::Sparse => {
                let file = file(folder, "sparse")?;
                file.set_len(1 << 24)?;
                file.sync_all()?;
                Ok(file.metadata()?.blocks() < 1 << 10)
            }
        }
    }
}

/// What came of trying.
#[derive(Debug)]
pub struct Attempt {
    /// What was tried.
    pub ability: Ability,
    /// Whether the file system can do it; an error where that did not come out.
    pub outcome: io::Result<bool>,
}

/// How much room there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The kind of file system, where it is a usual one.
    pub kind: Option<&'static str>,
    /// Bytes that an ordinary user may still write.
    pub bytes: u64,
    /// Files that may still be made; `None` where the file system has no limit.
    pub files: Option<u64>,
    /// Nothing may be written.
    pub read_only: bool,
}

/// A folder in which is tried; removed with all that is in it when it goes out of use.
#[derive(Debug)]
pub struct Bench {
    folder: PathBuf,
}

impl Bench {
    /// Makes the folder below `parent`, with a name that nothing else has.
    pub fn new(parent: &Path) -> io::Result<Self> {
        let folder = parent.join(format!(".{}.probe", Uuid::new_v4()));
        fs::create_dir(&folder)?;
        Ok(Self { folder })
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Tries all that a file system may be able to do.
    #[must_use]
    pub fn attempts(&self) -> Vec<Attempt> {
        let attempt = |ability: Ability| Attempt { ability, outcome: ability.attempt(&self.folder) };
        Ability::ALL.map(attempt).into()
    }

    /// Returns in which steps times of files are kept, in nanoseconds.
    pub fn time_step(&self) -> io::Result<u64> {
        let kept = file(&self.folder, "time")?;
        // Odd in every unit, so that the first digits that are lost tell the step.
        let time = Timespec { tv_sec: 1_600_000_001, tv_nsec: 123_456_789 };
        rustix::fs::futimens(&kept, &Timestamps { last_access: time, last_modification: time })?;
        let found = kept.metadata()?;
        let nanoseconds = found.mtime_nsec().cast_unsigned();
        Ok(match (found.mtime(), nanoseconds) {
            (_, 123_456_789) => 1,
            (_, found) if found > 0 => {
                [1_000_000, 1_000, 100].into_iter().find(|step| found.is_multiple_of(*step)).unwrap_or(1)
            }
            (1_600_000_001, _) => 1_000_000_000,
            _ => 2_000_000_000,
        })
    }

    /// Makes a file and locks it, for another process to see.
    pub fn locked(&self) -> io::Result<(PathBuf, File)> {
        let path = self.folder.join("locked");
        let file = durable::create_file(&path)?;
        file.lock()?;
        Ok((path, file))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // What is left is below the staging folder, which the next run tidies.
        drop(durable::remove_tree(&self.folder));
    }
}

/// Returns how much room the file system has that holds `folder`.
pub fn room(folder: &Path) -> io::Result<Room> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(Room {
        kind: kind(rustix::fs::statfs(folder)?.f_type.cast_unsigned()),
        bytes: found.f_bavail.saturating_mul(found.f_frsize),
        files: (found.f_files > 0).then_some(found.f_favail),
        read_only: found.f_flag.contains(StatVfsMountFlags::RDONLY),
    })
}

/// Returns whether the file lies in memory only.
pub fn is_memory(file: &File) -> io::Result<bool> {
    Ok(kind(rustix::fs::fstatfs(file)?.f_type.cast_unsigned()) == Some("tmpfs"))
}

/// Returns what `linux/magic.h` and the file systems outside of the kernel call this number.
const fn kind(magic: u64) -> Option<&'static str> {
    Some(match magic & 0xffff_ffff {
        0xef53 => "ext4",
        0x5846_5342 => "xfs",
        0x9123_683e => "btrfs",
        0x2fc1_2fc1 => "zfs",
        0x0102_1994 => "tmpfs",
        0x794c_7630 => "overlay",
        0x6969 => "nfs",
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => "smb",
        0x6573_5546 => "fuse",
        0x4d44 => "vfat",
        0x2011_bab0 => "exfat",
        0x5346_544e | 0x7366_746e => "ntfs",
        _ => return None,
    })
}

fn file(folder: &Path, name: &str) -> io::Result<File> {
    durable::create_file(&folder.join(name))
}

/// Returns whether the file system knows the call; all else that goes wrong is an error.
fn known<T, E: Into<io::Error>>(done: Result<T, E>) -> io::Result<bool> {
    match done.map_err(Into::into) {
        Ok(_) => Ok(true),
        Err(error) => {
            let unknown = [
                Errno::INVAL,
                Errno::NOSYS,
                Errno::NOTSUP,
                Errno::OPNOTSUPP,
                Errno::ISDIR,
                Errno::ILSEQ,
                Errno::NAMETOOLONG,
                Errno::MLINK,
                Errno::NOTTY,
            ];
            let lacks = unknown.iter().any(|errno| Some(errno.raw_os_error()) == error.raw_os_error());
            if lacks { Ok(false) } else { Err(error) }
        }
    }
}

fn write(folder: &Path) -> io::Result<bool> {
    const WRITTEN: &[u8] = b"written and read again\n";
    let path = folder.join("write");
    let mut written = durable::create_file(&path)?;
    written.write_all(WRITTEN)?;
    written.sync_all()?;
    written.seek(io::SeekFrom::Start(0))?;
    durable::forget(&written);
    Ok(fs::read(&path)? == WRITTEN)
}

fn rename_no_replace(folder: &Path) -> io::Result<bool> {
    let (from, taken, free) = (folder.join("from"), folder.join("taken"), folder.join("free"));
    for path in [&from, &taken] {
        fs::create_dir(path)?;
    }
    let rename = |to: &Path| rustix::fs::renameat_with(CWD, &from, CWD, to, RenameFlags::NOREPLACE);
    match rename(&taken) {
        Err(Errno::EXIST) => known(rename(&free)),
        // It replaced what it must not.
        Ok(()) => Ok(false),
        failed => known(failed),
    }
}

fn exchange(folder: &Path) -> io::Result<bool> {
    let (one, two) = (folder.join("one"), folder.join("two"));
    for path in [&one, &two] {
        fs::create_dir(path)?;
    }
    durable::create_file(&one.join("mark"))?;
    let changed = known(rustix::fs::renameat_with(CWD, &one, CWD, &two, RenameFlags::EXCHANGE))?;
    Ok(changed && two.join("mark").exists() && one.exists())
}

fn hard_link(folder: &Path) -> io::Result<bool> {
    let (first, second) = (folder.join("first"), folder.join("second"));
    durable::create_file(&first)?;
    match rustix::fs::linkat(CWD, &first, CWD, &second, AtFlags::empty()) {
        // What file systems without links answer.
        Err(Errno::PERM) => Ok(false),
        linked => Ok(known(linked)? && fs::metadata(&first)?.nlink() == 2),
    }
}

fn lock(folder: &Path) -> io::Result<bool> {
    let path = folder.join("lock");
    let holder = durable::create_file(&path)?;
    if !known(holder.lock())? {
        return Ok(false);
    }
    let other = OpenOptions::new().read(true).open(&path)?;
    Ok(matches!(other.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

fn form_sensitive(folder: &Path) -> io::Result<bool> {
    const COMPOSED: &str = "\u{e4}";
    const DECOMPOSED: &str = "a\u{308}";
    file(folder, COMPOSED)?;
    let kept = fs::read_dir(folder)?.flatten().any(|entry| entry.file_name() == COMPOSED);
    Ok(kept && !folder.join(DECOMPOSED).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_leaves_nothing_and_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let bench = Bench::new(folder.path()).unwrap();
        for attempt in bench.attempts() {
            let outcome = attempt.outcome.as_ref().map_err(ToString::to_string);
            // Any Linux file system that tests run on can do what is needed.
            assert!(!attempt.ability.is_needed() || outcome == Ok(&true), "{:?}: {outcome:?}", attempt.ability);
            assert!(outcome.is_ok(), "{:?}: {outcome:?}", attempt.ability);
        }
        assert!(bench.time_step().unwrap() >= 1);
        let (path, _held) = bench.locked().unwrap();
        assert!(File::open(path).unwrap().try_lock().is_err());
        drop(bench);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_call_that_is_not_known_is_told_from_one_that_failed() {
        for (errno, expected) in [
            (Errno::INVAL, Some(false)),
            (Errno::NOTSUP, Some(false)),
            (Errno::NAMETOOLONG, Some(false)),
            (Errno::IO, None),
            (Errno::ACCESS, None),
            (Errno::NOSPC, None),
        ] {
            assert_eq!(known::<(), _>(Err(errno)).ok(), expected, "{errno:?}");
        }
        assert!(known::<_, Errno>(Ok(())).unwrap());
    }

    #[test]
    fn codes_are_different() {
        let codes: std::collections::BTreeSet<_> = Ability::ALL.map(Ability::code).into();
        assert_eq!(codes.len(), Ability::ALL.len());
    }

    #[test]
    fn room_is_told() {
        let room = room(Path::new("/")).unwrap();
        assert!(room.bytes > 0 || room.read_only, "{room:?}");
    }
}
