//! `earchiv validate`: whether packages that anyone made conform to their standard and are whole.

mod junit;
mod told;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use earchiv::archive::validate::{
    BagProfile, BagProfileFault, Options, SpecVersion, Standard, Validated, validate_each, weight,
};
use earchiv::io::durable;
use earchiv::io::xsd::SchemaFolder;
use earchiv::model::finding::{Finding, Verdict};

use super::error::{Failure, Kind, is_denied};
use super::exit::Exit;
use super::faults;
use super::items::ListFile;
use super::options::Context;
use super::reach::Reach;
use junit::Junit;
use told::{Told, Totals};

/// Says whether packages conform to their standard and are whole; no archive is needed, and nothing is changed.
#[derive(Debug, Args)]
pub struct Validate {
    /// The standard; otherwise what each package looks like.
    #[arg(long, value_name = "STANDARD", value_parser = ["eark", "bagit", "ocfl"])]
    format: Option<String>,
    /// Holds bags to this BagIt profile besides.
    #[arg(long, value_name = "FILE")]
    bag_profile: Option<PathBuf>,
    /// The version of the E-ARK specifications; otherwise the one that each package claims.
    #[arg(long, value_name = "VERSION", value_parser = ["2.0.4", "2.1.0", "2.2.0"])]
    spec: Option<String>,
    /// Official schemas that metadata are held to besides, by namespace.
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
    /// Tells of each package in one line.
    #[arg(long)]
    summary: bool,
    /// Writes a report for build servers.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    list: ListFile,
    /// Packages: folders, ZIP, TAR or `.tar.gz` files; `-` for a list on stdin.
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    paths: Vec<OsString>,
}

impl Validate {
    /// Returns where the command writes: what gzip packed, unpacked without a name, and the report for build servers, where one
    /// is wanted.
    pub fn reach(&self) -> Reach {
        let reach = Reach::nothing().and_work();
        match &self.junit {
            Some(junit) => reach.and_file(junit),
            None => reach,
        }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let paths: Vec<PathBuf> = self.list.with(&self.paths)?.into_iter().map(PathBuf::from).collect();
        if paths.is_empty() {
            return Err(Failure::new(Kind::Usage, "list-empty"));
        }
        if let Some(junit) = &self.junit {
            junit::may_replace(junit)?;
        }
        let standard = self.format.as_deref().and_then(Standard::named);
        let bag_profile = self.bag_profile.as_deref().map(bag_profile).transpose()?;
        let spec = self.spec.as_deref().and_then(SpecVersion::named);
        let schemas = self.schemas.as_deref().map(schemas).transpose()?;
        let options = Options { standard, spec, bag_profile, schemas };
        cx.start_workers()?;
        let mut called = Called { cx, summary: self.summary, exit: Exit::Done, totals: Totals::default() };
        let done = match &self.junit {
            None => validate_each(&paths, &options, cx.watch(), |path, judged| called.show(path, &judged))
                .map_err(Into::into),
            Some(junit) => called.report(junit, &paths, &options),
        };
        if let Ok(value) = serde_json::to_value(&called.totals) {
            cx.out.also("totals", value);
        }
        done?;
        if self.summary || paths.len() > 1 {
            cx.out.lines(&called.totals.lines(cx.text()));
        }
        Ok(called.exit)
    }
}

/// What a call has come to so far.
struct Called<'a> {
    cx: &'a Context<'a>,
    summary: bool,
    exit: Exit,
    totals: Totals,
}

impl Called<'_> {
    /// Judges all packages and writes the report `junit` as they are judged; where the call is stopped it writes none.
    fn report(&mut self, junit: &Path, paths: &[PathBuf], options: &Options) -> Result<(), Failure> {
        let cx = self.cx;
        let mut stopped = None;
        let written = durable::replace(junit, |out| {
            let mut report = Junit::begin(out, cx.text())?;
            let mut fault = None;
            let judged = validate_each(paths, options, cx.watch(), |path, judged| {
                fault = fault.take().or_else(|| report.add(path, &judged).err());
                self.show(path, &judged);
            });
            stopped = judged.err();
            match fault {
                None if stopped.is_some() => Err(io::ErrorKind::Interrupted.into()),
                None => report.end(),
                Some(fault) => Err(fault),
            }
        });
        match (stopped, written) {
            (Some(stopped), _) => Err(stopped.into()),
            (None, written) => written.map_err(|error| Failure::writing(junit, 0, &error)),
        }
    }

    /// Shows what was established about a package.
    fn show(&mut self, path: &Path, judged: &Validated) {
        let Self { cx, summary, .. } = *self;
        let told = Told::new(path, judged, cx.text());
        self.totals.add(judged);
        let exit = if is_missing(path) {
            cx.out.result(&told, |_| String::new());
            cx.out.fault(&faults::source_missing(path));
            Exit::Wrong
        } else {
            cx.out.result(&told, |text| told.lines(text, summary, cx.out.is_verbose()));
            exit(judged)
        };
        self.exit = self.exit.and(exit);
    }
}

/// Opens the schemas in and below `folder`.
fn schemas(folder: &Path) -> Result<Arc<SchemaFolder>, Failure> {
    let all = SchemaFolder::open(folder).map_err(|error| Failure::reading(Kind::Usage, folder, &error))?;
    if all.is_empty() { Err(Failure::new(Kind::Usage, "no-schemas").at(folder)) } else { Ok(Arc::new(all)) }
}

/// Reads the BagIt profile at `path`.
fn bag_profile(path: &Path) -> Result<Arc<BagProfile>, Failure> {
    BagProfile::read(path).map(Arc::new).map_err(|fault| match fault {
        BagProfileFault::Read(error) => Failure::reading(Kind::Usage, path, &error),
        other => Failure::new(Kind::Usage, "bag-profile-file").at(path).because(other.to_string()),
    })
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
