//! Dates as a profile says that a system writes them.

use crate::source::dating;

/// Returns the ISO 8601 form of `text`, which is written as one of `forms` says or as [`dating::day`] reads it.
///
/// In a form each of `T`, `M` and `J` stands for a digit of day, month and year, all else for itself. A time of the day may
/// stand behind the day.
pub(super) fn iso(text: &str, forms: &[String]) -> Option<String> {
    let text = text.trim();
    forms.iter().find_map(|form| by_form(text, form)).or_else(|| dating::day(text))
}

fn by_form(text: &str, form: &str) -> Option<String> {
    let [mut day, mut month, mut year] = [const { String::new() }; 3];
    let mut letters = text.chars();
    for expected in form.chars() {
        let letter = letters.next()?;
        let part = match expected {
            'T' => &mut day,
            'M' => &mut month,
            'J' => &mut year,
            other if other == letter => continue,
            _ => return None,
        };
        letter.is_ascii_digit().then(|| part.push(letter))?;
    }
    let rest = letters.as_str();
    let is_time = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    if !rest.is_empty() && !rest.strip_prefix(['T', ' ']).is_some_and(is_time) {
        return None;
    }
    let parts = [year, month, day];
    let told: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    dating::iso(&told.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_profile_says() {
        for (text, form, expected) in [
            ("20240305", "JJJJMMTT", Some("2024-03-05")),
            ("03/05/2024", "MM/TT/JJJJ", Some("2024-03-05")),
            ("05.03.2024 10:30", "TT.MM.JJJJ", Some("2024-03-05")),
            ("05.03.2024 um zehn", "TT.MM.JJJJ", None),
            ("03.2024", "MM.JJJJ", Some("2024-03")),
            ("5.3.2024", "TT-MM-JJJJ", Some("2024-03-05")),
            ("2024-03-05T10:30:00+01:00", "TT.MM.JJJJ", Some("2024-03-05")),
            ("20240230", "JJJJMMTT", None),
            ("2024030", "JJJJMMTT", None),
            ("00.00.0000", "TT.MM.JJJJ", None),
            ("", "TT.MM.JJJJ", None),
        ] {
            assert_eq!(iso(text, &[form.to_owned()]).as_deref(), expected, "{text}");
        }
    }
}
