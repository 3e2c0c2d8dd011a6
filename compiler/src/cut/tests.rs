use adit_snapshots::{EntitlementId, IdentityId};
use proptest::prelude::*;

use super::{
    consolidate::{consolidate, consolidate_by_prefix},
    *,
};

fn matrix(rows: &[&[u32]]) -> AccessMatrix {
    let width = rows.iter().flat_map(|row| row.iter()).max().map_or(0, |max| max + 1);
    AccessMatrix::new(
        (0..rows.len() as u32).map(IdentityId).collect(),
        (0..width).map(EntitlementId).collect(),
        rows.iter().map(|row| row.to_vec()),
    )
}

fn cluster(members: &[u32], entitlements: &[u32]) -> Cluster {
    Cluster::flat(members.to_vec(), entitlements.to_vec())
}

fn cutoff(primary: u32, secondary: Option<u32>) -> Cutoff {
    Cutoff {
        primary: Percent(primary),
        secondary: secondary.map(Percent),
        min_members: 1,
        max_overlap: None,
        max_roles: None,
        over_grant: None,
    }
}

/// Roles as one reads them: members, grants with support and margin, child.
fn shown(roles: &[CutRole]) -> String {
    fn role(role: &CutRole) -> String {
        let grants: Vec<String> = role
            .grants
            .iter()
            .map(|grant| format!("{} ({} of {}, {:+})", grant.column, grant.held, grant.of, grant.margin))
            .collect();
        format!("{:?} get {}", role.members, grants.join(", "))
    }
    let lines = roles.iter().flat_map(|primary| {
        std::iter::once(role(primary)).chain(primary.secondary.iter().map(|child| format!("  child: {}", role(child))))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn support_at_the_cut_off_is_primary_and_between_the_two_is_secondary() {
    // Column 0: 5 of 5, 1: 4 of 5 (80 %), 2: 2 of 5 (40 %), 3: 1 of 5.
    let matrix = matrix(&[&[0, 1, 2, 3], &[0, 1, 2], &[0, 1], &[0, 1], &[0]]);
    let all = [cluster(&[0, 1, 2, 3, 4], &[0, 1, 2, 3])];
    let (report, roles) = cut(&matrix, &all, &cutoff(8_000, Some(4_000)));
    insta::assert_snapshot!(shown(&roles), @"
    [0, 1, 2, 3, 4] get 0 (5 of 5, +2000), 1 (4 of 5, +0)
      child: [0, 1] get 2 (2 of 5, +0)
    ");
    assert_eq!(roles[0].over_grants(&matrix), [(4, 1)]);
    assert_eq!(report, Cut { clusters: 1, individual: 1, decisions: 4, just_granted: 2, ..Cut::default() });
    let (report, _) = cut(&matrix, &all, &cutoff(8_001, Some(4_001)));
    assert_eq!(
        (report.just_granted, report.just_left),
        (0, 1),
        "40 % is just below, 80 % well above the secondary one"
    );
    insta::assert_snapshot!(shown(&cut(&matrix, &all, &cutoff(8_001, Some(4_001))).1), @"
    [0, 1, 2, 3, 4] get 0 (5 of 5, +1999)
      child: [0, 1, 2, 3] get 1 (4 of 5, +3999)
    ");
    insta::assert_snapshot!(shown(&cut(&matrix, &all, &cutoff(10_000, None)).1), @"[0, 1, 2, 3, 4] get 0 (5 of 5, +0)");
}

#[test]
fn at_zero_percent_a_role_is_the_union_of_what_its_members_hold() {
    let matrix = matrix(&[&[0, 1], &[0, 2], &[3]]);
    let (report, roles) = cut(&matrix, &[cluster(&[0, 1], &[0, 1, 2, 3])], &cutoff(0, None));
    // Nobody of the cluster holds 3.
    insta::assert_snapshot!(shown(&roles), @"[0, 1] get 0 (2 of 2, +10000), 1 (1 of 2, +5000), 2 (1 of 2, +5000)");
    assert_eq!(roles[0].over_grants(&matrix), [(0, 2), (1, 1)]);
    assert_eq!(report.individual, 1);
}

#[test]
fn small_and_incoherent_clusters_leave_individual_access() {
    let matrix = matrix(&[&[0], &[1], &[0, 1], &[0, 1]]);
    let clusters = [cluster(&[0], &[0]), cluster(&[0, 1], &[0, 1]), cluster(&[2, 3], &[0, 1]), cluster(&[], &[0])];
    let (report, roles) = cut(&matrix, &clusters, &Cutoff { min_members: 2, ..cutoff(9_000, None) });
    insta::assert_snapshot!(shown(&roles), @"[2, 3] get 0 (2 of 2, +1000), 1 (2 of 2, +1000)");
    assert_eq!(report, Cut { clusters: 4, too_small: 2, incoherent: 1, individual: 2, decisions: 4, ..Cut::default() });
}

#[test]
fn a_child_needs_enough_members_of_its_own() {
    let matrix = matrix(&[&[0, 1], &[0], &[0]]);
    let clusters = [cluster(&[0, 1, 2], &[0, 1])];
    let child = |min_members| {
        let settings = Cutoff { min_members, ..cutoff(9_000, Some(1_000)) };
        cut(&matrix, &clusters, &settings).1[0].secondary.is_some()
    };
    assert!(child(1));
    assert!(!child(2));
}

#[test]
fn the_largest_roles_stay_and_children_go_first() {
    let matrix = matrix(&[&[0, 1, 9], &[0, 1, 8], &[2, 3], &[2, 3], &[4], &[4]]);
    let clusters = [cluster(&[4, 5], &[4]), cluster(&[2, 3], &[2, 3]), cluster(&[0, 1], &[0, 1, 8, 9])];
    let limited = |max_roles| {
        let settings = Cutoff { max_roles, ..cutoff(10_000, Some(100)) };
        let (report, roles) = cut(&matrix, &clusters, &settings);
        (report.beyond_limit, report.individual, shown(&roles))
    };
    insta::assert_snapshot!(limited(None).2, @"
    [0, 1] get 0 (2 of 2, +0), 1 (2 of 2, +0)
      child: [0, 1] get 8 (1 of 2, +4900), 9 (1 of 2, +4900)
    [2, 3] get 2 (2 of 2, +0), 3 (2 of 2, +0)
    [4, 5] get 4 (2 of 2, +0)
    ");
    assert_eq!(limited(Some(4)).0, 0);
    let (beyond, individual, roles) = limited(Some(2));
    assert_eq!((beyond, individual), (2, 4));
    insta::assert_snapshot!(roles, @"
    [0, 1] get 0 (2 of 2, +0), 1 (2 of 2, +0)
    [2, 3] get 2 (2 of 2, +0), 3 (2 of 2, +0)
    ");
    assert_eq!(limited(Some(0)), (4, 12, String::new()));
}

#[test]
fn near_duplicates_become_one_and_are_cut_anew() {
    let matrix = matrix(&[&[0, 1], &[0, 1], &[0, 1], &[0, 2], &[5]]);
    let clusters = [cluster(&[0, 1, 2], &[0, 1]), cluster(&[0, 1, 2, 3], &[0]), cluster(&[4], &[5])];
    let (report, roles) = cut(&matrix, &clusters, &Cutoff { max_overlap: Some(Percent(6_000)), ..cutoff(7_500, None) });
    assert_eq!(report.consolidated, 1);
    insta::assert_snapshot!(shown(&roles), @"
    [0, 1, 2, 3] get 0 (4 of 4, +2500), 1 (3 of 4, +0)
    [4] get 5 (1 of 1, +2500)
    ");
    // Exactly 75 % alike is not beyond 75 %; the entitlements are half alike.
    let (report, _) = cut(&matrix, &clusters, &Cutoff { max_overlap: Some(Percent(7_500)), ..cutoff(7_500, None) });
    assert_eq!(report.consolidated, 0);
}

/// What consolidation means, with nothing clever: all pairs, again and again.
fn consolidate_slowly(clusters: &[Cluster], limit: Percent) -> Vec<Cluster> {
    let jaccard = |a: &[u32], b: &[u32]| {
        let common = a.iter().filter(|x| b.contains(x)).count() as u64;
        (common, (a.len() + b.len()) as u64 - common)
    };
    let more = |a: (u64, u64), b: (u64, u64)| a.0 * b.1.max(1) > b.0 * a.1.max(1);
    let mut left: Vec<Cluster> = clusters.to_vec();
    loop {
        let mut best: Option<((u64, u64), usize, usize)> = None;
        for i in 0..left.len() {
            for j in i + 1..left.len() {
                let (m, e) = (
                    jaccard(&left[i].members, &left[j].members),
                    jaccard(&left[i].entitlements, &left[j].entitlements),
                );
                let alike = if more(e, m) { e } else { m };
                if limit.exceeded_by(alike.0, alike.1) && best.is_none_or(|(known, ..)| more(alike, known)) {
                    best = Some((alike, i, j));
                }
            }
        }
        let Some((_, i, j)) = best else { return left };
        let gone = left.remove(j);
        let Cluster { members, entitlements, .. } = &mut left[i];
        for (mine, theirs) in [(members, gone.members), (entitlements, gone.entitlements)] {
            mine.extend(theirs);
            mine.sort();
            mine.dedup();
        }
    }
}

fn sets(max: u32) -> impl proptest::strategy::Strategy<Value = Vec<u32>> {
    prop::collection::btree_set(0..max, 1..8).prop_map(|set| set.into_iter().collect())
}

fn any_clusters() -> impl proptest::strategy::Strategy<Value = Vec<Cluster>> {
    let one = (sets(10), sets(8)).prop_map(|(members, entitlements)| Cluster::flat(members, entitlements));
    prop::collection::vec(one, 0..9)
}

fn any_matrix() -> impl proptest::strategy::Strategy<Value = Vec<Vec<u32>>> {
    prop::collection::vec(prop::collection::btree_set(0_u32..8, 0..8).prop_map(|s| s.into_iter().collect()), 10)
}

fn of(rows: &[Vec<u32>]) -> AccessMatrix {
    AccessMatrix::new((0..10).map(IdentityId).collect(), (0..8).map(EntitlementId).collect(), rows.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn consolidation_is_that_of_all_pairs(clusters in any_clusters(), limit in 0_u32..=10_000) {
        let expected = consolidate_slowly(&clusters, Percent(limit));
        prop_assert_eq!(&consolidate(&clusters, Percent(limit)), &expected);
        prop_assert_eq!(&consolidate_by_prefix(&clusters, Percent(limit)), &expected);
    }

    #[test]
    fn a_higher_cut_off_never_adds_a_grant(rows in any_matrix(), clusters in any_clusters(), low in 0_u32..=10_000, more in 0_u32..5_000) {
        let matrix = of(&rows);
        for cluster in clusters {
            let grants = |primary: u32| {
                let (_, roles) = cut(&matrix, std::slice::from_ref(&cluster), &cutoff(primary.min(10_000), None));
                roles.iter().flat_map(|role| role.grants.iter().map(|grant| grant.column)).collect::<Vec<_>>()
            };
            let (low, high) = (grants(low), grants(low + more));
            prop_assert!(high.iter().all(|column| low.contains(column)));
        }
    }

    #[test]
    fn supports_margins_over_grants_and_the_rest_are_exact(
        rows in any_matrix(),
        clusters in any_clusters(),
        primary in 0_u32..=10_000,
        overlap in prop::option::of(0_u32..=10_000),
        limit in prop::option::of(0_u32..6),
    ) {
        let matrix = of(&rows);
        let settings = Cutoff {
            max_overlap: overlap.map(Percent),
            max_roles: limit,
            ..cutoff(primary, Some(primary / 2))
        };
        let (report, roles) = cut(&matrix, &clusters, &settings);
        let holds = |row: u32, column: u32| rows[row as usize].contains(&column);
        let mut granted = std::collections::BTreeSet::new();
        for role in &roles {
            let cluster = role.members.len() as u64;
            for (role, threshold) in std::iter::once((role, primary)).chain(role.secondary.iter().map(|child| (&**child, primary / 2))) {
                prop_assert!(!role.grants.is_empty());
                for grant in &role.grants {
                    prop_assert_eq!(u64::from(grant.of), cluster);
                    prop_assert!(grant.margin >= 0);
                    prop_assert!(u64::from(grant.held) * 10_000 >= u64::from(threshold) * cluster);
                    prop_assert_eq!(
                        i64::from(grant.margin),
                        i64::from(grant.held) * 10_000 / cluster as i64 - i64::from(threshold)
                    );
                    granted.extend(role.members.iter().map(|&row| (row, grant.column)));
                }
                let over: Vec<(u32, u32)> = role.members.iter()
                    .flat_map(|&row| role.grants.iter().map(move |grant| (row, grant.column)))
                    .filter(|&(row, column)| !holds(row, column))
                    .collect();
                prop_assert_eq!(role.over_grants(&matrix), over);
            }
            for grant in &role.grants {
                let held = role.members.iter().filter(|&&row| holds(row, grant.column)).count();
                prop_assert_eq!(held, grant.held as usize);
            }
        }
        let left = (0..10).flat_map(|row| (0..8).map(move |column| (row, column)))
            .filter(|&(row, column)| holds(row, column) && !granted.contains(&(row, column)))
            .count();
        prop_assert_eq!(report.individual, left as u64);
        let primaries = roles.len() as u64;
        let roles_now = primaries + roles.iter().filter(|role| role.secondary.is_some()).count() as u64;
        prop_assert!(limit.is_none_or(|limit| roles_now <= u64::from(limit)));
        prop_assert!(report.clusters - report.consolidated - report.too_small - report.incoherent >= primaries);
    }
}

fn heir(members: &[u32], entitlements: &[u32], inherits: &[u32]) -> Cluster {
    Cluster { inherits: inherits.to_vec(), ..cluster(members, entitlements) }
}

/// Everyone holds 0; the rows of a clerk 1 as well; a senior clerk 2 on top.
fn ladder() -> (AccessMatrix, Vec<Cluster>) {
    let matrix = matrix(&[&[0, 1, 2], &[0, 1, 2], &[0, 1], &[0], &[0, 3]]);
    (matrix, vec![heir(&[0, 1], &[2], &[1]), heir(&[0, 1, 2], &[1], &[2]), heir(&[0, 1, 2, 3, 4], &[0], &[])])
}

#[test]
fn a_hierarchy_survives_the_cut() {
    let (matrix, clusters) = ladder();
    let (_, roles) = cut(&matrix, &clusters, &cutoff(10_000, None));
    let told: Vec<_> = roles.iter().map(|role| (role.members.len(), role.inherits.clone())).collect();
    // Largest first: everyone, the clerks, the senior ones.
    assert_eq!(told, [(5, vec![]), (3, vec![0]), (2, vec![1])]);
}

/// The clerks' own entitlement is held by too few of a wider cluster: seniors inherit from whom clerks would have.
#[test]
fn a_cluster_that_becomes_no_role_hands_on_what_it_inherits() {
    let (matrix, mut clusters) = ladder();
    clusters[1] = heir(&[0, 1, 2, 3, 4], &[3], &[2]);
    let (report, roles) = cut(&matrix, &clusters, &cutoff(8_000, None));
    assert_eq!(report.incoherent, 1);
    let told: Vec<_> = roles.iter().map(|role| (role.members.len(), role.inherits.clone())).collect();
    assert_eq!(told, [(5, vec![]), (2, vec![0])]);
}

#[test]
fn clusters_that_become_one_never_inherit_themselves() {
    let (matrix, clusters) = ladder();
    let merging = Cutoff { max_overlap: Some(Percent(5_000)), ..cutoff(5_000, None) };
    let (report, roles) = cut(&matrix, &clusters, &merging);
    assert!(report.consolidated > 0);
    for (place, role) in roles.iter().enumerate() {
        assert!(!role.inherits.contains(&place));
        let heirs_members = |parent: &usize| roles[*parent].members.clone();
        assert!(role.inherits.iter().map(heirs_members).all(|all| role.members.iter().all(|one| all.contains(one))));
    }
}

/// Whatever anybody holds reaches a threshold of nothing: that nothing is close to it says nothing.
#[test]
fn where_no_threshold_decides_no_decision_is_counted() {
    let matrix = matrix(&[&[0, 1], &[0], &[0]]);
    let counts = |primary| {
        let (cut, _) = cut(&matrix, &[cluster(&[0, 1, 2], &[0, 1])], &cutoff(primary, None));
        (cut.decisions, cut.just_granted, cut.just_left)
    };
    assert_eq!((counts(0), counts(3_000)), ((0, 0, 0), (2, 1, 0)));
}
