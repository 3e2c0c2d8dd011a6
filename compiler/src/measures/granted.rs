//! What roles grant, row by row, hierarchies followed.

use rayon::prelude::*;

use super::MeasuredRole;
use crate::{matrix::AccessMatrix, runs::Runs};

/// What a set of roles grants, held against what is held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Pairs that are held and granted.
    pub(super) covered: u64,
    /// Pairs that are granted and not held.
    pub(super) over_grants: u64,
}

/// The rows that come off worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extremes {
    /// The first of the rows that would be granted most they do not hold, and how much; none where no row would be.
    pub most_over_granted: Option<(u32, u64)>,
    /// The first of the rows that hold most that no role grants, and how much; none where all is granted.
    pub most_under_granted: Option<(u32, u64)>,
}

/// Counts every pair once, however many roles grant it.
pub(super) fn tally(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Tally {
    let (within, beyond) = by_row(matrix, roles);
    within.into_iter().fold(beyond, |sum, row| Tally {
        covered: sum.covered + row.covered,
        over_grants: sum.over_grants + row.over_grants,
    })
}

/// The rows with most over-grants and with most under-grants.
#[must_use]
pub fn extremes(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Extremes {
    let mut extremes = Extremes::default();
    let keep = |worst: &mut Option<(u32, u64)>, row: u32, count: u64| {
        if count > worst.map_or(0, |(_, most)| most) {
            *worst = Some((row, count));
        }
    };
    for (row, tally) in (0..).zip(by_row(matrix, roles).0) {
        let held = matrix.row(row as usize).len() as u64;
        keep(&mut extremes.most_over_granted, row, tally.over_grants);
        keep(&mut extremes.most_under_granted, row, held.saturating_sub(tally.covered));
    }
    extremes
}

/// Everyone who holds each role, directly or through a role that inherits it; ascending.
pub(super) fn all_members(roles: &[MeasuredRole<'_>]) -> Runs {
    let mut heirs = vec![Vec::new(); roles.len()];
    for (heir, role) in roles.iter().enumerate() {
        for &inherited in role.inherits {
            if let Some(heirs) = heirs.get_mut(inherited) {
                heirs.push(heir);
            }
        }
    }
    let room = || (vec![usize::MAX; roles.len()], Vec::new());
    Runs::gathered(roles.len(), room, |(reached, members), role, all| {
        let (mut todo, mut sources) = (vec![role], 0);
        while let Some(next) = todo.pop() {
            if reached.get(next).is_some_and(|&by| by == role) {
                continue;
            }
            if let (Some(by), Some(source)) = (reached.get_mut(next), roles.get(next)) {
                *by = role;
                members.extend_from_slice(source.direct_members);
                sources += 1;
            }
            todo.extend(heirs.get(next).into_iter().flatten());
        }
        if sources > 1 {
            // Stable, because that is quick at putting together what ascends.
            members.sort();
            members.dedup();
        }
        all.append(members);
    })
}

/// The tally of every row of the matrix, and of everything beyond it.
fn by_row(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> (Vec<Tally>, Tally) {
    let members = all_members(roles);
    let mut beyond = Tally::default();
    for (members, role) in members.iter().zip(roles) {
        let within = members.partition_point(|&member| (member as usize) < matrix.height());
        beyond.over_grants += ((members.len() - within) * role.entitlements.len()) as u64;
    }
    let roles_of = members.transposed(matrix.height());
    let granted = roles.iter().flat_map(|role| role.entitlements).max().map_or(0, |&column| column as usize + 1);
    let room = || (vec![Cell::Empty; granted.max(matrix.width())], Vec::new());
    let rows = (0..matrix.height()).into_par_iter().map_init(room, |(cells, touched), row| {
        let mut tally = Tally::default();
        let mut see = |column: u32, granted: bool| {
            let Some(cell) = cells.get_mut(column as usize) else { return };
            match (*cell, granted) {
                (Cell::Empty, false) => *cell = Cell::Held,
                (Cell::Empty, true) => tally.over_grants += 1,
                (Cell::Held, true) => tally.covered += 1,
                _ => return,
            }
            if granted {
                *cell = Cell::Granted;
            }
            touched.push(column);
        };
        matrix.row(row).iter().for_each(|&column| see(column, false));
        for role in roles_of.run(row).iter().filter_map(|&role| roles.get(role as usize)) {
            role.entitlements.iter().for_each(|&column| see(column, true));
        }
        for column in touched.drain(..) {
            if let Some(cell) = cells.get_mut(column as usize) {
                *cell = Cell::Empty;
            }
        }
        tally
    });
    (rows.collect(), beyond)
}

/// What was seen of a row's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Empty,
    /// Held, and granted by nothing yet.
    Held,
    /// Granted, and counted.
    Granted,
}
