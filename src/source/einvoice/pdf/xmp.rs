//! What the metadata of a PDF (XMP, ISO 16684-1) say of PDF/A and of an embedded invoice.

use std::io::BufRead;

use crate::io::xml::{Node, XmlLimits, XmlReader};

/// How long a value is at most, in bytes.
const LENGTH: usize = 200;

/// What is said. Empty strings mean that nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Xmp {
    /// The part of PDF/A (`pdfaid:part`).
    pub part: String,
    /// The conformance level of PDF/A (`pdfaid:conformance`).
    pub conformance: String,
    /// The profile of the invoice (`fx:ConformanceLevel`, whatever version of the schema).
    pub profile: String,
}

impl Xmp {
    /// Reads the metadata; those that are not well-formed are read as far as they are.
    pub fn read(source: impl BufRead) -> Self {
        let mut xml =
            XmlReader::new(source, XmlLimits { depth: 64, attributes: 256, piece: 1 << 20, elements: u64::MAX });
        let mut found = Self::default();
        let mut open: Option<(String, String, String)> = None;
        while let Ok(Some(node)) = xml.node() {
            match node {
                Node::Start(element) => {
                    // A property may be an attribute of its description, or an element in it.
                    for (namespace, name, value) in &element.attributes {
                        found.take(namespace, name, value);
                    }
                    open = Some((element.namespace, element.name, String::new()));
                }
                Node::Text(text) => {
                    if let Some((_, _, value)) = &mut open
                        && value.len() < LENGTH
                    {
                        value.push_str(&text);
                    }
                }
                Node::End => {
                    if let Some((namespace, name, value)) = open.take() {
                        found.take(&namespace, &name, &value);
                    }
                }
            }
        }
        found
    }

    fn take(&mut self, namespace: &str, name: &str, value: &str) {
        let place = match (namespace, name) {
            ("http://www.aiim.org/pdfa/ns/id/", "part") => &mut self.part,
            ("http://www.aiim.org/pdfa/ns/id/", "conformance") => &mut self.conformance,
            // ZUGFeRD 1.0 and 2.0, Factur-X, Order-X: each has a name of its own.
            (_, "ConformanceLevel")
                if ["urn:ferd:pdfa:", "urn:zugferd:pdfa:", "urn:factur-x:pdfa:"]
                    .iter()
                    .any(|own| namespace.starts_with(own)) =>
            {
                &mut self.profile
            }
            _ => return,
        };
        let value = value.trim();
        if place.is_empty() {
            value[..value.floor_char_boundary(LENGTH)].clone_into(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_elements_or_attributes() {
        let elements = br#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description xmlns:p="http://www.aiim.org/pdfa/ns/id/"><p:part> 3 </p:part><p:conformance>B</p:conformance></rdf:Description>
            <rdf:Description xmlns:f="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"><f:ConformanceLevel>EN 16931</f:ConformanceLevel></rdf:Description>
            </rdf:RDF></x:xmpmeta><?xpacket end="w"?>   "#;
        let attributes = br#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description xmlns:a="http://www.aiim.org/pdfa/ns/id/" a:part="3" a:conformance="B"
              xmlns:z="urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#" z:ConformanceLevel="EN 16931"/></rdf:RDF>"#;
        let expected = Xmp { part: "3".into(), conformance: "B".into(), profile: "EN 16931".into() };
        assert_eq!(Xmp::read(&elements[..]), expected);
        assert_eq!(Xmp::read(&attributes[..]), expected);
        assert_eq!(Xmp::read(&elements[..400]).profile, "");
    }
}
