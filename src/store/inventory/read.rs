//! Reads an inventory as a stream, strictly.
//!
//! Refused are: other keys than OCFL 1.1 defines, keys twice, other digests than `digestAlgorithm` says, paths that leave
//! the object, versions that are not `v1`, `v2` ... up to `head`, a state with a digest that the manifest lacks, a digest in
//! the manifest that no version uses, a path that stands there twice or is the folder of another. `versions` must come after `manifest`, as all known programs write it.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufReader, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::digests::{Digests, ManifestDraft, StateDraft};
use super::{Inventory, Manifest, TYPE, Version, is_path};
use crate::model::checksum::{Algorithm, Hasher};
use crate::model::time::Timestamp;

/// The largest inventory that is read, in bytes.
const LARGEST: u64 = 1 << 30;

/// Reads an inventory to its end; returns it, or why it is none, and the SHA-512 of all bytes in hexadecimal digits.
pub fn read(input: impl Read) -> io::Result<(serde_json::Result<Inventory>, String)> {
    let mut input = BufReader::with_capacity(
        1 << 16,
        Hashing { input: input.take(LARGEST), hasher: Hasher::new(Algorithm::Sha512) },
    );
    let mut json = serde_json::Deserializer::from_reader(&mut input);
    let inventory = Root.deserialize(&mut json).and_then(|inventory| json.end().map(|()| inventory));
    drop(json);
    let inventory = match inventory {
        Err(e) if e.is_io() => return Err(e.into()),
        inventory => inventory,
    };
    io::copy(&mut input, &mut io::sink())?;
    Ok((inventory, input.into_inner().hasher.finish().hex()))
}

struct Hashing<R> {
    input: R,
    hasher: Hasher,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.hasher.update(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}

/// The whole document.
struct Root;

impl<'de> DeserializeSeed<'de> for Root {
    type Value = Inventory;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Inventory, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Root {
    type Value = Inventory;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an inventory")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Inventory, A::Error> {
        let (mut id, mut kind, mut algorithm, mut head, mut folder) = (None, None, None, None, None);
        let (mut manifest, mut versions, mut fixity) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "id" => once(&mut id, map.next_value::<String>()?)?,
                "type" => once(&mut kind, map.next_value::<String>()?)?,
                "digestAlgorithm" => once(&mut algorithm, map.next_value::<String>()?)?,
                "head" => once(&mut head, map.next_value::<String>()?)?,
                "contentDirectory" => once(&mut folder, map.next_value::<String>()?)?,
                "fixity" => once(&mut fixity, map.next_value::<IgnoredAny>()?)?,
                "manifest" => {
                    let mut read = ManifestDraft::default();
                    map.next_value_seed(Digests(&mut read))?;
                    once(&mut manifest, read.finish()?)?;
                }
                "versions" => {
                    let manifest = manifest.as_ref().ok_or_else(|| A::Error::custom("versions before manifest"))?;
                    once(&mut versions, map.next_value_seed(Versions(manifest))?)?;
                }
                _ => return Err(A::Error::custom("unknown key")),
            }
        }
        let missing = A::Error::missing_field;
        let id = id.filter(|id| !id.is_empty()).ok_or_else(|| missing("id"))?;
        if kind.ok_or_else(|| missing("type"))? != TYPE {
            return Err(A::Error::custom("type is not that of OCFL 1.1"));
        }
        let algorithm = match algorithm.as_deref() {
            Some("sha512") => Algorithm::Sha512,
            Some("sha256") => Algorithm::Sha256,
            _ => return Err(A::Error::custom("digestAlgorithm is not sha512 or sha256")),
        };
        let content_folder = folder.unwrap_or_else(|| "content".to_owned());
        if content_folder.contains('/') || !is_path(&content_folder) {
            return Err(A::Error::custom("contentDirectory is not a name"));
        }
        let (known, manifest) = manifest.ok_or_else(|| missing("manifest"))?;
        if known.is_some_and(|known| known != algorithm) {
            return Err(A::Error::custom("digest is not one of digestAlgorithm"));
        }
        let versions = versions.ok_or_else(|| missing("versions"))?;
        if head.ok_or_else(|| missing("head"))? != format!("v{}", versions.len()) {
            return Err(A::Error::custom("head is not the last version"));
        }
        let inventory = Inventory { id, content_folder, algorithm, manifest, versions };
        places::<A::Error>(&inventory)?;
        if (1..=inventory.head()).any(|n| conflicts(inventory.files_of(n).map(|file| file.path)))
            || conflicts(inventory.content_paths())
        {
            return Err(A::Error::custom("paths contradict each other"));
        }
        Ok(inventory)
    }
}

/// Refuses an inventory with content outside its versions' content folders, or that no version uses.
fn places<E: Error>(inventory: &Inventory) -> Result<(), E> {
    for path in inventory.content_paths() {
        let mut parts = path.splitn(3, '/');
        let version = parts.next().and_then(version_number);
        let inside = version.is_some_and(|n| (1..=inventory.head()).contains(&n))
            && parts.next() == Some(inventory.content_folder.as_str())
            && parts.next().is_some();
        if !inside {
            return Err(E::custom("content is not in a version's content folder"));
        }
    }
    let manifest = &inventory.manifest;
    let mut used = vec![false; manifest.first.len()];
    for file in inventory.versions.iter().flat_map(|version| &version.state) {
        let number = manifest.first.partition_point(|first| first <= file);
        if let Some(used) = number.checked_sub(1).and_then(|n| used.get_mut(n)) {
            *used = true;
        }
    }
    if used.contains(&false) {
        return Err(E::custom("digest in the manifest that no version uses"));
    }
    Ok(())
}

/// Returns whether a path stands there twice, or is the folder of another one (E095, E101).
fn conflicts<'a>(paths: impl Iterator<Item = &'a str>) -> bool {
    let mut paths: Vec<&str> = paths.collect();
    // With the separator before all other characters, what is below a folder comes right behind it.
    let rank = |c: u8| if c == b'/' { 0 } else { c };
    paths.sort_unstable_by(|a, b| {
        let mut pairs = a.bytes().zip(b.bytes());
        pairs.find(|(a, b)| a != b).map_or_else(|| a.len().cmp(&b.len()), |(a, b)| rank(a).cmp(&rank(b)))
    });
    paths.windows(2).any(|pair| {
        let rest = pair[1].strip_prefix(pair[0]);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn once<T, E: Error>(place: &mut Option<T>, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom("key stands there twice")),
    }
}

/// Returns the number of version `name`, `v1` and so on; none with leading zeros.
#[must_use]
pub fn version_number(name: &str) -> Option<usize> {
    let number: usize = name.strip_prefix('v')?.parse().ok()?;
    (number > 0 && format!("v{number}") == name).then_some(number)
}

/// A manifest and the algorithm of its digests.
type Known = (Option<Algorithm>, Manifest);

/// All versions.
struct Versions<'a>(&'a Known);

impl<'de> DeserializeSeed<'de> for Versions<'_> {
    type Value = Vec<Version>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Vec<Version>, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Versions<'_> {
    type Value = Vec<Version>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("versions")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Version>, A::Error> {
        let mut versions = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let number = version_number(&key).ok_or_else(|| A::Error::custom("not the name of a version"))?;
            let version = map.next_value_seed(OneVersion(&self.0.1))?;
            if versions.insert(number, version).is_some() {
                return Err(A::Error::custom("version stands there twice"));
            }
        }
        if !versions.keys().copied().eq(1..=versions.len()) {
            return Err(A::Error::custom("versions have gaps"));
        }
        Ok(versions.into_values().collect())
    }
}

struct OneVersion<'a>(&'a Manifest);

impl<'de> DeserializeSeed<'de> for OneVersion<'_> {
    type Value = Version;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Version, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneVersion<'_> {
    type Value = Version;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Version, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct User {
            name: String,
            address: Option<String>,
        }
        let (mut created, mut message, mut user, mut state) = (None, None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "created" => once(&mut created, map.next_value::<Timestamp>()?)?,
                "message" => once(&mut message, map.next_value::<String>()?)?,
                "user" => once(&mut user, map.next_value::<User>()?)?,
                "state" => {
                    let mut read = StateDraft::new(self.0);
                    map.next_value_seed(Digests(&mut read))?;
                    once(&mut state, read.finish())?;
                }
                _ => return Err(A::Error::custom("unknown key")),
            }
        }
        let (state, renamed) = state.ok_or_else(|| A::Error::missing_field("state"))?;
        Ok(Version {
            created: created.ok_or_else(|| A::Error::missing_field("created"))?,
            message,
            user: user.map(|user| (user.name, user.address)),
            state,
            renamed,
        })
    }
}
