//! Whether somebody writes to an archive right now, found out without taking its lock: a run that begins in that moment must not be sent away.
//!
//! The kernel lists all locks in `/proc/locks`. It shows those of the same machine and the same container (PID namespace); what other machines
//! do on a shared file system is not seen.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::{Archive, marker};

/// A look at the lock of one archive.
#[derive(Debug, Clone)]
pub struct Traffic {
    marker: PathBuf,
}

impl Archive {
    /// Returns what tells whether somebody else writes to this archive.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        Traffic::of(&self.root)
    }
}

impl Traffic {
    /// Returns what tells whether somebody else writes to the archive at `root`.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self { marker: root.join(marker::FILE) }
    }

    /// Returns whether another process holds the archive's lock.
    ///
    /// # Errors
    /// Where the system does not tell: no `/proc`, or one that shows processes only.
    pub fn is_another_writing(&self) -> io::Result<bool> {
        // Anew each time: a migration puts another marker in its place.
        let marker = File::open(&self.marker)?;
        let inode = marker.metadata()?.ino();
        let device = device(&marker)?;
        let locks = fs::read_to_string("/proc/locks")?;
        Ok(is_locked(&locks, device, inode, std::process::id()))
    }
}

/// Returns the device of `file` as the kernel itself calls it: some file systems tell programs another one (`stat`), so the list
/// of what is mounted is asked.
fn device(file: &File) -> io::Result<(u32, u32)> {
    let of_file = fs::read_to_string(format!("/proc/self/fdinfo/{}", file.as_raw_fd()))?;
    let mount = of_file.lines().find_map(|line| line.strip_prefix("mnt_id:")).map(str::trim);
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    mount.and_then(|mount| mounted_device(&mounts, mount)).ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Returns the device of the mount with the number `mount`, from the text of `mountinfo`.
fn mounted_device(mounts: &str, mount: &str) -> Option<(u32, u32)> {
    let line = mounts.lines().find(|line| line.split(' ').next() == Some(mount))?;
    let (major, minor) = line.split(' ').nth(2)?.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Returns whether another process than `own` holds the exclusive lock (`flock`) on a file, from the text of `/proc/locks`.
fn is_locked(locks: &str, device: (u32, u32), inode: u64, own: u32) -> bool {
    locks.lines().any(|line| {
        // `1: FLOCK  ADVISORY  WRITE 23414 fe:00:5660955 0 EOF`; who waits for a lock stands behind an arrow.
        let mut words = line.split_whitespace().skip(1);
        let (Some("FLOCK"), Some(_), Some("WRITE")) = (words.next(), words.next(), words.next()) else { return false };
        let (Some(process), Some(file)) = (words.next(), words.next()) else { return false };
        process.parse() != Ok(own) && place(file).as_ref() == Some(&(device, inode))
    })
}

/// Reads `fe:00:5660955`: device in hexadecimal, inode in decimal digits.
fn place(file: &str) -> Option<((u32, u32), u64)> {
    let mut parts = file.splitn(3, ':');
    let mut device = || u32::from_str_radix(parts.next()?, 16).ok();
    let device = (device()?, device()?);
    Some((device, parts.next()?.parse().ok()?))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: POSIX  ADVISORY  WRITE 11 fe:00:5 0 EOF
2: FLOCK  ADVISORY  READ  12 fe:00:6 0 EOF
3: FLOCK  ADVISORY  WRITE 13 fe:00:7 0 EOF
3: -> FLOCK  ADVISORY  WRITE 14 fe:00:8 0 EOF
4: FLOCK  ADVISORY  WRITE 15 00:1f:9 0 EOF
5: LEASE  ACTIVE    WRITE 16 fe:00:10 0 EOF
6: OFDLCK ADVISORY  WRITE -1 fe:00:11 0 EOF
";

    #[test]
    fn only_the_writers_lock_on_this_file_counts() {
        let disk = (0xfe, 0);
        for (device, inode, own, expected) in [
            (disk, 7, 1, true),
            // Our own line in the journal.
            (disk, 7, 13, false),
            // Other kinds of locks, and who waits.
            (disk, 5, 1, false),
            (disk, 6, 1, false),
            (disk, 8, 1, false),
            (disk, 10, 1, false),
            (disk, 11, 1, false),
            // The same number on another disk.
            ((0xfe, 1), 7, 1, false),
            ((0, 0x1f), 9, 1, true),
            (disk, 70, 1, false),
        ] {
            assert_eq!(is_locked(LOCKS, device, inode, own), expected, "{device:?} {inode} {own}");
        }
        assert!(!is_locked("nothing that is known\n\n1:", disk, 7, 1));
    }

    #[test]
    fn the_device_is_the_one_of_the_mount() {
        let mounts = "\
21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
210 21 0:47 /sub /srv rw shared:1 - btrfs /dev/vdb rw
";
        assert_eq!(mounted_device(mounts, "210"), Some((0, 47)));
        assert_eq!(mounted_device(mounts, "21"), Some((254, 0)));
        assert_eq!(mounted_device(mounts, "2"), None);
    }

    #[test]
    fn the_own_lock_is_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(marker::FILE);
        fs::write(&path, "").unwrap();
        let traffic = Traffic::of(folder.path());
        assert!(!traffic.is_another_writing().unwrap());
        let lock = File::open(&path).unwrap();
        lock.try_lock().unwrap();
        // The own one is no other's.
        assert!(!traffic.is_another_writing().unwrap());
        assert!(Traffic::of(&folder.path().join("nowhere")).is_another_writing().is_err());
    }
}
