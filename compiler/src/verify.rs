//! An independent check of what `cover` and `hierarchy` claim: that the roles grant exactly what is held, and that fewer cannot.
//!
//! Nothing here shares code with [`crate::mine`], only the shape of its answer: plain loops over the rows of the matrix as
//! it is, no collapsing, no bit sets. A mistake in the miner does not repeat itself here.

use std::collections::BTreeSet;

use crate::mine::LowerBound;

mod exhaust;
mod policy;

pub use self::policy::{ClaimedHeir, PolicyFault, Upkeep, check_policy};

/// A role as it is claimed: every member gets every entitlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedRole<'a> {
    /// Rows of the matrix.
    pub members: &'a [u32],
    /// Columns of the matrix.
    pub entitlements: &'a [u32],
}

/// Where a set of roles departs from what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoverFault {
    /// A role has a member that the matrix does not have.
    #[error("role {role} has member {row}, and there are only {rows} identities")]
    NoSuchRow {
        /// The role, by its place.
        role: usize,
        /// The member.
        row: u32,
        /// Rows of the matrix.
        rows: usize,
    },
    /// A role gives a member something that is not held.
    #[error("role {role} gives identity {row} entitlement {column}, which it does not hold")]
    OverGrant {
        /// The role, by its place.
        role: usize,
        /// The identity.
        row: u32,
        /// The entitlement.
        column: u32,
    },
    /// Something held is given by no role.
    #[error("no role gives identity {row} entitlement {column}, which it holds")]
    UnderGrant {
        /// The identity.
        row: u32,
        /// The entitlement.
        column: u32,
    },
}

/// What is wrong with a fooling set or a kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BoundFault {
    /// It names an assignment that is not one.
    #[error("the certificate names the assignment ({}, {}), which is not held", .0.0, .0.1)]
    NotHeld((u32, u32)),
    /// It names an assignment twice.
    #[error("the fooling set names the assignment ({}, {}) twice", .0.0, .0.1)]
    Twice((u32, u32)),
    /// One role can grant two members of the fooling set.
    #[error(
        "one role can grant both ({}, {}) and ({}, {}) of the fooling set", .one.0, .one.1, .other.0, .other.1
    )]
    Compatible {
        /// A member.
        one: (u32, u32),
        /// Another.
        other: (u32, u32),
    },
    /// The fooling set is smaller than the bound, and there is no kernel to make up for it.
    #[error("the certificate proves {proved} roles, not {claimed}")]
    TooWeak {
        /// What it proves.
        proved: u32,
        /// What it is said to prove.
        claimed: u32,
    },
    /// The kernel does not hold the whole fooling set.
    #[error("the kernel lacks ({}, {}) of the fooling set", .0.0, .0.1)]
    KernelLacks((u32, u32)),
    /// The kernel can be granted by fewer roles than claimed.
    #[error("{found} roles can grant the whole kernel, fewer than the {claimed} it is said to need")]
    Refuted {
        /// With how many it can be done.
        found: u32,
        /// The claim.
        claimed: u32,
    },
}

/// How far a bound was proved again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The fooling set reaches the bound: every two of its assignments were tried.
    FoolingSet,
    /// The kernel was searched through: nothing with fewer roles.
    Exhausted {
        /// Steps taken.
        nodes: u64,
    },
    /// The search through the kernel reached its limit. The bound may hold; this much of it is proved.
    NotProved {
        /// The roles that are certainly needed.
        proved: u32,
        /// Steps taken.
        nodes: u64,
    },
}

/// A kernel of more assignments (a table of 100 MB) is not searched through again.
const MAX_KERNEL: usize = 10_000;

/// Whether the roles grant exactly what the rows hold (each ascending); names the first departure, by identity, then by
/// entitlement.
///
/// # Errors
/// See [`CoverFault`].
pub fn check_cover(rows: &[&[u32]], roles: &[ClaimedRole<'_>]) -> Result<(), CoverFault> {
    let mut roles_of = vec![Vec::new(); rows.len()];
    for (role, claimed) in roles.iter().enumerate() {
        for &row in claimed.members {
            match roles_of.get_mut(row as usize) {
                Some(of) => of.push((role, claimed.entitlements)),
                None => return Err(CoverFault::NoSuchRow { role, row, rows: rows.len() }),
            }
        }
    }
    for (row, (held, roles)) in (0..).zip(rows.iter().zip(roles_of)) {
        let mut granted: Vec<(u32, usize)> =
            roles.iter().flat_map(|&(role, columns)| columns.iter().map(move |&column| (column, role))).collect();
        granted.sort_unstable();
        granted.dedup_by_key(|&mut (column, _)| column);
        let mut granted = granted.into_iter().peekable();
        for &column in *held {
            match granted.peek() {
                Some(&(other, role)) if other < column => {
                    return Err(CoverFault::OverGrant { role, row, column: other });
                }
                Some(&(other, _)) if other == column => granted.next(),
                _ => return Err(CoverFault::UnderGrant { row, column }),
            };
        }
        if let Some((column, role)) = granted.next() {
            return Err(CoverFault::OverGrant { role, row, column });
        }
    }
    Ok(())
}

/// Whether no two of these assignments can be granted by one role.
///
/// # Errors
/// The first assignment or pair that is wrong.
pub fn check_fooling_set(rows: &[&[u32]], set: &[(u32, u32)]) -> Result<(), BoundFault> {
    all_held(rows, set)?;
    for (place, &one) in set.iter().enumerate() {
        for &other in set.iter().skip(place + 1) {
            if one == other {
                return Err(BoundFault::Twice(one));
            }
            if compatible(rows, one, other) {
                return Err(BoundFault::Compatible { one, other });
            }
        }
    }
    Ok(())
}

/// Whether the certificate proves that no exact cover has fewer roles than it says. A kernel is searched through again, in at most
/// `max_nodes` steps (about a microsecond each).
///
/// # Errors
/// What is wrong with the certificate.
pub fn check_bound(rows: &[&[u32]], bound: &LowerBound, max_nodes: u64) -> Result<Verdict, BoundFault> {
    check_fooling_set(rows, &bound.fooling_set)?;
    let certain = u32::try_from(bound.fooling_set.len()).unwrap_or(u32::MAX);
    if certain >= bound.roles {
        return Ok(Verdict::FoolingSet);
    }
    let Some(kernel) = &bound.kernel else {
        return Err(BoundFault::TooWeak { proved: certain, claimed: bound.roles });
    };
    all_held(rows, &kernel.assignments)?;
    let assignments: BTreeSet<(u32, u32)> = kernel.assignments.iter().copied().collect();
    if let Some(&lacking) = bound.fooling_set.iter().find(|one| !assignments.contains(one)) {
        return Err(BoundFault::KernelLacks(lacking));
    }
    let assignments: Vec<(u32, u32)> = assignments.into_iter().collect();
    if assignments.len() > MAX_KERNEL {
        return Ok(Verdict::NotProved { proved: certain, nodes: 0 });
    }
    let graph: Vec<Vec<bool>> = assignments
        .iter()
        .map(|&one| assignments.iter().map(|&other| compatible(rows, one, other)).collect())
        .collect();
    let fooling: BTreeSet<(u32, u32)> = bound.fooling_set.iter().copied().collect();
    let seeds: Vec<bool> = assignments.iter().map(|one| fooling.contains(one)).collect();
    Ok(match exhaust::least_cliques(&graph, &seeds, bound.roles as usize, max_nodes) {
        exhaust::Least { cliques, steps, .. } if cliques >= bound.roles as usize => Verdict::Exhausted { nodes: steps },
        exhaust::Least { cliques, complete: true, .. } => {
            let found = u32::try_from(cliques).unwrap_or(u32::MAX);
            return Err(BoundFault::Refuted { found, claimed: bound.roles });
        }
        exhaust::Least { cliques, steps, .. } => {
            Verdict::NotProved { proved: u32::try_from(cliques).unwrap_or(u32::MAX), nodes: steps }
        }
    })
}

fn all_held(rows: &[&[u32]], assignments: &[(u32, u32)]) -> Result<(), BoundFault> {
    match assignments.iter().find(|&&(row, column)| !holds(rows, row, column)) {
        Some(&missing) => Err(BoundFault::NotHeld(missing)),
        None => Ok(()),
    }
}

fn holds(rows: &[&[u32]], row: u32, column: u32) -> bool {
    rows.get(row as usize).is_some_and(|held| held.binary_search(&column).is_ok())
}

/// Whether one role can grant both: each identity holds the other's entitlement.
fn compatible(rows: &[&[u32]], one: (u32, u32), other: (u32, u32)) -> bool {
    holds(rows, one.0, other.1) && holds(rows, other.0, one.1)
}

#[cfg(test)]
mod tests;
