//! Electronic invoices: XRechnung and other invoices by EN 16931 in XML, and PDFs with such an invoice in them.

mod base64;
pub mod invoice;
pub mod pdf;
pub mod reading;
