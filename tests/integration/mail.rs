//! E-mails and mailboxes: stored byte by byte, and what is refused.

use std::fs;

use crate::sandbox::{Sandbox, sha256, tree};

const MAIL: &[u8] = b"From: Amt <amt@example.org>\r\nTo: rat@example.org\r\nDate: Tue, 5 Mar 2024 10:00:00 +0100\r\n\
    Subject: =?iso-8859-1?q?Gr=FCnfl=E4chen?=\r\nMessage-ID: <1@example.org>\r\n\r\nText\r\n";

fn mailbox() -> Vec<u8> {
    let message = |number: u32| {
        format!(
            "From a@example.org Tue Mar  5 10:00:00 2024\nFrom: a@example.org\nDate: Tue, 5 Mar 2024 10:00:00 +0100\n\
             Subject: Nachricht {number}\n\nText\n\n"
        )
    };
    (1..=3).map(message).collect::<String>().into_bytes()
}

#[test]
fn emails_are_stored_as_they_are() {
    let sandbox = Sandbox::new();
    sandbox.file("post/a.eml", MAIL);
    sandbox.file("post/Eingang.mbox", &mailbox());
    assert_eq!(sandbox.json("ingest --profile e-mail post").exits(0).states(), ["stored", "stored"]);
    assert_eq!(sandbox.json("ingest --profile e-mail post").exits(0).states(), ["already-stored", "already-stored"]);
    sandbox.is_whole();
    sandbox.permit();
    for (title, name, bytes) in [("Grünflächen", "a.eml", MAIL.to_vec()), ("Eingang", "Eingang.mbox", mailbox())] {
        let id = sandbox.id(title);
        sandbox.call(&format!("export --permit P --out aus-{name}")).arg(&id).run().exits(0);
        let folder = sandbox.path(&format!("aus-{name}"));
        let found = tree(&folder).into_keys().find(|path| path.to_string_lossy().ends_with(name)).unwrap();
        assert_eq!(sha256(&fs::read(folder.join(found)).unwrap()), sha256(&bytes));
    }
}

#[test]
fn each_message_can_be_a_package() {
    let sandbox = Sandbox::new();
    let profile = sandbox.call("profile show e-mail --toml").run().exits(0).stdout;
    let profile =
        profile.replace("name = \"e-mail\"", "name = \"einzeln\"").replace("per = \"file\"", "per = \"message\"");
    sandbox.file("einzeln.toml", profile.as_bytes());
    sandbox.file("post/Eingang.mbox", &mailbox());
    let run = sandbox.json("ingest --profile ./einzeln.toml post").exits(0);
    assert_eq!(run.states(), ["stored"; 3]);
    assert_eq!(run.packages()[1]["title"], "Nachricht 2");
    sandbox.is_whole();
    // A single file is a delivery as well.
    sandbox.json("ingest --profile e-mail post/Eingang.mbox").exits(0);
}

#[test]
fn what_is_no_email_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.file("post/a.eml", MAIL);
    sandbox.file("post/b.eml", b"kein Kopf\n");
    for (language, words) in [("de", "ist keine E-Mail"), ("en", "is no e-mail")] {
        let run = sandbox.call("ingest --profile e-mail post").env("EARCHIV_LANG", language).run().exits(3);
        run.tells(words).tells("b.eml");
    }
    assert_eq!(sandbox.list().len(), 1);
    sandbox.file("leer/x.txt", b"x");
    sandbox.run("ingest --profile e-mail leer").exits(3).tells(".eml");
    sandbox.is_whole();
}
