//! The second structural map: how a record's source takes it apart, with pointers to the files.
//!
//! CSIP 2.2.0 (5.3.6) leaves further structural maps to whoever writes a package. This one stands in the METS document of
//! the representation, where the files are; the root document has the one of CSIP only, which validators demand of each
//! map that they find there.

use std::collections::HashSet;
use std::io;

use super::mets::id_of;
use super::plain;
use crate::io::xml::XmlWriter;
use crate::model::unit::{Property, Unit, property};

/// Units that are nested deeper stand beside each other at this depth: readers of XML take only so much nesting.
pub const DEPTH: usize = 100;
/// How much of a unit's own identifier goes into an `xml:id`.
const ID: usize = 128;

/// Which units a record has, and how many files they may point to.
#[derive(Debug, Clone, Copy)]
pub struct Structure<'a> {
    /// The record's title.
    pub label: &'a str,
    /// Its units.
    pub units: &'a [Unit],
    /// How many files it has; in METS these are `file-1` and so on.
    pub files: usize,
}

/// Writes the map; where the record has no units there is nothing to write.
pub fn write(xml: &mut XmlWriter<'_>, structure: &Structure<'_>) -> io::Result<()> {
    if structure.units.is_empty() {
        return Ok(());
    }
    xml.start(
        "structMap",
        &[("ID", Some("structmap-logical")), ("TYPE", Some("LOGICAL")), ("LABEL", Some("Record structure"))],
    )?;
    xml.start(
        "div",
        &[("ID", Some("div-record")), ("TYPE", Some("record")), ("LABEL", Some(&plain(structure.label)))],
    )?;
    for file in loose(structure.units, structure.files) {
        pointer(xml, file)?;
    }
    let mut ids = Ids::default();
    let mut plan: Option<String> = None;
    let mut plans = 0;
    for unit in structure.units {
        let next = file_plan(&unit.properties.iter().collect::<Vec<_>>());
        if plan != next {
            if plan.is_some() {
                xml.end()?;
            }
            if let Some(label) = &next {
                plans += 1;
                let id = format!("plan-{plans}");
                xml.start("div", &[("ID", Some(&id)), ("TYPE", Some("Aktenplan")), ("LABEL", Some(&plain(label)))])?;
            }
            plan = next;
        }
        tree(xml, unit, structure.files, &mut ids)?;
    }
    if plan.is_some() {
        xml.end()?;
    }
    xml.end()?;
    xml.end()
}

/// Returns the class of the filing plan that `properties` name, and what that is about.
#[must_use]
pub fn file_plan(properties: &[&Property]) -> Option<String> {
    let named = |name| properties.iter().find(|property| property.name == name).map_or("", |found| &found.value);
    joined(&[named(property::FILE_PLAN), named(property::FILE_PLAN_TITLE)])
}

/// Returns the parts that are not empty, parted by a space; `None` where all are.
#[must_use]
pub fn joined(parts: &[&str]) -> Option<String> {
    let told: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// Returns the positions of files that no unit points to.
#[must_use]
pub fn loose(units: &[Unit], files: usize) -> Vec<usize> {
    let mut placed = vec![false; files];
    for (unit, _) in units.iter().flat_map(nested) {
        for file in &unit.files {
            if let Some(mark) = placed.get_mut(*file) {
                *mark = true;
            }
        }
    }
    (0..files).filter(|file| !placed[*file]).collect()
}

/// Returns `unit` and all units in it, each before those in it, with how deep it lies (0: this one).
pub fn nested(unit: &Unit) -> impl Iterator<Item = (&Unit, usize)> {
    // Not by recursion: a source may nest as deep as its limits let it.
    let mut open = vec![(unit, 0)];
    std::iter::from_fn(move || {
        let (unit, depth) = open.pop()?;
        open.extend(unit.parts.iter().rev().map(|part| (part, depth + 1)));
        Some((unit, depth))
    })
}

fn tree(xml: &mut XmlWriter<'_>, top: &Unit, files: usize, ids: &mut Ids) -> io::Result<()> {
    let mut open = 0;
    for (unit, depth) in nested(top) {
        let depth = depth.min(DEPTH);
        for _ in depth..open {
            xml.end()?;
        }
        open = depth + 1;
        let id = ids.of(unit);
        let label = joined(&[&unit.reference, &unit.title]);
        let label = label.as_deref().map(plain);
        xml.start("div", &[("ID", Some(&id)), ("TYPE", Some(unit.kind.name())), ("LABEL", label.as_deref())])?;
        for file in unit.files.iter().filter(|file| **file < files) {
            pointer(xml, *file)?;
        }
    }
    for _ in 0..open {
        xml.end()?;
    }
    Ok(())
}

fn pointer(xml: &mut XmlWriter<'_>, file: usize) -> io::Result<()> {
    xml.empty("fptr", &[("FILEID", Some(&format!("file-{}", file + 1)))])
}

/// Gives each unit an `xml:id` of its own.
#[derive(Debug, Default)]
struct Ids {
    given: HashSet<String>,
    units: u64,
}

impl Ids {
    fn of(&mut self, unit: &Unit) -> String {
        self.units += 1;
        if unit.id.is_empty() {
            return format!("unit-{}", self.units);
        }
        let own: String = unit.id.chars().take(ID).collect();
        let id = format!("uuid-{}", id_of(&own));
        if self.given.insert(id.clone()) {
            return id;
        }
        // No other unit has this: numbers are given once, and what they follow is no letter that `id_of` leaves.
        format!("{id}_{}", self.units)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::io::xml::{Node, XmlLimits, XmlReader};
    use crate::model::unit::UnitKind;

    fn written(units: &[Unit], files: usize) -> String {
        let mut out = Vec::new();
        let mut xml = XmlWriter::new(&mut out);
        write(&mut xml, &Structure { label: "Ablieferung", units, files }).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().skip(1).map(str::trim).collect::<Vec<_>>().join("\n")
    }

    fn unit(kind: UnitKind, id: &str, parts: Vec<Unit>) -> Unit {
        Unit { kind, id: id.to_owned(), parts, ..Unit::default() }
    }

    #[test]
    fn units_stand_in_each_other_and_point_to_their_files() {
        let letter = Unit { files: vec![1, 0, 7], ..unit(UnitKind::Dokument, "", Vec::new()) };
        let case = Unit {
            reference: "67-1/3".to_owned(),
            title: "Rutsche & <Schaukel>".to_owned(),
            properties: vec![
                Property::new(property::FILE_PLAN, "67.1"),
                Property::new(property::FILE_PLAN_TITLE, "Grün"),
            ],
            ..unit(UnitKind::Vorgang, "a/b c", vec![letter])
        };
        let expected = "\
<structMap ID=\"structmap-logical\" TYPE=\"LOGICAL\" LABEL=\"Record structure\">
<div ID=\"div-record\" TYPE=\"record\" LABEL=\"Ablieferung\">
<fptr FILEID=\"file-3\"/>
<div ID=\"plan-1\" TYPE=\"Aktenplan\" LABEL=\"67.1 Grün\">
<div ID=\"uuid-a.b_20_c\" TYPE=\"Vorgang\" LABEL=\"67-1/3 Rutsche &amp; &lt;Schaukel&gt;\">
<div ID=\"unit-2\" TYPE=\"Dokument\">
<fptr FILEID=\"file-2\"/>
<fptr FILEID=\"file-1\"/>
</div>
</div>
</div>
</div>
</structMap>";
        assert_eq!(written(&[case], 3), expected);
    }

    #[test]
    fn every_unit_has_an_id_of_its_own() {
        let same = || unit(UnitKind::Dokument, "X", Vec::new());
        let units = [same(), unit(UnitKind::Akte, "X_2", vec![same()]), same(), unit(UnitKind::Akte, "", Vec::new())];
        let text = written(&units, 0);
        let ids: Vec<&str> = text.split("ID=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let apart: HashSet<&&str> = ids.iter().collect();
        assert_eq!(apart.len(), ids.len(), "{ids:?}");
    }

    #[test]
    fn nesting_ends_where_readers_give_up() {
        let deep =
            (0..1000).fold(unit(UnitKind::Akte, "", Vec::new()), |inner, _| unit(UnitKind::Akte, "", vec![inner]));
        let text = written(&[deep], 0);
        assert_eq!(text.matches("TYPE=\"Akte\"").count(), 1001);
        let deepest = text.lines().fold((0_usize, 0), |(open, most), line| {
            let open = if line.starts_with("</") { open - 1 } else { open + usize::from(!line.ends_with("/>")) };
            (open, most.max(open))
        });
        assert_eq!(deepest, (0, DEPTH + 3));
    }

    /// Trees of units with odd identifiers and positions of files.
    fn units() -> impl Strategy<Value = Vec<Unit>> {
        let leaf = ("[a-c/ _.äÄ\u{0}]{0,3}", proptest::collection::vec(0..6_usize, 0..3))
            .prop_map(|(id, files)| Unit { title: id.clone(), id, files, ..Unit::default() });
        let tree = leaf.prop_recursive(6, 40, 4, |inner| {
            (inner.clone(), proptest::collection::vec(inner, 0..4)).prop_map(|(unit, parts)| Unit { parts, ..unit })
        });
        proptest::collection::vec(tree, 1..4)
    }

    proptest! {
        #[test]
        fn each_unit_is_one_division_with_its_own_files_and_each_file_is_pointed_to(units in units()) {
            let text = written(&units, 5);
            let mut xml = XmlReader::new(text.as_bytes(), XmlLimits::default());
            let (mut ids, mut pointed, mut divisions) = (HashSet::new(), HashSet::new(), 0);
            while let Some(node) = xml.node().unwrap() {
                let Node::Start(element) = node else { continue };
                if let Some(id) = element.attribute("ID") {
                    prop_assert!(ids.insert(id.to_owned()), "{} twice", id);
                    prop_assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._".contains(letter)));
                }
                divisions += usize::from(element.name == "div");
                pointed.extend(element.attribute("FILEID").map(str::to_owned));
            }
            prop_assert_eq!(divisions, 1 + units.iter().flat_map(nested).count());
            prop_assert_eq!(pointed, (1..=5).map(|number| format!("file-{number}")).collect());
        }
    }

    #[test]
    fn a_record_without_units_has_no_second_map() {
        assert_eq!(written(&[], 3), "");
    }
}
