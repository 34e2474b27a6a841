//! The description of a record as Dublin Core (DCMI Metadata Terms), written and read.
//!
//! | term | field |
//! |---|---|
//! | `title` | title |
//! | `identifier` | reference codes that came along |
//! | `bibliographicCitation` | the archive's reference code (Signatur) |
//! | `creator` | who made the record |
//! | `provenance` | who delivered it |
//! | `isPartOf` | holdings (Bestand) |
//! | `temporal` | first and last date, `start=...; end=...` (DCMI Period) |
//! | `modified` | the same where only the files' modification tells it |
//! | `abstract` | contents |
//! | `subject` | subject terms |
//! | `type` | what kind of record |
//! | `contributor` | others who took part |
//! | `audience` | for whom it was made |
//! | `conformsTo` | standards, schemas and profiles that it follows |
//! | `relation` | other records that it names |
//!
//! What has no term of its own stands after these as `property` in eArchiv's namespace, with its `name`.

use std::io::{self, BufRead, Write};

use super::plain;
use crate::io::xml::{Node, XmlError, XmlLimits, XmlReader, XmlWriter};
use crate::model::record::Description;
use crate::model::unit::Property;

/// The namespace of the wrapping element; its schema lies in `schemas/`.
const NAMESPACE: &str = "urn:earchiv:description:1";
const TERMS: &str = "http://purl.org/dc/terms/";

/// The schema of the wrapping element.
pub const SCHEMA: &str = include_str!("description.xsd");

/// Returns `description` as a package can hold it: without letters that XML has no place for, and without
/// entries of lists that say nothing. [`write()`] writes this, and [`read`] reads it back.
#[must_use]
pub fn told(description: &Description) -> Description {
    let text = |value: &String| plain(value).into_owned();
    let telling = |values: &[String]| values.iter().filter(|value| !value.is_empty()).map(text).collect::<Vec<_>>();
    let properties = description.properties.iter().filter(|one| !(one.name.is_empty() || one.value.is_empty()));
    Description {
        title: text(&description.title),
        identifiers: telling(&description.identifiers),
        signature: text(&description.signature),
        date_from: text(&description.date_from),
        date_to: text(&description.date_to),
        dates_of_files: description.dates_of_files,
        creator: text(&description.creator),
        producer: text(&description.producer),
        holdings: text(&description.holdings),
        summary: text(&description.summary),
        subjects: telling(&description.subjects),
        kind: text(&description.kind),
        contributors: telling(&description.contributors),
        audience: telling(&description.audience),
        conforms_to: telling(&description.conforms_to),
        relations: telling(&description.relations),
        properties: properties.map(|one| Property::new(plain(&one.name), plain(&one.value))).collect(),
    }
}

/// Writes `description`; what is empty is left out.
pub fn write(out: &mut dyn Write, description: &Description) -> io::Result<()> {
    let description = &told(description);
    let mut xml = XmlWriter::new(out);
    xml.start("description", &[("xmlns", Some(NAMESPACE)), ("xmlns:dcterms", Some(TERMS))])?;
    let temporal = match (description.date_from.as_str(), description.date_to.as_str()) {
        ("", "") => String::new(),
        (from, "") => format!("start={from}"),
        ("", to) => format!("end={to}"),
        (from, to) => format!("start={from}; end={to}"),
    };
    let single = |value: &String| std::slice::from_ref(value).to_vec();
    for (name, values) in [
        ("dcterms:title", single(&description.title)),
        ("dcterms:identifier", description.identifiers.clone()),
        ("dcterms:bibliographicCitation", single(&description.signature)),
        ("dcterms:creator", single(&description.creator)),
        ("dcterms:provenance", single(&description.producer)),
        ("dcterms:isPartOf", single(&description.holdings)),
        (if description.dates_of_files { "dcterms:modified" } else { "dcterms:temporal" }, vec![temporal]),
        ("dcterms:abstract", single(&description.summary)),
        ("dcterms:subject", description.subjects.clone()),
        ("dcterms:type", single(&description.kind)),
        ("dcterms:contributor", description.contributors.clone()),
        ("dcterms:audience", description.audience.clone()),
        ("dcterms:conformsTo", description.conforms_to.clone()),
        ("dcterms:relation", description.relations.clone()),
    ] {
        for value in values.iter().filter(|value| !value.is_empty()) {
            xml.text(name, &[], value)?;
        }
    }
    for Property { name, value } in &description.properties {
        xml.text("property", &[("name", Some(name))], value)?;
    }
    xml.end()
}

/// Reads what [`write()`] writes; `None` where the document is another kind of description.
pub fn read(source: impl BufRead) -> Result<Option<Description>, XmlError> {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    let mut description = Description::default();
    match xml.node()? {
        Some(Node::Start(root)) if root.namespace == NAMESPACE && root.name == "description" => {}
        _ => return Ok(None),
    }
    let (mut term, mut property, mut text) = (None, None, String::new());
    while let Some(node) = xml.node()? {
        match node {
            Node::Start(element) => {
                let own = element.namespace == NAMESPACE && element.name == "property";
                property = own.then(|| element.attribute("name").unwrap_or_default().to_owned());
                term = (element.namespace == TERMS).then_some(element.name);
                text.clear();
            }
            Node::Text(piece) => text.push_str(&piece),
            Node::End => {
                let value = std::mem::take(&mut text);
                if let Some(term) = term.take() {
                    set(&mut description, &term, value);
                } else if let Some(name) = property.take() {
                    description.properties.push(Property { name, value });
                }
            }
        }
    }
    Ok(Some(description))
}

fn set(description: &mut Description, term: &str, value: String) {
    match term {
        "title" => description.title = value,
        "identifier" => description.identifiers.push(value),
        "bibliographicCitation" => description.signature = value,
        "creator" => description.creator = value,
        "provenance" => description.producer = value,
        "isPartOf" => description.holdings = value,
        "temporal" | "modified" => {
            description.dates_of_files = term == "modified";
            for part in value.split("; ") {
                if let Some(from) = part.strip_prefix("start=") {
                    from.clone_into(&mut description.date_from);
                } else if let Some(to) = part.strip_prefix("end=") {
                    to.clone_into(&mut description.date_to);
                }
            }
        }
        "abstract" => description.summary = value,
        "subject" => description.subjects.push(value),
        "type" => description.kind = value,
        "contributor" => description.contributors.push(value),
        "audience" => description.audience.push(value),
        "conformsTo" => description.conforms_to.push(value),
        "relation" => description.relations.push(value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let full = Description {
            title: "Spielplätze & <Grünanlagen>".to_owned(),
            identifiers: vec!["67-1/2013".to_owned(), "B 2".to_owned()],
            signature: "StadtA M, 67/12".to_owned(),
            date_from: "2011-05".to_owned(),
            date_to: "2013-12-31".to_owned(),
            dates_of_files: false,
            creator: "Grünflächenamt".to_owned(),
            producer: "Stadt Musterstadt".to_owned(),
            holdings: "67".to_owned(),
            summary: "Enthält:\nZwei Zeilen".to_owned(),
            subjects: vec!["Spielplatz".to_owned()],
            kind: "Rechnung".to_owned(),
            contributors: vec!["Hauptamt".to_owned(), "Bauhof".to_owned()],
            audience: vec!["Stadt Musterstadt".to_owned()],
            conforms_to: vec!["urn:cen.eu:en16931:2017".to_owned()],
            relations: vec!["Auftrag 7".to_owned(), "Vertrag 2".to_owned()],
            properties: vec![
                Property::new("BT-9", "2024-05-31"),
                Property::new("a \"b\" <c>\n\t", " mehrere\r\nZeilen & Leerzeichen \t"),
                Property::new("BT-9", "2024-06-30"),
            ],
        };
        let open = Description { title: "T".to_owned(), date_to: "2013".to_owned(), ..Description::default() };
        let files = Description { dates_of_files: true, ..full.clone() };
        for description in [full, open, files] {
            let mut out = Vec::new();
            write(&mut out, &description).unwrap();
            assert_eq!(read(&*out).unwrap(), Some(description));
        }
    }

    #[test]
    fn what_xml_cannot_hold_and_what_says_nothing_is_left_out_when_it_is_told() {
        let odd = Description {
            title: "a\u{0}b\u{fffe}".to_owned(),
            contributors: vec![String::new(), "\u{1}".to_owned()],
            properties: vec![Property::new("", "x"), Property::new("x", ""), Property::new("\u{7}", "\u{8}")],
            ..Description::default()
        };
        let mut out = Vec::new();
        write(&mut out, &odd).unwrap();
        let read = read(&*out).unwrap().unwrap();
        assert_eq!(read, told(&odd));
        assert_eq!(read.title, "a\u{fffd}b\u{fffd}");
        assert_eq!(read.contributors, ["\u{fffd}"]);
        assert_eq!(read.properties, [Property::new("\u{fffd}", "\u{fffd}")]);
    }

    #[test]
    fn another_description_is_told_apart() {
        assert_eq!(read(&b"<ead xmlns='http://ead3.archivists.org/schema/'/>"[..]).unwrap(), None);
    }
}
