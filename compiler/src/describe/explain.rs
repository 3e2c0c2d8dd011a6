//! How well attributes explain who has a role: the one value, or two, that come nearest to its members.
//!
//! A membership rule ([`super::Describer`]) must be sound before it is given, and a role may have none. This is a measure, and every role
//! has it: of the conjunctions of at most two tests, and of no test at all (everyone), the one with the greatest Dice coefficient
//! 2 · |members ∩ matched| / (|members| + |matched|) (Dice, *Measures of the amount of ecologic association between species*, 1945), which is
//! the harmonic mean of precision and recall (F₁).

use std::cmp::Reverse;

use adit_snapshots::{Column, IdentityId};
use rustc_hash::FxHashMap;

use super::{
    groups::{Groups, Item},
    items::Items,
};
use crate::{guide::Guide, spec::Percent};

/// What comes nearest to the members of a role, and how near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Attribute and value of each test; none where everyone comes nearest.
    pub tests: Vec<(String, String)>,
    /// Members that meet all tests.
    pub both: u32,
    /// Identities of the population that do.
    pub matched: u32,
    /// Members.
    pub members: u32,
}

/// Explains the roles of one population.
#[derive(Debug)]
pub struct Explainer {
    names: Vec<String>,
    conjunctions: Conjunctions,
}

impl Explainer {
    /// For the identities of a population (ascending), by these attributes: of equally near conjunctions the earlier attribute counts.
    #[must_use]
    pub fn new(attributes: &[(&str, &Column)], population: &[IdentityId]) -> Self {
        let (names, columns): (Vec<_>, Vec<_>) =
            attributes.iter().map(|(name, column)| ((*name).to_owned(), *column)).unzip();
        Self { names, conjunctions: Conjunctions::new(Groups::new(&columns, population)) }
    }

    /// What comes nearest to some members, given as positions in the population. None where there are none, or no attributes.
    #[must_use]
    pub fn explain(&self, members: &[u32]) -> Option<Explained> {
        if self.names.is_empty() {
            return None;
        }
        let count = super::count(members.len());
        let (mut best, mut nearest) = (None, (0, 1));
        for (items, both) in self.conjunctions.ordered(members) {
            let matched = self.conjunctions.matched(items);
            let near = (2 * u128::from(both), u128::from(count) + u128::from(matched));
            if near.0 * nearest.1 > nearest.0 * near.1 {
                nearest = near;
                best = Some((items, both, matched));
            }
        }
        let (items, both, matched) = best?;
        let test = |&item: &Item| {
            let (attribute, value) = self.conjunctions.groups.item(item)?;
            Some((self.names.get(attribute)?.clone(), value.to_owned()))
        };
        let tests = items.as_slice().iter().filter_map(test).collect();
        Some(Explained { tests, both, matched: u32::try_from(matched).unwrap_or(u32::MAX), members: count })
    }
}

/// The conjunctions of at most two tests that anyone of a population meets, the empty one among them.
#[derive(Debug)]
pub(crate) struct Conjunctions {
    groups: Groups,
    /// Identities that meet each. Looked up, and walked only to be put in order.
    matched: FxHashMap<Items, u32>,
}

impl Conjunctions {
    fn new(groups: Groups) -> Self {
        let mut matched = FxHashMap::default();
        for group in 0..groups.len() {
            each(groups.items_of(group), |items| *matched.entry(items).or_default() += groups.size(group));
        }
        Self { groups, matched }
    }

    /// Those over the attributes that guide a strategy, of so many rows.
    pub(crate) fn of_guides(guides: &[Guide], height: usize) -> Self {
        Self::new(Groups::of_guides(guides, height))
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

impl Explained {
    /// Of those who meet the tests, how many are members.
    #[must_use]
    pub fn precision(&self) -> Percent {
        Percent::of(self.both.into(), self.matched.into())
    }

    /// Of the members, how many meet the tests.
    #[must_use]
    pub fn recall(&self) -> Percent {
        Percent::of(self.both.into(), self.members.into())
    }

    /// The Dice coefficient: 100% where the tests say exactly who is a member.
    #[must_use]
    pub fn fit(&self) -> Percent {
        Percent::of(2 * u64::from(self.both), u64::from(self.members) + u64::from(self.matched))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use adit_snapshots::{NO_VALUE, TextColumn};
    use proptest::{prelude::prop, prop_assert_eq, proptest};

    use super::*;

    fn column(codes: &[u32]) -> Column {
        Column::Text(TextColumn { values: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], codes: codes.to_vec() })
    }

    fn explained(attributes: &[(&str, &Column)], everyone: u32, members: &[u32]) -> Option<Explained> {
        Explainer::new(attributes, &(0..everyone).map(IdentityId).collect::<Vec<_>>()).explain(members)
    }

    #[test]
    fn the_value_that_comes_nearest_is_named() {
        let department = column(&[0, 0, 0, 1, 1, 1]);
        let title = column(&[0, 0, 1, 0, 1, NO_VALUE]);
        let by = [("department", &department), ("title", &title)];
        let test = |attribute: &str, value: &str| (attribute.to_owned(), value.to_owned());
        // Exactly department a.
        let found = explained(&by, 6, &[0, 1, 2]).unwrap();
        assert_eq!(found, Explained { tests: vec![test("department", "a")], both: 3, matched: 3, members: 3 });
        assert_eq!((found.precision(), found.recall(), found.fit()), (Percent::WHOLE, Percent::WHOLE, Percent::WHOLE));
        // Department a and title a, but for one.
        let found = explained(&by, 6, &[0, 1]).unwrap();
        assert_eq!(found.tests, [test("department", "a"), test("title", "a")]);
        // Everyone but one: no test comes as near as none.
        let found = explained(&by, 6, &[0, 1, 2, 3, 4]).unwrap();
        assert_eq!((found.precision(), found.recall()), (Percent(8_333), Percent::WHOLE));
        assert_eq!((found.tests, found.both, found.matched), (vec![], 5, 6));
        // One with no title.
        assert_eq!(explained(&by, 6, &[5]).unwrap().tests, [test("department", "b")]);
        assert_eq!(explained(&by, 6, &[]), None);
        assert_eq!(explained(&[], 6, &[1]), None);
    }

    proptest! {
        #[test]
        fn nothing_comes_nearer(
            values in prop::collection::vec((0_u32..3, 0_u32..4), 1..12),
            members in prop::collection::btree_set(0_u32..12, 1..12),
        ) {
            let members: Vec<u32> = members.into_iter().filter(|&member| (member as usize) < values.len()).collect();
            let codes = |pick: fn(&(u32, u32)) -> u32| values.iter().map(pick).map(|code| if code == 3 { NO_VALUE } else { code }).collect::<Vec<_>>();
            let (one, other) = (codes(|pair| pair.0), codes(|pair| pair.1));
            let everyone = u32::try_from(values.len()).unwrap();
            let found = explained(&[("x", &column(&one)), ("y", &column(&other))], everyone, &members);
            let inside: BTreeSet<u32> = members.iter().copied().collect();
            // Every choice of a value or of none for each attribute, compared with everyone.
            let mut best = 0_f64;
            for x in [None, Some(0), Some(1), Some(2)] {
                for y in [None, Some(0), Some(1), Some(2)] {
                    let met: BTreeSet<u32> = (0..everyone)
                        .filter(|&row| x.is_none_or(|x| one[row as usize] == x) && y.is_none_or(|y| other[row as usize] == y))
                        .collect();
                    let both = (&met & &inside).len();
                    if both > 0 {
                        best = best.max(2.0 * both as f64 / (met.len() + inside.len()) as f64);
                    }
                }
            }
            let fit = found.map_or(0.0, |found| 2.0 * f64::from(found.both) / f64::from(found.matched + found.members));
            prop_assert_eq!(fit, best);
        }
    }
}
