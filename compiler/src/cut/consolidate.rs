//! Near-duplicate clusters become one: the most alike pair first, again and again, until no pair is alike beyond the limit.
//!
//! Two clusters are as alike as their members or their entitlements are, whichever is more, by Jaccard's measure. No two clusters are
//! compared that cannot be alike enough: with elements in one global order, the rarest first, two sets whose Jaccard measure is above
//! the limit share one of the first `n - floor(limit × n)` elements of each, so only those are indexed (the prefix filter of
//! Chaudhuri et al., ICDE 2006).

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use super::support::common;
use crate::{mine::Cluster, spec::Percent};

/// Merges pairs whose members or entitlements overlap by more than `limit`. Equally alike pairs: the one with the smaller clusters'
/// positions first. The result keeps the order of the first cluster of each.
pub(super) fn consolidate(clusters: &[Cluster], limit: Percent) -> Vec<Cluster> {
    let mut slots: Vec<Slot> =
        clusters.iter().cloned().zip(0..).map(|(cluster, position)| Slot::new(cluster, position)).collect();
    let mut members = PrefixIndex::new(slots.iter().map(|slot| slot.cluster.members.as_slice()), limit);
    let mut entitlements = PrefixIndex::new(slots.iter().map(|slot| slot.cluster.entitlements.as_slice()), limit);
    let mut pairs = BinaryHeap::new();
    for slot in 0..slots.len() {
        pairs.extend(alike(&slots, slot, limit, &mut members, &mut entitlements));
    }
    while let Some(pair) = pairs.pop() {
        let merged = match (slots.get(pair.slots.0), slots.get(pair.slots.1)) {
            (Some(left), Some(right)) if left.alive && right.alive => left.merged(right),
            _ => continue,
        };
        for merged in [pair.slots.0, pair.slots.1] {
            if let Some(slot) = slots.get_mut(merged) {
                slot.alive = false;
            }
        }
        slots.push(merged);
        pairs.extend(alike(&slots, slots.len() - 1, limit, &mut members, &mut entitlements));
    }
    let mut left: Vec<Slot> = slots.into_iter().filter(|slot| slot.alive).collect();
    left.sort_by_key(|slot| slot.position);
    left.into_iter().map(|slot| slot.cluster).collect()
}

/// A cluster, given or merged; a merged one takes a new slot.
struct Slot {
    cluster: Cluster,
    /// The smallest position of the clusters it is made of.
    position: usize,
    alive: bool,
}

/// Two slots and how alike they are; the greatest is the one to merge first.
#[derive(PartialEq, Eq)]
struct Pair {
    alike: Ratio,
    positions: Reverse<(usize, usize)>,
    slots: (usize, usize),
}

/// A share, compared exactly.
#[derive(Clone, Copy)]
struct Ratio {
    part: u64,
    whole: u64,
}

impl Slot {
    fn new(cluster: Cluster, position: usize) -> Self {
        Self { cluster, position, alive: true }
    }

    fn merged(&self, other: &Self) -> Self {
        let cluster = Cluster {
            members: union(&self.cluster.members, &other.cluster.members),
            entitlements: union(&self.cluster.entitlements, &other.cluster.entitlements),
        };
        Self::new(cluster, self.position.min(other.position))
    }
}

/// Every pair of a slot with an earlier one, alive, that is alike beyond the limit; and puts the slot into both indices.
fn alike(
    slots: &[Slot],
    slot: usize,
    limit: Percent,
    members: &mut PrefixIndex,
    entitlements: &mut PrefixIndex,
) -> Vec<Pair> {
    let Some(this) = slots.get(slot) else { return Vec::new() };
    let mut candidates = members.probe_and_add(slot, &this.cluster.members);
    candidates.extend(entitlements.probe_and_add(slot, &this.cluster.entitlements));
    candidates.sort_unstable();
    candidates.dedup();
    candidates
        .into_iter()
        .filter_map(|other| {
            let that = slots.get(other).filter(|slot| slot.alive)?;
            let alike = jaccard(&this.cluster.members, &that.cluster.members)
                .max(jaccard(&this.cluster.entitlements, &that.cluster.entitlements));
            let positions = (this.position.min(that.position), this.position.max(that.position));
            let pair = Pair { alike, positions: Reverse(positions), slots: (other, slot) };
            limit.exceeded_by(alike.part, alike.whole).then_some(pair)
        })
        .collect()
}

/// Sets by the elements of their prefix.
struct PrefixIndex {
    limit: Percent,
    /// By element: its place in the global order.
    rank: Vec<u32>,
    /// By element: the sets that have it in their prefix.
    sets: Vec<Vec<usize>>,
}

impl PrefixIndex {
    fn new<'s>(sets: impl Iterator<Item = &'s [u32]>, limit: Percent) -> Self {
        let mut frequency: Vec<u32> = Vec::new();
        for &element in sets.flatten() {
            let element = element as usize;
            if frequency.len() <= element {
                frequency.resize(element + 1, 0);
            }
            if let Some(frequency) = frequency.get_mut(element) {
                *frequency += 1;
            }
        }
        let mut order: Vec<usize> = (0..frequency.len()).collect();
        order.sort_by_key(|&element| (frequency.get(element).copied(), element));
        let mut rank = vec![0; frequency.len()];
        for (element, place) in order.into_iter().zip(0..) {
            if let Some(rank) = rank.get_mut(element) {
                *rank = place;
            }
        }
        Self { limit, sets: vec![Vec::new(); rank.len()], rank }
    }

    /// Earlier sets that share an element of the prefix, perhaps repeated; then adds this one.
    fn probe_and_add(&mut self, number: usize, set: &[u32]) -> Vec<usize> {
        let certain = (set.len() as u64 * u64::from(self.limit.0) / 10_000) as usize;
        let mut elements = set.to_vec();
        elements.sort_by_key(|&element| self.rank.get(element as usize).copied());
        elements.truncate(set.len().saturating_sub(certain));
        let mut found = Vec::new();
        for element in elements {
            if let Some(sets) = self.sets.get_mut(element as usize) {
                found.extend_from_slice(sets);
                sets.push(number);
            }
        }
        found
    }
}

fn jaccard(left: &[u32], right: &[u32]) -> Ratio {
    let part = u64::from(common(left, right));
    Ratio { part, whole: left.len() as u64 + right.len() as u64 - part }
}

/// The union of two ascending lists, ascending.
fn union(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut all = [left, right].concat();
    all.sort_unstable();
    all.dedup();
    all
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.alike.cmp(&other.alike).then(self.positions.cmp(&other.positions)).then(self.slots.cmp(&other.slots))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    /// By cross-multiplication; the share of nothing is none.
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |part: u64, whole: u64| u128::from(part) * u128::from(whole.max(1));
        cross(self.part, other.whole).cmp(&cross(other.part, self.whole))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}
