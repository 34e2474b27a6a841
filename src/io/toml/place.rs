//! Gives serde a parsed TOML document so that every fault keeps its place and its kind.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer as _, MapAccess, SeqAccess, Unexpected, Visitor,
};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Where something is wrong and what.
#[derive(Debug)]
pub struct Fault {
    /// The byte where it stands; the innermost value that was being read.
    pub offset: Option<usize>,
    /// The key of that value.
    pub key: String,
    /// What is wrong.
    pub kind: Kind,
}

/// What is wrong.
#[derive(Debug)]
pub enum Kind {
    /// A key that means nothing.
    UnknownKey {
        /// The key.
        key: String,
        /// Those that mean something.
        expected: &'static [&'static str],
    },
    /// Two keys that mean the same.
    DuplicateKey {
        /// The key.
        key: &'static str,
    },
    /// A key lacks.
    Missing {
        /// The key.
        key: &'static str,
    },
    /// Another kind of value is expected.
    Type {
        /// What is expected and found.
        detail: String,
    },
    /// The value is not allowed.
    Value {
        /// The value.
        value: String,
        /// What is allowed.
        expected: String,
    },
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { offset: None, key: String::new(), kind }
    }

    fn place(mut self, offset: usize, key: &str) -> Self {
        if self.offset.is_none() {
            self.offset = Some(offset);
            key.clone_into(&mut self.key);
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: fmt::Display>(detail: T) -> Self {
        Self::new(Kind::Type { detail: detail.to_string() })
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Kind::Type { detail: format!("expected {expected}, found {}", kind_of(found)) })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let value = match found {
            Unexpected::Str(text) => text.to_owned(),
            Unexpected::Signed(n) => n.to_string(),
            Unexpected::Unsigned(n) => n.to_string(),
            Unexpected::Bool(b) => b.to_string(),
            Unexpected::Float(n) => n.to_string(),
            _ => String::new(),
        };
        Self::new(Kind::Value { value, expected: expected.to_string() })
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Kind::Value { value: variant.to_owned(), expected: expected.join(", ") })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Kind::UnknownKey { key: field.to_owned(), expected })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Kind::Missing { key: field })
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(Kind::DuplicateKey { key: field })
    }
}

fn kind_of(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Signed(_) | Unexpected::Unsigned(_) => "an integer",
        Unexpected::Float(_) => "a number",
        Unexpected::Str(_) => "a string",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a table",
        Unexpected::Other(name) if name == DATE => DATE,
        _ => "something else",
    }
}

const DATE: &str = "a date or time";

/// A value with its place and the key it stands under.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    value: Value<'d>,
    offset: usize,
    key: &'d str,
}

#[derive(Clone, Copy)]
enum Value<'d> {
    Root(&'d DeTable<'d>),
    Other(&'d DeValue<'d>),
}

impl<'d> Node<'d> {
    /// Returns the document.
    pub fn root(table: &'d Spanned<DeTable<'d>>) -> Self {
        Self { value: Value::Root(table.get_ref()), offset: 0, key: "" }
    }

    /// Returns where the value at `keys` stands and how it is written; the last table or list on the way where it lacks.
    pub fn find(self, keys: &[&str]) -> (usize, String) {
        let mut node = self;
        for key in keys {
            let next = match node.table() {
                Some(table) => table
                    .iter()
                    .find(|(name, _)| name.get_ref() == key)
                    .map(|(name, value)| Self::new(value, name.get_ref())),
                None => match node.value {
                    Value::Other(DeValue::Array(items)) => {
                        key.parse::<usize>().ok().and_then(|at| items.get(at)).map(|item| Self::new(item, node.key))
                    }
                    _ => None,
                },
            };
            match next {
                Some(next) => node = next,
                None => return (node.offset, String::new()),
            }
        }
        let value = match node.value {
            Value::Other(DeValue::String(text)) => text.to_string(),
            Value::Other(DeValue::Integer(n)) => n.to_string(),
            Value::Other(DeValue::Boolean(b)) => b.to_string(),
            Value::Other(DeValue::Datetime(d)) => d.to_string(),
            _ => String::new(),
        };
        (node.offset, value)
    }

    fn new(value: &'d Spanned<DeValue<'d>>, key: &'d str) -> Self {
        Self { value: Value::Other(value.get_ref()), offset: value.span().start, key }
    }

    fn table(self) -> Option<&'d DeTable<'d>> {
        match self.value {
            Value::Root(table) | Value::Other(DeValue::Table(table)) => Some(table),
            Value::Other(_) => None,
        }
    }

    fn visit<'de, V: Visitor<'de>>(self, visitor: V, dates: bool) -> Result<V::Value, Fault> {
        if let Some(table) = self.table() {
            let mut entries: Vec<_> = table.iter().collect();
            // The first fault in the file is told first.
            entries.sort_by_key(|(key, _)| std::cmp::Reverse(key.span().start));
            return visitor.visit_map(Entries { entries, value: None });
        }
        let Value::Other(value) = self.value else {
            return visitor.visit_unit();
        };
        match value {
            DeValue::String(text) => visitor.visit_str(text),
            DeValue::Boolean(b) => visitor.visit_bool(*b),
            DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
                Ok(n) => visitor.visit_i64(n),
                Err(_) => Err(Fault::invalid_value(Unexpected::Str(&n.to_string()), &"an integer of 64 bits")),
            },
            DeValue::Float(n) => match n.as_str().parse() {
                Ok(n) => visitor.visit_f64(n),
                Err(_) => Err(Fault::invalid_value(Unexpected::Str(n.as_str()), &"a number")),
            },
            DeValue::Datetime(date) if dates => visitor.visit_str(&date.to_string()),
            DeValue::Datetime(_) => Err(Fault::invalid_type(Unexpected::Other(DATE), &visitor)),
            DeValue::Array(items) => visitor.visit_seq(Items { items: items.iter(), key: self.key }),
            DeValue::Table(_) => visitor.visit_unit(),
        }
    }
}

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = Fault;

    /// Dates that are written without quotes come as text; a string that is asked for by type is never one.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit(visitor, true).map_err(|fault| fault.place(self.offset, self.key))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit(visitor, false).map_err(|fault| fault.place(self.offset, self.key))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self).map_err(|fault| fault.place(self.offset, self.key))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let result = match self.value {
            Value::Other(DeValue::String(text)) => visitor.visit_enum(StrDeserializer::<Fault>::new(text)),
            _ => self.visit(Text, false).map(|text| match text {}),
        };
        result.map_err(|fault| fault.place(self.offset, self.key))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// Takes nothing: makes the fault of a value that should have been a string.
struct Text;

/// No value.
enum Nothing {}

impl Visitor<'_> for Text {
    type Value = Nothing;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }
}

struct Entries<'d> {
    entries: Vec<(&'d Spanned<DeString<'d>>, &'d Spanned<DeValue<'d>>)>,
    value: Option<Node<'d>>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.entries.pop() else {
            return Ok(None);
        };
        let name: &str = key.get_ref();
        self.value = Some(Node::new(value, name));
        let deserializer: StrDeserializer<'_, Fault> = name.into_deserializer();
        seed.deserialize(deserializer).map(Some).map_err(|fault| fault.place(key.span().start, name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        match self.value.take() {
            Some(node) => seed.deserialize(node).map_err(|fault| fault.place(node.offset, node.key)),
            None => Err(Fault::custom("a value before its key")),
        }
    }
}

struct Items<'d> {
    items: std::slice::Iter<'d, Spanned<DeValue<'d>>>,
    key: &'d str,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let node = Node::new(item, self.key);
        seed.deserialize(node).map(Some).map_err(|fault| fault.place(node.offset, node.key))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}
