//! Reads the blocks of an inventory that map digests to paths, without keeping more than they say.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Manifest, is_path, logical};
use crate::model::checksum::{Algorithm, Checksum};

/// Takes what a block of digests and paths says.
pub trait Take {
    /// Takes the next digest.
    fn digest<E: Error>(&mut self, digest: &Checksum) -> Result<(), E>;
    /// Takes the next path of the last digest.
    fn path<E: Error>(&mut self, path: &str) -> Result<(), E>;
}

/// A manifest while it is read.
#[derive(Default)]
pub struct ManifestDraft {
    manifest: Manifest,
    algorithm: Option<Algorithm>,
}

impl ManifestDraft {
    /// Returns the manifest and the algorithm of its digests, if there are any.
    pub fn finish<E: Error>(self) -> Result<(Option<Algorithm>, Manifest), E> {
        let mut manifest = self.manifest;
        let length = self.algorithm.map_or(0, Algorithm::length);
        let count = u32::try_from(manifest.first.len()).map_err(E::custom)?;
        u32::try_from(manifest.paths.len()).map_err(E::custom)?;
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_by(|&a, &b| manifest.sum(length, a).cmp(manifest.sum(length, b)));
        if order.windows(2).any(|pair| manifest.sum(length, pair[0]) == manifest.sum(length, pair[1])) {
            return Err(E::custom("digest stands there twice"));
        }
        manifest.order = order;
        Ok((self.algorithm, manifest))
    }
}

impl Take for ManifestDraft {
    fn digest<E: Error>(&mut self, digest: &Checksum) -> Result<(), E> {
        if *self.algorithm.get_or_insert(digest.algorithm()) != digest.algorithm() {
            return Err(E::custom("digests of several algorithms"));
        }
        let first = u32::try_from(self.manifest.paths.len()).map_err(E::custom)?;
        self.manifest.sums.extend_from_slice(digest.bytes());
        self.manifest.first.push(first);
        Ok(())
    }

    fn path<E: Error>(&mut self, path: &str) -> Result<(), E> {
        self.manifest.paths.push(path);
        Ok(())
    }
}

/// A version's state while it is read.
pub struct StateDraft<'a> {
    manifest: &'a Manifest,
    state: Vec<u32>,
    renamed: BTreeMap<u32, Box<str>>,
    /// The content files of the digest that is being read.
    files: std::ops::Range<u32>,
    /// The one of them that comes next.
    next: u32,
}

impl<'a> StateDraft<'a> {
    /// Returns the state without files of an object with `manifest`.
    pub const fn new(manifest: &'a Manifest) -> Self {
        Self { manifest, state: Vec::new(), renamed: BTreeMap::new(), files: 0..0, next: 0 }
    }

    /// Returns the content file of each logical file, and the logical paths that are not that file's.
    pub fn finish(self) -> (Vec<u32>, BTreeMap<u32, Box<str>>) {
        (self.state, self.renamed)
    }
}

impl Take for StateDraft<'_> {
    fn digest<E: Error>(&mut self, digest: &Checksum) -> Result<(), E> {
        let number = self.manifest.find(digest).ok_or_else(|| E::custom("digest is not in the manifest"))?;
        self.files = self.manifest.files(number);
        self.next = self.files.start;
        Ok(())
    }

    fn path<E: Error>(&mut self, path: &str) -> Result<(), E> {
        // Both lists are in the same order in what is written here. A search would take forever with 10^6 empty files.
        let next = self.next;
        self.next = self.next.saturating_add(1);
        if self.files.contains(&next) && logical(self.manifest.paths.get(next as usize)) == path {
            self.state.push(next);
        } else {
            let at = u32::try_from(self.state.len()).map_err(E::custom)?;
            self.state.push(self.files.start);
            self.renamed.insert(at, path.into());
        }
        Ok(())
    }
}

/// A map from digests to lists of paths.
pub struct Digests<'a, T>(pub &'a mut T);

impl<'de, T: Take> DeserializeSeed<'de> for Digests<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, T: Take> Visitor<'de> for Digests<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("digests and their paths")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(Digest(self.0))?.is_some() {
            map.next_value_seed(Paths(self.0))?;
        }
        Ok(())
    }
}

struct Digest<'a, T>(&'a mut T);

impl<'de, T: Take> DeserializeSeed<'de> for Digest<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_str(self)
    }
}

impl<T: Take> Visitor<'_> for Digest<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a digest")
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<(), E> {
        let sum = Checksum::from_hex(Algorithm::Sha512, digits)
            .or_else(|| Checksum::from_hex(Algorithm::Sha256, digits))
            .ok_or_else(|| E::custom("not a digest"))?;
        self.0.digest(&sum)
    }
}

struct Paths<'a, T>(&'a mut T);

impl<'de, T: Take> DeserializeSeed<'de> for Paths<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, T: Take> Visitor<'de> for Paths<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("paths")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut any = false;
        while seq.next_element_seed(OnePath(self.0))?.is_some() {
            any = true;
        }
        any.then_some(()).ok_or_else(|| A::Error::custom("digest without path"))
    }
}

struct OnePath<'a, T>(&'a mut T);

impl<'de, T: Take> DeserializeSeed<'de> for OnePath<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_str(self)
    }
}

impl<T: Take> Visitor<'_> for OnePath<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<(), E> {
        if !is_path(path) {
            return Err(E::custom("path leaves the object"));
        }
        self.0.path(path)
    }
}
