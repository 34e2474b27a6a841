//! Names of versions: `v1`, `v2` or `v001`, `v002`.

/// How the version of an object is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// Its number, from 1.
    pub number: u64,
    /// How many digits it has, where these begin with a zero; else 0.
    pub width: usize,
}

impl Name {
    /// Reads the name of a version.
    ///
    /// # Errors
    /// The requirement that the name breaks.
    pub fn parse(name: &str) -> Result<Self, &'static str> {
        let digits = name.strip_prefix('v').ok_or("E104")?;
        if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
            return Err("E105");
        }
        let number = digits.parse().ok().filter(|number| *number > 0).ok_or("E105")?;
        Ok(Self { number, width: if digits.starts_with('0') { digits.len() } else { 0 } })
    }

    /// Returns the name of version `number` in the convention of this one.
    pub fn sibling(self, number: u64) -> String {
        format!("v{number:0width$}", width = self.width)
    }
}

/// Returns in what the versions `names` break the sequence that they must be, each with a name and what was expected.
pub fn sequence(names: &[(Name, &str)]) -> Vec<(&'static str, String, String)> {
    let mut faults = Vec::new();
    let mut sorted: Vec<(Name, &str)> = names.to_vec();
    sorted.sort_unstable_by_key(|(name, text)| (name.number, name.width, *text));
    let Some(&(first, first_text)) = sorted.first() else { return faults };
    if first.number != 1 {
        faults.push(("E009", first_text.to_owned(), first.sibling(1)));
    }
    for pair in sorted.windows(2) {
        let &[(before, _), (after, text)] = pair else { continue };
        if after.number > before.number + 1 {
            faults.push(("E010", text.to_owned(), first.sibling(before.number + 1)));
        }
    }
    let strays: Vec<_> = sorted.iter().filter(|(name, _)| name.width != first.width).collect();
    for (name, text) in &strays {
        // In a convention with zeros each name has one in front.
        if first.width > 0 && name.width == 0 {
            faults.push(("E011", (*text).to_owned(), first.sibling(name.number)));
        }
        faults.push(("E013", (*text).to_owned(), first.sibling(name.number)));
    }
    if let Some((_, text)) = strays.first() {
        faults.push(("E012", (*text).to_owned(), first_text.to_owned()));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_or_say_what_they_break() {
        assert_eq!(Name::parse("v12"), Ok(Name { number: 12, width: 0 }));
        assert_eq!(Name::parse("v0012"), Ok(Name { number: 12, width: 4 }));
        for (name, id) in [
            ("1", "E104"),
            ("V1", "E104"),
            ("", "E104"),
            ("v", "E105"),
            ("v0", "E105"),
            ("v1a", "E105"),
            ("v-1", "E105"),
        ] {
            assert_eq!(Name::parse(name), Err(id), "{name}");
        }
        assert_eq!(Name::parse(&format!("v{}", "9".repeat(40))), Err("E105"));
        assert_eq!(Name { number: 1, width: 4 }.sibling(12), "v0012");
    }

    #[test]
    fn sequences_begin_at_1_without_gaps_in_one_convention() {
        let broken = |names: &[&str]| -> Vec<&'static str> {
            let names: Vec<_> = names.iter().map(|name| (Name::parse(name).unwrap(), *name)).collect();
            sequence(&names).into_iter().map(|(id, ..)| id).collect()
        };
        for (names, ids) in [
            (&["v1", "v2", "v3"][..], &[][..]),
            (&["v10", "v9", "v8", "v7", "v6", "v5", "v4", "v3", "v2", "v1"], &[]),
            (&["v001", "v002"], &[]),
            (&["v2"], &["E009"]),
            (&["v1", "v3"], &["E010"]),
            (&["v1", "v2", "v5", "v7"], &["E010", "E010"]),
            (&["v1", "v02"], &["E013", "E012"]),
            (&["v01", "v002"], &["E013", "E012"]),
            (&["v01", "v2"], &["E011", "E013", "E012"]),
            (&[], &[]),
        ] {
            assert_eq!(broken(names), ids, "{names:?}");
        }
    }
}
