//! E-ARK AIP: the METS profile of 2.2.0, and the requirements in the text of the specification.

use super::{MAY, MUST, NEW_MUST, NEW_SHOULD, Row, SHOULD};
use crate::package::eark::rules::ask::{
    Ask::{Attribute, Beside, Unknown},
    Name, Value,
};
use crate::package::eark::rules::place::Place::{DigiprovRef, Dmd, Header, Mets, Package};

#[rustfmt::skip]
pub(super) const METS: &[Row] = &[
    ("AIPM1", NEW_MUST, Mets, Unknown("life-cycle"), "OBJID never changes"),
    ("AIPM2", NEW_MUST, Mets, Beside, "PROFILE is the address of the AIP profile"),
    ("AIPM3", NEW_MUST, Header, Attribute(Name::csip("OAISPACKAGETYPE"), Value::Fixed("AIP")),
        "csip:OAISPACKAGETYPE is AIP"),
    ("AIPM4", NEW_SHOULD, Dmd, Beside, "one section of descriptive metadata has the STATUS CURRENT"),
    ("AIPM5", NEW_MUST, Mets, Beside, "metadata of digital provenance are referred to"),
    ("AIPM6", NEW_SHOULD, DigiprovRef, Beside, "the MDTYPE of one of them is PREMIS"),
    ("AIPM7", NEW_SHOULD, DigiprovRef, Beside, "PREMIS is used in version 3"),
];

#[rustfmt::skip]
pub(super) const TEXT: &[Row] = &[
    ("AIP1", MUST, Package, Unknown("other-containers"), "a representation that is divided has the same name in all containers"),
    ("AIP2", MUST, Package, Unknown("other-containers"), "no path of it is in two containers"),
    ("AIP3", MUST, Package, Beside,
        "where representations have METS documents, the structural map points to each, and the file section lists it"),
    ("AIP7", MAY, Package, Beside, "PREMIS says the format of a file by name or by registry"),
    ("AIP8", MAY, Package, Beside, "the registry is PRONOM"),
    ("AIP11", MAY, Package, Beside, "PREMIS says where a file is stored"),
    ("AIP12", SHOULD, Package, Beside, "PREMIS says how objects relate to each other"),
    ("AIP13", MUST, Package, Beside, "an AIP that is part of another one refers to that in relationshipSubType"),
    ("AIP15", SHOULD, Package, Beside, "events in PREMIS have identifiers"),
    ("AIP16", MUST, Package, Beside, "an event names the agent that caused it"),
    ("AIP17", SHOULD, Package, Beside, "the event by which an object came to be is recorded with it"),
    ("AIP18", MUST, Package, Beside, "agents that events name are described"),
    ("AIP21", SHOULD, Package, Unknown("policy"), "a policy says how names of containers follow from identifiers"),
    ("AIP22", SHOULD, Package, Beside, "the name of the container begins with the name of the AIP"),
    ("AIP27", MUST, Package, Beside, "the container holds a single folder"),
    ("AIP28", SHOULD, Package, Beside, "a TAR is not compressed"),
];
