use proptest::{prelude::prop, prop_assert, prop_assert_eq, proptest};

use super::{Attributes, Clustering, MineError, MineInput, Strategy as _};
use crate::{
    cut,
    matrix::{AccessMatrix, tests::matrix},
    mine::Guide,
    spec::{Cutoff, Percent},
};

fn guide(name: &str, values: &[&[u32]]) -> Guide {
    let of_row = values.iter().map(|values| values.to_vec()).collect();
    Guide { name: name.to_owned(), distinct: 9, of_row }
}

fn mined(matrix: &AccessMatrix, guides: &[Guide], min_members: u32) -> Clustering {
    Attributes { min_members }.mine(&MineInput { guides, ..MineInput::from(matrix) }, &()).unwrap()
}

fn told(found: &Clustering) -> Vec<(Vec<u32>, Vec<u32>)> {
    found.clusters.iter().map(|cluster| (cluster.members.clone(), cluster.inherits.clone())).collect()
}

/// Everyone holds 0, department 0 holds 1, its clerks 2 and its leads 3; department 1 has one person.
fn company() -> (AccessMatrix, [Guide; 2]) {
    let rows = [vec![0, 1, 2], vec![0, 1, 2], vec![0, 1, 3], vec![0, 1, 3], vec![0, 4]];
    let department = guide("department", &[&[0], &[0], &[0], &[0], &[1]]);
    let title = guide("title", &[&[0], &[0], &[1], &[1], &[]]);
    (matrix(5, &rows), [department, title])
}

#[test]
fn titles_inherit_their_department_and_it_inherits_everyone() {
    let (matrix, guides) = company();
    let found = mined(&matrix, &guides, 2);
    // A title and the title within its department are the same people, so one group.
    assert_eq!(
        told(&found),
        [
            (vec![0, 1, 2, 3, 4], vec![]),
            (vec![0, 1, 2, 3], vec![0]),
            (vec![0, 1], vec![0, 1]),
            (vec![2, 3], vec![0, 1]),
        ]
    );
    assert_eq!(found.unassigned.iter().map(|one| one.row).collect::<Vec<_>>(), [4]);
}

#[test]
fn the_cut_gives_each_group_what_it_adds() {
    let (matrix, guides) = company();
    let cutoff = Cutoff {
        primary: Percent(8_000),
        secondary: None,
        min_members: 2,
        max_overlap: None,
        max_roles: None,
        over_grant: None,
    };
    let (_, roles) = cut::cut(&matrix, &mined(&matrix, &guides, 2).clusters, &cutoff);
    let mut grants: Vec<_> = roles
        .iter()
        .map(|role| (role.members.len(), role.grants.iter().map(|grant| grant.column).collect::<Vec<_>>()))
        .collect();
    grants.sort_unstable();
    // Four of five hold 1, which is 80%: everyone's role has it.
    assert_eq!(grants, [(2, vec![2]), (2, vec![3]), (5, vec![0, 1])]);
}

#[test]
fn too_many_attributes_are_refused() {
    let guides: Vec<Guide> = (0..9).map(|name| guide(&name.to_string(), &[&[0]])).collect();
    let matrix = matrix(1, &[vec![0]]);
    let input = MineInput { guides: &guides, ..MineInput::from(&matrix) };
    assert!(matches!(Attributes { min_members: 1 }.mine(&input, &()), Err(MineError::Limit { .. })));
}

proptest! {
    /// Every combination of values, asked for one by one; whoever inherits has all it inherits.
    #[test]
    fn groups_are_who_has_the_values(
        people in prop::collection::vec((prop::collection::btree_set(0_u32..3, 0..3), 0_u32..3), 1..10),
        min_members in 1_u32..4,
    ) {
        let rows = vec![vec![0]; people.len()];
        let first: Vec<Vec<u32>> = people.iter().map(|(values, _)| values.iter().copied().collect()).collect();
        let guides = [
            Guide { name: "tags".to_owned(), distinct: 3, of_row: first },
            Guide { name: "title".to_owned(), distinct: 3, of_row: people.iter().map(|(_, title)| vec![*title]).collect() },
        ];
        let found = mined(&matrix(1, &rows), &guides, min_members);
        let choices = (0..4_u32).flat_map(|tag| (0..4_u32).map(move |title| (tag, title)));
        let mut expected: Vec<Vec<u32>> = choices
            .map(|(tag, title)| {
                let has = |(tags, own): &(std::collections::BTreeSet<u32>, u32)| {
                    (tag == 3 || tags.contains(&tag)) && (title == 3 || *own == title)
                };
                (0..).zip(&people).filter(|(_, person)| has(person)).map(|(row, _)| row).collect()
            })
            .filter(|rows: &Vec<u32>| rows.len() >= min_members as usize)
            .collect();
        expected.sort_unstable();
        expected.dedup();
        let mut members: Vec<Vec<u32>> = found.clusters.iter().map(|cluster| cluster.members.clone()).collect();
        for cluster in &found.clusters {
            for &parent in &cluster.inherits {
                let all = &found.clusters[parent as usize].members;
                prop_assert!(all.len() > cluster.members.len() && cluster.members.iter().all(|row| all.contains(row)));
            }
        }
        members.sort_unstable();
        prop_assert_eq!(members, expected);
    }
}
