//! What the digest depends on, and what it does not.

use proptest::{prelude::*, sample::Index};

use super::{Fixture, normalised, told, told_assignments};
use crate::Snapshot;

/// A table of texts, header first.
type Cells = Vec<Vec<String>>;

/// Tables by name.
type Tables = Vec<(&'static str, Cells)>;

/// How a table is written down.
#[derive(Debug, Clone)]
struct Hand {
    order: Vec<Index>,
    columns: Vec<Index>,
    delimiter: char,
    line_end: &'static str,
    quote_all: bool,
    encoding: Encoding,
    split: Option<Index>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Encoding {
    Utf8,
    Marked,
    Windows,
}

fn hand() -> impl Strategy<Value = Hand> {
    let encoding = prop_oneof![Just(Encoding::Utf8), Just(Encoding::Marked), Just(Encoding::Windows)];
    (
        prop::collection::vec(any::<Index>(), 12),
        prop::collection::vec(any::<Index>(), 10),
        prop_oneof![Just(','), Just(';'), Just('\t')],
        prop_oneof![Just("\n"), Just("\r\n")],
        any::<bool>(),
        encoding,
        prop::option::of(any::<Index>()),
    )
        .prop_map(|(order, columns, delimiter, line_end, quote_all, encoding, split)| Hand {
            order,
            columns,
            delimiter,
            line_end,
            quote_all,
            encoding,
            split,
        })
}

/// A permutation: each index swaps with a later one.
fn shuffle<T>(items: &mut [T], by: &[Index]) {
    for at in 0..items.len() {
        if let Some(index) = by.get(at % by.len().max(1)) {
            let other = at + index.index(items.len() - at);
            items.swap(at, other);
        }
    }
}

fn write(cells: &Cells, hand: &Hand) -> Vec<u8> {
    let quoted = |text: &str| {
        let special = text.contains([hand.delimiter, '"', '\n', '\r', ',']);
        if hand.quote_all || special { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    let mut text = String::new();
    for row in cells {
        let fields: Vec<String> = row.iter().map(|field| quoted(field)).collect();
        text.push_str(&fields.join(&hand.delimiter.to_string()));
        text.push_str(hand.line_end);
    }
    match hand.encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Marked => format!("\u{feff}{text}").into_bytes(),
        Encoding::Windows => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
    }
}

fn add(mut fixture: Fixture, table: &str, cells: &Cells, hand: &Hand) -> Fixture {
    let mut columns: Vec<usize> = (0..cells[0].len()).collect();
    shuffle(&mut columns, &hand.columns);
    let picked = |row: &Vec<String>| columns.iter().map(|&column| row[column].clone()).collect::<Vec<_>>();
    let header = picked(&cells[0]);
    let mut rows: Cells = cells[1..].iter().map(picked).collect();
    shuffle(&mut rows, &hand.order);
    let second = hand.split.map(|at| rows.split_off(at.index(rows.len() + 1)));
    for (file, rows) in [(format!("{table}.csv"), Some(rows)), (format!("{table}@2.csv"), second)] {
        let Some(mut rows) = rows else { continue };
        rows.insert(0, header.clone());
        fixture = fixture.file(&file, write(&rows, hand)).key(&file, "owner = \"o@x\"\nsystem = \"sys\"");
        if hand.encoding == Encoding::Windows {
            fixture = fixture.key(&file, "encoding = \"windows-1252\"");
        }
    }
    fixture
}

fn cells(text: &[&[&str]]) -> Cells {
    text.iter().map(|row| row.iter().map(|&field| field.to_owned()).collect()).collect()
}

/// Every table, with texts that are hard to write down.
fn enterprise() -> Tables {
    vec![
        (
            "identities",
            cells(&[
                &["identity_id", "kind", "display_name", "department", "tags", "start_date"],
                &["E1", "human", "René \"R\" O;Neil, jr", "Fin\nance", "x|y", "2020-01-01"],
                &["E2", "human", "", "Ops", "", ""],
                &["é3", "service", " padded ", "", "z", "20210302"],
                &["E4", "human", "\ttab", "Ops", "y", ""],
            ]),
        ),
        (
            "accounts",
            cells(&[
                &["account_id", "identity_id", "enabled", "last_login_at"],
                &["a1", "E1", "true", "2026-01-01"],
                &["a2", "", "false", ""],
                &["a3", "é3", "", ""],
            ]),
        ),
        (
            "assignments",
            cells(&[
                &["identity_id", "account_id", "group_id", "entitlement_id", "origin", "via", "granted_at"],
                &["E1", "", "", "sap:p", "direct", "", "2020-01-01"],
                &["E1", "", "", "sap:p", "", "g1>g,2", ""],
                &["", "a1", "", "q", "rule", "", ""],
                &["", "a2", "", "q", "", "", ""],
                &["", "", "g1", "r", "", "", "2024-05-05"],
                &["E2", "", "", "sap:p", "exception", "", ""],
            ]),
        ),
        (
            "group-members",
            cells(&[
                &["group_id", "member_id", "member_type"],
                &["g1", "E1", "identity"],
                &["g1", "a1", "account"],
                &["g1", "a2", "account"],
                &["g,2", "g1", "group"],
                &["g,2", "E4", "identity"],
                &["g1", "g,2", "group"],
            ]),
        ),
        ("group-grants", cells(&[&["group_id", "entitlement_id"], &["g,2", "sap:p"], &["g,2", "t"], &["g1", "q"]])),
        (
            "exceptions",
            cells(&[
                &["exception_id", "identity_id", "entitlement_id", "reason"],
                &["X1", "E1", "q", "why, \"indeed\""],
                &["X2", "E2", "sap:p", ""],
            ]),
        ),
        (
            "usage",
            cells(&[
                &["account_id", "identity_id", "entitlement_id", "use_count", "last_used_at"],
                &["a1", "", "q", "3", "2026-10-01"],
                &["", "E1", "q", "4", "2026-09-01"],
                &["a3", "", "", "1", ""],
            ]),
        ),
        ("roles", cells(&[&["role_id", "name"], &["r1", "Rôle"], &["r2", ""]])),
        ("role-members", cells(&[&["role_id", "identity_id"], &["r1", "E1"], &["r2", "é3"]])),
        ("role-grants", cells(&[&["role_id", "entitlement_id"], &["r1", "q"], &["r1", "t"]])),
        ("role-inherits", cells(&[&["role_id", "parent_id"], &["r2", "r1"]])),
    ]
}

fn plain() -> Hand {
    Hand {
        order: Vec::new(),
        columns: Vec::new(),
        delimiter: ',',
        line_end: "\n",
        quote_all: false,
        encoding: Encoding::Utf8,
        split: None,
    }
}

fn written(tables: &[(&'static str, Cells)], hands: &[Hand]) -> Snapshot {
    let mut fixture = Fixture::new().more("[schema.identity]\ntags = \"list\"\n");
    for ((table, cells), hand) in tables.iter().zip(hands.iter().cycle()) {
        fixture = add(fixture, table, cells, hand);
    }
    fixture.read()
}

/// The digest of the fixture; it changes only with the recipe, which is a breaking change of the format.
#[test]
fn the_recipe_is_fixed() {
    let snapshot = written(&enterprise(), &[plain()]);
    insta::assert_snapshot!(told(&snapshot.faults), @r#"
    orphan-account notes accounts.csv:3 (identity_id): expected the identity it belongs to, found an empty field
    cyclic-groups notes group-members: `g,2` contains `g1`, which contains `g,2`; each is expanded once
    "#);
    insta::assert_snapshot!(told_assignments(&snapshot), @r#"
    E1 q [Inherited g1 a1] [Rule a1]
    E1 r [Inherited g1 a1 2024-05-05]
    E1 sap:p [Direct 2020-01-01] [Inherited g1>g,2] [Inherited g1>g,2 a1]
    E1 t [Inherited g1>g,2 a1]
    E2 sap:p [Exception]
    E4 q [Inherited g,2>g1]
    E4 r [Inherited g,2>g1 2024-05-05]
    E4 sap:p [Inherited g,2]
    E4 t [Inherited g,2]
    "#);
    insta::assert_snapshot!(snapshot.digest.whole, @"sha256:412db9e83174e1308bcb8aea9ae47c0d4d34123d66ad5377949c7aab92602d0d");
    let tables: Vec<&String> = snapshot.digest.tables.keys().collect();
    insta::assert_debug_snapshot!(tables, @r#"
    [
        "accounts",
        "assignments",
        "entitlements",
        "exceptions",
        "group-grants",
        "group-members",
        "groups",
        "identities",
        "role-grants",
        "role-inherits",
        "role-members",
        "roles",
        "schema",
        "sources",
        "usage",
    ]
    "#);
}

#[test]
fn the_table_that_differs_is_named() {
    let before = written(&enterprise(), &[plain()]);
    let differing = |change: &dyn Fn(&mut Tables)| -> Vec<String> {
        let mut tables = enterprise();
        change(&mut tables);
        let after = written(&tables, &[plain()]);
        assert_ne!(before.digest.whole, after.digest.whole);
        let names = before.digest.tables.keys().chain(after.digest.tables.keys());
        let differs = |name: &&String| before.digest.tables.get(*name) != after.digest.tables.get(*name);
        let names: std::collections::BTreeSet<&String> = names.filter(differs).collect();
        names.into_iter().cloned().collect()
    };
    let set = |table: usize, row: usize, column: usize, text: &'static str| {
        move |tables: &mut Tables| tables[table].1[row][column] = text.to_owned()
    };
    assert_eq!(differing(&set(0, 2, 3, "Sales")), ["identities"]);
    assert_eq!(differing(&set(1, 1, 2, "false")), ["accounts"]);
    assert_eq!(differing(&set(2, 1, 6, "2020-01-02")), ["assignments"]);
    assert_eq!(differing(&set(5, 1, 3, "other")), ["exceptions"]);
    assert_eq!(differing(&set(6, 1, 3, "5")), ["usage"]);
    assert_eq!(differing(&set(7, 1, 1, "Role")), ["roles"]);
    let nobody_new = |tables: &mut Tables| {
        tables[0].1.push(["A0", "human", "", "", "", ""].map(str::to_owned).to_vec());
    };
    assert_eq!(differing(&nobody_new), ["identities"]);
}

#[test]
fn the_schema_and_the_owners_count() {
    let fixture = Fixture::new().file("identities.csv", "identity_id,tags\na,x\n");
    let plain = fixture.read().digest;
    let differing = |fixture: Fixture| -> Vec<String> {
        let after = fixture.read().digest;
        after
            .tables
            .iter()
            .filter(|(name, digest)| plain.tables.get(*name) != Some(digest))
            .map(|(n, _)| n.clone())
            .collect()
    };
    let key = |line: &str| differing(fixture.clone().key("identities.csv", line));
    assert_eq!(key("owner = \"hr@x\""), ["sources"]);
    assert_eq!(key("authoritative_for = [\"tags\"]"), ["sources"]);
    assert_eq!(differing(fixture.clone().more("[schema.identity]\ntags = \"text\"\n")), ["identities", "schema"]);
    assert_eq!(differing(fixture.clone().more("[schema.applications]\nsap = [\"tcode\"]\n")), ["schema"]);
    let nothing: [&str; 0] = [];
    assert_eq!(differing(fixture.clone().top("name = \"other\"\n")), nothing);
    let accept =
        "[[accept]]\nfault = \"bad-value\"\nbecause = \"looked at, harmless\"\nowner = \"o\"\nexpires = 2027-01-01\n";
    assert_eq!(differing(fixture.clone().more(accept)), nothing);
}

#[test]
fn normalised_it_reads_back_the_same() {
    for tables in [enterprise(), enterprise()[..1].to_vec(), enterprise()[..3].to_vec()] {
        let snapshot = written(&tables, &[plain()]);
        let again = normalised(&snapshot);
        assert_eq!(told_assignments(&again), told_assignments(&snapshot));
        assert_eq!(again.digest, snapshot.digest);
        assert_eq!(again.accounts.rows, snapshot.accounts.rows);
        assert_eq!(told(&again.faults).lines().filter(|line| line.contains("stops")).count(), 0);
    }
}

/// Its header has more semicolons than commas.
#[test]
fn normalised_no_name_is_taken_for_a_delimiter() {
    let snapshot = Fixture::new().file("identities.csv", "identity_id\ta;b;c;d\nE1\tx\n").read();
    assert_eq!(normalised(&snapshot).digest, snapshot.digest);
}

#[test]
fn a_normalised_manifest_is_fit_to_be_read() {
    let mut folder = crate::MemoryFolder::default();
    let snapshot = written(&enterprise()[..1], &[plain()]);
    crate::write_normalised(&snapshot, &mut folder).unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&folder.0["snapshot.toml"]), @r#"
    extracted = "2026-11-20"
    digest = "sha256:22989e0a5b0b3640ee65793e30103d0980f63a28edd42e517fce4ea61da73f3d"

    [[source]]
    id = "identities"
    table = "identities"
    file = "identities.csv"
    system = "sys"
    owner = "o@x"
    delimiter = ","
    encoding = "utf-8"
    separator = "|"

    [[source]]
    id = "normalised-entitlements"
    table = "entitlements"
    file = "entitlements.csv"
    delimiter = ","
    encoding = "utf-8"
    separator = "|"

    [[source]]
    id = "normalised-assignments"
    table = "assignments"
    file = "assignments.csv"
    delimiter = ","
    encoding = "utf-8"
    separator = "|"

    [schema.identity]
    tags = "list"
    "#);
    insta::assert_snapshot!(String::from_utf8_lossy(&folder.0["identities.csv"]), @r#"
    identity_id,department,display_name,kind,start_date,tags
    E1,"Fin
    ance","René ""R"" O;Neil, jr",human,2020-01-01,x|y
    E2,Ops,,human,,
    E4,Ops,	tab,human,,y
    é3,, padded ,service,2021-03-02,z
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_digest_is_that_of_the_content(hands in prop::collection::vec(hand(), 11)) {
        let expected = written(&enterprise(), &[plain()]);
        let snapshot = written(&enterprise(), &hands);
        prop_assert_eq!(told_assignments(&snapshot), told_assignments(&expected));
        prop_assert_eq!(&snapshot.digest, &expected.digest);
        prop_assert_eq!(normalised(&snapshot).digest, expected.digest);
    }

    /// Rows of a small vocabulary clash in every way; what is made of them must still not depend on their order.
    #[test]
    fn even_of_what_clashes(
        rows in prop::collection::vec(("[ab]{1,2}", "[xy]?", "[pq|]{0,3}"), 0..8),
        held in prop::collection::vec(("[abz]{0,2}", "[abz]{0,1}", "[gh]?", "[ef:]{1,2}", "[uv> ]{0,3}"), 0..8),
        members in prop::collection::vec(("[gh]", "[abgh ]{1,2}"), 0..8),
        order in prop::collection::vec(any::<Index>(), 8),
    ) {
        let text = |row: &[&str]| row.iter().map(|&field| field.to_owned()).collect::<Vec<_>>();
        let mut tables = vec![
            ("identities", cells(&[&["identity_id", "department", "tags"]])),
            ("accounts", cells(&[&["account_id", "identity_id"], &["a", "b"], &["z", ""], &["a", "bb"]])),
            ("assignments", cells(&[&["identity_id", "account_id", "group_id", "entitlement_id", "via"]])),
            ("group-members", cells(&[&["group_id", "member_id"]])),
        ];
        tables[0].1.extend(rows.iter().map(|(id, department, tags)| text(&[id, department, tags])));
        tables[2].1.extend(held.iter().map(|(i, a, g, e, via)| text(&[i, a, g, e, via])));
        tables[3].1.extend(members.iter().map(|(group, member)| text(&[group, member])));
        let snapshot = written(&tables, &[plain()]);
        let other = written(&tables, &[Hand { order, ..plain() }]);
        prop_assert_eq!(told_assignments(&other), told_assignments(&snapshot));
        prop_assert_eq!(&other.digest, &snapshot.digest);
        prop_assert_eq!(&normalised(&snapshot).digest, &snapshot.digest, "{}", told_assignments(&normalised(&snapshot)));
    }
}
