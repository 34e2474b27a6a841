//! `earchiv pack`: makes submission packages of a delivery, without an archive.

use std::path::PathBuf;

use clap::Args;
use earchiv::model::package::PackageForm;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, DeliveryOptions, form};

/// Makes submission packages of a delivery, without an archive.
#[derive(Debug, Args)]
pub struct Pack {
    /// The folder that the packages are written to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A ZIP file or a folder a package.
    #[arg(long, value_name = "FORM", value_parser = form)]
    form: Option<PackageForm>,
    #[command(flatten)]
    delivery: DeliveryOptions,
}

impl Pack {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
