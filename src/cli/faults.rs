//! The failures that commands on an archive tell, each with its kind.

use std::path::Path;

use earchiv::access::Standing;
use earchiv::access::grant::Refusal;
use earchiv::archive::dispose;
use earchiv::archive::second::JournalOfCopy;
use earchiv::archive::tombstone::Tombstone;
use earchiv::journal::{Comparison, Head};
use earchiv::model::closure::Closure;
use earchiv::model::package::PackageId;

use super::error::{Failure, Kind};

/// Another run holds the archive.
pub fn locked(archive: &Path) -> Failure {
    Failure::new(Kind::Locked, "locked").at(archive)
}

/// No archive is where one should be: not mounted, or never made.
pub fn marker_missing(archive: &Path) -> Failure {
    Failure::new(Kind::Marker, "marker-missing").at(archive)
}

/// The archive was written by a newer program.
pub fn archive_newer(archive: &Path, format: u32) -> Failure {
    Failure::new(Kind::Config, "archive-newer").at(archive).with("format", format.to_string())
}

/// What is to be done needs a later format of the archive.
pub fn archive_older(archive: &Path, format: u32, needed: u32) -> Failure {
    let failure = Failure::new(Kind::Config, "archive-older").at(archive);
    failure.with("format", format.to_string()).with("needed", needed.to_string())
}

/// There is an archive already where a new one should be made.
pub fn archive_exists(archive: &Path) -> Failure {
    Failure::new(Kind::Usage, "archive-exists").at(archive)
}

/// A folder that should be new or empty holds something.
pub fn folder_not_empty(folder: &Path) -> Failure {
    Failure::new(Kind::Usage, "folder-not-empty").at(folder)
}

/// The catalogue is not there.
pub fn catalogue_missing(catalogue: &Path) -> Failure {
    Failure::new(Kind::Catalogue, "catalogue-missing").at(catalogue)
}

/// The catalogue cannot be read.
pub fn catalogue_damaged(catalogue: &Path, cause: &str) -> Failure {
    Failure::new(Kind::Catalogue, "catalogue-damaged").at(catalogue).because(cause)
}

/// The catalogue was written by a newer program.
pub fn catalogue_newer(catalogue: &Path) -> Failure {
    Failure::new(Kind::Config, "catalogue-newer").at(catalogue)
}

/// The journal is not there.
pub fn journal_missing(journal: &Path) -> Failure {
    Failure::new(Kind::Journal, "journal-missing").at(journal)
}

/// The journal is not the one that was written.
pub fn journal_damaged(journal: &Path) -> Failure {
    Failure::new(Kind::Journal, "journal-damaged").at(journal)
}

/// A source is not there.
pub fn source_missing(source: &Path) -> Failure {
    Failure::new(Kind::Usage, "source-missing").at(source)
}

/// The source lies in the archive or the archive in the source.
pub fn source_overlaps(source: &Path) -> Failure {
    Failure::new(Kind::Usage, "source-overlaps").at(source)
}

/// There is nothing to take over in a source.
pub fn source_empty(source: &Path) -> Failure {
    Failure::new(Kind::Refused, "source-empty").at(source)
}

/// No package has this id.
pub fn package_not_held(package: &str) -> Failure {
    Failure::new(Kind::Usage, "package-not-held").with("package", package.to_owned())
}

/// A package does not hold this file.
pub fn file_not_in_package(file: &str, package: &str) -> Failure {
    Failure::new(Kind::Usage, "file-not-in-package").with("name", file.to_owned()).with("package", package.to_owned())
}

/// A stored package is not what was stored, so nothing of it is given out.
pub fn package_damaged(package: &str) -> Failure {
    Failure::new(Kind::Integrity, "package-damaged").with("package", package.to_owned())
}

/// A package is closed to use, and no grant opens it.
pub fn closed(package: PackageId, standing: &Standing, refusal: Refusal, permit: Option<String>) -> Failure {
    let failure = match &standing.closure {
        Closure::Until(day) => Failure::new(Kind::Permission, "package-closed").with("until", day.clone()),
        Closure::Open | Closure::Free => Failure::new(Kind::Permission, "closure-unchecked"),
    };
    let law = if standing.law.is_empty() { "–" } else { &standing.law };
    let failure = failure.with("package", package.to_string()).with("law", law.to_owned());
    let named = [("permit", permit.unwrap_or_default().into())];
    match refusal {
        Refusal::Unnamed => failure,
        Refusal::Unknown => failure.because_text("permit-unknown", named),
        Refusal::Other => failure.because_text("permit-for-others", named),
        Refusal::Ended => failure.because_text("permit-ended", named),
    }
}

/// The package was disposed of.
pub fn disposed(tombstone: &Tombstone) -> Failure {
    Failure::new(Kind::Usage, "package-disposed")
        .with("package", tombstone.disposal.package.to_string())
        .with("order", tombstone.disposal.order.clone())
        .with("day", tombstone.disposed.date())
}

/// The package must not be disposed of.
pub fn not_disposed(package: PackageId, refusal: dispose::Refusal) -> Failure {
    let failure = match refusal {
        dispose::Refusal::Kept(until) => Failure::new(Kind::Refused, "disposal-term-runs").with("until", until),
        dispose::Refusal::Unknown => Failure::new(Kind::Refused, "disposal-term-unknown"),
        dispose::Refusal::NoTerm => Failure::new(Kind::Refused, "disposal-no-term"),
        dispose::Refusal::OtherOrder(order) => Failure::new(Kind::Refused, "disposal-other-order").with("order", order),
    };
    failure.with("package", package.to_string())
}

/// The journal cannot say what was stored, so nothing is restored.
pub fn journal_doubted(journal: &Path, copy: JournalOfCopy) -> Failure {
    let failure = Failure::new(Kind::Journal, "journal-doubted").at(journal);
    let head = |head: Head| [("head", head.to_string().into())];
    match copy {
        JournalOfCopy::Whole(last) => failure.because_text("copy-journal-whole", head(last)),
        JournalOfCopy::Unproven(last) => failure.because_text("copy-journal-unproven", head(last)),
        JournalOfCopy::Older(last) => failure.because_text("copy-journal-older", head(last)),
        JournalOfCopy::Damaged => failure.because_text("copy-journal-damaged", []),
    }
}

/// The journal of a copy is not the first part of that of the archive.
pub fn other_way(copy: &Path, found: Comparison) -> Failure {
    match found {
        Comparison::Ahead(head) | Comparison::Behind(head) => {
            Failure::new(Kind::Journal, "copy-ahead").at(copy).with("head", head.to_string())
        }
        Comparison::Parted(line) => Failure::new(Kind::Journal, "copy-parted").at(copy).with("line", line),
        Comparison::Damaged(line) => Failure::new(Kind::Journal, "copy-journal-damaged").at(copy).with("line", line),
    }
}

/// No accession has this number.
pub fn accession_not_held(number: &str) -> Failure {
    Failure::new(Kind::Usage, "accession-not-held").with("number", number.to_owned())
}

/// There is no profile of this name.
pub fn profile_unknown(name: &str, known: &str) -> Failure {
    Failure::new(Kind::Usage, "profile-unknown").with("name", name.to_owned()).with("known", known.to_owned())
}

/// There is no agreement of this name.
pub fn agreement_unknown(name: &str) -> Failure {
    Failure::new(Kind::Usage, "agreement-unknown").with("name", name.to_owned())
}

/// A text that was given as an id is none.
pub fn no_id(value: &str) -> Failure {
    Failure::new(Kind::Usage, "no-id").with("value", value.to_owned())
}
