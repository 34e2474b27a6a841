//! Header blocks of e-mails and of their parts: encoded words, RFC 2231 parameters, addresses and dates.

use std::borrow::Cow;

use mail_parser::{Address, HeaderValue, MessageParser, MimeHeaders as _};

use crate::source::dating;
use crate::source::field::printable;

/// What the headers of an e-mail tell. Empty strings and lists mean that a header is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) subject: String,
    pub(super) from: Vec<String>,
    pub(super) to: Vec<String>,
    pub(super) cc: Vec<String>,
    pub(super) message_id: String,
    /// `In-Reply-To` and `References`.
    pub(super) references: Vec<String>,
    /// The day as the sender had it, `2024-03-05`.
    pub(super) day: String,
    /// The time with its offset (RFC 3339).
    pub(super) time: String,
}

/// What the headers of a part tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PartHead {
    /// `image/png`, in lower case; empty where nothing is said.
    pub(super) mime_type: String,
    pub(super) boundary: Option<String>,
    /// The file name that it was given.
    pub(super) name: String,
    /// Whether it is said to be an attachment.
    pub(super) attachment: bool,
    pub(super) encoding: Encoding,
    /// `smime-type` of encrypted and signed data.
    pub(super) smime: String,
}

/// How the bytes of a part are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    #[default]
    Plain,
    Base64,
    Quoted,
}

/// Reads a header block; nothing where no header is in it.
pub(super) fn read(block: &[u8]) -> Option<(Headers, PartHead)> {
    // Old programs put Latin letters into headers as they are.
    let block = match std::str::from_utf8(block) {
        Ok(_) => Cow::Borrowed(block),
        Err(_) => Cow::Owned(encoding_rs::WINDOWS_1252.decode_without_bom_handling(block).0.into_owned().into_bytes()),
    };
    block.split(|byte| *byte == b'\n').any(is_field).then_some(())?;
    let message = MessageParser::default().parse_headers(&*block)?;
    let mut headers = Headers {
        subject: message.subject().map(one_line).unwrap_or_default(),
        from: message.from().or_else(|| message.sender()).map(addresses).unwrap_or_default(),
        to: message.all_to().flat_map(addresses).collect(),
        cc: message.all_cc().flat_map(addresses).collect(),
        message_id: message.message_id().map(one_line).unwrap_or_default(),
        ..Headers::default()
    };
    for value in [message.in_reply_to(), message.references()] {
        let ids = match value {
            HeaderValue::Text(id) => vec![one_line(id)],
            HeaderValue::TextList(ids) => ids.iter().map(|id| one_line(id)).collect(),
            _ => Vec::new(),
        };
        for id in ids {
            if !id.is_empty() && !headers.references.contains(&id) && headers.references.len() < LIST_MAX {
                headers.references.push(id);
            }
        }
    }
    if let Some(date) = message.date() {
        let day = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
        if dating::iso(&day).is_some() && date.hour < 24 && date.minute < 60 && date.second < 61 {
            headers.day = day;
            headers.time = date.to_rfc3339();
        }
    }
    let mut part = PartHead::default();
    if let Some(kind) = message.content_type() {
        let subtype = kind.subtype().unwrap_or_default();
        part.mime_type = printable(&format!("{}/{subtype}", kind.ctype())).to_ascii_lowercase();
        part.boundary = kind.attribute("boundary").filter(|text| !text.is_empty()).map(str::to_owned);
        part.smime = kind.attribute("smime-type").unwrap_or_default().to_ascii_lowercase();
    }
    part.name = message.attachment_name().map(one_line).unwrap_or_default();
    part.attachment = message.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
    part.encoding = match message.content_transfer_encoding().map(str::trim) {
        Some(text) if text.eq_ignore_ascii_case("base64") => Encoding::Base64,
        Some(text) if text.eq_ignore_ascii_case("quoted-printable") => Encoding::Quoted,
        _ => Encoding::Plain,
    };
    Some((headers, part))
}

/// The most addresses and references that are taken over of one header.
const LIST_MAX: usize = 1_000;

fn addresses(list: &Address<'_>) -> Vec<String> {
    let shown = list.iter().take(LIST_MAX).map(|one| match (one.name(), one.address()) {
        (Some(name), Some(address)) if !name.trim().is_empty() => format!("{} <{address}>", name.trim()),
        (_, Some(address)) => address.to_owned(),
        (Some(name), None) => name.to_owned(),
        (None, None) => String::new(),
    });
    shown.map(|text| one_line(&text)).filter(|text| !text.is_empty()).collect()
}

/// Returns whether a line begins a header field: a name and a colon.
fn is_field(line: &[u8]) -> bool {
    let end = line.iter().position(|byte| *byte == b':').unwrap_or_default();
    end > 0 && line[..end].trim_ascii_end().iter().all(u8::is_ascii_graphic)
}

/// Returns a header's text in one line.
fn one_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headers_are_read_as_people_wrote_them() {
        let block = "From: =?iso-8859-1?Q?J=F6rg_M=FC=DFig?= <j@example.org>\r\n\
            To: amt@example.org, \"Amt, Bau\" <bau@example.org>\r\nCc: Rat: a@example.org, b@example.org;\r\n\
            Subject: =?UTF-8?B?R3LDvMOfZQ==?= an\r\n\t=?utf-8?q?_alle?=\r\nDate: Tue, 5 Mar 2024 23:30:00 +0100\r\n\
            Message-ID: <1@example.org>\r\nIn-Reply-To: <0@example.org>\r\nReferences: <x@example.org> <0@example.org>\r\n\r\n";
        let (headers, part) = read(block.as_bytes()).unwrap();
        assert_eq!(headers.subject, "Grüße an alle");
        assert_eq!(headers.from, ["Jörg Müßig <j@example.org>"]);
        assert_eq!(headers.to, ["amt@example.org", "Amt, Bau <bau@example.org>"]);
        assert_eq!(headers.cc, ["a@example.org", "b@example.org"]);
        assert_eq!(headers.message_id, "1@example.org");
        assert_eq!(headers.references, ["0@example.org", "x@example.org"]);
        assert_eq!((headers.day.as_str(), headers.time.as_str()), ("2024-03-05", "2024-03-05T23:30:00+01:00"));
        assert_eq!(part, PartHead::default());
    }

    #[test]
    fn names_of_attachments_come_in_many_forms() {
        for (block, expected) in [
            ("Content-Disposition: attachment; filename=\"a b.pdf\"", "a b.pdf"),
            ("Content-Disposition: attachment; filename*=UTF-8''Pl%C3%A4ne%20x.pdf", "Pläne x.pdf"),
            ("Content-Disposition: attachment;\n filename*0*=UTF-8''Pl%C3%A4;\n filename*1=ne.pdf", "Pläne.pdf"),
            ("Content-Type: image/png; name=\"=?utf-8?q?=C3=A4.png?=\"", "ä.png"),
            ("Content-Type: image/png", ""),
            ("Content-Disposition: attachment; filename=\"../../x\0y\"", "../../x\u{fffd}y"),
        ] {
            let (_, part) = read(format!("{block}\n\n").as_bytes()).unwrap();
            assert_eq!(part.name, expected, "{block}");
        }
    }

    #[test]
    fn what_is_odd_does_no_harm() {
        let (headers, _) = read(b"Subject: Gr\xfc\xdfe\nDate: gestern\n\n").unwrap();
        assert_eq!((headers.subject.as_str(), headers.day.as_str()), ("Grüße", ""));
        assert!(read(b"").is_none());
        assert!(read(b"\n\n").is_none());
        let (headers, _) = read(b"Date: Fri, 31 Feb 2024 10:00:00 +0000\n\n").unwrap();
        assert_eq!(headers.day, "");
    }

    proptest! {
        #[test]
        fn any_bytes_are_headers_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200),
            text in "(From|To|Date|Subject|Content-Type|Content-Disposition): [ -~=?\\n\\t;\"<>@*']{0,80}") {
            let _ = read(&bytes);
            let _ = read(text.as_bytes());
        }
    }
}
