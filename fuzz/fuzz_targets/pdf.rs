//! PDFs, of which only what is embedded is read. Each file is within the bounds; the place of the invoice is one of them;
//! the delivery obeys what holds for all.
#![no_main]

use std::io::Cursor;

use earchiv::source::FolderRules;
use earchiv::source::einvoice::pdf::read;
use earchiv::source::einvoice::{Delivery, Per};
use earchiv::task::Cancel;
use earchiv_fuzz::{laws, scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cancel = Cancel::new();
    let owned = data.to_vec();
    let reopen = move || Ok(Box::new(Cursor::new(owned.clone())) as Box<_>);
    let Ok(pdf) = read(data.len() as u64, &reopen, &cancel) else { return };
    assert!(pdf.attachments.len() <= 1_000);
    let unpacked: u64 = pdf.attachments.iter().map(|file| file.size).sum();
    assert!(unpacked <= 1 << 30, "more than the bound");
    for place in pdf.invoice.iter().map(|(place, _)| *place).chain(pdf.file) {
        assert!(place < pdf.attachments.len(), "the invoice is none of the files");
    }
    if pdf.attachments.is_empty() {
        return;
    }
    let folder = scratch::folder("Rechnungen");
    scratch::put(&folder, "Rechnung.pdf", data);
    let rules = FolderRules::default();
    let delivery = Delivery::open(&folder, Per::File, &rules, &cancel).expect("one file is a delivery");
    laws::delivery(&delivery, &folder);
});
