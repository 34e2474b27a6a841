//! Attributes that stand in elements of METS and belong to others: `XLink`, CSIP and SIP.

use super::notation::Simple::{Growing, OneOf, Text, Uri};
use super::notation::{Attribute, optional, required, text};
use crate::package::eark::vocabulary::{INFORMATION_TYPES, PACKAGE_TYPES};

/// The namespace of `XLink`.
pub(super) const XLINK: &str = "http://www.w3.org/1999/xlink";
const CSIP: &str = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS";
const SIP: &str = "https://DILCIS.eu/XML/METS/SIPExtensionMETS";

/// What is known of attributes in elements that are open to those of other namespaces. `xlink:type` is none of them: only
/// links have it.
pub(super) const GLOBAL: &[Attribute] = &[
    HREF,
    ROLE,
    ARCROLE,
    TITLE,
    SHOW,
    ACTUATE,
    LABEL,
    FROM,
    TO,
    optional("CONTENTINFORMATIONTYPE", Growing(INFORMATION_TYPES)).within(CSIP),
    text("OTHERCONTENTINFORMATIONTYPE").within(CSIP),
    optional("OAISPACKAGETYPE", OneOf(PACKAGE_TYPES)).within(CSIP),
    optional("NOTETYPE", OneOf(&["SOFTWARE VERSION", "IDENTIFICATIONCODE"])).within(CSIP),
    text("OTHERTYPE").within(CSIP),
    text("FILEFORMATNAME").within(SIP),
    text("FILEFORMATVERSION").within(SIP),
    text("FORMATREGISTRY").within(SIP),
    text("FORMATREGISTRYKEY").within(SIP),
];

pub(super) const HREF: Attribute = optional("href", Uri).within(XLINK);
pub(super) const ROLE: Attribute = optional("role", Text).within(XLINK);
pub(super) const ARCROLE: Attribute = optional("arcrole", Text).within(XLINK);
pub(super) const TITLE: Attribute = optional("title", Text).within(XLINK);
pub(super) const SHOW: Attribute = optional("show", OneOf(&["new", "replace", "embed", "other", "none"])).within(XLINK);
pub(super) const ACTUATE: Attribute =
    optional("actuate", OneOf(&["onLoad", "onRequest", "other", "none"])).within(XLINK);
pub(super) const LABEL: Attribute = optional("label", Text).within(XLINK);
pub(super) const FROM: Attribute = optional("from", Text).within(XLINK);
pub(super) const TO: Attribute = optional("to", Text).within(XLINK);

/// A link to one place.
pub(super) const SIMPLE_LINK: &[Attribute] = &[kind(&["simple"]), HREF, ROLE, ARCROLE, TITLE, SHOW, ACTUATE];
/// A link of several places.
pub(super) const EXTENDED_LINK: &[Attribute] = &[kind(&["extended"]), ROLE, TITLE];
/// One of these places.
pub(super) const LOCATOR_LINK: &[Attribute] =
    &[kind(&["locator"]), required("href", Uri).within(XLINK), ROLE, TITLE, LABEL];
/// What leads from one to another.
pub(super) const ARC_LINK: &[Attribute] = &[kind(&["arc"]), ARCROLE, TITLE, SHOW, ACTUATE, FROM, TO];

/// `xlink:type`, which says the same wherever it stands in an element.
const fn kind(only: &'static [&'static str]) -> Attribute {
    optional("type", OneOf(only)).within(XLINK)
}
