//! The second pass: what roles grant and who holds them, each made to fit the other in turn.

use rayon::prelude::*;

use super::{
    Content,
    assign::{Assigned, assign_by},
    dissolve::dissolve,
    factor::factor,
    fit::Counted,
    guide::Guidance,
    in_order,
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

/// Contents that fit those who hold them, in order; `known` is who holds what of earlier roles.
pub(super) fn refine(
    matrix: &AccessMatrix,
    found: Vec<Content>,
    mut known: Assigned,
    settings: &Layers,
    progress: &dyn Progress,
) -> Result<Assigned, MineError> {
    let (mut roles, mut counted) = (in_order(found), None);
    progress.stage("refining layers", ROUNDS as u64);
    for _ in 0..ROUNDS {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let now = known.again(matrix, roles);
        let before = counted.as_ref().map(|counted| (&known, counted));
        let members = now.held.transposed(now.roles.len());
        let counts = Counted::new(matrix, &now, &members, settings, before);
        let fitted = counts.contents(&members, settings);
        (known, counted) = (now, Some(counts));
        let fitted = without_spare(dissolve(fitted, &members, matrix), &members, matrix.width());
        let next = in_order(factor(fitted));
        progress.advance(1);
        let settled = next == known.roles;
        roles = next;
        if settled {
            break;
        }
    }
    known = known.again(matrix, roles);
    let normed = in_order(with_norms(matrix, &known));
    Ok(known.again(matrix, normed))
}

/// The roles that have members enough, and their members.
pub(super) fn with_members(
    matrix: &AccessMatrix,
    mut known: Assigned,
    guidance: Option<&Guidance>,
    settings: &Layers,
) -> (Vec<Content>, Runs) {
    // Whom a role that is none leaves behind may fit another, and whom another leaves behind that; but a third time is rare.
    for _ in 0..2 {
        let members = chosen(matrix, &known, guidance);
        if members.iter().all(|members| members.len() >= settings.min_members as usize) {
            return (known.roles, members);
        }
        known = known.again(matrix, of_many(known.roles.clone(), &members, settings).0);
    }
    let members = chosen(matrix, &known, guidance);
    of_many(known.roles, &members, settings)
}

/// The members of each role. Where attributes guide, whoever could as well have another role has the one whose members are like them.
fn chosen(matrix: &AccessMatrix, known: &Assigned, guidance: Option<&Guidance>) -> Runs {
    let Assigned { roles, held } = known;
    let found = held.transposed(roles.len());
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
