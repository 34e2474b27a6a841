//! Numbers in headers of TAR files: octal, base 256, decimal times.

/// Returns the number that decimal digits say.
pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() <= 19 && digits.iter().all(u8::is_ascii_digit);
    plain.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// Returns the whole seconds of a pax time, which may be negative and have a fraction.
pub(super) fn seconds(text: &[u8]) -> Option<i64> {
    let (digits, negative) = text.strip_prefix(b"-").map_or((text, false), |digits| (digits, true));
    let mut parts = digits.splitn(2, |byte| *byte == b'.');
    let whole = i64::try_from(decimal(parts.next()?)?).ok()?;
    let fraction = parts.next().unwrap_or_default();
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // File systems count fractions upwards.
    let down = i64::from(fraction.iter().any(|digit| *digit != b'0'));
    Some(if negative { -whole - down } else { whole })
}

/// Reads a number that must not be negative: octal digits, or GNU tar's base 256.
pub(super) fn number(field: &[u8]) -> Option<u64> {
    u64::try_from(signed(field)?).ok()
}

/// Reads a number, perhaps a negative one.
pub(super) fn signed(field: &[u8]) -> Option<i64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        // Two's complement over the whole field, its first bit the mark.
        let negative = first & 0x40 != 0;
        let start = if negative { -1 } else { i128::from(first & 0x3f) };
        let start = if negative && *first != 0xff { return None } else { start };
        let value = rest.iter().try_fold(start, |sum: i128, byte| {
            let next = sum * 256 + i128::from(*byte);
            (next.abs() <= i128::from(i64::MAX)).then_some(next)
        })?;
        return i64::try_from(value).ok();
    }
    let digits = field.iter().position(|byte| !matches!(byte, b' ' | 0)).map_or(&b""[..], |start| &field[start..]);
    let end = digits.iter().position(|byte| matches!(byte, b' ' | 0)).unwrap_or(digits.len());
    let (digits, after) = digits.split_at(end);
    if !after.iter().all(|byte| matches!(byte, b' ' | 0)) || !digits.iter().all(|digit| matches!(digit, b'0'..=b'7')) {
        return None;
    }
    // Twelve octal digits have 36 bits.
    Some(digits.iter().fold(0, |sum, digit| sum * 8 + i64::from(digit - b'0')))
}

/// Returns whether the checksum of a header is that of its bytes, taken as unsigned or, as old programs did, as signed.
pub(super) fn checksum(head: &[u8]) -> bool {
    let Some(told) = head.get(148..156).and_then(signed) else { return false };
    let outside = |index: usize| !(148..156).contains(&index);
    let (mut plain, mut odd) = (8 * 32, 8 * 32);
    for (_, byte) in head.iter().enumerate().filter(|(index, _)| outside(*index)) {
        plain += i64::from(*byte);
        odd += i64::from(byte.cast_signed());
    }
    told == plain || told == odd
}
