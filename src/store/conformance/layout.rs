//! Where a storage root keeps which object, as registered layouts say.

use std::io::Read as _;

use serde_json::{Map, Value};

use super::codes::fault;
use super::digest::Algorithm;
use super::extension::{EXTENSIONS, is_registered};
use super::report::Report;
use super::unreadable;
use crate::io::place::Place;

/// The file that names the layout.
pub const FILE: &str = "ocfl_layout.json";

/// The largest file about a layout that is read, in bytes.
const LARGEST: u64 = 1 << 16;

/// The longest encoded identity that is a folder's name without a digest (extension 0003), in characters.
const LONGEST: usize = 100;

/// A layout whose rule is known here.
#[derive(Debug, PartialEq, Eq)]
pub enum Layout {
    /// 0002: the identity itself.
    Flat,
    /// 0003: digits of a digest, then the encoded identity.
    HashAndId(Tuples),
    /// 0004: digits of a digest, then the digest; whether without those digits.
    Hash(Tuples, bool),
    /// 0006: the identity without what stands before a delimiter.
    WithoutPrefix(String),
    /// 0007: the same, below tuples of its letters.
    TuplesWithoutPrefix {
        /// What ends the prefix.
        delimiter: String,
        /// Letters in a tuple, and tuples.
        tuples: (usize, usize),
        /// Whether zeros come before the identity, else behind it.
        left: bool,
        /// Whether it is turned round.
        reverse: bool,
    },
}

/// How a digest becomes folders.
#[derive(Debug, PartialEq, Eq)]
pub struct Tuples {
    algorithm: Algorithm,
    size: usize,
    count: usize,
}

impl Tuples {
    fn read(config: &Map<String, Value>) -> Option<Self> {
        let name = config.get("digestAlgorithm").map_or(Some("sha256"), Value::as_str)?;
        let tuples = Self {
            algorithm: Algorithm::named(name)?,
            size: number(config, "tupleSize", 3)?,
            count: number(config, "numberOfTuples", 3)?,
        };
        let both_or_none = (tuples.size == 0) == (tuples.count == 0);
        let fits = tuples.size * tuples.count <= tuples.algorithm.of(b"").len();
        (both_or_none && fits).then_some(tuples)
    }

    /// Returns the digest and the folders that it leads through, each with `/` behind it.
    fn folders(&self, id: &str) -> (String, String) {
        let digest = self.algorithm.of(id.as_bytes());
        let tuples = (0..self.count).filter_map(|n| digest.get(n * self.size..(n + 1) * self.size));
        let folders = tuples.flat_map(|tuple| [tuple, "/"]).collect();
        (digest, folders)
    }
}

impl Layout {
    /// Returns the folder of object `id`; `None` where the layout gives it none.
    pub fn place(&self, id: &str) -> Option<String> {
        let place = match self {
            Self::Flat => id.to_owned(),
            Self::HashAndId(tuples) => {
                let (digest, folders) = tuples.folders(id);
                let mut name = crate::store::layout::encode(id);
                if name.len() > LONGEST {
                    name.truncate(LONGEST);
                    name = format!("{name}-{digest}");
                }
                folders + &name
            }
            Self::Hash(tuples, short) => {
                let (digest, folders) = tuples.folders(id);
                let from = if *short { tuples.size * tuples.count } else { 0 };
                folders + digest.get(from..)?
            }
            Self::WithoutPrefix(delimiter) => behind(id, delimiter)?.to_owned(),
            Self::TuplesWithoutPrefix { delimiter, tuples: (size, count), left, reverse } => {
                let name = behind(id, delimiter).unwrap_or(id);
                if !name.is_ascii() || name.is_empty() {
                    return None;
                }
                let zeros = "0".repeat((size * count).saturating_sub(name.len()));
                let padded = if *left { zeros + name } else { name.to_owned() + &zeros };
                let padded = if *reverse { padded.chars().rev().collect() } else { padded };
                let tuples = (0..*count).filter_map(|n| padded.get(n * size..(n + 1) * size));
                tuples.flat_map(|tuple| [tuple, "/"]).collect::<String>() + name
            }
        };
        super::inventory::is_sound(&place).then_some(place)
    }
}

/// Returns what stands behind the last `delimiter`, in any case.
fn behind<'a>(id: &'a str, delimiter: &str) -> Option<&'a str> {
    let at = id.to_ascii_lowercase().rfind(&delimiter.to_ascii_lowercase())?;
    id.get(at + delimiter.len()..)
}

/// Checks what a storage root says of its layout; returns it, if it is known here.
pub fn read(folder: &dyn Place, report: &mut Report) -> Option<Layout> {
    let value = match document(folder, FILE) {
        Ok(Ok(value)) => value,
        Ok(Err(what)) => {
            report.add(fault("E070").file(FILE).value(what));
            return None;
        }
        Err(error) => {
            report.add(unreadable(FILE, &error));
            return None;
        }
    };
    for key in ["extension", "description"] {
        match value.get(key) {
            Some(Value::String(_)) => {}
            Some(_) => report.add(fault("E070").file(FILE).value(key).expected("string")),
            None => report.add(fault("E070").file(FILE).expected(key)),
        }
    }
    let name = value.get("extension")?.as_str()?;
    if !is_registered(name) {
        report.add(fault("E071").file(FILE).value(name));
        return None;
    }
    let file = format!("{EXTENSIONS}/{name}/config.json");
    let config = match document(folder, &file) {
        Ok(Ok(config)) => config,
        // All parameters have their defaults.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Map::new(),
        Err(error) => {
            report.add(unreadable(&file, &error));
            return None;
        }
        Ok(Err(_)) => return None,
    };
    known(name, &config)
}

fn known(name: &str, config: &Map<String, Value>) -> Option<Layout> {
    let text =
        |key: &str| config.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let flag = |key: &str| config.get(key).and_then(Value::as_bool).unwrap_or(false);
    match name {
        "0002-flat-direct-storage-layout" => Some(Layout::Flat),
        "0003-hash-and-id-n-tuple-storage-layout" => Some(Layout::HashAndId(Tuples::read(config)?)),
        "0004-hashed-n-tuple-storage-layout" => Some(Layout::Hash(Tuples::read(config)?, flag("shortObjectRoot"))),
        "0006-flat-omit-prefix-storage-layout" => Some(Layout::WithoutPrefix(text("delimiter")?)),
        "0007-n-tuple-omit-prefix-storage-layout" => Some(Layout::TuplesWithoutPrefix {
            delimiter: text("delimiter").unwrap_or_else(|| ":".to_owned()),
            tuples: (number(config, "tupleSize", 3)?, number(config, "numberOfTuples", 3)?),
            left: text("zeroPadding").is_none_or(|side| side == "left"),
            reverse: flag("reverseObjectRoot"),
        }),
        _ => None,
    }
}

fn number(config: &Map<String, Value>, key: &str, default: usize) -> Option<usize> {
    let number = config.get(key).map_or(Some(default as u64), Value::as_u64)?;
    usize::try_from(number).ok().filter(|number| *number <= 32)
}

/// Reads a small JSON document that must be an object; says what it is instead.
fn document(folder: &dyn Place, path: &str) -> std::io::Result<Result<Map<String, Value>, String>> {
    let mut bytes = Vec::new();
    folder.file(path.as_bytes())?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Ok(Err("limit".to_owned()));
    }
    Ok(match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("no object".to_owned()),
        Err(error) => Err(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(name: &str, config: &Value, id: &str) -> Option<String> {
        known(name, config.as_object().unwrap()).and_then(|layout| layout.place(id))
    }

    #[test]
    fn places_are_those_of_the_extensions() {
        let digest = "3c0ff4240c1e116dba14c7627f2319b58aa3d77606d0d90dfc6161608ac987d4";
        let md5 = json!({"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15, "shortObjectRoot": true});
        let none = json!({"tupleSize": 0, "numberOfTuples": 0});
        let turned = json!({"delimiter": ":", "tupleSize": 4, "numberOfTuples": 2, "reverseObjectRoot": true});
        let right = json!({"delimiter": "edu/", "zeroPadding": "right"});
        for (name, config, id, expected) in [
            ("0002-flat-direct-storage-layout", json!({}), "object-01", "object-01"),
            ("0003-hash-and-id-n-tuple-storage-layout", json!({}), "object-01", "3c0/ff4/240/object-01"),
            (
                "0003-hash-and-id-n-tuple-storage-layout",
                json!({"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15}),
                "..hor/rib:le-$id",
                "08/31/97/66/fb/6c/29/35/dd/17/5b/94/26/77/17/%2e%2ehor%2frib%3ale-%24id",
            ),
            ("0003-hash-and-id-n-tuple-storage-layout", none.clone(), "object-01", "object-01"),
            ("0004-hashed-n-tuple-storage-layout", json!({}), "object-01", &format!("3c0/ff4/240/{digest}")),
            ("0004-hashed-n-tuple-storage-layout", md5, "object-01", "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/4e"),
            ("0004-hashed-n-tuple-storage-layout", none, "object-01", digest),
            ("0006-flat-omit-prefix-storage-layout", json!({"delimiter": ":"}), "urn:uuid:6e8b", "6e8b"),
            (
                "0006-flat-omit-prefix-storage-layout",
                json!({"delimiter": "EDU/"}),
                "https://i.edu/abc/edu/f8.05v",
                "f8.05v",
            ),
            ("0007-n-tuple-omit-prefix-storage-layout", turned.clone(), "namespace:12887296", "6927/8821/12887296"),
            ("0007-n-tuple-omit-prefix-storage-layout", turned, "abc123", "321c/ba00/abc123"),
            (
                "0007-n-tuple-omit-prefix-storage-layout",
                right,
                "https://institution.edu/3448793",
                "344/879/300/3448793",
            ),
        ] {
            assert_eq!(place(name, &config, id).as_deref(), Some(expected), "{name} {id}");
        }
        for (name, config, id) in [
            ("0002-flat-direct-storage-layout", json!({}), "../up"),
            ("0004-hashed-n-tuple-storage-layout", json!({"digestAlgorithm": "none"}), "a"),
            ("0004-hashed-n-tuple-storage-layout", json!({"tupleSize": 0}), "a"),
            ("0004-hashed-n-tuple-storage-layout", json!({"tupleSize": 32, "numberOfTuples": 32}), "a"),
            ("0006-flat-omit-prefix-storage-layout", json!({"delimiter": ":"}), "a"),
            ("0005-mutable-head", json!({}), "a"),
        ] {
            assert_eq!(place(name, &config, id), None, "{name} {config}");
        }
    }
}
