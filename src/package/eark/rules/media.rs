//! Media types: how they are written (RFC 6838), and which are known.

use std::collections::HashSet;
use std::sync::OnceLock;

const REGISTERED: &str = include_str!("media_types.txt");
/// Types that are not registered, and that everyone writes so: ISO 28500 names its own, and `file` those without bytes.
const USUAL: [&str; 2] = ["application/warc", "inode/x-empty"];
/// The longest type and subtype (RFC 6838, 4.2).
const LONGEST: usize = 127;

/// Returns whether `value` is a media type that a receiver can know: registered, of a vendor's or person's tree, marked as
/// unregistered (`x-`), or one that common tables of file names use. Parameters may follow.
pub(super) fn is_known(value: &str) -> bool {
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((kind, subtype)) = essence.split_once('/') else { return false };
    if !is_name(kind) || !is_name(subtype) {
        return false;
    }
    let of_a_tree =
        ["vnd.", "prs.", "x.", "x-"].iter().any(|tree| subtype.len() > tree.len() && subtype.starts_with(tree));
    let known = || registered().contains(&(kind, subtype)) || mime_guess::get_mime_extensions_str(&essence).is_some();
    // The top-level type `chemical` is in wide use and unregistered.
    let kinds = || registered().iter().any(|(registered, _)| *registered == kind) || kind == "chemical";
    USUAL.contains(&&*essence) || kinds() && (of_a_tree || known())
}

fn registered() -> &'static HashSet<(&'static str, &'static str)> {
    static ALL: OnceLock<HashSet<(&'static str, &'static str)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let lines = REGISTERED.lines().filter(|line| !line.starts_with('#'));
        lines
            .flat_map(|line| {
                let mut words = line.split(' ');
                let kind = words.next().unwrap_or_default();
                words.map(move |subtype| (kind, subtype))
            })
            .collect()
    })
}

/// Returns whether `name` is a restricted name (RFC 6838, 4.2).
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    let letter = |letter: u8| letter.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&letter);
    begins && name.len() <= LONGEST && name.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_registered_or_marked_is_known() {
        for known in [
            "text/plain",
            "application/xml",
            "Application/PDF",
            "text/plain; charset=UTF-8",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/x-tar",
            "application/octet-stream",
            "image/heic",
            "font/woff2",
            "application/warc",
        ] {
            assert!(is_known(known), "{known}");
        }
        let long = format!("application/vnd.{}", "x".repeat(200));
        for unknown in [
            "",
            "binary",
            "PNG",
            "OTHER/SIARD",
            "other/wrongmimetype",
            "application/wrongmimetype",
            "text/",
            "a/b/c",
            &long,
        ] {
            assert!(!is_known(unknown), "{unknown}");
        }
    }
}
