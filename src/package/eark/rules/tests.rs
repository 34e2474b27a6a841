//! The engine against small METS and PREMIS documents: each row changes one thing of a document that conforms, and says all that
//! is named then.

use super::premis::Premis;
use super::tree::{Container, Tree};
use super::*;
use crate::io::container::Kind;
use crate::io::xml::{Way, XmlLimits, XmlReader};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::requirement::{Answer, Answered};
use crate::model::time::Timestamp;

/// A SIP with one representation that has a METS document, as 2.2.0 wants it.
const SIP: &str = r#"<mets xmlns="http://www.loc.gov/METS/" xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS" xmlns:sip="https://DILCIS.eu/XML/METS/SIPExtensionMETS" xmlns:xlink="http://www.w3.org/1999/xlink" OBJID="paket" LABEL="Akten" TYPE="Datasets" csip:CONTENTINFORMATIONTYPE="MIXED" PROFILE="https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml">
<metsHdr CREATEDATE="2024-05-01T12:00:00" LASTMODDATE="2024-05-02T12:00:00Z" RECORDSTATUS="NEW" csip:OAISPACKAGETYPE="SIP">
<agent ROLE="CREATOR" TYPE="OTHER" OTHERTYPE="SOFTWARE"><name>Packer</name><note csip:NOTETYPE="SOFTWARE VERSION">1.0</note></agent>
<agent ROLE="ARCHIVIST" TYPE="ORGANIZATION"><name>Bauamt</name><note csip:NOTETYPE="IDENTIFICATIONCODE">B</note></agent>
<agent ROLE="CREATOR" TYPE="ORGANIZATION"><name>Hauptamt</name><note csip:NOTETYPE="IDENTIFICATIONCODE">H</note></agent>
<agent ROLE="CREATOR" TYPE="INDIVIDUAL"><name>Ansprechstelle</name><note>Telefon</note></agent>
<agent ROLE="PRESERVATION" TYPE="ORGANIZATION"><name>Archiv</name><note csip:NOTETYPE="IDENTIFICATIONCODE">A</note></agent>
<altRecordID TYPE="SUBMISSIONAGREEMENT">1</altRecordID><altRecordID TYPE="PREVIOUSSUBMISSIONAGREEMENT">2</altRecordID>
<altRecordID TYPE="REFERENCECODE">3</altRecordID><altRecordID TYPE="PREVIOUSREFERENCECODE">4</altRecordID>
</metsHdr>
<dmdSec ID="d1" CREATED="2024-05-01T12:00:00" STATUS="CURRENT"><mdRef LOCTYPE="URL" xlink:type="simple" xlink:href="metadata/descriptive/dc.xml" MDTYPE="DC" MIMETYPE="text/xml" SIZE="1" CREATED="2024-05-01T12:00:00" CHECKSUM="d41d8cd98f00b204e9800998ecf8427e" CHECKSUMTYPE="MD5"/></dmdSec>
<amdSec ID="a">
<rightsMD ID="r1" STATUS="CURRENT"><mdRef LOCTYPE="URL" xlink:type="simple" xlink:href="metadata/preservation/r.xml" MDTYPE="METSRIGHTS" MIMETYPE="text/xml" SIZE="1" CREATED="2024-05-01T12:00:00" CHECKSUM="d41d8cd98f00b204e9800998ecf8427e" CHECKSUMTYPE="MD5"/></rightsMD>
<digiprovMD ID="p1" STATUS="CURRENT"><mdRef LOCTYPE="URL" xlink:type="simple" xlink:href="metadata/preservation/premis.xml" MDTYPE="PREMIS" MDTYPEVERSION="3.0" MIMETYPE="text/xml" SIZE="1" CREATED="2024-05-01T12:00:00" CHECKSUM="d41d8cd98f00b204e9800998ecf8427e" CHECKSUMTYPE="MD5"/></digiprovMD>
</amdSec>
<fileSec ID="fs">
<fileGrp ID="gd" USE="Documentation"><file ID="f1" MIMETYPE="text/plain" SIZE="1" CREATED="2024-05-01T12:00:00" CHECKSUM="d41d8cd98f00b204e9800998ecf8427e" CHECKSUMTYPE="MD5" OWNERID="o" ADMID="p1" DMDID="d1" sip:FILEFORMATNAME="t" sip:FILEFORMATVERSION="1" sip:FORMATREGISTRY="PRONOM" sip:FILEFORMATKEY="x-fmt/111"><FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="documentation/a.txt"/></file></fileGrp>
<fileGrp ID="gs" USE="Schemas"><file ID="f2" MIMETYPE="text/xml" SIZE="1" CREATED="2024-05-01T12:00:00" CHECKSUM="d41d8cd98f00b204e9800998ecf8427e" CHECKSUMTYPE="MD5"><FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="schemas/a.xsd"/></file></fileGrp>
<fileGrp ID="gr" USE="Representations/rep1" ADMID="a" csip:CONTENTINFORMATIONTYPE="SIARD2"><file ID="f3" MIMETYPE="text/xml" SIZE="1" CREATED="2024-05-01T12:00:00" CHECKSUM="d41d8cd98f00b204e9800998ecf8427e" CHECKSUMTYPE="MD5"><FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="representations/rep1/METS.xml"/></file></fileGrp>
</fileSec>
<structMap ID="sm" TYPE="PHYSICAL" LABEL="CSIP"><div ID="v0" LABEL="paket">
<div ID="v1" LABEL="Metadata" ADMID="r1 p1" DMDID="d1"/>
<div ID="v2" LABEL="Documentation"><fptr FILEID="gd"/></div>
<div ID="v3" LABEL="Schemas"><fptr FILEID="gs"/></div>
<div ID="v4" LABEL="Representations/rep1"><mptr LOCTYPE="URL" xlink:type="simple" xlink:href="representations/rep1/METS.xml" xlink:title="gr"/></div>
</div></structMap>
</mets>"#;

const FILES: [&str; 9] = [
    "METS.xml",
    "documentation/a.txt",
    "metadata/descriptive/dc.xml",
    "metadata/preservation/premis.xml",
    "metadata/preservation/r.xml",
    "representations/rep1/METS.xml",
    "representations/rep1/data/a.txt",
    "representations/rep1/metadata/descriptive/dc.xml",
    "schemas/a.xsd",
];

fn tree(folder: &str, files: &[&str], container: Container) -> Tree {
    let mut tree = Tree::new(folder, container);
    for file in files {
        tree.file(file);
    }
    tree
}

/// Asks the table's questions of one root METS document.
fn judge(mets: &str, version: Option<SpecVersion>) -> (Vec<Finding>, Vec<Answered>) {
    let tree = tree("paket", &FILES, Container::Folder);
    let mut tally = Tally::default();
    tally.document("METS.xml");
    let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let (mut document, mut way) = (Document::new(Role::Package("paket".to_owned()), now), Way::default());
    let mut xml = XmlReader::new(mets.as_bytes(), XmlLimits::default());
    while let Some(node) = xml.node().unwrap() {
        let start = xml.start();
        way.enter(&node);
        document.take(&node, &way, (start.line, start.column), &tree, &mut tally);
        way.leave(&node);
    }
    let claim = document.claim();
    tally.finish(&claim, claim.held_to(version))
}

fn named(findings: &[Finding]) -> Vec<&str> {
    let mut ids: Vec<&str> = findings.iter().filter_map(|finding| finding.requirement.as_deref()).collect();
    ids.dedup();
    ids
}

#[test]
fn what_conforms_is_not_named_and_every_requirement_is_answered() {
    let (findings, answers) = judge(SIP, None);
    assert_eq!(findings, []);
    let ids: std::collections::HashSet<&str> = table::all().iter().map(|row| row.id).collect();
    // CSIP86 is in no version since 2.1.0.
    assert_eq!(answers.len(), ids.len() - 1);
    assert!(answers.iter().all(|answered| answered.answer != Answer::Failed));
    let of = |id: &str| answers.iter().find(|answered| answered.id == id).unwrap().answer;
    assert_eq!([of("CSIP1"), of("SIP2"), of("REF_CSIP_1")], [Answer::Passed; 3]);
    assert_eq!([of("AIPM2"), of("DIP1"), of("CSIP5"), of("REF_METS_1")], [Answer::NotApplicable; 4]);
}

/// What is put in the place of what, and all that is named then.
#[rustfmt::skip]
const CHANGES: &[(&str, &str, &[&str])] = &[
    (r#" OBJID="paket""#, "", &["CSIP1"]),
    (r#" OBJID="paket""#, r#" OBJID=" ""#, &["CSIP1"]),
    (r#" OBJID="paket""#, r#" OBJID="anders""#, &["CSIP1"]),
    (r#" TYPE="Datasets""#, "", &["CSIP2"]),
    (r#" TYPE="Datasets""#, r#" TYPE="Irgendwas""#, &["CSIP2"]),
    (r#" TYPE="Datasets""#, r#" TYPE="Textual works – Print""#, &[]),
    (r#" TYPE="Datasets""#, r#" TYPE="OTHER""#, &["CSIP3", "CSIP2"]),
    (r#" TYPE="Datasets""#, r#" TYPE="OTHER" csip:OTHERTYPE="Akten""#, &[]),
    (r#" TYPE="Datasets""#, r#" TYPE="OTHER" csip:OTHERTYPE="Datasets""#, &["CSIP3"]),
    (r#" TYPE="Datasets""#, r#" TYPE="Datasets" csip:OTHERTYPE="x""#, &["CSIP3"]),
    (r#"TYPE="MIXED""#, r#"TYPE="OTHER""#, &["CSIP5", "CSIP4"]),
    (r#"TYPE="MIXED""#, r#"TYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="ERMS""#, &["CSIP5"]),
    (r#" csip:CONTENTINFORMATIONTYPE="MIXED""#, "", &["CSIP4"]),
    (r#"E-ARK-SIP-v2-2-0.xml""#, r#"irgendwas""#, &["SIP2"]),
    (r#" LABEL="Akten""#, r#" LABEL="""#, &["SIP1"]),
    (r#" LABEL="Akten""#, "", &["SIP1"]),
    (r#" CREATEDATE="2024-05-01T12:00:00""#, r#" CREATEDATE="2024-05-01""#, &["CSIP7"]),
    (r#" CREATEDATE="2024-05-01T12:00:00""#, r#" CREATEDATE="2024-04-30T24:00:00""#, &[]),
    (r#" CREATEDATE="2024-05-01T12:00:00""#, r#" CREATEDATE="2024-05-01T12:00:00+0100""#, &["CSIP7"]),
    (r#" CREATEDATE="2024-05-01T12:00:00""#, r#" CREATEDATE="2999-05-01T12:00:00""#, &["CSIP7"]),
    (r#" LASTMODDATE="2024-05-02T12:00:00Z""#, r#" LASTMODDATE="2999-05-02T12:00:00Z""#, &["CSIP8"]),
    (r#" LASTMODDATE="2024-05-02T12:00:00Z""#, r#" LASTMODDATE="2023-05-02T12:00:00Z""#, &["CSIP8"]),
    (r#" csip:OAISPACKAGETYPE="SIP""#, r#" csip:OAISPACKAGETYPE="AIP""#, &["SIP4"]),
    (r#" csip:OAISPACKAGETYPE="SIP""#, r#" csip:OAISPACKAGETYPE="X""#, &["CSIP9", "SIP4"]),
    (r#" RECORDSTATUS="NEW""#, r#" RECORDSTATUS="NEU""#, &["SIP3"]),
    (r#"ROLE="CREATOR" TYPE="OTHER""#, r#"ROLE="EDITOR" TYPE="OTHER""#, &["CSIP11"]),
    (r#"TYPE="OTHER" OTHERTYPE="SOFTWARE""#, r#"TYPE="INDIVIDUAL" OTHERTYPE="SOFTWARE""#, &["CSIP12"]),
    (r#" OTHERTYPE="SOFTWARE""#, "", &["CSIP13"]),
    ("<name>Packer</name>", "", &["CSIP14"]),
    (r#"<note csip:NOTETYPE="SOFTWARE VERSION">1.0</note>"#, "", &["CSIP15"]),
    (r#"VERSION">1.0</note>"#, r#"VERSION"> </note>"#, &["CSIP15"]),
    (r#" csip:NOTETYPE="SOFTWARE VERSION""#, "", &["CSIP16"]),
    ("</metsHdr>", "</metsHdr><metsHdr/>", &["CSIP7", "CSIP8", "CSIP9", "SIP4", "CSIP10", "CSIP117"]),
    ("<altRecordID TYPE=\"S", r#"<agent ROLE="CREATOR" TYPE="OTHER" OTHERTYPE="SYSTEM"><name>x</name></agent><altRecordID TYPE="S"#, &[]),
    ("<altRecordID TYPE=\"S", r#"<agent ROLE="CREATOR" TYPE="OTHER"><name>x</name><note csip:NOTETYPE="SOFTWARE VERSION">1</note></agent><altRecordID TYPE="S"#, &[]),
    (r#"<agent ROLE="CREATOR" TYPE="ORGANIZATION"><name>Hauptamt</name><note csip:NOTETYPE="IDENTIFICATIONCODE">H</note></agent>"#, "", &["SIP15"]),
    (r#"<agent ROLE="CREATOR" TYPE="ORGANIZATION"><name>Hauptamt</name>"#, r#"<agent ROLE="CREATOR" TYPE="INDIVIDUAL"><name>H</name>"#, &[]),
    (r#"ROLE="ARCHIVIST""#, "", &["SIP10"]),
    (r#"ROLE="ARCHIVIST" TYPE="ORGANIZATION""#, r#"ROLE="ARCHIVIST" TYPE="OTHER""#, &["SIP11"]),
    ("<name>Bauamt</name>", "", &["SIP12"]),
    (r#"<note csip:NOTETYPE="IDENTIFICATIONCODE">B</note>"#, "", &["SIP13"]),
    (r#" csip:NOTETYPE="IDENTIFICATIONCODE">H"#, ">H", &["SIP20"]),
    (r#"ROLE="CREATOR" TYPE="ORGANIZATION""#, r#"TYPE="ORGANIZATION""#, &["SIP16"]),
    (r#"ROLE="CREATOR" TYPE="INDIVIDUAL""#, r#"TYPE="INDIVIDUAL""#, &["SIP22"]),
    (r#"ROLE="PRESERVATION""#, "", &["SIP27"]),
    (r#"ROLE="PRESERVATION" TYPE="ORGANIZATION""#, r#"ROLE="PRESERVATION" TYPE="INDIVIDUAL""#, &["SIP28"]),
    ("<name>Archiv</name>", "", &["SIP29"]),
    (r#"<altRecordID TYPE="REFERENCECODE">3</altRecordID>"#, "", &["SIP7"]),
    (r#"<altRecordID TYPE="REFERENCECODE">3"#, r#"<altRecordID TYPE="REFERENCECODE">"#, &["SIP7"]),
    (r#"<dmdSec ID="d1""#, r#"<dmdSec ID="1d""#, &["CSIP18", "CSIP75", "CSIP92"]),
    (r#"<dmdSec ID="d1""#, r#"<dmdSec ID=" d1 ""#, &[]),
    (r#"<dmdSec ID="d1""#, r#"<dmdSec ID="v3""#, &["CSIP75", "CSIP92", "CSIP18", "CSIP98"]),
    (
        r#"STATUS="CURRENT"><mdRef LOCTYPE="URL" xlink:type="simple" xlink:href="metadata/d"#,
        r#"STATUS="current"><mdRef LOCTYPE="URL" xlink:type="simple" xlink:href="metadata/d"#,
        &["CSIP20"],
    ),
    (r#"MDTYPE="DC""#, r#"MDTYPE="DUBLIN""#, &["CSIP25"]),
    (
        r#"MDTYPE="DC" MIMETYPE="text/xml" SIZE="1""#,
        r#"MDTYPE="DC" MIMETYPE="xml" SIZE="-1""#,
        &["CSIP26", "CSIP27"],
    ),
    (r#"MDTYPE="METSRIGHTS""#, "", &["CSIP52"]),
    (r#"<rightsMD ID="r1" STATUS="CURRENT">"#, r#"<rightsMD ID="r1">"#, &["CSIP47"]),
    (r#"<fileSec ID="fs">"#, "<fileSec>", &["CSIP59"]),
    (r#"USE="Documentation""#, r#"USE="documentation""#, &["CSIP64"]),
    (r#"USE="Documentation""#, "", &["CSIP64"]),
    (r#" ADMID="a" csip"#, r#" ADMID="d1" csip"#, &["CSIP61"]),
    (r#"ADMID="r1 p1""#, r#"ADMID="r1 p1 gd""#, &["CSIP91", "CSIP61"]),
    (r#" csip:CONTENTINFORMATIONTYPE="SIARD2""#, "", &["CSIP62"]),
    (r#"TYPE="SIARD2""#, r#"TYPE="OTHER""#, &["CSIP63"]),
    (r#" MIMETYPE="text/plain""#, "", &["CSIP68"]),
    (r#" OWNERID="o""#, "", &["CSIP73"]),
    (r#" ADMID="p1""#, r#" ADMID="nichts""#, &["CSIP74"]),
    (r#" sip:FORMATREGISTRY="PRONOM""#, "", &["SIP34"]),
    (r#"<FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="schemas/a.xsd"/>"#, "", &["CSIP76"]),
    (
        r#"<FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="schemas/a.xsd"/>"#,
        r#"<FLocat LOCTYPE="URN" xlink:href="schemas/a.xsd"/>"#,
        &["CSIP77", "CSIP78"],
    ),
    (r#" TYPE="PHYSICAL""#, r#" TYPE="physical""#, &["CSIP81"]),
    (r#"LABEL="CSIP"><div"#, r#"LABEL="Karte"><div"#, &["CSIP82"]),
    (r#"<div ID="v1" LABEL="Metadata" ADMID="r1 p1" DMDID="d1"/>"#, "", &["CSIP88", "CSIP90"]),
    (r#" ADMID="r1 p1""#, r#" ADMID="r1""#, &["CSIP91"]),
    (r#" ADMID="r1 p1""#, r#" ADMID="a""#, &[]),
    (r#" DMDID="d1"/>"#, "/>", &["CSIP92"]),
    (r#"<div ID="v2" LABEL="Documentation"><fptr FILEID="gd"/></div>"#, "", &["CSIP93"]),
    (r#"LABEL="Documentation"><fptr FILEID="gd"/>"#, r#"LABEL="Documentation">"#, &["CSIP96"]),
    (
        r#"LABEL="Documentation"><fptr FILEID="gd"/>"#,
        r#"LABEL="Documentation"><fptr FILEID="gs"/>"#,
        &["CSIP116", "CSIP96"],
    ),
    (r#"LABEL="Schemas"><fptr"#, r#"LABEL="Schemata"><fptr"#, &["CSIP97", "CSIP99"]),
    (r#"<div ID="v4""#, "<div", &["CSIP106"]),
    ("</div></structMap>", r#"</div><div ID="v9"><div/></div></structMap>"#, &["CSIP84"]),
    (r#"<div ID="v4""#, r#"<div ID="v8" LABEL="Representations"><fptr FILEID="gr"/></div><div ID="v4""#, &[]),
    (
        r#"<div ID="v4" LABEL="Representations/rep1"><mptr LOCTYPE="URL" xlink:type="simple" xlink:href="representations/rep1/METS.xml" xlink:title="gr"/></div>"#,
        r#"<div ID="v8" LABEL="Representations"><div ID="v4" LABEL="Representations/rep1"><mptr LOCTYPE="URL" xlink:type="simple" xlink:href="representations/rep1/METS.xml" xlink:title="gr"/></div></div>"#,
        &[],
    ),
    (r#"LABEL="Representations/rep1""#, r#"LABEL="Representations/rep2""#, &["CSIP107"]),
    (r#"LABEL="Representations/rep1""#, r#"LABEL="rep1""#, &["CSIP101", "CSIP107"]),
    (r#" xlink:title="gr""#, "", &["CSIP108", "CSIP104"]),
    (r#"<mptr LOCTYPE="URL" xlink:type="simple""#, r#"<mptr LOCTYPE="URN""#, &["CSIP112", "CSIP111"]),
];

#[test]
fn each_change_is_named() {
    let mut wrong = Vec::new();
    for (from, to, expected) in CHANGES {
        assert!(SIP.contains(from), "{from} is not there");
        let (findings, answers) = judge(&SIP.replacen(from, to, 1), None);
        let (mut found, mut wanted) = (named(&findings), expected.to_vec());
        found.sort_unstable();
        wanted.sort_unstable();
        if found != wanted {
            wrong.push(format!("{from} -> {to}: {found:?}, not {wanted:?}"));
        }
        for id in *expected {
            let answered = answers.iter().find(|answered| answered.id == *id).unwrap();
            assert_eq!(answered.answer, Answer::Failed, "{id}: {from} -> {to}");
        }
        for finding in &findings {
            assert!(finding.line.is_some() && finding.column.is_some() && finding.expected.is_some(), "{finding:?}");
            assert!(finding.xpath.as_deref().is_some_and(|path| path.starts_with("/mets")), "{finding:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sections_that_are_missing_are_named_once() {
    let without = |begin: &str, end: &str| {
        let (from, to) = (SIP.find(begin).unwrap(), SIP.find(end).unwrap() + end.len());
        let mets = format!("{}{}", &SIP[..from], &SIP[to..]);
        let (findings, _) = judge(&mets, None);
        let mut ids: Vec<String> = named(&findings).into_iter().map(ToOwned::to_owned).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(without("<metsHdr", "</metsHdr>"), ["CSIP117"]);
    assert_eq!(without("<structMap", "</structMap>"), ["CSIP80"]);
    assert_eq!(without("<fileSec", "</fileSec>"), ["CSIP58"]);
    assert_eq!(without(r#"<fileGrp ID="gs""#, r#"schemas/a.xsd"/></file></fileGrp>"#), ["CSIP113", "CSIP118"]);
}

#[test]
fn the_level_is_that_of_the_version() {
    use SpecVersion::{V204, V210, V220};
    let of = |mets: &str, version, id: &str| {
        let (findings, _) = judge(mets, version);
        findings.into_iter().find(|finding| finding.requirement.as_deref() == Some(id)).map(|finding| finding.severity)
    };
    let pointless = SIP.replacen(r#"LABEL="Documentation"><fptr FILEID="gd"/>"#, r#"LABEL="Documentation">"#, 1);
    assert_eq!(of(&pointless, Some(V210), "CSIP96"), Some(Severity::Error));
    assert_eq!(of(&pointless, None, "CSIP96"), Some(Severity::Warning));
    let nameless = SIP.replacen("<name>Hauptamt</name>", "", 1);
    assert_eq!(of(&nameless, Some(V204), "SIP18"), Some(Severity::Info));
    assert_eq!(of(&nameless, Some(V220), "SIP18"), Some(Severity::Error));
    let unlabelled = SIP.replacen(r#"<div ID="v0" LABEL="paket">"#, r#"<div ID="v0">"#, 1);
    assert_eq!(of(&unlabelled, Some(V204), "CSIP86"), Some(Severity::Error));
    assert_eq!(of(&unlabelled, Some(V210), "CSIP86"), None);
    // What was the address of the profile before 2.2.0 is that of 2.1.0.
    let old = pointless.replace("E-ARK-SIP-v2-2-0.xml", "E-ARK-SIP.xml");
    assert_eq!(of(&old, None, "CSIP96"), Some(Severity::Error));
    assert_eq!(of(&old, None, "SIP2"), None);
}

#[test]
fn further_findings_about_a_requirement_are_counted() {
    let file = r#"<file ID="x" MIMETYPE="text/plain" SIZE="1" CREATED="2024-05-01T12:00:00" CHECKSUMTYPE="MD5"><FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="a"/></file>"#;
    let files: String = (0..150).map(|number| file.replace("\"x\"", &format!("\"x{number}\""))).collect();
    let mets =
        SIP.replacen(r#"<fileGrp ID="gs" USE="Schemas">"#, &format!(r#"<fileGrp ID="gs" USE="Schemas">{files}"#), 1);
    let (findings, _) = judge(&mets, None);
    assert_eq!(findings.len(), 101);
    let last = findings.last().unwrap();
    assert_eq!((last.code.name(), last.value.as_deref()), ("findings-more", Some("50")));
}

#[test]
fn however_many_references_lead_nowhere_memory_has_a_bound_and_what_is_graver_is_told() {
    let mut tally = Tally::default();
    for line in 0..60_000 {
        let mut finding = Finding::new(Code::ReferenceMissing);
        finding.severity = Severity::Warning;
        tally.add((1, line, 0), finding);
    }
    tally.add((2, 0, 0), Finding::new(Code::ReferenceMissing));
    let (findings, _) = tally.finish(&Claim::read("", ""), SpecVersion::V220);
    assert_eq!(findings.len(), 50_002);
    assert_eq!(findings.iter().filter(|finding| finding.severity == Severity::Error).count(), 1);
    assert_eq!(findings.last().unwrap().value.as_deref(), Some("10000"));
}

#[test]
fn folders_are_judged_without_any_document() {
    let cases: &[(&[&str], &[&str])] = &[
        (&FILES, &[]),
        (&["METS.xml", "Metadata/a", "representations/.gitkeep", "documentation/a"], &["CSIPSTR5"]),
        (&["mets.xml", "metadata/.gitkeep", "representations/.gitkeep", "documentation/.gitkeep"], &["CSIPSTR4"]),
        (&["METS.xml", "metadata/.gitkeep"], &["CSIPSTR9", "CSIPSTR16"]),
        (&["METS.xml", "metadata/.gitkeep", "representations/a.txt", "documentation/a"], &["CSIPSTR10"]),
        (
            &["METS.xml", "metadata/preservtion/p.xml", "representations/r/data/a", "documentation/a", "schemas/a.xsd"],
            &["CSIPSTR6", "CSIPSTR13", "CSIPSTR12"],
        ),
        (
            &["METS.xml", "metadata/descriptive/a.xml", "representations/r/daten/a", "documentation/a", "x/a.xsd"],
            &["CSIPSTR11", "CSIPSTR13", "CSIPSTR12", "CSIPSTR15"],
        ),
    ];
    for (files, expected) in cases {
        let mut tally = Tally::default();
        tree("paket", files, Container::Folder).answer(Some("paket"), &mut tally);
        let (findings, _) = tally.finish(&Claim::read("", ""), SpecVersion::V220);
        assert_eq!(named(&findings), *expected, "{files:?}");
    }
    let mut tally = Tally::default();
    tree("paket", &FILES, Container::File("anders.tar".to_owned(), Kind::TarGz)).answer(Some("urn:paket"), &mut tally);
    let (findings, answers) = tally.finish(&Claim::read("", "AIP"), SpecVersion::V220);
    assert_eq!(named(&findings), ["CSIPSTR2", "AIP22", "AIP28"]);
    let not_checked = answers.iter().filter(|answered| answered.answer == Answer::NotChecked).count();
    assert!(not_checked <= 4 && answers.iter().all(|one| (one.answer == Answer::NotChecked) != one.reason.is_empty()));
}

#[test]
fn premis_is_asked_as_it_comes() {
    const PREMIS: &str = r#"<premis xmlns="http://www.loc.gov/premis/v3" version="3.0">
<object><objectCharacteristics><format><formatRegistry><formatRegistryName>PRONOM</formatRegistryName><formatRegistryKey>fmt/101</formatRegistryKey></formatRegistry></format></objectCharacteristics><storage/><relationship><relationshipType>derivation</relationshipType><relatedEventIdentifier/></relationship></object>
<object/>
<event><eventIdentifier><eventIdentifierValue>1</eventIdentifierValue></eventIdentifier><linkingAgentIdentifier><linkingAgentIdentifierValue>x</linkingAgentIdentifierValue></linkingAgentIdentifier></event>
<agent><agentIdentifier><agentIdentifierValue>x</agentIdentifierValue></agentIdentifier></agent>
</premis>"#;
    let cases: &[(&str, &str, bool, &[&str])] = &[
        ("", "", false, &[]),
        ("", "", true, &["AIP13"]),
        ("PRONOM", "Liste", false, &["AIP8"]),
        ("<storage/>", "", false, &["AIP11"]),
        ("<relatedEventIdentifier/>", "", false, &["AIP17"]),
        ("<eventIdentifierValue>1</eventIdentifierValue>", "", false, &["AIP15"]),
        ("<linkingAgentIdentifierValue>x</linkingAgentIdentifierValue>", "", false, &["AIP16"]),
        ("<agentIdentifierValue>x", "<agentIdentifierValue>y", false, &["AIP18"]),
    ];
    for (from, to, part, expected) in cases {
        let (mut tally, mut premis, mut way) = (Tally::default(), Premis::default(), Way::default());
        tally.document("premis.xml");
        let text = if from.is_empty() { PREMIS.to_owned() } else { PREMIS.replacen(from, to, 1) };
        let mut xml = XmlReader::new(text.as_bytes(), XmlLimits::default());
        while let Some(node) = xml.node().unwrap() {
            let start = xml.start();
            way.enter(&node);
            premis.take(&node, &way, (start.line, start.column), "premis.xml", &mut tally);
            way.leave(&node);
        }
        premis.answer(*part, &mut tally);
        let (findings, _) = tally.finish(&Claim::read("", "AIP"), SpecVersion::V220);
        assert_eq!(named(&findings), *expected, "{from} -> {to}");
    }
}

#[test]
fn findings_about_one_requirement_have_a_bound_for_the_package_too() {
    let mut tally = Tally::default();
    for document in 0..40 {
        tally.document(&format!("representations/{document}/METS.xml"));
        for line in 0..150 {
            tally.fail("CSIP1", tally::Spot { line, column: 1, xpath: "/mets".to_owned() }, None, "OBJID");
        }
    }
    let (findings, answers) = tally.finish(&Claim::read("", ""), SpecVersion::V220);
    let (listed, more): (Vec<_>, Vec<_>) = findings.iter().partition(|one| one.code == Code::MetsRequirement);
    assert!((1_900..=2_000).contains(&listed.len()), "{}", listed.len());
    let more: usize = more.iter().map(|one| one.value.as_deref().unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(listed.len() + more, 40 * 150);
    assert!(answers.iter().any(|one| one.id == "CSIP1" && one.answer == Answer::Failed));
}
