//! What the roles of a hierarchy inherit once some clusters have become no role.

use super::CutRole;
use crate::mine::Cluster;

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
        let mut seen = vec![place];
        let mut todo: Vec<u32> = clusters.get(place).map(|cluster| cluster.inherits.clone()).unwrap_or_default();
        let mut inherits = Vec::new();
        while let Some(next) = todo.pop() {
            let next = next as usize;
            if seen.contains(&next) {
                continue;
            }
            seen.push(next);
            match role_of.get(next) {
                Some(Some(inherited)) => inherits.push(*inherited),
                _ => todo.extend(clusters.get(next).into_iter().flat_map(|cluster| &cluster.inherits)),
            }
        }
        inherits.sort_unstable();
        role.inherits = inherits;
    }
}
