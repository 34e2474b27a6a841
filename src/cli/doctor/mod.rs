//! `earchiv doctor`: states what holds on this machine: rights of the program, and what the file system of an archive can do.

mod kernel;
mod medium;

use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::marker;
use earchiv::io::medium::Bench;
use serde::Serialize;

use super::confine::confine;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading};
use super::reach::Reach;
use super::text::{self, Text, escape};

/// States what holds on this machine for the program and for an archive.
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    archive: Reading,
    /// Tries the file system of this folder instead of an archive's.
    #[arg(long, value_name = "DIR", conflicts_with = "archive")]
    folder: Option<PathBuf>,
    /// Says by the exit code whether another process holds this file; how the command asks itself.
    #[arg(long, value_name = "FILE", hide = true, conflicts_with_all = ["archive", "folder"])]
    locked: Option<PathBuf>,
}

/// What holds of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Yes,
    No,
    /// It could not be tried, or trying failed.
    Unknown,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Row {
    about: &'static str,
    code: &'static str,
    state: State,
    /// An archive cannot be kept without it.
    needed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    message: String,
    /// What follows where it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    consequence: Option<String>,
}

impl Row {
    fn line(&self, text: &Text) -> String {
        let state = match self.state {
            State::Yes => text.say("doctor-yes", &[]),
            State::No => text.say("doctor-no", &[]),
            State::Unknown => text.say("doctor-unknown", &[]),
        };
        let mut line = format!("  {state:<7}{}", escape(&self.message));
        if let Some(consequence) = &self.consequence {
            line.push_str("\n         ");
            line.push_str(&escape(consequence));
        }
        line
    }
}

impl Doctor {
    /// Runs the command: 4 or 8 where something lacks that an archive needs.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        if let Some(file) = &self.locked {
            return medium::is_locked(file);
        }
        let text = cx.text();
        heading(cx, &text.say("doctor-system", &[]));
        show(cx, &kernel::program(text));
        show(cx, &kernel::kernel(text));
        let Some(folder) = self.place(cx) else {
            let confined = confine(&Reach::nothing().and_work())?;
            Self::rights(cx, confined, None);
            Self::work(cx);
            return Ok(Exit::Done);
        };
        if let Some(folder) = &self.folder {
            return Self::examine(cx, folder);
        }
        let archive = self.archive.open(cx)?;
        // Whoever writes tidies the folder in which is tried.
        let _lock = archive.lock(false, cx.cancel)?;
        Self::examine(cx, &folder)
    }

    /// Returns the folder in which is tried.
    fn place(&self, cx: &Context<'_>) -> Option<PathBuf> {
        self.folder.clone().or_else(|| self.archive.named(cx).map(|root| root.join(marker::STAGING)))
    }

    fn examine(cx: &Context<'_>, folder: &Path) -> Result<Exit, Failure> {
        let bench = Bench::new(folder).map_err(|error| Failure::writing(folder, 0, &error))?;
        // Another program cannot be started any more once the rights are given up.
        let seen = medium::seen_by_others(&bench);
        let confined = confine(&Reach::nothing().and_work().and_folder(folder))?;
        Self::rights(cx, confined, Some(folder));
        let room = medium::room_of(folder)?;
        heading(cx, &medium::heading(folder, &room, cx.text()));
        let mut rows = medium::abilities(&bench, cx.text());
        rows.extend(medium::others(seen, &bench, &room, cx.text()));
        drop(bench);
        for row in &rows {
            show(cx, row);
        }
        Self::work(cx);
        let lacks = rows.iter().any(|row| row.needed && row.state != State::Yes);
        if !lacks {
            cx.out.lines(&cx.text().say("doctor-good", &[]));
            return Ok(Exit::Done);
        }
        let kind = if medium::is_denied(folder) { Kind::Permission } else { Kind::Io };
        Err(Failure::new(kind, "doctor-lacks").at(folder))
    }

    fn rights(cx: &Context<'_>, confined: super::confine::Confinement, folder: Option<&Path>) {
        heading(cx, &cx.text().say("doctor-rights", &[]));
        for row in kernel::rights(confined, folder, cx.text()) {
            show(cx, &row);
        }
    }

    /// Shows the folder for what has no name.
    fn work(cx: &Context<'_>) {
        let folder = tempfile::env::temp_dir();
        let place = text::path(&folder);
        heading(cx, &cx.text().say("doctor-work", &[("file", place)]));
        for row in medium::work(&folder, cx.text()) {
            show(cx, &row);
        }
    }
}

fn heading(cx: &Context<'_>, words: &str) {
    cx.out.lines(words);
}

fn show(cx: &Context<'_>, row: &Row) {
    cx.out.result(row, |text| row.line(text));
}
