use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{matrix::tests::matrix, mine::collapse::Collapsed};

/// The same, the obvious way: every pair is tried each time, cell by cell.
fn slow(board: &Board<'_>, roles: &[Role], mut left: u64) -> Vec<Role> {
    let cells = |role: &Role| {
        let columns = role.columns.clone();
        role.rows.clone().into_iter().flat_map(move |row| columns.clone().into_iter().map(move |column| (row, column)))
    };
    let mut granted: BTreeSet<(u32, u32)> = board.edges.iter().copied().chain(roles.iter().flat_map(cells)).collect();
    let mut roles = roles.to_vec();
    loop {
        let pairs = (0..roles.len()).flat_map(|one| (one + 1..roles.len()).map(move |other| (one, other)));
        let tried = pairs.map(|(one, other)| {
            let both = |one: &[u32], other: &[u32]| [one, other].concat().into_iter().collect::<BTreeSet<u32>>();
            let (one_role, other_role) = (&roles[one], &roles[other]);
            let union = Role {
                rows: both(&one_role.rows, &other_role.rows).into_iter().collect(),
                columns: both(&one_role.columns, &other_role.columns).into_iter().collect(),
            };
            let new = cells(&union).filter(|cell| !granted.contains(cell));
            let height = |row: u32| board.matrix.row_members[row as usize].len();
            let width = |column: u32| board.matrix.column_members[column as usize].len();
            let price: usize = new.map(|(row, column)| height(row) * width(column)).sum();
            (price as u64, one, other, union)
        });
        match tried.min_by_key(|&(price, one, other, _)| (price, one, other)) {
            Some((price, one, other, union)) if price <= left => {
                left -= price;
                granted.extend(cells(&union));
                roles[one] = union;
                roles.remove(other);
            }
            _ => return roles,
        }
    }
}

/// Three people of a team, each of whom lacks one of what the team has, and two of another.
#[test]
fn the_pair_that_grants_least_beyond_what_is_held_is_first() {
    let collapsed = Collapsed::of(&matrix(6, &[vec![0, 1], vec![0, 2], vec![0, 1, 2], vec![3, 4], vec![3, 5]]));
    let board = Board::new(&collapsed);
    let of = |rows: &[u32], columns: &[u32]| Role { rows: rows.to_vec(), columns: columns.to_vec() };
    let roles = vec![of(&[0, 2], &[0, 1]), of(&[1, 2], &[0, 2]), of(&[3], &[3, 4]), of(&[4], &[3, 5])];
    let merged = |over: u64| merge(&board, roles.clone(), over, 1_000, &()).unwrap();
    assert_eq!(merged(1), roles);
    assert_eq!(merged(3), [of(&[0, 1, 2], &[0, 1, 2]), of(&[3], &[3, 4]), of(&[4], &[3, 5])]);
    assert_eq!(merged(4), [of(&[0, 1, 2], &[0, 1, 2]), of(&[3, 4], &[3, 4, 5])]);
    // Without steps nothing is merged.
    assert_eq!(merge(&board, roles.clone(), 4, 0, &()).unwrap(), roles);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// What the join finds is what trying every pair finds.
    #[test]
    fn the_join_finds_what_trying_every_pair_finds(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..9, 1..6), 1..10),
        by_column in any::<bool>(),
        over in 0_u64..30,
    ) {
        let lists: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let collapsed = Collapsed::of(&matrix(9, &lists));
        let board = Board::new(&collapsed);
        let roles: Vec<Role> = if by_column {
            (0..).zip(&collapsed.columns).map(|(column, rows)| Role { rows: rows.clone(), columns: vec![column] }).collect()
        } else {
            (0..).zip(&collapsed.rows).map(|(row, columns)| Role { rows: vec![row], columns: columns.clone() }).collect()
        };
        prop_assert_eq!(merge(&board, roles.clone(), over, 1_000_000, &()).unwrap(), slow(&board, &roles, over));
    }
}
