//! The checksums by blocks that the journal keeps of each version of a package, and what `verify` does with them.

use std::fs;
use std::process::Command;

use super::sandbox::{Sandbox, not_tested};

/// The command of the documentation, for the files of the folder `content`.
const SCRIPT: &str = "find . -type f | LC_ALL=C sort | while read -r file; do \
    split --bytes=4M --filter='openssl dgst -sha256 -binary' \"$file\" | openssl dgst -sha256 -binary; \
    done | sha256sum | cut -c 1-64";

/// What the journal keeps of the package `id`.
fn kept(sandbox: &Sandbox, id: &str) -> Vec<String> {
    let events = sandbox.json("journal show").exits(0).results();
    let last = events.iter().rfind(|event| event["event"] == "completed" && event["package"] == *id).unwrap();
    last["blocks"].as_str().unwrap().split(' ').map(str::to_owned).collect()
}

fn set_row(sandbox: &Sandbox, blocks: &str) {
    let catalogue = rusqlite::Connection::open(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    catalogue.execute(&format!("UPDATE holding SET more = {blocks}"), []).unwrap();
}

#[test]
fn they_are_what_the_documented_command_computes() {
    if !Command::new("openssl").arg("version").output().is_ok_and(|done| done.status.success()) {
        return not_tested("checksums by blocks by other programs (openssl is missing)");
    }
    for form in ["", "--as-folder"] {
        let sandbox = Sandbox::new();
        sandbox.file("lieferung/Akte/Plan.pdf", &vec![7; 9 << 20]);
        sandbox.file("lieferung/Akte/leer.txt", b"");
        sandbox.file("lieferung/Akte/Notiz.txt", b"Notiz\n");
        sandbox.run(&format!("ingest lieferung {form}")).exits(0);
        let id = sandbox.id("Akte");
        sandbox.call(&format!("amend {id} --reason")).arg("Tippfehler").arg("--title").arg("Akten").run().exits(0);
        let kept = kept(&sandbox, &id);
        assert_eq!(kept.len(), 2);
        for (number, kept) in (1..).zip(kept) {
            let content = sandbox.object(&id).join(format!("v{number}/content"));
            let found = Command::new("bash").args(["-c", SCRIPT]).current_dir(&content).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&found.stdout).trim(), kept, "v{number} {form}");
        }
        sandbox.run("catalogue rebuild").exits(0);
        sandbox.is_whole();
    }
}

#[test]
fn a_package_without_them_is_read_as_thoroughly() {
    let sandbox = Sandbox::filled();
    set_row(&sandbox, "json_remove(more, '$.blocks')");
    sandbox.run("verify").exits(0);
    let package = sandbox.package(&sandbox.id("Grünanlagen"));
    let mut bytes = fs::read(&package).unwrap();
    let last = bytes.len() - 1;
    for at in [0, last / 2, last] {
        bytes[at] ^= 1;
        fs::write(&package, &bytes).unwrap();
        sandbox.json("verify").exits(5).finds("package-changed", "SHA-512");
        bytes[at] ^= 1;
    }
}

#[test]
fn others_in_the_catalogue_are_found_by_verify_and_by_audit() {
    let sandbox = Sandbox::filled();
    set_row(&sandbox, &format!("json_set(more, '$.blocks', '{}')", "0".repeat(64)));
    sandbox.json("verify").exits(5).finds("package-changed", &"0".repeat(64));
    sandbox.json("audit --level quick").exits(7).finds("catalogue-differs", "blocks");
    // The packages are what the journal says.
    sandbox.run("catalogue rebuild").exits(0);
    sandbox.is_whole();
}
