//! Which requirements speak of what a reference says.

use crate::io::xml::Way;
use crate::model::finding::Finding;
use crate::package::eark::references::ReferenceKind;

/// The requirements that a reference answers: of its target, its size, its checksum; empty where none does.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reason {
    pub(super) target: &'static str,
    pub(super) size: &'static str,
    pub(super) checksum: &'static str,
}

impl Reason {
    /// Returns those of a reference of `kind` in the element that `way` leads to.
    pub(super) fn of(kind: ReferenceKind, way: &Way) -> Self {
        let of = |target, size, checksum| Self { target, size, checksum };
        match kind {
            ReferenceKind::File => of("CSIP79", "CSIP69", "CSIP71"),
            ReferenceKind::Descriptive => of("CSIP24", "CSIP27", "CSIP29"),
            ReferenceKind::Mets => of("CSIP110", "", ""),
            ReferenceKind::Administrative => match way.names().rev().nth(1) {
                Some("digiprovMD") => of("CSIP38", "CSIP41", "CSIP43"),
                Some("rightsMD") => of("CSIP51", "CSIP54", "CSIP56"),
                _ => Self::default(),
            },
        }
    }
}

/// Names the requirement that a finding is about, if there is one.
pub(super) fn because(finding: Finding, requirement: &str) -> Finding {
    if requirement.is_empty() { finding } else { finding.requirement(requirement) }
}
