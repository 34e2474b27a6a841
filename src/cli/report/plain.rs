//! The receipt of an accession as plain text.

use std::io::{self, Write};

use earchiv::archive::receipt::{Head, Receipt};
use earchiv::archive::report::Tally;

use crate::cli::accession::{row, terms};
use crate::cli::delivery::{exception_line, record_lines, sums};
use crate::cli::text::{Text, escape};

/// Writes the receipt.
pub fn write(receipt: &dyn Receipt, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let head = receipt.head()?;
    begin(&head, text, out)?;
    receipt.records(&mut |record| {
        out.write_all(record_lines(record, text).as_bytes())?;
        for (name, value) in [
            (text.say("field-place", &[]), &record.place),
            (text.say("field-content", &[]), &record.content),
            (text.say("receipt-sum-package", &[]), &record.sha512),
        ] {
            if !value.is_empty() {
                writeln!(out, "  {name}: {}", escape(value))?;
            }
        }
        for other in &record.equal {
            let named = [("package", other.package.to_string().into()), ("accession", other.accession.as_str().into())];
            writeln!(out, "  {}", text.say("receipt-equal-line", &named))?;
        }
        Ok(true)
    })?;
    let mut any = false;
    receipt.exceptions(&mut |exception| {
        if !std::mem::replace(&mut any, true) {
            writeln!(out, "\n{}", text.say("receipt-exceptions", &[]))?;
        }
        writeln!(out, "  {}", exception_line(exception, text))?;
        Ok(true)
    })?;
    writeln!(out, "\n{}", release(&head, text))?;
    writeln!(out, "{}", text.say("journal-head", &[("head", head.journal_head.as_str().into())]))?;
    writeln!(out, "{}", text.say("receipt-promise", &[]))
}

fn begin(head: &Head, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let accession = &head.accession;
    let mut page = String::new();
    let title = title(head, text);
    writeln!(out, "{title}\n{}\n", "=".repeat(title.chars().count()))?;
    row(&mut page, &text.say("field-archive", &[]), &head.archive.name);
    row(&mut page, &text.say("field-isil", &[]), head.archive.isil.as_deref().unwrap_or_default());
    terms(&mut page, accession, text);
    writeln!(out, "{page}")?;
    let objects = &head.counts.objects;
    let records = Tally {
        stored: objects.taken + objects.held,
        refused: objects.refused,
        failed: objects.failed,
        left_out: objects.left_out + objects.not_taken,
    };
    if !accession.number.is_empty() {
        writeln!(out, "{}", text.say("accession-done", &[("number", accession.number.as_str().into())]))?;
    }
    let entries = head.entries.iter().map(|(kind, tally)| (kind.as_str(), *tally));
    let kept = text.say("tally-stored", &[]);
    write!(out, "{}", sums(&kept, &records, entries, text))
}

/// Returns what the document is called.
pub fn title(head: &Head, text: &Text) -> String {
    match head.accession.number.as_str() {
        "" => text.say("refusal-title", &[("delivery", head.accession.delivery.as_str().into())]),
        number => text.say("receipt-title", &[("number", number.into())]),
    }
}

/// Returns whether the producer may delete what was delivered.
pub fn release(head: &Head, text: &Text) -> String {
    if head.released { text.say("receipt-released", &[]) } else { text.say("receipt-not-released", &[]) }
}
