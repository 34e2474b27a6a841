//! METS 1.12.

use super::extensions::{ACTUATE, ARC_LINK, ARCROLE, EXTENDED_LINK, LOCATOR_LINK, SHOW, SIMPLE_LINK, TITLE, XLINK};
use super::notation::Simple::{Base64, DateTime, Id, IdRef, IdRefs, Int, Integer, Long, OneOf, Positive, Text, Uris};
use super::notation::{Attribute, Rule, Vocabulary, anything, children, empty, optional, required, text, value};
use crate::package::eark::vocabulary::{CHECKSUM_TYPES, METADATA_TYPES};

/// Elements of METS.
pub(super) const METS: Vocabulary = Vocabulary {
    namespace: "http://www.loc.gov/METS/",
    globals: &["mets"],
    rules: &[HEAD, METADATA, FILES, STRUCTURE, LINKS, BEHAVIOR],
};

const HEAD: &[Rule] = &[
    children(
        "mets",
        "metsHdr? dmdSec* amdSec* fileSec? structMap+ structLink? behaviorSec*",
        &[&[ID, text("OBJID"), LABEL, TYPE, text("PROFILE")]],
    )
    .open(),
    children(
        "metsHdr",
        "agent* altRecordID* metsDocumentID?",
        &[&[ID, ADMID, date("CREATEDATE"), date("LASTMODDATE"), text("RECORDSTATUS")]],
    )
    .open(),
    children(
        "agent",
        "name note*",
        &[&[
            ID,
            required(
                "ROLE",
                OneOf(&[
                    "CREATOR",
                    "EDITOR",
                    "ARCHIVIST",
                    "PRESERVATION",
                    "DISSEMINATOR",
                    "CUSTODIAN",
                    "IPOWNER",
                    "OTHER",
                ]),
            ),
            text("OTHERROLE"),
            optional("TYPE", OneOf(&["INDIVIDUAL", "ORGANIZATION", "OTHER"])),
            text("OTHERTYPE"),
        ]],
    ),
    value("name", Text, &[]),
    value("note", Text, &[]).open(),
    value("altRecordID", Text, &[&[ID, TYPE]]),
    value("metsDocumentID", Text, &[&[ID, TYPE]]),
];

const METADATA: &[Rule] = &[
    section("dmdSec"),
    children("amdSec", "techMD* rightsMD* sourceMD* digiprovMD*", &[&[ID]]).open(),
    section("techMD"),
    section("rightsMD"),
    section("sourceMD"),
    section("digiprovMD"),
    empty("mdRef", &[&[ID], LOCATION, SIMPLE_LINK, METADATA_TYPE, FILE_CORE, &[LABEL, text("XPTR")]]),
    children("mdWrap", "(binData | xmlData)?", &[&[ID], METADATA_TYPE, FILE_CORE, &[LABEL]]),
    value("binData", Base64, &[]),
    anything("xmlData"),
];

/// A section with one metadata document, referenced, wrapped or both in any order.
const fn section(name: &'static str) -> Rule {
    children(name, "(mdRef mdWrap? | mdWrap mdRef?)?", SECTION).open()
}

const SECTION: &[&[Attribute]] = &[&[required("ID", Id), text("GROUPID"), ADMID, date("CREATED"), text("STATUS")]];

const FILES: &[Rule] = &[
    children("fileSec", "fileGrp+", &[&[ID]]).open(),
    children("fileGrp", "fileGrp* | file*", &[&[ID, date("VERSDATE"), ADMID, text("USE")]]).open(),
    children(
        "file",
        "FLocat* FContent? stream* transformFile* file*",
        &[
            &[required("ID", Id), optional("SEQ", Int)],
            FILE_CORE,
            &[text("OWNERID"), ADMID, DMDID, text("GROUPID"), text("USE")],
            &[text("BEGIN"), text("END"), optional("BETYPE", OneOf(&["BYTE"]))],
        ],
    )
    .open(),
    empty("FLocat", &[&[ID], LOCATION, &[text("USE")], SIMPLE_LINK]),
    children("FContent", "(binData | xmlData)?", &[&[ID, text("USE")]]),
    empty(
        "stream",
        &[
            &[ID, text("streamType"), text("OWNERID"), ADMID, DMDID],
            &[text("BEGIN"), text("END"), optional("BETYPE", OneOf(&["BYTE"]))],
        ],
    ),
    empty(
        "transformFile",
        &[&[
            ID,
            required("TRANSFORMTYPE", OneOf(&["decompression", "decryption"])),
            required("TRANSFORMALGORITHM", Text),
            text("TRANSFORMKEY"),
            optional("TRANSFORMBEHAVIOR", IdRef),
            required("TRANSFORMORDER", Positive),
        ]],
    ),
];

const STRUCTURE: &[Rule] = &[
    children("structMap", "div", &[&[ID, TYPE, LABEL]]).open(),
    children(
        "div",
        "mptr* fptr* div*",
        &[&[ID], ORDER, &[DMDID, ADMID, TYPE, CONTENTIDS, text("label").within(XLINK)]],
    ),
    empty("mptr", &[&[ID], LOCATION, SIMPLE_LINK, &[CONTENTIDS]]),
    children("fptr", "(par | seq | area)?", &[&[ID, optional("FILEID", IdRef), CONTENTIDS]]).open(),
    children("par", "(area | seq)*", &[&[ID], ORDER]).open(),
    children("seq", "(area | par)*", &[&[ID], ORDER]).open(),
    empty(
        "area",
        &[
            &[
                ID,
                required("FILEID", IdRef),
                optional("SHAPE", OneOf(&["RECT", "CIRCLE", "POLY"])),
                text("COORDS"),
                text("BEGIN"),
                text("END"),
                optional(
                    "BETYPE",
                    OneOf(&[
                        "BYTE",
                        "IDREF",
                        "SMIL",
                        "MIDI",
                        "SMPTE-25",
                        "SMPTE-24",
                        "SMPTE-DF30",
                        "SMPTE-NDF30",
                        "SMPTE-DF29.97",
                        "SMPTE-NDF29.97",
                        "TIME",
                        "TCF",
                        "XPTR",
                    ]),
                ),
                text("EXTENT"),
                optional(
                    "EXTTYPE",
                    OneOf(&[
                        "BYTE",
                        "SMIL",
                        "MIDI",
                        "SMPTE-25",
                        "SMPTE-24",
                        "SMPTE-DF30",
                        "SMPTE-NDF30",
                        "SMPTE-DF29.97",
                        "SMPTE-NDF29.97",
                        "TIME",
                        "TCF",
                    ]),
                ),
                ADMID,
                CONTENTIDS,
            ],
            ORDER,
        ],
    )
    .open(),
];

const LINKS: &[Rule] = &[
    children("structLink", "(smLink | smLinkGrp)+", &[&[ID]]).open(),
    empty(
        "smLink",
        &[&[
            ID,
            ARCROLE,
            TITLE,
            SHOW,
            ACTUATE,
            required("to", Text).within(XLINK),
            required("from", Text).within(XLINK),
        ]],
    ),
    children(
        "smLinkGrp",
        "smLocatorLink smLocatorLink+ smArcLink+",
        &[&[ID, optional("ARCLINKORDER", OneOf(&["ordered", "unordered"]))], EXTENDED_LINK],
    ),
    empty("smLocatorLink", &[&[ID], LOCATOR_LINK]),
    empty("smArcLink", &[&[ID], ARC_LINK, &[text("ARCTYPE"), ADMID]]),
];

const BEHAVIOR: &[Rule] = &[
    children("behaviorSec", "behaviorSec* behavior*", &[&[ID, date("CREATED"), LABEL]]).open(),
    children(
        "behavior",
        "interfaceDef? mechanism",
        &[&[ID, optional("STRUCTID", IdRefs), text("BTYPE"), date("CREATED"), LABEL, text("GROUPID"), ADMID]],
    ),
    empty("interfaceDef", &[&[ID, LABEL], LOCATION, SIMPLE_LINK]),
    empty("mechanism", &[&[ID, LABEL], LOCATION, SIMPLE_LINK]),
];

const ID: Attribute = optional("ID", Id);
const ADMID: Attribute = optional("ADMID", IdRefs);
const DMDID: Attribute = optional("DMDID", IdRefs);
const LABEL: Attribute = text("LABEL");
const TYPE: Attribute = text("TYPE");
const CONTENTIDS: Attribute = optional("CONTENTIDS", Uris);

const fn date(name: &'static str) -> Attribute {
    optional(name, DateTime)
}

/// Where something is.
const LOCATION: &[Attribute] =
    &[required("LOCTYPE", OneOf(&["ARK", "URN", "URL", "PURL", "HANDLE", "DOI", "OTHER"])), text("OTHERLOCTYPE")];

/// Which among its siblings something is.
const ORDER: &[Attribute] = &[optional("ORDER", Integer), text("ORDERLABEL"), LABEL];

/// What kind of metadata something is.
const METADATA_TYPE: &[Attribute] =
    &[required("MDTYPE", OneOf(METADATA_TYPES)), text("OTHERMDTYPE"), text("MDTYPEVERSION")];

/// What a file is, by itself.
const FILE_CORE: &[Attribute] = &[
    text("MIMETYPE"),
    optional("SIZE", Long),
    date("CREATED"),
    text("CHECKSUM"),
    optional("CHECKSUMTYPE", OneOf(CHECKSUM_TYPES)),
];
