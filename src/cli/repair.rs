//! `earchiv repair`: restores damaged objects from a second copy of the archive.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use earchiv::archive::repair::{Repair as Restoring, Repaired, State, Target};
use earchiv::archive::second::SecondCopy;
use earchiv::archive::writer::Writer;
use earchiv::archive::{Archive, ArchiveError};
use serde_json::json;

use super::error::Failure;
use super::exit::Exit;
use super::findings::finding_lines;
use super::items::ListFile;
use super::options::{Context, Reading, Writing};
use super::reach::Reach;
use super::text::{Text, escape};

/// Restores damaged objects from a second copy of the archive.
#[derive(Debug, Args)]
pub struct Repair {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    writing: Writing,
    /// The folder of the copy.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Says only what would be done.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    list: ListFile,
    /// Packages and accessions; without any, all that is damaged.
    #[arg(value_name = "ID")]
    ids: Vec<OsString>,
}

/// What a run comes to.
#[derive(Default)]
struct Sums {
    whole: u64,
    repaired: u64,
    left: u64,
}

impl Repair {
    /// Returns where the command writes.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let root = self.archive.named(cx);
        if self.dry_run { Reach::reading(root) } else { Reach::archive(root).and_specials() }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        let copy = SecondCopy::open(&archive, &self.from)?;
        let names = self.list.with(&self.ids)?;
        cx.start_workers()?;
        if self.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
            return self.all(cx, &archive, &copy, &names, None);
        }
        // A journal in doubt is told before anything is written: opening for writing could cut off a line.
        drop(Restoring::read(&archive, &copy)?);
        let mut writer = archive.writer(self.writing.actor(cx), self.writing.wait, cx.cancel)?;
        self.all(cx, &archive, &copy, &names, Some(&mut writer))
    }

    fn all(
        &self,
        cx: &Context<'_>,
        archive: &Archive,
        copy: &SecondCopy,
        names: &[OsString],
        mut writer: Option<&mut Writer<'_>>,
    ) -> Result<Exit, Failure> {
        let restoring = Restoring::read(archive, copy)?;
        let mut exit = Exit::Done;
        let targets = if names.is_empty() { restoring.all() } else { named(cx, &restoring, names, &mut exit)? };
        let mut sums = Sums::default();
        for target in &targets {
            cx.cancel.check()?;
            let done = restoring.repair(target, writer.as_deref_mut(), cx.watch())?;
            exit = exit.and(sums.add(&done.state));
            if done.state != State::Whole || !names.is_empty() {
                show(cx, &done);
            }
        }
        let counts = [("repaired", sums.repaired.into()), ("whole", sums.whole.into()), ("left", sums.left.into())];
        let text = cx.text();
        cx.out.lines(&if self.dry_run { text.say("repair-plan", &counts) } else { text.say("repair-sum", &counts) });
        Ok(exit)
    }
}

impl Sums {
    fn add(&mut self, state: &State) -> Exit {
        match state {
            State::Whole => self.whole += 1,
            State::Repaired | State::Planned => self.repaired += 1,
            _ => self.left += 1,
        }
        match state {
            State::Whole | State::Repaired | State::Planned => Exit::Done,
            State::Unread => Exit::Denied,
            State::CopyLacks | State::CopyDamaged(_) | State::CopyOlder | State::DisposedOf => Exit::Integrity,
        }
    }
}

/// Returns the objects that the call names, each once; one that is not known does not keep the others from being restored.
fn named(
    cx: &Context<'_>,
    restoring: &Restoring<'_>,
    names: &[OsString],
    exit: &mut Exit,
) -> Result<Vec<Target>, Failure> {
    let mut targets: Vec<Target> = Vec::new();
    for name in names {
        match restoring.named(&name.to_string_lossy()) {
            Ok(target) if targets.iter().any(|known| known.object == target.object) => {}
            Ok(target) => targets.push(target),
            Err(error @ (ArchiveError::NoPackage { .. } | ArchiveError::NoAccession { .. })) => {
                let failure = Failure::from(error);
                cx.out.fault(&failure);
                *exit = exit.and(failure.exit());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(targets)
}

fn show(cx: &Context<'_>, done: &Repaired) {
    let mut value = json!({
        "name": done.name,
        "place": done.place,
        "state": done.state.name(),
        "findings": done.findings,
    });
    if let State::CopyDamaged(why) = &done.state {
        value["cause"] = why.clone().into();
    }
    if !done.damaged.is_empty() {
        value["damaged"] = done.damaged.clone().into();
    }
    if let Some(head) = &done.head {
        value["journal"] = head.to_string().into();
    }
    cx.out.result(&value, |text| {
        let mut lines = sentence(done, text);
        lines.push('\n');
        if !done.damaged.is_empty() {
            let kept = [("file", done.damaged.as_str().into())];
            let _ = writeln!(lines, "  {}", text.say("repair-kept", &kept));
        }
        // What was disposed of is not to be restored, as the findings would say.
        if !matches!(done.state, State::Repaired | State::Whole | State::DisposedOf) {
            lines.extend(done.findings.iter().map(|finding| finding_lines(finding, text)));
        }
        lines
    });
}

fn sentence(done: &Repaired, text: &Text) -> String {
    let name = [("name", escape(&done.name).into_owned().into())];
    match &done.state {
        State::Whole => text.say("repair-whole", &name),
        State::Repaired => text.say("repair-done", &name),
        State::Planned => text.say("repair-planned", &name),
        State::CopyLacks => text.say("repair-copy-lacks", &name),
        State::CopyDamaged(cause) => {
            let [name] = name;
            text.say("repair-copy-damaged", &[name, ("cause", cause.as_str().into())])
        }
        State::CopyOlder => text.say("repair-copy-older", &name),
        State::Unread => text.say("repair-unread", &name),
        State::DisposedOf => text.say("repair-disposed", &name),
    }
}
