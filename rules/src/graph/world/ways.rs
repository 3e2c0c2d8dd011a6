//! What people hold by themselves and by their accounts, and by which ways.

use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry};

use adit_snapshots::{Assignments, EntitlementId, Grant, Grants, Origin, PathId};

use super::World;

/// The account that somebody has something by, if one is known, and the groups it comes through, the nearest to the holder first.
type Way = (Option<u32>, Vec<u32>);

impl World {
    /// What every identity holds; the ways only where there are accounts.
    pub(super) fn assignments(&self) -> Assignments {
        let mut assignments = Assignments { starts: vec![0], ..Assignments::default() };
        let mut grants = Grants { starts: vec![0], ..Grants::default() };
        let paths = &mut assignments.paths.rows;
        paths.push(Vec::new());
        let mut number = |path: Vec<u32>| -> PathId {
            let path: Vec<String> = path.into_iter().map(|group| format!("g{group:02}")).collect();
            let known = paths.iter().position(|known| *known == path);
            let number = known.unwrap_or_else(|| {
                paths.push(path);
                paths.len() - 1
            });
            PathId(u32::try_from(number).unwrap())
        };
        for own in self.ways() {
            for (held, by) in own {
                assignments.entitlements.push(EntitlementId(held));
                grants.rows.extend(by.into_iter().map(|(account, path)| Grant {
                    origin: if path.is_empty() { Origin::Direct } else { Origin::Inherited },
                    path: number(path),
                    account,
                    granted_at: None,
                    granted_by: None,
                    ticket: None,
                    expires_at: None,
                }));
                grants.starts.push(grants.rows.len());
            }
            assignments.starts.push(assignments.entitlements.len());
        }
        assignments.grants = (!self.accounts.is_empty()).then_some(grants);
        assignments
    }

    /// Everything each identity holds by itself or by an account, with the ways to it; by itself is by no account.
    fn ways(&self) -> Vec<BTreeMap<u32, BTreeSet<Way>>> {
        let mut ways: Vec<BTreeMap<u32, BTreeSet<Way>>> = Vec::new();
        for (identity, held) in self.held.iter().enumerate() {
            let mut own: BTreeMap<u32, BTreeSet<Way>> = BTreeMap::new();
            let mut add = |held: &[u32], way: Way| {
                held.iter().for_each(|&held| _ = own.entry(held).or_default().insert(way.clone()));
            };
            add(held, (None, Vec::new()));
            for (account, (owner, held)) in (0..).zip(&self.accounts) {
                if owner.is_some_and(|owner| owner as usize == identity) {
                    add(held, (Some(account), Vec::new()));
                    for (group, path) in self.paths_of(account) {
                        add(&self.groups[group as usize].grants, (Some(account), path));
                    }
                }
            }
            ways.push(own);
        }
        ways
    }

    /// The groups that an account is in, directly or not, each with one of the shortest ways there: as the reader of snapshots has it.
    pub(super) fn paths_of(&self, account: u32) -> BTreeMap<u32, Vec<u32>> {
        let all = || (0_u32..).zip(&self.groups);
        let mut paths: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut queue: VecDeque<Vec<u32>> =
            all().filter(|(_, group)| group.accounts.contains(&account)).map(|(id, _)| vec![id]).collect();
        while let Some(path) = queue.pop_front() {
            let last = *path.last().unwrap();
            if let Entry::Vacant(free) = paths.entry(last) {
                let parents = all().filter(|(_, group)| group.linked.contains(&last));
                queue.extend(parents.map(|(parent, _)| [&path[..], &[parent]].concat()));
                free.insert(path);
            }
        }
        paths
    }
}
