//! Documents against their schemas (XML Schema 1.0), as far as these lie in a folder.
//!
//! Nothing is ever fetched: what a schema imports or includes is looked for in the folder only, by its relative place, by
//! its namespace, by its name; whatever the document itself says where its schema is (`xsi:schemaLocation`) is ignored.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use walkdir::WalkDir;
use xsd_schema::validation::{
    DriveWithError, SchemaValidator, ValidationError, ValidationEventHandler, ValidationFlags, ValidationSink,
    ValidationWarning, drive_quick_xml_with,
};
use xsd_schema::xml::ParseLimits;
use xsd_schema::{
    EmbeddedLoader, LocationRequest, LocationRewriter, SchemaError, SchemaLoader, SchemaResolver, SchemaResult,
    SchemaSet, SchemaSetBuilder,
};

use super::xml::{Node, XmlLimits, XmlReader};

/// Schema files in one folder, and their sizes: more is no folder of schemas.
const FILES: usize = 2_000;
const FILE_BYTES: u64 = 16 << 20;

/// How many violations of one document are told.
const TOLD: usize = 20;

/// A folder with schemas, also in folders below it; each set of schemas is compiled once.
#[derive(Debug)]
pub struct SchemaFolder {
    files: Arc<Files>,
    compiled: Mutex<HashMap<String, Compiled>>,
}

type Compiled = Result<Option<Box<SchemaSet>>, Arc<str>>;

/// A place at which a document breaks its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1, in bytes.
    pub column: u64,
    /// The rule of the recommendation (`cvc-complex-type.2.4`) and what is wrong, in English.
    pub text: String,
    /// The element or attribute, as a path of names with positions.
    pub path: Option<String>,
}

/// Why a document cannot be compared with its schema.
#[derive(Debug, thiserror::Error)]
pub enum SchemaFault {
    /// The schemas contradict themselves or lack a part.
    #[error("the schemas cannot be used: {0}")]
    Schema(Arc<str>),
    /// The document cannot be read.
    #[error("reading the document failed")]
    Io(#[from] io::Error),
}

impl SchemaFolder {
    /// Lists the schemas in `folder`; links are not followed.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let mut files = Files::default();
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.map_err(io::Error::from)?;
            let is_schema = entry.path().extension().is_some_and(|end| end.eq_ignore_ascii_case("xsd"));
            if !is_schema || !entry.file_type().is_file() || files.spaces.len() == FILES {
                continue;
            }
            let path = entry.path().canonicalize()?;
            let bytes = std::fs::File::open(&path)?;
            files.spaces.insert(path, target(BufReader::new(bytes.take(FILE_BYTES))));
        }
        Ok(Self { files: Arc::new(files), compiled: Mutex::default() })
    }

    /// Returns whether it holds any schema.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.spaces.is_empty()
    }

    /// Compares a document whose root element is in `namespace` with its schema; nothing where the folder has none.
    ///
    /// `open` opens the document at its start; it is called twice where something is wrong with it.
    pub fn check<R: Read>(&self, namespace: &str, open: impl Fn() -> R) -> Result<Option<Vec<Violation>>, SchemaFault> {
        // Compiled schemas note what they looked up, so only one document at a time is compared with them.
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let set = compiled.entry(namespace.to_owned()).or_insert_with(|| self.files.compile(namespace));
        let set = match set {
            Ok(Some(set)) => set,
            Ok(None) => return Ok(None),
            Err(fault) => return Err(SchemaFault::Schema(Arc::clone(fault))),
        };
        let found = violations(set, BufReader::with_capacity(1 << 16, open()))?;
        Ok(Some(if found.is_empty() { Vec::new() } else { located(found, BufReader::new(open()))? }))
    }
}

/// The target namespace of each schema file, by its full path.
#[derive(Debug, Default)]
struct Files {
    spaces: BTreeMap<PathBuf, Option<String>>,
}

impl Files {
    fn compile(self: &Arc<Self>, namespace: &str) -> Compiled {
        // Several folders may hold the same schemas: one of them is enough.
        let of_namespace =
            |(path, space): (&PathBuf, &Option<String>)| (space.as_deref() == Some(namespace)).then(|| path.clone());
        let all: Vec<PathBuf> = self.spaces.iter().filter_map(of_namespace).collect();
        let Some(folder) = all.first().and_then(|path| path.parent()).map(Path::to_owned) else { return Ok(None) };
        let beside: Vec<&PathBuf> = all.iter().filter(|path| path.parent() == Some(&folder)).collect();
        let together = self.together(&beside);
        // Two editions of one schema say everything twice; then each is a schema by itself.
        let alone = |fault| match beside.as_slice() {
            [_] => Err(fault),
            several => several.iter().find_map(|path| self.together(&[path]).ok()).ok_or(fault),
        };
        together.or_else(alone)
    }

    /// Compiles these files, and what they refer to, as one schema.
    fn together(self: &Arc<Self>, paths: &[&PathBuf]) -> Compiled {
        let fault = |error: SchemaError| Arc::from(error.to_string());
        let mut builder = SchemaSetBuilder::with_loader(Box::new(Loader(Arc::clone(self))));
        builder.set_location_rewriter(Inside(Arc::clone(self)));
        for path in paths {
            builder.try_add(&path.to_string_lossy()).map_err(fault)?;
        }
        let compiled = builder.compile().map_err(fault)?;
        if let Some(lost) = compiled.directive_failures().iter().find(|lost| !lost.namespace_supplied()) {
            let place = lost.schema_location().unwrap_or_default();
            return Err(Arc::from(format!("{place} is not in the folder")));
        }
        Ok(Some(Box::new(compiled.into_schema_set())))
    }

    /// Returns the file that a schema in `base` means by `location`.
    fn find(&self, location: &str, base: &str, namespace: Option<&str>) -> Option<&Path> {
        let known = |path: &Path| self.spaces.get_key_value(path).map(|(path, _)| path.as_path());
        let direct = normal(&Path::new(base).parent().unwrap_or(Path::new("")).join(location));
        if let Some(found) = known(&direct) {
            return Some(found);
        }
        let name = location.rsplit('/').next().unwrap_or_default();
        let called = |path: &Path| path.file_name().is_some_and(|own| own == name);
        let of_namespace = || {
            self.spaces
                .iter()
                .filter(|(_, space)| namespace.is_some() && space.as_deref() == namespace)
                .map(|(path, _)| path)
        };
        let named = of_namespace().find(|path| called(path)).or_else(|| of_namespace().next());
        let found = named.or_else(|| self.spaces.keys().find(|path| namespace.is_none() && called(path)));
        found.map(PathBuf::as_path)
    }
}

/// Loads schemas of the folder, and the two that come with the validator.
#[derive(Debug)]
struct Loader(Arc<Files>);

impl SchemaLoader for Loader {
    fn load(&self, location: &str) -> SchemaResult<String> {
        if location.starts_with("embedded:") {
            return EmbeddedLoader::new().load(location);
        }
        let Some((path, _)) = self.0.spaces.get_key_value(Path::new(location)) else {
            return Err(SchemaError::ResolutionError { message: format!("{location} is not in the folder") });
        };
        let mut text = String::new();
        std::fs::File::open(path)?.take(FILE_BYTES).read_to_string(&mut text)?;
        Ok(text)
    }

    fn can_load(&self, _: &str) -> bool {
        true
    }
}

/// Leads every reference to a file of the folder, or nowhere.
struct Inside(Arc<Files>);

impl LocationRewriter for Inside {
    fn rewrite(&self, request: &LocationRequest<'_>, _: &SchemaResolver) -> Option<String> {
        if request.location.starts_with("embedded:") {
            return None;
        }
        let found = self.0.find(request.location, request.base_uri, request.namespace);
        Some(found.map_or_else(|| "/dev/null/absent".to_owned(), |path| path.to_string_lossy().into_owned()))
    }
}

/// Returns `path` without `.` and `..`, by its text alone.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Returns the target namespace of a schema.
fn target(source: impl BufRead) -> Option<String> {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    match xml.node() {
        Ok(Some(Node::Start(root))) if root.name == "schema" => root.attribute("targetNamespace").map(str::to_owned),
        _ => None,
    }
}

/// A violation and where it was noticed, in bytes from the start.
struct Noticed {
    offset: u64,
    text: String,
    path: Option<String>,
}

struct Sink<'a> {
    offset: &'a Cell<u64>,
    found: Vec<Noticed>,
    /// Elements of which the content is out of order: what follows in them is not told again.
    disordered: HashSet<String>,
}

/// The rules that an element breaks which stands where it must not, and those that are not known any more after it.
const ORDER: &str = "cvc-complex-type.2.4";
const UNDECLARED: &str = "cvc-elt.1";

impl ValidationSink for &mut Sink<'_> {
    fn on_error(&mut self, error: ValidationError) {
        if self.found.len() == TOLD {
            return;
        }
        let path = error.instance_path().map(|path| plain(&path.to_string()));
        if let Some(path) = &path {
            let holder = path.rsplit_once('/').map_or("", |(holder, _)| holder);
            let follows = error.constraint.starts_with(UNDECLARED) && self.disordered.contains(holder);
            if follows || (error.constraint.starts_with(ORDER) && !self.disordered.insert(path.clone())) {
                return;
            }
        }
        let text = format!("{}: {}", error.constraint, error.message);
        self.found.push(Noticed { offset: self.offset.get(), text, path });
    }

    fn on_warning(&mut self, _: ValidationWarning) {}
}

/// Returns a path without the namespaces of its names (`Q{urn:a}b[1]` is `b[1]`).
fn plain(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once("Q{") {
        plain.push_str(before);
        rest = after.split_once('}').map_or("", |(_, name)| name);
    }
    plain + rest
}

struct Follow<'a>(&'a Cell<u64>);

impl ValidationEventHandler for Follow<'_> {
    type Error = Infallible;

    fn on_element_start_offset(&mut self, place: usize) -> Result<(), Infallible> {
        self.0.set(place as u64);
        Ok(())
    }

    fn on_element_end_offset(&mut self, place: usize) -> Result<(), Infallible> {
        self.0.set(place as u64);
        Ok(())
    }
}

fn violations(set: &SchemaSet, source: impl BufRead) -> io::Result<Vec<Noticed>> {
    let offset = Cell::new(0);
    let mut sink = Sink { offset: &offset, found: Vec::new(), disordered: HashSet::new() };
    let flags = ValidationFlags::default() & !ValidationFlags::BUILD_PSVI_TYPED_VALUES;
    let validator = SchemaValidator::new(set, flags);
    let mut runtime = validator.start_run(&mut sink);
    runtime.set_parse_limits(ParseLimits::none().with_max_depth(XmlLimits::default().depth));
    let broken = match drive_quick_xml_with(source, &mut runtime, set, &mut Follow(&offset)) {
        Ok(_) => runtime.end_validation().err().map(|error| error.to_string()),
        Err(DriveWithError::Io(error)) => return Err(error),
        Err(DriveWithError::Hook(never)) => match never {},
        Err(other) => Some(other.to_string()),
    };
    drop(runtime);
    if sink.found.is_empty()
        && let Some(text) = broken
    {
        sink.found.push(Noticed { offset: offset.get(), text, path: None });
    }
    Ok(sink.found)
}

/// Turns offsets into lines and columns.
fn located(mut found: Vec<Noticed>, mut source: impl BufRead) -> io::Result<Vec<Violation>> {
    found.sort_by_key(|noticed| noticed.offset);
    let mut violations = Vec::with_capacity(found.len());
    let (mut line, mut start, mut at) = (1, 0, 0);
    for noticed in found {
        while at < noticed.offset {
            let ready = source.fill_buf()?;
            if ready.is_empty() {
                break;
            }
            let length = ready.len().min(usize::try_from(noticed.offset - at).unwrap_or(usize::MAX));
            for (index, byte) in ready[..length].iter().enumerate() {
                if *byte == b'\n' {
                    line += 1;
                    start = at + index as u64 + 1;
                }
            }
            source.consume(length);
            at += length as u64;
        }
        let Noticed { offset, text, path } = noticed;
        violations.push(Violation { line, column: offset.saturating_sub(start) + 1, text, path });
    }
    Ok(violations)
}
