//! Which roles lie within which: whoever has the one has the other.

/// For each role, by its members, the roles that at least `part` of `whole` of them have too, ascending; only such as have more members, so
/// that nothing is within itself.
pub(super) fn above(members: &[Vec<u32>], rows: usize, (part, whole): (usize, usize)) -> Vec<Vec<u32>> {
    let mut of_row: Vec<Vec<u32>> = vec![Vec::new(); rows];
    for (role, members) in (0..).zip(members) {
        for &member in members {
            if let Some(of) = of_row.get_mut(member as usize) {
                of.push(role);
            }
        }
    }
    let size = |role: u32| members.get(role as usize).map_or(0, Vec::len);
    let mut shared = vec![0_usize; members.len()];
    members
        .iter()
        .map(|members| {
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
            touched.retain(|&other| {
                let common = shared.get_mut(other as usize).map(std::mem::take).unwrap_or_default();
                common * whole >= members.len() * part && size(other) > members.len()
            });
            touched
        })
        .collect()
}
