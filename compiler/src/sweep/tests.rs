use adit_snapshots::{EntitlementId, IdentityId};
use proptest::prelude::*;

use super::*;
use crate::{
    compile::compile,
    mine::Cluster,
    spec::Cutoff,
    testing::{TODAY, acme, mining},
};

fn range(threshold: Threshold, from: u32, to: u32, step: u32) -> Range {
    Range::new(threshold, from, to, step).unwrap()
}

#[test]
fn the_step_at_the_own_value_is_what_a_build_finds() {
    let (data, spec) = acme();
    let built = compile(&spec, &data, &[], TODAY, &()).unwrap();
    for range in [range(Threshold::Primary, 0, 10_000, 700), range(Threshold::Members, 1, 9, 3)] {
        let curves = sweep(&spec, &data, range, None, &()).unwrap();
        assert_eq!(curves.len(), built.populations.len());
        for (curve, population) in curves.iter().zip(&built.populations) {
            let own = curve.steps.iter().find(|step| Some(step.value) == curve.own).unwrap();
            assert_eq!((&curve.name, &own.measures), (&population.name, &population.measures));
        }
    }
}

#[test]
fn one_mining_block_alone_is_the_same_as_among_all() {
    let (data, spec) = acme();
    let range = range(Threshold::Secondary, 1_000, 9_000, 2_000);
    let all = sweep(&spec, &data, range, None, &()).unwrap();
    for only in 0..spec.minings.len() {
        let alone = sweep(&spec, &data, range, Some(only), &()).unwrap();
        assert!(alone.iter().eq(all.iter().filter(|curve| curve.mining == only)));
    }
}

#[test]
fn ranges_end_where_they_should() {
    let values = |range: Range, own| range.values(own).into_iter().collect::<Vec<_>>();
    assert_eq!(values(range(Threshold::Members, 2, 10, 3), None), [2, 5, 8]);
    assert_eq!(values(range(Threshold::Members, 2, 10, 3), Some(6)), [2, 5, 6, 8]);
    assert_eq!(values(range(Threshold::Members, 2, 10, 3), Some(11)), [2, 5, 8]);
    assert_eq!(values(range(Threshold::Primary, 8_000, 8_000, 500), Some(8_000)), [8_000]);
    assert_eq!(values(range(Threshold::Members, u32::MAX, u32::MAX, u32::MAX), None), [u32::MAX]);
    assert_eq!(Range::new(Threshold::Primary, 9_000, 8_000, 500), Err(RangeError::Backwards));
    assert_eq!(Range::new(Threshold::Overlap, 9_000, 10_001, 500), Err(RangeError::BeyondWhole));
    assert_eq!(Range::new(Threshold::Primary, 1, 2, 0), Err(RangeError::NoStep));
    assert_eq!(Range::new(Threshold::Primary, 0, 1_000, 1), Err(RangeError::TooMany));
    assert!(Range::new(Threshold::Primary, 0, 999, 1).is_ok());
}

proptest! {
    /// Neither a higher primary cut-off nor more members asked for ever adds a grant, where there are no child roles: a child that
    /// takes in more entitlements grants them to more members.
    #[test]
    fn a_higher_threshold_never_adds_a_grant(
        rows in prop::collection::vec(prop::collection::btree_set(0_u32..6, 0..6), 1..9),
        groups in prop::collection::vec((prop::collection::btree_set(0_u32..9, 1..6), prop::collection::btree_set(0_u32..6, 1..6)), 1..5),
    ) {
        let height = rows.len() as u32;
        let matrix = AccessMatrix::new(
            (0..height).map(IdentityId).collect(),
            (0..6).map(EntitlementId).collect(),
            rows.into_iter().map(|row| row.into_iter().collect()),
        );
        let clusters: Vec<Cluster> = groups
            .into_iter()
            .map(|(members, columns)| Cluster::flat(members.into_iter().filter(|&row| row < height).collect(), columns.into_iter().collect()))
            .collect();
        let base = Cutoff { secondary: None, max_roles: None, max_overlap: None, ..mining("any").cutoff };
        for range in [range(Threshold::Primary, 0, 10_000, 500), range(Threshold::Members, 1, 6, 1)] {
            let mut before: Option<BTreeSet<(u32, u32)>> = None;
            for value in range.values(None) {
                let (_, roles) = cut::cut(&matrix, &clusters, &range.threshold.at(value, &base));
                let granted: BTreeSet<(u32, u32)> = roles
                    .iter()
                    .flat_map(|role| role.members.iter().flat_map(|&row| role.grants.iter().map(move |grant| (row, grant.column))))
                    .collect();
                if let Some(before) = &before {
                    prop_assert!(granted.is_subset(before));
                }
                before = Some(granted);
            }
        }
    }
}
