//! `earchiv catalogue`: the index of what is held.

use clap::Subcommand;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading, Writing};

/// The index of what is held.
#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// Makes the catalogue anew from store and journal.
    Rebuild {
        #[command(flatten)]
        archive: Reading,
        #[command(flatten)]
        writing: Writing,
    },
}

impl Catalogue {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
