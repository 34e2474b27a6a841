//! Many names that follow each other, each without what it has in common with the one before.

/// Names in their order; those of a package begin alike, so a million of them takes little more than their last parts.
#[derive(Debug)]
pub(super) struct Prefixed {
    /// For each name: how many bytes of the one before it begins with, how many follow, these.
    bytes: Vec<u8>,
    last: String,
}

impl Prefixed {
    pub(super) const fn new() -> Self {
        Self { bytes: Vec::new(), last: String::new() }
    }

    /// Adds a name of less than 64 KiB; ZIP knows no longer ones.
    pub(super) fn push(&mut self, name: &str) {
        let alike = self.last.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        // Both parts are texts of their own.
        let alike = (0..=alike.min(usize::from(u16::MAX))).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
        let (shared, rest) = name.split_at(alike);
        for length in [shared.len(), rest.len()] {
            self.bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
        }
        self.bytes.extend(rest.as_bytes());
        self.last.truncate(alike);
        self.last.push_str(rest);
    }

    /// Returns what gives the names back, the first one first.
    pub(super) fn read(&self) -> Reader<'_> {
        Reader { bytes: &self.bytes, name: String::new() }
    }
}

/// Gives names back one after the other.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    name: String,
}

impl Reader<'_> {
    /// Returns the next name; the empty one after the last.
    pub(super) fn name(&mut self) -> &str {
        let mut length = || {
            let (length, rest) = self.bytes.split_first_chunk::<2>()?;
            self.bytes = rest;
            Some(usize::from(u16::from_le_bytes(*length)))
        };
        let (shared, rest) = (length().unwrap_or(0), length().unwrap_or(0));
        let (rest, after) = self.bytes.split_at(rest.min(self.bytes.len()));
        self.bytes = after;
        self.name.truncate(shared);
        self.name.push_str(std::str::from_utf8(rest).unwrap_or_default());
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_begin_alike_take_little_room() {
        let mut names = Prefixed::new();
        let name =
            |number: usize| format!("b4b11786-eac6-5d16-9117-991144de3798/representations/rep1/data/{number:08}.bin");
        for number in 0..1000 {
            names.push(&name(number));
        }
        assert!(names.bytes.len() < 12 * 1000, "{}", names.bytes.len());
        let mut back = names.read();
        for number in 0..1000 {
            assert_eq!(back.name(), name(number));
        }
        assert_eq!(back.name(), "");
    }

    proptest! {
        #[test]
        fn names_come_back_as_they_were(all in proptest::collection::vec("[a/ü€😀]{0,9}", 0..50)) {
            let mut names = Prefixed::new();
            for name in &all {
                names.push(name);
            }
            let mut back = names.read();
            for name in &all {
                prop_assert_eq!(back.name(), name.as_str());
            }
        }
    }
}
