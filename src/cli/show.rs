//! `earchiv show`: shows one package: description, files, events, place.

use std::fmt::Write as _;

use clap::Args;
use earchiv::archive::show::{Shown, Told};
use earchiv::archive::tombstone::Tombstone;
use earchiv::archive::{Archive, ArchiveError};
use earchiv::journal::{Change, Entry};
use earchiv::model::package::Holding;
use earchiv::model::package::PackageId;
use earchiv::model::time::Timestamp;
use serde_json::{Value, json};

use super::dispose::rows;
use super::error::Failure;
use super::exit::Exit;
use super::journal;
use super::list::{closure, dates, disposed_json, holding_json, retention};
use super::options::{Context, Reading, package_id};
use super::text::{Text, escape};

/// Shows one package: description, files, events, place.
#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    archive: Reading,
    /// The package.
    #[arg(value_name = "ID", value_parser = package_id)]
    id: PackageId,
}

impl Show {
    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let archive = self.archive.open(cx)?;
        let holding = match archive.held(self.id) {
            Err(ArchiveError::Disposed { tombstone }) => {
                self.disposed(cx, &archive, &tombstone)?;
                return Ok(Exit::Done);
            }
            held => held?,
        };
        let history = archive.history(self.id)?;
        let versions = archive.versions(self.id, &history)?;
        let mut files = Vec::new();
        archive.files(self.id, |file| {
            files.push(file);
            true
        })?;
        let mut value = holding_json(&holding);
        value["summary"] = holding.description.summary.clone().into();
        value["contributors"] = holding.description.contributors.clone().into();
        value["audience"] = holding.description.audience.clone().into();
        value["conforms_to"] = holding.description.conforms_to.clone().into();
        value["relations"] = holding.description.relations.clone().into();
        value["properties"] = serde_json::to_value(&holding.description.properties).unwrap_or_default();
        value["subjects"] = holding.description.subjects.clone().into();
        value["created"] = holding.created.to_string().into();
        value["inventory_sha512"] = holding.inventory.clone().into();
        value["payload"] = serde_json::to_value(&files).unwrap_or_default();
        value["versions"] = versions.iter().map(version_json).collect();
        value["events"] = history.iter().map(journal::entry_json).collect();
        cx.out.result(&value, |text| page(&holding, &versions, &files, &history, text));
        Ok(Exit::Done)
    }
}

impl Show {
    /// Shows what stands in the place of a package that was disposed of.
    fn disposed(&self, cx: &Context<'_>, archive: &Archive, tombstone: &Tombstone) -> Result<(), Failure> {
        let history = archive.history(self.id)?;
        let place = archive.disposed_place(self.id);
        let mut value = disposed_json(tombstone.disposed, &tombstone.disposal, &place);
        value["events"] = history.iter().map(journal::entry_json).collect();
        cx.out.result(&value, |text| {
            let day = [("day", tombstone.disposed.date().into())];
            let mut page = format!("{}\n", text.say("show-disposed", &day));
            rows(&mut page, &tombstone.disposal, text);
            let _ = writeln!(page, "{}: {}", text.say("field-tombstone", &[]), escape(&place));
            let _ = writeln!(page, "\n{}:", text.say("field-events", &[]));
            for entry in &history {
                let _ = writeln!(page, "  {}", journal::entry_line(entry, text));
            }
            page
        });
        Ok(())
    }
}

/// How many files are shown to people; programs get all.
const FILES: usize = 200;

fn version_json(told: &Told) -> Value {
    let actor = told.actor.as_ref();
    json!({
        "version": told.version,
        "created": told.created.to_string(),
        "what": told.what,
        "accession": told.accession,
        "reason": told.message,
        "user": actor.map(|actor| &actor.user),
        "on_behalf_of": actor.and_then(|actor| actor.on_behalf_of.as_ref()),
    })
}

fn version_line(told: &Told, text: &Text) -> String {
    let what = match told.what {
        None => text.say("version-first", &[]),
        Some(Change::Amendment) => text.say("version-amendment", &[]),
        Some(Change::Supplement) => text.say("version-supplement", &[]),
    };
    let actor = told.actor.as_ref();
    let who = actor.map_or("", |actor| actor.on_behalf_of.as_deref().unwrap_or(&actor.user));
    format!("{}  {}  {}  {what}: {}", told.version, told.created, escape(who), escape(&told.message))
}

fn page(holding: &Holding, versions: &[Told], files: &[Shown], history: &[Entry], text: &Text) -> String {
    let description = &holding.description;
    let mut page = String::new();
    let mut row = |name: String, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(page, "{name}: {}", escape(value));
        }
    };
    row(text.say("field-title", &[]), &description.title);
    row(text.say("field-package", &[]), &holding.id.to_string());
    row(text.say("field-accession", &[]), &holding.accession);
    row(text.say("field-signature", &[]), &description.signature);
    row(text.say("field-identifiers", &[]), &description.identifiers.join("; "));
    row(text.say("field-dates", &[]), &dates(&description.date_from, &description.date_to));
    row(text.say("field-creator", &[]), &description.creator);
    row(text.say("field-producer", &[]), &description.producer);
    row(text.say("field-holdings", &[]), &description.holdings);
    row(text.say("field-summary", &[]), &description.summary);
    row(text.say("field-subjects", &[]), &description.subjects.join("; "));
    row(text.say("field-kind", &[]), &description.kind);
    for property in &description.properties {
        row(escape(&property.name).into_owned(), &property.value);
    }
    row(text.say("field-closure", &[]), &closure(&holding.closure, &Timestamp::now().date(), text));
    row(text.say("field-retention", &[]), &retention(holding, text));
    row(text.say("field-files", &[]), &text.number(holding.files));
    row(text.say("field-bytes", &[]), &text.bytes(holding.bytes));
    row(text.say("field-content", &[]), &holding.content);
    row(text.say("field-place", &[]), &holding.place);
    if versions.len() > 1 {
        let _ = writeln!(page, "\n{}:", text.say("field-versions", &[]));
        for version in versions {
            let _ = writeln!(page, "  {}", version_line(version, text));
        }
    }
    let _ = writeln!(page, "\n{}:", text.say("field-files", &[]));
    for file in files.iter().take(FILES) {
        let name = file.original.as_deref().unwrap_or(&file.path);
        // What the source called it stands behind its place: the place is what `export` takes.
        let called = file.name.as_deref().map(|name| format!("  ({})", escape(name))).unwrap_or_default();
        let _ = writeln!(page, "  {}  {}{called}", escape(name), text.bytes(file.size));
    }
    if files.len() > FILES {
        let more = (files.len() - FILES) as u64;
        let _ = writeln!(page, "  {}", text.say("show-more", &[("files", more.into())]));
    }
    let _ = writeln!(page, "\n{}:", text.say("field-events", &[]));
    for entry in history {
        let _ = writeln!(page, "  {}", journal::entry_line(entry, text));
    }
    page
}
