//! `earchiv accession`: the register of deliveries.

use clap::Subcommand;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading};

/// The register of deliveries.
#[derive(Debug, Subcommand)]
pub enum Accession {
    /// Lists all accessions.
    List {
        #[command(flatten)]
        archive: Reading,
    },
    /// Shows one accession.
    Show {
        #[command(flatten)]
        archive: Reading,
        /// Its number, `2026-0001`.
        #[arg(value_name = "NUMBER")]
        number: String,
    },
}

impl Accession {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
