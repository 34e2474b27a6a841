//! Writes the inventory of a new object, or of one that gets a further version.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::super::StoreError;
use super::{Inventory, TYPE, is_path};
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::time::Timestamp;

/// A file's path and checksum.
type Listed = (String, Checksum);

/// What an object holds whose next version is made.
#[derive(Debug)]
pub struct Former {
    /// All content files, by their paths in the object.
    manifest: Vec<Listed>,
    versions: Vec<Past>,
}

#[derive(Debug)]
struct Past {
    created: Timestamp,
    message: Option<String>,
    user: Option<(String, Option<String>)>,
    /// Sorted by checksum, then by path.
    state: Vec<Listed>,
}

impl Former {
    /// Returns what `inventory` says.
    #[must_use]
    pub fn of(inventory: &Inventory) -> Self {
        let state = |number| {
            let mut files: Vec<Listed> =
                inventory.files_of(number).map(|file| (file.path.to_owned(), file.checksum)).collect();
            files.sort_unstable_by(|a, b| (a.1.bytes(), &a.0).cmp(&(b.1.bytes(), &b.0)));
            files
        };
        let versions = (1..).zip(inventory.versions()).map(|(number, version)| Past {
            created: version.created,
            message: version.message.clone(),
            user: version.user.clone(),
            state: state(number),
        });
        let manifest = inventory.content().map(|(path, sum)| (path.to_owned(), sum)).collect();
        Self { manifest, versions: versions.collect() }
    }
}

/// The inventory of an object with its new version.
pub struct New<'a> {
    id: &'a str,
    /// Sorted by checksum, then by path.
    manifest: Vec<File<'a>>,
    versions: Vec<Version<'a>>,
}

/// A file, its path in two pieces.
struct File<'a> {
    before: Cow<'a, str>,
    file: &'a Listed,
}

impl<'a> File<'a> {
    const fn plain(file: &'a Listed) -> Self {
        Self { before: Cow::Borrowed(""), file }
    }

    fn path(&self) -> String {
        format!("{}{}", self.before, self.file.0)
    }
}

#[derive(Serialize)]
struct Version<'a> {
    created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
    #[serde(serialize_with = "digests")]
    state: Vec<File<'a>>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
}

impl<'a> New<'a> {
    /// Returns the inventory of object `id` whose first version holds `files`.
    pub fn first(
        id: &'a str,
        files: &'a [Listed],
        created: Timestamp,
        message: &'a str,
        user: Option<(&'a str, &'a str)>,
    ) -> Result<Self, StoreError> {
        let files = sorted(files.iter())?;
        let manifest = files.iter().map(|file| File { before: "v1/content/".into(), file }).collect();
        Ok(Self { id, manifest, versions: vec![newest(files, created, message, user)] })
    }

    /// Returns the inventory of object `id` that goes on where `former` ends: its newest version holds the files of the one
    /// before, and `files`.
    pub fn next(
        id: &'a str,
        former: &'a Former,
        files: &'a [Listed],
        created: Timestamp,
        message: &'a str,
        user: Option<(&'a str, &'a str)>,
    ) -> Result<Self, StoreError> {
        let kept = former.versions.last().map(|past| past.state.as_slice()).unwrap_or_default();
        let state = sorted(kept.iter().chain(files))?;
        let mut versions: Vec<Version<'a>> = former.versions.iter().map(Past::written).collect();
        versions.push(newest(state, created, message, user));
        let before = format!("v{}/content/", versions.len());
        let mut manifest: Vec<File<'a>> = former.manifest.iter().map(File::plain).collect();
        manifest.extend(files.iter().map(|file| File { before: before.clone().into(), file }));
        manifest.sort_by_cached_key(|file| (file.file.1.bytes().to_vec(), file.path()));
        Ok(Self { id, manifest, versions })
    }

    /// Writes the inventory as indented JSON with a line end.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document<'a> {
            id: &'a str,
            r#type: &'a str,
            digest_algorithm: &'a str,
            head: String,
            #[serde(serialize_with = "digests")]
            manifest: &'a [File<'a>],
            #[serde(serialize_with = "numbered")]
            versions: &'a [Version<'a>],
        }
        let document = Document {
            id: self.id,
            r#type: TYPE,
            digest_algorithm: "sha512",
            head: format!("v{}", self.versions.len()),
            manifest: &self.manifest,
            versions: &self.versions,
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }
}

impl Past {
    fn written(&self) -> Version<'_> {
        Version {
            created: self.created,
            message: self.message.as_deref(),
            user: self.user.as_ref().map(|(name, address)| User { name, address: address.as_deref() }),
            state: self.state.iter().map(File::plain).collect(),
        }
    }
}

fn newest<'a>(
    files: Vec<&'a Listed>,
    created: Timestamp,
    message: &'a str,
    user: Option<(&'a str, &'a str)>,
) -> Version<'a> {
    let user = user.map(|(name, address)| User { name, address: Some(address) });
    Version { created, message: Some(message), user, state: files.into_iter().map(File::plain).collect() }
}

/// Returns `files` by checksum, then by path; each path must be one that can be listed, and stand there once.
fn sorted<'a>(files: impl Iterator<Item = &'a Listed>) -> Result<Vec<&'a Listed>, StoreError> {
    let unlistable = |path: &str| StoreError::Unlistable { path: path.to_owned() };
    let mut files: Vec<_> = files.collect();
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
    Ok(files)
}

/// Writes the versions under their names.
fn numbered<S: Serializer>(versions: &[Version<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map((1..).zip(versions).map(|(number, version)| (format!("v{number}"), version)))
}

/// Maps each checksum to the paths of its files.
fn digests<'a, S: Serializer>(files: impl AsRef<[File<'a>]>, serializer: S) -> Result<S::Ok, S::Error> {
    let same = files.as_ref().chunk_by(|a, b| a.file.1 == b.file.1);
    serializer.collect_map(same.map(|files| (files.first().map(|file| file.file.1.hex()), Paths(files))))
}

struct Paths<'a>(&'a [File<'a>]);

impl Serialize for Paths<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(File::path))
    }
}
