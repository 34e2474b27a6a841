//! XML of packages: METS, PREMIS, descriptions, rights. Paths that are accepted stay inside; how the bytes come in makes no
//! difference; elements are balanced and lie one behind the other.
#![no_main]

use std::io::{BufRead, BufReader};

use earchiv::io::xml::{Node, XmlLimits, XmlReader};
use earchiv::model::path;
use earchiv::package::eark::{description, originals, references, rights};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // Places count bytes as UTF-8, which what is written in one byte a letter has up to three times as many of.
    let length = if std::str::from_utf8(data).is_ok() { data.len() } else { data.len() * 3 };
    let whole = nodes(data, length);
    let pieces = nodes(BufReader::with_capacity(3, data), length);
    assert_eq!(whole, pieces, "read otherwise in pieces");
    let sound = whole.1;
    let mut count = 0;
    let read = references::read(data, "representations/rep1/", |_, reference| {
        if let Ok(path) = &reference.path {
            assert_eq!(path::inside(path), Ok(()));
            assert!(path.starts_with("representations/rep1/"), "{path} leads out");
        }
        count += 1;
        count < 10_000
    });
    // Only a document that can be read to its end is one; but of what is no METS only the beginning is looked at.
    assert!(sound || count >= 10_000 || !matches!(read, Ok(Some(_))), "METS of what is no XML");
    assert!(sound || rights::read(data).is_err() || rights::read(data).is_ok_and(|all| all.len() > 10_000));
    if let Ok(names) = originals::read(data, "representations/rep1/") {
        assert!(sound);
        for path in names.keys() {
            assert_eq!(path::inside(path), Ok(()));
            assert!(path.starts_with("representations/rep1/"), "{path} leads out");
        }
    }
    for folder in references::empty_folders(data).unwrap_or_default() {
        assert_eq!(path::inside(&folder), Ok(()));
    }
    if let Ok(Some(read)) = description::read(data) {
        let mut written = Vec::new();
        description::write(&mut written, &read).unwrap();
        let again = description::read(&written[..]).unwrap().expect("a description");
        assert_eq!(again, description::told(&again), "what is read is what can be told");
        let mut twice = Vec::new();
        description::write(&mut twice, &again).unwrap();
        assert!(written == twice, "written otherwise the second time");
    }
});

/// Returns all that is read, and whether it was read to the end.
fn nodes(source: impl BufRead, length: usize) -> (Vec<Node>, bool) {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    let (mut nodes, mut depth, mut end) = (Vec::new(), 0_usize, 0);
    loop {
        match xml.node() {
            Ok(Some(node)) => {
                let (start, after) = xml.place();
                assert!(start <= after && after <= length as u64, "a place outside the document");
                assert!(after >= end, "places go back");
                end = after;
                match &node {
                    Node::Start(_) => depth += 1,
                    Node::End => depth = depth.checked_sub(1).expect("more ends than elements"),
                    Node::Text(_) => {}
                }
                assert!(depth <= XmlLimits::default().depth + 1);
                nodes.push(node);
            }
            Ok(None) => {
                assert_eq!(depth, 0, "an element without end");
                return (nodes, true);
            }
            Err(_) => return (nodes, false),
        }
    }
}
