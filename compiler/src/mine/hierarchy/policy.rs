//! A policy in the making: roles over the collapsed matrix, what they grant, what they cost, and the way back.
//!
//! A role is a set of rows, everyone who holds it, and a set of columns, what it grants itself. Its rectangle lies within the matrix, always, so
//! nothing is granted that is not held. Everything is changed line by line, and every change is noted, so that a try that does not pay is undone.

use super::{
    index::Index,
    prices::Prices,
    sketch::{Sketch, Sketched},
    spelling::Spelling,
};
use crate::mine::{
    bits::{self, BitTable},
    board::BitBoard,
};

/// A role: every row holds every column. Without rows it is no role, only a place for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Role {
    /// Everyone who holds it, directly or through a role that inherits it.
    pub(super) rows: Vec<u64>,
    /// What it grants itself.
    pub(super) columns: Vec<u64>,
}

/// A change, to be undone.
#[derive(Debug)]
pub(super) enum Change {
    /// The role gained or lost the row.
    Row { role: usize, row: usize },
    /// The role gained or lost the column.
    Column { role: usize, column: usize },
    /// The cell was left to its identities, or is no longer.
    Direct { row: usize, column: usize },
    /// How the members of the role were spelt before.
    Spelt { role: usize, before: Spelling },
}

/// Roles, and what they grant.
pub(super) struct Policy<'a> {
    pub(super) board: &'a BitBoard<'a>,
    pub(super) prices: &'a Prices,
    pub(super) roles: Vec<Role>,
    /// Which roles have a row or a column.
    pub(super) index: Index,
    /// How the members of each role are written down.
    pub(super) spellings: Vec<Spelling>,
    /// For each role those whose members are written down through it, ascending.
    pub(super) named_by: Vec<Vec<usize>>,
    /// Every place before this one is taken.
    first_free: usize,
    /// How many roles grant each cell, row by row; a cell that is left to its identities counts as one more.
    granted: Vec<u32>,
    direct: BitTable,
    /// The cells that are held and not granted, both ways round.
    pub(super) open_rows: BitTable,
    pub(super) open_columns: BitTable,
    /// How many cells of each row are open, and the rows in which any is.
    open: Vec<usize>,
    pub(super) unfinished: Vec<u64>,
    /// Everything but the members of the roles.
    grants_cost: u64,
    /// The members of the roles.
    spelling_cost: u64,
    pub(super) changes: Vec<Change>,
    /// Work done, in words looked at.
    pub(super) looks: u64,
}

#[expect(
    clippy::indexing_slicing,
    reason = "roles, rows and columns index tables that have one entry, or one run of entries, for each"
)]
impl<'a> Policy<'a> {
    /// A policy of these roles; what they do not grant is open.
    pub(super) fn new(board: &'a BitBoard<'a>, prices: &'a Prices, roles: &[Role]) -> Self {
        let (height, width) = (board.matrix.rows.len(), board.matrix.columns.len());
        let mut policy = Self {
            board,
            prices,
            roles: Vec::new(),
            index: Index::new(height, width),
            spellings: Vec::new(),
            named_by: Vec::new(),
            first_free: 0,
            granted: vec![0; height * width],
            direct: BitTable::new(height, width),
            open_rows: board.rows.clone(),
            open_columns: board.columns.clone(),
            open: board.matrix.rows.iter().map(Vec::len).collect(),
            unfinished: bits::full(height),
            grants_cost: 0,
            spelling_cost: 0,
            changes: Vec::new(),
            looks: 0,
        };
        for role in roles {
            let place = policy.place();
            bits::ones(&role.columns).for_each(|column| policy.toggle_column(place, column));
            bits::ones(&role.rows).for_each(|row| policy.toggle_row(place, row));
        }
        policy
    }

    /// What it costs, once everything is spelt.
    pub(super) fn cost(&self) -> u64 {
        self.grants_cost + self.spelling_cost
    }

    /// The places that hold roles, ascending.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.roles.len()).filter(|&role| self.is_role(role))
    }

    pub(super) fn is_role(&self, role: usize) -> bool {
        self.index.size(role).0 > 0
    }

    /// The roles, without empty places.
    pub(super) fn kept(&self) -> Vec<Role> {
        self.places().map(|role| self.roles[role].clone()).collect()
    }

    /// The policy as lists, once everything is spelt.
    pub(super) fn sketched(&self) -> Sketch {
        let list = |set: &[u64]| bits::ones(set).filter_map(|value| u32::try_from(value).ok()).collect();
        let places: Vec<usize> = self.places().collect();
        let place_of = |role: usize| places.binary_search(&role).unwrap_or_default();
        let roles = places.iter().map(|&role| Sketched {
            rows: list(&self.roles[role].rows),
            columns: list(&self.roles[role].columns),
            heirs: self.spellings[role].heirs.iter().map(|&heir| place_of(heir)).collect(),
        });
        Sketch { roles: roles.collect(), cost: self.cost() }
    }

    /// A place for a new role.
    pub(super) fn place(&mut self) -> usize {
        while self.first_free < self.roles.len() && self.index.size(self.first_free) != (0, 0) {
            self.first_free += 1;
        }
        if self.first_free == self.roles.len() {
            let (high, wide) = (self.board.columns.words(), self.board.rows.words());
            self.roles.push(Role { rows: vec![0; high], columns: vec![0; wide] });
            self.spellings.push(Spelling::default());
            self.named_by.push(Vec::new());
            self.index.push();
        }
        self.first_free
    }

    /// Gives a role a row, or takes it away.
    pub(super) fn toggle_row(&mut self, role: usize, row: usize) {
        let had = bits::contains(&self.roles[role].rows, row);
        let before = self.is_role(role);
        flip(&mut self.roles[role].rows, row);
        self.index.toggled_row(role, row, &self.roles[role].rows, self.prices.rows[row]);
        self.first_free = self.first_free.min(role);
        if before != self.is_role(role) {
            add(&mut self.grants_cost, self.prices.role, !had);
        }
        let columns = std::mem::take(&mut self.roles[role].columns);
        bits::ones(&columns).for_each(|column| self.count(row, column, !had));
        self.looks += columns.len() as u64;
        self.roles[role].columns = columns;
        self.changes.push(Change::Row { role, row });
    }

    /// Gives a role a column, or takes it away.
    pub(super) fn toggle_column(&mut self, role: usize, column: usize) {
        let had = bits::contains(&self.roles[role].columns, column);
        flip(&mut self.roles[role].columns, column);
        self.index.toggled_column(role, column, !had);
        self.first_free = self.first_free.min(role);
        add(&mut self.grants_cost, self.prices.columns[column], !had);
        let rows = std::mem::take(&mut self.roles[role].rows);
        bits::ones(&rows).for_each(|row| self.count(row, column, !had));
        self.looks += rows.len() as u64;
        self.roles[role].rows = rows;
        self.changes.push(Change::Column { role, column });
    }

    /// Leaves a cell to its identities, or no longer.
    pub(super) fn toggle_direct(&mut self, row: usize, column: usize) {
        let had = bits::contains(self.direct.row(row), column);
        flip(self.direct.row_mut(row), column);
        add(&mut self.grants_cost, self.prices.direct(row, column).unwrap_or_default(), !had);
        self.count(row, column, !had);
        self.changes.push(Change::Direct { row, column });
    }

    /// Leaves every open cell to its identities.
    pub(super) fn leave_the_rest(&mut self) {
        for row in 0..self.board.matrix.rows.len() {
            let open: Vec<usize> = bits::ones(self.open_rows.row(row)).collect();
            open.into_iter().for_each(|column| self.toggle_direct(row, column));
        }
    }

    /// Takes a role away altogether.
    pub(super) fn dissolve(&mut self, role: usize) {
        for row in bits::ones(&self.roles[role].rows.clone()) {
            self.toggle_row(role, row);
        }
        for column in bits::ones(&self.roles[role].columns.clone()) {
            self.toggle_column(role, column);
        }
    }

    /// Notes how the members of a role are now written down.
    pub(super) fn spell(&mut self, role: usize, spelling: Spelling) {
        if self.spellings[role] != spelling {
            self.spelling_cost += spelling.cost;
            for &heir in &spelling.heirs {
                if let Err(place) = self.named_by[heir].binary_search(&role) {
                    self.named_by[heir].insert(place, role);
                }
            }
            let before = std::mem::replace(&mut self.spellings[role], spelling);
            for &heir in before.heirs.iter().filter(|heir| self.spellings[role].heirs.binary_search(heir).is_err()) {
                self.named_by[heir].retain(|&named_by| named_by != role);
            }
            self.spelling_cost -= before.cost;
            self.changes.push(Change::Spelt { role, before });
        }
    }

    /// Whether a cell would still be granted, or left to its identities, without one that does it.
    pub(super) fn is_granted_twice(&self, row: usize, column: usize) -> bool {
        self.granted[row * self.board.matrix.columns.len() + column] > 1
    }

    pub(super) fn is_direct(&self, row: usize, column: usize) -> bool {
        bits::contains(self.direct.row(row), column)
    }

    /// Takes every change back.
    pub(super) fn undo(&mut self) {
        while let Some(change) = self.changes.pop() {
            match change {
                Change::Row { role, row } => self.toggle_row(role, row),
                Change::Column { role, column } => self.toggle_column(role, column),
                Change::Direct { row, column } => self.toggle_direct(row, column),
                Change::Spelt { role, before } => self.spell(role, before),
            }
            self.changes.pop();
        }
    }

    fn count(&mut self, row: usize, column: usize, more: bool) {
        let times = &mut self.granted[row * self.board.matrix.columns.len() + column];
        if more {
            *times += 1;
            if *times == 1 {
                self.open[row] -= 1;
                if self.open[row] == 0 {
                    bits::remove(&mut self.unfinished, row);
                }
                bits::remove(self.open_rows.row_mut(row), column);
                bits::remove(self.open_columns.row_mut(column), row);
            }
        } else {
            *times -= 1;
            if *times == 0 {
                self.open[row] += 1;
                bits::insert(&mut self.unfinished, row);
                bits::insert(self.open_rows.row_mut(row), column);
                bits::insert(self.open_columns.row_mut(column), row);
            }
        }
    }
}

fn flip(set: &mut [u64], value: usize) {
    if bits::contains(set, value) {
        bits::remove(set, value);
    } else {
        bits::insert(set, value);
    }
}

fn add(cost: &mut u64, price: u64, more: bool) {
    *cost = if more { *cost + price } else { cost.saturating_sub(price) };
}
