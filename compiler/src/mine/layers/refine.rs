//! The second pass: what roles grant and who holds them, each made to fit the other in turn.

use rayon::prelude::*;

use super::{
    Content,
    assign::{assign, assign_by},
    dissolve::dissolve,
    factor::factor,
    fit,
    guide::Guidance,
    norms::with_norms,
    spare::without_spare,
};
use crate::{
    matrix::AccessMatrix,
    mine::{MineError, Progress},
    runs::Runs,
    spec::Layers,
};

/// Rounds at most; most data settle in three.
const ROUNDS: usize = 4;

/// Contents that fit those who would hold them, in a fixed order.
pub(super) fn refine(
    matrix: &AccessMatrix,
    found: Vec<Content>,
    settings: &Layers,
    progress: &dyn Progress,
) -> Result<Vec<Content>, MineError> {
    let mut roles = in_order(found);
    progress.stage("refining layers", ROUNDS as u64);
    for _ in 0..ROUNDS {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let held = assign(matrix, &roles);
        let members = held.transposed(roles.len());
        let fitted = fit::contents(matrix, &roles, &held, &members, settings);
        let fitted = without_spare(dissolve(fitted, &members, matrix), &members, matrix.width());
        let next = in_order(factor(fitted));
        progress.advance(1);
        if next == roles {
            break;
        }
        roles = next;
    }
    Ok(in_order(with_norms(matrix, roles)))
}

/// The roles that have members enough, and their members.
pub(super) fn with_members(
    matrix: &AccessMatrix,
    mut roles: Vec<Content>,
    guidance: Option<&Guidance>,
    settings: &Layers,
) -> (Vec<Content>, Runs) {
    // Whom a role that is none leaves behind may fit another, and whom another leaves behind that; but a third time is rare.
    for _ in 0..2 {
        let members = chosen(matrix, &roles, guidance);
        if members.iter().all(|members| members.len() >= settings.min_members as usize) {
            return (roles, members);
        }
        roles = of_many(roles, &members, settings).0;
    }
    let members = chosen(matrix, &roles, guidance);
    of_many(roles, &members, settings)
}

/// The members of each role. Where attributes guide, whoever could as well have another role has the one whose members are like them.
fn chosen(matrix: &AccessMatrix, roles: &[Content], guidance: Option<&Guidance>) -> Runs {
    let found = assign(matrix, roles).transposed(roles.len());
    let Some(guidance) = guidance else { return found };
    let nearest: Vec<_> = (0..roles.len()).into_par_iter().map(|role| guidance.nearest(found.run(role))).collect();
    let prefers = |row: u32, role: u32| guidance.meets(row, nearest.get(role as usize).copied().flatten());
    assign_by(matrix, roles, &prefers).transposed(roles.len())
}

/// The roles with members enough, and their members.
fn of_many(roles: Vec<Content>, members: &Runs, settings: &Layers) -> (Vec<Content>, Runs) {
    let many = |(_, members): &(Content, &[u32])| members.len() >= settings.min_members as usize;
    let (roles, members): (Vec<Content>, Vec<&[u32]>) = roles.into_iter().zip(members.iter()).filter(many).unzip();
    (roles, members.into_iter().collect())
}

/// Without repeats and without what is no role; the larger first, so that equals are taken in that order.
fn in_order(mut roles: Vec<Content>) -> Vec<Content> {
    roles.retain(|columns| columns.len() > 1);
    roles.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    roles.dedup();
    roles
}
