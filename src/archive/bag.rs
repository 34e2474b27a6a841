//! Records as bags: what `pack` writes instead of an E-ARK SIP, and whether one that is there says the same.

use std::collections::HashMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use super::ArchiveError;
use super::delivery::{Delivery, Input, Item};
use super::pack::{Made, Maker};
use crate::model::checksum::{Algorithm, Sha256Sum};
use crate::model::content::ReadFault;
use crate::model::finding::Severity;
use crate::model::package::{PackageId, PackageKind};
use crate::model::path;
use crate::model::record::{FileFacts, Record, SourceFile};
use crate::model::time::Timestamp;
use crate::package::bagit::Version;
use crate::package::bagit::write::{self, USUAL};
use crate::package::container::{Container, Packed, WriteError};
use crate::package::eark::compose::content_digest;
use crate::package::eark::digest::{ContentDigest, is_content};
use crate::package::eark::{DESCRIPTION, OTHER_METADATA, VERSION, description};
use crate::package::payload::{Digests, digest};
use crate::source::bagit::Bag;
use crate::source::{FolderRules, Source as _};
use crate::task::Watch;

/// The folder of the payload.
const DATA: &str = "data/";

/// Where the bag profile of the E-ARK AIP specification lies, as that writes it for its own version (AIP30).
const EARK_PROFILE: &str = "https://github.com/DILCISBoard/E-ARK-AIP/blob/v2.2.0/profiles/bagit/e-ark-bag-profile.json";

/// What that profile demands besides (`Manifests-Required`), and SHA-512, which proves more.
const EARK_ALGORITHMS: &[Algorithm] = &[Algorithm::Md5, Algorithm::Sha1, Algorithm::Sha512];

/// How bags are to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bagging {
    /// Whether the bag is around an E-ARK package and as the bag profile of the E-ARK AIP specification says.
    pub eark_profile: bool,
    /// Elements of `bag-info.txt` that the call tells: label and value.
    pub elements: Vec<(String, String)>,
}

impl Bagging {
    /// Writes the bag of `input` into `container`.
    pub(super) fn make(
        &self,
        container: &mut Container,
        maker: &Maker<'_>,
        delivery: &Delivery,
        item: &Item,
        input: &Input<'_>,
        watch: Watch<'_>,
    ) -> Result<Made, ArchiveError> {
        container.note(if self.eark_profile { EARK_ALGORITHMS } else { USUAL });
        let mut made = match input {
            Input::Record(record) if !self.eark_profile => plain(container, maker, delivery, record, watch)?,
            _ => around(container, maker, delivery, item.id, input, watch)?,
        };
        let order = write::Order {
            version: if self.eark_profile { Version::V0_97 } else { Version::V1_0 },
            elements: self.information(maker, delivery, item.id, input),
            created: maker.terms.created,
        };
        made.others.extend(write::complete(container, &order)?);
        Ok(made)
    }

    /// Returns what the bag tells of itself: what the call says, then what is known.
    fn information(
        &self,
        maker: &Maker<'_>,
        delivery: &Delivery,
        id: PackageId,
        input: &Input<'_>,
    ) -> Vec<(String, String)> {
        let (description, key) = match input {
            Input::Record(record) => (&record.description, record.key.as_str()),
            Input::Submission(submission) => (&submission.description, ""),
        };
        let urn = format!("urn:uuid:{id}");
        let mut identifiers = description.identifiers.clone();
        identifiers.extend((!description.signature.is_empty()).then(|| description.signature.clone()));
        if self.eark_profile || identifiers.is_empty() {
            identifiers = vec![urn.clone()];
        }
        let mut about = description.title.clone();
        if !description.summary.is_empty() {
            about = format!("{about}: {}", description.summary);
        }
        let one = |label: &str, value: String| vec![(label.to_owned(), value)];
        // That nobody is named is said only where something must be.
        let is_named = self.eark_profile || maker.terms.names_producer() || delivery.producer != maker.terms.producer();
        let producer = if is_named { delivery.producer.clone() } else { String::new() };
        let mut known = vec![
            one("Source-Organization", producer),
            identifiers.into_iter().map(|value| ("External-Identifier".to_owned(), value)).collect(),
            one("External-Description", about),
            one("Bagging-Date", maker.terms.created.date()),
            one("Bag-Group-Identifier", delivery.name.clone()),
            one("Internal-Sender-Identifier", urn),
            one("Internal-Sender-Description", key.to_owned()),
            one("Bag-Software-Agent", format!("eArchiv {VERSION}")),
        ];
        if self.eark_profile {
            known.push(one("BagIt-Profile-Identifier", EARK_PROFILE.to_owned()));
            known.push(one("E-ARK-Package-Type", PackageKind::Sip.name().to_owned()));
            known.push(one("E-ARK-Specification-Version", "2.2.0".to_owned()));
        }
        let mut all = self.elements.clone();
        // What the call tells stands in the place of what is known under the same label.
        let told = |group: &[(String, String)]| {
            group.first().is_some_and(|(label, _)| self.elements.iter().any(|(own, _)| own.eq_ignore_ascii_case(label)))
        };
        all.extend(known.into_iter().filter(|group| !told(group)).flatten());
        all.retain(|(_, value)| !value.trim().is_empty());
        all
    }
}

/// Writes the files of a record as payload, called as they are where they come from, and what is said of it as tag files.
fn plain(
    container: &mut Container,
    maker: &Maker<'_>,
    delivery: &Delivery,
    record: &Record,
    watch: Watch<'_>,
) -> Result<Made, ArchiveError> {
    let created = maker.terms.created;
    let times = |time: Timestamp| time.min(created);
    let (files, folders, order) = named(record);
    // Present even where nothing lies in it (2.1.2).
    container.folder(DATA.trim_end_matches('/'), created)?;
    let sums = container.payload(DATA, &files, Digests::Short, times, delivery.content(), watch)?.sha256;
    for folder in folders {
        container.folder(&format!("{DATA}{folder}"), created)?;
    }
    let mut others = Vec::new();
    let mut came = Vec::new();
    if !record.metadata.is_empty() {
        let (to, content) = (OTHER_METADATA, delivery.content());
        came = container.payload(to, &record.metadata, Digests::Short, times, content, watch)?.sha256;
    }
    for (file, sum) in record.metadata.iter().zip(&came) {
        let path = format!("{OTHER_METADATA}{}", file.path);
        others.push(Packed { path, size: file.size, modified: times(file.modified), sum: *sum });
    }
    others.push(container.file(DESCRIPTION, created, |out| description::write(out, &record.description))?);
    if let Some(path) = delivery.appeared(record, watch).map_err(WriteError::Cancelled)? {
        return Err(WriteError::Source { path: path.into(), fault: ReadFault::Changed }.into());
    }
    // The digest tells the record, not how its files are called here.
    let mut told = vec![Sha256Sum::default(); sums.len()];
    for (sum, at) in sums.iter().zip(order) {
        told[at] = *sum;
    }
    let content = content_digest(record, &came, &told);
    Ok(Made { base: DATA.to_owned(), kept: files, sums, others, content })
}

/// Writes the E-ARK package of `input` as payload.
fn around(
    container: &mut Container,
    maker: &Maker<'_>,
    delivery: &Delivery,
    id: PackageId,
    input: &Input<'_>,
    watch: Watch<'_>,
) -> Result<Made, ArchiveError> {
    let inner = format!("{DATA}{id}/");
    container.enter(&inner);
    let made = maker.make(container, delivery, id, PackageKind::Sip, input, None, watch)?;
    container.enter("");
    let others = made.others.into_iter().map(|one| Packed { path: format!("{inner}{}", one.path), ..one }).collect();
    Ok(Made { base: format!("{inner}{}", made.base), others, ..made })
}

/// Returns the files of a record by the names that they have where they come from, sorted; its empty folders alike; and for
/// each file its number in the record.
///
/// Names that are no text, or would fall together with others on some systems, stay as packages have them.
fn named(record: &Record) -> (Vec<SourceFile>, Vec<String>, Vec<usize>) {
    let mut names = Names::default();
    let paths = || record.files.iter().map(|file| &*file.path).chain(record.empty_folders.iter().map(String::as_str));
    // What is called alike in both keeps its name whatever comes.
    paths().filter(|path| plain_name(path).as_deref() == Some(path)).for_each(|path| names.take(path));
    let mut chosen: Vec<String> = Vec::new();
    for path in paths() {
        let name =
            plain_name(path).filter(|name| name == path || names.is_free(name)).unwrap_or_else(|| path.to_owned());
        names.take(&name);
        chosen.push(name);
    }
    let folders = chosen.split_off(record.files.len());
    let mut files: Vec<(SourceFile, usize)> = Vec::new();
    for (at, (file, name)) in record.files.iter().zip(chosen).enumerate() {
        let facts = file.facts.as_deref().cloned().unwrap_or_default();
        let place = facts.place.clone().or_else(|| Some((0, path::original(&file.path).into())));
        let facts = Some(Box::new(FileFacts { place, ..facts }));
        files.push((SourceFile { path: name.into(), facts, ..file.clone() }, at));
    }
    files.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    let (files, order) = files.into_iter().unzip();
    (files, folders, order)
}

/// Returns what a file was called where it comes from, if that is text that a list can hold.
fn plain_name(path: &str) -> Option<String> {
    let name = String::from_utf8(path::original_below(path)).ok()?;
    // No container can hold a name with a backslash, and no list one that is longer than a line.
    let fits = path::inside(&name).is_ok() && name.split('/').all(|part| part.len() <= 255);
    (fits && !name.contains(char::is_control)).then_some(name)
}

/// Names that were given out, each with the folders above it, as systems see them that tell Unicode forms apart by nothing.
///
/// Names that differ in case stay (the RFC discourages them, 6.1.1.3): the source had them, and encoded they would be names
/// with a percent sign, which not every program reads in manifests.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    fn take(&mut self, path: &str) {
        for part in parts(path) {
            self.0.entry(folded(part)).or_insert_with(|| part.to_owned());
        }
    }

    /// Returns whether nothing else is called like `path` or a folder above it.
    fn is_free(&self, path: &str) -> bool {
        let mut all = parts(path).peekable();
        while let Some(part) = all.next() {
            match self.0.get(&folded(part)) {
                Some(other) if other != part || all.peek().is_none() => return false,
                _ => {}
            }
        }
        true
    }
}

/// Returns the folders above `path`, the outermost first, and `path` itself.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).chain([path])
}

fn folded(name: &str) -> String {
    name.nfc().collect()
}

/// Returns the content digest of the bag at `path`, which was made of package `id`; empty where it is not whole any more, or
/// none of these. Of a bag that has the files of `delivered` it is told by the names that these have there.
pub(super) fn content(
    path: &Path,
    id: PackageId,
    delivered: Option<&Record>,
    watch: Watch<'_>,
) -> Result<String, ArchiveError> {
    let Ok(bag) = Bag::open(path, &FolderRules::default(), watch.cancel) else { return Ok(String::new()) };
    let record = bag.read(0, watch.cancel).map_err(WriteError::Cancelled)?;
    let mut all = bag.findings().iter().chain(&record.findings);
    if all.any(|finding| finding.severity == Severity::Error) || !record.exceptions.is_empty() {
        return Ok(String::new());
    }
    let described = |file: Option<&SourceFile>| {
        let mut bytes = Vec::new();
        let mut source = bag.content().open(file?).ok()?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match source.read(&mut buffer).ok()? {
                0 => break,
                count => bytes.extend_from_slice(buffer.get(..count)?),
            }
        }
        description::read(bytes.as_slice()).ok().flatten()
    };
    let sums = digest(&record.files, bag.content(), watch)?;
    let tag = |name: &str| format!("bagit/{name}");
    if let Some(description) = described(record.metadata.iter().find(|file| *file.path == *tag(DESCRIPTION))) {
        let other = tag(OTHER_METADATA);
        let strip = |file: &SourceFile| {
            let path = path::original_below(file.path.strip_prefix(&*other)?);
            Some((SourceFile { path: String::from_utf8(path).ok()?.into(), ..file.clone() }, file.clone()))
        };
        let (metadata, there): (Vec<_>, Vec<_>) = record.metadata.iter().filter_map(strip).unzip();
        let came = digest(&there, bag.content(), watch)?;
        let there = Record { description, metadata, ..record };
        return Ok(match delivered.and_then(|delivered| alike(&there, &sums, delivered)) {
            Some((record, sums)) => content_digest(&record, &came, &sums),
            None => content_digest(&there, &came, &sums),
        });
    }
    let inner = format!("{id}/");
    let inside = |path: &str| {
        let path = String::from_utf8(path::original_below(path)).ok()?;
        path.strip_prefix(&inner).map(str::to_owned).filter(|path| is_content(path))
    };
    let description = format!("{inner}{DESCRIPTION}");
    let Some(description) = described(record.files.iter().find(|file| *file.path == *description)) else {
        return Ok(String::new());
    };
    let mut files: Vec<(String, Sha256Sum)> =
        record.files.iter().zip(&sums).filter_map(|(file, sum)| Some((inside(&file.path)?, *sum))).collect();
    files.sort();
    let mut content = ContentDigest::new(&description);
    for (path, sum) in &files {
        content.file("", path, sum);
    }
    let mut folders: Vec<String> = record.empty_folders.iter().filter_map(|folder| inside(folder)).collect();
    folders.sort();
    for folder in &folders {
        content.folder("", folder);
    }
    Ok(content.finish())
}

/// Returns `there` with its files called as in the record `delivered`, and their checksums in the order of that, if it has
/// the same files and empty folders by the names that a bag gives them.
fn alike(there: &Record, sums: &[Sha256Sum], delivered: &Record) -> Option<(Record, Vec<Sha256Sum>)> {
    let found: HashMap<Vec<u8>, &Sha256Sum> =
        there.files.iter().map(|file| path::original(&file.path)).zip(sums).collect();
    let (files, folders, order) = named(delivered);
    let mut told = vec![Sha256Sum::default(); files.len()];
    for (file, at) in files.iter().zip(order) {
        *told.get_mut(at)? = **found.get(file.path.as_bytes())?;
    }
    let empty: Vec<Vec<u8>> = there.empty_folders.iter().map(|folder| path::original(folder)).collect();
    let same = files.len() == there.files.len()
        && folders.len() == empty.len()
        && folders.iter().all(|folder| empty.iter().any(|other| other == folder.as_bytes()));
    let record = Record {
        files: delivered.files.clone(),
        empty_folders: delivered.empty_folders.clone(),
        metadata: there.metadata.clone(),
        description: there.description.clone(),
        ..Record::default()
    };
    same.then_some((record, told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_source_unless_they_fall_together() {
        let files =
            ["%41KTE", "Akte", "a%3Ab", "b%0Ac", "d%FF", "e%2525", "f%5Cg", "o%CC%88rt", "o/%41", "o/a", "\u{f6}rt"];
        let file = |path: &&str| SourceFile { path: (*path).into(), ..SourceFile::default() };
        let record = Record {
            files: files.iter().map(file).collect(),
            empty_folders: vec!["leer%3F".to_owned()],
            ..Record::default()
        };
        let (found, folders, order) = named(&record);
        let names: Vec<&str> = found.iter().map(|file| &*file.path).collect();
        // Two Unicode forms of one name are one on some systems; line ends and bytes that are no text stand in no list.
        assert_eq!(
            names,
            ["AKTE", "Akte", "a:b", "b%0Ac", "d%FF", "e%25", "f%5Cg", "o%CC%88rt", "o/A", "o/a", "\u{f6}rt"]
        );
        assert_eq!(folders, ["leer?"]);
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        let places: Vec<_> =
            found.iter().map(|file| file.facts.as_ref().unwrap().place.as_ref().unwrap().1.to_vec()).collect();
        assert_eq!(places[2], b"a:b");
        assert_eq!(places[0], b"AKTE");
    }
}
