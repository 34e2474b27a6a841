//! Streams of a PDF (ISO 32000-1, 7.3.8 and 7.4), decoded as they are read.

use std::io::{self, BufReader, Read};

use flate2::read::ZlibDecoder;

use super::PdfError;
use super::bytes::Bytes;
use super::object::{Dictionary, Object, hex_digit, is_space};

/// How many filters follow one another at most.
const FILTERS: usize = 4;

/// How long a row is at most that a predictor works on, in bytes.
const ROW: usize = 1 << 20;

/// Decodes `raw` by the filters of `dictionary`, whose values are no references any more.
pub fn decode<'b>(raw: impl Read + 'b, dictionary: &Dictionary) -> Result<Box<dyn Read + 'b>, PdfError> {
    let filters = list(dictionary.get("Filter").or_else(|| dictionary.get("F")));
    let parameters = list(dictionary.get("DecodeParms").or_else(|| dictionary.get("DP")));
    if filters.len() > FILTERS {
        return Err(PdfError::Limit("filters"));
    }
    let mut reader: Box<dyn Read + 'b> = Box::new(raw);
    for (number, filter) in filters.iter().enumerate() {
        let Object::Name(name) = filter else { return Err(PdfError::Damaged("filter")) };
        reader = match name.as_slice() {
            b"FlateDecode" | b"Fl" => Box::new(ZlibDecoder::new(reader)),
            b"ASCIIHexDecode" | b"AHx" => Box::new(Hexadecimal { inner: BufReader::new(reader), ended: false }),
            b"ASCII85Decode" | b"A85" => {
                Box::new(Ascii85 { inner: BufReader::new(reader), ready: [0; 4], left: 0, ended: false })
            }
            _ => return Err(PdfError::Filter(String::from_utf8_lossy(name).into_owned())),
        };
        if let Some(Object::Dictionary(parameters)) = parameters.get(number) {
            reader = predicted(reader, parameters)?;
        }
    }
    Ok(reader)
}

fn list(object: Option<&Object>) -> &[Object] {
    match object {
        Some(Object::Array(items)) => items,
        Some(Object::Other) | None => &[],
        Some(one) => std::slice::from_ref(one),
    }
}

fn predicted<'b>(reader: Box<dyn Read + 'b>, parameters: &Dictionary) -> Result<Box<dyn Read + 'b>, PdfError> {
    let number = |key, default| parameters.integer(key).map_or(Some(default), |value| usize::try_from(value).ok());
    let bits = number("Colors", 1).zip(number("BitsPerComponent", 8)).and_then(|(a, b)| a.checked_mul(b));
    match parameters.integer("Predictor").unwrap_or(1) {
        1 => Ok(reader),
        10..=15 => {
            let (bits, columns) = bits.zip(number("Columns", 1)).ok_or(PdfError::Damaged("predictor"))?;
            let row = bits.checked_mul(columns).map(|bits| bits.div_ceil(8)).filter(|row| (1..=ROW).contains(row));
            let row = row.ok_or(PdfError::Damaged("predictor"))?;
            Ok(Box::new(Rows { inner: reader, row: vec![0; row], step: bits.div_ceil(8), left: 0 }))
        }
        other => Err(PdfError::Filter(format!("Predictor {other}"))),
    }
}

/// The bytes of a stream as they lie in the file.
pub struct Raw<'b, 'a> {
    bytes: &'b mut Bytes<'a>,
    at: u64,
    end: u64,
}

impl<'b, 'a> Raw<'b, 'a> {
    /// Returns the bytes from `at` to before `end`.
    pub const fn new(bytes: &'b mut Bytes<'a>, at: u64, end: u64) -> Self {
        Self { bytes, at, end }
    }
}

impl Read for Raw<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.end {
            return Ok(0);
        }
        let Some((block, from)) = self.bytes.at(self.at).map_err(io::Error::other)? else { return Ok(0) };
        let most = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let length = buffer.len().min(block.len() - from).min(most);
        buffer[..length].copy_from_slice(&block[from..from + length]);
        self.at += length as u64;
        Ok(length)
    }
}

/// `ASCIIHexDecode`.
struct Hexadecimal<R> {
    inner: BufReader<R>,
    ended: bool,
}

impl<R: Read> Read for Hexadecimal<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        while count < buffer.len() && !self.ended {
            let Some(high) = digit(&mut self.inner)? else {
                self.ended = true;
                break;
            };
            // A digit that is missing at the end is a zero.
            let low = digit(&mut self.inner)?;
            self.ended = low.is_none();
            buffer[count] = high << 4 | low.unwrap_or(0);
            count += 1;
        }
        Ok(count)
    }
}

fn digit(source: &mut impl Read) -> io::Result<Option<u8>> {
    match letter(source)? {
        None | Some(b'>') => Ok(None),
        Some(byte) => hex_digit(byte).map(Some).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData)),
    }
}

/// Returns the next byte that is no white space.
fn letter(source: &mut impl Read) -> io::Result<Option<u8>> {
    let mut byte = [0];
    loop {
        if source.read(&mut byte)? == 0 {
            return Ok(None);
        }
        if !is_space(byte[0]) {
            return Ok(Some(byte[0]));
        }
    }
}

/// `ASCII85Decode`.
struct Ascii85<R> {
    inner: BufReader<R>,
    /// What was decoded; the last `left` bytes of it are not read yet.
    ready: [u8; 4],
    left: usize,
    ended: bool,
}

impl<R: Read> Ascii85<R> {
    fn group(&mut self) -> io::Result<()> {
        let mut value = 0_u32;
        let mut digits = 0;
        while digits < 5 {
            match letter(&mut self.inner)? {
                Some(b'z') if digits == 0 => {
                    (self.ready, self.left) = ([0; 4], 4);
                    return Ok(());
                }
                Some(byte @ b'!'..=b'u') => {
                    value = value
                        .checked_mul(85)
                        .and_then(|value| value.checked_add(u32::from(byte - b'!')))
                        .ok_or(io::ErrorKind::InvalidData)?;
                    digits += 1;
                }
                None | Some(b'~') => {
                    self.ended = true;
                    break;
                }
                Some(_) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
        if digits == 0 {
            return Ok(());
        }
        for _ in digits..5 {
            value = value.saturating_mul(85).saturating_add(84);
        }
        // A short group stands for one byte less than it has digits; they are moved to the end of what is ready.
        let bytes = value.to_be_bytes();
        self.left = digits - 1;
        self.ready[4 - self.left..].copy_from_slice(&bytes[..self.left]);
        Ok(())
    }
}

impl<R: Read> Read for Ascii85<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 {
            if self.ended || buffer.is_empty() {
                return Ok(0);
            }
            self.group()?;
        }
        let length = self.left.min(buffer.len());
        let from = 4 - self.left;
        buffer[..length].copy_from_slice(&self.ready[from..from + length]);
        self.left -= length;
        Ok(length)
    }
}

/// The PNG predictors (ISO 32000-1, 7.4.4.4).
struct Rows<'b> {
    inner: Box<dyn Read + 'b>,
    row: Vec<u8>,
    step: usize,
    /// How many bytes of the row are not read yet.
    left: usize,
}

impl Rows<'_> {
    /// Decodes the next row; tells whether there was one.
    fn next(&mut self) -> io::Result<bool> {
        let mut kind = [0];
        if self.inner.read(&mut kind)? == 0 {
            return Ok(false);
        }
        let mut row = Vec::with_capacity(self.row.len());
        self.inner.by_ref().take(self.row.len() as u64).read_to_end(&mut row)?;
        for at in 0..row.len() {
            let left = at.checked_sub(self.step).map_or(0, |at| row[at]);
            let corner = at.checked_sub(self.step).map_or(0, |at| self.row[at]);
            let above = self.row[at];
            let guess = match kind[0] {
                0 => 0,
                1 => left,
                2 => above,
                3 => u16::midpoint(left.into(), above.into()).to_le_bytes()[0],
                4 => paeth(left, above, corner),
                _ => return Err(io::ErrorKind::InvalidData.into()),
            };
            row[at] = row[at].wrapping_add(guess);
        }
        // The last row may be short; what it lacks is not read.
        self.left = row.len();
        let full = self.row.len();
        self.row[full - self.left..].copy_from_slice(&row);
        Ok(self.left > 0)
    }
}

impl Read for Rows<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || (self.left == 0 && !self.next()?) {
            return Ok(0);
        }
        let from = self.row.len() - self.left;
        let length = self.left.min(buffer.len());
        buffer[..length].copy_from_slice(&self.row[from..from + length]);
        self.left -= length;
        Ok(length)
    }
}

/// ISO 15948, 9.4.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(above) - i16::from(corner);
    let away = |byte: u8| (estimate - i16::from(byte)).abs();
    if away(left) <= away(above) && away(left) <= away(corner) {
        left
    } else if away(above) <= away(corner) {
        above
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::super::object::Parser;
    use super::*;

    fn decoded(dictionary: &str, raw: &[u8]) -> io::Result<Vec<u8>> {
        let Ok(Object::Dictionary(dictionary)) = Parser::new(dictionary.as_bytes()).object() else { panic!() };
        let mut found = Vec::new();
        decode(raw, &dictionary).map_err(io::Error::other)?.read_to_end(&mut found)?;
        Ok(found)
    }

    #[test]
    fn filters_follow_one_another() {
        assert_eq!(decoded("<<>>", b"abc").unwrap(), b"abc");
        assert_eq!(decoded("<</Filter/AHx>>", b"61 6\n2>zz").unwrap(), b"ab");
        assert_eq!(
            decoded("<</Filter[/ASCII85Decode]>>", b"9jqo^BlbD-BleB1DJ+*+F(f,q~>").unwrap(),
            b"Man is distinguished"
        );
        assert_eq!(decoded("<</Filter/A85>>", b"z9jqo~>").unwrap(), b"\0\0\0\0Man");
        let packed = b"\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27";
        assert_eq!(decoded("<</Filter/FlateDecode>>", packed).unwrap(), b"abc");
        let hex: String = packed.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(decoded("<</Filter[/AHx/Fl]>>", hex.as_bytes()).unwrap(), b"abc");
        assert!(decoded("<</Filter/FlateDecode>>", &packed[..6]).is_err());
        assert!(decoded("<</Filter/Crypt>>", b"").is_err());
    }

    #[test]
    fn rows_are_predicted_from_their_neighbours() {
        let rows = |raw: &[u8]| {
            decoded("<</Filter/AHx/DecodeParms<</Predictor 12/Columns 3>>>>", hex(raw).as_bytes()).unwrap()
        };
        assert_eq!(rows(&[2, 1, 2, 3, 2, 1, 1, 1]), [1, 2, 3, 2, 3, 4]);
        assert_eq!(rows(&[1, 1, 1, 1, 4, 1, 1, 1]), [1, 2, 3, 2, 3, 4]);
        assert_eq!(rows(&[0, 9, 9, 9, 3, 1, 1, 1]), [9, 9, 9, 5, 8, 9]);
    }

    fn hex(raw: &[u8]) -> String {
        raw.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
