//! Submissions of FIT-Connect. An input is `metadata.json`, `submission.json`, `data.json` or `data.xml`, and attachments,
//! with a line `%%%` between them. The delivery obeys what holds for all.
#![no_main]

use earchiv::source::fit_connect::Submissions;
use earchiv::source::{FieldRule, FolderRules};
use earchiv::task::Cancel;
use earchiv_fuzz::{laws, scratch};
use libfuzzer_sys::fuzz_target;

/// Where the parts lie; the attachments as the seeds name them.
const NAMES: [&str; 6] = [
    "metadata.json",
    "submission.json",
    "data.json",
    "attachments/8b2f6d55-301c-4e4d-9c68-a1d2e3f40512",
    "attachments/9c307e66-412d-4f5e-8d79-b2e3f4051623",
    "Plan.pdf",
];

fuzz_target!(|data: &[u8]| {
    let folder = scratch::folder("Antrag");
    for (name, part) in NAMES.iter().zip(scratch::parts(data)) {
        let name = if *name == "data.json" && part.starts_with(b"<") { "data.xml" } else { name };
        scratch::put(&folder, name, part);
    }
    let field = |field: &str, from: &str| FieldRule { field: field.to_owned(), from: from.to_owned() };
    let fields = vec![
        field("title", "/antrag/betreff"),
        field("made", "/antrag/datum"),
        field("person_born", "/antragsteller/geburtsdatum"),
        field("aktenzeichen", "//az:aktenzeichen"),
        field("subjects", "/a/*/b"),
    ];
    let cancel = Cancel::new();
    if let Ok(submissions) = Submissions::open(&folder, &FolderRules::default(), fields, &cancel) {
        laws::delivery(&submissions, &folder);
    }
});
