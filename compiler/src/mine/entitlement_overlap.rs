//! RSA's user-entitlement clusters, with their exact semantics.
//!
//! A set of identities is a cluster when everything that all of them hold, as far as it counts, is at least so many entitlements, and at
//! least such a share of *each* member's total. Clusters are the maximal such sets, so they may overlap. What a cluster grants is the union of what
//! its members hold, counted or not: it over-grants by design, and the measures and the lints show by how much.
//!
//! What counts is the filter ("entitlements matching"); a member's total is everything it holds. Source: *How user-entitlement clusters
//! work*, RSA Community; where it leaves room, the decisions are in `docs/how-it-mines.md`.

mod groups;
mod holders;
mod marks;
mod nearest;
mod view;

use self::{groups::Group, holders::Holders};
use super::{Cluster, Clustering, MineError, MineInput, Progress, Strategy};
use crate::{
    matrix::AccessMatrix,
    spec::{EntitlementOverlap, Percent},
};

impl Strategy for EntitlementOverlap {
    /// Limits: 100,000 clusters and 2³⁰ steps of the search (some seconds); past them, [`MineError::Limit`]. Identities that all share half of
    /// what they hold can have exponentially many clusters, by definition: no algorithm lists those in less.
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let matrix = input.matrix;
        let holders = Holders::new(matrix, self, input.filter);
        let groups = groups::maximal(&holders, self, progress)?;
        let mut clusters: Vec<Cluster> = groups.iter().map(|group| cluster(matrix, &holders, group)).collect();
        clusters
            .sort_unstable_by(|one, other| other.members.len().cmp(&one.members.len()).then_with(|| one.cmp(other)));
        let unassigned = nearest::unassigned(&holders, self, &groups, progress)?;
        Ok(Clustering { clusters, bound: None, unassigned, notes: Vec::new() })
    }
}

impl EntitlementOverlap {
    /// How many entitlements must be common in a group that has a member with so many in all.
    fn need(&self, total: usize) -> usize {
        let share = (total as u64 * u64::from(self.common.0)).div_ceil(u64::from(Percent::WHOLE.0));
        usize::try_from(share).unwrap_or(usize::MAX).max(self.min_entitlements as usize).max(1)
    }
}

/// The members and everything any of them holds.
fn cluster(matrix: &AccessMatrix, holders: &Holders, group: &Group) -> Cluster {
    let classes = group.classes.iter().filter_map(|&class| holders.classes.get(class as usize));
    let mut members: Vec<u32> = classes.clone().flat_map(|class| &class.members).copied().collect();
    let firsts = classes.filter_map(|class| class.members.first());
    let mut entitlements: Vec<u32> = firsts.flat_map(|&row| matrix.row(row as usize)).copied().collect();
    members.sort_unstable();
    entitlements.sort_unstable();
    entitlements.dedup();
    Cluster::flat(members, entitlements)
}

#[cfg(test)]
mod tests;
