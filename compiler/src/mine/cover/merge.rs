//! One role of two, again and again: the pair first whose union grants least that is not held and not granted already.
//!
//! Roles A and B as one grant what the members of A lack of what B grants, and the other way round. What they do *not* lack is a join: from
//! the members of A to what they hold, and on to the roles that grant that. So one walk along the assignments of a role's members gives its price with
//! every other, and pairs that have nothing in common cost what their sizes say. For every role the cheapest partner is kept. A merge changes the
//! prices of the merged role, and of the pairs that its over-grants bring nearer to each other; only those are looked at again.

use super::rebuild::Role;
use crate::mine::{MineError, Progress, board::Board};

/// Looks at a cell or an entry of a list in a step, which is about a microsecond.
const LOOKS_PER_STEP: u64 = 64;

/// Merges roles as long as the pairs that are granted and not held stay within `over`, or until the steps are used up. The roles keep their order; of
/// two the first becomes both.
pub(super) fn merge(
    board: &Board<'_>,
    roles: Vec<Role>,
    over: u64,
    steps: u64,
    progress: &dyn Progress,
) -> Result<Vec<Role>, MineError> {
    let mut merging = Merging::new(board, roles, steps.saturating_mul(LOOKS_PER_STEP));
    for role in 0..merging.roles.len() {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        merging.find_partner(role);
    }
    let mut left = over;
    while let Some((price, one, other)) = merging.cheapest().filter(|&(price, ..)| price <= left) {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        left -= price;
        merging.unite(one, other);
    }
    Ok(merging.roles.into_iter().filter(|role| !role.rows.is_empty()).collect())
}

/// Roles in the making. One that became part of another has no rows.
struct Merging {
    roles: Vec<Role>,
    /// What is held or granted by now, both ways round; ascending.
    held: Vec<Vec<u32>>,
    holders: Vec<Vec<u32>>,
    /// The roles that have each row, and each column; in no order.
    with_row: Vec<Vec<usize>>,
    with_column: Vec<Vec<usize>>,
    /// How many identities and entitlements the lines stand for.
    heights: Vec<u64>,
    widths: Vec<u64>,
    /// How many identities and entitlements each role has.
    sizes: Vec<(u64, u64)>,
    /// The cheapest partner of each role and its price, the first of equals.
    partners: Vec<Option<(u64, usize)>>,
    /// How many looks are left.
    looks: u64,
}

#[expect(clippy::indexing_slicing, reason = "roles, rows and columns index tables that have one entry for each")]
impl Merging {
    fn new(board: &Board<'_>, roles: Vec<Role>, looks: u64) -> Self {
        let matrix = board.matrix;
        let sizes = |members: &[Vec<u32>]| members.iter().map(|members| members.len() as u64).collect::<Vec<_>>();
        let mut merging = Self {
            held: matrix.rows.clone(),
            holders: matrix.columns.clone(),
            with_row: vec![Vec::new(); matrix.rows.len()],
            with_column: vec![Vec::new(); matrix.columns.len()],
            heights: sizes(&matrix.row_members),
            widths: sizes(&matrix.column_members),
            partners: vec![None; roles.len()],
            sizes: Vec::new(),
            roles,
            looks,
        };
        for (place, role) in merging.roles.iter().enumerate() {
            role.rows.iter().for_each(|&row| merging.with_row[row as usize].push(place));
            role.columns.iter().for_each(|&column| merging.with_column[column as usize].push(place));
        }
        merging.sizes = (0..merging.roles.len()).map(|role| merging.size(role)).collect();
        merging
    }

    /// The cheapest pair of all, the first of equals.
    fn cheapest(&self) -> Option<(u64, usize, usize)> {
        let pairs = self.partners.iter().enumerate();
        pairs.filter_map(|(one, partner)| partner.map(|(price, other)| (price, one.min(other), one.max(other)))).min()
    }

    /// Looks for the cheapest partner of a role; gives its price with every role.
    fn find_partner(&mut self, role: usize) -> Option<Vec<u64>> {
        self.partners[role] = None;
        if self.looks == 0 {
            return None;
        }
        let prices = self.prices(role);
        let others =
            prices.iter().enumerate().filter(|&(other, _)| other != role && !self.roles[other].rows.is_empty());
        self.partners[role] = others.map(|(other, &price)| (price, other)).min();
        Some(prices)
    }

    /// What a role and each other one would grant as one, and is not held or granted by now.
    fn prices(&mut self, role: usize) -> Vec<u64> {
        let Role { rows, columns } = &self.roles[role];
        let mut common = vec![0_u64; self.roles.len()];
        // How much of each column the members hold, and how much of what it grants each row holds: so much of it others do not grant anew.
        let (held, looks) = met(rows, &self.heights, &self.held, self.widths.len());
        let (holds, more) = met(columns, &self.widths, &self.holders, self.heights.len());
        let mut looks = looks + more + common.len() as u64;
        for (met, with, sizes) in [(held, &self.with_column, &self.widths), (holds, &self.with_row, &self.heights)] {
            for (line, met) in met.into_iter().enumerate().filter(|&(_, met)| met > 0) {
                with[line].iter().for_each(|&other| common[other] += met * sizes[line]);
                looks += with[line].len() as u64;
            }
        }
        self.looks = self.looks.saturating_sub(looks);
        let (height, width) = self.sizes[role];
        let price = |(common, &(other_height, other_width)): (u64, &(u64, u64))| {
            (height * other_width + other_height * width).saturating_sub(common)
        };
        common.into_iter().zip(&self.sizes).map(price).collect()
    }

    /// Counts how many identities and entitlements a role has.
    fn size(&self, role: usize) -> (u64, u64) {
        let Role { rows, columns } = &self.roles[role];
        let sum = |lines: &[u32], sizes: &[u64]| lines.iter().map(|&line| sizes[line as usize]).sum::<u64>();
        (sum(rows, &self.heights), sum(columns, &self.widths))
    }

    /// Makes one role of two.
    fn unite(&mut self, one: usize, other: usize) {
        let gone = std::mem::take(&mut self.roles[other]);
        self.partners[other] = None;
        let kept = self.roles[one].clone();
        let mut granted = self.grant(&kept.rows, &gone.columns);
        granted.extend(self.grant(&gone.rows, &kept.columns));
        let Role { rows, columns } = &mut self.roles[one];
        take_over(&mut self.with_row, rows, &gone.rows, one, other);
        take_over(&mut self.with_column, columns, &gone.columns, one, other);
        self.sizes[one] = self.size(one);
        self.bring_nearer(&granted, one);
        let Some(prices) = self.find_partner(one) else {
            self.partners.fill(None);
            return;
        };
        for role in (0..self.roles.len()).filter(|&role| role != one) {
            let Some(partner) = self.partners[role] else { continue };
            let now = (prices[role], one);
            if now <= partner {
                self.partners[role] = Some(now);
            } else if partner.1 == one || partner.1 == other {
                self.find_partner(role);
            }
        }
    }

    /// Grants rows these columns; the cells that are new.
    fn grant(&mut self, rows: &[u32], columns: &[u32]) -> Vec<(u32, u32)> {
        let mut new = Vec::new();
        for &row in rows {
            for &column in columns {
                if let Err(place) = self.held[row as usize].binary_search(&column) {
                    self.held[row as usize].insert(place, column);
                    let holders = &mut self.holders[column as usize];
                    if let Err(place) = holders.binary_search(&row) {
                        holders.insert(place, row);
                    }
                    new.push((row, column));
                }
            }
        }
        self.looks = self.looks.saturating_sub((rows.len() * columns.len()) as u64);
        new
    }

    /// What these cells, which are granted now, change for other pairs than those of the merged role.
    fn bring_nearer(&mut self, cells: &[(u32, u32)], merged: usize) {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for &(row, column) in cells {
            for &one in self.with_row[row as usize].iter().filter(|&&one| one != merged) {
                let others = self.with_column[column as usize].iter().filter(|&&other| other != one && other != merged);
                pairs.extend(others.map(|&other| (one.min(other), one.max(other))));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        for (one, other) in pairs {
            let price = self.lacking(one, other) + self.lacking(other, one);
            for (role, partner) in [(one, (price, other)), (other, (price, one))] {
                if self.partners[role].is_some_and(|kept| partner < kept) {
                    self.partners[role] = Some(partner);
                }
            }
        }
    }

    /// What the members of one role lack of what the other grants.
    fn lacking(&mut self, members: usize, grants: usize) -> u64 {
        let (rows, columns) = (&self.roles[members].rows, &self.roles[grants].columns);
        self.looks = self.looks.saturating_sub((rows.len() * columns.len()) as u64);
        let lacks = |&row: &u32| {
            let held = &self.held[row as usize];
            let lacking = columns.iter().filter(|column| held.binary_search(column).is_err());
            self.heights[row as usize] * lacking.map(|&column| self.widths[column as usize]).sum::<u64>()
        };
        rows.iter().map(lacks).sum()
    }
}

/// For each line across, how much of these lines meets it; and how many entries that took to look at.
fn met(lines: &[u32], sizes: &[u64], crossing: &[Vec<u32>], across: usize) -> (Vec<u64>, u64) {
    let (mut met, mut looks) = (vec![0; across], across as u64 / 8);
    for &line in lines {
        let (Some(crosses), Some(size)) = (crossing.get(line as usize), sizes.get(line as usize)) else { continue };
        looks += crosses.len() as u64;
        for &cross in crosses {
            if let Some(met) = met.get_mut(cross as usize) {
                *met += size;
            }
        }
    }
    (met, looks)
}

/// Puts the lines of the other role among those of the one.
fn take_over(with: &mut [Vec<usize>], lines: &mut Vec<u32>, more: &[u32], one: usize, other: usize) {
    for &line in more {
        let Some(roles) = with.get_mut(line as usize) else { continue };
        roles.retain(|&role| role != other);
        if let Err(place) = lines.binary_search(&line) {
            lines.insert(place, line);
            roles.push(one);
        }
    }
}

#[cfg(test)]
mod tests;
