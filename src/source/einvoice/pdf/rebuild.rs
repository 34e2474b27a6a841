//! Objects of a PDF whose cross-references are damaged: searched in all of the file.

use super::PdfError;
use super::document::{Document, Entry};
use super::object::{Object, Parser};

/// How many bytes are searched at once.
const WINDOW: usize = 64 << 10;

/// How many bytes before `obj` its number and generation take at most.
const BEFORE: usize = 40;

impl Document<'_> {
    /// Enters every object that is found in the file, and searches a trailer.
    pub(super) fn rebuild(&mut self) -> Result<(), PdfError> {
        self.damaged = true;
        self.entries.clear();
        let mut trailers = Vec::new();
        let mut at = 0_u64;
        loop {
            let window = self.bytes.range(at, WINDOW)?;
            for found in places(&window, b"obj") {
                if let Some((number, from)) = numbered(&window[found.saturating_sub(BEFORE)..found]) {
                    // Of several the last counts: files are changed by appending.
                    self.entries.remove(&number);
                    let from = (found.saturating_sub(BEFORE) + from) as u64;
                    self.enter(number, Entry::At(at + from))?;
                }
            }
            trailers.extend(places(&window, b"trailer").map(|found| at + found as u64));
            trailers.drain(..trailers.len().saturating_sub(64));
            if window.len() < WINDOW {
                break;
            }
            at += (WINDOW - BEFORE - 3) as u64;
        }
        self.trailer = super::object::Dictionary::default();
        for place in trailers.into_iter().rev() {
            let window = self.bytes.range(place + 7, 16 << 10)?;
            if let Ok(Object::Dictionary(trailer)) = Parser::new(&window).object()
                && trailer.get("Root").is_some()
            {
                self.trailer = trailer;
                break;
            }
        }
        self.look_into()
    }

    /// Enters the objects in object streams, and makes a trailer where the file has none left.
    fn look_into(&mut self) -> Result<(), PdfError> {
        let mut known: Vec<(u64, u32)> = self
            .entries
            .iter()
            .filter_map(|(number, entry)| match entry {
                Entry::At(place) => Some((*place, *number)),
                _ => None,
            })
            .collect();
        known.sort_unstable();
        let lost = self.trailer.get("Root").is_none();
        let (mut catalog, mut trailer) = (None, None);
        for (place, number) in known {
            let object = match self.parse(place) {
                Ok((_, loaded)) => loaded.object,
                Err(PdfError::Damaged(_)) => continue,
                Err(stop) => return Err(stop),
            };
            let Object::Dictionary(dictionary) = object else { continue };
            if dictionary.is("Type", "ObjStm") {
                match self.open_stream(number) {
                    Ok(()) => {}
                    Err(stop @ (PdfError::Cancelled | PdfError::Limit(_))) => return Err(stop),
                    Err(_) => continue,
                }
                for inner in self.opened() {
                    self.enter(inner, Entry::In(number))?;
                }
            } else if dictionary.is("Type", "XRef") && dictionary.get("Root").is_some() {
                trailer = Some(dictionary);
            } else if dictionary.is("Type", "Catalog") {
                catalog = Some(number);
            }
        }
        if lost {
            let made = || {
                let root = catalog.map(|number| (b"Root".to_vec(), Object::Reference(number)));
                root.into_iter().collect::<Vec<_>>().into()
            };
            self.trailer = trailer.unwrap_or_else(made);
        }
        Ok(())
    }
}

/// Returns where `word` is in `window`.
fn places<'w>(window: &'w [u8], word: &'static [u8]) -> impl Iterator<Item = usize> + use<'w> {
    window.windows(word.len()).enumerate().filter(move |(_, found)| *found == word).map(|(at, _)| at)
}

/// Returns the number with which `before` ends (`12 0 `), and where in it that begins.
fn numbered(before: &[u8]) -> Option<(u32, usize)> {
    let end = before.len();
    let back = |end: usize, of: fn(&u8) -> bool| end - before[..end].iter().rev().take_while(|byte| of(byte)).count();
    let generation_end = back(end, u8::is_ascii_whitespace);
    let generation = back(generation_end, u8::is_ascii_digit);
    let number_end = back(generation, u8::is_ascii_whitespace);
    let number = back(number_end, u8::is_ascii_digit);
    if generation == generation_end || number_end == generation || number == number_end {
        return None;
    }
    let digits = std::str::from_utf8(&before[number..number_end]).ok()?;
    Some((digits.parse().ok()?, number))
}
