use std::path::Path;
use std::time::Duration;

use earchiv::archive::marker::Marker;
use earchiv::history::{History, Run};
use earchiv::model::audit::{Check, Coverage, Ending, Level, Shard, Side};
use earchiv::model::finding::{Code, Finding, Verdict};
use earchiv::model::package::PackageId;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::cli::text::Language;

const ARCHIVE: Uuid = Uuid::from_u128(0x6b0f_5f0a_51a5_4f0c_9d6a_1c6d_3d2b_1a00);

/// The moment of all reports: 2026-03-01T12:00:00Z.
const NOW: i64 = 1_772_366_400;

/// So many days before that, at two in the morning.
fn back(days: i64) -> Timestamp {
    Timestamp::from_seconds(NOW - days * 86_400 - 10 * 3_600)
}

/// A history in memory where that can be had: thousands of runs are thousands of syncs.
struct Kept {
    folder: TempDir,
    history: History,
}

impl Kept {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let history = History::open(folder.path(), ARCHIVE).unwrap();
        Self { folder, history }
    }

    fn run(&mut self, run: &Run) {
        let begun = Run { ended: None, ending: None, packages: 0, bytes: 0, milliseconds: 0, ..run.clone() };
        let number = self.history.begin(&begun).unwrap();
        if run.ended.is_some() {
            self.history.end(number, run).unwrap();
        }
    }

    fn check(&mut self, package: u128, days: i64, findings: Vec<Finding>) {
        let verdict = if findings.is_empty() { Verdict::Conforms } else { Verdict::Damaged };
        let check = Check {
            package: PackageId::numbered(package),
            time: back(days),
            level: Level::Full,
            verdict,
            held: Some(1000),
            findings,
            against: false,
        };
        self.history.record(&[check]).unwrap();
    }

    fn report<T>(&self, ages: &[Standing], work: impl FnOnce(Report<'_>) -> T) -> T {
        let marker = marker();
        let history = History::read(self.folder.path(), ARCHIVE).unwrap();
        let now = Timestamp::from_seconds(NOW);
        let subject = Subject { marker: &marker, history: history.as_ref(), told: None, packages: ages, now };
        work(Report::of(subject).unwrap())
    }

    fn page(&self, ages: &[Standing], language: Language) -> String {
        self.report(ages, |report| page(&report, language))
    }

    fn tables(&self) -> [String; 2] {
        self.report(&[], |report| {
            let text = Text::new(Language::De);
            let (mut runs, mut findings) = (Vec::new(), Vec::new());
            report.runs(&text, &mut runs).unwrap();
            report.findings(&text, &mut findings).unwrap();
            [runs, findings].map(|bytes| String::from_utf8(bytes).unwrap())
        })
    }
}

fn page(report: &Report<'_>, language: Language) -> String {
    let mut bytes = Vec::new();
    report.page(&Text::new(language), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn marker() -> Marker {
    Marker {
        format: 2,
        id: ARCHIVE,
        name: "Stadtarchiv <Musterstadt>".to_owned(),
        isil: Some("DE-9999".to_owned()),
        created: back(900),
    }
}

/// A run of `packages` packages with 3 MB each at 50 MB a second.
fn run(days: i64, packages: u64, overdue: u64) -> Run {
    let milliseconds = packages * 60;
    let ended = Timestamp::from_seconds(back(days).seconds() + (packages * 60 / 1000).cast_signed());
    Run {
        started: back(days),
        ended: Some(ended),
        ending: Some(Ending::Complete),
        level: Level::Full,
        shard: Shard::WHOLE,
        milliseconds,
        planned: packages,
        packages,
        bytes: packages * 3_000_000,
        damaged: 0,
        missing: 0,
        unreadable: 0,
        doubtful: 0,
        unknown: 0,
        errors: 0,
        new: 0,
        coverage: Coverage {
            packages: 1000,
            bytes: 3_000_000_000,
            checked: 1000,
            overdue,
            overdue_bytes: overdue * 3_000_000,
            oldest: Some(back(days + 80)),
        },
        head: Some(format!("{}:{}", 9000 - days, "ab".repeat(32))),
        program: "0.1.0".to_owned(),
    }
}

fn killed(days: i64) -> Run {
    Run { ended: None, ending: None, ..run(days, 0, 0) }
}

/// A package whose last check, or its storing, is so many days back, and whose period ends in so many.
fn age(days: i64, checked: bool, due_in: i64) -> Standing {
    Standing {
        package: PackageId::numbered(1),
        bytes: 1,
        stored: back(if checked { 900 } else { days }),
        checked: checked.then(|| back(days)),
        held: None,
        period: Some(Duration::from_secs(((days + due_in) * 86_400).unsigned_abs())),
        in_doubt: false,
    }
}

/// Fourteen months: weekly runs in two shares or one, some without an end, some ended by their time; damage found and repaired.
fn lived() -> (Kept, Vec<Standing>) {
    let mut kept = Kept::new();
    for week in (0..61).rev() {
        let days = week * 7 + 2;
        if week % 17 == 5 {
            kept.run(&killed(days));
            continue;
        }
        if week < 4 {
            for number in 1..=2 {
                let half = Coverage { packages: 500, ..run(days, 400, number.into()).coverage };
                kept.run(&Run { shard: Shard::new(number, 2).unwrap(), coverage: half, ..run(days, 400, 0) });
            }
            continue;
        }
        let ending = if week % 11 == 7 { Ending::Time } else { Ending::Complete };
        let overdue = if (30..40).contains(&week) { 250 } else { 0 };
        let planned = if ending == Ending::Time { 1500 } else { 800 };
        let errors = u64::from(week == 12) * 2;
        let level = if week % 13 == 0 { Level::Deep } else { Level::Full };
        kept.run(&Run { ending: Some(ending), planned, errors, new: errors, level, ..run(days, 800, overdue) });
    }
    let changed = Finding::new(Code::PackageChanged).file("store/0ef/urn%3auuid%3a1/v1/content/1.zip");
    kept.check(1, 86, vec![changed.clone().value("00").expected("11")]);
    kept.check(2, 86, vec![Finding::new(Code::FileMissing).file("data/Akte \u{202e}<b>\"1\"</b>.pdf")]);
    kept.check(3, 200, vec![changed.value("00").expected("11")]);
    kept.check(3, 100, vec![]);
    kept.check(
        1,
        9,
        vec![Finding::new(Code::PackageChanged).file("store/0ef/urn%3auuid%3a1/v1/content/1.zip").value("22")],
    );
    let warning = Finding::new(Code::JournalClock).file("journal/journal.jsonl").line(7).value("2026").expected("2027");
    kept.history.record_whole(Side::Archive, Level::Full, back(9), &[warning]).unwrap();
    let mut ages = vec![age(2, true, 80); 800];
    ages.extend([age(20, true, 60), age(100, true, -3), age(95, false, -3), age(5, false, 80)]);
    (kept, ages)
}

#[test]
fn the_page_of_a_fixed_history_is_the_golden_one() {
    let (kept, ages) = lived();
    for language in [Language::De, Language::En] {
        let page = kept.page(&ages, language);
        let page =
            page.replace(&kept.history.id().to_string(), "HISTORY").replace(env!("CARGO_PKG_VERSION"), "VERSION");
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/audit.{}.html", language.code()));
        if std::env::var_os("EARCHIV_GOLDEN").is_some() {
            earchiv::io::durable::replace(&golden, |out| out.write_all(page.as_bytes())).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap();
        let differs = page.lines().zip(expected.lines()).find(|(page, expected)| page != expected);
        assert_eq!(differs, None, "EARCHIV_GOLDEN=1 writes {} anew", golden.display());
        assert_eq!(page.lines().count(), expected.lines().count());
    }
}

#[test]
fn both_languages_have_the_same_page() {
    let (kept, ages) = lived();
    let tags = |language| {
        let page = kept.page(&ages, language);
        page.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tags(Language::De), tags(Language::En));
}

#[test]
fn without_a_history_nothing_was_checked() {
    let marker = marker();
    let now = Timestamp::from_seconds(NOW);
    let subject = Subject { marker: &marker, history: None, told: None, packages: &[], now };
    let empty = page(&Report::of(subject).unwrap(), Language::De);
    assert!(empty.contains("verdict good") && empty.contains("Das Archiv enthält keine Pakete."));
    let ages = [Standing { period: None, ..age(5, false, 0) }];
    let full = page(&Report::of(Subject { packages: &ages, ..subject }).unwrap(), Language::De);
    assert!(full.contains("verdict late") && full.contains("Noch kein Lauf"));
    assert!(full.contains("nicht festgelegt, wie oft") && !full.contains("part-latest"));
    // A history in which nothing happened says the same.
    let mut kept = Kept::new();
    assert!(kept.page(&ages, Language::De).contains("Noch kein Lauf"));
    kept.run(&run(0, 1, 0));
    let one = kept.page(&ages, Language::De);
    assert!(one.contains("verdict good") && one.contains("1 Lauf mit Ende"));
    assert!(one.contains("part-latest") && !one.contains("part-years"));
    assert_eq!(kept.tables()[0].lines().count(), 2);
}

#[test]
fn the_verdict_names_the_gravest_first() {
    let damage = || vec![Finding::new(Code::PackageChanged).file("a")];
    let head = |kept: &Kept, ages: &[Standing]| {
        let page = kept.page(ages, Language::En);
        let section = page.split("<section class=\"verdict ").nth(1).unwrap().split("</section>").next().unwrap();
        section.split('"').next().unwrap().to_owned() + " " + section.split("<li>").nth(1).unwrap()
    };
    let good = [age(2, true, 80)];
    let mut kept = Kept::new();
    kept.run(&run(100, 1, 0));
    assert!(head(&kept, &good).starts_with("late Since 2025-11-21, for 100 days"));
    kept.run(&run(2, 1, 0));
    assert!(head(&kept, &good).starts_with("good The one package"));
    assert!(head(&kept, &[age(100, true, -10), age(1, true, 9)]).starts_with("late 1 of 2 packages is overdue"));
    kept.run(&killed(1));
    assert!(head(&kept, &good).starts_with("good The run that began on 2026-02-28 02:00:00 UTC has no end"));
    kept.check(1, 1, damage());
    kept.check(2, 1, damage());
    assert!(head(&kept, &[age(100, true, -10)]).starts_with("bad 2 packages are not in order"));
    kept.check(1, 0, vec![]);
    kept.check(2, 0, vec![]);
    let whole = Finding::new(Code::CatalogueLacks).file("catalogue.sqlite").value("1");
    kept.history.record_whole(Side::Archive, Level::Full, back(0), &[whole]).unwrap();
    assert!(head(&kept, &good).starts_with("bad 1 error concerns the archive as a whole"));
}

#[test]
fn a_history_that_was_rolled_back_is_told() {
    let mut kept = Kept::new();
    kept.run(&run(2, 1, 0));
    let (marker, now) = (marker(), Timestamp::from_seconds(NOW));
    let ages = [age(2, true, 80)];
    let told = "0".repeat(64);
    let subject = Subject { marker: &marker, history: Some(&kept.history), told: Some(&told), packages: &ages, now };
    let page = page(&Report::of(subject).unwrap(), Language::En);
    assert!(page.contains("verdict bad") && page.contains("from run 2 on something is missing"));
}

#[test]
fn thirty_years_are_a_readable_page() {
    const RUNS: usize = 10_950;
    let mut kept = Kept::new();
    for days in (0..RUNS).rev() {
        kept.run(&run(i64::try_from(days).unwrap(), 33, 0));
    }
    let page = kept.page(&vec![age(2, true, 80); 1000], Language::De);
    assert!(page.len() < 1 << 20, "{} bytes", page.len());
    let rows = |id: &str| {
        let section = page.split(&format!("<h2 id=\"part-{id}\">")).nth(1).unwrap().split("</section>").next().unwrap();
        section.matches("<th scope=\"row\"").count()
    };
    assert_eq!((rows("latest"), rows("years"), rows("runs")), (13, 31, 365));
    assert!(page.contains("10.585 frühere Läufe"));
    // All runs are in the years, each once.
    let years = page.split("<h2 id=\"part-years\">").nth(1).unwrap();
    let runs = years.split("<th scope=\"row\">").skip(1).take(31);
    let runs = runs.map(|row| row.split("<td>").nth(1).unwrap().split('<').next().unwrap().parse::<usize>().unwrap());
    assert_eq!(runs.sum::<usize>(), RUNS);
    assert_eq!(kept.tables()[0].lines().count(), RUNS + 1);
}

#[test]
fn of_many_findings_the_errors_come_first_and_the_table_has_all() {
    let mut kept = Kept::new();
    let finding = |number: u128| {
        let code = if number.is_multiple_of(5) { Code::PackageChanged } else { Code::MailFault };
        Finding::new(code).file(format!("Datei {number}"))
    };
    for package in 0..50 {
        kept.check(package, 1, (0..100).map(|number| finding(package * 100 + number)).collect());
    }
    let page = kept.page(&[age(1, true, 80)], Language::De);
    let open = page.split("<h2 id=\"part-open\">").nth(1).unwrap().split("</section>").next().unwrap();
    assert_eq!(open.matches("role=\"rowheader\"").count(), 1_000);
    assert_eq!(open.matches("<strong class=\"grave\">").count(), 1_000);
    assert!(open.contains("Hier stehen 1.000 von 5.000"));
    assert!(page.contains("50 Pakete sind nicht in Ordnung") && page.contains("4.000 Warnungen sind offen"));
    assert_eq!(kept.tables()[1].lines().count(), 5_001);
}

#[test]
fn foreign_names_are_never_markup_formulas_or_marks_of_direction() {
    let mut kept = Kept::new();
    let names =
        ["<script>alert(1)</script>", "\u{202e}gnp.exe", "=1+1", "\"' onload=x", "a\x1b[31m\r\nb", "&lt;", "{{7*7}}"];
    kept.check(1, 1, names.iter().map(|name| Finding::new(Code::FileMissing).file(*name)).collect());
    let expected = names.iter().map(|name| Finding::new(Code::SizeMismatch).file("a").value(*name).expected(*name));
    kept.check(2, 1, expected.collect());
    for language in [Language::De, Language::En] {
        let page = kept.page(&[], language);
        let (_, body) = page.split_once("<body>").unwrap();
        assert!(!body.contains("<script") && !page.contains("http:") && !page.contains("https:"));
        assert!(body.contains("&#60;script&#62;") && body.contains("\\u{202e}gnp.exe") && body.contains("&#38;lt;"));
        let steers =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!page.contains(steers));
    }
    let findings = &kept.tables()[1];
    assert!(findings.contains(";'=1+1;") && !findings.contains(";=1+1"));
    assert!(!findings.trim_end().contains('\u{202e}') && findings.lines().count() == 9);
}

#[test]
fn shares_of_the_work_and_runs_without_an_end_are_told() {
    let mut kept = Kept::new();
    kept.run(&Run { shard: Shard::new(2, 4).unwrap(), ..run(3, 10, 0) });
    kept.run(&killed(2));
    let page = kept.page(&[age(3, true, 80)], Language::De);
    assert!(page.contains("Anteil 2 von 4"));
    let row = page.split("<tr class=\"endless\">").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("ohne Ende: läuft noch oder abgebrochen") && row.matches("–").count() >= 6, "{row}");
    assert!(page.contains("2, davon 1 ohne Ende"));
    // What it came to is not known, in the table as well; it is no zero.
    let table = &kept.tables()[0];
    let cells: Vec<&str> = table.lines().nth(2).unwrap().split(';').collect();
    assert_eq!((cells[2], cells[8], cells[16], cells[24]), ("", "", "", ""));
}

#[test]
fn every_number_of_a_chart_stands_in_the_table() {
    let (kept, ages) = lived();
    let page = kept.page(&ages, Language::De);
    let mut seen = 0;
    for id in ["latest", "years"] {
        let section = page.split(&format!("<h2 id=\"part-{id}\">")).nth(1).unwrap().split("</section>").next().unwrap();
        let (charts, table) = section.split_once("<table").unwrap();
        for tip in charts.split("<g><title>").skip(1).map(|rest| rest.split('<').next().unwrap()) {
            let (period, value) = tip.split_once(": ").unwrap();
            let row = table.split("<tr>").find(|row| row.contains(&format!(">{period}</th>"))).unwrap();
            assert!(row.contains(&format!("<td>{value}</td>")), "{tip} is not in {row}");
            seen += 1;
        }
    }
    assert_eq!(seen, (12 + 2) * 4);
    let ages = page.split("<h2 id=\"part-ages\">").nth(1).unwrap().split("</section>").next().unwrap();
    let (chart, table) = ages.split_once("<table").unwrap();
    let numbers: Vec<&str> = chart
        .split("<text x=\"")
        .skip(1)
        .map(|rest| rest.split('>').nth(1).unwrap().split('<').next().unwrap())
        .collect();
    assert_eq!(numbers.len(), 16);
    for pair in numbers.chunks(2) {
        let row = table.split("<tr>").find(|row| row.contains(&format!(">{}</th>", pair[0]))).unwrap();
        assert!(row.contains(&format!("<td>{}</td>", pair[1])), "{pair:?}");
    }
}
