//! CSIP 5.3.3 and 5.3.4: descriptive and administrative metadata.

use super::{MAY, MUST, Row, SHOULD};
use crate::package::eark::rules::ask::{
    Ask::{Attribute, Beside, Element, OptionalElement},
    Name, Times, Value,
};
use crate::package::eark::rules::place::Place::{
    self, Amd, Digiprov, DigiprovRef, Dmd, DmdRef, Mets, Rights, RightsRef,
};
use crate::package::eark::vocabulary::{CHECKSUM_TYPES, METADATA_TYPES, STATUS};

const fn locator(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::mets("LOCTYPE"), Value::Fixed("URL")), "LOCTYPE is URL")
}

const fn link(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::xlink("type"), Value::Fixed("simple")), "xlink:type is simple")
}

const fn location(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::xlink("href"), Value::There), "xlink:href leads to the file")
}

const fn kind(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::mets("MDTYPE"), Value::OneOf(METADATA_TYPES)), "MDTYPE is one of METS")
}

const fn media(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::mets("MIMETYPE"), Value::Media), "MIMETYPE is the media type of the file")
}

const fn size(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::mets("SIZE"), Value::Size), "SIZE is that of the file in bytes")
}

const fn created(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::mets("CREATED"), Value::Time), "CREATED says when the file was created")
}

const fn checksum(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::mets("CHECKSUM"), Value::Checksum), "CHECKSUM is that of the file")
}

const fn algorithm(id: &'static str, place: Place) -> Row {
    let asked = Attribute(Name::mets("CHECKSUMTYPE"), Value::OneOf(CHECKSUM_TYPES));
    (id, MUST, place, asked, "CHECKSUMTYPE is one of METS")
}

const fn status(id: &'static str, place: Place) -> Row {
    (
        id,
        SHOULD,
        place,
        Attribute(Name::mets("STATUS"), Value::OneOf(STATUS)),
        "STATUS says whether the section is current",
    )
}

const fn identified(id: &'static str, place: Place) -> Row {
    (id, MUST, place, Attribute(Name::mets("ID"), Value::Id), "the section has an id of its own in the document")
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("CSIP17", SHOULD, Mets, Beside,
        "each description that is there has a section of its own"),
    identified("CSIP18", Dmd),
    ("CSIP19", MUST, Dmd, Attribute(Name::mets("CREATED"), Value::Time),
        "CREATED says when the description was created"),
    status("CSIP20", Dmd),
    ("CSIP21", SHOULD, Dmd, Element(DmdRef, Times::Once),
        "the section refers to a file with the description"),
    locator("CSIP22", DmdRef),
    link("CSIP23", DmdRef),
    location("CSIP24", DmdRef),
    kind("CSIP25", DmdRef),
    media("CSIP26", DmdRef),
    size("CSIP27", DmdRef),
    created("CSIP28", DmdRef),
    checksum("CSIP29", DmdRef),
    algorithm("CSIP30", DmdRef),
    ("CSIP31", SHOULD, Mets, Beside,
        "administrative and preservation metadata that are there stand in a section"),
    ("CSIP32", SHOULD, Amd, Beside,
        "each file of preservation metadata has a section of digital provenance"),
    identified("CSIP33", Digiprov),
    status("CSIP34", Digiprov),
    ("CSIP35", SHOULD, Digiprov, Element(DigiprovRef, Times::Once),
        "the section refers to a file with the metadata"),
    locator("CSIP36", DigiprovRef),
    link("CSIP37", DigiprovRef),
    location("CSIP38", DigiprovRef),
    kind("CSIP39", DigiprovRef),
    media("CSIP40", DigiprovRef),
    size("CSIP41", DigiprovRef),
    created("CSIP42", DigiprovRef),
    checksum("CSIP43", DigiprovRef),
    algorithm("CSIP44", DigiprovRef),
    ("CSIP45", MAY, Rights, OptionalElement,
        "a section may say what holds for the use of the package as a whole"),
    identified("CSIP46", Rights),
    status("CSIP47", Rights),
    ("CSIP48", SHOULD, Rights, Element(RightsRef, Times::Once),
        "the section refers to a file with the metadata"),
    locator("CSIP49", RightsRef),
    link("CSIP50", RightsRef),
    location("CSIP51", RightsRef),
    kind("CSIP52", RightsRef),
    media("CSIP53", RightsRef),
    size("CSIP54", RightsRef),
    created("CSIP55", RightsRef),
    checksum("CSIP56", RightsRef),
    algorithm("CSIP57", RightsRef),
];
