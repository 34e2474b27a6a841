//! Writes PREMIS 3.0 documents as streams: one for the package, one for the files of a representation.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::mets::Payload;
use super::{Provenance, Rights, VERSION, mime_type, plain};
use crate::io::xml::XmlWriter;
use crate::model::checksum::hex;
use crate::model::package::PackageId;
use crate::model::path::{href, original, text};
use crate::model::record::{Act, FileFacts};
use crate::model::time::Timestamp;

/// An event in the life of a package (PREMIS 3.0, 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `eventType`, a term of the Library of Congress' vocabulary.
    pub kind: &'static str,
    /// When.
    pub time: Timestamp,
    /// What exactly.
    pub detail: String,
    /// Whether the agent is the archive (else the program).
    pub by_archive: bool,
}

/// What the package's own document says.
#[derive(Debug, Clone, Copy)]
pub struct Entity<'a> {
    /// The package.
    pub id: PackageId,
    /// The record's name in the delivery.
    pub name: &'a str,
    /// Names of the representations.
    pub representations: &'a [String],
    /// What was done before the package was made, as the source tells it.
    pub acts: &'a [Act],
    /// When the package was made: the time of acts that have none.
    pub created: Timestamp,
    /// Events, oldest first.
    pub events: &'a [Event],
    /// Agents follow from it.
    pub provenance: &'a Provenance,
    /// Restrictions of use.
    pub rights: &'a [Rights],
}

/// Writes the document of the package: intellectual entity, representations, events, agents, rights.
pub fn write_package(out: &mut dyn Write, entity: &Entity<'_>) -> io::Result<()> {
    let mut xml = start(out)?;
    let id = entity.id.to_string();
    xml.start("object", &[("xsi:type", Some("intellectualEntity"))])?;
    identifier(&mut xml, "objectIdentifier", "UUID", &id)?;
    if !entity.name.is_empty() {
        xml.text("originalName", &[], &plain(entity.name))?;
    }
    xml.end()?;
    for name in entity.representations {
        xml.start("object", &[("xsi:type", Some("representation"))])?;
        identifier(&mut xml, "objectIdentifier", "path", &href(&format!("representations/{name}")))?;
        xml.start("relationship", &[])?;
        xml.text("relationshipType", &[], "structural")?;
        xml.text("relationshipSubType", &[], "represents")?;
        identifier(&mut xml, "relatedObjectIdentifier", "UUID", &id)?;
        xml.end()?;
        xml.end()?;
    }
    for (number, act) in (1..).zip(entity.acts) {
        write_act(&mut xml, entity, number, act)?;
    }
    for event in entity.events {
        write_event(&mut xml, entity, event)?;
    }
    write_agents(&mut xml, entity)?;
    write_rights(&mut xml, entity.id, entity.rights)?;
    xml.end()
}

/// Writes the document of a representation: one object for each of its `count` files, which `files` gives by their number.
pub fn write_files<'a>(
    out: &mut dyn Write,
    representation: &str,
    count: usize,
    files: impl Fn(usize) -> Payload<'a> + Sync,
) -> io::Result<()> {
    let mut xml = start(out)?;
    xml.start("object", &[("xsi:type", Some("representation"))])?;
    identifier(&mut xml, "objectIdentifier", "path", &href(&format!("representations/{representation}")))?;
    xml.end()?;
    xml.each(count, |xml, index| write_object(xml, &files(index)))?;
    xml.end()
}

fn start(out: &mut dyn Write) -> io::Result<XmlWriter<'_>> {
    let mut xml = XmlWriter::new(out);
    xml.start(
        "premis",
        &[
            ("xmlns", Some("http://www.loc.gov/premis/v3")),
            ("xmlns:xsi", Some("http://www.w3.org/2001/XMLSchema-instance")),
            ("version", Some("3.0")),
        ],
    )?;
    Ok(xml)
}

/// PREMIS 3.0, 1: size, fixity, format and original name of a file; paths are relative to the representation.
fn write_object(xml: &mut XmlWriter<'_>, file: &Payload<'_>) -> io::Result<()> {
    let none = FileFacts::default();
    let facts = file.facts.unwrap_or(&none);
    xml.start("object", &[("xsi:type", Some("file"))])?;
    identifier(xml, "objectIdentifier", "path", &href(&file.path))?;
    if !facts.id.is_empty() {
        let kind = if PackageId::parse(&facts.id).is_some() { "UUID" } else { "local" };
        identifier(xml, "objectIdentifier", kind, &plain(&facts.id))?;
    }
    let bytes = match facts.original_name.as_str() {
        "" => original(file.path.strip_prefix("data/").unwrap_or(&file.path)),
        name => name.as_bytes().to_vec(),
    };
    let (name, encoded) = text(&bytes);
    // Without this mark a reader could not tell "%FF" that was a byte from "%FF" that was typed.
    let encoding = if encoded { "percent-encoded" } else { "" };
    for (kind, value) in [("originalName encoding", encoding), ("label", &facts.label), ("signature", &facts.signature)]
    {
        if !value.is_empty() {
            xml.start("significantProperties", &[])?;
            xml.text("significantPropertiesType", &[], kind)?;
            xml.text("significantPropertiesValue", &[], &plain(value))?;
            xml.end()?;
        }
    }
    xml.start("objectCharacteristics", &[])?;
    fixity(xml, "SHA-256", &hex(file.sum), "eArchiv")?;
    if let Some(sum) = file.sha512 {
        fixity(xml, "SHA-512", &hex(sum), "eArchiv")?;
    }
    for checksum in &facts.checksums {
        fixity(xml, checksum.algorithm().name(), &checksum.hex(), &facts.originator)?;
    }
    xml.text("size", &[], &file.size.to_string())?;
    let by_name = mime_type(&file.path);
    format(xml, [by_name, "", ""], false)?;
    if !facts.mime_type.is_empty() && facts.mime_type != by_name {
        format(xml, [&facts.mime_type, "", ""], true)?;
    }
    let [name_or_code, version, list] = &facts.format;
    if !name_or_code.is_empty() {
        format(xml, [name_or_code, version, list], true)?;
    }
    if !(facts.creator.is_empty() && facts.created.is_empty()) {
        xml.start("creatingApplication", &[])?;
        for (name, value) in [("creatingApplicationName", &facts.creator), ("dateCreatedByApplication", &facts.created)]
        {
            if !value.is_empty() {
                xml.text(name, &[], &plain(value))?;
            }
        }
        xml.end()?;
    }
    xml.end()?;
    xml.text("originalName", &[], &name)?;
    xml.end()
}

/// A checksum, and who computed it where that is known.
fn fixity(xml: &mut XmlWriter<'_>, algorithm: &str, digest: &str, originator: &str) -> io::Result<()> {
    xml.start("fixity", &[])?;
    xml.text("messageDigestAlgorithm", &[], algorithm)?;
    xml.text("messageDigest", &[], digest)?;
    if !originator.is_empty() {
        xml.text("messageDigestOriginator", &[], &plain(originator))?;
    }
    xml.end()
}

/// A format: name, version, and the list that the name is a code of; `declared` where the source says so.
fn format(xml: &mut XmlWriter<'_>, [name, version, list]: [&str; 3], declared: bool) -> io::Result<()> {
    xml.start("format", &[])?;
    xml.start("formatDesignation", &[])?;
    xml.text("formatName", &[], &plain(name))?;
    if !version.is_empty() {
        xml.text("formatVersion", &[], &plain(version))?;
    }
    xml.end()?;
    if !list.is_empty() {
        xml.start("formatRegistry", &[])?;
        xml.text("formatRegistryName", &[], &plain(list))?;
        xml.text("formatRegistryKey", &[], &plain(name))?;
        xml.end()?;
    }
    if declared {
        xml.text("formatNote", &[], "declared by the source")?;
    }
    xml.end()
}

/// What was done before the package was made; who did it is known by name only.
fn write_act(xml: &mut XmlWriter<'_>, entity: &Entity<'_>, number: u64, act: &Act) -> io::Result<()> {
    let id = entity.id.descendant(&format!("act:{number}:{}", act.kind)).to_string();
    xml.start("event", &[])?;
    identifier(xml, "eventIdentifier", "UUID", &id)?;
    xml.text("eventType", &[], act.kind)?;
    let created = entity.created.to_string();
    xml.text("eventDateTime", &[], &plain(if act.time.is_empty() { &created } else { &act.time }))?;
    if !act.detail.is_empty() {
        xml.start("eventDetailInformation", &[])?;
        xml.text("eventDetail", &[], &plain(&act.detail))?;
        xml.end()?;
    }
    if !act.outcome.is_empty() {
        xml.start("eventOutcomeInformation", &[])?;
        xml.text("eventOutcome", &[], &plain(&act.outcome))?;
        xml.end()?;
    }
    let agent = if act.agent.is_empty() { SOFTWARE } else { &act.agent };
    identifier(xml, "linkingAgentIdentifier", agent_kind(entity, agent), &plain(agent))?;
    identifier(xml, "linkingObjectIdentifier", "UUID", &entity.id.to_string())?;
    xml.end()
}

/// Returns what kind of identifier the name of an agent is.
fn agent_kind(entity: &Entity<'_>, agent: &str) -> &'static str {
    let Provenance { producer, creator, archive, .. } = entity.provenance;
    match agent {
        SOFTWARE => "software",
        _ if [producer, creator, archive].iter().any(|name| *name == agent) => "organization",
        _ => "name",
    }
}

fn write_event(xml: &mut XmlWriter<'_>, entity: &Entity<'_>, event: &Event) -> io::Result<()> {
    let id = entity.id.descendant(&format!("event:{}:{}:{}", event.kind, event.time, event.detail)).to_string();
    xml.start("event", &[])?;
    identifier(xml, "eventIdentifier", "UUID", &id)?;
    xml.text("eventType", &[], event.kind)?;
    xml.text("eventDateTime", &[], &event.time.to_string())?;
    xml.start("eventDetailInformation", &[])?;
    xml.text("eventDetail", &[], &event.detail)?;
    xml.end()?;
    xml.start("eventOutcomeInformation", &[])?;
    xml.text("eventOutcome", &[], "success")?;
    xml.end()?;
    let archive = entity.provenance.archive.as_str();
    let agent =
        if event.by_archive && !archive.is_empty() { ("organization", archive) } else { ("software", SOFTWARE) };
    identifier(xml, "linkingAgentIdentifier", agent.0, agent.1)?;
    identifier(xml, "linkingObjectIdentifier", "UUID", &entity.id.to_string())?;
    xml.end()
}

const SOFTWARE: &str = concat!("eArchiv ", env!("CARGO_PKG_VERSION"));

fn write_agents(xml: &mut XmlWriter<'_>, entity: &Entity<'_>) -> io::Result<()> {
    let Provenance { producer, creator, archive, .. } = entity.provenance;
    xml.start("agent", &[])?;
    identifier(xml, "agentIdentifier", "software", SOFTWARE)?;
    xml.text("agentName", &[], "eArchiv")?;
    xml.text("agentType", &[], "software")?;
    xml.text("agentVersion", &[], VERSION)?;
    xml.end()?;
    let mut named: Vec<&str> = Vec::new();
    for name in [producer, creator, archive] {
        if name.is_empty() || named.contains(&name.as_str()) {
            continue;
        }
        named.push(name);
        xml.start("agent", &[])?;
        identifier(xml, "agentIdentifier", "organization", name)?;
        xml.text("agentName", &[], name)?;
        xml.text("agentType", &[], "organization")?;
        xml.end()?;
    }
    // Of these nobody says whether they are persons, offices or programs.
    let others: BTreeSet<&str> = entity.acts.iter().map(|act| act.agent.as_str()).collect();
    for name in others {
        if !name.is_empty() && agent_kind(entity, name) == "name" {
            xml.start("agent", &[])?;
            identifier(xml, "agentIdentifier", "name", &plain(name))?;
            xml.text("agentName", &[], &plain(name))?;
            xml.end()?;
        }
    }
    Ok(())
}

/// PREMIS 3.0, 4: restrictions by statute, one statement each.
fn write_rights(xml: &mut XmlWriter<'_>, id: PackageId, all: &[Rights]) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    xml.start("rights", &[])?;
    for (number, rights) in (1..).zip(all) {
        // The first keeps the name that it had when there was only one.
        let name = if number == 1 { "rights".to_owned() } else { format!("rights:{number}") };
        xml.start("rightsStatement", &[])?;
        identifier(xml, "rightsStatementIdentifier", "UUID", &id.descendant(&name).to_string())?;
        xml.text("rightsBasis", &[], "statute")?;
        xml.start("statuteInformation", &[])?;
        xml.text("statuteJurisdiction", &[], &rights.jurisdiction)?;
        xml.text("statuteCitation", &[], &rights.citation)?;
        xml.end()?;
        xml.start("rightsGranted", &[])?;
        xml.text("act", &[], &rights.act)?;
        if !rights.restriction.is_empty() {
            xml.text("restriction", &[], &rights.restriction)?;
        }
        if !(rights.start.is_empty() && rights.end.is_empty()) {
            xml.start(if rights.restriction.is_empty() { "termOfGrant" } else { "termOfRestriction" }, &[])?;
            // The schema demands a start; EDTF has a word for one that nobody knows.
            xml.text("startDate", &[], if rights.start.is_empty() { "unknown" } else { &rights.start })?;
            if !rights.end.is_empty() {
                xml.text("endDate", &[], &rights.end)?;
            }
            xml.end()?;
        }
        if !rights.note.is_empty() {
            xml.text("rightsGrantedNote", &[], &rights.note)?;
        }
        xml.end()?;
        identifier(xml, "linkingObjectIdentifier", "UUID", &id.to_string())?;
        xml.end()?;
    }
    xml.end()
}

fn identifier(xml: &mut XmlWriter<'_>, name: &'static str, kind: &str, value: &str) -> io::Result<()> {
    let (of_type, of_value) = match name {
        "objectIdentifier" => ("objectIdentifierType", "objectIdentifierValue"),
        "relatedObjectIdentifier" => ("relatedObjectIdentifierType", "relatedObjectIdentifierValue"),
        "eventIdentifier" => ("eventIdentifierType", "eventIdentifierValue"),
        "agentIdentifier" => ("agentIdentifierType", "agentIdentifierValue"),
        "linkingAgentIdentifier" => ("linkingAgentIdentifierType", "linkingAgentIdentifierValue"),
        "linkingObjectIdentifier" => ("linkingObjectIdentifierType", "linkingObjectIdentifierValue"),
        _ => ("rightsStatementIdentifierType", "rightsStatementIdentifierValue"),
    };
    xml.start(name, &[])?;
    xml.text(of_type, &[], kind)?;
    xml.text(of_value, &[], value)?;
    xml.end()
}
