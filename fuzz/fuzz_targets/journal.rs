//! Journals. The first byte says whether lines are taken as they are or get right hashes first, so that what they say is
//! reached. A journal without findings gives all its entries, in a chain, and the head that the end alone tells; what is
//! appended is read as written.
#![no_main]

use earchiv::journal::{self, Actor, Entry, Event, Head, Journal};
use earchiv::model::checksum::{hex, sha256};
use earchiv_fuzz::scratch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else { return };
    let sealed;
    let bytes = if kind % 2 == 0 {
        data
    } else {
        sealed = seal(data);
        &sealed
    };
    let folder = scratch::folder("journal");
    scratch::put(&folder, journal::FILE, bytes);
    let verified = journal::verify(&folder, &[]).expect("a journal that is there is read");
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert!(verified.entries <= lines, "more entries than lines");
    assert_eq!(verified.torn, !bytes.is_empty() && !bytes.ends_with(b"\n"));
    let entries: Vec<_> = journal::entries(&folder).expect("it is read").collect();
    let sound = entries.iter().flatten().count() as u64;
    assert_eq!(sound, verified.entries, "counted otherwise");
    let changed =
        verified.findings.iter().any(|finding| finding.code.name() != "JOURNAL_CLOCK") || verified.unlisted > 0;
    if changed || lines == 0 {
        return;
    }
    let entries: Vec<Entry> = entries.into_iter().map(|entry| entry.expect("no finding")).collect();
    let mut head = Head::EMPTY;
    for entry in &entries {
        assert_eq!((entry.seq, entry.prev), (head.seq + 1, head.hash), "the chain is broken");
        assert_eq!(matches!(entry.event, Event::Created { .. }), entry.seq == 1);
        head = entry.head();
    }
    assert_eq!(head, verified.head);
    assert_eq!(journal::head(&folder).expect("the end is whole"), head);
    assert_eq!(journal::verify(&folder, &[head]).unwrap().findings.len(), verified.findings.len());
    round_trip(&folder, &entries, head);
});

/// Appends each entry's event once more and reads it back.
fn round_trip(folder: &std::path::Path, entries: &[Entry], before: Head) {
    let last = entries.last().expect("there are lines");
    if matches!(last.event, Event::Created { .. } | Event::Other { .. }) || last.seq > u64::MAX / 2 {
        return;
    }
    let actor = Actor { user: last.actor.user.clone(), on_behalf_of: last.actor.on_behalf_of.clone() };
    let mut journal = Journal::open(folder, actor).expect("a whole journal is opened");
    let Ok(head) = journal.append(std::slice::from_ref(&last.event)) else { return };
    drop(journal);
    let read = journal::entries(folder).unwrap().last().expect("there are lines").expect("what was written is read");
    assert_eq!(read.event, last.event, "not read as written");
    assert_eq!(read.actor, last.actor);
    assert_eq!((read.prev, read.head()), (before.hash, head));
    let verified = journal::verify(folder, &[before, head]).unwrap();
    assert_eq!((verified.head, verified.torn), (head, false));
}

/// Gives each line the `prev` and `hash` that it would have as it stands.
fn seal(data: &[u8]) -> Vec<u8> {
    let mut prev = [0; 32];
    let mut out = Vec::new();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        let (text, end) = line.strip_suffix(b"\n").map_or((line, &b""[..]), |text| (text, &b"\n"[..]));
        let told = text.windows(9).rposition(|window| window == b",\"prev\":\"").unwrap_or(text.len());
        let mut body = text[..told].to_vec();
        body.extend_from_slice(format!(",\"prev\":\"{}\"", hex(&prev)).as_bytes());
        let hash = sha256(&body);
        out.extend_from_slice(&body);
        out.extend_from_slice(format!(",\"hash\":\"{}\"}}", hex(&hash)).as_bytes());
        out.extend_from_slice(end);
        prev = hash;
    }
    out
}
