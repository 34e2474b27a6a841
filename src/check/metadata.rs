//! Whether the description of a record says what the archive demands.

use crate::model::finding::{Code, Finding};
use crate::model::record::Description;

/// Returns a finding for each of `required` that `description` does not say.
///
/// Names are those of the fields of [`Description`] or of its properties. Dates that only the files' modification times
/// tell say nothing.
pub fn missing<'a>(description: &Description, required: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let told = |name: &str| -> bool {
        let d = description;
        match name {
            "title" => !d.title.is_empty(),
            "identifiers" => !d.identifiers.is_empty(),
            "signature" => !d.signature.is_empty(),
            "date_from" => !d.date_from.is_empty() && !d.dates_of_files,
            "date_to" => !d.date_to.is_empty() && !d.dates_of_files,
            "creator" => !d.creator.is_empty(),
            "producer" => !d.producer.is_empty(),
            "holdings" => !d.holdings.is_empty(),
            "summary" => !d.summary.is_empty(),
            "subjects" => !d.subjects.is_empty(),
            "kind" => !d.kind.is_empty(),
            "contributors" => !d.contributors.is_empty(),
            "audience" => !d.audience.is_empty(),
            "conforms_to" => !d.conforms_to.is_empty(),
            "relations" => !d.relations.is_empty(),
            property => d.properties.iter().any(|one| one.name == property && !one.value.is_empty()),
        }
    };
    required.filter(|name| !told(name)).map(|name| Finding::new(Code::MetadataMissing).expected(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::unit::Property;

    #[test]
    fn what_is_demanded_and_not_told_is_found() {
        let description = Description {
            title: "Baumkataster".to_owned(),
            date_from: "2013".to_owned(),
            date_to: "2014".to_owned(),
            dates_of_files: true,
            properties: vec![Property::new("BT-1", "7"), Property::new("BT-9", "")],
            ..Description::default()
        };
        let found = |description: &Description, required: &[&str]| -> Vec<String> {
            missing(description, required.iter().copied()).into_iter().filter_map(|finding| finding.expected).collect()
        };
        let required = ["title", "date_from", "date_to", "creator", "BT-1", "BT-9", "BT-10"];
        assert_eq!(found(&description, &required), ["date_from", "date_to", "creator", "BT-9", "BT-10"]);
        let told = Description { dates_of_files: false, ..description };
        assert_eq!(found(&told, &["date_from", "date_to"]), [""; 0]);
    }
}
