//! Whether and until when a package is closed to use (Schutzfrist).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::record::Person;

/// Whether a package is closed to use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "status", content = "until", rename_all = "kebab-case")]
pub enum Closure {
    /// No closure period applies.
    Free,
    /// Closed up to and including this day, an ISO 8601 calendar date; free from the day after.
    Until(String),
    /// A closure period applies or may apply, and its end is not known ("zu prüfen"): closed.
    #[default]
    Open,
}

/// What stands in the catalogue for [`Closure::Open`]; it sorts after all dates.
const OPEN: &str = "open";

impl Closure {
    /// Returns the text that stands in the catalogue: empty, a day, or `open`; closed is what is not before today.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Free => "",
            Self::Until(day) => day,
            Self::Open => OPEN,
        }
    }

    /// Returns the closure whose [`Closure::text`] is `text`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::Free),
            OPEN => Some(Self::Open),
            day => last_day(day).filter(|_| day.len() == 10).map(|day| Self::Until(day.to_string())),
        }
    }

    /// Returns whether the package is closed on the day `today` (ISO 8601).
    #[must_use]
    pub fn closed_on(&self, today: &str) -> bool {
        self.text() >= today
    }

    /// Returns the one that opens later.
    #[must_use]
    pub fn later(self, other: Self) -> Self {
        if other.text() > self.text() { other } else { self }
    }

    /// Returns the status in one stable word: `free`, `until`, `open`.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Until(_) => "until",
            Self::Open => OPEN,
        }
    }
}

impl From<Date> for Closure {
    fn from(day: Date) -> Self {
        Self::Until(day.to_string())
    }
}

/// Returns the persons whose dates of life stand in two lists: as many births as deaths belong together one by one, with an
/// empty text for what is not known; else nobody knows which belongs to whom, and each date is taken for a person of its own.
#[must_use]
pub fn persons(born: &[String], died: &[String]) -> Vec<Person> {
    let person = |born: &String, died: &String| Person { born: born.clone(), died: died.clone() };
    if born.len() == died.len() {
        return born.iter().zip(died).map(|(born, died)| person(born, died)).collect();
    }
    let unknown = String::new();
    let alone = |date: &&String| !date.is_empty();
    let births = born.iter().filter(alone).map(|born| person(born, &unknown));
    let deaths = died.iter().filter(alone).map(|died| person(&unknown, died));
    let nobody = born.iter().chain(died).any(String::is_empty).then(Person::default);
    births.chain(deaths).chain(nobody).collect()
}

/// Returns the last day that `text` can mean: a day, a month or a year of ISO 8601 (`2001-05-12`, `2001-05`, `2001`), with
/// or without a time or a time zone behind the day; nothing for what is no date.
///
/// Only years from 1 to 9999: signs and longer years are no dates of records.
#[must_use]
pub fn last_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = match text.get(..10) {
        Some(day) if text[10..].is_empty() || text[10..].starts_with(['T', ' ', 'Z', '+', '-']) => day,
        Some(_) => return None,
        None => text,
    };
    let number =
        |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i16>().ok()).flatten();
    let small = |digits: &str| number(digits).filter(|_| digits.len() == 2).and_then(|n| i8::try_from(n).ok());
    let mut parts = day.split('-');
    let year = parts.next().filter(|year| year.len() == 4).and_then(number).filter(|year| *year > 0)?;
    let Some(month) = parts.next() else { return Date::new(year, 12, 31).ok() };
    let month = small(month)?;
    let Some(day) = parts.next() else { return Date::new(year, month, 1).ok().map(Date::last_of_month) };
    Date::new(year, month, small(day)?).ok().filter(|_| parts.next().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_of_dates_are_taken_to_their_last_day() {
        for (text, day) in [
            ("2001", "2001-12-31"),
            ("2001-05", "2001-05-31"),
            ("2000-02", "2000-02-29"),
            ("2001-05-12", "2001-05-12"),
            (" 2001-05-12T23:59:59Z", "2001-05-12"),
            ("2001-05-12+02:00", "2001-05-12"),
            ("2001-05-12Z", "2001-05-12"),
            ("9999", "9999-12-31"),
        ] {
            assert_eq!(last_day(text).map(|day| day.to_string()).as_deref(), Some(day), "{text}");
        }
        for text in [
            "",
            "0000",
            "19",
            "2001-5",
            "2001-13",
            "2001-02-30",
            "2001-05-12x",
            "2001-05-1",
            "-2001",
            "+2001",
            "um 2001",
            "20015",
            "２００１",
        ] {
            assert_eq!(last_day(text), None, "{text}");
        }
    }

    #[test]
    fn dates_that_nobody_can_pair_are_persons_of_their_own() {
        let list = |dates: &[&str]| dates.iter().map(|date| (*date).to_owned()).collect::<Vec<_>>();
        for (born, died, expected) in [
            (&[][..], &[][..], &[][..]),
            (&["1950"], &["2001"], &[("1950", "2001")]),
            (&["1950", "1960"], &["", "2001"], &[("1950", ""), ("1960", "2001")]),
            (&["1950", "1960"], &["2001"], &[("1950", ""), ("1960", ""), ("", "2001")]),
            (&["1950", ""], &[], &[("1950", ""), ("", "")]),
            (&[], &["2001", "2002"], &[("", "2001"), ("", "2002")]),
        ] {
            let found = persons(&list(born), &list(died));
            let found: Vec<_> = found.iter().map(|person| (&*person.born, &*person.died)).collect();
            assert_eq!(found, expected, "{born:?} {died:?}");
        }
    }

    #[test]
    fn a_period_ends_with_its_last_day() {
        let until = Closure::Until("2023-12-31".to_owned());
        for (closure, today, closed) in [
            (&until, "2023-12-31", true),
            (&until, "2024-01-01", false),
            (&Closure::Free, "0001-01-01", false),
            (&Closure::Open, "9999-12-31", true),
        ] {
            assert_eq!(closure.closed_on(today), closed, "{closure:?} {today}");
        }
        assert_eq!(Closure::default(), Closure::Open);
    }

    fn any_closure() -> impl Strategy<Value = Closure> {
        let day = (1_i16..=9999, 1_i8..=12, 1_i8..=28)
            .prop_map(|(year, month, day)| Closure::from(Date::new(year, month, day).unwrap()));
        prop_oneof![Just(Closure::Free), day, Just(Closure::Open)]
    }

    proptest! {
        #[test]
        fn the_later_of_two_is_closed_whenever_one_is(a in any_closure(), b in any_closure(), today in any_closure()) {
            let later = a.clone().later(b.clone());
            prop_assert_eq!(&later, &b.clone().later(a.clone()));
            if let Closure::Until(today) = today {
                prop_assert_eq!(later.closed_on(&today), a.closed_on(&today) || b.closed_on(&today));
            }
            prop_assert_eq!(Closure::read(later.text()), Some(later));
        }

        #[test]
        fn any_text_is_a_date_or_none(text in any::<String>()) {
            let _ = last_day(&text);
            let _ = Closure::read(&text);
        }
    }
}
