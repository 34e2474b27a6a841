//! One file of a delivery: whether it is an invoice, what it says, and what is wrong with it.

use std::io::{BufReader, Read as _};

use super::invoice::{Invoice, Term};
use super::pdf::{self, Pdf, PdfError, PdfInvoiceFault};
use super::reading::{self, Read, ReadError};
use crate::io::xml::{XmlError, XmlFault};
use crate::model::content::ReadFault;
use crate::model::finding::{Code, Finding};
use crate::model::record::Reason;
use crate::source::tree::{Entry, Tree};
use crate::task::{Cancel, Cancelled};

/// How many bytes at its beginning tell what a file is.
const HEAD: u64 = 1_024;

/// What is known of a file.
#[derive(Debug, Default)]
pub struct Examined {
    /// What the invoice says, where it is one or holds one.
    pub invoice: Option<Box<Invoice>>,
    /// What it holds, where it is a PDF.
    pub pdf: Option<Pdf>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Whether it is neither XML nor PDF, or another kind of XML.
    pub foreign: bool,
    /// Why it could not be read.
    pub fault: Option<Reason>,
}

impl Examined {
    /// Returns whether the file can be the record of an invoice: an invoice, or a PDF that may show one to people.
    #[must_use]
    pub const fn is_invoice(&self) -> bool {
        self.invoice.is_some() || self.pdf.is_some()
    }
}

/// What a file begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `%PDF-`.
    Pdf,
    /// A tag, after white space and a byte order mark.
    Xml,
    /// Something else.
    Other,
}

impl Kind {
    /// Returns what a file is that begins with `head` and is called `name`.
    #[must_use]
    pub fn of(head: &[u8], name: &[u8]) -> Self {
        let ending = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default().to_ascii_lowercase();
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        if head.windows(5).any(|five| five == b"%PDF-") || ending == b"pdf" {
            Self::Pdf
        } else if text.starts_with(b"<") || ending == b"xml" {
            Self::Xml
        } else {
            Self::Other
        }
    }
}

/// Looks into the file `entry` of `tree`.
pub fn examine(tree: &Tree, entry: &Entry, cancel: &Cancel) -> Result<Examined, Cancelled> {
    cancel.check()?;
    let mut found = Examined::default();
    let mut head = Vec::new();
    let read = tree.read(entry).and_then(|file| {
        file.take(HEAD).read_to_end(&mut head).map_err(ReadFault::Unreadable)?;
        tree.read(entry)
    });
    let file = match read {
        Ok(file) => file,
        Err(fault) => {
            found.fault = Some(fault.reason());
            return Ok(found);
        }
    };
    match Kind::of(&head, entry.name()) {
        Kind::Pdf => read_pdf(tree, entry, cancel, &mut found)?,
        Kind::Xml => {
            match reading::read(BufReader::new(Stoppable { inner: file, cancel })) {
                Ok(Read::Invoice(invoice)) => found.take(&entry.shown(), invoice),
                Ok(Read::Other(root)) => {
                    found.foreign = true;
                    found.findings.push(Finding::new(Code::InvoiceForeign).file(entry.shown()).value(root));
                }
                Err(ReadError { error: XmlError::Io(error), .. }) => found.fault = Some(Reason::unreadable(&error)),
                Err(error) => found.findings.push(ill_formed(&entry.shown(), &error)),
            }
            cancel.check()?;
        }
        Kind::Other => {
            found.foreign = true;
            found.findings.push(Finding::new(Code::InvoiceForeign).file(entry.shown()));
        }
    }
    Ok(found)
}

fn read_pdf(tree: &Tree, entry: &Entry, cancel: &Cancel, found: &mut Examined) -> Result<(), Cancelled> {
    let shown = entry.shown();
    let finding = |code| Finding::new(code).file(shown.clone());
    let reopen = || tree.read(entry);
    let pdf = match pdf::read(entry.size, &reopen, cancel) {
        Ok(pdf) => pdf,
        Err(PdfError::Cancelled) => return cancel.check(),
        Err(PdfError::Read(error)) => {
            found.fault = Some(Reason::unreadable(&std::io::Error::other(error)));
            return Ok(());
        }
        Err(error) => {
            let value = if matches!(error, PdfError::Limit(_)) { "limit" } else { "structure" };
            found.findings.push(finding(Code::PdfUnreadable).value(value));
            return Ok(());
        }
    };
    if pdf.damaged {
        found.findings.push(finding(Code::PdfDamaged));
    }
    if pdf.encrypted {
        found.findings.push(finding(Code::PdfEncrypted));
    }
    let damaged = pdf.attachments.iter().filter(|file| !file.fault.is_empty());
    found.findings.extend(damaged.map(|file| finding(Code::AttachmentDamaged).value(file.name.clone())));
    if pdf.more {
        found.findings.push(finding(Code::AttachmentsUnlisted));
    }
    let mut pdf = pdf;
    let invoice = pdf.invoice.take();
    let name = |place: usize| pdf.attachments.get(place).map(|file| file.name.clone()).unwrap_or_default();
    match invoice {
        Some((place, Ok(invoice))) => {
            let named = format!("{shown}: {}", name(place));
            found.take(&named, invoice);
            pdf.file = Some(place);
        }
        Some((place, Err(PdfInvoiceFault::Xml(error)))) => {
            found.findings.push(ill_formed(&format!("{shown}: {}", name(place)), &error));
        }
        Some((_, Err(PdfInvoiceFault::Other(root)))) => {
            found.findings.push(finding(Code::PdfWithoutInvoice).value(root));
        }
        // That it cannot be taken out was said above.
        Some((_, Err(PdfInvoiceFault::Stream))) | None if pdf.encrypted => {}
        Some((_, Err(PdfInvoiceFault::Stream))) | None => found.findings.push(finding(Code::PdfWithoutInvoice)),
    }
    found.pdf = Some(pdf);
    Ok(())
}

impl Examined {
    /// Takes an invoice in with what is to be said of it.
    fn take(&mut self, file: &str, invoice: Box<Invoice>) {
        let finding = |code| Finding::new(code).file(file);
        if !invoice.syntax.is_evaluated() {
            self.findings.push(finding(Code::InvoiceNotEvaluated).value(invoice.syntax.name()));
        }
        for term in invoice.missing() {
            let missing = finding(Code::InvoiceTermMissing).expected(format!("BT-{term}"));
            self.findings.push(missing.requirement(rule(term)));
        }
        for term in &invoice.no_dates {
            self.findings
                .push(finding(Code::InvoiceDateInvalid).expected(format!("BT-{term}")).value(invoice.term(*term)));
        }
        for document in &invoice.documents {
            if let Some(embedded) = document.embedded.as_ref().filter(|embedded| embedded.bytes.fault) {
                let name = if embedded.name.is_empty() { &document.reference } else { &embedded.name };
                self.findings.push(finding(Code::AttachmentDamaged).value(name.clone()));
            }
        }
        if invoice.more_documents {
            self.findings.push(finding(Code::AttachmentsUnlisted));
        }
        self.invoice = Some(invoice);
    }
}

/// Returns the business rule of EN 16931-1 that demands `term`.
const fn rule(term: Term) -> &'static str {
    match term {
        24 => "BR-1",
        1 => "BR-2",
        2 => "BR-3",
        3 => "BR-4",
        5 => "BR-5",
        27 => "BR-6",
        44 => "BR-7",
        112 => "BR-14",
        _ => "BR-15",
    }
}

fn ill_formed(file: &str, error: &ReadError) -> Finding {
    let value = match &error.error {
        XmlError::Fault { fault: XmlFault::Malformed(said) | XmlFault::Encoding(said), .. } => said.clone(),
        XmlError::Fault { fault: XmlFault::DocumentType, .. } => "DOCTYPE".to_owned(),
        XmlError::Fault { fault: XmlFault::Limit(limit), .. } => (*limit).to_owned(),
        XmlError::Io(error) => error.to_string(),
    };
    let mut finding = Finding::new(Code::XmlMalformed).file(file).value(value).line(error.line);
    finding.column = Some(error.column);
    finding
}

/// A reader that ends with an error when somebody asks to stop.
struct Stoppable<'a, R> {
    inner: R,
    cancel: &'a Cancel,
}

impl<R: std::io::Read> std::io::Read for Stoppable<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.cancel.check().map_err(std::io::Error::other)?;
        self.inner.read(buffer)
    }
}
