//! The table: all requirements of CSIP, SIP, AIP and DIP, in the order of the specifications.

mod aip;
mod content;
mod dip;
mod divisions;
mod folders;
mod header;
mod metadata;
mod sip;

use std::collections::HashMap;
use std::sync::OnceLock;

use super::place::PLACES;
use super::{Ask, Level, Levels, Place, Requirement, Spec, Value};

/// Mandatory in all versions.
const MUST: Levels = [Some(Level::Must); 3];
/// Recommended in all versions.
const SHOULD: Levels = [Some(Level::Should); 3];
/// Allowed in all versions.
const MAY: Levels = [Some(Level::May); 3];
/// Mandatory up to 2.1.0, recommended since 2.2.0.
const MUST_THEN_SHOULD: Levels = [Some(Level::Must), Some(Level::Must), Some(Level::Should)];
/// Allowed up to 2.1.0, mandatory since 2.2.0.
const MAY_THEN_MUST: Levels = [Some(Level::May), Some(Level::May), Some(Level::Must)];
/// Mandatory in 2.0.4 and gone since.
const MUST_ONCE: Levels = [Some(Level::Must), None, None];
/// Mandatory, new in 2.2.0.
const NEW_MUST: Levels = [None, None, Some(Level::Must)];
/// Recommended, new in 2.2.0.
const NEW_SHOULD: Levels = [None, None, Some(Level::Should)];

/// A row: id, levels, place, question, what it says. The specification is added where rows are gathered.
type Row = (&'static str, Levels, Place, Ask, &'static str);

/// Returns all requirements, in the order of the specifications.
pub fn all() -> &'static [Requirement] {
    static ALL: OnceLock<Vec<Requirement>> = OnceLock::new();
    ALL.get_or_init(|| {
        let gathered = [
            (Spec::Csip, header::ROWS),
            (Spec::Csip, metadata::ROWS),
            (Spec::Csip, content::ROWS),
            (Spec::Csip, divisions::ROWS),
            (Spec::Sip, sip::ROWS),
            (Spec::Aip, aip::METS),
            (Spec::Dip, dip::ROWS),
            (Spec::Aip, aip::TEXT),
            (Spec::Csip, folders::ROWS),
        ];
        gathered
            .into_iter()
            .flat_map(|(spec, rows)| {
                rows.iter().map(move |&(id, levels, place, ask, what)| Requirement {
                    id,
                    spec,
                    levels,
                    place,
                    ask,
                    what,
                })
            })
            .collect()
    })
}

/// Returns the number of the requirement `id` in [`all`]; of those that several specifications call alike the first.
pub(super) fn number(id: &str) -> Option<usize> {
    static NUMBERS: OnceLock<HashMap<&'static str, usize>> = OnceLock::new();
    let numbers =
        NUMBERS.get_or_init(|| all().iter().enumerate().rev().map(|(number, row)| (row.id, number)).collect());
    numbers.get(id).copied()
}

/// Returns the numbers of the requirements that ask for an id.
pub(super) fn about_ids() -> &'static [usize] {
    static ASKING: OnceLock<Vec<usize>> = OnceLock::new();
    ASKING.get_or_init(|| {
        let asks = |row: &Requirement| matches!(row.ask, Ask::Attribute(_, Value::Id));
        all().iter().enumerate().filter(|(_, row)| asks(row)).map(|(number, _)| number).collect()
    })
}

/// Returns the numbers of the requirements that are asked at `place`.
pub(super) fn at(place: Place) -> &'static [usize] {
    static PLACED: OnceLock<Vec<Vec<usize>>> = OnceLock::new();
    let placed = PLACED.get_or_init(|| {
        let mut placed = vec![Vec::new(); PLACES];
        for (number, row) in all().iter().enumerate() {
            if matches!(row.ask, Ask::Attribute(..) | Ask::Optional(..) | Ask::Element(..)) {
                placed[row.place as usize].push(number);
            }
        }
        placed
    });
    &placed[place as usize]
}

/// The requirements of CSIP for administrative metadata.
#[rustfmt::skip]
const ADMINISTRATIVE: &[&str] = &[
    "CSIP31", "CSIP32", "CSIP33", "CSIP34", "CSIP35", "CSIP36", "CSIP37", "CSIP38", "CSIP39", "CSIP40", "CSIP41", "CSIP42",
    "CSIP43", "CSIP44", "CSIP45", "CSIP46", "CSIP47", "CSIP48", "CSIP49", "CSIP50", "CSIP51", "CSIP52", "CSIP53", "CSIP54",
    "CSIP55", "CSIP56", "CSIP57",
];

/// The requirements of CSIP for the structural map.
#[rustfmt::skip]
const STRUCTURE: &[&str] = &[
    "CSIP80", "CSIP81", "CSIP82", "CSIP83", "CSIP84", "CSIP85", "CSIP88", "CSIP89", "CSIP90", "CSIP91", "CSIP92", "CSIP93",
    "CSIP94", "CSIP95", "CSIP96", "CSIP116", "CSIP97", "CSIP98", "CSIP99", "CSIP100", "CSIP118", "CSIP101", "CSIP102",
    "CSIP103", "CSIP104", "CSIP119", "CSIP105", "CSIP106", "CSIP107", "CSIP108", "CSIP109", "CSIP110", "CSIP111", "CSIP112",
];
