//! `earchiv export`: copies a package or single files out of the archive, their checksums compared on the way.

use std::path::PathBuf;

use clap::Args;
use earchiv::archive::admission::Admitting;
use earchiv::archive::export;
use earchiv::journal::Event;
use earchiv::model::package::{PackageForm, PackageId};
use serde_json::json;

use super::error::Failure;
use super::exit::Exit;
use super::faults;
use super::findings::finding_lines;
use super::options::{Context, Reading, Writing, form, package_id};
use super::reach::Reach;
use super::text;
use super::verify::testify;

/// Copies a package or single files out of the archive, their checksums compared on the way.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    writing: Writing,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A folder or a ZIP file.
    #[arg(long, value_name = "FORM", value_parser = form)]
    form: Option<PackageForm>,
    /// The number of a recorded grant, for a package that is closed.
    #[arg(long, value_name = "NUMBER")]
    permit: Option<String>,
    /// The package.
    #[arg(value_name = "ID", value_parser = package_id)]
    id: PackageId,
    /// Files of the package; without any, the whole package.
    #[arg(value_name = "FILE")]
    files: Vec<String>,
}

impl Export {
    /// Returns where the command writes: the journal, and the folder that it gives out to.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        Reach::archive(self.archive.named(cx)).and_folder(&self.out)
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        let by = Admitting { actor: self.writing.actor(cx), wait: self.writing.wait, cancel: cx.cancel };
        let admission = archive.admit(self.id, self.permit.as_deref(), by)?;
        cx.start_workers()?;
        let exported = if self.files.is_empty() {
            let form = self.form.unwrap_or(PackageForm::Folder);
            export::dip(&archive, &admission, &self.out, form, cx.watch())?
        } else {
            export::files(&archive, &admission, &self.files, &self.out, cx.watch())?
        };
        let paths: Vec<String> = exported.paths.iter().map(|path| text::shown(path)).collect();
        let value = json!({
            "package": exported.package,
            "dip": exported.dip,
            "permit": admission.permit(),
            "paths": paths,
            "files": exported.files,
            "bytes": exported.bytes,
            "findings": exported.findings,
        });
        cx.out.result(&value, |text| {
            let mut lines: String = exported.findings.iter().map(|finding| finding_lines(finding, text)).collect();
            for path in &paths {
                lines.push_str(&text.say("export-done", &[("file", path.as_str().into())]));
                lines.push('\n');
            }
            lines
        });
        if !exported.findings.is_empty() {
            return Err(faults::package_damaged(&self.id.to_string()));
        }
        if let Some(dip) = exported.dip {
            testify(cx, &archive, self.writing.actor(cx), Event::Exported { package: self.id, dip });
        }
        Ok(Exit::Done)
    }
}
