use proptest::prelude::*;

use super::*;
use crate::{
    matrix::{AccessMatrix, tests::matrix},
    mine::{Guide, Shortfall, Strategy as _},
};

fn fixed(roles: u32) -> Em {
    Em { roles: RoleCount::Fixed(roles), ..Em::default() }
}

fn members(found: &Clustering) -> Vec<Vec<u32>> {
    found.clusters.iter().map(|cluster| cluster.members.clone()).collect()
}

/// Three jobs of eight identities each, who lack one of the four entitlements of their job each.
fn jobs() -> AccessMatrix {
    let row = |job: u32, number: u32| (0..4).filter(|&at| at != number % 4).map(|at| 4 * job + at).collect();
    matrix(12, &(0..24).map(|number| row(number % 3, number / 3)).collect::<Vec<_>>())
}

#[test]
fn jobs_are_told_apart_though_no_two_hold_the_same() {
    let found = fixed(3).mine(&(&jobs()).into(), &()).unwrap();
    let expected: Vec<Vec<u32>> = (0..3).map(|job| (0..24).filter(|row| row % 3 == job).collect()).collect();
    let mut told = members(&found);
    told.sort();
    assert_eq!(told, expected);
    assert!(found.clusters.iter().all(|cluster| cluster.entitlements.len() == 4));
}

#[test]
fn how_many_jobs_there_are_is_found_out() {
    let found = Em::default().mine(&(&jobs()).into(), &()).unwrap();
    assert_eq!(found.clusters.len(), 3, "{:?}", found.notes);
    assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
    let few = Em { roles: RoleCount::AutoUpTo(2), ..Em::default() }.mine(&(&jobs()).into(), &()).unwrap();
    assert!(few.clusters.len() <= 2);
}

/// What people hold does not tell them apart; what they are does.
#[test]
fn attributes_guide() {
    let matrix = matrix(2, &vec![vec![0, 1]; 8]);
    let department =
        Guide { name: "department".to_owned(), distinct: 2, of_row: (0..8).map(|row| vec![row % 2]).collect() };
    let guides = [department];
    let found = fixed(2).mine(&MineInput { guides: &guides, ..MineInput::from(&matrix) }, &()).unwrap();
    let mut told = members(&found);
    told.sort();
    assert_eq!(told, [vec![0, 2, 4, 6], vec![1, 3, 5, 7]]);
    // A value of an attribute is nothing a role grants.
    assert!(found.clusters.iter().all(|cluster| cluster.entitlements == [0, 1]));
}

#[test]
fn nothing_comes_of_nothing_and_whoever_holds_nothing_is_told() {
    assert_eq!(fixed(3).mine(&(&AccessMatrix::default()).into(), &()).unwrap().clusters, []);
    assert_eq!(Em::default().mine(&(&AccessMatrix::default()).into(), &()).unwrap().clusters, []);
    let found = fixed(5).mine(&(&matrix(2, &[vec![], vec![1], vec![1]])).into(), &()).unwrap();
    assert_eq!(found.clusters, [Cluster::flat(vec![1, 2], vec![1])]);
    assert_eq!(
        found.unassigned.iter().map(|one| (one.row, one.shortfall)).collect::<Vec<_>>(),
        [(0, Shortfall::HoldsNothing)]
    );
    assert_eq!(found.notes, ["4 of 5 components are nobody's likeliest"]);
}

#[test]
fn too_much_to_weigh_is_refused_before_memory_is_taken() {
    let Err(MineError::Limit { message, .. }) = fixed(u32::MAX).mine(&(&jobs()).into(), &()) else { panic!() };
    assert_eq!(
        message,
        "em would weigh 12 columns for each of 4294967295 components, and 268435456 weights are the limit"
    );
}

#[test]
fn a_cancelled_run_says_so() {
    struct Cancelled;
    impl Progress for Cancelled {
        fn cancelled(&self) -> bool {
            true
        }
    }
    assert_eq!(fixed(3).mine(&(&jobs()).into(), &Cancelled), Err(MineError::Cancelled));
}

fn fitting<'a>(settings: &'a Em, profiles: &'a Profiles) -> Fitting<'a> {
    Fitting { settings, profiles, having: profiles.having(), progress: &() }
}

/// Components that stand for half a job, the other half of it and two jobs at once stay so, whatever the iterations; a swap puts them right.
#[test]
fn a_swap_leads_out_of_a_local_optimum() {
    let job = |row: u32| if row < 16 { 0 } else { 1 + row % 2 };
    let rows: Vec<Vec<u32>> =
        (0..24).map(|row| (0..6).filter(|&at| at != row / 2 % 6).map(|at| 6 * job(row) + at).collect()).collect();
    let matrix = matrix(18, &rows);
    let (settings, profiles) = (fixed(3), Profiles::of(&(&matrix).into()));
    let times: Vec<u32> = profiles.rows.iter().map(|rows| count(rows.len())).collect();
    let caught = |profile: &Vec<u32>| if profile[0] < 16 { profile[0] / 2 % 6 / 3 } else { 2 };
    let start = profiles.rows.iter().map(|rows| vec![(caught(rows), model::WHOLE)]).collect();
    let fitting = fitting(&settings, &profiles);
    let fit = fitting.improve(&times, start, 100).unwrap();
    assert!(fit.settled);
    let jobs_of = |fit: &Fit| -> Vec<Vec<u32>> {
        let of_cluster = |cluster: &Cluster| {
            let mut jobs: Vec<u32> = cluster.members.iter().map(|&row| job(row)).collect();
            jobs.dedup();
            jobs.sort_unstable();
            jobs.dedup();
            jobs
        };
        clusters(&profiles, fit).iter().map(of_cluster).collect()
    };
    assert_eq!(jobs_of(&fit).iter().filter(|jobs| **jobs == [1, 2]).count(), 1, "{:?}", jobs_of(&fit));
    let out = fitting.swap(&times, fit).unwrap();
    let mut jobs = jobs_of(&out);
    jobs.sort();
    assert_eq!(jobs, [[0], [1], [2]]);
}

/// Two jobs in one part, each with all who lack two of its fifty entitlements: more than halves settle by.
#[test]
fn a_large_part_is_divided_by_some_of_its_members() {
    let lacking = (0..50).flat_map(|one| (0..one).map(move |other| (one, other)));
    let job = |first: u32| {
        let row = move |(one, other)| (0..50).filter(|at| *at != one && *at != other).map(|at| first + at).collect();
        lacking.clone().map(row)
    };
    let rows: Vec<Vec<u32>> = job(0).chain(job(50)).collect();
    let matrix = matrix(100, &rows);
    let profiles = Profiles::of(&(&matrix).into());
    assert!(profiles.len() > halves::ENOUGH);
    let times = vec![1; profiles.len()];
    let together: Vec<Shares> = vec![vec![(0, model::WHOLE)]; profiles.len()];
    let splits = Parts::of(&profiles, &times, &together, 1).splits();
    let second: Vec<u32> = (0..count(rows.len())).filter(|&row| row >= 1_225).collect();
    let first: Vec<u32> = (0..1_225).collect();
    assert!(splits.len() == 1 && (splits[0].off == first || splits[0].off == second));
}

/// What identities are worth as one part, by the formula.
fn slow_worth(rows: &[&Vec<u32>], width: u32) -> f64 {
    let xlnx = |x: usize| x as f64 * (x.max(1) as f64).ln();
    let columns = (0..width).map(|column| {
        let count = rows.iter().filter(|row| row.contains(&column)).count();
        xlnx(count) + xlnx(rows.len() - count) - xlnx(rows.len())
    });
    xlnx(rows.len()) + columns.sum::<f64>()
}

/// One step as the books have it: dense, in floats.
fn slow_step(rows: &[Vec<u32>], width: usize, shares: &[Vec<f64>], detail: i8) -> (f64, Vec<Vec<f64>>) {
    let (count, components) = (rows.len() as f64, shares[0].len());
    let prior = 2_f64.powi(-i32::from(detail));
    let has = |row: &Vec<u32>, column: usize| row.contains(&u32::try_from(column).unwrap());
    let mut parameters = Vec::new();
    for component in 0..components {
        let size: f64 = shares.iter().map(|share| share[component]).sum();
        let columns = (0..width).map(|column| {
            let all = rows.iter().filter(|row| has(row, column)).count() as f64;
            let held: f64 =
                rows.iter().zip(shares).filter(|(row, _)| has(row, column)).map(|(_, share)| share[component]).sum();
            (held + prior * (all + 0.5) / (count + 1.0)) / (size + prior)
        });
        parameters.push(((size + prior) / (count + prior * components as f64), columns.collect::<Vec<_>>()));
    }
    let mut likelihood = 0.0;
    let mut next = Vec::new();
    for row in rows {
        let joint: Vec<f64> = parameters
            .iter()
            .map(|(share, columns)| {
                columns
                    .iter()
                    .enumerate()
                    .fold(*share, |all, (column, p)| all * if has(row, column) { *p } else { 1.0 - p })
            })
            .collect();
        let sum: f64 = joint.iter().sum();
        likelihood += sum.ln();
        next.push(joint.iter().map(|part| part / sum).collect());
    }
    (likelihood, next)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// One step is what the formulas give, as far as rounding lets it.
    #[test]
    fn a_step_is_what_the_formulas_give(
        rows in prop::collection::btree_set(prop::collection::btree_set(0_u32..8, 1..8), 1..12),
        drawn in prop::collection::vec(prop::collection::vec(1_u32..100, 3), 12),
        detail in -2_i8..=2,
    ) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(8, &rows);
        let profiles = Profiles::of(&(&matrix).into());
        let times = vec![1; rows.len()];
        let whole: Vec<Vec<u32>> = drawn[..rows.len()]
            .iter()
            .map(|parts| {
                let sum: u32 = parts.iter().sum();
                let first: Vec<u32> = parts[..2].iter().map(|part| part * (model::WHOLE / sum)).collect();
                vec![first[0], first[1], model::WHOLE - first[0] - first[1]]
            })
            .collect();
        let shares: Vec<Shares> = whole.iter().map(|parts| (0..).zip(parts.iter().copied()).collect()).collect();
        let fitted = Model::fitted(&profiles, &profiles.having(), &times, &shares, detail);
        let (likelihood, next) = fitted.expected(&profiles, &times);
        let floats: Vec<Vec<f64>> =
            whole.iter().map(|parts| parts.iter().map(|&part| f64::from(part) / f64::from(model::WHOLE)).collect()).collect();
        let (slow_likelihood, slow_next) = slow_step(&rows, 8, &floats, detail);
        prop_assert!((likelihood as f64 / 65_536.0 - slow_likelihood).abs() < 0.01 * rows.len() as f64);
        for (shares, slow) in next.iter().zip(slow_next) {
            prop_assert_eq!(shares.iter().map(|(_, share)| share).sum::<u32>(), model::WHOLE);
            for (component, slow) in (0..).zip(slow) {
                let share = shares.iter().find(|share| share.0 == component).map_or(0, |share| share.1);
                prop_assert!((f64::from(share) / f64::from(model::WHOLE) - slow).abs() < 0.002);
            }
        }
    }

    /// Everyone who holds anything is in exactly one cluster, on any number of threads the same.
    #[test]
    fn clusters_share_everyone_out(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..10, 0..6), 1..30),
        roles in 1_u32..6,
        seed in 0_u64..50,
    ) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(10, &rows);
        let em = Em { seed, ..fixed(roles) };
        let found = em.mine(&(&matrix).into(), &()).unwrap();
        let mut everyone: Vec<u32> = found.clusters.iter().flat_map(|cluster| cluster.members.clone()).collect();
        everyone.extend(found.unassigned.iter().map(|one| one.row));
        everyone.sort_unstable();
        prop_assert_eq!(everyone, (0..).take(rows.len()).collect::<Vec<u32>>());
        prop_assert!(found.clusters.len() <= roles as usize);
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        prop_assert_eq!(alone.install(|| em.mine(&(&matrix).into(), &()).unwrap()), found);
    }

    /// Splits and merges are worth what the formula says.
    #[test]
    fn splits_and_merges_are_worth_what_the_formula_says(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..8, 1..8), 2..20),
        drawn in prop::collection::vec(0_u32..4, 20),
    ) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(8, &rows);
        let profiles = Profiles::of(&(&matrix).into());
        let times: Vec<u32> = profiles.rows.iter().map(|rows| count(rows.len())).collect();
        let of = &drawn[..profiles.len()];
        let shares: Vec<Shares> = of.iter().map(|&part| vec![(part, model::WHOLE)]).collect();
        let parts = Parts::of(&profiles, &times, &shares, 4);
        let worth = |is_in: &dyn Fn(u32, u32) -> bool| {
            let members = (0..).zip(of).zip(&profiles.rows).filter(|&((profile, &part), _)| is_in(profile, part));
            slow_worth(&members.flat_map(|(_, of)| of).map(|&row| &rows[row as usize]).collect::<Vec<_>>(), 8)
        };
        let xlnx = |x: usize| x as f64 * (x.max(1) as f64).ln();
        let close = |fast: i64, gain: f64, (one, other): (usize, usize)| {
            let telling = xlnx(one + other) - xlnx(one) - xlnx(other);
            (fast as f64 / 65_536.0 - gain / (16.0 + telling)).abs() < 0.01
        };
        let size = |is_in: &dyn Fn(u32, u32) -> bool| {
            let members = (0..).zip(of).zip(&times).filter(|&((profile, &part), _)| is_in(profile, part));
            members.map(|(_, &times)| times as usize).sum::<usize>()
        };
        for split in parts.splits() {
            let here = |part: u32| part as usize == split.part;
            let whole = worth(&|_, part| here(part));
            let off = worth(&|profile, part| here(part) && split.off.contains(&profile));
            let stay = worth(&|profile, part| here(part) && !split.off.contains(&profile));
            let sizes = (
                size(&|profile, part| here(part) && split.off.contains(&profile)),
                size(&|profile, part| here(part) && !split.off.contains(&profile)),
            );
            prop_assert!(split.apart > 0 && close(split.apart, off + stay - whole, sizes));
        }
        for merge in parts.merges() {
            let of = |part: u32, number: usize| part as usize == number;
            let both = worth(&|_, part| of(part, merge.one) || of(part, merge.other));
            let apart = worth(&|_, part| of(part, merge.one)) + worth(&|_, part| of(part, merge.other));
            let sizes = (size(&|_, part| of(part, merge.one)), size(&|_, part| of(part, merge.other)));
            prop_assert!(merge.one < merge.other && close(merge.apart, apart - both, sizes));
        }
        for shares in swap::swapped(&shares, &swap::swaps(&parts)) {
            prop_assert_eq!(shares.iter().map(|share| share.1).sum::<u32>(), model::WHOLE);
        }
    }

    /// No round adds a component or loses part of anyone.
    #[test]
    fn rounds_keep_everyone(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..12, 1..6), 2..40),
        roles in 2_u32..8,
        seed in 0_u64..50,
    ) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(12, &rows);
        let settings = Em { seed, ..fixed(roles) };
        let profiles = Profiles::of(&(&matrix).into());
        let times: Vec<u32> = profiles.rows.iter().map(|rows| count(rows.len())).collect();
        let fitting = fitting(&settings, &profiles);
        let mut fit = fitting.fit(&times, roles).unwrap();
        for _ in 0..3 {
            let Some(next) = fitting.round(&times, &fit).unwrap() else { break };
            prop_assert!(next.model.components() <= fit.model.components());
            prop_assert!(next.shares.iter().all(|shares| shares.iter().map(|share| share.1).sum::<u32>() == model::WHOLE));
            fit = next;
        }
    }
}
