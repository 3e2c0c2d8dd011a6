//! The measures of a set of roles, and of the two trivial policies beside them. Whole numbers; shares are in basis points.
//!
//! The weighted structural complexity (WSC) and the role-set sums are those of Molloy et al., *Mining roles with semantic meanings*, SACMAT 2008;
//! over- and under-grants are counted apart, because one is dangerous and the other inconvenient.

mod baselines;
mod flat;
mod granted;
mod primary;
mod role;
mod survival;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    matrix::AccessMatrix,
    mine::{Cluster, LowerBound},
    spec::Percent,
};

pub use self::{
    baselines::baselines,
    granted::{Extremes, extremes},
    primary::primary_roles,
    role::{Closest, RoleMeasures, role_measures},
    survival::Survived,
};
pub(crate) use self::{
    flat::Flat,
    primary::{effective, roles_by_row},
    survival::contents,
};

/// What a set of roles costs and explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// Roles.
    pub roles: u64,
    /// Pairs (identity, role), held directly.
    pub user_assignments: u64,
    /// Pairs (role, entitlement), granted by the role itself.
    pub permission_assignments: u64,
    /// Pairs (role, role it inherits).
    pub hierarchy_edges: u64,
    /// Assignments in scope that no role grants, and that stay with the identity.
    pub direct_assignments: u64,
    /// Weighted structural complexity (Molloy et al., SACMAT 2008), all weights 1: the sum of the five above, where nothing is left out.
    pub wsc: u64,
    /// Assignments in scope that the roles grant.
    pub covered: u64,
    /// Assignments in scope.
    pub assignments: u64,
    /// `covered` of `assignments`.
    pub coverage: Percent,
    /// Pairs (identity, entitlement) that the roles grant and that are not held.
    pub over_grants: u64,
    /// Assignments in scope that the roles do not grant.
    pub under_grants: u64,
    /// How few roles any exact cover needs at least, where it is proved.
    pub lower_bound: Option<u64>,
    /// Whether the roles are an exact cover, and as few as the bound.
    pub proved_minimal: bool,
    /// The two policies that take no thought.
    pub baselines: Baselines,
}

/// The two policies that take no thought, and that any mining has to beat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baselines {
    /// One role for each distinct set of entitlements.
    pub one_role_per_distinct_row: Baseline,
    /// One role for each distinct set of holders.
    pub one_role_per_distinct_column: Baseline,
}

/// One of them. Both are exact covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Roles.
    pub roles: u64,
    /// Weighted structural complexity, all weights 1.
    pub wsc: u64,
}

/// A role, as the measures see it: rows and columns of a matrix, all lists ascending and without repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasuredRole<'a> {
    /// Rows that hold it directly, not through a role that inherits it.
    pub direct_members: &'a [u32],
    /// Columns it grants itself, not those it inherits.
    pub entitlements: &'a [u32],
    /// The roles whose grants its members have too, by place in the same list. Cycles are followed once.
    pub inherits: &'a [usize],
}

/// What `then` makes of clusters, seen as roles that all of their rows hold directly.
pub(crate) fn of_clusters<T>(clusters: &[Cluster], then: impl FnOnce(&[MeasuredRole<'_>]) -> T) -> T {
    let inherits: Vec<Vec<usize>> =
        clusters.iter().map(|cluster| cluster.inherits.iter().map(|&place| place as usize).collect()).collect();
    let role = |(cluster, inherits)| {
        let Cluster { members, entitlements, .. }: &Cluster = cluster;
        MeasuredRole { direct_members: members, entitlements, inherits }
    };
    let roles: Vec<MeasuredRole<'_>> = clusters.iter().zip(inherits.iter().map(Vec::as_slice)).map(role).collect();
    then(&roles)
}

/// The measures of these roles over the matrix they were mined from.
///
/// An assignment that several roles grant counts once. Members and entitlements beyond the matrix count as assigned, and
/// every pair with them as an over-grant.
#[must_use]
pub fn measure(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>], bound: Option<&LowerBound>) -> Measures {
    measure_beside(matrix, roles, bound, baselines(matrix))
}

/// The same, beside the trivial policies of the matrix, which do not depend on the roles and may be known before them.
#[must_use]
pub fn measure_beside(
    matrix: &AccessMatrix,
    roles: &[MeasuredRole<'_>],
    bound: Option<&LowerBound>,
    baselines: Baselines,
) -> Measures {
    let sum = |size: fn(&MeasuredRole<'_>) -> usize| roles.iter().map(|role| size(role) as u64).sum::<u64>();
    let user_assignments = sum(|role| role.direct_members.len());
    let permission_assignments = sum(|role| role.entitlements.len());
    let hierarchy_edges = sum(|role| role.inherits.len());
    let tally = granted::tally(matrix, roles);
    let (count, assignments) = (roles.len() as u64, matrix.assignments() as u64);
    let under_grants = assignments.saturating_sub(tally.covered);
    let lower_bound = bound.map(|bound| u64::from(bound.roles));
    Measures {
        roles: count,
        user_assignments,
        permission_assignments,
        hierarchy_edges,
        direct_assignments: under_grants,
        wsc: count + user_assignments + permission_assignments + hierarchy_edges + under_grants,
        covered: tally.covered,
        assignments,
        coverage: Percent::of(tally.covered, assignments),
        over_grants: tally.over_grants,
        under_grants,
        lower_bound,
        proved_minimal: tally.over_grants == 0 && under_grants == 0 && lower_bound == Some(count),
        baselines,
    }
}

/// Of everyone who holds each role, those who hold it directly: not through a role that inherits it.
///
/// `members[r]` is everyone who holds role `r`, `inherits[r]` the roles it inherits.
#[must_use]
pub fn direct_members(members: &[&[u32]], inherits: &[&[usize]]) -> Vec<Vec<u32>> {
    let (all, mut heirs) = (members, vec![Vec::new(); members.len()]);
    for (heir, inherited) in inherits.iter().enumerate() {
        for &role in inherited.iter().filter(|&&role| role != heir) {
            if let Some(heirs) = heirs.get_mut(role) {
                heirs.push(heir);
            }
        }
    }
    let rows = members.iter().flat_map(|members| members.last()).max().map_or(0, |&row| row as usize + 1);
    // For each row the last role that it holds through another.
    let room = || vec![usize::MAX; rows];
    let direct = |through: &mut Vec<usize>, (role, (members, heirs)): (usize, (&&[u32], &Vec<usize>))| {
        for &member in heirs.iter().filter_map(|&heir| all.get(heir)).copied().flatten() {
            if let Some(last) = through.get_mut(member as usize) {
                *last = role;
            }
        }
        members.iter().copied().filter(|&member| through.get(member as usize) != Some(&role)).collect()
    };
    members.par_iter().zip(&heirs).enumerate().map_init(room, direct).collect()
}

#[cfg(test)]
mod tests;
