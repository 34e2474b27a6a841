//! `earchiv replicate`: makes and keeps a second copy of an archive.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use earchiv::archive::replicate::{Arrived, Manner, Replicated, Replication, State, plan};
use earchiv::archive::{Archive, ArchiveError};
use earchiv::journal::Event;
use serde_json::json;

use super::courtesy::Courtesy;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::findings::{self, finding_lines};
use super::options::{Context, Reading, Writing};
use super::reach::Reach;
use super::scribe::Scribe;
use super::text::{self, Text, escape};
use super::verify::witnessed;

/// Makes and keeps a second copy of an archive.
#[derive(Debug, Args)]
pub struct Replicate {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    courtesy: Courtesy,
    /// The folder of the copy.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Also reads every byte that the copy has already.
    #[arg(long)]
    full: bool,
    /// What is made of a copy stays a copy.
    #[arg(long)]
    as_copy: bool,
    /// Says only what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl Replicate {
    /// Lowers the priority, where that was asked for.
    pub fn prepare(&self, cx: &Context<'_>) {
        self.courtesy.lower(cx);
    }

    /// Returns where the command writes: the copy, and one line in the journal of the archive.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let root = self.archive.named(cx);
        if self.dry_run {
            return Reach::reading(root);
        }
        // A copy that is not there yet appears when its first part is complete.
        let is_new = std::fs::read_dir(&self.to).map_or(true, |mut entries| entries.next().is_none());
        let reach = Reach::archive(root).and_archive(&self.to);
        if is_new { reach.and_new_archive(&self.to) } else { reach.and_specials() }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        let manner = Manner { every_byte: self.full, as_copy: self.as_copy };
        let mut exit = Exit::Done;
        if self.dry_run {
            cx.start_workers()?;
            cx.out.note(&cx.text().say("dry-run", &[]));
            let done = plan(&archive, &self.to, manner, cx.watch(), |arrived| exit = exit.and(show(cx, &arrived)));
            self.sum(cx, &done.map_err(failure)?, true);
            return Ok(exit);
        }
        let replication = Replication::open(&archive, &self.to, manner, self.writing.wait, cx.cancel);
        let replication = replication.map_err(failure)?;
        // From here on nothing of the archive can be changed but by the line in its journal.
        let reach = Reach::reading(Some(archive.root())).and_archive(&self.to).and_specials();
        let scribe = Scribe::start(&archive, self.writing.actor(cx), &reach)?;
        cx.start_workers()?;
        let pace = self.courtesy.pace(&archive, cx);
        let done = replication.run(cx.watch().paced(&pace), |arrived| exit = exit.and(show(cx, &arrived)))?;
        for finding in &done.findings {
            exit = exit.and(findings::show(finding, cx.out));
        }
        self.sum(cx, &done, false);
        self.end(cx, &archive, &replication);
        let Replicated { objects, copied, left, .. } = done;
        let copy = done.head.map(|head| head.to_string()).unwrap_or_default();
        if !archive.is_copy() {
            witnessed(cx, scribe.testify(Event::Replicated { copy, objects, copied, left }));
        }
        Ok(exit)
    }

    fn sum(&self, cx: &Context<'_>, done: &Replicated, planned: bool) {
        let text = cx.text();
        let counts = [
            ("objects", done.objects.into()),
            ("copied", done.copied.into()),
            ("bytes", text.bytes(done.bytes).into()),
            ("left", done.left.into()),
        ];
        let mut lines = if planned { text.say("replicate-plan", &counts) } else { text.say("replicate-sum", &counts) };
        if let Some(head) = &done.head {
            let _ = write!(lines, "\n{}", text.say("replicate-head", &[("head", head.to_string().into())]));
        }
        cx.out.lines(&lines);
        let head = done.head.map(|head| head.to_string());
        let value = json!({
            "copy": text::shown(&self.to),
            "objects": done.objects,
            "copied": done.copied,
            "bytes": done.bytes,
            "left": done.left,
            "journal": head,
        });
        cx.out.also("summary", value);
    }

    /// Says that what was made of a copy is no copy.
    fn end(&self, cx: &Context<'_>, archive: &Archive, replication: &Replication<'_>) {
        if archive.is_copy() && !replication.makes_a_copy() {
            cx.out.note(&cx.text().say("replicate-archive", &[("file", text::path(&self.to))]));
        }
    }
}

fn failure(error: ArchiveError) -> Failure {
    match error {
        ArchiveError::Overlap { path } => Failure::new(Kind::Usage, "copy-overlaps").at(&path),
        other => other.into(),
    }
}

fn show(cx: &Context<'_>, arrived: &Arrived) -> Exit {
    let mut value = json!({
        "name": arrived.name,
        "place": arrived.place,
        "state": arrived.state.name(),
        "bytes": arrived.bytes,
        "findings": arrived.findings,
    });
    if !arrived.damaged.is_empty() {
        value["damaged"] = arrived.damaged.clone().into();
    }
    // Of thousands that are copied for the first time nobody wants to read.
    let told = cx.out.is_verbose() || !matches!(arrived.state, State::Copied | State::Updated | State::Planned);
    cx.out.result(&value, |text| if told { lines(arrived, text) } else { String::new() });
    match arrived.state {
        State::Copied | State::Updated | State::Restored | State::Planned => Exit::Done,
        State::DamagedHere | State::Damaged => Exit::Integrity,
        State::Unread => Exit::Denied,
        State::Open => Exit::Io,
    }
}

fn lines(arrived: &Arrived, text: &Text) -> String {
    let name = [("name", escape(&arrived.name).into_owned().into())];
    let mut lines = match arrived.state {
        State::Copied => text.say("replicate-copied", &name),
        State::Updated => text.say("replicate-updated", &name),
        State::Restored => text.say("replicate-restored", &name),
        State::Planned => text.say("replicate-planned", &name),
        State::DamagedHere => text.say("replicate-damaged-here", &name),
        State::Damaged => text.say("replicate-damaged", &name),
        State::Unread => text.say("replicate-unread", &name),
        State::Open => text.say("replicate-open", &name),
    };
    lines.push('\n');
    if !arrived.damaged.is_empty() {
        let kept = [("file", arrived.damaged.as_str().into())];
        let _ = writeln!(lines, "  {}", text.say("replicate-kept", &kept));
    }
    lines.extend(arrived.findings.iter().map(|finding| finding_lines(finding, text)));
    lines
}
