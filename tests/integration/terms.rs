//! What a profile or an agreement demands of records, and what becomes of a delivery that does not give it.

use super::sandbox::Sandbox;

const HEAD: &str =
    "name = \"streng\"\nversion = 3\nsource = \"folder\"\ntitle = { de = \"Streng\", en = \"Strict\" }\n";

fn profile(sandbox: &Sandbox, more: &str) {
    sandbox.file("archiv/profiles/streng.toml", format!("{HEAD}{more}").as_bytes());
}

#[test]
fn a_record_without_what_the_profile_demands_is_refused_and_the_others_are_taken() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.file("lieferung/metadata.csv", "pfad;signatur\nSpielplätze;GFA 7\n".as_bytes());
    profile(&sandbox, "[description]\nrequired = [\"title\", \"signature\"]\n");
    let run = sandbox.json("ingest lieferung --profile streng").exits(3).finds("metadata-missing", "signature");
    assert_eq!(run.states(), ["refused", "refused", "stored"]);
    assert_eq!(run.results()[0]["profile"], "streng 3");
    for (language, sentence) in [("de", "Eine Pflichtangabe fehlt: signature"), ("en", "mandatory detail is missing")] {
        sandbox.call("ingest lieferung --profile streng").env("EARCHIV_LANG", language).run().exits(3).tells(sentence);
    }
    sandbox.is_whole();
    assert_eq!(sandbox.list().len(), 1);
}

#[test]
fn a_profile_says_how_grave_a_finding_is() {
    for (severity, code, stored) in [("error", 3, 0), ("warning", 0, 3), ("info", 0, 3)] {
        let sandbox = Sandbox::new();
        sandbox.delivery("lieferung");
        profile(
            &sandbox,
            &format!("[description]\nrequired = [\"signature\"]\n[checks]\nmetadata-missing = \"{severity}\"\n"),
        );
        let run = sandbox.json("ingest lieferung --profile streng").exits(code);
        assert!(run.findings().iter().all(|finding| finding["severity"] == severity), "{:?}", run.findings());
        assert_eq!(run.findings().len(), 3);
        assert_eq!(sandbox.list().len(), stored, "{severity}");
    }
}

#[test]
fn all_or_nothing_takes_nothing_where_one_record_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.file("lieferung/metadata.csv", "pfad;signatur\nSpielplätze;GFA 7\nGrünanlagen;GFA 8\n".as_bytes());
    profile(&sandbox, "on_error = \"all-or-nothing\"\n[description]\nrequired = [\"signature\"]\n");
    let run = sandbox.json("ingest lieferung --profile streng").exits(3).finds("delivery-refused", "lieferung");
    assert_eq!(run.states(), ["refused", "refused", "refused"]);
    assert!(sandbox.list().is_empty());
    sandbox.json("pack lieferung --profile archiv/profiles/streng.toml --out pakete").exits(3);
    assert!(sandbox.path("pakete").read_dir().unwrap().next().is_none());
    sandbox.is_whole();

    sandbox.file("lieferung/metadata.csv", "pfad;signatur\nSpielplätze;1\nGrünanlagen;2\n.;3\n".as_bytes());
    assert_eq!(sandbox.json("ingest lieferung --profile streng").exits(0).states(), ["stored"; 3]);
}

#[test]
fn an_agreement_may_demand_more_than_its_profile() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.file(
        "amt.toml",
        b"name = \"amt\"\nprofile = \"dateiablage\"\nnumber = \"7\"\nholdings = \"A 67\"\nrequired = [\"creator\"]\n\
          on_error = \"all-or-nothing\"\nproducer = { name = \"Amt 67\" }\n",
    );
    let run = sandbox.json("ingest lieferung --agreement amt.toml").exits(3).finds("metadata-missing", "creator");
    assert_eq!(run.states(), ["refused"; 3]);
}

#[test]
fn a_profile_is_explained_in_plain_words() {
    let sandbox = Sandbox::new();
    profile(
        &sandbox,
        "on_error = \"all-or-nothing\"\npurpose = \"interim\"\n[description]\nrequired = [\"signature\"]\n\
         [checks]\nmetadata-missing = \"warning\"\n[retention]\nyears = 8\nbasis = \"§ 147 AO\"\n\
         [[leave_out]]\nrule = \"vorschau\"\nnames = [\"Thumbs.db\"]\nreason = \"nur Vorschau\"\n",
    );
    let german = sandbox.call("profile show streng").env("EARCHIV_LANG", "de").run().exits(0);
    for words in [
        "Streng (Profil streng, Fassung 3)",
        "Pflichtangaben: signature.",
        "wird von der Ablieferung nichts übernommen",
        "„metadata-missing“ gilt als Warnung",
        "„vorschau“: Thumbs.db (nur Vorschau)",
        "8 Jahre ab dem Ende des Kalenderjahres",
        "Zwischenarchiv",
    ] {
        assert!(german.stdout.contains(words), "{words}: {}", german.stdout);
    }
    sandbox.run("profile show streng").exits(0).tells("8 years from the end of the calendar year");
    sandbox.run("profile show streng --toml").exits(0).tells("name = \"streng\"");
}

#[test]
fn a_profile_may_ask_for_a_second_checksum_of_each_file() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    profile(&sandbox, "[package]\nformat = \"eark\"\nform = \"folder\"\ndigests = [\"SHA-256\", \"SHA-512\"]\n");
    sandbox.run("ingest lieferung --profile streng").exits(0);
    let id = sandbox.id("Spielplätze");
    let premis =
        sandbox.object(&id).join(format!("v1/content/{id}/representations/rep1/metadata/preservation/premis.xml"));
    let premis = std::fs::read_to_string(premis).unwrap();
    let sum = earchiv::model::checksum::hex(&<sha2::Sha512 as sha2::Digest>::digest("Konzept\n"));
    assert!(premis.contains(&sum), "{premis}");
    assert_eq!(premis.matches("<messageDigestAlgorithm>SHA-512<").count(), 2);
    assert_eq!(premis.matches("<messageDigestAlgorithm>SHA-256<").count(), 2);
    sandbox.is_whole();
    sandbox.run("profile show streng").exits(0).tells("SHA-256 and SHA-512 checksums");
    profile(&sandbox, "[package]\ndigests = [\"MD5\"]\n");
    sandbox.run("profile check archiv/profiles/streng.toml").exits(2).tells("streng.toml:6:12").tells("SHA-512");
}
