//! Many names, one behind the other: what lists of millions of entries hold instead of a text of its own for each.

/// Names by their place.
#[derive(Debug, Default, Clone)]
pub struct Names(Vec<u8>);

/// Where a name lies; packed, since there are millions of them beside other small things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(Rust, packed(2))]
pub struct Name {
    start: u32,
    length: u16,
}

impl Names {
    /// Adds `name`; nothing where it has more than 64 KiB, or all of them more than 4 GiB.
    pub fn push(&mut self, name: &[u8]) -> Option<Name> {
        let place = Name { start: u32::try_from(self.0.len()).ok()?, length: u16::try_from(name.len()).ok()? };
        self.0.extend_from_slice(name);
        Some(place)
    }

    /// Returns the name at `place`.
    #[must_use]
    pub fn bytes(&self, place: Name) -> &[u8] {
        let start = place.start as usize;
        self.0.get(start..start + usize::from(place.length)).unwrap_or_default()
    }

    /// Returns the name at `place` as text; empty where it is none.
    #[must_use]
    pub fn text(&self, place: Name) -> &str {
        std::str::from_utf8(self.bytes(place)).unwrap_or_default()
    }

    /// Gives back what was set aside for names to come.
    pub fn close(&mut self) {
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_was_put_there() {
        let mut names = Names::default();
        let places = [&b"a/b"[..], b"", "ü".as_bytes(), b"\xff"].map(|name| (names.push(name).unwrap(), name));
        names.close();
        for (place, name) in places {
            assert_eq!(names.bytes(place), name);
            assert_eq!(names.text(place), std::str::from_utf8(name).unwrap_or_default());
        }
        assert_eq!(names.push(&vec![b'a'; 1 << 16]), None);
    }
}
