//! Bags.

use std::path::Path;

use super::{Options, Standard, Validated};
use crate::model::finding::{Code, Finding};
use crate::source::SourceError;
use crate::source::bagit::{Judged, judge};
use crate::source::tree::Tree;
use crate::task::{Cancelled, Watch};

/// Judges the bag in `tree`, which lies at `path`.
pub(super) fn validate(
    path: &Path,
    tree: Result<Tree, SourceError>,
    options: &Options,
    watch: Watch<'_>,
) -> Result<Validated, Cancelled> {
    let name = || path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let judged = match tree.and_then(|tree| judge(&tree, options.bag_profile.as_deref(), watch)) {
        Ok(judged) => judged,
        Err(SourceError::Cancelled(stopped)) => return Err(stopped),
        Err(error) => {
            let finding = match error {
                SourceError::Refused { finding, .. } => *finding,
                SourceError::Read { source, .. } => {
                    Finding::new(Code::Unreadable).file(name()).value(source.to_string())
                }
                other => Finding::new(Code::Unreadable).file(name()).value(other.to_string()),
            };
            Judged { findings: vec![finding], ..Judged::default() }
        }
    };
    Ok(Validated {
        standard: Standard::Bagit,
        kind: "bag".to_owned(),
        version: judged.version,
        id: judged.id,
        findings: judged.findings,
        // The RFC numbers no requirements: findings name its sections.
        answers: Vec::new(),
        files: judged.files,
        bytes: judged.bytes,
    })
}
