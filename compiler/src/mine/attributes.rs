//! Roles from attributes of identities, top-down: one for each value, and for each combination of values, that enough people have.
//!
//! The groups form a lattice: everyone; each value of each attribute of `guided by`; each combination of values of several. A group with
//! fewer than `members` is none. It inherits the groups that have one value less, so that what a department shares is in the department's
//! role and what a title adds in the title's. Groups of the same people are one: where titles belong to one department each, the title
//! alone and the title within its department do. What a group really shares is for the cut-off to decide, which also takes out of each
//! role what it inherits. Role engineering calls this top-down (Coyne, RBAC 1995; Roeckle, Schimpf, Weidinger, RBAC 2000).

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Cluster, Clustering, MineError, MineInput, Progress, Shortfall, Strategy, Unassigned, held_by_any};
use crate::{matrix::AccessMatrix, spec::Attributes};

/// Attributes, at most: each doubles the combinations.
const MAX_GUIDES: usize = 8;

/// A group before it is known who is the same people: the attributes it is about, as bits, and a value for each, in their order.
type Key = (u32, Vec<u32>);

impl Strategy for Attributes {
    /// Limit: eight attributes; past it, [`MineError::Limit`].
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        if input.guides.len() > MAX_GUIDES {
            return Err(MineError::Limit {
                message: format!(
                    "attributes would combine {} attributes in every way, and {MAX_GUIDES} are the limit",
                    input.guides.len()
                ),
                help: "name fewer in `guided by`: those that say what people do".to_owned(),
            });
        }
        progress.stage("grouping by attributes", 0);
        let mut groups: Vec<(Key, Vec<u32>)> = groups(input, self.min_members).into_iter().collect();
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        groups.sort_unstable_by(|(one, _), (other, _)| (one.0.count_ones(), one).cmp(&(other.0.count_ones(), other)));
        let clusters = lattice(input.matrix, groups);
        let unassigned = alone(input.matrix, &clusters);
        Ok(Clustering { clusters, bound: None, unassigned, notes: Vec::new() })
    }
}

/// The rows of every combination of values that enough rows have; all rows for the empty one.
fn groups(input: &MineInput<'_>, min_members: u32) -> FxHashMap<Key, Vec<u32>> {
    let mut groups: FxHashMap<Key, Vec<u32>> = FxHashMap::default();
    for row in (0..).take(input.matrix.height()).filter(|&row| !input.matrix.row(row as usize).is_empty()) {
        let mut keys: Vec<Key> = vec![(0, Vec::new())];
        for (guide, bit) in input.guides.iter().zip((0..).map(|place| 1 << place)) {
            let values = guide.of_row.get(row as usize).map_or(&[][..], Vec::as_slice);
            for known in 0..keys.len() {
                for &value in values {
                    let Some((attributes, codes)) = keys.get(known) else { continue };
                    let longer = (attributes | bit, codes.iter().copied().chain([value]).collect());
                    keys.push(longer);
                }
            }
        }
        for key in keys {
            groups.entry(key).or_default().push(row);
        }
    }
    groups.retain(|_, rows| rows.len() as u64 >= u64::from(min_members));
    groups
}

/// The groups as clusters, those with fewer attributes first, each with the groups that it inherits. Groups of the same rows are one.
fn lattice(matrix: &AccessMatrix, groups: Vec<(Key, Vec<u32>)>) -> Vec<Cluster> {
    let mut place_of: FxHashMap<Key, u32> = FxHashMap::default();
    let mut known: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
    let mut inherits: Vec<Vec<u32>> = Vec::new();
    for ((attributes, codes), rows) in groups {
        let place = match known.entry(rows) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(entry) => {
                let place = u32::try_from(inherits.len()).unwrap_or(u32::MAX);
                inherits.push(Vec::new());
                *entry.insert(place)
            }
        };
        let bits = (0..u32::BITS).filter(|bit| attributes >> bit & 1 == 1);
        let parents = bits.enumerate().filter_map(|(at, bit)| {
            let fewer = codes.iter().enumerate().filter(|&(other, _)| other != at).map(|(_, &code)| code).collect();
            place_of.get(&(attributes & !(1 << bit), fewer)).copied()
        });
        let parents: Vec<u32> = parents.filter(|&parent| parent != place).collect();
        if let Some(inherits) = inherits.get_mut(place as usize) {
            inherits.extend(parents);
        }
        place_of.insert((attributes, codes), place);
    }
    let mut rows: Vec<(u32, Vec<u32>)> = known.into_iter().map(|(rows, place)| (place, rows)).collect();
    rows.sort_unstable();
    rows.into_iter()
        .zip(inherits)
        .map(|((_, members), mut inherits)| {
            inherits.sort_unstable();
            inherits.dedup();
            let entitlements = held_by_any(matrix, &members);
            Cluster { members, entitlements, inherits }
        })
        .collect()
}

/// Rows that are in no group but everyone's, ascending.
fn alone(matrix: &AccessMatrix, clusters: &[Cluster]) -> Vec<Unassigned> {
    let mut together = vec![false; matrix.height()];
    for &row in clusters.iter().filter(|cluster| !cluster.inherits.is_empty()).flat_map(|cluster| &cluster.members) {
        if let Some(together) = together.get_mut(row as usize) {
            *together = true;
        }
    }
    (0..)
        .zip(together)
        .filter(|(_, together)| !together)
        .map(|(row, _)| {
            let of = u32::try_from(matrix.row(row as usize).len()).unwrap_or(u32::MAX);
            let shortfall = if of == 0 { Shortfall::HoldsNothing } else { Shortfall::TooFewIdentities };
            Unassigned { row, best_common: 0, of, with: None, with_of: 0, shortfall }
        })
        .collect()
}

#[cfg(test)]
mod tests;
