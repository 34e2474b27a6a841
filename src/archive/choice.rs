//! Which profile takes which delivery of a call, and deliveries opened by it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::delivery::{Delivery, Outcome, Terms, Unopened};
use super::report::{refused_report, unopened_report};
use super::{Archive, ArchiveError};
use crate::model::finding::{Code, Finding};
use crate::model::package::PackageForm;
use crate::model::path;
use crate::profile::{Per, Profile, SourceKind};
use crate::source::SourceError;
use crate::source::detect::{Detected, Kind, detect};
use crate::task::{Cancel, Watch};

/// The terms of a call: those of the profile that it names, else for each delivery those of the profile that fits.
#[derive(Debug, Clone)]
pub struct Choice {
    usual: Arc<Terms>,
    /// Where the call names no profile: those of profiles that may fit better than the usual one.
    others: Option<Vec<Arc<Terms>>>,
}

impl Choice {
    /// Takes all deliveries on the same terms.
    #[must_use]
    pub fn one(terms: Terms) -> Self {
        Self { usual: Arc::new(terms), others: None }
    }

    /// Takes each delivery by the profile that fits, and by that of `usual` where it is none of `profiles`; packages have
    /// the form that the profile says, unless the call says `form`.
    #[must_use]
    pub fn by_content(usual: Terms, profiles: Vec<Profile>, form: Option<PackageForm>) -> Self {
        let on = |profile: Profile| {
            let form = form.unwrap_or(profile.package.form);
            Arc::new(Terms { profile, form, ..usual.clone() })
        };
        let others = profiles.into_iter().map(on).collect();
        Self { usual: Arc::new(usual), others: Some(others) }
    }

    /// Returns the same choice for a delivery that belongs to a package of `producer`: it is one record where its profile can
    /// take it as one, and that producer's where nobody says otherwise.
    pub(super) fn supplementing(&self, producer: &str) -> Self {
        let whole = |terms: &Arc<Terms>| {
            let mut terms = Terms::clone(terms);
            if matches!(terms.profile.source, SourceKind::Folder | SourceKind::Mail | SourceKind::Einvoice) {
                terms.profile.records.per = Per::Delivery;
            }
            if !terms.names_producer() {
                terms.producer = Some(producer.to_owned());
            }
            Arc::new(terms)
        };
        Self { usual: whole(&self.usual), others: self.others.as_ref().map(|all| all.iter().map(whole).collect()) }
    }

    /// Returns the terms of the profile `name` with its version, as reports name it; the usual ones where none is so called.
    #[must_use]
    pub fn named(&self, name: &str) -> &Terms {
        let others = self.others.iter().flatten();
        others.chain([&self.usual]).find(|terms| terms.profile_name() == name).unwrap_or(&self.usual)
    }

    /// Returns the terms of all profiles that may take a delivery, in an order that is always the same.
    pub(super) fn all(&self) -> impl Iterator<Item = &Terms> {
        std::iter::once(&self.usual).chain(self.others.iter().flatten()).map(Arc::as_ref)
    }

    /// Returns what lies at `path`, and the terms on which it is taken over.
    ///
    /// What no profile can take is refused, unless the call names the profile that is to take it.
    pub(super) fn fitting(&self, path: &Path, cancel: &Cancel) -> Result<(Arc<Terms>, Detected), SourceError> {
        let found = detect(path, cancel)?;
        let Some(others) = &self.others else { return Ok((Arc::clone(&self.usual), found)) };
        if let Some(finding) = not_taken(path, &found) {
            return Err(SourceError::Refused { path: path.to_owned(), finding: Box::new(finding) });
        }
        let fits = |terms: &&Arc<Terms>| Some(terms.profile.name.as_str()) == found.kind.profile();
        let terms = others.iter().find(fits).unwrap_or(&self.usual);
        Ok((Arc::clone(terms), found))
    }
}

/// Returns why what was found at `path` is not taken over, if no profile can.
pub(super) fn not_taken(path: &Path, found: &Detected) -> Option<Finding> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = path::shown(std::os::unix::ffi::OsStrExt::as_bytes(name));
    let value = match found.kind {
        // Its METS describes files beside it, in a folder or a ZIP.
        Kind::Package if found.form.is_tar() => "package-tar",
        _ if !found.kind.is_not_taken() => return None,
        _ => found.kind.name(),
    };
    Some(Finding::new(Code::InputNotTaken).file(name).value(value))
}

/// Looks whether all sources are there, and apart from the archive, before anything is done.
pub(super) fn look(sources: &[PathBuf], archive: Option<&Archive>) -> Result<(), ArchiveError> {
    for path in sources {
        path.metadata().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => SourceError::NotFound { path: path.clone() },
            _ => SourceError::Read { path: path.clone(), source },
        })?;
        if let Some(archive) = archive {
            apart(path, archive.root())?;
        }
    }
    Ok(())
}

/// Opens the delivery at `path`. One that cannot be opened is told to `each` and the others go on; a stop ends the run.
pub(super) fn open_or_tell(
    path: &Path,
    choice: &Choice,
    watch: Watch<'_>,
    each: &mut impl FnMut(Outcome),
) -> Result<Option<Delivery>, ArchiveError> {
    match Delivery::open(path, choice, watch) {
        Ok(delivery) => return Ok(Some(delivery)),
        Err(ArchiveError::Cancelled(stopped) | ArchiveError::Source(SourceError::Cancelled(stopped))) => {
            return Err(stopped.into());
        }
        Err(ArchiveError::Package(error)) => each(Ok(unopened_report(path, &error))),
        Err(ArchiveError::Source(SourceError::Refused { finding, .. })) => each(Ok(refused_report(path, *finding))),
        Err(error) => each(Err(Unopened { path: path.to_owned(), error })),
    }
    Ok(None)
}

/// Refuses a delivery that lies in the archive, and an archive that lies in the delivery.
pub(super) fn apart(path: &Path, archive: &Path) -> Result<(), ArchiveError> {
    // What does not exist overlaps with nothing; opening it will tell.
    let (Ok(delivery), Ok(archive)) = (path.canonicalize(), archive.canonicalize()) else { return Ok(()) };
    if delivery.starts_with(&archive) || archive.starts_with(&delivery) {
        return Err(ArchiveError::Overlap { path: path.to_owned() });
    }
    Ok(())
}
