//! From a checked scope and a snapshot to the access matrix of each population, every exclusion counted with its reason.
//!
//! Every identity, entitlement and assignment of the snapshot is accounted for, once, in every population: what is in the matrix
//! and what [`Excluded`] counts are together all there is.

mod classes;
mod digest;
mod scope;
mod tally;

use adit_snapshots::{Digest, EntitlementId};
use serde::{Deserialize, Serialize};

pub use classes::{classify, mined_together};
pub use scope::populations;

use crate::matrix::AccessMatrix;
pub use crate::{
    lookup::{EntitlementIndex, label},
    select_error::SelectError,
};

/// One population of a mining block, before anything is mined from it.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The classes its identities are of (indices into `Spec::classes`, ascending), no two of them separated; none where the spec
    /// declares none, and where nobody is in scope.
    pub classes: Vec<usize>,
    /// `finance-analysts`, or `finance-analysts (service)` where a mining block has several.
    pub name: String,
    /// Who has what within the scope. Holds everyone in scope, those who have nothing there too, and every entitlement that at least
    /// one of them has.
    pub matrix: AccessMatrix,
    /// What was left out, in the order in which it was asked.
    pub excluded: Vec<Excluded>,
    /// For `entitlement-overlap`: the columns that count as common, ascending; the matrix has the others too.
    pub filter: Option<Vec<u32>>,
    /// Every entitlement in scope that is not ignored, whether anyone here holds it or not; ascending.
    pub looked_at: Vec<EntitlementId>,
    /// The digest of the matrix: names of identities and entitlements and who holds what.
    pub digest: Digest,
}

/// The class of every identity, by identity: an index into `Spec::classes`. Total and disjoint, or there is a [`SelectError`].
#[derive(Debug, Clone, Default)]
pub struct ClassOf(pub Vec<u16>);

/// How much one line of a scope (or one built-in reason) left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// The line as written, or the built-in reason (`not included`, `never mined: break-glass`, `not minable`, `held by fewer than 3 identities`).
    pub what: String,
    /// `because "…"`.
    pub because: Option<String>,
    /// Identities it left out.
    pub identities: u64,
    /// Entitlements it left out.
    pub entitlements: u64,
    /// Assignments it left out. An assignment is counted once: at the first line that leaves it out.
    pub assignments: u64,
}

#[cfg(test)]
mod tests;
