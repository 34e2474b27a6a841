//! How fast the innermost loops are, each alone on one thread: checksums in one pass, the layout and directory of a ZIP, METS written
//! and read.
//!
//! `cargo bench --manifest-path benches/kernels/Cargo.toml`; `... -- METS` runs those whose name has `METS` in it.
#![allow(clippy::unwrap_used, missing_docs, reason = "it measures, and may stop")]

use std::hint::black_box;
use std::io::BufReader;
use std::os::unix::fs::FileExt as _;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

/// Entries of a directory, files of a METS document.
const MANY: u32 = 100_000;

fn kernels(criterion: &mut Criterion) {
    // All of it on one thread: how many there are is another question.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    digests(criterion);
    directory(criterion);
    documents(criterion);
}

criterion_group! { name = all; config = Criterion::default().sample_size(20); targets = kernels }
criterion_main!(all);

/// Measures `run`, which does `amount` of something at each call.
fn measure(criterion: &mut Criterion, name: &str, amount: Throughput, mut run: impl FnMut()) {
    let mut group = criterion.benchmark_group("kernels");
    group.throughput(amount);
    group.bench_function(name, |bencher| bencher.iter(&mut run));
    group.finish();
}

fn digests(criterion: &mut Criterion) {
    let bytes = vec![7; 64 << 20];
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        measure(criterion, algorithm.name(), Throughput::Bytes(64 << 20), || {
            let mut hasher = Hasher::new(algorithm);
            bytes.chunks(1 << 18).for_each(|piece| hasher.update(piece));
            black_box(hasher.finish());
        });
    }
    let (cancel, silent) = (Cancel::new(), Silent);
    for (name, count) in
        [("payload, one file of 64 MiB", 1), ("payload, 4 files of 16 MiB", 4), ("payload, 4,096 files of 16 KiB", 4_096)]
    {
        let size = (bytes.len() / count) as u64;
        let file = |number| SourceFile { path: format!("{number}").into(), size, ..SourceFile::default() };
        let files: Vec<SourceFile> = (0..count).map(file).collect();
        let content = Memory(&bytes);
        measure(criterion, name, Throughput::Bytes(64 << 20), || {
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

fn directory(criterion: &mut Criterion) {
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
    let entries = Throughput::Elements(u64::from(MANY));
    measure(criterion, "ZIP written, 100,000 empty entries", entries.clone(), &mut write);
    write();
    measure(criterion, "ZIP opened, 100,000 entries", entries, || {
        black_box(ZipReader::open(target.reopen().unwrap(), &Limits::default()).unwrap());
    });
}

fn documents(criterion: &mut Criterion) {
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
        let files = |number: usize| Payload {
            path: name(u32::try_from(number).unwrap()).into(),
            size: 16_384,
            modified: Timestamp::from_seconds(0),
            sum: &sum,
            sha512: None,
            facts: None,
        };
        let structure = Structure { label: "Akte", units: &[], files: MANY as usize };
        mets::write_representation(&mut document, &header, &[], files, &[], &structure).unwrap();
    };
    let amount = Throughput::Elements(u64::from(MANY));
    measure(criterion, "METS written, 100,000 files", amount.clone(), &mut write);
    write();
    measure(criterion, "METS read, 100,000 files", amount, || {
        let mut count = 0;
        references::read(BufReader::new(&document[..]), "", |_, _| {
            count += 1;
            true
        })
        .unwrap();
        assert_eq!(count, MANY);
    });
}
