//! What the name of an entry is: APPNOTE 4.4.17 and appendix D, and what programs write in spite of them.

use super::directory::{u16_at, u32_at};
use super::{FLAG_UTF8, Names, Structure, ZIP64};
use crate::model::path;

/// The id of the Info-ZIP Unicode Path field (APPNOTE 4.6.9).
const UNICODE_PATH: u16 = 0x7075;

/// The longest path that Linux takes, in bytes.
const PATH_MAX: usize = 4096;

/// The upper half of code page 437, the one that names are in where nothing is said (APPNOTE D.1).
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name as text, and its bytes where they are no text.
pub(super) struct Name {
    pub(super) text: Box<str>,
    pub(super) undecoded: Option<Box<[u8]>>,
}

/// Reads the name `raw` of an entry.
pub(super) fn read(raw: &[u8], flags: u16, extra: &[u8], names: Names) -> Result<Name, Structure> {
    let plain = std::str::from_utf8(raw).ok().filter(|text| text.is_ascii() || flags & FLAG_UTF8 != 0);
    // Some readers take the name of that field, some that of the header.
    if plain.is_some_and(|plain| !says(raw, extra, plain)) {
        return Err(Structure::Headers);
    }
    if names == Names::Utf8 {
        let text = plain.filter(|text| is_inside(text) && !leads_out(raw)).ok_or(Structure::Name)?;
        return Ok(Name { text: text.into(), undecoded: None });
    }
    if raw.len() > PATH_MAX {
        return Err(Structure::Name);
    }
    let text = match plain {
        Some(text) => Some(text.to_owned()),
        // It says UTF-8 and is not.
        None if flags & FLAG_UTF8 != 0 => return Err(Structure::Name),
        None => {
            unicode_path(raw, extra).or_else(|| std::str::from_utf8(raw).ok().map(str::to_owned)).or_else(|| cp437(raw))
        }
    };
    match text {
        Some(text) if is_inside(&text) && !text.chars().any(char::is_control) && !leads_out(text.as_bytes()) => {
            Ok(Name { text: text.into(), undecoded: None })
        }
        None if !leads_out(raw) => Ok(Name { text: path::shown(raw).into(), undecoded: Some(raw.into()) }),
        _ => Err(Structure::Name),
    }
}

fn is_inside(text: &str) -> bool {
    path::inside(text.strip_suffix('/').unwrap_or(text)).is_ok()
}

fn leads_out(name: &[u8]) -> bool {
    path::leads_out(name.strip_suffix(b"/").unwrap_or(name))
}

/// Returns whether `extra` has no Unicode Path field that belongs to the name `raw`, or one that says `text`.
pub(super) fn says(raw: &[u8], extra: &[u8], text: &str) -> bool {
    unicode_path(raw, extra).is_none_or(|told| told == text)
}

/// Returns the name of the Unicode Path field, if it belongs to `raw`.
fn unicode_path(raw: &[u8], extra: &[u8]) -> Option<String> {
    let field = super::directory::field(extra, UNICODE_PATH)?;
    let (head, text) = field.split_at_checked(5)?;
    let own = head[0] == 1 && u32_at(head, 1) == crc32fast::hash(raw);
    own.then(|| String::from_utf8(text.to_vec()).ok())
        .flatten()
        .filter(|text| text.ends_with('/') == raw.ends_with(b"/"))
}

/// Reads `raw` as code page 437 if that gives words: every byte means something there, but box drawings and mathematics in
/// a name say that it is in another code page.
fn cp437(raw: &[u8]) -> Option<String> {
    raw.iter()
        .map(|byte| match byte {
            0..=0x7f => Some(char::from(*byte)),
            0x80..=0x9a | 0xa0..=0xa5 | 0xe1 => CP437.chars().nth(usize::from(byte - 0x80)),
            _ => None,
        })
        .collect()
}

/// Returns the time that the extended timestamp field gives for the last modification, seconds since 1970 in UTC.
pub(super) fn unix_time(extra: &[u8]) -> Option<i32> {
    let field = super::directory::field(extra, 0x5455)?;
    let bytes = field.get(1..5).filter(|_| field[0] & 1 != 0)?;
    Some(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

/// Returns whether the fields of `extra` on which sizes and names depend end where they say and are there once: of two,
/// some readers take the first and some the last. Programs write times that are shorter or longer than told.
pub(super) fn is_whole(extra: &[u8]) -> bool {
    let mut rest = extra;
    let mut seen = [false; 2];
    while rest.len() >= 4 {
        let id = u16_at(rest, 0);
        let after = rest.get(4 + usize::from(u16_at(rest, 2))..);
        if let Some(at) = [ZIP64, UNICODE_PATH].iter().position(|known| *known == id)
            && (after.is_none() || std::mem::replace(&mut seen[at], true))
        {
            return false;
        }
        match after {
            Some(after) => rest = after,
            None => return true,
        }
    }
    true
}
