use tempfile::TempDir;

use super::*;
use crate::model::audit::{Coverage, Ending, Shard};
use crate::model::finding::Code;

const ARCHIVE: Uuid = Uuid::from_u128(7);

fn at(day: i64) -> Timestamp {
    Timestamp::from_seconds(1_772_366_400 + day * 86_400)
}

fn id(number: u128) -> PackageId {
    PackageId::numbered(number)
}

fn check(package: u128, day: i64, level: Level, findings: Vec<Finding>) -> Check {
    let verdict = if findings.is_empty() { Verdict::Conforms } else { Verdict::Damaged };
    Check { package: id(package), time: at(day), level, verdict, held: Some(9), findings }
}

fn changed(file: &str) -> Finding {
    Finding::new(Code::PackageChanged).file(file).value("1")
}

fn run(day: i64) -> Run {
    Run {
        started: at(day),
        ended: None,
        ending: None,
        level: Level::Full,
        shard: Shard::WHOLE,
        milliseconds: 5,
        planned: 1,
        packages: 1,
        bytes: 2,
        damaged: 0,
        missing: 0,
        unreadable: 0,
        doubtful: 0,
        unknown: 0,
        errors: 0,
        new: 0,
        coverage: Coverage::default(),
        head: None,
        program: "1".to_owned(),
    }
}

fn ended(day: i64) -> Run {
    Run { ended: Some(at(day)), ending: Some(Ending::Complete), ..run(day) }
}

fn all(history: &History) -> Vec<Known> {
    let mut all = Vec::new();
    history.findings(|known| all.push(known)).unwrap();
    all
}

#[test]
fn a_deep_check_is_a_full_one_and_a_full_one_a_quick_one() {
    let folder = TempDir::new().unwrap();
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    history.record(&[check(1, 1, Level::Deep, vec![]), check(2, 1, Level::Quick, vec![])]).unwrap();
    history.record(&[check(1, 5, Level::Quick, vec![]), check(2, 6, Level::Full, vec![])]).unwrap();
    let last = History::read(folder.path(), ARCHIVE).unwrap().unwrap().last().unwrap();
    assert_eq!(last[0].0, id(1));
    assert_eq!(last[0].1.times, [Some(at(5)), Some(at(1)), Some(at(1))]);
    assert_eq!(last[1].1.times, [Some(at(6)), Some(at(6)), None]);
    assert_eq!((last[0].1.held, last[1].1.held), (Some(9), Some(9)));
}

#[test]
fn what_could_not_be_read_was_not_checked() {
    let folder = TempDir::new().unwrap();
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    let unread = Check {
        verdict: Verdict::Unreadable,
        ..check(1, 1, Level::Full, vec![Finding::new(Code::Unreadable).file("a")])
    };
    history.record(&[unread]).unwrap();
    assert!(history.last().unwrap().is_empty());
    assert_eq!(history.in_doubt().collect::<Vec<_>>(), [id(1)]);
}

#[test]
fn a_finding_is_kept_once_and_cleared_by_a_check_that_looks_as_deep() {
    let folder = TempDir::new().unwrap();
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    history.record(&[check(1, 1, Level::Full, vec![changed("a")])]).unwrap();
    history.record(&[check(1, 2, Level::Quick, vec![])]).unwrap();
    history.record(&[check(1, 3, Level::Full, vec![changed("a").value("2"), changed("b")])]).unwrap();
    assert_eq!(history.since(Some(id(1)), &changed("a")), Some(at(1)));
    assert_eq!(history.since(Some(id(1)), &changed("b")), Some(at(3)));
    // Also after it was opened again.
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    assert_eq!(all(&history).len(), 2);
    history.record(&[check(1, 4, Level::Full, vec![])]).unwrap();
    assert_eq!(history.in_doubt().count(), 0);
    let known = all(&history);
    assert!(known.iter().all(|known| known.cleared == Some(at(4))), "{known:?}");
    assert_eq!(known[1].finding.value.as_deref(), Some("2"));
    // What comes again after that is another one.
    history.record(&[check(1, 9, Level::Full, vec![changed("a")])]).unwrap();
    assert_eq!(history.since(Some(id(1)), &changed("a")), Some(at(9)));
    assert_eq!(all(&history).len(), 3);
}

#[test]
fn how_a_run_went_is_no_finding_that_lasts() {
    let folder = TempDir::new().unwrap();
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    let pending = Finding::new(Code::PackagePending).value("x");
    history.record_whole(Level::Quick, at(1), &[pending, Finding::new(Code::JournalChanged).line(3)]).unwrap();
    assert_eq!(all(&history).len(), 1);
    history.record_whole(Level::Quick, at(2), &[]).unwrap();
    assert_eq!(all(&history)[0].cleared, Some(at(2)));
}

#[test]
fn a_package_that_was_disposed_of_is_forgotten() {
    let folder = TempDir::new().unwrap();
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    history.record(&[check(1, 1, Level::Full, vec![changed("a")]), check(2, 1, Level::Full, vec![])]).unwrap();
    history.forget(&[id(1)], at(2)).unwrap();
    assert_eq!(history.last().unwrap().len(), 1);
    assert_eq!(history.in_doubt().count(), 0);
    assert_eq!(all(&history)[0].cleared, Some(at(2)));
}

#[test]
fn a_history_of_another_archive_is_refused() {
    let folder = TempDir::new().unwrap();
    assert!(History::read(folder.path(), ARCHIVE).unwrap().is_none());
    drop(History::open(folder.path(), ARCHIVE).unwrap());
    let other = History::open(folder.path(), Uuid::from_u128(8));
    assert!(matches!(other, Err(HistoryError::Other { archive: ARCHIVE, .. })));
    std::fs::write(folder.path().join(FILE), "x").unwrap();
    let damaged = History::open(folder.path(), ARCHIVE);
    assert!(matches!(damaged, Err(HistoryError::Database(DatabaseError::Damaged { .. }))));
}

#[test]
fn a_run_that_is_changed_or_left_out_breaks_the_chain() {
    let statements: [(&str, Option<u64>); 5] = [
        ("SELECT 1", None),
        ("UPDATE run SET body = replace(body, '\"packages\":1', '\"packages\":2') WHERE number = 2", Some(2)),
        ("DELETE FROM run WHERE number = 2", Some(3)),
        ("DELETE FROM run WHERE number = 1", Some(2)),
        // Only the journal knows that there was one.
        ("DELETE FROM run WHERE number = 3", Some(3)),
    ];
    for (statement, broken) in statements {
        let folder = TempDir::new().unwrap();
        let mut history = History::open(folder.path(), ARCHIVE).unwrap();
        let mut told = String::new();
        for day in 1..=3 {
            let number = history.begin(&run(day)).unwrap();
            told = history.end(number, &ended(day)).unwrap();
        }
        // One that was killed is no link of the chain.
        history.begin(&run(4)).unwrap();
        history.database.connection.execute_batch(statement).unwrap();
        let history = History::read(folder.path(), ARCHIVE).unwrap().unwrap();
        assert_eq!(history.broken(Some(&told)).unwrap(), broken, "{statement}");
    }
}

#[test]
fn runs_are_told_as_they_were_noted() {
    let folder = TempDir::new().unwrap();
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    let (first, second) = (history.begin(&run(1)).unwrap(), history.begin(&run(1)).unwrap());
    history.end(second, &ended(2)).unwrap();
    let mut seen = Vec::new();
    history.runs(|number, hash, run| seen.push((number, hash.is_some(), run))).unwrap();
    assert_eq!(seen, [(first, false, run(1)), (second, true, ended(2))]);
}
