//! Own data, written so that it survives a crash: the only module that creates, renames and removes files.
//!
//! *Durable* means: still there after a power cut, as far as the medium does not lie about having written. All functions
//! follow no link in the last part of a path and leave the caller's folders as they are on an error, except where said. A call
//! that a signal interrupted is made again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::num::NonZeroU64;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use uuid::Uuid;

/// How much [`create`] and [`replace`] gather before they write, in bytes.
const BUFFER: usize = 64 * 1024;

/// Creates `path` with what `fill` writes; never replaces an existing file.
///
/// The data is written to a file without a name, synced, read back, linked without replacing, and the folder is synced. After a crash at
/// any point `path` is there in full or not at all. Where the file system knows no files without names, the data is staged
/// under a hidden one in the same folder (`.` UUID `.tmp`), which may remain: see [`remove_unfinished`]. Once this has
/// returned `Ok`, `path` is durable.
///
/// # Errors
/// Any I/O error, [`io::ErrorKind::AlreadyExists`] if `path` is taken, and whatever `fill` returns; nothing remains then.
/// Where only the last step failed, the sync of the folder, `path` is there in full but perhaps not durable.
pub fn create(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    StagedFile::write(path, fill)?.link(path)?;
    sync_folder(folder_of(path))
}

/// Puts what `fill` writes in the place of `path`, whether that exists or not; for indexes and reports only.
///
/// After a crash at any point `path` holds the old or the new content in full; beside an old one a staged file may remain, see
/// [`remove_unfinished`]. Once this has returned `Ok`, the new one is durable.
///
/// # Errors
/// As for [`create`], except that an existing `path` is none.
pub fn replace(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    StagedFile::write(path, fill)?.put(path)
}

/// Does the same with a file that everyone may read, whatever the process allows others (umask).
pub fn replace_public(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let staged = StagedFile::write(path, fill)?;
    again(|| rustix::fs::fchmod(&staged.file, Mode::from_raw_mode(0o644)))?;
    staged.put(path)
}

/// Does the same, and returns the new file with an exclusive lock on it (`flock`), taken before it got its name.
///
/// For files that others lock: nobody can hold the new one in between.
pub fn replace_locked(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<File> {
    let mut staged = StagedFile::write(path, fill)?;
    let opened = File::open(staged.named(path)?)?;
    opened.lock()?;
    let hidden = staged.named(path)?;
    again(|| rustix::fs::rename(hidden, path))?;
    staged.kept();
    sync_folder(folder_of(path))?;
    Ok(opened)
}

/// Removes from `folder` the files that [`create`] and [`replace`] staged there and a crash left behind.
///
/// Only where nobody else writes to the folder: what another process is staging would be lost.
pub fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let staged = name.to_str().and_then(|name| name.strip_prefix('.')?.strip_suffix(".tmp"));
        if staged.is_some_and(|id| Uuid::try_parse(id).is_ok()) && entry.file_type()?.is_file() {
            remove_tree(&entry.path())?;
        }
    }
    Ok(())
}

/// Creates the file `path` for reading and writing at any position; never replaces.
///
/// For writers of large files below a staging folder. Nothing is durable before the caller has synced the file and its
/// folder, or the file system ([`sync_file_system`]); after a crash the file may hold anything.
pub fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).custom_flags(bits(OFlags::NOFOLLOW)).open(path)
}

/// Opens the file `path`, which [`create_file`] made and a run that was interrupted left, for reading and writing at any position.
///
/// As little durable as that one; links are not followed.
pub fn reopen_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).custom_flags(bits(OFlags::NOFOLLOW)).open(path)
}

/// Creates a file without a name in the system's folder for temporary files, for reading and writing.
///
/// It is gone with the last handle, also after a crash.
pub fn unnamed() -> io::Result<File> {
    let folder = tempfile::env::temp_dir();
    if let Some(file) = nameless(&folder, 0o600)? {
        return Ok(file);
    }
    // Then the name is removed at once.
    let path = folder.join(hidden_name());
    let file = create_file(&path)?;
    remove_file(&path)?;
    Ok(file)
}

/// Renames the file or folder `from` to `to` in one atomic step; never replaces.
///
/// Not durable: after a crash the file or folder is at one of the two places, in full, until the folder of `to` was synced
/// or the file system was. Both must be on one file system.
///
/// Some network and FUSE file systems answer EINVAL to a rename that must not replace. There, `to` is looked for first and
/// then a plain rename is made. It never replaces a folder with content (ENOTEMPTY); a file or an empty folder that another
/// program makes between the two steps would be replaced, which is why callers hold the archive's lock.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if `to` is taken; any I/O error.
pub fn publish(from: &Path, to: &Path) -> io::Result<()> {
    match again(|| rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => publish_plainly(from, to),
        done => Ok(done?),
    }
}

/// Lets the two existing files or folders `one` and `other` change places in one atomic step.
///
/// Not durable: after a crash both are where they were or both have changed, in full, until the folders of both were synced
/// or the file system was. Both must be on one file system.
///
/// # Errors
/// [`io::ErrorKind::Unsupported`] where the file system cannot do it in one step (most network and FUSE file systems): a
/// step in between would show neither; any I/O error.
pub fn swap(one: &Path, other: &Path) -> io::Result<()> {
    match again(|| rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Err(io::ErrorKind::Unsupported.into()),
        done => Ok(done?),
    }
}

/// Gives the file `from` a second name `to`, which must be free: both are one file. Links are not followed.
///
/// Not durable before the folder of `to` was synced or the file system was. Both must be on one file system.
///
/// # Errors
/// [`io::ErrorKind::Unsupported`] where the file system has no such names or does not allow this one (other file system, too
/// many names, a file of another owner); [`io::ErrorKind::AlreadyExists`] if `to` is taken; any I/O error.
pub fn link(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::linkat(CWD, from, CWD, to, AtFlags::empty()) {
        Err(Errno::PERM | Errno::XDEV | Errno::MLINK | Errno::NOSYS | Errno::NOTSUP | Errno::INVAL) => {
            Err(io::ErrorKind::Unsupported.into())
        }
        done => Ok(done?),
    }
}

/// Puts the complete, synced file `from` in the place of `to`, whatever is there, and syncs the folder.
///
/// After a crash `to` is the old file or the new one, never a part. For indexes that can be made anew only.
pub fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    File::open(from)?.sync_all()?;
    again(|| rustix::fs::rename(from, to))?;
    sync_folder(folder_of(to))
}

/// Makes the entries of the folder `path` durable: what was created, renamed or removed in it before.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    open_folder(path)?.sync_all()
}

/// Makes everything durable that was written before to the file system that holds `path`, by this program or any other.
///
/// One call for a group of packages costs less than one for each file. Linux reports write errors here since 5.8; a write
/// error that another program has been told of already may be missed, so what counts is read back after this and
/// [`forget`].
pub fn sync_file_system(path: &Path) -> io::Result<()> {
    let folder = open_folder(path)?;
    Ok(again(|| rustix::fs::syncfs(&folder))?)
}

/// Creates the folder `path` and all missing ones between it and the existing folder `below`.
///
/// Once this has returned `Ok`, all of them are durable, also those that an interrupted call had made. After a crash some of
/// them may be there.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] if `path` is not below `below`; [`io::ErrorKind::NotADirectory`] if something else than a
/// folder, such as a link, is in the way; any I/O error.
pub fn create_folders(path: &Path, below: &Path) -> io::Result<()> {
    let names = path.strip_prefix(below).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut folder = below.to_path_buf();
    for name in names.components() {
        let std::path::Component::Normal(name) = name else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let parent = folder.clone();
        folder.push(name);
        match create_folder(&folder) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                if !fs::symlink_metadata(&folder)?.is_dir() {
                    return Err(io::ErrorKind::NotADirectory.into());
                }
            }
            made => made?,
        }
        sync_folder(&parent)?;
    }
    Ok(())
}

/// Creates the folder `path` in an existing one.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if `path` is taken; any I/O error.
pub fn create_folder(path: &Path) -> io::Result<()> {
    uninterrupted(|| fs::create_dir(path))
}

/// Creates the folder `path` and those above it where they are missing; not durable.
pub fn create_missing(path: impl AsRef<Path>) -> io::Result<()> {
    uninterrupted(|| fs::create_dir_all(&path))
}

/// Removes the file or link `path`.
pub fn remove_file(path: &Path) -> io::Result<()> {
    uninterrupted(|| fs::remove_file(path))
}

/// Removes the empty folder `path`.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    uninterrupted(|| fs::remove_dir(path))
}

/// Asks the kernel to drop what it keeps of `file` in memory, so that the next read comes from the medium.
///
/// Best effort, errors are ignored: only what was synced is dropped, and not what another program has mapped or a network
/// server keeps.
pub fn forget(file: &File) {
    forget_piece(file, 0, None);
}

/// Does the same with the `length` bytes at `at`, up to the end where no length is given.
pub fn forget_piece(file: &File, at: u64, length: Option<NonZeroU64>) {
    // Not every file system knows the advice, and reading from memory is no fault.
    let _ = rustix::fs::fadvise(file, at, length, Advice::DontNeed);
}

/// Removes a folder with all its content, or a file; links are removed, never followed. It is no error if `path` is absent.
///
/// Not durable and not atomic: after a crash any part of the tree may be left.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => uninterrupted(|| fs::remove_dir_all(path)),
        Ok(_) => remove_file(path),
        Err(e) => Err(e),
    };
    match removed {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Returns how many bytes an ordinary user may still write to the file system that holds `path`.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(path)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// A synced file without a name, or under a hidden one; removed when it goes out of use before it got its own.
struct StagedFile {
    file: File,
    hidden: Option<PathBuf>,
}

impl StagedFile {
    fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Self> {
        let staged = Self::begin(path)?;
        let mut buffer = Summed { out: BufWriter::with_capacity(BUFFER, &staged.file), sum: crc32fast::Hasher::new() };
        fill(&mut buffer)?;
        buffer.flush()?;
        let sum = buffer.sum.clone().finalize();
        drop(buffer);
        staged.file.sync_all()?;
        staged.read_back(sum)?;
        Ok(staged)
    }

    /// Compares what the medium holds with what was written; a medium that lies about writing is found out.
    fn read_back(&self, sum: u32) -> io::Result<()> {
        forget(&self.file);
        let (mut hasher, mut buffer, mut at) = (crc32fast::Hasher::new(), vec![0; BUFFER], 0);
        loop {
            match uninterrupted(|| self.file.read_at(&mut buffer, at))? {
                0 => break,
                read => {
                    hasher.update(buffer.get(..read).unwrap_or_default());
                    at += read as u64;
                }
            }
        }
        if hasher.finalize() == sum { Ok(()) } else { Err(io::Error::other("read back other bytes than were written")) }
    }

    fn begin(path: &Path) -> io::Result<Self> {
        match nameless(folder_of(path), 0o666)? {
            Some(file) => Ok(Self { file, hidden: None }),
            None => Self::hidden(path),
        }
    }

    fn hidden(path: &Path) -> io::Result<Self> {
        // A name of its own: one made from the final name could be too long.
        let hidden = folder_of(path).join(hidden_name());
        Ok(Self { file: create_file(&hidden)?, hidden: Some(hidden) })
    }

    /// Gives the file the name `path`; never replaces.
    fn link(&mut self, path: &Path) -> io::Result<()> {
        if self.hidden.is_none() {
            match self.named_as(path) {
                // Without /proc it cannot be named, nor where a rule of the host forbids it.
                Err(Errno::NOENT | Errno::PERM | Errno::ACCESS | Errno::XDEV | Errno::OPNOTSUPP) => {
                    self.rewrite(path)?;
                }
                done => return Ok(done?),
            }
        }
        if let Some(hidden) = &self.hidden {
            publish(hidden, path)?;
        }
        self.kept();
        Ok(())
    }

    /// Puts the file in the place of `path`, whether that exists or not, and syncs the folder.
    fn put(mut self, path: &Path) -> io::Result<()> {
        match self.link(path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                let hidden = self.named(path)?;
                again(|| rustix::fs::rename(hidden, path))?;
                self.kept();
            }
            done => done?,
        }
        sync_folder(folder_of(path))
    }

    /// Returns the hidden name beside `path`, which the file gets if it has none.
    fn named<'s>(&'s mut self, path: &'s Path) -> io::Result<&'s Path> {
        if self.hidden.is_none() {
            let hidden = folder_of(path).join(hidden_name());
            self.named_as(&hidden)?;
            self.hidden = Some(hidden);
        }
        Ok(self.hidden.as_deref().unwrap_or(path))
    }

    fn named_as(&self, path: &Path) -> Result<(), Errno> {
        let this = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        again(|| rustix::fs::linkat(CWD, this.as_str(), CWD, path, AtFlags::SYMLINK_FOLLOW))
    }

    /// Puts what was written into a file under a hidden name beside `path`.
    fn rewrite(&mut self, path: &Path) -> io::Result<()> {
        let mut named = Self::hidden(path)?;
        self.file.seek(SeekFrom::Start(0))?;
        io::copy(&mut self.file, &mut named.file)?;
        named.file.sync_all()?;
        *self = named;
        Ok(())
    }

    /// Leaves the file alone from now on: it has its own name.
    fn kept(&mut self) {
        self.hidden = None;
    }
}

/// Passes on what is written, and sums it up.
struct Summed<W> {
    out: W,
    sum: crc32fast::Hasher,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if let Some(hidden) = &self.hidden {
            // The error that led here is the one to report.
            drop(remove_file(hidden));
        }
    }
}

/// Opens a file without a name on the file system of `folder`; `None` where that knows none.
fn nameless(folder: &Path, mode: u32) -> io::Result<Option<File>> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match again(|| rustix::fs::open(folder, flags, Mode::from_raw_mode(mode))) {
        Ok(file) => Ok(Some(File::from(file))),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::NOENT | Errno::INVAL) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn hidden_name() -> String {
    format!(".{}.tmp", Uuid::new_v4())
}

/// Makes a system call until no signal interrupts it.
fn again<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> rustix::io::Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            done => return done,
        }
    }
}

/// Does `work` until no signal interrupts it.
fn uninterrupted<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match work() {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

fn publish_plainly(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(again(|| rustix::fs::rename(from, to))?),
        Err(e) => Err(e),
    }
}

/// Opens the folder `path`, to sync or to lock it.
pub fn open_folder(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(bits(OFlags::DIRECTORY)).open(path)
}

/// Returns the folder that holds `path`; `.` for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn bits(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn swapped_folders_hold_what_the_other_held() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::create_dir(&one).unwrap();
        fs::create_dir(&other).unwrap();
        fs::write(one.join("a"), "a").unwrap();
        assert_eq!(swap(&one, &folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
        swap(&one, &other).unwrap();
        assert_eq!((names(&one), names(&other)), (vec![], vec!["a".to_owned()]));
    }

    #[test]
    fn a_linked_file_is_the_same_file_and_replaces_nothing() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::write(&one, "text").unwrap();
        link(&one, &other).unwrap();
        assert_eq!(fs::metadata(&one).unwrap().ino(), fs::metadata(&other).unwrap().ino());
        assert_eq!(link(&one, &other).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(
            link(&folder.path().join("none"), &folder.path().join("new")).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        fs::remove_file(&one).unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "text");
    }

    #[test]
    fn created_file_holds_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let long = "x".repeat(3 * BUFFER);
        create(&path, |w| w.write_all(long.as_bytes())).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), long);
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn create_never_replaces() {
        let folder = tempfile::tempdir().unwrap();
        for taken in ["file", "folder", "link"] {
            let path = folder.path().join(taken);
            match taken {
                "file" => fs::write(&path, "old").unwrap(),
                "folder" => fs::create_dir(&path).unwrap(),
                _ => symlink("nowhere", &path).unwrap(),
            }
            for attempt in [create(&path, |w| w.write_all(b"new")).unwrap_err(), create_file(&path).unwrap_err()] {
                assert_eq!(attempt.kind(), io::ErrorKind::AlreadyExists, "{taken}");
            }
        }
        assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "old");
        assert_eq!(names(folder.path()), ["file", "folder", "link"]);
    }

    #[test]
    fn nothing_remains_of_a_failed_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(folder.path().join("b"), "old").unwrap();
        let fail = |w: &mut dyn Write| {
            w.write_all(b"half")?;
            Err(io::Error::other("no more"))
        };
        assert_eq!(create(&path, fail).unwrap_err().to_string(), "no more");
        replace(&folder.path().join("b"), fail).unwrap_err();
        assert_eq!(names(folder.path()), ["b"]);
        assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "old");
    }

    #[test]
    fn replace_takes_the_place_of_a_link_not_of_its_target() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        symlink(&target, &link).unwrap();
        replace(&link, |w| w.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
    }

    #[test]
    fn of_many_creators_one_wins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let won = std::thread::scope(|scope| {
            let attempts: Vec<_> = (0..8)
                .map(|n: u8| {
                    let path = &path;
                    scope.spawn(move || create(path, |w| w.write_all(&[n])).map(|()| n))
                })
                .collect();
            attempts.into_iter().filter_map(|a| a.join().unwrap().ok()).collect::<Vec<_>>()
        });
        assert_eq!(won.len(), 1);
        assert_eq!(fs::read(&path).unwrap(), won);
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn without_nameless_files_the_result_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for (content, kind) in [("new", None), ("newer", Some(io::ErrorKind::AlreadyExists))] {
            let mut staged = StagedFile::hidden(&path).unwrap();
            staged.file.write_all(content.as_bytes()).unwrap();
            assert_eq!(staged.link(&path).err().map(|e| e.kind()), kind);
            drop(staged);
            assert_eq!(names(folder.path()), ["a"]);
            assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        }
        // A file without a name that cannot be linked is written once more.
        let mut staged = StagedFile::write(&path, |w| w.write_all(b"again")).unwrap();
        staged.rewrite(&path).unwrap();
        let hidden = staged.named(&path).unwrap().to_owned();
        assert_eq!(fs::read_to_string(&hidden).unwrap(), "again");
        drop(staged);
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn only_what_a_crash_left_of_a_write_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let left = hidden_name();
        for name in [left.as_str(), ".other.tmp", "a.tmp", &left[1..]] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let linked = hidden_name();
        symlink("a.tmp", folder.path().join(&linked)).unwrap();
        remove_unfinished(folder.path()).unwrap();
        let mut kept = [linked.as_str(), ".other.tmp", "a.tmp", &left[1..]];
        kept.sort_unstable();
        assert_eq!(names(folder.path()), kept);
    }

    #[test]
    fn a_call_that_a_signal_interrupts_is_made_again() {
        let mut left = 3;
        let mut call = |error| {
            left -= 1;
            if left > 0 { Err(error) } else { Ok(left) }
        };
        assert_eq!(again(|| call(Errno::INTR)), Ok(0));
        assert_eq!(again(|| Err::<(), _>(Errno::IO)), Err(Errno::IO));
        let mut left = 3;
        let work = || {
            left -= 1;
            if left > 0 { Err(io::Error::from(io::ErrorKind::Interrupted)) } else { Ok(left) }
        };
        assert_eq!(uninterrupted(work).unwrap(), 0);
    }

    #[test]
    fn publish_moves_folders_and_never_replaces() {
        for publish in [publish, publish_plainly] {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            fs::create_dir_all(at("from/sub")).unwrap();
            fs::create_dir(at("empty")).unwrap();
            symlink("nowhere", at("link")).unwrap();
            for taken in ["empty", "link"] {
                let kind = publish(&at("from"), &at(taken)).unwrap_err().kind();
                assert_eq!(kind, io::ErrorKind::AlreadyExists, "{taken}");
            }
            publish(&at("from"), &at("to")).unwrap();
            assert_eq!(names(folder.path()), ["empty", "link", "to"]);
            assert_eq!(names(&at("to")), ["sub"]);
        }
    }

    #[test]
    fn folders_are_made_below_an_existing_one_only() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path();
        create_folders(&below.join("a/b/c"), below).unwrap();
        create_folders(&below.join("a/b/c"), below).unwrap();
        assert!(below.join("a/b/c").is_dir());
        fs::write(below.join("file"), "").unwrap();
        symlink("a", below.join("link")).unwrap();
        for (path, kind) in [
            (below.join("../x"), io::ErrorKind::InvalidInput),
            (PathBuf::from("/x"), io::ErrorKind::InvalidInput),
            (below.join("file/x"), io::ErrorKind::NotADirectory),
            (below.join("link/x"), io::ErrorKind::NotADirectory),
        ] {
            let fault = create_folders(&path, below).unwrap_err();
            assert_eq!(fault.kind(), kind, "{}", path.display());
        }
        assert!(!below.join("a/x").exists());
    }

    #[test]
    fn removal_follows_no_link_and_takes_absence_for_done() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("tree/sub")).unwrap();
        fs::create_dir(at("other")).unwrap();
        fs::write(at("other/file"), "kept").unwrap();
        symlink(at("other"), at("tree/sub/link")).unwrap();
        symlink(at("other"), at("link")).unwrap();
        for gone in ["tree", "tree", "link"] {
            remove_tree(&at(gone)).unwrap();
        }
        assert_eq!(names(folder.path()), ["other"]);
        assert_eq!(fs::read_to_string(at("other/file")).unwrap(), "kept");
    }

    #[test]
    fn syncing_and_asking_need_an_existing_folder() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent");
        sync_folder(folder.path()).unwrap();
        sync_file_system(folder.path()).unwrap();
        assert!(free_bytes(folder.path()).unwrap() > 0);
        for fault in [
            sync_folder(&absent).unwrap_err(),
            sync_file_system(&absent).unwrap_err(),
            free_bytes(&absent).unwrap_err(),
        ] {
            assert_eq!(fault.kind(), io::ErrorKind::NotFound);
        }
    }
}
