//! `earchiv ingest`: takes a delivery into the archive: packs, stores, reads back, records.

use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::choice::Choice;
use earchiv::archive::delivery::Outcome;
use earchiv::archive::ingest::{ingest, plan};
use earchiv::archive::marker::FILE;
use earchiv::archive::pack::pack;
use earchiv::archive::receipt::Facts;
use earchiv::archive::{Archive, Naming};
use earchiv::model::package::PackageForm;
use uuid::Uuid;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, DeliveryOptions, Reading, Writing};
use super::report::receipt;
use super::{delivery, faults, init};

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
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let root = self.archive.folder(cx)?;
        let sources = self.delivery.sources()?;
        cx.start_workers()?;
        let form = self.as_folder.then_some(PackageForm::Folder);
        let fresh = self.init && root.join(FILE).symlink_metadata().is_err();
        let terms = self.delivery.terms((!fresh).then_some(root.as_path()), form)?;
        if fresh && self.delivery.dry_run {
            return Self::plan_fresh(cx, &sources, &terms);
        }
        let archive = if fresh { self.create(cx, &root, &sources)? } else { Archive::open(&root)? };
        let mut exit = Exit::Done;
        let each = |outcome: Outcome| exit = exit.and(delivery::show(cx, outcome));
        if self.delivery.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
            plan(&archive, &sources, &terms, cx.watch(), each)?;
            return Ok(exit);
        }
        let mut writer = archive.writer(self.writing.actor(cx), self.writing.wait, cx.cancel)?;
        let render = |facts: &Facts<'_>| receipt::text(facts, cx.text());
        ingest(&mut writer, &sources, &terms, &render, cx.watch(), each)?;
        Ok(exit)
    }

    /// Says what would be done with an archive that would be made first.
    fn plan_fresh(cx: &Context<'_>, sources: &[PathBuf], terms: &Choice) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        cx.out.note(&cx.text().say("dry-run", &[]));
        let nowhere = Path::new("");
        pack(sources, nowhere, terms, true, cx.watch(), |outcome| exit = exit.and(delivery::show(cx, outcome)))?;
        Ok(exit)
    }

    /// Makes the archive; sources that are not there are told before anything is.
    fn create(&self, cx: &Context<'_>, root: &Path, sources: &[PathBuf]) -> Result<Archive, Failure> {
        for source in sources {
            source.symlink_metadata().map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => faults::source_missing(source),
                _ => Failure::reading(Kind::Io, source, &error),
            })?;
        }
        let own_name = root.file_name().map(|name| name.to_string_lossy().into_owned());
        let naming =
            Naming { name: self.name.clone().or(own_name).unwrap_or_default(), isil: self.isil.clone(), id: self.id };
        init::create(root, &naming, self.writing.on_behalf_of(cx))
    }
}
