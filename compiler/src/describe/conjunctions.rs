//! All conjunctions of at most two tests that anyone of a population meets.

use std::{cmp::Reverse, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    groups::{Groups, Item},
    items::Items,
};
use crate::guide::Guide;

/// The conjunctions of at most two tests that anyone of a population meets, the empty one among them.
#[derive(Debug)]
pub(crate) struct Conjunctions {
    groups: Arc<Groups>,
    /// Identities that meet each. Looked up, and walked only to be put in order.
    matched: FxHashMap<Items, u32>,
}

impl Conjunctions {
    /// Those over the attributes that guide a strategy, of so many rows.
    pub(crate) fn of_guides(guides: &[Guide], height: usize) -> Self {
        Self::within(Arc::new(Groups::of_guides(guides, height)))
    }

    /// Those over the attributes in which it is known who is alike.
    pub(super) fn within(groups: Arc<Groups>) -> Self {
        let mut matched = FxHashMap::default();
        for group in 0..groups.len() {
            each(groups.items_of(group), |items| *matched.entry(items).or_default() += groups.size(group));
        }
        Self { groups, matched }
    }

    /// Who is alike.
    pub(super) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// How many identities meet a conjunction.
    pub(crate) fn matched(&self, items: Items) -> u64 {
        self.matched.get(&items).copied().unwrap_or(0).into()
    }

    /// Whether an identity does.
    pub(crate) fn meets(&self, row: u32, items: Items) -> bool {
        self.groups.group_of(row).is_some_and(|group| items.within(self.groups.items_of(group)))
    }

    /// How many of some identities meet each conjunction; those that none of them meets are left out.
    pub(crate) fn tally(&self, rows: &[u32]) -> FxHashMap<Items, u32> {
        let mut found: FxHashMap<Items, u32> = FxHashMap::default();
        for (group, count) in self.groups.count(rows) {
            each(self.groups.items_of(group), |items| *found.entry(items).or_default() += count);
        }
        found
    }

    /// The rows that meet each conjunction which at least so many meet and not everyone does, the widest first, then the one with fewer
    /// tests, the earlier attribute and the smaller value. Ascending each.
    pub(crate) fn groups_of_many(&self, least: u32, height: usize) -> Vec<Vec<u32>> {
        let is_many = |matched: u32| matched >= least && (matched as usize) < height;
        let mut many: Vec<(Reverse<u32>, usize, Items)> = self
            .matched
            .iter()
            .filter(|&(_, &matched)| is_many(matched))
            .map(|(items, &matched)| (Reverse(matched), items.as_slice().len(), *items))
            .collect();
        many.sort_unstable();
        let places: FxHashMap<Items, usize> = many.iter().map(|&(.., items)| items).zip(0..).collect();
        let mut rows = vec![Vec::new(); many.len()];
        for row in 0..super::count(height) {
            let Some(group) = self.groups.group_of(row) else { continue };
            each(self.groups.items_of(group), |items| {
                places
                    .get(&items)
                    .and_then(|&place| rows.get_mut(place))
                    .into_iter()
                    .for_each(|rows| Vec::push(rows, row));
            });
        }
        rows
    }

    /// What [`Self::tally`] counts, fewer tests first, then the earlier attribute and the smaller value: the order that decides among equals.
    pub(crate) fn ordered(&self, rows: &[u32]) -> Vec<(Items, u32)> {
        let mut found: Vec<(Items, u32)> = self.tally(rows).into_iter().collect();
        found.sort_unstable_by_key(|(items, _)| (items.as_slice().len(), *items));
        found
    }
}

/// Hands over the conjunctions of at most two of these items, the empty one first.
fn each(items: &[Item], mut take: impl FnMut(Items)) {
    let none = Items::default();
    take(none);
    for one in none.longer(items) {
        take(one);
        one.longer(items).for_each(&mut take);
    }
}
