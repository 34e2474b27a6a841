//! `earchiv audit report`: the report on the audits of the years past.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use earchiv::archive::audit::periods::Periods;
use earchiv::archive::audit::standings;
use earchiv::archive::{Archive, marker};
use earchiv::history::{self, History};
use earchiv::io::durable;
use earchiv::journal::{self, Entry, Event};
use earchiv::model::audit::Level;
use earchiv::model::time::Timestamp;
use serde_json::json;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading};
use super::quantity;
use super::reach::Reach;
use super::report::audit::{Report, Subject};
use super::text::{self, Language, Text};

/// The files of a report in a folder.
const PAGES: [(&str, Language); 2] = [("audit.de.html", Language::De), ("audit.en.html", Language::En)];
const RUNS: &str = "audit-runs.csv";
const FINDINGS: &str = "audit-findings.csv";

/// How much of a file tells whether it is a report.
const BEGINNING: u64 = 4096;

/// Writes the report on the audits of the years past.
#[derive(Debug, Args)]
pub struct AuditReport {
    #[command(flatten)]
    archive: Reading,
    /// The folder of the history, without it the archive's own.
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,
    /// How long a check holds.
    #[arg(long, value_name = "DURATION", value_parser = quantity::time)]
    every: Option<Duration>,
    /// The folder of the report, or a page.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl AuditReport {
    /// Returns where the command writes.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let root = self.archive.named(cx);
        let mut reach = Reach::reading(root);
        if let Some(root) = root {
            reach = reach.and_undoing(&self.history(root).join(history::FILE));
        }
        match (&self.out, root) {
            (Some(out), _) if is_page(out) => reach.and_folder(folder_of(out)),
            (Some(out), _) => reach.and_folder(out),
            (None, Some(root)) => reach.and_folder(&self.history(root)),
            (None, None) => reach,
        }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        let folder = self.history(archive.root());
        let history = History::read(&folder, archive.marker().id)?;
        let periods = match self.every {
            Some(every) => Periods::all(every),
            None => Periods::read(archive.root())?,
        };
        let packages = standings(&archive, history.as_ref(), &periods, Level::Full)?;
        let told = history.as_ref().and_then(|history| told(&archive, history));
        let report = Report::of(Subject {
            marker: archive.marker(),
            history: history.as_ref(),
            told: told.as_deref(),
            packages: &packages,
            now: Timestamp::now(),
        })?;
        match &self.out {
            Some(page) if is_page(page) => {
                ours(page)?;
                write(page, cx, |out| report.page(cx.text(), out))?;
            }
            out => put(&report, out.as_deref().unwrap_or(&folder), cx)?,
        }
        Ok(Exit::Done)
    }

    fn history(&self, root: &Path) -> PathBuf {
        self.history.clone().unwrap_or_else(|| root.join(marker::REPORTS).join("audit"))
    }
}

/// Puts all files of the report into `folder`, in the place of an earlier report; nothing else is replaced.
fn put(report: &Report<'_>, folder: &Path, cx: &Context<'_>) -> Result<(), Failure> {
    let names = PAGES.into_iter().map(|(name, _)| name).chain([RUNS, FINDINGS]);
    names.map(|name| folder.join(name)).try_for_each(|path| ours(&path))?;
    durable::create_missing(folder).map_err(|error| Failure::writing(folder, 0, &error))?;
    for (name, language) in PAGES {
        let text = Text::new(language);
        write(&folder.join(name), cx, |out| report.page(&text, out))?;
    }
    write(&folder.join(RUNS), cx, |out| report.runs(cx.text(), out))?;
    write(&folder.join(FINDINGS), cx, |out| report.findings(cx.text(), out))
}

fn write(path: &Path, cx: &Context<'_>, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    durable::replace(path, fill).map_err(|error| Failure::writing(path, 0, &error))?;
    cx.out.result(&json!({ "path": text::shown(path) }), |_| text::shown(path));
    Ok(())
}

/// Says that `path` may be replaced: nothing is there, or a report of this program.
fn ours(path: &Path) -> Result<(), Failure> {
    let mut beginning = Vec::new();
    let other = || Failure::new(Kind::Usage, "not-a-report").at(path);
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::io(path, &error)),
        Ok(found) if !found.is_file() => return Err(other()),
        Ok(_) => {}
    }
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    read.map_err(|error| Failure::io(path, &error))?;
    let beginning = String::from_utf8_lossy(&beginning);
    if is_page(path) {
        let ours = beginning.contains("<meta name=\"generator\" content=\"eArchiv ");
        return if ours { Ok(()) } else { Err(other()) };
    }
    // The names of the first columns, in either language.
    let first = |language| {
        let text = Text::new(language);
        let [one, two] = if path.ends_with(RUNS) {
            [text.say("audits-run", &[]), text.say("audits-begin", &[])]
        } else {
            [text.say("audits-finding-state", &[]), text.say("audits-finding-kind", &[])]
        };
        format!("\u{feff}{one};{two};")
    };
    let ours = [Language::De, Language::En].into_iter().any(|language| beginning.starts_with(&first(language)));
    if ours { Ok(()) } else { Err(other()) }
}

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "html") && !path.is_dir()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the hash of the last run of `history` that the journal tells of. Where the journal cannot be read, the audit says so;
/// it tells of none then.
fn told(archive: &Archive, history: &History) -> Option<String> {
    let entries = journal::entries_of(&archive.journal(), &["audited"]).ok()?;
    let run = |entry: Entry| match entry.event {
        Event::Audited { history: Some(id), run, .. } if id == history.id() => run,
        _ => None,
    };
    entries.map_while(Result::ok).filter_map(run).last()
}
