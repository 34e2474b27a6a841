//! What the columns of a table are called and what they mean.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::entry::brief;
use super::fault::TableFault;

/// What a column of a table says about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Which record: the original name of its folder, `.` for the delivery or its loose files.
    Path,
    /// [`crate::model::record::Description::title`]
    Title,
    /// [`crate::model::record::Description::identifiers`], several separated by `|`.
    Identifier,
    /// [`crate::model::record::Description::signature`]
    Signature,
    /// [`crate::model::record::Description::date_from`]
    DateFrom,
    /// [`crate::model::record::Description::date_to`]
    DateTo,
    /// [`crate::model::record::Description::creator`]
    Creator,
    /// [`crate::model::record::Description::summary`]
    Summary,
    /// [`crate::model::record::Description::subjects`], several separated by `|`.
    Subject,
    /// Births of the persons whom the record is about, separated by `|`; empty for one that is not known.
    Born,
    /// Their deaths, in the same order.
    Died,
    /// Whether the record is about persons.
    Personal,
}

/// Names of columns, English and German, and further ones that a producer's tables use.
#[derive(Debug, Clone)]
pub struct Columns(HashMap<String, Column>);

impl Default for Columns {
    fn default() -> Self {
        const NAMES: &[(&str, Column)] = &[
            ("path", Column::Path),
            ("pfad", Column::Path),
            ("title", Column::Title),
            ("titel", Column::Title),
            ("identifier", Column::Identifier),
            ("aktenzeichen", Column::Identifier),
            ("signature", Column::Signature),
            ("signatur", Column::Signature),
            ("date_from", Column::DateFrom),
            ("von", Column::DateFrom),
            ("date_to", Column::DateTo),
            ("bis", Column::DateTo),
            ("creator", Column::Creator),
            ("provenienz", Column::Creator),
            ("description", Column::Summary),
            ("summary", Column::Summary),
            ("enthält", Column::Summary),
            ("enthaelt", Column::Summary),
            ("subject", Column::Subject),
            ("schlagwort", Column::Subject),
            ("born", Column::Born),
            ("geboren", Column::Born),
            ("geburt", Column::Born),
            ("died", Column::Died),
            ("gestorben", Column::Died),
            ("tod", Column::Died),
            ("personal", Column::Personal),
            ("personenbezogen", Column::Personal),
        ];
        let names = NAMES.iter().map(|(name, column)| (fold(name), *column));
        Self(names.collect())
    }
}

impl Columns {
    /// Adds a further name of `column`; what the name meant before no longer holds.
    #[must_use]
    pub fn with(mut self, name: &str, column: Column) -> Self {
        self.0.insert(fold(name), column);
        self
    }

    pub(super) fn find(&self, name: &str) -> Result<Column, TableFault> {
        let unknown = || TableFault::UnknownColumn { column: brief(name) };
        self.0.get(&fold(name)).copied().ok_or_else(unknown)
    }
}

pub(super) fn fold(name: &str) -> String {
    name.trim().nfc().flat_map(char::to_lowercase).collect()
}
