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

use std::io::{self, BufRead, Write};

use crate::io::xml::{Node, XmlError, XmlLimits, XmlReader, XmlWriter};
use crate::model::record::Description;

/// The namespace of the wrapping element; its schema lies in `schemas/`.
const NAMESPACE: &str = "urn:earchiv:description:1";
const TERMS: &str = "http://purl.org/dc/terms/";

/// The schema of the wrapping element.
pub const SCHEMA: &str = include_str!("description.xsd");

/// Writes `description`; what is empty is left out.
pub fn write(out: &mut dyn Write, description: &Description) -> io::Result<()> {
    let mut xml = XmlWriter::new(out)?;
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
    ] {
        for value in values.iter().filter(|value| !value.is_empty()) {
            xml.text(name, &[], value)?;
        }
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
    let (mut term, mut text) = (None, String::new());
    while let Some(node) = xml.node()? {
        match node {
            Node::Start(element) => {
                term = (element.namespace == TERMS).then_some(element.name);
                text.clear();
            }
            Node::Text(piece) => text.push_str(&piece),
            Node::End => {
                if let Some(term) = term.take() {
                    set(&mut description, &term, std::mem::take(&mut text));
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
            ..Description::default()
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
    fn another_description_is_told_apart() {
        assert_eq!(read(&b"<ead xmlns='http://ead3.archivists.org/schema/'/>"[..]).unwrap(), None);
    }
}
