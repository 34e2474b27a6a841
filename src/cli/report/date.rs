//! Dates and times as they are read in a document.

use earchiv::model::time::Timestamp;

use crate::cli::text::Language;

/// Returns a point in time, `14.11.2023, 22:13:20 UTC` in German.
pub fn moment(time: Timestamp, language: Language) -> String {
    let (.., hour, minute, second) = time.civil();
    let comma = match language {
        Language::De => ",",
        Language::En => "",
    };
    format!("{}{comma} {hour:02}:{minute:02}:{second:02} UTC", day(&time.date(), language))
}

/// Returns an ISO 8601 date or a part of one, `04.05.2013` or `05.2013` in German; anything else as it is.
pub fn day(date: &str, language: Language) -> String {
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &&str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    match (&parts[..], language) {
        ([year, month, day], Language::De) if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            format!("{day}.{month}.{year}")
        }
        ([year, month], Language::De) if digits(year, 4) && digits(month, 2) => format!("{month}.{year}"),
        _ => date.to_owned(),
    }
}

/// Returns first and last date, one of them where they are the same.
pub fn span(from: &str, to: &str, language: Language) -> String {
    match (from.is_empty(), to.is_empty()) {
        (false, false) if from != to => format!("{} – {}", day(from, language), day(to, language)),
        (true, _) => day(to, language),
        _ => day(from, language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_language_does() {
        for (date, german) in
            [("2013-05-04", "04.05.2013"), ("2013-05", "05.2013"), ("2013", "2013"), ("Mai-13", "Mai-13"), ("", "")]
        {
            assert_eq!(day(date, Language::De), german);
            assert_eq!(day(date, Language::En), date);
        }
        assert_eq!(span("2013", "2013", Language::De), "2013");
        assert_eq!(span("2013-01", "2014-02-03", Language::De), "01.2013 – 03.02.2014");
        assert_eq!(span("", "2014", Language::De), "2014");
        assert_eq!(moment(Timestamp::from_seconds(1_700_000_000), Language::De), "14.11.2023, 22:13:20 UTC");
        assert_eq!(moment(Timestamp::from_seconds(1_700_000_000), Language::En), "2023-11-14 22:13:20 UTC");
    }
}
