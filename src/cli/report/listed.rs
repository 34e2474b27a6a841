//! Lists on pages: the first rows, and how many there are.

/// How many rows a list has on a page; the CSV files have all.
pub const SHOWN: usize = 1_000;

/// The first rows of a list, and how many there are.
#[derive(Debug)]
pub struct Listed<T> {
    /// The first [`SHOWN`].
    pub shown: Vec<T>,
    /// How many there are.
    pub all: u64,
}

impl<T> Listed<T> {
    /// Returns a list without rows.
    pub const fn new() -> Self {
        Self { shown: Vec::new(), all: 0 }
    }

    /// Takes the next row, which is made of its number where it is shown.
    pub fn take(&mut self, row: impl FnOnce(u64) -> T) {
        self.all += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(row(self.all));
        }
    }

    /// Returns whether there are more rows than are shown.
    pub const fn is_cut(&self) -> bool {
        self.all > self.shown.len() as u64
    }
}
