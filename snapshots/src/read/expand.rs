//! Nested groups expanded: for everyone in a group, every group that is reached from there, by the shortest path.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rustc_hash::FxHashMap;

use super::{groups::Nesting, matrix, paths::PathTable, ways::Way};
use crate::{Account, EntitlementId, Grant, IdentityId, Origin, PathId};

/// Groups of a path that are kept at each end; what lies between is counted.
const KEPT: usize = 32;

/// Who is in a group: an identity itself, or an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Identity(IdentityId),
    Account(u32),
}

/// The groups that someone is in.
struct Membership<'a> {
    holder: Holder,
    rows: &'a [(Holder, u32)],
}

impl<'a> Membership<'a> {
    /// Of rows of one holder.
    fn of(rows: &'a [(Holder, u32)]) -> Option<Self> {
        rows.first().map(|&(holder, _)| Self { holder, rows })
    }

    fn groups(&self) -> impl Iterator<Item = u32> {
        self.rows.iter().map(|&(_, group)| group)
    }
}

/// What the groups come to.
#[derive(Default)]
pub(crate) struct Expanded {
    pub(crate) ways: Vec<Way>,
    /// What accounts of nobody hold.
    pub(crate) orphaned: Vec<(u32, EntitlementId)>,
}

/// A path of groups, the nearest to the holder first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Path {
    groups: Vec<u32>,
    /// How many are left out after the first [`KEPT`].
    skipped: usize,
}

/// Expands every membership. Of several shortest paths to a group, the first in the order of group ids is kept.
pub(crate) fn expand(nesting: &Nesting, accounts: &[Account], paths: &mut PathTable) -> Expanded {
    let mut memberships: Vec<(Holder, u32)> = Vec::new();
    for (group, members) in (0_u32..).zip(&nesting.identities) {
        memberships.extend(members.iter().map(|&identity| (Holder::Identity(identity), group)));
    }
    for (group, members) in (0_u32..).zip(&nesting.accounts) {
        memberships.extend(members.iter().map(|&account| (Holder::Account(account), group)));
    }
    memberships.sort_unstable();
    // Holders of the same groups reach the same groups: sorted by their groups, they stand together.
    let mut holders: Vec<Membership<'_>> = memberships.chunk_by(|a, b| a.0 == b.0).filter_map(Membership::of).collect();
    holders.sort_unstable_by(|a, b| a.groups().cmp(b.groups()));
    let sets: Vec<&[Membership<'_>]> = holders.chunk_by(|a, b| a.groups().eq(b.groups())).collect();

    let parents = inverted(&nesting.nested);
    let granting: Vec<bool> = nesting.grants.iter().map(|grants| !grants.is_empty()).collect();
    let walked: Vec<Worker> = sets
        .par_iter()
        .enumerate()
        .fold(Worker::default, |mut worker, (set, holders)| {
            let start = holders.first().into_iter().flat_map(Membership::groups);
            worker.walk(set, start, &parents, &granting);
            worker
        })
        .collect();

    let mut expanded = Expanded::default();
    for worker in walked {
        let mut numbers: Vec<u32> = vec![0; worker.paths.len()];
        for (path, local) in &worker.in_order() {
            if let Some(slot) = numbers.get_mut(*local as usize) {
                *slot = paths.number(named(path, &nesting.ids));
            }
        }
        for (set, group, path) in worker.reached {
            let path = PathId(numbers.get(path as usize).copied().unwrap_or_default());
            let holders = sets.get(set).copied().unwrap_or(&[]);
            expanded.add(nesting, accounts, holders.iter().map(|membership| membership.holder), group, path);
        }
    }
    expanded
}

impl Expanded {
    fn add(
        &mut self,
        nesting: &Nesting,
        accounts: &[Account],
        holders: impl Iterator<Item = Holder> + Clone,
        group: u32,
        path: PathId,
    ) {
        for granted in nesting.grants.get(group as usize).map_or(&[] as &[_], Vec::as_slice) {
            for holder in holders.clone() {
                let (identity, account) = match holder {
                    Holder::Identity(identity) => (Some(identity), None),
                    Holder::Account(account) => {
                        (accounts.get(account as usize).and_then(|account| account.identity), Some(account))
                    }
                };
                match (identity, account) {
                    (Some(identity), account) => self.ways.push(Way {
                        pair: matrix::pair(identity, granted.entitlement),
                        expanded: true,
                        grant: granted.terms.clone().into_grant(Origin::Inherited, path, account),
                    }),
                    (None, Some(account)) => self.orphaned.push((account, granted.entitlement)),
                    (None, None) => {}
                }
            }
        }
    }
}

impl super::groups::Terms {
    pub(crate) fn into_grant(self, origin: Origin, path: PathId, account: Option<u32>) -> Grant {
        let Self { granted_at, granted_by, ticket, expires_at } = self;
        Grant { origin, path, account, granted_at, granted_by, ticket, expires_at }
    }
}

/// What one thread has walked.
#[derive(Default)]
struct Worker {
    paths: FxHashMap<Path, u32>,
    /// Which set of holders reaches which granting group by which path.
    reached: Vec<(usize, u32, u32)>,
    /// The group each group was reached from in the present walk, and the number of the walk; reused.
    from: Vec<(u32, u32)>,
    walk: u32,
    queue: Vec<u32>,
}

/// Reached from no other group.
const START: u32 = u32::MAX;

impl Worker {
    /// Breadth first, in the order of ids: the first path to a group is the shortest, and the first of the shortest.
    fn walk(&mut self, set: usize, start: impl Iterator<Item = u32>, parents: &[Vec<u32>], granting: &[bool]) {
        self.from.resize(parents.len(), (START, 0));
        self.walk += 1;
        self.queue.clear();
        for group in start {
            self.visit(group, START);
        }
        let mut at = 0;
        while let Some(&group) = self.queue.get(at) {
            at += 1;
            if granting.get(group as usize).is_some_and(|&grants| grants) {
                let path = self.path(group);
                let next = u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
                let number = *self.paths.entry(path).or_insert(next);
                self.reached.push((set, group, number));
            }
            for &parent in parents.get(group as usize).map_or(&[] as &[_], Vec::as_slice) {
                self.visit(parent, group);
            }
        }
    }

    fn visit(&mut self, group: u32, from: u32) {
        if let Some(slot) = self.from.get_mut(group as usize).filter(|(_, walk)| *walk != self.walk) {
            *slot = (from, self.walk);
            self.queue.push(group);
        }
    }

    fn path(&self, group: u32) -> Path {
        let mut groups = vec![group];
        let mut at = group;
        while let Some(&(from, _)) = self.from.get(at as usize).filter(|(from, _)| *from != START) {
            groups.push(from);
            at = from;
        }
        groups.reverse();
        let skipped = groups.len().saturating_sub(2 * KEPT);
        groups.drain(KEPT.min(groups.len())..(KEPT + skipped).min(groups.len()));
        Path { groups, skipped }
    }

    /// The paths by their local numbers, so that no order of a hash map shows.
    fn in_order(&self) -> Vec<(&Path, u32)> {
        let mut paths: Vec<(&Path, u32)> = self.paths.iter().map(|(path, &number)| (path, number)).collect();
        paths.sort_unstable_by_key(|(_, number)| *number);
        paths
    }
}

fn named(path: &Path, ids: &[String]) -> Vec<String> {
    let mut names: Vec<String> = path.groups.iter().filter_map(|&group| ids.get(group as usize)).cloned().collect();
    if path.skipped > 0 {
        names.insert(KEPT.min(names.len()), format!("… {} groups …", path.skipped));
    }
    names
}

/// Per node, the nodes that have it as a target, ascending.
fn inverted(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut inverse = vec![Vec::new(); edges.len()];
    for (from, targets) in (0_u32..).zip(edges) {
        for &to in targets {
            if let Some(sources) = inverse.get_mut(to as usize) {
                sources.push(from);
            }
        }
    }
    inverse
}
