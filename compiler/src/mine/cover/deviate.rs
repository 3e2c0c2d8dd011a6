//! Fewer roles for a bounded share of what is held or not held: the δ-approximate role mining problem (Vaidya, Atluri, Guo, *The role mining
//! problem*, SACMAT 2007; Lu, Vaidya, Atluri, *Optimal Boolean matrix decomposition*, ICDE 2008), with both sides of δ apart.
//!
//! What is given too much is dangerous, what is given too little inconvenient; so neither pays for the other. Too much comes of making one role of two:
//! the two that grant least beyond what is held, first. Too little comes of doing without a role. Few roles that grant as much as can be are
//! chosen from a pool of rectangles: all largest ones where they are few, then by trying every choice ([`choose`]), and else the roles of the exact
//! cover, each made as large as it can be.

use std::collections::BTreeSet;

use super::{
    choose::{self, Effort},
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
    for role in roles.iter().filter(|role| beyond(board, &BTreeSet::new(), role, 0, &mut 0).is_some()) {
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

/// Makes one role of two, as long as what that grants and is not held stays within the allowance: the cheapest pair first, of those equally cheap
/// the first. It ends when 64 cells were looked at for each step.
fn merge(
    board: &Board<'_>,
    mut roles: Vec<Role>,
    over: u64,
    steps: u64,
    progress: &dyn Progress,
) -> Result<Vec<Role>, MineError> {
    let (mut left, mut looks) = (over, steps.saturating_mul(64));
    let mut granted: BTreeSet<(u32, u32)> = BTreeSet::new();
    while left > 0 {
        let mut best: Option<(u64, usize, usize, Role)> = None;
        'pairs: for (place, one) in roles.iter().enumerate() {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            for (other_place, other) in roles.iter().enumerate().skip(place + 1) {
                if looks == 0 {
                    break 'pairs;
                }
                let both = united(one, other);
                looks = looks.saturating_sub((both.rows.len() + both.columns.len()) as u64);
                let most = best.as_ref().map_or(left, |&(least, ..)| least.saturating_sub(1));
                if let Some(cost) = beyond(board, &granted, &both, most, &mut looks) {
                    best = Some((cost, place, other_place, both));
                }
                if best.as_ref().is_some_and(|&(cost, ..)| cost == 0) {
                    break 'pairs;
                }
            }
        }
        let Some((cost, place, other, both)) = best else { break };
        left -= cost;
        granted.extend(cells(&both).filter(|&(row, column)| !board.holds(row as usize, column as usize)));
        roles.swap_remove(other);
        if let Some(role) = roles.get_mut(place) {
            *role = both;
        }
    }
    Ok(roles)
}

fn united(one: &Role, other: &Role) -> Role {
    let both = |one: &[u32], other: &[u32]| {
        let mut all = [one, other].concat();
        all.sort_unstable();
        all.dedup();
        all
    };
    Role { rows: both(&one.rows, &other.rows), columns: both(&one.columns, &other.columns) }
}

fn cells(role: &Role) -> impl Iterator<Item = (u32, u32)> {
    role.rows.iter().flat_map(|&row| role.columns.iter().map(move |&column| (row, column)))
}

/// What a role grants that is not held and not granted already; none where that is more than `most`. Takes the cells that it looks at off
/// `looks`.
fn beyond(board: &Board<'_>, granted: &BTreeSet<(u32, u32)>, role: &Role, most: u64, looks: &mut u64) -> Option<u64> {
    let mut sum = 0;
    for (row, column) in cells(role) {
        *looks = looks.saturating_sub(1);
        if !board.holds(row as usize, column as usize) && !granted.contains(&(row, column)) {
            sum += weight(board, row, column);
            if sum > most {
                return None;
            }
        }
    }
    Some(sum)
}
