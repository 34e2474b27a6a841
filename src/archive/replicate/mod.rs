//! Makes and keeps a second copy of an archive.
//!
//! The copy is an archive of the same identity whose journal is the first part of that of the original, byte for byte. Objects
//! come first, each staged in the copy, read back from its medium and compared with what the journal here recorded; then the
//! lines of the journal that tell of them; then what lies around. So the copy never claims to have what it has not, wherever a
//! run ends, and the next one goes on there. Nothing here is locked or changed.
//!
//! A copy is marked as one (`copy.toml`): nothing else writes to it, and so even an audit of it does not make its journal go
//! its own way. What is made of a copy is an archive again, to be written to: that is how one is restored.

mod around;
mod goal;
mod objects;
mod target;

use std::collections::BTreeSet;
use std::path::Path;

use super::repair::Target;
use super::{Archive, ArchiveError, damaged, marker};
use crate::io::durable;
use crate::journal::{self, Head};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::package::PackageId;
use crate::task::{Cancel, Event as Progress, Stage, Watch};

use goal::{Goal, Later};
use objects::{Doubtful, Look, Way};

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The package, or the accession's number.
    pub name: String,
    /// Its place, relative to the archive and to the copy.
    pub place: String,
    /// What happened.
    pub state: State,
    /// Bytes of its content.
    pub bytes: u64,
    /// What is wrong with the one here.
    pub findings: Vec<Finding>,
    /// Where the one that was damaged in the copy lies now, relative to the copy; empty where nothing was moved.
    pub damaged: String,
}

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The copy lacked it, and has it now.
    Copied,
    /// The copy had an earlier state of it: a former version, or the package that a tombstone stands for.
    Updated,
    /// The copy's was damaged, and is not any more.
    Restored,
    /// It would be copied.
    Planned,
    /// It is not here as it was stored; the copy has it as it was.
    DamagedHere,
    /// It is not here as it was stored, and the copy does not have it either.
    Damaged,
    /// Permission lacks to read it here.
    Unread,
    /// An interrupted run left it in the middle of a change; the next one that writes to the archive settles it.
    Open,
}

impl State {
    /// Returns the state in one stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Updated => "updated",
            Self::Restored => "restored",
            Self::Planned => "planned",
            Self::DamagedHere => "damaged-here",
            Self::Damaged => "damaged",
            Self::Unread => "unreadable",
            Self::Open => "open",
        }
    }
}

impl Arrived {
    fn new(archive: &Archive, target: &Target, state: State) -> Self {
        Self {
            name: target.name.clone(),
            place: format!("{}/{}", marker::STORE, archive.store.place(&target.object)),
            state,
            bytes: 0,
            findings: Vec::new(),
            damaged: String::new(),
        }
    }
}

/// What a run comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replicated {
    /// Objects that the copy should have: packages, tombstones, accessions.
    pub objects: u64,
    /// Those that were copied now, or would be.
    pub copied: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Those that are not here as they were stored.
    pub left: u64,
    /// The last entry of the copy's journal.
    pub head: Option<Head>,
    /// Files beside the objects that were left out.
    pub findings: Vec<Finding>,
}

/// How a copy is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Whether every byte that the copy has already is read and compared too.
    pub every_byte: bool,
    /// Whether what is made of a copy is a copy itself, and not an archive to be written to.
    pub as_copy: bool,
}

/// A copy that is open for writing; its lock is held until this is dropped.
#[derive(Debug)]
pub struct Replication<'a> {
    archive: &'a Archive,
    target: target::Target,
    every_byte: bool,
}

/// Says what [`Replication::run`] would copy, and changes nothing.
///
/// # Errors
/// As [`Replication::open`].
pub fn plan(
    archive: &Archive,
    to: &Path,
    manner: Manner,
    watch: Watch<'_>,
    mut each: impl FnMut(Arrived),
) -> Result<Replicated, ArchiveError> {
    target::apart(archive, to)?;
    goal::believed(archive)?;
    let copy = if target::is_vacant(to)? {
        None
    } else {
        drop(super::second::SecondCopy::open(archive, to)?);
        target::same_way(archive, to)?;
        Some(Archive::open(to)?)
    };
    let goal = Goal::read(archive)?;
    let targets = goal.known.targets(archive);
    let mut sums = Replicated { objects: targets.len() as u64, ..Replicated::default() };
    let mut doubtful = Vec::new();
    for target in &targets {
        match objects::look(archive, copy.as_ref(), manner.every_byte, target, watch)? {
            Look::Whole => {}
            Look::Coming(coming) => {
                sums.copied += 1;
                sums.bytes += coming.bytes;
                each(Arrived { bytes: coming.bytes, ..Arrived::new(archive, target, State::Planned) });
            }
            Look::Doubtful(one) => doubtful.push(one),
        }
    }
    let changing = match goal.later(archive, &objects_of(&doubtful), false, watch)? {
        Later::Nothing => BTreeSet::new(),
        Later::Goal(_) => objects_of(&doubtful),
        Later::Open(open) => open,
    };
    for one in doubtful {
        if let Some(arrived) = doubt(archive, &one, &changing, watch)? {
            sums.left += 1;
            each(arrived);
        }
    }
    Ok(sums)
}

fn objects_of(doubtful: &[Doubtful]) -> BTreeSet<String> {
    doubtful.iter().map(|one| one.target.object.clone()).collect()
}

/// Judges an object that is not here as it was stored; those in `changing` are not as the copy is to have them by now. Nothing
/// is to be said of one of these that the copy has.
fn doubt(
    archive: &Archive,
    one: &Doubtful,
    changing: &BTreeSet<String>,
    watch: Watch<'_>,
) -> Result<Option<Arrived>, ArchiveError> {
    if changing.contains(&one.target.object) {
        return Ok((!one.in_copy).then(|| Arrived::new(archive, &one.target, State::Open)));
    }
    let state = if one.in_copy { State::DamagedHere } else { State::Damaged };
    let mut arrived = Arrived::new(archive, &one.target, state);
    let judged = archive.judge_object(&one.target.object, &one.target.inventory, &arrived.place, watch)?;
    arrived.findings = judged.0.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    if judged.1 {
        arrived.state = State::Unread;
    }
    Ok(Some(arrived))
}

impl<'a> Replication<'a> {
    /// Opens the copy of `archive` at `to` for writing; makes it if nothing is there.
    ///
    /// # Errors
    /// Where it is refused, nothing was changed: [`ArchiveError::Overlap`] if it is the archive itself or lies in it;
    /// [`ArchiveError::NoCopy`], [`ArchiveError::OtherArchive`] if something else is there; [`ArchiveError::OtherWay`] if its
    /// journal is not the first part of that of the archive; [`ArchiveError::Journal`] if that one cannot be believed.
    pub fn open(
        archive: &'a Archive,
        to: &Path,
        manner: Manner,
        wait: bool,
        cancel: &Cancel,
    ) -> Result<Self, ArchiveError> {
        target::apart(archive, to)?;
        goal::believed(archive)?;
        let marked = manner.as_copy || !archive.is_copy();
        let target = target::Target::open(archive, to, marked, wait, cancel)?;
        Ok(Self { archive, target, every_byte: manner.every_byte })
    }

    /// Returns whether what is made is marked as a copy.
    #[must_use]
    pub fn makes_a_copy(&self) -> bool {
        self.target.copy.is_copy()
    }

    /// Brings the copy up to date; `each` is told of every object that was copied, or could not be.
    ///
    /// # Errors
    /// What concerns the copy's medium, and the journals. What is wrong with an object here is a [`State`].
    pub fn run(&self, watch: Watch<'_>, mut each: impl FnMut(Arrived)) -> Result<Replicated, ArchiveError> {
        let way = Way { archive: self.archive, copy: &self.target.copy, every_byte: self.every_byte };
        let mut sums = Replicated::default();
        let mut copied = BTreeSet::new();
        let mut goal = Goal::read(self.archive)?;
        loop {
            let targets = goal.known.targets(self.archive);
            sums.objects = targets.len() as u64;
            watch.progress.report(Progress::Started { stage: Stage::Replicating, files: sums.objects, bytes: 0 });
            let mut told = |arrived: Arrived| {
                if matches!(arrived.state, State::Copied | State::Updated | State::Restored) {
                    sums.copied += 1;
                    sums.bytes += arrived.bytes;
                    copied.insert(self.object(&arrived.name));
                } else {
                    sums.left += 1;
                }
                each(arrived);
            };
            let doubtful = way.bring(&targets, watch, &mut told)?;
            let wait = doubtful.iter().any(|one| !one.in_copy);
            let open = match goal.later(self.archive, &objects_of(&doubtful), wait, watch)? {
                Later::Goal(next) => {
                    goal = next;
                    continue;
                }
                Later::Open(open) => open,
                Later::Nothing => BTreeSet::new(),
            };
            for one in doubtful {
                let Some(mut arrived) = doubt(self.archive, &one, &open, watch)? else { continue };
                if arrived.findings.is_empty() && arrived.state != State::Open {
                    // A reading that failed once is no damage yet.
                    let again = std::slice::from_ref(&one.target);
                    if way.bring(again, watch, &mut told)?.is_empty() {
                        continue;
                    }
                    let finding = Finding::new(Code::PackageChanged).file(arrived.place.clone());
                    arrived.findings.push(finding.expected(one.target.inventory.clone()));
                }
                told(arrived);
            }
            break;
        }
        watch.progress.report(Progress::Finished);
        self.finish(&goal, &copied, &mut sums, watch)?;
        Ok(sums)
    }

    /// Returns the object that a result is about.
    fn object(&self, name: &str) -> String {
        PackageId::parse(name).map_or_else(|| self.archive.accession_object(name), Archive::object_id)
    }

    /// Writes what tells of the objects, after they are durable in their places.
    fn finish(
        &self,
        goal: &Goal,
        copied: &BTreeSet<String>,
        sums: &mut Replicated,
        watch: Watch<'_>,
    ) -> Result<(), ArchiveError> {
        let copy = &self.target.copy;
        let sync = || durable::sync_file_system(&copy.root).map_err(ArchiveError::io(&copy.root));
        sync()?;
        if copy.root.join(marker::DAMAGED).symlink_metadata().is_ok() {
            for id in goal.known.disposed.keys() {
                damaged::remove_of_package(copy, *id)?;
            }
        }
        let (from, folder) = (self.target.head, copy.journal());
        journal::extend(&self.archive.journal(), &folder, from, goal.head)?;
        let heads = [from, goal.head];
        let verified = journal::verify(&folder, &heads)?;
        if verified.findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(ArchiveError::NotAsWritten { path: folder.join(journal::FILE) });
        }
        sums.head = Some(verified.head);
        around::catalogue(copy, copied, self.every_byte, watch)?;
        sums.findings = around::files(&self.archive.root, &copy.root, self.every_byte, watch)?;
        copy.store.tidy(&copy.staging())?;
        sync()
    }
}
