//! Dates that people write: in a table's cells and in the names of folders.

use jiff::civil::Date;

/// Returns the ISO 8601 form of `text`: a year, a month, a day (`2013`, `2013-05`, `2013-05-04`) or a German day
/// (`4.5.2013`, `04.05.2013`); nothing for what is no date.
pub(super) fn iso(text: &str) -> Option<String> {
    if let [day, month, year] = parts(text, '.')[..] {
        if day.len() > 2 || month.len() > 2 {
            return None;
        }
        return day_of(year, month, day);
    }
    match parts(text, '-')[..] {
        [year] => number(year, 4).filter(|y| *y > 0).map(|_| year.to_owned()),
        [year, month] if month.len() == 2 => day_of(year, month, "01").map(|_| text.to_owned()),
        [year, month, day] if month.len() == 2 && day.len() == 2 => day_of(year, month, day),
        _ => None,
    }
}

/// Returns the ISO 8601 form of `text` as [`iso`] does, also where a time of the day stands behind the day.
pub(super) fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let at = text.find(['T', ' ']).unwrap_or(text.len());
    let (day, time) = text.split_at(at);
    if time.is_empty() {
        return iso(day);
    }
    let is_time = time.trim_start_matches(['T', ' ']).starts_with(|letter: char| letter.is_ascii_digit());
    iso(day).filter(|date| is_time && date.len() == 10)
}

/// Returns whether a period from `from` to `to` (both as of [`iso`]) can be: what both tell decides.
pub(super) fn in_order(from: &str, to: &str) -> bool {
    let length = from.len().min(to.len());
    from.get(..length) <= to.get(..length)
}

/// Returns the first and the last date that `name` tells, if it tells just one period: `YYYY-YYYY`, `YYYY` or
/// `YYYY-MM-DD`, with years from 1800 to 2100.
pub(super) fn in_name(name: &str) -> Option<(String, String)> {
    let name = name.replace(" \u{2013} ", "-").replace(" - ", "-").replace('\u{2013}', "-");
    let mut periods = name
        .split(|letter: char| !letter.is_alphanumeric() && letter != '-')
        .map(|word| word.trim_matches('-'))
        .filter(|word| word.split('-').any(is_year));
    let period = periods.next()?;
    if periods.next().is_some() {
        return None;
    }
    match period.split('-').collect::<Vec<_>>()[..] {
        [year] => Some((year.to_owned(), year.to_owned())),
        [from, to] if is_year(from) && is_year(to) && from <= to => Some((from.to_owned(), to.to_owned())),
        [year, month, _] if is_year(year) && number(month, 2).is_some() => iso(period).map(|day| (day.clone(), day)),
        // `Protokoll-2013`: a word before or behind a single year does no harm, a further number would.
        ref words => {
            let mut numbers = words.iter().filter(|w| w.contains(|c: char| c.is_ascii_digit()));
            let year = numbers.next().filter(|word| is_year(word))?;
            numbers.next().is_none().then(|| ((*year).to_owned(), (*year).to_owned()))
        }
    }
}

fn is_year(word: &str) -> bool {
    number(word, 4).is_some_and(|year| (1800..=2100).contains(&year))
}

fn parts(text: &str, separator: char) -> Vec<&str> {
    text.splitn(4, separator).collect()
}

fn day_of(year: &str, month: &str, day: &str) -> Option<String> {
    let year = i16::try_from(number(year, 4).filter(|y| *y > 0)?).ok()?;
    let part = |text: &str| i8::try_from(number(text, text.len())?).ok();
    let date = Date::new(year, part(month)?, part(day)?).ok()?;
    Some(date.to_string())
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        for (text, expected) in [
            ("2013", Some("2013")),
            ("2013-05", Some("2013-05")),
            ("2013-05-04", Some("2013-05-04")),
            ("04.05.2013", Some("2013-05-04")),
            ("4.5.2013", Some("2013-05-04")),
            ("29.02.2024", Some("2024-02-29")),
            ("31.02.2024", None),
            ("2023-02-29", None),
            ("2024-13-01", None),
            ("2024-13", None),
            ("2024-1-1", None),
            ("0000-00-00", None),
            ("0000", None),
            ("", None),
            ("13", None),
            ("2013-", None),
            ("-2013", None),
            ("+013", None),
            ("2013-05-04-01", None),
            ("2013-05-04T00:00", None),
            ("4.5.13", None),
            (".5.2013", None),
            ("२०१३", None),
            ("heute", None),
        ] {
            assert_eq!(iso(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_period_ends_after_its_beginning() {
        for (from, to, expected) in [
            ("2013", "2013", true),
            ("2013-05", "2013", true),
            ("2013", "2013-05-04", true),
            ("2013-06", "2013-05-04", false),
            ("2014", "2013-05-04", false),
        ] {
            assert_eq!(in_order(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn a_name_tells_a_period_only_if_there_is_no_doubt() {
        for (name, expected) in [
            ("Protokoll 2013-05-04", Some(("2013-05-04", "2013-05-04"))),
            ("Bürgeranfragen 2025", Some(("2025", "2025"))),
            ("2011-2013", Some(("2011", "2013"))),
            ("Haushalt 2011 - 2013", Some(("2011", "2013"))),
            ("Haushalt 2011\u{2013}2013", Some(("2011", "2013"))),
            ("Protokolle_2013_Rat", Some(("2013", "2013"))),
            ("Protokolle-2013", Some(("2013", "2013"))),
            ("2013-Protokolle-Rat", Some(("2013", "2013"))),
            ("Akte 17 (1998)", Some(("1998", "1998"))),
            ("Haushalt 2011 und 2014", None),
            ("2013-2011", None),
            ("Schuljahr 2011-12", None),
            ("2013-02-30", None),
            ("DIN1960", None),
            ("IMG_20130504", None),
            ("Los 1700", None),
            ("Los 2101", None),
            ("Grünanlagen", None),
            ("", None),
        ] {
            let expected = expected.map(|(from, to)| (from.to_owned(), to.to_owned()));
            assert_eq!(in_name(name), expected, "{name}");
        }
    }
}
