//! What a profile reads from a record's own data, put where it belongs in the record's description.

use crate::model::record::{Person, Record};
use crate::model::unit::Property;

/// One thing that a profile reads from the data of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// What it is in the description; see `put` for the names.
    pub field: String,
    /// Where it stands: a column, a JSON pointer (RFC 6901) or a path (XPath), as the source has it.
    pub from: String,
}

/// The longest value that is taken over, in characters; what is longer stays in the original.
const LETTERS_MAX: usize = 20_000;

/// Returns whether `field` takes a date.
pub(super) fn is_date(field: &str) -> bool {
    matches!(field, "date_from" | "date_to" | "made" | "person_born" | "person_died")
}

/// Puts `values` where `field` says: the fields of [`crate::model::record::Description`] by their names, `made`,
/// `person_born` and `person_died` into the facts of the closure period, any other name as a property.
///
/// Where a field takes one value, several are joined with `; `. Empty values say nothing.
pub(super) fn put(record: &mut Record, field: &str, values: &[String]) {
    let values: Vec<String> = values.iter().map(|value| printable(value)).filter(|value| !value.is_empty()).collect();
    let Some(first) = values.first().cloned() else { return };
    let description = &mut record.description;
    let joined = || values.join("; ");
    let list = match field {
        "identifiers" | "identifier" => &mut description.identifiers,
        "subjects" | "subject" => &mut description.subjects,
        "contributors" => &mut description.contributors,
        "audience" => &mut description.audience,
        "conforms_to" => &mut description.conforms_to,
        "relations" => &mut description.relations,
        _ => {
            match field {
                "title" => description.title = joined(),
                "signature" => description.signature = joined(),
                "creator" => description.creator = joined(),
                "holdings" => description.holdings = joined(),
                "summary" => description.summary = values.join("\n"),
                "kind" => description.kind = joined(),
                "date_from" => description.date_from = first,
                "date_to" => description.date_to = values.last().cloned().unwrap_or(first),
                "made" => record.closure.made = first,
                "person_born" => life(&mut record.closure.persons, values, |person, date| person.born = date),
                "person_died" => life(&mut record.closure.persons, values, |person, date| person.died = date),
                name => {
                    let properties = values.into_iter().map(|value| Property::new(name, value));
                    record.description.properties.extend(properties);
                }
            }
            return;
        }
    };
    for value in values {
        if !list.contains(&value) {
            list.push(value);
        }
    }
}

/// Puts dates of life to persons in their order: the first date belongs to the first person.
fn life(persons: &mut Vec<Person>, dates: Vec<String>, put: impl Fn(&mut Person, String)) {
    for (index, date) in dates.into_iter().enumerate() {
        if persons.len() == index {
            persons.push(Person::default());
        }
        if let Some(person) = persons.get_mut(index) {
            put(person, date);
        }
    }
}

/// Returns `text` without blanks around it, with U+FFFD for what XML cannot hold, cut where it is very long.
pub(super) fn printable(text: &str) -> String {
    let letter = |letter: char| match letter {
        '\t' | '\n' => letter,
        '\r' => '\n',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        _ if letter.is_control() => '\u{fffd}',
        _ => letter,
    };
    text.trim().replace("\r\n", "\n").chars().take(LETTERS_MAX).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_where_their_field_says() {
        let mut record = Record::default();
        let mut say = |field: &str, values: &[&str]| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            put(&mut record, field, &values);
        };
        say("title", &[" Rat ", "", "Teil 2"]);
        say("identifiers", &["V/1", "V/1", "V/2"]);
        say("summary", &["a\r\nb\u{0}", "c"]);
        say("date_from", &["2001", "2002"]);
        say("date_to", &["2001", "2002"]);
        say("person_born", &["1920", "1930"]);
        say("person_died", &["2001"]);
        say("Stadtteil", &["Mitte"]);
        say("creator", &["", " "]);
        let d = &record.description;
        assert_eq!((d.title.as_str(), d.summary.as_str()), ("Rat; Teil 2", "a\nb\u{fffd}\nc"));
        assert_eq!(d.identifiers, ["V/1", "V/2"]);
        assert_eq!((d.date_from.as_str(), d.date_to.as_str(), d.creator.as_str()), ("2001", "2002", ""));
        assert_eq!(d.properties, [Property::new("Stadtteil", "Mitte")]);
        let person = |born: &str, died: &str| Person { born: born.to_owned(), died: died.to_owned() };
        assert_eq!(record.closure.persons, [person("1920", "2001"), person("1930", "")]);
    }

    #[test]
    fn values_are_bounded() {
        assert_eq!(printable(&"ä".repeat(30_000)).chars().count(), LETTERS_MAX);
        assert_eq!(printable("a\u{ffff}\u{85}\u{7f}\tb"), "a\u{fffd}\u{fffd}\u{fffd}\tb");
    }
}
