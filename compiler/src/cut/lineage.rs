//! Hierarchies: what a role grants itself, and what it inherits once some clusters have become no role.

use std::collections::BTreeSet;

use super::{CutRole, child};
use crate::{matrix::AccessMatrix, mine::Cluster};

/// Takes from each role what it inherits: it need not grant it again. A role left with nothing of its own is none; how many there
/// were. `roles[c]` is the role of cluster `c`.
pub(super) fn own(roles: &mut [Option<CutRole>], clusters: &[Cluster], matrix: &AccessMatrix, min_members: u32) -> u64 {
    let mut nothing_left = 0;
    for (place, inherited) in inherited_columns(roles, clusters).into_iter().enumerate() {
        let Some(slot) = roles.get_mut(place) else { continue };
        let Some(role) = slot.as_mut().filter(|_| !inherited.is_empty()) else { continue };
        role.grants.retain(|grant| inherited.binary_search(&grant.column).is_err());
        if let Some(secondary) = role.secondary.take() {
            let mut grants = secondary.grants;
            grants.retain(|grant| inherited.binary_search(&grant.column).is_err());
            role.secondary = child(matrix, (role.cluster, &role.members), grants, min_members);
        }
        if role.grants.is_empty() {
            *slot = None;
            nothing_left += 1;
        }
    }
    nothing_left
}

/// For each cluster every column that the roles of clusters above it grant, ascending.
fn inherited_columns(roles: &[Option<CutRole>], clusters: &[Cluster]) -> Vec<Vec<u32>> {
    let mut inherited: Vec<Option<Vec<u32>>> =
        clusters.iter().map(|cluster| cluster.inherits.is_empty().then(Vec::new)).collect();
    for first in 0..clusters.len() {
        let mut todo = vec![first];
        while let Some(&place) = todo.last() {
            let above = clusters.get(place).map_or(&[][..], |cluster| &cluster.inherits);
            let unknown =
                |&&above: &&u32| matches!(inherited.get(above as usize), Some(None)) && todo.len() <= clusters.len();
            if let Some(&next) = above.iter().find(unknown) {
                todo.push(next as usize);
                continue;
            }
            let mut columns: Vec<u32> = Vec::new();
            for &above in above {
                columns.extend(inherited.get(above as usize).into_iter().flatten().flatten());
                let role = roles.get(above as usize).and_then(Option::as_ref);
                columns.extend(role.into_iter().flat_map(|role| &role.grants).map(|grant| grant.column));
            }
            columns.sort_unstable();
            columns.dedup();
            if let Some(slot) = inherited.get_mut(place) {
                slot.get_or_insert(columns);
            }
            todo.pop();
        }
    }
    inherited.into_iter().map(Option::unwrap_or_default).collect()
}

/// Fills in [`CutRole::inherits`]. `places[r]` is the cluster of role `r`. In the stead of a cluster that became no role comes what
/// that one inherits: nobody gets less than the strategy found, but for what the cut took away.
pub(super) fn inherit(roles: &mut [CutRole], places: &[usize], clusters: &[Cluster]) {
    if clusters.iter().all(|cluster| cluster.inherits.is_empty()) {
        return;
    }
    let mut role_of = vec![None; clusters.len()];
    for (&place, role) in places.iter().zip(0..roles.len()) {
        if let Some(of) = role_of.get_mut(place) {
            *of = Some(role);
        }
    }
    for (role, &place) in roles.iter_mut().zip(places) {
        let mut seen = BTreeSet::from([place]);
        let mut todo: Vec<u32> = clusters.get(place).map(|cluster| cluster.inherits.clone()).unwrap_or_default();
        let mut inherits = Vec::new();
        while let Some(next) = todo.pop() {
            let next = next as usize;
            if !seen.insert(next) {
                continue;
            }
            match role_of.get(next) {
                Some(Some(inherited)) => inherits.push(*inherited),
                _ => todo.extend(clusters.get(next).into_iter().flat_map(|cluster| &cluster.inherits)),
            }
        }
        inherits.sort_unstable();
        role.inherits = inherits;
    }
}
