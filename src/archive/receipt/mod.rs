//! The receipt of an accession (Übernahmeprotokoll), and the accession as an object of the store.
//!
//! ```text
//! accession.json   the entry in the register of accessions
//! receipt.json     what became of each record, what was not taken over and why, the journal's head
//! receipt.*        the same for people: text, HTML in German and English, CSV
//! entries.jsonl    every file and folder of the delivery and every entry that is not stored, one a line
//! delivery/        the tables and messages that describe the records
//! decisions/       the list of decisions that was given with the delivery
//! answers/         what the agency was answered (xdomea 0506, 0507)
//! ```
//!
//! What is for people is made by a [`Render`] out of a [`Receipt`], which is the run's own or the one in the store: both say
//! the same, so a document that is made again later has the same bytes, as long as the program is the same.

mod copies;
mod counts;
mod document;
mod entries;

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::delivery::{Delivery, Terms};
use super::read_back::{as_sealed, digest_file};
use super::report::{DeliveryReport, Fate};
use super::writer::{Open, Writer, closed};
use super::{Archive, ArchiveError, marker};
use crate::io::durable;
use crate::journal::{Actor, Event, Head as JournalHead};
use crate::model::accession::Accession;
use crate::model::checksum::Checksum;
use crate::model::time::Timestamp;
use crate::package::eark::{Attachment, VERSION};
use crate::package::reader::open_regular;
use crate::task::Watch;

pub(super) use copies::settle as settle_copies;
pub use counts::{Counts, Share};
pub use document::{
    AgreementTold, ArchiveName, Each, Head, Live, ProfileTold, Receipt, SCHEMA, Stored, TermsTold, Tool,
};
pub(super) use entries::Entries;

/// Makes what people file out of a receipt.
pub trait Render {
    /// Returns the names of the documents: `receipt.txt`, `receipt.de.html`.
    fn names(&self) -> Vec<&'static str>;

    /// Writes the document `name`.
    fn write(&self, name: &str, receipt: &dyn Receipt, out: &mut dyn Write) -> io::Result<()>;
}

/// What an accession is closed with.
#[derive(Clone, Copy)]
pub(super) struct Closing<'a> {
    pub(super) open: &'a Open,
    pub(super) delivery: &'a Delivery,
    pub(super) terms: &'a Terms,
    pub(super) report: &'a DeliveryReport,
    /// What else is kept with the accession.
    pub(super) beside: &'a [Attachment],
}

/// The name of the receipt for programs.
pub const DOCUMENT: &str = "receipt.json";

/// Stores the accession as an object and closes it in journal and catalogue.
pub(super) fn close(
    mut entries: Entries,
    writer: &mut Writer<'_>,
    closing: &Closing<'_>,
    render: &dyn Render,
    watch: Watch<'_>,
) -> Result<(), ArchiveError> {
    let archive = writer.archive;
    let mut accession = accession(archive, closing);
    let staged = archive.store().stage(&archive.staging(), &accession.object)?;
    let content = staged.content();
    let (actor, head) = (writer.journal.actor(), writer.journal.head());
    let live = live(archive, accession.clone(), closing.terms, closing.report, actor, &head);
    let register = pretty(&accession);
    write(&content.join("accession.json"), |out| out.write_all(register.as_bytes()))?;
    write(&content.join(DOCUMENT), |out| live.write(out))?;
    let mut names = vec![DOCUMENT.to_owned(), "accession.json".to_owned(), "entries.jsonl".to_owned()];
    for name in render.names() {
        write(&content.join(name), |out| render.write(name, &live, out))?;
        names.push(name.to_owned());
    }
    entries.publish(&content.join("entries.jsonl"))?;
    names.extend(copy_tables(closing.delivery, &content)?);
    for attachment in closing.beside {
        let target = content.join(&attachment.path);
        let folder = target.parent().unwrap_or(&content);
        durable::create_missing(folder).map_err(ArchiveError::io(folder))?;
        write(&target, |out| out.write_all(&attachment.bytes))?;
        names.push(attachment.path.clone());
    }
    names.sort_unstable();
    durable::sync_file_system(&content).map_err(ArchiveError::io(&content))?;
    let files: Vec<(String, Checksum)> = names
        .into_iter()
        .map(|name| {
            let path = content.join(&name);
            let file = open_regular(&path).map_err(ArchiveError::io(&path))?;
            durable::forget(&file);
            Ok((name, digest_file(&file, &path, watch)?))
        })
        .collect::<Result<_, ArchiveError>>()?;
    let (name, address) = archive.user();
    let user = Some((name.as_str(), address.as_str()));
    let message = format!("Accession {}", accession.number);
    accession.inventory = staged.seal(&files, closing.terms.created, &message, user)?;
    durable::sync_file_system(&content).map_err(ArchiveError::io(&content))?;
    as_sealed(&staged, &accession.inventory)?;
    let event = Event::AccessionClosing { accession: accession.number.clone(), inventory: accession.inventory.clone() };
    writer.journal.append(&[event])?;
    archive.store().publish(staged)?;
    durable::sync_file_system(archive.root()).map_err(ArchiveError::io(archive.root()))?;
    let event = closed(&accession, accession.inventory.clone());
    writer.note(&[event], &[], std::slice::from_ref(&accession))?;
    archive.lay_out_receipts(&accession.number)
}

impl Archive {
    /// Returns the receipt of a closed accession as it was stored.
    ///
    /// # Errors
    /// [`ArchiveError::NoAccession`] where none has this number or it is not closed; [`ArchiveError::ReceiptChanged`] where
    /// the receipt or its object is not what the catalogue and the object's inventory say.
    pub fn receipt(&self, number: &str, watch: Watch<'_>) -> Result<Stored, ArchiveError> {
        let none = || ArchiveError::NoAccession { number: number.to_owned() };
        let accession = self.catalogue()?.accession(number)?.filter(|found| found.closed.is_some()).ok_or_else(none)?;
        let object = self.store().object(&accession.object)?;
        let name = format!("v1/content/{DOCUMENT}");
        let at = |place: &str| self.root().join(marker::STORE).join(place).join(&name);
        let Some(object) = object else {
            return Err(ArchiveError::ReceiptChanged { path: self.root().join(marker::STORE) });
        };
        let path = at(&object.place);
        let changed = || ArchiveError::ReceiptChanged { path: path.clone() };
        let recorded = object
            .inventory
            .as_ref()
            .and_then(|inventory| inventory.content().find(|(file, _)| *file == name).map(|(_, checksum)| checksum));
        if !object.is(&accession.inventory) {
            return Err(changed());
        }
        let file = object.open(&name).map_err(ArchiveError::io(&path))?;
        if recorded != Some(digest_file(&file, &path, watch)?) {
            return Err(changed());
        }
        Ok(Stored::at(&path))
    }
}

/// Returns the receipt for a delivery of which nothing was taken over, so that it is no accession.
#[must_use]
pub fn refusal<'r>(
    archive: &Archive,
    terms: &Terms,
    report: &'r DeliveryReport,
    actor: &Actor,
    head: &JournalHead,
) -> Live<'r> {
    let producer = Some(report.producer.as_str()).filter(|producer| !producer.is_empty());
    let accession = Accession {
        producer: producer.unwrap_or_else(|| terms.producer()).to_owned(),
        delivery: report.name.clone(),
        profile: terms.profile.name.as_str().to_owned(),
        agreement: terms.agreement_name().to_owned(),
        purpose: terms.purpose(),
        holdings: terms.holdings().to_owned(),
        object: String::new(),
        ..archive.opened("", Timestamp::now())
    };
    live(archive, accession, terms, report, actor, head)
}

fn live<'r>(
    archive: &Archive,
    accession: Accession,
    terms: &Terms,
    report: &'r DeliveryReport,
    actor: &Actor,
    head: &JournalHead,
) -> Live<'r> {
    let marker = archive.marker();
    let counts = Counts::of(report, &accession.number);
    let entries = report.tally().into_iter().map(|(kind, tally)| (kind.to_owned(), tally)).collect();
    let head = Head {
        schema: SCHEMA.to_owned(),
        archive: ArchiveName { id: marker.id, name: marker.name.clone(), isil: marker.isil.clone() },
        accession,
        terms: told(terms),
        origin: report.origin.clone(),
        tool: Tool { name: "eArchiv".to_owned(), version: VERSION.to_owned() },
        actor: actor.clone(),
        counts,
        entries,
        formats: report.formats.list(),
        findings: report.findings.clone(),
        released: report.released,
        answers: report.answers.clone(),
        journal_head: head.to_string(),
        leftovers: report.leftovers.len() as u64,
    };
    Live { head, report }
}

fn told(terms: &Terms) -> TermsTold {
    let profile = &terms.profile;
    let agreement = terms.agreement.as_ref().map(|(agreement, _)| {
        let line = |line: &Option<crate::profile::Line>| line.as_ref().map(|line| line.as_str().to_owned());
        AgreementTold {
            name: agreement.name.as_str().to_owned(),
            title: line(&agreement.title).unwrap_or_default(),
            number: agreement.number.as_str().to_owned(),
            legal_basis: line(&agreement.legal_basis).unwrap_or_default(),
            producer_code: line(&agreement.producer.code).unwrap_or_default(),
        }
    });
    TermsTold {
        profile: ProfileTold {
            name: profile.name.as_str().to_owned(),
            version: profile.version,
            title: profile.title.clone(),
        },
        agreement,
        rights: profile.rights.clone(),
        closure_law: profile.closure.law.as_str().to_owned(),
        retention_basis: terms.keeping("").basis,
    }
}

fn accession(archive: &Archive, closing: &Closing<'_>) -> Accession {
    let Closing { open, delivery, terms, report, .. } = closing;
    let of_this = || report.records.iter().filter(|record| record.is_kept() && record.accession == open.number);
    let tally = report.tally();
    Accession {
        closed: Some(Timestamp::now()),
        producer: delivery.producer.clone(),
        delivery: delivery.name.clone(),
        profile: terms.profile.name.as_str().to_owned(),
        agreement: terms.agreement_name().to_owned(),
        purpose: terms.purpose(),
        holdings: terms.holdings().to_owned(),
        packages: of_this().count() as u64,
        files: of_this().map(|record| record.files).sum(),
        bytes: of_this().map(|record| record.bytes).sum(),
        refused: tally.values().map(|count| count.refused).sum(),
        failed: tally.values().map(|count| count.failed).sum(),
        left_out: tally.values().map(|count| count.left_out).sum(),
        ..archive.opened(&open.number, open.started)
    }
}

impl Fate {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::AlreadyStored => "already-stored",
            Self::Packed => "packed",
            Self::AlreadyPacked => "already-packed",
            Self::Planned => "planned",
            Self::LeftOut => "left-out",
            Self::Refused => "refused",
            Self::Conflict { .. } => "conflict",
            Self::Failed(_) => "failed",
        }
    }
}

fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// Writes a new file; what is long goes through in pieces.
fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), ArchiveError> {
    let work = || {
        let mut out = BufWriter::with_capacity(1 << 16, durable::create_file(path)?);
        fill(&mut out)?;
        out.flush()
    };
    work().map_err(ArchiveError::io(path))
}

/// Copies the tables of the delivery and returns their names in the object.
fn copy_tables(delivery: &Delivery, content: &Path) -> Result<Vec<String>, ArchiveError> {
    let mut names = Vec::new();
    for table in delivery.tables() {
        let name = format!("delivery/{}", table.path);
        let target = content.join(&name);
        durable::create_missing(target.parent().unwrap_or(content)).map_err(ArchiveError::io(&target))?;
        let source = |fault: crate::model::content::ReadFault| crate::package::container::WriteError::Source {
            path: table.path.to_string(),
            fault,
        };
        let mut reader = delivery.content().open(table).map_err(source)?;
        let mut file = durable::create_file(&target).map_err(ArchiveError::io(&target))?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match reader.read(&mut buffer).map_err(source)? {
                0 => break,
                read => file.write_all(&buffer[..read]).map_err(ArchiveError::io(&target))?,
            }
        }
        names.push(name);
    }
    Ok(names)
}
