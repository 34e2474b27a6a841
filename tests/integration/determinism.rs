//! The same delivery gives the same bytes, whatever the number of threads and wherever the delivery lies.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::sandbox::{Entry, Sandbox, copy, tree};

fn delivered() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.large_delivery("lieferung", 30, 5000);
    sandbox.file("lieferung/Akte 000/groß.bin", &vec![7; 3 << 20]);
    std::fs::create_dir(sandbox.path("anderswo")).unwrap();
    copy(&sandbox.path("lieferung"), &sandbox.path("anderswo/lieferung"));
    sandbox
}

#[test]
fn packages_are_the_same_bytes_with_one_thread_and_with_eight() {
    let sandbox = delivered();
    for form in ["zip", "folder"] {
        let mut made = Vec::new();
        for (jobs, source) in [(1, "lieferung"), (8, "lieferung"), (8, "anderswo/lieferung")] {
            let out = format!("{form}-{jobs}-{}", source.len());
            let line = format!("pack {source} --delivery L1 --form {form} --out {out} --jobs {jobs}");
            sandbox.run(&line).exits(0);
            made.push(tree(&sandbox.path(&out)));
        }
        assert!(made[0].len() >= 33);
        assert_eq!(made[0], made[1], "{form}");
        assert_eq!(made[0], made[2], "{form}");
    }
}

#[test]
fn stored_packages_are_the_same_bytes_with_one_thread_and_with_eight() {
    let first = delivered();
    let second = delivered();
    first.run("ingest lieferung --delivery L1 --jobs 1").exits(0);
    second.run("ingest anderswo/lieferung --delivery L1 --jobs 8").exits(0);
    let objects = |sandbox: &Sandbox| -> BTreeMap<OsString, Entry> {
        let list = sandbox.list();
        let mut store = tree(&sandbox.path("archiv/store"));
        // The accession's object says when it was made by the clock.
        store.retain(|path, entry| {
            let path = path.to_string_lossy();
            *entry != Entry::Folder && list.iter().any(|row| path.contains(row["id"].as_str().unwrap()))
        });
        store
    };
    let (first, second) = (objects(&first), objects(&second));
    assert!(first.len() >= 33 * 6, "{}", first.len());
    assert_eq!(first, second);
}
