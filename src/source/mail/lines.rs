//! Lines of e-mails and mailboxes as they come, and the messages of a mailbox (RFC 4155, mboxo and mboxrd).

use std::io::{self, BufRead};

use super::message::{Mail, Reader};
use crate::task::{Cancel, Cancelled};

/// From which length on a line comes in pieces, in bytes.
const PIECE: usize = 1 << 16;

/// Why reading ended early.
#[derive(Debug)]
pub(super) enum Stop {
    Io(io::Error),
    Cancelled(Cancelled),
}

impl From<Cancelled> for Stop {
    fn from(stopped: Cancelled) -> Self {
        Self::Cancelled(stopped)
    }
}

/// A line or a piece of a long one.
struct Piece<'a> {
    text: &'a [u8],
    /// Whether it begins its line.
    first: bool,
    /// The line end; empty where the line goes on, and at the end of the file.
    end: &'static [u8],
    /// Bytes before it.
    offset: u64,
}

/// Reads an e-mail.
pub(super) fn mail(input: impl BufRead, cancel: &Cancel) -> Result<Mail, Stop> {
    let mut reader = Reader::new();
    pieces(input, cancel, |piece| reader.take(piece.text, piece.first, piece.end))?;
    Ok(reader.finish())
}

/// Reads the messages of a mailbox one by one; `each` gets where each begins (behind its `From ` line), how many bytes it
/// has (without the empty line that ends it) and what it is. Returns whether the file begins as a mailbox does.
pub(super) fn mailbox(
    input: impl BufRead,
    cancel: &Cancel,
    mut each: impl FnMut(u64, u64, Mail),
) -> Result<bool, Stop> {
    let mut open: Option<(u64, Reader)> = None;
    let mut begins = true;
    let mut is_mailbox = true;
    // Bytes of the empty line before, `None` where it was not empty.
    let mut empty: Option<u64> = Some(0);
    let mut held: Option<&'static [u8]> = None;
    let mut end = 0;
    pieces(input, cancel, |piece| {
        let length = (piece.text.len() + piece.end.len()) as u64;
        end = piece.offset + length;
        let separates = piece.first && empty.is_some() && is_separator(piece.text, begins);
        if begins && !separates {
            is_mailbox = false;
        }
        begins = false;
        if separates {
            if let Some((start, reader)) = open.take() {
                let stop = piece.offset - empty.unwrap_or_default();
                each(start, stop.saturating_sub(start), reader.finish());
            }
            held = None;
            empty = None;
            open = Some((end, Reader::new()));
            return;
        }
        let Some((_, reader)) = &mut open else { return };
        if let Some(line_end) = held.take() {
            reader.take(b"", true, line_end);
        }
        empty = (piece.first && piece.text.is_empty()).then_some(length);
        if empty.is_some() {
            // The empty line before the next `From ` belongs to the mailbox, any other one to the message.
            held = Some(piece.end);
        } else {
            let text = if piece.first { unquoted(piece.text) } else { piece.text };
            reader.take(text, piece.first, piece.end);
        }
    })?;
    if let Some((start, reader)) = open {
        let stop = if held.is_some() { end - empty.unwrap_or_default() } else { end };
        each(start, stop.saturating_sub(start), reader.finish());
    }
    Ok(is_mailbox)
}

/// Returns whether a line separates messages: `From `, somebody, and a time; at the beginning of a file without more.
///
/// Text may have such a line as well where a program did not quote it; a time makes that unlikely.
pub(super) fn is_separator(line: &[u8], begins: bool) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let digit = |byte: &u8| byte.is_ascii_digit();
    begins || rest.windows(5).any(|five| five[2] == b':' && [0, 1, 3, 4].iter().all(|at| digit(&five[*at])))
}

/// Returns a line without the mark that mailboxes put before `From `.
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    let from = line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
    if marks > 0 && from { line.get(1..).unwrap_or_default() } else { line }
}

fn pieces(mut input: impl BufRead, cancel: &Cancel, mut each: impl FnMut(Piece<'_>)) -> Result<(), Stop> {
    let mut line: Vec<u8> = Vec::with_capacity(PIECE);
    let (mut offset, mut first, mut count) = (0_u64, true, 0_u32);
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Stop::Io(error)),
        };
        if available.is_empty() {
            if !line.is_empty() {
                each(Piece { text: &line, first, end: b"", offset });
            }
            return Ok(());
        }
        let room = PIECE.saturating_sub(line.len()).max(1).min(available.len());
        let window = available.get(..room).unwrap_or(available);
        let found = window.iter().position(|byte| *byte == b'\n');
        let taken = found.map_or(window.len(), |at| at + 1);
        line.extend_from_slice(window.get(..taken).unwrap_or(window));
        input.consume(taken);
        if found.is_some() {
            let whole = line.len() as u64;
            let end: &'static [u8] = if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
            let text = line.get(..line.len() - end.len()).unwrap_or_default();
            each(Piece { text, first, end, offset });
            (offset, first) = (offset + whole, true);
            line.clear();
        } else if line.len() >= PIECE {
            // A carriage return may be the first half of a line end.
            let kept = usize::from(line.ends_with(b"\r"));
            let text = line.get(..line.len() - kept).unwrap_or_default();
            each(Piece { text, first, end: b"", offset });
            (offset, first) = (offset + text.len() as u64, false);
            line.drain(..line.len() - kept);
        }
        count = count.wrapping_add(1);
        if count.is_multiple_of(1024) {
            cancel.check()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn told(text: &str, buffer: usize) -> (bool, Vec<(String, String)>) {
        let mut found = Vec::new();
        let input = BufReader::with_capacity(buffer, text.as_bytes());
        let is = mailbox(input, &Cancel::new(), |start, length, mail| {
            let start = usize::try_from(start).unwrap();
            let bytes = text[start..start + usize::try_from(length).unwrap()].to_owned();
            found.push((mail.headers.unwrap_or_default().subject, bytes));
        });
        (is.unwrap(), found)
    }

    #[test]
    fn a_mailbox_is_taken_apart() {
        let from = "From a@b Sat Jan  3 01:05:34 1996";
        for (text, expected) in [
            (
                format!("{from}\nSubject: 1\n\nA\n\n{from}\nSubject: 2\n\nB\n"),
                vec!["Subject: 1\n\nA\n", "Subject: 2\n\nB\n"],
            ),
            (
                format!("{from}\r\nSubject: 1\r\n\r\nA\r\n\r\n{from}\r\nSubject: 2\r\n\r\n"),
                vec!["Subject: 1\r\n\r\nA\r\n", "Subject: 2\r\n"],
            ),
            (
                format!("{from}\nSubject: 1\n\nFrom here on\n\nFrom my view\n>From x\n{from}\n\n\n{from}\n\n"),
                vec![&*format!("Subject: 1\n\nFrom here on\n\nFrom my view\n>From x\n{from}\n\n").to_owned(), ""]
                    .into_iter()
                    .map(|text: &str| &*text.to_owned().leak())
                    .collect(),
            ),
            ("From x\nSubject: 1\n\nA".to_owned(), vec!["Subject: 1\n\nA"]),
        ] {
            for buffer in [1, 2, 3, 7, 8192] {
                let (is, found) = told(&text, buffer);
                assert!(is);
                let bytes: Vec<&str> = found.iter().map(|(_, bytes)| bytes.as_str()).collect();
                assert_eq!(bytes, expected, "{text:?}");
            }
        }
        assert!(!told("Subject: x\n\nA", 10).0);
        assert_eq!(told("", 10), (true, vec![]));
    }

    #[test]
    fn quoted_lines_are_hashed_as_they_were_sent() {
        let from = "From a@b Sat Jan  3 01:05:34 1996";
        let attached = "Content-Type: text/csv; name=x\n\n>From a\n>>From b\n>x\n";
        let mut quoted = None;
        let text = format!("{from}\n{attached}\n{from}\n");
        mailbox(text.as_bytes(), &Cancel::new(), |_, _, mail| quoted = quoted.take().or(Some(mail))).unwrap();
        let plain = mail(&b"Content-Type: text/csv; name=x\n\nFrom a\n>From b\n>x\n"[..], &Cancel::new()).unwrap();
        assert_eq!(quoted.unwrap().attachments, plain.attachments);
    }

    #[test]
    fn long_lines_come_in_pieces_and_nothing_is_lost() {
        let long =
            format!("Content-Type: application/x; name=l\n\n{}\r\n{}\r", "x".repeat(PIECE - 1), "y".repeat(3 * PIECE));
        let found = mail(long.as_bytes(), &Cancel::new()).unwrap();
        assert_eq!(found.attachments[0].size, (PIECE - 1 + 2 + 3 * PIECE + 1) as u64);
        let cancel = Cancel::new();
        cancel.request();
        let many = "\n".repeat(5000);
        assert!(matches!(mail(many.as_bytes(), &cancel), Err(Stop::Cancelled(_))));
    }

    proptest! {
        #[test]
        fn messages_lie_one_behind_the_other(lines in prop::collection::vec(prop::sample::select(vec![
            "From a@b Sat Jan  3 01:05:34 1996\n", "\n", "\r\n", "Subject: x\n", "From x\n", ">From x\n", "y",
        ]), 0..20), buffer in 1_usize..40) {
            let text = lines.concat();
            let mut end = 0;
            mailbox(BufReader::with_capacity(buffer, text.as_bytes()), &Cancel::new(), |start, length, _| {
                assert!(start >= end && start + length <= text.len() as u64);
                end = start + length;
            }).unwrap();
        }
    }
}
