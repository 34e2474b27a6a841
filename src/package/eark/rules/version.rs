//! What a package claims to be: the specification and its version, as its root METS document says.

use super::Spec;
use crate::model::package::PackageKind;

/// A version of the specifications. Those of 2.0.x that came before 2.0.4 say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpecVersion {
    /// 2.0.4, June 2020.
    V204,
    /// 2.1.0, October 2021.
    V210,
    /// 2.2.0, May 2024.
    V220,
}

impl SpecVersion {
    /// All versions, the oldest first.
    pub const ALL: [Self; 3] = [Self::V204, Self::V210, Self::V220];

    /// Returns the version as it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V204 => "2.0.4",
            Self::V210 => "2.1.0",
            Self::V220 => "2.2.0",
        }
    }

    /// Returns the version that is written as `name`, also shortened (`2.1`) or with `v`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix(['v', 'V']).unwrap_or(name);
        let mut numbers = name.split(['.', '-', '_']);
        match (numbers.next(), numbers.next()) {
            (Some("2"), Some("0")) => Some(Self::V204),
            (Some("2"), Some("1")) => Some(Self::V210),
            (Some("2"), Some("2")) => Some(Self::V220),
            _ => None,
        }
    }
}

/// What a package claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// SIP, AIP or DIP, where it says so.
    pub kind: Option<PackageKind>,
    /// The version, where its profile names one.
    pub version: Option<SpecVersion>,
}

impl Claim {
    /// Reads the claim from `PROFILE` and `OAISPACKAGETYPE`. Where the two name different kinds, the profile counts: it is the
    /// document of which the package says that it conforms with it (CSIP6).
    #[must_use]
    pub fn read(profile: &str, package_type: &str) -> Self {
        let file = profile.trim().rsplit('/').next().unwrap_or_default();
        let file = file.strip_suffix(".xml").unwrap_or(file).to_ascii_uppercase();
        let named = [(PackageKind::Sip, "E-ARK-SIP"), (PackageKind::Aip, "E-ARK-AIP"), (PackageKind::Dip, "E-ARK-DIP")];
        let of_profile = named.into_iter().find_map(|(kind, name)| Some((Some(kind), file.strip_prefix(name)?)));
        let (kind, rest) = of_profile.or_else(|| Some((None, file.strip_prefix("E-ARK-CSIP")?))).unwrap_or((None, ""));
        let version = match kind {
            // SIP2 asked for the address without a version up to 2.1.0; there was no profile for AIPs before 2.2.0.
            Some(PackageKind::Sip | PackageKind::Aip) if rest.is_empty() => Some(SpecVersion::V210),
            _ => SpecVersion::named(rest.trim_start_matches('-')),
        };
        let of_type = || PackageKind::ALL.into_iter().find(|kind| kind.name() == package_type.trim());
        Self { kind: kind.or_else(of_type), version }
    }

    /// Returns the version that the package is held to: what is asked for, else what it claims, else the newest.
    #[must_use]
    pub fn held_to(&self, asked: Option<SpecVersion>) -> SpecVersion {
        asked.or(self.version).unwrap_or(SpecVersion::V220)
    }

    /// Returns whether requirements of `spec` are for this package.
    #[must_use]
    pub fn concerns(&self, spec: Spec) -> bool {
        match spec {
            Spec::Csip => true,
            Spec::Sip => self.kind == Some(PackageKind::Sip),
            Spec::Aip => self.kind == Some(PackageKind::Aip),
            Spec::Dip => self.kind == Some(PackageKind::Dip),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_read_from_any_spelling() {
        use PackageKind::{Aip, Dip, Sip};
        use SpecVersion::{V204, V210, V220};
        for (profile, package_type, kind, version) in [
            ("https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml", "SIP", Some(Sip), Some(V220)),
            ("https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-0-4.xml", "SIP", Some(Sip), Some(V204)),
            ("https://earksip.dilcis.eu/profile/E-ARK-SIP.xml", "", Some(Sip), Some(V210)),
            ("https://earksip.dilcis.eu/profile/E-ARK-SIP.xml", "AIP", Some(Sip), Some(V210)),
            ("https://earkdip.dilcis.eu/profile/E-ARK-AIP-v2-2-0.xml", "AIP", Some(Aip), Some(V220)),
            ("https://earkaip.dilcis.eu/profile/E-ARK-AIP-v2-1-0.xml", "AIP", Some(Aip), Some(V210)),
            ("https://earkdip.dilcis.eu/profile/E-ARK-DIP.xml", "DIP", Some(Dip), None),
            ("https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml", "SIP", Some(Sip), None),
            ("https://earkcsip.dilcis.eu/profile/E-ARK-CSIP-v2-1-1.xml", "AIU", None, Some(V210)),
            ("http://www.eark-project.com/METS/IP.xml", "DIP", Some(Dip), None),
            ("https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-3-0.xml", "SIP", Some(Sip), None),
            ("", "", None, None),
        ] {
            assert_eq!(Claim::read(profile, package_type), Claim { kind, version }, "{profile} {package_type}");
        }
    }
}
