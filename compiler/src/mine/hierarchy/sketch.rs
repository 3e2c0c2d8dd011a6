//! A policy that is written down once and not changed: lists instead of tables, so room in proportion to what it says, at any size.

use super::prices::{Prices, Trivial};
use crate::mine::collapse::Collapsed;

/// Roles and what is left to the identities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    pub(super) roles: Vec<Sketched>,
    /// What it costs.
    pub(super) cost: u64,
}

/// A role over the collapsed matrix; all lists ascend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sketched {
    /// Everyone who holds it, directly or through a role that inherits it.
    pub(super) rows: Vec<u32>,
    /// What it grants itself.
    pub(super) columns: Vec<u32>,
    /// The roles that inherit it, by place.
    pub(super) heirs: Vec<usize>,
}

impl Sketch {
    /// The cheapest of the policies that take no thought: a role for each distinct row, or for each distinct column, or none where that is allowed.
    pub(super) fn trivial(matrix: &Collapsed, prices: &Prices) -> Self {
        let Trivial { by_row, by_column, nothing } = prices.trivial(matrix);
        let role = |rows: Vec<u32>, columns: Vec<u32>| Sketched { rows, columns, heirs: Vec::new() };
        let (roles, cost) = if nothing.is_some_and(|nothing| nothing <= by_row.min(by_column)) {
            (Vec::new(), nothing.unwrap_or_default())
        } else if by_row < by_column {
            ((0..).zip(&matrix.rows).map(|(row, held)| role(vec![row], held.clone())).collect(), by_row)
        } else {
            ((0..).zip(&matrix.columns).map(|(column, rows)| role(rows.clone(), vec![column])).collect(), by_column)
        };
        Self { roles, cost }
    }
}
