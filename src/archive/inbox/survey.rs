//! The whole of a delivery as its folder lists it: names, kinds, sizes, times. No file is opened.

use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use super::judge::is_upload;
use crate::model::checksum::hex;
use crate::model::path;
use crate::model::time::Timestamp;
use crate::task::{Cancel, Cancelled};

/// How many folders are held open at once.
const MAX_OPEN: usize = 64;

/// A point in time as file systems have it: seconds and nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64, i64);

impl Moment {
    /// Returns when an entry was last changed: written, renamed, given other rights. Nobody can set this time.
    pub(super) fn changed(found: &Metadata) -> Self {
        Self(found.ctime(), found.ctime_nsec())
    }

    fn modified(found: &Metadata) -> Self {
        Self(found.mtime(), found.mtime_nsec())
    }

    /// Returns the whole seconds, those that have begun.
    pub(super) const fn begun(self) -> i64 {
        if self.1 > 0 { self.0 + 1 } else { self.0 }
    }
}

#[cfg(test)]
impl From<i64> for Moment {
    fn from(seconds: i64) -> Self {
        Self(seconds, 0)
    }
}

/// What a delivery looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Survey {
    /// Digest of all names, kinds, sizes and times.
    pub(super) fingerprint: String,
    /// When the last change was made in it.
    pub(super) changed: Moment,
    /// When the last change was made in it, files that kept the time of their writing included.
    pub(super) latest: Moment,
    /// Whether anything lies in it but folders.
    pub(super) filled: bool,
    /// A file that somebody is still sending, by its name.
    pub(super) upload: Option<String>,
    /// Whether something was there and gone a moment later.
    pub(super) vanished: bool,
}

/// Looks at everything at `path`.
///
/// What cannot be looked at is part of the fingerprint like all else, so that it stays the same as long as nothing is done
/// about it; the source tells what is wrong when the delivery is opened. A time of writing that lies ahead was set by somebody
/// and says nothing; the time of the change does.
pub(super) fn survey(at: &Path, now: Timestamp, cancel: &Cancel) -> Result<Survey, Cancelled> {
    let mut hasher = Sha256::new();
    let mut survey = Survey {
        fingerprint: String::new(),
        changed: Moment::default(),
        latest: Moment::default(),
        filled: false,
        upload: None,
        vanished: false,
    };
    let own = at.as_os_str().len();
    let below = |path: &Path| path.as_os_str().as_bytes().get(own..).unwrap_or_default().to_vec();
    let walk = WalkDir::new(at).follow_links(false).follow_root_links(false).max_open(MAX_OPEN);
    for entry in walk.sort_by_file_name() {
        cancel.check()?;
        let found = entry.and_then(|entry| entry.metadata().map(|found| (entry, found)));
        match found {
            Ok((entry, found)) => {
                let name = below(entry.path());
                hash(&mut hasher, &name, &found);
                survey.take(&found, now);
                if found.is_file() && survey.upload.is_none() && is_upload(entry.file_name().as_bytes()) {
                    survey.upload = Some(path::shown(name.strip_prefix(b"/").unwrap_or(&name)));
                }
            }
            Err(error) => {
                let name = error.path().map(below).unwrap_or_default();
                let fault = error.io_error().and_then(io::Error::raw_os_error).unwrap_or_default();
                hasher.update(format!("! {} {fault} ", name.len()));
                hasher.update(&name);
                survey.filled = true;
                survey.vanished |= error.io_error().is_some_and(|fault| fault.kind() == io::ErrorKind::NotFound);
            }
        }
    }
    survey.fingerprint = hex(&hasher.finalize());
    Ok(survey)
}

impl Survey {
    fn take(&mut self, found: &Metadata, now: Timestamp) {
        let (changed, modified) = (Moment::changed(found), Moment::modified(found));
        self.changed = self.changed.max(changed);
        let modified = if modified.begun() > now.seconds() { changed } else { modified };
        self.latest = self.latest.max(changed).max(modified);
        self.filled |= !found.is_dir();
    }
}

fn hash(hasher: &mut Sha256, name: &[u8], found: &Metadata) {
    // A folder's own size says how its file system keeps names.
    let size = if found.is_file() { found.size() } else { 0 };
    let kind = found.mode() & 0o170_000;
    let (written, changed) = (Moment::modified(found), Moment::changed(found));
    let numbers = [written.0, written.1, changed.0, changed.1].map(|number| number.to_string()).join(" ");
    hasher.update(format!("{} {kind:o} {size} {numbers} ", name.len()));
    hasher.update(name);
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn look(at: &Path) -> Survey {
        survey(at, Timestamp::now(), &Cancel::new()).unwrap()
    }

    #[test]
    fn every_change_is_another_fingerprint_and_looking_is_none() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir_all(at("d/sub")).unwrap();
        fs::write(at("d/sub/a"), "Akte").unwrap();
        let touch = |time: SystemTime| {
            fs::File::options().write(true).open(at("d/sub/a")).unwrap().set_modified(time).unwrap();
        };
        let mut seen = vec![look(&at("d")).fingerprint];
        assert_eq!(look(&at("d")).fingerprint, seen[0]);
        fs::read(at("d/sub/a")).unwrap();
        assert_eq!(look(&at("d")).fingerprint, seen[0]);
        let changes: [&dyn Fn(); 6] = [
            &|| fs::write(at("d/sub/a"), "Akten").unwrap(),
            &|| touch(SystemTime::now() - Duration::from_secs(1000)),
            &|| fs::write(at("d/b"), "").unwrap(),
            &|| fs::rename(at("d/b"), at("d/c")).unwrap(),
            &|| fs::create_dir(at("d/empty")).unwrap(),
            &|| {
                // The same size, the same time of writing: the time of the change tells.
                let before = fs::metadata(at("d/sub/a")).unwrap().modified().unwrap();
                std::thread::sleep(Duration::from_millis(20));
                fs::write(at("d/sub/a"), "Bkten").unwrap();
                touch(before);
            },
        ];
        for change in changes {
            change();
            let now = look(&at("d")).fingerprint;
            assert!(!seen.contains(&now), "change {}", seen.len());
            seen.push(now);
        }
    }

    #[test]
    fn times_of_writing_count_unless_they_lie_ahead() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("a");
        fs::write(&file, "Akte").unwrap();
        let changed = look(&file).changed;
        assert_eq!(look(&file).latest, changed);
        let ahead = SystemTime::now() + Duration::from_secs(1_000_000);
        fs::File::options().write(true).open(&file).unwrap().set_modified(ahead).unwrap();
        let found = look(&file);
        assert_eq!(found.latest, found.changed);
        assert!(found.latest.begun() <= Timestamp::now().seconds() + 1);
    }

    #[test]
    fn folders_alone_are_nothing_and_uploads_are_named() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("d/sub")).unwrap();
        assert!(!look(&root.path().join("d")).filled);
        fs::write(root.path().join("d/sub/Plan.pdf.filepart"), "").unwrap();
        let found = look(&root.path().join("d"));
        assert!(found.filled);
        assert_eq!(found.upload.as_deref(), Some("sub/Plan.pdf.filepart"));
        assert!(look(&root.path().join("nowhere")).vanished);
    }
}
