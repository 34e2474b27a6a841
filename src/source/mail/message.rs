//! An e-mail taken apart as its lines come (RFC 5322, RFC 2045, RFC 2046): headers, and what is attached.
//!
//! Nothing of a body is held, so that the size of a message does not matter; the parts are counted, hashed and forgotten.

use super::body::Body;
use super::header::{self, Encoding, Headers, PartHead};
use crate::model::checksum::Checksum;

/// The largest header block that is read, in bytes; what is beyond is passed over.
const HEAD_MAX: usize = 1 << 20;

/// How deep parts lie in parts at most.
const DEPTH_MAX: usize = 64;

/// The most attachments that are listed.
const ATTACHMENTS_MAX: usize = 10_000;

/// What was read of an e-mail.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mail {
    /// Its headers; `None` where there is none, so that it is no e-mail.
    pub(super) headers: Option<Headers>,
    pub(super) attachments: Vec<Attachment>,
    /// What is not in order: a word for it, and the attachment where it is about one.
    pub(super) faults: Vec<(&'static str, String)>,
    /// Whether it came with a signature, or is encrypted.
    pub(super) signed: bool,
    pub(super) encrypted: bool,
}

/// A file in an e-mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attachment {
    /// The name that it was given; that of an attached e-mail is its subject.
    pub(super) name: String,
    pub(super) mime_type: String,
    pub(super) size: u64,
    /// SHA-256 of the decoded bytes.
    pub(super) checksum: Option<Checksum>,
    /// How many e-mails it lies in, beside the one itself.
    pub(super) depth: usize,
}

/// Reads an e-mail piece by piece.
pub(super) struct Reader {
    mail: Mail,
    levels: Vec<Level>,
    mode: Mode,
    head: Vec<u8>,
    started: bool,
}

/// What is open around the part that is being read.
enum Level {
    Multipart {
        boundary: Vec<u8>,
        digest: bool,
    },
    /// An attached e-mail, which is hashed as a whole.
    Message {
        attachment: Option<usize>,
        body: Body,
    },
}

/// What the next lines are.
enum Mode {
    Head,
    Part {
        attachment: Option<usize>,
        body: Body,
    },
    /// Before the first part, behind the last, or text that is not listed.
    Passing,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { mail: Mail::default(), levels: Vec::new(), mode: Mode::Head, head: Vec::new(), started: false }
    }

    /// Takes a line, or a piece of a long one: `first` where it begins the line, with its line end as `end`, which is empty
    /// where the line goes on.
    pub(super) fn take(&mut self, text: &[u8], first: bool, end: &'static [u8]) {
        if first && text.starts_with(b"--") && self.delimiter(text, end) {
            return;
        }
        for level in &mut self.levels {
            if let Level::Message { body, .. } = level {
                body.take(text, end);
            }
        }
        match &mut self.mode {
            Mode::Head if first && text.is_empty() => self.head_ends(),
            Mode::Head => {
                if self.head.len() + text.len() > HEAD_MAX {
                    self.fault("head", String::new());
                } else {
                    self.head.extend_from_slice(text);
                    self.head.extend_from_slice(end);
                }
            }
            Mode::Part { body, .. } => body.take(text, end),
            Mode::Passing => {}
        }
    }

    /// Ends the e-mail.
    pub(super) fn finish(mut self) -> Mail {
        if matches!(self.mode, Mode::Head) {
            self.head_ends();
        }
        if self.levels.iter().any(|level| matches!(level, Level::Multipart { .. })) {
            self.fault("open", String::new());
        }
        self.close(0, false);
        self.mail
    }

    /// Deals with a line that begins with `--`, and returns whether it separates parts.
    fn delimiter(&mut self, text: &[u8], end: &'static [u8]) -> bool {
        let line = text.get(2..).unwrap_or_default().trim_ascii_end();
        for at in (0..self.levels.len()).rev() {
            let Some(Level::Multipart { boundary, .. }) = self.levels.get(at) else { continue };
            let last = match line.strip_prefix(boundary.as_slice()) {
                Some(b"") => false,
                Some(b"--") => true,
                _ => continue,
            };
            if matches!(self.mode, Mode::Head) && !self.head.is_empty() {
                self.head_ends();
            }
            self.close(at + 1, true);
            for level in self.levels.iter_mut().take(at) {
                if let Level::Message { body, .. } = level {
                    body.take(text, end);
                }
            }
            if last {
                self.levels.truncate(at);
                self.mode = Mode::Passing;
            } else {
                self.mode = Mode::Head;
                self.head.clear();
            }
            return true;
        }
        false
    }

    /// Ends the part that is being read, and all levels from `depth` on.
    fn close(&mut self, depth: usize, at_delimiter: bool) {
        if let Mode::Part { attachment, body } = std::mem::replace(&mut self.mode, Mode::Passing) {
            self.end(attachment, body, at_delimiter);
        }
        while self.levels.len() > depth {
            if let Some(Level::Message { attachment, body }) = self.levels.pop() {
                self.end(attachment, body, at_delimiter);
            }
        }
    }

    fn end(&mut self, attachment: Option<usize>, body: Body, at_delimiter: bool) {
        let (size, checksum, sound) = body.finish(at_delimiter);
        let found = attachment.and_then(|index| self.mail.attachments.get_mut(index));
        let name = found.map(|attachment| {
            (attachment.size, attachment.checksum) = (size, Some(checksum));
            attachment.name.clone()
        });
        if !sound {
            self.fault("encoding", name.unwrap_or_default());
        }
    }

    /// Reads the header block, and says with it what the next lines are.
    fn head_ends(&mut self) {
        let head = std::mem::take(&mut self.head);
        let read = header::read(&head);
        let (headers, mut part) = read.clone().unwrap_or_default();
        let digest = matches!(self.levels.last(), Some(Level::Multipart { digest: true, .. }));
        if part.mime_type.is_empty() {
            part.mime_type = if digest { "message/rfc822" } else { "text/plain" }.to_owned();
        }
        if !self.started {
            self.started = true;
            self.mail.headers = read.map(|(headers, _)| headers);
        } else if let Some(Level::Message { attachment: Some(index), .. }) = self.levels.last()
            && let Some(attachment) = self.mail.attachments.get_mut(*index)
            && attachment.name.is_empty()
        {
            attachment.name = headers.subject;
        }
        self.marks(&part);
        self.mode = self.begin(part);
    }

    fn begin(&mut self, part: PartHead) -> Mode {
        let kind = part.mime_type.as_str();
        let nests = kind.starts_with("multipart/") || matches!(kind, "message/rfc822" | "message/global");
        let deep = nests && self.levels.len() >= DEPTH_MAX;
        if deep {
            self.fault("depth", part.name.clone());
        }
        if kind.starts_with("multipart/") && !deep {
            match part.boundary {
                Some(boundary) => {
                    let digest = kind == "multipart/digest";
                    self.levels.push(Level::Multipart { boundary: boundary.into_bytes(), digest });
                }
                None => self.fault("boundary", String::new()),
            }
            return Mode::Passing;
        }
        if nests && part.encoding == Encoding::Plain && !deep {
            let attachment = self.attach(&part);
            self.levels.push(Level::Message { attachment, body: Body::new(Encoding::Plain) });
            return Mode::Head;
        }
        let text = matches!(kind, "text/plain" | "text/html");
        if text && !part.attachment && part.name.is_empty() {
            // What people read of the e-mail: its encoding is looked at, and no more.
            return Mode::Part { attachment: None, body: Body::new(part.encoding) };
        }
        Mode::Part { attachment: self.attach(&part), body: Body::new(part.encoding) }
    }

    /// Lists an attachment and returns its number.
    fn attach(&mut self, part: &PartHead) -> Option<usize> {
        if self.mail.attachments.len() == ATTACHMENTS_MAX {
            self.fault("parts", String::new());
            return None;
        }
        let depth = self.levels.iter().filter(|level| matches!(level, Level::Message { .. })).count();
        self.mail.attachments.push(Attachment {
            name: part.name.clone(),
            mime_type: part.mime_type.clone(),
            size: 0,
            checksum: None,
            depth,
        });
        Some(self.mail.attachments.len() - 1)
    }

    fn marks(&mut self, part: &PartHead) {
        let kind = part.mime_type.trim_start_matches("application/").trim_start_matches("x-");
        let pkcs7 = kind == "pkcs7-mime";
        self.mail.signed |= matches!(kind, "multipart/signed" | "pkcs7-signature" | "pgp-signature")
            || pkcs7 && part.smime == "signed-data";
        self.mail.encrypted |= matches!(kind, "multipart/encrypted" | "pgp-encrypted")
            || pkcs7 && matches!(part.smime.as_str(), "" | "enveloped-data" | "authenveloped-data");
    }

    /// Notes what is not in order, each word once for the same attachment.
    fn fault(&mut self, word: &'static str, name: String) {
        let fault = (word, name);
        if self.mail.faults.len() < 100 && !self.mail.faults.contains(&fault) {
            self.mail.faults.push(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::checksum::Algorithm;

    pub(super) fn read(text: &[u8]) -> Mail {
        let mut reader = Reader::new();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            match line
                .strip_suffix(b"\r\n")
                .map(|l| (l, &b"\r\n"[..]))
                .or(line.strip_suffix(b"\n").map(|l| (l, &b"\n"[..])))
            {
                Some((line, end)) => reader.take(line, true, end),
                None => reader.take(line, true, b""),
            }
        }
        reader.finish()
    }

    /// Each attachment as `name|type|size|depth`, then the faults.
    fn told(text: &str) -> Vec<String> {
        let mail = read(text.as_bytes());
        let list = mail.attachments.iter().map(|a| format!("{}|{}|{}|{}", a.name, a.mime_type, a.size, a.depth));
        list.chain(mail.faults.iter().map(|(word, name)| format!("!{word} {name}"))).collect()
    }

    #[test]
    fn attachments_are_listed() {
        let file = "--x\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\naGFs\nbG8=\n";
        for (text, expected) in [
            ("Subject: x\n\nHallo\n".to_owned(), vec![]),
            ("Content-Type: text/html\n\n<p>\n".to_owned(), vec![]),
            (
                format!("Content-Type: multipart/mixed; boundary=x\n\nvor\n{file}--x--\nnach\n"),
                vec!["a.pdf|application/pdf|5|0"],
            ),
            (
                format!("Content-Type: multipart/mixed; boundary=x\n\n{file}"),
                vec!["a.pdf|application/pdf|5|0", "!open "],
            ),
            (
                format!(
                    "Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b\nContent-Type: multipart/alternative; boundary=x\n\n\
                     --x\n\nText\n--x\nContent-Type: text/html\n\n<p>\n{file}--x--\n\
                     --a b\nContent-Type: image/png\n\n12345\n--a b--\n"
                ),
                vec!["a.pdf|application/pdf|5|0", "|image/png|5|0"],
            ),
            (
                format!(
                    "Content-Type: multipart/mixed; boundary=y\n\n--y\nContent-Type: message/rfc822\n\nSubject: innen\n\
                     Content-Type: multipart/mixed; boundary=x\n\n{file}--x--\n--y--\n"
                ),
                vec!["innen|message/rfc822|154|0", "a.pdf|application/pdf|5|1"],
            ),
            ("Content-Type: multipart/mixed\n\n--x\n\n".to_owned(), vec!["!boundary "]),
            (
                "Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: eins\n\nText\n--x--\n".to_owned(),
                vec!["eins|message/rfc822|19|0"],
            ),
            (
                "Content-Type: text/plain; name=n.txt\nContent-Transfer-Encoding: base64\n\n*\n".to_owned(),
                vec!["n.txt|text/plain|0|0", "!encoding n.txt"],
            ),
            // A part without an empty line behind its headers.
            (
                "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: image/gif; name=g\n--x--\n".to_owned(),
                vec!["g|image/gif|0|0"],
            ),
        ] {
            assert_eq!(told(&text), expected, "{text}");
        }
    }

    #[test]
    fn attached_bytes_are_hashed_as_they_were() {
        let text = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/csv; charset=iso-8859-1\r\n\r\n\
                    a;\u{e4}\r\n\r\n--x--\r\n";
        let mail = read(text.as_bytes());
        let expected = Checksum::of(Algorithm::Sha256, "a;\u{e4}\r\n".as_bytes());
        assert_eq!(mail.attachments[0].checksum, Some(expected));
    }

    #[test]
    fn signatures_and_encryption_are_noticed() {
        for (head, expected) in [
            ("multipart/signed; boundary=x", (true, false)),
            ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", (true, false)),
            ("application/x-pkcs7-mime; name=smime.p7m", (false, true)),
            ("multipart/encrypted; boundary=x", (false, true)),
            ("text/plain", (false, false)),
        ] {
            let mail = read(format!("Content-Type: {head}\n\n").as_bytes());
            assert_eq!((mail.signed, mail.encrypted), expected, "{head}");
        }
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let deep = "Content-Type: message/rfc822\n\n".repeat(10_000);
        let mail = read(deep.as_bytes());
        assert_eq!((mail.attachments.len(), mail.faults.len()), (DEPTH_MAX + 1, 1));
        let many = "--x\nContent-Type: image/png\n\n".repeat(ATTACHMENTS_MAX + 5);
        let mail = read(format!("Content-Type: multipart/mixed; boundary=x\n\n{many}--x--").as_bytes());
        assert_eq!((mail.attachments.len(), mail.faults[0].0), (ATTACHMENTS_MAX, "parts"));
        assert!(read(b"").headers.is_none());
        assert!(read(b"\n\nText").headers.is_none());
    }

    proptest! {
        #[test]
        fn any_lines_are_an_email_or_none(lines in prop::collection::vec(prop::sample::select(vec![
            "Content-Type: multipart/mixed; boundary=x", "Content-Type: message/rfc822", "--x", "--x--", "", "Text", "aGFs=",
            "Content-Type: multipart/digest; boundary=\"\"", "Content-Transfer-Encoding: base64", " ;boundary*=x''y", "\u{0}\u{ff}",
        ]), 0..30)) {
            let mail = read(lines.join("\r\n").as_bytes());
            prop_assert!(mail.attachments.len() <= 30);
        }
    }
}
