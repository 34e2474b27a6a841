//! `earchiv audit --status`: how well the packages of one archive or of many are checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use earchiv::archive::audit::{Status, status};
use earchiv::archive::{Archive, marker};
use earchiv::history::{self, History};
use earchiv::model::audit::{Coverage, Level};
use earchiv::model::finding::{Finding, Severity};
use earchiv::model::package::PackageId;
use earchiv::model::time::Timestamp;
use serde::Serialize;

use super::Audit;
use crate::cli::error::{Failure, Kind};
use crate::cli::exit::Exit;
use crate::cli::findings;
use crate::cli::metrics::{self, Figures};
use crate::cli::options::Context;
use crate::cli::reach::Reach;
use crate::cli::text::{Text, escape, shown};

/// How many overdue packages people are told of one by one.
const NAMED: usize = 20;

/// How well an archive is checked: one result of a JSON document.
#[derive(Serialize)]
struct Told {
    archive: String,
    id: String,
    name: String,
    level: Level,
    coverage: Coverage,
    due: u64,
    due_bytes: u64,
    in_doubt: u64,
    whole: Vec<Finding>,
    overdue: Vec<Overdue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_run: Option<LastRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<Forecast>,
}

#[derive(Serialize)]
struct Overdue {
    package: PackageId,
    since: Option<Timestamp>,
    checked: Option<Timestamp>,
}

#[derive(Serialize)]
struct LastRun {
    started: Timestamp,
    ended: Option<Timestamp>,
    packages: u64,
    bytes: u64,
    errors: u64,
}

#[derive(Serialize)]
struct Forecast {
    bytes_per_second: u64,
    bytes_per_day: u64,
    days: u64,
    suffices: bool,
}

impl Audit {
    /// Returns where it writes: what runs that were killed left half written is undone.
    pub(super) fn status_reach(&self, cx: &Context<'_>) -> Reach {
        let undoing = |reach: Reach, root: &Path, folder: &Path| {
            reach.and_undoing(&root.join(marker::CATALOGUE)).and_undoing(&folder.join(history::FILE))
        };
        match (&self.all, self.archive.named(cx)) {
            (None, Some(root)) => undoing(Reach::nothing(), root, &self.plan.folder(root)),
            (None, None) => Reach::nothing(),
            // A list that cannot be read is told of later.
            (Some(list), _) => {
                archives(list).unwrap_or_default().iter().fold(Reach::nothing(), |reach, (root, own)| {
                    undoing(reach, root, own.as_ref().unwrap_or(&self.plan.folder(root)))
                })
            }
        }
    }

    /// Tells how well one archive is checked, or each of a list.
    pub(super) fn tell_status(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let Some(list) = &self.all else {
            let root = self.archive.folder(cx)?;
            let (told, exit) = self.look(&root, &self.plan.folder(&root))?;
            cx.out.result(&told, |text| told.lines(text));
            self.monitoring.publish(cx);
            return Ok(exit);
        };
        let archives = archives(list)?;
        if archives.is_empty() {
            return Err(Failure::new(Kind::Usage, "list-empty"));
        }
        let mut exit = Exit::Done;
        let mut rows = Vec::new();
        for (root, history) in &archives {
            let history = history.clone().unwrap_or_else(|| self.plan.folder(root));
            match self.look(root, &history) {
                Ok((told, one)) => {
                    exit = exit.and(one);
                    cx.out.result(&told, |_| String::new());
                    rows.push(told.row(cx.text()));
                }
                // One that cannot be looked at does not keep the others from being told.
                Err(failure) => {
                    cx.out.fault(&failure);
                    rows.push(unknown(root, cx.text()));
                }
            }
        }
        let text = cx.text();
        let titles = [
            text.say("status-name", &[]),
            text.say("status-packages", &[]),
            text.say("status-kept", &[]),
            text.say("status-overdue", &[]),
            text.say("status-in-doubt", &[]),
            text.say("status-oldest", &[]),
            text.say("status-last", &[]),
        ];
        rows.insert(0, titles);
        cx.out.lines(&table(&rows));
        self.monitoring.publish(cx);
        Ok(exit)
    }

    fn look(&self, root: &Path, history: &Path) -> Result<(Told, Exit), Failure> {
        let archive = Archive::open(root)?;
        let periods = self.plan.periods(&archive)?;
        let history = History::read(history, archive.marker().id)?;
        let found = status(&archive, history.as_ref(), &periods, self.level, Timestamp::now())?;
        let mut exit = Exit::Done;
        if found.coverage.overdue > 0 {
            exit = exit.and(Exit::Overdue);
        }
        if found.in_doubt > 0 {
            exit = exit.and(Exit::Integrity);
        }
        exit = found.whole.iter().map(findings::exit_of).fold(exit, Exit::and);
        if self.monitoring.wants_figures() {
            self.monitoring.figures(figures(&archive, &found, history.as_ref(), None)?);
        }
        Ok((Told::of(&archive, self.level, found), exit))
    }
}

/// Returns the figures that monitoring is told; `exit` is what the last run came to, where that is known.
pub(super) fn figures(
    archive: &Archive,
    found: &Status,
    history: Option<&History>,
    exit: Option<Exit>,
) -> Result<Figures, Failure> {
    let mut findings: BTreeMap<String, u64> = BTreeMap::new();
    if let Some(history) = history {
        history.findings(|known| {
            if known.cleared.is_none() && known.finding.severity == Severity::Error {
                *findings.entry(known.finding.code.name().to_owned()).or_default() += 1;
            }
        })?;
    }
    let last = found.last.as_ref().and_then(|run| {
        let duration = Duration::from_millis(run.milliseconds);
        Some(metrics::LastRun { ended: run.ended?, duration, packages: run.packages, bytes: run.bytes, exit })
    });
    Ok(Figures {
        archive: archive.marker().name.clone(),
        id: archive.marker().id.to_string(),
        packages: found.coverage.packages,
        due: found.due,
        overdue: found.coverage.overdue,
        oldest: found.coverage.oldest,
        last,
        findings,
    })
}

impl Told {
    fn of(archive: &Archive, level: Level, found: Status) -> Self {
        let overdue = |standing: &earchiv::archive::audit::plan::Standing| Overdue {
            package: standing.package,
            since: standing.deadline(),
            checked: standing.checked,
        };
        Self {
            archive: archive.root().display().to_string(),
            id: archive.marker().id.to_string(),
            name: archive.marker().name.clone(),
            level,
            coverage: found.coverage,
            due: found.due,
            due_bytes: found.due_bytes,
            in_doubt: found.in_doubt,
            whole: found.whole,
            overdue: found.overdue.iter().map(overdue).collect(),
            last_run: found.last.map(|run| LastRun {
                started: run.started,
                ended: run.ended,
                packages: run.packages,
                bytes: run.bytes,
                errors: run.errors,
            }),
            forecast: found.forecast.map(|forecast| Forecast {
                bytes_per_second: forecast.bytes_per_second,
                bytes_per_day: forecast.bytes_per_day,
                days: forecast.days,
                suffices: forecast.suffices,
            }),
        }
    }

    fn lines(&self, text: &Text) -> String {
        let Coverage { packages, bytes, checked, overdue, oldest, .. } = self.coverage;
        let mut lines = vec![format!("{} ({})", escape(&self.name), escape(&self.archive))];
        let counts = [
            ("packages", packages.into()),
            ("bytes", text.bytes(bytes).into()),
            ("checked", checked.into()),
            ("never", (packages - checked).into()),
            ("due", self.due.into()),
            ("overdue", overdue.into()),
        ];
        lines.push(text.say("status-counts", &counts));
        if let Some(oldest) = oldest {
            lines.push(text.say("status-oldest-check", &[("date", text.date(oldest).into())]));
        }
        if self.in_doubt > 0 {
            lines.push(text.say("status-doubted", &[("packages", self.in_doubt.into())]));
        }
        lines.extend(self.whole.iter().map(|finding| findings::finding_lines(finding, text).trim_end().to_owned()));
        match &self.last_run {
            Some(run) => {
                let told = [
                    ("date", text.date(run.started).into()),
                    ("packages", run.packages.into()),
                    ("bytes", text.bytes(run.bytes).into()),
                    ("errors", run.errors.into()),
                ];
                lines.push(text.say("status-last-run", &told));
            }
            None => lines.push(text.say("status-no-run", &[])),
        }
        if let Some(forecast) = &self.forecast {
            let told = [
                ("rate", text.bytes(forecast.bytes_per_second).into()),
                ("day", text.bytes(forecast.bytes_per_day).into()),
                ("days", forecast.days.into()),
            ];
            lines.push(if forecast.suffices {
                text.say("status-forecast", &told)
            } else {
                text.say("status-forecast-late", &told)
            });
        }
        for one in self.overdue.iter().take(NAMED) {
            let since = one.since.map_or_else(|| "–".to_owned(), |since| text.date(since));
            lines.push(
                text.say("status-overdue-one", &[("package", one.package.to_string().into()), ("date", since.into())]),
            );
        }
        if let Some(more) = self.overdue.len().checked_sub(NAMED).filter(|more| *more > 0) {
            lines.push(text.say("status-overdue-more", &[("more", (more as u64).into())]));
        }
        lines.join("\n")
    }

    fn row(&self, text: &Text) -> [String; 7] {
        let Coverage { packages, overdue, oldest, .. } = self.coverage;
        // Rounded down: a hundred percent are said only where nothing lacks.
        let share = (packages - overdue).saturating_mul(100) / packages.max(1);
        let day = |time: Option<Timestamp>| time.map_or_else(|| "–".to_owned(), |time| text.date(time));
        [
            escape(&self.name).into_owned(),
            text.number(packages),
            if overdue == 0 { "100 %".to_owned() } else { format!("{} %", text.number(share)) },
            text.number(overdue),
            text.number(self.in_doubt),
            day(oldest),
            day(self.last_run.as_ref().map(|run| run.started)),
        ]
    }
}

/// Returns the row of an archive that cannot be looked at.
fn unknown(root: &Path, text: &Text) -> [String; 7] {
    let none = || text.say("status-unknown", &[]);
    [shown(root), none(), none(), none(), none(), none(), none()]
}

/// Sets rows as columns: the first to the left, numbers and dates to the right.
fn table(rows: &[[String; 7]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 7] = std::array::from_fn(width);
    let line = |row: &[String; 7]| {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        cells.collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads a list of archives: a folder in each line, behind a tab the folder of its history; `#` begins a remark.
fn archives(list: &Path) -> Result<Vec<(PathBuf, Option<PathBuf>)>, Failure> {
    let text = fs::read_to_string(list).map_err(|error| Failure::reading(Kind::Usage, list, &error))?;
    let lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let line = |line: &str| match line.split_once('\t') {
        Some((root, history)) => (PathBuf::from(root), Some(PathBuf::from(history.trim()))),
        None => (PathBuf::from(line), None),
    };
    Ok(lines.map(line).collect())
}
