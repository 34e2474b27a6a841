//! `earchiv ingest --inbox`: one pass over a folder into which others lay deliveries.

mod pass;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use earchiv::archive::agency::{Correspondence, Problem};
use earchiv::archive::choice::Choice;
use earchiv::archive::delivery::{Outcome, Unopened};
use earchiv::archive::inbox::{self, Completeness, Entry, Inbox, Memory, Note, Standing, Waiting, is_partial};
use earchiv::archive::ingest::ingest;
use earchiv::archive::plan::plan;
use earchiv::archive::report::DeliveryReport;
use earchiv::archive::writer::Writer;
use earchiv::archive::{Archive, ArchiveError};
use earchiv::journal::Actor;
use earchiv::model::package::PackageForm;
use earchiv::model::time::Timestamp;
use earchiv::source::SourceError;

use crate::cli::answers;
use crate::cli::confine::confine;
use crate::cli::error::Failure;
use crate::cli::exit::Exit;
use crate::cli::ingest::Ingest;
use crate::cli::options::Context;
use crate::cli::quantity::{self, QuantityFault};
use crate::cli::report::{Filed, Outbox};
use pass::{Became, Pass};

/// How long nothing may have changed where nobody says: ten minutes.
const QUIET: Duration = Duration::from_mins(10);

/// A folder of deliveries, and when one of them is complete.
#[derive(Debug, Args)]
pub struct InboxOptions {
    /// Takes what lies complete in a folder.
    #[arg(
        long,
        value_name = "DIR",
        requires = "outbox",
        conflicts_with_all = ["sources", "files_from", "delivery", "init", "supplements", "report"]
    )]
    inbox: Option<PathBuf>,
    /// A delivery is complete once the file lies beside it whose name has this ending.
    #[arg(long, value_name = "ENDING", requires = "inbox", value_parser = marker)]
    ready_marker: Option<OsString>,
    /// A delivery is complete once nothing in it changed for so long.
    #[arg(long, value_name = "DURATION", requires = "inbox", value_parser = quiet)]
    quiet_for: Option<Duration>,
}

impl InboxOptions {
    /// Returns the inbox, where one is named, and when a delivery in it is complete.
    pub fn named(&self) -> Option<(&Path, Completeness)> {
        let rule = Completeness { marker: self.ready_marker.clone(), quiet: self.quiet_for.unwrap_or(QUIET) };
        Some((self.inbox.as_deref()?, rule))
    }
}

/// Takes over what lies complete in `folder`, each delivery as an accession of its own.
pub fn run(cx: &Context<'_>, call: &Ingest, folder: &Path, rule: Completeness) -> Result<Exit, Failure> {
    let root = call.archive.folder(cx)?;
    let form = call.as_folder.then_some(PackageForm::Folder);
    let terms = call.delivery.terms(Some(&root), form)?;
    let archive = Archive::open(&root)?;
    let inbox = Inbox::open(&archive, folder, rule)?;
    let outbox = call.outbox.as_deref().unwrap_or(Path::new(""));
    let mut pass = Pass::begin(folder, outbox);
    if call.dry_run {
        confine(&call.reach(cx))?;
        cx.start_workers()?;
        cx.out.note(&cx.text().say("dry-run", &[]));
        let memory = Memory::peek(outbox, &inbox);
        let seen = Seen { cx, archive: &archive, inbox: &inbox, memory: &memory, terms: &terms };
        let result = seen.each(&mut pass, |entry, _, pass| seen.foresee(entry, pass));
        return Ok(pass.end(cx, result));
    }
    inbox.outbox(outbox)?;
    // What was made now is the place, not what is around it.
    confine(&call.reach(cx))?;
    cx.start_workers()?;
    let actor = call.writing.actor(cx);
    let mut writer = archive.writer(actor.clone(), call.writing.wait, cx.cancel)?;
    let memory = Memory::open(outbox, &inbox)?;
    let seen = Seen { cx, archive: &archive, inbox: &inbox, memory: &memory, terms: &terms };
    let filed = Filed::new(cx.text());
    let desk = Desk { seen, outbox, filed: &filed, actor: &actor };
    let result = seen.each(&mut pass, |entry, fingerprint, pass| desk.take(&mut writer, entry, fingerprint, pass));
    Ok(pass.end(cx, result))
}

/// What a pass looks at.
#[derive(Clone, Copy)]
struct Seen<'p> {
    cx: &'p Context<'p>,
    archive: &'p Archive,
    inbox: &'p Inbox<'p>,
    memory: &'p Memory,
    terms: &'p Choice,
}

impl Seen<'_> {
    /// Goes through all entries; `take` gets those that are complete and not known.
    fn each(
        &self,
        pass: &mut Pass,
        mut take: impl FnMut(&Entry, &str, &mut Pass) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let terms = inbox::digest(self.terms);
        let entries = self.inbox.entries()?;
        self.memory.forget_others(&entries)?;
        for entry in &entries {
            self.cx.cancel.check()?;
            match self.inbox.look(entry, self.memory, &terms, Timestamp::now(), self.cx.cancel)? {
                Standing::Waiting(waiting) => pass.waits(entry, waiting),
                Standing::Known(note) => pass.is_known(entry, &note),
                Standing::Ready { fingerprint } => take(entry, &fingerprint, pass)?,
            }
        }
        Ok(())
    }

    /// Says what taking the delivery over would do.
    fn foresee(&self, entry: &Entry, pass: &mut Pass) -> Result<(), ArchiveError> {
        let mut outcome = None;
        let sources = std::slice::from_ref(&entry.path);
        let result = plan(self.archive, sources, self.terms, self.cx.watch(), |told| outcome = Some(told));
        let Some(told) = settled(result, outcome, entry, pass)? else { return Ok(()) };
        let (report, failure, exit) = pass.show(self.cx, told);
        pass.became(entry, Became::planned(exit, &report, failure.is_some()));
        Ok(())
    }
}

/// Takes deliveries over, and files what became of them.
struct Desk<'p> {
    seen: Seen<'p>,
    outbox: &'p Path,
    filed: &'p Filed<'p>,
    actor: &'p Actor,
}

impl Desk<'_> {
    fn take(
        &self,
        writer: &mut Writer<'_>,
        entry: &Entry,
        fingerprint: &str,
        pass: &mut Pass,
    ) -> Result<(), ArchiveError> {
        let Seen { cx, terms, .. } = self.seen;
        let german = answers::language();
        let tell = |problem: &Problem<'_>| answers::outcome(problem, &german);
        let letters = Correspondence { outbox: Some(self.outbox), tell: &tell };
        let mut outcome = None;
        let sources = std::slice::from_ref(&entry.path);
        let result = ingest(writer, sources, terms, self.filed, letters, cx.watch(), |told| outcome = Some(told));
        let Some(told) = settled(result, outcome, entry, pass)? else { return Ok(()) };
        let (report, failure, exit) = pass.show(cx, told);
        let mut became = Became::of(exit, &report, failure.is_some());
        let filed = self.file(&report, failure.as_ref(), fingerprint, &mut became);
        match filed.and_then(|()| self.remember(entry, fingerprint, &became)) {
            Ok(()) => {}
            // The delivery is where it belongs all the same, and the next pass files what lacks.
            Err(failure) => pass.fault(cx, &failure),
        }
        pass.became(entry, became);
        Ok(())
    }

    /// Lays receipts, or a record of refusal, into the outbox.
    fn file(
        &self,
        report: &DeliveryReport,
        failure: Option<&Failure>,
        fingerprint: &str,
        became: &mut Became,
    ) -> Result<(), Failure> {
        let Seen { cx, archive, terms, .. } = self.seen;
        let outbox = Outbox::new(self.outbox);
        let mut told = report.accession.is_some();
        for number in &became.accessions {
            became.receipts.extend(outbox.receipt(archive, number, self.filed)?);
            // A run that was killed after it closed the accession has told what it refused.
            told = told || (became.is_refused() && archive.receipt_tells(number, report, cx.watch())?);
        }
        if became.is_refused() && !told {
            let terms = terms.named(&report.profile);
            became.receipts.extend(outbox.refused(archive, terms, report, self.actor, failure, fingerprint)?);
        }
        Ok(())
    }

    /// Notes what became of the delivery, where the next pass need not try it again.
    fn remember(&self, entry: &Entry, fingerprint: &str, became: &Became) -> Result<(), Failure> {
        let Some(state) = became.state() else { return Ok(()) };
        let Seen { inbox, memory, terms, .. } = self.seen;
        let Some(accessions) = inbox.held(&became.accessions)? else { return Ok(()) };
        let note = memory.note(state, fingerprint, &inbox::digest(terms), Timestamp::now());
        memory.write(&entry.name, &Note { accessions, receipts: became.receipts.clone(), ..note })?;
        Ok(())
    }
}

/// Returns what is told of a delivery; nothing where it is not there any more. What is wrong with the delivery itself is its
/// own matter, all else ends the pass.
fn settled(
    result: Result<(), ArchiveError>,
    outcome: Option<Outcome>,
    entry: &Entry,
    pass: &mut Pass,
) -> Result<Option<Outcome>, ArchiveError> {
    match result {
        Ok(()) => Ok(outcome),
        Err(ArchiveError::Source(SourceError::NotFound { .. })) => {
            pass.waits(entry, Waiting::Gone);
            Ok(None)
        }
        Err(error @ ArchiveError::Source(SourceError::Read { .. })) => {
            Ok(Some(Err(Unopened { path: entry.path.clone(), error })))
        }
        Err(error) => Err(error),
    }
}

/// Reads the ending of a marker's name: one that begins with a sign, so that it is told from the name before it.
fn marker(text: &str) -> Result<OsString, String> {
    let begins = text.starts_with(['.', '-', '_', '+']) && text.len() > 1;
    if begins && !text.contains(['/', '\0']) && !is_partial(format!("x{text}").as_bytes()) {
        Ok(text.into())
    } else {
        Err("expected-marker".to_owned())
    }
}

/// Reads how long to wait: `90s`, `10min`, `2h`; `0s` for not at all.
fn quiet(text: &str) -> Result<Duration, QuantityFault> {
    match quantity::time(text) {
        Err(QuantityFault::Zero) => Ok(Duration::ZERO),
        read => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_may_wait_for_nothing() {
        for (text, seconds) in [("0s", 0), ("0.0h", 0), ("90s", 90), ("10min", 600), ("2h", 7200)] {
            assert_eq!(quiet(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "0", "90", "10m", "-1s"] {
            assert!(quiet(text).is_err(), "{text}");
        }
    }

    #[test]
    fn markers_are_endings_that_nothing_else_has() {
        for text in [".fertig", "_ok", ".ready.txt"] {
            assert_eq!(marker(text), Ok(text.into()));
        }
        for text in ["", ".", "fertig", "./a", ".part", ".tmp", ".x~"] {
            assert!(marker(text).is_err(), "{text}");
        }
    }
}
