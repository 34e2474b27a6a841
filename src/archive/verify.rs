//! Checks stored packages: is every byte as it was?

use std::fs::File;
use std::path::Path;

use rayon::prelude::*;

use super::blocks::ByBlocks;
use super::examine::{examine, harm, of_what_is_kept, unopened, verdict};
use super::read_back::{digest_file, digest_on_medium};
use super::{Archive, ArchiveError, holding, marker, version};
use crate::catalogue::Filter;
use crate::io::durable;
use crate::model::audit::Level;
use crate::model::checksum::Checksum;
use crate::model::finding::{Code, Finding, Verdict};
use crate::model::package::{Holding, PackageId};
use crate::package::container::part_name;
use crate::package::reader::{PackageError, PackageReader, open_regular};
use crate::store::{Inventory, Object, StoreError};
use crate::task::{Cancelled, Event, Stage, Watch};

/// What was established about one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Where it lies, relative to the archive.
    pub path: String,
    /// The package.
    pub package: PackageId,
    /// What it comes to.
    pub verdict: Verdict,
    /// What is not right.
    pub findings: Vec<Finding>,
    /// Whether permission is what lacks: then nothing was established.
    pub permission: bool,
    /// Bytes of the files of its object, all versions; `None` where not all could be measured.
    pub held: Option<u64>,
}

/// How one looks at a package.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look<'a> {
    /// How deep.
    pub(super) level: Level,
    /// The checksums of its files by blocks, as the journal or the catalogue has them.
    pub(super) blocks: &'a str,
    /// Bytes of its files when they were last read and found in order, where that is known.
    pub(super) held: Option<u64>,
}

impl Judged {
    fn new(path: &str, package: PackageId, findings: Vec<Finding>, permission: bool) -> Self {
        let verdict = verdict(&findings, true);
        Self { path: path.to_owned(), package, verdict, findings, permission, held: None }
    }

    /// Returns whether the package is not there at all.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.findings.iter().any(|finding| finding.code == Code::PackageMissing)
    }
}

/// How many packages are checked side by side at most, and how many bytes they have together: what was established is told when
/// all of them are done.
const GROUP: (usize, u64) = (256, 256 << 20);

/// What the catalogue says of a package that is to be checked.
struct Held {
    id: PackageId,
    inventory: String,
    blocks: String,
    place: String,
    bytes: u64,
}

/// Returns how many of the next packages are checked side by side, at least one.
fn side_by_side(rest: &[Held]) -> usize {
    let mut bytes = 0;
    let fits = |(taken, held): &(usize, &Held)| {
        bytes += held.bytes;
        *taken == 0 || bytes <= GROUP.1
    };
    rest.iter().take(GROUP.0).enumerate().take_while(fits).count()
}

/// Checks the packages `ids`, all where there are none; `each` takes what was established of one after the other.
pub fn verify(
    archive: &Archive,
    ids: &[PackageId],
    watch: Watch<'_>,
    mut each: impl FnMut(Judged),
) -> Result<(), ArchiveError> {
    let catalogue = archive.catalogue()?;
    let mut holdings: Vec<Held> = Vec::new();
    let mut bytes = 0;
    let mut files = 0;
    let mut add = |holding: Holding| {
        bytes += holding.bytes;
        files += holding.files;
        let Holding { id, inventory, blocks, place, bytes, .. } = holding;
        holdings.push(Held { id, inventory, blocks, place, bytes });
        true
    };
    if ids.is_empty() {
        catalogue.list(&Filter::default(), &mut add)?;
    }
    for id in ids {
        let held = catalogue.holding(*id)?.ok_or_else(|| archive.not_held(*id))?;
        add(held);
    }
    drop(catalogue);
    watch.progress.report(Event::Started { stage: Stage::Verifying, files, bytes });
    let mut rest = &holdings[..];
    while !rest.is_empty() {
        let (group, others) = rest.split_at(side_by_side(rest));
        rest = others;
        let judge = |held: &Held| {
            watch.cancel.check()?;
            let look = Look { level: Level::Full, blocks: &held.blocks, held: None };
            archive.judge_now(held.id, &held.inventory, &held.place, look, watch)
        };
        let judged: Vec<Result<Judged, ArchiveError>> = group.par_iter().map(judge).collect();
        for one in judged {
            each(one?);
        }
    }
    watch.progress.report(Event::Finished);
    Ok(())
}

impl Archive {
    /// Checks one stored package as [`Archive::judge`] does, and once more where it got another version meanwhile: what is not
    /// what `inventory` says may be what the journal says now, or has announced.
    pub(super) fn judge_now(
        &self,
        id: PackageId,
        inventory: &str,
        place: &str,
        look: Look<'_>,
        watch: Watch<'_>,
    ) -> Result<Judged, ArchiveError> {
        let judged = self.look(id, inventory, place, look, watch)?;
        if judged.verdict == Verdict::Conforms {
            return Ok(judged);
        }
        for newer in version::newer(self, id, inventory)? {
            let again = self.look(id, &newer, place, Look { held: None, blocks: "", ..look }, watch)?;
            if again.verdict == Verdict::Conforms {
                return Ok(again);
            }
        }
        Ok(judged)
    }

    /// Checks one stored package against the checksums that were recorded when it was stored.
    pub(super) fn judge(&self, held: &Holding, watch: Watch<'_>) -> Result<Judged, ArchiveError> {
        let look = Look { level: Level::Full, blocks: &held.blocks, held: None };
        self.look(held.id, &held.inventory, &held.place, look, watch)
    }

    pub(super) fn look(
        &self,
        id: PackageId,
        inventory: &str,
        place: &str,
        look: Look<'_>,
        watch: Watch<'_>,
    ) -> Result<Judged, ArchiveError> {
        let judged = |findings, permission| Ok(Judged::new(place, id, findings, permission));
        let object = match self.store.object(&Self::object_id(id)) {
            Ok(Some(object)) => object,
            Ok(None) => return judged(vec![missing(&id.to_string(), place)], false),
            Err(error) => {
                return unread(error, &self.root)
                    .map(|(finding, permission)| Judged::new(place, id, vec![finding], permission));
            }
        };
        if object.inventory_sha512.as_deref() != Some(inventory) && self.is_told_tombstone(&object, id)? {
            // The catalogue, or the first look at the journal, was not that far yet.
            return judged(vec![Finding::new(Code::DisposalPending).file(place).value(id.to_string())], false);
        }
        let mut findings = object.findings.iter().map(|finding| in_store(finding.clone())).collect::<Vec<_>>();
        if self.is_tombstone(&object) {
            findings.push(Finding::new(Code::TombstoneUnknown).file(place).value(id.to_string()));
        }
        changed(&object, inventory, place, &mut findings);
        let held = self.measure(&object);
        // Every level says so: what a quick look finds is not something else for a full one.
        if let (Some(held), Some(before)) = (held, look.held)
            && held != before
        {
            let finding = Finding::new(Code::SizeMismatch).file(place);
            findings.push(finding.value(held.to_string()).expected(before.to_string()));
        }
        let permission = match look.level {
            Level::Quick => false,
            Level::Full => match self.judge_blocks(&object, look.blocks, watch)? {
                ByBlocks::Equal => false,
                otherwise => {
                    let denied = self.judge_bytes(&object, (id, place), &mut findings, watch)?;
                    // What was otherwise only a moment ago is told as well.
                    if let ByBlocks::Differs(finding) = otherwise
                        && verdict(&findings, true) == Verdict::Conforms
                    {
                        findings.push(finding);
                    }
                    denied
                }
            },
            Level::Deep => {
                forget_object(&object);
                let denied = self.judge_content(&object, (id, place), &mut findings, watch);
                forget_object(&object);
                denied?
            }
        };
        Ok(Judged { held, ..Judged::new(place, id, findings, permission) })
    }

    /// Returns how many bytes the files of the object have together, if all could be measured.
    fn measure(&self, object: &Object) -> Option<u64> {
        let root = self.root.join(marker::STORE).join(&object.place);
        let sizes = object.inventory.as_ref()?.content().map(|(path, _)| {
            let found = root.join(path).symlink_metadata().ok()?;
            found.is_file().then_some(found.len())
        });
        sizes.sum()
    }

    /// Returns how many bytes the files of the package have on the medium, if they are there and can be measured.
    pub(super) fn size(&self, id: PackageId) -> Option<u64> {
        let object = self.store.object(&Self::object_id(id)).ok()??;
        self.measure(&object)
    }

    /// Lets go of what the system keeps of the object's files in memory, so that they are read from the medium.
    pub(super) fn forget(&self, id: PackageId) {
        if let Ok(Some(object)) = self.store.object(&Self::object_id(id)) {
            forget_object(&object);
        }
    }

    /// Checks an object that is no package against the SHA-512 of its inventory.
    pub(super) fn judge_object(
        &self,
        id: &str,
        inventory: &str,
        place: &str,
        watch: Watch<'_>,
    ) -> Result<(Vec<Finding>, bool), ArchiveError> {
        let object = match self.store.object(id) {
            Ok(Some(object)) => object,
            Ok(None) => return Ok((vec![missing(id, place)], false)),
            Err(error) => return unread(error, &self.root).map(|(finding, denied)| (vec![finding], denied)),
        };
        let mut findings: Vec<Finding> = object.findings.iter().map(|finding| in_store(finding.clone())).collect();
        changed(&object, inventory, place, &mut findings);
        let (more, permission) = self.judge_files(&object, place, digest_on_medium, watch)?;
        findings.extend(more);
        Ok((findings, permission))
    }

    /// Checks every file of the object against the inventory, and the package against its METS documents.
    fn judge_content(
        &self,
        object: &Object,
        (id, place): (PackageId, &str),
        findings: &mut Vec<Finding>,
        watch: Watch<'_>,
    ) -> Result<bool, ArchiveError> {
        // Both read the same bytes at about the same time: what one of them has read stays in memory for the other.
        let files = || self.judge_files(object, place, digest_file, watch);
        let conforms = |reader: &_, watch: Watch<'_>| Ok(of_what_is_kept(examine(reader, watch)?.findings));
        let (whole, parts) = rayon::join(files, || self.judge_parts(object, id, conforms, watch));
        let (more, permission) = whole?;
        findings.extend(more);
        let (more, denied) = parts?;
        add_unnamed(findings, more);
        Ok(permission || denied)
    }

    /// Checks every byte of the object against its inventory, and names the files in its packages that are not as they were.
    fn judge_bytes(
        &self,
        object: &Object,
        (id, place): (PackageId, &str),
        findings: &mut Vec<Finding>,
        watch: Watch<'_>,
    ) -> Result<bool, ArchiveError> {
        let (more, denied) = self.judge_files(object, place, digest_on_medium, watch)?;
        findings.extend(more);
        if verdict(findings, true) != Verdict::Damaged {
            return Ok(denied);
        }
        let (more, unreadable) = self.judge_parts(object, id, harm, watch)?;
        add_unnamed(findings, more);
        Ok(denied || unreadable)
    }

    /// Checks the packages of the object's versions, each by `judge`.
    fn judge_parts(
        &self,
        object: &Object,
        id: PackageId,
        judge: impl Fn(&PackageReader, Watch<'_>) -> Result<Vec<Finding>, Cancelled>,
        watch: Watch<'_>,
    ) -> Result<(Vec<Finding>, bool), Cancelled> {
        let (mut findings, mut permission) = (Vec::new(), false);
        for (number, path) in (1..).zip(self.package_paths(object, id)) {
            match PackageReader::open(&path) {
                Ok(reader) => {
                    let found = judge(&reader, watch)?;
                    findings.extend(found.into_iter().map(|finding| in_part(finding, id, number)));
                }
                Err(error) => {
                    permission |= matches!(&error, PackageError::Io { source, .. }
                        if source.kind() == std::io::ErrorKind::PermissionDenied);
                    let mut finding = unopened(&error);
                    if let Some(file) = &finding.file {
                        finding.file = Some(holding::relative(&self.root, Path::new(file)));
                    }
                    findings.push(finding);
                }
            }
        }
        Ok((findings, permission))
    }

    fn judge_files(
        &self,
        object: &Object,
        place: &str,
        digest: impl Fn(&File, &Path, Watch<'_>) -> Result<Checksum, ArchiveError>,
        watch: Watch<'_>,
    ) -> Result<(Vec<Finding>, bool), ArchiveError> {
        let mut findings = Vec::new();
        let mut permission = false;
        let root = self.root.join(marker::STORE).join(&object.place);
        for (path, expected) in object.inventory.iter().flat_map(Inventory::content) {
            let target = root.join(path);
            let file = format!("{place}/{path}");
            let opened = open_regular(&target).map_err(ArchiveError::io(&target));
            let read = opened.and_then(|opened| digest(&opened, &target, watch));
            let found: Checksum = match read {
                Ok(found) => found,
                Err(ArchiveError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                    // The look at the object's folder has named it.
                    continue;
                }
                Err(ArchiveError::Io { source, .. }) => {
                    permission |= source.kind() == std::io::ErrorKind::PermissionDenied;
                    findings.push(Finding::new(Code::Unreadable).file(file).value(source.to_string()));
                    continue;
                }
                Err(error) => return Err(error),
            };
            if found != expected {
                let finding = Finding::new(Code::PackageChanged).file(file);
                findings.push(finding.value(found.to_string()).expected(expected.to_string()));
            }
        }
        Ok((findings, permission))
    }
}

/// Lets go of what the system keeps of the object's files in memory.
pub(super) fn forget_object(object: &Object) {
    for (path, _) in object.inventory.iter().flat_map(Inventory::content) {
        if let Ok(file) = object.open(path) {
            durable::forget(&file);
        }
    }
}

/// Adds what is wrong in the packages, but not of files that are named already: missing, unreadable.
fn add_unnamed(findings: &mut Vec<Finding>, more: Vec<Finding>) {
    let named = |finding: &Finding| findings.iter().any(|known| known.file == finding.file);
    let more: Vec<Finding> = more.into_iter().filter(|finding| !named(finding)).collect();
    findings.extend(more);
}

/// Names a file of the package that version `number` brought; those of the first are named as they are.
fn in_part(mut finding: Finding, id: PackageId, number: usize) -> Finding {
    if number > 1 {
        finding.file = finding.file.map(|file| format!("{}/{file}", part_name(id, number)));
    }
    finding
}

fn missing(id: &str, place: &str) -> Finding {
    Finding::new(Code::PackageMissing).file(place).value(id)
}

/// Adds a finding where the inventory is not the one that was recorded.
fn changed(object: &Object, inventory: &str, place: &str, findings: &mut Vec<Finding>) {
    if let Some(found) = &object.inventory_sha512
        && found != inventory
    {
        let finding = Finding::new(Code::PackageChanged).file(format!("{place}/inventory.json"));
        findings.push(finding.value(found).expected(inventory));
    }
}

/// Names a file of the store as the archive knows it.
pub(super) fn in_store(mut finding: Finding) -> Finding {
    finding.file = finding.file.map(|file| format!("{}/{file}", marker::STORE));
    finding
}

/// Turns what is wrong with one folder of the archive at `root` into a finding, and whether permission is what lacks; other
/// errors end the run.
pub(super) fn unread(error: StoreError, root: &Path) -> Result<(Finding, bool), ArchiveError> {
    match error {
        StoreError::Io { path, source } => {
            let permission = source.kind() == std::io::ErrorKind::PermissionDenied;
            let file = holding::relative(root, &path);
            let finding = Finding::new(Code::Unreadable).file(file);
            Ok((finding.value(source.to_string()), permission))
        }
        other => Err(other.into()),
    }
}
