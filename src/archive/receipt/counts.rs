//! What a delivery comes to: how much was offered, and what became of it.

use serde::{Deserialize, Serialize};

use super::super::report::{DeliveryReport, Fate, RecordReport};
use crate::model::record::{EntryKind, EntryState, Exception, Reason};

/// Everything that was offered, by what it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records: what becomes one package each.
    pub objects: Share,
    /// Files.
    pub files: Share,
    /// Bytes of those files whose size is known: those in records.
    pub bytes: Share,
    /// Folders.
    pub folders: Share,
    /// Links, pipes, sockets, devices.
    pub others: Share,
    /// Objects in records (Akten, Vorgänge, Dokumente) that are not taken over because of a decision.
    pub decided_against: u64,
}

/// How much of something was offered, and what became of it: the other fields add up to `offered`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// In the delivery.
    pub offered: u64,
    /// Stored with this accession.
    pub taken: u64,
    /// Stored before with the same identity and the same content.
    pub held: u64,
    /// Not taken over because the archive decided so, or has not decided.
    pub not_taken: u64,
    /// Refused.
    pub refused: u64,
    /// Not stored because storing failed.
    pub failed: u64,
    /// Left out by a named rule.
    pub left_out: u64,
}

/// What became of something.
#[derive(Clone, Copy)]
enum Became {
    Taken,
    Held,
    NotTaken,
    Refused,
    Failed,
    LeftOut,
}

impl Counts {
    /// Counts what was offered with `report`; records of accession `number` count as taken, however many runs it took.
    #[must_use]
    pub fn of(report: &DeliveryReport, number: &str) -> Self {
        let mut counts = Self::default();
        counts.folders.add(Became::Taken, report.folders);
        for record in &report.records {
            let became = became(record, number);
            counts.decided_against += record.not_taken.len() as u64;
            counts.objects.add(became, 1);
            counts.files.add(became, record.files);
            counts.bytes.add(became, record.bytes);
            counts.folders.add(became, record.folders);
        }
        for exception in report.exceptions() {
            let share = match exception.kind {
                EntryKind::File => &mut counts.files,
                EntryKind::Folder => &mut counts.folders,
                _ => &mut counts.others,
            };
            share.add(of_exception(exception), 1);
        }
        counts
    }
}

impl Share {
    fn add(&mut self, became: Became, count: u64) {
        self.offered += count;
        *match became {
            Became::Taken => &mut self.taken,
            Became::Held => &mut self.held,
            Became::NotTaken => &mut self.not_taken,
            Became::Refused => &mut self.refused,
            Became::Failed => &mut self.failed,
            Became::LeftOut => &mut self.left_out,
        } += count;
    }
}

fn became(record: &RecordReport, number: &str) -> Became {
    let appraised = |exception: &Exception| matches!(exception.reason, Reason::Appraised { .. });
    match &record.fate {
        Fate::AlreadyStored if record.accession != number => Became::Held,
        Fate::LeftOut if !record.not_taken.is_empty() => Became::NotTaken,
        Fate::LeftOut if !record.exceptions.is_empty() && record.exceptions.iter().all(appraised) => Became::NotTaken,
        Fate::LeftOut => Became::LeftOut,
        Fate::Refused | Fate::Conflict { .. } => Became::Refused,
        Fate::Failed(_) => Became::Failed,
        _ => Became::Taken,
    }
}

fn of_exception(exception: &Exception) -> Became {
    match (&exception.reason, exception.reason.state()) {
        (Reason::Appraised { .. }, _) => Became::NotTaken,
        (_, EntryState::Stored) => Became::Taken,
        (_, EntryState::Refused) => Became::Refused,
        (_, EntryState::Failed) => Became::Failed,
        (_, EntryState::LeftOut) => Became::LeftOut,
    }
}
