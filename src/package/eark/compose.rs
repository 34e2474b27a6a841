//! Makes a package of a record.

use std::io;

use super::digest::ContentDigest;
use super::mets::{self, Group, Header, Metadata, Payload, RecordStatus, Section};
use super::premis::{self, Entity, Event};
use super::structure::Structure;
use super::{
    Attachment, DESCRIPTION, EAD, METS, OTHER_METADATA, PREMIS, Provenance, READ_ME, REPRESENTATION, Rights,
    description, ead,
};
use crate::model::checksum::{Sha256Sum, Sha512Sum};
use crate::model::content::Content;
use crate::model::package::{PackageId, PackageKind};
use crate::model::record::{Record, SourceFile};
use crate::model::time::Timestamp;
use crate::package::container::{Container, Packed, WriteError};
use crate::package::payload::Digests;
use crate::task::Watch;

/// What a package is to be.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Its identity.
    pub id: PackageId,
    /// SIP or AIP.
    pub kind: PackageKind,
    /// Time of the package; modification times after it are set to it, so that the same input gives the same bytes.
    pub created: Timestamp,
    /// METS `TYPE` (CSIP2).
    pub category: &'a str,
    /// METS `CONTENTINFORMATIONTYPE` (CSIP4).
    pub information_type: &'a str,
    /// Who and under what agreement.
    pub provenance: &'a Provenance,
    /// Checksums of the payload files that stand in PREMIS.
    pub digests: Digests,
    /// Restrictions of use.
    pub rights: &'a [Rights],
    /// Files for `documentation/` and `schemas/`; those that every package has come by themselves.
    pub attachments: &'a [Attachment],
    /// What it is to packages that were there before.
    pub status: RecordStatus,
    /// The name of the representation that holds the payload.
    pub representation: &'a str,
}

impl Order<'_> {
    /// Returns the time that stands in the package for a file's modification.
    #[must_use]
    pub fn time(&self, modified: Timestamp) -> Timestamp {
        modified.min(self.created)
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of the record's files, in their order.
    pub payload: Vec<Sha256Sum>,
    /// All other files, in the order in which they lie in the package: first the metadata of the source.
    pub others: Vec<Packed>,
    /// The content digest.
    pub content: String,
}

/// Writes `record` into `container`.
pub fn write(
    container: &mut Container,
    order: &Order<'_>,
    record: &Record,
    content: &dyn Content,
    watch: Watch<'_>,
) -> Result<Written, WriteError> {
    let (base, name) = (data_folder(order.representation), order.representation);
    let sums = container.payload(&base, &record.files, order.digests, |time| order.time(time), content, watch)?;
    let (payload, longer) = (sums.sha256, sums.sha512);
    for folder in &record.empty_folders {
        container.folder(&format!("{base}{folder}"), order.created)?;
    }
    let came_along = came_along(container, order, &record.metadata, content, watch)?;
    let mut others = came_along.clone();
    let mut add =
        |container: &mut Container, path: &str, fill: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>| {
            let packed = container.file(path, order.created, fill)?;
            others.push(packed.clone());
            Ok::<Packed, WriteError>(packed)
        };
    let dc = add(container, DESCRIPTION, &mut |out| description::write(out, &record.description))?;
    let finding_aid = match &record.units[..] {
        [] => None,
        _ => Some(add(container, EAD, &mut |out| ead::write(out, order, record))?),
    };
    let mut documentation = vec![add(container, READ_ME, &mut |out| out.write_all(READ_ME_TEXT.as_bytes()))?];
    let mut schemas = vec![add(container, SCHEMA, &mut |out| out.write_all(description::SCHEMA.as_bytes()))?];
    for attachment in order.attachments {
        let packed = add(container, &attachment.path, &mut |out| out.write_all(&attachment.bytes))?;
        if attachment.path.starts_with("schemas/") { &mut schemas } else { &mut documentation }.push(packed);
    }
    let row = |index: usize| listed(order, &record.files[index], &payload[index], longer.get(index));
    let count = record.files.len();
    let folder = format!("representations/{name}/");
    let files_premis = format!("{folder}{PREMIS}");
    let files_premis = add(container, &files_premis, &mut |out| premis::write_files(out, name, count, row))?;
    let header = Header {
        object: name,
        label: name,
        kind: order.kind,
        category: order.category,
        information_type: order.information_type,
        created: order.created,
        provenance: None,
        signature: "",
        previous: None,
        status: order.status,
    };
    let inner = Packed { path: PREMIS.to_owned(), ..files_premis };
    let representation = add(container, &format!("{folder}{METS}"), &mut |out| {
        let metadata = [premis_metadata(&inner)];
        let structure = Structure { label: &record.description.title, units: &record.units, files: count };
        mets::write_representation(out, &header, &metadata, row, &record.empty_folders, &structure)
    })?;
    let events = events(order, &record.files);
    let entity = Entity {
        id: order.id,
        name: &record.key,
        representations: &[name.to_owned()],
        acts: &record.acts,
        created: order.created,
        events: &events,
        provenance: order.provenance,
        rights: order.rights,
    };
    let own_premis = add(container, PREMIS, &mut |out| premis::write_package(out, &entity))?;
    let id = order.id.to_string();
    let root = Header {
        object: &id,
        label: &record.description.title,
        provenance: Some(order.provenance),
        signature: &record.description.signature,
        ..header
    };
    add(container, METS, &mut |out| {
        let mut metadata = vec![dublin_core(&dc)];
        metadata.extend(finding_aid.as_ref().map(encoded_description));
        metadata.extend(came_along.iter().map(other_metadata));
        metadata.push(premis_metadata(&own_premis));
        let groups =
            [Group { name: "Documentation", files: &documentation }, Group { name: "Schemas", files: &schemas }];
        let files = std::slice::from_ref(&representation);
        let name = format!("Representations/{name}");
        mets::write_root(out, &root, &metadata, &groups, &[Group { name: &name, files }])
    })?;
    let metadata: Vec<Sha256Sum> = came_along.iter().map(|file| file.sum).collect();
    // Told without the representation's name: the same delivery is known whatever it is called there.
    let content = content_digest(record, &metadata, &payload);
    Ok(Written { payload, others, content })
}

/// Returns the content digest of the package that would be made of `record`, whose metadata have the SHA-256 `metadata`
/// and whose files have the SHA-256 `sums`.
#[must_use]
pub fn content_digest(record: &Record, metadata: &[Sha256Sum], sums: &[Sha256Sum]) -> String {
    let mut digest = ContentDigest::new(&record.description);
    let mut came_along: Vec<_> = record.metadata.iter().zip(metadata).collect();
    came_along.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    for (file, sum) in came_along {
        digest.file(OTHER_METADATA, &file.path, sum);
    }
    let base = data_folder(REPRESENTATION);
    for (file, sum) in record.files.iter().zip(sums) {
        digest.file(&base, &file.path, sum);
    }
    for folder in &record.empty_folders {
        digest.folder(&base, folder);
    }
    digest.finish()
}

pub(super) const SCHEMA: &str = "schemas/description.xsd";
pub(super) const READ_ME_TEXT: &str = include_str!("LIESMICH.txt");

/// Returns the folder of the payload in the representation `name`, ending in `/`.
#[must_use]
pub fn data_folder(name: &str) -> String {
    format!("representations/{name}/data/")
}

fn listed<'a>(
    order: &Order<'_>,
    file: &'a SourceFile,
    sum: &'a Sha256Sum,
    sha512: Option<&'a Sha512Sum>,
) -> Payload<'a> {
    Payload {
        path: format!("data/{}", file.path).into(),
        size: file.size,
        modified: order.time(file.modified),
        sum,
        sha512,
        facts: file.facts.as_deref(),
    }
}

/// Writes the metadata of the source, which may be as big as payload.
fn came_along(
    container: &mut Container,
    order: &Order<'_>,
    files: &[SourceFile],
    content: &dyn Content,
    watch: Watch<'_>,
) -> Result<Vec<Packed>, WriteError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let times = |time| order.time(time);
    let sums = container.payload(OTHER_METADATA, files, Digests::Short, times, content, watch)?.sha256;
    let packed = files.iter().zip(sums).map(|(file, sum)| {
        let path = format!("{OTHER_METADATA}{}", file.path);
        Packed { path, size: file.size, modified: order.time(file.modified), sum }
    });
    Ok(packed.collect())
}

/// How METS refers to the description.
#[must_use]
pub const fn dublin_core(file: &Packed) -> Metadata<'_> {
    Metadata { file, section: Section::Descriptive, kind: ("DC", None), version: None }
}

/// How METS refers to the finding aid.
const fn encoded_description(file: &Packed) -> Metadata<'_> {
    Metadata { file, section: Section::Descriptive, kind: ("EAD", None), version: Some("3") }
}

/// How METS refers to metadata of the source: their kind is the name of their folder.
fn other_metadata(file: &Packed) -> Metadata<'_> {
    let inside = file.path.strip_prefix(OTHER_METADATA).unwrap_or_default();
    let kind = inside.split_once('/').map_or("other", |(kind, _)| kind);
    Metadata { file, section: Section::Descriptive, kind: ("OTHER", Some(kind)), version: None }
}

/// How METS refers to a PREMIS document (AIPM6, AIPM7).
#[must_use]
pub const fn premis_metadata(file: &Packed) -> Metadata<'_> {
    Metadata { file, section: Section::Provenance, kind: ("PREMIS", None), version: Some("3.0") }
}

fn events(order: &Order<'_>, files: &[SourceFile]) -> Vec<Event> {
    let event = |kind, detail, by_archive| Event { kind, time: order.created, detail, by_archive };
    let bytes: u64 = files.iter().map(|file| file.size).sum();
    let names = match order.digests {
        Digests::Short => "SHA-256",
        Digests::Both => "SHA-256 and SHA-512",
    };
    let accession = order.provenance.accession.as_ref();
    accession
        .map(|number| event("accession", format!("accession {number}"), true))
        .into_iter()
        .chain([
            event("message digest calculation", format!("{names} of {} files, {bytes} bytes", files.len()), false),
            event("information package creation", format!("{} by E-ARK CSIP 2.2.0", order.kind.name()), false),
        ])
        .collect()
}
