//! Pairs of identity and entitlement, as rows of a matrix.

use rayon::slice::ParallelSliceMut;

use crate::{Assignments, EntitlementId, Grants, IdentityId, Paths};

/// A pair, ordered by identity, then entitlement.
pub(crate) type Pair = u64;

/// A pair of ranks.
#[inline]
pub(crate) fn pair(identity: IdentityId, entitlement: EntitlementId) -> Pair {
    u64::from(identity.0) << 32 | u64::from(entitlement.0)
}

/// The assignments of pairs alone, and how many pairs repeat another.
pub(crate) fn assignments(identities: usize, parts: Vec<Vec<Pair>>) -> (Assignments, u64) {
    let count = parts.iter().map(Vec::len).sum();
    // A file that is sorted, as most are, gives parts that are: nothing is copied then.
    let (starts, entitlements) = if parts.iter().flatten().is_sorted() {
        rows(identities, count, parts.iter().flatten().copied())
    } else {
        let mut pairs = Vec::with_capacity(count);
        for part in parts {
            pairs.extend_from_slice(&part);
        }
        pairs.par_sort_unstable();
        rows(identities, count, pairs.into_iter())
    };
    let repeated = count - entitlements.len();
    let paths = Paths { rows: vec![Vec::new()] };
    (Assignments { starts, entitlements, grants: None, paths }, repeated as u64)
}

/// The assignments of distinct sorted pairs, each with its grants.
pub(crate) fn granted(identities: usize, pairs: &[Pair], grants: Grants, paths: Paths) -> Assignments {
    let (starts, entitlements) = rows(identities, pairs.len(), pairs.iter().copied());
    Assignments { starts, entitlements, grants: Some(grants), paths }
}

/// Where the row of each identity starts, and the entitlements of all rows, of sorted pairs; repeated ones count once.
fn rows(identities: usize, count: usize, pairs: impl Iterator<Item = Pair>) -> (Vec<usize>, Vec<EntitlementId>) {
    let mut starts = Vec::with_capacity(identities + 1);
    let mut entitlements = Vec::with_capacity(count);
    let mut last = None;
    for pair in pairs {
        if last == Some(pair) {
            continue;
        }
        last = Some(pair);
        let row = (pair >> 32) as usize;
        while starts.len() <= row {
            starts.push(entitlements.len());
        }
        entitlements.push(EntitlementId(pair as u32));
    }
    starts.resize(identities + 1, entitlements.len());
    (starts, entitlements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_or_not_the_rows_are_the_same() {
        let pairs = |list: &[(u32, u32)]| -> Vec<Pair> {
            list.iter().map(|&(i, e)| pair(IdentityId(i), EntitlementId(e))).collect()
        };
        let (sorted, repeated) = assignments(5, vec![pairs(&[(0, 1), (0, 2)]), Vec::new(), pairs(&[(0, 2), (3, 0)])]);
        assert_eq!((sorted.starts.as_slice(), repeated), ([0, 2, 2, 2, 3, 3].as_slice(), 1));
        let (shuffled, repeated) = assignments(5, vec![pairs(&[(3, 0), (0, 2)]), pairs(&[(0, 2), (0, 1)])]);
        assert_eq!((shuffled.starts, shuffled.entitlements, repeated), (sorted.starts, sorted.entitlements, 1));
        assert_eq!(assignments(0, Vec::new()).0.starts, [0]);
    }
}
