use proptest::prelude::*;

use super::*;
use crate::{
    matrix::tests::matrix,
    mine::hierarchy::tests::{any_weights, check},
    spec::Weights,
};

/// Twenty people hold the same eight entitlements; four of them each lack another one.
fn noisy() -> Vec<Vec<u32>> {
    let mut rows: Vec<Vec<u32>> = vec![(0..8).collect(); 20];
    for (row, lacking) in rows.iter_mut().zip([1, 3, 5, 7]) {
        row.retain(|&column| column != lacking);
    }
    rows
}

fn sketched(rows: &[Vec<u32>], width: u32, weights: &Weights) -> Sketch {
    let collapsed = Collapsed::of(&matrix(width, rows));
    paired(&collapsed, &Prices::new(&collapsed, weights), &()).unwrap()
}

#[test]
fn who_lacks_one_of_eight_holds_the_rest_in_few_roles() {
    let sketch = sketched(&noisy(), 8, &Weights::default());
    // A role for each distinct set of holders costs 8 × 2 + 20 × 8 - 4.
    assert!(sketch.cost <= 60, "{}", sketch.cost);
    check(&matrix(8, &noisy()), &Weights::default(), &sketch);
}

#[test]
fn nothing_held_is_no_role() {
    assert_eq!(sketched(&[], 0, &Weights::default()), Sketch::default());
    assert_eq!(sketched(&[vec![], vec![]], 3, &Weights::default()), Sketch::default());
}

#[test]
fn what_is_dear_in_roles_stays_with_the_identities() {
    let weights = Weights { direct_assignments: Some(1), roles: 4, ..Weights::default() };
    let sketch = sketched(&[vec![0], vec![1], vec![0, 2]], 3, &weights);
    assert_eq!((sketch.roles.len(), sketch.cost), (0, 4));
}

/// The same tokens, the obvious way: every pair is counted each time.
fn slow(matrix: &Collapsed, prices: &Prices) -> (Vec<Vec<u32>>, Vec<Vec<usize>>) {
    let mut pairing = Pairing::new(matrix, prices);
    loop {
        let pairs =
            (0..pairing.tokens.len()).flat_map(|one| (one + 1..pairing.tokens.len()).map(move |other| (one, other)));
        let best = pairs
            .map(|(one, other)| {
                let common = pairing.tokens[one].rows.iter().filter(|row| pairing.tokens[other].rows.contains(row));
                let common: u64 = common.map(|&row| prices.rows[row as usize]).sum();
                (common.saturating_sub(pairing.price(one, other)), Reverse((one, other)))
            })
            .max();
        match best {
            Some((saves, Reverse((one, other)))) if saves > 0 => pairing.unite(one, other),
            _ => return tokens(pairing),
        }
    }
}

fn tokens(pairing: Pairing<'_>) -> (Vec<Vec<u32>>, Vec<Vec<usize>>) {
    let parts = |token: Token| {
        let mut parts = token.parts;
        parts.sort_unstable();
        parts
    };
    (pairing.held, pairing.tokens.into_iter().map(parts).collect())
}

proptest! {
    /// The pair that is united is the best of all, each time.
    #[test]
    fn the_best_pair_goes_first(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..7, 0..7), 0..24),
        weights in any_weights(),
    ) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let collapsed = Collapsed::of(&matrix(7, &rows));
        let prices = Prices::new(&collapsed, &weights);
        let mut pairing = Pairing::new(&collapsed, &prices);
        pairing.unite_all(&()).unwrap();
        prop_assert_eq!(tokens(pairing), slow(&collapsed, &prices));
    }

    /// Exact, and what is said to be the cost is what the independent checker counts.
    #[test]
    fn a_policy_of_pairs_is_exact_and_costs_what_it_says(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..9, 0..9), 0..24),
        weights in any_weights(),
    ) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        check(&matrix(9, &rows), &weights, &sketched(&rows, 9, &weights));
    }
}
