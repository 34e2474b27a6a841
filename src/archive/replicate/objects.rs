//! Copies objects: looked at here and there, staged in the copy, read back from its medium, and given their place.

use std::path::PathBuf;

use rayon::prelude::*;

use super::super::against::{first_flaw, odd_size};
use super::super::repair::Target;
use super::super::{Archive, ArchiveError, damaged, marker};
use super::{Arrived, State};
use crate::io::durable;
use crate::model::package::PackageId;
use crate::store::{CopyError, Former, Inventory, Object, Staged, StoreError};
use crate::task::{Cancelled, Event, Watch};

/// How many objects are looked at side by side, and staged together at most.
const AT_ONCE: usize = 64;
/// How many bytes are staged together; one object may have more.
const GROUP: u64 = 256 << 20;

/// What is copied from where to where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) archive: &'a Archive,
    pub(super) copy: &'a Archive,
    /// Whether every byte of the copy is read, not only what is new.
    pub(super) every_byte: bool,
}

/// An object that is not here as it was stored.
#[derive(Debug)]
pub(super) struct Doubtful {
    pub(super) target: Target,
    /// Whether the copy has it.
    pub(super) in_copy: bool,
}

/// What a look at an object here and there comes to.
pub(super) enum Look {
    /// The copy has it.
    Whole,
    /// It is to be copied.
    Coming(Box<Coming>),
    /// The one here is not as it was stored.
    Doubtful(Doubtful),
}

/// An object that is to be copied.
pub(super) struct Coming {
    pub(super) target: Target,
    ours: Object,
    theirs: Option<Object>,
    pub(super) place: Place,
    pub(super) bytes: u64,
}

/// How it gets its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing is there.
    Free,
    /// What is there is an earlier state, which goes.
    Next,
    /// What is there is damaged, or unknown; it is kept aside.
    Aside,
}

/// Looks at `target` in the archive and in the store of its copy, if there is one.
pub(super) fn look(
    archive: &Archive,
    copy: Option<&Archive>,
    every_byte: bool,
    target: &Target,
    watch: Watch<'_>,
) -> Result<Look, ArchiveError> {
    watch.cancel.check()?;
    // What cannot be read here is told by the closer look at all that is in doubt.
    let ours = archive.store.object(&target.object).ok().flatten().filter(|ours| ours.is(&target.inventory));
    let theirs = copy.map(|copy| copy.store.object(&target.object)).transpose()?.flatten();
    let good = theirs.as_ref().filter(|theirs| theirs.is(&target.inventory));
    let odd = ours.as_ref().zip(good).is_some_and(|(ours, theirs)| odd_size(ours, theirs).is_some());
    let in_copy = match good {
        Some(theirs) if every_byte || odd => first_flaw(theirs, watch)?.is_none(),
        good => good.is_some(),
    };
    Ok(match ours {
        Some(_) if in_copy && !odd => Look::Whole,
        Some(ours) if !in_copy => {
            let bytes = size(&ours);
            let place = copy.map_or(Place::Free, |copy| place(copy, target, &ours, theirs.as_ref()));
            Look::Coming(Box::new(Coming { target: target.clone(), ours, theirs, place, bytes }))
        }
        _ => Look::Doubtful(Doubtful { target: target.clone(), in_copy }),
    })
}

fn place(copy: &Archive, target: &Target, ours: &Object, theirs: Option<&Object>) -> Place {
    match theirs {
        // Whatever it is: it was disposed of.
        Some(_) if target.tombstone => Place::Next,
        Some(theirs) if is_earlier(ours, theirs) => Place::Next,
        None if damaged::in_the_way(copy, &target.object).is_none() => Place::Free,
        _ => Place::Aside,
    }
}

/// Whether `theirs` is whole, and a version of `ours`.
fn is_earlier(ours: &Object, theirs: &Object) -> bool {
    let (Some(inventory), Some(found)) = (&ours.inventory, &theirs.inventory_sha512) else { return false };
    let is = |number: usize| {
        let sidecar = std::fs::read_to_string(ours.path(&format!("v{number}/inventory.json.sha512")));
        sidecar.is_ok_and(|text| text.split_whitespace().next() == Some(found))
    };
    theirs.findings.is_empty() && (1..inventory.head()).any(is)
}

/// Returns the bytes of the object's content files.
fn size(object: &Object) -> u64 {
    let paths = object.inventory.iter().flat_map(Inventory::content).map(|(path, _)| path);
    paths.map(|path| object.path(path).symlink_metadata().map_or(0, |found| found.len())).sum()
}

impl Way<'_> {
    /// Copies those of `targets` that the copy lacks, or does not have as they were stored; `each` is told what became of them.
    /// Returns those that are not here as they were stored.
    pub(super) fn bring(
        self,
        targets: &[Target],
        watch: Watch<'_>,
        each: &mut impl FnMut(Arrived),
    ) -> Result<Vec<Doubtful>, ArchiveError> {
        let (mut doubtful, mut group, mut bytes) = (Vec::new(), Vec::new(), 0);
        for some in targets.chunks(AT_ONCE) {
            let look = |target| look(self.archive, Some(self.copy), self.every_byte, target, watch);
            let looks: Vec<Result<Look, ArchiveError>> = some.par_iter().map(look).collect();
            for look in looks {
                match look? {
                    Look::Whole => watch.progress.report(Event::Advanced { files: 1, bytes: 0 }),
                    Look::Doubtful(one) => doubtful.push(one),
                    Look::Coming(coming) => {
                        // Each is written and read back.
                        watch.progress.report(Event::Extended { files: 0, bytes: 2 * coming.bytes });
                        bytes += coming.bytes;
                        group.push(*coming);
                        if group.len() == AT_ONCE || bytes >= GROUP {
                            self.carry(std::mem::take(&mut group), &mut doubtful, watch, each)?;
                            bytes = 0;
                        }
                    }
                }
            }
        }
        self.carry(group, &mut doubtful, watch, each)?;
        Ok(doubtful)
    }

    /// Copies a group of objects: staged, durable, read back, given their places.
    fn carry(
        self,
        group: Vec<Coming>,
        doubtful: &mut Vec<Doubtful>,
        watch: Watch<'_>,
        each: &mut impl FnMut(Arrived),
    ) -> Result<(), ArchiveError> {
        if group.is_empty() {
            return Ok(());
        }
        let staging = self.copy.staging();
        let stage = |coming: Coming| {
            let former = coming.theirs.as_ref().filter(|_| coming.place == Place::Next);
            let former = former.map(|former| Former { object: former, every_byte: self.every_byte });
            let store = &self.copy.store;
            let staged = store.resume(&coming.ours, &coming.target.object, &staging, former, watch);
            (coming, staged)
        };
        let staged: Vec<_> = group.into_par_iter().map(stage).collect();
        durable::sync_file_system(&staging).map_err(ArchiveError::io(&staging))?;
        let read_back = |(coming, staged): (Coming, Result<_, CopyError>)| {
            let back = staged.and_then(|staged: crate::store::Arriving| {
                staged.read_back(&coming.ours, &coming.target.inventory, watch)
            });
            (coming, back)
        };
        let back: Vec<_> = staged.into_par_iter().map(read_back).collect();
        let mut former = Vec::new();
        let mut done = Vec::new();
        for (coming, staged) in back {
            match staged {
                Ok(Some(staged)) => done.push(self.place(coming, staged, &mut former)?),
                Ok(None) if self.still_here(&coming)? => {
                    return Err(ArchiveError::NotAsWritten { path: self.copy.root.join(marker::STAGING) });
                }
                // It is being changed, or its file is not what its inventory says.
                Ok(None) | Err(CopyError::Source { .. }) => {
                    doubtful.push(Doubtful { target: coming.target, in_copy: false });
                }
                Err(CopyError::Store(error)) => return Err(error.into()),
                Err(CopyError::Stopped) => return Err(Cancelled.into()),
            }
        }
        if !former.is_empty() {
            durable::sync_file_system(&self.copy.root).map_err(ArchiveError::io(&self.copy.root))?;
            for path in former {
                durable::remove_tree(&path).map_err(ArchiveError::io(&path))?;
            }
        }
        for arrived in done {
            watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
            each(arrived);
        }
        Ok(())
    }

    fn still_here(self, coming: &Coming) -> Result<bool, StoreError> {
        let ours = self.archive.store.object(&coming.target.object)?;
        Ok(ours.is_some_and(|ours| ours.is(&coming.target.inventory)))
    }

    /// Gives a staged object its place; what gave way to it and is to go is added to `former`.
    fn place(self, coming: Coming, staged: Staged, former: &mut Vec<PathBuf>) -> Result<Arrived, ArchiveError> {
        let Coming { target, place, bytes, .. } = coming;
        let store = &self.copy.store;
        let mut arrived = Arrived { bytes, ..Arrived::new(self.archive, &target, State::Copied) };
        match place {
            Place::Free => drop(store.publish(staged)?),
            Place::Next => {
                arrived.state = State::Updated;
                let gone = store.supersede(staged)?;
                former.push(gone.parent().unwrap_or(&gone).to_owned());
            }
            Place::Aside => {
                arrived.state = State::Restored;
                let name = target.object.strip_prefix("urn:uuid:").unwrap_or(&target.object);
                if let Some(from) = damaged::in_the_way(self.copy, &target.object) {
                    arrived.damaged = damaged::place(self.copy, name)?;
                    damaged::keep(self.copy, &from, &arrived.damaged)?;
                }
                drop(store.publish(staged)?);
            }
        }
        // What was damaged once and is kept holds what was disposed of.
        if let Some(id) = PackageId::parse(&target.object).filter(|_| target.tombstone) {
            damaged::remove_of_package(self.copy, id)?;
        }
        tracing::info!(object = target.object, "object is copied");
        Ok(arrived)
    }
}
