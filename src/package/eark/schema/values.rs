//! Whether a value is what its type in XML Schema says.

use super::notation::Simple;

impl Simple {
    /// Returns whether `value` is one of this type, as it stands in the document. Ids and references are only looked at
    /// for their form.
    pub(super) fn holds(self, value: &str) -> bool {
        match self {
            Self::Text => true,
            Self::OneOf(words) | Self::Growing(words) => words.contains(&value),
            Self::Id | Self::IdRef => is_name(trimmed(value)),
            Self::IdRefs => list(value).next().is_some() && list(value).all(is_name),
            Self::DateTime => is_date_time(trimmed(value)),
            Self::Integer => digits(value).is_some(),
            Self::NonNegative => digits(value).is_some_and(|(negative, digits)| !negative || digits.is_empty()),
            Self::Positive => digits(value).is_some_and(|(negative, digits)| !negative && !digits.is_empty()),
            Self::Int => within(value, i64::from(i32::MIN), i64::from(i32::MAX)),
            Self::Long => within(value, i64::MIN, i64::MAX),
            Self::Uri => is_uri(trimmed(value)),
            Self::Uris => list(value).all(is_uri),
            Self::Base64 => {
                let mut base64 = Base64::default();
                base64.take(value);
                base64.is_whole()
            }
        }
    }

    /// Returns what a value must be, in the words of XML Schema, or all words that it may be.
    pub(super) fn expected(self) -> String {
        let name = match self {
            Self::OneOf(words) | Self::Growing(words) => return words.join(", "),
            Self::Text => "string",
            Self::Id => "ID",
            Self::IdRef => "IDREF",
            Self::IdRefs => "IDREFS",
            Self::DateTime => "dateTime",
            Self::Integer => "integer",
            Self::NonNegative => "nonNegativeInteger",
            Self::Positive => "positiveInteger",
            Self::Int => "int",
            Self::Long => "long",
            Self::Uri => "anyURI",
            Self::Uris => return "list of xs:anyURI".to_owned(),
            Self::Base64 => "base64Binary",
        };
        format!("xs:{name}")
    }
}

/// What XML calls white space.
pub(super) const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Returns a value without white space around it.
pub(in crate::package::eark) fn trimmed(value: &str) -> &str {
    value.trim_matches(SPACE)
}

/// Returns the items of a list.
pub(super) fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(SPACE).filter(|item| !item.is_empty())
}

/// Tells whether `text` is a name without colon (Namespaces in XML 1.0, production 4; XML 1.0, fifth edition, 4 and 4a).
pub(in crate::package::eark) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(begins_name) && letters.all(|letter| begins_name(letter) || goes_on_name(letter))
}

const fn begins_name(letter: char) -> bool {
    matches!(letter,
        'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

const fn goes_on_name(letter: char) -> bool {
    matches!(letter, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Returns whether an integer has a minus, and its digits without leading zeros; nothing where it is none.
fn digits(value: &str) -> Option<(bool, &str)> {
    let value = trimmed(value);
    let (negative, digits) = match value.as_bytes().first()? {
        b'-' => (true, &value[1..]),
        b'+' => (false, &value[1..]),
        _ => (false, value),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (negative, digits.trim_start_matches('0')))
}

fn within(value: &str, least: i64, most: i64) -> bool {
    let Some((negative, digits)) = digits(value) else { return false };
    let number = if digits.is_empty() { Ok(0) } else { digits.parse::<i128>() };
    number.is_ok_and(|number| {
        let number = if negative { -number } else { number };
        (i128::from(least)..=i128::from(most)).contains(&number)
    })
}

/// Tells whether `text` is a point in time: `2026-01-31T23:59:59.5+01:00`, in years of four digits or more, with or without
/// fraction and time zone (XML Schema part 2, 3.2.7).
pub(in crate::package::eark) fn is_date_time(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let Some((date, time)) = unsigned.split_once('T') else { return false };
    let mut parts = date.rsplitn(3, '-');
    let (Some(day), Some(month), Some(year)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let is_year = year.len() >= 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && (year.len() == 4 || !year.starts_with('0'))
        && year.bytes().any(|byte| byte != b'0');
    // Whether a year has a day more shows in its last digits.
    let in_cycle = |digits: usize| year[year.len() - digits..].parse::<u32>().unwrap_or_default();
    let (Some(day), Some(month)) = (pair(day), pair(month)) else { return false };
    is_year && (1..=12).contains(&month) && day >= 1 && {
        let leap = in_cycle(2).is_multiple_of(4) && (in_cycle(2) != 0 || in_cycle(4).is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        day <= days && is_time(time)
    }
}

fn is_time(text: &str) -> bool {
    let zone = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(zone);
    let mut parts = time.split(':');
    let (Some(hour), Some(minute), Some(second), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (second, fraction) =
        second.split_once('.').map_or((second, None), |(second, fraction)| (second, Some(fraction)));
    let is_fraction =
        fraction.is_none_or(|fraction| !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()));
    let is_whole = fraction.is_none_or(|fraction| fraction.bytes().all(|byte| byte == b'0'));
    let (Some(hour), Some(minute), Some(second)) = (pair(hour), pair(minute), pair(second)) else { return false };
    let is_midnight = hour == 24 && minute == 0 && second == 0 && is_whole;
    is_fraction && (hour < 24 || is_midnight) && minute < 60 && second < 60 && is_zone(zone)
}

/// Tells whether `text` is a time zone or nothing: `Z`, up to 14 hours before or after.
pub(super) fn is_zone(text: &str) -> bool {
    if text.is_empty() || text == "Z" {
        return true;
    }
    let Some((hour, minute)) = text.strip_prefix(['+', '-']).and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    matches!((pair(hour), pair(minute)), (Some(hour), Some(minute)) if minute < 60 && hour * 60 + minute <= 14 * 60)
}

/// Returns the number that two digits are.
fn pair(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Tells whether `text` can be a reference to a resource. What a URI must escape may stand as it is (XML Linking 5.4), so
/// little is left that is wrong: escapes that are none, two fragments, a scheme that is none.
fn is_uri(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_escaped = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'%')
        .all(|(at, _)| bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)));
    let before_path = &text[..text.find(['/', '?', '#']).unwrap_or(text.len())];
    let is_scheme = before_path.split_once(':').is_none_or(|(scheme, _)| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    is_escaped && is_scheme && text.matches('#').count() < 2
}

/// Looks at base64 piece by piece.
#[derive(Debug, Default)]
pub(super) struct Base64 {
    /// Letters so far, padding among them, modulo four.
    letters: u8,
    /// How many of them are padding.
    padding: u8,
    /// The bits of the last letter that is none.
    last: u8,
    wrong: bool,
}

impl Base64 {
    /// Looks at the next piece.
    pub(super) fn take(&mut self, piece: &str) {
        for byte in piece.bytes() {
            let bits = match byte {
                b' ' | b'\t' | b'\n' | b'\r' => continue,
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' => {
                    self.padding = self.padding.saturating_add(1);
                    self.letters = (self.letters + 1) % 4;
                    continue;
                }
                _ => {
                    self.wrong = true;
                    continue;
                }
            };
            // Nothing comes after the padding.
            self.wrong |= self.padding > 0;
            self.letters = (self.letters + 1) % 4;
            self.last = bits;
        }
    }

    /// Returns whether all was base64, in whole groups of four letters, with no bits left over.
    pub(super) fn is_whole(&self) -> bool {
        let spare = match self.padding {
            0 => 0,
            1 => 0b11,
            2 => 0b1111,
            _ => return false,
        };
        !self.wrong && self.letters == 0 && self.last & spare == 0
    }
}
