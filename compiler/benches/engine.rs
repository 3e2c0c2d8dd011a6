//! The parts of the engine by themselves, on a small enterprise made here: `cargo bench -p adit-compiler`.
//!
//! Whole processes, real data and large populations are the scripts' in `benches/`; this is for telling which part became slower.

use adit_compiler::{
    alike::{self, Likeness},
    learn::{Records, learn},
    matrix::AccessMatrix,
    mine::{Clustering, MineInput, Strategy},
    spec::{
        Cobweb, Cover, Describe, Em, EntitlementOverlap, Hierarchy, Layers, Percent, RoleCount, Similarity,
        TreeSettings,
    },
};
use adit_snapshots::{Column, EntitlementId, IdentityId, TextColumn};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Identities of the enterprise where nothing else is said.
const SIZE: u32 = 2_000;

/// Entitlements of the enterprise.
const WIDTH: u32 = 600;

/// What everyone has, what a job of forty has, and one in thirty lost or added.
struct Enterprise {
    rows: Vec<Vec<u32>>,
    /// The job of each identity.
    jobs: Vec<u32>,
}

impl Enterprise {
    fn new(size: u32) -> Self {
        let mut draw = Draw(7);
        let jobs: Vec<u32> = (0..size).map(|_| draw.below(40)).collect();
        let rows = jobs.iter().map(|&job| Self::row(job, &mut draw)).collect();
        Self { rows, jobs }
    }

    fn row(job: u32, draw: &mut Draw) -> Vec<u32> {
        let department = 10 + job / 8 * 8;
        let planted = (0..10).chain(department..department + 8).chain(60 + job * 12..60 + job * 12 + 12);
        let mut row: Vec<u32> = planted.filter(|_| draw.below(30) > 0).collect();
        if draw.below(3) == 0 {
            row.push(draw.below(WIDTH));
        }
        row.sort_unstable();
        row.dedup();
        row
    }

    fn matrix(&self) -> AccessMatrix {
        let identities = (0..).map(IdentityId).take(self.rows.len()).collect();
        AccessMatrix::new(identities, (0..WIDTH).map(EntitlementId).collect(), self.rows.iter().cloned())
    }
}

/// Numbers that look random and are always the same (Lehmer's generator, Park and Miller's parameters).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0 * 48_271 % 0x7FFF_FFFF;
        u32::try_from(self.0 * u64::from(limit) / 0x7FFF_FFFF).unwrap_or(0)
    }
}

/// Times one strategy, and lets no failure pass for speed.
fn mined(bencher: Bencher<'_, '_>, size: u32, strategy: &dyn Strategy) {
    let matrix = Enterprise::new(size).matrix();
    let input = MineInput::from(&matrix);
    let run = || strategy.mine(black_box(&input), &());
    assert!(run().is_ok_and(|found: Clustering| !found.clusters.is_empty()), "nothing was found");
    bencher.bench_local(run);
}

#[divan::bench]
fn matrix_build(bencher: Bencher<'_, '_>) {
    let enterprise = Enterprise::new(50_000);
    bencher.bench_local(|| enterprise.matrix());
}

#[divan::bench(sample_count = 20)]
fn layers(bencher: Bencher<'_, '_>) {
    mined(bencher, SIZE, &Layers::default());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn cover(bencher: Bencher<'_, '_>) {
    mined(bencher, 300, &Cover { max_nodes: 100_000, deviation: None });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn hierarchy(bencher: Bencher<'_, '_>) {
    mined(bencher, 300, &Hierarchy { max_nodes: 100_000, ..Hierarchy::default() });
}

/// One step of expectation and maximisation, and the start.
#[divan::bench(sample_count = 20)]
fn em_step(bencher: Bencher<'_, '_>) {
    mined(bencher, SIZE, &Em { roles: RoleCount::Fixed(40), max_iterations: 1, ..Em::default() });
}

#[divan::bench(sample_count = 20)]
fn cobweb(bencher: Bencher<'_, '_>) {
    mined(bencher, SIZE, &Cobweb::default());
}

#[divan::bench(sample_count = 20)]
fn entitlement_overlap(bencher: Bencher<'_, '_>) {
    mined(bencher, SIZE, &EntitlementOverlap { common: Percent(9_200), ..EntitlementOverlap::default() });
}

#[divan::bench(sample_count = 20)]
fn similarity(bencher: Bencher<'_, '_>) {
    mined(bencher, SIZE, &Similarity::default());
}

/// All pairs of identities that hold nearly the same, which is how `similarity` begins and how `consolidate` finds what is alike.
#[divan::bench(sample_count = 20)]
fn similarity_join(bencher: Bencher<'_, '_>) {
    let Enterprise { rows, .. } = Enterprise::new(SIZE);
    let likeness = Likeness { share: Percent(8_000), overlap: 1 };
    bencher.bench_local(|| alike::join(black_box(&rows), likeness, u64::MAX, &(), Some).is_ok());
}

/// Which sets are within others: the other half of `consolidate`.
#[divan::bench(sample_count = 20)]
fn containment(bencher: Bencher<'_, '_>) {
    let Enterprise { rows, .. } = Enterprise::new(SIZE);
    bencher.bench_local(|| alike::contained(black_box(&rows), Percent(9_500)));
}

/// A decision tree and its cross-validation, eleven trees.
#[divan::bench(sample_count = 20)]
fn tree(bencher: Bencher<'_, '_>) {
    let Enterprise { jobs, .. } = Enterprise::new(20_000);
    let mut draw = Draw(11);
    let texts = |codes: Vec<u32>, distinct: u32| {
        Column::Text(TextColumn { values: (0..distinct).map(|value| format!("{value:03}")).collect(), codes })
    };
    let departments = texts(jobs.iter().map(|job| job / 8).collect(), 5);
    let titles = texts(jobs.iter().map(|job| if draw.below(20) == 0 { draw.below(8) } else { job % 8 }).collect(), 8);
    let places = texts(jobs.iter().map(|_| draw.below(30)).collect(), 30);
    let columns = [("department", &departments), ("title", &titles), ("place", &places)];
    let everyone: Vec<IdentityId> = (0..).map(IdentityId).take(jobs.len()).collect();
    let classes: Vec<Vec<u32>> = jobs.iter().map(|&job| vec![job]).collect();
    let settings = Describe {
        by: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        confidence: Percent(8_000),
        min_members: 2,
        max_clauses: 12,
        tree: TreeSettings::default(),
    };
    bencher.bench_local(|| learn(&Records::new(&columns, &everyone, classes.iter().map(Vec::as_slice)), &settings));
}
