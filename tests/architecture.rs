//! The house as ARCHITECTURE.md draws it: who imports whom, who speaks, how long a file is, and that no test is forgotten.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the library, each with its layer. Imports go down only.
const LAYERS: &[(&str, u8)] = &[
    ("archive", 5),
    ("access", 4),
    ("source", 4),
    ("check", 4),
    ("appraisal", 4),
    ("package", 3),
    ("store", 3),
    ("catalogue", 3),
    ("journal", 3),
    ("history", 3),
    ("profile", 2),
    ("io", 2),
    ("model", 1),
    ("task", 1),
];

/// The one import inside a layer: profiles are TOML files from others, and `io` is what reads those safely.
const INSIDE: &[(&str, &str)] = &[("profile", "io")];

/// How many lines a file has at most, without tests and comments.
const LINES: usize = 450;

#[test]
fn imports_go_down() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in sources() {
        let module = file.module();
        if module == "cli" || module == "main" || module == "lib" {
            continue;
        }
        let own = layer(&module).unwrap_or_else(|| panic!("{module} has no layer"));
        for (line, name) in file.imports() {
            seen += 1;
            let allowed = name == module
                || layer(&name).is_some_and(|layer| layer < own)
                || INSIDE.contains(&(module.as_str(), name.as_str()));
            if !allowed {
                wrong.push(format!("{}:{line}: {module} knows {name}", file.path.display()));
            }
        }
    }
    assert!(seen > 200, "the imports were not found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_does_not_know_the_program() {
    for file in sources().iter().filter(|file| file.module() != "cli") {
        for (number, line) in file.code() {
            let named = ["cli::", "earchiv::"].iter().any(|name| starts_word(line, name));
            assert!(!named || file.module() == "main", "{}:{number}: {line}", file.path.display());
        }
    }
}

#[test]
fn every_module_of_the_library_has_a_layer() {
    let text = fs::read_to_string(source_folder().join("lib.rs")).unwrap();
    let declared: BTreeSet<&str> = text.lines().filter_map(declaration).collect();
    let drawn: BTreeSet<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared, drawn);
}

#[test]
fn only_the_program_speaks() {
    let words = ["println!", "print!", "eprintln!", "eprint!", "dbg!", "stdout()", "stderr()"];
    for file in sources() {
        for (number, line) in file.code() {
            let word = words.iter().find(|word| starts_word(line, word));
            let speaks = word.is_some() && file.relative() != "cli/output.rs" && !line.contains("is_terminal");
            // Log lines go where the log library is told to.
            let log = line.contains("with_writer(std::io::stderr)");
            assert!(!speaks || log, "{}:{number}: {line}", file.path.display());
        }
    }
}

#[test]
fn files_have_one_subject_and_are_short() {
    for file in sources() {
        let lines = file.code().count();
        assert!(lines <= LINES, "{}: {lines} lines without tests, {LINES} are allowed", file.relative());
    }
}

#[test]
fn no_code_is_unsafe() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.lines().any(|line| line == "unsafe_code = \"forbid\""), "the lint is gone");
    for file in sources() {
        for (number, line) in file.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let word = starts_word(code, "unsafe ") || code.contains("unsafe_code");
            assert!(!word, "{}:{}: {line}", file.path.display(), number + 1);
        }
    }
}

#[test]
fn one_call_is_unsafe_in_a_crate_of_its_own() {
    let folder = root().join("multibuffer");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(manifest.lines().any(|line| line == "unsafe_code = \"deny\""), "the lint is gone");
    let calls = |file: &str| {
        let text = fs::read_to_string(folder.join("src").join(file)).unwrap();
        let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
        code.map(|code| code.matches("unsafe").count()).sum()
    };
    let found: Vec<(String, usize)> = rust_files(&folder.join("src"))
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .map(|name| (name.clone(), calls(&name)))
        .filter(|(_, calls)| *calls > 0)
        .collect();
    // The lint is allowed once, and what it allows stands below.
    assert_eq!(found, [("extensions.rs".to_owned(), 2)]);
}

#[test]
fn no_test_is_forgotten() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for folder in folders(&root().join("tests")) {
        let main = folder.join("main.rs");
        if !main.exists() {
            assert!(rust_files(&folder).is_empty(), "{} has no main.rs", folder.display());
            continue;
        }
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(manifest.contains(&format!("path = \"tests/{name}/main.rs\"")), "{name} is not in Cargo.toml");
        let text = fs::read_to_string(&main).unwrap();
        let declared: BTreeSet<&str> = text.lines().filter_map(declaration).collect();
        for file in rust_files(&folder) {
            let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(stem == "main" || declared.contains(stem.as_str()), "{} is run by nobody", file.display());
        }
    }
}

#[test]
fn the_page_on_reliability_names_tests_that_exist() {
    let page = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let (_, table) = page.split_once("## Fault by fault").expect("the table of faults");
    let mut code = String::new();
    for folder in ["tests", "src", "fuzz"] {
        texts(&root().join(folder), &mut code);
    }
    let mut seen = 0;
    for row in table.lines().filter(|line| line.starts_with("| ")).filter(|line| !line.starts_with("| what ")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, _, held] = cells[..] else { panic!("not three cells: {row}") };
        assert!(held.contains('`') || held.contains("not promised"), "held by nothing: {row}");
        for name in held.split('`').skip(1).step_by(2) {
            seen += 1;
            let script = name.split(' ').next().unwrap();
            let exists = root().join(script).exists() && script.contains('/');
            assert!(exists || code.contains(&format!("fn {name}(")), "{name} is no test: {row}");
        }
    }
    assert!(seen > 50, "the table was not found");
}

/// A file of `src/`.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn relative(&self) -> String {
        self.path.strip_prefix(source_folder()).unwrap().to_str().unwrap().to_owned()
    }

    /// The top module that the file is in.
    fn module(&self) -> String {
        let relative = self.relative();
        relative.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
    }

    /// How many modules the file is below the crate.
    fn depth(&self) -> usize {
        let relative = self.relative();
        relative.split('/').count() - usize::from(relative.ends_with("/mod.rs"))
    }

    /// The lines before the tests, without comments, each with its number.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = if self.relative().ends_with("tests.rs") { 0 } else { usize::MAX };
        let lines = self.text.lines().enumerate().take(end);
        let code = lines.take_while(|(_, line)| *line != "#[cfg(test)]");
        code.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(index, line)| (index + 1, line))
    }

    /// The top modules that the code names, each with the line.
    fn imports(&self) -> Vec<(usize, String)> {
        let mut imports = Vec::new();
        let up = "super::".repeat(self.depth());
        for (number, line) in self.code() {
            for prefix in ["crate::", up.as_str()] {
                for (at, _) in line.match_indices(prefix) {
                    let before = line[..at].chars().next_back();
                    if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':') {
                        continue;
                    }
                    let rest = &line[at + prefix.len()..];
                    let place = format!("{}:{number}", self.path.display());
                    assert!(!rest.starts_with('{'), "{place}: one module a line, so that this test can read it");
                    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    if name != "super" {
                        imports.push((number, name));
                    }
                }
            }
        }
        imports
    }
}

fn layer(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

/// The name in `mod name;`, whatever stands in front.
fn declaration(line: &str) -> Option<&str> {
    let line = line.trim_start_matches("pub ");
    line.strip_prefix("mod ")?.strip_suffix(';')
}

fn starts_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn source_folder() -> PathBuf {
    root().join("src")
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders_left = vec![source_folder()];
    while let Some(folder) = folders_left.pop() {
        folders_left.extend(folders(&folder));
        for path in rust_files(&folder) {
            let text = fs::read_to_string(&path).unwrap();
            sources.push(Source { path, text });
        }
    }
    assert!(sources.len() > 50, "the sources were not found");
    sources
}

/// Appends the text of all Rust files below `folder`.
fn texts(folder: &Path, all: &mut String) {
    for path in rust_files(folder) {
        all.push_str(&fs::read_to_string(path).unwrap());
    }
    for folder in folders(folder).into_iter().filter(|folder| !folder.ends_with("target")) {
        texts(&folder, all);
    }
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
