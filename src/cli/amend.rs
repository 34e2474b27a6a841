//! `earchiv amend`: corrects what is said of a stored package, without touching its payload.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::ArchiveError;
use earchiv::archive::amend::{self, Amended, Correction};
use earchiv::model::package::PackageId;
use earchiv::model::record::Description;
use earchiv::source::table::{Columns, Table};
use serde_json::{Map, Value, json};

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::list::dates;
use super::options::{Context, Reading, Writing, date, package_id, plain};
use super::reach::Reach;
use super::text::{Text, escape};

/// Corrects what is said of a stored package, without touching its payload.
#[derive(Debug, Args)]
pub struct Amend {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    writing: Writing,
    /// Why; stands in the package and in the version of its object.
    #[arg(long, value_name = "TEXT", value_parser = plain)]
    reason: String,
    /// Title.
    #[arg(long, value_name = "TEXT", value_parser = plain)]
    title: Option<String>,
    /// Reference codes that it brought along.
    #[arg(long, value_name = "TEXT", value_parser = plain)]
    identifier: Option<Vec<String>>,
    /// The archive's own reference code.
    #[arg(long, value_name = "TEXT", value_parser = plain)]
    signature: Option<String>,
    /// First date of its contents.
    #[arg(long, value_name = "DATE", value_parser = date_or_none)]
    date_from: Option<String>,
    /// Last date of its contents.
    #[arg(long, value_name = "DATE", value_parser = date_or_none)]
    date_to: Option<String>,
    /// Who made it.
    #[arg(long, value_name = "NAME", value_parser = plain)]
    creator: Option<String>,
    /// The holdings that it belongs to.
    #[arg(long, value_name = "NAME", value_parser = plain)]
    holdings: Option<String>,
    /// Contents in some sentences.
    #[arg(long, value_name = "TEXT", value_parser = plain)]
    summary: Option<String>,
    /// Subject terms.
    #[arg(long, value_name = "TEXT", value_parser = plain)]
    subject: Option<Vec<String>>,
    /// A table that says the same.
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// Says what would be done.
    #[arg(long)]
    dry_run: bool,
    /// The package.
    #[arg(value_name = "ID", value_parser = package_id)]
    id: PackageId,
}

impl Amend {
    /// Returns where the command writes.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let root = self.archive.named(cx);
        if self.dry_run { Reach::reading(root) } else { Reach::archive(root) }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(Failure::new(Kind::Usage, "reason-empty"));
        }
        let correction = self.correction()?;
        if correction == Correction::default() {
            return Err(Failure::new(Kind::Usage, "amend-nothing"));
        }
        if correction.title.as_deref().is_some_and(|title| title.trim().is_empty()) {
            return Err(Failure::new(Kind::Usage, "title-empty"));
        }
        let archive = self.archive.open(cx)?;
        let amended = if self.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
            amend::plan(&archive, self.id, &correction, cx.watch()).map_err(refused)?
        } else {
            let mut writer = archive.writer(self.writing.actor(cx), self.writing.wait, cx.cancel)?;
            amend::amend(&mut writer, self.id, &correction, reason, cx.watch()).map_err(refused)?
        };
        cx.out.result(&document(&amended, self.dry_run), |text| page(&amended, self.dry_run, text));
        if amended.changed.iter().any(|name| name.starts_with("date_")) {
            cx.out.note(&cx.text().say("amend-closure-stays", &[]));
        }
        Ok(Exit::Done)
    }

    /// Returns what is to be said otherwise: options go before the table.
    fn correction(&self) -> Result<Correction, Failure> {
        let list = |values: &Option<Vec<String>>| {
            let told = |values: &Vec<String>| values.iter().map(|value| value.trim().to_owned()).collect::<Vec<_>>();
            values.as_ref().map(told).map(|values| values.into_iter().filter(|value| !value.is_empty()).collect())
        };
        let text = |value: &Option<String>| value.as_ref().map(|value| value.trim().to_owned());
        let named = Correction {
            title: text(&self.title),
            identifiers: list(&self.identifier),
            signature: text(&self.signature),
            date_from: text(&self.date_from),
            date_to: text(&self.date_to),
            creator: text(&self.creator),
            holdings: text(&self.holdings),
            summary: text(&self.summary),
            subjects: list(&self.subject),
        };
        match &self.metadata {
            None => Ok(named),
            Some(path) => Ok(named.or(Correction::of(self.table(path)?))),
        }
    }

    /// Reads what the table at `path` says of the package, which it calls by its id or `.`.
    fn table(&self, path: &Path) -> Result<Description, Failure> {
        let file = File::open(path).map_err(|error| Failure::reading(Kind::Config, path, &error))?;
        let name = path.to_string_lossy();
        let faulty = |error| Failure::from(error).kind(Kind::Config);
        let table = Table::read(&name, BufReader::new(file), &Columns::default()).map_err(faulty)?;
        let told = table.only(&[".", &self.id.to_string()]).map_err(faulty)?;
        match told {
            Some((_, true)) => Err(Failure::new(Kind::Config, "amend-persons").at(path)),
            Some((description, false)) => Ok(description),
            None => Ok(Description::default()),
        }
    }
}

/// Returns the failure of a package that gets no further version: one that was disposed of is refused.
pub fn refused(error: ArchiveError) -> Failure {
    match error {
        ArchiveError::Disposed { .. } => Failure::from(error).kind(Kind::Refused),
        other => other.into(),
    }
}

fn date_or_none(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { date(text) }
}

fn document(amended: &Amended, planned: bool) -> Value {
    let state = match (amended.changed.is_empty(), planned) {
        (true, _) => "already-so",
        (false, true) => "planned",
        (false, false) => "amended",
    };
    json!({
        "package": amended.package,
        "state": state,
        "version": amended.version,
        "changed": amended.changed,
        "before": told(&amended.before, &amended.changed),
        "after": told(&amended.after, &amended.changed),
        "place": amended.place,
    })
}

/// What changed, by name.
fn told(description: &Description, changed: &[&'static str]) -> Value {
    let all = serde_json::to_value(description).unwrap_or_default();
    let fields: Map<String, Value> = changed.iter().map(|name| ((*name).to_owned(), all[*name].clone())).collect();
    fields.into()
}

fn page(amended: &Amended, planned: bool, text: &Text) -> String {
    let package = amended.package.to_string();
    if amended.changed.is_empty() {
        return text.say("amend-already", &[("package", package.into())]);
    }
    let mut page = String::new();
    let (before, after) = (rows(&amended.before, text), rows(&amended.after, text));
    for ((name, before), (_, after)) in before.into_iter().zip(after) {
        if before != after {
            let nothing = |value: String| if value.is_empty() { "–".to_owned() } else { escape(&value).into_owned() };
            let _ = writeln!(page, "{name}: {} → {}", nothing(before), nothing(after));
        }
    }
    let arguments = [("package", package.into()), ("version", amended.version.into())];
    let done = if planned { text.say("amend-planned", &arguments) } else { text.say("amend-done", &arguments) };
    page + &done
}

/// What can be corrected, by the names that people know.
fn rows(description: &Description, text: &Text) -> Vec<(String, String)> {
    let period = dates(&description.date_from, &description.date_to);
    vec![
        (text.say("field-title", &[]), description.title.clone()),
        (text.say("field-signature", &[]), description.signature.clone()),
        (text.say("field-identifiers", &[]), description.identifiers.join("; ")),
        (text.say("field-dates", &[]), period),
        (text.say("field-creator", &[]), description.creator.clone()),
        (text.say("field-holdings", &[]), description.holdings.clone()),
        (text.say("field-summary", &[]), description.summary.clone()),
        (text.say("field-subjects", &[]), description.subjects.join("; ")),
    ]
}
