//! PDFs, read only for what is embedded in them: ZUGFeRD, Factur-X, XRechnung, Order-X.
//!
//! Files of others are read here without any library: of those for PDF the ones at hand hold a whole file in memory, unpack
//! without a bound, or may panic. Here everything has a bound, and what is damaged is told.

mod attachments;
mod bytes;
mod document;
mod object;
mod rebuild;
mod stream;
mod xmp;

use std::io::{BufReader, Cursor, Read};

pub use self::attachments::Attachment;
use self::attachments::Attachments;
use self::bytes::Bytes;
pub use self::bytes::Reopen;
use self::document::{Document, limited};
use self::object::Object;
pub use self::xmp::Xmp;
use super::invoice::{Invoice, Syntax};
use super::reading::{self, ReadError};
use crate::task::Cancel;

/// The names that invoices and orders have in PDFs, those of later versions first; letters count whatever their case.
const NAMES: [&str; 4] = ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "order-x.xml"];

/// How large metadata and an invoice in XML are at most, decoded.
const METADATA: u64 = 4 << 20;
const XML: u64 = 256 << 20;

/// Why a PDF cannot be read, or a part of it.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// It does not begin as one.
    #[error("no PDF")]
    NotAPdf,
    /// The file cannot be read: what the operating system says.
    #[error("reading failed: {0}")]
    Read(String),
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// It passes a bound.
    #[error("a limit: {0}")]
    Limit(&'static str),
    /// Something is not as ISO 32000 says.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// A filter that is not known here.
    #[error("filter {0}")]
    Filter(String),
}

/// What a PDF holds.
#[derive(Debug)]
pub struct Pdf {
    /// What its metadata say.
    pub xmp: Xmp,
    /// What is embedded in it.
    pub attachments: Vec<Attachment>,
    /// Whether there is more than these.
    pub more: bool,
    /// The place of the invoice among these, and what it says.
    pub invoice: Option<(usize, Result<Box<Invoice>, PdfInvoiceFault>)>,
    /// The place of the file that the invoice was read from.
    pub file: Option<usize>,
    /// Whether not everything was where it should be.
    pub damaged: bool,
    /// Whether it is encrypted; then nothing of it is known.
    pub encrypted: bool,
}

/// Why an embedded invoice cannot be read.
#[derive(Debug)]
pub enum PdfInvoiceFault {
    /// Its XML is not well-formed.
    Xml(ReadError),
    /// It is something else: its root element.
    Other(String),
    /// It cannot be taken out of the PDF.
    Stream,
}

/// Reads a PDF of `size` bytes that `reopen` opens from its start.
pub fn read<'a>(size: u64, reopen: &'a Reopen<'a>, cancel: &'a Cancel) -> Result<Pdf, PdfError> {
    let mut document = Document::open(Bytes::new(size, reopen, cancel))?;
    let mut pdf = Pdf {
        xmp: Xmp::default(),
        attachments: Vec::new(),
        more: false,
        invoice: None,
        file: None,
        damaged: document.damaged,
        encrypted: document.is_encrypted(),
    };
    if pdf.encrypted {
        return Ok(pdf);
    }
    let catalog = document.catalog()?;
    match metadata(&mut document, &catalog) {
        Ok(xmp) => pdf.xmp = xmp,
        Err(PdfError::Damaged(_) | PdfError::Filter(_)) => pdf.damaged = true,
        Err(stop) => return Err(stop),
    }
    let found = Attachments::list(&mut document, &catalog)?;
    (pdf.attachments, pdf.more) = (found.files, found.more);
    pdf.invoice = invoice(&mut document, &pdf.attachments)?;
    pdf.damaged |= found.damaged | document.damaged;
    Ok(pdf)
}

fn metadata(document: &mut Document<'_>, catalog: &object::Dictionary) -> Result<Xmp, PdfError> {
    let Some(Object::Reference(number)) = catalog.get("Metadata") else { return Ok(Xmp::default()) };
    let Some(loaded) = document.load(*number)? else { return Ok(Xmp::default()) };
    let bytes = limited(document.stream(&loaded)?, METADATA)?;
    Ok(Xmp::read(Cursor::new(bytes)))
}

/// Finds the invoice among the attachments: by its name, else an XML that the PDF calls its data and that is one.
fn invoice(
    document: &mut Document<'_>,
    attachments: &[Attachment],
) -> Result<Option<(usize, Result<Box<Invoice>, PdfInvoiceFault>)>, PdfError> {
    let named = NAMES.iter().find_map(|name| attachments.iter().position(|file| file.name.eq_ignore_ascii_case(name)));
    if let Some(place) = named {
        return Ok(Some((place, take(document, &attachments[place])?)));
    }
    for (place, file) in attachments.iter().enumerate() {
        let is_xml = file.name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("xml"));
        if is_xml
            && matches!(file.relationship.as_str(), "Alternative" | "Source" | "Data")
            && let Ok(invoice) = take(document, file)?
            && invoice.syntax != Syntax::OrderX
        {
            return Ok(Some((place, Ok(invoice))));
        }
    }
    Ok(None)
}

fn take(document: &mut Document<'_>, file: &Attachment) -> Result<Result<Box<Invoice>, PdfInvoiceFault>, PdfError> {
    if !file.fault.is_empty() {
        return Ok(Err(PdfInvoiceFault::Stream));
    }
    let Ok(Some(loaded)) = document.load(file.number) else { return Ok(Err(PdfInvoiceFault::Stream)) };
    let Ok(stream) = document.stream(&loaded) else { return Ok(Err(PdfInvoiceFault::Stream)) };
    let read = reading::read(BufReader::new(stream.take(XML)));
    if document.bytes.is_cancelled() {
        return Err(PdfError::Cancelled);
    }
    Ok(match read {
        Ok(reading::Read::Invoice(invoice)) => Ok(invoice),
        Ok(reading::Read::Other(root)) => Err(PdfInvoiceFault::Other(root)),
        Err(error) => Err(PdfInvoiceFault::Xml(error)),
    })
}
