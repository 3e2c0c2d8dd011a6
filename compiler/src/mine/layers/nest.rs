//! Roles within roles: whoever has the job is in the department, and that in turn among everyone.

use super::{Content, within};

/// For each role the roles it inherits, by place; and its members, to whom those of its heirs are added. A role inherits another when nearly
/// all of its members have that too: at most one in fifty does not. What is inherited by inheriting is left out.
pub(super) fn nest(roles: Vec<(Content, Vec<u32>)>, rows: usize) -> Vec<(Content, Vec<u32>, Vec<u32>)> {
    let (contents, members): (Vec<Content>, Vec<Vec<u32>>) = roles.into_iter().unzip();
    let above = within::above(&members, rows, (49, 50));
    let direct: Vec<Vec<u32>> = above
        .iter()
        .map(|all| {
            let through = |&other: &u32| {
                all.iter().any(|&via| via != other && above.get(via as usize).is_some_and(|over| over.contains(&other)))
            };
            all.iter().copied().filter(|other| !through(other)).collect()
        })
        .collect();
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|&role| members.get(role).map_or(0, Vec::len));
    let mut grown = members;
    // From the smallest up: whoever joins a role through its heir joins what it inherits, too.
    for role in order {
        let members = grown.get(role).cloned().unwrap_or_default();
        for &over in above.get(role).into_iter().flatten() {
            let Some(into) = grown.get_mut(over as usize) else { continue };
            if members.iter().any(|member| into.binary_search(member).is_err()) {
                into.extend_from_slice(&members);
                into.sort_unstable();
                into.dedup();
            }
        }
    }
    contents
        .into_iter()
        .zip(grown)
        .zip(direct)
        .map(|((columns, members), inherits)| (columns, members, inherits))
        .collect()
}
