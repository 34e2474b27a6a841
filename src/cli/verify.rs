//! `earchiv verify`: reads stored packages and compares every byte with what was recorded.

use std::ffi::OsString;

use clap::Args;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::items::ListFile;
use super::options::{Context, Reading};

/// Reads stored packages and compares every byte with what was recorded.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    list: ListFile,
    /// The packages; without any, all.
    #[arg(value_name = "ID")]
    ids: Vec<OsString>,
}

impl Verify {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
