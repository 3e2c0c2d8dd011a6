//! Whether roles that exclude each other keep duties apart, whoever holds which of them.
//!
//! Verifying that mutually exclusive roles enforce separation of duty is coNP-complete (Li, Tripunitara and Bizri, *On mutually
//! exclusive roles and separation-of-duty*, TISSEC 10(2), 2007). It is exact here where it is tractable: every choice of roles that
//! the exclusions allow is tried, as far as there are no more than [`MOST_CHOICES`] of them. What one may have within a choice is every role
//! that it does not exclude, so each choice costs one pass over the roles.

use std::collections::{BTreeMap, btree_map::Entry};

use super::choices::choices;

/// Up to so many choices are all tried: at most half of 18 roles, and of 12 a hundred times over.
pub(super) const MOST_CHOICES: u64 = 100_000;

/// Sides of one place, by index.
pub(super) type SideSet = Vec<usize>;

/// What having a role, or being in a group, means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Power {
    /// For each exclusion, which of its sides it counts as.
    pub(super) excluded: Vec<SideSet>,
    /// Which of the duties it brings.
    pub(super) brings: SideSet,
}

/// Roles that exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exclusion {
    /// How many sides it has.
    pub(super) sides: usize,
    /// How many of them one identity may have.
    pub(super) at_most: usize,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Whoever keeps the exclusions keeps the duties.
    Enforced,
    /// One may have these powers together (indices, ascending), which bring too many duties.
    Broken(Vec<usize>),
    /// There are so many choices, or more than anyone counts.
    TooMany(Option<u64>),
}

/// Whether no identity that keeps all `exclusions` can have more than `at_most` of the duties.
pub(super) fn decide(powers: &[Power], exclusions: &[Exclusion], at_most: usize) -> Outcome {
    let choices = exclusions.iter().try_fold(1_u64, |all, it| all.checked_mul(choices(it.sides, it.at_most)?));
    if choices.is_none_or(|choices| choices > MOST_CHOICES) {
        return Outcome::TooMany(choices);
    }
    let mut chosen: Vec<SideSet> = exclusions.iter().map(|it| (0..it.at_most.min(it.sides)).collect()).collect();
    loop {
        if let Some(witness) = too_many(powers, &chosen, at_most) {
            return Outcome::Broken(witness);
        }
        // The next choice, as an odometer counts: each exclusion is a wheel.
        let turned = chosen.iter_mut().zip(exclusions).any(|(chosen, it)| {
            let turned = next(chosen, it.sides);
            if !turned {
                *chosen = (0..chosen.len()).collect();
            }
            turned
        });
        if !turned {
            return Outcome::Enforced;
        }
    }
}

/// The fewest powers within a choice that bring too many duties, if any do.
fn too_many(powers: &[Power], chosen: &[SideSet], at_most: usize) -> Option<Vec<usize>> {
    let is_allowed = |power: &Power| {
        power
            .excluded
            .iter()
            .zip(chosen)
            .all(|(sides, chosen)| sides.iter().all(|side| chosen.binary_search(side).is_ok()))
    };
    let allowed: Vec<_> = powers.iter().enumerate().filter(|(_, power)| is_allowed(power)).collect();
    let mut all: SideSet = allowed.iter().flat_map(|(_, power)| power.brings.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    (all.len() > at_most).then(|| fewest(&allowed, at_most))
}

/// The fewest powers that bring too many duties: breadth first over what so many bring together. Where that is more than a few thousand
/// sets, always the power that adds most next.
fn fewest(allowed: &[(usize, &Power)], at_most: usize) -> Vec<usize> {
    const MOST_SETS: usize = 4_096;
    let mut known: BTreeMap<SideSet, Vec<usize>> = BTreeMap::from([(Vec::new(), Vec::new())]);
    let mut level = vec![Vec::new()];
    while !level.is_empty() && known.len() <= MOST_SETS {
        let mut next = Vec::new();
        for brought in std::mem::take(&mut level) {
            let with = known.get(&brought).cloned().unwrap_or_default();
            for (index, power) in allowed {
                let together = union(&brought, &power.brings);
                let mut with = with.clone();
                with.push(*index);
                with.sort_unstable();
                if together.len() > at_most {
                    return with;
                }
                if let Entry::Vacant(entry) = known.entry(together.clone()) {
                    entry.insert(with);
                    next.push(together);
                }
            }
        }
        level = next;
    }
    let (mut brought, mut with) = (SideSet::new(), Vec::new());
    while brought.len() <= at_most {
        let best = allowed.iter().map(|(index, power)| (union(&brought, &power.brings), *index));
        let Some((together, index)) = best.max_by_key(|(together, index)| (together.len(), std::cmp::Reverse(*index)))
        else {
            break;
        };
        if together.len() == brought.len() {
            break;
        }
        brought = together;
        with.push(index);
    }
    with.sort_unstable();
    with
}

fn union(a: &[usize], b: &[usize]) -> SideSet {
    let mut union = [a, b].concat();
    union.sort_unstable();
    union.dedup();
    union
}

/// Turns an ascending choice of `0..of` into the next one; whether there was one.
fn next(chosen: &mut [usize], of: usize) -> bool {
    let count = chosen.len();
    let Some(at) = (0..count).rev().find(|&at| chosen.get(at).is_some_and(|&side| side < of - (count - at))) else {
        return false;
    };
    let from = chosen.get(at).map_or(0, |side| side + 1);
    chosen.iter_mut().skip(at).zip(from..).for_each(|(side, next)| *side = next);
    true
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};

    use super::*;

    fn power(excluded: &[usize], brings: &[usize]) -> Power {
        Power { excluded: vec![excluded.to_vec()], brings: brings.to_vec() }
    }

    const PAIR: Exclusion = Exclusion { sides: 2, at_most: 1 };

    #[test]
    fn two_roles_that_exclude_each_other() {
        let [clerk, payer] = [power(&[0], &[0]), power(&[1], &[1])];
        assert_eq!(decide(&[clerk.clone(), payer.clone()], &[PAIR], 1), Outcome::Enforced);
        // A third role that nobody thought of brings one of the duties, with whichever of the two.
        let third = power(&[], &[1]);
        assert_eq!(decide(&[clerk.clone(), payer, third], &[PAIR], 1), Outcome::Broken(vec![0, 2]));
        // One that inherits both cannot be had at all by whoever keeps the exclusion.
        let chief = power(&[0, 1], &[0, 1]);
        assert_eq!(decide(&[clerk, chief], &[PAIR], 1), Outcome::Enforced);
    }

    #[test]
    fn more_choices_than_can_be_tried() {
        let half = Exclusion { sides: 20, at_most: 10 };
        assert_eq!(decide(&[], &[half], 1), Outcome::TooMany(Some(184_756)));
        assert_eq!(decide(&[], &[Exclusion { sides: 200, at_most: 100 }], 1), Outcome::TooMany(None));
        assert_eq!(decide(&[], &[Exclusion { sides: 12, at_most: 6 }], 1), Outcome::Enforced);
    }

    proptest! {
        /// The obvious way: every set of powers, held against every exclusion.
        #[test]
        fn as_every_set_of_powers_says(
            powers in collection::vec(
                (collection::btree_set(0_usize..4, 0..3), collection::btree_set(0_usize..3, 0..3), collection::btree_set(0_usize..4, 0..3)),
                0..7,
            ),
            first in 0_usize..4,
            second in 0_usize..3,
            at_most in 0_usize..4,
        ) {
            let powers: Vec<Power> = powers
                .into_iter()
                .map(|(one, other, brings)| Power {
                    excluded: vec![one.into_iter().collect(), other.into_iter().collect()],
                    brings: brings.into_iter().collect(),
                })
                .collect();
            let exclusions = [Exclusion { sides: 4, at_most: first }, Exclusion { sides: 3, at_most: second }];
            let count = |set: u32, of: &dyn Fn(&Power) -> SideSet| {
                let chosen = powers.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1);
                let mut all: SideSet = chosen.flat_map(|(_, power)| of(power)).collect();
                all.sort_unstable();
                all.dedup();
                all.len()
            };
            let keeps = |set: u32| {
                count(set, &|power| power.excluded[0].clone()) <= first && count(set, &|power| power.excluded[1].clone()) <= second
            };
            let breaks = |set: u32| keeps(set) && count(set, &|power| power.brings.clone()) > at_most;
            let fewest = (0..1_u32 << powers.len()).filter(|&set| breaks(set)).map(u32::count_ones).min();
            match decide(&powers, &exclusions, at_most) {
                Outcome::Enforced => prop_assert_eq!(fewest, None),
                Outcome::Broken(witness) => {
                    let set = witness.iter().fold(0_u32, |set, index| set | 1 << index);
                    prop_assert!(breaks(set), "{witness:?}");
                    prop_assert!(fewest.is_some_and(|fewest| fewest as usize <= witness.len()));
                }
                Outcome::TooMany(_) => prop_assert!(false),
            }
        }
    }
}
