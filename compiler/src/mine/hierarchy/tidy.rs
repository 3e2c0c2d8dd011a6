//! Nothing needless: rows and columns that other roles grant anyway, and two roles where one will do.

use super::policy::{Change, Policy, Role};
use crate::mine::{bits, chance::Chance};

/// A line of a role that may be needless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    /// What it costs, blurred a little, so that more than one order is tried.
    price: u64,
    role: usize,
    is_row: bool,
    index: usize,
}

#[expect(clippy::indexing_slicing, reason = "roles, rows and columns index tables that have one entry for each")]
impl Policy<'_> {
    /// Drops rows and columns that other roles make needless, wherever something has changed, and makes one role of two alike.
    pub(super) fn tidy(&mut self, chance: &mut Chance) {
        let (mut rows, mut columns) = (vec![0; self.board.columns.words()], vec![0; self.board.rows.words()]);
        let mut touched = Vec::new();
        for change in &self.changes {
            match *change {
                Change::Row { role, row } => {
                    bits::insert(&mut rows, row);
                    touched.push(role);
                }
                Change::Column { role, column } => {
                    bits::insert(&mut columns, column);
                    touched.push(role);
                }
                Change::Direct { .. } | Change::Spelt { .. } => {}
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for &role in &touched {
            bits::unite(&mut rows, &self.roles[role].rows);
            bits::unite(&mut columns, &self.roles[role].columns);
        }
        if self.prices.direct(0, 0).is_some() {
            self.drop_directs(&rows);
        }
        for line in self.lines(&rows, &columns, chance) {
            self.drop_needless(line);
        }
        for role in 0..self.roles.len() {
            let bare = bits::is_empty(&self.roles[role].columns);
            if !self.is_role(role) || bare && self.prices.edge.is_none() {
                self.dissolve(role);
            }
        }
        touched.iter().for_each(|&role| self.unite(role));
    }

    /// What a role grants is no longer left to the identities of these rows.
    fn drop_directs(&mut self, rows: &[u64]) {
        for row in bits::ones(rows) {
            for column in bits::ones(self.board.rows.row(row)) {
                if self.is_direct(row, column) && self.is_granted_twice(row, column) {
                    self.toggle_direct(row, column);
                }
            }
        }
    }

    /// The lines of every role that meets these rows and columns, dearest first.
    fn lines(&mut self, rows: &[u64], columns: &[u64], chance: &mut Chance) -> Vec<Line> {
        let mut lines = Vec::new();
        for role in 0..self.roles.len() {
            let met = &self.roles[role];
            if bits::common(&met.rows, rows) == 0 || bits::common(&met.columns, columns) == 0 {
                continue;
            }
            let mut line = |price: u64, is_row: bool, index: usize| {
                lines.push(Line { price: price * (12 + chance.below(8) as u64), role, is_row, index });
            };
            bits::ones_of_both(&met.rows, rows).for_each(|row| line(self.prices.rows[row], true, row));
            bits::ones_of_both(&met.columns, columns)
                .for_each(|column| line(self.prices.columns[column], false, column));
        }
        self.looks += ((rows.len() + columns.len()) * self.roles.len()) as u64 + 4 * lines.len() as u64;
        lines.sort_unstable_by(|one, other| other.cmp(one));
        lines
    }

    fn drop_needless(&mut self, Line { role, is_row, index, .. }: Line) {
        let Role { rows, columns } = &self.roles[role];
        if !is_row {
            if bits::ones(rows).all(|row| self.is_granted_twice(row, index)) {
                self.toggle_column(role, index);
            }
            return;
        }
        // A role that grants nothing itself is there for its members, and members that are spelt through another role cost nothing.
        let of_heir = |&heir: &usize| bits::contains(&self.roles[heir].rows, index);
        let keeps = bits::is_empty(columns) || self.spellings[role].heirs.iter().any(of_heir);
        if !keeps && bits::ones(columns).all(|column| self.is_granted_twice(index, column)) {
            self.toggle_row(role, index);
        }
    }

    /// Gives a role what another with the same members grants; without a hierarchy, also the members of another that grants the same.
    fn unite(&mut self, role: usize) {
        if !self.is_role(role) {
            return;
        }
        let others: Vec<usize> = self.places().filter(|&other| other != role).collect();
        for other in others {
            let Role { rows, columns } = self.roles[other].clone();
            if rows == self.roles[role].rows {
                self.dissolve(other);
                let new = bits::ones(&columns).filter(|&column| !bits::contains(&self.roles[role].columns, column));
                for column in new.collect::<Vec<_>>() {
                    self.toggle_column(role, column);
                }
            } else if self.prices.edge.is_none() && columns == self.roles[role].columns {
                self.dissolve(other);
                let new = bits::ones(&rows).filter(|&row| !bits::contains(&self.roles[role].rows, row));
                for row in new.collect::<Vec<_>>() {
                    self.toggle_row(role, row);
                }
            }
        }
    }
}
