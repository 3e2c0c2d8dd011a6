//! An independent check of a policy with a hierarchy: who gets what when every edge is walked, and what there is to keep up.

use std::collections::BTreeSet;

use super::{ClaimedRole, CoverFault};

/// A role as it is claimed, with the roles it inherits, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedHeir<'a> {
    /// Everyone who holds it, and what it grants itself.
    pub role: ClaimedRole<'a>,
    /// The roles whose grants its members get too.
    pub inherits: &'a [usize],
}

/// What there is to keep up, counted anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Upkeep {
    /// Roles.
    pub roles: u64,
    /// Pairs (identity, role), without those that follow from inheritance.
    pub user_assignments: u64,
    /// Pairs (role, entitlement).
    pub permission_assignments: u64,
    /// Pairs (role, role it inherits).
    pub hierarchy_edges: u64,
    /// Assignments that no role grants.
    pub direct_assignments: u64,
}

/// Where a hierarchy is not what it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// A role inherits one that is not there.
    #[error("role {role} inherits role {inherited}, and there are only {roles}")]
    NoSuchRole {
        /// The heir, by its place.
        role: usize,
        /// What it inherits.
        inherited: usize,
        /// How many roles there are.
        roles: usize,
    },
    /// A role inherits itself, perhaps through others.
    #[error("role {role} inherits itself")]
    Circle {
        /// The role, by its place.
        role: usize,
    },
    /// A member of an heir is not named among the members of what it inherits.
    #[error("identity {row} holds role {inherited} through role {role}, and is not among its members")]
    LacksHeir {
        /// The heir, by its place.
        role: usize,
        /// What it inherits.
        inherited: usize,
        /// The identity.
        row: u32,
    },
    /// What comes out is not what is held.
    #[error(transparent)]
    Cover(#[from] CoverFault),
}

/// Walks every edge from the direct members of every role, and holds what they get against what they hold (each row ascending).
///
/// # Errors
/// A hierarchy that is none, a member list that does not follow from it, and the first identity that gets something it does not hold. What nobody is
/// granted is no fault: it is counted.
pub fn check_policy(rows: &[&[u32]], roles: &[ClaimedHeir<'_>]) -> Result<Upkeep, PolicyFault> {
    let mut upkeep = Upkeep { roles: roles.len() as u64, ..Upkeep::default() };
    let named: Vec<BTreeSet<u32>> = roles.iter().map(|heir| heir.role.members.iter().copied().collect()).collect();
    let mut direct = named.clone();
    for (role, heir) in roles.iter().enumerate() {
        upkeep.permission_assignments += heir.role.entitlements.len() as u64;
        upkeep.hierarchy_edges += heir.inherits.len() as u64;
        for &inherited in heir.inherits {
            let (Some(all), Some(direct)) = (named.get(inherited), direct.get_mut(inherited)) else {
                return Err(PolicyFault::NoSuchRole { role, inherited, roles: roles.len() });
            };
            for row in heir.role.members {
                if !all.contains(row) {
                    return Err(PolicyFault::LacksHeir { role, inherited, row: *row });
                }
                direct.remove(row);
            }
        }
    }
    let mut granted: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); rows.len()];
    for (role, members) in direct.iter().enumerate() {
        upkeep.user_assignments += members.len() as u64;
        let reached = reached(roles, role)?;
        for &row in members {
            let Some(granted) = granted.get_mut(row as usize) else {
                return Err(CoverFault::NoSuchRow { role, row, rows: rows.len() }.into());
            };
            for source in reached.iter().filter_map(|&role| roles.get(role)) {
                granted.extend(source.role.entitlements);
            }
        }
    }
    for (row, (held, granted)) in (0..).zip(rows.iter().zip(&granted)) {
        if let Some(&column) = granted.iter().find(|column| held.binary_search(column).is_err()) {
            let gives =
                |heir: &ClaimedHeir<'_>| heir.role.members.contains(&row) && heir.role.entitlements.contains(&column);
            let role = roles.iter().position(gives).unwrap_or_default();
            return Err(CoverFault::OverGrant { role, row, column }.into());
        }
        upkeep.direct_assignments += (held.len() - granted.len()) as u64;
    }
    Ok(upkeep)
}

/// The role itself and all that it inherits.
fn reached(roles: &[ClaimedHeir<'_>], role: usize) -> Result<BTreeSet<usize>, PolicyFault> {
    let mut reached = BTreeSet::from([role]);
    let mut todo = vec![role];
    while let Some(next) = todo.pop() {
        for &inherited in roles.get(next).into_iter().flat_map(|heir| heir.inherits) {
            if inherited == role {
                return Err(PolicyFault::Circle { role });
            }
            if reached.insert(inherited) {
                todo.push(inherited);
            }
        }
    }
    Ok(reached)
}
