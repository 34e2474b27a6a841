//! Amounts as people write them: `500GiB`, `100MiB/s`, `2h`, `90d`.
//!
//! A number is whole or has a decimal point, and its unit stands behind it; nothing is rounded without a word: what comes to no whole byte or
//! second is refused.

use std::num::NonZeroU64;
use std::time::Duration;

use super::error::{Failure, Kind};

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityFault {
    /// No number stands in front.
    #[error("no number")]
    Number,
    /// The number has a decimal comma.
    #[error("a decimal comma")]
    Comma,
    /// The unit is unknown or missing.
    #[error("no unit of bytes")]
    UnitOfBytes,
    /// The unit is unknown or missing.
    #[error("no unit of bytes per second")]
    UnitOfRate,
    /// The unit is unknown or missing.
    #[error("no unit of time")]
    UnitOfTime,
    /// It comes to nothing.
    #[error("nothing")]
    Zero,
    /// It comes to a part of a byte or second.
    #[error("a part of a byte or second")]
    Part,
    /// It is more than can be counted.
    #[error("more than can be counted")]
    Overflow,
}

impl QuantityFault {
    /// Returns what is told of a call with such a value.
    pub fn failure(self) -> Failure {
        match self {
            Self::Number => Failure::new(Kind::Usage, "quantity-number"),
            Self::Comma => Failure::new(Kind::Usage, "quantity-comma"),
            Self::UnitOfBytes => Failure::new(Kind::Usage, "quantity-bytes"),
            Self::UnitOfRate => Failure::new(Kind::Usage, "quantity-rate"),
            Self::UnitOfTime => Failure::new(Kind::Usage, "quantity-time"),
            Self::Zero => Failure::new(Kind::Usage, "quantity-zero"),
            Self::Part => Failure::new(Kind::Usage, "quantity-part"),
            Self::Overflow => Failure::new(Kind::Usage, "quantity-overflow"),
        }
    }
}

/// Units of bytes, decimal and binary; letters may be of either case.
const BYTES: [(&str, u64); 9] = [
    ("b", 1),
    ("kb", 1000),
    ("mb", 1000_u64.pow(2)),
    ("gb", 1000_u64.pow(3)),
    ("tb", 1000_u64.pow(4)),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
];

/// Units of time in seconds. Months and years differ in length, so there are none.
const TIMES: [(&str, u64); 9] = [
    ("s", 1),
    ("sec", 1),
    ("min", 60),
    ("h", 3600),
    ("hours", 3600),
    ("d", 86_400),
    ("days", 86_400),
    ("w", 604_800),
    ("weeks", 604_800),
];

/// Reads an amount of bytes: `500GiB`, `1.5 TB`, `4096B`.
pub fn bytes(text: &str) -> Result<NonZeroU64, QuantityFault> {
    let (number, unit) = Number::before(text)?;
    number.of(factor(&BYTES, unit).ok_or(QuantityFault::UnitOfBytes)?)
}

/// Reads an amount of bytes per second: `100MiB/s`.
pub fn rate(text: &str) -> Result<NonZeroU64, QuantityFault> {
    let (number, unit) = Number::before(text)?;
    let (unit, time) = unit.split_once('/').ok_or(QuantityFault::UnitOfRate)?;
    if !time.trim().eq_ignore_ascii_case("s") {
        return Err(QuantityFault::UnitOfRate);
    }
    number.of(factor(&BYTES, unit.trim_end()).ok_or(QuantityFault::UnitOfRate)?)
}

/// Reads a time: `2h`, `90d`, `30min`, `1.5h`.
pub fn time(text: &str) -> Result<Duration, QuantityFault> {
    let (number, unit) = Number::before(text)?;
    let seconds = number.of(factor(&TIMES, unit).ok_or(QuantityFault::UnitOfTime)?)?;
    Ok(Duration::from_secs(seconds.get()))
}

fn factor(units: &[(&str, u64)], unit: &str) -> Option<u64> {
    units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).map(|(_, factor)| *factor)
}

/// A decimal number: `digits` divided by `scale`.
struct Number {
    digits: u128,
    scale: u128,
}

impl Number {
    /// Reads the number in front of `text` and returns what stands behind it.
    fn before(text: &str) -> Result<(Self, &str), QuantityFault> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        if number.contains(',') {
            return Err(QuantityFault::Comma);
        }
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        if whole.is_empty() || part.is_empty() || part.contains('.') {
            return Err(QuantityFault::Number);
        }
        // Zeros at the end of a fraction say nothing.
        let part = part.trim_end_matches('0');
        let digits = format!("{whole}{part}").parse().map_err(|_| QuantityFault::Overflow)?;
        let scale = u32::try_from(part.len()).ok().and_then(|places| 10_u128.checked_pow(places));
        Ok((Self { digits, scale: scale.ok_or(QuantityFault::Part)? }, unit.trim_start()))
    }

    fn of(&self, factor: u64) -> Result<NonZeroU64, QuantityFault> {
        let product = self.digits.checked_mul(u128::from(factor)).ok_or(QuantityFault::Overflow)?;
        if product % self.scale != 0 {
            return Err(QuantityFault::Part);
        }
        let amount = u64::try_from(product / self.scale).map_err(|_| QuantityFault::Overflow)?;
        NonZeroU64::new(amount).ok_or(QuantityFault::Zero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_bytes() {
        use QuantityFault::{Comma, Number, Overflow, Part, UnitOfBytes, Zero};
        for (text, expected) in [
            ("1B", Ok(1)),
            ("4096 b", Ok(4096)),
            ("1kB", Ok(1000)),
            ("1KB", Ok(1000)),
            ("1KiB", Ok(1024)),
            ("500GiB", Ok(500 << 30)),
            ("500 GB", Ok(500_000_000_000)),
            (" 2TiB ", Ok(2 << 40)),
            ("1.5GiB", Ok(3 << 29)),
            ("0.001kB", Ok(1)),
            ("1.000B", Ok(1)),
            // A float would lose the last digit of this one.
            ("9007199254740993B", Ok(9_007_199_254_740_993)),
            ("18446744073709551615B", Ok(u64::MAX)),
            ("18446744073709551616B", Err(Overflow)),
            ("16777216TiB", Err(Overflow)),
            ("99999999999999999999999999999999999999999B", Err(Overflow)),
            ("340282366920938463463374607431768211455TiB", Err(Overflow)),
            ("0B", Err(Zero)),
            ("0.0GiB", Err(Zero)),
            ("0.5B", Err(Part)),
            ("1.0001kB", Err(Part)),
            ("0.0000000000000000000000000000000000000001TB", Err(Part)),
            ("1,5GiB", Err(Comma)),
            ("1.000,5GiB", Err(Comma)),
            ("1,024B", Err(Comma)),
            ("", Err(Number)),
            ("GiB", Err(Number)),
            ("-1GiB", Err(Number)),
            ("+1GiB", Err(Number)),
            (".5GiB", Err(Number)),
            ("5.GiB", Err(Number)),
            ("1.2.3GiB", Err(Number)),
            ("٣GiB", Err(Number)),
            ("1e3B", Err(UnitOfBytes)),
            ("500", Err(UnitOfBytes)),
            ("500G", Err(UnitOfBytes)),
            ("5 Gi B", Err(UnitOfBytes)),
            ("5GiB/s", Err(UnitOfBytes)),
            ("5h", Err(UnitOfBytes)),
        ] {
            assert_eq!(bytes(text).map(NonZeroU64::get), expected, "{text:?}");
        }
    }

    #[test]
    fn amounts_of_bytes_in_a_second() {
        use QuantityFault::{Comma, Overflow, UnitOfRate, Zero};
        for (text, expected) in [
            ("100MiB/s", Ok(100 << 20)),
            ("100 MB / s", Ok(100_000_000)),
            ("0.5MiB/S", Ok(1 << 19)),
            ("1B/s", Ok(1)),
            ("0MiB/s", Err(Zero)),
            ("1,5MiB/s", Err(Comma)),
            ("16777216TiB/s", Err(Overflow)),
            ("100MiB", Err(UnitOfRate)),
            ("100Mbit/s", Err(UnitOfRate)),
            ("100MiB/min", Err(UnitOfRate)),
            ("100/s", Err(UnitOfRate)),
        ] {
            assert_eq!(rate(text).map(NonZeroU64::get), expected, "{text:?}");
        }
    }

    #[test]
    fn times() {
        use QuantityFault::{Comma, Number, Overflow, Part, UnitOfTime, Zero};
        for (text, expected) in [
            ("30s", Ok(30)),
            ("30 sec", Ok(30)),
            ("30min", Ok(1800)),
            ("2h", Ok(7200)),
            ("1.5h", Ok(5400)),
            ("90d", Ok(7_776_000)),
            ("90 days", Ok(7_776_000)),
            ("1W", Ok(604_800)),
            ("0.5s", Err(Part)),
            ("0d", Err(Zero)),
            ("1,5h", Err(Comma)),
            ("h", Err(Number)),
            // Minutes, months or metres?
            ("5m", Err(UnitOfTime)),
            ("1y", Err(UnitOfTime)),
            ("90", Err(UnitOfTime)),
            ("1h30min", Err(UnitOfTime)),
            ("30500568904944w", Err(Overflow)),
        ] {
            assert_eq!(time(text).map(|time| time.as_secs()), expected, "{text:?}");
        }
    }
}
