//! The agents of the header: the software that made the package (CSIP10 to CSIP16), and who takes part in a submission (SIP5
//! to SIP31).

use super::Place;
use super::ask::Name;
use super::document::{Here, Role};
use super::tally::{Spot, shortened};
use crate::io::xml::Element;

const NOTE_TYPE: Name = Name::csip("NOTETYPE");
/// What `ROLE` may say (METS 1.12).
const ROLES: [&str; 8] =
    ["CREATOR", "EDITOR", "ARCHIVIST", "PRESERVATION", "DISSEMINATOR", "CUSTODIAN", "IPOWNER", "OTHER"];
/// How many agents are kept; of more, those that came first count.
const MOST: usize = 1000;

/// An agent as its element says.
#[derive(Debug, Default)]
struct Agent {
    role: String,
    other_role: String,
    kind: String,
    other_kind: String,
    names: u32,
    blank_name: bool,
    notes: Vec<Note>,
    spot: Option<Spot>,
}

#[derive(Debug, Default)]
struct Note {
    kind: String,
    blank: bool,
}

/// The agents of the header that is being read.
#[derive(Debug, Default)]
pub(super) struct Agents {
    all: Vec<Agent>,
    open: Agent,
    /// `altRecordID`: its type, and whether it says nothing.
    alternatives: Vec<(String, bool)>,
    /// A header has ended; there is to be one (CSIP117).
    judged: bool,
}

/// The types of `altRecordID` that the SIP knows: id, value, whether it is there once at most.
const ALTERNATIVES: [(&str, &str, bool); 4] = [
    ("SIP5", "SUBMISSIONAGREEMENT", true),
    ("SIP6", "PREVIOUSSUBMISSIONAGREEMENT", false),
    ("SIP7", "REFERENCECODE", true),
    ("SIP8", "PREVIOUSREFERENCECODE", false),
];

impl Agents {
    /// Takes the beginning of an agent or of a note.
    pub(super) fn start(&mut self, place: Place, element: &Element, here: &Here<'_>) {
        // No role and no type that is known is as long.
        let text = |name: &str| shortened(element.attribute(name).unwrap_or_default());
        if place == Place::Agent {
            self.open = Agent {
                role: text("ROLE"),
                other_role: text("OTHERROLE"),
                kind: text("TYPE"),
                other_kind: text("OTHERTYPE"),
                spot: (self.all.len() < MOST).then(|| here.spot("")),
                ..Agent::default()
            };
        } else if self.open.notes.len() < MOST {
            let kind = shortened(NOTE_TYPE.of(element).unwrap_or_default());
            self.open.notes.push(Note { kind, blank: true });
        }
    }

    /// Takes the text of a name or a note.
    pub(super) fn text(&mut self, place: Place, text: &str) {
        let blank = text.trim().is_empty();
        if place == Place::AgentName {
            self.open.names += 1;
            self.open.blank_name |= blank;
        } else if let Some(note) = self.open.notes.last_mut() {
            note.blank = blank;
        }
    }

    /// Ends an agent.
    pub(super) fn end(&mut self) {
        let agent = std::mem::take(&mut self.open);
        if self.all.len() < MOST {
            self.all.push(agent);
        }
    }

    /// Takes the beginning of an `altRecordID`.
    pub(super) fn alternative(&mut self, element: &Element) {
        if self.alternatives.len() < MOST {
            self.alternatives.push((shortened(element.attribute("TYPE").unwrap_or_default()), true));
        }
    }

    /// Takes its text.
    pub(super) fn alternative_text(&mut self, text: &str) {
        if let Some((_, blank)) = self.alternatives.last_mut() {
            *blank = text.trim().is_empty();
        }
    }

    /// Ends the header.
    pub(super) fn header(&mut self, role: &Role, agents: u32, here: &mut Here<'_>) {
        if std::mem::replace(&mut self.judged, true) {
            return;
        }
        if agents > 0 {
            self.software(here);
        }
        if let Role::Package(_) = role {
            self.alternatives(here);
            self.submission(here);
        }
    }

    /// CSIP11 to CSIP16: of the agents, that one counts which comes closest to what is demanded of the software.
    fn software(&self, here: &mut Here<'_>) {
        let ids = ["CSIP11", "CSIP12", "CSIP13", "CSIP14", "CSIP15", "CSIP16"];
        let judged: Vec<(Vec<bool>, &Agent)> = self.all.iter().map(|agent| (agent.as_software(), agent)).collect();
        let wrong = |met: &[bool]| met.iter().filter(|met| !**met).count();
        let Some(fewest) = judged.iter().map(|(met, _)| wrong(met)).min() else { return };
        for (index, id) in ids.into_iter().enumerate() {
            // A note that is not there has no type.
            let closest = || judged.iter().filter(|(met, _)| wrong(met) == fewest);
            if id == "CSIP16" && closest().all(|(_, agent)| agent.notes.is_empty()) {
                continue;
            }
            here.ask(id);
            if let Some((_, agent)) = closest().find(|(met, _)| !met[index]) {
                let (name, value, expected) = match id {
                    "CSIP11" => ("/@ROLE", Some(&*agent.role), "CREATOR"),
                    "CSIP12" => ("/@TYPE", Some(&*agent.kind), "OTHER"),
                    "CSIP13" => ("/@OTHERTYPE", Some(&*agent.other_kind), "SOFTWARE"),
                    "CSIP14" => ("/name", None, "1..1"),
                    "CSIP15" => ("/note", None, "1..1"),
                    _ => ("/note/@csip:NOTETYPE", agent.notes.first().map(|note| &*note.kind), "SOFTWARE VERSION"),
                };
                agent.fail(here, id, name, value.filter(|value| !value.is_empty()), expected);
            }
        }
    }

    fn alternatives(&self, here: &mut Here<'_>) {
        for (id, kind, once) in ALTERNATIVES {
            here.ask(id);
            let mut of_kind = self.alternatives.iter().filter(|(of, _)| of == kind);
            let (count, blank) = (of_kind.clone().count(), of_kind.any(|(_, blank)| *blank));
            if count == 0 || blank || once && count > 1 {
                let mut spot = here.spot("");
                spot.xpath = format!("{}/altRecordID[@TYPE='{kind}']", spot.xpath);
                let expected = if once { "0..1" } else { "0..n" };
                here.tally.fail(
                    id,
                    spot,
                    Some(if blank {
                        ""
                    } else if count == 0 {
                        "0"
                    } else {
                        "more"
                    }),
                    expected,
                );
            }
        }
    }

    /// SIP9 to SIP31. The examples of the specification give the creator of the records the ROLE ARCHIVIST and the submitter
    /// CREATOR, its text leaves the roles open; of two organizations called CREATOR the first is taken for the creator of the
    /// records. An agent whose ROLE is missing or whose TYPE is odd is taken for what is missing.
    fn submission(&self, here: &mut Here<'_>) {
        let software = self.closest();
        let others = || {
            self.all
                .iter()
                .enumerate()
                .filter(|(number, one)| !one.is_other() && Some(*number) != software)
                .map(|(_, one)| one)
        };
        let mut records: Vec<&Agent> = others().filter(|agent| agent.role == "ARCHIVIST").collect();
        let mut preservation: Vec<&Agent> = others().filter(|agent| agent.role == "PRESERVATION").collect();
        let mut persons = Vec::new();
        let mut submitters: Vec<&Agent> = Vec::new();
        let creates =
            |agent: &Agent| agent.role == "CREATOR" || agent.role == "OTHER" && agent.other_role == "SUBMITTER";
        let organizations =
            others().filter(|agent| creates(agent) && agent.kind == "ORGANIZATION").count() + records.len();
        let has_persons = others().any(|agent| agent.role == "CREATOR" && agent.kind == "INDIVIDUAL");
        for agent in others() {
            match (&*agent.role, &*agent.kind) {
                (role, "INDIVIDUAL") if role == "CREATOR" || agent.is_unclear() => persons.push(agent),
                _ if agent.is_unclear() && organizations > 1 && preservation.is_empty() => preservation.push(agent),
                (_, "ORGANIZATION") if agent.is_unclear() || creates(agent) => submitters.push(agent),
                ("CREATOR", _) if organizations > 1 && !has_persons => persons.push(agent),
                _ if creates(agent) => submitters.push(agent),
                _ => {}
            }
        }
        if records.is_empty() && submitters.len() > 1 {
            records.push(submitters.remove(0));
        }
        // Where no organization submits, a person does (SIP17); one whose notes say how to be reached is who can be asked.
        let submits = |person: &Agent| person.notes.iter().all(|note| note.kind == "IDENTIFICATIONCODE");
        if submitters.is_empty()
            && let Some(number) = persons.iter().position(|person| submits(person))
        {
            submitters.push(persons.remove(number));
        }
        for (found, part) in
            [(&records, &RECORDS), (&submitters, &SUBMITTER), (&persons, &PERSON), (&preservation, &PRESERVATION)]
        {
            part.judge(found, here);
        }
    }

    /// Returns the number of the agent that comes closest to the software where none is all of it.
    fn closest(&self) -> Option<usize> {
        let wrong = |agent: &Agent| agent.as_software().iter().filter(|met| !**met).count();
        let (number, agent) = self.all.iter().enumerate().min_by_key(|(_, agent)| wrong(agent))?;
        let noted = agent.notes.iter().any(|note| note.kind == "SOFTWARE VERSION");
        (agent.kind == "OTHER" || agent.other_kind == "SOFTWARE" || noted).then_some(number)
    }
}

impl Agent {
    /// Returns whether it has no ROLE that METS knows.
    fn is_unclear(&self) -> bool {
        !ROLES.contains(&&*self.role)
    }

    /// Returns whether it is software, or something else that is neither an organization nor a person.
    fn is_other(&self) -> bool {
        self.kind == "OTHER"
            && (!self.other_kind.trim().is_empty() || self.notes.iter().any(|note| note.kind == "SOFTWARE VERSION"))
    }

    /// Returns whether it is as CSIP11 to CSIP16 say.
    fn as_software(&self) -> Vec<bool> {
        vec![
            self.role == "CREATOR",
            self.kind == "OTHER",
            self.other_kind == "SOFTWARE",
            self.is_named(),
            matches!(&*self.notes, [note] if !note.blank),
            self.notes.iter().all(|note| note.kind == "SOFTWARE VERSION"),
        ]
    }

    fn is_named(&self) -> bool {
        self.names == 1 && !self.blank_name
    }

    fn fail(&self, here: &mut Here<'_>, id: &str, name: &str, value: Option<&str>, expected: &str) {
        let mut spot = self.spot.clone().unwrap_or_else(|| here.spot(""));
        spot.xpath.push_str(name);
        here.tally.fail(id, spot, value, expected);
    }
}

/// One who takes part in a submission, and the requirements about that agent.
struct Part {
    there: &'static str,
    must: bool,
    once: bool,
    role: &'static str,
    kind: &'static str,
    kinds: &'static [&'static str],
    name: &'static str,
    note: &'static str,
    note_type: Option<&'static str>,
}

const RECORDS: Part = Part {
    there: "SIP9",
    must: false,
    once: true,
    role: "SIP10",
    kind: "SIP11",
    kinds: &["ORGANIZATION", "INDIVIDUAL"],
    name: "SIP12",
    note: "SIP13",
    note_type: Some("SIP14"),
};
const SUBMITTER: Part = Part {
    there: "SIP15",
    must: true,
    once: true,
    role: "SIP16",
    kind: "SIP17",
    kinds: &["ORGANIZATION", "INDIVIDUAL"],
    name: "SIP18",
    note: "SIP19",
    note_type: Some("SIP20"),
};
const PERSON: Part = Part {
    there: "SIP21",
    must: false,
    once: false,
    role: "SIP22",
    kind: "SIP23",
    kinds: &["INDIVIDUAL"],
    name: "SIP24",
    note: "SIP25",
    note_type: None,
};
const PRESERVATION: Part = Part {
    there: "SIP26",
    must: false,
    once: true,
    role: "SIP27",
    kind: "SIP28",
    kinds: &["ORGANIZATION"],
    name: "SIP29",
    note: "SIP30",
    note_type: Some("SIP31"),
};

impl Part {
    /// Returns what the requirement `id` demands.
    fn says(&self, id: &str) -> &'static str {
        match id {
            "SIP10" => "ARCHIVIST",
            "SIP16" | "SIP22" => "CREATOR",
            "SIP27" => "PRESERVATION",
            _ if self.kinds.len() == 2 => "ORGANIZATION | INDIVIDUAL",
            _ => self.kinds[0],
        }
    }

    fn judge(&self, found: &[&Agent], here: &mut Here<'_>) {
        here.ask(self.there);
        let allowed = if self.once { 1 } else { usize::MAX };
        if found.is_empty() || found.len() > allowed {
            let expected = match (self.must, self.once) {
                (true, _) => "1..1",
                (false, true) => "0..1",
                (false, false) => "0..n",
            };
            let mut spot = here.spot("");
            spot.xpath =
                format!("{}/agent[@ROLE='{}'][@TYPE='{}']", spot.xpath, self.says(self.role), self.kinds.join("|"));
            here.tally.fail(self.there, spot, Some(&found.len().to_string()), expected);
        }
        for agent in found {
            for id in [self.role, self.kind, self.name, self.note] {
                here.ask(id);
            }
            if agent.is_unclear() {
                let value = Some(&*agent.role).filter(|role| !role.is_empty());
                agent.fail(here, self.role, "/@ROLE", value, self.says(self.role));
            }
            if !self.kinds.contains(&&*agent.kind) {
                agent.fail(
                    here,
                    self.kind,
                    "/@TYPE",
                    Some(&agent.kind).filter(|kind| !kind.is_empty()).map(|kind| &**kind),
                    self.says(self.kind),
                );
            }
            if !agent.is_named() {
                agent.fail(here, self.name, "/name", None, "1..1");
            }
            let blank = agent.notes.iter().any(|note| note.blank);
            if agent.notes.is_empty() || blank || self.note_type.is_some() && agent.notes.len() > 1 {
                agent.fail(here, self.note, "/note", None, if self.note_type.is_some() { "0..1" } else { "0..n" });
            }
            let Some(id) = self.note_type else { continue };
            for note in &agent.notes {
                here.ask(id);
                if note.kind != "IDENTIFICATIONCODE" {
                    let value = (!note.kind.is_empty()).then_some(&*note.kind);
                    agent.fail(here, id, "/note/@csip:NOTETYPE", value, "IDENTIFICATIONCODE");
                }
            }
        }
    }
}
