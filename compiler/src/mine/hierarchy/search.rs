//! Local search: take something away, grant what is open again as cheaply as can be, and keep what is no worse.
//!
//! Large neighbourhood search (Shaw, *Using constraint programming and local search methods to solve vehicle routing problems*, CP 1998). What is
//! taken away: roles that share a row or a column, a row out of all its roles, a column out of all its roles. In a hierarchy also: a new role of the
//! members that two roles share, and a role that inherits another. Numbers are drawn from a fixed seed.

use super::{
    grow::Offer,
    policy::{Policy, Role},
};
use crate::mine::{MineError, Progress, bits, chance::Chance};

/// Words that are looked at in a step, which is about a microsecond.
const LOOKS_PER_STEP: u64 = 64;

/// Tries in a row that make nothing cheaper, for every row and column: then the search has converged.
const PATIENCE: u64 = 32;

/// Completes a policy, and makes it cheaper, in so many steps at most: it ends before, where nothing becomes cheaper any more.
pub(super) fn improve(
    policy: &mut Policy<'_>,
    steps: u64,
    chance: &mut Chance,
    progress: &dyn Progress,
) -> Result<(), MineError> {
    policy.repair(chance);
    policy.tidy(chance);
    policy.settle();
    policy.changes.clear();
    // What it took to set the policy up counts too.
    let end = steps.saturating_mul(LOOKS_PER_STEP);
    let patience = PATIENCE * (policy.board.matrix.rows.len() + policy.board.matrix.columns.len()) as u64;
    let mut in_vain = 0;
    while policy.looks < end && in_vain < patience {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        policy.looks += 64;
        let before = policy.cost();
        let worth = attempt(policy, chance);
        if policy.cost() > before || worth == Worth::OnlyIfCheaper && policy.cost() == before {
            policy.undo();
        }
        policy.changes.clear();
        in_vain = if policy.cost() < before { 0 } else { in_vain + 1 };
    }
    Ok(())
}

/// When a change is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    /// When it is no dearer.
    IfNotDearer,
    /// When it is cheaper: it only adds to what there is.
    OnlyIfCheaper,
}

/// Changes something, and makes a whole policy of it again.
pub(super) fn attempt(policy: &mut Policy<'_>, chance: &mut Chance) -> Worth {
    let worth = policy.disturb(chance);
    policy.repair(chance);
    policy.tidy(chance);
    policy.settle();
    worth
}

#[expect(clippy::indexing_slicing, reason = "roles, rows and columns index tables that have one entry for each")]
impl Policy<'_> {
    /// Changes something.
    fn disturb(&mut self, chance: &mut Chance) -> Worth {
        let places: Vec<usize> = self.places().collect();
        let Some(&role) = places.get(chance.below(places.len())) else {
            let row = chance.below(self.board.matrix.rows.len());
            self.free_row(row);
            return Worth::IfNotDearer;
        };
        let kinds = if self.prices.edge.is_some() { 8 } else { 5 };
        match chance.below(kinds) {
            0 => self.free_row(chance.below(self.board.matrix.rows.len())),
            1 => self.free_column(chance.below(self.board.matrix.columns.len())),
            2..=4 => {
                for _ in 0..=chance.below(4) {
                    let near = self.near(role, chance);
                    self.dissolve(near);
                }
                self.dissolve(role);
            }
            5 | 6 => {
                self.share(role, chance);
                return Worth::OnlyIfCheaper;
            }
            _ => self.adopt(role, chance),
        }
        Worth::IfNotDearer
    }

    /// A role that shares a row or a column with this one; perhaps itself.
    fn near(&self, role: usize, chance: &mut Chance) -> usize {
        let by_row = chance.below(2) == 0;
        let side = if by_row { &self.roles[role].rows } else { &self.roles[role].columns };
        let Some(line) = one_of(bits::ones(side), chance) else { return role };
        let having = if by_row { self.index.with_row(line) } else { self.index.with_column(line) };
        one_of(having.iter().copied().filter(|&other| self.is_role(other)), chance).unwrap_or(role)
    }

    /// Takes a row out of all its roles.
    fn free_row(&mut self, row: usize) {
        for role in self.index.with_row(row).to_vec() {
            self.toggle_row(role, row);
        }
        for column in bits::ones(self.board.rows.row(row)) {
            if self.is_direct(row, column) {
                self.toggle_direct(row, column);
            }
        }
    }

    /// Takes a column out of all its roles.
    fn free_column(&mut self, column: usize) {
        for role in self.index.with_column(column).to_vec() {
            self.toggle_column(role, column);
        }
        for row in bits::ones(self.board.columns.row(column)) {
            if self.is_direct(row, column) {
                self.toggle_direct(row, column);
            }
        }
    }

    /// Makes a role of the members that this one shares with another, for both to be spelt with.
    fn share(&mut self, role: usize, chance: &mut Chance) {
        let Some(row) = one_of(bits::ones(&self.roles[role].rows), chance) else { return };
        let others = self.index.with_row(row).iter().copied().filter(|&other| other != role);
        let Some(other) = one_of(others, chance) else { return };
        let mut shared = self.roles[role].rows.clone();
        bits::intersect(&mut shared, &self.roles[other].rows);
        let first = bits::ones(&shared).next().unwrap_or_default();
        if self.index.with_first_row(first).iter().any(|&place| self.roles[place].rows == shared) {
            return;
        }
        let place = self.place();
        bits::ones(&shared).for_each(|row| self.toggle_row(place, row));
    }

    /// Lets all members of the role hold another that grants some of what it grants.
    fn adopt(&mut self, role: usize, chance: &mut Chance) {
        let Some(column) = one_of(bits::ones(&self.roles[role].columns), chance) else { return };
        let others = self.index.with_column(column).iter().copied();
        let others = others.filter(|&other| other != role && self.is_role(other));
        let Some(other) = one_of(others, chance) else { return };
        let Role { rows, .. } = self.roles[role].clone();
        let Role { rows: already, columns } = self.roles[other].clone();
        if bits::ones(&columns).all(|column| bits::is_subset(&rows, self.board.columns.row(column))) {
            bits::ones(&rows).filter(|&row| !bits::contains(&already, row)).for_each(|row| self.toggle_row(other, row));
        }
    }

    /// Grants every open cell: the cheapest way first for one drawn by lot, and so on.
    fn repair(&mut self, chance: &mut Chance) {
        let mut open: Vec<usize> = bits::ones(&self.unfinished).collect();
        self.looks += (self.unfinished.len() + open.len()) as u64;
        while !open.is_empty() {
            let place = chance.below(open.len());
            let row = open[place];
            match one_of(bits::ones(self.open_rows.row(row)), chance) {
                Some(column) => self.grant(row, column, chance),
                None => drop(open.swap_remove(place)),
            }
        }
    }

    /// Grants an open cell: by a role that takes in its row, or its column, by a new one, or not by any.
    fn grant(&mut self, row: usize, column: usize, chance: &mut Chance) {
        enum Way {
            Row(usize),
            Column(usize),
            New(Role),
            Direct,
        }
        let (role, offer) = self.grown(row, column, chance);
        let mut best = (offer, Way::New(role));
        // Prices are taken a little differently each time, so that more than one outcome is seen.
        let mut consider = |offer: Offer, way: Way, chance: &mut Chance| {
            let blurred = Offer { cost: offer.cost * (12 + chance.below(8) as u64), cells: offer.cells * 16 };
            if blurred.beats(best.0) {
                best = (blurred, way);
            }
        };
        // No role has both, since the cell is open.
        let (with_row, with_column) = (self.index.with_row(row), self.index.with_column(column));
        let mut near: Vec<usize> = with_row.iter().chain(with_column).copied().collect();
        near.sort_unstable();
        self.looks += 2 * near.len() as u64;
        for place in near {
            let Role { rows, columns } = &self.roles[place];
            if bits::contains(columns, column) {
                if self.is_role(place) && bits::is_subset(columns, self.board.rows.row(row)) {
                    let cells = bits::common(columns, self.open_rows.row(row)) as u64;
                    consider(Offer { cost: self.prices.rows[row], cells }, Way::Row(place), chance);
                }
            } else if bits::is_subset(rows, self.board.columns.row(column)) {
                let cells = bits::common(rows, self.open_columns.row(column)) as u64;
                consider(Offer { cost: self.prices.columns[column], cells }, Way::Column(place), chance);
            }
        }
        if let Some(cost) = self.prices.direct(row, column) {
            consider(Offer { cost, cells: 1 }, Way::Direct, chance);
        }
        match best.1 {
            Way::Row(role) => self.toggle_row(role, row),
            Way::Column(role) => self.toggle_column(role, column),
            Way::Direct => self.toggle_direct(row, column),
            Way::New(role) => {
                let place = self.place();
                bits::ones(&role.columns).for_each(|column| self.toggle_column(place, column));
                bits::ones(&role.rows).for_each(|row| self.toggle_row(place, row));
            }
        }
    }
}

/// One of these, drawn by lot.
fn one_of(all: impl Iterator<Item = usize>, chance: &mut Chance) -> Option<usize> {
    let all: Vec<usize> = all.collect();
    all.get(chance.below(all.len())).copied()
}
