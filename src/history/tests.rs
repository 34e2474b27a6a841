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
    Check { package: id(package), time: at(day), level, verdict, held: Some(9), findings, against: false }
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
    history
        .record_whole(Side::Archive, Level::Quick, at(1), &[pending, Finding::new(Code::JournalChanged).line(3)])
        .unwrap();
    assert_eq!(all(&history).len(), 1);
    history.record_whole(Side::Archive, Level::Quick, at(2), &[]).unwrap();
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
    #[allow(clippy::disallowed_methods, reason = "the damage of a test")]
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

fn led(day: i64, level: Level, shard: Shard) -> Run {
    Run { level, shard, ..ended(day) }
}

/// A history in a folder of its own.
fn kept(folder: &TempDir, name: &str) -> History {
    History::open(&folder.path().join(name), ARCHIVE).unwrap()
}

fn noted(history: &mut History, run: &Run) -> String {
    let number = history.begin(&Run { ended: None, ending: None, ..run.clone() }).unwrap();
    history.end(number, run).unwrap()
}

fn days(history: &History) -> Vec<i64> {
    let mut days = Vec::new();
    history.runs(|_, _, run| days.push((run.started.seconds() - at(0).seconds()) / 86_400)).unwrap();
    days
}

#[test]
fn shares_that_are_merged_are_what_one_run_would_have_noted() {
    let folder = TempDir::new().unwrap();
    let mut single = kept(&folder, "single");
    let mut parts = [kept(&folder, "0"), kept(&folder, "1"), kept(&folder, "2")];
    for package in 0..30 {
        let findings = if package % 7 == 0 { vec![changed("a")] } else { vec![] };
        let check = check(package, 3, Level::Full, findings);
        single.record(std::slice::from_ref(&check)).unwrap();
        parts[package as usize % 3].record(&[check]).unwrap();
    }
    let whole = [Finding::new(Code::JournalChanged).line(3)];
    single.record_whole(Side::Archive, Level::Full, at(3), &whole).unwrap();
    parts[0].record_whole(Side::Archive, Level::Full, at(3), &whole).unwrap();
    for (number, part) in (1..).zip(&mut parts) {
        noted(part, &led(3, Level::Full, Shard::new(number, 3).unwrap()));
    }
    let mut merged = kept(&folder, "merged");
    let came = merged.merge(&parts).unwrap();
    assert_eq!(came.iter().map(|one| (one.runs, one.packages)).collect::<Vec<_>>(), [(1, 10); 3]);
    assert_eq!(merged.last().unwrap(), single.last().unwrap());
    let sorted = |history: &History| {
        let mut all: Vec<String> = all(history).iter().map(|known| format!("{known:?}")).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&merged), sorted(&single));
    assert_eq!(merged.in_doubt().collect::<Vec<_>>(), single.in_doubt().collect::<Vec<_>>());
    // Once more, in another order, and from what was merged: nothing comes in.
    parts.reverse();
    let before = (merged.last().unwrap(), sorted(&merged), days(&merged));
    let mut both = kept(&folder, "both");
    both.merge(&[History::read(&folder.path().join("merged"), ARCHIVE).unwrap().unwrap()]).unwrap();
    for others in [&parts[..], std::slice::from_ref(&both)] {
        assert!(merged.merge(others).unwrap().iter().all(|one| *one == Merged::default()));
    }
    assert_eq!((merged.last().unwrap(), sorted(&merged), days(&merged)), before);
    assert_eq!(days(&both), [3, 3, 3]);
}

#[test]
fn merged_runs_are_in_order_and_links_of_the_chain_that_cannot_be_changed() {
    for (statement, broken) in [
        ("SELECT 1", None),
        ("UPDATE run SET proof = replace(proof, substr(proof, 1, 1), 'x') WHERE number = 2", Some(2)),
        ("UPDATE run SET origin = replace(origin, '-', '') WHERE number = 3", Some(3)),
        ("DELETE FROM run WHERE number = 2", Some(3)),
    ] {
        let folder = TempDir::new().unwrap();
        let (mut main, mut other) = (kept(&folder, "main"), kept(&folder, "other"));
        let told = noted(&mut main, &ended(5));
        noted(&mut other, &ended(2));
        noted(&mut other, &ended(7));
        main.merge(std::slice::from_ref(&other)).unwrap();
        assert_eq!(days(&main), [2, 5, 7]);
        let after = noted(&mut main, &ended(9));
        main.database.connection.execute_batch(statement).unwrap();
        for told in [&told, &after] {
            assert_eq!(main.broken(Some(told)).unwrap(), broken, "{statement}");
        }
        let mut third = kept(&folder, "third");
        let refused = third.merge(std::slice::from_ref(&main));
        assert_eq!(matches!(refused, Err(HistoryError::Changed { .. })), broken.is_some(), "{statement}");
        assert_eq!(days(&third).is_empty(), broken.is_some());
    }
}

#[test]
fn a_run_that_goes_on_while_it_is_merged_is_one_run_when_it_has_ended() {
    let folder = TempDir::new().unwrap();
    let (mut main, mut other) = (kept(&folder, "main"), kept(&folder, "other"));
    let number = other.begin(&run(1)).unwrap();
    assert_eq!(main.merge(std::slice::from_ref(&other)).unwrap()[0].runs, 1);
    assert_eq!(main.merge(std::slice::from_ref(&other)).unwrap()[0].runs, 0);
    other.end(number, &ended(2)).unwrap();
    assert_eq!(main.merge(std::slice::from_ref(&other)).unwrap()[0].runs, 1);
    assert_eq!(main.merge(std::slice::from_ref(&other)).unwrap()[0].runs, 0);
    let mut seen = Vec::new();
    main.runs(|_, hash, run| seen.push((hash.is_some(), run))).unwrap();
    assert_eq!(seen, [(true, ended(2))]);
    assert_eq!(main.broken(None).unwrap(), None);
    // What comes back to where it was written is known there.
    assert_eq!(other.merge(std::slice::from_ref(&main)).unwrap()[0], Merged::default());
}

#[test]
fn the_newest_check_counts_wherever_it_was_made() {
    let folder = TempDir::new().unwrap();
    let (mut main, mut other) = (kept(&folder, "main"), kept(&folder, "other"));
    let held = |check: Check, held| Check { held: Some(held), ..check };
    main.record(&[held(check(1, 4, Level::Full, vec![]), 1), check(2, 9, Level::Quick, vec![changed("a")])]).unwrap();
    other.record(&[held(check(1, 6, Level::Full, vec![]), 2), check(2, 8, Level::Deep, vec![])]).unwrap();
    assert_eq!(main.merge(std::slice::from_ref(&other)).unwrap()[0].packages, 2);
    let last = main.last().unwrap();
    assert_eq!((last[0].1.times, last[0].1.held), ([Some(at(6)), Some(at(6)), None], Some(2)));
    assert_eq!(last[1].1.times, [Some(at(9)), Some(at(8)), Some(at(8))]);
    assert_eq!(last[1].1.verdict, Verdict::Damaged);
    // At the same time, what is worse.
    other.record(&[check(2, 9, Level::Quick, vec![])]).unwrap();
    main.merge(std::slice::from_ref(&other)).unwrap();
    assert_eq!(main.last().unwrap()[1].1.verdict, Verdict::Damaged);
}

#[test]
fn a_finding_that_several_saw_is_one_from_the_first_day_to_the_last() {
    let folder = TempDir::new().unwrap();
    let (mut main, mut other) = (kept(&folder, "main"), kept(&folder, "other"));
    main.record(&[check(1, 5, Level::Full, vec![changed("a").value("5")])]).unwrap();
    other.record(&[check(1, 2, Level::Full, vec![changed("a").value("2")])]).unwrap();
    assert_eq!(main.merge(std::slice::from_ref(&other)).unwrap()[0].findings, 0);
    let known = all(&main);
    assert_eq!((known.len(), known[0].first, known[0].last, known[0].cleared), (1, at(2), at(5), None));
    assert_eq!(known[0].finding.value.as_deref(), Some("5"));
    assert_eq!(main.since(Some(id(1)), &changed("a")), Some(at(2)));
    // A look that is less deep says nothing; a later one that is as deep does, wherever it was made and though it knew of none.
    let mut third = kept(&folder, "third");
    third.record(&[check(1, 6, Level::Quick, vec![])]).unwrap();
    main.merge(std::slice::from_ref(&third)).unwrap();
    assert_eq!(main.in_doubt().count(), 1);
    third.record(&[check(1, 7, Level::Full, vec![])]).unwrap();
    main.merge(std::slice::from_ref(&third)).unwrap();
    assert_eq!((main.in_doubt().count(), all(&main)[0].cleared), (0, Some(at(7))));
    // What was brought before the repair does not open it again; what is wrong after it is another finding.
    main.merge(std::slice::from_ref(&other)).unwrap();
    assert_eq!((main.in_doubt().count(), all(&main).len()), (0, 1));
    other.record(&[check(1, 8, Level::Full, vec![])]).unwrap();
    other.record(&[check(1, 9, Level::Full, vec![changed("a")])]).unwrap();
    assert_eq!(main.merge(std::slice::from_ref(&other)).unwrap()[0].findings, 1);
    assert_eq!(main.since(Some(id(1)), &changed("a")), Some(at(9)));
    assert_eq!(all(&main).len(), 2);
}

#[test]
fn two_rows_that_a_third_history_joins_become_one() {
    let folder = TempDir::new().unwrap();
    let (mut main, mut other) = (kept(&folder, "main"), kept(&folder, "other"));
    for day in [1, 5] {
        main.record(&[check(1, day, Level::Full, vec![changed("a")])]).unwrap();
        main.record(&[check(1, day + 1, Level::Full, vec![])]).unwrap();
        other.record(&[check(1, day, Level::Full, vec![changed("a")])]).unwrap();
    }
    main.merge(std::slice::from_ref(&other)).unwrap();
    let known = all(&main);
    assert_eq!((known.len(), known[0].first, known[0].last, known[0].cleared), (1, at(1), at(5), Some(at(6))));
}

#[test]
fn what_concerns_the_archive_is_cleared_by_the_next_run_that_looked_at_it() {
    let folder = TempDir::new().unwrap();
    let (mut main, mut other) = (kept(&folder, "main"), kept(&folder, "other"));
    main.record_whole(Side::Archive, Level::Full, at(1), &[Finding::new(Code::JournalChanged).line(3)]).unwrap();
    noted(&mut main, &led(1, Level::Full, Shard::WHOLE));
    let share = |number| Shard::new(number, 2).unwrap();
    for (day, level, number, cleared) in
        [(2, Level::Quick, 1, None), (3, Level::Full, 2, None), (4, Level::Deep, 1, Some(at(4)))]
    {
        noted(&mut other, &led(day, level, share(number)));
        main.merge(std::slice::from_ref(&other)).unwrap();
        assert_eq!(all(&main)[0].cleared, cleared, "day {day}");
    }
}

#[test]
fn what_could_not_be_read_clears_nothing() {
    let folder = TempDir::new().unwrap();
    let mut history = History::open(folder.path(), ARCHIVE).unwrap();
    history.record(&[check(1, 1, Level::Full, vec![changed("a")])]).unwrap();
    let unread = Finding::new(Code::Unreadable).file("a");
    history.record(&[Check { verdict: Verdict::Unreadable, ..check(1, 2, Level::Full, vec![unread]) }]).unwrap();
    assert_eq!(history.since(Some(id(1)), &changed("a")), Some(at(1)));
    history.record(&[check(1, 3, Level::Full, vec![])]).unwrap();
    assert_eq!(history.in_doubt().count(), 0);
}

#[test]
fn a_later_check_clears_only_what_it_looked_at_when_histories_are_merged() {
    let folder = TempDir::new().unwrap();
    let (mut main, mut other) = (kept(&folder, "main"), kept(&folder, "other"));
    let copy = Finding::new(Code::CopyMissing).value(id(1).to_string());
    let row = Finding::new(Code::CatalogueDiffers).value(id(1).to_string());
    main.record(&[Check { against: true, ..check(1, 1, Level::Full, vec![copy.clone()]) }]).unwrap();
    main.record_rows(Level::Full, at(1), [id(1)], std::slice::from_ref(&row)).unwrap();
    other.record(&[check(1, 2, Level::Quick, vec![])]).unwrap();
    main.merge(std::slice::from_ref(&other)).unwrap();
    assert!(main.since(Some(id(1)), &copy).is_some() && main.since(Some(id(1)), &row).is_some());
    other.record(&[check(1, 3, Level::Full, vec![])]).unwrap();
    main.merge(std::slice::from_ref(&other)).unwrap();
    assert_eq!((main.since(Some(id(1)), &copy), main.since(Some(id(1)), &row)), (Some(at(1)), None));
    // Who looked at the copy has cleared it.
    let mut third = kept(&folder, "third");
    third.merge(std::slice::from_ref(&main)).unwrap();
    third.record(&[Check { against: true, ..check(1, 4, Level::Full, vec![]) }]).unwrap();
    main.merge(std::slice::from_ref(&third)).unwrap();
    assert_eq!(main.in_doubt().count(), 0);
}
