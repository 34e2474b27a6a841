//! `receipt.json`: what a receipt says, written and read piece by piece, since a delivery may have 100,000 records.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufReader, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::agency::AnswerReport;
use super::super::formats::Format;
use super::super::report::{DeliveryReport, RecordReport, Tally};
use super::counts::Counts;
use crate::journal::Actor;
use crate::model::accession::Accession;
use crate::model::finding::Finding;
use crate::model::record::Exception;
use crate::package::reader::open_regular;
use crate::profile::{Rights, Title};
use crate::source::Origin;

/// The name of the document and its version.
pub const SCHEMA: &str = "earchiv.receipt/1";

/// All that a receipt says beside what became of each record and entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`SCHEMA`].
    pub schema: String,
    /// The archive.
    pub archive: ArchiveName,
    /// The entry in the register; without a number where everything was refused, so that there is none.
    pub accession: Accession,
    /// How the delivery was taken over.
    pub terms: TermsTold,
    /// What the delivery tells of itself.
    pub origin: Origin,
    /// The program.
    pub tool: Tool,
    /// Who took it over, and for whom.
    pub actor: Actor,
    /// What it comes to.
    pub counts: Counts,
    /// Its entries by kind and by what became of them.
    pub entries: BTreeMap<String, Tally>,
    /// The formats of what was taken over, those with most files first.
    pub formats: Vec<Format>,
    /// What was established about the delivery as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Whether the producer may delete what was delivered.
    pub released: bool,
    /// The answers to the agency.
    #[serde(default)]
    pub answers: Vec<AnswerReport>,
    /// The journal's last entry when the receipt was written.
    pub journal_head: String,
    /// How many of the exceptions belong to no record; they come first.
    pub leftovers: u64,
}

/// Which archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveName {
    /// Its identity.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its ISIL.
    pub isil: Option<String>,
}

/// How a delivery was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsTold {
    /// The profile.
    pub profile: ProfileTold,
    /// The agreement, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementTold>,
    /// What restricts the use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<Rights>,
    /// The law by which closure periods are computed, where nothing else restricts the use.
    pub closure_law: String,
    /// The law that says how long the records must be kept, empty where none is named.
    pub retention_basis: String,
}

/// Which profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileTold {
    /// Its name.
    pub name: String,
    /// Which version of it.
    pub version: u32,
    /// What it is called in both languages.
    pub title: Title,
}

/// Which agreement. Empty strings mean that it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementTold {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its number or file reference.
    pub number: String,
    /// The law or decision on which records are handed over.
    #[serde(default)]
    pub legal_basis: String,
    /// The producer's code.
    pub producer_code: String,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Takes one item after the other until it returns `false`.
pub type Each<'a, T> = &'a mut dyn FnMut(&T) -> io::Result<bool>;

/// A receipt as it is shown: the same whether it comes from the run that wrote it or from the store.
pub trait Receipt {
    /// Returns what it says beside records and entries.
    fn head(&self) -> io::Result<Head>;
    /// Hands what became of each record to `each`, in the order of the delivery.
    fn records(&self, each: Each<'_, RecordReport>) -> io::Result<()>;
    /// Hands all entries to `each` that are in no package: first those of no record, then those of each record.
    fn exceptions(&self, each: Each<'_, Exception>) -> io::Result<()>;
}

/// The receipt of a run that goes on.
pub struct Live<'a> {
    /// What it says beside records and entries.
    pub head: Head,
    /// What became of each record and entry.
    pub report: &'a DeliveryReport,
}

impl Receipt for Live<'_> {
    fn head(&self) -> io::Result<Head> {
        Ok(self.head.clone())
    }

    fn records(&self, each: Each<'_, RecordReport>) -> io::Result<()> {
        for record in &self.report.records {
            if !each(record)? {
                break;
            }
        }
        Ok(())
    }

    fn exceptions(&self, each: Each<'_, Exception>) -> io::Result<()> {
        for exception in self.report.exceptions() {
            if !each(exception)? {
                break;
            }
        }
        Ok(())
    }
}

impl Live<'_> {
    /// Writes `receipt.json`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &Document { head: &self.head, records: self, exceptions: self })?;
        out.write_all(b"\n")
    }
}

/// The document; what is long comes last.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: &'a Head,
    #[serde(serialize_with = "records")]
    records: &'a Live<'a>,
    #[serde(serialize_with = "exceptions")]
    exceptions: &'a Live<'a>,
}

fn records<S: Serializer>(live: &Live<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(&live.report.records)
}

fn exceptions<S: Serializer>(live: &Live<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(live.report.exceptions())
}

/// A receipt in the store.
#[derive(Debug)]
pub struct Stored {
    path: PathBuf,
}

impl Stored {
    /// Returns the receipt in the file `path`.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Returns where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn pass(&self, wanted: Wanted<'_>) -> io::Result<()> {
        let file = BufReader::with_capacity(1 << 16, open_regular(&self.path)?);
        let mut stopped = None;
        let pass = Pass { wanted, stopped: &mut stopped };
        let read = pass.deserialize(&mut serde_json::Deserializer::from_reader(file));
        match stopped {
            Some(result) => result,
            None => read.map_err(io::Error::from),
        }
    }
}

impl Receipt for Stored {
    fn head(&self) -> io::Result<Head> {
        let mut fields = Map::new();
        self.pass(Wanted::Head(&mut fields))?;
        Ok(serde_json::from_value(Value::Object(fields))?)
    }

    fn records(&self, each: Each<'_, RecordReport>) -> io::Result<()> {
        self.pass(Wanted::Records(each))
    }

    fn exceptions(&self, each: Each<'_, Exception>) -> io::Result<()> {
        self.pass(Wanted::Exceptions(each))
    }
}

/// What is wanted of the document.
enum Wanted<'a> {
    Head(&'a mut Map<String, Value>),
    Records(Each<'a, RecordReport>),
    Exceptions(Each<'a, Exception>),
}

/// Goes through the document once and takes what is wanted; the rest is read over.
struct Pass<'a, 's> {
    wanted: Wanted<'a>,
    stopped: &'s mut Option<io::Result<()>>,
}

impl<'de> DeserializeSeed<'de> for Pass<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Pass<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a receipt")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let stopped = &mut *self.stopped;
            match (key.as_str(), &mut self.wanted) {
                ("records", Wanted::Records(each)) => {
                    map.next_value_seed(Items { each, stopped, item: PhantomData })?;
                }
                ("exceptions", Wanted::Exceptions(each)) => {
                    map.next_value_seed(Items { each, stopped, item: PhantomData })?;
                }
                (name, Wanted::Head(fields)) if name != "records" && name != "exceptions" => {
                    let value = map.next_value()?;
                    fields.insert(key, value);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A list of which each item is handed on as it is read.
struct Items<'a, 'b, T> {
    each: &'a mut Each<'b, T>,
    stopped: &'a mut Option<io::Result<()>>,
    item: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Items<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Items<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(item) = list.next_element::<T>()? {
            let result = (self.each)(&item);
            if !matches!(result, Ok(true)) {
                *self.stopped = Some(result.map(|_| ()));
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn stored(text: &str) -> (tempfile::TempDir, Stored) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("receipt.json");
        std::fs::write(&path, text).unwrap();
        (folder, Stored::at(&path))
    }

    fn paths(stored: &Stored, most: usize) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        stored.exceptions(&mut |exception| {
            paths.push(exception.path.clone());
            Ok(paths.len() < most)
        })?;
        Ok(paths)
    }

    #[test]
    fn lists_are_read_one_by_one_wherever_they_stand() {
        let one = r#"{"path": "a", "kind": "link", "reason": "link", "target": "x"}"#;
        let two = r#"{"path": "b", "kind": "file", "reason": "changed"}"#;
        for text in [
            format!(r#"{{"exceptions": [{one}, {two}], "records": [], "schema": "x"}}"#),
            format!(r#"{{"schema": "x", "more": {{"exceptions": [1]}}, "records": [], "exceptions": [{one}, {two}]}}"#),
        ] {
            let (_folder, stored) = stored(&text);
            assert_eq!(paths(&stored, 9).unwrap(), ["a", "b"]);
            assert_eq!(paths(&stored, 1).unwrap(), ["a"]);
        }
    }

    #[test]
    fn what_is_no_receipt_is_an_error_and_what_the_caller_says_comes_back() {
        for text in ["", "[]", "{\"exceptions\": 1}", "{\"exceptions\": [{}]}", "{\"exceptions\": ["] {
            let (_folder, stored) = stored(text);
            assert!(paths(&stored, 9).is_err(), "{text}");
        }
        let (_folder, stored) = stored(r#"{"exceptions": [{"path": "a", "kind": "file", "reason": "changed"}]}"#);
        let full = stored.exceptions(&mut |_| Err(io::ErrorKind::StorageFull.into()));
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(stored.head().is_err());
    }
}
