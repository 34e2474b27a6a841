//! Disposal of a package (Kassation, Löschung): on what order, by whom, and what was removed.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::package::PackageId;

/// The longest order number and name, in characters.
const LONGEST: usize = 200;

/// Why a package is disposed of; the code stands in journal and tombstone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// The order itself says why; the program knows no more.
    Order,
    /// A court ordered it.
    CourtOrder,
    /// It should never have been delivered, or not to this archive.
    Misdelivery,
    /// It was kept for a term only, and the term has ended.
    TermEnd,
}

impl Ground {
    /// All grounds.
    pub const ALL: [Self; 4] = [Self::Order, Self::CourtOrder, Self::Misdelivery, Self::TermEnd];

    /// Returns the code.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::CourtOrder => "court-order",
            Self::Misdelivery => "misdelivery",
            Self::TermEnd => "term-end",
        }
    }

    /// Returns whether it stands above a retention period that still runs.
    ///
    /// Only a court's order does: it binds the archive, whatever a term says. Who decides otherwise can wait, or change the
    /// term where it was set; what was delivered by mistake is as a rule still to be kept by the agency that delivered it.
    #[must_use]
    pub const fn overrides_retention(self) -> bool {
        matches!(self, Self::CourtOrder)
    }
}

/// What is said of a disposal: in the journal before and after it, and in the tombstone.
///
/// Neither title nor file name nor record key: what was removed cannot be told from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposal {
    /// The package.
    pub package: PackageId,
    /// The accession that brought it.
    pub accession: String,
    /// The number of the order, as it was given.
    pub order: String,
    /// The code of a [`Ground`]; perhaps one of a later version.
    pub ground: String,
    /// The first of the two persons, as given.
    pub first: String,
    /// The second.
    pub second: String,
    /// SHA-512 of the removed object's `inventory.json`, in hexadecimal digits.
    pub inventory: String,
    /// The package's content digest.
    pub content: String,
    /// Payload files.
    pub files: u64,
    /// Bytes of the payload files.
    pub bytes: u64,
}

/// What is wrong with order and persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The order has no number.
    OrderEmpty,
    /// One of the persons has no name.
    PersonEmpty,
    /// Both persons are the same.
    SamePerson,
    /// A control character, or too long.
    Unfit,
}

/// Looks whether an order's number and two persons can stand for a disposal.
///
/// # Errors
/// The first [`Flaw`]. Persons are the same if their names are, whatever their case, spaces, punctuation and Unicode form.
pub fn check(order: &str, first: &str, second: &str) -> Result<(), Flaw> {
    if compared(order).is_empty() {
        return Err(Flaw::OrderEmpty);
    }
    if [order, first, second].iter().any(|text| text.chars().any(char::is_control) || text.chars().count() > LONGEST) {
        return Err(Flaw::Unfit);
    }
    let (first, second) = (compared(first), compared(second));
    if first.is_empty() || second.is_empty() {
        return Err(Flaw::PersonEmpty);
    }
    if first == second { Err(Flaw::SamePerson) } else { Ok(()) }
}

/// Returns whether two numbers name the same order.
#[must_use]
pub fn same_order(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.nfkc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    plain(one) == plain(other)
}

/// Returns the letters and digits of `text` in one case and one form.
fn compared(text: &str) -> String {
    // Folded twice: some letters change their form with their case.
    let lower = |text: &str| text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect::<String>();
    lower(&lower(text)).nfkc().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_a_name_are_one_person() {
        for (first, second) in [
            ("Anna Weber", "Anna Weber"),
            ("Anna Weber", "anna  WEBER "),
            ("Jörg Groß", "Jo\u{308}rg Gross"),
            ("A. Weber", "A.Weber"),
            ("Anna\u{a0}Weber", "Anna\u{200b} Weber"),
            ("\u{ff21}nna", "Anna"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ] {
            assert_eq!(check("1", first, second), Err(Flaw::SamePerson), "{first:?} {second:?}");
        }
        for (first, second) in [("Anna Weber", "Anna Webers"), ("Weber 1", "Weber 2"), ("李", "王")] {
            assert_eq!(check("1", first, second), Ok(()), "{first:?} {second:?}");
        }
    }

    #[test]
    fn order_and_persons_have_names() {
        for (order, first, second, flaw) in [
            ("", "A", "B", Flaw::OrderEmpty),
            (" \u{200b}-", "A", "B", Flaw::OrderEmpty),
            ("1", "", "B", Flaw::PersonEmpty),
            ("1", "A", "\u{2060} .", Flaw::PersonEmpty),
            ("1\n2", "A", "B", Flaw::Unfit),
            ("1", "A\u{1b}", "B", Flaw::Unfit),
        ] {
            assert_eq!(check(order, first, second), Err(flaw), "{order:?} {first:?} {second:?}");
        }
        assert_eq!(check(&"1".repeat(LONGEST + 1), "A", "B"), Err(Flaw::Unfit));
    }

    #[test]
    fn only_a_court_stands_above_a_term() {
        assert_eq!(Ground::ALL.map(Ground::overrides_retention), [false, true, false, false]);
    }

    #[test]
    fn an_order_has_one_number_in_any_spacing() {
        assert!(same_order("AG 12/2026", " AG  12/2026"));
        assert!(!same_order("AG 12/2026", "AG 13/2026"));
    }
}
