//! The audit's look at what was disposed of: the tombstones stand, and nothing has come back.

use std::collections::BTreeMap;

use super::{Archive, ArchiveError, damaged, marker};
use crate::model::disposal::Disposal;
use crate::model::finding::{Code, Finding};
use crate::model::package::PackageId;
use crate::task::Watch;

/// Checks each tombstone like a package; returns what is wrong, and whether permission is what lacks.
pub(super) fn check(
    archive: &Archive,
    disposed: &BTreeMap<PackageId, (Disposal, String)>,
    watch: Watch<'_>,
) -> Result<(Vec<Finding>, bool), ArchiveError> {
    let (mut findings, mut permission) = (Vec::new(), false);
    for (id, (disposal, tombstone)) in disposed {
        watch.cancel.check()?;
        let object = Archive::object_id(*id);
        let place = format!("{}/{}", marker::STORE, archive.store.place(&object));
        let back = |file: String| {
            let finding = Finding::new(Code::DisposedPresent).file(file).value(id.to_string());
            finding.expected(disposal.order.clone())
        };
        for copy in damaged::of_package(archive, *id)? {
            findings.push(back(copy));
        }
        match archive.store.object(&object) {
            Ok(Some(found)) if !archive.is_tombstone(&found) && found.inventory.is_some() => {
                findings.push(back(place));
                continue;
            }
            _ => {}
        }
        let (wrong, denied) = archive.judge_object(&object, tombstone, &place, watch)?;
        findings.extend(wrong);
        permission |= denied;
    }
    Ok((findings, permission))
}
