//! Establishes whether the journal is the one that was written.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::entry::{Entry, Event};
use super::line::{self, Flaw};
use super::reader::{Line, Lines};
use super::{FILE, Head, JournalError, open_file};
use crate::model::checksum::{Sha256Sum, hex};
use crate::model::finding::{Code, Finding};
use crate::model::time::Timestamp;

/// How many findings are listed; a file of garbage has one for each line.
const MOST: usize = 1000;

/// By how much the clocks of two machines that write to one archive may differ, in seconds.
const ALLOWANCE: i64 = 600;

/// What was established about a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The place of the last entry that is whole.
    pub head: Head,
    /// How many entries are whole.
    pub entries: u64,
    /// What is wrong; each with the journal's file name, and the line where it applies.
    pub findings: Vec<Finding>,
    /// How many further findings there are beyond those listed.
    pub unlisted: u64,
    /// Whether the last line has no line end.
    pub torn: bool,
}

/// Establishes whether the journal in `folder` is whole and holds all entries of `heads`, which were kept elsewhere.
///
/// Finds any line that was changed, removed, inserted or moved ([`Code::JournalChanged`], once a place), lines that were cut
/// off before the last of `heads` ([`Code::JournalShort`]), a torn last line ([`Code::JournalTorn`]), times that go back
/// ([`Code::JournalClock`]) and times that are still to come ([`Code::JournalFuture`]). The order of entries is that of their
/// numbers, whatever the clock said. A journal that was consistently written anew is found as far as `heads` reach, and only with
/// them. Reads the file once, in bounded memory; needs no lock: entries that are being appended meanwhile may show as a torn
/// line.
///
/// # Errors
/// Where the journal is missing or cannot be read.
pub fn verify(folder: &Path, heads: &[Head]) -> Result<Verified, JournalError> {
    let (path, file, _) = open_file(folder, OpenOptions::new().read(true))?;
    chain(BufReader::with_capacity(1 << 18, file), heads, Timestamp::now())
        .map_err(|source| JournalError::Io { path, source })
}

fn chain(input: impl BufRead, heads: &[Head], now: Timestamp) -> io::Result<Verified> {
    let mut lines = Lines::new(input);
    let mut chain = Chain::new(heads, now);
    while let Some(line) = lines.next()? {
        chain.follow(&line);
    }
    Ok(chain.end())
}

/// The chain as far as it was followed.
struct Chain {
    verified: Verified,
    /// Lines seen.
    lines: u64,
    /// The number that the next entry has; unknown behind a line that could not be read.
    seq: Option<u64>,
    /// The hashes that the next entry may name as the one before; unknown behind a line that could not be read.
    prev: Option<[Sha256Sum; 2]>,
    time: Option<Timestamp>,
    now: Timestamp,
    /// What is left of the heads that were kept elsewhere.
    heads: BTreeMap<u64, Vec<Sha256Sum>>,
}

impl Chain {
    fn new(heads: &[Head], now: Timestamp) -> Self {
        let mut known: BTreeMap<u64, Vec<Sha256Sum>> = BTreeMap::new();
        for head in heads.iter().filter(|head| **head != Head::EMPTY) {
            let hashes = known.entry(head.seq).or_default();
            if !hashes.contains(&head.hash) {
                hashes.push(head.hash);
            }
        }
        Self {
            verified: Verified { head: Head::EMPTY, entries: 0, findings: Vec::new(), unlisted: 0, torn: false },
            lines: 0,
            seq: Some(1),
            prev: Some([Head::EMPTY.hash; 2]),
            time: None,
            now,
            heads: known,
        }
    }

    fn follow(&mut self, line: &Line<'_>) {
        self.lines = line.number;
        if !line.complete {
            self.verified.torn = true;
            self.find(Finding::new(Code::JournalTorn).line(line.number).value(line.length.to_string()));
            return;
        }
        match line.entry() {
            Ok(entry) => self.link(line.number, &entry),
            Err(flaw) => self.pass(line, flaw),
        }
    }

    /// Takes a line that is whole by itself as the next of the chain.
    fn link(&mut self, number: u64, entry: &Entry) {
        let follows = self.prev.is_none_or(|prev| prev.contains(&entry.prev));
        if !follows {
            let expected = self.prev.map(|[written, _]| hex(&written));
            self.changed(number, hex(&entry.prev), expected);
        } else if self.seq.is_some_and(|seq| seq != entry.seq) {
            let expected = self.seq.map(|seq| seq.to_string());
            self.changed(number, entry.seq.to_string(), expected);
        } else if matches!(entry.event, Event::Created { .. }) != (entry.seq == 1) {
            self.changed(number, "created".to_owned(), None);
        }
        if let Some(known) = self.heads.remove(&entry.seq) {
            for hash in known {
                if hash != entry.hash {
                    let seq = entry.seq;
                    let expected = Head { seq, hash }.to_string();
                    self.changed(number, entry.head().to_string(), Some(expected));
                }
            }
        }
        // Out of order, times go back as well: that says nothing about the clock.
        if let Some(before) = self.time.filter(|before| follows && *before > entry.time) {
            self.find(
                Finding::new(Code::JournalClock)
                    .line(number)
                    .value(entry.time.to_string())
                    .expected(before.to_string()),
            );
        }
        // Once for all entries in a row: it is the same clock that was wrong.
        let early = |time: Timestamp| time.seconds() > self.now.seconds() + ALLOWANCE;
        if early(entry.time) && !self.time.is_some_and(early) {
            let now = self.now.to_string();
            self.find(Finding::new(Code::JournalFuture).line(number).value(entry.time.to_string()).expected(now));
        }
        self.time = Some(entry.time);
        self.prev = Some([entry.hash; 2]);
        self.seq = entry.seq.checked_add(1);
        self.verified.head = entry.head();
        self.verified.entries += 1;
    }

    /// Notes a line that is not one that was written, and goes on behind it.
    fn pass(&mut self, line: &Line<'_>, flaw: Flaw) {
        let stands = line::hashes(line.bytes).filter(|_| flaw != Flaw::Length);
        let (value, expected) = match (flaw, stands) {
            (Flaw::Hash, Some([written, computed])) => (hex(&computed), Some(hex(&written))),
            _ => (flaw.name().to_owned(), None),
        };
        self.changed(line.number, value, expected);
        // The finding above stands for all that this line brings about, also for a head that names it. What number comes
        // next is open: it can be two lines that became one.
        if let Some(seq) = self.seq {
            self.heads.remove(&seq);
        }
        self.prev = stands;
        self.seq = None;
    }

    fn end(mut self) -> Verified {
        let head = self.verified.head;
        if self.lines == 0 {
            // Not even the first entry, which every journal is created with.
            self.find(Finding::new(Code::JournalShort).value(Head::EMPTY.to_string()).expected("created"));
        }
        let heads = std::mem::take(&mut self.heads);
        for (seq, known) in heads {
            // Whoever cut off lines may have left damaged ones: only whole entries count as the end.
            let code = if seq > head.seq { Code::JournalShort } else { Code::JournalChanged };
            for hash in known {
                self.find(Finding::new(code).value(head.to_string()).expected(Head { seq, hash }.to_string()));
            }
        }
        self.verified
    }

    fn changed(&mut self, number: u64, value: String, expected: Option<String>) {
        let mut finding = Finding::new(Code::JournalChanged).line(number).value(value);
        finding.expected = expected;
        self.find(finding);
    }

    fn find(&mut self, finding: Finding) {
        if self.verified.findings.len() < MOST {
            self.verified.findings.push(finding.file(FILE));
        } else {
            self.verified.unlisted += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::journal::entry::Actor;
    use crate::model::finding::Severity;

    const DAY: i64 = 86_400;

    /// Returns a journal of `packages.len()` + 1 lines, a day apart, and its head.
    fn written(packages: &[u64], by: &str, days: &[i64]) -> (Vec<u8>, Head) {
        let actor = Actor { user: by.to_owned(), on_behalf_of: None };
        let created = Event::Created { archive: Uuid::nil(), format: 1, isil: None };
        let rest = packages.iter().map(|&packages| Event::CatalogueRebuilt { packages });
        let (mut lines, mut head) = (Vec::new(), Head::EMPTY);
        for (n, event) in std::iter::once(created).chain(rest).enumerate() {
            let day = days.get(n).copied().unwrap_or(i64::try_from(n).unwrap());
            let time = Timestamp::from_seconds(day * DAY);
            let seq = head.seq + 1;
            let hash = line::write(&mut lines, seq, time, &actor, &event, &head.hash).unwrap();
            head = Head { seq, hash };
        }
        (lines, head)
    }

    fn check(journal: &[u8], heads: &[Head]) -> Verified {
        chain(journal, heads, Timestamp::from_seconds(60_000 * DAY)).unwrap()
    }

    /// Returns code and line of each finding.
    fn found(journal: &[u8], heads: &[Head]) -> Vec<(Code, Option<u64>)> {
        let findings = check(journal, heads).findings;
        findings.iter().map(|f| (f.code, f.line)).collect()
    }

    fn lines(journal: &[u8]) -> Vec<&[u8]> {
        journal.split_inclusive(|&c| c == b'\n').collect()
    }

    #[test]
    fn whole_journal_has_no_findings() {
        let (journal, head) = written(&[1, 2, 3, 4], "anna", &[]);
        let second: Head = {
            let second = line::read(lines(&journal)[1].strip_suffix(b"\n").unwrap());
            second.unwrap().head()
        };
        for heads in [vec![], vec![head], vec![second, head, second, Head::EMPTY]] {
            let verified = check(&journal, &heads);
            assert_eq!(verified.findings, []);
            assert_eq!((verified.head, verified.entries), (head, 5));
            assert!(!verified.torn);
        }
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let (journal, head) = written(&[1, 2, 3, 4], "Änne", &[]);
        for at in 0..journal.len() {
            for bit in 0..8 {
                let mut flipped = journal.clone();
                flipped[at] ^= 1 << bit;
                let findings = check(&flipped, &[head]).findings;
                assert!(findings.iter().any(|f| f.severity == Severity::Error), "byte {at} bit {bit}");
                assert!(findings.len() <= 3, "byte {at} bit {bit}: {findings:?}");
                // Without a head only the last line end can be missed, and that shows as a torn line.
                assert_ne!(check(&flipped, &[]).findings, [], "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn every_cut_is_found() {
        let (journal, head) = written(&[1, 2, 3, 4], "anna", &[]);
        for length in 0..journal.len() {
            let verified = check(&journal[..length], &[head]);
            let codes: Vec<_> = verified.findings.iter().map(|f| f.code).collect();
            assert!(codes.contains(&Code::JournalShort), "{length}: {codes:?}");
            let torn = length > 0 && journal[length - 1] != b'\n';
            assert_eq!(verified.torn, torn, "{length}");
            assert_eq!(codes.contains(&Code::JournalTorn), torn, "{length}");
        }
    }

    #[test]
    fn damage_is_named_where_it_is() {
        let changed = |line| (Code::JournalChanged, Some(line));
        let (journal, head) = written(&[1, 2, 3, 4, 5, 6, 7, 8], "anna", &[]);
        let l = lines(&journal);
        let (other, _) = written(&[1, 2, 3, 4, 5, 6, 7, 8], "otto", &[]);
        let o = lines(&other);
        let replace = |n: usize, from: &str, to: &str| {
            let line = String::from_utf8(l[n].to_vec()).unwrap();
            assert!(line.contains(from));
            let new = line.replace(from, to).into_bytes();
            [&l[..n], &[&new[..]], &l[n + 1..]].concat().concat()
        };
        let cases = [
            ("first removed", l[1..].concat(), vec![changed(1)]),
            ("one removed", [&l[..3], &l[4..]].concat().concat(), vec![changed(4)]),
            ("three removed", [&l[..3], &l[6..]].concat().concat(), vec![changed(4)]),
            (
                "two swapped",
                [&l[..3], &[l[4], l[3]], &l[5..]].concat().concat(),
                vec![changed(4), changed(5), changed(6)],
            ),
            ("one twice", [&l[..4], &l[3..]].concat().concat(), vec![changed(5)]),
            ("one of another journal", [&l[..3], &[o[3]], &l[3..]].concat().concat(), vec![changed(4), changed(5)]),
            (
                "one replaced by that of another journal",
                [&l[..3], &[o[3]], &l[4..]].concat().concat(),
                vec![changed(4), changed(5)],
            ),
            ("user changed", replace(3, "anna", "otto"), vec![changed(4)]),
            ("user of the first changed", replace(0, "anna", "otto"), vec![changed(1)]),
            ("carriage return", replace(3, "\n", "\r\n"), vec![changed(4)]),
            ("data after the hash", replace(3, "}\n", ",\"x\":1}\n"), vec![changed(4)]),
            ("hash in capitals", replace(3, "\"hash\":\"", "\"hash\":\"A"), vec![changed(4)]),
            ("empty line", replace(3, "}\n", "}\n\n"), vec![changed(5)]),
            ("two lines made one", replace(3, "}\n", "} "), vec![changed(4)]),
            ("one line made two", replace(3, ",\"event\"", ",\n\"event\""), vec![changed(4), changed(5)]),
            ("last changed", replace(8, "anna", "otto"), vec![changed(9)]),
            ("another journal", other.clone(), vec![changed(9)]),
            ("end of another journal", [&l[..6], &o[6..]].concat().concat(), vec![changed(7), changed(9)]),
            ("nothing", Vec::new(), vec![(Code::JournalShort, None); 2]),
        ];
        for (case, journal, expected) in cases {
            assert_eq!(found(&journal, &[head]), expected, "{case}");
        }
    }

    #[test]
    fn appended_forgery_needs_no_head_where_the_chain_breaks() {
        let (journal, _) = written(&[1], "anna", &[]);
        let (other, _) = written(&[1, 2], "otto", &[]);
        let forged = [&journal[..], lines(&other)[2]].concat();
        assert_eq!(found(&forged, &[]), [(Code::JournalChanged, Some(3))]);
    }

    #[test]
    fn heads_of_another_journal_are_not_in_it() {
        let (journal, head) = written(&[1, 2], "anna", &[]);
        let wrong = |seq| Head { seq, hash: [7; 32] };
        for (heads, expected) in [
            (vec![wrong(2)], vec![(Code::JournalChanged, Some(2))]),
            (vec![wrong(3), head], vec![(Code::JournalChanged, Some(3))]),
            (vec![wrong(4)], vec![(Code::JournalShort, None)]),
            (vec![wrong(0)], vec![(Code::JournalChanged, None)]),
        ] {
            assert_eq!(found(&journal, &heads), expected, "{heads:?}");
        }
    }

    #[test]
    fn clock_that_goes_back_is_a_warning_each_time() {
        let (journal, head) = written(&[1, 2, 3, 4], "anna", &[10, 10, 50_000, 11, 10]);
        let verified = check(&journal, &[head]);
        let clock = |line| (Code::JournalClock, Some(line));
        assert_eq!(found(&journal, &[head]), [clock(4), clock(5)]);
        assert_eq!(verified.findings[0].severity, Severity::Warning);
        assert_eq!(verified.entries, 5);
    }

    #[test]
    fn clock_that_ran_ahead_is_a_warning_where_it_begins() {
        let (journal, head) = written(&[1, 2, 3, 4], "anna", &[10, 70_000, 70_001, 12, 70_000]);
        let verified = check(&journal, &[head]);
        let expected = [(Code::JournalFuture, 2), (Code::JournalClock, 4), (Code::JournalFuture, 5)];
        assert_eq!(found(&journal, &[head]), expected.map(|(code, line)| (code, Some(line))));
        assert!(verified.findings.iter().all(|finding| finding.severity == Severity::Warning));
        assert_eq!((verified.head, verified.entries), (head, 5));
    }

    #[test]
    fn endless_lines_and_garbage_are_bounded() {
        let (journal, head) = written(&[1, 2], "anna", &[]);
        let l = lines(&journal);
        let long = [&b"x".repeat(3 << 20)[..], b"\n"].concat();
        let with = [l[0], l[1], &long, l[2]].concat();
        assert_eq!(found(&with, &[head]), [(Code::JournalChanged, Some(3))]);
        let torn = [&journal[..], &long[..long.len() - 1]].concat();
        let verified = check(&torn, &[head]);
        assert!(verified.torn);
        assert_eq!(verified.findings[0].value.as_deref(), Some("3145728"));
        let verified = check(&b"x\n".repeat(5000), &[]);
        assert_eq!((verified.findings.len(), verified.unlisted), (MOST, 4000));
    }

    #[test]
    fn documented_checker_judges_alike() {
        const DOCUMENT: &str = include_str!("../../docs/journal.md");
        let script = DOCUMENT.split("```python\n").nth(1).unwrap();
        let script = script.split("```").next().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let judge = |journal: &[u8], head: Head| {
            let _ = std::fs::remove_file(&path);
            crate::io::durable::create(&path, |w| w.write_all(journal)).unwrap();
            let mut python = std::process::Command::new("python3");
            python.arg("-c").arg(script).arg(&path).arg(head.to_string());
            python.output()
        };
        let (journal, head) = written(&[1, 2, 3], "anna", &[]);
        let whole = match judge(&journal, head) {
            Ok(output) => output,
            Err(e) => {
                println!("not tested: the checker of docs/journal.md (python3: {e})");
                return;
            }
        };
        assert!(whole.status.success(), "{whole:?}");
        assert_eq!(whole.stdout, format!("{head}\n").into_bytes());
        let l = lines(&journal);
        for (case, journal) in [
            ("changed", String::from_utf8(journal.clone()).unwrap().replace("\":2,", "\":9,").into_bytes()),
            ("removed", [l[0], l[2], l[3]].concat()),
            ("swapped", [l[0], l[2], l[1], l[3]].concat()),
            ("cut", l[..3].concat()),
            ("torn", journal[..journal.len() - 1].to_vec()),
            ("longer", [&journal[..], b"\n"].concat()),
            ("empty", Vec::new()),
        ] {
            assert_ne!(found(&journal, &[head]), [], "{case}");
            let judged = judge(&journal, head).unwrap();
            assert!(!judged.status.success(), "{case}");
        }
    }
}
