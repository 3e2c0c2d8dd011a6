//! The search for sound conjunctions, level by level, and the choice among them.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::{Groups, Item};
use crate::spec::Describe;

/// Tests in one conjunction at most.
const MAX_TESTS: usize = 3;

/// A sound conjunction and its exact counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conjunction {
    /// What it tests, ascending.
    pub(super) items: Vec<Item>,
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
    let matched: u32 = matching(groups, conjunctions).into_iter().map(|group| groups.size(group)).sum();
    (covered(groups, &groups.count(members), conjunctions), matched)
}

/// The most general sound conjunctions. A conjunction with too few members is not extended, as its extensions have fewer still;
/// nor is a sound one, as its extensions say more than is needed.
pub(super) fn sound(groups: &Groups, held: &[(u32, u32)], wanted: u32, settings: &Describe) -> Vec<Conjunction> {
    let mut sound: Vec<Conjunction> = Vec::new();
    // For each group with members: its conjunctions of the last level that are worth another test.
    let mut open: Vec<Vec<Vec<Item>>> = vec![vec![Vec::new()]; held.len()];
    for _ in 0..MAX_TESTS {
        let mut members: BTreeMap<Vec<Item>, u32> = BTreeMap::new();
        for (&(group, count), shorter) in held.iter().zip(&mut open) {
            *shorter = longer(groups.items_of(group), shorter);
            for items in &*shorter {
                *members.entry(items.clone()).or_default() += count;
            }
        }
        let mut next: BTreeSet<Vec<Item>> = BTreeSet::new();
        for (items, members) in members {
            if members < wanted || sound.iter().any(|general| general.items.iter().all(|item| items.contains(item))) {
                continue;
            }
            let matched: u32 = groups.having(&items).map(|group| groups.size(group)).sum();
            if settings.confidence.met_by(members.into(), matched.into()) {
                sound.push(Conjunction { items, members, matched });
            } else {
                next.insert(items);
            }
        }
        for conjunctions in &mut open {
            conjunctions.retain(|items| next.contains(items));
        }
    }
    sound
}

/// Every conjunction with one of a group's items more, each once: items are added in ascending order only.
fn longer(items: &[Item], conjunctions: &[Vec<Item>]) -> Vec<Vec<Item>> {
    let more = |shorter: &Vec<Item>| {
        let after = shorter.last().map_or(0, |&last| items.partition_point(|&item| item <= last));
        let shorter = shorter.clone();
        items.iter().skip(after).map(move |&item| [shorter.as_slice(), &[item]].concat())
    };
    conjunctions.iter().flat_map(more).collect()
}

/// Greedily: the one that takes in the most members not yet taken in; then the one with fewer tests; then the first.
fn choose(groups: &Groups, held: &[(u32, u32)], sound: Vec<Conjunction>, wanted: u32) -> Vec<Conjunction> {
    let mut left: BTreeMap<u32, u32> = held.iter().copied().collect();
    let mut offers: Vec<(Conjunction, Vec<u32>)> = sound
        .into_iter()
        .map(|conjunction| {
            let groups: Vec<u32> = groups.having(&conjunction.items).filter(|group| left.contains_key(group)).collect();
            (conjunction, groups)
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
            .map(|(index, (conjunction, taken))| (gain(taken), std::cmp::Reverse((conjunction.items.len(), index))))
            .max();
        let Some((gain, std::cmp::Reverse((_, index)))) = best else { break };
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
    let matching = matching(groups, conjunctions);
    held.iter().filter(|(group, _)| matching.binary_search(group).is_ok()).map(|(_, count)| count).sum()
}

/// The groups that some conjunction takes in, ascending.
fn matching(groups: &Groups, conjunctions: &[Conjunction]) -> Vec<u32> {
    let mut all: Vec<u32> = conjunctions.iter().flat_map(|conjunction| groups.having(&conjunction.items)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
