//! Roles that exist already.

use super::{EntitlementId, IdentityId};

/// A role that exists already in a target system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExistingRole {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its owner, as the source has it.
    pub owner: Option<String>,
    /// What it grants itself, sorted.
    pub entitlements: Vec<EntitlementId>,
    /// Who holds it directly, sorted.
    pub members: Vec<IdentityId>,
    /// Roles it inherits: indices into [`Snapshot::roles`], sorted.
    pub inherits: Vec<usize>,
}
