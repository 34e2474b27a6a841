//! `earchiv audit`: compares store, catalogue and journal, and verifies every package.

use clap::Args;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading};

/// Compares store, catalogue and journal, and verifies every package.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    archive: Reading,
}

impl Audit {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
