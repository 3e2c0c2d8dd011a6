use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::*;

/// The matrix of rows over columns below `width`.
pub(crate) fn matrix(width: u32, rows: &[Vec<u32>]) -> AccessMatrix {
    let identities = (0..).map(IdentityId).take(rows.len()).collect();
    AccessMatrix::new(identities, (0..width).map(EntitlementId).collect(), rows.iter().cloned())
}

/// A benchmark set (`hp/domino`), where the data is at hand: in `datasets` beside the folder of the workspace.
pub(crate) fn dataset(name: &str) -> Option<AccessMatrix> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/datasets").join(name).join("assignments.csv");
    let text = std::fs::read_to_string(file).ok()?;
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (identity, entitlement) in text.lines().skip(1).filter_map(|line| line.split_once(',')) {
        held.entry(identity).or_default().insert(entitlement);
    }
    let columns: BTreeSet<&str> = held.values().flatten().copied().collect();
    let number: BTreeMap<&str, u32> = columns.into_iter().zip(0..).collect();
    let rows: Vec<Vec<u32>> = held.values().map(|row| row.iter().map(|name| number[name]).collect()).collect();
    Some(matrix(u32::try_from(number.len()).unwrap(), &rows))
}

#[test]
fn columns_are_the_rows_turned() {
    let matrix = matrix(4, &[vec![0, 2], vec![], vec![2, 3]]);
    assert_eq!((matrix.height(), matrix.width(), matrix.assignments()), (3, 4, 4));
    assert_eq!(
        (0..4).map(|column| matrix.column(column).to_vec()).collect::<Vec<_>>(),
        [vec![0], vec![], vec![0, 2], vec![2]]
    );
    assert!(matrix.holds(2, 3) && !matrix.holds(1, 3) && !matrix.holds(9, 3));
    let beyond = super::tests::matrix(2, &[vec![1, 7], vec![0, 1]]);
    assert_eq!((beyond.column(0), beyond.column(1)), (&[1][..], &[0, 1][..]));
    assert!(matrix.row(3).is_empty() && matrix.column(4).is_empty());
}
