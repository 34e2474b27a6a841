//! A bag judged by itself: nothing is taken over, all that is to be known of it is told.

use std::path::Path;

use super::super::SourceError;
use super::super::tree::Tree;
use super::list::List;
use super::profile::Profile;
use super::proof::{Proof, of_flaw, requirement};
use crate::model::checksum::Algorithm;
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{EntryKind, Reason};
use crate::package::bagit::{DECLARATION, Flaw, PAYLOAD, is_manifest};
use crate::task::{Event, Stage, Watch};

/// What was established about a bag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// The version that it declares; empty where it declares none.
    pub version: String,
    /// Its `External-Identifier`, the first one; empty where it has none.
    pub id: String,
    /// What is not as it should be, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// How many files it has, those of the payload and all others.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Returns whether the folder at `path` says that it is a bag, or is laid out like one; in short, since it may be large.
#[must_use]
pub fn is_bag(path: &Path) -> bool {
    let is_file = |name: &Path| name.symlink_metadata().is_ok_and(|there| there.is_file());
    let is_listed = || {
        let names = path.read_dir().into_iter().flatten().flatten();
        names.map(|entry| entry.file_name()).any(|name| is_manifest(name.as_encoded_bytes()))
    };
    is_file(&path.join(DECLARATION)) || (path.join(PAYLOAD).is_dir() && is_listed())
}

/// Returns whether a tree says that it is a bag, or holds one.
#[must_use]
pub fn is_bag_tree(tree: &Tree) -> bool {
    super::base(tree).is_some()
}

/// Judges the bag that a tree is, or holds.
pub fn judge(tree: &Tree, profile: Option<&Profile>, watch: Watch<'_>) -> Result<Judged, SourceError> {
    let base = super::base(tree).unwrap_or_default();
    let mut proof = Proof::of(tree, &base, watch.cancel)?;
    let mut findings = std::mem::take(&mut proof.findings);
    findings.extend(tree.findings().iter().cloned());
    findings.extend(proof.names(tree));
    findings.extend(proof.notices(tree));
    if let Some(profile) = profile {
        findings.extend(profile.check(&proof, tree));
    }
    let inside = || proof.entries(tree).filter(|(_, _, entry)| entry.kind == EntryKind::File);
    let (files, bytes) = inside().fold((0, 0_u64), |sum, (_, _, one)| (sum.0 + 1, sum.1.saturating_add(one.size)));
    watch.progress.report(Event::Started { stage: Stage::Verifying, files, bytes });
    let positions: Vec<usize> = inside().filter(|(_, _, entry)| entry.fault.is_none()).map(|(at, _, _)| at).collect();
    let done = proof.compare(tree, &positions, watch)?;
    watch.progress.report(Event::Finished);
    findings.extend(done.findings);
    for (at, reason) in done.unread {
        let said = match reason {
            Reason::Unreadable { error, .. } => error,
            _ => "changed while being read".to_owned(),
        };
        findings.push(Finding::new(Code::Unreadable).file(tree.entries()[at].shown()).value(said));
    }
    // The same bag is told of alike, wherever it lies and whatever its folder is called.
    let base = path::shown(&base);
    for finding in &mut findings {
        if let Some(inside) = finding.file.as_ref().and_then(|file| file.strip_prefix(&base)) {
            finding.file = Some(inside.to_owned());
        }
    }
    findings.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Ok(Judged {
        version: proof.version.map(|version| version.to_string()).unwrap_or_default(),
        id: proof.told("External-Identifier").next().unwrap_or_default().to_owned(),
        findings,
        files,
        bytes,
    })
}

impl Proof {
    /// Tells what is worth knowing of the bag as a whole.
    fn notices(&self, tree: &Tree) -> Vec<Finding> {
        let is_weak = |list: &&List| matches!(list.algorithm, Algorithm::Md5 | Algorithm::Sha1);
        let payload: Vec<&List> = self.lists.iter().filter(|list| list.is_payload).collect();
        let mut notices = Vec::new();
        // One strong list is enough.
        if payload.iter().all(is_weak) {
            notices.extend(payload.iter().map(|list| {
                let finding = Finding::new(Code::ChecksumWeak).file(self.shown(list.name.as_bytes()));
                finding.value(list.algorithm.name()).requirement(requirement("2.4"))
            }));
        }
        if self.position(tree, b"data").is_some() && self.oxum(tree) == "0.0" {
            notices.push(of_flaw(self.shown(b"data"), Flaw::new("empty", "2.1.2", 0).warning_if(true)));
        }
        notices
    }
}
