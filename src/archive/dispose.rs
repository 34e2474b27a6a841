//! Disposes of packages: the only way on which anything that was stored goes.
//!
//! The tombstone is made and read back first, then announced in the journal, then it and the package change places in one
//! step. Only when that is durable and the journal says so are the bytes of the package removed.

use std::path::PathBuf;

use super::damaged;
use super::known::Known;
use super::tombstone::{Prepared, Tombstone};
use super::writer::Writer;
use super::{Archive, ArchiveError, holding, marker};
use crate::access::statement::standing;
use crate::catalogue::Catalogue;
use crate::io::durable;
use crate::journal::{Event, Head};
use crate::model::accession::Purpose;
use crate::model::disposal::{Disposal, Ground, same_order};
use crate::model::package::Commit;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;
use crate::task::Watch;

/// An order to dispose of packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its number, as given.
    pub number: String,
    /// Why.
    pub ground: Ground,
    /// The first of the two persons, as given.
    pub first: String,
    /// The second.
    pub second: String,
}

/// Why a package is not disposed of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It must be kept until this day, the day itself included (ISO 8601).
    Kept(String),
    /// It is not known until when it must be kept: it can be read neither in the catalogue nor in the package.
    Unknown,
    /// The ground is that a term has ended, and it has none.
    NoTerm,
    /// It was disposed of already, under this other order.
    OtherOrder(String),
}

/// What became of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposed {
    /// What happened.
    pub state: State,
    /// What stands in the tombstone, or would.
    pub tombstone: Tombstone,
    /// The place of the tombstone, relative to the archive.
    pub place: String,
    /// The entry of the journal that says so; none where nothing was done.
    pub head: Option<Head>,
    /// Copies that were removed too, or would be, relative to the archive.
    pub copies: Vec<String>,
    /// Whether nothing lay in the package's place.
    pub missing: bool,
}

/// What happened to a package that was to be disposed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was disposed of now.
    Disposed,
    /// It was before, under the same order.
    Already,
    /// It would be.
    Planned,
}

/// What is known of the packages of a call.
#[derive(Debug)]
pub struct Cases<'a> {
    order: &'a Order,
    known: Known,
}

impl<'a> Cases<'a> {
    /// Reads what the journal knows of the packages `ids`.
    ///
    /// # Errors
    /// [`ArchiveError::Older`] if the archive has a format without tombstones; failures of the journal.
    pub fn read(archive: &Archive, ids: &[PackageId], order: &'a Order) -> Result<Self, ArchiveError> {
        archive.require_changeable()?;
        Ok(Self { order, known: Known::of(archive, ids)? })
    }

    /// Says what would become of a package, without writing anything.
    ///
    /// # Errors
    /// As of [`Cases::dispose`].
    pub fn plan(
        &self,
        archive: &Archive,
        catalogue: &Catalogue,
        id: PackageId,
        watch: Watch<'_>,
    ) -> Result<Disposed, ArchiveError> {
        Ok(match self.judge(archive, catalogue, id, watch)? {
            Step::Done(done) => *done,
            Step::Do(disposal) => {
                let place = archive.store.place(&Archive::object_id(id));
                let missing = archive.store.root().join(&place).symlink_metadata().is_err();
                let copies = damaged::of_package(archive, id)?;
                let (schema, disposed) = (String::new(), super::package_time());
                let tombstone = Tombstone { schema, archive: archive.marker.id, disposed, disposal };
                let place = format!("{}/{place}", marker::STORE);
                Disposed { state: State::Planned, tombstone, place, head: None, copies, missing }
            }
        })
    }

    /// Disposes of a package, unless that was done before under the same order.
    ///
    /// # Errors
    /// [`ArchiveError::NoPackage`], [`ArchiveError::NotDisposed`] where it must not be; nothing was done then.
    /// [`crate::store::StoreError::Io`] with [`std::io::ErrorKind::Unsupported`] where the file system cannot let two folders
    /// change places: nothing was announced then. Other failures of store, journal and catalogue.
    pub fn dispose(&self, writer: &mut Writer<'_>, id: PackageId, watch: Watch<'_>) -> Result<Disposed, ArchiveError> {
        match self.judge(writer.archive, &writer.catalogue, id, watch)? {
            Step::Done(done) => {
                // What a run that ended in between has left.
                let copies = damaged::remove_of_package(writer.archive, id)?;
                Ok(Disposed { copies, ..*done })
            }
            Step::Do(disposal) => carry_out(writer, disposal, watch),
        }
    }

    fn judge(
        &self,
        archive: &Archive,
        catalogue: &Catalogue,
        id: PackageId,
        watch: Watch<'_>,
    ) -> Result<Step, ArchiveError> {
        let refused = |refusal| Err(ArchiveError::NotDisposed { id, refusal });
        if let Some((disposal, inventory)) = self.known.disposed.get(&id) {
            if !same_order(&disposal.order, &self.order.number) {
                return refused(Refusal::OtherOrder(disposal.order.clone()));
            }
            let object = Archive::object_id(id);
            let place = format!("{}/{}", marker::STORE, archive.store.place(&object));
            let (findings, _) = archive.judge_object(&object, inventory, &place, watch)?;
            return Ok(match archive.tombstone(id) {
                Ok(Some(tombstone)) if findings.is_empty() => {
                    let (state, copies) = (State::Already, Vec::new());
                    let done = Disposed { state, tombstone, place, head: None, copies, missing: false };
                    Step::Done(Box::new(done))
                }
                // It came back, or the tombstone is damaged: what was ordered is carried out again.
                _ => Step::Do(self.again(disposal)),
            });
        }
        let Some(commit) = self.known.packages.get(&id) else {
            return Err(ArchiveError::NoPackage { id: id.to_string() });
        };
        let term = Term::read(archive, catalogue, commit)?;
        if let Some(refusal) = term.against(self.order.ground, &Timestamp::now().date()) {
            return refused(refusal);
        }
        let commit = commit.clone();
        Ok(Step::Do(Disposal {
            package: id,
            accession: commit.accession,
            order: self.order.number.clone(),
            ground: self.order.ground.name().to_owned(),
            first: self.order.first.clone(),
            second: self.order.second.clone(),
            inventory: commit.inventory,
            content: commit.content,
            files: commit.files,
            bytes: commit.bytes,
        }))
    }

    fn again(&self, disposal: &Disposal) -> Disposal {
        Disposal { first: self.order.first.clone(), second: self.order.second.clone(), ..disposal.clone() }
    }
}

enum Step {
    Done(Box<Disposed>),
    Do(Disposal),
}

/// Until when a package must be kept.
struct Term {
    /// The last day, as catalogue and package say; the later one of both. Empty where there is none.
    end: String,
    /// Why it is kept; nothing where neither could be read.
    purpose: Option<Purpose>,
}

impl Term {
    /// Reads the term from the package itself and from the catalogue: a damaged package may tell nothing, or less.
    fn read(archive: &Archive, catalogue: &Catalogue, commit: &Commit) -> Result<Self, ArchiveError> {
        let mut term = Self { end: String::new(), purpose: None };
        if let Some(row) = catalogue.holding(commit.package)? {
            term = Self { end: row.retention_end, purpose: Some(row.purpose) };
        }
        let Ok(Some(object)) = archive.store.object(&Archive::object_id(commit.package)) else { return Ok(term) };
        let statements = archive.stored(&object, commit.package).and_then(|reader| holding::statements(&reader));
        if let Ok(statements) = statements {
            let said = standing(&statements);
            term.end = term.end.max(said.retention_end);
            term.purpose = term.purpose.or(Some(said.purpose));
        }
        Ok(term)
    }

    fn against(&self, ground: Ground, today: &str) -> Option<Refusal> {
        if ground.overrides_retention() {
            return None;
        }
        if self.purpose.is_none() {
            return Some(Refusal::Unknown);
        }
        if self.end.as_str() >= today {
            return Some(Refusal::Kept(self.end.clone()));
        }
        (ground == Ground::TermEnd && (self.end.is_empty() || self.purpose == Some(Purpose::Permanent)))
            .then_some(Refusal::NoTerm)
    }
}

fn carry_out(writer: &mut Writer<'_>, disposal: Disposal, watch: Watch<'_>) -> Result<Disposed, ArchiveError> {
    let archive = writer.archive;
    let id = disposal.package;
    let place = archive.store.place(&Archive::object_id(id));
    let target = archive.store.root().join(&place);
    let missing = target.symlink_metadata().is_err();
    if !missing {
        archive.store.can_exchange(&archive.staging())?;
    }
    let Prepared { staged, tombstone, inventory } = archive.prepare_tombstone(&disposal, watch)?;
    let announced = Event::Disposing { disposal: disposal.clone(), tombstone: inventory.clone() };
    writer.journal.append(&[announced])?;
    let former =
        if missing { archive.store.publish(staged).map(|_| None) } else { archive.store.exchange(staged).map(Some) };
    let former: Option<PathBuf> = match former {
        Ok(former) => former,
        Err(error) => {
            let (order, reason) = (disposal.order, "exchange".to_owned());
            writer.note(&[Event::DisposalAbandoned { package: id, order, reason }], &[], &[])?;
            return Err(error.into());
        }
    };
    let root = archive.root();
    durable::sync_file_system(root).map_err(ArchiveError::io(root))?;
    let head = writer.journal.append(&[Event::Disposed { disposal, tombstone: inventory }])?;
    tracing::info!(package = %id, "package is disposed of");
    // From here on the next run that writes removes what this one does not come to.
    if let Some(former) = former {
        durable::remove_tree(&former).map_err(ArchiveError::io(&former))?;
        let around = former.parent().unwrap_or(&former);
        durable::remove_tree(around).map_err(ArchiveError::io(around))?;
        let staging = archive.staging();
        durable::sync_folder(&staging).map_err(ArchiveError::io(&staging))?;
    }
    let copies = damaged::remove_of_package(archive, id)?;
    writer.forget(&[id], head)?;
    let place = format!("{}/{place}", marker::STORE);
    Ok(Disposed { state: State::Disposed, tombstone, place, head: Some(head), copies, missing })
}
