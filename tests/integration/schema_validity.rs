//! METS and PREMIS documents, right and wrong in many ways, are judged as two other validators judge them by the official
//! schemas: `xmllint` and the crate `xsd-schema`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use earchiv::archive::validate::{Options, validate};
use earchiv::io::xml::{Node, Way, XmlLimits, XmlReader};
use earchiv::io::xsd::SchemaFolder;
use earchiv::model::finding::{Code, Finding, Severity};
use earchiv::package::eark::schema::Validity;
use earchiv::task::{Cancel, Silent, Watch};

use super::conforming::{NAME, Wanted, write};
use super::contents;
use super::sandbox::{Sandbox, not_tested, shared, shell};

const METS: &str = include_str!("../golden/schema/mets.xml");
const PREMIS: &str = include_str!("../golden/schema/premis.xml");
const METS_SPACE: &str = "http://www.loc.gov/METS/";
const PREMIS_SPACE: &str = "http://www.loc.gov/premis/v3";

/// What a document breaks, as eArchiv says it; `None` where it is not well-formed.
fn judged(text: &[u8]) -> Option<Vec<Finding>> {
    let mut xml = XmlReader::new(text, XmlLimits::default());
    let (mut way, mut findings, mut validity) = (Way::default(), Vec::new(), None);
    while let Some(node) = xml.node().ok()? {
        way.enter(&node);
        if let (None, Node::Start(root)) = (&validity, &node) {
            let is_premis = root.namespace == PREMIS_SPACE;
            validity = Some(if is_premis { Validity::premis() } else { Validity::mets() });
        }
        let place = xml.start();
        if let Some(validity) = &mut validity {
            validity.take(&node, &way, (place.line, place.column), &mut findings);
        }
        way.leave(&node);
    }
    validity?.finish(&mut findings);
    Some(findings)
}

/// The official schemas, each with all others beside it.
struct Official {
    folder: tempfile::TempDir,
    schemas: SchemaFolder,
}

impl Official {
    fn new() -> Option<Self> {
        let xsd = shared("corpora/eark/xsd", "METS and PREMIS against the official schemas")?;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("parts")).unwrap();
        let parts = [
            ("http://www.w3.org/1999/xlink", "xlink.xsd"),
            (METS_SPACE, "mets-local.xsd"),
            (PREMIS_SPACE, "premis-v3-0.xsd"),
            ("https://DILCIS.eu/XML/METS/CSIPExtensionMETS", "DILCISExtensionMETS.xsd"),
            ("https://DILCIS.eu/XML/METS/SIPExtensionMETS", "DILCISExtensionSIPMETS.xsd"),
        ];
        for (_, name) in parts {
            fs::copy(xsd.join(name), folder.path().join("parts").join(name)).unwrap();
        }
        for (name, own) in [("all.xsd", ""), ("mets.xsd", METS_SPACE), ("premis.xsd", PREMIS_SPACE)] {
            let mut text = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"".to_owned();
            text += &(if own.is_empty() { String::new() } else { format!(" targetNamespace=\"{own}\"") });
            text += ">";
            for (space, part) in parts {
                let _ = if space == own {
                    write!(text, "<xs:include schemaLocation=\"parts/{part}\"/>")
                } else {
                    write!(text, "<xs:import namespace=\"{space}\" schemaLocation=\"parts/{part}\"/>")
                };
            }
            fs::write(folder.path().join(name), text + "</xs:schema>").unwrap();
        }
        let schemas = SchemaFolder::open(folder.path()).unwrap();
        Some(Self { folder, schemas })
    }

    /// What `xsd-schema` says of a document.
    fn by_crate(&self, text: &[u8]) -> Vec<String> {
        let is_premis = String::from_utf8_lossy(text).contains("<premis ");
        let space = if is_premis { PREMIS_SPACE } else { METS_SPACE };
        let violations = self.schemas.check(space, || text).unwrap().unwrap();
        violations.into_iter().map(|violation| violation.text).collect()
    }

    /// What `xmllint` says of documents, `None` where it is not installed.
    fn by_xmllint(&self, documents: &[PathBuf]) -> Option<Vec<(bool, String)>> {
        let schema = self.folder.path().join("all.xsd");
        let mut verdicts = Vec::new();
        for some in documents.chunks(200) {
            let run = Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(&schema).args(some).output();
            let said = String::from_utf8_lossy(&run.ok()?.stderr).into_owned();
            let mut words: BTreeMap<&str, (bool, String)> = BTreeMap::new();
            for line in said.lines() {
                if let Some(path) = line.strip_suffix(" validates") {
                    words.entry(path).or_default().0 = true;
                } else if let Some((path, rest)) = line.split_once(".xml:") {
                    let path = &line[..path.len() + 4];
                    words.entry(path).or_default().1 += rest;
                }
            }
            verdicts.extend(some.iter().map(|path| words[path.to_str().unwrap()].clone()));
        }
        Some(verdicts)
    }
}

/// An element of a document that is to be changed.
#[derive(Clone)]
struct Branch {
    name: String,
    attributes: Vec<(String, String)>,
    parts: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Branch(Branch),
    Text(String),
}

/// The prefixes of all namespaces, as changed documents have them.
const PREFIXES: [(&str, &str); 7] = [
    ("m", METS_SPACE),
    ("premis", PREMIS_SPACE),
    ("xlink", "http://www.w3.org/1999/xlink"),
    ("csip", "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"),
    ("sip", "https://DILCIS.eu/XML/METS/SIPExtensionMETS"),
    ("o", "urn:example:others"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
];

fn prefixed(space: &str, name: &str) -> String {
    match PREFIXES.iter().find(|(_, known)| *known == space) {
        Some((prefix, _)) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    }
}

fn grown(text: &str) -> Branch {
    let mut xml = XmlReader::new(text.as_bytes(), XmlLimits::default());
    let mut open: Vec<Branch> = Vec::new();
    loop {
        match xml.node().unwrap().unwrap() {
            Node::Start(element) => {
                let attributes = element.attributes.iter();
                let mut attributes: Vec<_> =
                    attributes.map(|(space, name, value)| (prefixed(space, name), value.clone())).collect();
                for (_, value) in
                    attributes.iter_mut().filter(|(name, value)| name == "xsi:type" && !value.contains(':'))
                {
                    value.insert_str(0, "premis:");
                }
                open.push(Branch { name: prefixed(&element.namespace, &element.name), attributes, parts: Vec::new() });
            }
            Node::Text(text) if text.trim().is_empty() => {}
            Node::Text(text) => open.last_mut().unwrap().parts.push(Part::Text(text)),
            Node::End => {
                let ended = open.pop().unwrap();
                let Some(around) = open.last_mut() else { return ended };
                around.parts.push(Part::Branch(ended));
            }
        }
    }
}

impl Branch {
    fn text(&self) -> Vec<u8> {
        let spaces: Vec<_> = PREFIXES.iter().map(|(prefix, space)| format!(" xmlns:{prefix}=\"{space}\"")).collect();
        let spaces = spaces.concat();
        let mut text = String::new();
        self.write(&spaces, &mut text);
        text.into_bytes()
    }

    fn write(&self, spaces: &str, to: &mut String) {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let _ = write!(to, "<{}{spaces}", self.name);
        for (name, value) in &self.attributes {
            let _ = write!(to, " {name}=\"{}\"", escaped(value));
        }
        if self.parts.is_empty() {
            to.push_str("/>");
            return;
        }
        to.push('>');
        for part in &self.parts {
            match part {
                Part::Branch(branch) => branch.write("", to),
                Part::Text(text) => to.push_str(&escaped(text)),
            }
        }
        let _ = write!(to, "</{}>", self.name);
    }

    /// Calls `each` with all elements in order.
    fn all<'a>(&'a self, each: &mut dyn FnMut(&'a Self)) {
        each(self);
        for part in &self.parts {
            if let Part::Branch(branch) = part {
                branch.all(each);
            }
        }
    }

    /// Returns the element of that number, in the order of [`Branch::all`].
    fn nth(&mut self, number: &mut usize) -> Option<&mut Self> {
        if *number == 0 {
            return Some(self);
        }
        *number -= 1;
        self.parts.iter_mut().find_map(|part| match part {
            Part::Branch(branch) => branch.nth(number),
            Part::Text(_) => None,
        })
    }

    /// Returns the places of its children among its parts.
    fn children(&self) -> Vec<usize> {
        let is_branch = |(_, part): &(usize, &Part)| matches!(part, Part::Branch(_));
        self.parts.iter().enumerate().filter(is_branch).map(|(index, _)| index).collect()
    }
}

/// Values that one type or another does not allow.
const VALUES: [&str; 26] = [
    "",
    "1a",
    "a:b",
    " a",
    " ",
    "-1",
    "0",
    "+7",
    "1.5",
    "9223372036854775808",
    "2147483648",
    "99999999999999999999999",
    "ö",
    "a b",
    "file division",
    "2026-02-29T00:00:00",
    "2026-12-31T24:00:00+14:00",
    "2026-1-1T00:00:00",
    "2026-01-01",
    "-12026-01-01T00:00:00.0Z",
    "a#b#c",
    "%zz",
    "1:b",
    "no such id",
    "SHA-256 ",
    "BYTE",
];

/// One of how many changed documents is compared, and one of how many of these with the crate, which takes its time;
/// `EARCHIV_ALL=1` compares all.
const SHARE: usize = 7;
const CRATE: usize = 5;

/// All changed documents, each with what was changed.
fn mutants(text: &str) -> Vec<(String, Vec<u8>)> {
    let root = grown(text);
    let mut elements = Vec::new();
    root.all(&mut |branch| elements.push(branch));
    let mut mutants = vec![("as it is".to_owned(), root.text())];
    let mut seen = BTreeSet::new();
    for (number, element) in elements.iter().enumerate() {
        let mut add = |what: String, change: &dyn Fn(&mut Branch)| {
            let mut changed = root.clone();
            change(changed.nth(&mut number.clone()).unwrap());
            mutants.push((format!("{} {number}: {what}", element.name), changed.text()));
        };
        for at in element.children() {
            let Part::Branch(child) = &element.parts[at] else { continue };
            let what = |what: &str| format!("{what} {}", child.name);
            add(what("without"), &|branch| drop(branch.parts.remove(at)));
            add(what("twice"), &|branch| branch.parts.insert(at, branch.parts[at].clone()));
            add(what("last"), &|branch| {
                let part = branch.parts.remove(at);
                branch.parts.push(part);
            });
            add(what("first"), &|branch| {
                let part = branch.parts.remove(at);
                branch.parts.insert(0, part);
            });
        }
        if !seen.insert(element.name.clone()) && element.attributes.is_empty() {
            continue;
        }
        let fresh = |name: &str| Branch { name: name.to_owned(), attributes: Vec::new(), parts: Vec::new() };
        for name in ["m:wrong", "o:foreign", "wrong", "m:div", "m:mets", "premis:size"] {
            add(format!("with {name}"), &|branch| branch.parts.insert(0, Part::Branch(fresh(name))));
            add(format!("as {name}"), &|branch| branch.name = name.to_owned());
        }
        for text in [" ", "\n", "text", "-5"] {
            add(format!("text {text:?}"), &|branch| branch.parts.insert(0, Part::Text(text.to_owned())));
        }
        add("emptied".to_owned(), &|branch| branch.parts.clear());
        for (name, value) in [
            ("unknown", "x"),
            ("m:ID", "x"),
            ("xlink:show", "never"),
            ("xlink:show", "new"),
            ("xlink:unknown", "x"),
            ("xlink:type", "x"),
            ("o:unknown", "x"),
            ("csip:NOTETYPE", "x"),
            ("csip:OAISPACKAGETYPE", "AIC"),
            ("csip:ROLE", "x"),
            ("xml:lang", "de"),
            ("xsi:nil", "false"),
            ("xsi:schemaLocation", "a b"),
            ("xsi:unknown", "x"),
        ] {
            if !element.attributes.iter().any(|(known, _)| known == name) {
                add(format!("with @{name}={value}"), &|branch| {
                    branch.attributes.push((name.to_owned(), value.to_owned()));
                });
            }
        }
        for (index, (name, _)) in element.attributes.iter().enumerate() {
            if !seen.insert(format!("{}/@{name}", element.name)) {
                continue;
            }
            add(format!("without @{name}"), &|branch| drop(branch.attributes.remove(index)));
            // Each attribute gets all values once, and a few on every element that has it too.
            let few = if seen.insert(format!("@{name}")) { VALUES.len() } else { 4 };
            for value in VALUES.iter().take(if name == "xsi:schemaLocation" { 0 } else { few }) {
                add(format!("@{name}={value}"), &|branch| (*value).clone_into(&mut branch.attributes[index].1));
            }
        }
    }
    mutants
}

/// Where `xmllint` is known to say otherwise: it does not look where references lead, takes an empty list of them, and no
/// space before an `xs:long`.
fn known_to_xmllint(what: &str, own: &[Finding]) -> bool {
    let is = |own: &Finding, expected: &str| own.expected.as_deref() == Some(expected);
    let is_lenient = |own: &Finding| {
        is(own, "ID") || (is(own, "xs:IDREFS") && own.value.as_deref().is_some_and(|value| value.trim().is_empty()))
    };
    let is_spaced = what.starts_with("premis:size") && what.contains("text");
    !is_spaced && (own.is_empty() || !own.iter().all(is_lenient))
}

/// Where `xsd-schema` is known to say otherwise: it takes any text for a URI, and any attribute `xsi:...` anywhere.
fn known_to_crate(what: &str, own: &[Finding]) -> bool {
    let is_uri = |own: &Finding| own.expected.as_deref().is_some_and(|expected| expected.ends_with("xs:anyURI"));
    !what.contains("@xsi:unknown") && (own.is_empty() || !own.iter().all(is_uri))
}

#[test]
fn documents_changed_in_many_ways_are_judged_as_others_judge_them() {
    let Some(official) = Official::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut differences = Vec::new();
    for (vocabulary, text) in [("mets", METS), ("premis", PREMIS)] {
        assert_eq!(judged(text.as_bytes()), Some(Vec::new()), "{vocabulary}");
        let mut mutants = mutants(text);
        if std::env::var_os("EARCHIV_ALL").is_none() {
            mutants = mutants.into_iter().step_by(SHARE).collect();
        }
        let paths: Vec<PathBuf> =
            (0..mutants.len()).map(|number| folder.path().join(format!("{vocabulary}{number}.xml"))).collect();
        for (path, (_, text)) in paths.iter().zip(&mutants) {
            fs::write(path, text).unwrap();
        }
        let xmllint = official.by_xmllint(&paths);
        if xmllint.is_none() {
            not_tested("documents against the official schemas with xmllint: it is not installed");
        }
        for (number, (what, text)) in mutants.iter().enumerate() {
            let own = judged(text).unwrap();
            let (xmllint_knows, crate_knows) = (known_to_xmllint(what, &own), known_to_crate(what, &own));
            if let Some((valid, said)) = xmllint.as_ref().map(|verdicts| &verdicts[number])
                && own.is_empty() != *valid
                && xmllint_knows
            {
                differences.push(format!("{vocabulary}: {what}\n  own:     {own:?}\n  xmllint: {said}"));
            }
            if (number % CRATE == 0 || (!xmllint_knows && number % 2 == 0)) && crate_knows {
                let other = official.by_crate(text);
                if own.is_empty() != other.is_empty() {
                    differences.push(format!("{vocabulary}: {what}\n  own:   {own:?}\n  crate: {other:?}"));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn documents_of_packages_are_judged_as_others_judge_them() {
    let Some(official) = Official::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::filled();
    for title in ["Grünanlagen", "Spielplätze"] {
        let id = sandbox.id(title);
        for (path, text) in contents::read(&sandbox.package(&id)) {
            if path.ends_with("METS.xml") || path.ends_with("premis.xml") {
                assert_eq!(judged(&text), Some(Vec::new()), "{title}: {path}");
                fs::write(folder.path().join(format!("{title}-{}", path.replace('/', "-"))), text).unwrap();
            }
        }
    }
    if let Some(corpus) = shared("corpora/eark/packages.tar.gz", "METS and PREMIS of the E-ARK corpus") {
        let wanted = ["--wildcards", "--ignore-case", "*/METS.xml", "*premis*.xml"].map(OsStr::new);
        let into = ["xzf".as_ref(), corpus.as_os_str(), "-C".as_ref(), folder.path().as_os_str()];
        shell("tar", &[&into[..], &wanted[..]].concat());
    }
    let paths: Vec<PathBuf> = walkdir::WalkDir::new(folder.path())
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .collect();
    let xmllint = official.by_xmllint(&paths);
    if xmllint.is_none() {
        not_tested("documents of packages against the official schemas with xmllint: it is not installed");
    }
    let mut compared = BTreeMap::new();
    for (number, path) in paths.iter().enumerate() {
        let text = fs::read(path).unwrap();
        let Some(own) = judged(&text) else { continue };
        if own.iter().any(|finding| finding.code == Code::SchemaAbsent) {
            continue;
        }
        if let Some((valid, said)) = xmllint.as_ref().map(|verdicts| &verdicts[number])
            && known_to_xmllint("", &own)
        {
            assert_eq!(own.is_empty(), *valid, "{}\n{own:?}\n{said}", path.display());
        }
        *compared.entry(own.is_empty()).or_insert(0) += 1;
        // Most documents of the corpus are alike.
        if number % 10 == 0 {
            let other = official.by_crate(&text);
            assert_eq!(own.is_empty(), other.is_empty(), "{}\n{own:?}\n{other:?}", path.display());
        }
    }
    assert!(compared[&true] >= 4, "{compared:?}");
}

#[test]
fn schemas_from_outside_judge_documents_of_their_namespace() {
    let Some(official) = shared("corpora/eark/xsd", "packages against the official schemas") else { return };
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("xsd");
    fs::create_dir(&own).unwrap();
    let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:akte'>\
        <xs:element name='akte' type='xs:date'/></xs:schema>";
    fs::write(own.join("akte.xsd"), schema).unwrap();
    let wanted = Wanted { kind: "SIP", full: true };
    let mut files = wanted.files();
    files.insert("metadata/descriptive/dc.xml".to_owned(), "<akte xmlns='urn:akte'>gestern</akte>".to_owned());
    wanted.complete(&mut files, |_, text| text);
    let package = folder.path().join(NAME);
    write(&files, &package);
    let told = |schemas: &Path| {
        let schemas = Some(Arc::new(SchemaFolder::open(schemas).unwrap()));
        let options = Options { schemas, ..Options::default() };
        let cancel = Cancel::new();
        let found = validate(&package, &options, Watch::new(&cancel, &Silent)).unwrap();
        let of_schemas = |one: &Finding| matches!(one.code, Code::SchemaInvalid | Code::SchemaAbsent);
        let found =
            found.findings.into_iter().filter(of_schemas).map(|one| (one.code, one.severity, one.file.unwrap()));
        found.collect::<BTreeSet<_>>()
    };
    let row = |code, severity, file: &str| (code, severity, file.to_owned());
    let absent = |files: &[&str], severity| -> BTreeSet<_> {
        files.iter().map(|file| row(Code::SchemaAbsent, severity, file)).collect()
    };
    let known = ["METS.xml", "metadata/preservation/premis.xml", "representations/rep1/METS.xml"];
    let others = [
        "metadata/other/notiz.xml",
        "metadata/preservation/rights.xml",
        "representations/rep1/metadata/descriptive/dc.xml",
    ];
    let mut expected = absent(&known, Severity::Info);
    expected.extend(absent(&others, Severity::Warning));
    let descriptive = "metadata/descriptive/dc.xml";
    expected.insert(row(Code::SchemaInvalid, Severity::Error, descriptive));
    assert_eq!(told(&own), expected);
    let mut expected = absent(&others, Severity::Warning);
    expected.extend(absent(&[descriptive], Severity::Warning));
    assert_eq!(told(&official), expected);
}
