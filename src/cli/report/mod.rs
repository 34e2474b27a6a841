//! What people file: the receipt of an accession as text, as a page and as tables, from one description of it.

mod chart;
mod copies;
pub mod date;
mod page;
mod plain;
mod rows;
mod table;

use std::cell::OnceCell;
use std::io::{self, Write};

use clap::ValueEnum;
use earchiv::archive::receipt::{Receipt, Render};

use super::text::{Language, Text};

pub use copies::Copies;

/// How a receipt is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Plain text.
    Text,
    /// A page that needs nothing beside itself.
    Html,
    /// The packages as CSV.
    Csv,
    /// All deviations as CSV.
    Deviations,
}

/// Writes a receipt in `form`.
pub fn write(form: Form, receipt: &dyn Receipt, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    match form {
        Form::Text => plain::write(receipt, text, out),
        Form::Html => page::write(receipt, text, out),
        Form::Csv => table::packages(receipt, text, out),
        Form::Deviations => table::deviations(receipt, text, out),
    }
}

/// The documents that are filed with every accession: pages in both languages, the others in that of the user.
pub struct Filed<'a> {
    user: &'a Text,
    other: OnceCell<Text>,
}

impl<'a> Filed<'a> {
    /// Returns the documents for a user who reads `text`.
    pub const fn new(user: &'a Text) -> Self {
        Self { user, other: OnceCell::new() }
    }

    fn text(&self, language: Language) -> &Text {
        if self.user.language() == language { self.user } else { self.other.get_or_init(|| Text::new(language)) }
    }
}

impl Render for Filed<'_> {
    fn names(&self) -> Vec<&'static str> {
        vec!["receipt.txt", "receipt.de.html", "receipt.en.html", "receipt.csv", "receipt-deviations.csv"]
    }

    fn write(&self, name: &str, receipt: &dyn Receipt, out: &mut dyn Write) -> io::Result<()> {
        match name {
            "receipt.de.html" => write(Form::Html, receipt, self.text(Language::De), out),
            "receipt.en.html" => write(Form::Html, receipt, self.text(Language::En), out),
            "receipt.csv" => write(Form::Csv, receipt, self.user, out),
            "receipt-deviations.csv" => write(Form::Deviations, receipt, self.user, out),
            _ => write(Form::Text, receipt, self.user, out),
        }
    }
}
