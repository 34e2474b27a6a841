//! Metadata documents against schemas from outside (`--schemas`), by the namespace of their root element.

use std::io::{self, BufReader, Read};

use crate::io::xml::{Node, XmlError, XmlLimits, XmlReader};
use crate::io::xsd::SchemaFolder;
use crate::model::finding::{Code, Finding, Severity};
use crate::package::eark::schema;
use crate::package::reader::PackageReader;
use crate::task::{Cancelled, Watch};

/// Compares documents of a package with the schemas of a folder; those that are not there or no XML are left to others.
pub(super) fn compare<'a>(
    schemas: &SchemaFolder,
    reader: &PackageReader,
    documents: impl Iterator<Item = &'a str>,
    watch: Watch<'_>,
) -> Result<Vec<Finding>, Cancelled> {
    let mut findings = Vec::new();
    for path in documents {
        watch.cancel.check()?;
        let Some(part) = reader.find(path) else { continue };
        let open = || -> Box<dyn Read + Send> {
            match reader.read(part) {
                Ok(source) => source,
                Err(error) => Box::new(Unopened(Some(error))),
            }
        };
        // The other reader knows no limits, so that ours comes first, to the end.
        let Ok(namespace) = namespace(BufReader::new(open())) else { continue };
        let about = |code| Finding::new(code).file(path);
        match schemas.check(&namespace, open) {
            Ok(Some(violations)) => findings.extend(violations.into_iter().map(|violation| Finding {
                column: Some(violation.column),
                xpath: violation.path,
                ..about(Code::SchemaInvalid).line(violation.line).value(violation.text)
            })),
            Ok(None) => {
                let mut absent = about(Code::SchemaAbsent).value(namespace.clone());
                if schema::is_known(&namespace) {
                    absent.severity = Severity::Info;
                }
                findings.push(absent);
            }
            Err(fault) => findings.push(about(Code::SchemaAbsent).value(format!("{namespace}: {fault}"))),
        }
    }
    Ok(findings)
}

/// Returns the namespace of the root element of a document that is well-formed and within the limits.
fn namespace(source: impl io::BufRead) -> Result<String, XmlError> {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    let mut namespace = None;
    while let Some(node) = xml.node()? {
        if let (None, Node::Start(root)) = (&namespace, node) {
            namespace = Some(root.namespace);
        }
    }
    Ok(namespace.unwrap_or_default())
}

/// A file that could not be opened: reading says so.
struct Unopened(Option<io::Error>);

impl Read for Unopened {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
