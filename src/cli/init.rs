//! `earchiv init`: makes a new, empty archive.

use std::path::PathBuf;

use clap::Args;
use uuid::Uuid;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Writing};

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
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
