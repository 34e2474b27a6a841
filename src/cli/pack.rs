//! `earchiv pack`: makes submission packages of a delivery, without an archive.

use std::path::PathBuf;

use clap::Args;
use earchiv::archive::pack::pack;
use earchiv::model::package::PackageForm;

use super::confine::confine;
use super::delivery;
use super::error::Failure;
use super::exit::Exit;
use super::options::{Context, DeliveryOptions, form};
use super::reach::Reach;

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
    /// Returns where the command writes.
    pub fn reach(&self) -> Reach {
        let reach = Reach::nothing().and_work();
        if self.dry_run { reach } else { reach.and_folder(&self.out) }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let sources = self.delivery.sources()?;
        let terms = self.delivery.terms(None, self.form)?;
        if !self.dry_run && sources.iter().all(|source| source.symlink_metadata().is_ok()) {
            // The folder itself, not the one around it.
            std::fs::create_dir_all(&self.out).map_err(|error| Failure::io(&self.out, &error))?;
            confine(&self.reach())?;
        }
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
