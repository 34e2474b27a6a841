//! `earchiv init`: makes a new, empty archive.

use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::{Archive, Naming};
use earchiv::journal::Actor;
use serde_json::json;
use uuid::Uuid;

use super::error::Failure;
use super::exit::Exit;
use super::options::{Context, Writing};
use super::reach::Reach;
use super::text;

/// Makes a new, empty archive.
#[derive(Debug, Args)]
pub struct Init {
    /// The archive's folder; must not exist or be empty.
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// The archive's name.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The archive's ISIL.
    #[arg(long, value_name = "ISIL")]
    isil: Option<String>,
    /// The archive's UUID; without it a new one.
    #[arg(long, value_name = "UUID")]
    id: Option<Uuid>,
    #[command(flatten)]
    writing: Writing,
}

impl Init {
    /// Returns where the command writes: beside the new archive, which appears there complete.
    pub fn reach(&self) -> Reach {
        Reach::nothing().and_new_archive(&self.archive)
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let naming = Naming { name: self.name.clone(), isil: self.isil.clone(), id: self.id };
        let archive = create(&self.archive, &naming, self.writing.on_behalf_of(cx))?;
        show(cx, &archive);
        Ok(Exit::Done)
    }
}

/// Makes a new archive.
pub fn create(root: &Path, naming: &Naming, on_behalf_of: Option<String>) -> Result<Archive, Failure> {
    Ok(Archive::create(root, naming, Actor::current(on_behalf_of))?)
}

/// Tells that an archive was made.
fn show(cx: &Context<'_>, archive: &Archive) {
    let marker = archive.marker();
    let value = json!({
        "archive": text::shown(archive.root()),
        "id": marker.id,
        "name": marker.name,
        "isil": marker.isil,
        "format": marker.format,
    });
    cx.out.result(&value, |text| {
        let place = text::path(archive.root());
        text.say(
            "init-done",
            &[("file", place), ("name", marker.name.as_str().into()), ("id", marker.id.to_string().into())],
        )
    });
}
