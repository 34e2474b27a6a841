//! The requirements of OCFL 1.0 and 1.1, by the ids of their list of validation codes.

use super::Spec;
use crate::model::finding::{Code, Finding};
use crate::model::requirement::{Answer, Answered};

/// What a requirement speaks of, and by that what must have been read to answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// The folder of an object.
    Object,
    /// What an inventory says.
    Inventory,
    /// The files of an object.
    Content,
    /// A storage root.
    Root,
    /// Where a storage root keeps which object.
    Layout,
    /// Nothing that can be seen; why, in a stable word.
    Unseen(&'static str),
}

/// In which versions of the specification a requirement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    Both,
    First,
    Second,
}

/// The requirements in the order of the list: id, versions, what it speaks of.
///
/// `client` is said of what programs have to do, `past` of how something was made, `meaning` of what only people can judge.
const REQUIREMENTS: &[(&str, In, Of)] = &[
    ("E001", In::Both, Of::Object),
    ("E002", In::Both, Of::Object),
    ("E003", In::Both, Of::Object),
    ("E004", In::Both, Of::Object),
    ("E005", In::Both, Of::Object),
    ("E006", In::Both, Of::Object),
    ("E007", In::Both, Of::Object),
    ("E008", In::Both, Of::Inventory),
    ("E009", In::Both, Of::Inventory),
    ("E010", In::Both, Of::Inventory),
    ("E011", In::Both, Of::Inventory),
    ("E012", In::Both, Of::Inventory),
    ("E013", In::Both, Of::Inventory),
    ("E014", In::Both, Of::Inventory),
    ("E015", In::Both, Of::Content),
    ("E016", In::Both, Of::Content),
    ("E017", In::Both, Of::Inventory),
    ("E018", In::Both, Of::Inventory),
    ("E019", In::Both, Of::Inventory),
    ("E020", In::Both, Of::Inventory),
    ("E021", In::Both, Of::Inventory),
    ("E022", In::Both, Of::Unseen("client")),
    ("E023", In::Both, Of::Content),
    ("E024", In::Both, Of::Content),
    ("E025", In::Both, Of::Inventory),
    ("E026", In::Both, Of::Inventory),
    ("E027", In::Both, Of::Unseen("client")),
    ("E028", In::Both, Of::Unseen("client")),
    ("E029", In::Both, Of::Inventory),
    ("E030", In::Both, Of::Inventory),
    ("E031", In::Both, Of::Inventory),
    ("E032", In::Both, Of::Inventory),
    ("E033", In::Both, Of::Object),
    ("E034", In::Both, Of::Object),
    ("E035", In::Both, Of::Inventory),
    ("E036", In::Both, Of::Inventory),
    ("E037", In::Both, Of::Inventory),
    ("E038", In::Both, Of::Inventory),
    ("E039", In::Both, Of::Inventory),
    ("E040", In::Both, Of::Inventory),
    ("E041", In::Both, Of::Inventory),
    ("E042", In::Both, Of::Inventory),
    ("E043", In::Both, Of::Inventory),
    ("E044", In::Both, Of::Inventory),
    ("E045", In::Both, Of::Inventory),
    ("E046", In::Both, Of::Content),
    ("E047", In::Both, Of::Inventory),
    ("E048", In::Both, Of::Inventory),
    ("E049", In::Both, Of::Inventory),
    ("E050", In::Both, Of::Inventory),
    ("E051", In::Both, Of::Unseen("client")),
    ("E052", In::Both, Of::Inventory),
    ("E053", In::Both, Of::Inventory),
    ("E054", In::Both, Of::Inventory),
    ("E055", In::Both, Of::Inventory),
    ("E056", In::Both, Of::Inventory),
    ("E057", In::Both, Of::Inventory),
    ("E058", In::Both, Of::Object),
    ("E059", In::Both, Of::Object),
    ("E060", In::Both, Of::Object),
    ("E061", In::Both, Of::Object),
    ("E062", In::Both, Of::Unseen("past")),
    ("E063", In::Both, Of::Object),
    ("E064", In::Both, Of::Inventory),
    ("E066", In::Both, Of::Inventory),
    ("E067", In::Both, Of::Object),
    ("E068", In::First, Of::Unseen("meaning")),
    ("E069", In::Both, Of::Root),
    ("E070", In::Both, Of::Root),
    ("E071", In::Both, Of::Root),
    ("E072", In::Both, Of::Root),
    ("E073", In::Both, Of::Root),
    ("E074", In::Both, Of::Root),
    ("E075", In::Both, Of::Root),
    ("E076", In::Both, Of::Root),
    ("E077", In::Both, Of::Root),
    ("E078", In::Both, Of::Root),
    ("E079", In::Both, Of::Root),
    ("E080", In::Both, Of::Root),
    ("E081", In::Both, Of::Root),
    ("E082", In::Both, Of::Root),
    ("E083", In::Both, Of::Layout),
    ("E084", In::Both, Of::Root),
    ("E085", In::Both, Of::Root),
    ("E086", In::First, Of::Root),
    ("E087", In::Both, Of::Unseen("client")),
    ("E088", In::Both, Of::Root),
    ("E089", In::Both, Of::Object),
    ("E090", In::Both, Of::Object),
    ("E091", In::First, Of::Unseen("client")),
    ("E092", In::Both, Of::Content),
    ("E093", In::Both, Of::Content),
    ("E094", In::Both, Of::Inventory),
    ("E095", In::Both, Of::Inventory),
    ("E096", In::Both, Of::Inventory),
    ("E097", In::Both, Of::Inventory),
    ("E098", In::Both, Of::Unseen("client")),
    ("E099", In::Both, Of::Inventory),
    ("E100", In::Both, Of::Inventory),
    ("E101", In::Both, Of::Inventory),
    ("E102", In::Both, Of::Inventory),
    ("E103", In::Second, Of::Inventory),
    ("E104", In::Second, Of::Inventory),
    ("E105", In::Second, Of::Inventory),
    ("E106", In::Second, Of::Inventory),
    ("E107", In::Second, Of::Inventory),
    ("E108", In::Second, Of::Inventory),
    ("E110", In::Second, Of::Inventory),
    ("E111", In::Second, Of::Inventory),
    ("E112", In::Second, Of::Root),
    ("W001", In::Both, Of::Inventory),
    ("W002", In::Both, Of::Content),
    ("W003", In::Both, Of::Content),
    ("W004", In::Both, Of::Inventory),
    ("W005", In::Both, Of::Inventory),
    ("W007", In::Both, Of::Inventory),
    ("W008", In::Both, Of::Inventory),
    ("W009", In::Both, Of::Inventory),
    ("W010", In::Both, Of::Object),
    ("W011", In::Both, Of::Inventory),
    ("W012", In::Both, Of::Unseen("meaning")),
    ("W013", In::Both, Of::Object),
    ("W014", In::Both, Of::Layout),
    ("W015", In::Both, Of::Root),
    ("W016", In::Second, Of::Root),
];

/// Requirements that say in other words what others say in detail; no finding names them.
const SUMS: [(&str, &[&str]); 6] = [
    ("E002", &["E004", "E005", "E006"]),
    ("E026", &["E056"]),
    ("E044", &["E043"]),
    ("E075", &["E077", "E078", "E079"]),
    ("E084", &["E072"]),
    ("E088", &["E072", "E073"]),
];

/// How far a look at something came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// The storage root that was looked at.
    pub root: Root,
    /// An object was looked at.
    pub object: bool,
    /// The inventories of all objects could be read, and their content compared.
    pub inventories: bool,
}

/// Whether a storage root was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Root {
    /// None was.
    #[default]
    None,
    /// One was.
    Seen,
    /// One was whose layout is known here.
    LaidOut,
}

/// Returns a finding that breaks the requirement `id`: an error where that begins with E, a warning where with W.
pub fn fault(id: &'static str) -> Finding {
    let code = if id.starts_with('W') { Code::OcflDiscouraged } else { Code::OcflInvalid };
    Finding::new(code).requirement(id)
}

/// Returns how all requirements of `spec` are answered by what `findings` say.
pub fn answers(spec: Spec, seen: Seen, failed: impl Fn(&str) -> bool) -> Vec<Answered> {
    let holds = |versions: In| match spec {
        Spec::V1_0 => versions != In::Second,
        Spec::V1_1 => versions != In::First,
    };
    let listed = REQUIREMENTS.iter().filter(|(_, versions, _)| holds(*versions));
    let answered = listed.map(|&(id, _, of)| {
        let (answer, reason) = match of {
            _ if failed(id) => (Answer::Failed, ""),
            _ if SUMS.iter().any(|(sum, parts)| *sum == id && parts.iter().any(|part| failed(part))) => {
                (Answer::Failed, "")
            }
            Of::Unseen(reason) => (Answer::NotChecked, reason),
            Of::Root | Of::Layout if seen.root == Root::None => (Answer::NotApplicable, ""),
            Of::Layout if seen.root == Root::Seen => (Answer::NotChecked, "layout"),
            Of::Object | Of::Inventory | Of::Content if !seen.object => (Answer::NotApplicable, ""),
            Of::Inventory | Of::Content if !seen.inventories => (Answer::NotChecked, "inventory"),
            _ => (Answer::Passed, ""),
        };
        Answered { id, answer, reason }
    });
    answered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_has_one_answer() {
        let whole = Seen { root: Root::LaidOut, object: true, inventories: true };
        for (spec, count) in [(Spec::V1_0, 101 + 14), (Spec::V1_1, 98 + 9 + 15)] {
            let all = answers(spec, whole, |id| id == "E004");
            assert_eq!(all.len(), count, "{spec:?}");
            let mut ids: Vec<_> = all.iter().map(|answered| answered.id).collect();
            assert!(ids.is_sorted());
            ids.dedup();
            assert_eq!(ids.len(), count);
            let failed: Vec<_> = all.iter().filter(|a| a.answer == Answer::Failed).map(|a| a.id).collect();
            assert_eq!(failed, ["E002", "E004"]);
            assert!(all.iter().all(|a| (a.answer == Answer::NotChecked) != a.reason.is_empty()));
        }
    }

    #[test]
    fn what_was_not_seen_is_not_passed() {
        let lone = Seen { object: true, ..Seen::default() };
        let all = answers(Spec::V1_1, lone, |_| false);
        let answer = |id| all.iter().find(|a| a.id == id).map(|a| (a.answer, a.reason));
        assert_eq!(answer("E072"), Some((Answer::NotApplicable, "")));
        assert_eq!(answer("E040"), Some((Answer::NotChecked, "inventory")));
        assert_eq!(answer("E003"), Some((Answer::Passed, "")));
        assert_eq!(answer("E062"), Some((Answer::NotChecked, "past")));
        assert_eq!(answer("E068"), None);
    }
}
