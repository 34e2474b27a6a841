//! `earchiv audit merge`: the histories of several machines as one.

use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::marker;
use earchiv::history::{self, History, Merged};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::HISTORY;
use crate::cli::error::{Failure, Kind};
use crate::cli::exit::Exit;
use crate::cli::options::{Context, Reading};
use crate::cli::reach::Reach;
use crate::cli::text::{self, Text};

/// Takes the histories of several machines into one.
#[derive(Debug, Args)]
pub struct Merge {
    /// The folders of the histories that are taken in.
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// The folder of the history that takes them in, without it the archive's own.
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,
    #[command(flatten)]
    archive: Reading,
}

/// What one history brought in: one result of a JSON document.
#[derive(Serialize)]
struct Told {
    path: String,
    history: Uuid,
    runs: u64,
    packages: u64,
    findings: u64,
}

impl Merge {
    /// Returns where the command writes.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let reach = self.folder(cx).map_or_else(|_| Reach::nothing(), |folder| Reach::nothing().and_folder(&folder));
        self.folders.iter().fold(reach, |reach, folder| reach.and_undoing(&folder.join(history::FILE)))
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let folder = self.folder(cx)?;
        let archive = self.whose(&folder, cx)?;
        // All are looked at before the first is taken in, and before a history is made that was not there.
        let others: Vec<History> =
            self.folders.iter().map(|folder| open(folder, archive)).collect::<Result<_, Failure>>()?;
        let mut history = History::open(&folder, archive)?;
        let merged = history.merge(&others)?;
        for ((other, path), merged) in others.iter().zip(&self.folders).zip(merged) {
            let Merged { runs, packages, findings } = merged;
            let told = Told { path: text::shown(path), history: other.id(), runs, packages, findings };
            cx.out.result(&told, |text| told.line(text));
        }
        let in_doubt = history.in_doubt().count() as u64;
        let (mut runs, mut unended) = (0_u64, 0_u64);
        history.runs(|_, _, run| {
            runs += 1;
            unended += u64::from(run.ended.is_none());
        })?;
        let counts = [
            ("folder", text::shown(&folder).into()),
            ("runs", runs.into()),
            ("unended", unended.into()),
            ("packages", in_doubt.into()),
        ];
        cx.out.lines(&cx.text().say("merged", &counts));
        let summary = json!({
            "path": text::shown(&folder), "history": history.id(), "archive": archive,
            "runs": runs, "unended": unended, "in_doubt": in_doubt,
        });
        cx.out.also("summary", summary);
        Ok(Exit::Done)
    }

    /// Returns the folder of the history that takes the others in.
    fn folder(&self, cx: &Context<'_>) -> Result<PathBuf, Failure> {
        match &self.history {
            Some(folder) => Ok(folder.clone()),
            None => Ok(self.archive.folder(cx)?.join(marker::REPORTS).join(HISTORY)),
        }
    }

    /// Returns the archive whose histories are merged: the one that is named, else that of the history that takes the others in,
    /// else that of the first.
    fn whose(&self, folder: &Path, cx: &Context<'_>) -> Result<Uuid, Failure> {
        if self.archive.named(cx).is_some() {
            return Ok(self.archive.open(cx)?.marker().id);
        }
        for folder in std::iter::once(folder).chain(self.folders.first().map(PathBuf::as_path)) {
            if let Some(archive) = History::whose(folder)? {
                return Ok(archive);
            }
        }
        Err(missing(self.folders.first().map_or(folder, PathBuf::as_path)))
    }
}

impl Told {
    fn line(&self, text: &Text) -> String {
        let counts = [
            ("folder", self.path.clone().into()),
            ("runs", self.runs.into()),
            ("packages", self.packages.into()),
            ("findings", self.findings.into()),
        ];
        text.say("merged-one", &counts)
    }
}

fn open(folder: &Path, archive: Uuid) -> Result<History, Failure> {
    History::read(folder, archive)?.ok_or_else(|| missing(folder))
}

fn missing(folder: &Path) -> Failure {
    Failure::new(Kind::Usage, "history-missing").at(folder)
}
