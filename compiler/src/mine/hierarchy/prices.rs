//! What each part of a policy costs, on the collapsed matrix: a row costs as often as the identities it stands for.

use crate::{mine::collapse::Collapsed, spec::Weights};

/// The weights, spread over the lines of the collapsed matrix.
#[derive(Debug)]
pub(super) struct Prices {
    /// A role.
    pub(super) role: u64,
    /// A row in a role: all its identities assigned.
    pub(super) rows: Vec<u64>,
    /// A column in a role: all its entitlements assigned.
    pub(super) columns: Vec<u64>,
    /// A role that inherits another; none where roles may not.
    pub(super) edge: Option<u64>,
    /// A cell left to its identities, for one identity and one entitlement; none where all must be in roles.
    direct: Option<u64>,
    /// How many identities and entitlements the lines stand for.
    heights: Vec<u64>,
    widths: Vec<u64>,
}

/// What the two policies that take no thought cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trivial {
    /// One role for each distinct row.
    pub(super) by_row: u64,
    /// One role for each distinct column.
    pub(super) by_column: u64,
    /// No role, where that is allowed.
    pub(super) nothing: Option<u64>,
}

impl Prices {
    pub(super) fn new(matrix: &Collapsed, weights: &Weights) -> Self {
        let sizes = |members: &[Vec<u32>]| members.iter().map(|members| members.len() as u64).collect::<Vec<_>>();
        let (heights, widths) = (sizes(&matrix.row_members), sizes(&matrix.column_members));
        let times = |weight: u32, sizes: &[u64]| sizes.iter().map(|size| u64::from(weight) * size).collect();
        Self {
            role: weights.roles.into(),
            rows: times(weights.user_assignments, &heights),
            columns: times(weights.permission_assignments, &widths),
            edge: weights.role_edges.map(u64::from),
            direct: weights.direct_assignments.map(u64::from),
            heights,
            widths,
        }
    }

    /// What it costs to leave a cell to its identities; none where that is not allowed.
    pub(super) fn direct(&self, row: usize, column: usize) -> Option<u64> {
        let sizes = self.heights.get(row).copied().unwrap_or(1) * self.widths.get(column).copied().unwrap_or(1);
        self.direct.map(|direct| direct * sizes)
    }

    /// What the two policies that take no thought cost.
    pub(super) fn trivial(&self, matrix: &Collapsed) -> Trivial {
        let sum = |prices: &[u64]| prices.iter().sum::<u64>();
        let crossed = |lines: &[Vec<u32>], prices: &[u64]| {
            let of_line = |line: &Vec<u32>| {
                line.iter().map(|&cross| prices.get(cross as usize).copied().unwrap_or_default()).sum::<u64>()
            };
            lines.iter().map(|line| self.role + of_line(line)).sum::<u64>()
        };
        let cells = |(row, held): (usize, &Vec<u32>)| {
            held.iter().filter_map(|&column| self.direct(row, column as usize)).sum::<u64>()
        };
        Trivial {
            nothing: self.direct.map(|_| matrix.rows.iter().enumerate().map(cells).sum()),
            by_row: sum(&self.rows) + crossed(&matrix.rows, &self.columns),
            by_column: sum(&self.columns) + crossed(&matrix.columns, &self.rows),
        }
    }
}
