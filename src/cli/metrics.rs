//! `--metrics FILE`: figures of an audit for Prometheus, in the text format that `node_exporter` collects from files.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
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
    /// What it came to, where that is known.
    pub exit: Option<Exit>,
}

/// Writes the figures of one archive or several in the place of the file at `path`: whoever collects sees the old or the new ones, never a
/// part. The file is for everyone to read, since the collector is another user; it names no package.
pub fn write(path: &Path, figures: &[Figures]) -> io::Result<()> {
    durable::replace_public(path, |out| out.write_all(exposition(figures).as_bytes()))
}

impl Figures {
    /// Returns how many findings are open.
    pub fn open(&self) -> u64 {
        self.findings.values().sum()
    }

    /// Returns the figures of several archives as those of one, called `name`: sums, and of times the oldest.
    pub fn together(all: &[Self], name: String) -> Self {
        let sum = |figure: fn(&Self) -> u64| all.iter().map(figure).sum();
        let mut findings = BTreeMap::new();
        for (code, count) in all.iter().flat_map(|one| &one.findings) {
            *findings.entry(code.clone()).or_default() += count;
        }
        Self {
            archive: name,
            id: String::new(),
            packages: sum(|one| one.packages),
            due: sum(|one| one.due),
            overdue: sum(|one| one.overdue),
            oldest: all.iter().filter_map(|one| one.oldest).min(),
            last: all.iter().filter_map(|one| one.last.clone()).min_by_key(|last| last.ended),
            findings,
        }
    }
}

/// Returns the figures in the text format: all samples of one metric stand together.
fn exposition(all: &[Figures]) -> String {
    let mut page = Page { all, text: String::new() };
    page.gauge("packages", "Packages that the archive holds.", |one| Some(one.packages));
    page.gauge("due", "Packages whose next check is due.", |one| Some(one.due));
    page.gauge("overdue", "Packages that were not checked within their period.", |one| Some(one.overdue));
    let help = "Last check of the package that was not checked for the longest time.";
    page.gauge("oldest_check_timestamp_seconds", help, |one| one.oldest.map(Timestamp::seconds));
    page.gauge("open_findings", "Findings that are open.", |one| Some(one.open()));
    page.metric("findings", "Findings that are open, by code.", |one| {
        one.findings.iter().map(|(code, count)| (Some(code.as_str()), count.to_string())).collect()
    });
    let last = |one: &Figures| one.last.clone();
    page.gauge("last_run_timestamp_seconds", "End of the last audit.", |one| Some(last(one)?.ended.seconds()));
    page.gauge("last_run_duration_seconds", "How long the last audit took.", |one| {
        let took = last(one)?.duration;
        Some(format!("{}.{:03}", took.as_secs(), took.subsec_millis()))
    });
    page.gauge("last_run_packages", "Packages that the last audit checked.", |one| Some(last(one)?.packages));
    page.gauge("last_run_bytes", "Bytes that the last audit checked.", |one| Some(last(one)?.bytes));
    page.gauge("last_run_exit_code", "Exit code of the last audit.", |one| Some(last(one)?.exit?.code()));
    page.text
}

/// The text as it grows.
struct Page<'a> {
    all: &'a [Figures],
    text: String,
}

impl Page<'_> {
    /// Adds a metric that each archive has once, or not at all.
    fn gauge<T: Display>(&mut self, name: &str, help: &str, value: impl Fn(&Figures) -> Option<T>) {
        self.metric(name, help, |one| value(one).map(|value| (None, value.to_string())).into_iter().collect());
    }

    /// Adds a metric, with the code that each of its values is about.
    fn metric<'f>(
        &'f mut self,
        name: &str,
        help: &str,
        values: impl Fn(&'f Figures) -> Vec<(Option<&'f str>, String)>,
    ) {
        let mut samples = String::new();
        for one in self.all {
            for (code, value) in values(one) {
                let mut labels = format!("archive=\"{}\",id=\"{}\"", escaped(&one.archive), escaped(&one.id));
                if let Some(code) = code {
                    let _ = write!(labels, ",code=\"{}\"", escaped(code));
                }
                let _ = writeln!(samples, "earchiv_audit_{name}{{{labels}}} {value}");
            }
        }
        if !samples.is_empty() {
            let _ = writeln!(self.text, "# HELP earchiv_audit_{name} {help}\n# TYPE earchiv_audit_{name} gauge");
            self.text.push_str(&samples);
        }
    }
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
                exit: Some(Exit::Integrity),
            }),
            findings: [("package-changed".to_owned(), 2), ("package-missing".to_owned(), 1)].into(),
        }
    }

    #[test]
    fn every_sample_names_the_archive() {
        let text = exposition(&[figures()]);
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
        let text = exposition(&[figures]);
        assert!(!text.contains("last_run") && !text.contains("oldest"), "{text}");
        assert!(!text.contains("code=") && text.contains("open_findings{"), "{text}");
    }

    #[test]
    fn several_archives_share_each_metric() {
        let other = Figures { archive: "B".to_owned(), last: None, ..figures() };
        let text = exposition(&[figures(), other.clone()]);
        assert_eq!(text.matches("# TYPE earchiv_audit_packages gauge").count(), 1);
        assert_eq!(text.matches("\nearchiv_audit_packages{").count(), 2);
        assert_eq!(text.matches("\nearchiv_audit_last_run_bytes{").count(), 1);
        let together = Figures::together(&[figures(), other], "both".to_owned());
        assert_eq!((together.packages, together.overdue, together.open()), (2400, 4, 6));
        assert_eq!((together.oldest, together.last), (figures().oldest, figures().last));
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_file_is_replaced_as_a_whole_and_everyone_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("earchiv.prom");
        for packages in [1, 2] {
            let figures = Figures { packages, ..figures() };
            write(&path, std::slice::from_ref(&figures)).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), exposition(&[figures]));
        }
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write(&folder.path().join("not there/earchiv.prom"), &[figures()]).is_err());
    }
}
