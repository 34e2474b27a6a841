//! `earchiv accession`: the register of deliveries.

use std::fmt::Write as _;

use clap::Subcommand;
use earchiv::archive::ArchiveError;
use earchiv::catalogue::Filter;
use earchiv::model::accession::{self, Purpose};
use serde_json::Value;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::faults;
use super::list::holding_json;
use super::options::{Context, Reading};
use super::reach::Reach;
use super::report::{self, Form};
use super::text::{Text, escape};

/// The register of deliveries.
#[derive(Debug, Subcommand)]
pub enum Accession {
    /// Lists all accessions.
    List {
        #[command(flatten)]
        archive: Reading,
    },
    /// Shows one accession.
    Show {
        #[command(flatten)]
        archive: Reading,
        /// Its number, `2026-0001`.
        #[arg(value_name = "NUMBER")]
        number: String,
        /// Shows the receipt instead, made again from what is stored.
        #[arg(long, value_name = "FORM", conflicts_with = "json")]
        format: Option<Form>,
    },
}

impl Accession {
    /// Returns where the command writes: nowhere.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let (Self::List { archive } | Self::Show { archive, .. }) = self;
        Reach::reading(archive.named(cx))
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        match self {
            Self::List { archive } => {
                let archive = archive.open(cx)?;
                let catalogue = archive.catalogue()?;
                catalogue
                    .accessions(|accession| {
                        cx.out.result(&accession, |text| line(&accession, text));
                        !cx.out.is_closed()
                    })
                    .map_err(ArchiveError::from)?;
            }
            Self::Show { archive, number, format: Some(form) } => {
                let receipt = archive.open(cx)?.receipt(number, cx.watch())?;
                let written = cx.out.document(|out| report::write(*form, &receipt, cx.text(), out));
                written.map_err(|error| Failure::reading(Kind::Io, receipt.path(), &error))?;
            }
            Self::Show { archive, number, format: None } => {
                let archive = archive.open(cx)?;
                let catalogue = archive.catalogue()?;
                let accession = catalogue.accession(number).map_err(ArchiveError::from)?;
                let accession = accession.ok_or_else(|| faults::accession_not_held(number))?;
                let mut packages = Vec::new();
                let filter = Filter { accession: Some(number.clone()), ..Filter::default() };
                catalogue
                    .list(&filter, |holding| {
                        packages.push(holding_json(&holding));
                        true
                    })
                    .map_err(ArchiveError::from)?;
                let mut value = serde_json::to_value(&accession).unwrap_or_default();
                value["packages"] = packages.clone().into();
                value["package_count"] = accession.packages.into();
                cx.out.result(&value, |text| page(&accession, &packages, text));
            }
        }
        Ok(Exit::Done)
    }
}

fn line(accession: &accession::Accession, text: &Text) -> String {
    let extent = [
        ("packages", accession.packages.into()),
        ("files", accession.files.into()),
        ("bytes", text.bytes(accession.bytes).into()),
    ];
    let state = match accession.closed {
        Some(closed) => closed.date(),
        None => text.say("accession-open", &[]),
    };
    format!(
        "{}  {state}  {}  {}  {}",
        accession.number,
        escape(&accession.producer),
        escape(&accession.delivery),
        text.say("accession-extent", &extent)
    )
}

/// Adds a line `name: value`, unless the value is empty.
pub fn row(page: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(page, "{name}: {}", escape(value));
    }
}

/// Adds what the register says of an accession beside its number and counts: when, who, under what terms.
pub fn terms(page: &mut String, accession: &accession::Accession, text: &Text) {
    let purpose = match accession.purpose {
        Purpose::Permanent => text.say("purpose-permanent", &[]),
        Purpose::Interim => text.say("purpose-interim", &[]),
    };
    let closed = accession.closed.map(|time| time.to_string()).unwrap_or_default();
    row(page, &text.say("field-started", &[]), &accession.started.to_string());
    row(page, &text.say("field-closed", &[]), &closed);
    row(page, &text.say("field-producer", &[]), &accession.producer);
    row(page, &text.say("field-delivery", &[]), &accession.delivery);
    row(page, &text.say("field-profile", &[]), &accession.profile);
    row(page, &text.say("field-agreement", &[]), &accession.agreement);
    row(page, &text.say("field-purpose", &[]), &purpose);
    row(page, &text.say("field-holdings", &[]), &accession.holdings);
}

fn page(accession: &accession::Accession, packages: &[Value], text: &Text) -> String {
    let mut page = String::new();
    row(&mut page, &text.say("field-accession", &[]), &accession.number);
    terms(&mut page, accession, text);
    row(&mut page, &text.say("field-packages", &[]), &text.number(accession.packages));
    row(&mut page, &text.say("field-files", &[]), &text.number(accession.files));
    row(&mut page, &text.say("field-bytes", &[]), &text.bytes(accession.bytes));
    row(&mut page, &text.say("field-refused", &[]), &text.number(accession.refused));
    row(&mut page, &text.say("field-failed", &[]), &text.number(accession.failed));
    row(&mut page, &text.say("field-left-out", &[]), &text.number(accession.left_out));
    for package in packages {
        let word = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let _ = writeln!(page, "  {}  {}", word("id"), escape(&word("title")));
    }
    page
}
