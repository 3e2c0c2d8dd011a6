use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{
    siblings::Siblings,
    worth::{Instance, Known},
    *,
};
use crate::{
    matrix::{AccessMatrix, tests::matrix},
    mine::{Shortfall, Strategy as _},
    spec::Percent,
};

fn members(found: &Clustering) -> BTreeSet<Vec<u32>> {
    found.clusters.iter().map(|cluster| cluster.members.clone()).collect()
}

/// Everyone holds 0 and 1; each half four entitlements of its own; each quarter one more, but for one identity.
fn company() -> AccessMatrix {
    let row = |number: u32| {
        let (half, quarter) = (number / 8, number / 4);
        let mut row: Vec<u32> = vec![0, 1];
        row.extend((0..4).map(|at| 2 + 4 * half + at));
        if !number.is_multiple_of(4) {
            row.extend([10 + quarter, 14 + quarter]);
        }
        row.sort_unstable();
        row
    };
    matrix(18, &(0..16).map(row).collect::<Vec<_>>())
}

#[test]
fn concepts_are_found_within_concepts() {
    let found = Cobweb::default().mine(&(&company()).into(), &()).unwrap();
    let told = members(&found);
    for part in [(0..16).collect::<Vec<u32>>(), (0..8).collect(), (8..16).collect()] {
        assert!(told.contains(&part), "{part:?} in {told:?}");
    }
    for cluster in &found.clusters {
        for &parent in &cluster.inherits {
            let parent = &found.clusters[parent as usize];
            assert!(cluster.members.iter().all(|row| parent.members.contains(row)));
        }
    }
    assert!(found.clusters[0].inherits.is_empty() && found.clusters[1..].iter().all(|one| one.inherits.len() == 1));
}

#[test]
fn more_acuity_or_a_higher_cut_off_make_fewer_concepts() {
    let concepts = |cobweb: Cobweb| cobweb.mine(&(&company()).into(), &()).unwrap().clusters.len();
    let usual = concepts(Cobweb::default());
    assert!(concepts(Cobweb { acuity: 0, ..Cobweb::default() }) > usual);
    assert_eq!(concepts(Cobweb { acuity: 1_000, ..Cobweb::default() }), 1);
    assert_eq!(concepts(Cobweb { cutoff: Percent(10_000), detail: -2, ..Cobweb::default() }), 1);
    assert!(concepts(Cobweb { cutoff: Percent(5_000), detail: 2, ..Cobweb::default() }) > 1);
}

#[test]
fn nothing_comes_of_nothing_and_whoever_holds_nothing_is_told() {
    assert_eq!(Cobweb::default().mine(&(&AccessMatrix::default()).into(), &()).unwrap(), Clustering::default());
    let found = Cobweb::default().mine(&(&matrix(2, &[vec![], vec![1], vec![1]])).into(), &()).unwrap();
    assert_eq!(found.clusters, [Cluster::flat(vec![1, 2], vec![1])]);
    assert_eq!((found.unassigned.len(), found.unassigned[0].shortfall), (1, Shortfall::HoldsNothing));
}

#[test]
fn a_cancelled_run_says_so() {
    struct Cancelled;
    impl Progress for Cancelled {
        fn cancelled(&self) -> bool {
            true
        }
    }
    assert_eq!(Cobweb::default().mine(&(&company()).into(), &Cancelled), Err(MineError::Cancelled));
}

/// Category utility as the papers have it: guesses that come right, for yes and for no.
fn slow_utility(partition: &[Vec<&BTreeSet<u32>>], width: u32) -> f64 {
    let right = |rows: &[&BTreeSet<u32>]| -> f64 {
        (0..width)
            .map(|column| {
                let p = rows.iter().filter(|row| row.contains(&column)).count() as f64 / rows.len() as f64;
                p * p + (1.0 - p) * (1.0 - p)
            })
            .sum()
    };
    let all: Vec<&BTreeSet<u32>> = partition.iter().flatten().copied().collect();
    let gains = partition.iter().map(|part| part.len() as f64 / all.len() as f64 * (right(part) - right(&all)));
    gains.sum::<f64>() / partition.len() as f64
}

/// What is known of a concept of these rows, counted anew.
fn slow_known(rows: &[&BTreeSet<u32>]) -> Known {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    rows.iter().copied().flatten().for_each(|&feature| *counts.entry(feature).or_default() += 1);
    Known { size: rows.len() as u64, square: counts.values().map(|count| count * count).sum() }
}

#[test]
fn the_worth_of_many_is_as_exact_as_that_of_few() {
    let known = |square| Known { size: 3, square };
    assert_eq!(known(1 << 44).worth(0), (1_i128 << 64) / 3);
    assert_eq!(known((1 << 44) - 1).worth(0), ((1_i128 << 64) - (1 << 20)) / 3);
    assert_eq!(Known::default().worth(0), 0);
}

proptest! {
    /// Sums of squares over sizes are category utility, whichever way a concept came about.
    #[test]
    fn worth_is_category_utility(
        rows in prop::collection::vec((prop::collection::btree_set(0_u32..8, 0..8), 0_usize..3), 1..12),
    ) {
        let mut parts: BTreeMap<usize, Vec<&BTreeSet<u32>>> = BTreeMap::new();
        for (row, part) in &rows {
            parts.entry(*part).or_default().push(row);
        }
        let partition: Vec<Vec<&BTreeSet<u32>>> = parts.into_values().collect();
        let mut concepts = Siblings::default();
        for (place, part) in partition.iter().enumerate() {
            for (number, row) in part.iter().enumerate() {
                let features: Vec<u32> = row.iter().copied().collect();
                let instance = Instance { features: &features, times: 1 };
                let (held, before) = (concepts.held(instance), concepts.known(place));
                if number == 0 { concepts.push(place, instance, &held) } else { concepts.add(place, instance, &held) }
                let held = held.get(place).copied().unwrap_or_default();
                prop_assert_eq!(concepts.known(place), before.with(instance, held));
                prop_assert_eq!(concepts.known(place).without(instance, held), before);
                prop_assert_eq!(concepts.known(place), slow_known(&part[..=number]));
            }
        }
        for (one, other) in (1..partition.len()).map(|other| (other - 1, other)) {
            let both = [&partition[one][..], &partition[other]].concat();
            prop_assert_eq!(concepts.both(one, other), slow_known(&both));
        }
        let worth = |known: Known| known.worth(0) as f64 / f64::from(1 << 20);
        let whole = worth(slow_known(&partition.concat()));
        let gain = (0..partition.len()).map(|place| worth(concepts.known(place))).sum::<f64>() - whole;
        let utility = 2.0 * gain / (partition.len() * rows.len()) as f64;
        prop_assert!((utility - slow_utility(&partition, 8)).abs() < 1e-4);
    }

    /// Every identity that holds anything is under the root, and in one child only of each concept; concepts know what their children hold.
    #[test]
    fn concepts_share_everyone_out(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..10, 0..6), 1..40),
        seed in 0_u64..20,
        acuity in 0_u64..3,
        cutoff in prop::sample::select(vec![0, 20, 500, 2_500]),
    ) {
        let lists: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(10, &lists);
        let settings = Cobweb { acuity, cutoff: Percent(cutoff), seed, detail: 0 };
        let profiles = Profiles::of(&(&matrix).into());
        let mut tree = Tree::new(&profiles, &settings);
        for profile in 0..profiles.len() {
            tree.add(profile);
            let everyone: Vec<usize> = (0..=profile).collect();
            let Some(root) = tree.root() else { panic!("nobody is in the tree") };
            let mut beneath = tree.beneath(root);
            beneath.sort_unstable();
            prop_assert_eq!(beneath, everyone);
            let mut todo = vec![root];
            while let Some(concept) = todo.pop() {
                let rows = profiles.all_rows(tree.beneath(concept));
                let columns: BTreeSet<u32> = rows.iter().flat_map(|&row| &lists[row as usize]).copied().collect();
                prop_assert_eq!(tree.columns(concept), columns.into_iter().collect::<Vec<_>>());
                prop_assert_eq!(recounted(&tree, &profiles, concept), Ok(()));
                todo.extend(tree.children(concept).nodes());
            }
        }
    }
}

/// Whether what a concept knows of its children is what counting anew gives.
fn recounted(tree: &Tree<'_>, profiles: &Profiles, concept: usize) -> Result<(), String> {
    let children = tree.children(concept);
    let within: usize = children.nodes().map(|child| tree.beneath(child).len()).sum();
    if children.nodes().count() == 1 || (within > 0 && within != tree.beneath(concept).len()) {
        return Err(format!("{concept} has other identities than its children"));
    }
    let counts = |node: usize| {
        let mut counts = vec![0; profiles.features];
        for profile in tree.beneath(node) {
            for &feature in profiles.features_of(profile) {
                counts[feature as usize] += profiles.rows[profile].len() as u64;
            }
        }
        counts
    };
    for (&one, node) in children.columns().iter().zip(children.nodes()) {
        let size = tree.beneath(node).iter().map(|&profile| profiles.rows[profile].len() as u64).sum::<u64>();
        let ours = counts(node);
        let told = (0..)
            .take(profiles.features)
            .map(|feature| children.held(Instance { features: &[feature], times: 1 })[one]);
        if children.known(one).size != size || told.collect::<Vec<_>>() != ours {
            return Err(format!("{concept} miscounts {node}"));
        }
        for (&other, node) in children.columns().iter().zip(children.nodes()) {
            let product: u64 = ours.iter().zip(counts(node)).map(|(one, other)| one * other).sum();
            if children.product(one, other) != product {
                return Err(format!("{concept} has a wrong product of {one} and {other}"));
            }
        }
    }
    Ok(())
}
