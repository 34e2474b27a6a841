//! The report of audits over the years, as people file it: pages in both languages and tables, made of the history.

mod account;
mod ages;
mod page;
mod period;
mod plot;
mod rows;
mod table;
#[cfg(test)]
mod tests;
mod verdict;

use std::io::{self, Write};

use earchiv::archive::audit::plan::Standing;
use earchiv::archive::marker::Marker;
use earchiv::history::{History, HistoryError};
use earchiv::model::time::Timestamp;

use self::account::Account;
use crate::cli::text::Text;

/// What a report is about.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The archive.
    pub marker: &'a Marker,
    /// The history of its audits, where there is one.
    pub history: Option<&'a History>,
    /// The hash of the last run of that history that the journal tells of, where it tells of any.
    pub told: Option<&'a str>,
    /// The packages that are held, each with its last check.
    pub packages: &'a [Standing],
    /// The moment for which the report is made.
    pub now: Timestamp,
}

/// A report that is ready to be written in any language.
pub struct Report<'a> {
    subject: Subject<'a>,
    account: Account,
}

impl<'a> Report<'a> {
    /// Reads the history.
    pub fn of(subject: Subject<'a>) -> Result<Self, HistoryError> {
        let account = Account::of(&subject)?;
        Ok(Self { subject, account })
    }

    /// Writes the page.
    pub fn page(&self, text: &Text, out: &mut dyn Write) -> io::Result<()> {
        page::write(&self.subject, &self.account, text, out)
    }

    /// Writes all runs as CSV.
    pub fn runs(&self, text: &Text, out: &mut dyn Write) -> io::Result<()> {
        table::runs(self.subject.history, text, out)
    }

    /// Writes all findings as CSV, also those that are cleared.
    pub fn findings(&self, text: &Text, out: &mut dyn Write) -> io::Result<()> {
        table::findings(self.subject.history, text, out)
    }
}
