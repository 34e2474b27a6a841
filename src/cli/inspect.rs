//! `earchiv inspect`: shows what a delivery is and what would be packed of it; nothing is written.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::path::Path;

use clap::Args;
use earchiv::archive::choice::Choice;
use earchiv::archive::inspect::{Inspection, Looked, origin_json, recognise, shown};
use earchiv::model::finding::Severity;
use earchiv::model::record::{Record, SourceFile};
use earchiv::model::unit::Unit;
use earchiv::source::detect::{Detected, Form, Kind};
use earchiv::task::Cancelled;
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::delivery::{exception_exit, exceptions};
use super::error::{Failure, Kind as FailureKind};
use super::exit::Exit;
use super::findings::finding_lines;
use super::list::dates;
use super::options::{Context, DeliveryOptions, Reading};
use super::reach::Reach;
use super::text::{self, Text, escape};

/// How many files of a record, and units of its outline, are shown to people without `--verbose`; programs get all.
const SHOWN: usize = 20;

/// Shows what a delivery is and what would be packed of it; nothing is written.
#[derive(Debug, Args)]
pub struct Inspect {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    delivery: DeliveryOptions,
}

impl Inspect {
    /// Returns where the command writes: only what has no name.
    pub fn reach() -> Reach {
        Reach::nothing().and_work()
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let sources = self.delivery.sources()?;
        // An archive may hold profiles of its own; none is needed.
        let archive = self.archive.archive.as_ref().or(cx.settings.archive.as_ref());
        let choice =
            self.delivery.terms(archive.map(std::path::PathBuf::as_path).filter(|path| path.is_dir()), None)?;
        let named = self.delivery.names_profile();
        cx.start_workers()?;
        let mut exit = Exit::Done;
        for path in &sources {
            cx.cancel.check()?;
            exit = exit.and(one(cx, path, &choice, named)?);
        }
        Ok(exit)
    }
}

/// Shows one source and returns what it comes to.
fn one(cx: &Context<'_>, path: &Path, choice: &Choice, named: bool) -> Result<Exit, Failure> {
    let tell = |failure: Failure| {
        cx.out.fault(&failure);
        failure.exit()
    };
    let (found, refusal) = match recognise(path, cx.watch()) {
        Ok(recognised) => recognised,
        Err(error) => return Ok(tell(error.into())),
    };
    let opened = match refusal.filter(|_| !named) {
        Some(finding) => Err(Failure::new(FailureKind::Refused, "source-refused").at(path).because_found(finding)),
        None => Inspection::open(path, choice, cx.watch()).map_err(Failure::from),
    };
    let page = Page {
        cx,
        path,
        found: &found,
        opened: opened.as_ref().ok(),
        exit: Cell::new(Exit::Done),
        stopped: RefCell::default(),
    };
    cx.out.result(&page, |text| page.head(text));
    page.records_for_people();
    if let Some(stopped) = page.stopped.take() {
        return Err(stopped.into());
    }
    let exit = page.exit.get();
    Ok(match opened {
        Ok(_) => exit,
        Err(failure) if failure.exit() == Failure::stopped().exit() => return Err(failure),
        Err(failure) => exit.and(tell(failure)),
    })
}

/// What is shown of one source. Records are looked into while they are written, one after the other.
struct Page<'a> {
    cx: &'a Context<'a>,
    path: &'a Path,
    found: &'a Detected,
    opened: Option<&'a Inspection>,
    exit: Cell<Exit>,
    stopped: RefCell<Option<Cancelled>>,
}

impl Page<'_> {
    /// Looks into each record; notes what it comes to.
    fn each(&self, inspection: &Inspection, mut each: impl FnMut(&Looked) -> bool) {
        for index in 0..inspection.count() {
            match inspection.look(index, self.cx.watch()) {
                Ok(Some(looked)) => {
                    self.judge(&looked);
                    if !each(&looked) {
                        return;
                    }
                }
                Ok(None) => {}
                Err(stopped) => {
                    *self.stopped.borrow_mut() = Some(stopped);
                    return;
                }
            }
        }
    }

    fn judge(&self, looked: &Looked) {
        let mut exit = self.exit.get();
        if looked.record.is_refused() {
            exit = exit.and(Exit::Refused);
        }
        for exception in &looked.record.exceptions {
            exit = exit.and(exception_exit(exception));
        }
        self.exit.set(exit);
    }

    /// Judges what belongs to no record.
    fn judge_rest(&self, inspection: &Inspection) {
        let mut exit = self.exit.get();
        if inspection.findings().iter().any(|finding| finding.severity == Severity::Error) {
            exit = exit.and(Exit::Refused);
        }
        for exception in inspection.leftovers() {
            exit = exit.and(exception_exit(exception));
        }
        self.exit.set(exit);
    }

    /// Returns what the source is and what it tells of itself, as people read it.
    fn head(&self, text: &Text) -> String {
        let what = [
            ("path", text::path(self.path)),
            ("form", form(self.found.form, text).into()),
            ("kind", kind(&self.found.kind, text).into()),
        ];
        let mut lines = text.say("inspect-what", &what);
        lines.push('\n');
        let mut row = |name: String, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(lines, "{name}: {}", escape(value));
            }
        };
        let Some(inspection) = self.opened else {
            row(text.say("inspect-fits", &[]), self.found.kind.profile().unwrap_or_default());
            return lines;
        };
        let origin = inspection.origin();
        row(text.say("field-profile", &[]), inspection.profile());
        row(text.say("field-delivery", &[]), inspection.name());
        row(text.say("field-producer", &[]), inspection.producer());
        row(text.say("inspect-system", &[]), &origin.system);
        row(text.say("inspect-recipient", &[]), &origin.recipient);
        row(text.say("inspect-process", &[]), &origin.process);
        for message in &origin.messages {
            let facts = [&message.kind, &message.version, &message.created, &message.file];
            let facts: Vec<&str> = facts.into_iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
            row(text.say("inspect-message", &[]), &facts.join(", "));
        }
        row(text.say("inspect-records", &[]), &text.number(inspection.count() as u64));
        for finding in inspection.findings() {
            lines.push_str(&finding_lines(finding, text));
        }
        exceptions(&mut lines, inspection.leftovers(), text);
        lines
    }

    fn records_for_people(&self) {
        let Some(inspection) = self.opened.filter(|_| !self.cx.out.is_json()) else { return };
        self.judge_rest(inspection);
        let text = self.cx.text();
        self.each(inspection, |looked| {
            self.cx.out.lines(&record_lines(looked, text, self.cx.out.is_verbose()));
            true
        });
    }
}

impl Serialize for Page<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("path", &text::shown(self.path))?;
        map.serialize_entry("input", self.found)?;
        map.serialize_entry("fits", &self.found.kind.profile())?;
        if let Some(inspection) = self.opened {
            map.serialize_entry("profile", inspection.profile())?;
            map.serialize_entry("delivery", inspection.name())?;
            map.serialize_entry("producer", inspection.producer())?;
            map.serialize_entry("origin", &origin_json(&inspection.origin()))?;
            map.serialize_entry("findings", inspection.findings())?;
            map.serialize_entry("exceptions", inspection.leftovers())?;
            map.serialize_entry("records", &Records(self, inspection))?;
            self.judge_rest(inspection);
        }
        map.end()
    }
}

/// The records of a source, looked into as they are written.
struct Records<'a>(&'a Page<'a>, &'a Inspection);

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut failed = None;
        self.0.each(self.1, |looked| match list.serialize_element(&looked.json()) {
            Ok(()) => true,
            Err(error) => {
                failed = Some(error);
                false
            }
        });
        failed.map_or(Ok(()), Err)?;
        list.end()
    }
}

fn form(form: Form, text: &Text) -> String {
    match form {
        Form::Folder => text.say("form-folder", &[]),
        Form::Zip => text.say("form-zip", &[]),
        Form::Tar => text.say("form-tar", &[]),
        Form::TarGz => text.say("form-tar-gz", &[]),
        Form::File => text.say("form-file", &[]),
        Form::Special => text.say("form-special", &[]),
    }
}

fn kind(kind: &Kind, text: &Text) -> String {
    match kind {
        Kind::Package => text.say("input-is-package", &[]),
        Kind::Bag => text.say("input-is-bag", &[]),
        Kind::Ocfl => text.say("input-is-ocfl", &[]),
        Kind::Xdomea { messages } => {
            let one = |message: &earchiv::source::detect::Message| {
                format!("{} {}", message.kind, message.version).trim().to_owned()
            };
            let messages: Vec<String> = messages.iter().map(one).collect();
            text.say("input-is-xdomea", &[("messages", escape(&messages.join(", ")).into())])
        }
        Kind::Invoice { syntaxes } if syntaxes.iter().all(|syntax| *syntax == "PDF") => text.say("input-is-pdf", &[]),
        Kind::Invoice { syntaxes } => {
            let syntaxes: Vec<&str> = syntaxes.iter().copied().collect();
            text.say("input-is-invoice", &[("syntaxes", syntaxes.join(", ").into())])
        }
        Kind::FitConnect => text.say("input-is-fit-connect", &[]),
        Kind::Email => text.say("input-is-email", &[]),
        Kind::Compressed => text.say("input-is-compressed", &[]),
        Kind::Xml { root } if root.is_empty() => text.say("input-is-xml-unread", &[]),
        Kind::Xml { root } => text.say("input-is-xml", &[("root", escape(root).into())]),
        Kind::Share => text.say("input-is-share", &[]),
        Kind::File => text.say("input-is-file", &[]),
        Kind::Special => text.say("input-is-special", &[]),
    }
}

/// Returns a record as people read it.
fn record_lines(looked: &Looked, text: &Text, all: bool) -> String {
    let record = &looked.record;
    let most = if all { usize::MAX } else { SHOWN };
    let state = if record.is_refused() { text.say("fate-refused", &[]) } else { text.say("fate-planned", &[]) };
    let state = if record.files.is_empty() && !record.is_refused() { text.say("fate-left-out", &[]) } else { state };
    let extent = [("files", looked.report.files.into()), ("bytes", text.bytes(looked.report.bytes).into())];
    let title = escape(&record.description.title);
    let mut lines = format!("\n{state}: {title}{}\n", text.say("list-extent", &extent));
    let mut body = description(looked, text);
    outline(&mut body, record, text, most);
    files(&mut body, &text.say("field-files", &[]), &record.files, text, most);
    files(&mut body, &text.say("inspect-metadata", &[]), &record.metadata, text, most);
    if !record.empty_folders.is_empty() {
        let _ = writeln!(body, "{}:", text.say("inspect-empty-folders", &[]));
        for folder in record.empty_folders.iter().take(most) {
            let _ = writeln!(body, "  {}", escape(&shown(folder)));
        }
        more(&mut body, record.empty_folders.len(), most, text);
    }
    for act in record.acts.iter().take(most) {
        let facts: Vec<&str> = [act.kind, &act.time, &act.detail, &act.outcome, &act.agent]
            .into_iter()
            .filter(|f| !f.is_empty())
            .collect();
        let _ = writeln!(body, "{}: {}", text.say("inspect-act", &[]), escape(&facts.join(" – ")));
    }
    more(&mut body, record.acts.len(), most, text);
    for finding in &record.findings {
        body.push_str(&finding_lines(finding, text));
    }
    for line in body.lines() {
        let _ = writeln!(lines, "  {line}");
    }
    exceptions(&mut lines, &record.exceptions, text);
    lines
}

/// Returns all fields of the description that are known.
fn description(looked: &Looked, text: &Text) -> String {
    let description = &looked.record.description;
    let mut lines = String::new();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(lines, "{}: {}", escape(name), escape(value));
        }
    };
    row(&text.say("field-package", &[]), &looked.report.id.to_string());
    row(&text.say("inspect-key", &[]), &looked.record.key);
    row(&text.say("inspect-kind", &[]), &description.kind);
    row(&text.say("field-signature", &[]), &description.signature);
    row(&text.say("field-identifiers", &[]), &description.identifiers.join("; "));
    row(&text.say("field-dates", &[]), &dates(&description.date_from, &description.date_to));
    row(&text.say("field-creator", &[]), &description.creator);
    row(&text.say("inspect-contributors", &[]), &description.contributors.join("; "));
    row(&text.say("inspect-audience", &[]), &description.audience.join("; "));
    row(&text.say("field-holdings", &[]), &description.holdings);
    row(&text.say("field-summary", &[]), &description.summary);
    row(&text.say("field-subjects", &[]), &description.subjects.join("; "));
    row(&text.say("inspect-conforms", &[]), &description.conforms_to.join("; "));
    row(&text.say("inspect-relations", &[]), &description.relations.join("; "));
    for property in &description.properties {
        row(&property.name, &property.value);
    }
    lines
}

/// Adds the units as an outline, each with the number of files in it and in all units below.
fn outline(lines: &mut String, record: &Record, text: &Text, most: usize) {
    if record.units.is_empty() {
        return;
    }
    let mut units: Vec<(&Unit, usize)> = Vec::new();
    for unit in &record.units {
        unit.walk(&mut |unit, depth| units.push((unit, depth)));
    }
    // Units stand in the order of the outline, so those below follow until one lies as deep again.
    let mut counts = vec![0_u64; units.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, (unit, depth)) in units.iter().enumerate() {
        open.truncate(*depth);
        open.push(index);
        for above in &open {
            counts[*above] += unit.files.len() as u64;
        }
    }
    let sum = [("units", text.number(units.len() as u64).into())];
    let _ = writeln!(lines, "{}:", text.say("inspect-units", &sum));
    for ((unit, depth), count) in units.iter().zip(&counts).take(most) {
        let own = [unit.kind.name(), &unit.reference, &unit.title].into_iter().filter(|part| !part.is_empty());
        let own = own.collect::<Vec<_>>().join(" ");
        let period = match dates(&unit.dates[0], &unit.dates[1]) {
            period if period.is_empty() => period,
            period => format!(", {}", escape(&period)),
        };
        let count = text.say("inspect-unit-files", &[("files", (*count).into())]);
        let _ = writeln!(lines, "{}{}{period} ({count})", "  ".repeat((*depth + 1).min(20)), escape(&own));
    }
    more(lines, units.len(), most, text);
}

fn files(lines: &mut String, heading: &str, files: &[SourceFile], text: &Text, most: usize) {
    if files.is_empty() {
        return;
    }
    let _ = writeln!(lines, "{heading}:");
    for file in files.iter().take(most) {
        let _ = write!(lines, "  {}  {}", escape(&shown(&file.path)), text.bytes(file.size));
        if let Some(facts) = &file.facts {
            let named = [&facts.original_name, &facts.label, &facts.mime_type, &facts.format[0]];
            let named: Vec<&str> = named.into_iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
            if !named.is_empty() {
                let _ = write!(lines, "  [{}]", escape(&named.join(", ")));
            }
            for sum in &facts.checksums {
                let _ = write!(lines, "  {sum}");
            }
        }
        lines.push('\n');
    }
    more(lines, files.len(), most, text);
}

/// Says how many more there are than are shown.
fn more(lines: &mut String, count: usize, most: usize, text: &Text) {
    if count > most {
        let _ =
            writeln!(lines, "  {}", text.say("inspect-more", &[("count", text.number((count - most) as u64).into())]));
    }
}
