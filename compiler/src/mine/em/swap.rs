//! Out of a local optimum: one component splits where two become one, so that there are as many as before.
//!
//! Expectation maximisation moves identities from one component to the next, but a component that stands between two kinds cannot leave either, and a kind that
//! began with several components keeps them. Splitting and merging at once (Ueda, Nakano, Ghahramani, Hinton, *SMEM*, 2000) does what no sequence
//! of small steps does.
//!
//! Which swap helps is not asked of the likelihood: under the planted jobs, each with its members, people are less likely than under components that divide
//! the three largest and have small ones two by two. A swap helps where what splits is told apart more clearly than what merges ([`super::parts`]).

use std::collections::BTreeSet;

use super::{
    model::Shares,
    parts::{Merge, Parts},
};

/// A component that splits, who of it goes off to the place that another leaves by merging.
pub(super) struct Swap {
    split: u32,
    off: Vec<u32>,
    into: u32,
    freed: u32,
}

/// The swaps that help, the best first: the clearest splits with the least clear merges, no component in two of them.
pub(super) fn swaps(parts: &Parts<'_>) -> Vec<Swap> {
    let (mut splits, mut merges) = (parts.splits(), parts.merges());
    splits.sort_unstable_by(|one, other| other.apart.cmp(&one.apart).then(one.part.cmp(&other.part)));
    merges.sort_unstable();
    let mut used = BTreeSet::new();
    let mut swaps = Vec::new();
    for split in splits {
        if used.contains(&split.part) {
            continue;
        }
        let free =
            |merge: &&Merge| [merge.one, merge.other].iter().all(|part| *part != split.part && !used.contains(part));
        let Some(&merge) = merges.iter().take_while(|merge| merge.apart < split.apart).find(free) else { continue };
        used.extend([split.part, merge.one, merge.other]);
        let number = |part: usize| u32::try_from(part).unwrap_or(u32::MAX);
        swaps.push(Swap {
            split: number(split.part),
            off: split.off,
            into: number(merge.one),
            freed: number(merge.other),
        });
    }
    swaps
}

/// How profiles are shared among components after these swaps.
pub(super) fn swapped(shares: &[Shares], swaps: &[Swap]) -> Vec<Shares> {
    let mut next = shares.to_vec();
    let components = shares.iter().flatten().map(|&(component, _)| component as usize + 1).max().unwrap_or(0);
    let mut becomes: Vec<u32> = (0..).take(components).collect();
    for swap in swaps {
        if let Some(becomes) = becomes.get_mut(swap.freed as usize) {
            *becomes = swap.into;
        }
    }
    for (component, _) in next.iter_mut().flatten() {
        *component = becomes.get(*component as usize).copied().unwrap_or(*component);
    }
    for swap in swaps {
        for &profile in &swap.off {
            let of_split = next.get_mut(profile as usize).into_iter().flatten().filter(|share| share.0 == swap.split);
            of_split.for_each(|share| share.0 = swap.freed);
        }
    }
    for shares in &mut next {
        shares.sort_unstable();
        shares.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
    }
    next
}
