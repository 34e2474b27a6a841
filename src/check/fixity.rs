//! Compares files with the size and checksum that were recorded for them.

use std::io::{self, Read};

use rayon::prelude::*;

use crate::model::checksum::{Checksum, Hasher};
use crate::model::finding::{Code, Finding};
use crate::task::{Cancelled, Event, Watch};

/// A file and what was recorded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Path inside the package's folder.
    pub path: String,
    /// Size in bytes, where one was recorded.
    pub size: Option<u64>,
    /// Checksum.
    pub checksum: Checksum,
}

/// Reads the files of `expected`, which `open` opens, and returns what is not as recorded, in their order; of a file of another
/// size no more than that.
pub fn check(
    expected: &[Expected],
    open: &(dyn Fn(&str) -> io::Result<Box<dyn Read + Send>> + Sync),
    watch: Watch<'_>,
) -> Result<Vec<Finding>, Cancelled> {
    Ok(compare(expected, open, watch)?.into_iter().filter_map(|found| found.into_iter().next()).collect())
}

/// Does the same; returns for each file all that is not as recorded: its size, its checksum.
pub fn compare(
    expected: &[Expected],
    open: &(dyn Fn(&str) -> io::Result<Box<dyn Read + Send>> + Sync),
    watch: Watch<'_>,
) -> Result<Vec<Vec<Finding>>, Cancelled> {
    expected.par_iter().map_init(Vec::new, |room, file| one(file, open, room, watch)).collect()
}

/// Returns what it says of the file at `path` that reading it failed: bytes that cannot be unpacked are damage, anything else
/// leaves open what is there.
#[must_use]
pub fn unreadable(path: &str, error: &io::Error) -> Finding {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    // What the operating system says is never about the content.
    let is_content =
        matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) && error.raw_os_error().is_none();
    if is_content {
        return Finding::new(Code::ZipStructure).file(path).value("content");
    }
    Finding::new(Code::Unreadable).file(path).value(error.to_string())
}

/// Reads one file through `room`, which workers keep from file to file.
fn one(
    expected: &Expected,
    open: &(dyn Fn(&str) -> io::Result<Box<dyn Read + Send>> + Sync),
    room: &mut Vec<u8>,
    watch: Watch<'_>,
) -> Result<Vec<Finding>, Cancelled> {
    /// Stays in the processor's own memory.
    const CHUNK: u64 = 1 << 18;
    watch.cancel.check()?;
    let unreadable = |error: io::Error| Ok(vec![unreadable(&expected.path, &error)]);
    let mut reader = match open(&expected.path) {
        Ok(reader) => reader,
        Err(error) => return unreadable(error),
    };
    let length = expected.size.unwrap_or(CHUNK).clamp(1, CHUNK);
    let length = watch.piece(usize::try_from(length).unwrap_or(1 << 18));
    if room.len() < length {
        room.resize(length, 0);
    }
    let buffer = &mut room[..length];
    let mut hasher = Hasher::new(expected.checksum.algorithm());
    let mut size = 0;
    loop {
        let read = match reader.read(buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return unreadable(error),
        };
        hasher.update(&buffer[..read]);
        size += read as u64;
        watch.has_read(read as u64)?;
    }
    watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
    let mut findings = Vec::new();
    if let Some(wanted) = expected.size
        && wanted != size
    {
        let finding = Finding::new(Code::SizeMismatch).file(&expected.path);
        findings.push(finding.value(size.to_string()).expected(wanted.to_string()));
    }
    let found = hasher.finish();
    if found != expected.checksum {
        let finding = Finding::new(Code::ChecksumMismatch).file(&expected.path);
        findings.push(finding.value(found.to_string()).expected(expected.checksum.to_string()));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::checksum::Algorithm;
    use crate::task::{Cancel, Silent};

    #[test]
    fn each_kind_of_difference_is_named() {
        let sum = Checksum::of(Algorithm::Sha256, b"abc");
        let file = |path: &str, size| Expected { path: path.to_owned(), size, checksum: sum.clone() };
        let expected = [
            file("good", Some(3)),
            file("sizeless", None),
            file("long", Some(3)),
            file("other", Some(3)),
            file("gone", Some(3)),
        ];
        let open = |path: &str| -> io::Result<Box<dyn Read + Send>> {
            match path {
                "good" | "sizeless" => Ok(Box::new(&b"abc"[..])),
                "long" => Ok(Box::new(&b"abcd"[..])),
                "other" => Ok(Box::new(&b"abd"[..])),
                _ => Err(io::ErrorKind::NotFound.into()),
            }
        };
        let cancel = Cancel::new();
        let watch = Watch::new(&cancel, &Silent);
        let found: Vec<(Code, Option<String>)> =
            check(&expected, &open, watch).unwrap().into_iter().map(|f| (f.code, f.file)).collect();
        assert_eq!(
            found,
            [
                (Code::SizeMismatch, Some("long".to_owned())),
                (Code::ChecksumMismatch, Some("other".to_owned())),
                (Code::Unreadable, Some("gone".to_owned())),
            ]
        );
    }
}
