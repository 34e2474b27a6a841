//! Settings: options before environment before configuration file.

use std::env;
use std::ffi::OsString;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use earchiv::io::toml::{self, TomlError};
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
    /// Reads environment and configuration file; `config` is the value of `--config`, `variable` looks up the environment.
    pub fn read(config: Option<&Path>, variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Failure> {
        let mut settings = match place(config, &variable) {
            Place::Named(path) => {
                read_file(&path)?.ok_or_else(|| Failure::new(Kind::Config, "config-missing").at(&path))?
            }
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
        // An address may hold a key: it is not repeated.
        if settings.archive.as_ref().is_some_and(|archive| archive.to_string_lossy().contains("://")) {
            return Err(Failure::new(Kind::Config, "archive-address"));
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
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable).unwrap_or_default();
    Language::of_locale(&locale.to_string_lossy())
}

/// Returns an environment variable; an empty one counts as not set.
pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Returns the failure of a variable that has no meaning.
pub fn wrong(name: &'static str, value: &OsString) -> Failure {
    Failure::new(Kind::Config, "variable").with("name", name).with("value", value.to_string_lossy().into_owned())
}

enum Place {
    /// Must be there.
    Named(PathBuf),
    /// The first that is there counts.
    Usual(Vec<PathBuf>),
}

fn place(config: Option<&Path>, variable: impl Fn(&str) -> Option<OsString>) -> Place {
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
        home.map(|folder| folder.join("earchiv/config.toml")).into_iter().chain([PathBuf::from(SYSTEM_FILE)]).collect(),
    )
}

/// Reads a configuration file; `None` where there is none.
fn read_file(path: &Path) -> Result<Option<Settings>, Failure> {
    let text = match toml::read(path) {
        Ok(text) => text,
        Err(TomlError::Read { source, .. })
            if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let file: File = toml::read_toml(&text, path)?;
    Ok(Some(Settings {
        // A relative folder is meant from where the file lies, not from where the user stands.
        archive: file.archive.map(|archive| path.parent().unwrap_or(Path::new("")).join(archive)),
        language: file.lang,
        jobs: file.jobs,
        on_behalf_of: file.on_behalf_of,
    }))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;

    use super::*;
    use crate::cli::text::Text;

    fn environment(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<OsString> + use<> {
        let pairs: Vec<(String, OsString)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        move |name| {
            let pair = pairs.iter().find(|(known, _)| known == name)?;
            Some(pair.1.clone())
        }
    }

    #[test]
    fn environment_before_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        fs::write(&file, "archive = \"archiv\"\nlang = \"en\"\njobs = 3\non_behalf_of = \"Amt\"\n").unwrap();
        let read = Settings::read(Some(&file), environment(&[])).unwrap();
        let expected = Settings {
            archive: Some(folder.path().join("archiv")),
            language: Some(Language::En),
            jobs: NonZeroUsize::new(3),
            on_behalf_of: Some("Amt".to_owned()),
        };
        assert_eq!(read, expected);

        let file = file.to_str().unwrap();
        let variables = environment(&[
            ("EARCHIV_CONFIG", file),
            ("EARCHIV_ARCHIVE", "other"),
            ("EARCHIV_LANG", "de"),
            ("EARCHIV_JOBS", "5"),
            ("EARCHIV_ON_BEHALF_OF", "Stadt"),
        ]);
        let expected = Settings {
            archive: Some("other".into()),
            language: Some(Language::De),
            jobs: NonZeroUsize::new(5),
            on_behalf_of: Some("Stadt".to_owned()),
        };
        assert_eq!(Settings::read(None, variables).unwrap(), expected);
    }

    #[test]
    fn the_users_file_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_str().unwrap();
        fs::create_dir_all(folder.path().join(".config/earchiv")).unwrap();
        fs::write(folder.path().join(".config/earchiv/config.toml"), "jobs = 7").unwrap();
        let read = Settings::read(None, environment(&[("HOME", home)])).unwrap();
        assert_eq!(read.jobs, NonZeroUsize::new(7));
        let moved = environment(&[("HOME", home), ("XDG_CONFIG_HOME", "/nowhere")]);
        assert_eq!(Settings::read(None, moved).unwrap().jobs, None);
    }

    #[test]
    fn a_wrong_file_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        for (bytes, code, line, column) in [
            (&b"jobs = 1\narchiv = \"a\"\n"[..], "toml-key-unknown", 2, 1),
            (b"jobs = 1\njobs = 2\n", "toml-key-twice", 2, 1),
            (b"jobs = \"vier\"\n", "toml-type", 1, 8),
            (b"jobs = 0\n", "toml-value", 1, 8),
            (b"\nlang = \"fr\"\n", "toml-value", 2, 8),
            ("# Größe\narchive = \"ü\" x".as_bytes(), "toml-syntax", 2, 15),
            (b"archive = \"\xff\"\n", "toml-letters", 1, 12),
        ] {
            fs::write(&file, bytes).unwrap();
            let failure = Settings::read(Some(&file), environment(&[])).unwrap_err();
            let told = failure.told(&Text::new(Language::De));
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(failure.exit().code(), 2, "{shown}");
            assert_eq!((told.code, told.line, told.column), (code, Some(line), Some(column)), "{shown}");
        }
    }

    #[test]
    fn a_named_file_must_be_there_and_variables_must_make_sense() {
        let missing = Settings::read(Some(Path::new("/nowhere/a")), environment(&[]));
        assert_eq!(missing.unwrap_err().exit().code(), 2);
        for (name, value) in [("EARCHIV_JOBS", "0"), ("EARCHIV_JOBS", "x"), ("EARCHIV_LANG", "fr")] {
            let read = Settings::read(None, environment(&[(name, value)]));
            assert_eq!(read.unwrap_err().exit().code(), 2, "{name}={value}");
        }
    }
}
