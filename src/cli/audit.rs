//! `earchiv audit`: compares store, catalogue and journal, and verifies every package.

use clap::Args;
use earchiv::archive::audit::{Audited, audit};
use earchiv::journal::Actor;

use super::error::Failure;
use super::exit::Exit;
use super::options::{Context, Reading};
use super::reach::Reach;
use super::scribe::Scribe;
use super::text::Text;
use super::{findings, verify};

/// Compares store, catalogue and journal, and verifies every package.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    archive: Reading,
}

impl Audit {
    /// Returns where the command writes: the journal says that it was done.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        Reach::archive(self.archive.named(cx)).and_work()
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        let actor = Actor::current(cx.settings.on_behalf_of.clone());
        // The index of the search is checked in a copy of the catalogue.
        let scribe = Scribe::start(&archive, actor, &Reach::reading(Some(archive.root())).and_work())?;
        cx.start_workers()?;
        let mut exit = Exit::Done;
        let audited = audit(&archive, cx.watch(), |judged| exit = exit.and(verify::show(&judged, cx)))?;
        let mut whole = true;
        for finding in &audited.findings {
            let one = findings::show(finding, cx.out);
            whole &= one != Exit::Record;
            exit = exit.and(one);
        }
        if audited.permission {
            exit = exit.and(Exit::Denied);
        }
        if audited.index_unchecked {
            cx.out.note(&cx.text().say("audit-index-unchecked", &[]));
        }
        cx.out.lines(&summary(&audited, cx.text()));
        // A journal or a catalogue that is in doubt is left as it is.
        if whole {
            verify::witnessed(cx, scribe.testify(audited.event()));
        }
        Ok(exit)
    }
}

fn summary(audited: &Audited, text: &Text) -> String {
    let counts = [
        ("packages", audited.packages.into()),
        ("bytes", text.bytes(audited.bytes).into()),
        ("damaged", audited.damaged.into()),
        ("missing", audited.missing.into()),
        ("unknown", audited.unknown.into()),
        ("errors", audited.errors.into()),
    ];
    let mut lines = if audited.errors == 0 { text.say("audit-good", &counts) } else { text.say("audit-bad", &counts) };
    if let Some(head) = &audited.head {
        lines.push('\n');
        lines.push_str(&text.say("journal-head", &[("head", head.to_string().into())]));
    }
    lines
}
