//! Applications that came through FIT-Connect: from the folder to the store, and what is refused.

use std::fs;

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, sha256, shared, tree};

/// Makes a submission with two attachments of the same hostile name.
fn submission(sandbox: &Sandbox, folder: &str, id: &str) {
    use sha2::{Digest as _, Sha512};
    let hash = |bytes: &[u8]| {
        let digits = earchiv::model::checksum::hex(&Sha512::digest(bytes));
        json!({"type": "sha512", "content": digits})
    };
    let data = b"{\"Antrag\":{\"Name\":\"Geheim\",\"Art\":\"Bauantrag\"}}";
    let attachment =
        |id: &str, bytes: &[u8]| json!({"attachmentId": id, "filename": "../../Plan.pdf", "hash": hash(bytes)});
    let metadata = json!({
        "publicServiceType": {"name": "Baugenehmigung", "identifier": "urn:de:fim:leika:leistung:2"},
        "contentStructure": {
            "data": {"hash": hash(data), "submissionSchema": {"schemaUri": "https://schema.example.org/b.json", "mimeType": "application/json"}},
            "attachments": [attachment("a-1", b"eins"), attachment("a-2", b"zwei")],
        },
    });
    let envelope =
        json!({"submissionId": id, "caseId": "c", "destinationId": "d", "submittedAt": "2024-03-05T09:12:44Z"});
    sandbox.file(&format!("{folder}/metadata.json"), metadata.to_string().as_bytes());
    sandbox.file(&format!("{folder}/submission.json"), envelope.to_string().as_bytes());
    sandbox.file(&format!("{folder}/data.json"), data);
    sandbox.file(&format!("{folder}/attachments/a-1"), b"eins");
    sandbox.file(&format!("{folder}/attachments/a-2"), b"zwei");
}

#[test]
fn applications_are_stored_once_and_complete() {
    let sandbox = Sandbox::new();
    submission(&sandbox, "antraege/1", "s-1");
    submission(&sandbox, "antraege/2", "s-2");
    let run = sandbox.json("ingest --profile ozg-antrag antraege").exits(0);
    assert_eq!(run.states(), ["stored", "stored"]);
    let run = sandbox.json("ingest --profile ozg-antrag antraege").exits(0);
    assert_eq!(run.states(), ["already-stored", "already-stored"]);
    sandbox.is_whole();
    let id = sandbox.id("Baugenehmigung, Antrag s-1");
    sandbox.permit();
    sandbox.call("export --permit P --out aus").arg(&id).run().exits(0);
    let files: Vec<String> =
        tree(&sandbox.path("aus")).keys().map(|path| path.to_string_lossy().into_owned()).collect();
    for (name, bytes) in [("data.json", None), ("Plan.pdf", Some(b"eins")), ("Plan (2).pdf", Some(b"zwei"))] {
        let found = files.iter().find(|path| path.ends_with(name)).unwrap_or_else(|| panic!("{name} in {files:#?}"));
        if let Some(bytes) = bytes {
            assert_eq!(sha256(&fs::read(sandbox.path("aus").join(found)).unwrap()), sha256(bytes));
        }
    }
    let list = serde_json::to_string(&sandbox.list()).unwrap();
    assert!(!list.contains("Geheim"));
}

#[test]
fn a_changed_attachment_refuses_its_application_and_no_other() {
    let sandbox = Sandbox::new();
    submission(&sandbox, "antraege/gut", "s-1");
    submission(&sandbox, "antraege/schlecht", "s-2");
    sandbox.file("antraege/schlecht/attachments/a-2", b"drei");
    for (language, words) in [("de", "Die Prüfsumme von"), ("en", "checksum")] {
        let run = sandbox.call("ingest --profile ozg-antrag antraege").env("EARCHIV_LANG", language).run().exits(3);
        run.tells(words).tells("schlecht/attachments/a-2");
    }
    let run = sandbox.json("ingest --profile ozg-antrag antraege").exits(3).finds("checksum-mismatch", "a-2");
    assert_eq!(run.states(), ["already-stored", "refused"]);
    assert_eq!(sandbox.list().len(), 1);
    sandbox.is_whole();
}

#[test]
fn what_is_no_submission_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.file("leer/x.txt", b"x");
    sandbox.call("ingest --profile ozg-antrag leer").env("EARCHIV_LANG", "de").run().exits(3).tells("metadata.json");
    sandbox.run("ingest --profile ozg-antrag leer").exits(3).tells("metadata.json");
    sandbox.file("kaputt/metadata.json", b"{");
    sandbox.json("ingest --profile ozg-antrag kaputt").exits(3).finds("json-malformed", "metadata.json");
    // Small on the medium, large in memory.
    let wide = format!("{{\"a\":[{}0]}}", "{\"a\":{}},".repeat(200_000));
    sandbox.file("kaputt/metadata.json", wide.as_bytes());
    sandbox.run("ingest --profile ozg-antrag kaputt").exits(3).tells("more than 250000 values");
    assert_eq!(sandbox.list(), Vec::<Value>::new());
}

#[test]
fn the_shared_samples_are_taken_or_refused() {
    let Some(archive) = shared("corpora/records/trees.tar.gz", "sample applications") else { return };
    let sandbox = Sandbox::new();
    crate::sandbox::shell("tar", &["-xzf".as_ref(), archive.as_os_str(), "-C".as_ref(), sandbox.path("").as_os_str()]);
    let run = sandbox.json("ingest --profile ozg-antrag ozg-antrag").exits(3).finds("checksum-mismatch", "e176dee2");
    let mut states = run.states();
    states.sort();
    assert_eq!(states, ["refused", "stored", "stored"]);
    sandbox.is_whole();
}

#[test]
fn damaged_metadata_never_passes_for_a_file_share() {
    let sandbox = Sandbox::new();
    submission(&sandbox, "lieferung/gut", "1");
    for (number, text) in [&b"{\"contentStructure\":"[..], b"null", b"", &[0xff, 0xfe, b'{']].into_iter().enumerate() {
        sandbox.file(&format!("lieferung/schlecht{number}/metadata.json"), text);
        sandbox.file(&format!("lieferung/schlecht{number}/data.json"), b"{}");
    }
    let run = sandbox.json("ingest lieferung").exits(3);
    assert_eq!(run.results()[0]["profile"], "ozg-antrag 1");
    assert_eq!(run.states().iter().filter(|state| *state == "stored").count(), 1, "{:?}", run.states());
}
