//! A folder of its own for every test, with an archive and deliveries in it, in which the program itself is run.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The time that stands in every package: 2023-11-14T22:13:20Z.
pub const EPOCH: &str = "1700000000";

/// A folder that goes with the test.
pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// An empty folder.
    pub fn empty() -> Self {
        let mut builder = tempfile::Builder::new();
        // In memory where nobody names a place: syncing waits for all that others write to the same disk.
        let memory = Path::new("/dev/shm");
        let folder = if std::env::var_os("TMPDIR").is_none() && memory.is_dir() {
            builder.prefix("earchiv-test-").tempdir_in(memory)
        } else {
            builder.prefix("earchiv-test-").tempdir()
        };
        Self { folder: folder.unwrap() }
    }

    /// An empty folder on a disk, for what memory would not show.
    pub fn on_disk() -> Self {
        Self { folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap() }
    }

    /// A folder with an empty archive `archiv`.
    pub fn new() -> Self {
        let sandbox = Self::empty();
        sandbox.run("init archiv --name Stadtarchiv --id 6b0f5f0a-51a5-4f0c-9d6a-1c6d3d2b1a00").exits(0);
        sandbox
    }

    /// A folder with an archive that holds the delivery `lieferung` of [`Self::delivery`].
    pub fn filled() -> Self {
        let sandbox = Self::new();
        sandbox.delivery("lieferung");
        sandbox.run("ingest lieferung").exits(0);
        sandbox
    }

    /// Makes a delivery of three records: umlauts, an empty folder, names that are not portable, loose files.
    pub fn delivery(&self, name: &str) {
        for (path, bytes) in [
            ("Grünanlagen/Protokoll 2013-05-04.txt", &b"Protokoll der Begehung\n"[..]),
            ("Grünanlagen/Pläne/Plan: Teil 1?.pdf", b"%PDF-1.4\n\0\xff\xfe binary\n"),
            ("Grünanlagen/Pläne/100%.txt", b"hundert\n"),
            ("Spielplätze/Konzept.txt", b"Konzept\n"),
            ("Spielplätze/leer.txt", b""),
            ("Anschreiben.txt", b"Anbei drei Akten.\n"),
        ] {
            self.file(&format!("{name}/{path}"), bytes);
        }
        fs::create_dir_all(self.path(&format!("{name}/Spielplätze/leerer Ordner/noch einer"))).unwrap();
    }

    /// Makes a delivery of `count` records with two files each.
    pub fn large_delivery(&self, name: &str, count: usize, bytes: usize) {
        for number in 0..count {
            for part in ["Bescheid", "Anlage"] {
                let line = format!("{part} zu {number}\n");
                let text = line.repeat(bytes / line.len() + 1);
                self.file(&format!("{name}/Akte {number:03}/{part}.txt"), text.as_bytes());
            }
        }
    }

    /// A path in the sandbox.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file and the folders above it.
    pub fn file(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Runs the program in the sandbox; `line` is split at blanks. The archive is `archiv`.
    pub fn run(&self, line: &str) -> Run {
        self.call(line).run()
    }

    /// Runs the program with `--json`.
    pub fn json(&self, line: &str) -> Run {
        self.call(line).arg("--json").run()
    }

    /// A call of the program, to be completed.
    pub fn call(&self, line: &str) -> Call {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earchiv"));
        self.prepare(&mut command);
        command.args(line.split_whitespace());
        Call { command, input: Vec::new() }
    }

    /// A call of another program that is given ours: `strace`, `setpriv`.
    pub fn call_through(&self, program: &str, arguments: &[&str], line: &str) -> Call {
        let mut command = Command::new(program);
        self.prepare(&mut command);
        command.args(arguments).arg(env!("CARGO_BIN_EXE_earchiv")).args(line.split_whitespace());
        Call { command, input: Vec::new() }
    }

    fn prepare(&self, command: &mut Command) {
        command.env_clear().current_dir(self.folder.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path()).env("SOURCE_DATE_EPOCH", EPOCH);
        command.env("EARCHIV_ARCHIVE", self.path("archiv")).env("EARCHIV_LANG", "en");
    }

    /// The packages of the archive, as `list --json` prints them.
    pub fn list(&self) -> Vec<Value> {
        self.json("list").exits(0).results()
    }

    /// The id of the package whose title is `title`.
    pub fn id(&self, title: &str) -> String {
        let list = self.list();
        let found = list.iter().find(|row| row["title"] == title).unwrap_or_else(|| panic!("no {title} in {list:?}"));
        found["id"].as_str().unwrap().to_owned()
    }

    /// Records a grant for all packages, however long they are closed; its number is for `--permit`.
    pub fn permit(&self) -> &'static str {
        let ids: Vec<String> = self.list().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        self.run(&format!("access grant --number P --basis Test --until 9999 --package {}", ids.join(" "))).exits(0);
        "P"
    }

    /// The folder of the package's object in the store.
    pub fn object(&self, id: &str) -> PathBuf {
        let list = self.list();
        let found = list.iter().find(|row| row["id"] == id).unwrap();
        self.path("archiv").join(found["place"].as_str().unwrap())
    }

    /// The file of the package in the store.
    pub fn package(&self, id: &str) -> PathBuf {
        self.object(id).join(format!("v1/content/{id}.zip"))
    }

    /// Says that the archive is whole: `verify`, `audit` and `journal verify` find nothing, nothing is staged.
    pub fn is_whole(&self) {
        for command in ["audit", "verify", "journal verify"] {
            self.json(command).exits(0);
        }
        let staged: Vec<_> = fs::read_dir(self.path("archiv/staging")).unwrap().collect();
        assert!(staged.is_empty(), "{staged:?}");
    }
}

/// A call of the program.
pub struct Call {
    command: Command,
    input: Vec<u8>,
}

impl Call {
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn input(mut self, bytes: &[u8]) -> Self {
        bytes.clone_into(&mut self.input);
        self
    }

    pub fn start(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Starts it with nobody to read its output, which may be long.
    pub fn start_unheard(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    pub fn run(mut self) -> Run {
        let line = format!("{:?}", self.command.get_args().collect::<Vec<_>>());
        let mut child =
            self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that does not read its input closes it.
        drop(child.stdin.take().unwrap().write_all(&self.input));
        Run::new(line, child.wait_with_output().unwrap())
    }
}

/// What a run left behind.
#[derive(Debug, Clone)]
pub struct Run {
    line: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn new(line: String, output: Output) -> Self {
        Self {
            line,
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Says how the run ended.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}\n{}", self.line, self.stdout, self.stderr);
        self
    }

    /// Says what the run told on stdout or stderr.
    pub fn tells(self, words: &str) -> Self {
        let told = self.stdout.contains(words) || self.stderr.contains(words);
        assert!(told, "{}: {words:?} is not in\n{}\n{}", self.line, self.stdout, self.stderr);
        self
    }

    /// The document of a run with `--json`.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{}: {error}\n{}", self.line, self.stdout))
    }

    /// The results of a run with `--json`.
    pub fn results(&self) -> Vec<Value> {
        self.document()["results"].as_array().unwrap().clone()
    }

    /// The packages of all deliveries that `pack` and `ingest` report.
    pub fn packages(&self) -> Vec<Value> {
        self.results().iter().flat_map(|delivery| delivery["packages"].as_array().unwrap().clone()).collect()
    }

    /// What became of each package, in the order of the report.
    pub fn states(&self) -> Vec<String> {
        self.packages().iter().map(|package| package["state"].as_str().unwrap().to_owned()).collect()
    }

    /// All findings: about packages, and about the archive.
    pub fn findings(&self) -> Vec<Value> {
        let mut findings = Vec::new();
        for result in self.results() {
            if result["code"].is_string() {
                findings.push(result);
            } else if let Some(packages) = result["packages"].as_array() {
                for package in packages {
                    findings.extend(package["findings"].as_array().cloned().unwrap_or_default());
                }
            } else {
                findings.extend(result["findings"].as_array().cloned().unwrap_or_default());
            }
        }
        findings
    }

    /// Says that a finding of `code` names `what`: its file, value or what was expected.
    pub fn finds(self, code: &str, what: &str) -> Self {
        let found = self.findings();
        let named = |finding: &Value| {
            let fields = ["file", "value", "expected"];
            let names = |field: &str| finding[field].as_str().is_some_and(|text| text.contains(what));
            finding["code"] == code && fields.into_iter().any(names)
        };
        assert!(found.iter().any(named), "{}: no {code} about {what:?} in {found:#?}", self.line);
        self
    }
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    File(String),
    Folder,
    Link(PathBuf),
    Other,
}

/// All entries below `folder`, files by their SHA-256.
pub fn tree(folder: &Path) -> BTreeMap<OsString, Entry> {
    let mut entries = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(folder).unwrap().as_os_str().to_owned();
        let kind = entry.file_type();
        let found = if kind.is_file() {
            Entry::File(sha256(&fs::read(entry.path()).unwrap()))
        } else if kind.is_dir() {
            Entry::Folder
        } else if kind.is_symlink() {
            Entry::Link(fs::read_link(entry.path()).unwrap())
        } else {
            Entry::Other
        };
        entries.insert(path, found);
    }
    entries
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Copies a folder with all that is in it; times stay.
pub fn copy(from: &Path, to: &Path) {
    shell("cp", &[OsStr::new("-a"), from.as_os_str(), to.as_os_str()]);
}

/// Runs another program that must succeed.
pub fn shell(program: &str, arguments: &[&OsStr]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Whether this user may do what others may not.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Tells in one line what was not tested, past the capture of the test program.
pub fn not_tested(what: &str) {
    drop(writeln!(std::io::stderr(), "not tested: {what}"));
}

/// A folder of the shared corpora, or `None` with a line that says what was not tested.
pub fn shared(path: &str, what: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("EARCHIV_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let found = shared.join(path);
    if found.exists() {
        return Some(found);
    }
    not_tested(&format!("{what} ({} is missing)", found.display()));
    None
}

/// A path as bytes, for comparisons with names that are not UTF-8.
pub fn bytes(path: &OsStr) -> Vec<u8> {
    path.as_bytes().to_owned()
}
