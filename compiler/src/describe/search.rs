//! The search for sound conjunctions, level by level, and the choice among them.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    groups::Groups,
    items::{Items, MAX_TESTS},
};
use crate::spec::{Describe, Percent};

/// A sound conjunction and its exact counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conjunction {
    /// What it tests, ascending.
    pub(super) items: Items,
    /// Members of the role that it takes in.
    pub(super) members: u32,
    /// Identities of the population that it takes in.
    pub(super) matched: u32,
}

/// The conjunctions of a rule, in the order in which they were chosen.
pub(super) fn conjunctions(groups: &Groups, members: &[u32], settings: &Describe) -> Vec<Conjunction> {
    let held = groups.count(members);
    let wanted = settings.min_members.max(1);
    let mut chosen = choose(groups, &held, sound(groups, &held, wanted, settings), wanted);
    // A later choice may have made an earlier one needless.
    for index in (0..chosen.len()).rev() {
        let mut without = chosen.clone();
        without.remove(index);
        if covered(groups, &held, &without) == covered(groups, &held, &chosen) {
            chosen = without;
        }
    }
    chosen
}

/// Members, and identities of the population, that some conjunction takes in.
pub(super) fn taken_in(groups: &Groups, members: &[u32], conjunctions: &[Conjunction]) -> (u32, u32) {
    let mut matching: Vec<u32> = conjunctions.iter().flat_map(|found| groups.having(found.items)).collect();
    matching.sort_unstable();
    matching.dedup();
    let matched = matching.into_iter().map(|group| groups.size(group)).sum();
    (covered(groups, &groups.count(members), conjunctions), matched)
}

/// The most general sound conjunctions. A conjunction with too few members is not extended, as its extensions have fewer still;
/// nor is a sound one, as its extensions say more than is needed.
pub(super) fn sound(groups: &Groups, held: &[(u32, u32)], wanted: u32, settings: &Describe) -> Vec<Conjunction> {
    let mut sound: Vec<Conjunction> = Vec::new();
    // For each group with members: its conjunctions of the last level that are worth another test.
    let mut open: Vec<Vec<Items>> = vec![vec![Items::default()]; held.len()];
    for _ in 0..MAX_TESTS {
        let mut members: Vec<(Items, u32)> = Vec::new();
        for (&(group, count), conjunctions) in held.iter().zip(&mut open) {
            let items = groups.items_of(group);
            *conjunctions = conjunctions.iter().flat_map(|shorter| shorter.longer(items)).collect();
            members.extend(conjunctions.iter().map(|items| (*items, count)));
        }
        members.sort_unstable();
        let mut next: Vec<Items> = Vec::new();
        for run in members.chunk_by(|(a, _), (b, _)| a == b) {
            let Some(&(items, _)) = run.first() else { continue };
            let members = run.iter().map(|(_, count)| count).sum();
            if members < wanted || sound.iter().any(|general| general.items.within(items.as_slice())) {
                continue;
            }
            match matched(groups, items, members, settings.confidence) {
                Some(matched) => sound.push(Conjunction { items, members, matched }),
                None => next.push(items),
            }
        }
        for conjunctions in &mut open {
            conjunctions.retain(|items| next.binary_search(items).is_ok());
        }
    }
    sound
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

/// Greedily: the one that takes in the most members not yet taken in; then the one with fewer tests; then the first.
fn choose(groups: &Groups, held: &[(u32, u32)], sound: Vec<Conjunction>, wanted: u32) -> Vec<Conjunction> {
    let mut left: BTreeMap<u32, u32> = held.iter().copied().collect();
    let mut offers: Vec<(Conjunction, Vec<u32>)> = sound
        .into_iter()
        .map(|conjunction| {
            let met = |(group, _): &&(u32, u32)| conjunction.items.within(groups.items_of(*group));
            (conjunction, held.iter().filter(met).map(|(group, _)| *group).collect())
        })
        .collect();
    let mut chosen = Vec::new();
    loop {
        let gain = |taken: &[u32]| {
            taken.iter().filter_map(|group| left.get(group)).map(|&count| u64::from(count)).sum::<u64>()
        };
        let best = offers
            .iter()
            .enumerate()
            .map(|(index, (conjunction, taken))| (gain(taken), Reverse((conjunction.items.as_slice().len(), index))))
            .max();
        let Some((gain, Reverse((_, index)))) = best else { break };
        if gain < u64::from(wanted) {
            break;
        }
        let (conjunction, taken) = offers.remove(index);
        for group in taken {
            left.remove(&group);
        }
        chosen.push(conjunction);
    }
    chosen
}

/// How many members the conjunctions take in together.
fn covered(groups: &Groups, held: &[(u32, u32)], conjunctions: &[Conjunction]) -> u32 {
    let met = |group: u32| conjunctions.iter().any(|conjunction| conjunction.items.within(groups.items_of(group)));
    held.iter().filter(|(group, _)| met(*group)).map(|(_, count)| count).sum()
}
