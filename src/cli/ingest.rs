//! `earchiv ingest`: takes a delivery into the archive: packs, stores, reads back, records.

use clap::Args;
use uuid::Uuid;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, DeliveryOptions, Reading, Writing};

/// Takes a delivery into the archive: packs, stores, reads back, records.
#[derive(Debug, Args)]
pub struct Ingest {
    #[command(flatten)]
    archive: Reading,
    /// Makes the archive first if there is none.
    #[arg(long)]
    init: bool,
    /// The new archive's name.
    #[arg(long, value_name = "NAME", requires = "init")]
    name: Option<String>,
    /// The new archive's ISIL.
    #[arg(long, value_name = "ISIL", requires = "init")]
    isil: Option<String>,
    /// The new archive's UUID.
    #[arg(long, value_name = "UUID", requires = "init")]
    id: Option<Uuid>,
    /// Stores packages as folders, not as ZIP files.
    #[arg(long)]
    as_folder: bool,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    delivery: DeliveryOptions,
}

impl Ingest {
    /// Runs the command.
    pub fn run(&self, _: &Context<'_>) -> Result<Exit, Failure> {
        Err(Failure::new(Kind::Bug, "not-built"))
    }
}
