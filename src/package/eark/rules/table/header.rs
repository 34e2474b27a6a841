//! CSIP 5.3.1 and 5.3.2: the root element and its header.

use super::{MAY, MUST, Row, SHOULD};
use crate::package::eark::rules::ask::{
    Ask::{Attribute, Beside, Element},
    Name, Times, Value,
};
use crate::package::eark::rules::place::Place::{Agent, Header, Mets};
use crate::package::eark::vocabulary::{INFORMATION_TYPES, PACKAGE_TYPES};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("CSIP1", MUST, Mets, Attribute(Name::mets("OBJID"), Value::Given),
        "OBJID names the package or the representation, as its folder is called"),
    ("CSIP2", MUST, Mets, Attribute(Name::mets("TYPE"), Value::Category),
        "TYPE says the category of the content, from the vocabulary; OTHER is said more closely in csip:OTHERTYPE"),
    ("CSIP3", SHOULD, Mets, Beside,
        "csip:OTHERTYPE says the category where TYPE is OTHER, and says none of the vocabulary"),
    ("CSIP4", SHOULD, Mets, Attribute(Name::csip("CONTENTINFORMATIONTYPE"), Value::OneOf(INFORMATION_TYPES)),
        "csip:CONTENTINFORMATIONTYPE says which specification the content follows, from the vocabulary"),
    ("CSIP5", MAY, Mets, Beside,
        "csip:OTHERCONTENTINFORMATIONTYPE says it where csip:CONTENTINFORMATIONTYPE is OTHER"),
    ("CSIP6", MUST, Mets, Attribute(Name::mets("PROFILE"), Value::Address),
        "PROFILE is the address of the METS profile that the package conforms with"),
    ("CSIP117", MUST, Mets, Element(Header, Times::Once),
        "there is a header"),
    ("CSIP7", MUST, Header, Attribute(Name::mets("CREATEDATE"), Value::Time),
        "CREATEDATE says when the package was created"),
    ("CSIP8", SHOULD, Header, Attribute(Name::mets("LASTMODDATE"), Value::Time),
        "LASTMODDATE says when the package was modified last"),
    ("CSIP9", MUST, Header, Attribute(Name::csip("OAISPACKAGETYPE"), Value::OneOf(PACKAGE_TYPES)),
        "csip:OAISPACKAGETYPE says which kind of package it is, from the vocabulary"),
    ("CSIP10", MUST, Header, Element(Agent, Times::Some),
        "an agent says by which software the package was created"),
    ("CSIP11", MUST, Agent, Beside, "the ROLE of that agent is CREATOR"),
    ("CSIP12", MUST, Agent, Beside, "its TYPE is OTHER"),
    ("CSIP13", MUST, Agent, Beside, "its OTHERTYPE is SOFTWARE"),
    ("CSIP14", MUST, Agent, Beside, "its name is that of the software"),
    ("CSIP15", MUST, Agent, Beside, "its one note is the version of the software"),
    ("CSIP16", MUST, Agent, Beside, "the csip:NOTETYPE of that note is SOFTWARE VERSION"),
];
