//! Makes a package of a package: an AIP of a finished SIP, a DIP of an AIP.
//!
//! Every file is taken over bit by bit under its own path. Only the root METS document is new; the old one is kept under
//! `metadata/other/`.

use std::collections::BTreeMap;
use std::io;

use super::compose::{Order, premis_metadata};
use super::digest::{ContentDigest, is_content};
use super::mets::{self, Group, Header, Metadata, Section, is_representation_mets};
use super::premis::{self, Entity, Event};
use super::references::{Reference, ReferenceKind, Summary};
use super::{DESCRIPTION, EAD, METS, PREMIS, READ_ME, compose, description};
use crate::model::checksum::Sha256Sum;
use crate::model::package::PackageKind;
use crate::model::record::{Description, SourceFile};
use crate::package::container::{Container, Packed, WriteError};
use crate::package::payload::Digests;
use crate::package::reader::PackageReader;
use crate::task::Watch;

/// The package that another is made of.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// Its files.
    pub reader: &'a PackageReader,
    /// What its root METS document says.
    pub summary: &'a Summary,
    /// Its metadata files: path, kind of reference, `MDTYPE`, `OTHERMDTYPE`, `MDTYPEVERSION`.
    pub metadata: &'a BTreeMap<String, MetadataKind>,
    /// What it is about.
    pub description: &'a Description,
}

/// How METS called a metadata file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataKind {
    section: Section,
    kind: (String, String),
    version: String,
}

impl MetadataKind {
    /// Returns how `reference` calls a metadata file; `None` where it refers to no metadata.
    #[must_use]
    pub fn of(reference: &Reference) -> Option<Self> {
        let section = match reference.kind {
            ReferenceKind::Descriptive => Section::Descriptive,
            ReferenceKind::Administrative => Section::Provenance,
            ReferenceKind::File | ReferenceKind::Mets => return None,
        };
        Some(Self { section, kind: reference.metadata.clone(), version: reference.version.clone() })
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The files that were taken over, sorted by path.
    pub kept: Vec<SourceFile>,
    /// Their SHA-256.
    pub sums: Vec<Sha256Sum>,
    /// The files that are new, in the order in which they lie in the package.
    pub others: Vec<Packed>,
    /// The content digest.
    pub content: String,
}

/// Returns the files of `reader` that are taken over as they are: all but the root METS document.
#[must_use]
pub fn kept(reader: &PackageReader) -> Vec<SourceFile> {
    let parts = reader.parts().iter().filter(|part| part.path != METS);
    parts
        .map(|part| SourceFile {
            path: part.path.into(),
            size: part.size,
            modified: part.modified,
            ..SourceFile::default()
        })
        .collect()
}

/// Writes the package of `order` into `container`, with `events` in its PREMIS document.
pub fn write(
    container: &mut Container,
    order: &Order<'_>,
    origin: &Origin<'_>,
    events: &[Event],
    watch: Watch<'_>,
) -> Result<Derived, WriteError> {
    let reader = origin.reader;
    let kept = kept(reader);
    let sums = container.payload("", &kept, Digests::Short, |time| order.time(time), reader, watch)?.sha256;
    for folder in reader.empty_folders() {
        container.folder(folder, order.created)?;
    }
    let mut packed: Vec<Packed> = kept
        .iter()
        .zip(&sums)
        .map(|(file, sum)| Packed {
            path: file.path.to_string(),
            size: file.size,
            modified: order.time(file.modified),
            sum: *sum,
        })
        .collect();
    let mut others = Vec::new();
    let mut add =
        |container: &mut Container, path: &str, fill: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>| {
            let file = container.file(path, order.created, fill)?;
            others.push(file.clone());
            Ok::<Packed, WriteError>(file)
        };
    let mut kinds = origin.metadata.clone();
    let old = free_path(reader, &format!("metadata/other/{}/METS", stage(order.kind)));
    if let Some(part) = reader.find(METS) {
        packed.push(add(container, &old, &mut |out| io::copy(&mut reader.read(part)?, out).map(drop))?);
        let kind = ("OTHER".to_owned(), "METS".to_owned());
        kinds.insert(old, MetadataKind { section: Section::Provenance, kind, version: String::new() });
    }
    // CSIP60 and CSIP113 want one file of each at least.
    let has = |folder: &str| reader.parts().iter().any(|part| part.path.starts_with(folder));
    if !has("documentation/") {
        packed.push(add(container, READ_ME, &mut |out| out.write_all(compose::READ_ME_TEXT.as_bytes()))?);
    }
    if !has("schemas/") {
        packed.push(add(container, compose::SCHEMA, &mut |out| out.write_all(description::SCHEMA.as_bytes()))?);
    }
    let groups = Groups::of(&packed);
    let names: Vec<String> = groups.representations.keys().cloned().collect();
    let entity = Entity {
        id: order.id,
        name: &origin.summary.label,
        representations: &names,
        acts: &[],
        created: order.created,
        events,
        provenance: order.provenance,
        rights: order.rights,
    };
    let own = match reader.find(PREMIS) {
        None => PREMIS.to_owned(),
        Some(_) => free_path(reader, &format!("metadata/preservation/premis-{}", order.kind.name().to_lowercase())),
    };
    let premis = add(container, &own, &mut |out| premis::write_package(out, &entity))?;
    let previous = origin.summary.object.as_str();
    let id = order.id.to_string();
    let header = Header {
        object: &id,
        label: &origin.description.title,
        kind: order.kind,
        category: order.category,
        information_type: order.information_type,
        created: order.created,
        provenance: Some(order.provenance),
        signature: &origin.description.signature,
        previous: (previous != id).then_some(previous),
        status: order.status,
    };
    add(container, METS, &mut |out| groups.write(out, &header, &kinds, &premis))?;
    let content = content(origin, &kept, &sums);
    Ok(Derived { kept, sums, others, content })
}

/// Returns the content digest of the package that is made of `origin`, whose files have the SHA-256 `sums`.
#[must_use]
pub fn content(origin: &Origin<'_>, kept: &[SourceFile], sums: &[Sha256Sum]) -> String {
    let counts = counts(origin.reader);
    let mut digest = ContentDigest::new(origin.description);
    for (file, sum) in kept.iter().zip(sums).filter(|(file, _)| counts(&file.path)) {
        digest.file("", &file.path, sum);
    }
    for folder in origin.reader.empty_folders().iter().filter(|folder| counts(folder)) {
        digest.folder("", folder);
    }
    digest.finish()
}

/// Returns what tells which files of the package count for its content digest.
///
/// The finding aid that eArchiv writes holds times, and nothing that the description and the metadata of the source do
/// not say; one that others made is content.
pub fn counts(reader: &PackageReader) -> impl Fn(&str) -> bool {
    let own = [DESCRIPTION, compose::SCHEMA].iter().all(|path| reader.find(path).is_some());
    move |path| is_content(path) && !(own && path == EAD)
}

/// The name of the folder that keeps the old root METS document.
const fn stage(kind: PackageKind) -> &'static str {
    match kind {
        PackageKind::Sip => "source",
        PackageKind::Aip => "submission",
        PackageKind::Dip => "archived",
    }
}

/// Returns `stem` with `.xml`, or with a number where that is taken.
fn free_path(reader: &PackageReader, stem: &str) -> String {
    let plain = format!("{stem}.xml");
    if reader.find(&plain).is_none() {
        return plain;
    }
    (2..=u32::MAX).map(|n| format!("{stem}-{n}.xml")).find(|path| reader.find(path).is_none()).unwrap_or(plain)
}

/// The files of a package by the part of METS that lists them.
struct Groups<'a> {
    metadata: Vec<&'a Packed>,
    /// `Documentation`, `Schemas` and folders of other names (CSIPSTR14).
    files: BTreeMap<String, Vec<Packed>>,
    /// By name: the METS document, or all files where there is none.
    representations: BTreeMap<String, Vec<Packed>>,
}

impl<'a> Groups<'a> {
    fn of(packed: &'a [Packed]) -> Self {
        let mut groups = Self { metadata: Vec::new(), files: BTreeMap::new(), representations: BTreeMap::new() };
        for file in packed.iter().filter(|file| is_representation_mets(&file.path)) {
            let name = file.path.split('/').nth(1).unwrap_or_default();
            groups.representations.insert(name.to_owned(), vec![file.clone()]);
        }
        let own_mets: Vec<String> = groups.representations.keys().cloned().collect();
        for file in packed {
            match file.path.split_once('/') {
                Some(("metadata", _)) => groups.metadata.push(file),
                Some(("representations", rest)) => {
                    let name = rest.split('/').next().unwrap_or_default();
                    if !own_mets.iter().any(|own| own == name) {
                        groups.representations.entry(name.to_owned()).or_default().push(file.clone());
                    }
                }
                Some(("documentation", _)) => groups.add("Documentation", file),
                Some(("schemas", _)) => groups.add("Schemas", file),
                Some((folder, _)) => groups.add(folder, file),
                None => groups.add("Other", file),
            }
        }
        groups
    }

    fn add(&mut self, name: &str, file: &Packed) {
        self.files.entry(name.to_owned()).or_default().push(file.clone());
    }

    fn write(
        &self,
        out: &mut dyn io::Write,
        header: &Header<'_>,
        kinds: &BTreeMap<String, MetadataKind>,
        premis: &Packed,
    ) -> io::Result<()> {
        let mut metadata: Vec<Metadata<'_>> = self.metadata.iter().map(|file| refer(file, kinds)).collect();
        metadata.push(premis_metadata(premis));
        let files: Vec<Group<'_>> = self.files.iter().map(|(name, files)| Group { name, files }).collect();
        let named: Vec<(String, &Vec<Packed>)> =
            self.representations.iter().map(|(name, files)| (format!("Representations/{name}"), files)).collect();
        let representations: Vec<Group<'_>> = named.iter().map(|(name, files)| Group { name, files }).collect();
        mets::write_root(out, header, &metadata, &files, &representations)
    }
}

/// How METS refers to a metadata file: as the old document did, else by its folder.
fn refer<'a>(file: &'a Packed, kinds: &'a BTreeMap<String, MetadataKind>) -> Metadata<'a> {
    match kinds.get(&file.path) {
        Some(known) if !known.kind.0.is_empty() => Metadata {
            file,
            section: known.section,
            kind: (&known.kind.0, (!known.kind.1.is_empty()).then_some(known.kind.1.as_str())),
            version: (!known.version.is_empty()).then_some(known.version.as_str()),
        },
        _ if file.path.starts_with("metadata/descriptive/") => {
            Metadata { file, section: Section::Descriptive, kind: ("OTHER", Some("description")), version: None }
        }
        _ => Metadata { file, section: Section::Provenance, kind: ("OTHER", Some("other")), version: None },
    }
}
