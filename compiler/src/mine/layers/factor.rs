//! What several roles have in common becomes a layer of its own: the department behind its jobs.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Content;

/// Takes common content out of roles, again and again, until no more of it is worth a role of its own.
pub(super) fn factor(mut roles: Vec<Content>) -> Vec<Content> {
    loop {
        roles.sort_unstable();
        roles.dedup();
        let mut commons: Vec<(u64, Content, Vec<u32>)> = with_the_same(&roles)
            .filter_map(|with| {
                let common = shared(&roles, &with)?;
                let stands = with.iter().any(|&role| roles.get(role as usize) == Some(&common));
                Some((saving(common.len() as u64, with.len() as u64, stands)?, common, with))
            })
            .collect();
        commons.sort_unstable_by(|one, other| {
            (Reverse(one.0), &one.1, &one.2).cmp(&(Reverse(other.0), &other.1, &other.2))
        });
        commons.dedup();
        let mut touched = vec![false; roles.len()];
        let mut more = Vec::new();
        for (_, common, with) in commons {
            if with.iter().any(|&role| touched.get(role as usize) != Some(&false)) {
                continue;
            }
            for &role in &with {
                if let (Some(touched), Some(content)) = (touched.get_mut(role as usize), roles.get_mut(role as usize)) {
                    *touched = true;
                    content.retain(|column| common.binary_search(column).is_err());
                }
            }
            more.push(common);
        }
        if more.is_empty() {
            return roles;
        }
        roles.extend(more);
        roles.retain(|content| content.len() > 1);
    }
}

/// For every two columns, the roles that grant both, where they are several; ascending, without repeats.
///
/// Two columns, not one: a single one may be in some unrelated role too, which would hide what the others share.
fn with_the_same(roles: &[Content]) -> impl Iterator<Item = Vec<u32>> {
    let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
    for (role, content) in (0..).zip(roles) {
        for (place, &one) in content.iter().enumerate() {
            pairs.extend(content.iter().skip(place + 1).map(|&other| (one, other, role)));
        }
    }
    pairs.par_sort_unstable();
    let mut sets: Vec<Vec<u32>> = pairs
        .chunk_by(|one, other| (one.0, one.1) == (other.0, other.1))
        .filter(|run| run.len() > 1)
        .map(|run| run.iter().map(|&(_, _, role)| role).collect())
        .collect();
    sets.par_sort_unstable();
    sets.dedup();
    sets.into_iter()
}

/// What all of these roles grant, where it is more than one column.
fn shared(roles: &[Content], with: &[u32]) -> Option<Content> {
    let mut contents = with.iter().filter_map(|&role| roles.get(role as usize));
    let mut common = contents.next()?.clone();
    for content in contents {
        common.retain(|column| content.binary_search(column).is_ok());
        if common.len() < 2 {
            return None;
        }
    }
    Some(common)
}

/// What a layer of `size` columns under `roles` roles saves; none where it is not worth a role of its own. A layer that stands as a role
/// already only costs the inheritances.
fn saving(size: u64, roles: u64, stands: bool) -> Option<u64> {
    let (before, after) = (size * roles, size + roles + 1);
    let worth = if stands { size > 2 } else { is_worth_it(size, roles) };
    worth.then(|| before.saturating_sub(after).max(1))
}

/// Whether so many columns that so many roles have in common are worth a role of their own.
///
/// Without it the roles grant size × roles columns. With it there are the layer, its columns, and an inheritance for each role: it must save
/// a third of what there is to keep up. Roles that draw on the same pool have a few entitlements in common by chance, two of them more
/// often and more of them than three; a third is more than that gives.
pub(super) fn is_worth_it(size: u64, roles: u64) -> bool {
    2 * size * roles >= 3 * (size + roles + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_comes_out_of_its_jobs_and_chance_does_not() {
        let jobs: Vec<Content> =
            (0..6).map(|job| [vec![0, 1, 2, 3], vec![10 + 2 * job, 11 + 2 * job]].concat()).collect();
        let layers = factor(jobs);
        assert_eq!(layers[0], [0, 1, 2, 3]);
        assert_eq!(layers.len(), 7);
        assert!(layers[1..].iter().all(|content| content.len() == 2));
        let two = vec![vec![0, 1, 2, 3, 4], vec![0, 1, 2, 5, 6]];
        assert_eq!(factor(two.clone()), two);
    }

    #[test]
    fn a_layer_that_stands_already_is_taken_out_of_what_holds_it() {
        let roles = vec![vec![0, 1, 2], vec![0, 1, 2, 5, 6]];
        assert_eq!(factor(roles), [vec![0, 1, 2], vec![5, 6]]);
    }
}
