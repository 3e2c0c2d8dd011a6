//! The measures of a flat set of clusters, counted from the matrix alone.

use std::collections::BTreeSet;

use adit_compiler::{
    matrix::AccessMatrix,
    measures::{Baseline, Baselines, Measures},
    mine::{Cluster, LowerBound},
    spec::Percent,
};

/// What the clusters cost and explain as roles, one role each.
pub(super) fn measure(matrix: &AccessMatrix, clusters: &[Cluster], bound: Option<&LowerBound>) -> Measures {
    let (covered, over_grants) = explained(matrix, clusters);
    let sum = |size: fn(&Cluster) -> usize| clusters.iter().map(|cluster| size(cluster) as u64).sum::<u64>();
    let roles = clusters.len() as u64;
    let user_assignments = sum(|cluster| cluster.members.len());
    let permission_assignments = sum(|cluster| cluster.entitlements.len());
    let assignments = matrix.assignments() as u64;
    let under_grants = assignments - covered;
    let lower_bound = bound.map(|bound| u64::from(bound.roles));
    Measures {
        roles,
        user_assignments,
        permission_assignments,
        hierarchy_edges: 0,
        direct_assignments: under_grants,
        wsc: roles + user_assignments + permission_assignments + under_grants,
        covered,
        assignments,
        coverage: Percent::of(covered, assignments),
        over_grants,
        under_grants,
        lower_bound,
        proved_minimal: over_grants == 0 && under_grants == 0 && lower_bound == Some(roles),
        baselines: baselines(matrix),
    }
}

/// Assignments that some cluster grants, and pairs that one would grant though nobody holds them.
fn explained(matrix: &AccessMatrix, clusters: &[Cluster]) -> (u64, u64) {
    let mut of_row: Vec<Vec<&Cluster>> = vec![Vec::new(); matrix.height()];
    for cluster in clusters {
        for &member in &cluster.members {
            if let Some(row) = of_row.get_mut(member as usize) {
                row.push(cluster);
            }
        }
    }
    // For each column the last row that was granted it: cleared by moving on, not by writing.
    let mut granted_to = vec![0; matrix.width()];
    let (mut covered, mut granted) = (0, 0);
    for (row, clusters) in of_row.iter().enumerate() {
        let mark = row + 1;
        for &column in clusters.iter().flat_map(|cluster| &cluster.entitlements) {
            if let Some(last) = granted_to.get_mut(column as usize)
                && *last != mark
            {
                *last = mark;
                granted += 1;
            }
        }
        let held = matrix.row(row).iter();
        covered += held.filter(|&&column| granted_to.get(column as usize) == Some(&mark)).count() as u64;
    }
    (covered, granted - covered)
}

fn baselines(matrix: &AccessMatrix) -> Baselines {
    let rows = (0..matrix.height()).map(|row| matrix.row(row));
    let columns = (0..matrix.width()).map(|column| matrix.column(column));
    Baselines { one_role_per_distinct_row: distinct(rows), one_role_per_distinct_column: distinct(columns) }
}

/// One role for each distinct line: it has the line on one side, and all lines equal to it on the other.
fn distinct<'a>(lines: impl Iterator<Item = &'a [u32]>) -> Baseline {
    let mut distinct = BTreeSet::new();
    let mut lines_in_roles = 0;
    for line in lines.filter(|line| !line.is_empty()) {
        lines_in_roles += 1;
        distinct.insert(line);
    }
    let roles = distinct.len() as u64;
    let cells: u64 = distinct.iter().map(|line| line.len() as u64).sum();
    Baseline { roles, wsc: roles + lines_in_roles + cells }
}
