//! A mixed batch: deliveries of all kinds in one call, good ones and bad ones.

use std::path::{Path, PathBuf};

use super::sandbox::{Call, Sandbox, shared, tree};

/// The public samples: what is to be stored, and what is refused with its reason.
struct Batch {
    good: Vec<PathBuf>,
    bad: Vec<(PathBuf, &'static str)>,
    folder: tempfile::TempDir,
}

impl Batch {
    /// Lays the samples out, or says that they are not there.
    fn of_samples() -> Option<Self> {
        let records = shared("corpora/records", "a mixed batch")?;
        let folder = tempfile::tempdir().unwrap();
        super::sandbox::shell(
            "tar",
            &["-xzf".as_ref(), records.join("trees.tar.gz").as_os_str(), "-C".as_ref(), folder.path().as_os_str()],
        );
        let mut good: Vec<PathBuf> = ["generated-3.0.0-klein", "generated-3.0.0-mittel", "lavnrw-3.0.0"]
            .map(|name| records.join("eakte").join(name))
            .into();
        good.extend(files(&records.join("erechnung/xrechnung")));
        good.extend(files(&records.join("erechnung/zugferd")));
        good.extend(
            ["ozg-antrag/hundesteuer-1", "ozg-antrag/ohne-anlagen", "dateiablage/amt67"]
                .map(|name| folder.path().join(name)),
        );
        let bad = vec![
            (records.join("eakte-negativ/primaerdatei-fehlt"), "primary-file-missing"),
            (records.join("eakte-negativ/xml-nicht-schemakonform"), "message-process-invalid"),
            (folder.path().join("ozg-antrag/negativ-anlage-hash-falsch"), "checksum-mismatch"),
        ];
        Some(Self { good, bad, folder })
    }

    /// A call that takes all of it over.
    fn ingest(&self, sandbox: &Sandbox, jobs: &str) -> Call {
        let mut call = sandbox.call("ingest --json --jobs").arg(jobs);
        for source in self.good.iter().chain(self.bad.iter().map(|(path, _)| path)) {
            call = call.arg(source);
        }
        call
    }
}

/// The files in a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn of_a_mixed_batch_the_good_are_stored_and_the_bad_are_listed() {
    let Some(batch) = Batch::of_samples() else { return };
    let sandbox = Sandbox::new();
    let run = batch.ingest(&sandbox, "1").run().exits(3);
    let results = run.results();
    for source in &batch.good {
        let of_source: Vec<_> =
            results.iter().filter(|result| Path::new(result["path"].as_str().unwrap()) == source).collect();
        assert_eq!(of_source.len(), 1, "{}", source.display());
        let packages = of_source[0]["packages"].as_array().unwrap();
        assert!(!packages.is_empty(), "{}", source.display());
        assert!(packages.iter().all(|package| package["state"] == "stored"), "{}: {packages:#?}", source.display());
    }
    for (source, code) in &batch.bad {
        let result = results.iter().find(|result| Path::new(result["path"].as_str().unwrap()) == source).unwrap();
        let packages = result["packages"].as_array().unwrap();
        assert!(packages.iter().all(|package| package["state"] != "stored"), "{packages:#?}");
        let told = result.to_string();
        assert!(told.contains(&format!("\"code\":\"{code}\"")), "{code}: {told}");
    }
    sandbox.is_whole();

    let (before, held) = (tree(&sandbox.path("archiv")), sandbox.list());
    let again = batch.ingest(&sandbox, "16").run().exits(3);
    assert!(!again.states().iter().any(|state| state == "stored"), "{:?}", again.states());
    assert_eq!(tree(&sandbox.path("archiv")), before);

    let other = Sandbox::new();
    batch.ingest(&other, "16").run().exits(3);
    assert_eq!(other.list(), held);
    drop(batch.folder);
}
