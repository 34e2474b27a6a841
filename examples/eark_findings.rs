//! Judges E-ARK packages and writes, for each, the ids of the requirements that it does not meet.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]
use std::path::Path;

use earchiv::archive::validate::{Options, validate};
use earchiv::task::{Cancel, Silent, Watch};

fn main() {
    let cancel = Cancel::new();
    let verbose = std::env::var_os("VERBOSE").is_some();
    for path in std::env::args().skip(1) {
        let judged = validate(Path::new(&path), &Options::default(), Watch::new(&cancel, &Silent)).expect("nobody stops it");
        let ids: Vec<&str> = judged.findings.iter().filter_map(|finding| finding.requirement.as_deref()).collect();
        println!("{}", serde_json::json!({"path": path, "ids": ids}));
        if verbose {
            println!("  {} {} {} {:?}", judged.kind, judged.version, judged.id, judged.verdict());
            for finding in &judged.findings {
                println!("  {}", serde_json::to_string(finding).unwrap());
            }
            for answer in &judged.answers {
                println!("  {} {:?} {}", answer.id, answer.answer, answer.reason);
            }
        }
    }
}
