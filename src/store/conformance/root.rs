//! A storage root: its own files, the folders in which objects lie, all objects.

use std::collections::HashSet;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::codes::{Root as Looked, Seen, answers, fault};
use super::content::odd;
use super::declaration::{Declared, ROOT};
use super::extension::{self, EXTENSIONS};
use super::inventory::{HELD_MOST, INVENTORY};
use super::layout::{self, Layout};
use super::object::{Ended, Judged, attempt, judge as judge_object};
use super::report::Report;
use super::{Judgement, Spec, unreadable};
use crate::io::below::Kind;
use crate::io::place::Place;
use crate::model::checksum::sha256;
use crate::task::{Cancelled, Watch};

/// Objects that are judged side by side before what was found is told in order.
const BATCH: usize = 256;

/// How much memory the inventories of an object may take that is judged beside others; others are judged alone.
const SMALL: usize = 8 << 20;

/// Judges a storage root with all its objects.
pub fn judge(folder: &dyn Place, watch: Watch<'_>) -> Result<Judgement, Cancelled> {
    let mut report = Report::default();
    let Some((spec, layout, folders)) = own_files(folder, &mut report) else {
        let seen = Seen::default();
        return Ok(Judgement {
            spec: Spec::V1_1,
            id: String::new(),
            answers: answers(Spec::V1_1, seen, |_| false),
            findings: report.finish(),
            files: 0,
            bytes: 0,
        });
    };
    let seen =
        Seen { root: if layout.is_some() { Looked::LaidOut } else { Looked::Seen }, object: false, inventories: true };
    let mut objects =
        Objects { folder, spec, layout, report, seen, ids: HashSet::new(), depths: (false, false), files: 0, bytes: 0 };
    let mut batch: Vec<String> = Vec::new();
    let mut left: Vec<String> = folders.into_iter().rev().collect();
    while let Some(place) = left.pop() {
        watch.cancel.check()?;
        if objects.is_object(&place, &mut left) {
            batch.push(place);
        }
        if batch.len() == BATCH {
            objects.judge(&batch, watch)?;
            batch.clear();
        }
    }
    objects.judge(&batch, watch)?;
    if objects.depths == (true, true) {
        objects.report.add(fault("W015"));
    }
    Ok(Judgement {
        spec,
        id: String::new(),
        answers: answers(spec, objects.seen, |id| objects.report.failed(id)),
        findings: objects.report.finish(),
        files: objects.files,
        bytes: objects.bytes,
    })
}

/// Checks what lies in the storage root itself; returns its version, its layout, and the folders for objects.
fn own_files(folder: &dyn Place, report: &mut Report) -> Option<(Spec, Option<Layout>, Vec<String>)> {
    let entries = match folder.entries(b"") {
        Ok(entries) => entries,
        Err(error) => {
            report.add(unreadable("", &error));
            return None;
        }
    };
    let spec = ROOT.check(folder, &entries, report).unwrap_or(Spec::V1_1);
    let mut folders = Vec::new();
    for (name, kind) in entries.iter() {
        match kind {
            Kind::Folder if name == EXTENSIONS.as_bytes() => {
                if folder.entries(name).is_ok_and(|entries| entries.is_empty()) {
                    report.add(fault("E073").file(EXTENSIONS));
                }
                let (stray, unregistered) = match spec {
                    Spec::V1_0 => ("E086", None),
                    Spec::V1_1 => ("E112", Some("W016")),
                };
                extension::check(folder, stray, unregistered, report);
            }
            Kind::Folder => match std::str::from_utf8(name) {
                Ok(name) => folders.push(name.to_owned()),
                Err(_) => report
                    .add(unreadable(&crate::model::path::shown(name), &std::io::ErrorKind::InvalidFilename.into())),
            },
            // Whatever else there is may be.
            Kind::File => {}
            Kind::Link | Kind::Special => report.add(odd(&crate::model::path::shown(name), kind)),
        }
    }
    let layout = entries.kind(layout::FILE.as_bytes()).and_then(|_| layout::read(folder, report));
    Some((spec, layout, folders))
}

struct Objects<'a> {
    folder: &'a dyn Place,
    spec: Spec,
    layout: Option<Layout>,
    report: Report,
    seen: Seen,
    /// Digests of the identities that were seen.
    ids: HashSet<[u8; 16]>,
    /// Whether there are objects in the root itself, and below its folders.
    depths: (bool, bool),
    files: u64,
    bytes: u64,
}

impl Objects<'_> {
    /// Returns whether `place` is the folder of an object; of any other the folders in it are `left` to look at.
    fn is_object(&mut self, place: &str, left: &mut Vec<String>) -> bool {
        let entries = match self.folder.entries(place.as_bytes()) {
            Ok(entries) => entries,
            Err(error) => {
                self.report.add(unreadable(place, &error));
                return false;
            }
        };
        let declared = entries.iter().any(|(name, _)| name.starts_with(b"0=ocfl_object_"));
        if declared || entries.kind(INVENTORY.as_bytes()) == Some(Kind::File) {
            let deep = place.contains('/');
            self.depths = (self.depths.0 || !deep, self.depths.1 || deep);
            return true;
        }
        if entries.is_empty() {
            self.report.add(fault("E073").file(place));
        }
        let mut below = Vec::new();
        for (name, kind) in entries.iter() {
            let path = format!("{place}/{}", crate::model::path::shown(name));
            match kind {
                Kind::Folder if std::str::from_utf8(name).is_ok() => below.push(path),
                Kind::Folder => self.report.add(unreadable(&path, &std::io::ErrorKind::InvalidFilename.into())),
                Kind::File => {
                    self.report.add(fault("E072").file(&path));
                    if Declared::is_like(name) && name.starts_with(b"0=ocfl_") {
                        // Another storage root.
                        self.report.add(fault("E074").file(path));
                    }
                }
                Kind::Link | Kind::Special => self.report.add(odd(&path, kind)),
            }
        }
        if below.is_empty() && !entries.is_empty() {
            self.report.add(fault("E085").file(place));
        }
        left.extend(below.into_iter().rev());
        false
    }

    fn judge(&mut self, places: &[String], watch: Watch<'_>) -> Result<(), Cancelled> {
        let judged: Vec<Option<Judged>> = places
            .par_iter()
            .map(|place| match self.folder.folder(place.as_bytes()) {
                Ok(folder) => match attempt(&*folder, SMALL, watch) {
                    Ok(judged) => Ok(Some(judged)),
                    Err(Ended::Full(_)) => Ok(None),
                    Err(Ended::Cancelled) => Err(Cancelled),
                },
                Err(error) => {
                    let mut judged = Judged::default();
                    judged.report.add(unreadable("", &error));
                    Ok(Some(judged))
                }
            })
            .collect::<Result<_, Cancelled>>()?;
        for (place, judged) in places.iter().zip(judged) {
            let judged = match judged {
                Some(judged) => judged,
                None => match self.folder.folder(place.as_bytes()) {
                    Ok(folder) => judge_object(&*folder, HELD_MOST, watch)?,
                    Err(error) => {
                        self.report.add(unreadable(place, &error));
                        continue;
                    }
                },
            };
            self.add(place, judged);
        }
        Ok(())
    }

    fn add(&mut self, place: &str, judged: Judged) {
        self.seen.object = true;
        self.seen.inventories &= judged.inventories;
        self.files += judged.files;
        self.bytes += judged.bytes;
        self.report.merge(judged.report, place);
        if let Some(declared) = judged.declared.filter(|declared| *declared > self.spec) {
            self.report.add(fault("E081").file(place).value(declared.name()).expected(self.spec.name()));
        }
        let Some(id) = judged.id else { return };
        let digest = sha256(id.as_bytes());
        let ([digest, _], []) = digest.as_chunks::<16>() else { return };
        if !self.ids.insert(*digest) {
            self.report.add(fault("E037").file(place).value(id.as_str()));
        }
        if let Some(expected) = self.layout.as_ref().and_then(|layout| layout.place(&id)).filter(|known| known != place)
        {
            self.report.add(fault("E083").file(place).value(id).expected(expected));
        }
    }
}
