//! The folder in which answers wait for their way to the agency.
//!
//! An answer lies there twice: as `<ProzessID>_<message>.zip`, the form in which agencies exchange messages, and as the XML
//! file in it, for people and for checks. What lies there is never overwritten.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::ArchiveError;
use crate::io::durable;
use crate::io::zip::ZipWriter;
use crate::model::checksum::hex;
use crate::package::reader::open_regular;
use crate::source::xdomea::answer::Answer;

/// How many answers to one process may lie in a folder.
const MOST: u32 = 1000;

/// The end of the header: what follows is what the answer says.
const HEADER_END: &str = "</xdomea:Kopf>";

/// An answer that lies in the folder.
pub(super) struct Laid {
    /// The ZIP file.
    pub(super) path: PathBuf,
    /// The message, as it lies there.
    pub(super) bytes: Vec<u8>,
    /// SHA-256 of the message.
    pub(super) sha256: String,
    /// Whether it was written now, and did not lie there already.
    pub(super) written: bool,
}

/// Makes `folder` if it is not there; it must not lie in the archive.
pub(super) fn ready(folder: &Path, archive: &Path) -> Result<(), ArchiveError> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let place = if folder.is_dir() { folder.canonicalize() } else { parent.canonicalize() };
    let place = place.map_err(ArchiveError::io(folder))?;
    if archive.canonicalize().is_ok_and(|archive| place.starts_with(archive)) {
        return Err(ArchiveError::Overlap { path: folder.to_owned() });
    }
    match folder.file_name() {
        Some(name) if !folder.is_dir() => {
            durable::create_folders(&place.join(name), &place).map_err(ArchiveError::io(folder))
        }
        _ => Ok(()),
    }
}

/// Lays an answer into `folder`.
///
/// One that lies there and says the same but for its time is kept. One that says something else stays, too: then the new one
/// is numbered (`…0506-2.zip`). Once this has returned, the answer is durable.
pub(super) fn lay(folder: &Path, answer: &Answer<'_>) -> Result<Laid, ArchiveError> {
    let mut bytes = Vec::new();
    answer.write(&mut bytes).map_err(ArchiveError::io(folder))?;
    let name = answer.name();
    for number in 1..=MOST {
        let name = if number == 1 { name.clone() } else { format!("{name}-{number}") };
        let (xml, zip) = (folder.join(format!("{name}.xml")), folder.join(format!("{name}.zip")));
        let created = durable::create(&xml, |out| out.write_all(&bytes));
        let (bytes, written) = match created {
            Ok(()) => (bytes, true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match read(&xml, bytes.len()) {
                Some(there) if says(&there) == says(&bytes) => (there, false),
                _ => continue,
            },
            Err(error) => return Err(ArchiveError::io(&xml)(error)),
        };
        // It may be missing where a run ended between the two.
        let inner = format!("{}.xml", answer.name());
        match durable::create(&zip, |out| pack(out, &inner, &bytes, answer)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(ArchiveError::io(&zip)(error)),
            _ => {}
        }
        let sha256 = hex(&Sha256::digest(&bytes));
        return Ok(Laid { path: zip, bytes, sha256, written });
    }
    Err(ArchiveError::io(folder)(io::ErrorKind::AlreadyExists.into()))
}

/// Returns what an answer says, without who wrote it when.
fn says(bytes: &[u8]) -> &[u8] {
    let end = HEADER_END.as_bytes();
    let at = bytes.windows(end.len()).position(|window| window == end);
    at.and_then(|at| bytes.get(at..)).unwrap_or(bytes)
}

/// Reads a file of about `length` bytes; nothing for one that is much longer, or cannot be read.
fn read(path: &Path, length: usize) -> Option<Vec<u8>> {
    let file = open_regular(path).ok()?;
    let mut bytes = Vec::new();
    let limit = length as u64 + (1 << 20);
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn pack(out: &mut dyn Write, name: &str, bytes: &[u8], answer: &Answer<'_>) -> io::Result<()> {
    let mut zip = ZipWriter::new(durable::unnamed()?);
    zip.append(name, answer.created, |entry| entry.write_all(bytes))?;
    let mut file: File = zip.finish()?.file;
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut file, out).map(drop)
}
