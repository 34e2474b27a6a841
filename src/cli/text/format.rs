//! Numbers, sizes and foreign values as they stand in a sentence.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Language, Value};

/// Returns `value` as it stands in a sentence: numbers with separators, text escaped.
pub fn value(value: &Value<'_>, language: Language) -> Option<String> {
    match value {
        Value::String(text) => Some(escape(text).into_owned()),
        // Values are made from whole numbers only.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Value::Number(n) => Some(number(n.value as u64, language)),
        _ => None,
    }
}

/// Returns `text` without anything that steers a terminal: control characters, line ends and the marks that turn the
/// direction of writing are written as `\u{1b}`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if steers(letter) {
            let _ = write!(out, "{}", letter.escape_unicode());
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns a whole number with separators.
pub fn number(number: u64, language: Language) -> String {
    let separator = match language {
        Language::De => '.',
        Language::En => ',',
    };
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// Returns a size in binary units with one decimal.
pub fn bytes(bytes: u64, language: Language) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    // Tenths of the unit, rounded; a value that rounds to 1024.0 moves up to the next unit.
    let mut unit = 0;
    let mut size: u128 = 1024;
    let mut tenths = (u128::from(bytes) * 10 + size / 2) / size;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        unit += 1;
        size *= 1024;
        tenths = (u128::from(bytes) * 10 + size / 2) / size;
    }
    let point = match language {
        Language::De => ',',
        Language::En => '.',
    };
    let whole = u64::try_from(tenths / 10).unwrap_or(u64::MAX);
    format!("{}{point}{} {}", number(whole, language), tenths % 10, UNITS[unit])
}

/// Returns the largest two units of a time span.
pub fn seconds(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours} h {minutes} min")
    } else if minutes > 0 {
        format!("{minutes} min {rest} s")
    } else {
        format!("{rest} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_for_the_language() {
        for (n, de, en) in
            [(0, "0", "0"), (999, "999", "999"), (1000, "1.000", "1,000"), (1_234_567, "1.234.567", "1,234,567")]
        {
            assert_eq!(number(n, Language::De), de);
            assert_eq!(number(n, Language::En), en);
        }
    }

    #[test]
    fn sizes_have_binary_units() {
        for (n, de, en) in [
            (0, "0 B", "0 B"),
            (1023, "1023 B", "1023 B"),
            (1024, "1,0 KiB", "1.0 KiB"),
            (1_610_612_736, "1,5 GiB", "1.5 GiB"),
            (1_048_575, "1,0 MiB", "1.0 MiB"),
            (u64::MAX, "16,0 EiB", "16.0 EiB"),
        ] {
            assert_eq!(bytes(n, Language::De), de);
            assert_eq!(bytes(n, Language::En), en);
        }
    }

    #[test]
    fn time_spans_show_two_units() {
        for (n, text) in [(5, "5 s"), (200, "3 min 20 s"), (7260, "2 h 1 min")] {
            assert_eq!(seconds(n), text);
        }
    }

    #[test]
    fn nothing_escaped_steers_a_terminal() {
        for (text, shown) in [
            ("Grün.pdf", "Grün.pdf"),
            ("a\x1b[31mb", "a\\u{1b}[31mb"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\nb\r", "a\\u{a}b\\u{d}"),
            ("\u{9b}31m", "\\u{9b}31m"),
        ] {
            assert_eq!(escape(text), shown);
            assert_eq!(escape(shown), shown);
        }
    }
}
