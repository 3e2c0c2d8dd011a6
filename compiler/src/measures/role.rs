//! The measures of each role beside the others.

use rayon::prelude::*;

use super::{MeasuredRole, granted::all_members};
use crate::{alike, matrix::AccessMatrix, runs::Runs, spec::Percent};

/// Rows that one task counts, at least: it needs room for all columns.
const ROWS: usize = 1 << 12;

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
    let room = || vec![0; roles.len()];
    let measure = |shared_members: &mut Vec<u64>, (index, role): (usize, &MeasuredRole<'_>)| {
        beside.measure(index, role, shared_members)
    };
    roles.par_iter().enumerate().map_init(room, measure).collect()
}

/// What a role is held against.
struct Beside<'a> {
    roles: &'a [MeasuredRole<'a>],
    members: &'a Runs,
    /// The roles of every row, ascending.
    of_row: Runs,
    /// By column: how many roles grant it.
    granting: Vec<u32>,
    /// By role.
    counts: Vec<Counts>,
}

/// The grants of one role.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    /// Those that are held.
    held: u64,
    /// Those that some other role gives to the same member too.
    also_granted: u64,
}

impl<'a> Beside<'a> {
    fn new(matrix: &AccessMatrix, roles: &'a [MeasuredRole<'a>], members: &'a Runs) -> Self {
        let height = members.values().iter().max().map_or(0, |&row| row as usize + 1);
        let of_row = members.transposed(height);
        let width = roles.iter().flat_map(|role| role.entitlements).max().map_or(0, |&column| column as usize + 1);
        let mut granting = vec![0; width];
        for &column in roles.iter().flat_map(|role| role.entitlements) {
            granting.get_mut(column as usize).into_iter().for_each(|count| *count += 1);
        }
        let counts = counts(matrix, roles, &of_row, width);
        Self { roles, members, of_row, granting, counts }
    }

    /// `shared_members` is scratch, all zero before and after.
    fn measure(&self, index: usize, role: &MeasuredRole<'_>, shared_members: &mut [u64]) -> RoleMeasures {
        let members = self.members.run(index);
        let Counts { held, also_granted } = self.counts.get(index).copied().unwrap_or_default();
        let grants = members.len() as u64 * role.entitlements.len() as u64;
        let exclusive = |column: &&u32| self.granting.get(**column as usize) == Some(&1);
        RoleMeasures {
            members: members.len() as u64,
            entitlements: role.entitlements.len() as u64,
            held,
            over_grants: grants - held,
            density: Percent::of(held, grants),
            exclusive_entitlements: role.entitlements.iter().filter(exclusive).count() as u64,
            also_granted,
            closest: self.closest(index, members, grants, shared_members),
        }
    }

    fn closest(&self, index: usize, members: &[u32], grants: u64, shared_members: &mut [u64]) -> Option<Closest> {
        let mut met = Vec::new();
        for &other in members.iter().flat_map(|&row| self.of_row.run(row as usize)) {
            let other = other as usize;
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
            let common = shared * alike::common(one.entitlements, other.entitlements) as u64;
            let others = self.members.run(role).len() as u64 * other.entitlements.len() as u64;
            let found = Closest { role, common, either: grants + others - common };
            if common > 0 && closest.is_none_or(|best| found.beats(best)) {
                closest = Some(found);
            }
        }
        closest
    }
}

/// Counts the grants of every role, row by row: what the row holds, and what its roles give it more than once.
fn counts(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>], of_row: &Runs, width: usize) -> Vec<Counts> {
    let room = || Room {
        counts: vec![Counts::default(); roles.len()],
        held_by: vec![usize::MAX; width],
        given: vec![0_u32; width],
    };
    let see = |mut room: Room, row: usize| {
        let own = || of_row.run(row).iter().filter_map(|&role| Some((role as usize, roles.get(role as usize)?)));
        for &column in matrix.row(row) {
            room.held_by.get_mut(column as usize).into_iter().for_each(|by| *by = row);
        }
        for &column in own().flat_map(|(_, role)| role.entitlements) {
            room.given.get_mut(column as usize).into_iter().for_each(|given| *given += 1);
        }
        for (place, role) in own() {
            let Some(counts) = room.counts.get_mut(place) else { continue };
            for &column in role.entitlements {
                counts.held += u64::from(room.held_by.get(column as usize) == Some(&row));
                counts.also_granted += u64::from(room.given.get(column as usize).is_some_and(|&given| given > 1));
            }
        }
        for &column in own().flat_map(|(_, role)| role.entitlements) {
            room.given.get_mut(column as usize).into_iter().for_each(|given| *given = 0);
        }
        room
    };
    let add = |mut one: Vec<Counts>, other: Vec<Counts>| {
        for (one, other) in one.iter_mut().zip(other) {
            one.held += other.held;
            one.also_granted += other.also_granted;
        }
        one
    };
    let rows = (0..of_row.len()).into_par_iter().with_min_len(ROWS);
    rows.fold(room, see).map(|room| room.counts).reduce(|| vec![Counts::default(); roles.len()], add)
}

/// What one task counts with.
struct Room {
    counts: Vec<Counts>,
    /// By column: the last row that was seen to hold it.
    held_by: Vec<usize>,
    /// By column: how many roles of the row at hand grant it; all zero between rows.
    given: Vec<u32>,
}
