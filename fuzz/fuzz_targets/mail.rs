//! E-mails and mailboxes. The first byte says which, and what becomes one record. The delivery obeys what holds for all.
#![no_main]

use earchiv::source::FolderRules;
use earchiv::source::mail::{MailFields, Mails, PerMail};
use earchiv::task::Cancel;
use earchiv_fuzz::{laws, scratch};
use libfuzzer_sys::fuzz_target;

const ALL: MailFields =
    MailFields { subject: true, from: true, to: true, cc: true, message_id: true, references: true, attachments: true };

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else { return };
    let folder = scratch::folder("Postfach");
    scratch::put(&folder, if kind & 1 == 0 { "brief.eml" } else { "fach.mbox" }, data);
    let per = match kind >> 1 & 3 {
        0 => PerMail::File,
        1 => PerMail::Message,
        2 => PerMail::Folder,
        _ => PerMail::Delivery,
    };
    if let Ok(mails) = Mails::open(&folder, &FolderRules::default(), per, ALL, &Cancel::new()) {
        laws::delivery(&mails, &folder);
    }
});
