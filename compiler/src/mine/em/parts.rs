//! Components as sets of identities, each identity in one: what they are worth, as two or as one.
//!
//! Identities whose component is known have the classification likelihood (Celeux, Govaert 1992). With what is likeliest put in for πₖ and θₖⱼ, a part
//! of N identities, of whom cⱼ have feature j, contributes
//!
//! ```text
//! W = N ln N + Σⱼ cⱼ ln cⱼ + (N − cⱼ) ln (N − cⱼ) − N ln N
//! ```
//!
//! to it, the first term for the share of the part (− N ln n is the same for every partition). All in whole numbers.

use std::{cmp::Ordering, collections::BTreeSet};

use rayon::prelude::*;

use super::model::{ONE, Shares};
use crate::mine::profiles::Profiles;

/// Steps in which the halves of a part settle, and features by which one begins to split it.
const STEPS: usize = 8;
const BEGINNINGS: usize = 3;

/// Parts that one part may be held against.
const NEAR: usize = 16;

/// The parts, and x ln x for every count there can be.
pub(super) struct Parts<'a> {
    profiles: &'a Profiles,
    times: &'a [u32],
    parts: Vec<Part>,
    xlnx: Vec<i64>,
}

/// What is known of a part.
#[derive(Default)]
struct Part {
    size: u32,
    members: Vec<u32>,
    /// Feature and how many have it, ascending; none that nobody has.
    counts: Vec<(u32, u32)>,
    worth: i64,
}

/// A part that becomes two: who goes off, and what is gained.
pub(super) struct Split {
    pub(super) gain: i64,
    pub(super) part: usize,
    pub(super) off: Vec<u32>,
}

/// Two parts that become one, and what is lost; least first, then by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merge {
    pub(super) loss: i64,
    pub(super) one: usize,
    pub(super) other: usize,
}

impl<'a> Parts<'a> {
    /// Each profile, counted so many times, in the component that most of it belongs to, the first of equals.
    pub(super) fn of(profiles: &'a Profiles, times: &'a [u32], shares: &[Shares], components: usize) -> Self {
        let everyone: usize = times.iter().map(|&times| times as usize).sum();
        let xlnx = (0..=everyone).map(|x| (x as f64 * libm::log(x.max(1) as f64) * ONE).round() as i64).collect();
        let mut all = Self { profiles, times, parts: Vec::new(), xlnx };
        let mut members = vec![Vec::new(); components];
        for ((profile, shares), _) in (0..).zip(shares).zip(times).filter(|&(_, &times)| times > 0) {
            if let Some(members) = super::likeliest_of(shares).and_then(|part| members.get_mut(part as usize)) {
                members.push(profile);
            }
        }
        all.parts = members.into_par_iter().map(|members| all.part(members)).collect();
        all
    }

    /// For each part that gains by it, the best of a few ways to make two of it.
    ///
    /// One begins with those who have a feature and those who have not, where both are many, and moves identities to the likelier half until none moves.
    pub(super) fn splits(&self) -> Vec<Split> {
        let splits = self.parts.par_iter().enumerate().filter_map(|(number, part)| {
            let mut by: Vec<(u64, u32)> = part
                .counts
                .iter()
                .map(|&(feature, count)| (u64::from(count) * u64::from(part.size - count), feature))
                .filter(|&(evenly, _)| evenly > 0)
                .collect();
            by.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
            let ways = by.iter().take(BEGINNINGS).map(|&(_, feature)| self.halves(part, feature));
            let worth = |off: Vec<u32>| {
                let stay = part.members.iter().filter(|member| off.binary_search(member).is_err()).copied().collect();
                let gain = self.part(stay).worth + self.part(off.clone()).worth - part.worth;
                Split { gain, part: number, off }
            };
            // The first of equals: `max_by_key` would take the last.
            let best = ways.map(worth).reduce(|best, next| if next.gain > best.gain { next } else { best });
            best.filter(|split| split.gain > 0 && !split.off.is_empty() && split.off.len() < part.members.len())
        });
        splits.collect()
    }

    /// Pairs of parts that are near, and what is lost if they become one.
    ///
    /// Near is who shares features that half the members of both have, and that few other parts have so: each part is held against 16 at most.
    pub(super) fn merges(&self) -> Vec<Merge> {
        let mut common_to: Vec<Vec<usize>> = vec![Vec::new(); self.profiles.features];
        for (number, part) in self.parts.iter().enumerate() {
            for feature in part.common() {
                if let Some(parts) = common_to.get_mut(feature as usize) {
                    parts.push(number);
                }
            }
        }
        let near: BTreeSet<(usize, usize)> = self
            .parts
            .par_iter()
            .enumerate()
            .flat_map_iter(|(number, part)| {
                let mut shared: Vec<&Vec<usize>> =
                    part.common().filter_map(|feature| common_to.get(feature as usize)).collect();
                shared.sort_by_key(|parts| parts.len());
                let mut others = BTreeSet::new();
                for &other in shared.into_iter().flatten().filter(|&&other| other != number) {
                    if others.len() == NEAR {
                        break;
                    }
                    others.insert((number.min(other), number.max(other)));
                }
                others
            })
            .collect();
        near.into_par_iter().filter_map(|(one, other)| self.merge(one, other)).collect()
    }

    fn merge(&self, one: usize, other: usize) -> Option<Merge> {
        let (a, b) = (self.parts.get(one)?, self.parts.get(other)?);
        let (left, right) = (&mut a.counts.iter().peekable(), &mut b.counts.iter().peekable());
        let both = std::iter::from_fn(|| {
            let order = match (left.peek(), right.peek()) {
                (Some(left), Some(right)) => left.0.cmp(&right.0),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            let from_left = if order.is_le() { left.next() } else { None };
            let from_right = if order.is_ge() { right.next() } else { None };
            match (from_left, from_right) {
                (None, None) => None,
                (one, other) => Some(one.map_or(0, |one| one.1) + other.map_or(0, |other| other.1)),
            }
        });
        Some(Merge { loss: a.worth + b.worth - self.worth(a.size + b.size, both), one, other })
    }

    /// Who goes off when a part splits, ascending: at first those without the feature.
    fn halves(&self, part: &Part, feature: u32) -> Vec<u32> {
        // Only features that some have and some have not can tell members apart.
        let telling: Vec<(u32, u32)> = part.counts.iter().filter(|&&(_, count)| count < part.size).copied().collect();
        let rows: Vec<Vec<u32>> = part.members.iter().map(|&member| self.places(member, &telling)).collect();
        let has = |&member: &u32| self.profiles.features_of(member as usize).binary_search(&feature).is_ok();
        let mut stays: Vec<bool> = part.members.iter().map(has).collect();
        let times = |&member: &u32| self.times.get(member as usize).copied().unwrap_or_default();
        for _ in 0..STEPS {
            let mut counts = vec![0_u32; telling.len()];
            let mut size = 0;
            for ((row, member), _) in rows.iter().zip(&part.members).zip(&stays).filter(|&(_, &stays)| stays) {
                size += times(member);
                for &place in row {
                    if let Some(count) = counts.get_mut(place as usize) {
                        *count += times(member);
                    }
                }
            }
            let (base, weights) = likelier(part.size, size, &telling, &counts);
            let weight = |&place: &u32| weights.get(place as usize).copied().unwrap_or_default();
            let next: Vec<bool> = rows.iter().map(|row| base + row.iter().map(weight).sum::<i64>() >= 0).collect();
            if next == stays {
                break;
            }
            stays = next;
        }
        part.members.iter().zip(stays).filter(|&(_, stays)| !stays).map(|(&member, _)| member).collect()
    }

    /// Where among these features those of a profile are.
    fn places(&self, profile: u32, among: &[(u32, u32)]) -> Vec<u32> {
        let features = self.profiles.features_of(profile as usize).iter();
        let place = |feature: &u32| among.binary_search_by_key(feature, |&(feature, _)| feature).ok();
        features.filter_map(place).filter_map(|place| u32::try_from(place).ok()).collect()
    }

    fn part(&self, members: Vec<u32>) -> Part {
        let times = |&member: &u32| self.times.get(member as usize).copied().unwrap_or_default();
        let mut counts: Vec<(u32, u32)> = members
            .iter()
            .flat_map(|member| {
                let times = times(member);
                self.profiles.features_of(*member as usize).iter().map(move |&feature| (feature, times))
            })
            .collect();
        counts.sort_unstable();
        counts.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        let size = members.iter().map(times).sum();
        let worth = self.worth(size, counts.iter().map(|&(_, count)| count));
        Part { size, members, counts, worth }
    }

    fn worth(&self, size: u32, counts: impl Iterator<Item = u32>) -> i64 {
        let xlnx = |x: u32| self.xlnx.get(x as usize).copied().unwrap_or_default();
        let whole = xlnx(size);
        whole + counts.map(|count| xlnx(count) + xlnx(size - count) - whole).sum::<i64>()
    }
}

impl Part {
    /// The features that half the members have.
    fn common(&self) -> impl Iterator<Item = u32> {
        self.counts
            .iter()
            .filter(|&&(_, count)| 2 * u64::from(count) >= u64::from(self.size))
            .map(|&(feature, _)| feature)
    }
}

/// How much likelier one who has none of these features is among those who stay, and what each feature adds.
///
/// Of the `whole` of a part, each feature with the count of those who have it, `size` stay, with their counts. Both halves are counted as if one more were in
/// them, who has what all of the part have on average.
fn likelier(whole: u32, size: u32, all: &[(u32, u32)], stay: &[u32]) -> (i64, Vec<i64>) {
    let ln = |x: u64| (libm::log(x.max(1) as f64) * ONE).round() as i64;
    let (whole, size) = (u64::from(whole), u64::from(size));
    let rest = whole - size;
    let mut base = ln(size) - ln(rest) + (ln(rest + 1) - ln(size + 1)) * all.len() as i64;
    let mut weights = Vec::with_capacity(all.len());
    for (&(_, all), &stay) in all.iter().zip(stay) {
        let (all, stay) = (u64::from(all), u64::from(stay));
        let go = all - stay;
        let with = ln(stay * whole + all) - ln(go * whole + all);
        let without = ln((size - stay) * whole + whole - all) - ln((rest - go) * whole + whole - all);
        base += without;
        weights.push(with - without);
    }
    (base, weights)
}
