//! Options that several commands share, and what they come to with the settings.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Args};
use earchiv::model::package::{PackageForm, PackageId};
use earchiv::model::time::Timestamp;
use earchiv::task::Cancel;

use super::error::{Failure, Kind};
use super::items::ListFile;
use super::output::Output;
use super::progress::Bar;
use super::settings::Settings;
use super::stop;
use super::text::{Language, Text};

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// Prints one JSON document.
    #[arg(long, global = true)]
    pub json: bool,
    /// Prints results and failures only.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Tells more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Works with so many threads.
    #[arg(long, global = true, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Speaks this language.
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Language>,
    /// Reads this configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Uses no colour.
    #[arg(long, global = true)]
    pub no_color: bool,
}

impl Settings {
    /// Returns these settings under the options of the call.
    #[must_use]
    pub fn under(mut self, global: &Global) -> Self {
        self.jobs = global.jobs.or(self.jobs);
        self.language = global.lang.or(self.language);
        self
    }
}

/// The archive that a command looks into.
#[derive(Debug, Args)]
pub struct Reading {
    /// The archive's folder.
    #[arg(long, value_name = "DIR")]
    pub archive: Option<PathBuf>,
}

impl Reading {
    /// Returns the archive's folder: option before environment before configuration file.
    pub fn folder(&self, cx: &Context<'_>) -> Result<PathBuf, Failure> {
        let named = self.archive.as_ref().or(cx.settings.archive.as_ref());
        named
            .cloned()
            .ok_or_else(|| Failure::new(Kind::Usage, "archive-not-named"))
    }
}

/// How a command writes into the archive.
#[derive(Debug, Args)]
pub struct Writing {
    /// Waits until another run has ended.
    #[arg(long)]
    pub wait: bool,
    /// For whom the work is done.
    #[arg(long, value_name = "NAME")]
    pub on_behalf_of: Option<String>,
}

impl Writing {
    /// Returns for whom the work is done, for the journal.
    pub fn on_behalf_of(&self, cx: &Context<'_>) -> Option<String> {
        let named = self.on_behalf_of.as_ref();
        named.or(cx.settings.on_behalf_of.as_ref()).cloned()
    }
}

/// A delivery and how packages are made of it.
#[derive(Debug, Args)]
pub struct DeliveryOptions {
    /// The profile; without it the one for file shares.
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// The agreement with the producer.
    #[arg(long, value_name = "AGREEMENT")]
    pub agreement: Option<String>,
    /// Who delivers.
    #[arg(long, value_name = "NAME")]
    pub producer: Option<String>,
    /// What tells this delivery from others of the same producer.
    #[arg(long, value_name = "ID")]
    pub delivery: Option<String>,
    /// Says what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Official schemas to put into the packages.
    #[arg(long, value_name = "DIR")]
    pub schemas: Option<PathBuf>,
    #[command(flatten)]
    list: ListFile,
    /// Folders, finished packages; `-` for a list on stdin.
    #[arg(value_name = "SOURCE", required_unless_present = "files_from")]
    sources: Vec<OsString>,
}

impl DeliveryOptions {
    /// Returns the sources, in the order of the call.
    pub fn sources(&self) -> Result<Vec<PathBuf>, Failure> {
        let sources = self.list.with(&self.sources)?;
        if sources.is_empty() {
            return Err(Failure::new(Kind::Usage, "list-empty"));
        }
        Ok(sources.into_iter().map(PathBuf::from).collect())
    }
}

/// What every command is given.
pub struct Context<'a> {
    /// Where results go.
    pub out: &'a Output,
    /// Settings with the options laid over them.
    pub settings: Settings,
    /// The request to stop.
    pub cancel: &'static Cancel,
}

impl<'a> Context<'a> {
    /// Returns what a command is given.
    pub const fn new(out: &'a Output, settings: Settings) -> Self {
        Self {
            out,
            settings,
            cancel: &stop::CANCEL,
        }
    }

    /// Returns the user's language.
    pub fn text(&self) -> &'a Text {
        self.out.text()
    }

    /// Returns what draws progress.
    pub const fn progress(&self) -> &'a Bar {
        self.out.progress()
    }

    /// Starts the threads that commands with much work share; called once, by those commands only.
    pub fn start_workers(&self) -> Result<(), Failure> {
        let jobs = self.settings.jobs.map_or(0, NonZeroUsize::get);
        rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .build_global()
            .map_err(|error| Failure::new(Kind::Io, "threads").because(error.to_string()))
    }
}

/// Reads a package's id.
pub fn package_id(text: &str) -> Result<PackageId, String> {
    PackageId::parse(text).ok_or_else(|| "expected-id".to_owned())
}

/// Reads the form of a package.
pub fn form(text: &str) -> Result<PackageForm, String> {
    match text {
        "zip" => Ok(PackageForm::Zip),
        "folder" => Ok(PackageForm::Folder),
        _ => Err("expected-form".to_owned()),
    }
}

/// Reads a calendar date or a part of one: `2013`, `2013-05`, `2013-05-04`.
pub fn date(text: &str) -> Result<String, String> {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => String::new(),
    };
    let is_date = full
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_date && Timestamp::parse(&format!("{full}T00:00:00Z")).is_some() {
        Ok(text.to_owned())
    } else {
        Err("expected-date".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_their_parts() {
        for text in ["2013", "2013-05", "2013-05-04", "2012-02-29"] {
            assert_eq!(date(text), Ok(text.to_owned()));
        }
        for text in [
            "",
            "13",
            "2013-13",
            "2013-02-29",
            "04.05.2013",
            "2013-5-4",
            "+013",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
