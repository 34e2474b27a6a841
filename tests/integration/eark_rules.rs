//! The table of requirements against the list that was published.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use earchiv::package::eark::rules::{Level, Spec, SpecVersion, table};

use super::sandbox::shared;

#[test]
fn the_table_has_all_published_requirements_with_their_levels() {
    let Some(list) = shared("corpora/eark/requirements.tsv", "the table of E-ARK requirements") else { return };
    let text = fs::read_to_string(list).unwrap();
    let mut published = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split('\t');
        let (spec, id) = (cells.next().unwrap(), cells.nth(1).unwrap());
        let level = match cells.next().unwrap().to_uppercase().split(' ').next().unwrap() {
            "MUST" => Level::Must,
            "SHOULD" => Level::Should,
            // COULD of the AIP specification is no word of RFC 2119; it allows.
            "MAY" | "COULD" => Level::May,
            other => panic!("{id}: {other}"),
        };
        published.insert((spec.to_owned(), id.to_owned()), format!("{level:?}"));
    }
    let own: BTreeMap<(String, String), String> = table::all()
        .iter()
        .filter_map(|row| {
            let spec = match row.spec {
                Spec::Csip => "CSIP",
                Spec::Sip => "SIP",
                Spec::Aip => "AIP",
                Spec::Dip => "DIP",
            };
            let level = row.level(SpecVersion::V220)?;
            Some(((spec.to_owned(), row.id.to_owned()), format!("{level:?}")))
        })
        .collect();
    assert_eq!(own, published);
}

#[test]
fn levels_differ_between_versions_where_the_specifications_do() {
    let differing: BTreeSet<&str> = table::all()
        .iter()
        .filter(|row| SpecVersion::ALL.iter().any(|version| row.level(*version) != row.level(SpecVersion::V220)))
        .filter(|row| !row.id.starts_with("AIPM"))
        .map(|row| row.id)
        .collect();
    let expected = ["CSIP100", "CSIP104", "CSIP86", "CSIP96", "SIP12", "SIP18", "SIP29"];
    assert_eq!(differing, expected.into_iter().collect());
}
