//! Exit codes, and what several come to.

/// How a command ended; the only codes the program returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, nothing found.
    Done = 0,
    /// Unexpected failure.
    Bug = 1,
    /// Wrong call or configuration; nothing was touched.
    Wrong = 2,
    /// Input refused or a package does not conform; all else was done.
    Refused = 3,
    /// I/O or storage fault.
    Io = 4,
    /// A package is damaged, missing, or not what was stored.
    Integrity = 5,
    /// Another run holds the lock.
    Locked = 6,
    /// Catalogue, journal or the archive's marker damaged, missing or rolled back.
    Record = 7,
    /// Permission, authentication, closure period.
    Denied = 8,
    /// An audit is overdue.
    Overdue = 9,
    /// Stopped by Ctrl-C.
    Interrupted = 130,
    /// Stopped by SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// All, the gravest first.
    const RANKED: [Self; 12] = [
        Self::Terminated,
        Self::Interrupted,
        Self::Bug,
        Self::Record,
        Self::Integrity,
        Self::Denied,
        Self::Io,
        Self::Locked,
        Self::Refused,
        Self::Overdue,
        // Stands alone: where anything else happened as well, "nothing was touched" is not true any more.
        Self::Wrong,
        Self::Done,
    ];

    /// Returns the number for the operating system.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Returns what both together come to: the graver one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::RANKED.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_wins() {
        use Exit::*;
        for (given, expected) in [
            (&[][..], Done),
            (&[Done, Done], Done),
            (&[Done, Overdue], Overdue),
            (&[Overdue, Refused], Refused),
            (&[Refused, Locked], Locked),
            (&[Locked, Io], Io),
            (&[Io, Denied], Denied),
            (&[Denied, Integrity], Integrity),
            (&[Integrity, Record], Record),
            (&[Record, Bug], Bug),
            (&[Bug, Interrupted], Interrupted),
            (&[Integrity, Terminated, Refused], Terminated),
            (&[Wrong], Wrong),
            (&[Refused, Io, Integrity, Denied], Integrity),
        ] {
            for order in [given.to_vec(), given.iter().rev().copied().collect()] {
                let all = order.into_iter().fold(Done, Exit::and);
                assert_eq!(all, expected, "{given:?}");
            }
        }
    }

    #[test]
    fn every_exit_has_its_rank_and_code() {
        let mut codes = Exit::RANKED.map(Exit::code);
        codes.sort_unstable();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130, 143]);
    }
}
