//! What an entry of the journal says.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Head;
use crate::model::audit::{Level, Shard};
use crate::model::checksum::Sha256Sum;
use crate::model::disposal::Disposal;
use crate::model::package::{Commit, PackageId};
use crate::model::time::Timestamp;

/// An entry as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number, from 1 without gaps.
    pub seq: u64,
    /// When the entry was written, by the clock of the machine.
    pub time: Timestamp,
    /// Who had it done.
    pub actor: Actor,
    /// What was done.
    pub event: Event,
    /// How it ended.
    pub outcome: Outcome,
    /// The hash of the entry before; zeros for the first.
    pub prev: Sha256Sum,
    /// The entry's own hash.
    pub hash: Sha256Sum,
}

impl Entry {
    /// Returns the entry's place in the chain.
    #[must_use]
    pub const fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

/// Who had something done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user's name in the operating system, or `uid:1000` where it has none.
    pub user: String,
    /// The person or office for whom a service acted, as the caller said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
}

impl Actor {
    /// Returns the user of this process as the operating system knows it, acting for `on_behalf_of`.
    ///
    /// The name comes from the user id and `/etc/passwd`, never from `$USER`, which anyone can set. Users whom only a
    /// directory service knows appear by number.
    #[must_use]
    pub fn current(on_behalf_of: Option<String>) -> Self {
        let uid = rustix::process::getuid().as_raw();
        Self { user: user_name(uid).unwrap_or_else(|| format!("uid:{uid}")), on_behalf_of }
    }
}

/// How something ended (PREMIS 3.0 2.5.1 `eventOutcome`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done, and nothing was wrong.
    Success,
    /// It was not done, or damage was established.
    Failure,
}

/// What was done; field `event` of a line names the kind, the further fields follow in the order below.
///
/// Digests are lower-case hexadecimal digits. Kinds and fields are never renamed or dropped; fields and kinds that come
/// later are read by this program as if they were absent, or as [`Event::Other`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The archive was created: the first entry of every journal, and only of the first line.
    Created {
        /// The archive's identity, as in its marker.
        archive: Uuid,
        /// The version of the archive's format on disk.
        format: u32,
        /// The archive's ISIL (ISO 15511).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        isil: Option<String>,
    },
    /// A delivery got its number; its packages follow.
    AccessionStarted {
        /// The number, `2026-0001`.
        accession: String,
        /// UUID v5 of producer and delivery: the same delivery again has the same one.
        identity: Uuid,
        /// How many packages are to come.
        packages: u64,
        /// SHA-256 over the identities of these packages: each in text form with a line end, in ascending order.
        digest: String,
    },
    /// Decisions of the archive were applied to a delivery.
    Appraised {
        /// The accession.
        accession: String,
        /// Objects that are to be archived.
        archive: u64,
        /// Objects that are not decided.
        undecided: u64,
        /// Objects that are not to be taken over.
        destroy: u64,
        /// SHA-256 over all decisions: code, space, what names the object and a line end, in ascending order.
        digest: String,
    },
    /// An answer to the agency was written and is durable.
    Answered {
        /// The delivery, as in `accession-started`.
        identity: Uuid,
        /// The process of the messages.
        process: Uuid,
        /// The type of the answer (`0506`).
        message: String,
        /// How many objects it names.
        objects: u64,
        /// How many of these are in the archive, which releases them for deletion at the agency.
        stored: u64,
        /// SHA-256 of the answer.
        sha256: String,
    },
    /// A stored package is about to get a further version; what follows for it up to `completed` is about that version.
    Amending {
        /// The package.
        package: PackageId,
        /// The number of the new version.
        version: u64,
        /// Why it gets one.
        what: Change,
        /// SHA-512 of the inventory that its object has before.
        former: String,
        /// The content digest of what comes to it; `completed` goes on naming that of the first version.
        content: String,
        /// The accession that brings it, of a supplement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accession: Option<String>,
    },
    /// A package was written to the staging folder and synced.
    Staged {
        /// The accession.
        accession: String,
        /// The package.
        package: PackageId,
    },
    /// A staged file was read back from the medium and had the checksum with which it was written.
    ReadBack {
        /// The accession.
        accession: String,
        /// The package.
        package: PackageId,
        /// The package's file; `inventory.json` for a package that is a folder, whose files were all read back.
        file: String,
        /// SHA-512 of that file.
        sha512: String,
    },
    /// A package is about to be published: from here on the store may hold it.
    Committing(Commit),
    /// A package got its place in the store; not durable yet.
    Published {
        /// The package.
        package: PackageId,
    },
    /// A package is stored: complete, durable, read back.
    Completed(Commit),
    /// A package was begun and not stored; what was staged of it was removed.
    Abandoned {
        /// The accession.
        accession: String,
        /// The package.
        package: PackageId,
        /// Why, as a code of the program's messages.
        reason: String,
    },
    /// A record was refused; its package was never begun.
    Refused {
        /// The accession.
        accession: String,
        /// The package that it would have become; the receipt says which record that is.
        package: PackageId,
        /// Why, as a code of the program's messages.
        reason: String,
    },
    /// The accession's own object is about to be published.
    AccessionClosing {
        /// The accession.
        accession: String,
        /// SHA-512 of that object's `inventory.json`.
        inventory: String,
    },
    /// An accession is complete, its object is stored. `stored`, `refused` and `failed` are its records.
    AccessionClosed {
        /// The accession.
        accession: String,
        /// SHA-512 of the accession object's `inventory.json`.
        inventory: String,
        /// Records that are stored now, or were before.
        stored: u64,
        /// Records that were refused.
        refused: u64,
        /// Records that failed.
        failed: u64,
    },
    /// The catalogue was made anew from store and journal.
    CatalogueRebuilt {
        /// Packages in the new catalogue.
        packages: u64,
    },
    /// A package is about to give its place to a tombstone.
    Disposing {
        /// On what order, by whom, and what is removed.
        #[serde(flatten)]
        disposal: Disposal,
        /// SHA-512 of the tombstone's `inventory.json`.
        tombstone: String,
    },
    /// A package was disposed of: the tombstone is durable in its place, and what was stored is removed.
    Disposed {
        /// On what order, by whom, and what was removed.
        #[serde(flatten)]
        disposal: Disposal,
        /// SHA-512 of the tombstone's `inventory.json`.
        tombstone: String,
    },
    /// A disposal was announced and did not come about: the package is in its place as before.
    DisposalAbandoned {
        /// The package.
        package: PackageId,
        /// The number of the order.
        order: String,
        /// Why, as a code of the program's messages.
        reason: String,
    },
    /// An object that is damaged or missing is about to be restored from a second copy of the archive.
    Repairing {
        /// The object: `urn:uuid:` and the identity of a package or of an accession's object.
        object: String,
        /// SHA-512 of its `inventory.json`, as the journal knows it.
        inventory: String,
        /// The last entry of the copy's journal, `SEQ:HASH`; empty where it cannot be read.
        copy: String,
        /// Where the damaged object is moved to, relative to the archive; nothing where it is missing.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        damaged: String,
    },
    /// An object was restored: complete, durable, read back, with the inventory that the journal knows.
    Repaired {
        /// The object.
        object: String,
        /// SHA-512 of its `inventory.json`.
        inventory: String,
        /// Where the damaged object lies since, relative to the archive.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        damaged: String,
    },
    /// A repair was announced and did not come about.
    RepairAbandoned {
        /// The object.
        object: String,
        /// Why, as a code of the program's messages.
        reason: String,
    },
    /// The second copy of the archive was brought up to date.
    Replicated {
        /// The last entry of the copy's journal since then, `SEQ:HASH`; this entry is not in it yet.
        copy: String,
        /// Objects that should be in it: packages, tombstones, accessions.
        objects: u64,
        /// Those that were copied now.
        copied: u64,
        /// Those that are not as they were stored, here or there, and were not copied.
        left: u64,
    },
    /// The archive is about to get a later format.
    Migrating {
        /// The version of its format.
        from: u32,
        /// The version that it is to have.
        to: u32,
    },
    /// The archive has a later format since.
    Migrated {
        /// The version of its format before.
        from: u32,
        /// The version that it has.
        to: u32,
    },
    /// A copy for use was made of a package.
    Exported {
        /// The package.
        package: PackageId,
        /// The copy.
        dip: PackageId,
    },
    /// A decision that lets packages be used before their closure period ends.
    AccessGranted {
        /// Its number in the archive's own records.
        permit: String,
        /// Clause or decision on which it rests.
        basis: String,
        /// The last day on which it may be used (ISO 8601).
        until: String,
        /// The packages that it is for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        packages: Vec<PackageId>,
        /// The holdings that it is for.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        holdings: String,
    },
    /// A closed package is about to be given out by such a decision.
    AccessUsed {
        /// The package.
        package: PackageId,
        /// The decision's number.
        permit: String,
    },
    /// A closed package was not given out.
    AccessRefused {
        /// The package.
        package: PackageId,
        /// The number that was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        permit: Option<String>,
        /// Why, in one word.
        reason: String,
    },
    /// Packages were read and compared with their checksums.
    Verified {
        /// Packages that were read.
        packages: u64,
        /// Those that are not what was stored.
        damaged: u64,
    },
    /// Packages were verified, and store, catalogue and journal were compared with each other.
    Audited {
        /// Packages that were read.
        packages: u64,
        /// Bytes that were read.
        bytes: u64,
        /// Packages that are not what was stored.
        damaged: u64,
        /// Packages that are not in the store any more.
        missing: u64,
        /// Objects in the store that the journal does not know.
        unknown: u64,
        /// All findings of severity `error`, those above included.
        errors: u64,
        /// How deep it looked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<Level>,
        /// Which share of the packages it was about, where that is not all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shard: Option<Shard>,
        /// The history that knows more of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        history: Option<Uuid>,
        /// The hash of the run in that history.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run: Option<String>,
    },
    /// A line that was being written when the machine stopped was cut off.
    TornLineRemoved {
        /// How many bytes were cut off.
        bytes: u64,
    },
    /// A kind that this version does not know; cannot be written.
    #[serde(other, skip_serializing)]
    Other,
}

/// Why a stored package gets a further version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// What is said of it is corrected.
    Amendment,
    /// Files that belong to it came later.
    Supplement,
}

impl Event {
    /// Returns how it ended: a failure is what was not done, and what was checked and found damaged.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Abandoned { .. }
            | Self::DisposalAbandoned { .. }
            | Self::RepairAbandoned { .. }
            | Self::Refused { .. }
            | Self::AccessRefused { .. }
            | Self::Replicated { left: 1.., .. }
            | Self::Verified { damaged: 1.., .. }
            | Self::Audited { errors: 1.., .. } => Outcome::Failure,
            _ => Outcome::Success,
        }
    }
}

/// Returns the name of the user `uid` in `/etc/passwd` (`name:password:uid:...`).
fn user_name(uid: u32) -> Option<String> {
    const MOST: u64 = 16 << 20;
    let users = File::open("/etc/passwd").ok()?;
    BufReader::new(users.take(MOST)).lines().map_while(Result::ok).find_map(|line| name_in(&line, uid))
}

fn name_in(line: &str, uid: u32) -> Option<String> {
    let mut fields = line.split(':');
    let name = fields.next().filter(|name| !name.is_empty())?;
    (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_come_from_the_user_list() {
        for (line, uid, name) in [
            ("root:x:0:0:root:/root:/bin/bash", 0, Some("root")),
            ("root:x:0:0:root:/root:/bin/bash", 1, None),
            ("anna:x:1000:1000::/home/anna:/bin/sh", 1000, Some("anna")),
            (":x:1000:", 1000, None),
            ("+::::::", 0, None),
            ("", 0, None),
        ] {
            assert_eq!(name_in(line, uid).as_deref(), name, "{line}");
        }
        assert!(!Actor::current(None).user.is_empty());
    }

    #[test]
    fn damage_makes_a_check_a_failure() {
        for (damaged, outcome) in [(0, Outcome::Success), (1, Outcome::Failure)] {
            let event = Event::Verified { packages: 3, damaged };
            assert_eq!(event.outcome(), outcome);
        }
    }
}
