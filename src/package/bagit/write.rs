//! Writes the files in which a bag tells of itself (RFC 8493, section 2), behind all that it holds.

use std::io::{self, Write};

use super::{DECLARATION, INFORMATION, Version, normalised};
use crate::model::checksum::{Algorithm, Checksum, hex};
use crate::model::time::Timestamp;
use crate::package::container::{Container, Noted, Packed, WriteError};

/// The longest line that is written, in letters, where a value has blanks to break it at (2.2.2).
const WIDTH: usize = 79;

/// What a bag is to be.
#[derive(Debug, Clone)]
pub struct Order {
    /// The version that it declares: 1.0, or 0.97 for who demands it.
    pub version: Version,
    /// Elements of `bag-info.txt`, in this order; what is told of the payload comes behind them.
    pub elements: Vec<(String, String)>,
    /// The time of its own files.
    pub created: Timestamp,
}

/// Completes the bag in `container`, in which payload lies below `data/` and other tag files beside it, and which notes its
/// files: `bagit.txt`, `bag-info.txt`, a manifest and a tag manifest for each algorithm. Returns what was written.
pub fn complete(container: &mut Container, order: &Order) -> Result<Vec<Packed>, WriteError> {
    let mut written = Vec::new();
    let is_payload = |file: &Noted| file.path.starts_with("data/");
    let (bytes, files) = container
        .noted()
        .iter()
        .filter(|file| is_payload(file))
        .fold((0_u64, 0), |sum, one| (sum.0 + one.size, sum.1 + 1));
    written.push(container.file(DECLARATION, order.created, |out| {
        write!(out, "BagIt-Version: {}\nTag-File-Character-Encoding: UTF-8\n", order.version)
    })?);
    written.push(container.file(INFORMATION, order.created, |out| {
        for (label, value) in &order.elements {
            element(out, label, value)?;
        }
        element(out, "Bag-Size", &size(bytes))?;
        element(out, "Payload-Oxum", &format!("{bytes}.{files}"))
    })?);
    for (prefix, wanted) in [("manifest", true), ("tagmanifest", false)] {
        // What lists the others is not in its own list.
        let mut listed: Vec<Noted> =
            container.noted().iter().filter(|file| is_payload(file) == wanted).cloned().collect();
        listed.sort_by(|a, b| a.path.cmp(&b.path));
        for (number, algorithm) in container.algorithms().into_iter().enumerate() {
            let name = format!("{prefix}-{}.txt", normalised(algorithm.name()));
            written.push(container.file(&name, order.created, |out| manifest(out, &listed, number, order.version))?);
        }
    }
    Ok(written)
}

fn manifest(out: &mut dyn Write, listed: &[Noted], number: usize, version: Version) -> io::Result<()> {
    for file in listed {
        let digits = match number.checked_sub(1) {
            None => hex(&file.sha256),
            Some(at) => file.more.get(at).map(Checksum::hex).unwrap_or_default(),
        };
        writeln!(out, "{digits}  {}", encoded(&file.path, version))?;
    }
    Ok(())
}

/// Returns a path as a manifest writes it (2.1.3); the drafts left the percent sign as it is.
fn encoded(path: &str, version: Version) -> String {
    let path = if version < Version::V1_0 { path.to_owned() } else { path.replace('%', "%25") };
    path.replace('\r', "%0D").replace('\n', "%0A")
}

/// Writes an element; line ends and other controls become blanks, long values go on in further lines.
fn element(out: &mut dyn Write, label: &str, value: &str) -> io::Result<()> {
    let value: String = value.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    write!(out, "{label}:")?;
    let mut length = label.chars().count() + 1;
    for (number, word) in value.split_whitespace().enumerate() {
        let width = word.chars().count();
        if number > 0 && length + 1 + width > WIDTH {
            write!(out, "\n ")?;
            length = 1;
        }
        write!(out, " {word}")?;
        length += 1 + width;
    }
    writeln!(out)
}

/// Returns a size as people read it, in units of a thousand.
fn size(bytes: u64) -> String {
    let units = ["KB", "MB", "GB", "TB", "PB", "EB"];
    let (mut tenths, mut unit) = (u128::from(bytes) * 10, "B");
    for next in units {
        if tenths < 10_000 {
            break;
        }
        (tenths, unit) = ((tenths + 500) / 1000, next);
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{}.{} {unit}", tenths / 10, tenths % 10) }
}

/// Returns the checksums that bags get besides SHA-256: SHA-512 is what the RFC wants first (2.4).
pub const USUAL: &[Algorithm] = &[Algorithm::Sha512];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::encoding::Encoding;
    use crate::package::bagit::tags;

    #[test]
    fn elements_are_read_as_they_were_meant() {
        let long = "Wort ".repeat(60);
        let values = ["kurz", &long, "zwei\nZeilen\tund \u{1}Steuerzeichen", "a: b", "", &"x".repeat(300)];
        let mut text = Vec::new();
        for value in values {
            element(&mut text, "Label", value).unwrap();
        }
        let mut flaws = Vec::new();
        let told = tags::information(text.as_slice(), Encoding::Utf8, false, &mut |flaw| flaws.push(flaw)).unwrap();
        let plain = |text: &str| {
            text.split(|c: char| c.is_whitespace() || c.is_control())
                .filter(|w| !w.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let expected: Vec<String> = values.iter().map(|value| plain(value)).collect();
        assert_eq!(told.into_iter().map(|one| one.value).collect::<Vec<_>>(), expected);
        assert!(flaws.is_empty());
        let lines = String::from_utf8(text).unwrap();
        assert!(lines.lines().all(|line| line.chars().count() <= WIDTH || line.contains("xxx")), "{lines}");
    }

    #[test]
    fn sizes_are_rounded_in_units_of_a_thousand() {
        for (bytes, text) in [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (2_791_644, "2.8 MB"), (999_960, "1.0 MB")]
        {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(u64::MAX), "18.4 EB");
    }

    #[test]
    fn paths_are_written_so_that_they_are_read_back() {
        for path in ["data/a b", "data/100%", "data/%0A", "data/a\r\nb", "data/%25"] {
            for version in [Version::V1_0, Version::V0_97] {
                let written = encoded(path, version);
                let meant = tags::meant(&written, version < Version::V1_0);
                assert!(meant.contains(&path.into()), "{path} {version}");
                assert!(version < Version::V1_0 || meant[0] == path);
            }
        }
    }
}
