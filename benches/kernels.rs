//! How fast the innermost loops are, each alone: checksums in one pass, the directory of a ZIP, METS written and read.
//!
//! `cargo bench`; `cargo bench -- METS` runs those whose name has `METS` in it. Each is run for a second after it is warm, and the
//! fastest run is told, since nothing but other work makes one slower.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it measures; it says what it finds and may stop")]

use std::hint::black_box;
use std::io::BufReader;
use std::os::unix::fs::FileExt as _;
use std::time::{Duration, Instant};

use earchiv::io::zip::{Limits, ZipReader, ZipWriter};
use earchiv::model::checksum::{Algorithm, Hasher};
use earchiv::model::content::{Content, FileBytes, ReadFault};
use earchiv::model::package::PackageKind;
use earchiv::model::record::SourceFile;
use earchiv::model::time::Timestamp;
use earchiv::package::eark::mets::{self, Header, Payload, RecordStatus};
use earchiv::package::eark::references;
use earchiv::package::eark::structure::Structure;
use earchiv::package::payload::digest;
use earchiv::task::{Cancel, Silent, Watch};

/// How long each is run.
const LONG: Duration = Duration::from_secs(1);
/// Entries of a directory, files of a METS document.
const MANY: u32 = 100_000;

fn main() {
    // Cargo adds options of its own.
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let measure = |name: &str, amount: u32, unit: &str, run: &mut dyn FnMut()| {
        if name.contains(&wanted) {
            let best = fastest(run);
            println!(
                "{name:40} {:>12.1} {unit}/s   ({:.3} ms)",
                f64::from(amount) / best.as_secs_f64(),
                best.as_secs_f64() * 1000.0
            );
        }
    };
    // All of it on one thread: how many there are is another question.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    digests(&measure);
    directory(&measure);
    documents(&measure);
}

type Measure<'a> = dyn Fn(&str, u32, &str, &mut dyn FnMut()) + 'a;

fn fastest(run: &mut dyn FnMut()) -> Duration {
    run();
    let (begin, mut best) = (Instant::now(), Duration::MAX);
    while begin.elapsed() < LONG {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best
}

fn digests(measure: &Measure<'_>) {
    let bytes = vec![7; 64 << 20];
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        measure(algorithm.name(), 64, "MiB", &mut || {
            let mut hasher = Hasher::new(algorithm);
            bytes.chunks(1 << 18).for_each(|piece| hasher.update(piece));
            black_box(hasher.finish());
        });
    }
    let (cancel, silent) = (Cancel::new(), Silent);
    for (name, count) in [("payload, one file of 64 MiB", 1), ("payload, 4,096 files of 16 KiB", 4_096)] {
        let size = (bytes.len() / count) as u64;
        let file = |number| SourceFile { path: format!("{number}").into(), size, ..SourceFile::default() };
        let files: Vec<SourceFile> = (0..count).map(file).collect();
        let content = Memory(&bytes);
        measure(name, 64, "MiB", &mut || {
            black_box(digest(&files, &content, Watch::new(&cancel, &silent)).unwrap());
        });
    }
}

/// Files whose bytes lie in memory.
struct Memory<'a>(&'a [u8]);

struct Left<'a>(&'a [u8]);

impl Content for Memory<'_> {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        Ok(Box::new(Left(&self.0[..usize::try_from(file.size).unwrap()])))
    }
}

impl FileBytes for Left<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        let (now, later) = self.0.split_at(buffer.len().min(self.0.len()));
        buffer[..now.len()].copy_from_slice(now);
        self.0 = later;
        Ok(now.len())
    }
}

fn name(number: u32) -> String {
    format!("data/{:04}/Schreiben {number:07}.pdf", number / 1000)
}

fn directory(measure: &Measure<'_>) {
    let target = tempfile::NamedTempFile::new().unwrap();
    let mut write = || {
        let mut zip = ZipWriter::new(target.reopen().unwrap());
        for number in 0..MANY {
            let name = format!("5f0c2b1e-7a44-4d7c-9a2f-0c7f7c5f0d11/representations/rep1/{}", name(number));
            let slot = zip.plan(&name, 0, Timestamp::from_seconds(0));
            zip.file().write_all_at(&zip.header(&slot, &name, 0), slot.header).unwrap();
        }
        zip.finish().unwrap();
    };
    measure("ZIP written, 100,000 empty entries", MANY, "entries", &mut write);
    write();
    measure("ZIP opened, 100,000 entries", MANY, "entries", &mut || {
        black_box(ZipReader::open(target.reopen().unwrap(), &Limits::default()).unwrap());
    });
}

fn documents(measure: &Measure<'_>) {
    let sum = [7; 32];
    let header = Header {
        object: "rep1",
        label: "rep1",
        kind: PackageKind::Aip,
        category: "Mixed",
        information_type: "MIXED",
        created: Timestamp::from_seconds(0),
        provenance: None,
        signature: "",
        previous: None,
        status: RecordStatus::New,
    };
    let mut document = Vec::new();
    let mut write = || {
        document.clear();
        let files = (0..MANY).map(|number| Payload {
            path: name(number).into(),
            size: 16_384,
            modified: Timestamp::from_seconds(0),
            sum: &sum,
            sha512: None,
            facts: None,
        });
        let structure = Structure { label: "Akte", units: &[], files: MANY as usize };
        mets::write_representation(&mut document, &header, &[], files, &[], &structure).unwrap();
    };
    measure("METS written, 100,000 files", MANY, "files", &mut write);
    write();
    measure("METS read, 100,000 files", MANY, "files", &mut || {
        let mut count = 0;
        references::read(BufReader::new(&document[..]), "", |_, _| {
            count += 1;
            true
        })
        .unwrap();
        assert_eq!(count, MANY);
    });
}
