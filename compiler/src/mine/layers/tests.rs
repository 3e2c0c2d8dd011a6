use proptest::prelude::{Strategy as _, *};

use super::{assign::assign, *};

use crate::{
    matrix::tests::matrix,
    mine::{Cluster, Shortfall, Strategy as _, chance::Chance},
};

/// A small enterprise: everyone, two departments, six jobs in each, four places; what each grants.
fn planted() -> Vec<Content> {
    let mut next = 0;
    let mut fresh = |size: u32| {
        next += size;
        (next - size..next).collect::<Content>()
    };
    let mut roles = vec![fresh(6)];
    roles.extend((0..2).map(|_| fresh(4)));
    roles.extend((0..12).map(|job| fresh(6 + job % 3)));
    roles.extend((0..4).map(|_| fresh(2)));
    roles
}

/// Identities of that enterprise. Each lacks one in `lost` of what its roles grant, and holds now and then what none of them grants.
fn enterprise(identities: u32, lost: usize, chance: &mut Chance) -> Vec<Vec<u32>> {
    let (roles, width) = (planted(), 120);
    (0..identities)
        .map(|number| {
            let job = number % 12;
            let of = [0, 1 + job / 6, 3 + job, 15 + (number / 12) % 4];
            let granted = of.iter().filter_map(|&role| roles.get(role as usize)).flatten().copied();
            let mut row: Vec<u32> = granted.filter(|_| chance.below(lost) > 0).collect();
            if chance.below(2) == 0 {
                row.push(chance.below(width) as u32);
            }
            row.sort_unstable();
            row.dedup();
            row
        })
        .collect()
}

fn found(rows: &[Vec<u32>]) -> Clustering {
    Layers::default().mine(&(&matrix(120, rows)).into(), &()).unwrap()
}

fn contents(found: &Clustering) -> Vec<Content> {
    let mut contents: Vec<Content> = found.clusters.iter().map(|cluster| cluster.entitlements.clone()).collect();
    contents.sort();
    contents
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    for seed in 1..=3 {
        let found = found(&enterprise(720, 66, &mut Chance::seeded(seed)));
        let mut expected = planted();
        expected.sort();
        assert_eq!(contents(&found), expected, "seed {seed}");
    }
}

/// Three jobs make a department of four entitlements; two have as many in common by chance.
#[test]
fn few_jobs_make_a_department_and_fewer_do_not() {
    let mut chance = Chance::seeded(5);
    let mut rows_of = |jobs: u32| -> Vec<Vec<u32>> {
        (0..60 * jobs)
            .map(|number| {
                let own = 10 + 8 * (number % jobs);
                (0..4).chain(own..own + 8).filter(|_| chance.below(66) > 0).collect()
            })
            .collect()
    };
    let department: Content = (0..4).collect();
    let three = contents(&found(&rows_of(3)));
    assert!(three.contains(&department) && three.len() == 4, "{three:?}");
    let others: Vec<Vec<u32>> =
        (0..400).map(|number| (60..64).chain(70 + 4 * (number % 5)..74 + 4 * (number % 5)).collect()).collect();
    let two = contents(&found(&[rows_of(2), others].concat()));
    assert!(!two.contains(&department), "{two:?}");
    assert!(two.contains(&(0..4).chain(10..18).collect()), "{two:?}");
}

/// Members are exact, too: of who has a job, and of whom inheritance brings in.
#[test]
fn a_job_inherits_its_department_and_that_inherits_everyone() {
    let found = found(&enterprise(720, 66, &mut Chance::seeded(1)));
    let place = |role: usize| {
        found.clusters.iter().position(|cluster| Some(&cluster.entitlements) == planted().get(role)).unwrap() as u32
    };
    let of = |role: usize| &found.clusters[place(role) as usize];
    assert_eq!(of(3).inherits, [place(1)]);
    assert_eq!(of(1).inherits, [place(0)]);
    assert_eq!(of(3).members, (0..720).filter(|row| row % 12 == 0).collect::<Vec<_>>());
    assert_eq!(of(15).inherits, [place(0)]);
}

/// Accounts with random grants share nothing that would be a role.
#[test]
fn random_grants_are_no_role() {
    let mut chance = Chance::seeded(7);
    let rows: Vec<Vec<u32>> = (0..100)
        .map(|_| {
            let mut row: Vec<u32> = (0..4).map(|_| chance.below(90) as u32).collect();
            row.sort_unstable();
            row.dedup();
            row
        })
        .collect();
    assert_eq!(found(&rows).clusters, []);
}

#[test]
fn nothing_comes_of_nothing_and_whoever_holds_nothing_is_told() {
    assert_eq!(found(&[]).clusters, []);
    let found = found(&[vec![], vec![1]]);
    assert_eq!(found.clusters, []);
    assert_eq!(found.unassigned.len(), 1);
    assert_eq!(found.unassigned[0].shortfall, Shortfall::HoldsNothing);
}

#[test]
fn fewer_members_than_asked_for_make_no_role() {
    let rows = vec![vec![0, 1, 2]; 4];
    assert_eq!(found(&rows).clusters, []);
    let settings = Layers { min_members: 4, ..Layers::default() };
    let found = settings.mine(&(&matrix(120, &rows)).into(), &()).unwrap();
    assert_eq!(found.clusters, [Cluster::flat(vec![0, 1, 2, 3], vec![0, 1, 2])]);
}

#[test]
fn a_run_can_be_interrupted() {
    struct Stop;
    impl Progress for Stop {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let matrix = matrix(120, &enterprise(60, 66, &mut Chance::new()));
    assert_eq!(Layers::default().mine(&(&matrix).into(), &Stop), Err(MineError::Cancelled));
}

/// The paper way to assign: every role is weighed against every row, again after each that is taken.
fn slow_roles_of(row: &[u32], roles: &[Content], rows: &[Vec<u32>]) -> Vec<u32> {
    let (mut open, mut taken) = (row.to_vec(), Vec::new());
    loop {
        let usual = |column: &u32| rows.iter().filter(|row| row.contains(column)).count() * 2 > rows.len();
        let gain = |content: &Content| {
            let held = content.iter().filter(|column| row.contains(column)).count() as i64;
            let missing = content.len() as i64 - held;
            let explains = content.iter().filter(|column| open.contains(column)).count() as i64;
            let fits = if content.iter().all(usual) {
                held > missing
            } else {
                missing * 4 <= content.len() as i64 && explains >= 2
            };
            (fits && explains > missing).then_some(explains - missing)
        };
        let gains: Vec<Option<i64>> = roles.iter().map(gain).collect();
        let most = (0..).zip(&gains).filter(|(role, _)| !taken.contains(role)).filter_map(|(_, gain)| *gain).max();
        let Some(most) = most else { return taken };
        let first = (0..).zip(&gains).find(|(role, gain)| !taken.contains(role) && **gain == Some(most)).unwrap().0;
        open.retain(|column| !roles[first as usize].contains(column));
        taken.push(first);
    }
}

fn columns(width: u32, most: usize) -> impl proptest::strategy::Strategy<Value = Vec<u32>> {
    prop::collection::btree_set(0..width, 1..most).prop_map(|columns| columns.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn assigning_is_what_weighing_every_role_gives(
        rows in prop::collection::vec(columns(12, 12), 1..12),
        roles in prop::collection::vec(columns(12, 6), 1..10),
    ) {
        let fast = assign(&matrix(12, &rows), &roles);
        let slow: Vec<Vec<u32>> = rows.iter().map(|row| slow_roles_of(row, &roles, &rows)).collect();
        prop_assert_eq!(fast, slow.iter().collect());
    }

    /// Rows of more than 64 columns take more than one word each.
    #[test]
    fn assigning_again_is_assigning_anew(
        rows in prop::collection::vec(prop_oneof![columns(12, 12), Just((0..90).collect())], 1..12),
        roles in prop::collection::vec((columns(90, 60).prop_union(columns(12, 6)), 1..4_u8), 1..12),
    ) {
        let matrix = matrix(90, &rows);
        let some = |which: u8| {
            in_order(roles.iter().filter(|(_, when)| when & which > 0).map(|(role, _)| role.clone()).collect())
        };
        let again = Assigned::new(&matrix, some(1)).again(&matrix, some(2));
        let slow: Vec<Vec<u32>> = rows.iter().map(|row| slow_roles_of(row, &some(2), &rows)).collect();
        prop_assert_eq!(again.roles, some(2));
        prop_assert_eq!(again.held, slow.iter().collect());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whoever comes first: the roles are the same, and so are their members.
    #[test]
    fn neither_order_nor_threads_matter(seed: u64, rows in 60_u32..240) {
        let rows = enterprise(rows, 40, &mut Chance::seeded(seed));
        let plain = found(&rows);
        for threads in [1, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(&pool.install(|| found(&rows)), &plain);
        }
        let turned: Vec<Vec<u32>> = rows.iter().rev().cloned().collect();
        let last = rows.len() as u32 - 1;
        let back: Vec<Cluster> = found(&turned)
            .clusters
            .into_iter()
            .map(|cluster| Cluster { members: cluster.members.iter().rev().map(|row| last - row).collect(), ..cluster })
            .collect();
        prop_assert_eq!(back, plain.clusters);
    }

    /// Lists ascend, roles have as many members as asked for, and whoever has a role has what it inherits.
    #[test]
    fn clusters_are_as_promised(seed: u64, rows in 60_u32..240) {
        let found = found(&enterprise(rows, 20, &mut Chance::seeded(seed)));
        for cluster in &found.clusters {
            prop_assert!(cluster.members.is_sorted_by(|one, other| one < other));
            prop_assert!(cluster.entitlements.is_sorted_by(|one, other| one < other));
            prop_assert!(cluster.members.len() >= 5 && cluster.entitlements.len() >= 2);
            for &over in &cluster.inherits {
                let over = &found.clusters[over as usize];
                prop_assert!(cluster.members.iter().all(|member| over.members.binary_search(member).is_ok()));
                prop_assert!(over.members.len() > cluster.members.len());
            }
        }
    }
}

/// A department for each of these rows.
fn departments(of_row: &[u32]) -> Guide {
    Guide { name: "department".into(), distinct: 9, of_row: of_row.iter().map(|&value| vec![value]).collect() }
}

fn guided(settings: &Layers, rows: &[Vec<u32>], guide: Guide) -> Clustering {
    let matrix = matrix(120, rows);
    settings.mine(&MineInput { guides: &[guide], ..MineInput::from(&matrix) }, &()).unwrap()
}

fn over_grants(rows: &[Vec<u32>], found: &Clustering) -> usize {
    let lacks = |row: u32, column: &u32| !rows[row as usize].contains(column);
    let of = |cluster: &Cluster| -> usize {
        cluster.members.iter().map(|&row| cluster.entitlements.iter().filter(|column| lacks(row, column)).count()).sum()
    };
    found.clusters.iter().map(of).sum()
}

/// Half of those who hold 0, 1 and 2 could have the role of 0 and 1 or that of 0 and 2; nothing in their access says which.
#[test]
fn who_could_have_either_of_two_roles_has_that_of_their_department() {
    let rows: Vec<Vec<u32>> = (0..70)
        .map(|row| match row {
            0..12 => vec![0, 1],
            12..18 => vec![0, 1, 2],
            18..30 => vec![0, 2],
            _ => vec![50, 51],
        })
        .collect();
    let members = |found: &Clustering, content: &[u32]| {
        found.clusters.iter().find(|cluster| cluster.entitlements == content).unwrap().members.clone()
    };
    let plain = found(&rows);
    assert_eq!(members(&plain, &[0, 1]), (0..18).collect::<Vec<_>>());
    let of_row: Vec<u32> = (0..70).map(|row| u32::from(row >= 12) + u32::from(row >= 30)).collect();
    let with = guided(&Layers::default(), &rows, departments(&of_row));
    assert_eq!(members(&with, &[0, 1]), (0..12).collect::<Vec<_>>());
    assert_eq!(members(&with, &[0, 2]), (12..30).collect::<Vec<_>>());
    assert_eq!(over_grants(&rows, &with), over_grants(&rows, &plain));
}

/// Of two sets that a role could start with, the one that all of a department hold comes first, though it saves a little less.
#[test]
fn what_a_department_shares_comes_before_what_chance_does() {
    // Of 30 who hold 0, the first 20 hold 1 and the last 19, a department, hold 2. What is left when the one is a role is too few for the other.
    let holds = |row: u32| -> Vec<u32> {
        let more =
            [(1, 0..20), (2, 11..30)].into_iter().filter(|(_, rows)| rows.contains(&row)).map(|(column, _)| column);
        std::iter::once(0).chain(more).collect()
    };
    let rows: Vec<Vec<u32>> = (0..30).map(holds).chain((0..40).map(|_| vec![50, 51])).collect();
    let of_row: Vec<u32> = (0..70).map(|row| u32::from(row >= 11) + u32::from(row >= 30)).collect();
    let with_0 = |found: &Clustering| -> Vec<Content> {
        contents(found).into_iter().filter(|content| content.contains(&0)).collect()
    };
    let settings = Layers { min_members: 12, ..Layers::default() };
    assert_eq!(with_0(&guided(&settings, &rows, departments(&[0; 70]))), [[0, 1]]);
    assert_eq!(with_0(&guided(&settings, &rows, departments(&of_row))), [[0, 2]]);
}

/// Who is known to be alike and holds nothing alike makes no role, and brings nobody into one.
#[test]
fn a_department_that_shares_nothing_makes_no_role() {
    let rows: Vec<Vec<u32>> = (0..90).map(|row| (0..4).map(|column| row % 3 * 10 + column).collect()).collect();
    let plain = found(&rows);
    let mixed: Vec<u32> = (0..90).map(|row| row / 30).collect();
    assert_eq!(guided(&Layers::default(), &rows, departments(&mixed)), plain);
    assert_eq!(plain.clusters.len(), 3);
    // A wrong department brings nobody in: the roles are the same where a tenth have one.
    let stale: Vec<u32> = (0..90).map(|row| if row % 10 == 0 { (row + 1) % 3 } else { row % 3 }).collect();
    assert_eq!(guided(&Layers::default(), &rows, departments(&stale)), plain);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// An attribute that is the same for everyone, or that nobody has, says nothing and changes nothing.
    #[test]
    fn guidance_that_says_nothing_changes_nothing(rows in prop::collection::vec(prop::collection::btree_set(0_u32..12, 0..8), 10..60)) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let settings = Layers { min_members: 3, ..Layers::default() };
        let matrix = matrix(12, &rows);
        let plain = settings.mine(&(&matrix).into(), &()).unwrap();
        for values in [vec![0], vec![]] {
            let guide = Guide { of_row: vec![values; rows.len()], ..departments(&[]) };
            let guided = settings.mine(&MineInput { guides: &[guide], ..MineInput::from(&matrix) }, &()).unwrap();
            prop_assert_eq!(&guided, &plain);
        }
    }

    /// Nobody is given a role that guidance brings them and that grants them more beyond what they hold than the role it takes the place of.
    #[test]
    fn who_is_guided_is_granted_no_more_beyond(
        rows in prop::collection::vec((prop::collection::btree_set(0_u32..12, 0..8), 0_u32..3), 10..60),
        roles in prop::collection::btree_set(prop::collection::btree_set(0_u32..12, 2..5), 1..6),
    ) {
        let (rows, of_row): (Vec<Vec<u32>>, Vec<u32>) =
            rows.into_iter().map(|(row, value)| (row.into_iter().collect(), value)).unzip();
        let roles: Vec<Content> = roles.into_iter().map(|role| role.into_iter().collect()).collect();
        let matrix = matrix(12, &rows);
        let prefers = |row: u32, role: u32| (of_row[row as usize] + role).is_multiple_of(3);
        let beyond = |row: usize, role: u32| {
            roles[role as usize].iter().filter(|column| !rows[row].contains(column)).count()
        };
        let (plain, with) = (assign(&matrix, &roles), super::assign::assign_by(&matrix, &roles, &prefers));
        for (row, (plain, with)) in plain.iter().zip(with.iter()).enumerate() {
            if let (Some(&one), Some(&other)) = (plain.first(), with.first()) {
                prop_assert!(beyond(row, other) <= beyond(row, one));
            }
            prop_assert_eq!(plain.is_empty(), with.is_empty());
        }
    }
}
