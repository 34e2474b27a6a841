//! `earchiv audit`: compares store, catalogue and journal, and checks packages: all of them, or those whose turn it is.

pub mod merge;
mod status;

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use earchiv::archive::against::Against;
use earchiv::archive::audit::periods::Periods;
use earchiv::archive::audit::{Audited, Checked, Dated, Order, audit, status};
use earchiv::archive::second::SecondCopy;
use earchiv::archive::{Archive, marker};
use earchiv::history::{History, HistoryError};
use earchiv::io::database::DatabaseError;
use earchiv::journal::{Actor, Head};
use earchiv::model::audit::{Ending, Level, Shard, Side};
use earchiv::model::finding::Verdict;
use earchiv::model::package::PackageId;
use earchiv::model::time::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::courtesy::Courtesy;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::findings::{self, finding_lines};
use super::monitoring::Monitoring;
use super::options::{Context, Reading};
use super::reach::Reach;
use super::scribe::Scribe;
use super::settings::variable;
use super::text::{Text, escape};
use super::{quantity, verify};

/// The folder of the history in an archive.
pub const HISTORY: &str = "audit";

/// Compares store, catalogue and journal, and checks packages.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    plan: Plan,
    #[command(flatten)]
    courtesy: Courtesy,
    #[command(flatten)]
    monitoring: Monitoring,
    /// How deep it looks.
    #[arg(long, value_name = "LEVEL", value_parser = level, default_value = "full")]
    level: Level,
    /// Takes only the packages whose turn it is.
    #[arg(long)]
    due: bool,
    /// Ends after this time.
    #[arg(long, value_name = "DURATION", value_parser = quantity::time)]
    max_time: Option<Duration>,
    /// Reads no more than this.
    #[arg(long, value_name = "SIZE", value_parser = quantity::bytes)]
    max_bytes: Option<NonZeroU64>,
    /// Takes one of several shares of the packages.
    #[arg(long, value_name = "SHARE", value_parser = shard)]
    shard: Option<Shard>,
    /// A head of the journal that was kept elsewhere.
    #[arg(long, value_name = "HEAD")]
    head: Vec<String>,
    /// Compares with a second copy of the archive as well.
    #[arg(long, value_name = "COPY")]
    against: Option<PathBuf>,
    /// Checks nothing, and tells how well the packages are checked.
    #[arg(long)]
    status: bool,
    /// Tells it of many archives.
    #[arg(long, value_name = "LIST", requires = "status", conflicts_with_all = ["archive", "history"])]
    all: Option<PathBuf>,
}

/// How often packages are to be checked, and where the history is kept.
#[derive(Debug, Args)]
struct Plan {
    /// How long a check holds.
    #[arg(long, value_name = "DURATION", value_parser = quantity::time)]
    every: Option<Duration>,
    /// The folder of the history.
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,
}

impl Plan {
    /// Returns the periods: of the call, else of the archive.
    fn periods(&self, archive: &Archive) -> Result<Periods, Failure> {
        match self.every {
            Some(every) => Ok(Periods::all(every)),
            None => Ok(Periods::read(archive.root())?),
        }
    }

    /// Returns the folder of the history of the archive at `root`.
    fn folder(&self, root: &std::path::Path) -> PathBuf {
        self.history.clone().unwrap_or_else(|| root.join(marker::REPORTS).join(HISTORY))
    }
}

fn level(word: &str) -> Result<Level, &'static str> {
    Level::named(word).ok_or("expected-level")
}

/// Reads `2/8`; `auto` is the share that Slurm gives to this task of an array, `auto/8` the one that Kubernetes gives to this
/// pod of an indexed job of 8.
fn shard(text: &str) -> Result<Shard, &'static str> {
    let variable = |name: &str| -> Option<u32> { variable(name)?.to_str()?.trim().parse().ok() };
    let read = || {
        let Some((number, of)) = text.split_once('/') else {
            let first = (text == "auto").then(|| variable("SLURM_ARRAY_TASK_MIN"))??;
            let number = variable("SLURM_ARRAY_TASK_ID")?.checked_sub(first)?.checked_add(1)?;
            return Shard::new(number, variable("SLURM_ARRAY_TASK_COUNT")?);
        };
        let number = match number {
            "auto" => variable("JOB_COMPLETION_INDEX")?.checked_add(1)?,
            number => number.parse().ok()?,
        };
        Shard::new(number, of.parse().ok()?)
    };
    read().ok_or("expected-shard")
}

impl Audit {
    /// Starts what waits for findings, and lowers the priority, where that was asked for.
    pub fn prepare(&self, cx: &Context<'_>) {
        self.monitoring.prepare(cx);
        self.courtesy.lower(cx);
    }

    /// Returns where the command writes: the journal says that it was done, the history what it came to.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        if self.status {
            return self.monitoring.reach(self.status_reach(cx));
        }
        let reach = self.monitoring.reach(Reach::archive(self.archive.named(cx)).and_work());
        match &self.plan.history {
            Some(folder) => reach.and_folder(folder),
            None => reach,
        }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let done = if self.status { self.tell_status(cx) } else { self.check(cx) };
        self.monitoring.alarm(&done, cx);
        done
    }

    fn check(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        self.monitoring.archive(&archive);
        let periods = self.plan.periods(&archive)?;
        let due = self.due || self.plan.every.is_some();
        if due && periods.is_empty() {
            return Err(Failure::new(Kind::Usage, "no-period"));
        }
        let heads: Vec<Head> = self.heads()?;
        let actor = Actor::current(cx.settings.on_behalf_of.clone());
        let (mut history, foreign) = self.open_history(&archive, cx)?;
        // The index of the search is checked in a copy of the catalogue.
        let mut reach = self.monitoring.reach(Reach::reading(Some(archive.root())).and_work());
        if let Some(folder) = history.as_ref().and_then(|history| history.path().parent()) {
            reach = reach.and_folder(folder);
        }
        let scribe = Scribe::start(&archive, actor, &reach)?;
        cx.start_workers()?;
        let pace = self.courtesy.pace(&archive, cx);
        let copy = self.against.as_ref().map(|path| SecondCopy::open(&archive, path)).transpose()?;
        let against = copy.as_ref().map(|copy| Against::open(&archive, copy)).transpose()?;
        let order = Order {
            level: self.level,
            due,
            shard: self.shard.unwrap_or(Shard::WHOLE),
            max_time: self.max_time,
            max_bytes: self.max_bytes.map(NonZeroU64::get),
            heads: &heads,
            against: against.as_ref(),
            periods,
        };
        let mut exit = Exit::Done;
        let watch = cx.watch().paced(&pace);
        let audited = audit(&archive, &order, history.as_mut(), watch, |checked| {
            exit = exit.and(show(&checked, cx));
            for dated in &checked.findings {
                let package = (&checked.package, &checked.path);
                self.monitoring
                    .finding(&dated.finding, || json!({ "package": package.0, "path": package.1, "finding": dated }));
            }
        })?;
        let mut whole = true;
        for dated in &audited.findings {
            cx.out.result(dated, |text| dated_lines(dated, text));
            self.monitoring.finding(&dated.finding, || json!({ "finding": dated }));
            let one = findings::exit_of(&dated.finding);
            whole &= one != Exit::Record;
            exit = exit.and(one);
        }
        if audited.permission {
            exit = exit.and(Exit::Denied);
        }
        if audited.coverage.overdue > 0 {
            exit = exit.and(Exit::Overdue);
        }
        if audited.index_unchecked {
            cx.out.note(&cx.text().say("audit-index-unchecked", &[]));
        }
        if let Some(foreign) = foreign.filter(|_| exit == Exit::Done) {
            return Err(foreign);
        }
        cx.out.lines(&summary(&audited, cx.text()));
        let summary = json!(Summary::of(&audited));
        self.monitoring.summary(summary.clone());
        cx.out.also("summary", summary);
        if self.monitoring.wants_figures() {
            let found = status(&archive, history.as_ref(), &order.periods, self.level, Timestamp::now())?;
            self.monitoring.figures(status::figures(&archive, &found, history.as_ref(), Some(exit))?);
            self.monitoring.publish(cx);
        }
        // A journal or a catalogue that is in doubt is left as it is.
        if whole {
            verify::witnessed(cx, scribe.testify(audited.event()));
        }
        Ok(exit)
    }

    fn heads(&self) -> Result<Vec<Head>, Failure> {
        let head =
            |text: &String| text.parse().map_err(|_| Failure::new(Kind::Usage, "no-head").with("value", text.clone()));
        self.head.iter().map(head).collect()
    }

    /// Opens the history. Who may not write to the archive does without, unless the call names a folder for it. One in the archive
    /// that belongs to another is a failure only where the archive is what the journal says: else the marker is wrong.
    fn open_history(&self, archive: &Archive, cx: &Context<'_>) -> Result<(Option<History>, Option<Failure>), Failure> {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        match History::open(&self.plan.folder(archive.root()), archive.marker().id) {
            Ok(history) => Ok((Some(history), None)),
            Err(error @ HistoryError::Other { .. }) if self.plan.history.is_none() => Ok((None, Some(error.into()))),
            Err(HistoryError::Io { source, .. } | HistoryError::Database(DatabaseError::Io { source, .. }))
                if self.plan.history.is_none() && matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem) =>
            {
                cx.out.note(&cx.text().say("history-not-kept", &[]));
                Ok((None, None))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// A package that was checked: one result of a JSON document.
#[derive(Serialize)]
struct Shown<'a> {
    path: &'a str,
    package: PackageId,
    verdict: Verdict,
    findings: &'a [Dated],
}

/// Shows what was established about a package; good ones are listed for programs, and with `--verbose`.
fn show(checked: &Checked, cx: &Context<'_>) -> Exit {
    let Checked { path, package, verdict, findings, permission } = checked;
    let shown = Shown { path, package: *package, verdict: *verdict, findings };
    let told = *verdict != Verdict::Conforms || !findings.is_empty() || cx.out.is_verbose();
    cx.out.result(&shown, |text| {
        if !told {
            return String::new();
        }
        let mut lines = format!("{}: {package} ({})\n", findings::verdict(*verdict, text), escape(path));
        for line in findings.iter().map(|dated| dated_lines(dated, text)).collect::<String>().lines() {
            lines.push_str("  ");
            lines.push_str(line);
            lines.push('\n');
        }
        lines
    });
    let own = match verdict {
        Verdict::Conforms => Exit::Done,
        Verdict::Unreadable if *permission => Exit::Denied,
        _ => Exit::Integrity,
    };
    let of_copy = findings.iter().filter(|dated| dated.finding.side() == Side::Copy);
    of_copy.map(|dated| findings::exit_of(&dated.finding)).fold(own, Exit::and)
}

/// Returns a finding as it is read, with the day on which it was first seen.
fn dated_lines(dated: &Dated, text: &Text) -> String {
    let mut lines = finding_lines(&dated.finding, text);
    if let Some(since) = dated.since {
        lines.push_str("  ");
        lines.push_str(&text.say("finding-since", &[("date", text.date(since).into())]));
        lines.push('\n');
    }
    lines
}

/// What a run came to, for programs.
#[derive(Serialize)]
struct Summary {
    level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<String>,
    ending: Option<Ending>,
    planned: u64,
    packages: u64,
    bytes: u64,
    seconds: f64,
    damaged: u64,
    missing: u64,
    unreadable: u64,
    doubtful: u64,
    copies: u64,
    unknown: u64,
    errors: u64,
    new_errors: u64,
    coverage: earchiv::model::audit::Coverage,
    head: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
}

impl Summary {
    fn of(audited: &Audited) -> Self {
        Self {
            level: audited.level,
            shard: audited.shard.map(|shard| format!("{}/{}", shard.number, shard.of)),
            ending: audited.ending,
            planned: audited.planned,
            packages: audited.packages,
            bytes: audited.bytes,
            seconds: audited.took.as_secs_f64(),
            damaged: audited.damaged,
            missing: audited.missing,
            unreadable: audited.unreadable,
            doubtful: audited.doubtful,
            copies: audited.copies,
            unknown: audited.unknown,
            errors: audited.errors,
            new_errors: audited.new,
            coverage: audited.coverage,
            head: audited.head.map(|head| head.to_string()),
            run: audited.run.as_ref().map(|(_, hash)| hash.clone()),
        }
    }
}

fn summary(audited: &Audited, text: &Text) -> String {
    let counts = [
        ("packages", audited.packages.into()),
        ("bytes", text.bytes(audited.bytes).into()),
        ("damaged", audited.damaged.into()),
        ("missing", audited.missing.into()),
        ("unknown", audited.unknown.into()),
        ("errors", audited.errors.into()),
        ("new", audited.new.into()),
    ];
    let first = if audited.errors == 0 { text.say("audit-good", &counts) } else { text.say("audit-bad", &counts) };
    let mut lines = vec![first];
    let left = [("left", audited.planned.saturating_sub(audited.packages).into())];
    match audited.ending {
        Some(Ending::Time) => lines.push(text.say("audit-ended-time", &left)),
        Some(Ending::Bytes) => lines.push(text.say("audit-ended-bytes", &left)),
        _ => {}
    }
    if audited.coverage.overdue > 0 {
        lines.push(text.say("audit-overdue", &[("packages", audited.coverage.overdue.into())]));
    }
    if let Some(head) = &audited.head {
        lines.push(text.say("journal-head", &[("head", head.to_string().into())]));
    }
    lines.join("\n")
}
