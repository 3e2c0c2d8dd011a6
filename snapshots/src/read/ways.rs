//! Ways to hold an entitlement, united into one assignment per identity and entitlement.

use rayon::slice::ParallelSliceMut;

use super::matrix::{self, Pair};
use crate::{Account, Assignments, EntitlementId, Grant, Grants, PathId, Paths};

/// One way in which an identity holds an entitlement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Way {
    pub(crate) pair: Pair,
    /// Found by expanding groups, rather than said by a row.
    pub(crate) expanded: bool,
    pub(crate) grant: Grant,
}

/// The assignments that ways make, and how many rows said what another row says.
///
/// A row that names the same account and path as an expanded way says more, and stands for it.
pub(crate) fn unite(identities: usize, mut ways: Vec<Way>, paths: Paths, ranks: &[PathId]) -> (Assignments, u64) {
    for way in &mut ways {
        way.grant.path = ranks.get(way.grant.path.0 as usize).copied().unwrap_or_default();
    }
    ways.par_sort_unstable();
    let mut repeated = 0;
    let mut pairs = Vec::new();
    let mut grants = Grants { starts: vec![0], rows: Vec::with_capacity(ways.len()) };
    let mut ways = ways.into_iter().peekable();
    let mut run: Vec<Way> = Vec::new();
    while let Some(first) = ways.next() {
        let pair = first.pair;
        run.push(first);
        while let Some(next) = ways.next_if(|next| next.pair == pair) {
            if run.last() != Some(&next) {
                run.push(next);
            } else if !next.expanded {
                repeated += 1;
            }
        }
        let said = run.partition_point(|way| !way.expanded);
        let expanded = run.split_off(said);
        let stated =
            |grant: &Grant| run.iter().any(|way| way.grant.account == grant.account && way.grant.path == grant.path);
        let expanded: Vec<Way> = expanded.into_iter().filter(|way| !stated(&way.grant)).collect();
        run.extend(expanded);
        run.sort_unstable_by(|a, b| a.grant.cmp(&b.grant));
        pairs.push(pair);
        grants.rows.extend(run.drain(..).map(|way| way.grant));
        grants.starts.push(grants.rows.len());
    }
    (matrix::granted(identities, pairs, grants, paths), repeated)
}

/// Counts what is held through each account.
pub(crate) fn count_by_account(accounts: &mut [Account], assignments: &Assignments, orphaned: &[(u32, EntitlementId)]) {
    let mut count = |account: u32| {
        if let Some(account) = accounts.get_mut(account as usize) {
            account.entitlements += 1;
        }
    };
    let mut through: Vec<u32> = Vec::new();
    for assignment in 0..assignments.len() {
        through.extend(assignments.grants(assignment).iter().filter_map(|grant| grant.account));
        through.sort_unstable();
        through.dedup();
        through.drain(..).for_each(&mut count);
    }
    orphaned.iter().for_each(|(account, _)| count(*account));
}
