//! What a finding aid says of itself: who keeps it, by which rules it was made, and when.

use std::io;

use super::super::compose::Order;
use super::super::{Provenance, VERSION, plain};
use crate::io::xml::XmlWriter;

/// Writes `control`; `title` is that of the record.
pub(super) fn write(xml: &mut XmlWriter<'_>, order: &Order<'_>, title: &str) -> io::Result<()> {
    let created = order.created.to_string();
    let Provenance { archive, archive_code, producer, .. } = order.provenance;
    let agency = [archive.as_str(), producer, "eArchiv"].into_iter().find(|name| !name.is_empty());
    xml.start(
        "control",
        &[
            ("countryencoding", Some("iso3166-1")),
            ("dateencoding", Some("iso8601")),
            ("langencoding", Some("iso639-2b")),
            ("repositoryencoding", Some("iso15511")),
            ("scriptencoding", Some("iso15924")),
        ],
    )?;
    xml.text("recordid", &[], &order.id.to_string())?;
    xml.start("filedesc", &[])?;
    xml.start("titlestmt", &[])?;
    xml.text("titleproper", &[], title)?;
    xml.end()?;
    xml.end()?;
    xml.empty("maintenancestatus", &[("value", Some("new"))])?;
    xml.start("maintenanceagency", &[])?;
    if !(archive.is_empty() || archive_code.is_empty()) {
        xml.text("agencycode", &[], &plain(archive_code))?;
    }
    xml.text("agencyname", &[], &plain(agency.unwrap_or_default()))?;
    xml.end()?;
    xml.start("languagedeclaration", &[])?;
    xml.text("language", &[("langcode", Some("ger"))], "Deutsch")?;
    xml.text("script", &[("scriptcode", Some("Latn"))], "Lateinisch")?;
    xml.end()?;
    xml.start("conventiondeclaration", &[])?;
    xml.text("citation", &[], "ISAD(G)")?;
    xml.end()?;
    xml.start("maintenancehistory", &[])?;
    xml.start("maintenanceevent", &[])?;
    xml.empty("eventtype", &[("value", Some("created"))])?;
    xml.text("eventdatetime", &[("standarddatetime", Some(&created))], &created)?;
    xml.empty("agenttype", &[("value", Some("machine"))])?;
    xml.text("agent", &[], &format!("eArchiv {VERSION}"))?;
    xml.end()?;
    xml.end()?;
    xml.end()
}
