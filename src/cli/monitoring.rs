//! What the systems around an archive are told of its audit: metrics for Prometheus, a line for Nagios, a command on findings.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::Archive;
use earchiv::model::finding::{Finding, Severity};
use serde::Serialize;
use serde_json::{Value, json};

use super::error::{Failure, Told};
use super::exit::Exit;
use super::hook::Hook;
use super::metrics::{self, Figures};
use super::options::Context;
use super::reach::Reach;

/// How many findings the command of a hook is told of one by one.
const NAMED: usize = 1000;

/// Whom an audit tells what it came to.
#[derive(Debug, Args)]
pub struct Monitoring {
    /// Writes metrics for Prometheus into this file.
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    /// Prints one line for Nagios, and ends with its exit codes.
    #[arg(long, conflicts_with_all = ["json", "json_lines"])]
    nagios: bool,
    /// Runs this command if anything is not as it should be.
    #[arg(long, value_name = "COMMAND")]
    hook: Option<String>,
    #[arg(skip)]
    alarm: RefCell<Alarm>,
    #[arg(skip)]
    figures: RefCell<Vec<Figures>>,
}

/// What the command of a hook will be told.
#[derive(Debug, Default)]
struct Alarm {
    hook: Option<Hook>,
    archive: Option<Value>,
    findings: Vec<Value>,
    count: u64,
    summary: Option<Value>,
}

/// The report on the command's standard input.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    /// The archive: its folder, and where it could be opened its name and id.
    archive: &'a Option<Value>,
    exit: u8,
    /// How many findings there are; at most [`NAMED`] of them follow.
    count: u64,
    findings: &'a [Value],
    summary: &'a Option<Value>,
    /// Why the audit could not be done, where it could not.
    error: Option<Told>,
}

impl Monitoring {
    /// Starts what waits for findings, while starting programs is still allowed.
    pub fn prepare(&self, cx: &Context<'_>) {
        let Some(command) = &self.hook else { return };
        match Hook::start(command) {
            Ok(hook) => self.alarm.borrow_mut().hook = Some(hook),
            Err(fault) => cx.out.note(&fault.told(cx.text())),
        }
    }

    /// Adds the folder of the metrics to where the call may write.
    pub fn reach(&self, reach: Reach) -> Reach {
        match self.metrics.as_deref().map(folder_of) {
            Some(folder) => reach.and_folder(folder),
            None => reach,
        }
    }

    /// Returns whether anybody wants the figures of the archive.
    pub const fn wants_figures(&self) -> bool {
        self.metrics.is_some() || self.nagios
    }

    /// Takes note of the archive.
    pub fn archive(&self, archive: &Archive) {
        let marker = archive.marker();
        let path = std::path::absolute(archive.root()).unwrap_or_else(|_| archive.root().to_owned());
        let told = json!({ "path": path.to_string_lossy(), "name": marker.name, "id": marker.id });
        self.alarm.borrow_mut().archive = Some(told);
    }

    /// Takes note of `shown`, which is what programs are told of `finding`.
    pub fn finding(&self, finding: &Finding, shown: impl FnOnce() -> Value) {
        let mut alarm = self.alarm.borrow_mut();
        if alarm.hook.is_none() || finding.severity < Severity::Warning {
            return;
        }
        alarm.count += 1;
        if alarm.findings.len() < NAMED {
            let shown = shown();
            alarm.findings.push(shown);
        }
    }

    /// Takes note of what the run came to as a whole.
    pub fn summary(&self, summary: Value) {
        self.alarm.borrow_mut().summary = Some(summary);
    }

    /// Takes note of the figures of an archive.
    pub fn figures(&self, figures: Figures) {
        self.figures.borrow_mut().push(figures);
    }

    /// Tells the figures to those who want them.
    pub fn publish(&self, cx: &Context<'_>) {
        let all = self.figures.take();
        if let Some(path) = &self.metrics
            && let Err(error) = metrics::write(path, &all)
        {
            cx.out.fault(&Failure::writing(path, 0, &error));
        }
        if self.nagios {
            let name = || cx.text().say("monitoring-archives", &[("archives", (all.len() as u64).into())]);
            let together = if let [one] = &all[..] { one.clone() } else { Figures::together(&all, name()) };
            cx.out.monitor(together);
        }
    }

    /// Runs the hook where the run, which came to `done`, found anything or could not be done; one that was asked to stop runs nothing.
    pub fn alarm(&self, done: &Result<Exit, Failure>, cx: &Context<'_>) {
        let alarm = self.alarm.take();
        let Some(hook) = alarm.hook else { return };
        let exit = match done {
            Ok(exit) => *exit,
            Err(failure) => failure.exit(),
        };
        if matches!(exit, Exit::Done | Exit::Interrupted | Exit::Terminated) || cx.cancel.check().is_err() {
            return;
        }
        let report = Report {
            schema: "earchiv.alarm/1",
            archive: &alarm.archive,
            exit: exit.code(),
            count: alarm.count,
            findings: &alarm.findings,
            summary: &alarm.summary,
            error: done.as_ref().err().map(|failure| failure.told(cx.text())),
        };
        let ran = hook.run(exit, alarm.count, cx.cancel, |out| {
            serde_json::to_writer_pretty(&mut *out, &report)?;
            out.write_all(b"\n")
        });
        if let Err(fault) = ran {
            cx.out.note(&fault.told(cx.text()));
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
