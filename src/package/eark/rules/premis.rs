//! What the AIP specification asks of PREMIS documents (AIP7 to AIP18), while they stream by.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::rc::Rc;

use super::tally::{Rank, Spot, Tally, shortened};
use crate::io::xml::{Node, Way};
use crate::model::finding::Code;

/// How many agents that events name are kept until it is known whether they are described.
const NAMED: usize = 100_000;
/// Of how many agents it is noted that they are described; where there are more, none is called missing.
const DESCRIBED: usize = 1_000_000;
/// The longest text that is kept.
const TEXT: usize = 1024;

/// An agent that an event names.
#[derive(Debug)]
struct Named {
    rank: Rank,
    document: Rc<str>,
    name: String,
}

/// What the PREMIS documents of a package say together.
#[derive(Debug, Default)]
pub struct Premis {
    /// Agents that are described, by a hash of each that nobody can foresee.
    described: HashSet<u64>,
    /// Agents that events name, in the same way, each with the place where it is named first.
    named: HashMap<u64, Named>,
    hasher: RandomState,
    /// The document that is being read.
    document: Rc<str>,
    objects: u64,
    first_object: Option<(String, Spot)>,
    formats: u64,
    pronom: u64,
    stored: u64,
    relationships: u64,
    included: bool,
    derived: bool,
    related_events: u64,
    events: u64,
    /// Of the event that is open: where it begins, whether it has an identifier and an agent.
    event: Option<(Spot, bool, bool)>,
    text: String,
}

impl Premis {
    /// Takes the next node of the document at `path`, which has the number `document`.
    pub fn take(&mut self, node: &Node, way: &Way, place: (u64, u64), path: &str, tally: &mut Tally) {
        match node {
            Node::Start(element) => {
                self.text.clear();
                let spot = || Spot { line: place.0, column: place.1, xpath: way.xpath() };
                match (way.depth(), element.name.as_str()) {
                    (2, "object") => {
                        self.objects += 1;
                        if self.first_object.is_none() {
                            self.first_object = Some((path.to_owned(), spot()));
                        }
                    }
                    (2, "event") => {
                        self.events += 1;
                        self.event = Some((spot(), false, false));
                    }
                    (_, "relationship") => self.relationships += 1,
                    (_, "storage") => self.stored += 1,
                    (_, "relatedEventIdentification" | "relatedEventIdentifier") => self.related_events += 1,
                    _ => {}
                }
            }
            Node::Text(text) if self.text.len() < TEXT => self.text.extend(text.chars().take(TEXT)),
            Node::Text(_) => {}
            Node::End => self.end(way, path, tally),
        }
    }

    fn end(&mut self, way: &Way, path: &str, tally: &mut Tally) {
        let text = std::mem::take(&mut self.text);
        let value = text.trim();
        let given = !value.is_empty();
        match way.names().next_back().unwrap_or_default() {
            "formatName" if given => self.formats += 1,
            "formatRegistryName" if given => {
                self.formats += 1;
                self.pronom += u64::from(value.to_ascii_lowercase().contains("pronom"));
            }
            "relationshipType" => self.derived |= value.eq_ignore_ascii_case("derivation"),
            "relationshipSubType" => {
                self.included |=
                    value.to_ascii_lowercase().contains("included in") || value.eq_ignore_ascii_case("is part of");
            }
            "eventType" => self.derived |= value.eq_ignore_ascii_case("migration"),
            "eventIdentifierValue" if given => {
                if let Some((_, identified, _)) = &mut self.event {
                    *identified = true;
                }
            }
            "agentIdentifierValue" if given && self.described.len() < DESCRIBED => {
                self.described.insert(self.hasher.hash_one(value));
            }
            "linkingAgentIdentifierValue" if given => {
                if let Some((spot, _, caused)) = &mut self.event {
                    *caused = true;
                    let agent = self.hasher.hash_one(value);
                    if self.named.len() < NAMED && !self.named.contains_key(&agent) {
                        if &*self.document != path {
                            self.document = path.into();
                        }
                        let (rank, document) = ((tally.number(), spot.line, spot.column), Rc::clone(&self.document));
                        self.named.insert(agent, Named { rank, document, name: shortened(value) });
                    }
                }
            }
            "event" if way.depth() == 2 => {
                let Some((spot, identified, caused)) = self.event.take() else { return };
                for (id, met, wanted) in
                    [("AIP15", identified, "eventIdentifier"), ("AIP16", caused, "linkingAgentIdentifier")]
                {
                    tally.ask(id);
                    if !met {
                        tally.fail_premis(id, spot.clone(), None, wanted);
                    }
                }
            }
            _ => {}
        }
    }

    /// Answers the requirements; `part` says whether METS calls the package a part of another AIP.
    pub fn answer(self, part: bool, tally: &mut Tally) {
        if let Some((file, _)) = &self.first_object {
            let fail = |tally: &mut Tally, id: &str, expected: &str| {
                tally.fail_package(id, Code::PremisRequirement, file, None, expected);
            };
            for (id, there, expected) in [
                ("AIP7", self.formats > 0, "format"),
                ("AIP8", self.pronom > 0, "formatRegistryName PRONOM"),
                ("AIP11", self.stored > 0, "storage"),
            ] {
                tally.ask(id);
                if !there {
                    fail(tally, id, expected);
                }
            }
            if self.objects > 1 {
                tally.ask("AIP12");
                if self.relationships == 0 {
                    fail(tally, "AIP12", "relationship");
                }
            }
            if self.derived {
                tally.ask("AIP17");
                if self.related_events == 0 {
                    fail(tally, "AIP17", "relatedEventIdentifier");
                }
            }
        }
        if part {
            tally.ask("AIP13");
            if !self.included {
                let file = self.first_object.as_ref().map_or("", |(file, _)| file);
                tally.fail_package("AIP13", Code::PremisRequirement, file, None, "relationshipSubType is included in");
            }
        }
        if self.events > 0 {
            tally.ask("AIP18");
        }
        let all_known = self.described.len() < DESCRIBED;
        let is_missing = |agent: &u64| all_known && !self.described.contains(agent);
        let missing = self.named.into_iter().filter(|(agent, _)| is_missing(agent)).map(|(_, named)| named);
        let mut missing: Vec<Named> = missing.collect();
        missing.sort_by(|a, b| (a.rank, &a.name).cmp(&(b.rank, &b.name)));
        for Named { document, name, .. } in missing {
            tally.fail_package("AIP18", Code::PremisRequirement, &document, Some(&name), "agent");
        }
    }
}
