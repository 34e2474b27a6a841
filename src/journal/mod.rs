//! The evidence: what was done, when and by whom, in a log that is only ever appended to.
//!
//! `journal.jsonl` holds one JSON object a line (`docs/journal.md`). Each line carries its own SHA-256 and that of the line
//! before, so a line that is changed, removed, inserted or moved breaks the chain. What a chain cannot show by itself, lines
//! cut off at the end or a journal written anew from some line on, is found by comparing with a [`Head`] that was kept
//! elsewhere: the catalogue and every receipt hold one.
//!
//! Lines hold numbers, codes, identities and digests only: no titles, no file names of producers, no record keys. The user
//! who acted is named.

mod entry;
mod line;
mod reader;
mod twin;
mod verify;
mod writer;

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rustix::fs::OFlags;
use rustix::io::Errno;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::checksum::{Sha256Sum, hex};

pub use entry::{Actor, Change, Entry, Event, Outcome};
pub use line::Flaw;
pub use reader::{Entries, entries, entries_of, head};
pub use twin::{Comparison, compare, extend};
pub use verify::{Verified, verify};
pub use writer::Journal;

/// The name of the journal's file in its folder.
pub const FILE: &str = "journal.jsonl";

/// The longest line that is written or read, in bytes without the line end.
pub const LONGEST_LINE: usize = 1 << 20;

/// The place of an entry in the chain; that of the last entry stands for the whole journal.
///
/// Shown as `SEQ:HASH`: a decimal number without leading zeros and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    /// The number of the entry, from 1; 0 for a journal without entries.
    pub seq: u64,
    /// The entry's SHA-256; all zeros for a journal without entries.
    pub hash: Sha256Sum,
}

impl Head {
    /// The head of a journal without entries.
    pub const EMPTY: Self = Self { seq: 0, hash: [0; 32] };
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.hash))
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not the place of an entry, `SEQ:HASH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the head of a journal (SEQ:HASH)")]
pub struct NotAHead;

impl FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (number, digits) = text.split_once(':').ok_or(NotAHead)?;
        let head =
            Self { seq: number.parse().map_err(|_| NotAHead)?, hash: line::sum(digits.as_bytes()).ok_or(NotAHead)? };
        // Leading zeros and plus signs: one head has one spelling.
        (head.to_string() == text).then_some(head).ok_or(NotAHead)
    }
}

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Why the journal cannot be read or appended to.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file could not be opened, read, written or synced.
    #[error("journal {path}: {source}")]
    Io {
        /// The journal's file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// The journal does not exist.
    #[error("journal {path} is missing")]
    Missing {
        /// The journal's file.
        path: PathBuf,
    },
    /// The journal is something else than a file.
    #[error("journal {path} is not a regular file")]
    NotAFile {
        /// The journal's file.
        path: PathBuf,
    },
    /// The journal holds no complete line; it never leaves our hands like that.
    #[error("journal {path} is empty")]
    Empty {
        /// The journal's file.
        path: PathBuf,
    },
    /// A line is not one that was written here.
    #[error("journal {path}: line {line}: {flaw}")]
    Damaged {
        /// The journal's file.
        path: PathBuf,
        /// The line, from 1; 0 for the last complete line, found from the end.
        line: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// An entry would be longer than [`LONGEST_LINE`], or cannot be written as JSON; nothing was appended.
    #[error("journal {path}: an entry cannot be written")]
    Unwritable {
        /// The journal's file.
        path: PathBuf,
    },
    /// The file has another length than this program left: someone else wrote to it. Nothing was appended.
    #[error("journal {path} was changed by someone else")]
    Interfered {
        /// The journal's file.
        path: PathBuf,
    },
    /// An earlier write failed in a way that leaves the file's end unknown; open the journal anew.
    #[error("journal {path} takes no more entries after a failed write")]
    Poisoned {
        /// The journal's file.
        path: PathBuf,
    },
}

/// Returns the journal's path and its file, opened with `options`; never a link, a FIFO or a device.
fn open_file(folder: &Path, options: &mut OpenOptions) -> Result<(PathBuf, File, u64), JournalError> {
    let path = folder.join(FILE);
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = match options.custom_flags(flags).open(&path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(JournalError::Missing { path });
        }
        Err(e) if e.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            return Err(JournalError::NotAFile { path });
        }
        Err(source) => return Err(JournalError::Io { path, source }),
    };
    match file.metadata() {
        Ok(found) if found.is_file() => Ok((path, file, found.len())),
        Ok(_) => Err(JournalError::NotAFile { path }),
        Err(source) => Err(JournalError::Io { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_is_read_as_it_is_shown() {
        let head = Head { seq: 17, hash: [0xab; 32] };
        for head in [head, Head::EMPTY] {
            assert_eq!(head.to_string().parse(), Ok(head));
            let json = serde_json::to_string(&head).unwrap();
            assert_eq!(serde_json::from_str::<Head>(&json).unwrap(), head);
        }
        let text = head.to_string();
        for wrong in [
            "",
            ":",
            "17",
            &text[2..],
            &text[..66],
            &format!("0{text}"),
            &format!("+{text}"),
            &format!("{text}0"),
            &format!(" {text}"),
            &text.to_uppercase(),
        ] {
            assert_eq!(wrong.parse::<Head>(), Err(NotAHead), "{wrong}");
        }
    }
}
