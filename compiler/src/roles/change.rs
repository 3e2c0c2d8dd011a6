//! What a build would change of a role that exists, and why it would change nothing.

use std::fmt;

use adit_snapshots::EntitlementId;

use super::Granted;

/// What a build would change of an existing role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The role: an index into [`Snapshot::roles`].
    pub role: usize,
    /// Members whom the scope leaves out. They hold the role all the same, but support is counted without them.
    pub out_of_scope: u32,
    /// What it would grant and does not today, ascending.
    pub added: Vec<EntitlementId>,
    /// What it grants today and would no longer, ascending, with how many members hold it.
    pub dropped: Vec<Granted>,
}

/// An existing role that a build has nothing to propose for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// The role: an index into [`Snapshot::roles`].
    pub role: usize,
    /// Why.
    pub why: WhyLeft,
}

/// Why nothing is proposed for an existing role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyLeft {
    /// Nobody in scope holds it.
    Nobody,
    /// Fewer of its members are in scope than a role must have.
    TooFew {
        /// So many.
        members: u32,
    },
    /// Its members are of classes that are mined apart: no role may span the line.
    Apart,
    /// It would grant nothing.
    Nothing {
        /// What it grants today, with how many members hold it.
        dropped: Vec<Granted>,
    },
}

impl Change {
    /// Whether there is nothing to change.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty()
    }
}

impl fmt::Display for WhyLeft {
    /// The end of a sentence: "role `X` is left as it is: …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody in scope holds it"),
            Self::TooFew { members: 1 } => f.write_str("only one of its members is in scope, too few to judge by"),
            Self::TooFew { members } => write!(f, "only {members} of its members are in scope, too few to judge by"),
            Self::Apart => f.write_str(
                "its members are of classes that are mined apart; split it, or take one class into the scope",
            ),
            Self::Nothing { .. } => {
                f.write_str("too few of its members hold any of what it grants: it would grant nothing")
            }
        }
    }
}
