//! What packages of others hold that none may hold.

use crate::model::path;

/// How many are told one by one.
const TOLD: usize = 1_000;

/// Why something is no part of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Odd {
    /// It lies beside the one folder that a container is to hold, or there is no such folder (CSIPSTR1).
    Outside,
    /// Its name is not UTF-8 or no path.
    Name,
    /// It is a link.
    Link,
    /// It is a device, pipe or socket.
    Special,
}

impl Odd {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Name => "name",
            Self::Link => "link",
            Self::Special => "special",
        }
    }
}

/// All of that in a package, at most a thousand of each kind.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    list: Vec<(Odd, String)>,
    counts: [usize; 4],
}

impl Oddities {
    /// Adds what is called `name`.
    pub(super) fn add(&mut self, odd: Odd, name: &[u8]) {
        let count = &mut self.counts[odd as usize];
        *count += 1;
        if *count <= TOLD {
            self.list.push((odd, path::shown(name)));
        }
    }

    /// Returns them sorted by kind, then by name.
    pub(super) fn sorted(mut self) -> Vec<(Odd, String)> {
        self.list.sort_unstable();
        self.list
    }
}
