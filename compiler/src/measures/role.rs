//! The measures of each role beside the others.

use rayon::prelude::*;

use super::{MeasuredRole, granted::all_members};
use crate::{alike, matrix::AccessMatrix, runs::Runs, spec::Percent};

/// What one role is like. Its grants are the pairs of its members, direct and inherited, with its own entitlements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleMeasures {
    /// Everyone who holds it, directly or through a role that inherits it.
    pub members: u64,
    /// Entitlements it grants itself.
    pub entitlements: u64,
    /// Grants that are held.
    pub held: u64,
    /// Grants that are not.
    pub over_grants: u64,
    /// `held` of all grants.
    pub density: Percent,
    /// Entitlements that no other role grants.
    pub exclusive_entitlements: u64,
    /// Grants that some other role gives to the same member too: all of them where the role is redundant.
    pub also_granted: u64,
    /// The role it shares most grants with, by the Jaccard coefficient of the grants; none where it shares none.
    pub closest: Option<Closest>,
}

/// How much two roles are the same: pairwise redundancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closest {
    /// The other role, by place; the first of those equally close.
    pub role: usize,
    /// Grants that both give.
    pub common: u64,
    /// Grants that either gives.
    pub either: u64,
}

impl Closest {
    /// `common` of `either`.
    #[must_use]
    pub fn similarity(self) -> Percent {
        Percent::of(self.common, self.either)
    }

    fn beats(self, other: Self) -> bool {
        u128::from(self.common) * u128::from(other.either) > u128::from(other.common) * u128::from(self.either)
    }
}

/// The measures of every role, in their order.
#[must_use]
pub fn role_measures(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Vec<RoleMeasures> {
    let members = all_members(roles);
    let beside = Beside::new(matrix, roles, &members);
    roles
        .par_iter()
        .enumerate()
        .map_init(|| vec![0; roles.len()], |shared_members, (index, role)| beside.measure(index, role, shared_members))
        .collect()
}

/// The roles of every row and of every column.
struct Beside<'a> {
    matrix: &'a AccessMatrix,
    roles: &'a [MeasuredRole<'a>],
    members: &'a Runs,
    of_row: Vec<Vec<usize>>,
    of_column: Vec<Vec<usize>>,
}

impl<'a> Beside<'a> {
    fn new(matrix: &'a AccessMatrix, roles: &'a [MeasuredRole<'a>], members: &'a Runs) -> Self {
        let of_row = inverted(members.iter());
        let of_column = inverted(roles.iter().map(|role| role.entitlements));
        Self { matrix, roles, members, of_row, of_column }
    }

    /// `shared_members` is scratch, all zero before and after.
    fn measure(&self, index: usize, role: &MeasuredRole<'_>, shared_members: &mut [u64]) -> RoleMeasures {
        let members = self.members.run(index);
        let held: u64 = members.iter().map(|&row| common(self.matrix.row(row as usize), role.entitlements)).sum();
        let grants = members.len() as u64 * role.entitlements.len() as u64;
        let others_of = |column: u32| self.of_column.get(column as usize).map_or(0, Vec::len);
        RoleMeasures {
            members: members.len() as u64,
            entitlements: role.entitlements.len() as u64,
            held,
            over_grants: grants - held,
            density: Percent::of(held, grants),
            exclusive_entitlements: role.entitlements.iter().filter(|&&column| others_of(column) == 1).count() as u64,
            also_granted: members.iter().map(|&row| self.also_granted(index, row, role.entitlements)).sum(),
            closest: self.closest(index, members, grants, shared_members),
        }
    }

    /// How many of the entitlements other roles of this row grant.
    fn also_granted(&self, index: usize, row: u32, entitlements: &[u32]) -> u64 {
        let others = self.of_row.get(row as usize).into_iter().flatten().filter(|&&other| other != index);
        let mut granted: Vec<u32> =
            others.filter_map(|&other| self.roles.get(other)).flat_map(|role| role.entitlements).copied().collect();
        granted.sort_unstable();
        granted.dedup();
        common(&granted, entitlements)
    }

    fn closest(&self, index: usize, members: &[u32], grants: u64, shared_members: &mut [u64]) -> Option<Closest> {
        let mut met = Vec::new();
        for &other in members.iter().filter_map(|&row| self.of_row.get(row as usize)).flatten() {
            if let Some(shared) = shared_members.get_mut(other).filter(|_| other != index) {
                if *shared == 0 {
                    met.push(other);
                }
                *shared += 1;
            }
        }
        met.sort_unstable();
        let mut closest: Option<Closest> = None;
        for role in met {
            let Some(shared) = shared_members.get_mut(role).map(std::mem::take) else { continue };
            let (Some(one), Some(other)) = (self.roles.get(index), self.roles.get(role)) else { continue };
            let common = shared * common(one.entitlements, other.entitlements);
            let others = self.members.run(role).len() as u64 * other.entitlements.len() as u64;
            let found = Closest { role, common, either: grants + others - common };
            if common > 0 && closest.is_none_or(|best| found.beats(best)) {
                closest = Some(found);
            }
        }
        closest
    }
}

/// How many numbers two ascending lists have in common.
fn common(one: &[u32], other: &[u32]) -> u64 {
    alike::common(one, other) as u64
}

/// For every number the places of the lists that have it.
fn inverted<'a>(lists: impl Iterator<Item = &'a [u32]>) -> Vec<Vec<usize>> {
    let mut places: Vec<Vec<usize>> = Vec::new();
    for (place, list) in lists.enumerate() {
        for &number in list {
            let number = number as usize;
            if places.len() <= number {
                places.resize_with(number + 1, Vec::new);
            }
            if let Some(places) = places.get_mut(number) {
                places.push(place);
            }
        }
    }
    places
}
