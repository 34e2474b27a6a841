//! Packages that conform, made from scratch: every kind, with all that is allowed or only with what should be there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::sandbox::sha256;

/// Which package is made.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// SIP, AIP or DIP.
    pub kind: &'static str,
    /// Whether it has all that may be there, or only what must and should be.
    pub full: bool,
}

/// The files of a package by path; those of METS are made last.
pub type Files = BTreeMap<String, String>;

/// The name of the package and of its folder.
pub const NAME: &str = "paket-1";
const TIME: &str = "2026-03-01T10:00:00";
const SPACES: &str = "xmlns=\"http://www.loc.gov/METS/\" xmlns:csip=\"https://DILCIS.eu/XML/METS/CSIPExtensionMETS\" \
    xmlns:sip=\"https://DILCIS.eu/XML/METS/SIPExtensionMETS\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

impl Wanted {
    /// Returns `PROFILE` as the specification of the kind says it (SIP2, AIPM2, DIP2).
    pub fn profile(self) -> &'static str {
        match self.kind {
            "SIP" => "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml",
            "AIP" => "https://earkdip.dilcis.eu/profile/E-ARK-AIP-v2-2-0.xml",
            _ => "https://earkdip.dilcis.eu/profile/E-ARK-DIP.xml",
        }
    }

    /// Returns all files but the METS documents.
    pub fn files(self) -> Files {
        let mut files = Files::new();
        let mut add = |path: &str, text: &str| drop(files.insert(path.to_owned(), text.to_owned()));
        add("metadata/descriptive/dc.xml", "<dc/>");
        add("metadata/preservation/premis.xml", PREMIS);
        add("representations/rep1/data/bericht.txt", "Bericht\n");
        add("representations/rep1/metadata/descriptive/dc.xml", "<dc/>");
        add("documentation/lesen.txt", "Lesen\n");
        add("schemas/dc.xsd", "<schema/>");
        if self.full {
            add("metadata/preservation/rights.xml", "<rights/>");
            add("metadata/other/notiz.xml", "<notiz/>");
            add("documentation/anhang/beilage.txt", "Beilage\n");
        }
        files
    }

    /// Adds the METS documents; `change` changes that of the representation and that of the package, which it gets by path.
    pub fn complete(self, files: &mut Files, change: impl Fn(&str, String) -> String) {
        let path = "representations/rep1/METS.xml";
        files.insert(path.to_owned(), change(path, self.representation(files)));
        files.insert("METS.xml".to_owned(), change("METS.xml", self.package(files)));
    }

    fn representation(self, files: &Files) -> String {
        let base = "representations/rep1/";
        let inside: Files =
            files.iter().filter_map(|(path, text)| Some((path.strip_prefix(base)?.to_owned(), text.clone()))).collect();
        let mut lines = vec![
            format!(
                "<mets {SPACES} OBJID=\"rep1\" TYPE=\"Mixed\" csip:CONTENTINFORMATIONTYPE=\"MIXED\" PROFILE=\"{}\">",
                self.profile()
            ),
            format!("<metsHdr CREATEDATE=\"{TIME}\" LASTMODDATE=\"{TIME}\" csip:OAISPACKAGETYPE=\"{}\">", self.kind),
            software(),
            "</metsHdr>".to_owned(),
        ];
        lines.push(section("dmdSec", "r-dmd", "DC", "metadata/descriptive/dc.xml", &inside));
        lines.push("<fileSec ID=\"r-files\">".to_owned());
        lines.push(
            "<fileGrp ID=\"r-data\" USE=\"Representations/rep1/data\" csip:CONTENTINFORMATIONTYPE=\"MIXED\">"
                .to_owned(),
        );
        lines.push(file("r-file", "data/bericht.txt", "", &inside));
        lines.push("</fileGrp>\n</fileSec>".to_owned());
        lines.push(
            "<structMap ID=\"r-map\" TYPE=\"PHYSICAL\" LABEL=\"CSIP\">\n<div ID=\"r-div\" LABEL=\"rep1\">".to_owned(),
        );
        lines.push("<div ID=\"r-metadata\" LABEL=\"Metadata\" DMDID=\"r-dmd\"/>".to_owned());
        lines.push("<div ID=\"r-content\" LABEL=\"Representations\"><fptr FILEID=\"r-data\"/></div>".to_owned());
        lines.push("</div>\n</structMap>\n</mets>\n".to_owned());
        lines.join("\n")
    }

    fn package(self, files: &Files) -> String {
        let full = |text: &str| if self.full { text.to_owned() } else { String::new() };
        let mut lines = vec![
            format!(
                "<mets {SPACES} OBJID=\"{NAME}\"{} TYPE=\"OTHER\" csip:OTHERTYPE=\"Bauakten\" \
                 csip:CONTENTINFORMATIONTYPE=\"OTHER\" csip:OTHERCONTENTINFORMATIONTYPE=\"Bauakten\" PROFILE=\"{}\">",
                full(" LABEL=\"Bauakten\""),
                self.profile()
            ),
            format!(
                "<metsHdr CREATEDATE=\"{TIME}\" LASTMODDATE=\"{TIME}\"{} csip:OAISPACKAGETYPE=\"{}\">",
                full(" RECORDSTATUS=\"NEW\""),
                self.kind
            ),
            software(),
        ];
        let agent = |role: &str, kind: &str, name: &str, code: &str| {
            let note = match code {
                "" => String::new(),
                "@" => "<note>bauamt@example.org</note>".to_owned(),
                code => format!("<note csip:NOTETYPE=\"IDENTIFICATIONCODE\">{code}</note>"),
            };
            format!("<agent ROLE=\"{role}\" TYPE=\"{kind}\"><name>{name}</name>{note}</agent>")
        };
        if self.full {
            lines.push(agent("ARCHIVIST", "ORGANIZATION", "Bauamt", "DE-BA"));
        }
        lines.push(agent("CREATOR", "ORGANIZATION", "Hauptamt", if self.full { "DE-HA" } else { "" }));
        if self.full {
            lines.push(agent("CREATOR", "INDIVIDUAL", "Ansprechstelle", "@"));
            lines.push(agent("PRESERVATION", "ORGANIZATION", "Stadtarchiv", "DE-ST"));
            for kind in ["SUBMISSIONAGREEMENT", "PREVIOUSSUBMISSIONAGREEMENT", "REFERENCECODE", "PREVIOUSREFERENCECODE"]
            {
                lines.push(format!("<altRecordID TYPE=\"{kind}\">1</altRecordID>"));
            }
        }
        lines.push("</metsHdr>".to_owned());
        lines.push(section("dmdSec", "dmd", "DC", "metadata/descriptive/dc.xml", files));
        lines.push("<amdSec ID=\"amd\">".to_owned());
        if self.full {
            lines.push(section("rightsMD", "rights", "OTHER", "metadata/preservation/rights.xml", files));
        }
        lines.push(section("digiprovMD", "premis", "PREMIS", "metadata/preservation/premis.xml", files));
        if self.full {
            lines.push(section("digiprovMD", "notiz", "OTHER", "metadata/other/notiz.xml", files));
        }
        lines.push("</amdSec>\n<fileSec ID=\"files\">".to_owned());
        let more = full(
            " OWNERID=\"alt.txt\" ADMID=\"premis\" DMDID=\"dmd\" sip:FILEFORMATNAME=\"Text\" sip:FILEFORMATVERSION=\"1\" \
             sip:FILEFORMATREGISTRY=\"PRONOM\" sip:FILEFORMATKEY=\"x-fmt/111\"",
        );
        lines.push("<fileGrp ID=\"doc\" USE=\"Documentation\">".to_owned());
        lines.push(file("doc-1", "documentation/lesen.txt", &more, files));
        lines.push("</fileGrp>\n<fileGrp ID=\"xsd\" USE=\"Schemas\">".to_owned());
        lines.push(file("xsd-1", "schemas/dc.xsd", "", files));
        let more = full(" ADMID=\"amd\" csip:OTHERCONTENTINFORMATIONTYPE=\"Bauakten\"");
        let kind = if self.full { "OTHER" } else { "MIXED" };
        lines.push(format!(
            "</fileGrp>\n<fileGrp ID=\"rep\" USE=\"Representations/rep1\"{more} csip:CONTENTINFORMATIONTYPE=\"{kind}\">"
        ));
        lines.push(file("rep-1", "representations/rep1/METS.xml", "", files));
        lines.push("</fileGrp>".to_owned());
        if self.full {
            lines.push("<fileGrp ID=\"doc-2\" USE=\"Documentation\"><fileGrp ID=\"doc-3\">".to_owned());
            lines.push(file("doc-4", "documentation/anhang/beilage.txt", "", files));
            lines.push("</fileGrp></fileGrp>".to_owned());
        }
        lines.push("</fileSec>\n<structMap ID=\"map\" TYPE=\"PHYSICAL\" LABEL=\"CSIP\">".to_owned());
        lines.push(format!("<div ID=\"div\" LABEL=\"{NAME}\">"));
        let admid = if self.full { "rights premis notiz" } else { "premis" };
        lines.push(format!("<div ID=\"div-metadata\" LABEL=\"Metadata\" ADMID=\"{admid}\" DMDID=\"dmd\"/>"));
        let second = full("<fptr FILEID=\"doc-2\"/>");
        lines.push(format!("<div ID=\"div-doc\" LABEL=\"Documentation\"><fptr FILEID=\"doc\"/>{second}</div>"));
        lines.push("<div ID=\"div-xsd\" LABEL=\"Schemas\"><fptr FILEID=\"xsd\"/></div>".to_owned());
        lines.push(
            "<div ID=\"div-rep\" LABEL=\"Representations/rep1\">\n<mptr LOCTYPE=\"URL\" xlink:type=\"simple\" \
             xlink:href=\"representations/rep1/METS.xml\" xlink:title=\"rep\"/>\n</div>"
                .to_owned(),
        );
        lines.push("</div>\n</structMap>".to_owned());
        if self.full {
            lines.push("<structLink><smLink xlink:from=\"a\" xlink:to=\"b\"/></structLink>\n<behaviorSec/>".to_owned());
        }
        lines.push("</mets>\n".to_owned());
        lines.join("\n")
    }
}

fn software() -> String {
    "<agent ROLE=\"CREATOR\" TYPE=\"OTHER\" OTHERTYPE=\"SOFTWARE\"><name>Packer</name>\
     <note csip:NOTETYPE=\"SOFTWARE VERSION\">1.0</note></agent>"
        .to_owned()
}

fn section(name: &str, id: &str, kind: &str, path: &str, files: &Files) -> String {
    let created = if name == "dmdSec" { format!(" CREATED=\"{TIME}\"") } else { String::new() };
    let kind = match kind {
        "OTHER" => "MDTYPE=\"OTHER\" OTHERMDTYPE=\"eigenes\"".to_owned(),
        "PREMIS" => "MDTYPE=\"PREMIS\" MDTYPEVERSION=\"3.0\"".to_owned(),
        kind => format!("MDTYPE=\"{kind}\""),
    };
    format!(
        "<{name} ID=\"{id}\"{created} STATUS=\"CURRENT\">\n<mdRef LOCTYPE=\"URL\" xlink:type=\"simple\" xlink:href=\"{path}\" \
         {kind} {}/>\n</{name}>",
        core(path, files)
    )
}

fn file(id: &str, path: &str, more: &str, files: &Files) -> String {
    format!(
        "<file ID=\"{id}\" {}{more}>\n<FLocat LOCTYPE=\"URL\" xlink:type=\"simple\" xlink:href=\"{path}\"/>\n</file>",
        core(path, files)
    )
}

/// Size, time, checksum and media type of a file; of one that is not there those of nothing.
fn core(path: &str, files: &Files) -> String {
    let text = files.get(path).map_or("", String::as_str);
    let media =
        if Path::new(path).extension().is_some_and(|end| end == "txt") { "text/plain" } else { "application/xml" };
    let mut core = format!("MIMETYPE=\"{media}\" SIZE=\"{}\" CREATED=\"{TIME}\"", text.len());
    let _ = write!(core, " CHECKSUM=\"{}\" CHECKSUMTYPE=\"SHA-256\"", sha256(text.as_bytes()));
    core
}

/// Writes the files into the folder of the package below `into`.
pub fn write(files: &Files, into: &Path) {
    for (path, text) in files {
        let path = into.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const PREMIS: &str = "<premis xmlns=\"http://www.loc.gov/premis/v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" version=\"3.0\">
<object xsi:type=\"file\"><objectIdentifier><objectIdentifierType>local</objectIdentifierType><objectIdentifierValue>1</objectIdentifierValue></objectIdentifier>
<objectCharacteristics><format><formatRegistry><formatRegistryName>PRONOM</formatRegistryName><formatRegistryKey>x-fmt/111</formatRegistryKey></formatRegistry></format></objectCharacteristics>
<storage><storageMedium>Platte</storageMedium></storage>
<relationship><relationshipType>derivation</relationshipType><relationshipSubType>has source</relationshipSubType><relatedObjectIdentifier><relatedObjectIdentifierType>local</relatedObjectIdentifierType><relatedObjectIdentifierValue>2</relatedObjectIdentifierValue></relatedObjectIdentifier><relatedEventIdentifier><relatedEventIdentifierType>local</relatedEventIdentifierType><relatedEventIdentifierValue>e</relatedEventIdentifierValue></relatedEventIdentifier></relationship></object>
<object xsi:type=\"intellectualEntity\"><objectIdentifier><objectIdentifierType>local</objectIdentifierType><objectIdentifierValue>2</objectIdentifierValue></objectIdentifier></object>
<event><eventIdentifier><eventIdentifierType>local</eventIdentifierType><eventIdentifierValue>e</eventIdentifierValue></eventIdentifier><eventType>migration</eventType><eventDateTime>2026-03-01</eventDateTime>
<linkingAgentIdentifier><linkingAgentIdentifierType>local</linkingAgentIdentifierType><linkingAgentIdentifierValue>a</linkingAgentIdentifierValue></linkingAgentIdentifier></event>
<agent><agentIdentifier><agentIdentifierType>local</agentIdentifierType><agentIdentifierValue>a</agentIdentifierValue></agentIdentifier></agent>
</premis>
";
