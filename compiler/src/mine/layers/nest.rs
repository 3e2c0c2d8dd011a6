//! Roles within roles: whoever has the job is in the department, and that in turn among everyone.

use super::{Content, within};
use crate::{mine::Cluster, runs::Runs};

/// The roles as clusters: with the roles each inherits, by place; and its members, to whom those of its heirs are added. A role inherits
/// another when nearly all of its members have that too: at most one in fifty does not. What is inherited by inheriting is left out.
pub(super) fn nest(roles: Vec<Content>, members: &Runs, rows: usize) -> Vec<Cluster> {
    let size = |role: u32| members.run(role as usize).len();
    let above = within::above(members, rows, (49, 50), |role, other| size(other) > size(role));
    let direct = |role: usize| -> Vec<u32> {
        let all = above.run(role);
        let through = |&other: &u32| all.iter().any(|&via| above.run(via as usize).binary_search(&other).is_ok());
        all.iter().copied().filter(|other| !through(other)).collect()
    };
    let grown = grown(members, &above, rows);
    (0..)
        .zip(roles.into_iter().zip(grown))
        .map(|(role, (entitlements, members))| Cluster { members, entitlements, inherits: direct(role) })
        .collect()
}

/// The members of each role and of those below it.
fn grown(members: &Runs, above: &Runs, rows: usize) -> Vec<Vec<u32>> {
    let below = above.transposed(members.len());
    let mut grown: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
    // For each row the place in the order where it was last seen.
    let mut seen_at = vec![0; rows];
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|&role| members.run(role).len());
    // From the smallest up: whoever joins a role through its heir joins what that inherits, too.
    for (place, role) in (1_usize..).zip(order) {
        let mut new =
            |&member: &u32| seen_at.get_mut(member as usize).is_some_and(|at| std::mem::replace(at, place) != place);
        let mut all: Vec<u32> = members.run(role).iter().copied().filter(|member| new(member)).collect();
        for &heir in below.run(role) {
            all.extend(grown.get(heir as usize).into_iter().flatten().filter(|member| new(member)));
        }
        // Runs that ascend are put together, which this sort is quick at.
        all.sort();
        if let Some(slot) = grown.get_mut(role) {
            *slot = all;
        }
    }
    grown
}
