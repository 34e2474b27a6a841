//! The kinds of question that a requirement can be.

use super::media;
use crate::io::xml::Element;
use crate::model::checksum::Algorithm;
use crate::model::time::Timestamp;
use crate::package::eark::references::{CSIP, SIP, XLINK};
use crate::package::eark::schema::values::{is_date_time, trimmed};
use crate::package::eark::vocabulary;

/// The name of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// Its namespace, empty where there is none.
    pub namespace: &'static str,
    /// The usual prefix with a colon, empty where there is none.
    pub prefix: &'static str,
    /// Its name without prefix.
    pub local: &'static str,
}

impl Name {
    /// Returns the name of a METS attribute.
    #[must_use]
    pub const fn mets(local: &'static str) -> Self {
        Self { namespace: "", prefix: "", local }
    }

    /// Returns the name of an attribute that CSIP adds.
    #[must_use]
    pub const fn csip(local: &'static str) -> Self {
        Self { namespace: CSIP, prefix: "csip:", local }
    }

    /// Returns the name of an attribute that the SIP adds.
    #[must_use]
    pub const fn sip(local: &'static str) -> Self {
        Self { namespace: SIP, prefix: "sip:", local }
    }

    /// Returns the name of an attribute of `XLink`.
    #[must_use]
    pub const fn xlink(local: &'static str) -> Self {
        Self { namespace: XLINK, prefix: "xlink:", local }
    }

    /// Returns the value that `element` gives it.
    pub(super) fn of<'e>(&self, element: &'e Element) -> Option<&'e str> {
        element.qualified(self.namespace, self.local)
    }
}

/// How often an element is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Once.
    Once,
    /// At least once.
    Some,
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// There, even if it is empty.
    There,
    /// Not empty.
    Given,
    /// This one.
    Fixed(&'static str),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A content category.
    Category,
    /// A time (`xs:dateTime`) that is not still to come.
    Time,
    /// A number of bytes.
    Size,
    /// A media type.
    Media,
    /// A checksum as long as its type says.
    Checksum,
    /// An address on the web.
    Address,
    /// An `xml:id` that no other element of the document has.
    Id,
    /// The ids of sections of administrative metadata.
    Administrative,
    /// The ids of sections of descriptive metadata.
    Descriptive,
}

/// How a requirement is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Every element at the place has this attribute, and its value is so.
    Attribute(Name, Value),
    /// An element at the place may have one of these attributes (several where the specification has several names); where it
    /// has one, its value is so. Where no element of the package has it, that is told.
    Optional(&'static [Name], Value),
    /// Every element at the first place has this element so often.
    Element(Place, Times),
    /// An element at the place may be there; where there is none in the package, that is told.
    OptionalElement,
    /// A function beside the table answers it.
    Beside,
    /// It repeats the requirements with these ids: it is met where they are.
    Follows(&'static [&'static str]),
    /// One package alone cannot tell; the reason in one stable word.
    Unknown(&'static str),
}

use super::Place;

impl Value {
    /// Returns whether `value` of an attribute of `element` is so, where that does not depend on the rest of the document.
    pub(super) fn holds(self, value: &str, element: &Element, now: Timestamp) -> bool {
        match self {
            Self::There | Self::Id | Self::Administrative | Self::Descriptive => true,
            Self::Given => !value.trim().is_empty(),
            Self::Fixed(wanted) => value == wanted,
            Self::OneOf(wanted) => wanted.contains(&value),
            Self::Category => vocabulary::is_category(value),
            Self::Time => time(value).is_some_and(|time| is_past(time, now)),
            Self::Size => !value.trim().is_empty() && value.trim().bytes().all(|letter| letter.is_ascii_digit()),
            Self::Media => media::is_known(value),
            Self::Checksum => is_checksum(value, element.attribute("CHECKSUMTYPE")),
            Self::Address => is_address(value),
        }
    }

    /// Returns what is expected, in words that programs can read.
    pub(super) fn expected(self) -> String {
        match self {
            Self::There => "attribute".to_owned(),
            Self::Given => "value".to_owned(),
            Self::Fixed(wanted) => wanted.to_owned(),
            Self::OneOf(wanted) => wanted.join(" | "),
            Self::Category => "ContentCategory".to_owned(),
            Self::Time => "dateTime".to_owned(),
            Self::Size => "bytes".to_owned(),
            Self::Media => "media type".to_owned(),
            Self::Checksum => "checksum".to_owned(),
            Self::Address => "URL".to_owned(),
            Self::Id => "xml:id".to_owned(),
            Self::Administrative => "amdSec ID".to_owned(),
            Self::Descriptive => "dmdSec ID".to_owned(),
        }
    }
}

/// How far clocks and time zones may be apart, in seconds: `xs:dateTime` without a zone is local time somewhere.
const TOLERANCE: i64 = 26 * 60 * 60;

/// Returns whether a time is not still to come.
pub(super) fn is_past(time: i64, now: Timestamp) -> bool {
    time <= now.seconds() + TOLERANCE
}

/// Returns the seconds since 1970 of an `xs:dateTime`; one without a zone is taken for UTC. Years that no clock counts are as far
/// away as can be.
pub(super) fn time(value: &str) -> Option<i64> {
    let value = trimmed(value);
    if !is_date_time(value) {
        return None;
    }
    let zoned = value.split_once('T').is_some_and(|(_, clock)| clock.contains(['Z', '+', '-']));
    let midnight = value.replacen("T24:", "T00:", 1);
    let day = if midnight == value { 0 } else { 24 * 60 * 60 };
    let time = Timestamp::parse(&if zoned { midnight } else { midnight + "Z" });
    let far = if value.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(time.map_or(far, |time| time.seconds() + day))
}

/// Returns whether `value` is hexadecimal and as long as checksums of `kind` are; of kinds that are not known, any length.
fn is_checksum(value: &str, kind: Option<&str>) -> bool {
    let value = value.trim();
    let digits = !value.is_empty() && value.bytes().all(|letter| letter.is_ascii_hexdigit());
    digits && kind.and_then(Algorithm::named).is_none_or(|algorithm| value.len() == algorithm.length() * 2)
}

fn is_address(value: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| value.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        rest.split('/').next().is_some_and(|host| !host.is_empty()) && !rest.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_xml_schema() {
        for good in [
            "2019-04-14T20:00:00",
            "2018-04-24T14:37:49.609+01:00",
            "2020-02-29T00:00:00Z",
            " 2019-04-14T20:00:00Z ",
            "2019-04-14T24:00:00",
            "-0044-03-15T12:00:00+14:00",
        ] {
            assert!(time(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "2019-04-14",
            "yesterday",
            "2019-02-30T00:00:00",
            "2019-04-14 20:00:00",
            "14.4.2019T20:00:00",
            "2019-04-14T20:00",
            "2019-04-14T20:00:00+0100",
            "2019-04-14T24:00:01",
            "2019-04-14t20:00:00z",
        ] {
            assert!(time(bad).is_none(), "{bad}");
        }
        assert_eq!(time("2019-04-14T24:00:00"), time("2019-04-15T02:00:00+02:00"));
    }

    #[test]
    fn a_checksum_is_as_long_as_its_type_says() {
        let element = |kind: &str| Element {
            namespace: String::new(),
            name: "file".to_owned(),
            type_name: None,
            attributes: vec![(String::new(), "CHECKSUMTYPE".to_owned(), kind.to_owned())],
        };
        let md5 = "9fde2fd78193f7494711df983f0127d0";
        let holds = |value: &str, kind| Value::Checksum.holds(value, &element(kind), Timestamp::default());
        assert!(holds(md5, "MD5") && holds(md5, "TIGER"));
        assert!(!holds(md5, "SHA-1") && !holds("9fde2fd78193f7494711df983f0127dO", "MD5") && !holds("", "MD5"));
    }
}
