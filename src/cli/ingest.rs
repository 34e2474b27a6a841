//! `earchiv ingest`: takes a delivery into the archive: packs, stores, reads back, records.

use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::agency::{Correspondence, Problem};
use earchiv::archive::choice::Choice;
use earchiv::archive::delivery::Outcome;
use earchiv::archive::ingest::ingest;
use earchiv::archive::marker::FILE;
use earchiv::archive::pack::{Format, Target, pack};
use earchiv::archive::plan::plan;
use earchiv::archive::report::DeliveryReport;
use earchiv::archive::supplement::{self, supplement};
use earchiv::archive::{Archive, Naming};
use earchiv::model::package::{PackageForm, PackageId};
use uuid::Uuid;

use super::amend::refused;
use super::confine::confine;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::inbox::{self, InboxOptions};
use super::options::{Context, DeliveryOptions, Reading, Writing, package_id};
use super::overview::Overview;
use super::reach::Reach;
use super::report::{Copies, Filed};
use super::{answers, delivery, faults, init};

/// Takes a delivery into the archive: packs, stores, reads back, records.
#[derive(Debug, Args)]
#[command(mut_arg("sources", |sources| sources.required_unless_present_any(["files_from", "inbox"])))]
pub struct Ingest {
    #[command(flatten)]
    pub(super) archive: Reading,
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
    pub(super) as_folder: bool,
    /// Where answers to the agency go, with an inbox receipts as well.
    #[arg(long, value_name = "DIR")]
    pub(super) outbox: Option<PathBuf>,
    #[command(flatten)]
    inbox: InboxOptions,
    /// Puts copies of the receipts into a folder, and a record of refusal for each delivery that was refused.
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    report: Option<PathBuf>,
    /// A stored package to which the source belongs.
    #[arg(long, value_name = "ID", value_parser = package_id, conflicts_with_all = ["init", "as_folder"])]
    supplements: Option<PackageId>,
    #[command(flatten)]
    pub(super) writing: Writing,
    /// Says what would be done.
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) delivery: DeliveryOptions,
}

impl Ingest {
    /// Returns where the command writes; the folder around an archive that is to be made only until that is done.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let root = self.archive.named(cx);
        if self.dry_run {
            return Reach::reading(root).and_work();
        }
        let mut reach = Reach::archive(root).and_work();
        for folder in [&self.outbox, &self.report].into_iter().flatten() {
            reach = reach.and_folder(folder);
        }
        match root {
            Some(root) if self.init && root.join(FILE).symlink_metadata().is_err() => reach.and_new_archive(root),
            _ => reach,
        }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        if let Some((folder, rule)) = self.inbox.named() {
            return inbox::run(cx, self, folder, rule);
        }
        let root = self.archive.folder(cx)?;
        let sources = self.delivery.sources()?;
        let form = self.as_folder.then_some(PackageForm::Folder);
        let fresh = self.init && root.join(FILE).symlink_metadata().is_err();
        let terms = self.delivery.terms((!fresh).then_some(root.as_path()), form)?;
        if fresh && self.dry_run {
            cx.start_workers()?;
            return Self::plan_fresh(cx, &sources, &terms);
        }
        let archive = if fresh { self.create(cx, &root, &sources)? } else { Archive::open(&root)? };
        let mut done = Done::begin(self.report.as_deref())?;
        if let Some(count) = self.supplements.map(|_| sources.len()).filter(|count| *count != 1) {
            return Err(Failure::new(Kind::Usage, "supplement-sources").with("sources", count));
        }
        // What was made now is the place, not what is around it.
        confine(&self.reach(cx))?;
        cx.start_workers()?;
        if self.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
            if let (Some(id), [source]) = (self.supplements, &sources[..]) {
                let told = |outcome| done.take(cx, outcome, |_, _, _| Ok(()));
                supplement::plan(&archive, id, source, &terms, cx.watch(), told).map_err(refused)?;
                return Ok(done.end(cx));
            }
            plan(&archive, &sources, &terms, cx.watch(), |outcome| done.take(cx, outcome, |_, _, _| Ok(())))?;
            return Ok(done.end(cx));
        }
        let actor = self.writing.actor(cx);
        let mut writer = archive.writer(actor.clone(), self.writing.wait, cx.cancel)?;
        let filed = Filed::new(cx.text());
        let german = answers::language();
        let tell = |problem: &Problem<'_>| answers::outcome(problem, &german);
        let letters = Correspondence { outbox: self.outbox.as_deref(), tell: &tell };
        let file = |copies: &mut Copies<'_>, report: &DeliveryReport, failure: Option<&Failure>| match &report.accession
        {
            Some(number) => copies.receipt(&archive, number, &filed),
            None if failure.is_some() || report.is_refused() => {
                copies.refused(&archive, terms.named(&report.profile), report, &actor, failure)
            }
            None => Ok(()),
        };
        let each = |outcome: Outcome| done.take(cx, outcome, file);
        let result = match (self.supplements, &sources[..]) {
            (Some(id), [source]) => supplement(&mut writer, id, source, &terms, &filed, letters, cx.watch(), each),
            _ => ingest(&mut writer, &sources, &terms, &filed, letters, cx.watch(), each),
        };
        let exit = done.end(cx);
        result.map_err(refused)?;
        Ok(exit)
    }

    /// Says what would be done with an archive that would be made first.
    fn plan_fresh(cx: &Context<'_>, sources: &[PathBuf], terms: &Choice) -> Result<Exit, Failure> {
        let mut done = Done::begin(None)?;
        cx.out.note(&cx.text().say("dry-run", &[]));
        let nowhere = Target { out: Path::new(""), format: &Format::Eark, dry_run: true };
        pack(sources, nowhere, terms, cx.watch(), |outcome| done.take(cx, outcome, |_, _, _| Ok(())))?;
        Ok(done.end(cx))
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

/// What was done so far.
struct Done<'a> {
    exit: Exit,
    overview: Overview,
    copies: Option<Copies<'a>>,
}

impl<'a> Done<'a> {
    fn begin(report: Option<&'a Path>) -> Result<Self, Failure> {
        let copies = report.map(Copies::begin).transpose()?;
        Ok(Self { exit: Exit::Done, overview: Overview::default(), copies })
    }

    /// Shows what became of a delivery, and has `file` put what is filed of it into the user's folder.
    fn take(
        &mut self,
        cx: &Context<'_>,
        outcome: Outcome,
        file: impl Fn(&mut Copies<'a>, &DeliveryReport, Option<&Failure>) -> Result<(), Failure>,
    ) {
        let (report, failure) = match outcome {
            Ok(report) => {
                self.exit = self.exit.and(delivery::show_report(cx, &report));
                self.overview.add(&report);
                (report, None)
            }
            Err(unopened) => {
                let failure = Failure::from(unopened.error);
                self.exit = self.exit.and(delivery::show_failure(cx, &failure));
                self.overview.add_unopened(&unopened.path, failure.code());
                (DeliveryReport::unopened(&unopened.path), Some(failure))
            }
        };
        let filed = self.copies.as_mut().map_or(Ok(()), |copies| file(copies, &report, failure.as_ref()));
        if let Err(failure) = filed {
            // The delivery is where it belongs all the same.
            self.exit = self.exit.and(delivery::show_failure(cx, &failure));
        }
    }

    fn end(self, cx: &Context<'_>) -> Exit {
        self.overview.show(cx);
        self.exit
    }
}
