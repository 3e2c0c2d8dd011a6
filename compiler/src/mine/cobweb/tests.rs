use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{
    concept::{Concept, Instance},
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
        let concept = |rows: &[&BTreeSet<u32>]| {
            let mut concept = Concept::default();
            for row in rows {
                let features: Vec<u32> = row.iter().copied().collect();
                let instance = Instance { features: &features, times: 1 };
                let before = concept.clone();
                assert_eq!(concept.worth_with(instance, 0), { concept.add(instance); concept.worth(0) });
                assert_eq!(concept.without(instance), before);
                assert_eq!(concept.worth_without(instance, 3), before.worth(3));
            }
            concept
        };
        let partition: Vec<Vec<&BTreeSet<u32>>> = parts.into_values().collect();
        let concepts: Vec<Concept> = partition.iter().map(|part| concept(part)).collect();
        let whole = concepts[1..].iter().fold(concepts[0].clone(), |whole, part| whole.merged(part));
        prop_assert_eq!(&whole, &concept(&partition.concat()));
        let nobody = Instance { features: &[], times: 0 };
        for pair in concepts.windows(2) {
            prop_assert_eq!(pair[0].worth_of_both(&pair[1], nobody, 2).0, pair[0].merged(&pair[1]).worth(2));
        }
        let gain = (concepts.iter().map(|part| part.worth(0)).sum::<i128>() - whole.worth(0)) as f64 / f64::from(1 << 20);
        let utility = 2.0 * gain / (concepts.len() * rows.len()) as f64;
        prop_assert!((utility - slow_utility(&partition, 8)).abs() < 1e-4);
    }

    /// Every identity that holds anything is under the root, and in one child only of each concept; concepts know what they hold.
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
        }
        let mut todo: Vec<usize> = tree.root().into_iter().collect();
        if let Some(root) = tree.root() {
            let mut everyone = tree.beneath(root);
            everyone.sort_unstable();
            prop_assert_eq!(everyone, (0..profiles.len()).collect::<Vec<_>>());
        }
        while let Some(concept) = todo.pop() {
            let beneath = tree.beneath(concept);
            let mut recounted = Concept::default();
            for &profile in &beneath {
                let times = profiles.rows[profile].len() as u64;
                recounted.add(Instance { features: profiles.features_of(profile), times });
            }
            prop_assert_eq!(tree.concept(concept), Some(&recounted));
            let children = tree.children(concept);
            let within: usize = children.iter().map(|&child| tree.beneath(child).len()).sum();
            prop_assert!(children.is_empty() || (children.len() > 1 && within == beneath.len()));
            todo.extend_from_slice(children);
        }
    }
}
