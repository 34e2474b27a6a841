//! Points in time, in UTC and whole seconds.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time in UTC with seconds; shown and stored as RFC 3339 (`2026-03-01T12:00:00Z`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Returns the time now.
    #[must_use]
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }

    /// Returns the time `seconds` after 1970-01-01T00:00:00Z; values outside the years -9999 to 9999 are clamped.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(jiff::Timestamp::MIN.as_second() + 1, jiff::Timestamp::MAX.as_second()))
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Returns the time that RFC 3339 `text` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_second()))
    }

    /// Returns the point in time that [`Timestamp::civil`] gives these parts for, if there is one.
    #[must_use]
    pub fn from_civil((year, month, day): (i16, u8, u8), (hour, minute, second): (u8, u8, u8)) -> Option<Self> {
        let part = |part: u8| i8::try_from(part).ok();
        let date = jiff::civil::Date::new(year, part(month)?, part(day)?).ok()?;
        let time = jiff::civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
        let zoned = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?;
        Some(Self(zoned.as_second()))
    }

    /// Returns year, month, day, hour, minute, second.
    #[must_use]
    pub fn civil(self) -> (i16, u8, u8, u8, u8, u8) {
        let t = jiff::tz::Offset::UTC.to_datetime(self.jiff());
        let part = |n: i8| u8::try_from(n).unwrap_or_default();
        (t.year(), part(t.month()), part(t.day()), part(t.hour()), part(t.minute()), part(t.second()))
    }

    /// Returns the date part, `2026-03-01`.
    #[must_use]
    pub fn date(self) -> String {
        let (year, month, day, ..) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => {
                let before = before.duration();
                -i64::try_from(before.as_secs()).unwrap_or(i64::MAX) - i64::from(before.subsec_nanos() > 0)
            }
        };
        Self::from_seconds(seconds)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.jiff(), f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a time as 2026-03-01T12:00:00Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_as_rfc_3339_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1_000_000_000, "1938-04-24T22:13:20Z"),
            (16_725_225_600, "2500-01-01T00:00:00Z"),
            (1_772_366_400, "2026-03-01T12:00:00Z"),
        ] {
            assert_eq!(Timestamp::from_seconds(seconds).to_string(), text);
            assert_eq!(Timestamp::parse(text), Some(Timestamp::from_seconds(seconds)));
        }
        assert_eq!(Timestamp::from_seconds(1_772_366_400).civil(), (2026, 3, 1, 12, 0, 0));
    }

    #[test]
    fn extremes_are_clamped() {
        for seconds in [i64::MIN, i64::MAX] {
            let time = Timestamp::from_seconds(seconds);
            assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
        }
    }
}
