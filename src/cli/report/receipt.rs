//! The receipt of an accession as plain text: what an archivist files.

use std::fmt::Write as _;

use earchiv::archive::receipt::Facts;

use crate::cli::accession::{row, terms};
use crate::cli::delivery::{exception_line, record_lines, summary};
use crate::cli::text::{Text, escape};

/// Returns the receipt.
pub fn text(facts: &Facts<'_>, text: &Text) -> String {
    let accession = facts.accession;
    let mut page = String::new();
    let title = text.say("receipt-title", &[("number", accession.number.as_str().into())]);
    let _ = writeln!(page, "{title}\n{}\n", "=".repeat(title.chars().count()));
    row(&mut page, &text.say("field-archive", &[]), &facts.archive.name);
    row(&mut page, &text.say("field-isil", &[]), facts.archive.isil.as_deref().unwrap_or_default());
    terms(&mut page, accession, text);
    let _ = writeln!(page, "\n{}", summary(facts.report, text));
    for record in &facts.report.records {
        page.push_str(&record_lines(record, text));
        for (name, value) in
            [(text.say("field-place", &[]), &record.place), (text.say("field-content", &[]), &record.content)]
        {
            if !value.is_empty() {
                let _ = writeln!(page, "  {name}: {}", escape(value));
            }
        }
    }
    let mut exceptions = facts.report.exceptions().peekable();
    if exceptions.peek().is_some() {
        let _ = writeln!(page, "\n{}", text.say("receipt-exceptions", &[]));
        for exception in exceptions {
            let _ = writeln!(page, "  {}", exception_line(exception, text));
        }
    }
    let _ = writeln!(page, "\n{}", text.say("journal-head", &[("head", facts.head.to_string().into())]));
    let _ = writeln!(page, "{}", text.say("receipt-promise", &[]));
    page
}
