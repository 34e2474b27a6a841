//! `--metrics FILE`: figures of an audit for Prometheus, in the text format that node_exporter collects from files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::time::Duration;

use earchiv::io::durable;
use earchiv::model::time::Timestamp;

use super::exit::Exit;

/// What an audit comes to, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The archive's name.
    pub archive: String,
    /// The archive's id.
    pub id: String,
    /// Packages that are held.
    pub packages: u64,
    /// Packages that a planned run would take.
    pub due: u64,
    /// Packages whose period is over.
    pub overdue: u64,
    /// The oldest last check of a package; `None` where no package is held.
    pub oldest: Option<Timestamp>,
    /// The last run; `None` before the first.
    pub last: Option<LastRun>,
    /// Findings that are open, by code.
    pub findings: BTreeMap<String, u64>,
}

/// The last run of an audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// Its end.
    pub ended: Timestamp,
    /// How long it took.
    pub duration: Duration,
    /// Packages that were checked.
    pub packages: u64,
    /// Bytes that were checked.
    pub bytes: u64,
    /// What it came to.
    pub exit: Exit,
}

/// Writes the figures in the place of the file at `path`: whoever collects sees the old or the new ones, never a part. The file is for
/// everyone to read, since the collector is another user; it names no package.
pub fn write(path: &Path, figures: &Figures) -> io::Result<()> {
    durable::replace_public(path, |out| out.write_all(figures.exposition().as_bytes()))
}

impl Figures {
    /// Returns how many findings are open.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.findings.values().sum()
    }

    /// Returns them in the text format, one sample a line.
    #[must_use]
    pub fn exposition(&self) -> String {
        let mut page = Page { text: String::new(), labels: labels(&[("archive", &self.archive), ("id", &self.id)]) };
        page.gauge("packages", "Packages that the archive holds.", self.packages);
        page.gauge("due", "Packages whose next check is due.", self.due);
        page.gauge("overdue", "Packages that were not checked within their period.", self.overdue);
        if let Some(oldest) = self.oldest {
            let help = "Last check of the package that was not checked for the longest time.";
            page.gauge("oldest_check_timestamp_seconds", help, oldest.seconds());
        }
        page.gauge("open_findings", "Findings that are open.", self.open());
        if !self.findings.is_empty() {
            page.head("findings", "Findings that are open, by code.");
        }
        for (code, count) in &self.findings {
            page.sample("findings", &[("code", code)], count);
        }
        if let Some(last) = &self.last {
            page.gauge("last_run_timestamp_seconds", "End of the last audit.", last.ended.seconds());
            let duration = last.duration;
            let seconds = format!("{}.{:03}", duration.as_secs(), duration.subsec_millis());
            page.gauge("last_run_duration_seconds", "How long the last audit took.", seconds);
            page.gauge("last_run_packages", "Packages that the last audit checked.", last.packages);
            page.gauge("last_run_bytes", "Bytes that the last audit checked.", last.bytes);
            page.gauge("last_run_exit_code", "Exit code of the last audit.", last.exit.code());
        }
        page.text
    }
}

/// The text as it grows.
struct Page {
    text: String,
    labels: String,
}

impl Page {
    fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, help);
        self.sample(name, &[], value);
    }

    fn head(&mut self, name: &str, help: &str) {
        let _ = writeln!(self.text, "# HELP earchiv_audit_{name} {help}\n# TYPE earchiv_audit_{name} gauge");
    }

    fn sample(&mut self, name: &str, further: &[(&str, &str)], value: impl std::fmt::Display) {
        let further = if further.is_empty() { String::new() } else { format!(",{}", labels(further)) };
        let _ = writeln!(self.text, "earchiv_audit_{name}{{{}{further}}} {value}", self.labels);
    }
}

fn labels(labels: &[(&str, &str)]) -> String {
    let label = |(name, value): &(&str, &str)| format!("{name}=\"{}\"", escaped(value));
    labels.iter().map(label).collect::<Vec<_>>().join(",")
}

/// Returns `value` as it stands between the quotation marks of a label.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn figures() -> Figures {
        Figures {
            archive: "Stadtarchiv \"Müller\" \\ Söhne\nNord".to_owned(),
            id: "6b0f5f0a-51a5-4f0c-9d6a-1c6d3d2b1a00".to_owned(),
            packages: 1200,
            due: 40,
            overdue: 2,
            oldest: Some(Timestamp::from_seconds(1_700_000_000)),
            last: Some(LastRun {
                ended: Timestamp::from_seconds(1_700_600_000),
                duration: Duration::from_millis(7_200_050),
                packages: 310,
                bytes: 1 << 40,
                exit: Exit::Integrity,
            }),
            findings: [("package-changed".to_owned(), 2), ("package-missing".to_owned(), 1)].into(),
        }
    }

    #[test]
    fn every_sample_names_the_archive() {
        let text = figures().exposition();
        let names = r#"archive="Stadtarchiv \"Müller\" \\ Söhne\nNord",id="6b0f5f0a-51a5-4f0c-9d6a-1c6d3d2b1a00""#;
        let samples: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        for (sample, expected) in samples.iter().zip([
            ("packages", "", "1200"),
            ("due", "", "40"),
            ("overdue", "", "2"),
            ("oldest_check_timestamp_seconds", "", "1700000000"),
            ("open_findings", "", "3"),
            ("findings", ",code=\"package-changed\"", "2"),
            ("findings", ",code=\"package-missing\"", "1"),
            ("last_run_timestamp_seconds", "", "1700600000"),
            ("last_run_duration_seconds", "", "7200.050"),
            ("last_run_packages", "", "310"),
            ("last_run_bytes", "", "1099511627776"),
            ("last_run_exit_code", "", "5"),
        ]) {
            let (name, code, value) = expected;
            assert_eq!(**sample, format!("earchiv_audit_{name}{{{names}{code}}} {value}"));
        }
        assert_eq!(samples.len(), 12);
        assert!(text.ends_with('\n'));
    }

    #[test]
    fn an_archive_that_was_never_audited_has_no_last_run() {
        let figures = Figures { oldest: None, last: None, findings: BTreeMap::new(), ..figures() };
        let text = figures.exposition();
        assert!(!text.contains("last_run") && !text.contains("oldest"), "{text}");
        assert!(!text.contains("code=") && text.contains("open_findings{"), "{text}");
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_file_is_replaced_as_a_whole_and_everyone_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("earchiv.prom");
        for packages in [1, 2] {
            let figures = Figures { packages, ..figures() };
            write(&path, &figures).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), figures.exposition());
        }
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write(&folder.path().join("not there/earchiv.prom"), &figures()).is_err());
    }
}
