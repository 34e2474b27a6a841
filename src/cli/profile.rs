//! `earchiv profile`: profiles: how each kind of delivery is taken over.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use earchiv::profile::{self, Agreement};
use serde_json::json;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::explain;
use super::options::{Context, Reading, named_agreement};
use super::text::{self, Language};

/// Profiles: how each kind of delivery is taken over.
#[derive(Debug, Subcommand)]
pub enum Profile {
    /// Lists all profiles.
    List,
    /// Explains a profile in plain words.
    Show {
        #[command(flatten)]
        archive: Reading,
        /// The text of the profile, for copying.
        #[arg(long)]
        toml: bool,
        /// With all values, also those that are not written down.
        #[arg(long)]
        resolved: bool,
        /// As this agreement extends it.
        #[arg(long, value_name = "AGREEMENT")]
        agreement: Option<String>,
        /// The profile.
        #[arg(value_name = "PROFILE")]
        name: String,
    },
    /// Checks a profile or an agreement.
    Check {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Profile {
    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        match self {
            Self::List => list(cx),
            Self::Show { archive, toml, resolved, agreement, name } => {
                let root = archive.folder(cx).ok();
                let root = root.as_deref();
                let mut profile = profile::Profile::named(name, root)?;
                if let Some(agreement) = agreement {
                    profile = profile.with(&named_agreement(agreement, root)?);
                }
                let written = profile::Profile::source_text(name, root)?;
                let document = match written {
                    Some(written) if !resolved && agreement.is_none() => written,
                    _ => {
                        profile.to_toml().map_err(|error| Failure::new(Kind::Bug, "bug").because(error.to_string()))?
                    }
                };
                let value = json!({ "name": profile.name.as_str(), "version": profile.version, "toml": document });
                let as_toml = *toml || *resolved;
                cx.out.result(&value, |text| if as_toml { document.clone() } else { explain::profile(&profile, text) });
                Ok(Exit::Done)
            }
            Self::Check { file } => check(cx, file),
        }
    }
}

fn list(cx: &Context<'_>) -> Result<Exit, Failure> {
    let archive = cx.settings.archive.as_deref();
    for name in profile::Profile::known(archive) {
        let profile = profile::Profile::named(&name, archive)?;
        let (de, en) = (profile.title.de.as_str(), profile.title.en.as_str());
        let value = json!({ "name": name, "version": profile.version, "title": { "de": de, "en": en } });
        cx.out.result(&value, |text| format!("{name}  {}", if text.language() == Language::De { de } else { en }));
    }
    Ok(Exit::Done)
}

/// Checks a file that is a profile, or an agreement: an agreement names the profile that it extends.
fn check(cx: &Context<'_>, file: &Path) -> Result<Exit, Failure> {
    let text = earchiv::io::toml::read(file).unwrap_or_default();
    let extends = text.lines().any(|line| line.trim_start().starts_with("profile"));
    let (kind, name) = if extends {
        ("agreement", Agreement::load(file)?.name.as_str().to_owned())
    } else {
        ("profile", profile::Profile::load(file)?.name.as_str().to_owned())
    };
    let value = json!({ "file": text::shown(file), "kind": kind, "name": name });
    cx.out.result(&value, |text| {
        let named = [("file", text::path(file)), ("name", name.as_str().into())];
        if extends { text.say("check-agreement", &named) } else { text.say("check-profile", &named) }
    });
    Ok(Exit::Done)
}
