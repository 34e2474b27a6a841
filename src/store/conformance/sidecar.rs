//! The digests that lie beside inventories.

use std::io::{self, Read};

use super::codes::fault;
use super::digest::{Algorithm, Hasher};
use super::inventory::INVENTORY;
use super::report::Report;
use super::unreadable;
use crate::io::below::{Entries, Kind};
use crate::io::place::Place;
use crate::model::finding::{Code, Finding};

/// The longest digest that is read, in bytes; what is longer is none.
const LONGEST: u64 = 1024;

/// Computes digests of what is read.
pub struct Hashing<R> {
    input: R,
    hashers: Vec<(Algorithm, Hasher)>,
}

impl<R: Read> Hashing<R> {
    /// Returns a reader of `input` that computes SHA-512 and the digests of `sidecars`.
    pub fn new(input: R, sidecars: &[Algorithm]) -> Self {
        let mut algorithms = sidecars.to_vec();
        algorithms.push(Algorithm::Sha512);
        algorithms.sort_unstable();
        algorithms.dedup();
        Self { input, hashers: algorithms.into_iter().map(|a| (a, Hasher::new(a))).collect() }
    }

    /// Reads to the end; returns the digests of all that was read.
    pub fn finish(mut self) -> io::Result<Digests> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(Digests(self.hashers.into_iter().map(|(algorithm, hasher)| (algorithm, hasher.finish())).collect()))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        for (_, hasher) in &mut self.hashers {
            hasher.update(buffer.get(..length).unwrap_or_default());
        }
        Ok(length)
    }
}

/// The digests of an inventory.
#[derive(Debug, Default)]
pub struct Digests(Vec<(Algorithm, String)>);

impl Digests {
    /// Returns the digest of `algorithm`, if it was computed.
    pub fn get(&self, algorithm: Algorithm) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == algorithm).map(|(_, digest)| digest.as_str())
    }
}

/// Returns what follows the inventory's name in a sidecar's.
pub fn suffix(name: &[u8]) -> Option<&str> {
    std::str::from_utf8(name.strip_prefix(INVENTORY.as_bytes())?.strip_prefix(b".")?).ok()
}

/// Returns the known algorithms of the sidecars among `entries`.
pub fn algorithms(entries: &Entries) -> Vec<Algorithm> {
    entries.iter().filter_map(|(name, _)| Algorithm::named(suffix(name)?)).collect()
}

/// Checks the sidecars in `folder`, relative to the object and with `/` at its end, or empty; what else is called like one
/// breaks the requirement `stray`.
pub fn check(
    object: &dyn Place,
    folder: &str,
    entries: &Entries,
    algorithm: Option<Algorithm>,
    digests: Option<&Digests>,
    stray: &'static str,
    report: &mut Report,
) {
    let wanted = algorithm.map(|algorithm| format!("{INVENTORY}.{}", algorithm.name()));
    let sidecars: Vec<&str> = entries
        .iter()
        .filter(|(name, _)| suffix(name).is_some())
        .filter_map(|(name, _)| std::str::from_utf8(name).ok())
        .collect();
    let has_wanted = wanted.as_deref().map_or(!sidecars.is_empty(), |wanted| sidecars.contains(&wanted));
    if !has_wanted {
        let finding = fault("E058").file(format!("{folder}{INVENTORY}"));
        report.add(finding.expected(wanted.clone().unwrap_or_else(|| format!("{INVENTORY}.sha512"))));
    }
    for name in sidecars {
        let path = format!("{folder}{name}");
        if let Some(wanted) = wanted.as_deref().filter(|wanted| *wanted != name) {
            // In the place of the right one it is meant to be that.
            let meant = !has_wanted && suffix(name.as_bytes()).and_then(Algorithm::named).is_some();
            report.add(fault(if meant { "E059" } else { stray }).file(&path).value(name).expected(wanted));
            continue;
        }
        // What it is instead of a file is told with all links and the like.
        if entries.kind(name.as_bytes()) == Some(Kind::File) {
            let found = Algorithm::named(name.get(INVENTORY.len() + 1..).unwrap_or_default());
            let computed = found.and_then(|found| digests?.get(found));
            compare(object, &path, found, computed, report);
        }
    }
}

fn compare(object: &dyn Place, path: &str, algorithm: Option<Algorithm>, computed: Option<&str>, report: &mut Report) {
    let mut bytes = Vec::new();
    if let Err(error) = object.file(path.as_bytes()).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)) {
        return report.add(unreadable(path, &error));
    }
    let text = String::from_utf8_lossy(&bytes);
    let Some(digest) = digest_of(&text) else {
        let shown = text.escape_debug().to_string();
        return report.add(fault("E061").file(path).value(shown).expected(format!("DIGEST {INVENTORY}")));
    };
    let Some(computed) = computed else { return };
    if digest.eq_ignore_ascii_case(computed) {
        return;
    }
    let name = algorithm.map_or("", Algorithm::name);
    let finding = Finding::new(Code::ChecksumMismatch).requirement("E060");
    let inventory = path.rsplit_once('.').map_or(path, |(inventory, _)| inventory);
    report.add(finding.file(inventory).value(format!("{name} {computed}")).expected(format!("{name} {digest}")));
}

/// Reads `DIGEST inventory.json`, with spaces or tabs in between.
fn digest_of(text: &str) -> Option<&str> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (digest, rest) = line.split_at(line.find([' ', '\t'])?);
    let is_name = rest.trim_start_matches([' ', '\t']) == INVENTORY;
    let is_digest = !digest.is_empty() && digest.bytes().all(|c| c.is_ascii_hexdigit());
    (is_name && is_digest).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_of_sidecars_is_read() {
        for text in ["ab inventory.json", "AB\tinventory.json\n", "0 \t inventory.json\r\n"] {
            assert!(digest_of(text).is_some(), "{text:?}");
        }
        for text in [
            "",
            "ab",
            "ab  ",
            " ab inventory.json",
            "ab inventory.json x",
            "ab Inventory.json",
            "xy inventory.json",
            "ab inventory.json\n\n",
            "ab ./inventory.json",
        ] {
            assert!(digest_of(text).is_none(), "{text:?}");
        }
    }
}
