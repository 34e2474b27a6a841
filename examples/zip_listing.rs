//! Lists ZIPs as eArchiv takes them and as the crate `zip` does, for `tests/oracles/zip_differential`: paths come on standard
//! input, one a line; for each one line of JSON goes out.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a judge for tests; it says what it finds and may stop")]

use std::fs::File;
use std::io::{self, BufRead, Read};

use earchiv::io::zip::{Limits, ZipError, ZipReader};
use earchiv::model::checksum::{hex, sha256};
use serde_json::{Value, json};

/// More is not unpacked: what is compared is small.
const MOST: u64 = 16 << 20;

fn main() {
    for path in io::stdin().lock().lines() {
        let path = path.unwrap();
        println!("{}", json!({ "path": &path, "own": own(&path), "crate": of_crate(&path) }));
    }
}

/// Returns the entries, or in one word why there are none.
fn own(path: &str) -> Value {
    let limits = Limits { unpacked: MOST, ..Limits::delivery() };
    let zip = match ZipReader::open(File::open(path).unwrap(), &limits) {
        Ok(zip) => zip,
        Err(ZipError::Structure { fault, .. }) => return json!(fault.name()),
        Err(ZipError::Io(error)) => return json!(format!("io: {error}")),
    };
    let mut entries = Vec::new();
    for entry in zip.entries().iter() {
        let mut bytes = Vec::new();
        if zip.read_proven(entry).and_then(|data| data.take(MOST).read_to_end(&mut bytes)).is_err() {
            return json!("content");
        }
        entries.push(json!({
            "name": &entry.name,
            "undecoded": entry.undecoded.map(hex),
            "kind": entry.kind.name(),
            "size": entry.size,
            "crc": entry.crc,
            "sha256": hex(&sha256(&bytes)),
            "header": entry.place().0,
        }));
    }
    json!(entries)
}

fn of_crate(path: &str) -> Value {
    let mut zip = match zip::ZipArchive::new(File::open(path).unwrap()) {
        Ok(zip) => zip,
        Err(error) => return json!(error.to_string()),
    };
    let mut entries = Vec::new();
    for index in 0..zip.len() {
        let entry = match zip.by_index(index) {
            Ok(entry) => entry,
            Err(error) => return json!(error.to_string()),
        };
        let (raw, size, crc, header) = (hex(entry.name_raw()), entry.size(), entry.crc32(), entry.header_start());
        let mut bytes = Vec::new();
        if let Err(error) = entry.take(MOST).read_to_end(&mut bytes) {
            return json!(error.to_string());
        }
        entries.push(json!({ "raw": raw, "size": size, "crc": crc, "sha256": hex(&sha256(&bytes)), "header": header }));
    }
    json!(entries)
}
