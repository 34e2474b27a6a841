//! Writes METS 1.12 documents as CSIP 2.2.0 wants them, as streams.
//!
//! Requirement ids stand where an attribute or element is written for the sake of one.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::references::{EMPTY_FOLDER, SYSTEM};
use super::structure::{self, Structure};
use super::{ARCHIVED, Provenance, VERSION, mime_type, plain};
use crate::io::xml::XmlWriter;
use crate::model::checksum::{Sha256Sum, Sha512Sum, hex};
use crate::model::package::PackageKind;
use crate::model::path::href;
use crate::model::record::FileFacts;
use crate::model::time::Timestamp;
use crate::package::container::Packed;

/// What a METS document says of the package or representation as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    /// `OBJID` (CSIP1): the package's id or the representation's name.
    pub object: &'a str,
    /// `LABEL` (SIP1).
    pub label: &'a str,
    /// `OAISPACKAGETYPE` (CSIP9).
    pub kind: PackageKind,
    /// `TYPE` (CSIP2).
    pub category: &'a str,
    /// `CONTENTINFORMATIONTYPE` (CSIP4).
    pub information_type: &'a str,
    /// `CREATEDATE` (CSIP7).
    pub created: Timestamp,
    /// Agents; `None` in representations, which name the software only.
    pub provenance: Option<&'a Provenance>,
    /// The archive's reference code (SIP7), empty where none is known.
    pub signature: &'a str,
    /// `OBJID` of the package that this one was made from, where it is another.
    pub previous: Option<&'a str>,
    /// `RECORDSTATUS` (SIP3).
    pub status: RecordStatus,
}

/// What a package is to those of the same identity that were there before (E-ARK vocabulary `RecordStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordStatus {
    /// The first.
    #[default]
    New,
    /// It brings files that belong to it too.
    Supplement,
    /// It has the same files, and metadata that changed.
    Version,
}

impl RecordStatus {
    const fn name(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Supplement => "SUPPLEMENT",
            Self::Version => "VERSION",
        }
    }
}

/// A metadata file and how METS refers to it.
#[derive(Debug, Clone, Copy)]
pub struct Metadata<'a> {
    /// The file.
    pub file: &'a Packed,
    /// In which section.
    pub section: Section,
    /// `MDTYPE` (CSIP25), `OTHERMDTYPE` where that is `OTHER`.
    pub kind: (&'a str, Option<&'a str>),
    /// `MDTYPEVERSION`.
    pub version: Option<&'a str>,
}

/// The section of METS in which a metadata file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// `dmdSec`.
    Descriptive,
    /// `amdSec/digiprovMD`.
    Provenance,
}

/// A file group of the root METS document.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// `USE` (CSIP64).
    pub name: &'a str,
    /// Its files.
    pub files: &'a [Packed],
}

/// The name of the group of what a package without representations brings (CSIP101, CSIP114).
pub const CONTENT: &str = "Representations";

/// A payload file as the METS document of its representation lists it.
#[derive(Debug, Clone)]
pub struct Payload<'a> {
    /// Path in the folder of the METS document.
    pub path: Cow<'a, str>,
    /// Size in bytes.
    pub size: u64,
    /// Last modification.
    pub modified: Timestamp,
    /// SHA-256.
    pub sum: &'a Sha256Sum,
    /// SHA-512 where it was asked for; stands in PREMIS only.
    pub sha512: Option<&'a Sha512Sum>,
    /// What the source tells of it; stands in PREMIS only.
    pub facts: Option<&'a FileFacts>,
}

/// Writes the root METS document. `groups` are documentation, schemas and other files; each of `representations` holds
/// the METS document of one, and where it has none, all its files.
pub fn write_root(
    out: &mut dyn Write,
    header: &Header<'_>,
    metadata: &[Metadata<'_>],
    groups: &[Group<'_>],
    representations: &[Group<'_>],
) -> io::Result<()> {
    let mut xml = XmlWriter::new(out);
    start(&mut xml, header)?;
    let (descriptive, administrative) = sections(&mut xml, metadata)?;
    xml.start("fileSec", &[("ID", Some("filesec"))])?;
    let mut number = 0;
    for group in groups.iter().chain(representations).filter(|group| !group.files.is_empty()) {
        start_group(&mut xml, group.name, header.information_type)?;
        for file in group.files {
            number += 1;
            let Packed { path, size, modified, sum } = file;
            let payload =
                Payload { path: path.into(), size: *size, modified: *modified, sum, sha512: None, facts: None };
            write_file(&mut xml, number, &payload)?;
        }
        xml.end()?;
    }
    xml.end()?;
    start_map(&mut xml, header.object, &descriptive, &administrative)?;
    for group in groups.iter().filter(|group| !group.files.is_empty()) {
        division(&mut xml, group.name)?;
        xml.empty("fptr", &[("FILEID", Some(&group_id(group.name)))])?;
        xml.end()?;
    }
    // CSIP101 to CSIP104 want one division that names the groups, CSIP105 to CSIP112 one for each representation. Read
    // by their location these stand beside it, read by the rules of validators below it: they stand in both places.
    division(&mut xml, CONTENT)?;
    for group in representations {
        xml.empty("fptr", &[("FILEID", Some(&group_id(group.name)))])?;
    }
    let described = || representations.iter().filter(|group| group.name != CONTENT);
    for group in described() {
        representation(&mut xml, "div-pointer", group)?;
    }
    xml.end()?;
    for group in described() {
        representation(&mut xml, "div", group)?;
    }
    // The division of the package, the map, the document.
    xml.end()?;
    xml.end()?;
    xml.end()
}

/// Writes the METS document of a representation; `files` gives its payload by its number in order, all below `data/`.
pub fn write_representation<'a>(
    out: &mut dyn Write,
    header: &Header<'_>,
    metadata: &[Metadata<'_>],
    files: impl Fn(usize) -> Payload<'a> + Sync,
    empty_folders: &[String],
    structure: &Structure<'_>,
) -> io::Result<()> {
    let mut xml = XmlWriter::new(out);
    start(&mut xml, header)?;
    let (descriptive, administrative) = sections(&mut xml, metadata)?;
    let group = format!("Representations/{}/data", header.object);
    xml.start("fileSec", &[("ID", Some("filesec"))])?;
    start_group(&mut xml, &group, header.information_type)?;
    xml.each(structure.files, |xml, index| write_file(xml, index + 1, &files(index)))?;
    xml.end()?;
    xml.end()?;
    start_map(&mut xml, header.object, &descriptive, &administrative)?;
    division(&mut xml, "Representations")?;
    xml.empty("fptr", &[("FILEID", Some(&group_id(&group)))])?;
    // METS has no place for a folder without files but a division of its own.
    for (number, folder) in (1..).zip(empty_folders) {
        let (id, label) = (format!("folder-{number}"), href(&format!("data/{folder}/")));
        xml.empty("div", &[("ID", Some(&id)), ("TYPE", Some(EMPTY_FOLDER)), ("LABEL", Some(&label))])?;
    }
    xml.end()?;
    // The division of the package, the map.
    xml.end()?;
    xml.end()?;
    structure::write(&mut xml, structure)?;
    xml.end()
}

/// Writes the division of a representation with the pointer to its METS document (CSIP105 to CSIP112).
fn representation(xml: &mut XmlWriter<'_>, prefix: &str, group: &Group<'_>) -> io::Result<()> {
    let id = format!("{prefix}-{}", id_of(group.name));
    xml.start("div", &[("ID", Some(&id)), ("LABEL", Some(group.name))])?;
    for file in group.files.iter().filter(|file| is_representation_mets(&file.path)) {
        xml.empty(
            "mptr",
            &[
                ("LOCTYPE", Some("URL")),
                ("xlink:type", Some("simple")),
                ("xlink:href", Some(&href(&file.path))),
                ("xlink:title", Some(&group_id(group.name))),
            ],
        )?;
    }
    xml.end()
}

/// Returns whether `path` is the METS document of a representation (CSIPSTR12).
#[must_use]
pub fn is_representation_mets(path: &str) -> bool {
    let inside = path.strip_prefix("representations/").and_then(|rest| rest.split_once('/'));
    inside.is_some_and(|(_, file)| file == super::METS)
}

/// AIPM2, DIP2 and SIP2 name one address each; a representation has the one of its package.
const fn profile(kind: PackageKind) -> &'static str {
    match kind {
        PackageKind::Sip => "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml",
        PackageKind::Aip => "https://earkdip.dilcis.eu/profile/E-ARK-AIP-v2-2-0.xml",
        PackageKind::Dip => "https://earkdip.dilcis.eu/profile/E-ARK-DIP.xml",
    }
}

fn start(xml: &mut XmlWriter<'_>, header: &Header<'_>) -> io::Result<()> {
    let created = header.created.to_string();
    xml.start(
        "mets",
        &[
            ("xmlns", Some("http://www.loc.gov/METS/")),
            ("xmlns:csip", Some("https://DILCIS.eu/XML/METS/CSIPExtensionMETS")),
            ("xmlns:xlink", Some("http://www.w3.org/1999/xlink")),
            ("OBJID", Some(header.object)),
            ("LABEL", Some(&plain(header.label))),
            ("TYPE", Some(header.category)),
            ("csip:CONTENTINFORMATIONTYPE", Some(header.information_type)),
            ("PROFILE", Some(profile(header.kind))),
        ],
    )?;
    xml.start(
        "metsHdr",
        &[
            ("CREATEDATE", Some(&created)),
            ("LASTMODDATE", Some(&created)),
            ("RECORDSTATUS", header.provenance.map(|_| header.status.name())),
            ("csip:OAISPACKAGETYPE", Some(header.kind.name())),
        ],
    )?;
    // CSIP10 to CSIP16.
    xml.start("agent", &[("ROLE", Some("CREATOR")), ("TYPE", Some("OTHER")), ("OTHERTYPE", Some("SOFTWARE"))])?;
    xml.text("name", &[], "eArchiv")?;
    xml.text("note", &[("csip:NOTETYPE", Some("SOFTWARE VERSION"))], VERSION)?;
    xml.end()?;
    if let Some(provenance) = header.provenance {
        let creator = if provenance.creator.is_empty() { &provenance.producer } else { &provenance.creator };
        let creator_code = if *creator == provenance.producer { provenance.producer_code.as_str() } else { "" };
        // SIP9, SIP15 and SIP26; CREATOR is the software's role only (CSIP12).
        organization(xml, "ARCHIVIST", None, creator, creator_code)?;
        organization(xml, "OTHER", Some("SUBMITTER"), &provenance.producer, &provenance.producer_code)?;
        organization(xml, "PRESERVATION", None, &provenance.archive, &provenance.archive_code)?;
        if !provenance.system.is_empty() {
            let role = [("ROLE", Some("OTHER")), ("OTHERROLE", Some(SYSTEM))];
            xml.start("agent", &[role[0], role[1], ("TYPE", Some("OTHER")), ("OTHERTYPE", Some("SOFTWARE"))])?;
            xml.text("name", &[], &plain(&provenance.system))?;
            xml.end()?;
        }
        // SIP5, SIP7.
        for (kind, value) in [
            ("SUBMISSIONAGREEMENT", provenance.agreement.as_str()),
            ("REFERENCECODE", header.signature),
            ("DELIVERY", &provenance.delivery),
            ("PROCESS", &provenance.process),
            ("ACCESSION", provenance.accession.as_deref().unwrap_or_default()),
            ("SUBMISSION", header.previous.unwrap_or_default()),
        ] {
            if !value.is_empty() {
                xml.text("altRecordID", &[("TYPE", Some(kind))], &plain(value))?;
            }
        }
    }
    xml.end()
}

fn organization(
    xml: &mut XmlWriter<'_>,
    role: &str,
    other_role: Option<&str>,
    name: &str,
    code: &str,
) -> io::Result<()> {
    if name.is_empty() {
        return Ok(());
    }
    xml.start("agent", &[("ROLE", Some(role)), ("OTHERROLE", other_role), ("TYPE", Some("ORGANIZATION"))])?;
    xml.text("name", &[], &plain(name))?;
    if !code.is_empty() {
        xml.text("note", &[("csip:NOTETYPE", Some("IDENTIFICATIONCODE"))], code)?;
    }
    xml.end()
}

/// Writes `dmdSec` and `amdSec` and returns the ids of their parts, separated by spaces.
fn sections(xml: &mut XmlWriter<'_>, metadata: &[Metadata<'_>]) -> io::Result<(String, String)> {
    let mut ids = [Vec::new(), Vec::new()];
    let of = |section| metadata.iter().filter(move |one| one.section == section);
    for (number, one) in (1..).zip(of(Section::Descriptive)) {
        let id = format!("dmd-{number}");
        section(xml, "dmdSec", &id, one)?;
        ids[0].push(id);
    }
    if of(Section::Provenance).next().is_some() {
        xml.start("amdSec", &[("ID", Some("amdsec"))])?;
        for (number, one) in (1..).zip(of(Section::Provenance)) {
            let id = format!("digiprov-{number}");
            section(xml, "digiprovMD", &id, one)?;
            ids[1].push(id);
        }
        xml.end()?;
    }
    Ok((ids[0].join(" "), ids[1].join(" ")))
}

fn section(xml: &mut XmlWriter<'_>, name: &'static str, id: &str, metadata: &Metadata<'_>) -> io::Result<()> {
    let file = metadata.file;
    let created = file.modified.to_string();
    // AIPM4: what a later version of an AIP says otherwise is kept beside it.
    let number = file.path.strip_prefix(ARCHIVED).and_then(|path| path.strip_prefix('v'));
    let superseded = number.is_some_and(|path| path.starts_with(|letter: char| letter.is_ascii_digit()));
    let status = if superseded { "SUPERSEDED" } else { "CURRENT" };
    xml.start(name, &[("ID", Some(id)), ("CREATED", Some(&created)), ("STATUS", Some(status))])?;
    xml.empty(
        "mdRef",
        &[
            ("LOCTYPE", Some("URL")),
            ("MDTYPE", Some(metadata.kind.0)),
            ("OTHERMDTYPE", metadata.kind.1),
            ("MDTYPEVERSION", metadata.version),
            ("xlink:type", Some("simple")),
            ("xlink:href", Some(&href(&file.path))),
            ("MIMETYPE", Some(mime_type(&file.path))),
            ("SIZE", Some(&file.size.to_string())),
            ("CREATED", Some(&created)),
            ("CHECKSUM", Some(&hex(&file.sum))),
            ("CHECKSUMTYPE", Some("SHA-256")),
        ],
    )?;
    xml.end()
}

fn start_group(xml: &mut XmlWriter<'_>, name: &str, information_type: &str) -> io::Result<()> {
    let information_type = name.starts_with("Representations").then_some(information_type);
    let id = group_id(name);
    let attributes = [("ID", Some(&*id)), ("USE", Some(name)), ("csip:CONTENTINFORMATIONTYPE", information_type)];
    xml.start("fileGrp", &attributes)
}

fn write_file(xml: &mut XmlWriter<'_>, number: usize, file: &Payload<'_>) -> io::Result<()> {
    xml.start(
        "file",
        &[
            ("ID", Some(&format!("file-{number}"))),
            ("MIMETYPE", Some(mime_type(&file.path))),
            ("SIZE", Some(&file.size.to_string())),
            ("CREATED", Some(&file.modified.to_string())),
            ("CHECKSUM", Some(&hex(file.sum))),
            ("CHECKSUMTYPE", Some("SHA-256")),
        ],
    )?;
    let href = href(&file.path);
    xml.empty("FLocat", &[("LOCTYPE", Some("URL")), ("xlink:type", Some("simple")), ("xlink:href", Some(&href))])?;
    xml.end()
}

/// Begins the structural map with the divisions of the package and of its metadata (CSIP80 to CSIP92).
fn start_map(xml: &mut XmlWriter<'_>, object: &str, descriptive: &str, administrative: &str) -> io::Result<()> {
    let ids = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    xml.start("structMap", &[("ID", Some("structmap")), ("TYPE", Some("PHYSICAL")), ("LABEL", Some("CSIP"))])?;
    xml.start("div", &[("ID", Some("div-package")), ("LABEL", Some(object))])?;
    xml.empty(
        "div",
        &[
            ("ID", Some("div-metadata")),
            ("LABEL", Some("Metadata")),
            ("ADMID", ids(administrative).as_deref()),
            ("DMDID", ids(descriptive).as_deref()),
        ],
    )
}

fn division(xml: &mut XmlWriter<'_>, name: &str) -> io::Result<()> {
    let id = format!("div-{}", id_of(name));
    xml.start("div", &[("ID", Some(&id)), ("LABEL", Some(name))])
}

fn group_id(name: &str) -> String {
    format!("filegrp-{}", id_of(name))
}

/// Returns `name` as part of an `xml:id`: what is not a plain letter becomes its code, so that ids stay apart.
pub(super) fn id_of(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => id.push(letter),
            '/' => id.push('.'),
            _ => {
                let _ = write!(id, "_{:x}_", u32::from(letter));
            }
        }
    }
    id
}
