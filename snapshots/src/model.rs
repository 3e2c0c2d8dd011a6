//! The frozen data: columns of integers, every id dense and in the order of its text.
//!
//! Sorting ids makes everything after independent of the order of rows and files: identity 17 is the
//! 18th identity by name, whatever source it came from.

mod accessors;
mod accounts;
mod assignments;
mod columns;
mod entitlements;
mod evidence;
mod groups;
mod identities;
mod roles;

use jiff::civil::Date;

pub use self::{
    accounts::{Account, Accounts, OrphanAssignment},
    assignments::{Assignments, Grant, Grants, Origin, PathId, Paths},
    columns::{Attribute, Column, NO_VALUE, TextColumn},
    entitlements::{EntitlementId, Entitlements},
    evidence::{ExceptionRecord, Usage, UsageRecord},
    groups::{GroupId, Groups, Member},
    identities::{Identities, IdentityId},
    roles::ExistingRole,
};
use crate::{Fault, Manifest, SnapshotDigest, Weight};

/// One frozen snapshot.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Where the data came from, and its schema.
    pub manifest: Manifest,
    /// Everyone who can hold access.
    pub identities: Identities,
    /// Their accounts in each system.
    pub accounts: Accounts,
    /// Everything that can be held.
    pub entitlements: Entitlements,
    /// Groups and their nesting.
    pub groups: Groups,
    /// Who holds what: nested groups expanded, accounts joined to identities.
    pub assignments: Assignments,
    /// What accounts of nobody hold, directly or by groups; sorted. It is in no row of `assignments`.
    pub orphaned: Vec<OrphanAssignment>,
    /// Recorded exceptions.
    pub exceptions: Vec<ExceptionRecord>,
    /// Observed use; `None` when no source has it.
    pub usage: Option<Usage>,
    /// Roles that exist already, sorted by id.
    pub roles: Vec<ExistingRole>,
    /// What is wrong with the data, ordered by table, row and kind.
    pub faults: Vec<Fault>,
    /// The digest of the logical content, as a whole and by table.
    pub digest: SnapshotDigest,
}

impl Snapshot {
    /// The faults that make results wrong and that no acceptance takes which still holds on `as_of`: the last day of
    /// an acceptance is the day it `expires`.
    pub fn stopping_faults(&self, as_of: Date) -> impl Iterator<Item = &Fault> {
        let holds = move |entry: usize| self.manifest.accepted.get(entry).is_some_and(|entry| entry.expires >= as_of);
        self.faults
            .iter()
            .filter(|fault| fault.kind.weight() == Weight::Stops)
            .filter(move |fault| !fault.accepted.is_some_and(holds))
    }
}
