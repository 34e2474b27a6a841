//! Writes the inventory of a new object.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::super::StoreError;
use super::{TYPE, is_path};
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::time::Timestamp;

/// The inventory of an object with one version.
pub struct New<'a> {
    id: &'a str,
    created: Timestamp,
    message: &'a str,
    user: Option<(&'a str, &'a str)>,
    /// Sorted by checksum, then by path.
    files: Vec<&'a (String, Checksum)>,
}

impl<'a> New<'a> {
    /// Returns the inventory of object `id` whose first version holds `files`.
    pub fn first(
        id: &'a str,
        files: &'a [(String, Checksum)],
        created: Timestamp,
        message: &'a str,
        user: Option<(&'a str, &'a str)>,
    ) -> Result<Self, StoreError> {
        let unlistable = |path: &str| StoreError::Unlistable { path: path.to_owned() };
        let mut files: Vec<_> = files.iter().collect();
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        if let Some(twice) = files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(unlistable(&twice[0].0));
        }
        let listable = |sum: &Checksum, path: &str| sum.algorithm() == Algorithm::Sha512 && is_path(path);
        if let Some((path, _)) = files.iter().find(|(path, sum)| !listable(sum, path)) {
            return Err(unlistable(path));
        }
        // Stable: paths of one checksum stay sorted.
        files.sort_by(|a, b| a.1.bytes().cmp(b.1.bytes()));
        Ok(Self { id, created, message, user, files })
    }

    /// Writes the inventory as indented JSON with a line end.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document<'a> {
            id: &'a str,
            r#type: &'a str,
            digest_algorithm: &'a str,
            head: &'a str,
            manifest: Digests<'a>,
            versions: Versions<'a>,
        }
        #[derive(Serialize)]
        struct Versions<'a> {
            v1: Version<'a>,
        }
        #[derive(Serialize)]
        struct Version<'a> {
            created: Timestamp,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            user: Option<User<'a>>,
            state: Digests<'a>,
        }
        #[derive(Serialize)]
        struct User<'a> {
            name: &'a str,
            address: &'a str,
        }
        let document = Document {
            id: self.id,
            r#type: TYPE,
            digest_algorithm: "sha512",
            head: "v1",
            manifest: Digests { files: &self.files, before: "v1/content/" },
            versions: Versions {
                v1: Version {
                    created: self.created,
                    message: self.message,
                    user: self.user.map(|(name, address)| User { name, address }),
                    state: Digests { files: &self.files, before: "" },
                },
            },
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }
}

/// Maps each checksum to the paths of its files.
struct Digests<'a> {
    files: &'a [&'a (String, Checksum)],
    before: &'a str,
}

impl Serialize for Digests<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let same = self.files.chunk_by(|a, b| a.1 == b.1);
        serializer.collect_map(same.map(|files| {
            let digest = files.first().map(|file| file.1.hex());
            let before = self.before;
            (digest, Paths { files, before })
        }))
    }
}

struct Paths<'a> {
    files: &'a [&'a (String, Checksum)],
    before: &'a str,
}

impl Serialize for Paths<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.files.iter().map(|(path, _)| format!("{}{path}", self.before)))
    }
}
