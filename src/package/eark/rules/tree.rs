//! The folders of a package (CSIP 4): what is where, read once from the list of its files.

use std::collections::BTreeMap;

use super::document::Role;
use super::head::{begins_as, is_name_of};
use super::tally::Tally;
use crate::io::container::Kind;
use crate::model::finding::Code;

/// How a package lies on the medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Container {
    /// A folder.
    Folder,
    /// A ZIP or TAR file, with its name.
    File(String, Kind),
}

/// What is in the folder of a representation.
#[derive(Debug, Default)]
pub struct Representation {
    name: String,
    /// A file called `METS.xml`, or one called so in other letters.
    mets: Option<String>,
    contents: Contents,
    /// It holds any file.
    files: bool,
    /// It has a folder `data`.
    data: bool,
}

impl Representation {
    /// Returns the name of its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether it has a METS document.
    #[must_use]
    pub fn has_mets(&self) -> bool {
        self.mets.as_deref() == Some(METS)
    }
}

/// What the package and each representation can have.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that is there or not")]
struct Contents {
    /// A folder `metadata`.
    metadata: bool,
    /// Files in `documentation` and in `schemas`.
    documentation: bool,
    schemas: bool,
    /// Folders of these names, even if they are empty.
    documentation_folder: bool,
    schemas_folder: bool,
    preservation: bool,
    descriptive: bool,
    other_metadata: bool,
    /// An XML document in `metadata`.
    structured: bool,
}

/// The file tree.
#[derive(Debug)]
pub struct Tree {
    folder: String,
    container: Container,
    mets: Option<String>,
    root: Contents,
    representations: BTreeMap<String, Representation>,
    /// A folder `representations`.
    has_representations: bool,
    /// Other folders beside those that CSIP names.
    further: bool,
    /// The first file or folder that breaks each of these requirements.
    broken: BTreeMap<&'static str, String>,
}

const METS: &str = "METS.xml";

impl Tree {
    /// Begins the tree of the package in the folder `folder`.
    #[must_use]
    pub fn new(folder: &str, container: Container) -> Self {
        Self {
            folder: folder.to_owned(),
            container,
            mets: None,
            root: Contents::default(),
            representations: BTreeMap::new(),
            has_representations: false,
            further: false,
            broken: BTreeMap::new(),
        }
    }

    /// Takes a file by its path inside the package's folder.
    pub fn file(&mut self, path: &str) {
        self.take(path, true);
    }

    /// Takes a folder without files.
    pub fn folder(&mut self, path: &str) {
        self.take(path, false);
    }

    fn take(&mut self, path: &str, is_file: bool) {
        let parts: Vec<&str> = path.splitn(6, '/').collect();
        // Hidden files keep empty folders in places that cannot hold such.
        let counts = is_file && !path.rsplit('/').next().unwrap_or_default().starts_with('.');
        if counts && has_extension(path, "xsd") && !parts.iter().any(|part| part.eq_ignore_ascii_case("schemas")) {
            self.broken.entry("CSIPSTR15").or_insert_with(|| path.to_owned());
        }
        match *parts.as_slice() {
            [name] if is_file => {
                if name == METS || name.eq_ignore_ascii_case(METS) && self.mets.is_none() {
                    self.mets = Some(name.to_owned());
                }
            }
            ["representations", ref rest @ ..] => {
                self.has_representations = true;
                self.take_representation(rest, path, is_file, counts);
            }
            [name, ref rest @ ..] => {
                if !self.root.take(name, rest, path, counts, &mut self.broken) {
                    self.further = true;
                    if resembles(name, "representations") {
                        self.broken.entry("CSIPSTR9").or_insert_with(|| name.to_owned());
                    }
                }
            }
            [] => {}
        }
    }

    fn take_representation(&mut self, rest: &[&str], path: &str, is_file: bool, counts: bool) {
        let (name, rest) = match rest {
            [] => return,
            [_] if is_file => {
                if counts {
                    self.broken.entry("CSIPSTR10").or_insert_with(|| path.to_owned());
                }
                return;
            }
            [name, rest @ ..] => (*name, rest),
        };
        if !self.representations.contains_key(name) {
            let fresh = Representation { name: name.to_owned(), ..Representation::default() };
            self.representations.insert(name.to_owned(), fresh);
        }
        let Some(representation) = self.representations.get_mut(name) else { return };
        representation.files |= counts;
        match *rest {
            [file] if is_file => {
                if file == METS || file.eq_ignore_ascii_case(METS) && representation.mets.is_none() {
                    representation.mets = Some(file.to_owned());
                }
            }
            ["data", ..] => representation.data = true,
            [name, ref rest @ ..] => {
                representation.contents.take(name, rest, path, counts, &mut self.broken);
            }
            [] => {}
        }
    }

    /// Returns the representation in the folder `name`.
    #[must_use]
    pub fn representation(&self, name: &str) -> Option<&Representation> {
        self.representations.get(name)
    }

    /// Returns all representations, by name.
    pub fn representations(&self) -> impl Iterator<Item = &Representation> {
        self.representations.values()
    }

    /// Returns the name of the root METS document, which may be written in other letters.
    #[must_use]
    pub fn mets(&self) -> Option<&str> {
        self.mets.as_deref()
    }

    /// Returns whether there is documentation that the METS document with `role` has to list.
    pub(super) fn has_documentation(&self, role: &Role) -> bool {
        self.has(role, |contents| contents.documentation)
    }

    /// Returns whether there are schemas that it has to list.
    pub(super) fn has_schemas(&self, role: &Role) -> bool {
        self.has(role, |contents| contents.schemas)
    }

    /// Returns whether there are representations that it has to list.
    pub(super) fn has_content(&self, role: &Role) -> bool {
        match role {
            Role::Package(_) => self.representations().any(|one| one.files),
            Role::Representation(name) => self.representations.get(name).is_some_and(|one| one.data && one.files),
        }
    }

    /// What a representation with a METS document has is for that to list.
    fn has(&self, role: &Role, of: impl Fn(&Contents) -> bool) -> bool {
        match role {
            Role::Package(_) => {
                of(&self.root) || self.representations().any(|one| !one.has_mets() && of(&one.contents))
            }
            Role::Representation(name) => self.representations.get(name).is_some_and(|one| of(&one.contents)),
        }
    }

    /// Notes that metadata that METS refers to lie at `path`: those of preservation, or descriptive ones.
    pub fn metadata(&mut self, path: &str, preservation: bool) {
        let inside = match path.strip_prefix("representations/").and_then(|rest| rest.split_once('/')) {
            Some((_, inside)) => inside,
            None => path,
        };
        let (id, own) = if preservation { ("CSIPSTR6", "preservation") } else { ("CSIPSTR7", "descriptive") };
        // Where the folder around it is not called as it should be, CSIPSTR5 and CSIPSTR13 say so.
        let folder = inside.split_once('/').and_then(|(_, rest)| rest.split_once('/')).map(|(folder, _)| folder);
        if preservation {
            self.root.preservation = true;
        } else {
            self.root.descriptive = true;
        }
        // CSIPSTR8 allows further folders.
        if folder.is_none_or(|folder| resembles(folder, own)) {
            self.broken.entry(id).or_insert_with(|| path.to_owned());
        }
    }

    /// Answers CSIPSTR1 to CSIPSTR16 and the requirements of the AIP for containers; `object` is what METS calls the package.
    pub fn answer(&self, object: Option<&str>, tally: &mut Tally) {
        for id in ["CSIPSTR1", "CSIPSTR4", "CSIPSTR5", "CSIPSTR9", "CSIPSTR16", "AIP1", "AIP2", "AIP21", "AIP27"] {
            tally.ask(id);
        }
        let broken = |id: &str| self.broken.get(id).map(String::as_str);
        if self.mets() != Some(METS) {
            let name = self.mets();
            tally.fail_package("CSIPSTR4", Code::StructureRequirement, name.unwrap_or(METS), name, METS);
        }
        let documented = self.root.documentation_folder || self.any(|contents| contents.documentation_folder);
        for (id, there, wanted) in [
            ("CSIPSTR5", self.root.metadata, "metadata"),
            ("CSIPSTR9", self.has_representations, "representations"),
            ("CSIPSTR16", documented, "documentation"),
        ] {
            if !there {
                let found = broken(id);
                tally.fail_package(id, Code::StructureRequirement, found.unwrap_or(wanted), found, wanted);
            }
        }
        for (id, there, wanted) in [
            ("CSIPSTR6", self.root.preservation || self.any(|one| one.preservation), "metadata/preservation"),
            ("CSIPSTR7", self.root.descriptive || self.any(|one| one.descriptive), "metadata/descriptive"),
            ("CSIPSTR10", !self.representations.is_empty(), "representations/<folder>"),
        ] {
            if there {
                tally.ask(id);
            }
            if let Some(path) = broken(id) {
                tally.fail_package(id, Code::StructureRequirement, path, Some(path), wanted);
            }
        }
        self.folders(tally);
        self.schemas(tally);
        if let Some(object) = object {
            self.names(object, tally);
        }
    }

    /// CSIPSTR11 to CSIPSTR13: what each representation has.
    fn folders(&self, tally: &mut Tally) {
        for one in self.representations() {
            let folder = format!("representations/{}", one.name);
            let mut check = |id: &str, there: bool, wanted: &str, value: Option<&str>| {
                tally.ask(id);
                if !there {
                    tally.fail_package(id, Code::StructureRequirement, &folder, value, wanted);
                }
            };
            check("CSIPSTR11", one.data, "data", None);
            check("CSIPSTR13", one.contents.metadata, "metadata", None);
            // A folder that only stands for one without files has nothing that a METS document could describe.
            if one.files || one.mets.is_some() {
                check("CSIPSTR12", one.has_mets(), METS, one.mets.as_deref());
            }
        }
    }

    /// CSIPSTR8, CSIPSTR14 and CSIPSTR15.
    fn schemas(&self, tally: &mut Tally) {
        if self.root.other_metadata || self.any(|contents| contents.other_metadata) {
            tally.ask("CSIPSTR8");
        }
        if self.further {
            tally.ask("CSIPSTR14");
        }
        let has = self.root.schemas_folder || self.any(|contents| contents.schemas_folder);
        let structured = self.root.structured || self.any(|contents| contents.structured);
        if has {
            tally.ask("CSIPSTR15");
        }
        let found = self.broken.get("CSIPSTR15").map(String::as_str);
        if found.is_some() || structured && !has {
            tally.fail_package("CSIPSTR15", Code::StructureRequirement, found.unwrap_or("schemas"), found, "schemas");
        }
    }

    /// CSIPSTR2, CSIPSTR3, AIP22 and AIP28.
    fn names(&self, object: &str, tally: &mut Tally) {
        if !object.trim().is_empty() && !self.folder.is_empty() {
            tally.ask("CSIPSTR2");
            if !is_name_of(&self.folder, object) {
                tally.fail_package("CSIPSTR2", Code::StructureRequirement, "", Some(&self.folder), object);
            }
        }
        let Container::File(name, kind) = &self.container else { return };
        tally.ask("CSIPSTR3");
        if !object.trim().is_empty() {
            tally.ask("AIP22");
            if !begins_as(name, object) {
                tally.fail_package("AIP22", Code::StructureRequirement, "", Some(name), object);
            }
        }
        if matches!(kind, Kind::Tar | Kind::TarGz) {
            tally.ask("AIP28");
        }
        if *kind == Kind::TarGz {
            tally.fail_package("AIP28", Code::StructureRequirement, "", Some(name), ".tar");
        }
    }

    fn any(&self, of: impl Fn(&Contents) -> bool) -> bool {
        self.representations().any(|one| of(&one.contents))
    }
}

impl Contents {
    /// Takes the file or folder `name`/`rest`; returns whether CSIP names the folder.
    fn take(
        &mut self,
        name: &str,
        rest: &[&str],
        path: &str,
        counts: bool,
        broken: &mut BTreeMap<&'static str, String>,
    ) -> bool {
        match name {
            "metadata" => {
                self.metadata = true;
                self.structured |= counts && has_extension(path, "xml");
                match *rest {
                    ["preservation", ..] => self.preservation |= counts,
                    ["descriptive", ..] => self.descriptive |= counts,
                    [file] if counts && file.to_ascii_lowercase().contains("premis") => {
                        broken.entry("CSIPSTR6").or_insert_with(|| path.to_owned());
                    }
                    [folder, ..] => {
                        self.other_metadata |= counts && rest.len() > 1;
                        for (id, wanted) in [("CSIPSTR6", "preservation"), ("CSIPSTR7", "descriptive")] {
                            if resembles(folder, wanted) {
                                broken.entry(id).or_insert_with(|| path.to_owned());
                            }
                        }
                    }
                    [] => {}
                }
            }
            "documentation" => {
                self.documentation_folder = true;
                self.documentation |= counts;
            }
            "schemas" => {
                self.schemas_folder = true;
                self.schemas |= counts;
            }
            other => {
                for (id, wanted) in [("CSIPSTR5", "metadata"), ("CSIPSTR15", "schemas"), ("CSIPSTR16", "documentation")]
                {
                    if resembles(other, wanted) {
                        broken.entry(id).or_insert_with(|| other.to_owned());
                    }
                }
                return false;
            }
        }
        true
    }
}

fn has_extension(path: &str, wanted: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case(wanted))
}

/// Returns whether `name` looks like `wanted` misspelt: in other letters, with more around it, or two letters off.
fn resembles(name: &str, wanted: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name != wanted && (lower.contains(wanted) || apart(&lower, wanted) <= 2)
}

/// Returns how many letters have to be put in, left out or changed to make `b` of `a`; names that differ much in length are
/// not compared.
fn apart(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, letter) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], line + 1);
        for (column, other) in b.iter().enumerate() {
            let changed = corner + usize::from(letter != other);
            corner = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_recognised() {
        for name in [
            "Metadata",
            "METADATA",
            "metadataa",
            "metaadata",
            "metdata",
            "1metadata",
            "meta1data",
            "metadata_old",
            "meta_data",
        ] {
            assert!(resembles(name, "metadata"), "{name}");
        }
        for name in ["metadata", "media", "data", "other", ""] {
            assert!(!resembles(name, "metadata"), "{name}");
        }
    }
}
