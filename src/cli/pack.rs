//! `earchiv pack`: makes submission packages or bags of a delivery, without an archive.

use std::path::PathBuf;

use clap::Args;
use earchiv::archive::bag::Bagging;
use earchiv::archive::pack::{Format, Target, pack};
use earchiv::model::package::PackageForm;

use super::confine::confine;
use super::delivery;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::{Context, DeliveryOptions, form};
use super::reach::Reach;

/// Makes submission packages of a delivery, without an archive.
#[derive(Debug, Args)]
pub struct Pack {
    /// The folder that the packages are written to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A ZIP file or a folder a package.
    #[arg(long, value_name = "FORM", value_parser = form)]
    form: Option<PackageForm>,
    /// What is made of a record: an E-ARK SIP, or a bag.
    #[arg(long, value_name = "FORMAT", value_parser = ["eark", "bagit"], default_value = "eark")]
    format: String,
    /// A bag around an E-ARK package, as the bag profile of the E-ARK AIP specification says.
    #[arg(long, value_name = "PROFILE", value_parser = ["eark-aip"])]
    bag_profile: Option<String>,
    /// An element of bag-info.txt; may be repeated.
    #[arg(long, value_name = "ELEMENT", value_parser = element)]
    bag_info: Vec<(String, String)>,
    /// Says what would be done.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    delivery: DeliveryOptions,
}

impl Pack {
    /// Returns where the command writes.
    pub fn reach(&self) -> Reach {
        let reach = Reach::nothing().and_work();
        if self.dry_run { reach } else { reach.and_folder(&self.out) }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let sources = self.delivery.sources()?;
        let format = self.made()?;
        // The profile takes packed bags alone.
        let form = if self.bag_profile.is_some() { Some(PackageForm::Zip) } else { self.form };
        let terms = self.delivery.terms(None, form)?;
        if !self.dry_run && sources.iter().all(|source| source.symlink_metadata().is_ok()) {
            // The folder itself, not the one around it.
            std::fs::create_dir_all(&self.out).map_err(|error| Failure::io(&self.out, &error))?;
            confine(&self.reach())?;
        }
        cx.start_workers()?;
        if self.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
        }
        let mut exit = Exit::Done;
        let target = Target { out: &self.out, format: &format, dry_run: self.dry_run };
        pack(&sources, target, &terms, cx.watch(), |outcome| {
            exit = exit.and(delivery::show(cx, outcome));
        })?;
        Ok(exit)
    }

    /// Returns what is to be made of a record.
    fn made(&self) -> Result<Format, Failure> {
        if self.format == "eark" {
            return match (&self.bag_profile, self.bag_info.as_slice()) {
                (None, []) => Ok(Format::Eark),
                _ => Err(Failure::new(Kind::Usage, "bag-options")),
            };
        }
        let eark_profile = self.bag_profile.is_some();
        if eark_profile && self.form == Some(PackageForm::Folder) {
            return Err(Failure::new(Kind::Usage, "bag-profile-form"));
        }
        // The producer is known by other options; where it is to be found nobody else says.
        let address = |(label, _): &(String, String)| label.eq_ignore_ascii_case("Organization-Address");
        if eark_profile && !self.bag_info.iter().any(address) {
            return Err(Failure::new(Kind::Usage, "bag-profile-address"));
        }
        Ok(Format::Bagit(Bagging { eark_profile, elements: self.bag_info.clone() }))
    }
}

/// Reads an element of `bag-info.txt`: a label, a colon and a value. What is counted from the payload cannot be told.
fn element(text: &str) -> Result<(String, String), String> {
    const COUNTED: [&str; 2] = ["Payload-Oxum", "Bag-Size"];
    let (label, value) = text.split_once(':').ok_or("expected-element")?;
    let (label, value) = (label.trim(), value.trim());
    let is_counted = COUNTED.iter().any(|counted| counted.eq_ignore_ascii_case(label));
    if label.is_empty() || value.is_empty() || is_counted || text.contains(char::is_control) {
        return Err("expected-element".to_owned());
    }
    Ok((label.to_owned(), value.to_owned()))
}
