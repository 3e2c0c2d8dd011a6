//! Pairs of identity and entitlement, as rows of a matrix.

use rayon::slice::ParallelSliceMut;

use crate::{EntitlementId, IdentityId};

/// A pair, ordered by identity, then entitlement.
pub(crate) type Pair = u64;

/// A pair of ranks.
#[inline]
pub(crate) fn pair(identity: IdentityId, entitlement: EntitlementId) -> Pair {
    u64::from(identity.0) << 32 | u64::from(entitlement.0)
}

/// The entitlement of a pair.
#[inline]
pub(crate) fn entitlement(pair: Pair) -> EntitlementId {
    EntitlementId(pair as u32)
}

/// Sorts pairs in parallel, drops repeated ones, and says how many those were.
pub(crate) fn settle(pairs: &mut Vec<Pair>) -> u64 {
    pairs.par_sort_unstable();
    let before = pairs.len();
    pairs.dedup();
    (before - pairs.len()) as u64
}

/// Where the row of each identity starts, and the entitlements of all rows, of sorted pairs.
pub(crate) fn rows(identities: usize, pairs: &[Pair]) -> (Vec<usize>, Vec<EntitlementId>) {
    let mut starts = Vec::with_capacity(identities + 1);
    let mut at = 0;
    for row in 0..identities as u64 {
        starts.push(at);
        at += pairs.get(at..).unwrap_or(&[]).iter().take_while(|&&pair| pair >> 32 == row).count();
    }
    starts.push(pairs.len());
    (starts, pairs.iter().map(|&pair| entitlement(pair)).collect())
}
