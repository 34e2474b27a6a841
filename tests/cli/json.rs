//! The form of the JSON document, also where the call fails.

use serde_json::Value;

use super::run;

fn document(line: &str) -> (Option<i32>, Value) {
    let run = run(line);
    let document = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{line}: {e}"));
    (run.code, document)
}

#[test]
fn a_wrong_call_is_a_document_too() {
    for (line, schema, code) in [
        ("--json", "earchiv/1", "missing-command"),
        ("nonsense --json", "earchiv/1", "unknown-command"),
        ("list --json --from x", "earchiv.list/1", "value-no-date"),
        ("--json journal verify --wrong", "earchiv.journal-verify/1", "unknown-option"),
        ("accession --json", "earchiv.accession/1", "missing-command"),
        ("profile show --json", "earchiv.profile-show/1", "missing-argument"),
    ] {
        let (exit, document) = document(line);
        assert_eq!(exit, Some(2), "{line}");
        assert_eq!(document["schema"], schema, "{line}");
        assert_eq!(document["exit"], 2, "{line}");
        assert_eq!(document["results"], Value::Array(Vec::new()), "{line}");
        assert_eq!(document["error"]["code"], code, "{line}");
        for field in ["message", "hint"] {
            assert!(document["error"][field].is_string(), "{line}: {field}");
        }
    }
}

#[test]
fn codes_are_the_same_in_every_language() {
    let (_, german) = document("show x --json --lang de");
    let (_, english) = document("show x --json --lang en");
    assert_eq!(german["error"]["code"], english["error"]["code"]);
    assert_ne!(german["error"]["message"], english["error"]["message"]);
}

#[test]
fn json_behind_two_dashes_is_an_argument() {
    let run = run("list -- --json");
    assert_eq!(run.code, Some(2));
    assert_eq!(run.stdout, "");
}

#[test]
fn a_page_is_one_result() {
    let (exit, document) = document("man list --json");
    assert_eq!(exit, Some(0));
    assert_eq!(document["error"], Value::Null);
    let page = document["results"][0]["text"].as_str().unwrap();
    assert!(page.contains(".TH earchiv-list 1"));
}
