use std::io::BufReader;

use super::*;
use crate::io::xml::{XmlLimits, XmlReader};

fn judged(mut validity: Validity, text: &str) -> Vec<Finding> {
    let mut xml = XmlReader::new(BufReader::new(text.as_bytes()), XmlLimits::default());
    let (mut way, mut findings) = (Way::default(), Vec::new());
    while let Some(node) = xml.node().unwrap() {
        way.enter(&node);
        let place = xml.start();
        validity.take(&node, &way, (place.line, place.column), &mut findings);
        way.leave(&node);
    }
    validity.finish(&mut findings);
    findings
}

fn mets(text: &str) -> String {
    let spaces = "xmlns='http://www.loc.gov/METS/' xmlns:xlink='http://www.w3.org/1999/xlink' \
        xmlns:csip='https://DILCIS.eu/XML/METS/CSIPExtensionMETS' xmlns:p='http://www.loc.gov/premis/v3' xmlns:o='urn:o' \
        xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    format!("<mets {spaces}>\n{text}\n</mets>")
}

/// Each finding as line, path, value and what was expected.
fn told(text: &str) -> Vec<String> {
    let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
    let tell = |finding: &Finding| {
        let Finding { line, xpath, value, expected, .. } = finding;
        format!("{} {} [{}] {}", line.unwrap_or_default(), or_nothing(xpath), or_nothing(value), or_nothing(expected))
    };
    judged(Validity::mets(), &mets(text)).iter().map(tell).collect()
}

#[test]
fn the_tables_are_well_made() {
    for grammar in [grammar::mets(), grammar::premis()] {
        grammar.assert_well_made();
    }
}

#[test]
fn a_fault_is_told_once_with_its_place_and_what_was_expected() {
    for (text, expected) in [
        ("<structMap><div/></structMap>", &[][..]),
        ("", &["3 /mets [] metsHdr, dmdSec, amdSec, fileSec, structMap"]),
        // A child is missing: told where the next one stands.
        (
            "<metsHdr><agent ROLE='EDITOR'><note/><note/></agent></metsHdr><structMap><div/></structMap>",
            &["2 /mets/metsHdr[1]/agent[1]/note[1] [note] name"],
        ),
        // Two children changed places.
        (
            "<metsHdr><agent ROLE='EDITOR'><note/><name/></agent></metsHdr><structMap><div/></structMap>",
            &["2 /mets/metsHdr[1]/agent[1]/note[1] [note] name"],
        ),
        // A name is misspelt; what is in the element is still looked at.
        (
            "<fileSec><fileGroup><file ID='a' SIZE='x'/></fileGroup></fileSec><structMap><div><fptr FILEID='a'/></div></structMap>",
            &[
                "2 /mets/fileSec[1]/fileGroup[1] [fileGroup] fileGrp",
                "2 /mets/fileSec[1]/fileGroup[1]/file[1]/@SIZE [x] xs:long",
            ],
        ),
        // A section comes too late.
        (
            "<structMap><div/></structMap>\n<fileSec><fileGrp/></fileSec>\n<structMap><div/></structMap>",
            &["3 /mets/fileSec[1] [fileSec] structMap, structLink, behaviorSec"],
        ),
        ("<structMap>text<div/>text</structMap>", &["2 /mets/structMap[1]/text() [text] "]),
        (
            "<structMap><div><mptr LOCTYPE='URL'> </mptr></div></structMap>",
            &["2 /mets/structMap[1]/div[1]/mptr[1]/text() [ ] "],
        ),
        (
            "<structMap><div ID='a'><div ID='a' DMDID='b  c'/></div></structMap>",
            &[
                "2 /mets/structMap[1]/div[1]/div[1]/@ID [a] unique",
                "2 /mets/structMap[1]/div[1]/div[1]/@DMDID [b] ID",
                "2 /mets/structMap[1]/div[1]/div[1]/@DMDID [c] ID",
            ],
        ),
        (
            "<structMap xsi:nil='false' xsi:type='o:x'><div xsi:a='b'/></structMap>",
            &["2 /mets/structMap[1]/@nil [false] ", "2 /mets/structMap[1]/div[1]/@a [b] "],
        ),
        // What is wrapped is looked at as far as it is known.
        (
            "<dmdSec ID='a'><mdWrap MDTYPE='OTHER'><xmlData><o:x><p:object xmlID='a'><p:fixity/></p:object></o:x></xmlData>\
             </mdWrap></dmdSec><structMap><div/></structMap>",
            &[
                "2 /mets/dmdSec[1]/mdWrap[1]/xmlData[1]/x[1]/object[1]/@type [] representation, file, bitstream, intellectualEntity",
                "2 /mets/dmdSec[1]/mdWrap[1]/xmlData[1]/x[1]/object[1]/fixity[1] [] messageDigestAlgorithm",
            ],
        ),
        (
            "<dmdSec ID='a'><mdWrap MDTYPE='DC'><binData>YWJj\n ZA = =</binData></mdWrap></dmdSec><structMap><div/></structMap>",
            &[],
        ),
        (
            "<dmdSec ID='a'><mdWrap MDTYPE='DC'><binData>YWJjZB==</binData></mdWrap></dmdSec><structMap><div/></structMap>",
            &["2 /mets/dmdSec[1]/mdWrap[1]/binData[1] [] xs:base64Binary"],
        ),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn roots_of_others_are_told_apart() {
    let of = |validity, text| {
        let found = judged(validity, text);
        found.into_iter().map(|finding| (finding.code, finding.value.unwrap_or_default())).collect::<Vec<_>>()
    };
    let other = (Code::SchemaInvalid, "{urn:x}mets".to_owned());
    assert_eq!(of(Validity::mets(), "<mets xmlns='urn:x'><file ID='1'/></mets>"), [other]);
    let older = (Code::SchemaAbsent, "info:lc/xmlns/premis-v2".to_owned());
    assert_eq!(of(Validity::premis(), "<premis xmlns='info:lc/xmlns/premis-v2'><object/></premis>"), [older]);
    let unknown = (Code::SchemaInvalid, "{http://www.loc.gov/premis/v3}mets".to_owned());
    assert_eq!(of(Validity::premis(), "<mets xmlns='http://www.loc.gov/premis/v3'/>"), [unknown]);
}

#[test]
fn of_many_faults_a_hundred_are_told_and_the_rest_counted() {
    let found = judged(Validity::mets(), &mets(&("<x/>".repeat(150) + "<structMap><div/></structMap>")));
    assert_eq!(found.len(), 101);
    assert_eq!((found[100].code, found[100].value.as_deref()), (Code::FindingsMore, Some("50")));
    let many = (0..2_000).fold(String::new(), |all, number| all + "<div DMDID='no-" + &number.to_string() + "'/>");
    let found = judged(Validity::mets(), &mets(&format!("<structMap><div>{many}</div></structMap>")));
    assert_eq!(found.len(), 101);
    assert_eq!((found[100].code, found[100].value.as_deref()), (Code::FindingsMore, Some("1900")));
    assert_eq!(found[0].value.as_deref(), Some("no-0"));
}

#[test]
fn values_are_what_xml_schema_says() {
    use Simple::{Base64, DateTime, Id, IdRefs, Int, Integer, Long, NonNegative, Positive, Uri, Uris};
    for (simple, right, wrong) in [
        (Id, &["a", "_1", " ö.-\u{b7} "][..], &["", "1", "-a", "a b", "a:b", "\u{d7}"][..]),
        (IdRefs, &["a", " a  b\n"], &["", " ", "a 1"]),
        (
            DateTime,
            &[
                "2024-02-29T00:00:00",
                "2000-02-29T23:59:59.999Z",
                "-0001-01-01T00:00:00",
                "12024-02-29T24:00:00.0-14:00",
                " 2026-12-31T00:00:00+13:59\n",
            ],
            &[
                "",
                "2026-12-31",
                "2023-02-29T00:00:00",
                "1900-02-29T00:00:00",
                "0000-01-01T00:00:00",
                "02026-01-01T00:00:00",
                "2026-04-31T00:00:00",
                "2026-13-01T00:00:00",
                "2026-00-01T00:00:00",
                "2026-01-00T00:00:00",
                "2026-01-01T24:00:01",
                "2026-01-01T23:60:00",
                "2026-01-01T23:59:60",
                "2026-01-01T00:00",
                "2026-01-01T00:00:00.",
                "2026-01-01T00:00:00+14:01",
                "2026-01-01T00:00:00+1:00",
                "2026-01-01T00:00:00z",
                "2026-01-01 00:00:00",
                "+2026-01-01T00:00:00",
                "226-01-01T00:00:00",
                "2026-01-01T00:00:00Z+01:00",
                "2026-01-01T000:00:00",
                "--2026-01-01T00:00:00",
            ],
        ),
        (Integer, &["0", "-00", "+7", " 99999999999999999999999 "], &["", "-", "1.0", "1e3", "--1", "١"]),
        (NonNegative, &["0", "-0", "+1"], &["-1", ""]),
        (Positive, &["1", "+01"], &["0", "-1", "+0"]),
        (Int, &["2147483647", "-2147483648", "+0"], &["2147483648", "-2147483649"]),
        (
            Long,
            &["9223372036854775807", "-9223372036854775808", "000000000000000000000000000000000000000000001"],
            &["9223372036854775808", "-9223372036854775809", "99999999999999999999999999999999999999999999999999"],
        ),
        (Uri, &["", "a b", "ä", "%41", "a/1:b", "urn:x#y", "\\x", "?a:b"], &["%4", "%zz", "a#b#c", "1:b", ":b"]),
        (Uris, &["", "a  b"], &["a %"]),
        (
            Base64,
            &["", "YWJj", " Y W J j ", "YQ==", "YWI="],
            &["Y", "YQ=", "YQ=A", "YR==", "YWJ=", "====", "Y===", "YWJj=", "YW-j"],
        ),
    ] {
        for value in right {
            assert!(simple.holds(value), "{simple:?} {value:?}");
        }
        for value in wrong {
            assert!(!simple.holds(value), "{simple:?} {value:?}");
        }
    }
}

#[test]
fn more_references_than_are_held_are_told_once_and_not_compared() {
    // Six attributes, each as long as one may be.
    let names = |from: usize| (from..from + 160_000).map(|number| format!("n{number} ")).collect::<Vec<_>>().concat();
    let many: Vec<String> = (0..6).map(|part| format!("<div DMDID='{}'/>", names(part * 160_000))).collect();
    let found = judged(Validity::mets(), &mets(&format!("<structMap><div>{}</div></structMap>", many.concat())));
    let told: Vec<_> = found.iter().map(|finding| (finding.code, finding.value.as_deref(), finding.line)).collect();
    assert_eq!(told, [(Code::XmlMalformed, Some("ids"), Some(2))]);
}

#[test]
fn a_word_that_a_growing_list_lacks_is_a_warning() {
    for (attributes, severity) in [
        ("csip:CONTENTINFORMATIONTYPE='citsfuture_v1_0'", Severity::Warning),
        ("csip:OAISPACKAGETYPE='sip'", Severity::Error),
    ] {
        let text = mets(&format!("<metsHdr {attributes}/><structMap><div/></structMap>"));
        let findings = judged(Validity::mets(), &text);
        assert_eq!(findings.iter().map(|one| one.severity).collect::<Vec<_>>(), [severity], "{attributes}");
    }
}
