//! Corner cases of a preview, and its counts against slow ones.

use std::collections::BTreeSet;

use adit_snapshots::EntitlementId;
use proptest::prelude::*;

use super::*;
use crate::{
    spec::{Describe, TreeSettings},
    testing::{mining, snapshot, spec},
};

fn kind(application: &str, attribute: &str) -> KindName {
    KindName { application: application.into(), attribute: attribute.into() }
}

fn describe(by: &[&str]) -> Option<Describe> {
    let by = by.iter().map(|name| (*name).to_owned()).collect();
    Some(Describe { by, confidence: Percent::WHOLE, min_members: 1, max_clauses: 12, tree: TreeSettings::default() })
}

fn only(mining: Mining, text: &str) -> Preview {
    let mut previews = preview(&spec(mining), &snapshot(text)).unwrap();
    assert_eq!(previews.len(), 1);
    previews.remove(0)
}

#[test]
fn every_minable_kind_is_accounted_for() {
    let minable = vec![kind("crm", "role"), kind("jira", "group"), kind("sap", "rfc"), kind("sap", "tcode")];
    let found = only(
        Mining { minable, ignore_fewer_than: 2, ..mining("m") },
        "a : sap.tcode:1 sap.tcode:2 sap.rfc:X \n b : sap.tcode:1 crm.rfc:Y",
    );
    let counts: Vec<(u64, u64)> = found.kinds.iter().map(|kind| (kind.known, kind.in_scope)).collect();
    // `crm` is there and so is `role`'s application, but no `crm.role`; `jira` is nowhere; of `sap.tcode` one is held by too few.
    assert_eq!(counts, [(0, 0), (0, 0), (1, 0), (2, 1)]);
}

#[test]
fn odd_columns_are_at_the_edges() {
    // Of 200: `all` by all, `near` by 199 (99.5%), `edge` by 198 (exactly 99%), `two` by 2 (exactly 1%), `one` by 1, `twin` as `two`.
    let rows: Vec<String> = (0..200)
        .map(|row| {
            let held = [("all", 200), ("edge", 198), ("near", 199), ("one", 1), ("twin", 2), ("two", 2)];
            let held: Vec<String> =
                held.iter().filter(|(_, holders)| row < *holders).map(|(name, _)| format!("a.b:{name}")).collect();
            format!("u{row:03} : {}", held.join(" "))
        })
        .collect();
    let found = only(mining("m"), &rows.join("\n")).columns;
    let expected =
        OddColumns { constant: vec![0], near_constant: vec![2], sparse: vec![3], identical: vec![vec![4, 5]] };
    assert_eq!(found, expected);
}

#[test]
fn attributes_are_counted_over_the_population() {
    let found = only(
        Mining {
            guided_by: vec!["unit".into(), "absent".into()],
            describe: describe(&["unit", "tags"]),
            ..mining("m")
        },
        "a unit=Finance tags=x|y : a.b:1
         b unit=finance_ : a.b:1
         c unit=Sales tags=x",
    );
    let named: Vec<_> = found.attributes.iter().map(|a| (a.name.as_str(), a.guides, a.describes)).collect();
    assert_eq!(named, [("unit", true, true), ("absent", true, false), ("tags", false, true)]);
    let values = |index: usize| found.attributes[index].values.clone();
    let alike = vec![vec!["Finance".to_owned(), "finance ".to_owned()]];
    assert_eq!(values(0), Some(ValueCount { identities: 3, distinct: 3, several: 0, alike }));
    assert_eq!(values(1), None);
    assert_eq!(values(2), Some(ValueCount { identities: 2, distinct: 2, several: 1, alike: vec![] }));
    assert_eq!(found.empty, [2]);
}

#[test]
fn nothing_at_all_has_nothing_odd() {
    let found = only(Mining { minable: vec![kind("a", "b")], ..mining("m") }, "");
    assert_eq!((found.columns, found.empty), (OddColumns::default(), vec![]));
    assert_eq!(found.kinds[0].known, 0);
}

proptest! {
    #[test]
    fn columns_are_what_a_slow_look_says(rows in prop::collection::vec(prop::collection::btree_set(0_u32..7, 0..6), 0..12)) {
        let (height, width) = (rows.len(), 7);
        let identities = (0..height as u32).map(IdentityId).collect();
        let held = rows.iter().map(|row| row.iter().copied().collect());
        let matrix = AccessMatrix::new(identities, (0..width).map(EntitlementId).collect(), held);
        let odd = OddColumns::of(&matrix);
        let holders = |column: u32| -> BTreeSet<usize> { (0..height).filter(|&row| rows[row].contains(&column)).collect() };
        for column in 0..width {
            let count = holders(column).len();
            prop_assert_eq!(odd.constant.contains(&column), count == height);
            prop_assert_eq!(odd.near_constant.contains(&column), count < height && count * 100 > height * 99);
            prop_assert_eq!(odd.sparse.contains(&column), count < height && (count == 1 || count * 100 < height));
            for other in 0..width {
                let together = odd.identical.iter().any(|group| group.contains(&column) && group.contains(&other));
                let alone = (0..width).all(|third| third == column || holders(third) != holders(column));
                prop_assert_eq!(together, holders(column) == holders(other) && !alone);
            }
        }
    }
}
