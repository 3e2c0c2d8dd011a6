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
    /// How the last walk that came to each group came to it; reused.
    steps: Vec<Step>,
    walk: u32,
    queue: Vec<u32>,
}

/// How a walk came to a group.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// The number of the walk; none is 0.
    walk: u32,
    /// The group before it; none where the walk starts.
    from: Option<u32>,
    /// Groups before it on the path.
    depth: usize,
    /// The last of the first [`KEPT`] groups of the path, so that what is left out of a long one is never walked.
    head: u32,
}

impl Worker {
    /// Breadth first, in the order of ids: the first path to a group is the shortest, and the first of the shortest.
    fn walk(&mut self, set: usize, start: impl Iterator<Item = u32>, parents: &[Vec<u32>], granting: &[bool]) {
        self.steps.resize(parents.len(), Step::default());
        self.walk += 1;
        self.queue.clear();
        for group in start {
            self.visit(group, None);
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
                self.visit(parent, Some(group));
            }
        }
    }

    fn visit(&mut self, group: u32, from: Option<u32>) {
        let before = from.and_then(|from| self.steps.get(from as usize)).copied();
        let depth = before.map_or(0, |before| before.depth + 1);
        let head = before.filter(|_| depth >= KEPT).map_or(group, |before| before.head);
        if let Some(step) = self.steps.get_mut(group as usize).filter(|step| step.walk != self.walk) {
            *step = Step { walk: self.walk, from, depth, head };
            self.queue.push(group);
        }
    }

    fn path(&self, group: u32) -> Path {
        let Some(&Step { depth, head, .. }) = self.steps.get(group as usize) else {
            return Path { groups: vec![group], skipped: 0 };
        };
        let skipped = (depth + 1).saturating_sub(2 * KEPT);
        let mut groups: Vec<u32> = self.back_from(group).take(if skipped > 0 { KEPT } else { depth + 1 }).collect();
        if skipped > 0 {
            groups.extend(self.back_from(head));
        }
        groups.reverse();
        Path { groups, skipped }
    }

    /// A group and those before it on its path.
    fn back_from(&self, group: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(group), |group| self.steps.get(*group as usize)?.from)
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
