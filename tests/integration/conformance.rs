//! Packages that conform are found clean, and each requirement is named where just what it speaks of is changed.

use std::collections::BTreeSet;
use std::path::Path;

use earchiv::archive::validate::{Options, SpecVersion, Standard, Validated, validate};
use earchiv::model::finding::Severity;
use earchiv::model::requirement::Answer;
use earchiv::package::eark::rules::table;
use earchiv::task::{Cancel, Silent, Watch};

use self::Change::{Cut, Drop, Folder, Gone, Inside, Line, Move, New, Premis, PremisCut, Set, Text, Without};
use super::conforming::{Files, NAME, Wanted, write};
use super::sandbox::sha256;

/// What is changed in a package. Lines are those of the METS document, the first one that holds the words is meant.
enum Change {
    /// An attribute in a line is not there.
    Without(&'static str, &'static str),
    /// An attribute in a line has another value.
    Set(&'static str, &'static str, &'static str),
    /// Words in a line are others.
    Line(&'static str, &'static str, &'static str),
    /// Words are others wherever they stand.
    Text(&'static str, &'static str),
    /// All lines with these words are not there.
    Drop(&'static str),
    /// The lines from the one with the first words to the next with the others are not there.
    Cut(&'static str, &'static str),
    /// The change is in the METS document of the representation.
    Inside(&'static Change),
    /// A file is there.
    New(&'static str, &'static str),
    /// A file is not there.
    Gone(&'static str),
    /// A folder is called otherwise.
    Move(&'static str, &'static str),
    /// Words in the PREMIS document are others.
    Premis(&'static str, &'static str),
    /// What begins and ends so is not in the PREMIS document.
    PremisCut(&'static str, &'static str),
    /// The package's folder is called otherwise.
    Folder(&'static str),
}

/// Kind of package, the requirement, what is changed, and the mandatory requirements that break with it: those that say the
/// same of another element or in other words (CSIP2 and CSIP3, CSIP6 and SIP2, CSIP9 and SIP4, CSIP88 and CSIP90), those that
/// point to what is gone (CSIP65 and CSIP116), and folders, which the names of file groups and divisions repeat (CSIP64, CSIP107).
type Mutation = (&'static str, &'static str, &'static [Change], &'static [&'static str]);

#[rustfmt::skip]
const MUTATIONS: &[Mutation] = &[
    ("SIP", "CSIP1", &[Without("<mets ", "OBJID")], &[]),
    ("SIP", "CSIP2", &[Set("<mets ", "TYPE", "Unsinn")], &[]),
    ("SIP", "CSIP3", &[Without("<mets ", "csip:OTHERTYPE")], &["CSIP2"]),
    ("SIP", "CSIP4", &[Set("<mets ", "csip:CONTENTINFORMATIONTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP5", &[Without("<mets ", "csip:OTHERCONTENTINFORMATIONTYPE")], &[]),
    ("SIP", "CSIP6", &[Set("<mets ", "PROFILE", "Unsinn")], &["SIP2"]),
    ("SIP", "CSIP117", &[Cut("<metsHdr", "</metsHdr>")], &[]),
    ("SIP", "CSIP7", &[Without("<metsHdr", "CREATEDATE")], &[]),
    ("SIP", "CSIP8", &[Without("<metsHdr", "LASTMODDATE")], &[]),
    ("SIP", "CSIP9", &[Set("<metsHdr", "csip:OAISPACKAGETYPE", "Unsinn")], &["SIP4"]),
    ("SIP", "CSIP10", &[Drop("<agent ")], &["SIP15"]),
    ("SIP", "CSIP11", &[Set("SOFTWARE", "ROLE", "EDITOR")], &[]),
    ("SIP", "CSIP12", &[Set("SOFTWARE", "TYPE", "INDIVIDUAL")], &[]),
    ("SIP", "CSIP13", &[Set("SOFTWARE", "OTHERTYPE", "HARDWARE")], &[]),
    ("SIP", "CSIP14", &[Line("SOFTWARE", "<name>Packer</name>", "<name/>")], &[]),
    ("SIP", "CSIP15", &[Line("SOFTWARE", r#"<note csip:NOTETYPE="SOFTWARE VERSION">1.0</note>"#, "")], &[]),
    ("SIP", "CSIP16", &[Set("SOFTWARE", "csip:NOTETYPE", "IDENTIFICATIONCODE")], &[]),
    ("SIP", "CSIP17", &[New("metadata/descriptive/mehr.xml", "<x/>")], &[]),
    ("SIP", "CSIP18", &[Without("dmdSec ID=\"dmd\"", "ID")], &[]),
    ("SIP", "CSIP19", &[Without("dmdSec ID=\"dmd\"", "CREATED")], &[]),
    ("SIP", "CSIP20", &[Without("dmdSec ID=\"dmd\"", "STATUS")], &[]),
    ("SIP", "CSIP21", &[Drop(r#"href="metadata/descriptive/dc.xml""#)], &[]),
    ("SIP", "CSIP22", &[Set("href=\"metadata/descriptive/dc.xml\"", "LOCTYPE", "URN")], &[]),
    ("SIP", "CSIP23", &[Without("href=\"metadata/descriptive/dc.xml\"", "xlink:type")], &[]),
    ("SIP", "CSIP24", &[Set("href=\"metadata/descriptive/dc.xml\"", "xlink:href", "metadata/fehlt.xml")], &[]),
    ("SIP", "CSIP25", &[Set("href=\"metadata/descriptive/dc.xml\"", "MDTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP26", &[Set("href=\"metadata/descriptive/dc.xml\"", "MIMETYPE", "Unsinn")], &[]),
    ("SIP", "CSIP27", &[Without("href=\"metadata/descriptive/dc.xml\"", "SIZE")], &[]),
    ("SIP", "CSIP28", &[Set("href=\"metadata/descriptive/dc.xml\"", "CREATED", "gestern")], &[]),
    ("SIP", "CSIP29", &[Without("href=\"metadata/descriptive/dc.xml\"", "CHECKSUM")], &[]),
    ("SIP", "CSIP30", &[Set("href=\"metadata/descriptive/dc.xml\"", "CHECKSUMTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP31", &[New("metadata/preservation/mehr.xml", "<x/>")], &[]),
    ("SIP", "CSIP32", &[New("metadata/preservation/mehr.xml", "<x/>")], &[]),
    ("SIP", "CSIP33", &[Without("MD ID=\"premis\"", "ID")], &[]),
    ("SIP", "CSIP34", &[Without("MD ID=\"premis\"", "STATUS")], &[]),
    ("SIP", "CSIP35", &[Drop(r#"href="metadata/preservation/premis.xml""#)], &[]),
    ("SIP", "CSIP36", &[Set("href=\"metadata/preservation/premis.xml\"", "LOCTYPE", "URN")], &[]),
    ("SIP", "CSIP37", &[Without("href=\"metadata/preservation/premis.xml\"", "xlink:type")], &[]),
    ("SIP", "CSIP38", &[Set("href=\"metadata/preservation/premis.xml\"", "xlink:href", "metadata/fehlt.xml")], &[]),
    ("SIP", "CSIP39", &[Set("href=\"metadata/preservation/premis.xml\"", "MDTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP40", &[Set("href=\"metadata/preservation/premis.xml\"", "MIMETYPE", "Unsinn")], &[]),
    ("SIP", "CSIP41", &[Without("href=\"metadata/preservation/premis.xml\"", "SIZE")], &[]),
    ("SIP", "CSIP42", &[Set("href=\"metadata/preservation/premis.xml\"", "CREATED", "gestern")], &[]),
    ("SIP", "CSIP43", &[Without("href=\"metadata/preservation/premis.xml\"", "CHECKSUM")], &[]),
    ("SIP", "CSIP44", &[Set("href=\"metadata/preservation/premis.xml\"", "CHECKSUMTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP45", &[Cut("<rightsMD", "</rightsMD>"), Gone("metadata/preservation/rights.xml"), Line("div-metadata", "rights ", "")], &[]),
    ("SIP", "CSIP46", &[Without("MD ID=\"rights\"", "ID")], &[]),
    ("SIP", "CSIP47", &[Without("MD ID=\"rights\"", "STATUS")], &[]),
    ("SIP", "CSIP48", &[Drop(r#"href="metadata/preservation/rights.xml""#)], &[]),
    ("SIP", "CSIP49", &[Set("href=\"metadata/preservation/rights.xml\"", "LOCTYPE", "URN")], &[]),
    ("SIP", "CSIP50", &[Without("href=\"metadata/preservation/rights.xml\"", "xlink:type")], &[]),
    ("SIP", "CSIP51", &[Set("href=\"metadata/preservation/rights.xml\"", "xlink:href", "metadata/fehlt.xml")], &[]),
    ("SIP", "CSIP52", &[Set("href=\"metadata/preservation/rights.xml\"", "MDTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP53", &[Set("href=\"metadata/preservation/rights.xml\"", "MIMETYPE", "Unsinn")], &[]),
    ("SIP", "CSIP54", &[Without("href=\"metadata/preservation/rights.xml\"", "SIZE")], &[]),
    ("SIP", "CSIP55", &[Set("href=\"metadata/preservation/rights.xml\"", "CREATED", "gestern")], &[]),
    ("SIP", "CSIP56", &[Without("href=\"metadata/preservation/rights.xml\"", "CHECKSUM")], &[]),
    ("SIP", "CSIP57", &[Set("href=\"metadata/preservation/rights.xml\"", "CHECKSUMTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP58", &[Cut("<fileSec", "</fileSec>")], &[]),
    ("SIP", "CSIP59", &[Without("<fileSec", "ID")], &[]),
    ("SIP", "CSIP60", &[Cut(r#"ID="doc-2""#, "</fileGrp></fileGrp>"), Cut(r#"ID="doc""#, "</fileGrp>"), Drop("div-doc")], &[]),
    ("SIP", "CSIP113", &[Cut(r#"ID="xsd""#, "</file>"), Line("</fileGrp>", "</fileGrp>", ""), Drop("div-xsd")], &[]),
    ("SIP", "CSIP114", &[Cut(r#"ID="rep""#, "</fileGrp>")], &["CSIP108"]),
    ("SIP", "CSIP61", &[Set("ID=\"rep\"", "ADMID", "dmd")], &[]),
    ("SIP", "CSIP62", &[Without("ID=\"rep\"", "csip:CONTENTINFORMATIONTYPE")], &[]),
    ("SIP", "CSIP63", &[Without("ID=\"rep\"", "csip:OTHERCONTENTINFORMATIONTYPE")], &[]),
    ("SIP", "CSIP64", &[Set("ID=\"xsd\"", "USE", "Unsinn")], &[]),
    ("SIP", "CSIP65", &[Without("ID=\"doc\"", "ID")], &["CSIP116"]),
    ("SIP", "CSIP66", &[Line("</fileSec>", "</fileSec>", r#"<fileGrp ID="leer" USE="Schemas"/></fileSec>"#)], &[]),
    ("SIP", "CSIP67", &[Without("<file ID=\"doc-1\"", "ID")], &[]),
    ("SIP", "CSIP68", &[Set("<file ID=\"doc-1\"", "MIMETYPE", "Unsinn")], &[]),
    ("SIP", "CSIP69", &[Without("<file ID=\"doc-1\"", "SIZE")], &[]),
    ("SIP", "CSIP70", &[Set("<file ID=\"doc-1\"", "CREATED", "2026")], &[]),
    ("SIP", "CSIP71", &[Without("<file ID=\"doc-1\"", "CHECKSUM")], &[]),
    ("SIP", "CSIP72", &[Set("<file ID=\"doc-1\"", "CHECKSUMTYPE", "Unsinn")], &[]),
    ("SIP", "CSIP73", &[Set("<file ID=\"doc-1\"", "OWNERID", "")], &[]),
    ("SIP", "CSIP74", &[Set("<file ID=\"doc-1\"", "ADMID", "dmd")], &[]),
    ("SIP", "CSIP75", &[Set("<file ID=\"doc-1\"", "DMDID", "premis")], &[]),
    ("SIP", "CSIP76", &[Drop(r#"href="documentation/lesen.txt""#)], &[]),
    ("SIP", "CSIP77", &[Set("href=\"documentation/lesen.txt\"", "LOCTYPE", "URN")], &[]),
    ("SIP", "CSIP78", &[Without("href=\"documentation/lesen.txt\"", "xlink:type")], &[]),
    ("SIP", "CSIP79", &[Set("href=\"documentation/lesen.txt\"", "xlink:href", "documentation/fehlt.txt")], &[]),
    ("SIP", "CSIP80", &[Cut("<structMap", "</structMap>")], &[]),
    ("SIP", "CSIP81", &[Set("<structMap", "TYPE", "LOGICAL")], &[]),
    ("SIP", "CSIP82", &[Set("<structMap", "LABEL", "Unsinn")], &[]),
    ("SIP", "CSIP83", &[Without("<structMap", "ID")], &[]),
    ("SIP", "CSIP84", &[Line("</structMap>", "</structMap>", r#"<div ID="zweite"><div ID="dritte" LABEL="Metadata"/></div></structMap>"#)], &[]),
    ("SIP", "CSIP84", &[Line("</structMap>", "</structMap>", r#"<div ID="zweite"/></structMap>"#)], &[]),
    ("SIP", "CSIP85", &[Without("ID=\"div\"", "ID")], &[]),
    ("SIP", "CSIP86", &[Set("ID=\"div\"", "LABEL", "anders")], &[]),
    ("SIP", "CSIP88", &[Drop("div-metadata")], &["CSIP90"]),
    ("SIP", "CSIP89", &[Without("div-metadata", "ID")], &[]),
    ("SIP", "CSIP90", &[Set("div-metadata", "LABEL", "Unsinn")], &["CSIP88"]),
    ("SIP", "CSIP91", &[Set("div-metadata", "ADMID", "premis")], &[]),
    ("SIP", "CSIP92", &[Without("div-metadata", "DMDID")], &[]),
    ("SIP", "CSIP93", &[Drop("div-doc")], &[]),
    ("SIP", "CSIP94", &[Without("div-doc", "ID")], &[]),
    ("SIP", "CSIP95", &[Set("div-doc", "LABEL", "Unsinn")], &[]),
    ("SIP", "CSIP96", &[Line("div-doc", r#"<fptr FILEID="doc-2"/>"#, "")], &[]),
    ("SIP", "CSIP116", &[Line("div-doc", r#"FILEID="doc""#, r#"FILEID="xsd""#)], &[]),
    ("SIP", "CSIP97", &[Drop("div-xsd")], &[]),
    ("SIP", "CSIP98", &[Without("div-xsd", "ID")], &[]),
    ("SIP", "CSIP99", &[Set("div-xsd", "LABEL", "Unsinn")], &[]),
    ("SIP", "CSIP100", &[Line("div-xsd", r#"<fptr FILEID="xsd"/>"#, "")], &[]),
    ("SIP", "CSIP118", &[Line("div-xsd", r#"FILEID="xsd""#, r#"FILEID="xsd-1""#)], &[]),
    ("SIP", "CSIP101", &[Inside(&Drop("r-content"))], &[]),
    ("SIP", "CSIP102", &[Inside(&Without("r-content", "ID"))], &[]),
    ("SIP", "CSIP103", &[Inside(&Set("r-content", "LABEL", "Unsinn"))], &[]),
    ("SIP", "CSIP104", &[Inside(&Line("r-content", r#"<fptr FILEID="r-data"/>"#, ""))], &[]),
    ("SIP", "CSIP119", &[Inside(&Line("r-content", r#"FILEID="r-data""#, r#"FILEID="r-file""#))], &[]),
    ("SIP", "CSIP105", &[Cut("div-rep", "</div>")], &[]),
    ("SIP", "CSIP106", &[Without("div-rep", "ID")], &[]),
    ("SIP", "CSIP107", &[Set("div-rep", "LABEL", "Representations/rep2")], &[]),
    ("SIP", "CSIP108", &[Without("<mptr", "xlink:title")], &[]),
    ("SIP", "CSIP109", &[Drop("<mptr")], &[]),
    ("SIP", "CSIP109", &[Set("<mptr", "xlink:href", "representations/rep1/data/bericht.txt")], &[]),
    ("SIP", "CSIP110", &[Set("<mptr", "xlink:href", "representations/rep1/fehlt.xml")], &[]),
    ("SIP", "CSIP111", &[Without("<mptr", "xlink:type")], &[]),
    ("SIP", "CSIP112", &[Set("<mptr", "LOCTYPE", "URN")], &[]),
    ("SIP", "CSIPSTR2", &[Folder("anders")], &[]),
    ("SIP", "CSIPSTR4", &[Gone("METS.xml")], &[]),
    ("SIP", "CSIPSTR5", &[Move("metadata", "angaben"), Text("\"metadata/", "\"angaben/")], &[]),
    ("SIP", "CSIPSTR6", &[Move("metadata/preservation", "metadata"), Text("metadata/preservation/", "metadata/")], &[]),
    ("SIP", "CSIPSTR7", &[Move("metadata/descriptive", "metadata"), Text("metadata/descriptive/", "metadata/")], &[]),
    ("SIP", "CSIPSTR9", &[Move("representations", "inhalt"), Text("\"representations/", "\"inhalt/")], &["CSIP107", "CSIP64"]),
    ("SIP", "CSIPSTR10", &[New("representations/lose.txt", "x")], &[]),
    ("SIP", "CSIPSTR11", &[Move("representations/rep1/data", "representations/rep1/inhalt"), Inside(&Text("\"data/", "\"inhalt/"))], &["CSIP64"]),
    ("SIP", "CSIPSTR12", &[Gone("representations/rep1/METS.xml")], &["CSIP79", "CSIP110"]),
    ("SIP", "CSIPSTR13", &[Move("representations/rep1/metadata", "representations/rep1/angaben"), Inside(&Text("\"metadata/", "\"angaben/"))], &[]),
    ("SIP", "CSIPSTR15", &[Move("schemas", "formate"), Text("\"schemas/", "\"formate/")], &["CSIP64"]),
    ("SIP", "CSIPSTR16", &[Move("documentation", "hinweise"), Text("\"documentation/", "\"hinweise/")], &["CSIP64"]),
    ("SIP", "SIP1", &[Without("<mets ", "LABEL")], &[]),
    ("SIP", "SIP2", &[Set("<mets ", "PROFILE", "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP-v2-2-0.xml")], &[]),
    ("SIP", "SIP3", &[Set("<metsHdr", "RECORDSTATUS", "Unsinn")], &[]),
    ("SIP", "SIP4", &[Set("<metsHdr", "csip:OAISPACKAGETYPE", "AIP")], &[]),
    ("SIP", "SIP5", &[Line(r#"TYPE="SUBMISSIONAGREEMENT""#, ">1<", "><")], &[]),
    ("SIP", "SIP6", &[Line(r#"TYPE="PREVIOUSSUBMISSIONAGREEMENT""#, ">1<", "><")], &[]),
    ("SIP", "SIP7", &[Line(r#"TYPE="REFERENCECODE""#, ">1<", "><")], &[]),
    ("SIP", "SIP8", &[Line(r#"TYPE="PREVIOUSREFERENCECODE""#, ">1<", "><")], &[]),
    ("SIP", "SIP9", &[Drop("Bauamt")], &[]),
    ("SIP", "SIP10", &[Without("Bauamt", "ROLE")], &[]),
    ("SIP", "SIP11", &[Set("Bauamt", "TYPE", "OTHER")], &[]),
    ("SIP", "SIP12", &[Line("Bauamt", "<name>Bauamt</name>", "")], &[]),
    ("SIP", "SIP13", &[Line("Bauamt", r#"<note csip:NOTETYPE="IDENTIFICATIONCODE">DE-BA</note>"#, "")], &[]),
    ("SIP", "SIP14", &[Without("Bauamt", "csip:NOTETYPE")], &[]),
    ("SIP", "SIP15", &[Drop("Hauptamt"), Drop("Ansprechstelle"), Drop("Bauamt")], &[]),
    ("SIP", "SIP15", &[Drop("Hauptamt")], &[]),
    ("SIP", "SIP16", &[Without("Hauptamt", "ROLE")], &[]),
    ("SIP", "SIP17", &[Set("Hauptamt", "TYPE", "OTHER")], &[]),
    ("SIP", "SIP18", &[Line("Hauptamt", "<name>Hauptamt</name>", "")], &[]),
    ("SIP", "SIP19", &[Line("Hauptamt", r#"<note csip:NOTETYPE="IDENTIFICATIONCODE">DE-HA</note>"#, "")], &[]),
    ("SIP", "SIP20", &[Without("Hauptamt", "csip:NOTETYPE")], &[]),
    ("SIP", "SIP21", &[Drop("Ansprechstelle")], &[]),
    ("SIP", "SIP22", &[Without("Ansprechstelle", "ROLE")], &[]),
    ("SIP", "SIP23", &[Set("Ansprechstelle", "TYPE", "OTHER")], &[]),
    ("SIP", "SIP24", &[Line("Ansprechstelle", "<name>Ansprechstelle</name>", "")], &[]),
    ("SIP", "SIP25", &[Line("Ansprechstelle", "<note>bauamt@example.org</note>", "")], &[]),
    ("SIP", "SIP26", &[Drop("Stadtarchiv")], &[]),
    ("SIP", "SIP27", &[Without("Stadtarchiv", "ROLE")], &[]),
    ("SIP", "SIP28", &[Set("Stadtarchiv", "TYPE", "OTHER")], &[]),
    ("SIP", "SIP29", &[Line("Stadtarchiv", "<name>Stadtarchiv</name>", "")], &[]),
    ("SIP", "SIP30", &[Line("Stadtarchiv", r#"<note csip:NOTETYPE="IDENTIFICATIONCODE">DE-ST</note>"#, "")], &[]),
    ("SIP", "SIP31", &[Without("Stadtarchiv", "csip:NOTETYPE")], &[]),
    ("SIP", "SIP32", &[Set("<file ID=\"doc-1\"", "sip:FILEFORMATNAME", "")], &[]),
    ("SIP", "SIP33", &[Set("<file ID=\"doc-1\"", "sip:FILEFORMATVERSION", "")], &[]),
    ("SIP", "SIP34", &[Set("<file ID=\"doc-1\"", "sip:FILEFORMATREGISTRY", "")], &[]),
    ("SIP", "SIP35", &[Set("<file ID=\"doc-1\"", "sip:FILEFORMATKEY", "")], &[]),
    ("SIP", "REF_CSIP_1", &[Without("dmdSec ID=\"dmd\"", "CREATED")], &["CSIP19"]),
    ("SIP", "REF_CSIP_2", &[Without("MD ID=\"premis\"", "ID")], &["CSIP33"]),
    ("SIP", "REF_CSIP_3", &[Without("<structMap", "ID")], &["CSIP83"]),
    ("AIP", "AIPM2", &[Set("<mets ", "PROFILE", "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP-v2-2-0.xml")], &[]),
    ("AIP", "AIPM3", &[Set("<metsHdr", "csip:OAISPACKAGETYPE", "SIP")], &[]),
    ("AIP", "AIPM4", &[Set("dmdSec ID=\"dmd\"", "STATUS", "SUPERSEDED")], &[]),
    ("AIP", "AIPM5", &[Drop(r#"MD ID="premis""#), Drop(r#"href="metadata/preservation/premis.xml""#), Line("</digiprovMD>", "</digiprovMD>", ""), Cut("<digiprovMD", "</digiprovMD>"), Gone("metadata/preservation/premis.xml"), Gone("metadata/other/notiz.xml"), Set("div-metadata", "ADMID", "rights"), Without("<file ID=\"doc-1\"", "ADMID")], &[]),
    ("AIP", "AIPM6", &[Set("premis.xml\"", "MDTYPE", "OTHER")], &[]),
    ("AIP", "AIPM7", &[Set("premis.xml\"", "MDTYPEVERSION", "2.2")], &[]),
    ("AIP", "AIP3", &[Cut("div-rep", "</div>")], &[]),
    ("AIP", "AIP7", &[Premis("formatRegistryName>PRONOM<", "formatRegistryName><")], &[]),
    ("AIP", "AIP8", &[Premis(">PRONOM<", ">eigenes<")], &[]),
    ("AIP", "AIP11", &[Premis("<storage><storageMedium>Platte</storageMedium></storage>", "")], &[]),
    ("AIP", "AIP12", &[PremisCut("<relationship>", "</relationship>")], &[]),
    ("AIP", "AIP13", &[Line("</structMap>", "</structMap>", r#"</structMap><structMap LABEL="parent AIP"><div/></structMap>"#)], &[]),
    ("AIP", "AIP15", &[PremisCut("<eventIdentifier>", "</eventIdentifier>")], &[]),
    ("AIP", "AIP16", &[PremisCut("<linkingAgentIdentifier>", "</linkingAgentIdentifier>")], &[]),
    ("AIP", "AIP17", &[PremisCut("<relatedEventIdentifier>", "</relatedEventIdentifier>")], &[]),
    ("AIP", "AIP18", &[PremisCut("<agent>", "</agent>")], &[]),
    ("DIP", "DIP2", &[Set("<mets ", "PROFILE", "https://earkdip.dilcis.eu/profile/E-ARK-DIP.xsd")], &[]),
    ("DIP", "DIP3", &[Set("<metsHdr", "csip:OAISPACKAGETYPE", "AIP")], &[]),
    ("DIP", "DIP4", &[Set("dmdSec ID=\"dmd\"", "STATUS", "SUPERSEDED")], &[]),
];

/// Requirements that nothing in a package can break, or that no change of a package's folder can, and why.
#[rustfmt::skip]
const WITHOUT_CHANGE: &[(&str, &str)] = &[
    ("CSIPSTR1", "a folder is one folder; a ZIP with two is below"),
    ("AIP27", "as CSIPSTR1"),
    ("AIP22", "a folder is no container file; a ZIP of another name is below"),
    ("AIP28", "a TAR that is compressed is refused as a whole, before anything in it is known"),
    ("CSIPSTR3", "it allows, and nothing can be against it"),
    ("CSIPSTR8", "it allows, and nothing can be against it"),
    ("CSIPSTR14", "it allows, and nothing can be against it"),
    ("REF_METS_1", "it allows, and nothing can be against it"),
    ("REF_METS_2", "it allows, and nothing can be against it"),
    ("AIPM1", "it is about the package in other versions"),
    ("AIP1", "it is about other containers of the package"),
    ("AIP2", "it is about other containers of the package"),
    ("AIP21", "it is about a policy outside of the package"),
    ("DIP1", "it is about the package from which this one was made"),
];

fn judged(package: &Path, spec: Option<SpecVersion>) -> Validated {
    let options = Options { standard: Some(Standard::Eark), spec, ..Options::default() };
    let cancel = Cancel::new();
    validate(package, &options, Watch::new(&cancel, &Silent)).unwrap()
}

#[test]
fn what_conforms_is_found_clean_in_every_version() {
    for kind in ["SIP", "AIP", "DIP"] {
        for full in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let package = folder.path().join(NAME);
            let wanted = Wanted { kind, full };
            let mut files = wanted.files();
            wanted.complete(&mut files, |_, text| text);
            write(&files, &package);
            for spec in SpecVersion::ALL {
                let found = judged(&package, Some(spec));
                let grave: Vec<_> = found.findings.iter().filter(|one| one.severity > Severity::Info).collect();
                assert!(grave.is_empty(), "{kind} {spec:?}, all: {full}\n{grave:#?}");
                let failed: Vec<&str> =
                    found.answers.iter().filter(|one| one.answer == Answer::Failed).map(|one| one.id).collect();
                assert!(!full || failed.is_empty(), "{kind} {spec:?}: {failed:?}");
            }
        }
    }
}

#[test]
fn each_requirement_is_named_where_what_it_speaks_of_is_changed() {
    let mut wrong = Vec::new();
    for (kind, id, changes, related) in MUTATIONS {
        let folder = tempfile::tempdir().unwrap();
        let package = changed(Wanted { kind, full: true }, changes, folder.path());
        let spec = if *id == "CSIP86" { SpecVersion::V204 } else { SpecVersion::V220 };
        let found = judged(&package, Some(spec));
        let named = found.findings.iter().any(|one| one.requirement.as_deref() == Some(id));
        let failed = found.answers.iter().any(|one| one.id == *id && one.answer == Answer::Failed);
        if !failed || !(named || id.starts_with("REF_")) {
            wrong.push(format!("{id}: named {named}, failed {failed}"));
        }
        let others: BTreeSet<&str> = found
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .filter_map(|one| one.requirement.as_deref())
            .filter(|other| other != id)
            .collect();
        if others != related.iter().copied().collect() {
            wrong.push(format!("{id}: with {others:?}, not {related:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How a reference to `documentation/lesen.txt` is written, what is changed beside it, and what is told of it: severity, requirement
/// or code, and what was expected.
type Reference = (&'static str, &'static [Change], &'static [(Severity, &'static str, &'static str)]);

#[rustfmt::skip]
const REFERENCES: &[Reference] = &[
    ("./documentation/lesen.txt", &[], &[]),
    ("file:documentation/lesen.txt", &[], &[]),
    ("file://./documentation/lesen.txt", &[], &[]),
    (" documentation/lesen.txt ", &[], &[]),
    ("%64ocumentation/lesen.txt", &[], &[]),
    ("schemas/../documentation/lesen.txt", &[], &[]),
    ("documentation\\lesen.txt", &[], &[(Severity::Warning, "mets-requirement", "documentation/lesen.txt")]),
    ("documentation//lesen.txt", &[], &[(Severity::Warning, "mets-requirement", "documentation/lesen.txt")]),
    ("documentation/lesen.txt#a", &[], &[(Severity::Warning, "mets-requirement", "documentation/lesen.txt")]),
    ("documentation/pr\u{fc}fen.txt", &[Move("documentation/lesen.txt", "documentation/pru\u{308}fen.txt")],
        &[(Severity::Warning, "mets-requirement", "documentation/pru\u{308}fen.txt")]),
    ("documentation/pru%CC%88fen.txt", &[Move("documentation/lesen.txt", "documentation/pr\u{fc}fen.txt")],
        &[(Severity::Warning, "mets-requirement", "documentation/pr\u{fc}fen.txt")]),
    ("documentation/Lesen.txt", &[], &[(Severity::Error, "CSIP79", "documentation/lesen.txt"), (Severity::Warning, "file-unreferenced", "")]),
    ("documentation/fehlt.txt", &[], &[(Severity::Error, "CSIP79", ""), (Severity::Warning, "file-unreferenced", "")]),
    ("/documentation/lesen.txt", &[], &[(Severity::Error, "CSIP79", ""), (Severity::Warning, "file-unreferenced", "")]),
    ("../paket-1/documentation/lesen.txt", &[], &[(Severity::Error, "CSIP79", ""), (Severity::Warning, "file-unreferenced", "")]),
];

#[test]
fn a_reference_is_followed_however_it_is_spelt_and_never_out_of_the_package() {
    for (href, beside, expected) in REFERENCES {
        let folder = tempfile::tempdir().unwrap();
        let (wanted, anchor) = (Wanted { kind: "SIP", full: true }, "href=\"documentation/lesen.txt\"");
        let mut files = wanted.files();
        wanted.complete(&mut files, |path, text| match path {
            "METS.xml" => applied(&Set(anchor, "xlink:href", href), text),
            _ => text,
        });
        for change in *beside {
            let Move(from, to) = change else { continue };
            let text = files.remove(*from).unwrap();
            files.insert((*to).to_owned(), text);
        }
        write(&files, &folder.path().join(NAME));
        let found = judged(&folder.path().join(NAME), None).findings;
        let told: Vec<(Severity, &str, &str)> = found
            .iter()
            .filter(|one| one.severity > Severity::Info)
            .map(|one| {
                let name = one.requirement.as_deref().unwrap_or(one.code.name());
                (one.severity, name, one.expected.as_deref().unwrap_or_default())
            })
            .collect();
        assert_eq!(told, *expected, "{href}");
    }
}

#[test]
fn a_representation_may_refer_to_files_of_the_package() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted { kind: "SIP", full: true };
    let group = format!(
        "<fileGrp ID=\"r-xsd\" USE=\"Schemas\"><file ID=\"r-xsd-1\" MIMETYPE=\"application/xml\" SIZE=\"9\" \
         CREATED=\"2026-03-01T10:00:00\" CHECKSUM=\"{}\" CHECKSUMTYPE=\"SHA-256\"><FLocat LOCTYPE=\"URL\" \
         xlink:type=\"simple\" xlink:href=\"../../schemas/dc.xsd\"/></file></fileGrp></fileSec>",
        sha256(b"<schema/>")
    );
    let division = "<div ID=\"r-schemas\" LABEL=\"Schemas\"><fptr FILEID=\"r-xsd\"/></div><div ID=\"r-content\"";
    let mut files = wanted.files();
    wanted.complete(&mut files, |path, text| {
        let more = if path == "METS.xml" {
            [("", ""); 2]
        } else {
            [("</fileSec>", &*group), ("<div ID=\"r-content\"", division)]
        };
        more.iter().fold(text, |text, (from, to)| replaced(&text, from, to))
    });
    write(&files, &folder.path().join(NAME));
    let found = judged(&folder.path().join(NAME), None).findings;
    assert!(found.iter().all(|one| one.severity == Severity::Info), "{found:#?}");
}

#[test]
fn of_what_a_document_says_that_cannot_be_read_nothing_is_told() {
    for (broken, expected) in [
        ("METS.xml", &["xml-malformed"][..]),
        ("representations/rep1/METS.xml", &["CSIP69", "CSIP71", "xml-malformed"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let wanted = Wanted { kind: "AIP", full: true };
        let mut files = wanted.files();
        wanted.complete(&mut files, |_, text| text);
        files.insert(broken.to_owned(), "<mets".to_owned());
        write(&files, &folder.path().join(NAME));
        let found = judged(&folder.path().join(NAME), None);
        let told = found.findings.iter().filter(|one| one.severity > Severity::Info);
        let told: BTreeSet<&str> = told.map(|one| one.requirement.as_deref().unwrap_or(one.code.name())).collect();
        assert_eq!(told, expected.iter().copied().collect(), "{broken}");
        let of = |id: &str| found.answers.iter().find(|one| one.id == id).unwrap().answer;
        assert_eq!([of("CSIP17"), of("CSIP32"), of("CSIP101")], [Answer::NotChecked; 3], "{broken}");
    }
}

#[test]
fn every_requirement_has_a_change_or_a_reason_why_there_is_none() {
    let changed: BTreeSet<&str> = MUTATIONS.iter().map(|(_, id, ..)| *id).collect();
    let excused: BTreeSet<&str> = WITHOUT_CHANGE.iter().map(|(id, _)| *id).collect();
    let all: BTreeSet<&str> = table::all().iter().map(|row| row.id).collect();
    assert_eq!(changed.intersection(&excused).count(), 0);
    assert_eq!(changed.union(&excused).copied().collect::<BTreeSet<_>>(), all);
}

/// Makes a package with changes in `folder`, and returns where it is.
fn changed(wanted: Wanted, changes: &[Change], folder: &Path) -> std::path::PathBuf {
    let (mut files, mut name) = (wanted.files(), NAME);
    for change in changes {
        match change {
            New(path, text) => drop(files.insert((*path).to_owned(), (*text).to_owned())),
            Premis(from, to) => premis(&mut files, |text| replaced(text, from, to)),
            PremisCut(from, to) => premis(&mut files, |text| {
                let (before, rest) = text.split_once(from).unwrap();
                before.to_owned() + rest.split_once(to).unwrap().1
            }),
            Folder(other) => name = other,
            _ => {}
        }
    }
    wanted.complete(&mut files, |path, text| {
        changes.iter().fold(text, |text, change| match change {
            Inside(change) if path != "METS.xml" => applied(change, text),
            change if path == "METS.xml" => applied(change, text),
            _ => text,
        })
    });
    for change in changes {
        match change {
            Gone(path) => assert!(files.remove(*path).is_some(), "{path}"),
            Move(from, to) => {
                let moved = |path: String| match path.strip_prefix(from) {
                    Some(rest) if rest.starts_with('/') => format!("{to}{rest}"),
                    _ => path,
                };
                files = std::mem::take(&mut files).into_iter().map(|(path, text)| (moved(path), text)).collect();
            }
            _ => {}
        }
    }
    let package = folder.join(name);
    write(&files, &package);
    package
}

fn premis(files: &mut Files, change: impl Fn(&str) -> String) {
    let text = files.get_mut("metadata/preservation/premis.xml").unwrap();
    *text = change(text);
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1)
}

fn applied(change: &Change, text: String) -> String {
    let in_line = |anchor: &str, each: &dyn Fn(&str) -> String| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = lines.iter_mut().find(|line| line.contains(anchor)).unwrap_or_else(|| panic!("{anchor}"));
        *line = each(line);
        lines.join("\n")
    };
    let attribute = |line: &str, name: &str, value: Option<&str>| {
        let (before, rest) = line.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{name}: {line}"));
        let after = rest.split_once('"').unwrap().1;
        value.map_or_else(|| format!("{before}{after}"), |value| format!("{before} {name}=\"{value}\"{after}"))
    };
    match change {
        Without(anchor, name) => in_line(anchor, &|line| attribute(line, name, None)),
        Set(anchor, name, value) => in_line(anchor, &|line| attribute(line, name, Some(value))),
        Line(anchor, from, to) => in_line(anchor, &|line| replaced(line, from, to)),
        Text(from, to) => {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        }
        Drop(words) => {
            assert!(text.contains(words), "{words}");
            text.lines().filter(|line| !line.contains(words)).collect::<Vec<_>>().join("\n")
        }
        Cut(from, to) => {
            let lines: Vec<&str> = text.lines().collect();
            let first = lines.iter().position(|line| line.contains(from)).unwrap_or_else(|| panic!("{from}"));
            let length = lines[first..].iter().position(|line| line.contains(to)).unwrap();
            [&lines[..first], &lines[first + length + 1..]].concat().join("\n")
        }
        _ => text,
    }
}

/// Returns the requirements that the package fails.
fn failed(package: &Path) -> BTreeSet<String> {
    let found = judged(package, None);
    found.answers.iter().filter(|one| one.answer == Answer::Failed).map(|one| one.id.to_owned()).collect()
}

#[test]
fn what_lies_beside_the_package_and_how_its_container_is_called_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted { kind: "AIP", full: true };
    let mut files = wanted.files();
    wanted.complete(&mut files, |_, text| text);
    for (name, beside, expected) in [
        (format!("{NAME}.zip"), None, &[][..]),
        ("anders.zip".to_owned(), None, &["AIP22"]),
        (format!("{NAME}_2.zip"), Some("lose.txt"), &["AIP27", "CSIPSTR1"]),
    ] {
        let path = folder.path().join(name);
        let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
        let inside = files.iter().map(|(file, text)| (format!("{NAME}/{file}"), text.as_str()));
        for (file, text) in inside.chain(beside.map(|file| (file.to_owned(), ""))) {
            zip.start_file(file, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        assert_eq!(failed(&path), expected.iter().map(|id| (*id).to_owned()).collect(), "{}", path.display());
    }
    for (file, text) in &files {
        let path = folder.path().join(NAME).join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    // An AIP should not be packed, whatever it is called.
    for (options, name, expected) in
        [("-cf", format!("{NAME}.tar"), &[][..]), ("-czf", format!("{NAME}.zip.tar"), &["AIP28"])]
    {
        let path = folder.path().join(name);
        let own = folder.path().as_os_str();
        super::sandbox::shell("tar", &["-C".as_ref(), own, options.as_ref(), path.as_os_str(), NAME.as_ref()]);
        assert_eq!(failed(&path), expected.iter().map(|id| (*id).to_owned()).collect(), "{}", path.display());
    }
}
