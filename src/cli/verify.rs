//! `earchiv verify`: reads stored packages and compares every byte with what was recorded.

use std::ffi::OsString;

use clap::Args;
use earchiv::archive::verify::{self, verify};
use earchiv::archive::{Archive, ArchiveError};
use earchiv::journal::{Actor, Event};
use earchiv::model::finding::Verdict;
use earchiv::model::package::PackageId;

use super::courtesy::Courtesy;
use super::error::Failure;
use super::exit::Exit;
use super::faults;
use super::findings::Judged;
use super::items::ListFile;
use super::options::{Context, Reading};
use super::reach::Reach;
use super::scribe::Scribe;

/// Reads stored packages and compares every byte with what was recorded.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    courtesy: Courtesy,
    #[command(flatten)]
    list: ListFile,
    /// The packages; without any, all.
    #[arg(value_name = "ID")]
    ids: Vec<OsString>,
}

impl Verify {
    /// Lowers the priority, where that was asked for.
    pub fn prepare(&self, cx: &Context<'_>) {
        self.courtesy.lower(cx);
    }

    /// Returns where the command writes: the journal says that it was done.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        Reach::archive(self.archive.named(cx))
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        let ids = self.ids()?;
        let actor = Actor::current(cx.settings.on_behalf_of.clone());
        let scribe = Scribe::start(&archive, actor, &Reach::reading(Some(archive.root())))?;
        cx.start_workers()?;
        let (mut exit, mut packages, mut damaged) = (Exit::Done, 0_u64, 0_u64);
        let pace = self.courtesy.pace(&archive, cx);
        verify(&archive, &ids, cx.watch().paced(&pace), |judged| {
            packages += 1;
            damaged += u64::from(judged.verdict != Verdict::Conforms);
            exit = exit.and(show(&judged, cx));
        })?;
        let counts = [("packages", packages.into()), ("damaged", damaged.into())];
        let text = cx.text();
        cx.out.lines(&if damaged == 0 { text.say("verify-good", &counts) } else { text.say("verify-bad", &counts) });
        witnessed(cx, scribe.testify(Event::Verified { packages, damaged }));
        Ok(exit)
    }

    fn ids(&self) -> Result<Vec<PackageId>, Failure> {
        let words = self.list.with(&self.ids)?;
        let id = |word: &OsString| {
            let word = word.to_string_lossy();
            PackageId::parse(&word).ok_or_else(|| faults::no_id(&word))
        };
        words.iter().map(id).collect()
    }
}

/// Shows what was established about a package; good ones are listed for programs, and with `--verbose`.
pub fn show(judged: &verify::Judged, cx: &Context<'_>) -> Exit {
    let unreadable = if judged.permission { Exit::Denied } else { Exit::Integrity };
    let result = Judged {
        path: &judged.path,
        package: Some(judged.package),
        verdict: judged.verdict,
        findings: &judged.findings,
    };
    result.show(cx.out, unreadable)
}

/// Has the journal say that something was checked; where it cannot, the user is told.
pub fn testify(cx: &Context<'_>, archive: &Archive, actor: Actor, event: Event) {
    witnessed(cx, archive.testify(event, actor));
}

/// Tells the user where the journal does not say that something was done.
pub fn witnessed(cx: &Context<'_>, testified: Result<bool, ArchiveError>) {
    match testified {
        Ok(true) => {}
        Ok(false) => cx.out.note(&cx.text().say("not-in-journal", &[])),
        Err(error) => {
            let cause = Failure::from(error).told(cx.text()).message;
            cx.out.note(&cx.text().say("not-in-journal-because", &[("cause", cause.into())]));
        }
    }
}
