//! Which roles have a row or a column, kept up with every change: a try then costs what it touches, not how many roles there are.

use crate::mine::bits;

/// Where the roles are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// The roles that have each row, and each column; ascending.
    with_row: Vec<Vec<usize>>,
    with_column: Vec<Vec<usize>>,
    /// The roles whose first row it is; ascending. Every role is in exactly one of these lists, so its subsets are found without repeats.
    first_row: Vec<Vec<usize>>,
    sizes: Vec<Size>,
}

/// How large a role is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    rows: usize,
    columns: usize,
    /// What its rows cost one by one.
    worth: u64,
}

impl Index {
    /// Of no roles, over so many rows and columns.
    pub(super) fn new(height: usize, width: usize) -> Self {
        Self {
            with_row: vec![Vec::new(); height],
            with_column: vec![Vec::new(); width],
            first_row: vec![Vec::new(); height],
            sizes: Vec::new(),
        }
    }

    /// One more role, without rows and columns.
    pub(super) fn push(&mut self) {
        self.sizes.push(Size::default());
    }

    /// The roles that have a row, ascending.
    pub(super) fn with_row(&self, row: usize) -> &[usize] {
        self.with_row.get(row).map_or(&[], Vec::as_slice)
    }

    /// The roles that have a column, ascending.
    pub(super) fn with_column(&self, column: usize) -> &[usize] {
        self.with_column.get(column).map_or(&[], Vec::as_slice)
    }

    /// The roles that have this row and none before it, ascending.
    pub(super) fn with_first_row(&self, row: usize) -> &[usize] {
        self.first_row.get(row).map_or(&[], Vec::as_slice)
    }

    /// How many rows and columns a role has.
    pub(super) fn size(&self, role: usize) -> (usize, usize) {
        self.sizes.get(role).map_or((0, 0), |size| (size.rows, size.columns))
    }

    /// What the rows of a role cost one by one.
    pub(super) fn worth(&self, role: usize) -> u64 {
        self.sizes.get(role).map_or(0, |size| size.worth)
    }

    /// The role, which now has these rows, gained or lost this one.
    pub(super) fn toggled_row(&mut self, role: usize, row: usize, rows: &[u64], price: u64) {
        let gained = bits::contains(rows, row);
        note(&mut self.with_row, row, role, gained);
        let rest = bits::ones(rows).find(|&other| other != row);
        if rest.is_none_or(|rest| row < rest) {
            note(&mut self.first_row, row, role, gained);
            rest.into_iter().for_each(|rest| note(&mut self.first_row, rest, role, !gained));
        }
        if let Some(size) = self.sizes.get_mut(role) {
            (size.rows, size.worth) =
                if gained { (size.rows + 1, size.worth + price) } else { (size.rows - 1, size.worth - price) };
        }
    }

    /// The role gained or lost a column.
    pub(super) fn toggled_column(&mut self, role: usize, column: usize, gained: bool) {
        note(&mut self.with_column, column, role, gained);
        if let Some(size) = self.sizes.get_mut(role) {
            size.columns = if gained { size.columns + 1 } else { size.columns - 1 };
        }
    }

    /// The roles that have any of these rows and any of these columns, ascending, and perhaps some that have only the one; and how many entries that
    /// took to look at.
    pub(super) fn meeting(&self, rows: &[u64], columns: &[u64]) -> (Vec<usize>, u64) {
        let entries = |lists: &[Vec<usize>], lines: &[u64]| {
            bits::ones(lines).filter_map(|line| lists.get(line)).map(Vec::len).sum::<usize>()
        };
        let (lists, lines) = if entries(&self.with_row, rows) < entries(&self.with_column, columns) {
            (&self.with_row, rows)
        } else {
            (&self.with_column, columns)
        };
        let mut met: Vec<usize> = bits::ones(lines).filter_map(|line| lists.get(line)).flatten().copied().collect();
        let looks = met.len() as u64;
        met.sort_unstable();
        met.dedup();
        (met, looks)
    }
}

/// Adds a role to the list of a line, or takes it out.
fn note(lists: &mut [Vec<usize>], line: usize, role: usize, add: bool) {
    let Some(list) = lists.get_mut(line) else { return };
    match (list.binary_search(&role), add) {
        (Err(place), true) => list.insert(place, role),
        (Ok(place), false) => drop(list.remove(place)),
        _ => {}
    }
}
