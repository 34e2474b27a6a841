//! Attributes that stand in elements of METS and belong to others: `XLink`, CSIP and SIP.

use super::notation::Simple::{OneOf, Text, Uri};
use super::notation::{Attribute, optional, required, text};

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
    optional("CONTENTINFORMATIONTYPE", OneOf(INFORMATION_TYPES)).within(CSIP),
    text("OTHERCONTENTINFORMATIONTYPE").within(CSIP),
    optional("OAISPACKAGETYPE", OneOf(&["SIP", "AIP", "DIP", "AIU", "AIC"])).within(CSIP),
    optional("NOTETYPE", OneOf(&["SOFTWARE VERSION", "IDENTIFICATIONCODE"])).within(CSIP),
    text("OTHERTYPE").within(CSIP),
    text("FILEFORMATNAME").within(SIP),
    text("FILEFORMATVERSION").within(SIP),
    text("FORMATREGISTRY").within(SIP),
    text("FORMATREGISTRYKEY").within(SIP),
];

/// The schema spells three of these otherwise than the vocabulary that CSIP4 names (`citcarchival`, `citsarchival`,
/// `csarchival` for `citscarchival`, `cscarchival`); who writes either has done what one of the two says.
const INFORMATION_TYPES: &[&str] = &[
    "ERMS",
    "SIARD1",
    "SIARD2",
    "SIARDDK",
    "GeoData",
    "citcarchival_v1_0",
    "citsarchival_v1_0",
    "csarchival_v1_0",
    "citscarchival_v1_0",
    "cscarchival_v1_0",
    "citspremis_v1_0",
    "cspremis_v1_0",
    "citserms_v2_1",
    "citserms_v3_0",
    "citsehpj_v1_0",
    "citsehpj_v2_0",
    "citsehcr_v1_0",
    "citssiard_v1_0",
    "citsgeospatial_v3_0",
    "cits3dpm_v1_0",
    "MIXED",
    "OTHER",
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
