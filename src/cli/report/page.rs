//! The receipt of an accession as a page that needs nothing beside itself: no script, no network, no font.
//!
//! The template says what stands where; all words come from the catalogue of the language, foreign text is escaped twice:
//! what steers or turns writing is spelt out, then what HTML would read as markup.

use std::io::{self, Write};

use askama::Template;
use earchiv::archive::receipt::{Head, Receipt, Share};
use earchiv::archive::report::RecordReport;
use earchiv::model::accession::Purpose;
use earchiv::model::closure::Closure;

use super::chart::{self, Bar};
use super::date::{day, moment, span};
use super::listed::{Listed, SHOWN};
use super::plain::{release, title};
use super::rows::{EqualRow, Row, deviations, equal, key, title as record_title};
use crate::cli::answers;
use crate::cli::delivery::fate;
use crate::cli::error::Told;
use crate::cli::text::{Text, escape};

#[derive(Template)]
#[template(path = "receipt.html")]
struct Page<'a> {
    text: &'a Text,
    language: &'static str,
    generator: String,
    title: String,
    /// The number of the accession for the foot of each printed page; digits and hyphens only, since it stands in CSS.
    foot: Option<String>,
    archive: String,
    lead: String,
    facts: Vec<(String, String)>,
    messages: Vec<Message>,
    counts: Vec<Count>,
    release: String,
    answers: Vec<String>,
    decided_against: Option<String>,
    /// Whether anything is known of the records.
    opened: bool,
    packages: Vec<Package>,
    packages_note: Option<String>,
    periods: bool,
    deviations: Vec<Numbered>,
    deviations_note: Option<String>,
    equal: Vec<EqualRow>,
    equal_note: Option<String>,
    formats: Vec<Bar>,
    chart_height: usize,
    chart_description: String,
    promise: String,
    journal_head: String,
    object: Option<String>,
    parties: Vec<(String, String)>,
    footer: String,
}

impl Page<'_> {
    fn say(&self, key: &str) -> String {
        self.text.say(key, &[])
    }
}

struct Message {
    kind: String,
    version: String,
    created: String,
    file: String,
}

struct Count {
    name: String,
    numbers: [String; 7],
}

struct Package {
    number: String,
    title: String,
    details: Vec<String>,
    dates: String,
    extent: [String; 2],
    periods: Vec<String>,
    outcome: String,
    id: String,
    checksum: Option<String>,
    checksum_of: String,
}

struct Numbered {
    number: String,
    subject: String,
    record: String,
    kind: String,
    what: String,
    hint: Option<String>,
}

/// Writes the page.
pub fn write(receipt: &dyn Receipt, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    write_with(receipt, None, text, out)
}

/// Writes the page; `failure` is what kept the delivery from being opened.
pub fn write_with(receipt: &dyn Receipt, failure: Option<&Told>, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let head = receipt.head()?;
    let (mut packages, mut same) = (Listed::new(), Listed::new());
    receipt.records(&mut |record| {
        packages.take(|number| package(record, number, text));
        for row in equal(record, &head.accession.number, text) {
            same.take(|_| row);
        }
        Ok(true)
    })?;
    let mut rows = Listed::new();
    if let Some(failure) = failure {
        rows.take(|number| fault(failure, &head, text.number(number), text));
    }
    deviations(&head, receipt, &mut |deviation| {
        rows.take(|number| {
            let Row { subject, record, kind, what, hint, .. } = Row::of(deviation, text);
            Numbered { number: text.number(number), subject, record, kind, what, hint }
        });
        Ok(())
    })?;
    let formats = chart::bars(&head.formats, text);
    let page = Page {
        text,
        language: text.language().code(),
        generator: format!("{} {}", head.tool.name, head.tool.version),
        title: title(&head, text),
        foot: foot(&head),
        archive: archive(&head),
        lead: lead(&head, text),
        facts: facts(&head, text),
        messages: messages(&head),
        counts: counts(&head, text),
        release: release(&head, text),
        answers: head.answers.iter().take(SHOWN).map(|answer| answers::line(answer, text)).collect(),
        decided_against: (head.counts.decided_against > 0)
            .then(|| text.say("receipt-decided-against", &[("objects", head.counts.decided_against.into())])),
        opened: failure.is_none(),
        packages_note: note(&packages, text),
        periods: packages.shown.iter().any(|row| !row.periods.is_empty()),
        packages: packages.shown,
        deviations_note: note(&rows, text),
        deviations: rows.shown,
        equal_note: note(&same, text),
        equal: same.shown,
        chart_height: chart::height(formats.len()),
        chart_description: description(&head, text),
        formats,
        promise: text.say("receipt-promise", &[]),
        journal_head: head.journal_head.clone(),
        object: Some(head.accession.object.clone()).filter(|object| !object.is_empty()),
        parties: vec![
            (text.say("receipt-party-producer", &[]), escape(&head.accession.producer).into_owned()),
            (text.say("receipt-party-archive", &[]), escape(&head.archive.name).into_owned()),
        ],
        footer: footer(&head, text),
    };
    page.write_into(&mut &mut *out).map_err(io::Error::other)
}

/// Returns the row that says why the delivery could not be opened.
fn fault(failure: &Told, head: &Head, number: String, text: &Text) -> Numbered {
    let cause = failure.cause.as_ref().map(|cause| text.say("cause", &[("cause", cause.as_str().into())]));
    let place = match (failure.line, failure.column) {
        (Some(line), Some(column)) => {
            Some(text.say("place-column", &[("line", line.into()), ("column", column.into())]))
        }
        (Some(line), None) => Some(text.say("place-line", &[("line", line.into())])),
        _ => None,
    };
    let what = [Some(failure.message.clone()), place.map(|place| format!("({place})")), cause];
    Numbered {
        number,
        subject: escape(failure.file.as_deref().unwrap_or(&head.accession.delivery)).into_owned(),
        record: String::new(),
        kind: failure.heading.clone(),
        what: escape(&what.into_iter().flatten().collect::<Vec<_>>().join(" ")).into_owned(),
        hint: failure.hint.clone(),
    }
}

fn note<T>(rows: &Listed<T>, text: &Text) -> Option<String> {
    let counts = [("shown", (rows.shown.len() as u64).into()), ("all", rows.all.into())];
    rows.is_cut().then(|| text.say("receipt-more", &counts))
}

fn foot(head: &Head) -> Option<String> {
    let number = head.accession.number.as_str();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    (plain && !number.is_empty()).then(|| number.to_owned())
}

fn archive(head: &Head) -> String {
    let name = escape(&head.archive.name);
    match &head.archive.isil {
        Some(isil) => format!("{name} ({})", escape(isil)),
        None => name.into_owned(),
    }
}

fn lead(head: &Head, text: &Text) -> String {
    let accession = &head.accession;
    let delivery = ("delivery", accession.delivery.as_str().into());
    let producer = ("producer", accession.producer.as_str().into());
    match accession.closed {
        Some(closed) => {
            let on = ("date", day(&closed.date(), text.language()).into());
            text.say("receipt-lead", &[delivery, producer, on])
        }
        None => text.say("refusal-lead", &[delivery, producer]),
    }
}

fn footer(head: &Head, text: &Text) -> String {
    let made = [("tool", head.tool.name.as_str().into()), ("version", head.tool.version.as_str().into())];
    if head.accession.number.is_empty() {
        return text.say("refusal-footer", &made);
    }
    let number = ("number", head.accession.number.as_str().into());
    text.say("receipt-footer", &[made[0].clone(), made[1].clone(), number])
}

/// Returns who, what, when and on what grounds, each with its name; what is not known is left out.
fn facts(head: &Head, text: &Text) -> Vec<(String, String)> {
    let (accession, terms, origin) = (&head.accession, &head.terms, &head.origin);
    let language = text.language();
    let purpose = match accession.purpose {
        Purpose::Permanent => text.say("purpose-permanent", &[]),
        Purpose::Interim => text.say("purpose-interim", &[]),
    };
    let agreement = terms.agreement.clone().unwrap_or_default();
    let joined = |parts: &[&str], separator: &str| {
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        parts.join(separator)
    };
    let title = match language {
        crate::cli::text::Language::De => terms.profile.title.de.as_str(),
        crate::cli::text::Language::En => terms.profile.title.en.as_str(),
    };
    let version = [("name", terms.profile.name.as_str().into()), ("version", u64::from(terms.profile.version).into())];
    let rights = terms.rights.as_ref();
    let statute = rights.map(|rights| rights.statute.as_str()).unwrap_or_default();
    // Where nothing else restricts the use, closure periods are computed by law.
    let law = if statute.is_empty() { terms.closure_law.as_str() } else { statute };
    let restriction = rights.map(|rights| joined(&[rights.restriction.as_str(), statute], ", ")).unwrap_or_default();
    let code = joined(&[&agreement.producer_code, &origin.producer_code], ", ");
    let times = [Some(accession.started), accession.closed].map(|time| time.map(|time| moment(time, language)));
    let [started, closed] = times.map(Option::unwrap_or_default);
    let facts = [
        (text.say("field-accession", &[]), accession.number.clone()),
        (text.say("field-archive", &[]), archive(head)),
        (text.say("field-producer", &[]), accession.producer.clone()),
        (text.say("receipt-producer-code", &[]), code),
        (text.say("field-delivery", &[]), accession.delivery.clone()),
        (text.say("receipt-process", &[]), origin.process.clone()),
        (text.say("receipt-system", &[]), origin.system.clone()),
        (text.say("receipt-recipient", &[]), origin.recipient.clone()),
        (text.say("field-agreement", &[]), joined(&[&agreement.title, &agreement.number, &agreement.name], ", ")),
        (text.say("field-purpose", &[]), purpose),
        (text.say("receipt-legal-basis", &[]), joined(&[&agreement.legal_basis, &terms.retention_basis, law], "; ")),
        (text.say("receipt-restriction", &[]), restriction),
        (text.say("field-holdings", &[]), accession.holdings.clone()),
        (text.say("field-started", &[]), started),
        (text.say("field-closed", &[]), closed),
        (text.say("receipt-actor", &[]), head.actor.user.clone()),
        (text.say("receipt-on-behalf-of", &[]), head.actor.on_behalf_of.clone().unwrap_or_default()),
        (text.say("field-profile", &[]), format!("{title} ({})", text.say("receipt-profile-version", &version))),
        (text.say("receipt-tool", &[]), format!("{} {}", head.tool.name, head.tool.version)),
    ];
    let told = facts.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| (name, escape(&value).into_owned())).collect()
}

fn messages(head: &Head) -> Vec<Message> {
    let shown = |text: &str| escape(text).into_owned();
    let message = |message: &earchiv::source::MessageFacts| Message {
        kind: shown(&message.kind),
        version: shown(&message.version),
        created: shown(&message.created),
        file: shown(&message.file),
    };
    head.origin.messages.iter().take(SHOWN).map(message).collect()
}

fn counts(head: &Head, text: &Text) -> Vec<Count> {
    let counts = &head.counts;
    let row = |name: String, share: &Share, show: &dyn Fn(u64) -> String| {
        let numbers =
            [share.offered, share.taken, share.held, share.not_taken, share.refused, share.failed, share.left_out];
        (share.offered > 0).then(|| Count { name, numbers: numbers.map(show) })
    };
    let number = |count: u64| text.number(count);
    [
        row(text.say("receipt-count-objects", &[]), &counts.objects, &number),
        row(text.say("field-files", &[]), &counts.files, &number),
        row(text.say("field-bytes", &[]), &counts.bytes, &|bytes| text.bytes(bytes)),
        row(text.say("kind-folder", &[]), &counts.folders, &number),
        row(text.say("receipt-count-others", &[]), &counts.others, &number),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn package(record: &RecordReport, number: u64, text: &Text) -> Package {
    let (about, language) = (&record.about, text.language());
    let named = record_title(record);
    let mut details = Vec::new();
    let mut detail = |name: String, value: &str| {
        if !value.is_empty() {
            details.push(format!("{name}: {}", escape(value)));
        }
    };
    detail(text.say("receipt-kind", &[]), &about.kind);
    detail(text.say("field-identifiers", &[]), &about.identifiers.join("; "));
    detail(text.say("field-signature", &[]), &about.signature);
    let key = key(record);
    if key != named {
        detail(text.say("receipt-key", &[]), &key);
    }
    let mut dates = span(&about.date_from, &about.date_to, language);
    if about.dates_of_files && !dates.is_empty() {
        dates = text.say("receipt-dates-of-files-only", &[("dates", dates.into())]);
    }
    let files = text.say("receipt-files", &[("files", record.files.into())]);
    let mut periods: Vec<String> = closure(about.closure.as_ref(), text).into_iter().collect();
    if !about.retention_end.is_empty() {
        periods.push(text.say("receipt-retention-end", &[("date", day(&about.retention_end, language).into())]));
    }
    let (sum, sum_of) = match (record.sha512.as_str(), record.inventory.as_str()) {
        ("", "") => (None, String::new()),
        ("", inventory) => (Some(inventory), text.say("receipt-sum-inventory", &[])),
        (file, _) => (Some(file), text.say("receipt-sum-package", &[])),
    };
    Package {
        number: text.number(number),
        title: named,
        details,
        dates: escape(&dates).into_owned(),
        extent: [files, text.bytes(record.bytes)],
        periods,
        outcome: fate(record, text),
        id: record.id.to_string(),
        checksum: sum.map(str::to_owned),
        checksum_of: sum_of,
    }
}

/// Returns whether and until when a package is closed, the same on every day.
fn closure(closure: Option<&Closure>, text: &Text) -> Option<String> {
    Some(match closure? {
        Closure::Free => text.say("closure-free", &[]),
        Closure::Open => text.say("closure-open", &[]),
        Closure::Until(end) => text.say("receipt-closure-end", &[("date", day(end, text.language()).into())]),
    })
}

fn description(head: &Head, text: &Text) -> String {
    let first = head.formats.first();
    let counts = [
        ("formats", (head.formats.len() as u64).into()),
        ("files", head.formats.iter().map(|format| format.files).sum::<u64>().into()),
        ("first", first.map(|format| chart::name(format, text)).unwrap_or_default().into()),
        ("most", first.map_or(0, |format| format.files).into()),
    ];
    text.say("receipt-chart-description", &counts)
}
