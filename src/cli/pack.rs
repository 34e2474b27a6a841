//! `earchiv pack`: makes submission packages of a delivery, without an archive.

use std::path::PathBuf;

use clap::Args;
use earchiv::archive::pack::pack;
use earchiv::model::package::PackageForm;

use super::delivery;
use super::error::Failure;
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
    /// Says what would be done.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    delivery: DeliveryOptions,
}

impl Pack {
    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let sources = self.delivery.sources()?;
        let terms = self.delivery.terms(None, self.form)?;
        cx.start_workers()?;
        if self.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
        }
        let mut exit = Exit::Done;
        pack(&sources, &self.out, &terms, self.dry_run, cx.watch(), |outcome| {
            exit = exit.and(delivery::show(cx, outcome));
        })?;
        Ok(exit)
    }
}
