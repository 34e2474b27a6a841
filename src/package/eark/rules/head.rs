//! What the root element and the header say of the package as a whole.

use unicode_normalization::UnicodeNormalization as _;

use super::ask::{Name, is_past, time};
use super::document::{Here, Role};
use crate::io::xml::Element;
use crate::model::finding::Severity;
use crate::model::path;
use crate::model::time::Timestamp;
use crate::package::eark::vocabulary::{INFORMATION_TYPES, OTHER_CATEGORY, is_category};

/// What was read of the head.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// `OBJID`.
    pub(super) object: String,
    /// `PROFILE`.
    pub(super) profile: String,
    /// `csip:OAISPACKAGETYPE`.
    pub(super) package_type: String,
    /// `csip:CONTENTINFORMATIONTYPE`.
    pub(super) information_type: String,
}

impl Head {
    /// Takes the root element.
    pub(super) fn root(&mut self, here: &mut Here<'_>, element: &Element, role: &Role) {
        let text = |name: Name| name.of(element).unwrap_or_default();
        text(Name::mets("OBJID")).clone_into(&mut self.object);
        text(Name::mets("PROFILE")).clone_into(&mut self.profile);
        text(Name::csip("CONTENTINFORMATIONTYPE")).clone_into(&mut self.information_type);
        // CSIP1 demands an identifier; that it is the folder's name, it recommends.
        let folder = role.folder();
        if !folder.is_empty() && !self.object.trim().is_empty() && !is_name_of(folder, &self.object) {
            here.fail_as("CSIP1", Severity::Warning, "OBJID", Some(&self.object), folder);
        }
        category(here, element);
        other_information_type(here, element, "CSIP5", &self.information_type);
        if self.information_type == "OTHER" && blank(element, Name::csip("OTHERCONTENTINFORMATIONTYPE")) {
            here.fail("CSIP4", "csip:OTHERCONTENTINFORMATIONTYPE", None, "value");
        }
        if let Role::Package(_) = role {
            profiles(here, &self.profile);
            for id in ["DIP1", "AIPM1"] {
                here.ask(id);
                if self.object.trim().is_empty() {
                    here.fail(id, "OBJID", None, "value");
                }
            }
        }
    }

    /// Takes the header.
    pub(super) fn header(&mut self, here: &mut Here<'_>, element: &Element, now: Timestamp) {
        Name::csip("OAISPACKAGETYPE").of(element).unwrap_or_default().clone_into(&mut self.package_type);
        let at = |name| element.attribute(name).and_then(time);
        // A date of creation that is none (CSIP7) says nothing about the other.
        if let (Some(created), Some(modified)) = (at("CREATEDATE"), at("LASTMODDATE"))
            && modified < created
            && is_past(created, now)
        {
            here.fail("CSIP8", "LASTMODDATE", element.attribute("LASTMODDATE"), "not before CREATEDATE");
        }
    }
}

/// CSIP2 and CSIP3: what `csip:OTHERTYPE` has to say with `TYPE`.
fn category(here: &mut Here<'_>, element: &Element) {
    const OTHER: Name = Name::csip("OTHERTYPE");
    let is_other = element.attribute("TYPE").is_some_and(|kind| OTHER_CATEGORY.contains(&kind));
    match OTHER.of(element) {
        None if !is_other => {}
        Some(value) if !value.trim().is_empty() => {
            here.ask("CSIP3");
            let known = is_category(value) && !OTHER_CATEGORY.contains(&value);
            if !is_other || known {
                here.fail(
                    "CSIP3",
                    "csip:OTHERTYPE",
                    Some(value),
                    if is_other { "not in ContentCategory" } else { "absent" },
                );
            }
        }
        value => {
            here.ask("CSIP3");
            here.fail("CSIP3", "csip:OTHERTYPE", value, "value");
            if is_other {
                here.fail("CSIP2", "csip:OTHERTYPE", value, "value");
            }
        }
    }
}

/// CSIP5 and CSIP63: `csip:OTHERCONTENTINFORMATIONTYPE` is there where the type is OTHER, and says what the vocabulary does not.
pub(super) fn other_information_type(here: &mut Here<'_>, element: &Element, id: &str, kind: &str) {
    const OTHER: Name = Name::csip("OTHERCONTENTINFORMATIONTYPE");
    let path = "csip:OTHERCONTENTINFORMATIONTYPE";
    let value = OTHER.of(element);
    let is_other = kind == "OTHER";
    if !is_other && value.is_none() {
        return;
    }
    here.ask(id);
    let expected = match value {
        Some(_) if !is_other => "absent",
        Some(value) if value.trim().is_empty() => "value",
        None => "value",
        Some(value) if INFORMATION_TYPES.contains(&value) => "not in ContentInformationType",
        Some(_) => return,
    };
    here.fail(id, path, value, expected);
}

/// SIP2, AIPM2, DIP2: the address of the profile. The letter of each is met, or the name of the published file of a version.
fn profiles(here: &mut Here<'_>, profile: &str) {
    const SIP: &str = "https://earksip.dilcis.eu/profile/E-ARK-SIP";
    const DIP: &str = "https://earkdip.dilcis.eu/profile/E-ARK-DIP";
    // AIPM2 writes the host of the DIP, its example that of CSIP, and the AIP has one of its own.
    const AIP: [&str; 3] = [
        "https://earkdip.dilcis.eu/profile/E-ARK-AIP",
        "https://earkaip.dilcis.eu/profile/E-ARK-AIP",
        "https://earkcsip.dilcis.eu/profile/E-ARK-AIP",
    ];
    let is = |base: &str| {
        let version = profile.strip_prefix(base).and_then(|rest| rest.strip_suffix(".xml"));
        version.is_some_and(|version| {
            version.is_empty()
                || ["-v2-0-", "-v2-1-", "-v2-2-"].iter().any(|known| {
                    version
                        .strip_prefix(known)
                        .is_some_and(|patch| patch.len() == 1 && patch.bytes().all(|b| b.is_ascii_digit()))
                })
        })
    };
    let value = (!profile.is_empty()).then_some(profile);
    for (id, met, expected) in [
        ("SIP2", is(SIP), format!("{SIP}-v2-2-0.xml")),
        ("DIP2", is(DIP), format!("{DIP}.xml")),
        ("AIPM2", AIP.into_iter().any(is), format!("{}-v2-2-0.xml", AIP[0])),
    ] {
        here.ask(id);
        if !met {
            here.fail(id, "PROFILE", value, &expected);
        }
    }
}

fn blank(element: &Element, name: Name) -> bool {
    name.of(element).is_none_or(|value| value.trim().is_empty())
}

/// Returns whether a folder `name` can stand for the identifier `object`: what file systems do not take may be replaced, by one
/// letter or by its number (`%3A`).
pub(super) fn is_name_of(name: &str, object: &str) -> bool {
    let name: Vec<char> = name.nfc().collect();
    path::original(&name.iter().collect::<String>()) == object.as_bytes()
        || stands_for(&name, object) == Some(name.len())
}

/// Returns whether the name of a file begins with what can stand for the identifier `object`.
pub(super) fn begins_as(name: &str, object: &str) -> bool {
    let name: Vec<char> = name.nfc().collect();
    path::original(&name.iter().collect::<String>()).starts_with(object.as_bytes())
        || stands_for(&name, object).is_some()
}

/// Returns how many of the first letters of `name` stand for `object`, if they do: any letter may stand where the identifier
/// has one that no file system takes.
fn stands_for(name: &[char], object: &str) -> Option<usize> {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let object: Vec<char> = object.nfc().collect();
    let begin = name.get(..object.len())?;
    begin.iter().zip(&object).all(|(a, b)| a == b || !is_plain(*b)).then_some(object.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_identifiers() {
        for (name, object, same) in [
            ("urn_uuid_1", "urn:uuid:1", true),
            ("urn%3Auuid%3a1", "urn:uuid:1", true),
            ("Akte 12_3", "Akte 12/3", true),
            ("Pru\u{308}fung", "Pr\u{fc}fung", true),
            ("100%", "100%", true),
            ("uuid-1", "urn:uuid:1", false),
            ("a_b", "a-b", false),
            ("ab", "a", false),
        ] {
            assert_eq!(is_name_of(name, object), same, "{name} {object}");
        }
        assert!(begins_as("urn%3Aa_2.tar", "urn:a") && begins_as("a.zip", "a") && !begins_as("b.zip", "a"));
    }
}
