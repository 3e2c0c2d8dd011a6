//! Which of many sets are nearly contained in which, without comparing all pairs.
//!
//! A set of x elements of which at least `share` are in another shares n = ⌈`share` · x⌉ with it, so one of its x − n + 1 rarest elements
//! is in the other (*prefix filter*, see [`super`]). Only sets that have such an element, and are no smaller, are compared. Every pair of
//! Jaccard similarity `share` is among those found: the smaller is contained to at least that share.

use rayon::prelude::*;

use super::{Pair, common, index::ranks};
use crate::spec::Percent;

/// All pairs of sets of which the smaller is in the larger to at least `share`, ascending. Each set ascends without repeats; empty sets
/// are in none.
#[must_use]
pub fn contained<S: AsRef<[u32]> + Sync>(sets: &[S], share: Percent) -> Vec<Pair> {
    let rank_of = ranks(sets);
    let size = |place: u32| sets.get(place as usize).map_or(0, |set| set.as_ref().len());
    let mut having: Vec<Vec<u32>> = vec![Vec::new(); rank_of.len()];
    for (place, set) in (0..).zip(sets) {
        for &element in set.as_ref() {
            if let Some(having) = having.get_mut(element as usize) {
                having.push(place);
            }
        }
    }
    let found: Vec<Vec<Pair>> = (0..u32::try_from(sets.len()).unwrap_or(u32::MAX))
        .into_par_iter()
        .map(|place| {
            let set = sets.get(place as usize).map_or(&[][..], AsRef::as_ref);
            let need = need(set.len(), share);
            let mut rarest: Vec<u32> = set.to_vec();
            rarest.sort_by_key(|&element| rank_of.get(element as usize).copied());
            rarest.truncate((set.len() + 1).saturating_sub(need));
            let mut met: Vec<u32> =
                rarest.iter().filter_map(|&element| having.get(element as usize)).flatten().copied().collect();
            // Of two sets of one size the first looks.
            met.retain(|&other| (size(other), other) > (set.len(), place));
            met.sort_unstable();
            met.dedup();
            met.into_iter()
                .filter_map(|other| {
                    let shared = common(set, sets.get(other as usize)?.as_ref());
                    let common = u32::try_from(shared).unwrap_or(u32::MAX);
                    (shared >= need).then_some(Pair { one: place.min(other), other: place.max(other), common })
                })
                .collect()
        })
        .collect();
    let mut pairs = found.concat();
    pairs.sort_unstable();
    pairs
}

/// How many elements of a set are at least this share of it, and at least one.
fn need(size: usize, share: Percent) -> usize {
    let need = (size as u64 * u64::from(share.0)).div_ceil(u64::from(Percent::WHOLE.0));
    usize::try_from(need).unwrap_or(usize::MAX).max(1)
}
