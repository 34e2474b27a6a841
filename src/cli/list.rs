//! `earchiv list`: lists what is held.

use std::num::NonZeroUsize;

use clap::Args;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, Reading, date};

/// Lists what is held.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    archive: Reading,
    /// Words to search for.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Packages of this accession.
    #[arg(long, value_name = "NUMBER")]
    accession: Option<String>,
    /// Packages of this producer.
    #[arg(long, value_name = "NAME")]
    producer: Option<String>,
    /// Contents not older than this.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<String>,
    /// Contents not younger than this.
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<String>,
    /// Packages in this state.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroUsize>,
}

impl List {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
