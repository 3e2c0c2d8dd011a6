//! How well attributes explain who has a role: the one value, or two, that come nearest to its members.
//!
//! A membership rule ([`super::Describer`]) must be sound before it is given, and a role may have none. This is a measure, and every role
//! has it: of the conjunctions of at most two tests, and of no test at all (everyone), the one with the greatest Dice coefficient
//! 2 · |members ∩ matched| / (|members| + |matched|) (Dice, *Measures of the amount of ecologic association between species*, 1945), which is
//! the harmonic mean of precision and recall (F₁).

use std::sync::Arc;

use adit_snapshots::{Column, IdentityId};
use rustc_hash::FxHashMap;

use super::{
    conjunctions::Conjunctions,
    groups::{Groups, Item},
    items::Items,
};
use crate::spec::Percent;

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
        let (names, columns): (Vec<_>, Vec<_>) = attributes.iter().copied().unzip();
        Self::within(Arc::new(Groups::new(&columns, population)), &names)
    }

    /// The same where it is known who is alike in these attributes.
    pub(crate) fn within(groups: Arc<Groups>, names: &[impl AsRef<str>]) -> Self {
        let names = names.iter().map(|name| name.as_ref().to_owned()).collect();
        Self { names, conjunctions: Conjunctions::within(groups) }
    }

    /// What comes nearest to some members, given as positions in the population. None where there are none, or no attributes.
    #[must_use]
    pub fn explain(&self, members: &[u32]) -> Option<Explained> {
        let groups = self.conjunctions.groups();
        let held = groups.count(members);
        if self.names.is_empty() || held.is_empty() {
            return None;
        }
        let everyone = self.conjunctions.matched(Items::default());
        let mut nearest = Nearest::new(super::count(members.len()), everyone);
        let singles = singles(groups, &held);
        for &(item, both) in &singles {
            nearest.hold_against(Items::of(item), both, self.conjunctions.matched(Items::of(item)));
        }
        // Two tests take in no more members than either, so most values are out before any two are put together.
        let near: Vec<Item> =
            singles.iter().filter(|&&(_, both)| nearest.may_lose_to(both)).map(|&(item, _)| item).collect();
        for (items, both) in pairs(groups, &held, &near) {
            nearest.hold_against(items, both, self.conjunctions.matched(items));
        }
        let test = |&item: &Item| {
            let (attribute, value) = groups.item(item)?;
            Some((self.names.get(attribute)?.clone(), value.to_owned()))
        };
        let Nearest { tests, both, matched, members } = nearest;
        let tests = tests.as_slice().iter().filter_map(test).collect();
        Some(Explained { tests, both, matched: u32::try_from(matched).unwrap_or(u32::MAX), members })
    }
}

/// How many members have each item; ascending.
fn singles(groups: &Groups, held: &[(u32, u32)]) -> Vec<(Item, u32)> {
    let mut found: FxHashMap<Item, u32> = FxHashMap::default();
    for &(group, members) in held {
        groups.items_of(group).iter().for_each(|&item| *found.entry(item).or_default() += members);
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// How many members have each two of some items; ascending.
fn pairs(groups: &Groups, held: &[(u32, u32)], of: &[Item]) -> Vec<(Items, u32)> {
    let mut found: FxHashMap<Items, u32> = FxHashMap::default();
    let mut items: Vec<Item> = Vec::new();
    for &(group, members) in held.iter().filter(|_| of.len() > 1) {
        items.clear();
        items.extend(groups.items_of(group).iter().filter(|item| of.binary_search(item).is_ok()));
        for one in Items::default().longer(&items) {
            one.longer(&items).for_each(|two| *found.entry(two).or_default() += members);
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable();
    found
}
/// The nearest conjunction so far.
struct Nearest {
    tests: Items,
    both: u32,
    matched: u64,
    members: u32,
}

impl Nearest {
    /// Everyone, whatever their attributes.
    fn new(members: u32, everyone: u64) -> Self {
        Self { tests: Items::default(), both: members, matched: everyone, members }
    }

    /// Takes a conjunction that comes nearer; of equals the first stays.
    fn hold_against(&mut self, tests: Items, both: u32, matched: u64) {
        if self.loses_to(both, matched) {
            (self.tests, self.both, self.matched) = (tests, both, matched);
        }
    }

    /// Whether any conjunction could come nearer that takes in no more members than that: at best it takes in nobody else.
    fn may_lose_to(&self, both: u32) -> bool {
        self.loses_to(both, both.into())
    }

    fn loses_to(&self, both: u32, matched: u64) -> bool {
        let whole = |matched: u64| u128::from(self.members) + u128::from(matched);
        u128::from(both) * whole(self.matched) > u128::from(self.both) * whole(matched)
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
