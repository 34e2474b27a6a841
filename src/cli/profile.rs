//! `earchiv profile`: profiles: how each kind of delivery is taken over.

use std::path::PathBuf;

use clap::Subcommand;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading};

/// Profiles: how each kind of delivery is taken over.
#[derive(Debug, Subcommand)]
pub enum Profile {
    /// Lists all profiles.
    List,
    /// Shows a profile.
    Show {
        #[command(flatten)]
        archive: Reading,
        /// With all values, also those that are not written down.
        #[arg(long)]
        resolved: bool,
        /// As this agreement extends it.
        #[arg(long, value_name = "AGREEMENT")]
        agreement: Option<String>,
        /// The profile.
        #[arg(value_name = "PROFILE")]
        name: String,
    },
    /// Checks a profile or an agreement.
    Check {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Profile {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
