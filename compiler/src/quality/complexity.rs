//! The weighted structural complexity of the roles under the weights that the spec gives, beside that of the trivial policies under the same.

use serde::{Deserialize, Serialize};

use crate::{
    matrix::AccessMatrix,
    measures::Measures,
    spec::{Strategy, Weights},
};

/// Weighted structural complexity (Molloy et al., SACMAT 2008).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complexity {
    /// What each kind of thing to keep up counts; a kind that the strategy was not to use, and that the cut left all the same, counts 1.
    pub weights: Weights,
    /// Of these roles.
    pub wsc: u64,
    /// Of one role for each distinct set of entitlements.
    pub one_role_per_distinct_row: u64,
    /// Of one role for each distinct set of holders.
    pub one_role_per_distinct_column: u64,
}

/// Under the weights of `hierarchy`, or all 1 for a strategy that knows none.
pub(super) fn complexity(matrix: &AccessMatrix, measures: &Measures, strategy: &Strategy) -> Complexity {
    let weights = match strategy {
        Strategy::Hierarchy(hierarchy) => hierarchy.weights.clone(),
        _ => Weights { direct_assignments: Some(1), ..Weights::default() },
    };
    let flat = |roles: u64, users: u64, permissions: u64| {
        roles * u64::from(weights.roles)
            + users * u64::from(weights.user_assignments)
            + permissions * u64::from(weights.permission_assignments)
    };
    let open = |count: u64, weight: Option<u32>| count * u64::from(weight.unwrap_or(1));
    let holders = (0..matrix.height()).filter(|&row| !matrix.row(row).is_empty()).count() as u64;
    let held = (0..matrix.width()).filter(|&column| !matrix.column(column).is_empty()).count() as u64;
    let (rows, columns) =
        (&measures.baselines.one_role_per_distinct_row, &measures.baselines.one_role_per_distinct_column);
    Complexity {
        wsc: flat(measures.roles, measures.user_assignments, measures.permission_assignments)
            + open(measures.hierarchy_edges, weights.role_edges)
            + open(measures.direct_assignments, weights.direct_assignments),
        // Every holder has the one role of their row; every entitlement is in the one role of its column.
        one_role_per_distinct_row: flat(rows.roles, holders, rows.wsc.saturating_sub(rows.roles + holders)),
        one_role_per_distinct_column: flat(columns.roles, columns.wsc.saturating_sub(columns.roles + held), held),
        weights,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        matrix::tests::matrix,
        measures::{MeasuredRole, measure},
        spec::{Cover, Hierarchy},
    };

    #[test]
    fn each_kind_counts_by_its_weight() {
        // Two hold 0 and 1, one holds 0 alone and 2.
        let matrix = matrix(3, &[vec![0, 1], vec![0, 1], vec![0, 2], vec![]]);
        let role = MeasuredRole { direct_members: &[0, 1], entitlements: &[0, 1], inherits: &[] };
        let measures = measure(&matrix, &[role], None);
        let plain = complexity(&matrix, &measures, &Strategy::Cover(Cover::default()));
        // 1 role, 2 members, 2 entitlements, 2 outside; 2 roles, 3 members, 4 entitlements; 3 roles, 6 members, 3 entitlements.
        assert_eq!((plain.wsc, plain.wsc), (7, measures.wsc));
        assert_eq!((plain.one_role_per_distinct_row, plain.one_role_per_distinct_column), (9, 12));
        let weights = Weights {
            roles: 10,
            user_assignments: 2,
            permission_assignments: 3,
            role_edges: None,
            direct_assignments: Some(5),
        };
        let strategy = Strategy::Hierarchy(Hierarchy { weights, ..Hierarchy::default() });
        let found = complexity(&matrix, &measures, &strategy);
        assert_eq!(found.wsc, 10 + 2 * 2 + 2 * 3 + 2 * 5);
        assert_eq!(found.one_role_per_distinct_row, 2 * 10 + 3 * 2 + 4 * 3);
        assert_eq!(found.one_role_per_distinct_column, 3 * 10 + 6 * 2 + 3 * 3);
    }
}
