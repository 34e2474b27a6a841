//! `earchiv export`: copies a package or single files out of the archive, their checksums compared on the way.

use std::path::PathBuf;

use clap::Args;
use earchiv::model::package::{PackageForm, PackageId};

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading, form, package_id};

/// Copies a package or single files out of the archive, their checksums compared on the way.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    archive: Reading,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A folder or a ZIP file.
    #[arg(long, value_name = "FORM", value_parser = form)]
    form: Option<PackageForm>,
    /// The package.
    #[arg(value_name = "ID", value_parser = package_id)]
    id: PackageId,
    /// Files of the package; without any, the whole package.
    #[arg(value_name = "FILE")]
    files: Vec<String>,
}

impl Export {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
