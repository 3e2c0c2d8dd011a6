//! Roles within roles: whoever has the job is in the department, and that in turn among everyone.

use super::Content;

/// For each role the roles it inherits, by place; and its members, to whom those of its heirs are added. A role inherits another when nearly
/// all of its members have that too: at most one in fifty does not. What is inherited by inheriting is left out.
pub(super) fn nest(roles: Vec<(Content, Vec<u32>)>, rows: usize) -> Vec<(Content, Vec<u32>, Vec<u32>)> {
    let mut of_row: Vec<Vec<u32>> = vec![Vec::new(); rows];
    for (role, (_, members)) in (0..).zip(&roles) {
        for &member in members {
            if let Some(of) = of_row.get_mut(member as usize) {
                of.push(role);
            }
        }
    }
    let size = |role: u32| roles.get(role as usize).map_or(0, |(_, members)| members.len());
    let mut shared = vec![0_usize; roles.len()];
    let above: Vec<Vec<u32>> = (0..)
        .zip(&roles)
        .map(|(role, (_, members))| {
            let mut touched: Vec<u32> = Vec::new();
            for other in members.iter().filter_map(|&member| of_row.get(member as usize)).flatten() {
                if let Some(shared) = shared.get_mut(*other as usize) {
                    if *shared == 0 {
                        touched.push(*other);
                    }
                    *shared += 1;
                }
            }
            touched.sort_unstable();
            let mut above = Vec::new();
            for other in touched {
                let common = shared.get_mut(other as usize).map(std::mem::take).unwrap_or_default();
                // Strictly more members above, so that nothing inherits itself.
                if other != role && common * 50 >= members.len() * 49 && size(other) > members.len() {
                    above.push(other);
                }
            }
            above
        })
        .collect();
    let direct: Vec<Vec<u32>> = above
        .iter()
        .map(|all| {
            let through = |&other: &u32| {
                all.iter().any(|&via| via != other && above.get(via as usize).is_some_and(|over| over.contains(&other)))
            };
            all.iter().copied().filter(|other| !through(other)).collect()
        })
        .collect();
    let mut grown: Vec<Vec<u32>> = roles.iter().map(|(_, members)| members.clone()).collect();
    // From the smallest up: whoever joins a role through its heir joins what it inherits, too.
    let mut order: Vec<usize> = (0..roles.len()).collect();
    order.sort_by_key(|&role| roles.get(role).map_or(0, |(_, members)| members.len()));
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
    roles
        .into_iter()
        .zip(grown)
        .zip(direct)
        .map(|(((columns, _), members), inherits)| (columns, members, inherits))
        .collect()
}
