//! Points in time as RFC 3339 writes them.

/// Returns whether `text` is a date-time of RFC 3339: to the second or finer, with a zone.
pub fn is_date_time(text: &str) -> bool {
    parsed(text.as_bytes()).is_some()
}

fn parsed(text: &[u8]) -> Option<()> {
    let (date, rest) = text.split_at_checked(10)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = date else { return None };
    let year = number(&[*y0, *y1, *y2, *y3])?;
    let (month, day) = (number(&[*m0, *m1])?, number(&[*d0, *d1])?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let (time, rest) = rest.split_at_checked(9)?;
    let [b'T' | b't', h0, h1, b':', i0, i1, b':', s0, s1] = time else { return None };
    let (hour, minute, second) = (number(&[*h0, *h1])?, number(&[*i0, *i1])?, number(&[*s0, *s1])?);
    // A leap second is one.
    let inside = (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let zone = match rest.strip_prefix(b".") {
        None => rest,
        Some(fraction) => {
            let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
            fraction.get(digits..).filter(|_| digits > 0)?
        }
    };
    let known = match zone {
        b"Z" | b"z" => true,
        [b'+' | b'-', h0, h1, b':', m0, m1] => number(&[*h0, *h1])? < 24 && number(&[*m0, *m1])? < 60,
        _ => false,
    };
    (inside && known).then_some(())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, c| c.is_ascii_digit().then(|| number * 10 + u32::from(c - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_date_times_with_seconds_and_zone() {
        for text in [
            "2019-01-01T02:03:04Z",
            "2019-01-01t02:03:04z",
            "2021-03-30T15:18:29.613693922-05:00",
            "2020-02-29T00:00:00+00:00",
            "2016-12-31T23:59:60Z",
            "2000-02-29T00:00:00.0Z",
        ] {
            assert!(is_date_time(text), "{text}");
        }
        for text in [
            "",
            "2019-01-01",
            "2019-01-01T02:03Z",
            "2019-01-01T02:03:04",
            "2019-01-01 02:03:04Z",
            "2019-01-01T02:03:04.Z",
            "2019-01-01T02:03:04+0100",
            "2019-01-01T02:03:04+1:00",
            "2019-02-29T02:03:04Z",
            "1900-02-29T02:03:04Z",
            "2019-13-01T02:03:04Z",
            "2019-00-01T02:03:04Z",
            "2019-01-32T02:03:04Z",
            "2019-01-00T02:03:04Z",
            "2019-01-01T24:00:00Z",
            "2019-01-01T02:60:04Z",
            "2019-01-01T02:03:61Z",
            "2019-01-01T02:03:04+24:00",
            "2019-01-01T02:03:04Zx",
            "20190101T020304Z",
            "２019-01-01T02:03:04Z",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }
}
