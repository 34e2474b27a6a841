//! `earchiv journal`: the chained log of everything that was done.

use std::num::NonZeroUsize;

use clap::Subcommand;
use earchiv::model::package::PackageId;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading, package_id};

/// The chained log of everything that was done.
#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Checks the chain.
    Verify {
        #[command(flatten)]
        archive: Reading,
        /// A head that was kept elsewhere.
        #[arg(long, value_name = "HEAD")]
        head: Option<String>,
    },
    /// Shows entries.
    Show {
        #[command(flatten)]
        archive: Reading,
        /// The last so many.
        #[arg(long, value_name = "N")]
        limit: Option<NonZeroUsize>,
        /// Those of one package.
        #[arg(long, value_name = "ID", value_parser = package_id)]
        package: Option<PackageId>,
    },
    /// Prints the head, to be kept elsewhere.
    Head {
        #[command(flatten)]
        archive: Reading,
    },
}

impl Journal {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
