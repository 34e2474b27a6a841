//! E-ARK SIP.

use super::{MAY, MAY_THEN_MUST, MUST, Row, SHOULD};
use crate::package::eark::rules::ask::{
    Ask::{Attribute, Beside, Follows, Optional},
    Name, Value,
};
use crate::package::eark::rules::place::Place::{Agent, BehaviorSec, File, Header, Mets, StructLink};
use crate::package::eark::vocabulary::RECORD_STATUS;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("SIP1", MAY, Mets, Optional(&[Name::mets("LABEL")], Value::Given),
        "LABEL says in a few words what the package holds"),
    ("SIP2", MUST, Mets, Beside,
        "PROFILE is the address of the SIP profile"),
    ("SIP3", MAY, Header, Optional(&[Name::mets("RECORDSTATUS")], Value::OneOf(RECORD_STATUS)),
        "RECORDSTATUS says how the package is to be handled, from the vocabulary"),
    ("SIP4", MUST, Header, Attribute(Name::csip("OAISPACKAGETYPE"), Value::Fixed("SIP")),
        "csip:OAISPACKAGETYPE is SIP"),
    ("SIP5", MAY, Header, Beside, "altRecordID with TYPE SUBMISSIONAGREEMENT names the agreement"),
    ("SIP6", MAY, Header, Beside, "altRecordID with TYPE PREVIOUSSUBMISSIONAGREEMENT names former agreements"),
    ("SIP7", MAY, Header, Beside, "altRecordID with TYPE REFERENCECODE says where the package belongs"),
    ("SIP8", MAY, Header, Beside, "altRecordID with TYPE PREVIOUSREFERENCECODE says former reference codes"),
    ("SIP9", MAY, Agent, Beside, "an agent says who created the records"),
    ("SIP10", MUST, Agent, Beside, "its ROLE says so"),
    ("SIP11", MUST, Agent, Beside, "its TYPE is ORGANIZATION or INDIVIDUAL"),
    ("SIP12", MAY_THEN_MUST, Agent, Beside, "it has a name"),
    ("SIP13", MAY, Agent, Beside, "its note is a code that identifies it"),
    ("SIP14", MUST, Agent, Beside, "the csip:NOTETYPE of that note is IDENTIFICATIONCODE"),
    ("SIP15", MUST, Header, Beside, "an agent says who submits the package"),
    ("SIP16", MUST, Agent, Beside, "its ROLE says so"),
    ("SIP17", MUST, Agent, Beside, "its TYPE is ORGANIZATION or INDIVIDUAL"),
    ("SIP18", MAY_THEN_MUST, Agent, Beside, "it has a name"),
    ("SIP19", MAY, Agent, Beside, "its note is a code that identifies it"),
    ("SIP20", MUST, Agent, Beside, "the csip:NOTETYPE of that note is IDENTIFICATIONCODE"),
    ("SIP21", MAY, Agent, Beside, "an agent says who can be asked"),
    ("SIP22", MUST, Agent, Beside, "its ROLE is CREATOR"),
    ("SIP23", MUST, Agent, Beside, "its TYPE is INDIVIDUAL"),
    ("SIP24", MUST, Agent, Beside, "it has a name"),
    ("SIP25", MAY, Agent, Beside, "its notes say how to reach the person"),
    ("SIP26", MAY, Agent, Beside, "an agent says who preserves the package"),
    ("SIP27", MUST, Agent, Beside, "its ROLE is PRESERVATION"),
    ("SIP28", MUST, Agent, Beside, "its TYPE is ORGANIZATION"),
    ("SIP29", MAY_THEN_MUST, Agent, Beside, "it has a name"),
    ("SIP30", MAY, Agent, Beside, "its note is a code that identifies it"),
    ("SIP31", MUST, Agent, Beside, "the csip:NOTETYPE of that note is IDENTIFICATIONCODE"),
    ("REF_CSIP_1", SHOULD, Mets, Follows(&[
            "CSIP17", "CSIP18", "CSIP19", "CSIP20", "CSIP21", "CSIP22", "CSIP23", "CSIP24", "CSIP25", "CSIP26", "CSIP27",
            "CSIP28", "CSIP29", "CSIP30",
        ]), "descriptive metadata are as CSIP says"),
    ("REF_CSIP_2", SHOULD, Mets, Follows(super::ADMINISTRATIVE), "administrative metadata are as CSIP says"),
    ("SIP32", MAY, File, Optional(&[Name::sip("FILEFORMATNAME")], Value::Given),
        "sip:FILEFORMATNAME is the name of the format"),
    ("SIP33", MAY, File, Optional(&[Name::sip("FILEFORMATVERSION")], Value::Given),
        "sip:FILEFORMATVERSION is its version"),
    ("SIP34", MAY, File, Optional(&[Name::sip("FILEFORMATREGISTRY"), Name::sip("FORMATREGISTRY")], Value::Given),
        "sip:FILEFORMATREGISTRY names the list in which the format stands"),
    ("SIP35", MAY, File, Optional(&[Name::sip("FILEFORMATKEY"), Name::sip("FORMATREGISTRYKEY")], Value::Given),
        "sip:FILEFORMATKEY is its key in that list"),
    ("REF_CSIP_3", SHOULD, Mets, Follows(super::STRUCTURE), "the structural map is as CSIP says"),
    ("REF_METS_1", MAY, StructLink, Beside, "structLink may be used as METS says"),
    ("REF_METS_2", MAY, BehaviorSec, Beside, "behaviorSec may be used as METS says"),
];
