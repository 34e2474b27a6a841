//! The page: no script, no network, no font, nothing beside itself.
//!
//! The template says what stands where; all words come from the catalogue of the language, foreign text is escaped twice, as in
//! receipts.

use std::io::{self, Write};

use askama::Template;

use super::Subject;
use super::account::Account;
use super::ages::{self, Ages};
use super::period::{Grain, Series, Sum};
use super::plot::{self, Bar, Columns, Value};
use super::rows::{self, FindingRow, RunRow, percent};
use super::verdict::Verdict;
use crate::cli::report::chart::percent as part;
use crate::cli::report::date::{day, moment};
use crate::cli::report::listed::Listed;
use crate::cli::text::{Text, escape, seconds};

#[derive(Template)]
#[template(path = "audit.html")]
struct Page<'a> {
    text: &'a Text,
    language: &'static str,
    generator: String,
    title: String,
    archive: String,
    verdict: Verdict,
    facts: Vec<(String, String)>,
    open: Vec<FindingRow>,
    open_note: Option<String>,
    cleared: Vec<FindingRow>,
    cleared_note: Option<String>,
    series: Vec<Shown>,
    ages: Vec<AgeRow>,
    ages_sum: [String; 3],
    ages_bars: Vec<Bar>,
    ages_height: u64,
    ages_light: bool,
    ages_description: String,
    runs: Vec<RunRow>,
    runs_note: Option<String>,
    chain: String,
    run_hash: Option<String>,
    head: Option<String>,
    footer: String,
}

impl Page<'_> {
    fn say(&self, key: &str) -> String {
        self.text.say(key, &[])
    }
}

/// A series of periods with its charts.
struct Shown {
    id: &'static str,
    title: String,
    charts: [Columns; 4],
    rows: Vec<PeriodRow>,
}

struct PeriodRow {
    name: String,
    cells: [String; 9],
}

struct AgeRow {
    name: String,
    cells: [String; 4],
}

/// Writes the page.
pub fn write(subject: &Subject<'_>, account: &Account, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let counted = Ages::count(subject.packages, subject.now);
    let on = [("date", day(&subject.now.date(), text.language()).into())];
    let described = [
        ("packages", counted.sum.all().into()),
        ("unchecked", counted.sum.unchecked.into()),
        ("overdue", counted.sum.overdue.into()),
    ];
    let bars = counted
        .classes
        .iter()
        .enumerate()
        .map(|(index, class)| (ages::name(index, text), class.checked, class.unchecked, text.number(class.all())));
    let ages_bars = plot::bars(bars.collect());
    let page = Page {
        text,
        language: text.language().code(),
        generator: format!("eArchiv {}", env!("CARGO_PKG_VERSION")),
        title: text.say("audits-title", &on),
        archive: archive(subject),
        verdict: Verdict::of(subject, account, &counted, text),
        facts: facts(subject, account, &counted, text),
        open: findings(&account.open, text),
        open_note: note(&account.open, text),
        cleared: findings(&account.cleared, text),
        cleared_note: note(&account.cleared, text),
        series: series(account, text),
        ages: counted.classes.iter().enumerate().map(|(index, class)| age(index, class, &counted, text)).collect(),
        ages_sum: [counted.sum.all(), counted.sum.unchecked, counted.sum.overdue].map(|count| text.number(count)),
        ages_height: plot::bars_height(ages_bars.len()),
        ages_light: counted.sum.unchecked > 0,
        ages_bars,
        ages_description: text.say("audits-ages-description", &described),
        runs: account.recent.iter().map(|(number, run)| rows::run(*number, run, text)).collect(),
        runs_note: runs_note(account, text),
        chain: chain(subject, account, text),
        run_hash: account.last.as_ref().map(|(_, hash, _)| hash.clone()),
        head: account.head.as_deref().map(|head| escape(head).into_owned()),
        footer: footer(subject, text),
    };
    page.write_into(&mut &mut *out).map_err(io::Error::other)
}

fn archive(subject: &Subject<'_>) -> String {
    let name = escape(&subject.marker.name);
    match &subject.marker.isil {
        Some(isil) => format!("{name} ({})", escape(isil)),
        None => name.into_owned(),
    }
}

fn footer(subject: &Subject<'_>, text: &Text) -> String {
    let made = [("version", env!("CARGO_PKG_VERSION").into()), ("time", moment(subject.now, text.language()).into())];
    text.say("audits-footer", &made)
}

/// Returns what archive, history and program are, each with its name; what is not known is left out.
fn facts(subject: &Subject<'_>, account: &Account, ages: &Ages, text: &Text) -> Vec<(String, String)> {
    let (marker, language) = (subject.marker, text.language());
    let period = account.first.map(|first| {
        let last = account.last.as_ref().and_then(|(.., run)| run.ended).unwrap_or(first);
        format!("{} – {}", day(&first.date(), language), day(&last.date(), language))
    });
    let runs = [("runs", account.runs.into()), ("endless", (account.runs - account.ended).into())];
    let runs =
        if account.runs > account.ended { text.say("audits-runs-endless", &runs) } else { text.number(account.runs) };
    let oldest = ages.oldest.map(|oldest| day(&oldest.date(), language));
    let history = subject.history.map(|history| history.id().to_string());
    let facts = [
        (text.say("field-archive", &[]), marker.name.clone()),
        (text.say("field-isil", &[]), marker.isil.clone().unwrap_or_default()),
        (text.say("audits-archive-id", &[]), marker.id.to_string()),
        (text.say("audits-made", &[]), moment(subject.now, language)),
        (text.say("audits-covered", &[]), period.unwrap_or_default()),
        (text.say("audits-runs", &[]), runs),
        (text.say("field-packages", &[]), text.number(ages.sum.all())),
        (text.say("audits-unchecked", &[]), text.number(ages.sum.unchecked)),
        (text.say("audits-overdue", &[]), text.number(ages.sum.overdue)),
        (text.say("audits-oldest", &[]), oldest.unwrap_or_default()),
        (text.say("audits-history", &[]), history.unwrap_or_default()),
        (text.say("receipt-tool", &[]), format!("eArchiv {}", env!("CARGO_PKG_VERSION"))),
    ];
    let told = facts.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| (name, escape(&value).into_owned())).collect()
}

fn findings(known: &Listed<earchiv::model::audit::Known>, text: &Text) -> Vec<FindingRow> {
    known.shown.iter().map(|known| rows::finding(known, text)).collect()
}

fn note<T>(rows: &Listed<T>, text: &Text) -> Option<String> {
    let counts = [("shown", (rows.shown.len() as u64).into()), ("all", rows.all.into())];
    rows.is_cut().then(|| text.say("audits-more", &counts))
}

fn runs_note(account: &Account, text: &Text) -> Option<String> {
    let shown = account.recent.len() as u64;
    if account.recent_all > shown {
        let counts = [("shown", shown.into()), ("all", account.recent_all.into())];
        return Some(text.say("audits-runs-more", &counts));
    }
    let before = account.runs - shown;
    (before > 0).then(|| text.say("audits-runs-before", &[("runs", before.into())]))
}

fn chain(subject: &Subject<'_>, account: &Account, text: &Text) -> String {
    match (account.broken, account.ended, subject.told) {
        (Some(run), ..) => text.say("audits-chain-broken", &[("run", run.to_string().into())]),
        (None, 0, _) => text.say("audits-chain-none", &[]),
        (None, runs, None) => text.say("audits-chain-whole", &[("runs", runs.into())]),
        (None, runs, Some(_)) => text.say("audits-chain-proven", &[("runs", runs.into())]),
    }
}

fn age(index: usize, class: &ages::Class, all: &Ages, text: &Text) -> AgeRow {
    let share = part(class.all(), all.sum.all(), text.language());
    let [packages, unchecked, overdue] = [class.all(), class.unchecked, class.overdue].map(|count| text.number(count));
    AgeRow { name: ages::name(index, text), cells: [packages, share, unchecked, overdue] }
}

fn series(account: &Account, text: &Text) -> Vec<Shown> {
    let title = |series: &Series| match series.grain {
        Grain::Day => text.say("audits-part-days", &[]),
        Grain::Month => text.say("audits-part-months", &[]),
        Grain::Year => text.say("audits-part-years", &[]),
    };
    let latest = Some(&account.latest).filter(|latest| !latest.sums.is_empty());
    let all = [latest.map(|series| ("latest", series)), account.years.as_ref().map(|series| ("years", series))];
    let shown = |(id, series): (&'static str, &Series)| Shown {
        id,
        title: title(series),
        charts: charts(id, series, text),
        rows: series
            .sums
            .iter()
            .map(|(period, sum)| PeriodRow {
                name: period.name(series.grain, text.language()),
                cells: cells(sum, text),
            })
            .collect(),
    };
    all.into_iter().flatten().map(shown).collect()
}

/// Returns the numbers of a period; of one without a run nothing is known.
fn cells(sum: &Sum, text: &Text) -> [String; 9] {
    let ran = |words: String| if sum.runs > 0 { words } else { "–".to_owned() };
    let overdue = sum.last.map_or_else(|| "–".to_owned(), |(_, coverage)| text.number(coverage.overdue));
    [
        text.number(sum.runs),
        ran(text.number(sum.packages)),
        ran(text.bytes(sum.bytes)),
        ran(seconds(sum.milliseconds / 1000)),
        rate(sum.rate(), text),
        percent(sum.share(), text.language()),
        percent(sum.lowest, text.language()),
        overdue,
        ran(text.number(sum.new)),
    ]
}

fn rate(rate: Option<u64>, text: &Text) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{}/s", text.bytes(rate)))
}

/// The dark part of a number, the number, and how it is said.
type Measure<'a> = &'a dyn Fn(&Sum) -> (Option<u64>, u64, String);

/// Returns the charts of coverage, packages, bytes and throughput.
fn charts(id: &str, series: &Series, text: &Text) -> [Columns; 4] {
    let language = text.language();
    let values = |measure: Measure<'_>| -> Vec<Value> {
        let value = |(period, sum): &(super::period::Period, Sum)| {
            let (dark, all, words) = measure(sum);
            let name = period.name(series.grain, language);
            Value { short: period.short(series.grain, language), dark, all, tip: format!("{name}: {words}") }
        };
        series.sums.iter().map(value).collect()
    };
    let most = |measure: &dyn Fn(&Sum) -> u64| series.sums.iter().map(|(_, sum)| measure(sum)).max().unwrap_or(0);
    let ran = |sum: &Sum, value: u64| (sum.runs > 0).then_some(value);
    let coverage = values(&|sum| (sum.lowest, sum.share().unwrap_or(0), percent(sum.share(), language)));
    let packages = values(&|sum| (ran(sum, sum.packages), sum.packages, text.number(sum.packages)));
    let bytes = values(&|sum| (ran(sum, sum.bytes), sum.bytes, text.bytes(sum.bytes)));
    let speed = values(&|sum| (sum.rate(), sum.rate().unwrap_or(0), rate(sum.rate(), text)));
    let [most_packages, most_bytes, most_rate] =
        [most(&|sum| sum.packages), most(&|sum| sum.bytes), most(&|sum| sum.rate().unwrap_or(0))];
    let described = |most: String| text.say("audits-chart-description", &[("most", most.into())]);
    let number = |mark: u64| text.number(mark);
    let ((bytes_unit, bytes_name), (rate_unit, rate_name)) = (plot::unit(most_bytes), plot::unit(most_rate));
    [
        Columns::new(
            &format!("{id}-coverage"),
            text.say("audits-chart-coverage", &[]),
            text.say("audits-chart-coverage-description", &[]),
            coverage,
            plot::marks(1000, 10, |percent| format!("{percent} %")),
        ),
        Columns::new(
            &format!("{id}-packages"),
            text.say("audits-chart-packages", &[]),
            described(text.number(most_packages)),
            packages,
            plot::marks(most_packages, 1, number),
        ),
        Columns::new(
            &format!("{id}-bytes"),
            text.say("audits-chart-bytes", &[("unit", bytes_name.into())]),
            described(text.bytes(most_bytes)),
            bytes,
            plot::marks(most_bytes, bytes_unit, number),
        ),
        Columns::new(
            &format!("{id}-rate"),
            text.say("audits-chart-rate", &[("unit", rate_name.into())]),
            described(rate(Some(most_rate), text)),
            speed,
            plot::marks(most_rate, rate_unit, number),
        ),
    ]
}
