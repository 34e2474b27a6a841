//! Reads the rights statements of a PREMIS document (PREMIS 3.0, 4), also of others.

use std::io::BufRead;

use super::Rights;
use crate::io::xml::{Node, XmlError, XmlLimits, XmlReader};

/// How many statements are read at most; a package of which more is said is closed.
const MOST: usize = 10_000;

/// Returns one entry for each `rightsGranted`, in their order.
///
/// A grant without a restriction has its own beginning as `start`. What the document does not say is empty; other elements
/// count for nothing.
pub fn read(source: impl BufRead) -> Result<Vec<Rights>, XmlError> {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    let mut found = Vec::new();
    let (mut basis, mut granted) = (Rights::default(), Rights::default());
    // The elements that are open, from `rightsStatement` on.
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    while let Some(node) = xml.node()? {
        match node {
            Node::Start(element) => {
                text.clear();
                match element.name.as_str() {
                    "rightsStatement" => basis = Rights::default(),
                    "rightsGranted" => granted = Rights::default(),
                    _ => {}
                }
                if !path.is_empty() || element.name == "rightsStatement" {
                    path.push(element.name);
                }
            }
            Node::Text(piece) if !path.is_empty() => text.push_str(&piece),
            Node::Text(_) => {}
            Node::End => {
                let Some(name) = path.pop() else { continue };
                if name == "rightsGranted" {
                    let Rights { jurisdiction, citation, .. } = basis.clone();
                    found.push(Rights { jurisdiction, citation, ..std::mem::take(&mut granted) });
                    if found.len() == MOST {
                        let (act, restriction) = ("disseminate".to_owned(), "more".to_owned());
                        found.push(Rights { act, restriction, ..Rights::default() });
                        return Ok(found);
                    }
                }
                let within = path.last().map(String::as_str).unwrap_or_default();
                take(&mut basis, &mut granted, (within, &name), text.trim());
                text.clear();
            }
        }
    }
    Ok(found)
}

/// Takes what element `name` in `within` says; of several restrictions the first.
fn take(basis: &mut Rights, granted: &mut Rights, (within, name): (&str, &str), text: &str) {
    let place = match (within, name) {
        ("statuteInformation", "statuteJurisdiction") => &mut basis.jurisdiction,
        ("statuteInformation", "statuteCitation") => &mut basis.citation,
        ("rightsGranted", "act") => &mut granted.act,
        ("rightsGranted", "restriction") => &mut granted.restriction,
        ("rightsGranted", "rightsGrantedNote") => &mut granted.note,
        ("termOfRestriction", "startDate") => {
            if granted.restriction.is_empty() {
                // A restriction that nobody named is one.
                "termOfRestriction".clone_into(&mut granted.restriction);
                granted.start.clear();
            }
            &mut granted.start
        }
        ("termOfRestriction", "endDate") => &mut granted.end,
        ("termOfGrant", "startDate") if granted.restriction.is_empty() => &mut granted.start,
        _ => return,
    };
    if place.is_empty() {
        text.clone_into(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_others_are_read() {
        let document = "<p:premis xmlns:p='http://www.loc.gov/premis/v3'><p:object/><p:rights>\
            <p:rightsStatement><p:rightsBasis>statute</p:rightsBasis>\
            <p:statuteInformation><p:statuteJurisdiction>DE-SN</p:statuteJurisdiction>\
            <p:statuteCitation> X </p:statuteCitation></p:statuteInformation>\
            <p:rightsGranted><p:act>disseminate</p:act><p:restriction>a</p:restriction><p:restriction>b</p:restriction>\
            <p:termOfGrant><p:startDate>2000</p:startDate></p:termOfGrant>\
            <p:termOfRestriction><p:startDate>2001</p:startDate><p:endDate>2031</p:endDate></p:termOfRestriction>\
            <p:rightsGrantedNote>n</p:rightsGrantedNote></p:rightsGranted>\
            <p:rightsGranted><p:act>migrate</p:act></p:rightsGranted></p:rightsStatement>\
            <p:rightsStatement><p:rightsGranted><p:act>print</p:act>\
            <p:termOfGrant><p:startDate>2030</p:startDate></p:termOfGrant></p:rightsGranted>\
            <p:rightsGranted><p:act>use</p:act><p:termOfRestriction><p:startDate>2001</p:startDate></p:termOfRestriction>\
            </p:rightsGranted></p:rightsStatement></p:rights></p:premis>";
        let read = read(document.as_bytes()).unwrap();
        let told: Vec<[&str; 7]> = read
            .iter()
            .map(|r| {
                [&r.jurisdiction, &r.citation, &r.act, &r.restriction, &r.start, &r.end, &r.note].map(String::as_str)
            })
            .collect();
        assert_eq!(
            told,
            [
                ["DE-SN", "X", "disseminate", "a", "2001", "2031", "n"],
                ["DE-SN", "X", "migrate", "", "", "", ""],
                ["", "", "print", "", "2030", "", ""],
                ["", "", "use", "termOfRestriction", "2001", "", ""],
            ]
        );
    }
}
