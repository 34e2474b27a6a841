//! Invoices in XML (UBL, CII, ZUGFeRD, Order-X). How the bytes come in makes no difference; what is embedded is never
//! larger than the text that it stands in; the delivery obeys what holds for all.
#![no_main]

use std::io::BufReader;

use earchiv::source::FolderRules;
use earchiv::source::einvoice::reading::{Read, read};
use earchiv::source::einvoice::{Delivery, Per};
use earchiv::task::Cancel;
use earchiv_fuzz::{laws, scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let whole = read(data);
    let pieces = read(BufReader::with_capacity(7, data));
    match (&whole, &pieces) {
        (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces, "read otherwise in pieces"),
        (Err(_), Err(_)) => return,
        _ => panic!("read otherwise in pieces"),
    }
    let Ok(Read::Invoice(invoice)) = whole else { return };
    for document in &invoice.documents {
        if let Some(embedded) = &document.embedded {
            assert!(embedded.bytes.size <= data.len() as u64, "more bytes than there are letters");
        }
    }
    let _ = (invoice.title(), invoice.kind(), invoice.missing().count());
    let folder = scratch::folder("Rechnungen");
    scratch::put(&folder, "Rechnung.xml", data);
    let rules = FolderRules::default();
    let delivery = Delivery::open(&folder, Per::File, &rules, &Cancel::new()).expect("one file is a delivery");
    laws::delivery(&delivery, &folder);
});
