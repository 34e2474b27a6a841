//! Compares files with the size and checksum that were recorded for them.

use std::io::{self, Read};

use rayon::prelude::*;

use crate::io::container::is_of_content;
use crate::model::checksum::{Algorithm, Checksum, Hasher};
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
    let one = |room: &mut Vec<u8>, file: &Expected| {
        let found = measure((&file.path, file.size), file.checksum.algorithm(), open, room, watch)?;
        Ok(file.compared(&found).into_iter().next())
    };
    let found: Result<Vec<_>, Cancelled> = expected.par_iter().map_init(Vec::new, one).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// What reading a file came to: its size and its checksum.
pub type Measured = io::Result<(u64, Checksum)>;

impl Expected {
    /// Returns all in which the file that was read is not as recorded: its size, its checksum.
    #[must_use]
    pub fn compared(&self, found: &Measured) -> Vec<Finding> {
        let (size, checksum) = match found {
            Ok(found) => found,
            Err(error) => return vec![unreadable(&self.path, error)],
        };
        let mut findings = Vec::new();
        if let Some(wanted) = self.size.filter(|wanted| wanted != size) {
            let finding = Finding::new(Code::SizeMismatch).file(&self.path);
            findings.push(finding.value(size.to_string()).expected(wanted.to_string()));
        }
        if *checksum != self.checksum {
            let finding = Finding::new(Code::ChecksumMismatch).file(&self.path);
            findings.push(finding.value(checksum.to_string()).expected(self.checksum.to_string()));
        }
        findings
    }
}

/// Returns what it says of the file at `path` that reading it failed: bytes that cannot be unpacked are damage, anything else
/// leaves open what is there.
#[must_use]
pub fn unreadable(path: &str, error: &io::Error) -> Finding {
    if is_of_content(error) {
        return Finding::new(Code::ZipStructure).file(path).value("content");
    }
    Finding::new(Code::Unreadable).file(path).value(error.to_string())
}

/// Reads the file at `path`, which is about `length` bytes long, to its end, through `room`, which workers keep from file to file.
pub fn measure(
    (path, length): (&str, Option<u64>),
    algorithm: Algorithm,
    open: &(dyn Fn(&str) -> io::Result<Box<dyn Read + Send>> + Sync),
    room: &mut Vec<u8>,
    watch: Watch<'_>,
) -> Result<Measured, Cancelled> {
    // Whoever recorded a length does not say how often is read.
    const LEAST: u64 = 1 << 12;
    /// Stays in the processor's own memory.
    const CHUNK: u64 = 1 << 18;
    watch.cancel.check()?;
    let mut reader = match open(path) {
        Ok(reader) => reader,
        Err(error) => return Ok(Err(error)),
    };
    let length = length.unwrap_or(CHUNK).clamp(LEAST, CHUNK);
    let length = watch.piece(usize::try_from(length).unwrap_or(1 << 18));
    if room.len() < length {
        room.resize(length, 0);
    }
    let buffer = &mut room[..length];
    let mut hasher = Hasher::new(algorithm);
    let mut size = 0;
    loop {
        let read = match reader.read(buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Ok(Err(error)),
        };
        hasher.update(&buffer[..read]);
        size += read as u64;
        watch.has_read(read as u64)?;
    }
    watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
    Ok(Ok((size, hasher.finish())))
}

#[cfg(test)]
mod tests {
    use super::*;
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
