//! What holds for every delivery that a source accepts, and for every package that is made of it.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use earchiv::archive::examine::examine;
use earchiv::io::xml::{XmlLimits, XmlReader};
use earchiv::model::finding::Severity;
use earchiv::model::package::{PackageForm, PackageId, PackageKind};
use earchiv::model::path;
use earchiv::model::record::{EntryKind, Exception, Record, SourceFile};
use earchiv::model::time::Timestamp;
use earchiv::model::unit::Unit;
use earchiv::package::container::Container;
use earchiv::package::eark::compose::{self, Order};
use earchiv::package::eark::mets::RecordStatus;
use earchiv::package::eark::{Provenance, REPRESENTATION, description};
use earchiv::package::payload::Digests;
use earchiv::package::reader::PackageReader;
use earchiv::source::Source;
use earchiv::source::tree::Tree;
use earchiv::task::{Cancel, Silent, Watch};

use crate::scratch;

/// How many records of one delivery are looked into.
const RECORDS: usize = 20;

/// Checks what holds for every delivery at `path` that `source` accepts:
///
/// * each record has its own key;
/// * names of files stay inside, each is there once, also on file systems that fold case and Unicode forms;
/// * files have as many bytes as they were listed with;
/// * units name files that are there;
/// * every entry of the delivery is in a record, a document, or told with the reason why not;
/// * the package that is made of a record without errors is sound by its own METS, and says what the record says.
pub fn delivery(source: &dyn Source, path: &Path) {
    let cancel = Cancel::new();
    let keys = source.keys();
    let unique: HashSet<&&str> = keys.iter().collect();
    assert_eq!(unique.len(), keys.len(), "two records with one key");
    let mut told = Told::default();
    told.files(source.documents());
    told.exceptions(source.leftovers());
    let mut all = keys.len() <= RECORDS;
    for index in 0..keys.len().min(RECORDS) {
        let record = source.read(index, &cancel).expect("nobody stopped it");
        record_obeys(&record, source);
        told.files(&record.files);
        told.files(&record.metadata);
        told.exceptions(&record.exceptions);
        let erroneous = record.findings.iter().any(|finding| finding.severity == Severity::Error);
        let refused = erroneous || record.exceptions.iter().any(|exception| exception.reason.refuses_record());
        all &= record.exceptions.len() < 10_000;
        if index == 0 && !refused && !record.files.is_empty() && record.files.len() < 50 {
            package(&record, source);
        }
    }
    if all && source.findings().iter().all(|finding| finding.severity != Severity::Error) {
        let tree = Tree::open(path, &cancel).expect("the delivery was read before");
        for entry in tree.entries().iter().filter(|entry| entry.kind != EntryKind::Folder) {
            assert!(told.knows(&entry.path), "nothing is told of {}", entry.shown());
        }
    }
}

/// What was told of the entries of a delivery.
#[derive(Default)]
struct Told {
    paths: HashSet<Vec<u8>>,
    shown: HashSet<String>,
}

impl Told {
    fn files(&mut self, files: &[SourceFile]) {
        for file in files {
            match file.facts.as_ref().and_then(|facts| facts.place.as_ref()) {
                Some((0, path)) => self.paths.insert(path.to_vec()),
                // A piece of a file: `OFFSET:PATH`, `OFFSET+LENGTH:PATH`.
                Some((_, piece)) => {
                    let at = piece.iter().position(|byte| *byte == b':').map_or(0, |at| at + 1);
                    self.paths.insert(piece[at..].to_vec())
                }
                None => self.paths.insert(path::original(&file.path)),
            };
        }
    }

    fn exceptions(&mut self, exceptions: &[Exception]) {
        self.shown.extend(exceptions.iter().map(|exception| exception.path.clone()));
    }

    fn knows(&self, path: &[u8]) -> bool {
        self.paths.contains(path) || self.shown.contains(&path::shown(path))
    }
}

fn record_obeys(record: &Record, source: &dyn Source) {
    let mut names = HashSet::new();
    for file in record.files.iter().chain(&record.metadata) {
        assert_eq!(path::inside(&file.path), Ok(()), "{:?}", file.path);
        assert!(!path::leads_out(file.path.as_bytes()), "{:?} leads out", file.path);
        assert!(file.path.split('/').all(|name| name.len() <= 255), "a name too long: {:?}", file.path);
        let Ok(mut bytes) = source.content().open(file) else { continue };
        let mut buffer = vec![0; 1 << 16];
        let mut read = 0;
        loop {
            match bytes.read(&mut buffer) {
                Ok(0) => {
                    assert_eq!(read, file.size, "{:?} has another size", file.path);
                    break;
                }
                Ok(count) => read += count as u64,
                Err(_) => break,
            }
            assert!(read <= file.size, "{:?} has more bytes than listed", file.path);
        }
    }
    for file in &record.files {
        assert!(names.insert(file.path.to_lowercase()), "two files {:?}", file.path);
    }
    let mut units: Vec<&Unit> = record.units.iter().collect();
    while let Some(unit) = units.pop() {
        assert!(unit.files.iter().all(|file| *file < record.files.len()), "a unit names a file that is not there");
        units.extend(&unit.parts);
    }
    let told = description::told(&record.description);
    let mut document = Vec::new();
    description::write(&mut document, &record.description).expect("memory takes everything");
    let read = description::read(&document[..]).expect("what was written is XML").expect("and a description");
    assert_eq!(read, told, "the description is not read as written");
}

/// Makes a package of `record` and judges it by its own METS documents.
fn package(record: &Record, source: &dyn Source) {
    let cancel = Cancel::new();
    let watch = Watch::new(&cancel, &Silent);
    let folder = scratch::folder("package");
    let id = PackageId::derive("Stadt Musterstadt", "Ablieferung", &record.key);
    let provenance = Provenance { producer: "Stadt Musterstadt".to_owned(), ..Provenance::default() };
    let order = Order {
        id,
        kind: PackageKind::Sip,
        created: Timestamp::from_seconds(1_772_366_400),
        category: "Mixed",
        information_type: "MIXED",
        provenance: &provenance,
        digests: Digests::Both,
        rights: &[],
        attachments: &[],
        status: RecordStatus::New,
        representation: REPRESENTATION,
    };
    let mut container = Container::create(&folder, id, PackageForm::Zip).expect("a package is begun");
    // A file may be one that cannot be read; then there is no package.
    let Ok(written) = compose::write(&mut container, &order, record, source.content(), watch) else { return };
    let made = container.finish().expect("the package is finished");
    let reader = PackageReader::open(&made.path).expect("what was made is opened");
    let examined = examine(&reader, watch).expect("nobody stopped it");
    let errors: Vec<_> = examined.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "the package is not sound: {errors:?}");
    for part in reader.parts().iter().filter(|part| !part.path.contains("/data/") && part.path.ends_with(".xml")) {
        if part.path.starts_with("metadata/other/") {
            continue;
        }
        let mut bytes = Vec::new();
        reader.read(part).and_then(|mut bytes_of| bytes_of.read_to_end(&mut bytes)).expect("a part is read");
        well_formed(&bytes);
    }
    assert!(!written.content.is_empty());
}

/// Checks that `document` is XML that its own reader takes.
pub fn well_formed(document: &[u8]) {
    let mut xml = XmlReader::new(document, XmlLimits::default());
    while xml.node().expect("what was written is XML").is_some() {}
}
