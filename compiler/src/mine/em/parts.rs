//! Components as sets of identities, each identity in one: what they are worth, as two or as one.
//!
//! Identities whose component is known have the classification likelihood (Celeux, Govaert 1992). With what is likeliest put in for πₖ and θₖⱼ, a part
//! of N identities, of whom cⱼ have feature j, contributes
//!
//! ```text
//! W = N ln N + Σⱼ cⱼ ln cⱼ + (N − cⱼ) ln (N − cⱼ) − N ln N
//! ```
//!
//! to it, the first term for the share of the part (− N ln n is the same for every partition). Two parts B and C are told apart by
//!
//! ```text
//! A = (W(B) + W(C) − W(B ∪ C)) / (16 + N ln N − |B| ln |B| − |C| ln |C|),   N = |B| + |C|
//! ```
//!
//! what is gained by two instead of one for each nat of saying who is in which, as the gain ratio of C4.5 has it (Quinlan 1993). That is about
//! how many features tell them apart, however many identities they are. The gain itself grows with their number: it would rather divide a large
//! job by what some of it hold besides than tell two small ones apart. Sixteen is doubt, so that a few who hold odd things are no kind of their own.
//! All in whole numbers.

use std::{cmp::Ordering, collections::BTreeSet};

use rayon::prelude::*;

use super::{
    halves::{self, ENOUGH, Halves},
    model::{ONE, Shares},
};
use crate::mine::profiles::Profiles;

/// What telling parts apart costs at least, in nats.
const DOUBT: i64 = 16 << 16;

/// Parts that one part may be held against.
const NEAR: usize = 16;

/// The parts, and x ln x for every count there can be.
pub(super) struct Parts<'a> {
    pub(super) profiles: &'a Profiles,
    pub(super) times: &'a [u32],
    parts: Vec<Part>,
    xlnx: Vec<i64>,
}

/// What is known of a part.
#[derive(Default)]
pub(super) struct Part {
    pub(super) size: u32,
    pub(super) members: Vec<u32>,
    /// Feature and how many have it, ascending; none that nobody has.
    pub(super) counts: Vec<(u32, u32)>,
    pub(super) worth: i64,
}

/// A part that becomes two: how far they are apart, and who goes off.
pub(super) struct Split {
    pub(super) apart: i64,
    pub(super) part: usize,
    pub(super) off: Vec<u32>,
}

/// Two parts that become one, and how far they were apart; least first, then by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merge {
    pub(super) apart: i64,
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

    /// For each part that gains by it, the best of a few ways to make two of it: the one that tells them apart most clearly.
    ///
    /// One begins with those who have a feature and those who have not, where both are many, and moves identities to the likelier half until none moves.
    pub(super) fn splits(&self) -> Vec<Split> {
        let best = |(part, whole): (usize, &Part)| {
            let some = (whole.members.len() > ENOUGH).then(|| self.part(halves::enough(&whole.members).collect()));
            let halves = Halves::new(self, some.as_ref().unwrap_or(whole));
            let ways = halves.beginnings().map(|beginning| halves.settled(beginning));
            let ways = ways.map(|way| (self.apart(way.gain, way.size, halves.size() - way.size), way));
            // The first of equals: `max_by_key` would take the last.
            let (_, way) = ways.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
            let off = halves.off(&way, &whole.members);
            let stay = whole.members.iter().filter(|member| off.binary_search(member).is_err()).copied().collect();
            let (stays, goes) = (self.part(stay), self.part(off));
            let apart = self.apart(stays.worth + goes.worth - whole.worth, stays.size, goes.size);
            let both = !stays.members.is_empty() && !goes.members.is_empty();
            (apart > 0 && both).then_some(Split { apart, part, off: goes.members })
        };
        self.parts.par_iter().enumerate().filter_map(best).collect()
    }

    /// Pairs of parts that are near, and how far they are apart.
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
        let whole = self.worth(a.size + b.size, both);
        Some(Merge { apart: self.apart(a.worth + b.worth - whole, a.size, b.size), one, other })
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

    /// How clearly two parts of these sizes are told apart that gain so much by being two, in units of 2⁻¹⁶.
    fn apart(&self, gain: i64, one: u32, other: u32) -> i64 {
        let telling = self.xlnx(one + other) - self.xlnx(one) - self.xlnx(other);
        i64::try_from((i128::from(gain) << 16) / i128::from((telling + DOUBT).max(1))).unwrap_or(i64::MAX)
    }

    fn xlnx(&self, x: u32) -> i64 {
        self.xlnx.get(x as usize).copied().unwrap_or_default()
    }

    /// What a part of this size is worth, of whom so many have each feature.
    pub(super) fn worth(&self, size: u32, counts: impl Iterator<Item = u32>) -> i64 {
        let whole = self.xlnx(size);
        whole + counts.map(|count| self.xlnx(count) + self.xlnx(size - count) - whole).sum::<i64>()
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
