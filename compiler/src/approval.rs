//! Approvals: TOML files in git, each bound to the digest of exactly what a role grants, to whom and why.

mod content;
mod file;
mod history;
mod people;
mod status;

use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use content::{Content, Reason};
pub use file::ApprovalError;
pub use history::{LifeState, Transition};
pub(crate) use status::judge;

/// One approval file, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalFile {
    /// Its path within the project.
    pub path: String,
    /// What it says.
    pub approval: Approval,
}

/// What an approval file says.
///
/// ```toml
/// role = "r-3fa29c01d2"
/// name = "finance-analyst"
/// content = "sha256:…"
///
/// [[signature]]
/// by = "alice@acme.example"
/// on = 2026-10-01
/// comment = "checked against the finance access matrix"
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The role's id or handle.
    pub role: String,
    /// The name people give the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The digest of what was approved.
    pub content: Digest,
    /// Who asked for it; cannot sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<String>,
    /// Last day the approval holds.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "file::optional_date")]
    pub expires: Option<Date>,
    /// Who signed.
    #[serde(default, rename = "signature")]
    pub signatures: Vec<Signature>,
    /// Who has looked at the role since. A review is no signature: it confirms what was signed for.
    #[serde(default, rename = "review", skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Signature>,
    /// What became of the role, in the order in which it happened.
    #[serde(default, rename = "state", skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Transition>,
}

/// One person's signature, or review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Who: an address of the spec's list.
    pub by: String,
    /// When.
    #[serde(with = "file::date")]
    pub on: Date,
    /// What they looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// What approvals say of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleStatus {
    /// The digest that an approval of this very role must carry.
    pub content: Digest,
    /// Index of the approval file about it, if any.
    pub file: Option<usize>,
    /// Where it stands.
    pub state: ApprovalState,
    /// Approvers on the spec's list who have not signed and whose signature would count, in the order of the list.
    pub open: Vec<String>,
}

/// Where a role stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalState {
    /// Enough people signed for exactly this.
    Approved {
        /// Who, ascending.
        by: Vec<String>,
    },
    /// It exists and stays as it is: there is nothing to sign.
    InForce,
    /// No `provision` speaks of it: it cannot be emitted.
    NotProvisioned,
    /// Nobody signed, or too few did.
    Pending {
        /// Valid signatures so far.
        signed: u32,
        /// Needed.
        needed: u32,
        /// Signatures that do not count, and why.
        rejected: Vec<Rejected>,
    },
    /// People signed for other content.
    Stale {
        /// What they signed for.
        approved: Digest,
    },
    /// The approval's last day is past.
    Expired {
        /// Its last day.
        on: Date,
    },
    /// People took the role out of force, whoever has signed for it.
    Withdrawn {
        /// What it is: [`LifeState::Deactivated`] or [`LifeState::Decommissioned`].
        to: LifeState,
        /// Since when.
        on: Date,
    },
}

/// A signature that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Whose.
    pub by: String,
    /// Why.
    pub reason: RejectReason,
}

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectReason {
    /// Not on the spec's list.
    NotAnApprover,
    /// Asked for the role.
    Requester,
    /// Would hold the role.
    Member,
    /// Signed twice.
    Repeated,
    /// Dated after the as-of date.
    InTheFuture,
}

impl std::fmt::Display for RejectReason {
    /// The end of a sentence: "the signature of `eve@acme.example` does not count: it …".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAnApprover => "is of nobody on the list of approvers",
            Self::Requester => "is of whoever asked for the role",
            Self::Member => "is of somebody who would hold the role, or answers for an identity that would",
            Self::Repeated => "is there twice",
            Self::InTheFuture => "is dated after the day of this build",
        })
    }
}

#[cfg(test)]
mod tests;
