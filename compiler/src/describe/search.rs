//! The search for sound conjunctions, level by level, and the choice among them.

use std::{cmp::Reverse, collections::BinaryHeap};

use rustc_hash::FxHashSet;

use super::{
    groups::Groups,
    items::{Items, MAX_TESTS},
};
use crate::spec::{Describe, Percent};

/// A sound conjunction and its exact counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conjunction {
    /// What it tests, ascending.
    pub(super) items: Items,
    /// Members of the role that it takes in.
    pub(super) members: u32,
    /// Identities of the population that it takes in.
    pub(super) matched: u32,
    /// The groups with members that it takes in, by place in [`Search::held`]; ascending.
    taken: Vec<u32>,
}

/// The search for the rule of one role.
pub(super) struct Search<'a> {
    groups: &'a Groups,
    settings: &'a Describe,
    /// The groups that have members, ascending, and how many.
    held: Vec<(u32, u32)>,
}

impl<'a> Search<'a> {
    /// For a role with these members: positions in the population.
    pub(super) fn new(groups: &'a Groups, members: &[u32], settings: &'a Describe) -> Self {
        Self { groups, settings, held: groups.count(members) }
    }

    /// The conjunctions of a rule, in the order in which they were chosen.
    pub(super) fn conjunctions(&self) -> Vec<Conjunction> {
        let mut chosen = self.choose(self.sound());
        self.drop_needless(&mut chosen);
        chosen
    }

    /// Members that some of these conjunctions take in.
    pub(super) fn members_met(&self, conjunctions: &[Conjunction]) -> u32 {
        let mut met: Vec<u32> = conjunctions.iter().flat_map(|found| &found.taken).copied().collect();
        met.sort_unstable();
        met.dedup();
        met.into_iter().map(|place| self.members_at(place)).sum()
    }

    /// Identities of the population that some of these conjunctions take in.
    pub(super) fn identities_met(&self, conjunctions: &[Conjunction]) -> u32 {
        let mut met: Vec<u32> = conjunctions.iter().flat_map(|found| self.groups.having(found.items)).collect();
        met.sort_unstable();
        met.dedup();
        met.into_iter().map(|group| self.groups.size(group)).sum()
    }

    /// The most general sound conjunctions. A conjunction with too few members is not extended, as its extensions have fewer still;
    /// nor is a sound one, as its extensions say more than is needed.
    pub(super) fn sound(&self) -> Vec<Conjunction> {
        let mut sound: Vec<Conjunction> = Vec::new();
        let mut general: FxHashSet<Items> = FxHashSet::default();
        // The conjunctions of the last level that are worth another test, and the places of the groups that each takes in.
        let mut open: Vec<(Items, Vec<u32>)> =
            vec![(Items::default(), (0..).zip(&self.held).map(|(place, _)| place).collect())];
        let mut keys: Vec<(u32, u32)> = Vec::new();
        for _ in 0..MAX_TESTS {
            let before = sound.len();
            let mut next = Vec::new();
            for (shorter, places) in open {
                keys.clear();
                for place in places {
                    keys.extend(shorter.following(self.items_at(place)).iter().map(|&item| (item, place)));
                }
                keys.sort_unstable();
                for run in keys.chunk_by(|(one, _), (other, _)| one == other) {
                    let Some(items) = run.first().and_then(|&(item, _)| shorter.with(item)) else { continue };
                    let members = run.iter().map(|&(_, place)| self.members_at(place)).sum();
                    if members < self.wanted() || items.parts().any(|part| general.contains(&part)) {
                        continue;
                    }
                    let taken = run.iter().map(|&(_, place)| place).collect();
                    match matched(self.groups, items, members, self.settings.confidence) {
                        Some(matched) => sound.push(Conjunction { items, members, matched, taken }),
                        None => next.push((items, taken)),
                    }
                }
            }
            general.extend(sound.iter().skip(before).map(|found| found.items));
            open = next;
        }
        sound
    }

    /// Greedily: the one that takes in the most members not yet taken in; then the one with fewer tests; then the first.
    ///
    /// What is taken in already only makes a gain smaller. So whatever was the best is counted again, and is the best if that changes nothing.
    fn choose(&self, sound: Vec<Conjunction>) -> Vec<Conjunction> {
        let mut left: Vec<u32> = self.held.iter().map(|&(_, members)| members).collect();
        let mut offers: Vec<Option<Conjunction>> = sound.into_iter().map(Some).collect();
        let mut best: BinaryHeap<(u32, Reverse<(usize, usize)>)> = offers
            .iter()
            .flatten()
            .enumerate()
            .map(|(index, offer)| (offer.members, Reverse((offer.items.as_slice().len(), index))))
            .collect();
        let mut chosen = Vec::new();
        while let Some((gain, Reverse((tests, index)))) = best.pop() {
            let Some(offer) = offers.get_mut(index) else { continue };
            let taken = offer.iter().flat_map(|offer| &offer.taken);
            let now: u32 = taken.clone().filter_map(|&place| left.get(place as usize)).sum();
            if now < self.wanted() {
                continue;
            }
            if now < gain {
                best.push((now, Reverse((tests, index))));
                continue;
            }
            for &place in taken {
                left.get_mut(place as usize).into_iter().for_each(|left| *left = 0);
            }
            chosen.extend(offer.take());
        }
        chosen
    }

    /// A later choice may have made an earlier one needless. The last goes first.
    fn drop_needless(&self, chosen: &mut Vec<Conjunction>) {
        // For each group with members: how many conjunctions take it in.
        let mut by = vec![0_u32; self.held.len()];
        let count = |by: &mut [u32], found: &Conjunction, change: fn(u32) -> u32| {
            for &place in &found.taken {
                by.get_mut(place as usize).into_iter().for_each(|by| *by = change(*by));
            }
        };
        chosen.iter().for_each(|found| count(&mut by, found, |by| by + 1));
        let mut needed: Vec<Conjunction> = Vec::with_capacity(chosen.len());
        while let Some(found) = chosen.pop() {
            if found.taken.iter().all(|&place| by.get(place as usize).is_some_and(|&by| by > 1)) {
                count(&mut by, &found, |by| by - 1);
            } else {
                needed.push(found);
            }
        }
        needed.reverse();
        *chosen = needed;
    }

    /// Members that a conjunction must take in.
    fn wanted(&self) -> u32 {
        self.settings.min_members.max(1)
    }

    fn items_at(&self, place: u32) -> &[u32] {
        self.held.get(place as usize).map_or(&[], |&(group, _)| self.groups.items_of(group))
    }

    fn members_at(&self, place: u32) -> u32 {
        self.held.get(place as usize).map_or(0, |&(_, members)| members)
    }
}

/// How many identities a conjunction takes in, if it is sound. Stops as soon as it cannot be: more identities only make the share of
/// members smaller.
fn matched(groups: &Groups, items: Items, members: u32, confidence: Percent) -> Option<u32> {
    let mut matched: u32 = 0;
    for group in groups.having(items) {
        matched = matched.saturating_add(groups.size(group));
        if !confidence.met_by(members.into(), matched.into()) {
            return None;
        }
    }
    (matched > 0).then_some(matched)
}
