//! Settings: options before environment before configuration file.

use std::env;
use std::ffi::OsString;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::{Failure, Kind};
use super::text::Language;

/// The configuration file for all users of a machine.
const SYSTEM_FILE: &str = "/etc/earchiv/config.toml";

/// What environment and configuration file say; options are laid over it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The archive's folder.
    pub archive: Option<PathBuf>,
    /// The language, where it was chosen.
    pub language: Option<Language>,
    /// Threads.
    pub jobs: Option<NonZeroUsize>,
    /// For whom the work is done.
    pub on_behalf_of: Option<String>,
}

/// The keys of a configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    archive: Option<PathBuf>,
    lang: Option<Language>,
    jobs: Option<NonZeroUsize>,
    on_behalf_of: Option<String>,
}

impl Settings {
    /// Reads environment and configuration file; `config` is the value of `--config`.
    pub fn read(config: Option<&Path>) -> Result<Self, Failure> {
        let mut settings = match place(config) {
            Place::Named(path) => read_file(&path)?
                .ok_or_else(|| Failure::new(Kind::Config, "config-missing").at(&path))?,
            Place::Usual(paths) => {
                let mut found = Self::default();
                for path in paths {
                    if let Some(settings) = read_file(&path)? {
                        found = settings;
                        break;
                    }
                }
                found
            }
        };
        if let Some(archive) = variable("EARCHIV_ARCHIVE") {
            settings.archive = Some(archive.into());
        }
        if let Some(value) = variable("EARCHIV_LANG") {
            let language = value.to_str().and_then(Language::named);
            settings.language = Some(language.ok_or_else(|| wrong("EARCHIV_LANG", &value))?);
        }
        if let Some(value) = variable("EARCHIV_JOBS") {
            let jobs = value.to_str().and_then(|text| text.parse().ok());
            settings.jobs = Some(jobs.ok_or_else(|| wrong("EARCHIV_JOBS", &value))?);
        }
        if let Some(value) = variable("EARCHIV_ON_BEHALF_OF") {
            let name = value.clone().into_string();
            settings.on_behalf_of = Some(name.map_err(|_| wrong("EARCHIV_ON_BEHALF_OF", &value))?);
        }
        Ok(settings)
    }
}

/// Returns the language of the user's locale.
pub fn locale_language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(variable)
        .unwrap_or_default();
    Language::of_locale(&locale.to_string_lossy())
}

/// Returns an environment variable; an empty one counts as not set.
pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Returns the failure of a variable that has no meaning.
pub fn wrong(name: &'static str, value: &OsString) -> Failure {
    Failure::new(Kind::Config, "variable")
        .with("name", name)
        .with("value", value.to_string_lossy().into_owned())
}

enum Place {
    /// Must be there.
    Named(PathBuf),
    /// The first that is there counts.
    Usual(Vec<PathBuf>),
}

fn place(config: Option<&Path>) -> Place {
    if let Some(path) = config {
        return Place::Named(path.to_owned());
    }
    if let Some(path) = variable("EARCHIV_CONFIG") {
        return Place::Named(path.into());
    }
    let home = variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")));
    Place::Usual(
        home.map(|folder| folder.join("earchiv/config.toml"))
            .into_iter()
            .chain([PathBuf::from(SYSTEM_FILE)])
            .collect(),
    )
}

/// Reads a configuration file; `None` where there is none.
fn read_file(path: &Path) -> Result<Option<Settings>, Failure> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(Failure::reading(Kind::Config, path, &error)),
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let start = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let (line, column) = position(start);
        Failure::new(Kind::Config, "config-letters")
            .at(path)
            .place(line, column)
    })?;
    let file: File = toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let (line, column) = position(&text.as_bytes()[..at]);
        Failure::new(Kind::Config, "config-invalid")
            .at(path)
            .place(line, column)
            .because(error.message())
    })?;
    Ok(Some(Settings {
        // A relative folder is meant from where the file lies, not from where the user stands.
        archive: file
            .archive
            .map(|archive| path.parent().unwrap_or(Path::new("")).join(archive)),
        language: file.lang,
        jobs: file.jobs,
        on_behalf_of: file.on_behalf_of,
    }))
}

/// Returns line and column (in letters) behind `start`, both from 1.
fn position(start: &[u8]) -> (u64, u64) {
    let line = start.iter().filter(|byte| **byte == b'\n').count();
    let last = start.rsplit(|byte| *byte == b'\n').next().unwrap_or(start);
    let column = String::from_utf8_lossy(last).chars().count();
    (line as u64 + 1, column as u64 + 1)
}
