//! `earchiv validate`: whether packages that anyone made conform to their standard and are whole.

mod told;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use earchiv::archive::validate::{Options, Standard, Validated, validate_each, weight};
use earchiv::model::finding::{Finding, Verdict};

use super::error::{Failure, Kind, is_denied};
use super::exit::Exit;
use super::faults;
use super::items::ListFile;
use super::options::Context;
use super::reach::Reach;
use told::{Told, Totals};

/// Says whether packages conform to their standard and are whole; no archive is needed, and nothing is changed.
#[derive(Debug, Args)]
pub struct Validate {
    /// The standard; otherwise what each package looks like.
    #[arg(long, value_name = "STANDARD", value_parser = ["eark", "bagit", "ocfl"])]
    format: Option<String>,
    /// Tells of each package in one line.
    #[arg(long)]
    summary: bool,
    #[command(flatten)]
    list: ListFile,
    /// Packages: folders, ZIP or TAR files; `-` for a list on stdin.
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    paths: Vec<OsString>,
}

impl Validate {
    /// Returns where the command writes.
    pub fn reach() -> Reach {
        Reach::nothing()
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let paths: Vec<PathBuf> = self.list.with(&self.paths)?.into_iter().map(PathBuf::from).collect();
        if paths.is_empty() {
            return Err(Failure::new(Kind::Usage, "list-empty"));
        }
        let options = Options { standard: self.format.as_deref().and_then(Standard::named), ..Options::default() };
        cx.start_workers()?;
        let (mut exit, mut totals) = (Exit::Done, Totals::default());
        let judged = validate_each(&paths, &options, cx.watch(), |path, judged| {
            totals.add(&judged);
            exit = exit.and(self.show(path, &judged, cx));
        });
        if let Ok(value) = serde_json::to_value(&totals) {
            cx.out.also("totals", value);
        }
        judged?;
        if self.summary || paths.len() > 1 {
            cx.out.lines(&totals.lines(cx.text()));
        }
        Ok(exit)
    }

    /// Shows what was established about a package, and returns what it comes to.
    fn show(&self, path: &Path, judged: &Validated, cx: &Context<'_>) -> Exit {
        let told = Told::new(path, judged, cx.text());
        if is_missing(path) {
            cx.out.result(&told, |_| String::new());
            cx.out.fault(&faults::source_missing(path));
            return Exit::Wrong;
        }
        cx.out.result(&told, |text| told.lines(text, self.summary, cx.out.is_verbose()));
        exit(judged)
    }
}

/// Returns whether nothing is at a path that a user named.
fn is_missing(path: &Path) -> bool {
    matches!(path.symlink_metadata(), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// Returns what a package comes to: the gravest of its errors.
fn exit(judged: &Validated) -> Exit {
    let of = |finding: &Finding| match weight(finding) {
        Verdict::Conforms => Exit::Done,
        Verdict::Nonconforming => Exit::Refused,
        Verdict::Damaged => Exit::Integrity,
        Verdict::Unreadable if finding.value.as_deref().is_some_and(is_denied) => Exit::Denied,
        Verdict::Unreadable => Exit::Io,
    };
    judged.findings.iter().map(of).fold(Exit::Done, Exit::and)
}
