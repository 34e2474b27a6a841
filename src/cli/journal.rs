//! `earchiv journal`: the chained log of everything that was done.

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use clap::Subcommand;
use earchiv::archive::show::package_of;
use earchiv::archive::{Archive, ArchiveError};
use earchiv::journal::{self, Change, Entry, Event, Head};
use earchiv::model::package::PackageId;
use serde_json::{Value, json};

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::findings;
use super::options::{Context, Reading, package_id};
use super::reach::Reach;
use super::text::{Text, escape};

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
    /// Returns where the command writes: nowhere.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let (Self::Verify { archive, .. } | Self::Show { archive, .. } | Self::Head { archive }) = self;
        Reach::reading(archive.named(cx))
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        match self {
            Self::Verify { archive, head } => verify(cx, &archive.open(cx)?, head.as_deref()),
            Self::Show { archive, limit, package } => {
                let archive = archive.open(cx)?;
                let mut last = VecDeque::new();
                for entry in journal::entries(&archive.journal())? {
                    let entry = entry?;
                    if package.is_some() && package_of(&entry.event) != *package {
                        continue;
                    }
                    match limit {
                        None => show(cx, &entry),
                        Some(limit) => {
                            if last.len() == limit.get() {
                                last.pop_front();
                            }
                            last.push_back(entry);
                        }
                    }
                    if cx.out.is_closed() {
                        break;
                    }
                }
                for entry in &last {
                    show(cx, entry);
                }
                Ok(Exit::Done)
            }
            Self::Head { archive } => {
                let head = journal::head(&archive.open(cx)?.journal())?.to_string();
                cx.out.result(&json!({ "head": head }), |_| head.clone());
                Ok(Exit::Done)
            }
        }
    }
}

fn verify(cx: &Context<'_>, archive: &Archive, head: Option<&str>) -> Result<Exit, Failure> {
    let mut heads = Vec::new();
    if let Some(head) = head {
        let parsed: Head =
            head.parse().map_err(|_| Failure::new(Kind::Usage, "no-head").with("value", head.to_owned()))?;
        heads.push(parsed);
    }
    match archive.known_head() {
        Ok(known) => heads.push(known),
        // Without a catalogue the chain alone is checked; the audit names the catalogue's fault.
        Err(ArchiveError::Catalogue(_)) => cx.out.note(&cx.text().say("journal-no-catalogue", &[])),
        Err(error) => return Err(error.into()),
    }
    let verified = journal::verify(&archive.journal(), &heads)?;
    let exit = verified.findings.iter().fold(Exit::Done, |exit, finding| exit.and(findings::show(finding, cx.out)));
    let counts = [("entries", verified.entries.into()), ("head", verified.head.to_string().into())];
    let whole = exit == Exit::Done;
    let text = cx.text();
    cx.out.lines(&if whole { text.say("journal-good", &counts) } else { text.say("journal-bad", &counts) });
    Ok(exit)
}

fn show(cx: &Context<'_>, entry: &Entry) {
    cx.out.result(&entry_json(entry), |text| entry_line(entry, text));
}

/// Returns an entry as JSON, without its hashes: those are checked, not read.
pub fn entry_json(entry: &Entry) -> Value {
    let mut value = serde_json::to_value(&entry.event).unwrap_or_else(|_| json!({ "event": "other" }));
    value["seq"] = entry.seq.into();
    value["time"] = entry.time.to_string().into();
    value["user"] = entry.actor.user.clone().into();
    if let Some(name) = &entry.actor.on_behalf_of {
        value["on_behalf_of"] = name.clone().into();
    }
    value["outcome"] = serde_json::to_value(entry.outcome).unwrap_or_default();
    value
}

/// Returns an entry as people read it.
pub fn entry_line(entry: &Entry, text: &Text) -> String {
    let value = entry_json(entry);
    let named = event(&entry.event, text);
    let word = |key: &str| value[key].as_str().map(|word| format!("  {}", escape(word))).unwrap_or_default();
    let user = match &entry.actor.on_behalf_of {
        Some(name) => format!("{} ({})", escape(&entry.actor.user), escape(name)),
        None => escape(&entry.actor.user).into_owned(),
    };
    let ids = [word("accession"), word("package"), word("permit"), word("order"), word("object")].concat();
    format!("{}  {}  {user}  {named}{ids}", entry.seq, entry.time)
}

fn event(event: &Event, text: &Text) -> String {
    match event {
        Event::Created { .. } => text.say("event-created", &[]),
        Event::AccessionStarted { .. } => text.say("event-accession-started", &[]),
        Event::Appraised { .. } => text.say("event-appraised", &[]),
        Event::Answered { .. } => text.say("event-answered", &[]),
        Event::Amending { what: Change::Amendment, .. } => text.say("event-amending", &[]),
        Event::Amending { what: Change::Supplement, .. } => text.say("event-supplementing", &[]),
        Event::Staged { .. } => text.say("event-staged", &[]),
        Event::ReadBack { .. } => text.say("event-read-back", &[]),
        Event::Committing(_) => text.say("event-committing", &[]),
        Event::Published { .. } => text.say("event-published", &[]),
        Event::Completed(_) => text.say("event-completed", &[]),
        Event::Abandoned { .. } => text.say("event-abandoned", &[]),
        Event::Refused { .. } => text.say("event-refused", &[]),
        Event::AccessionClosing { .. } => text.say("event-accession-closing", &[]),
        Event::AccessionClosed { .. } => text.say("event-accession-closed", &[]),
        Event::CatalogueRebuilt { .. } => text.say("event-catalogue-rebuilt", &[]),
        Event::Exported { .. } => text.say("event-exported", &[]),
        Event::AccessGranted { .. } => text.say("event-access-granted", &[]),
        Event::AccessUsed { .. } => text.say("event-access-used", &[]),
        Event::AccessRefused { .. } => text.say("event-access-refused", &[]),
        Event::Verified { .. } => text.say("event-verified", &[]),
        Event::Audited { .. } => text.say("event-audited", &[]),
        Event::TornLineRemoved { .. } => text.say("event-torn-line-removed", &[]),
        Event::Disposing { .. } => text.say("event-disposing", &[]),
        Event::Disposed { .. } => text.say("event-disposed", &[]),
        Event::DisposalAbandoned { .. } => text.say("event-disposal-abandoned", &[]),
        Event::Repairing { .. } => text.say("event-repairing", &[]),
        Event::Repaired { .. } => text.say("event-repaired", &[]),
        Event::RepairAbandoned { .. } => text.say("event-repair-abandoned", &[]),
        Event::Replicated { .. } => text.say("event-replicated", &[]),
        Event::Migrating { .. } => text.say("event-migrating", &[]),
        Event::Migrated { .. } => text.say("event-migrated", &[]),
        Event::Other => text.say("event-other", &[]),
    }
}
