//! Near-duplicate clusters become one: the most alike pair first, again and again, until no pair is alike beyond the limit.
//!
//! Two clusters are as alike as their members or their entitlements are, whichever is more, by Jaccard's measure. Only clusters that
//! share something are ever compared; see [`index`].

mod index;

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use self::index::Index;
use super::support::common;
use crate::{mine::Cluster, spec::Percent};

/// Merges pairs whose members or entitlements overlap by more than `limit`. Equally alike pairs: the one with the smaller clusters'
/// positions first. The result keeps the order of the first cluster of each.
pub(super) fn consolidate(clusters: &[Cluster], limit: Percent) -> Vec<Cluster> {
    Join::new(clusters, limit).consolidate(clusters)
}

/// The same with indices by prefix, which only large inputs have otherwise.
#[cfg(test)]
pub(super) fn consolidate_by_prefix(clusters: &[Cluster], limit: Percent) -> Vec<Cluster> {
    let mut join = Join::new(clusters, limit);
    join.members = join.members.by_prefix();
    join.entitlements = join.entitlements.by_prefix();
    join.consolidate(clusters)
}

/// All clusters so far, by what they have.
struct Join {
    limit: Percent,
    slots: Vec<Slot>,
    members: Index,
    entitlements: Index,
}

/// A cluster, given or merged; a merged one takes a new slot.
struct Slot {
    cluster: Cluster,
    /// The positions of the clusters it is made of, ascending; never none.
    parts: Vec<usize>,
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

impl Join {
    fn new(clusters: &[Cluster], limit: Percent) -> Self {
        Self {
            limit,
            slots: Vec::with_capacity(clusters.len()),
            members: Index::new(clusters.iter().map(|cluster| cluster.members.as_slice()), limit),
            entitlements: Index::new(clusters.iter().map(|cluster| cluster.entitlements.as_slice()), limit),
        }
    }

    fn consolidate(mut self, clusters: &[Cluster]) -> Vec<Cluster> {
        let mut pairs = BinaryHeap::new();
        for (cluster, position) in clusters.iter().cloned().zip(0..) {
            pairs.extend(self.add(Slot { cluster, parts: vec![position], alive: true }));
        }
        while let Some(pair) = pairs.pop() {
            if let Some(merged) = self.merged(pair.slots) {
                pairs.extend(self.add(merged));
            }
        }
        let mut left: Vec<Slot> = self.slots.into_iter().filter(|slot| slot.alive).collect();
        left.sort_by_key(Slot::position);
        inheriting(left, clusters.len())
    }

    /// Takes a cluster in. Gives every pair of it with an earlier one, alive, that is alike beyond the limit.
    fn add(&mut self, this: Slot) -> Vec<Pair> {
        let number = self.slots.len();
        let alive = |slot: usize| self.slots.get(slot).filter(|slot| slot.alive).map(|slot| &slot.cluster);
        let Cluster { members, entitlements, .. } = &this.cluster;
        let mut candidates =
            self.members.probe_and_add(number, members, |slot| alive(slot).map(|that| that.members.len()));
        candidates.extend(
            self.entitlements
                .probe_and_add(number, entitlements, |slot| alive(slot).map(|that| that.entitlements.len())),
        );
        candidates.sort_unstable();
        candidates.dedup();
        let pair = |other: usize| {
            let that = self.slots.get(other)?;
            let alike = jaccard(members, &that.cluster.members).max(jaccard(entitlements, &that.cluster.entitlements));
            let (one, other_one) = (this.position(), that.position());
            let positions = (one.min(other_one), one.max(other_one));
            self.limit.exceeded_by(alike.part, alike.whole).then_some(Pair {
                alike,
                positions: Reverse(positions),
                slots: (other, number),
            })
        };
        let pairs = candidates.into_iter().filter_map(pair).collect();
        self.slots.push(this);
        pairs
    }

    /// Two clusters made one; none where one of them was merged with another already.
    fn merged(&mut self, (left, right): (usize, usize)) -> Option<Slot> {
        let (a, b) = (self.slots.get(left)?, self.slots.get(right)?);
        if !a.alive || !b.alive {
            return None;
        }
        let merged = Slot {
            cluster: Cluster {
                members: union(&a.cluster.members, &b.cluster.members),
                entitlements: union(&a.cluster.entitlements, &b.cluster.entitlements),
                inherits: union(&a.cluster.inherits, &b.cluster.inherits),
            },
            parts: union(&a.parts, &b.parts),
            alive: true,
        };
        for gone in [left, right] {
            if let Some(slot) = self.slots.get_mut(gone) {
                slot.alive = false;
            }
        }
        Some(merged)
    }
}

impl Slot {
    fn position(&self) -> usize {
        self.parts.first().copied().unwrap_or_default()
    }
}

/// The clusters of what is left, of so many before: what they inherit goes by their new places. Where two that inherit one another became
/// one, nothing may inherit itself, so only a cluster with more members is inherited, or one with as many that comes first.
fn inheriting(left: Vec<Slot>, before: usize) -> Vec<Cluster> {
    let mut places = vec![0_u32; before];
    for (slot, new) in left.iter().zip(0..) {
        for &part in &slot.parts {
            if let Some(place) = places.get_mut(part) {
                *place = new;
            }
        }
    }
    let ranks: Vec<(Reverse<usize>, u32)> =
        left.iter().zip(0..).map(|(slot, new)| (Reverse(slot.cluster.members.len()), new)).collect();
    left.into_iter()
        .zip(&ranks)
        .map(|(slot, rank)| {
            let mut inherits: Vec<u32> = slot
                .cluster
                .inherits
                .iter()
                .filter_map(|&old| places.get(old as usize).copied())
                .filter(|&new| ranks.get(new as usize).is_some_and(|other| other < rank))
                .collect();
            inherits.sort_unstable();
            inherits.dedup();
            Cluster { inherits, ..slot.cluster }
        })
        .collect()
}

fn jaccard(left: &[u32], right: &[u32]) -> Ratio {
    let part = u64::from(common(left, right));
    Ratio { part, whole: left.len() as u64 + right.len() as u64 - part }
}

/// The union of two ascending lists, ascending.
fn union<T: Copy + Ord>(left: &[T], right: &[T]) -> Vec<T> {
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
