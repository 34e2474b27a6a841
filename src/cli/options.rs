//! Options that several commands share, and what they come to with the settings.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{ArgAction, Args};
use earchiv::archive::agency::DecisionList;
use earchiv::archive::choice::Choice;
use earchiv::archive::delivery::Terms;
use earchiv::archive::{Archive, package_time};
use earchiv::io::xsd::SchemaFolder;
use earchiv::journal::Actor;
use earchiv::model::closure::last_day;
use earchiv::model::package::{PackageForm, PackageId};
use earchiv::package::eark::Attachment;
use earchiv::profile::{Agreement, Profile, ProfileError};
use earchiv::source::table::decisions as read_decisions;
use earchiv::task::{Cancel, Watch};

use super::error::{Failure, Kind};
use super::faults;
use super::items::ListFile;
use super::output::Output;
use super::settings::Settings;
use super::stop;
use super::text::{Language, Text};

/// Options that every command takes.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Global {
    /// Prints one JSON document.
    #[arg(long, global = true)]
    pub json: bool,
    /// Prints each result as a line of JSON.
    #[arg(long, global = true, conflicts_with = "json")]
    pub json_lines: bool,
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
        named.cloned().ok_or_else(|| Failure::new(Kind::Usage, "archive-not-named"))
    }
}

impl Reading {
    /// Returns the archive's folder where one is named.
    pub fn named<'a>(&'a self, cx: &'a Context<'_>) -> Option<&'a Path> {
        self.archive.as_ref().or(cx.settings.archive.as_ref()).map(PathBuf::as_path)
    }

    /// Opens the archive.
    pub fn open(&self, cx: &Context<'_>) -> Result<Archive, Failure> {
        Ok(Archive::open(&self.folder(cx)?)?)
    }
}

/// How a command writes into the archive.
#[derive(Debug, Args)]
pub struct Writing {
    /// Waits until another run has ended.
    #[arg(long)]
    pub wait: bool,
    /// For whom the work is done.
    #[arg(long, value_name = "NAME", value_parser = plain)]
    pub on_behalf_of: Option<String>,
}

impl Writing {
    /// Returns who acts, for the journal.
    pub fn actor(&self, cx: &Context<'_>) -> Actor {
        Actor::current(self.on_behalf_of(cx))
    }

    /// Returns for whom the work is done, for the journal.
    pub fn on_behalf_of(&self, cx: &Context<'_>) -> Option<String> {
        let named = self.on_behalf_of.as_ref();
        named.or(cx.settings.on_behalf_of.as_ref()).cloned()
    }
}

/// The profiles that take a delivery if they fit, where the call names none.
const FITTING: [&str; 5] = ["eakte", "erechnung", "ozg-antrag", "e-mail", "bagit"];

/// A delivery and how packages are made of it.
#[derive(Debug, Args)]
pub struct DeliveryOptions {
    /// The profile; without it the one that fits each source.
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
    /// What the archive decided about records.
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Official schemas: messages are checked against them; those that lie in the folder itself go into the packages.
    #[arg(long, value_name = "DIR")]
    pub schemas: Option<PathBuf>,
    #[command(flatten)]
    list: ListFile,
    /// Folders, finished packages; `-` for a list on stdin.
    #[arg(value_name = "SOURCE", required_unless_present = "files_from")]
    sources: Vec<OsString>,
}

impl DeliveryOptions {
    /// Returns how deliveries are to be taken over; `archive` may hold profiles and agreements of its own.
    ///
    /// A call that names neither profile nor agreement takes each delivery by the profile that fits.
    pub fn terms(&self, archive: Option<&Path>, form: Option<PackageForm>) -> Result<Choice, Failure> {
        let terms = self.named_terms(archive, form)?;
        if self.names_profile() {
            return Ok(Choice::one(terms));
        }
        let known = Profile::known(archive);
        let fitting = FITTING.iter().filter(|name| known.iter().any(|known| known == *name));
        let fitting = fitting.map(|name| Profile::named(name, archive)).collect::<Result<Vec<_>, _>>()?;
        Ok(Choice::by_content(terms, fitting, form))
    }

    /// Returns whether the call says which profile takes the deliveries.
    pub const fn names_profile(&self) -> bool {
        self.profile.is_some() || self.agreement.is_some()
    }

    /// Returns the terms of the profile that the call names, else of the one for file shares.
    fn named_terms(&self, archive: Option<&Path>, form: Option<PackageForm>) -> Result<Terms, Failure> {
        let agreement = match &self.agreement {
            None => None,
            Some(name) => Some(agreement(name, archive)?),
        };
        let extended = agreement.as_ref().map(|(agreement, _)| agreement.profile.as_str());
        let name = self.profile.as_deref().or(extended).unwrap_or("dateiablage");
        let mut profile = Profile::named(name, archive)?;
        if let Some((agreement, _)) = &agreement {
            if agreement.profile.as_str() != profile.name.as_str() {
                return Err(Failure::new(Kind::Config, "agreement-other-profile")
                    .with("agreement", agreement.name.as_str().to_owned())
                    .with("extended", agreement.profile.as_str().to_owned())
                    .with("profile", profile.name.as_str().to_owned()));
            }
            profile = profile.with(agreement);
            if let Some(allowed) = profile.misfit() {
                return Err(Failure::new(Kind::Config, "agreement-records")
                    .with("agreement", agreement.name.as_str().to_owned())
                    .with("profile", profile.name.as_str().to_owned())
                    .with("allowed", allowed.to_owned()));
            }
        }
        let decisions = self.decisions.as_deref().map(decisions).transpose()?;
        let (schemas, validation) = match self.schemas.as_deref() {
            Some(folder) => schemas(folder)?,
            None => (Vec::new(), None),
        };
        Ok(Terms {
            decisions,
            form: form.unwrap_or(profile.package.form),
            profile,
            agreement,
            producer: self.producer.clone(),
            delivery: self.delivery.clone(),
            schemas,
            validation,
            created: package_time(),
        })
    }

    /// Returns the sources, in the order of the call.
    pub fn sources(&self) -> Result<Vec<PathBuf>, Failure> {
        let sources = self.list.with(&self.sources)?;
        if sources.is_empty() {
            return Err(Failure::new(Kind::Usage, "list-empty"));
        }
        Ok(sources.into_iter().map(PathBuf::from).collect())
    }
}

/// Returns the agreement that `name` means.
pub fn named_agreement(name: &str, archive: Option<&Path>) -> Result<Agreement, Failure> {
    Agreement::named(name, archive).map_err(|error| match error {
        ProfileError::NotFound { name, .. } => faults::agreement_unknown(&name),
        ProfileError::File(_) => error.into(),
    })
}

/// Returns an agreement and its file as it is.
fn agreement(name: &str, archive: Option<&Path>) -> Result<(Agreement, Vec<u8>), Failure> {
    let agreement = named_agreement(name, archive)?;
    let inside = archive.map(|archive| archive.join("agreements").join(format!("{name}.toml")));
    let path = match inside {
        Some(inside) if !name.contains('/') && inside.exists() => inside,
        _ => PathBuf::from(name),
    };
    let bytes = std::fs::read(&path).map_err(|error| Failure::reading(Kind::Config, &path, &error))?;
    Ok((agreement, bytes))
}

/// Returns the XML schemas that lie in a folder itself, sorted by name, for the packages; and all in and below it, for
/// checks.
fn schemas(folder: &Path) -> Result<(Vec<Attachment>, Option<Arc<SchemaFolder>>), Failure> {
    let fault = |error| Failure::reading(Kind::Usage, folder, &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|end| end == "xsd") && path.is_file() {
            let bytes = std::fs::read(&path).map_err(|error| Failure::reading(Kind::Usage, &path, &error))?;
            found.push(Attachment { path: format!("schemas/{name}"), bytes });
        }
    }
    let all = SchemaFolder::open(folder).map_err(fault)?;
    if all.is_empty() {
        return Err(Failure::new(Kind::Usage, "no-schemas").at(folder));
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((found, Some(Arc::new(all))))
}

/// Returns a list of decisions and its file as it is.
fn decisions(path: &Path) -> Result<DecisionList, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::reading(Kind::Usage, path, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let decisions = read_decisions(&name, bytes.as_slice()).map_err(|error| Failure::from(error).kind(Kind::Config))?;
    Ok(DecisionList { name, bytes, decisions })
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
        Self { out, settings, cancel: &stop::CANCEL }
    }

    /// Returns the user's language.
    pub fn text(&self) -> &'a Text {
        self.out.text()
    }

    /// Returns what long work looks at and reports to.
    pub const fn watch(&self) -> Watch<'a> {
        Watch::new(self.cancel, self.out.progress())
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

/// Reads a text that packages can hold: XML knows no control characters but tabs and ends of lines.
pub fn plain(text: &str) -> Result<String, String> {
    let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    if text.contains(is_odd) { Err("expected-text".to_owned()) } else { Ok(text.to_owned()) }
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
    if matches!(text.len(), 4 | 7 | 10) && last_day(text).is_some() {
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
        for text in ["2013", "2013-05", "2013-05-04", "2012-02-29", "9999-12-31"] {
            assert_eq!(date(text), Ok(text.to_owned()));
        }
        for text in ["", "13", "2013-13", "2013-02-29", "04.05.2013", "2013-5-4", "+013"] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
