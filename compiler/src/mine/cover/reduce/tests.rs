use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    matrix::tests::matrix,
    mine::{
        collapse::Collapsed,
        cover::{fooling, kernel},
    },
};

fn compatible(matrix: &Collapsed, (row, column): (u32, u32), (a, b): (u32, u32)) -> bool {
    matrix.holds(row, b) && matrix.holds(a, column)
}

/// N(e), the obvious way.
fn near(matrix: &Collapsed, left: &BTreeSet<(u32, u32)>, cell: (u32, u32)) -> BTreeSet<(u32, u32)> {
    left.iter().copied().filter(|&other| compatible(matrix, cell, other)).collect()
}

fn collapsed(rows: Vec<BTreeSet<u32>>, width: u32) -> Collapsed {
    let lists: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
    Collapsed::of(&matrix(width, &lists))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Every removal is one that the definition allows when its turn comes, and at the end there is none that it allows.
    #[test]
    fn what_is_removed_is_redundant_and_nothing_else_is(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..8, 0..8), 0..12),
    ) {
        let matrix = collapsed(rows, 8);
        let board = Board::new(&matrix);
        let reduction = reduce(&board, &()).unwrap();
        let mut left: BTreeSet<(u32, u32)> = board.edges.iter().copied().collect();
        for &(edge, because) in &reduction.removed {
            let (edge, because) = (board.edges[edge as usize], board.edges[because as usize]);
            prop_assert!(edge != because && left.contains(&because));
            prop_assert!(near(&matrix, &left, because).is_subset(&near(&matrix, &left, edge)));
            prop_assert!(left.remove(&edge));
        }
        let kept: Vec<_> = reduction.kept.iter().map(|&edge| board.edges[edge as usize]).collect();
        prop_assert_eq!(&kept, &left.iter().copied().collect::<Vec<_>>());
        for &cell in &kept {
            let around = near(&matrix, &left, cell);
            for &other in around.iter().filter(|&&other| other != cell) {
                prop_assert!(!around.is_subset(&near(&matrix, &left, other)), "{cell:?} makes {other:?} redundant");
            }
        }
    }

    /// The parts are what can be reached, step by step, and say of themselves what the whole board says of them.
    #[test]
    fn parts_are_what_can_be_reached(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..9, 0..4), 0..12),
        every in 1_usize..4,
    ) {
        let matrix = collapsed(rows, 9);
        let board = Board::new(&matrix);
        let kept: Vec<Edge> = (0..).take(board.edges.len()).step_by(every).collect();
        let mut left: BTreeSet<(u32, u32)> = kept.iter().map(|&edge| board.edges[edge as usize]).collect();
        for part in kernel::parts(&board, &kept, &()).unwrap() {
            let mut reached = BTreeSet::from_iter(left.pop_first());
            loop {
                let more: Vec<_> = reached.iter().flat_map(|&cell| near(&matrix, &left, cell)).collect();
                if more.is_empty() {
                    break;
                }
                left.retain(|cell| !more.contains(cell));
                reached.extend(more);
            }
            let cells: Vec<_> = reached.iter().map(|&(row, column)| (row as usize, column as usize)).collect();
            prop_assert_eq!(&part.cells, &cells);
            let (alone, within) = part.alone(&board);
            for (one, at) in part.cells.iter().zip(&within.cells) {
                for (other, there) in part.cells.iter().zip(&within.cells) {
                    let narrow = |cell: &(usize, usize)| (cell.0 as u32, cell.1 as u32);
                    prop_assert_eq!(
                        compatible(&matrix, narrow(one), narrow(other)),
                        compatible(&alone, narrow(at), narrow(there))
                    );
                }
            }
        }
        prop_assert!(left.is_empty());
    }

    /// No two that are taken are compatible, and every other is compatible with one of them.
    #[test]
    fn first_fit_takes_whatever_fits(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..8, 0..8), 0..12),
    ) {
        let matrix = collapsed(rows, 8);
        let board = Board::new(&matrix);
        let kept: Vec<Edge> = (0..).take(board.edges.len()).collect();
        for part in kernel::parts(&board, &kept, &()).unwrap() {
            let taken = fooling::first_fit(&matrix, &part);
            let narrow = |vertex: usize| (part.cells[vertex].0 as u32, part.cells[vertex].1 as u32);
            for vertex in 0..part.cells.len() {
                let others = taken.iter().map(|&other| other as usize).filter(|&other| other != vertex);
                let fits = !others.clone().any(|other| compatible(&matrix, narrow(vertex), narrow(other)));
                prop_assert_eq!(taken.contains(&(vertex as u32)), fits);
            }
        }
    }
}
