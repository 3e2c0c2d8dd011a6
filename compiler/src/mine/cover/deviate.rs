//! Fewer roles for a bounded share of what is held or not held: the δ-approximate role mining problem (Vaidya, Atluri, Guo, *The role mining
//! problem*, SACMAT 2007; Lu, Vaidya, Atluri, *Optimal Boolean matrix decomposition*, ICDE 2008), with both sides of δ apart.
//!
//! What is given too much is dangerous, what is given too little inconvenient; so neither pays for the other. Too much comes of making one role of two
//! ([`merge`]). Too little comes of doing without a role. Few roles that grant as much as can be are
//! chosen from a pool of rectangles: all largest ones where they are few, then by trying every choice ([`choose`]), and else the roles of the exact
//! cover, each made as large as it can be.

use super::{
    choose::{self, Effort},
    merge::merge,
    rebuild::Role,
};
use crate::mine::{MineError, Progress, board::Board};

/// So many pairs of identity and entitlement the roles may depart by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Allowance {
    /// Held and not granted.
    pub(super) under: u64,
    /// Granted and not held.
    pub(super) over: u64,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Fewer {
    pub(super) roles: Vec<Role>,
    /// Whether every choice was tried, so that fewer cannot do.
    pub(super) proved: bool,
}

/// As few roles as can be found, from those of an exact cover.
pub(super) fn fewer(
    board: &Board<'_>,
    exact: Vec<Role>,
    allowance: Allowance,
    steps: u64,
    progress: &dyn Progress,
) -> Result<Fewer, MineError> {
    progress.stage("doing with fewer roles", 2);
    let largest = choose::largest(board);
    let effort = Effort { steps, exhaustive: largest.is_some() };
    let pool_of = largest.unwrap_or_else(|| pool(board, &exact));
    let granting_nothing_more = choose::choose(board, &pool_of, exact.clone(), allowance.under, effort, progress)?;
    progress.advance(1);
    if allowance.over == 0 {
        return Ok(granting_nothing_more);
    }
    let merged = merge(board, exact, allowance.over, steps, progress)?;
    let effort = Effort { exhaustive: false, ..effort };
    let granting_more = choose::choose(board, &pool(board, &merged), merged, allowance.under, effort, progress)?;
    progress.advance(1);
    // What grants too much must be worth it.
    let worth_it = granting_more.roles.len() < granting_nothing_more.roles.len();
    Ok(if worth_it { granting_more } else { Fewer { proved: false, ..granting_nothing_more } })
}

/// Each role, and each as large as it can be without granting more that is not held: first by its columns, and first by its rows.
fn pool(board: &Board<'_>, roles: &[Role]) -> Vec<Role> {
    let mut pool = roles.to_vec();
    for role in roles.iter().filter(|role| is_held(board, role)) {
        let rows = shared(&role.columns, board.matrix.rows.len(), |column| board.matrix.column(column));
        let columns = shared(&rows, board.matrix.columns.len(), |row| board.matrix.row(row));
        pool.push(Role { rows, columns });
        let columns = shared(&role.rows, board.matrix.columns.len(), |row| board.matrix.row(row));
        let rows = shared(&columns, board.matrix.rows.len(), |column| board.matrix.column(column));
        pool.push(Role { rows, columns });
    }
    pool
}

/// What all of these lines have; everything below `of` where there are none.
pub(super) fn shared<'a>(lines: &[u32], of: usize, line: impl Fn(usize) -> &'a [u32]) -> Vec<u32> {
    let mut lines = lines.iter().map(|&index| line(index as usize));
    let Some(first) = lines.next() else { return (0..).take(of).collect() };
    lines.fold(first.to_vec(), |mut all, line| {
        all.retain(|cross| line.binary_search(cross).is_ok());
        all
    })
}

/// How many pairs of the whole matrix a cell stands for.
pub(super) fn weight(board: &Board<'_>, row: u32, column: u32) -> u64 {
    let size = |members: &[Vec<u32>], line: u32| members.get(line as usize).map_or(0, Vec::len) as u64;
    size(&board.matrix.row_members, row) * size(&board.matrix.column_members, column)
}

/// Whether a role grants nothing that is not held.
fn is_held(board: &Board<'_>, role: &Role) -> bool {
    role.rows.iter().all(|&row| role.columns.iter().all(|&column| board.matrix.holds(row, column)))
}
