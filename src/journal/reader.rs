//! Reads the journal line by line, forwards or from its end.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::entry::Entry;
use super::line::{self, Flaw};
use super::{Head, JournalError, LONGEST_LINE, open_file};

/// How much is read at once from the end, in bytes.
const STEP: u64 = 64 * 1024;

/// Returns all entries of the journal in `folder`, in their order.
///
/// Each line must be an entry with its own hash; whether they form a chain is for [`super::verify`] to say. A torn last line
/// is passed over: it counts for nothing until its line end is written. Needs no lock.
pub fn entries(folder: &Path) -> Result<Entries, JournalError> {
    let (path, file, _) = open_file(folder, OpenOptions::new().read(true))?;
    Ok(Entries { lines: Lines::new(BufReader::with_capacity(1 << 18, file)), path, kinds: None })
}

/// Returns the entries of these kinds (`disposed`), in their order; all other lines are passed over unread.
///
/// For what is rare: to find a kind costs a fraction of what reading an entry does.
pub fn entries_of(folder: &Path, kinds: &'static [&'static str]) -> Result<Entries, JournalError> {
    Ok(Entries { kinds: Some(kinds), ..entries(folder)? })
}

/// Returns the place of the last complete entry of the journal in `folder`; changes nothing and needs no lock.
///
/// Reads the last two lines only, whatever the journal's length.
pub fn head(folder: &Path) -> Result<Head, JournalError> {
    let (path, file, length) = open_file(folder, OpenOptions::new().read(true))?;
    Ok(last(&path, &file, length)?.0)
}

/// Entries as they are read; a damaged line comes as [`JournalError::Damaged`], and the next one follows it.
#[derive(Debug)]
pub struct Entries {
    lines: Lines<BufReader<File>>,
    path: PathBuf,
    kinds: Option<&'static [&'static str]>,
}

impl Iterator for Entries {
    type Item = Result<Entry, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.lines.next() {
                Ok(Some(line)) if line.complete => line,
                Ok(_) => return None,
                Err(source) => {
                    self.lines.over = true;
                    let path = self.path.clone();
                    return Some(Err(JournalError::Io { path, source }));
                }
            };
            if self.kinds.is_none_or(|kinds| line.kind().is_some_and(|kind| kinds.contains(&kind))) {
                let path = &self.path;
                let damaged = |flaw| JournalError::Damaged { path: path.clone(), line: line.number, flaw };
                return Some(line.entry().map_err(damaged));
            }
        }
    }
}

/// One line as it was read.
pub struct Line<'a> {
    /// The line, from 1.
    pub number: u64,
    /// Its bytes without the line end; only the first ones where it is too long.
    pub bytes: &'a [u8],
    /// Its length without the line end.
    pub length: u64,
    /// Whether the line end is there.
    pub complete: bool,
}

impl Line<'_> {
    /// Returns the kind of the entry, if it looks like one.
    ///
    /// Names of users stand before it, but no quote that is followed by a colon is in them.
    fn kind(&self) -> Option<&str> {
        const KEY: &[u8] = b"\"event\":\"";
        let start = self.bytes.windows(KEY.len()).position(|found| found == KEY)? + KEY.len();
        let rest = self.bytes.get(start..)?;
        let end = rest.iter().position(|&letter| letter == b'"')?;
        std::str::from_utf8(rest.get(..end)?).ok()
    }

    /// Returns the entry that the line holds.
    pub fn entry(&self) -> Result<Entry, Flaw> {
        line::read(self.bytes)
    }
}

/// Lines of bounded length.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    number: u64,
    buffer: Vec<u8>,
    over: bool,
}

impl<R: BufRead> Lines<R> {
    /// Returns the lines of `input`.
    pub const fn new(input: R) -> Self {
        Self { input, number: 0, buffer: Vec::new(), over: false }
    }

    /// Returns the next line, `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        if self.over {
            return Ok(None);
        }
        self.buffer.clear();
        // One more than fits: that is how a line that is too long is told apart.
        let most = LONGEST_LINE as u64 + 1;
        (&mut self.input).take(most).read_until(b'\n', &mut self.buffer)?;
        if self.buffer.is_empty() {
            self.over = true;
            return Ok(None);
        }
        let mut complete = self.buffer.last() == Some(&b'\n');
        let mut length = self.buffer.len() as u64;
        if complete {
            self.buffer.pop();
            length -= 1;
        } else if self.buffer.len() > LONGEST_LINE {
            let (found, skipped) = self.skip_line()?;
            complete = found;
            length += skipped;
        }
        self.number += 1;
        Ok(Some(Line { number: self.number, bytes: &self.buffer, length, complete }))
    }

    /// Skips to behind the next line end; returns whether there is one, and how many bytes are before it.
    fn skip_line(&mut self) -> io::Result<(bool, u64)> {
        let mut skipped = 0;
        loop {
            let bytes = self.input.fill_buf()?;
            let end = bytes.iter().position(|&c| c == b'\n');
            let length = end.unwrap_or(bytes.len());
            skipped += length as u64;
            if end.is_some() || length == 0 {
                self.input.consume(length + usize::from(end.is_some()));
                return Ok((end.is_some(), skipped));
            }
            self.input.consume(length);
        }
    }
}

/// Returns the place of the last complete entry in the first `length` bytes of `file`, and the length up to its end.
///
/// That entry and the one before it must be whole, and the last must follow it.
pub fn last(path: &Path, file: &File, length: u64) -> Result<(Head, u64), JournalError> {
    let io = |source| JournalError::Io { path: path.to_owned(), source };
    let damaged = |flaw| JournalError::Damaged { path: path.to_owned(), line: 0, flaw };
    let Some(end) = line_end_before(file, length).map_err(io)? else {
        return Err(JournalError::Empty { path: path.to_owned() });
    };
    let (entry, start) = entry_ending_at(file, end).map_err(io)?;
    let entry = entry.map_err(damaged)?;
    let before = if start == 0 {
        Head::EMPTY
    } else {
        let (before, _) = entry_ending_at(file, start - 1).map_err(io)?;
        before.map_err(damaged)?.head()
    };
    if entry.prev != before.hash || before.seq.checked_add(1) != Some(entry.seq) {
        return Err(damaged(Flaw::Chain));
    }
    Ok((entry.head(), end + 1))
}

/// Returns the entry whose line end is at `end`, and where the line starts.
fn entry_ending_at(file: &File, end: u64) -> io::Result<(Result<Entry, Flaw>, u64)> {
    let start = line_end_before(file, end)?.map_or(0, |at| at + 1);
    let length = usize::try_from(end - start).unwrap_or(usize::MAX);
    if length > LONGEST_LINE {
        return Ok((Err(Flaw::Length), start));
    }
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, start)?;
    Ok((line::read(&bytes), start))
}

/// Returns where the last line end before `end` is.
pub fn line_end_before(file: &File, end: u64) -> io::Result<Option<u64>> {
    let mut buffer = Vec::new();
    let mut end = end;
    while end > 0 {
        let start = end.saturating_sub(STEP);
        buffer.resize(usize::try_from(end - start).unwrap_or_default(), 0);
        file.read_exact_at(&mut buffer, start)?;
        if let Some(at) = buffer.iter().rposition(|&c| c == b'\n') {
            return Ok(Some(start + at as u64));
        }
        end = start;
    }
    Ok(None)
}
