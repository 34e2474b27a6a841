//! What a profile says of closure periods: an archive law in figures.

use serde::{Deserialize, Serialize};

use super::Line;

/// The closure periods of an archive law; where nothing is said those of SächsArchivG § 10.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClosureRules {
    /// The law and the clause.
    pub law: Line,
    /// Where it holds (ISO 3166-2).
    pub jurisdiction: Line,
    /// Years after the last date of the record.
    pub general_years: u16,
    /// The same where secrecy applies.
    pub secret_years: u16,
    /// Years after a person's death.
    pub after_death_years: u16,
    /// Years after a person's birth, where the death is not known.
    pub after_birth_years: u16,
    /// Years after the last date of the record, where neither is known.
    pub person_unknown_years: u16,
    /// On which day a period ends.
    pub due: Due,
    /// Whether all records are about persons, also those of which nobody says so.
    pub personal: bool,
    /// What holds instead of the general rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub special: Vec<Special>,
    /// Years after the last date of the record by federal law; with `special = ["bundesrecht"]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federal_years: Option<u16>,
    /// That federal law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federal_law: Option<Line>,
}

/// On which day a period ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// With the calendar year in which it would end (31 December).
    #[default]
    YearEnd,
    /// To the day.
    Exact,
}

/// What holds instead of the general rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Special {
    /// Federal secrecy or tax law: its period goes in the place of the one for secrecy (SächsArchivG § 10 Abs. 1 Satz 3).
    Bundesrecht,
    /// Meant for the public when they were made: no period (Abs. 2 Satz 1).
    Veroeffentlicht,
    /// About office-holders in office: no personal period (Abs. 2 Satz 3).
    Amtstraeger,
    /// Records of bodies of the GDR: neither the general period nor the one for secrecy (Abs. 2 Satz 2).
    Ddr,
}

impl Default for ClosureRules {
    fn default() -> Self {
        Self {
            law: Line::SAXON_ARCHIVES_ACT,
            jurisdiction: Line::SAXONY,
            general_years: 30,
            secret_years: 60,
            after_death_years: 10,
            after_birth_years: 100,
            person_unknown_years: 60,
            due: Due::default(),
            personal: false,
            special: Vec::new(),
            federal_years: None,
            federal_law: None,
        }
    }
}

/// What an agreement says of closure periods; what it does not say stays as in the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClosureChange {
    /// See [`ClosureRules::law`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<Line>,
    /// See [`ClosureRules::jurisdiction`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Line>,
    /// See [`ClosureRules::general_years`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub general_years: Option<u16>,
    /// See [`ClosureRules::secret_years`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_years: Option<u16>,
    /// See [`ClosureRules::after_death_years`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_death_years: Option<u16>,
    /// See [`ClosureRules::after_birth_years`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_birth_years: Option<u16>,
    /// See [`ClosureRules::person_unknown_years`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_unknown_years: Option<u16>,
    /// See [`ClosureRules::due`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// See [`ClosureRules::personal`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal: Option<bool>,
    /// See [`ClosureRules::special`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<Vec<Special>>,
    /// See [`ClosureRules::federal_years`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federal_years: Option<u16>,
    /// See [`ClosureRules::federal_law`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federal_law: Option<Line>,
}

impl ClosureChange {
    /// Changes `rules` to what is said here.
    pub fn apply(&self, rules: &mut ClosureRules) {
        fn set<T: Clone>(value: &mut T, said: Option<&T>) {
            if let Some(said) = said {
                value.clone_from(said);
            }
        }
        set(&mut rules.law, self.law.as_ref());
        set(&mut rules.jurisdiction, self.jurisdiction.as_ref());
        set(&mut rules.general_years, self.general_years.as_ref());
        set(&mut rules.secret_years, self.secret_years.as_ref());
        set(&mut rules.after_death_years, self.after_death_years.as_ref());
        set(&mut rules.after_birth_years, self.after_birth_years.as_ref());
        set(&mut rules.person_unknown_years, self.person_unknown_years.as_ref());
        set(&mut rules.due, self.due.as_ref());
        set(&mut rules.personal, self.personal.as_ref());
        set(&mut rules.special, self.special.as_ref());
        rules.federal_years = self.federal_years.or(rules.federal_years);
        if self.federal_law.is_some() {
            rules.federal_law.clone_from(&self.federal_law);
        }
    }
}
