//! What holds between the sections of metadata in a METS document and the division of the metadata.

use std::collections::HashSet;

use super::Place;
use super::document::Here;
use super::ids::{Id, Ids};
use crate::io::xml::Element;

/// A section of administrative metadata that is current, and the section around it.
#[derive(Debug)]
struct Current {
    own: Id,
    around: Option<Id>,
}

/// What was read of sections of metadata.
#[derive(Debug, Default)]
pub(super) struct Sections {
    around: Option<Id>,
    administrative: Vec<Current>,
    descriptive: Vec<Id>,
    any_current: bool,
    /// References to metadata of digital provenance, and how many of these are PREMIS.
    references: u64,
    premis: u64,
}

impl Sections {
    /// Takes a section of metadata, in the METS document of the package or of a representation.
    pub(super) fn section(
        &mut self,
        place: Place,
        element: &Element,
        ids: &Ids,
        of_package: bool,
        here: &mut Here<'_>,
    ) {
        let id = element.attribute("ID").filter(|id| !id.is_empty()).map(|id| ids.number(id));
        let status = element.attribute("STATUS");
        let current = status == Some("CURRENT");
        match place {
            Place::Amd => self.around = id,
            Place::Dmd => {
                self.any_current |= current;
                self.descriptive.extend(id.filter(|_| current));
                if let (Some(status), true) = (status, of_package) {
                    here.ask("DIP4");
                    if !current {
                        here.fail("DIP4", "STATUS", Some(status), "CURRENT");
                    }
                }
            }
            _ => {
                let around = self.around;
                self.administrative.extend(id.filter(|_| current).map(|own| Current { own, around }));
            }
        }
    }

    /// Takes a reference to metadata of digital provenance of the package.
    pub(super) fn reference(&mut self, element: &Element, here: &mut Here<'_>) {
        self.references += 1;
        if element.attribute("MDTYPE").is_some_and(|kind| kind.starts_with("PREMIS")) {
            self.premis += 1;
            here.ask("AIPM7");
            let version = element.attribute("MDTYPEVERSION");
            if !version.is_some_and(|version| version == "3" || version.starts_with("3.")) {
                here.fail("AIPM7", "MDTYPEVERSION", version, "3");
            }
        }
    }

    /// CSIP91 and CSIP92: what the division of the metadata names.
    pub(super) fn division(&mut self, element: &Element, ids: &Ids, here: &mut Here<'_>) {
        let named = |name: &str| -> HashSet<Id> {
            element.attribute(name).unwrap_or_default().split_whitespace().map(|id| ids.number(id)).collect()
        };
        let value = element.attribute("ADMID");
        let set = named("ADMID");
        if value.is_some() || !self.administrative.is_empty() {
            here.ask("CSIP91");
            let all = self
                .administrative
                .iter()
                .all(|one| set.contains(&one.own) || one.around.is_some_and(|around| set.contains(&around)));
            let known = value.unwrap_or_default().split_whitespace().all(|id| ids.is_administrative(id));
            if !all || !known {
                here.fail("CSIP91", "ADMID", value, "all current amdSec ID");
            }
        }
        let value = element.attribute("DMDID");
        let set = named("DMDID");
        if value.is_some() || !self.descriptive.is_empty() {
            here.ask("CSIP92");
            let known = value.unwrap_or_default().split_whitespace().all(|id| ids.is_descriptive(id));
            if !self.descriptive.iter().all(|id| set.contains(id)) || !known {
                here.fail("CSIP92", "DMDID", value, "all current dmdSec ID");
            }
        }
    }

    /// AIPM4 to AIPM6.
    pub(super) fn archival(&self, count: &dyn Fn(Place) -> u32, here: &mut Here<'_>) {
        if count(Place::Dmd) > 0 {
            here.ask("AIPM4");
            if !self.any_current {
                here.fail("AIPM4", "", None, "dmdSec[@STATUS='CURRENT']");
            }
        }
        here.ask("AIPM5");
        if self.references == 0 {
            here.fail("AIPM5", "", Some("0"), "amdSec/digiprovMD/mdRef");
        } else {
            here.ask("AIPM6");
            if self.premis == 0 {
                here.fail("AIPM6", "", None, "amdSec/digiprovMD/mdRef[@MDTYPE='PREMIS']");
            }
        }
    }
}
