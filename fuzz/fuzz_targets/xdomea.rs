//! Messages of eAkte systems. Each object lies in the message, its excerpt is as long as told and is the object alone; the
//! delivery obeys what holds for all.
#![no_main]

use std::io::{BufReader, Read};

use earchiv::source::xdomea::{Delivery, Message, Per, Rules, Spool};
use earchiv::task::Cancel;
use earchiv_fuzz::{laws, scratch};
use libfuzzer_sys::fuzz_target;

const NAME: &str = "6d1c1f0e-58a4-4c1b-9a53-7b1e5b6f2a10_Aussonderung.Aussonderung.0503.xml";

fuzz_target!(|data: &[u8]| {
    let parts = scratch::parts(data);
    let message = parts[0];
    let Ok(spool) = Spool::read(&mut &message[..], NAME) else { return };
    let pieces = Message::read(BufReader::with_capacity(5, message), NAME).expect("it was read at once");
    assert_eq!(pieces, spool.message, "read otherwise in pieces");
    for root in spool.message.objects.iter().take(50) {
        let (from, to) = root.range;
        assert!(from < to && to <= spool.length(), "an object outside the message");
        let mut excerpt = Vec::new();
        spool.excerpt(root).read_to_end(&mut excerpt).expect("the excerpt is read");
        assert_eq!(excerpt.len() as u64, spool.excerpt_length(root));
        laws::well_formed(&excerpt);
        spool.object(root).expect("the object is read again");
    }
    let folder = scratch::folder("Aussonderung");
    scratch::put(&folder, NAME, message);
    for (number, part) in parts.iter().skip(1).take(4).enumerate() {
        scratch::put(&folder, &format!("{}.pdf", number + 1), part);
    }
    let cancel = Cancel::new();
    for per in [Per::Object, Per::Message] {
        if let Ok(delivery) = Delivery::open(&folder, &Rules { per, schemas: None }, &cancel) {
            laws::delivery(&delivery, &folder);
        }
    }
});
