//! JSON documents of deliveries, read within limits.
//!
//! A key that stands twice in an object is a fault: readers differ in which of the two they take, so nobody could say what
//! the document means. Nesting is limited to 128 by the parser itself.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::model::finding::{Code, Finding};

/// The largest document that is held in memory, in bytes.
const SIZE_MAX: u64 = 16 << 20;

/// The most values of a document: each takes up to 300 bytes of memory, and three letters make one.
const VALUES_MAX: usize = 250_000;

/// Why a document cannot be used.
#[derive(Debug)]
pub(super) enum JsonFault {
    /// It cannot be read.
    Read(io::Error),
    /// It is at fault: line and column from 1, and what the parser says.
    Malformed(u64, u64, String),
}

impl JsonFault {
    /// Returns the finding about the document `file`.
    pub(super) fn finding(&self, file: &str) -> Finding {
        match self {
            Self::Read(error) => Finding::new(Code::Unreadable).file(file).value(error.to_string()),
            Self::Malformed(line, column, text) => {
                let mut finding = Finding::new(Code::JsonMalformed).file(file).value(text).line(*line);
                finding.column = Some(*column);
                finding
            }
        }
    }
}

/// Reads one document of at most 16 MiB.
pub(super) fn read(input: impl Read) -> Result<Value, JsonFault> {
    let mut bytes = Vec::new();
    input.take(SIZE_MAX + 1).read_to_end(&mut bytes).map_err(JsonFault::Read)?;
    if bytes.len() as u64 > SIZE_MAX {
        return Err(JsonFault::Malformed(1, 1, format!("more than {SIZE_MAX} bytes")));
    }
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Result<Value, JsonFault> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut parser = serde_json::Deserializer::from_slice(text);
    let left = Cell::new(VALUES_MAX);
    let value = Unique(&left).deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    value.map_err(|error| {
        let said = error.to_string();
        // The parser says the place as well, which stands beside its words already.
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(words, _)| words);
        JsonFault::Malformed(error.line() as u64, error.column() as u64, said.to_owned())
    })
}

/// Makes a value in which no object had a key twice; holds how many values there may still be.
#[derive(Clone, Copy)]
struct Unique<'a>(&'a Cell<usize>);

impl Unique<'_> {
    /// Counts one value more.
    fn one<E: serde::de::Error>(self) -> Result<Self, E> {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.ok_or_else(|| E::custom(format!("more than {VALUES_MAX} values")))?);
        Ok(self)
    }
}

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.one()?)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self.one()?)?;
            if object.insert(key, value).is_some() {
                // Not which one: keys may be what somebody entered into a form.
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_are_read() {
        let text = "\u{feff}{\"a\": [1, -2, 0.5, \"\\u00e4\", null, true, {\"b\": {}}]}\n";
        assert_eq!(read(text.as_bytes()).unwrap(), json!({"a": [1, -2, 0.5, "ä", null, true, {"b": {}}]}));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        let deep = "[".repeat(100_000);
        let many = format!("[{}0]", "{\"a\":{}},".repeat(200_000));
        for (text, line, words) in [
            ("", 1, "EOF"),
            ("{\"a\":1,\n\"a\":2}", 2, "twice"),
            ("{\"x\":{\"a\":1,\"b\":2,\"\\u0061\":2}}", 1, "twice"),
            ("{}\n{}", 2, "trailing"),
            ("{\"a\":\n", 2, "EOF"),
            (deep.as_str(), 1, "recursion"),
            ("{\"a\":NaN}", 1, "expected"),
            (many.as_str(), 1, "values"),
        ] {
            let JsonFault::Malformed(at, _, said) = read(text.as_bytes()).unwrap_err() else { panic!() };
            assert!(said.contains(words) && !said.contains(" line "), "{said}");
            assert_eq!(at, line, "{words}");
        }
        let large = format!("\"{}\"", "x".repeat(17 << 20));
        assert!(matches!(read(large.as_bytes()), Err(JsonFault::Malformed(..))));
    }
}
