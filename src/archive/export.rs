//! Copies out of the archive: a dissemination package (DIP), or single files; checksums are compared on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::admission::Admission;
use super::examine::describe;
use super::holding::{head, payload_path};
use super::read_back::{Meant, prove};
use super::recorded::{Recorded, all_references, documents};
use super::{Archive, ArchiveError, package_time};
use crate::io::durable;
use crate::journal::{self, Event as Entry};
use crate::model::checksum::{Checksum, Hasher, hex};
use crate::model::finding::Finding;
use crate::model::package::{Commit, Holding, PackageForm, PackageId, PackageKind};
use crate::model::path;
use crate::package::container::{Container, file_name, system_time};
use crate::package::eark::compose::Order;
use crate::package::eark::derive::{self, MetadataKind, Origin};
use crate::package::eark::mets::RecordStatus;
use crate::package::eark::references::{self, Summary};
use crate::package::eark::{METS, Provenance, REPRESENTATION, premis};
use crate::package::payload::Digests;
use crate::package::reader::{PackageReader, Part, open_regular};
use crate::task::{Event, Stage, Watch};

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The package that it was taken from.
    pub package: PackageId,
    /// The copy's own identity, of a DIP.
    pub dip: Option<PackageId>,
    /// What was written.
    pub paths: Vec<PathBuf>,
    /// Files in it.
    pub files: u64,
    /// Bytes in it.
    pub bytes: u64,
    /// What is not as it was recorded; nothing was written then.
    pub findings: Vec<Finding>,
}

/// Writes a DIP of the package into the folder `out`.
pub fn dip(
    archive: &Archive,
    admission: &Admission,
    out: &Path,
    form: PackageForm,
    watch: Watch<'_>,
) -> Result<Exported, ArchiveError> {
    let id = admission.package();
    let source = Source::open(archive, id)?;
    let recorded = Recorded::read(&source.reader)?;
    let dip = id.descendant("DIP");
    durable::create_missing(out).map_err(ArchiveError::io(out))?;
    // What an interrupted run of the same call left gives way.
    let staging = out.join(format!(".earchiv-{dip}"));
    durable::remove_tree(&staging).map_err(ArchiveError::io(&staging))?;
    let target = out.join(file_name(dip, form));
    if target.symlink_metadata().is_ok() {
        return Err(ArchiveError::Exists { path: target });
    }
    let reader = &source.reader;
    let bytes: u64 = reader.parts().iter().map(|part| part.size).sum();
    let files = reader.parts().len() as u64;
    watch.progress.report(Event::Started { stage: Stage::Exporting, files, bytes });
    durable::create_folder(&staging).map_err(ArchiveError::io(&staging))?;
    let result = (|| -> Result<Vec<Finding>, ArchiveError> {
        let mut container = Container::create(&staging, dip, form)?;
        let derived = source.derive(&mut container, archive, dip, watch)?;
        let finished = container.finish()?;
        let mut findings = Vec::new();
        for (file, sum) in derived.kept.iter().zip(&derived.sums) {
            findings.extend(recorded.differs(&file.path, &Checksum::from(*sum)));
        }
        if findings.is_empty() {
            durable::sync_file_system(&staging).map_err(ArchiveError::io(&finished.path))?;
            let mut others = derived.others.clone();
            others.sort_by(|a, b| a.path.cmp(&b.path));
            let meant = Meant { base: "", files: &derived.kept, sums: &derived.sums, others: &others };
            prove(&finished, meant, watch)?;
            durable::publish(&finished.path, &target).map_err(ArchiveError::io(&target))?;
            durable::sync_folder(out).map_err(ArchiveError::io(out))?;
        }
        Ok(findings)
    })();
    let removed = durable::remove_tree(&staging).map_err(ArchiveError::io(&staging));
    let findings = result?;
    removed?;
    watch.progress.report(Event::Finished);
    let paths = if findings.is_empty() { vec![target] } else { Vec::new() };
    Ok(Exported { package: id, dip: Some(dip), paths, files, bytes, findings })
}

/// Writes single files or folders of the package's payload into the folder `out`, under their original names.
///
/// `wanted` are paths in the delivery or in the package; `.` is the whole payload.
pub fn files(
    archive: &Archive,
    admission: &Admission,
    wanted: &[String],
    out: &Path,
    watch: Watch<'_>,
) -> Result<Exported, ArchiveError> {
    let id = admission.package();
    let source = Source::open(archive, id)?;
    let recorded = Recorded::read(&source.reader)?;
    let mut chosen: Vec<Part<'_>> = Vec::new();
    for want in wanted {
        let before = chosen.len();
        chosen.extend(source.reader.parts().iter().filter(|part| matches(part.path, want)));
        if chosen.len() == before {
            return Err(ArchiveError::NoFile { id, path: want.clone() });
        }
    }
    chosen.sort_by(|a, b| a.path.cmp(b.path));
    chosen.dedup_by(|a, b| a.path == b.path);
    let bytes = chosen.iter().map(|part| part.size).sum();
    watch.progress.report(Event::Started { stage: Stage::Exporting, files: chosen.len() as u64, bytes });
    let mut exported = Exported { package: id, dip: None, paths: Vec::new(), files: 0, bytes: 0, findings: Vec::new() };
    let modified = source.modified()?;
    let mut targets: Vec<PathBuf> = Vec::new();
    let mut named = BTreeSet::new();
    for part in &chosen {
        let mut original = path::original_below(payload_path(part.path).unwrap_or(part.path));
        if !named.insert(original.clone()) {
            // A supplement brought a file of the same name: it goes into a folder called like its representation.
            let folder = part.path.split('/').nth(1).unwrap_or_default();
            original.splice(..0, format!("{folder}/").into_bytes());
        }
        targets.push(out.join(PathBuf::from(std::ffi::OsString::from_vec(original))));
    }
    // What an interrupted run of the same call gave out stays; anything else is in the way, and nothing is touched.
    let mut given = BTreeSet::new();
    for (part, path) in chosen.iter().zip(&targets) {
        if path.symlink_metadata().is_ok() {
            if !is_copy(&source.reader, *part, path, &recorded, watch)? {
                return Err(ArchiveError::Exists { path: path.clone() });
            }
            given.insert(path.clone());
        }
    }
    for (part, target) in chosen.into_iter().zip(targets) {
        if given.contains(&target) {
            set_modified(&target, modified.get(part.path))?;
            exported.files += 1;
            exported.bytes += part.size;
            exported.paths.push(target);
            watch.progress.report(Event::Advanced { files: 1, bytes: part.size });
            continue;
        }
        match copy(&source.reader, part, &target, &recorded, modified.get(part.path), watch)? {
            None => {
                exported.files += 1;
                exported.bytes += part.size;
                exported.paths.push(target);
            }
            Some(finding) => exported.findings.push(finding),
        }
    }
    if wanted.iter().any(|want| want == ".") {
        for folder in source.empty_folders()? {
            let original = path::original_below(&folder);
            let target = out.join(PathBuf::from(std::ffi::OsString::from_vec(original)));
            durable::create_missing(&target).map_err(ArchiveError::io(&target))?;
        }
    }
    watch.progress.report(Event::Finished);
    Ok(exported)
}

fn matches(path: &str, want: &str) -> bool {
    let below = |path: &str, folder: &str| {
        path == folder || path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
    };
    let Some(inside) = payload_path(path) else { return below(path, want) && want != "." };
    want == "." || below(inside, want) || below(path, want) || below(&path::shown(&path::original_below(inside)), want)
}

/// Returns whether the file `path` holds the same bytes as `part`, and those that were recorded.
fn is_copy(
    reader: &PackageReader,
    part: Part<'_>,
    path: &Path,
    recorded: &Recorded,
    watch: Watch<'_>,
) -> Result<bool, ArchiveError> {
    let file = match open_regular(path) {
        Ok(file) if file.metadata().is_ok_and(|found| found.len() == part.size) => file,
        _ => return Ok(false),
    };
    let mut stored = reader.read(part).map_err(ArchiveError::io(reader.location()))?;
    let mut given = BufReader::with_capacity(1 << 16, file);
    let mut hasher = Hasher::new(recorded.algorithm(part.path));
    let mut buffer = vec![0; 1 << 16];
    loop {
        watch.cancel.check()?;
        let read = stored.read(&mut buffer).map_err(ArchiveError::io(reader.location()))?;
        let (piece, mut other) = (&buffer[..read], vec![0; read]);
        if read == 0 {
            return Ok(recorded.differs(part.path, &hasher.finish()).is_none());
        }
        hasher.update(piece);
        if given.read_exact(&mut other).is_err() || piece != other {
            return Ok(false);
        }
    }
}

/// Copies one file and compares its checksum on the way; what differs is not left behind.
fn copy(
    reader: &PackageReader,
    part: Part<'_>,
    target: &Path,
    recorded: &Recorded,
    modified: Option<&crate::model::time::Timestamp>,
    watch: Watch<'_>,
) -> Result<Option<Finding>, ArchiveError> {
    let parent = target.parent().unwrap_or(target);
    durable::create_missing(parent).map_err(ArchiveError::io(parent))?;
    let mut finding = None;
    let result = durable::create(target, |out| {
        let mut source = reader.read(part)?;
        let mut hasher = Hasher::new(recorded.algorithm(part.path));
        let mut buffer = vec![0; 1 << 20];
        loop {
            if watch.cancel.check().is_err() {
                return Err(std::io::ErrorKind::Interrupted.into());
            }
            let read = source.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            out.write_all(&buffer[..read])?;
            watch.progress.report(Event::Advanced { files: 0, bytes: read as u64 });
        }
        finding = recorded.differs(part.path, &hasher.finish());
        if finding.is_some() { Err(std::io::ErrorKind::InvalidData.into()) } else { Ok(()) }
    });
    watch.cancel.check()?;
    if finding.is_some() {
        return Ok(finding);
    }
    match result {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(ArchiveError::Exists { path: target.to_owned() });
        }
        result => result.map_err(ArchiveError::io(target))?,
    }
    set_modified(target, modified)?;
    watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
    Ok(None)
}

fn set_modified(target: &Path, modified: Option<&crate::model::time::Timestamp>) -> Result<(), ArchiveError> {
    let Some(time) = modified else { return Ok(()) };
    let file = File::options().write(true).open(target).map_err(ArchiveError::io(target))?;
    file.set_modified(system_time(*time)).map_err(ArchiveError::io(target))
}

/// Returns where a stored package comes from, as the head of its METS document and the archive say.
pub(super) fn provenance(archive: &Archive, summary: &Summary, accession: &str) -> Provenance {
    let agent = |role: &str| summary.organization(role).cloned().unwrap_or_default();
    let (creator, producer) = (agent("ARCHIVIST"), agent("SUBMITTER"));
    let alternative = |kind: &str| summary.alternative(kind).unwrap_or_default().to_owned();
    Provenance {
        producer: producer.name,
        producer_code: producer.code,
        creator: creator.name,
        agreement: alternative("SUBMISSIONAGREEMENT"),
        archive: archive.marker.name.clone(),
        archive_code: archive.marker.isil.clone().unwrap_or_default(),
        delivery: alternative("DELIVERY"),
        accession: Some(accession.to_owned()),
        system: summary.system().to_owned(),
        process: alternative("PROCESS"),
    }
}

/// A stored package, opened for export.
struct Source {
    holding: Holding,
    reader: PackageReader,
    metadata: BTreeMap<String, MetadataKind>,
}

impl Source {
    fn open(archive: &Archive, id: PackageId) -> Result<Self, ArchiveError> {
        let holding = archive.held(id)?;
        let reader = archive.stored(&archive.object_of(&holding)?, id)?;
        let mut metadata = BTreeMap::new();
        all_references(
            &reader,
            |_| std::iter::once(METS),
            |path, reference| {
                metadata.extend(MetadataKind::of(reference).map(|kind| (path, kind)));
            },
        )?;
        Ok(Self { holding, reader, metadata })
    }

    /// Modification times as METS says them.
    fn modified(&self) -> Result<BTreeMap<String, crate::model::time::Timestamp>, ArchiveError> {
        let mut modified = BTreeMap::new();
        all_references(&self.reader, documents, |path, reference| {
            modified.extend(reference.created.map(|time| (path, time)));
        })?;
        Ok(modified)
    }

    /// Folders without files, as METS lists them: the store of loose files cannot keep them.
    fn empty_folders(&self) -> Result<Vec<String>, ArchiveError> {
        let mut folders = Vec::new();
        let all = self.reader.pieces().iter().flat_map(|piece| documents(piece).map(move |path| (piece, path)));
        for (piece, path) in all {
            let document = |source| ArchiveError::Document { path: path.to_owned(), source };
            let Some(part) = piece.find(path) else { continue };
            let source = piece.read(part).map_err(ArchiveError::io(piece.location()))?;
            let found = references::empty_folders(BufReader::new(source)).map_err(document)?;
            folders.extend(found.iter().filter_map(|folder| folder.strip_prefix("data/")).map(str::to_owned));
        }
        Ok(folders)
    }

    fn derive(
        &self,
        container: &mut Container,
        archive: &Archive,
        dip: PackageId,
        watch: Watch<'_>,
    ) -> Result<derive::Derived, ArchiveError> {
        let document = |source| ArchiveError::Document { path: METS.to_owned(), source };
        let summary = head(&self.reader)?;
        let description = describe(&self.reader, &summary).map_err(document)?;
        let provenance = provenance(archive, &summary, &self.holding.accession);
        let created = package_time();
        let order = Order {
            id: dip,
            kind: PackageKind::Dip,
            created,
            category: &summary.category,
            information_type: &summary.information_type,
            provenance: &provenance,
            digests: Digests::Short,
            rights: &[],
            attachments: &[],
            status: RecordStatus::New,
            representation: REPRESENTATION,
        };
        let origin =
            Origin { reader: &self.reader, summary: &summary, metadata: &self.metadata, description: &description };
        let mut events = self.history(archive)?;
        let detail = format!("DIP from AIP {}", self.holding.id);
        events.push(premis::Event { kind: "information package creation", time: created, detail, by_archive: true });
        Ok(derive::write(container, &order, &origin, &events, watch)?)
    }

    /// What the journal says of the package: when it was taken into the archive.
    fn history(&self, archive: &Archive) -> Result<Vec<premis::Event>, ArchiveError> {
        let mut events = Vec::new();
        for entry in journal::entries(&archive.journal())? {
            let entry = entry?;
            if let Entry::Completed(Commit { package, accession, inventory, .. }) = &entry.event
                && *package == self.holding.id
            {
                let detail = format!(
                    "accession {accession}, inventory SHA-512 {inventory}, journal entry {}:{}",
                    entry.seq,
                    hex(&entry.hash)
                );
                events.push(premis::Event { kind: "ingestion", time: entry.time, detail, by_archive: true });
            }
        }
        Ok(events)
    }
}
