//! Pairs of identity and entitlement, as rows of a matrix.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::{Assignments, EntitlementId, Grants, IdentityId, Paths};

/// A pair, ordered by identity, then entitlement.
pub(crate) type Pair = u64;

/// Pairs that one task puts in place, at least.
#[cfg(not(test))]
const LARGE: usize = 1 << 20;
#[cfg(test)]
const LARGE: usize = 4;

/// A pair of ranks.
#[inline]
pub(crate) fn pair(identity: IdentityId, entitlement: EntitlementId) -> Pair {
    u64::from(identity.0) << 32 | u64::from(entitlement.0)
}

/// The assignments of pairs alone, and how many pairs repeat another.
pub(crate) fn assignments(identities: usize, parts: Vec<Vec<Pair>>) -> (Assignments, u64) {
    let (mut starts, mut entitlements) = rows(identities, &parts);
    drop(parts);
    let count = entitlements.len();
    let repeats = slices(&starts, &mut entitlements)
        .into_par_iter()
        .map(|row| {
            if !row.is_sorted() {
                row.sort_unstable();
            }
            row.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
        })
        .reduce(|| false, |a, b| a || b);
    if repeats {
        compact(&mut starts, &mut entitlements);
    }
    let repeated = (count - entitlements.len()) as u64;
    let paths = Paths { rows: vec![Vec::new()] };
    (Assignments { starts, entitlements, grants: None, paths }, repeated)
}

/// The assignments of distinct sorted pairs, each with its grants.
pub(crate) fn granted(identities: usize, pairs: Vec<Pair>, grants: Grants, paths: Paths) -> Assignments {
    let (starts, entitlements) = rows(identities, &[pairs]);
    Assignments { starts, entitlements, grants: Some(grants), paths }
}

/// Where the row of each identity starts, and the entitlements of all rows, in each row in the order they came: a
/// counting sort, since files are mostly sorted by identity already.
fn rows(identities: usize, parts: &[Vec<Pair>]) -> (Vec<usize>, Vec<EntitlementId>) {
    let mut starts = vec![0_usize; identities + 1];
    for &pair in parts.iter().flatten() {
        if let Some(count) = starts.get_mut(row(pair) + 1) {
            *count += 1;
        }
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total;
    }
    let mut entitlements = vec![EntitlementId(0); total];
    place(parts, 0, &starts, &mut entitlements, rayon::current_num_threads());
    (starts, entitlements)
}

/// Writes the entitlements of the rows from `first` on, as many as `starts` says; by so many tasks at once, each for rows of its own.
fn place(parts: &[Vec<Pair>], first: usize, starts: &[usize], into: &mut [EntitlementId], tasks: usize) {
    let base = starts.first().copied().unwrap_or_default();
    if tasks > 1 && into.len() > LARGE && starts.len() > 2 {
        let half = starts.partition_point(|start| start - base < into.len() / 2).clamp(1, starts.len() - 2);
        let (left, right) = (starts.get(..=half).unwrap_or(&[]), starts.get(half..).unwrap_or(&[]));
        let (into_left, into_right) = into.split_at_mut(right.first().map_or(0, |middle| middle - base));
        rayon::join(
            || place(parts, first, left, into_left, tasks / 2),
            || place(parts, first + half, right, into_right, tasks - tasks / 2),
        );
        return;
    }
    let mut next: Vec<usize> = starts.iter().take(starts.len().saturating_sub(1)).map(|start| start - base).collect();
    for &pair in parts.iter().flatten() {
        let Some(at) = next.get_mut(row(pair).wrapping_sub(first)) else { continue };
        if let Some(slot) = into.get_mut(*at) {
            *slot = EntitlementId(pair as u32);
        }
        *at += 1;
    }
}

fn row(pair: Pair) -> usize {
    (pair >> 32) as usize
}

/// The rows of a matrix.
fn slices<'a>(starts: &[usize], mut entitlements: &'a mut [EntitlementId]) -> Vec<&'a mut [EntitlementId]> {
    let mut slices = Vec::with_capacity(starts.len());
    for (start, end) in starts.iter().zip(starts.iter().skip(1)) {
        let Some((row, rest)) = entitlements.split_at_mut_checked(end - start) else { break };
        slices.push(row);
        entitlements = rest;
    }
    slices
}

/// Drops what a sorted row holds twice.
fn compact(starts: &mut [usize], entitlements: &mut Vec<EntitlementId>) {
    let mut kept = Vec::with_capacity(entitlements.len());
    let mut start = 0;
    for next in starts.iter_mut().skip(1) {
        let row = entitlements.get(start..*next).unwrap_or(&[]);
        start = *next;
        kept.extend(row.chunk_by(|a, b| a == b).filter_map(|same| same.first()));
        *next = kept.len();
    }
    *entitlements = kept;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(list: &[(u32, u32)]) -> Vec<Pair> {
        list.iter().map(|&(i, e)| pair(IdentityId(i), EntitlementId(e))).collect()
    }

    #[test]
    fn rows_are_sorted_and_repeats_counted() {
        let (found, repeated) = assignments(5, vec![pairs(&[(3, 0), (0, 2)]), Vec::new(), pairs(&[(0, 2), (0, 1)])]);
        assert_eq!((found.starts.as_slice(), repeated), ([0, 2, 2, 2, 3, 3].as_slice(), 1));
        assert_eq!(found.entitlements, [1, 2, 0].map(EntitlementId));
        assert_eq!(assignments(0, Vec::new()).0.starts, [0]);
    }

    proptest! {
        #[test]
        fn rows_are_those_of_a_set(list in prop::collection::vec((0..6_u32, 0..6_u32), 0..40), cut in 0..40_usize) {
            let (left, right) = list.split_at(cut.min(list.len()));
            let (found, repeated) = assignments(6, vec![pairs(left), pairs(right)]);
            let set: std::collections::BTreeSet<(u32, u32)> = list.iter().copied().collect();
            let expected: Vec<(u32, u32)> = set.into_iter().collect();
            let held = (0..6).flat_map(|i| found.held(IdentityId(i)).iter().map(move |e| (i, e.0)));
            prop_assert_eq!(held.collect::<Vec<_>>(), expected);
            prop_assert_eq!(found.entitlements.len() + repeated as usize, list.len());
        }
    }
}
