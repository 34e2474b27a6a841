//! Use of stored packages: closure periods are kept, grants are recorded.

use super::examine::describe;
use super::holding::{head, statements};
use super::{Archive, ArchiveError};
use crate::access::grant::{self, Grant};
use crate::access::statement::{Standing, standing};
use crate::journal::{Actor, Event, Head};
use crate::model::package::PackageId;
use crate::model::time::Timestamp;
use crate::package::eark::METS;
use crate::task::Cancel;

/// The right to use one package; there is no other way to an export.
#[derive(Debug)]
pub struct Admission {
    package: PackageId,
    permit: Option<String>,
}

impl Admission {
    /// Returns the package.
    #[must_use]
    pub const fn package(&self) -> PackageId {
        self.package
    }

    /// Returns the number of the grant on which it rests; none for a package that is free.
    #[must_use]
    pub fn permit(&self) -> Option<&str> {
        self.permit.as_deref()
    }
}

impl Archive {
    /// Returns whether and until when the package is closed, and its holdings, as the package itself says: the catalogue is
    /// only an index.
    fn standing(&self, id: PackageId) -> Result<(Standing, String), ArchiveError> {
        let holding = self.held(id)?;
        let reader = self.stored(&self.object_of(&holding)?, id)?;
        let document = |source| ArchiveError::Document { path: METS.to_owned(), source };
        let description = describe(&reader, &head(&reader)?).map_err(document)?;
        Ok((standing(&statements(&reader)?), description.holdings))
    }

    /// Returns the right to use the package `id` now: because no closure period runs, or by the grant `permit`, whose use
    /// is recorded before.
    ///
    /// Now is the time of the machine; `SOURCE_DATE_EPOCH` opens nothing.
    ///
    /// # Errors
    /// [`ArchiveError::Closed`] where it is closed and no grant opens it; this is recorded as far as the journal can be
    /// written. With a grant nothing is given out that the journal does not know.
    pub fn admit(&self, id: PackageId, permit: Option<&str>, by: Admitting<'_>) -> Result<Admission, ArchiveError> {
        let (standing, holdings) = self.standing(id)?;
        let today = Timestamp::now().date();
        if !standing.closure.closed_on(&today) {
            return Ok(Admission { package: id, permit: None });
        }
        let grants = self.grants()?;
        match grant::opening(&grants, permit, (id, &holdings), &today) {
            Ok(grant) => {
                let permit = grant.number.clone();
                let event = Event::AccessUsed { package: id, permit: permit.clone() };
                self.writer(by.actor, by.wait, by.cancel)?.note(&[event], &[], &[])?;
                Ok(Admission { package: id, permit: Some(permit) })
            }
            Err(refusal) => {
                let permit = permit.map(str::to_owned);
                let reason = refusal.name().to_owned();
                let event = Event::AccessRefused { package: id, permit: permit.clone(), reason };
                // What is refused is refused, whether it can be written down or not.
                if let Err(error) = self.testify(event, by.actor) {
                    tracing::warn!(%error, "the refusal is not in the journal");
                }
                Err(ArchiveError::Closed { id, standing: Box::new(standing), refusal, permit })
            }
        }
    }

    /// Returns all grants, oldest first.
    pub fn grants(&self) -> Result<Vec<Grant>, ArchiveError> {
        Ok(grant::all(&self.journal())?)
    }

    /// Records a grant; its packages must be held, its number must be new.
    pub fn grant(&self, decision: Decision, by: Admitting<'_>) -> Result<Head, ArchiveError> {
        let mut writer = self.writer(by.actor, by.wait, by.cancel)?;
        for id in &decision.packages {
            writer.catalogue.holding(*id)?.ok_or_else(|| self.not_held(*id))?;
        }
        let Decision { number, basis, until, packages, holdings } = decision;
        if self.grants()?.iter().any(|known| known.number == number) {
            return Err(ArchiveError::GrantExists { number });
        }
        writer.note(&[Event::AccessGranted { permit: number, basis, until, packages, holdings }], &[], &[])
    }
}

/// A decision that lets packages be used, see [`Grant`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// See [`Grant::number`].
    pub number: String,
    /// See [`Grant::basis`].
    pub basis: String,
    /// See [`Grant::until`].
    pub until: String,
    /// See [`Grant::packages`].
    pub packages: Vec<PackageId>,
    /// See [`Grant::holdings`].
    pub holdings: String,
}

/// Who admits, and how.
#[derive(Debug)]
pub struct Admitting<'a> {
    /// Who acts.
    pub actor: Actor,
    /// Whether the end of another run is waited for.
    pub wait: bool,
    /// The request to stop.
    pub cancel: &'a Cancel,
}
