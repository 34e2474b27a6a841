//! Packages as another program would read them: the `zip` crate or the file system, and METS through plain XML events.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::sandbox::sha256;

/// The files of a package by their path in its folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Reads a package: a ZIP file or a folder.
pub fn read(path: &Path) -> Files {
    if path.is_dir() { read_folder(path) } else { read_zip(path) }
}

fn read_zip(path: &Path) -> Files {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let top = path.file_stem().unwrap().to_str().unwrap();
    let mut files = Files::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let inside = name.strip_prefix(top).and_then(|rest| rest.strip_prefix('/')).unwrap();
        if !name.ends_with('/') {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            assert!(files.insert(inside.to_owned(), bytes).is_none(), "{name} is there twice");
        }
    }
    files
}

fn read_folder(path: &Path) -> Files {
    let mut files = Files::new();
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let inside = entry.path().strip_prefix(path).unwrap().to_str().unwrap();
            files.insert(inside.to_owned(), fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// What a METS document says about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Path in the package.
    pub path: String,
    pub size: u64,
    pub sha256: String,
    /// `CREATED`.
    pub created: String,
}

/// What a METS document says.
#[derive(Debug, Default)]
pub struct Mets {
    pub object: String,
    pub package_type: String,
    pub references: Vec<Reference>,
    /// `LABEL` of every division that holds nothing.
    pub divisions: Vec<String>,
}

/// Reads the METS document at `path` of the package.
pub fn mets(files: &Files, path: &str) -> Mets {
    let text = std::str::from_utf8(&files[path]).unwrap();
    let base = path.strip_suffix("METS.xml").unwrap();
    let mut reader = Reader::from_str(text);
    let mut mets = Mets::default();
    let mut outer: Option<(u64, String, String)> = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "mets" => mets.object = attribute(&element, "OBJID").unwrap(),
                "metsHdr" => mets.package_type = attribute(&element, "csip:OAISPACKAGETYPE").unwrap_or_default(),
                "file" => outer = Some(facts(&element)),
                "div" => mets.divisions.extend(attribute(&element, "LABEL")),
                "FLocat" | "mdRef" => {
                    let own = (element.local_name().as_ref() == "mdRef").then(|| facts(&element));
                    let (size, sha256, created) = own.or_else(|| outer.take()).unwrap();
                    let href = attribute(&element, "xlink:href").unwrap();
                    let path = format!("{base}{}", percent_decoded(&href));
                    mets.references.push(Reference { path, size, sha256, created });
                }
                _ => {}
            },
            _ => {}
        }
    }
    mets
}

fn facts(element: &BytesStart<'_>) -> (u64, String, String) {
    assert_eq!(attribute(element, "CHECKSUMTYPE").as_deref(), Some("SHA-256"));
    let size = attribute(element, "SIZE").unwrap().parse().unwrap();
    (size, attribute(element, "CHECKSUM").unwrap().to_lowercase(), attribute(element, "CREATED").unwrap_or_default())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).unwrap()?;
    Some(quick_xml::escape::unescape(&found.value).unwrap().into_owned())
}

/// Undoes percent-encoding of a URL.
pub fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        if let (b'%', Some(byte)) = (first, pair) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// All references of a package, after comparing each with the file: every file but the root METS is referenced exactly
/// once or, for the METS of a representation, by the root METS; sizes and checksums are right.
pub fn references(files: &Files) -> BTreeMap<String, Reference> {
    let mut found: BTreeMap<String, Reference> = BTreeMap::new();
    let documents: Vec<&String> = files
        .keys()
        .filter(|path| {
            *path == "METS.xml"
                || path
                    .strip_prefix("representations/")
                    .and_then(|rest| rest.split_once('/'))
                    .is_some_and(|(_, inside)| inside == "METS.xml")
        })
        .collect();
    for document in documents {
        for reference in mets(files, document).references {
            let bytes = files.get(&reference.path).unwrap_or_else(|| panic!("{} is missing", reference.path));
            assert_eq!(reference.size, bytes.len() as u64, "{}", reference.path);
            assert_eq!(reference.sha256, sha256(bytes), "{}", reference.path);
            let path = reference.path.clone();
            assert!(found.insert(path.clone(), reference).is_none(), "{path} is referenced twice");
        }
    }
    let unreferenced: Vec<_> = files.keys().filter(|path| *path != "METS.xml" && !found.contains_key(*path)).collect();
    assert!(unreferenced.is_empty(), "{unreferenced:?}");
    found
}

/// The payload by original path: undoes the portable names of the package.
pub fn payload(files: &Files) -> BTreeMap<Vec<u8>, String> {
    let mut payload = BTreeMap::new();
    for (path, reference) in references(files) {
        let Some(inside) = path.strip_prefix("representations/rep1/data/") else { continue };
        let original = earchiv::model::path::original(inside);
        assert!(payload.insert(original, reference.sha256).is_none(), "{path} is there twice");
    }
    payload
}
