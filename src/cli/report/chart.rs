//! How many files each format has: the rows of a table, and the bars of a chart that is drawn from the same rows.

use earchiv::archive::formats::Format;

use crate::cli::text::{Language, Text, escape};

/// How many formats are shown; the others are one row.
const SHOWN: usize = 12;

/// How long the longest bar is, and where all begin.
const LONGEST: u64 = 360;
const LEFT: u64 = 250;

/// The height of a row.
const ROW: usize = 24;

/// How many letters of a name stand beside a bar.
const LETTERS: usize = 36;

/// A row of the table, and its bar.
pub struct Bar {
    /// MIME type and extension.
    pub name: String,
    /// The name as it fits beside the bar.
    pub label: String,
    /// Files.
    pub files: String,
    /// What part of all files that is.
    pub share: String,
    /// Bytes.
    pub bytes: String,
    /// The bar's upper edge.
    pub y: usize,
    /// Where texts stand.
    pub text_y: usize,
    /// How long the bar is.
    pub width: u64,
    /// Where the number stands.
    pub value_x: u64,
}

/// Returns the rows for `formats`, of which those with most files come first.
pub fn bars(formats: &[Format], text: &Text) -> Vec<Bar> {
    let all: u64 = formats.iter().map(|format| format.files).sum();
    let mut rows: Vec<(String, u64, u64)> =
        formats.iter().take(SHOWN).map(|format| (name(format, text), format.files, format.bytes)).collect();
    if let Some(rest) = formats.get(SHOWN..).filter(|rest| !rest.is_empty()) {
        let files = rest.iter().map(|format| format.files).sum();
        let bytes = rest.iter().map(|format| format.bytes).sum();
        rows.push((text.say("receipt-formats-others", &[("formats", (rest.len() as u64).into())]), files, bytes));
    }
    let longest = rows.iter().map(|(_, files, _)| *files).max().unwrap_or(0).max(1);
    let bar = |(index, (name, files, bytes)): (usize, (String, u64, u64))| {
        let width = u64::try_from(u128::from(files) * u128::from(LONGEST) / u128::from(longest)).unwrap_or(LONGEST);
        let width = width.max(1);
        let label = match name.char_indices().nth(LETTERS) {
            Some((end, _)) => format!("{}…", &name[..end]),
            None => name.clone(),
        };
        Bar {
            label,
            name,
            files: text.number(files),
            share: percent(files, all, text.language()),
            bytes: text.bytes(bytes),
            y: index * ROW + 4,
            text_y: index * ROW + 17,
            width,
            value_x: LEFT + width + 8,
        }
    };
    rows.into_iter().enumerate().map(bar).collect()
}

/// Returns the height of the chart with so many bars.
pub const fn height(bars: usize) -> usize {
    bars * ROW + 4
}

/// Returns what a format is called: `.pdf (application/pdf)`.
pub fn name(format: &Format, text: &Text) -> String {
    match (format.extension.as_str(), format.mime_type.as_str()) {
        ("", "") => text.say("receipt-formats-rest", &[]),
        ("", mime_type) => text.say("receipt-format-plain", &[("type", escape(mime_type).into_owned().into())]),
        (extension, mime_type) => format!(".{extension} ({})", escape(mime_type)),
    }
}

/// Returns `part` of `all` in percent with one decimal.
pub fn percent(part: u64, all: u64, language: Language) -> String {
    let tenths = (u128::from(part) * 1000 + u128::from(all) / 2) / u128::from(all.max(1));
    let point = match language {
        Language::De => ',',
        Language::En => '.',
    };
    format!("{}{point}{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(number: usize, files: u64) -> Format {
        Format { mime_type: "application/x".to_owned(), extension: format!("x{number}"), files, bytes: files * 10 }
    }

    #[test]
    fn beyond_twelve_formats_the_others_are_one_row_and_nothing_is_lost() {
        let text = Text::new(Language::De);
        let formats: Vec<Format> = (0..40).map(|number| format(number, 100 - number as u64)).collect();
        let bars = bars(&formats, &text);
        assert_eq!(bars.len(), SHOWN + 1);
        let all: u64 = bars.iter().map(|bar| bar.files.replace('.', "").parse::<u64>().unwrap()).sum();
        assert_eq!(all, formats.iter().map(|format| format.files).sum::<u64>());
        assert_eq!(bars.iter().map(|bar| bar.width).max(), Some(LONGEST));
        assert!(bars.last().unwrap().name.contains("28"), "{}", bars.last().unwrap().name);
    }

    #[test]
    fn shares_are_rounded_to_tenths() {
        for (part, all, expected) in [(1, 3, "33,3 %"), (2, 3, "66,7 %"), (0, 0, "0,0 %"), (5, 5, "100,0 %")] {
            assert_eq!(percent(part, all, Language::De), expected);
        }
    }

    #[test]
    fn long_names_are_cut_beside_the_bar_only() {
        let long = Format { mime_type: "ä".repeat(80), extension: "x".to_owned(), files: 1, bytes: 1 };
        let bars = bars(&[long], &Text::new(Language::En));
        assert_eq!(bars[0].label.chars().count(), LETTERS + 1);
        assert!(bars[0].name.len() > 100);
    }
}
