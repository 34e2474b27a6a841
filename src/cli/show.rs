//! `earchiv show`: shows one package: description, files, events, place.

use clap::Args;
use earchiv::model::package::PackageId;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading, package_id};

/// Shows one package: description, files, events, place.
#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    archive: Reading,
    /// The package.
    #[arg(value_name = "ID", value_parser = package_id)]
    id: PackageId,
}

impl Show {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
