//! How a folder is taken apart into records, and what of it is left out.

use std::fmt;
use std::sync::Arc;

use super::table::Columns;
use crate::model::record::EntryKind;

/// The name of the rule that leaves links out.
pub const LINKS_RULE: &str = "links";

/// What becomes one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Per {
    /// Each folder of the top level; the files beside them form one further record.
    #[default]
    Folder,
    /// The delivery as a whole.
    Delivery,
}

/// How a folder is taken apart.
#[derive(Debug, Clone)]
pub struct FolderRules {
    /// What becomes one record.
    pub per: Per,
    /// Names of files on the top level that describe the records; at most one of them may be there.
    pub tables: Vec<String>,
    /// What the tables call their columns.
    pub columns: Columns,
    /// Whether links are left out by the rule [`LINKS_RULE`] instead of being refused.
    pub links_left_out: bool,
    /// Files and links that are left out; the first rule that matches counts.
    pub leave_out: Vec<LeaveOut>,
}

impl Default for FolderRules {
    fn default() -> Self {
        Self {
            per: Per::default(),
            tables: ["metadata.csv", "metadata.toml"].map(str::to_owned).into(),
            columns: Columns::default(),
            links_left_out: false,
            leave_out: Vec::new(),
        }
    }
}

impl FolderRules {
    pub(super) fn is_table(&self, name: &[u8]) -> bool {
        self.tables.iter().any(|table| table.as_bytes() == name)
    }

    pub(super) fn left_out(&self, path: &[u8], kind: EntryKind) -> Option<&str> {
        let named = self.leave_out.iter().find(|rule| (rule.matches)(path));
        match named {
            Some(rule) => Some(&rule.rule),
            None => (kind == EntryKind::Link && self.links_left_out).then_some(LINKS_RULE),
        }
    }
}

/// Tells from the original bytes of a path in the delivery (`Amt 67/Thumbs.db`) whether a rule matches.
pub type Matches = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// A named rule that leaves files and links out.
#[derive(Clone)]
pub struct LeaveOut {
    /// The rule's name, as it stands in the receipt.
    pub rule: String,
    /// Which files and links.
    pub matches: Matches,
}

impl fmt::Debug for LeaveOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeaveOut").field("rule", &self.rule).finish_non_exhaustive()
    }
}
