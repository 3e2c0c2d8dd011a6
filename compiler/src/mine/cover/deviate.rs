//! Fewer roles for a bounded share of what is held or not held: the δ-approximate role mining problem (Vaidya, Atluri, Guo, *The role mining
//! problem*, SACMAT 2007; Lu, Vaidya, Atluri, *Optimal Boolean matrix decomposition*, ICDE 2008), with both sides of δ apart.
//!
//! What is given too much is dangerous, what is given too little inconvenient; so neither pays for the other. Too much comes of making one role of two:
//! the two that grant least beyond what is held, first. Too little comes of doing without a role. Few roles that grant as much as can be are
//! chosen from a pool of rectangles: all largest ones where they are few, then by trying every choice ([`choose`]), and else the roles of the exact
//! cover, each made as large as it can be.

use super::{choose, rebuild::Role};
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
    let merged = merge(board, exact, allowance.over, steps, progress)?;
    progress.advance(1);
    let largest = if allowance.over == 0 { choose::largest(board) } else { None };
    let exhaustive = largest.is_some();
    let pool = largest.unwrap_or_else(|| pool(board, &merged));
    let chosen = choose::choose(board, &pool, merged, allowance.under, exhaustive.then_some(steps), progress)?;
    progress.advance(1);
    Ok(chosen)
}

/// Each role, and each as large as it can be without granting more that is not held: first by its columns, and first by its rows.
fn pool(board: &Board<'_>, roles: &[Role]) -> Vec<Role> {
    let mut pool = roles.to_vec();
    for role in roles.iter().filter(|role| beyond(board, &[], role) == 0) {
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
/// the first.
fn merge(
    board: &Board<'_>,
    mut roles: Vec<Role>,
    over: u64,
    steps: u64,
    progress: &dyn Progress,
) -> Result<Vec<Role>, MineError> {
    let (mut left, mut looks) = (over, steps.saturating_mul(64));
    while left > 0 {
        let mut best: Option<(u64, usize, usize, Role)> = None;
        for (place, one) in roles.iter().enumerate() {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            for (other_place, other) in roles.iter().enumerate().skip(place + 1) {
                let both = united(one, other);
                let size = (both.rows.len() * both.columns.len()) as u64;
                looks = looks.saturating_sub(size);
                let cost = beyond(board, &roles, &both);
                if cost <= left && best.as_ref().is_none_or(|&(least, ..)| cost < least) {
                    best = Some((cost, place, other_place, both));
                }
            }
            if looks == 0 {
                break;
            }
        }
        let Some((cost, place, other, both)) = best else { break };
        left -= cost;
        roles.swap_remove(other);
        if let Some(role) = roles.get_mut(place) {
            *role = both;
        }
        if looks == 0 {
            break;
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

/// What a role grants that is not held, and that none of these grants already.
fn beyond(board: &Board<'_>, already: &[Role], role: &Role) -> u64 {
    let grants = |role: &Role, row: u32, column: u32| {
        role.rows.binary_search(&row).is_ok() && role.columns.binary_search(&column).is_ok()
    };
    let mut sum = 0;
    for &row in &role.rows {
        for &column in &role.columns {
            let held = board.holds(row as usize, column as usize);
            if !held && !already.iter().any(|other| grants(other, row, column)) {
                sum += weight(board, row, column);
            }
        }
    }
    sum
}
