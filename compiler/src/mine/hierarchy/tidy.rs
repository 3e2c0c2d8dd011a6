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
        for change in &self.changes {
            match *change {
                Change::Row { row, .. } => bits::insert(&mut rows, row),
                Change::Column { column, .. } => bits::insert(&mut columns, column),
                Change::Direct { .. } | Change::Spelt { .. } => {}
            }
        }
        let touched = self.changed();
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
        for role in self.changed() {
            let (_, columns) = self.index.size(role);
            if !self.is_role(role) || columns == 0 && self.prices.edge.is_none() {
                self.dissolve(role);
            }
        }
        touched.iter().for_each(|&role| self.unite(role));
    }

    /// The roles that gained or lost anything, ascending.
    fn changed(&self) -> Vec<usize> {
        let of = |change: &Change| match *change {
            Change::Row { role, .. } | Change::Column { role, .. } => Some(role),
            Change::Direct { .. } | Change::Spelt { .. } => None,
        };
        let mut changed: Vec<usize> = self.changes.iter().filter_map(of).collect();
        changed.sort_unstable();
        changed.dedup();
        changed
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
        let (meeting, looks) = self.index.meeting(rows, columns);
        self.looks += looks;
        for role in meeting {
            let met = &self.roles[role];
            self.looks += (rows.len() + columns.len()) as u64 / 4;
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
        self.looks += 4 * lines.len() as u64;
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
        while let Some(other) = self.alike(role) {
            let Role { rows, columns } = self.roles[other].clone();
            self.dissolve(other);
            let new = bits::ones(&columns).filter(|&column| !bits::contains(&self.roles[role].columns, column));
            for column in new.collect::<Vec<_>>() {
                self.toggle_column(role, column);
            }
            let new = bits::ones(&rows).filter(|&row| !bits::contains(&self.roles[role].rows, row));
            for row in new.collect::<Vec<_>>() {
                self.toggle_row(role, row);
            }
        }
    }

    /// The first other role with the same members, or with the same grants where there is no hierarchy.
    fn alike(&self, role: usize) -> Option<usize> {
        let Role { rows, columns } = &self.roles[role];
        let mut starting = self.index.with_first_row(bits::ones(rows).next()?).iter();
        let by_rows = starting.find(|&&other| other != role && self.roles[other].rows == *rows);
        let column = bits::ones(columns).next().filter(|_| self.prices.edge.is_none());
        let by_columns = column.and_then(|column| {
            let mut having = self.index.with_column(column).iter();
            having.find(|&&other| other != role && self.is_role(other) && self.roles[other].columns == *columns)
        });
        by_rows.into_iter().chain(by_columns).min().copied()
    }
}
