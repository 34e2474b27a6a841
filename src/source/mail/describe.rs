//! What is said of e-mails in descriptions and units.

use super::MailFields;
use super::header::Headers;
use super::message::{Attachment, Mail};
use crate::model::finding::{Code, Finding};
use crate::model::record::Record;
use crate::model::unit::{Property, Unit, UnitKind};

/// How many findings are kept of one record: what is wrong in the same way a thousand times is known after the first.
const FINDINGS_MAX: usize = 200;

/// Describes a record that is one e-mail.
pub(super) fn mail(record: &mut Record, mail: &Mail, fields: MailFields) {
    let Some(headers) = &mail.headers else { return };
    let description = &mut record.description;
    description.title = title(headers, fields);
    "E-Mail".clone_into(&mut description.kind);
    description.date_from.clone_from(&headers.day);
    description.date_to.clone_from(&headers.day);
    record.closure.made.clone_from(&headers.day);
    if fields.from {
        description.creator = headers.from.join("; ");
    }
    let readers = [(fields.to, &headers.to), (fields.cc, &headers.cc)];
    for reader in readers.into_iter().filter(|(told, _)| *told).flat_map(|(_, list)| list) {
        if !description.audience.contains(reader) {
            description.audience.push(reader.clone());
        }
    }
    if fields.message_id && !headers.message_id.is_empty() {
        description.identifiers.push(headers.message_id.clone());
    }
    if fields.references {
        description.relations.clone_from(&headers.references);
    }
    description.conforms_to = vec!["RFC 5322".to_owned()];
    description.properties = properties(headers, mail, fields);
    if fields.attachments {
        let listed = mail.attachments.iter().map(|attachment| Property::new("anlage", line(attachment)));
        description.properties.extend(listed);
    }
}

/// Returns the unit of an e-mail, its attachments in it.
pub(super) fn unit(mail: &Mail, fields: MailFields) -> Unit {
    let headers = mail.headers.clone().unwrap_or_default();
    let mut unit = Unit {
        kind: UnitKind::Stueck,
        id: if fields.message_id { headers.message_id.clone() } else { String::new() },
        title: title(&headers, fields),
        dates: [headers.day.clone(), headers.day.clone()],
        properties: properties(&headers, mail, fields),
        ..Unit::default()
    };
    if fields.attachments {
        unit.parts = mail.attachments.iter().map(part).collect();
    }
    unit
}

/// Puts into `record` what is not in order with an e-mail; `place` tells which it is where a file holds several.
pub(super) fn findings(record: &mut Record, mail: &Mail, file: &str, place: &str) {
    let mut add = |code: Code, word: &str, name: &str| {
        if record.findings.len() >= FINDINGS_MAX {
            return;
        }
        let mut finding = Finding::new(code).file(file);
        if !word.is_empty() {
            finding = finding.value(word);
        }
        let named = [place, name].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        finding.xpath = (!named.is_empty()).then_some(named);
        record.findings.push(finding);
    };
    let Some(headers) = &mail.headers else { return add(Code::MailUnreadable, "", "") };
    if headers.from.is_empty() {
        add(Code::MailFault, "no-from", "");
    }
    if headers.day.is_empty() {
        add(Code::MailFault, "no-date", "");
    }
    for (word, name) in &mail.faults {
        add(Code::MailFault, word, name);
    }
}

fn title(headers: &Headers, fields: MailFields) -> String {
    if fields.subject && !headers.subject.is_empty() {
        return headers.subject.clone();
    }
    let without = if fields.subject { "E-Mail ohne Betreff" } else { "E-Mail" };
    if headers.day.is_empty() { without.to_owned() } else { format!("{without} vom {}", headers.day) }
}

fn properties(headers: &Headers, mail: &Mail, fields: MailFields) -> Vec<Property> {
    let mut found = Vec::new();
    let lists =
        [("von", fields.from, &headers.from), ("an", fields.to, &headers.to), ("kopie", fields.cc, &headers.cc)];
    for (name, _, list) in lists.into_iter().filter(|(_, told, _)| *told) {
        found.extend(list.iter().map(|value| Property::new(name, value.as_str())));
    }
    if !headers.time.is_empty() {
        found.push(Property::new("gesendet", headers.time.as_str()));
    }
    if mail.signed {
        found.push(Property::new("signiert", "ja"));
    }
    if mail.encrypted {
        found.push(Property::new("verschluesselt", "ja"));
    }
    found
}

/// Returns an attachment in one line: name, type, size and SHA-256.
fn line(attachment: &Attachment) -> String {
    let sum = attachment.checksum.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = if attachment.name.is_empty() { "ohne Namen" } else { &attachment.name };
    format!("{name}; {}; {} Bytes; {sum}", attachment.mime_type, attachment.size)
}

fn part(attachment: &Attachment) -> Unit {
    let mut properties = vec![
        Property::new("mime-typ", attachment.mime_type.as_str()),
        Property::new("bytes", attachment.size.to_string()),
    ];
    properties.extend(attachment.checksum.as_ref().map(|sum| Property::new("sha-256", sum.hex())));
    let title = if attachment.name.is_empty() { "ohne Namen".to_owned() } else { attachment.name.clone() };
    Unit { kind: UnitKind::Anlage, title, properties, ..Unit::default() }
}
