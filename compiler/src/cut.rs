//! The cut: from clusters to primary and secondary roles; what stays individual access.
//!
//! For a cluster, the support of an entitlement is the share of the members that hold it. Entitlements whose support is at least the
//! primary cut-off (`>=`: REQUIREMENTS A2.3) become the role itself, those between the secondary and the primary cut-off its
//! child, held by the members that have at least one of them; the rest stays individual access.

mod consolidate;
mod lineage;
mod support;
mod threshold;

use serde::{Deserialize, Serialize};

pub(crate) use support::individual;
pub use threshold::Threshold;

use crate::{
    matrix::AccessMatrix,
    mine::Cluster,
    spec::{Cutoff, Percent},
};

/// Five points, in basis points: a decision is close that a threshold so much higher, or lower, would turn.
const CLOSE: i32 = 500;

/// What became of the clusters of one population.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Clusters that the strategy found.
    pub clusters: u64,
    /// Clusters that became one with another, because they overlap beyond the limit.
    pub consolidated: u64,
    /// Clusters with fewer members than the cut-off asks for.
    pub too_small: u64,
    /// Clusters without any entitlement at or above the primary cut-off.
    pub incoherent: u64,
    /// Clusters that grant nothing beyond what they inherit.
    pub inherited: u64,
    /// Roles beyond `roles at most`, smallest first; their access stays individual.
    pub beyond_limit: u64,
    /// Assignments of the population that no role grants.
    pub individual: u64,
    /// Entitlements of clusters that were held against the thresholds; none where no threshold decides.
    pub decisions: u64,
    /// Of those, how many meet a threshold, and would not meet one that is five points higher.
    pub just_granted: u64,
    /// And how many miss the lowest, and would meet one that is five points lower.
    pub just_left: u64,
}

/// A role as the cut leaves it: rows and columns of the population's matrix, both ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CutRole {
    /// The place of its cluster among those that were cut: as the strategy has them, unless some were consolidated.
    pub cluster: usize,
    /// Who would hold it.
    pub members: Vec<u32>,
    /// What it grants itself; nothing only where it inherits others.
    pub grants: Vec<CutGrant>,
    /// The roles it inherits, by place among the roles of the cut; ascending.
    pub inherits: Vec<usize>,
    /// Its child: the secondary policy of the same cluster.
    pub secondary: Option<Box<CutRole>>,
}

/// An entitlement that a role grants, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutGrant {
    /// The column.
    pub column: u32,
    /// Members of the cluster that hold it.
    pub held: u32,
    /// Members of the cluster.
    pub of: u32,
    /// The support less the threshold that it had to meet, in basis points.
    pub margin: i32,
}

/// Cuts the clusters of one population to roles: the largest first, the order of the clusters does not matter.
#[must_use]
pub fn cut(matrix: &AccessMatrix, clusters: &[Cluster], cutoff: &Cutoff) -> (Cut, Vec<CutRole>) {
    let consolidated = match cutoff.max_overlap {
        Some(limit) => consolidate::consolidate(clusters, limit),
        None => clusters.to_vec(),
    };
    let mut report = Cut {
        clusters: clusters.len() as u64,
        consolidated: (clusters.len() - consolidated.len()) as u64,
        ..Cut::default()
    };
    let mut of_cluster = Vec::with_capacity(consolidated.len());
    for (place, (cluster, held)) in consolidated.iter().zip(support::supports(matrix, &consolidated)).enumerate() {
        if cluster.members.is_empty() || (cluster.members.len() as u64) < u64::from(cutoff.min_members) {
            report.too_small += 1;
            of_cluster.push(None);
            continue;
        }
        report.decide(&held, cluster.members.len(), cutoff);
        let role = role(matrix, (place, cluster), &held, cutoff);
        report.incoherent += u64::from(role.is_none());
        of_cluster.push(role);
    }
    report.inherited = lineage::own(&mut of_cluster, &consolidated, matrix, cutoff.min_members);
    let mut kept: Vec<(usize, CutRole)> =
        (0..).zip(of_cluster).filter_map(|(place, role)| Some((place, role?))).collect();
    kept.sort_by(|(_, left), (_, right)| left.size().cmp(&right.size()).reverse().then_with(|| left.content(right)));
    let (places, mut roles): (Vec<usize>, Vec<CutRole>) = kept.into_iter().unzip();
    if let Some(limit) = cutoff.max_roles {
        report.beyond_limit = limit_roles(&mut roles, limit);
    }
    lineage::inherit(&mut roles, &places, &consolidated);
    report.individual = support::individual(matrix, &roles);
    (report, roles)
}

/// The roles as clusters, each child right after its parent: what a role grants, who holds it, and what it inherits, by place.
#[must_use]
pub fn flattened(roles: Vec<CutRole>) -> Vec<Cluster> {
    let numbers = numbers(&roles);
    let columns = |role: &CutRole| role.grants.iter().map(|grant| grant.column).collect();
    let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut clusters = Vec::with_capacity(roles.len());
    for role in roles {
        let parent = place(clusters.len());
        let inherits =
            role.inherits.iter().filter_map(|&role| numbers.get(role)).map(|&number| place(number)).collect();
        clusters.push(Cluster { entitlements: columns(&role), members: role.members, inherits });
        if let Some(child) = role.secondary {
            clusters.push(Cluster { entitlements: columns(&child), members: child.members, inherits: vec![parent] });
        }
    }
    clusters
}

/// The place of each role where every child comes right after its parent.
#[must_use]
pub fn numbers(roles: &[CutRole]) -> Vec<usize> {
    let mut next = 0;
    roles
        .iter()
        .map(|role| {
            let number = next;
            next += 1 + usize::from(role.secondary.is_some());
            number
        })
        .collect()
}

impl Cut {
    /// Counts how close the decisions on one cluster are: `held` are members that hold each of its entitlements, of so many.
    fn decide(&mut self, held: &[u32], of: usize, cutoff: &Cutoff) {
        let of = u32::try_from(of).unwrap_or(u32::MAX);
        if !cutoff.decides() {
            return;
        }
        self.decisions += held.len() as u64;
        for &held in held.iter().filter(|&&held| held > 0) {
            let thresholds = [Some(cutoff.primary), cutoff.secondary];
            let margins = thresholds.into_iter().flatten().map(|threshold| (threshold, margin(held, of, threshold)));
            match margins.clone().find(|(threshold, _)| meets(*threshold, held, of)) {
                // What all members hold meets every threshold that there can be.
                Some((_, margin)) => self.just_granted += u64::from(margin < CLOSE && held < of),
                None => {
                    self.just_left += u64::from(margins.map(|(_, margin)| margin).max().is_some_and(|by| by >= -CLOSE))
                }
            }
        }
    }
}

impl CutRole {
    /// How much it grants: members times entitlements. The larger role comes first wherever roles are listed.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.members.len() as u64 * self.grants.len() as u64
    }

    /// Roles of the same size: the one with more members first, then by what they grant and to whom.
    fn content(&self, other: &Self) -> std::cmp::Ordering {
        let columns = |role: &Self| role.grants.iter().map(|grant| grant.column).collect::<Vec<_>>();
        (other.members.len().cmp(&self.members.len()))
            .then_with(|| columns(self).cmp(&columns(other)))
            .then_with(|| self.members.cmp(&other.members))
    }

    /// Pairs (row, column) that the role itself grants and that are not held; ascending.
    #[must_use]
    pub fn over_grants(&self, matrix: &AccessMatrix) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for grant in &self.grants {
            let mut holders = matrix.column(grant.column as usize).iter().peekable();
            for &member in &self.members {
                while holders.next_if(|&&holder| holder < member).is_some() {}
                if holders.peek() != Some(&&member) {
                    pairs.push((member, grant.column));
                }
            }
        }
        pairs.sort_unstable();
        pairs
    }
}

/// The role of a cluster, with its child; none where it has entitlements and none reaches the primary cut-off.
fn role(matrix: &AccessMatrix, (place, cluster): (usize, &Cluster), held: &[u32], cutoff: &Cutoff) -> Option<CutRole> {
    let of = u32::try_from(cluster.members.len()).unwrap_or(u32::MAX);
    let (mut primary, mut secondary) = (Vec::new(), Vec::new());
    for (&column, &held) in cluster.entitlements.iter().zip(held) {
        let grant = |threshold: Percent| CutGrant { column, held, of, margin: margin(held, of, threshold) };
        if meets(cutoff.primary, held, of) {
            primary.push(grant(cutoff.primary));
        } else if let Some(threshold) = cutoff.secondary.filter(|threshold| meets(*threshold, held, of)) {
            secondary.push(grant(threshold));
        }
    }
    // A role of a hierarchy may be there for what it inherits.
    let only_inherits = cluster.entitlements.is_empty() && !cluster.inherits.is_empty();
    if primary.is_empty() && !only_inherits {
        return None;
    }
    let secondary = child(matrix, (place, &cluster.members), secondary, cutoff.min_members);
    Some(CutRole { cluster: place, members: cluster.members.clone(), grants: primary, inherits: Vec::new(), secondary })
}

/// The child role that grants these to those of the members who hold any of them, if they are enough.
fn child(
    matrix: &AccessMatrix,
    (cluster, members): (usize, &[u32]),
    grants: Vec<CutGrant>,
    min_members: u32,
) -> Option<Box<CutRole>> {
    let holds_any = |member: u32| grants.iter().any(|grant| matrix.holds(member, grant.column));
    let members: Vec<u32> = members.iter().copied().filter(|&member| holds_any(member)).collect();
    let enough = !grants.is_empty() && members.len() as u64 >= u64::from(min_members);
    enough.then(|| Box::new(CutRole { cluster, members, grants, inherits: Vec::new(), secondary: None }))
}

/// How many of these members hold an entitlement, of how many, and by how much that meets or misses the primary cut-off, in basis points.
pub(crate) fn weigh(holders: &[u32], members: &[u32], cutoff: &Cutoff) -> (u32, u32, i32) {
    let (held, of) = (support::common(holders, members), u32::try_from(members.len()).unwrap_or(u32::MAX));
    (held, of, margin(held, of, cutoff.primary))
}

/// Whether a support reaches a threshold. What nobody holds reaches none, not even `0%`.
fn meets(threshold: Percent, held: u32, of: u32) -> bool {
    held > 0 && threshold.met_by(held.into(), of.into())
}

/// Support less threshold in basis points. The support is rounded down, which never turns the sign: thresholds are whole points.
fn margin(held: u32, of: u32, threshold: Percent) -> i32 {
    let points = |percent: Percent| i32::try_from(percent.0).unwrap_or(i32::MAX);
    points(Percent::of(held.into(), of.into())) - points(threshold)
}

/// Keeps the largest roles, counting children: a child never takes the place of a larger role, nor stays without its parent.
fn limit_roles(roles: &mut Vec<CutRole>, limit: u32) -> u64 {
    let count = |roles: &[CutRole]| roles.iter().map(|role| 1 + u64::from(role.secondary.is_some())).sum::<u64>();
    let before = count(roles);
    roles.truncate(limit as usize);
    let mut room = u64::from(limit).saturating_sub(roles.len() as u64);
    for role in roles.iter_mut().filter(|role| role.secondary.is_some()) {
        match room.checked_sub(1) {
            Some(rest) => room = rest,
            None => role.secondary = None,
        }
    }
    before - count(roles)
}

#[cfg(test)]
mod tests;
