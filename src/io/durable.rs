//! Own data, written so that it survives a crash: the only module that creates, renames and removes files.
//!
//! *Durable* means: still there after a power cut, as far as the medium does not lie about having written. All functions
//! follow no link in the last part of a path and leave the caller's folders as they are on an error, except where said.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, AtFlags, CWD, OFlags, RenameFlags};
use rustix::io::Errno;
use uuid::Uuid;

/// How much [`create`] and [`replace`] gather before they write, in bytes.
const BUFFER: usize = 64 * 1024;

/// Creates `path` with what `fill` writes; never replaces an existing file.
///
/// The data is staged under a hidden name in the same folder, synced, renamed without replacing, and the folder is synced.
/// After a crash at any point `path` is there in full or not at all; a staged file (`.` UUID `.tmp`) may remain. Once this
/// has returned `Ok`, `path` is durable.
///
/// # Errors
/// Any I/O error, [`io::ErrorKind::AlreadyExists`] if `path` is taken, and whatever `fill` returns; the staged file is then
/// removed. Where only the last step failed, the sync of the folder, `path` is there in full but perhaps not durable.
pub fn create(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let staged = StagedFile::write(path, fill)?;
    publish(&staged.0, path)?;
    staged.kept();
    sync_folder(folder_of(path))
}

/// Puts what `fill` writes in the place of `path`, whether that exists or not; for indexes and reports only.
///
/// After a crash at any point `path` holds the old or the new content in full. Once this has returned `Ok`, the new one is
/// durable.
///
/// # Errors
/// As for [`create`], except that an existing `path` is none.
pub fn replace(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let staged = StagedFile::write(path, fill)?;
    rustix::fs::rename(&staged.0, path)?;
    staged.kept();
    sync_folder(folder_of(path))
}

/// Does the same, and returns the new file with an exclusive lock on it (`flock`), taken before it got its name.
///
/// For files that others lock: nobody can hold the new one in between.
pub fn replace_locked(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<File> {
    let staged = StagedFile::write(path, fill)?;
    let opened = File::open(&staged.0)?;
    opened.lock()?;
    rustix::fs::rename(&staged.0, path)?;
    staged.kept();
    sync_folder(folder_of(path))?;
    Ok(opened)
}

/// Creates the file `path` for reading and writing at any position; never replaces.
///
/// For writers of large files below a staging folder. Nothing is durable before the caller has synced the file and its
/// folder, or the file system ([`sync_file_system`]); after a crash the file may hold anything.
pub fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).custom_flags(bits(OFlags::NOFOLLOW)).open(path)
}

/// Creates a file without a name in the system's folder for temporary files, for reading and writing.
///
/// It is gone with the last handle, also after a crash.
pub fn unnamed() -> io::Result<File> {
    let folder = std::env::temp_dir();
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(&folder, flags, rustix::fs::Mode::from_raw_mode(0o600)) {
        Ok(file) => Ok(File::from(file)),
        // Not every file system knows it: then the name is removed at once.
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::NOENT | Errno::INVAL) => {
            let path = folder.join(format!(".{}.tmp", Uuid::new_v4()));
            let file = create_file(&path)?;
            fs::remove_file(&path)?;
            Ok(file)
        }
        Err(error) => Err(error.into()),
    }
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
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
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
    match rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
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
    #[allow(clippy::disallowed_methods)]
    fs::rename(from, to)?;
    sync_folder(to.parent().unwrap_or(to))
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
    Ok(rustix::fs::syncfs(open_folder(path)?)?)
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
        match fs::create_dir(&folder) {
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

/// Asks the kernel to drop what it keeps of `file` in memory, so that the next read comes from the medium.
///
/// Best effort, errors are ignored: only what was synced is dropped, and not what another program has mapped or a network
/// server keeps.
pub fn forget(file: &File) {
    // Not every file system knows the advice, and reading from memory is no fault.
    let _ = rustix::fs::fadvise(file, 0, None, Advice::DontNeed);
}

/// Removes a folder with all its content, or a file; links are removed, never followed. It is no error if `path` is absent.
///
/// Not durable and not atomic: after a crash any part of the tree may be left.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
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

/// A synced file under a hidden name; removed when it goes out of use before it got its own name.
struct StagedFile(PathBuf);

impl StagedFile {
    fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Self> {
        // A name of its own: one made from the final name could be too long.
        let hidden = folder_of(path).join(format!(".{}.tmp", Uuid::new_v4()));
        let created = create_file(&hidden)?;
        let staged = Self(hidden);
        let mut buffer = BufWriter::with_capacity(BUFFER, created);
        fill(&mut buffer)?;
        buffer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(staged)
    }

    /// Leaves the file alone from now on: it has its own name.
    fn kept(mut self) {
        self.0 = PathBuf::new();
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // The error that led here is the one to report.
            drop(fs::remove_file(&self.0));
        }
    }
}

fn publish_plainly(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(rustix::fs::rename(from, to)?),
        Err(e) => Err(e),
    }
}

fn open_folder(path: &Path) -> io::Result<File> {
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
