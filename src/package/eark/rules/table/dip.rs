//! E-ARK DIP.

use super::{MAY, MUST, Row, SHOULD};
use crate::package::eark::rules::ask::{
    Ask::{Attribute, Beside, Follows, Unknown},
    Name, Value,
};
use crate::package::eark::rules::place::Place::{BehaviorSec, Dmd, Header, Mets, StructLink};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("DIP1", MUST, Mets, Unknown("other-package"), "OBJID is another than that of the AIP and the SIP"),
    ("DIP2", MUST, Mets, Beside, "PROFILE is the address of the DIP profile"),
    ("DIP3", MUST, Header, Attribute(Name::csip("OAISPACKAGETYPE"), Value::Fixed("DIP")),
        "csip:OAISPACKAGETYPE is DIP"),
    ("DIP4", SHOULD, Dmd, Beside, "the STATUS of descriptive metadata is CURRENT"),
    ("REF_CSIP_1", SHOULD, Mets, Follows(super::ADMINISTRATIVE), "administrative metadata are as CSIP says"),
    ("REF_CSIP_2", SHOULD, Mets, Follows(&[
            "CSIP58", "CSIP59", "CSIP60", "CSIP113", "CSIP114", "CSIP61", "CSIP62", "CSIP63", "CSIP64", "CSIP65", "CSIP66",
            "CSIP67", "CSIP68", "CSIP69", "CSIP70", "CSIP71", "CSIP72", "CSIP73", "CSIP74", "CSIP75", "CSIP76", "CSIP77",
            "CSIP78", "CSIP79",
        ]), "the file section is as CSIP says"),
    ("REF_CSIP_3", SHOULD, Mets, Follows(super::STRUCTURE), "the structural map is as CSIP says"),
    ("REF_METS_1", MAY, StructLink, Beside, "structLink may be used as METS says"),
    ("REF_METS_2", MAY, BehaviorSec, Beside, "behaviorSec may be used as METS says"),
];
