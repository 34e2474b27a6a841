//! Several histories of one archive as one: what machines noted that shared the work, or a history that was kept elsewhere.
//!
//! A merge takes each run once, however often it is brought, the newest check of each package, and each finding from the day on
//! which any machine saw it first. What is brought again changes nothing, so that a merge may be repeated at any time.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, params};

use super::runs::{self, Origin};
use super::{History, HistoryError, Last, Run, known, schema};
use crate::model::audit::{Ending, Known, Level, Side};
use crate::model::finding::Verdict;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// What one history brought in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// Runs that were not known, or not known to have ended.
    pub runs: u64,
    /// Packages of which a later check is known now.
    pub packages: u64,
    /// Findings that were not known.
    pub findings: u64,
}

/// What is known of each package's checks.
type Lasts = BTreeMap<PackageId, Last>;

/// Findings about one package, or the archive as a whole, with their rows where they have one.
type Findings = BTreeMap<Option<PackageId>, Vec<(Option<i64>, Known)>>;

/// What is read of a history before it is merged.
struct Brought {
    runs: Vec<(Origin, Run, String)>,
    lasts: Vec<(PackageId, Last)>,
    findings: Vec<Known>,
}

impl History {
    /// Takes in what `others` know, histories of the same archive: all of it or nothing. Returns what each brought in, in the order
    /// of `others`.
    ///
    /// # Errors
    /// [`HistoryError::Changed`] where one of them, or this one, is not as it was written.
    pub fn merge(&mut self, others: &[Self]) -> Result<Vec<Merged>, HistoryError> {
        self.sound()?;
        let mut brought = Vec::new();
        for other in others {
            other.sound()?;
            brought.push(other.bring()?);
        }
        let id = self.id.to_string();
        let merged = self.database.write(|transaction| {
            let mut merged = vec![Merged::default(); brought.len()];
            take_runs(transaction, &id, &brought, &mut merged)?;
            let lasts = take_checks(transaction, &brought, &mut merged)?;
            take_findings(transaction, &lasts, brought, &mut merged)?;
            Ok(merged)
        })?;
        self.open = known::open(&self.database.connection).map_err(|error| self.fault(error))?;
        Ok(merged)
    }

    fn sound(&self) -> Result<(), HistoryError> {
        match self.broken(None)? {
            Some(run) => Err(HistoryError::Changed { path: self.path().to_owned(), run }),
            None => Ok(()),
        }
    }

    fn bring(&self) -> Result<Brought, HistoryError> {
        let read = || -> rusqlite::Result<Brought> {
            let connection = &self.database.connection;
            let mut query =
                connection.prepare("SELECT number, hash, origin, place, proof, body FROM run ORDER BY number")?;
            let (mut rows, mut runs) = (query.query([])?, Vec::new());
            while let Some(row) = rows.next()? {
                let own = || Ok(Origin { history: self.id.to_string(), place: row.get(0)?, proof: row.get(1)? });
                let origin = Origin::read(row, 2)?.map_or_else(own, Ok::<_, rusqlite::Error>)?;
                let body: String = row.get(5)?;
                runs.push((origin, runs::read(&body, 5)?, body));
            }
            let mut findings = Vec::new();
            known::all(connection, |_, known| findings.push(known))?;
            Ok(Brought { runs, lasts: schema::lasts(connection)?, findings })
        };
        read().map_err(|error| self.fault(error))
    }
}

/// Takes the runs in that are not known, those first that ended first; `id` is the history that takes them.
fn take_runs(
    transaction: &Transaction<'_>,
    id: &str,
    brought: &[Brought],
    merged: &mut [Merged],
) -> rusqlite::Result<()> {
    let mut runs: Vec<_> = brought
        .iter()
        .enumerate()
        .flat_map(|(number, brought)| brought.runs.iter().map(move |run| (number, run)))
        .filter(|(_, (origin, ..))| origin.history != id)
        .collect();
    runs.sort_by(|(_, (one, first, _)), (_, (other, second, _))| {
        (first.ended, &one.history, one.place).cmp(&(second.ended, &other.history, other.place))
    });
    for (number, (origin, run, body)) in runs {
        let mut query = transaction.prepare_cached("SELECT number, proof FROM run WHERE origin = ? AND place = ?")?;
        let same: Vec<(i64, Option<String>)> = query
            .query_map(params![origin.history, origin.place], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        // One that went on, or was killed, is known as soon as its place is; one that ended, by its hash.
        let is_known = same.iter().any(|(_, proof)| origin.proof.is_none() || *proof == origin.proof);
        if is_known {
            continue;
        }
        let row = if let Some((row, _)) = same.iter().find(|(_, proof)| proof.is_none()) {
            *row
        } else {
            transaction
                .prepare_cached("INSERT INTO run (started, origin, place, body) VALUES (?, ?, ?, ?)")?
                .execute(params![run.started.seconds(), origin.history, origin.place, body])?;
            transaction.last_insert_rowid()
        };
        if origin.proof.is_some() {
            runs::link(transaction, row, Some(origin), body)?;
        }
        merged[number].runs += 1;
    }
    Ok(())
}

/// Takes the later checks in, and returns all.
fn take_checks(transaction: &Transaction<'_>, brought: &[Brought], merged: &mut [Merged]) -> rusqlite::Result<Lasts> {
    let mut lasts: Lasts = schema::lasts(transaction)?.into_iter().collect();
    for (brought, merged) in brought.iter().zip(merged) {
        for (id, last) in &brought.lasts {
            let before = lasts.get(id);
            let now = before.map_or(*last, |before| before.and(last));
            if before != Some(&now) {
                schema::set_last(transaction, *id, &now)?;
                merged.packages += 1;
                lasts.insert(*id, now);
            }
        }
    }
    Ok(lasts)
}

/// Takes the findings in: what several saw at the same time is one.
fn take_findings(
    transaction: &Transaction<'_>,
    lasts: &Lasts,
    brought: Vec<Brought>,
    merged: &mut [Merged],
) -> rusqlite::Result<()> {
    let whole = whole(transaction)?;
    let mut findings = Findings::new();
    known::all(transaction, |row, known| findings.entry(known.package).or_default().push((Some(row), known)))?;
    let mut before: BTreeMap<Option<i64>, Known> = BTreeMap::new();
    for (row, known) in findings.values().flatten() {
        before.insert(*row, known.clone());
    }
    for (brought, merged) in brought.into_iter().zip(merged) {
        for known in brought.findings {
            let all = findings.entry(known.package).or_default();
            let rows = all.len();
            add(all, known);
            merged.findings += u64::from(all.len() > rows);
        }
    }
    for (package, all) in &mut findings {
        for (row, known) in all {
            let last = package.and_then(|package| lasts.get(&package));
            let looked = match (known.finding.side(), package) {
                // Whether a check looked at a copy too is not known of it; whoever did has cleared what was mended there.
                (Side::Copy, _) => None,
                (Side::Archive, None) => whole[known.level as usize],
                (Side::Archive, Some(_)) => last.and_then(|last| last.time(known.level)),
                // Rows are compared with packages that are read and in order.
                (Side::Row, _) => last
                    .filter(|last| last.verdict == Verdict::Conforms)
                    .and_then(|last| last.time(known.level.max(Level::Full))),
            };
            settle(known, looked);
            if before.remove(row).as_ref() != Some(known) {
                known::put(transaction, *row, known)?;
            }
        }
    }
    // Two that have become one.
    for row in before.into_keys() {
        transaction.prepare_cached("DELETE FROM finding WHERE row = ?")?.execute([row])?;
    }
    Ok(())
}

/// Adds a finding to others about the same package; with those that say the same of the same time it becomes one.
fn add(all: &mut Vec<(Option<i64>, Known)>, mut known: Known) {
    let mut row = None;
    let mut rest = Vec::new();
    for (other_row, other) in all.drain(..) {
        if other.is(&known.finding) && overlap(&other, &known) {
            row = row.or(other_row);
            known = both(&other, &known);
        } else {
            rest.push((other_row, other));
        }
    }
    rest.push((row, known));
    *all = rest;
}

/// Whether there is a time at which both were open.
fn overlap(one: &Known, other: &Known) -> bool {
    let before = |first: &Known, second: &Known| first.cleared.is_none_or(|cleared| second.first < cleared);
    one.first == other.first || (before(one, other) && before(other, one))
}

/// Returns what two histories know of the same finding. Where only one says that it is gone, that holds if it was after the
/// other saw it last.
fn both(one: &Known, other: &Known) -> Known {
    let last = one.last.max(other.last);
    let newer = if other.last >= one.last { other } else { one };
    let cleared = match (one.cleared, other.cleared) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other).filter(|cleared| *cleared > last),
    };
    Known {
        package: one.package,
        level: one.level.min(other.level),
        finding: newer.finding.clone(),
        first: one.first.min(other.first),
        last,
        cleared,
    }
}

/// Clears what the last look that was deep enough did not see any more, wherever that was.
fn settle(known: &mut Known, looked: Option<Timestamp>) {
    if known.cleared.is_none() {
        known.cleared = looked.filter(|looked| *looked > known.last);
    }
}

/// Returns when the archive as a whole was looked at last, by level.
fn whole(connection: &Connection) -> rusqlite::Result<[Option<Timestamp>; 3]> {
    let mut whole = [None; 3];
    let mut query = connection.prepare("SELECT body FROM run WHERE seq IS NOT NULL")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let run = runs::read(&row.get::<_, String>(0)?, 0)?;
        if run.shard.leads() && run.ending != Some(Ending::Stopped) {
            for level in Level::ALL.into_iter().filter(|level| *level <= run.level) {
                whole[level as usize] = whole[level as usize].max(run.ended);
            }
        }
    }
    Ok(whole)
}

impl Last {
    /// Returns what two histories know together: the later check of each level, and what the later of all came to; of two at the
    /// same time, what is worse.
    fn and(&self, other: &Self) -> Self {
        let times = Level::ALL.map(|level| self.time(level).max(other.time(level)));
        let verdict = match self.time(Level::Quick).cmp(&other.time(Level::Quick)) {
            std::cmp::Ordering::Greater => self.verdict,
            std::cmp::Ordering::Less => other.verdict,
            std::cmp::Ordering::Equal => self.verdict.max(other.verdict),
        };
        let held = match self.time(Level::Full).cmp(&other.time(Level::Full)) {
            std::cmp::Ordering::Greater => self.held.or(other.held),
            std::cmp::Ordering::Less => other.held.or(self.held),
            std::cmp::Ordering::Equal => self.held.max(other.held),
        };
        Self { times, verdict, held }
    }
}
