//! `earchiv list`: lists what is held.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};
use earchiv::archive::{Archive, ArchiveError};
use earchiv::catalogue::Filter;
use earchiv::model::accession::Purpose;
use earchiv::model::closure::Closure;
use earchiv::model::disposal::Disposal;
use earchiv::model::package::Holding;
use earchiv::model::time::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::dispose::disposal_json;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading, date};
use super::reach::Reach;
use super::text::{Text, escape};

/// Lists what is held.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    archive: Reading,
    /// Words to search for.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Packages of this accession.
    #[arg(long, value_name = "NUMBER")]
    accession: Option<String>,
    /// Packages of this producer.
    #[arg(long, value_name = "NAME")]
    producer: Option<String>,
    /// Contents not older than this.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<String>,
    /// Contents not younger than this.
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<String>,
    /// Packages that are closed to use.
    #[arg(long, conflicts_with = "free")]
    closed: bool,
    /// Packages that are free.
    #[arg(long)]
    free: bool,
    /// Packages that need not be kept any more on this day.
    #[arg(long, value_name = "DATE", value_parser = date)]
    retention_ends_before: Option<String>,
    /// Packages in this state.
    #[arg(long, value_name = "STATE", default_value = "stored", hide_default_value = true)]
    state: State,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroUsize>,
}

impl List {
    /// Returns where the command writes: nowhere.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        Reach::reading(self.archive.named(cx))
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        if self.state == State::Disposed {
            return self.disposed(cx, &archive);
        }
        let catalogue = archive.catalogue()?;
        // Whether a period has ended is asked of the machine's clock, never of SOURCE_DATE_EPOCH.
        let today = Timestamp::now().date();
        let filter = Filter {
            search: self.search.clone(),
            accession: self.accession.clone(),
            producer: self.producer.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            closed: (self.closed || self.free).then(|| (self.closed, today.clone())),
            retention_ends_before: self.retention_ends_before.clone(),
            limit: self.limit.map(|limit| limit.get() as u64),
        };
        let mut count = 0_u64;
        catalogue
            .list(&filter, |holding| {
                count += 1;
                cx.out.result(&Listed(&holding), |text| line(&holding, &today, text));
                !cx.out.is_closed()
            })
            .map_err(ArchiveError::from)?;
        cx.out.note(&cx.text().say("list-count", &[("packages", count.into())]));
        Ok(Exit::Done)
    }

    /// Lists what was disposed of. Nothing is known of these packages that could be searched.
    fn disposed(&self, cx: &Context<'_>, archive: &Archive) -> Result<Exit, Failure> {
        let texts = [&self.search, &self.producer, &self.from, &self.to, &self.retention_ends_before];
        if self.closed || self.free || texts.into_iter().any(Option::is_some) {
            return Err(Failure::new(Kind::Usage, "list-disposed"));
        }
        let disposals = archive.disposals()?.into_iter();
        let mut disposals: Vec<_> = disposals
            .filter(|(_, disposal)| self.accession.as_ref().is_none_or(|number| *number == disposal.accession))
            .collect();
        disposals.truncate(self.limit.map_or(usize::MAX, NonZeroUsize::get));
        for (time, disposal) in &disposals {
            let place = archive.disposed_place(disposal.package);
            cx.out.result(&disposed_json(*time, disposal, &place), |text| disposed_line(*time, disposal, text));
        }
        cx.out.note(&cx.text().say("list-count", &[("packages", (disposals.len() as u64).into())]));
        Ok(Exit::Done)
    }
}

/// A state of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    /// It is in the store.
    Stored,
    /// It was disposed of.
    Disposed,
}

/// A package of a list, made into JSON only where that is asked for.
struct Listed<'a>(&'a Holding);

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        holding_json(self.0).serialize(serializer)
    }
}

/// Returns a package as a result of `list` and `show`. Times of the machine are not in it: the same deliveries give the
/// same list, wherever and whenever they were taken over.
pub fn holding_json(holding: &Holding) -> Value {
    let description = &holding.description;
    json!({
        "id": holding.id,
        "state": "stored",
        "accession": holding.accession,
        "title": description.title,
        "identifiers": description.identifiers,
        "signature": description.signature,
        "date_from": description.date_from,
        "date_to": description.date_to,
        "dates_of_files": description.dates_of_files,
        "creator": description.creator,
        "producer": description.producer,
        "holdings": description.holdings,
        "files": holding.files,
        "bytes": holding.bytes,
        "content": holding.content,
        "place": holding.place,
        "kind": description.kind,
        "closure": holding.closure,
        "retention_end": holding.retention_end,
        "purpose": holding.purpose,
    })
}

/// Returns a package that was disposed of as a result of `list` and `show`.
pub fn disposed_json(time: Timestamp, disposal: &Disposal, place: &str) -> Value {
    let mut value = disposal_json(disposal);
    let id = value.as_object_mut().and_then(|value| value.remove("package"));
    value["id"] = id.unwrap_or_default();
    value["state"] = "disposed".into();
    value["disposed"] = time.to_string().into();
    value["place"] = place.into();
    value
}

fn disposed_line(time: Timestamp, disposal: &Disposal, text: &Text) -> String {
    let extent = [("files", disposal.files.into()), ("bytes", text.bytes(disposal.bytes).into())];
    let said = [("day", time.date().into()), ("order", disposal.order.as_str().into())];
    format!(
        "{}  {}  {}  {}",
        disposal.package,
        disposal.accession,
        text.say("list-disposed", &said),
        text.say("list-extent", &extent).trim()
    )
}

/// The dates of a package as people write them.
pub fn dates(from: &str, to: &str) -> String {
    match (from, to) {
        ("", "") => String::new(),
        (from, to) if from == to => from.to_owned(),
        (from, to) => format!("{from} – {to}"),
    }
}

/// Whether and until when a package is closed on the day `today`, as people write it.
pub fn closure(closure: &Closure, today: &str, text: &Text) -> String {
    match closure {
        Closure::Free => text.say("closure-free", &[]),
        Closure::Open => text.say("closure-open", &[]),
        Closure::Until(day) if closure.closed_on(today) => text.say("closure-until", &[("day", day.as_str().into())]),
        Closure::Until(day) => text.say("closure-ended", &[("day", day.as_str().into())]),
    }
}

/// Until when a package must be kept, as people write it; empty where none is known.
pub fn retention(holding: &Holding, text: &Text) -> String {
    match (holding.retention_end.as_str(), holding.purpose) {
        ("", Purpose::Permanent) => String::new(),
        ("", Purpose::Interim) => text.say("purpose-interim", &[]),
        (day, _) => text.say("retention-until", &[("day", day.into())]),
    }
}

fn line(holding: &Holding, today: &str, text: &Text) -> String {
    let description = &holding.description;
    let dates = dates(&description.date_from, &description.date_to);
    let retention = retention(holding, text);
    format!(
        "{}  {}  {}{}{}  {}{}",
        holding.id,
        holding.accession,
        escape(&description.title),
        if dates.is_empty() { String::new() } else { format!("  {}", escape(&dates)) },
        text.say("list-extent", &[("files", holding.files.into()), ("bytes", text.bytes(holding.bytes).into())]),
        closure(&holding.closure, today, text),
        if retention.is_empty() { String::new() } else { format!("  {retention}") },
    )
}
