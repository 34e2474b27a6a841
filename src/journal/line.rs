//! How an entry is written as a line, and read strictly: only what the writer could have written counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::LONGEST_LINE;
use super::entry::{Actor, Entry, Event, Outcome};
use crate::model::checksum::{Sha256Sum, hex, sha256};
use crate::model::time::Timestamp;

const START: &[u8] = b"{\"seq\":";
const PREV: &[u8] = b",\"prev\":\"";
const HASH: &[u8] = b",\"hash\":\"";
const END: &[u8] = b"\"}";
const DIGITS: usize = 64;
/// The bytes from [`HASH`] to the end of the line.
const TAIL: usize = HASH.len() + DIGITS + END.len();
/// The bytes from [`PREV`] to [`HASH`].
const LINK: usize = PREV.len() + DIGITS + 1;

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It does not have the form of an entry.
    Form,
    /// It is not what its hash was computed over.
    Hash,
    /// It is longer than [`LONGEST_LINE`].
    Length,
    /// It does not follow the line before it.
    Chain,
}

impl Flaw {
    /// Returns the flaw in one stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Hash => "hash",
            Self::Length => "length",
            Self::Chain => "chain",
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "not an entry",
            Self::Hash => "does not have its hash",
            Self::Length => "too long",
            Self::Chain => "does not follow the line before",
        })
    }
}

/// Appends entry `seq` with its line end to `lines` and returns its hash; `None` if it is too long or not JSON.
pub fn write(
    lines: &mut Vec<u8>,
    seq: u64,
    time: Timestamp,
    actor: &Actor,
    event: &Event,
    prev: &Sha256Sum,
) -> Option<Sha256Sum> {
    #[derive(Serialize)]
    struct Line<'a> {
        seq: u64,
        time: Timestamp,
        actor: &'a Actor,
        #[serde(flatten)]
        event: &'a Event,
        outcome: Outcome,
        prev: &'a str,
    }
    let start = lines.len();
    let line = Line { seq, time, actor, event, outcome: event.outcome(), prev: &hex(prev) };
    serde_json::to_writer(&mut *lines, &line).ok()?;
    lines.pop();
    let hash = sha256(&lines[start..]);
    lines.extend_from_slice(HASH);
    lines.extend_from_slice(hex(&hash).as_bytes());
    lines.extend_from_slice(END);
    let length = lines.len() - start;
    lines.push(b'\n');
    (length <= LONGEST_LINE).then_some(hash)
}

/// Returns the entry that `line`, without its line end, holds.
///
/// The bytes must be those that [`write()`] makes: `seq` first, `prev` and `hash` last, the digits in lower case, nothing
/// before or after; only between them there may be fields that this version does not know.
pub fn read(line: &[u8]) -> Result<Entry, Flaw> {
    #[derive(Deserialize)]
    struct Line {
        seq: u64,
        time: Timestamp,
        actor: Actor,
        #[serde(flatten)]
        event: Event,
        outcome: Outcome,
    }
    if line.len() > LONGEST_LINE {
        return Err(Flaw::Length);
    }
    let (hash, body) = split(line).ok_or(Flaw::Form)?;
    if sha256(body) != hash {
        return Err(Flaw::Hash);
    }
    let prev = body
        .len()
        .checked_sub(LINK)
        .map(|start| &body[start..])
        .and_then(|link| link.strip_prefix(PREV)?.strip_suffix(b"\""))
        .and_then(sum)
        .filter(|_| body.starts_with(START))
        .ok_or(Flaw::Form)?;
    let Line { seq, time, actor, event, outcome } = serde_json::from_slice(line).map_err(|_| Flaw::Form)?;
    Ok(Entry { seq, time, actor, event, outcome, prev, hash })
}

/// Returns the hashes by which the line after `line` may name it: the one that stands in it, and the one that it has.
///
/// For a line that is as it was written they are equal.
pub fn hashes(line: &[u8]) -> Option<[Sha256Sum; 2]> {
    let (hash, body) = split(line)?;
    Some([hash, sha256(body)])
}

/// Returns the sum that 64 lower-case hexadecimal digits stand for.
pub fn sum(digits: &[u8]) -> Option<Sha256Sum> {
    let mut sum = [0; 32];
    if digits.len() != DIGITS {
        return None;
    }
    for (byte, pair) in sum.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(sum)
}

/// Returns the hash that stands in `line` and the bytes that it covers.
fn split(line: &[u8]) -> Option<(Sha256Sum, &[u8])> {
    let (body, tail) = line.split_at_checked(line.len().checked_sub(TAIL)?)?;
    let digits = tail.strip_prefix(HASH)?.strip_suffix(END)?;
    Some((sum(digits)?, body))
}

const fn digit(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::journal::Change;
    use crate::model::audit::{Level, Shard};
    use crate::model::package::{Commit, PackageId};

    fn actor() -> Actor {
        Actor { user: "anna".into(), on_behalf_of: None }
    }

    /// Returns `body` (up to the fields before `prev`) as a line with right hashes.
    fn sealed(body: &str) -> Vec<u8> {
        let mut line = format!("{body},\"prev\":\"{}\"", "0".repeat(64)).into_bytes();
        let hash = hex(&sha256(&line));
        line.extend_from_slice(format!(",\"hash\":\"{hash}\"}}").as_bytes());
        line
    }

    #[test]
    fn every_kind_of_event_is_read_as_it_was_written() {
        let package = PackageId::derive("Amt", "2026", "Akte");
        let text = || "x".to_owned();
        let commit = || {
            let (accession, inventory, content, blocks) = (text(), text(), text(), text());
            Commit { accession, package, inventory, content, files: 1, bytes: 2, blocks }
        };
        let events = [
            Event::Created { archive: Uuid::nil(), format: 1, isil: Some("DE-1".into()) },
            Event::Created { archive: Uuid::nil(), format: 1, isil: None },
            Event::AccessionStarted { accession: text(), identity: Uuid::max(), packages: u64::MAX, digest: text() },
            Event::Amending {
                package,
                version: 2,
                what: Change::Supplement,
                former: text(),
                content: text(),
                accession: Some(text()),
            },
            Event::Amending {
                package,
                version: 3,
                what: Change::Amendment,
                former: text(),
                content: text(),
                accession: None,
            },
            Event::Staged { accession: text(), package },
            Event::ReadBack { accession: text(), package, file: "\"\\\n\u{7f}ü".into(), sha512: text() },
            Event::Committing(Commit { blocks: String::new(), ..commit() }),
            Event::Published { package },
            Event::Completed(commit()),
            Event::Abandoned { accession: text(), package, reason: text() },
            Event::Refused { accession: text(), package, reason: text() },
            Event::AccessionClosing { accession: text(), inventory: text() },
            Event::AccessionClosed { accession: text(), inventory: text(), stored: 1, refused: 2, failed: 3 },
            Event::CatalogueRebuilt { packages: 1 },
            Event::Exported { package, dip: package },
            Event::AccessGranted {
                permit: text(),
                basis: text(),
                until: text(),
                packages: vec![package],
                holdings: text(),
            },
            Event::AccessGranted {
                permit: text(),
                basis: text(),
                until: text(),
                packages: Vec::new(),
                holdings: String::new(),
            },
            Event::AccessUsed { package, permit: text() },
            Event::AccessRefused { package, permit: None, reason: text() },
            Event::AccessRefused { package, permit: Some(text()), reason: text() },
            Event::Verified { packages: 1, damaged: 1 },
            Event::Audited {
                packages: 1,
                bytes: 2,
                damaged: 3,
                missing: 4,
                unknown: 5,
                errors: 6,
                level: Some(Level::Full),
                shard: Shard::new(1, 2),
                history: Some(Uuid::from_u128(1)),
                run: Some(text()),
            },
            Event::Audited {
                packages: 1,
                bytes: 2,
                damaged: 3,
                missing: 4,
                unknown: 5,
                errors: 6,
                level: None,
                shard: None,
                history: None,
                run: None,
            },
            Event::TornLineRemoved { bytes: 1 },
        ];
        for event in events {
            let mut lines = Vec::new();
            let time = Timestamp::from_seconds(1_772_366_400);
            let hash = write(&mut lines, 7, time, &actor(), &event, &[3; 32]).unwrap();
            assert_eq!(lines.pop(), Some(b'\n'));
            assert!(!lines.contains(&b'\n'));
            let entry = read(&lines).unwrap();
            assert_eq!(entry.outcome, event.outcome());
            assert_eq!((entry.seq, entry.time, entry.event, entry.prev, entry.hash), (7, time, event, [3; 32], hash));
            assert_eq!(hashes(&lines), Some([hash, hash]));
        }
    }

    #[test]
    fn fields_stand_in_their_order() {
        let mut lines = Vec::new();
        let event = Event::TornLineRemoved { bytes: 5 };
        let time = Timestamp::from_seconds(0);
        let hash = write(&mut lines, 2, time, &actor(), &event, &[0; 32]).unwrap();
        let expected = format!(
            "{{\"seq\":2,\"time\":\"1970-01-01T00:00:00Z\",\"actor\":{{\"user\":\"anna\"}},\"event\":\"torn-line-removed\",\
             \"bytes\":5,\"outcome\":\"success\",\"prev\":\"{}\",\"hash\":\"{}\"}}\n",
            "0".repeat(64),
            hex(&hash)
        );
        assert_eq!(String::from_utf8(lines).unwrap(), expected);
    }

    #[test]
    fn unknown_kinds_and_fields_are_read() {
        let head = r#"{"seq":1,"time":"2026-03-01T12:00:00Z","actor":{"user":"anna","role":"x"},"event":"#;
        for (rest, event) in [
            (r#""moved","to":{"a":[1]},"outcome":"success""#, Event::Other),
            (r#""torn-line-removed","bytes":1,"why":"x","outcome":"success""#, Event::TornLineRemoved { bytes: 1 }),
        ] {
            let entry = read(&sealed(&format!("{head}{rest}"))).unwrap();
            assert_eq!(entry.event, event);
        }
        let mut lines = Vec::new();
        let time = Timestamp::from_seconds(0);
        let written = write(&mut lines, 1, time, &actor(), &Event::Other, &[0; 32]);
        assert_eq!(written, None);
    }

    #[test]
    fn only_the_written_form_is_read() {
        let good = r#"{"seq":1,"time":"2026-03-01T12:00:00Z","actor":{"user":"anna"},"event":"torn-line-removed","bytes":1,"outcome":"success""#;
        assert!(read(&sealed(good)).is_ok());
        for body in [
            format!(" {good}"),
            good.replace("{\"seq\":1,", "{"),
            good.replace("{\"seq\":1,", "{\"seq\":1,\"seq\":1,"),
            good.replace("\"seq\":1", "\"seq\":-1"),
            good.replace("\"seq\":1", "\"seq\":\"1\""),
            good.replace("2026-03-01T", "yesterday "),
            good.replace(",\"outcome\":\"success\"", ""),
            good.replace("success", "so so"),
            good.replace("\"bytes\":1,", ""),
            good.replace("\"user\":\"anna\"", ""),
            good.replace("\"event\":\"torn-line-removed\",", ""),
            good.replace("anna", "an\u{1}na"),
            String::new(),
        ] {
            assert_eq!(read(&sealed(&body)), Err(Flaw::Form), "{body}");
        }
        let line = sealed(good);
        for (line, flaw) in [
            ([&line[..], b" "].concat(), Flaw::Form),
            ([&line[..], b"\r"].concat(), Flaw::Form),
            ([b" ", &line[..]].concat(), Flaw::Hash),
            (line.to_ascii_uppercase(), Flaw::Form),
            (line[..line.len() - 1].to_vec(), Flaw::Form),
            (Vec::new(), Flaw::Form),
            (vec![b' '; LONGEST_LINE + 1], Flaw::Length),
        ] {
            assert_eq!(read(&line), Err(flaw), "{}", line.escape_ascii());
        }
    }
}
