//! What was offered (0501) and appraised (0502) against what was delivered (0503).

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::model::decision::{Appraisal, Decisions, Object, Subject};
use crate::model::unit::{Unit, UnitKind};

/// An object of a message and the one in which it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The object.
    pub object: Object,
    /// The position of the object around it in the same list; it is always a smaller one.
    pub parent: Option<usize>,
}

impl Listed {
    /// Returns all objects in `units` that have an identifier, each before those in it.
    #[must_use]
    pub fn all(units: &[Unit]) -> Vec<Self> {
        let mut all = Vec::new();
        let mut open: Vec<(&Unit, Option<usize>)> = units.iter().rev().map(|unit| (unit, None)).collect();
        while let Some((unit, mut parent)) = open.pop() {
            if !unit.id.is_empty() {
                all.push(Self { object: unit.into(), parent });
                parent = Some(all.len() - 1);
            }
            open.extend(unit.parts.iter().rev().map(|part| (part, parent)));
        }
        all
    }
}

/// What a delivery is compared with.
#[derive(Debug, Clone, Copy)]
pub enum Basis<'a> {
    /// What was offered: differences tell, and are no faults.
    Offer(&'a [Listed]),
    /// What was decided, and what had been offered where that is known.
    Decisions(&'a Decisions, &'a [Listed]),
}

/// An object on which the two sides differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its identifier; its reference code where the decision names no other.
    pub id: String,
    /// What it is, where that is known: a 0502 does not say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<UnitKind>,
    /// Its title (Betreff).
    pub title: String,
    /// Its reference code (Aktenzeichen).
    pub reference: String,
    /// What was decided about it, or about what it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Appraisal>,
}

impl Difference {
    fn of(object: &Object, decision: Option<Appraisal>) -> Self {
        let Object { kind, id, title, reference } = object.clone();
        Self { id, kind: Some(kind), title, reference, decision }
    }
}

/// What a comparison established.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Objects that were to be delivered and were not: all, not only the outermost.
    pub missing: Vec<Difference>,
    /// Objects that were delivered and neither offered nor appraised.
    pub surplus: Vec<Difference>,
    /// Objects that were delivered against a decision: to be destroyed, or not decided.
    pub not_followed: Vec<Difference>,
}

impl Comparison {
    /// Returns whether both sides agree.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.surplus.is_empty() && self.not_followed.is_empty()
    }
}

/// Compares what was delivered with `basis`.
///
/// A decision holds for all in its object that has none of its own. An object is surplus if no decision holds for it; if
/// it was not offered, though objects of its kind were; or if it has no decision of its own, though objects of its kind
/// have. A decision about an object that nobody knows counts as one about a Vorgang, which is what they mostly are about
/// (xdomea, `RueckgabeparameterAnbietungType`).
#[must_use]
pub fn compare(basis: Basis<'_>, delivered: &[Listed]) -> Comparison {
    match basis {
        Basis::Offer(offer) => {
            let (offered, came) = (Index::new(offer), Index::new(delivered));
            let not_in = |side: &[Listed], other: &Index<'_>, kinds: Option<&BTreeSet<UnitKind>>| {
                let absent = side.iter().filter(|listed| !other.has(&listed.object));
                let told = absent.filter(|listed| kinds.is_none_or(|kinds| kinds.contains(&listed.object.kind)));
                told.map(|listed| Difference::of(&listed.object, None)).collect()
            };
            Comparison {
                missing: not_in(offer, &came, None),
                surplus: not_in(delivered, &offered, Some(&offered.kinds)),
                not_followed: Vec::new(),
            }
        }
        Basis::Decisions(decisions, offer) => Sides::new(decisions, offer, delivered).compare(),
    }
}

/// Objects found by their identifiers.
struct Index<'a> {
    by_id: HashMap<String, usize>,
    by_reference: HashMap<&'a str, usize>,
    kinds: BTreeSet<UnitKind>,
}

impl<'a> Index<'a> {
    fn new(listed: &'a [Listed]) -> Self {
        let id = |(at, listed): (usize, &Listed)| (listed.object.id.to_ascii_lowercase(), at);
        let reference = |(at, listed): (usize, &'a Listed)| (listed.object.reference.trim(), at);
        Self {
            by_id: listed.iter().enumerate().map(id).collect(),
            by_reference: listed.iter().enumerate().map(reference).filter(|(code, _)| !code.is_empty()).collect(),
            kinds: listed.iter().map(|listed| listed.object.kind).collect(),
        }
    }

    fn has(&self, object: &Object) -> bool {
        self.by_id.contains_key(&object.id.to_ascii_lowercase())
    }

    fn find(&self, subject: &Subject) -> Option<usize> {
        match subject {
            Subject::Id(id) => self.by_id.get(id).copied(),
            Subject::Reference(code) => self.by_reference.get(code.as_str()).copied(),
            Subject::Path(_) => None,
        }
    }
}

struct Sides<'a> {
    decisions: &'a Decisions,
    offer: &'a [Listed],
    delivered: &'a [Listed],
    offered: Index<'a>,
    came: Index<'a>,
    /// What holds for each object that was offered, and for each that was delivered.
    of_offer: Vec<Option<Appraisal>>,
    of_delivered: Vec<Option<Appraisal>>,
}

impl<'a> Sides<'a> {
    fn new(decisions: &'a Decisions, offer: &'a [Listed], delivered: &'a [Listed]) -> Self {
        let (offered, came) = (Index::new(offer), Index::new(delivered));
        let of_offer = holding(decisions, offer, |_| None);
        let beyond = |object: &Object| {
            let at = offered.by_id.get(&object.id.to_ascii_lowercase())?;
            of_offer.get(*at).copied().flatten()
        };
        let of_delivered = holding(decisions, delivered, beyond);
        Self { decisions, offer, delivered, offered, came, of_offer, of_delivered }
    }

    fn compare(&self) -> Comparison {
        Comparison { missing: self.missing(), surplus: self.surplus(), not_followed: self.not_followed() }
    }

    fn missing(&self) -> Vec<Difference> {
        let wanted = |appraisal: &Option<Appraisal>| *appraisal == Some(Appraisal::Archive);
        let of_offer = self.offer.iter().zip(&self.of_offer);
        let from_offer = of_offer.filter(|(listed, held)| wanted(held) && !self.came.has(&listed.object));
        let mut missing: Vec<Difference> =
            from_offer.map(|(listed, held)| Difference::of(&listed.object, *held)).collect();
        for (subject, decision) in self.decisions.all() {
            let told = self.offered.find(subject).is_some() || self.came.find(subject).is_some();
            if decision.appraisal == Appraisal::Archive && !told && !matches!(subject, Subject::Path(_)) {
                let reference = if let Subject::Reference(code) = subject { code.clone() } else { String::new() };
                let (id, title) = (subject.shown().to_owned(), String::new());
                missing.push(Difference { id, kind: None, title, reference, decision: Some(decision.appraisal) });
            }
        }
        missing
    }

    fn surplus(&self) -> Vec<Difference> {
        let mut appraised = BTreeSet::new();
        for (subject, _) in self.decisions.all() {
            let known = self.came.find(subject).and_then(|at| self.delivered.get(at));
            let known = known.or_else(|| self.offered.find(subject).and_then(|at| self.offer.get(at)));
            appraised.insert(known.map_or(UnitKind::Vorgang, |listed| listed.object.kind));
        }
        let is_surplus = |(listed, held): &(&Listed, &Option<Appraisal>)| {
            let object = &listed.object;
            let offered = self.offered.has(object);
            let own = self.decisions.about(&object.id, &object.reference).is_some();
            let passed_over = appraised.contains(&object.kind) && !own && !offered;
            held.is_none() || passed_over || (self.offered.kinds.contains(&object.kind) && !offered && !own)
        };
        let surplus = self.delivered.iter().zip(&self.of_delivered).filter(is_surplus);
        surplus.map(|(listed, held)| Difference::of(&listed.object, *held)).collect()
    }

    fn not_followed(&self) -> Vec<Difference> {
        let refused = |held: Option<Appraisal>| held.is_some_and(|appraisal| appraisal != Appraisal::Archive);
        let outermost = |listed: &Listed| {
            let around = listed.parent.and_then(|at| self.of_delivered.get(at)).copied().flatten();
            let object = &listed.object;
            !refused(around) || self.decisions.about(&object.id, &object.reference).is_some()
        };
        let delivered = self.delivered.iter().zip(&self.of_delivered);
        let against = delivered.filter(|(listed, held)| refused(**held) && outermost(listed));
        against.map(|(listed, held)| Difference::of(&listed.object, *held)).collect()
    }
}

/// Returns what holds for each object: its own decision, else that of the object around it, else what `beyond` knows.
fn holding(
    decisions: &Decisions,
    listed: &[Listed],
    beyond: impl Fn(&Object) -> Option<Appraisal>,
) -> Vec<Option<Appraisal>> {
    let mut held: Vec<Option<Appraisal>> = Vec::with_capacity(listed.len());
    for Listed { object, parent } in listed {
        let own = decisions.about(&object.id, &object.reference).map(|decision| decision.appraisal);
        let around = || parent.and_then(|at| held.get(at)).copied().flatten();
        let here = own.or_else(around).or_else(|| beyond(object));
        held.push(here);
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decision::Decision;

    /// Objects as `A1 > V1 > D1; A2`: the first letter is the kind.
    fn listed(text: &str) -> Vec<Listed> {
        let mut all: Vec<Listed> = Vec::new();
        for chain in text.split(';').filter(|chain| !chain.trim().is_empty()) {
            let mut parent = None;
            for id in chain.split('>').map(str::trim) {
                let known = all.iter().position(|listed| listed.object.id == id);
                parent = known.or_else(|| {
                    let kind = match &id[..1] {
                        "A" => UnitKind::Akte,
                        "V" => UnitKind::Vorgang,
                        _ => UnitKind::Dokument,
                    };
                    let (id, title, reference) = (id.to_owned(), format!("Betreff {id}"), format!("Az {id}"));
                    all.push(Listed { object: Object { kind, id, title, reference }, parent });
                    Some(all.len() - 1)
                });
            }
        }
        all
    }

    fn decided(text: &str) -> Decisions {
        let mut decisions = Decisions::default();
        for word in text.split_whitespace() {
            let (id, code) = word.split_once('=').unwrap();
            let appraisal = Appraisal::of_code(code).unwrap();
            let none = String::new;
            decisions
                .add(Subject::id(id), Decision { appraisal, who: none(), when: none(), why: none(), origin: none() });
        }
        decisions
    }

    fn ids(differences: &[Difference]) -> String {
        differences.iter().map(|difference| difference.id.to_uppercase()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn decisions_are_compared_with_the_delivery() {
        // offer, decisions, delivery; missing, surplus, not followed
        for (offer, decisions, delivery, expected) in [
            ("", "A1=A V1=A", "A1>V1>D1", ["", "", ""]),
            ("", "A1=A V1=A V2=A", "A1>V1>D1", ["V2", "", ""]),
            ("", "A1=A V1=A", "A1>V1>D1; A1>V2>D2", ["", "V2", ""]),
            ("", "A1=A V1=A", "A1>V2>D1", ["V1", "V2", ""]),
            ("", "A1=A", "A1>V1>D1", ["", "", ""]),
            ("", "A1=A", "A1>V1; A2>V2", ["", "A2 V2", ""]),
            ("", "A1=A V1=V", "A1>V1>D1", ["", "", "V1"]),
            ("", "A1=B", "A1>V1>D1", ["", "", "A1"]),
            ("", "A1=V V1=A", "A1>V1>D1", ["", "", "A1"]),
            ("", "A1=V V1=V", "A1>V1>D1", ["", "", "A1 V1"]),
            ("A1>V1>D1; A1>V2>D2", "A1=A", "A1>V1>D1", ["V2 D2", "", ""]),
            ("A1>V1; A2>V2", "A1=A A2=A", "A1>V1>D1", ["A2 V2", "", ""]),
            ("A1>V1; A2>V2", "A1=A A2=V", "A1>V1>D1", ["", "", ""]),
            ("A1>V1", "A1=A V1=A", "A1>V1>D1; A1>V2>D2", ["", "V2", ""]),
            ("A1>V1", "A1=A", "A1>V1; A1>V2", ["", "V2", ""]),
            ("A1>V1", "A1=V", "V1>D1", ["", "", "V1"]),
        ] {
            let (offer, delivery) = (listed(offer), listed(delivery));
            let found = compare(Basis::Decisions(&decided(decisions), &offer), &delivery);
            let found = [ids(&found.missing), ids(&found.surplus), ids(&found.not_followed)];
            assert_eq!(found, expected.map(str::to_owned), "{decisions} {delivery:?}");
        }
    }

    #[test]
    fn an_offer_is_compared_at_all_levels_that_it_has() {
        let found = compare(Basis::Offer(&listed("A1>V1; A2>V2")), &listed("A1>V1>D1; A3"));
        assert_eq!([ids(&found.missing), ids(&found.surplus)], ["A2 V2", "A3"]);
        assert_eq!(found.missing[1].title, "Betreff V2");
        assert!(compare(Basis::Offer(&listed("A1>V1")), &listed("A1>V1>D1")).is_empty());
    }
}
