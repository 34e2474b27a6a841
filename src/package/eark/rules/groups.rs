//! What holds between the file groups of a METS document and the divisions that point to them.

use std::collections::{HashMap, HashSet};

use super::Place;
use super::ask::Name;
use super::division::{Division, representation_of};
use super::document::{Here, Role};
use super::head::{Head, other_information_type};
use super::ids::{Id, Ids};
use super::sections::Sections;
use super::tally::{LISTED, Spot, shortened};
use super::tree::Tree;
use crate::io::xml::Element;
use crate::model::path::resolve;
use crate::package::eark::vocabulary::INFORMATION_TYPES;

/// What the files of a group are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Documentation,
    Schemas,
    Content,
    Other,
}

/// A file group.
#[derive(Debug)]
struct Group {
    kind: Kind,
    /// `USE`.
    name: String,
    spot: Spot,
    /// It stands in no other group.
    outermost: bool,
    /// A division points to it.
    pointed: bool,
    /// A division points to the METS document that it lists.
    titled: bool,
    /// The first file of it that lies elsewhere.
    elsewhere: Option<String>,
}

/// What was read of sections, groups and divisions.
#[derive(Debug)]
pub(super) struct Groups {
    base: String,
    all: Vec<Group>,
    /// The number of a group by its id.
    by_id: HashMap<Id, usize>,
    /// The groups that are open.
    open: Vec<usize>,
    /// The divisions that are open.
    divisions: Vec<Place>,
    sections: Sections,
    /// Whether a map without the label of CSIP is physical, and where the first map is.
    other_physical: bool,
    first_map: Option<Spot>,
    first_label: Option<String>,
    maps: u32,
    other_maps: u32,
    /// Representations to whose METS document a division points.
    pointers: HashSet<String>,
    /// The divisions below that of the package that are open.
    below: Vec<Division>,
    parent_aip: bool,
    /// How often all that was read was compared with one element.
    compared: u64,
}

const CONTENT: &str = "Representations";
/// How many groups are kept; of more, those that came first are held against the divisions.
const MOST: usize = 200_000;
/// The longest name of a folder.
const NAME: usize = 255;

impl Groups {
    /// Begins a document in the folder `base`.
    pub(super) fn new(base: String) -> Self {
        Self {
            base,
            all: Vec::new(),
            by_id: HashMap::new(),
            open: Vec::new(),
            divisions: Vec::new(),
            sections: Sections::default(),
            other_physical: false,
            first_map: None,
            first_label: None,
            maps: 0,
            other_maps: 0,
            pointers: HashSet::new(),
            below: Vec::new(),
            parent_aip: false,
            compared: 0,
        }
    }

    /// Returns whether all that was read is to be compared with one element more. Of those that are compared so a document has
    /// one; a million of them would take as many times as long as the document.
    fn compares(&mut self) -> bool {
        self.compared += 1;
        self.compared <= LISTED
    }

    /// Takes the beginning of an element at the second place, in one at the first.
    pub(super) fn start(
        &mut self,
        (parent, place): (Place, Place),
        element: &Element,
        ids: &Ids,
        head: &Head,
        here: &mut Here<'_>,
    ) {
        match place {
            Place::Dmd | Place::Amd | Place::Digiprov | Place::Rights | Place::OtherAmd => {
                self.sections.section(place, element, ids, self.base.is_empty(), here);
            }
            Place::DigiprovRef if self.base.is_empty() => self.sections.reference(element, here),
            Place::FileGrp => self.group(parent, element, ids, here),
            Place::Map | Place::OtherMap => self.map(place, element, here),
            Place::Main => {
                here.ask("CSIP86");
                let label = element.attribute("LABEL");
                if label != Some(head.object.as_str()) {
                    here.fail("CSIP86", "LABEL", label, &head.object);
                }
                self.divisions.push(place);
            }
            Place::Fptr => self.pointer(parent, element, ids, here),
            Place::Mptr => self.document(element, ids, here),
            place if place.is_division() => {
                if place == Place::MetadataDiv && self.compares() {
                    self.sections.division(element, ids, here);
                    // The relation of CSIP61 stated the wrong way round.
                    let named = element.attribute("ADMID");
                    let is_group = |id: &str| self.by_id.contains_key(&ids.number(id));
                    if named.unwrap_or_default().split_whitespace().any(is_group) {
                        here.fail("CSIP61", "ADMID", named, "amdSec ID");
                    }
                }
                self.divisions.push(place);
                let label = element.attribute("LABEL").unwrap_or_default();
                // No folder's name is as long, and many divisions can be open.
                let label = if label.len() > 2 * NAME { shortened(label) } else { label.to_owned() };
                self.below.push(Division { label, pointers: 0, target: None });
            }
            _ => {}
        }
    }

    /// Takes the end of an element; `count` says how many children it had at a place.
    pub(super) fn end(
        &mut self,
        place: Place,
        count: &dyn Fn(Place) -> u32,
        role: &Role,
        tree: &Tree,
        here: &mut Here<'_>,
    ) {
        match place {
            Place::FileGrp => {
                self.open.pop();
                here.ask("CSIP66");
                if count(Place::File) + count(Place::FileGrp) == 0 {
                    here.fail_child("CSIP66", "file", 0, "1..n");
                }
            }
            Place::File if count(Place::FContent) == 0 || count(Place::FLocat) > 0 => {
                here.ask("CSIP76");
                if count(Place::FLocat) != 1 {
                    here.fail_child("CSIP76", "FLocat", count(Place::FLocat), "1..1");
                }
            }
            Place::FileSec if self.compares() => self.file_section(role, tree, here),
            Place::Main => {
                self.divisions.pop();
                if self.compares() {
                    self.main(count, role, tree, here);
                }
            }
            place if place.is_division() => {
                self.divisions.pop();
                let Some(division) = self.below.pop() else { return };
                if place == Place::RepresentationDiv {
                    division.of_representation(role, tree, here);
                } else if place == Place::OtherDiv
                    && matches!(*self.divisions, [_] | [_, Place::ContentDiv])
                    && division.pointers > 0
                {
                    let label = Some(&*division.label).filter(|label| !label.is_empty());
                    here.fail("CSIP107", "LABEL", label, "Representations/<folder>");
                }
            }
            Place::Mets => self.root(count, role, tree, here),
            _ => {}
        }
    }

    /// Returns whether the package says that it is part of another AIP.
    pub(super) fn is_part(&self) -> bool {
        self.parent_aip
    }

    fn group(&mut self, parent: Place, element: &Element, ids: &Ids, here: &mut Here<'_>) {
        const INFORMATION: Name = Name::csip("CONTENTINFORMATIONTYPE");
        let name = element.attribute("USE").unwrap_or_default();
        let kind = match name {
            "Documentation" => Kind::Documentation,
            "Schemas" => Kind::Schemas,
            _ if name == CONTENT || name.strip_prefix(CONTENT).is_some_and(|rest| rest.starts_with('/')) => {
                Kind::Content
            }
            _ => Kind::Other,
        };
        if parent == Place::FileSec {
            here.ask("CSIP64");
            if kind == Kind::Other {
                let expected = "Documentation | Schemas | Representations | Representations/...";
                here.fail("CSIP64", "USE", element.attribute("USE"), expected);
            }
        }
        let information = INFORMATION.of(element);
        if kind == Kind::Content && parent == Place::FileSec || information.is_some() {
            here.ask("CSIP62");
            if !information.is_some_and(|kind| INFORMATION_TYPES.contains(&kind)) {
                here.fail("CSIP62", "csip:CONTENTINFORMATIONTYPE", information, "ContentInformationType");
            }
        }
        other_information_type(here, element, "CSIP63", information.unwrap_or_default());
        let id = element.attribute("ID").filter(|id| !id.is_empty()).map(|id| ids.number(id));
        self.open.push(self.all.len());
        if self.all.len() == MOST {
            return;
        }
        if let Some(id) = id {
            self.by_id.entry(id).or_insert(self.all.len());
        }
        let name = if name.len() > 4 * NAME { shortened(name) } else { name.to_owned() };
        let spot = here.spot("");
        let outermost = parent == Place::FileSec;
        self.all.push(Group { kind, name, spot, outermost, pointed: false, titled: false, elsewhere: None });
    }

    /// Takes the path of the file that was listed last: the files of a group lie in the folder that `USE` names (CSIP64).
    pub(super) fn located(&mut self, path: &str) {
        let Some(group) = self.open.first().and_then(|open| self.all.get_mut(*open)) else { return };
        if group.elsewhere.is_some() || group.kind == Kind::Other {
            return;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let lies = match group.kind {
            Kind::Content => {
                let length = group.name.len();
                let begins = folder.get(..length).is_some_and(|begin| begin.eq_ignore_ascii_case(&group.name));
                begins && matches!(folder.as_bytes().get(length), None | Some(b'/'))
            }
            _ => folder.split('/').any(|part| part.eq_ignore_ascii_case(&group.name)),
        };
        if !lies {
            group.elsewhere = Some(path.to_owned());
        }
    }

    /// Takes the path of the file to which a pointer to a METS document leads.
    pub(super) fn led(&mut self, path: &str) {
        if let Some(division) = self.below.last_mut() {
            division.target = Some(path.to_owned());
        }
    }

    /// CSIP64, once it is known what the package holds: one that brings no content still lists in the group that CSIP114 wants
    /// what it brings, which lies in no folder of representations.
    fn folders(&self, role: &Role, tree: &Tree, here: &mut Here<'_>) {
        for group in &self.all {
            let Some(path) = &group.elsewhere else { continue };
            if group.name == CONTENT && !tree.has_content(role) {
                continue;
            }
            let spot = Spot { xpath: format!("{}/@USE", group.spot.xpath), ..group.spot.clone() };
            here.tally.fail("CSIP64", spot, Some(&group.name), path);
        }
    }

    fn map(&mut self, place: Place, element: &Element, here: &mut Here<'_>) {
        let physical = element.attribute("TYPE") == Some("PHYSICAL");
        if self.first_map.is_none() {
            self.first_map = Some(here.spot(""));
            self.first_label = element.attribute("LABEL").map(str::to_owned);
        }
        if place == Place::Map {
            self.maps += 1;
            here.ask("CSIP81");
            if !physical {
                here.fail("CSIP81", "TYPE", element.attribute("TYPE"), "PHYSICAL");
            }
        } else {
            self.other_maps += 1;
            self.other_physical |= physical;
            let label = element.attribute("LABEL").unwrap_or_default().to_ascii_lowercase();
            self.parent_aip |= label == "parent" || label == "parent aip";
        }
    }

    fn pointer(&mut self, parent: Place, element: &Element, ids: &Ids, here: &mut Here<'_>) {
        let value = element.attribute("FILEID");
        let group = value.and_then(|id| self.by_id.get(&ids.number(id))).and_then(|group| self.all.get_mut(*group));
        let kind = group.map(|group| {
            group.pointed = true;
            group.kind
        });
        let (id, wanted) = match parent {
            Place::DocumentationDiv => ("CSIP116", Kind::Documentation),
            Place::SchemasDiv => ("CSIP118", Kind::Schemas),
            Place::ContentDiv => ("CSIP119", Kind::Content),
            // A division of its own in that of the package, whose label is none of the vocabulary.
            Place::OtherDiv if self.divisions.len() == 2 => {
                let (id, label) = match kind {
                    Some(Kind::Documentation) => ("CSIP95", "Documentation"),
                    Some(Kind::Schemas) => ("CSIP99", "Schemas"),
                    Some(Kind::Content) => ("CSIP103", CONTENT),
                    _ => return,
                };
                return here.fail(id, "FILEID", value, &format!("LABEL {label}"));
            }
            _ => return,
        };
        if !self.all.is_empty() {
            here.ask(id);
            // Of a group whose USE is not known, CSIP64 tells.
            if kind != Some(wanted) && kind != Some(Kind::Other) {
                here.fail(id, "FILEID", value, "fileGrp ID");
            }
        }
    }

    fn document(&mut self, element: &Element, ids: &Ids, here: &mut Here<'_>) {
        if let Some(division) = self.below.last_mut() {
            division.pointers += 1;
        }
        let title = Name::xlink("title").of(element);
        let group = title.and_then(|id| self.by_id.get(&ids.number(id)));
        match group {
            _ if self.all.is_empty() => {}
            Some(group) if matches!(self.all[*group].kind, Kind::Content | Kind::Other) => {
                here.ask("CSIP108");
                self.all[*group].titled = true;
                // What a division in that of the content points to, that of the content does.
                self.all[*group].pointed |= self.divisions.ends_with(&[Place::ContentDiv, Place::RepresentationDiv]);
            }
            _ => here.fail("CSIP108", "xlink:title", title, "fileGrp ID"),
        }
        let target = Name::xlink("href").of(element).and_then(|href| resolve(&self.base, href).ok());
        if let Some(name) = target.as_deref().and_then(representation_of).filter(|name| name.len() <= NAME) {
            self.pointers.insert(name.to_owned());
        }
    }

    /// CSIP60, CSIP113 and CSIP114: what is there is listed in a group of its kind.
    fn file_section(&self, role: &Role, tree: &Tree, here: &mut Here<'_>) {
        self.folders(role, tree, here);
        for (id, kind, there, name) in [
            ("CSIP60", Kind::Documentation, tree.has_documentation(role), "Documentation"),
            ("CSIP113", Kind::Schemas, tree.has_schemas(role), "Schemas"),
            ("CSIP114", Kind::Content, tree.has_content(role), CONTENT),
        ] {
            // A group whose USE is not known may be meant for it; of that CSIP64 tells.
            let listed =
                self.all.iter().any(|group| group.kind == kind || group.outermost && group.kind == Kind::Other);
            if listed || there {
                here.ask(id);
            }
            if there && !listed {
                let mut spot = here.spot("");
                spot.xpath = format!("{}/fileGrp[@USE='{name}']", spot.xpath);
                here.tally.fail(id, spot, Some("0"), "1..n");
            }
        }
    }

    /// What the division of the package has to hold.
    fn main(&self, count: &dyn Fn(Place) -> u32, role: &Role, tree: &Tree, here: &mut Here<'_>) {
        let content = count(Place::ContentDiv);
        for (kind, division, single, points, number, any) in [
            (Kind::Documentation, "Documentation", "CSIP93", "CSIP96", count(Place::DocumentationDiv), 0),
            (Kind::Schemas, "Schemas", "CSIP97", "CSIP100", count(Place::SchemasDiv), 0),
            (Kind::Content, CONTENT, "CSIP101", "CSIP104", content, count(Place::RepresentationDiv)),
        ] {
            let mut spot = here.spot("");
            spot.xpath = format!("{}/div[@LABEL='{division}']", spot.xpath);
            let listed = self.all.iter().any(|group| group.kind == kind);
            if listed || number > 0 {
                here.ask(single);
                if number > 1 || listed && number + any == 0 {
                    here.tally.fail(single, spot.clone(), Some(&number.to_string()), "0..1");
                }
            }
            if number + any == 0 {
                continue;
            }
            here.ask(points);
            let met = |group: &Group| group.pointed || number == 0 && group.titled;
            for group in self.all.iter().filter(|group| group.kind == kind && !met(group)) {
                let spot = Spot { xpath: format!("{}/fptr", spot.xpath), ..spot.clone() };
                here.tally.fail(points, spot, None, &format!("fptr: {}", group.spot.xpath));
            }
        }
        let Role::Package(_) = role else { return };
        for representation in tree.representations().filter(|one| one.has_mets()) {
            here.ask("CSIP105");
            if !self.pointers.contains(representation.name()) {
                let mut spot = here.spot("");
                spot.xpath = format!("{}/div", spot.xpath);
                let label = format!("{CONTENT}/{}", representation.name());
                here.tally.fail("CSIP105", spot, None, &label);
            }
        }
    }

    /// What is known at the end of the document.
    fn root(&self, count: &dyn Fn(Place) -> u32, role: &Role, tree: &Tree, here: &mut Here<'_>) {
        let sections = count(Place::FileSec);
        let content = tree.has_content(role) || tree.has_documentation(role) || tree.has_schemas(role);
        if sections > 0 || content {
            here.ask("CSIP58");
            if sections != 1 {
                here.fail_child("CSIP58", "fileSec", sections, "0..1");
            }
        }
        here.ask("CSIP80");
        if self.maps + self.other_maps == 0 {
            here.fail_child("CSIP80", "structMap", 0, "1..n");
        } else {
            here.ask("CSIP82");
            let spot = || self.first_map.clone().unwrap_or_else(|| here.spot(""));
            if self.maps == 0 {
                let spot = Spot { xpath: format!("{}/@LABEL", spot().xpath), ..spot() };
                here.tally.fail("CSIP82", spot, self.first_label.as_deref(), "CSIP");
            } else if self.maps > 1 {
                here.fail_child("CSIP82", "structMap[@LABEL='CSIP']", self.maps, "1..1");
            }
            if self.maps == 0 {
                here.ask("CSIP81");
                if !self.other_physical {
                    let spot = self.first_map.clone().unwrap_or_else(|| here.spot(""));
                    here.tally.fail(
                        "CSIP81",
                        Spot { xpath: format!("{}/@TYPE", spot.xpath), ..spot },
                        None,
                        "PHYSICAL",
                    );
                }
            }
        }
        if let Role::Package(_) = role {
            let spot = here.spot("");
            here.tally.possible_element("CSIP45", Spot { xpath: format!("{}/amdSec/rightsMD", spot.xpath), ..spot });
            self.sections.archival(count, here);
        }
    }
}
