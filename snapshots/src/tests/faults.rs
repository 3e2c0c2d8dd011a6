//! What is said of files that are wrong.

use super::{Fixture, told};
use crate::{FaultKind, ReadError, read};

#[test]
fn every_fault_has_a_place() {
    let snapshot = Fixture::new()
        .file(
            "identities.csv",
            "identity_id,department,start_date,email,email\n\
             0041,Finance,2021-03-01,Ann@x,\n\
             \"E\n2\",Finance,1900-01-00,,\n\
             E3,Sales\n\
             E3,Ops,,,\n\
             ,Nobody,,,\n\
             E4,Sales,soon,ann@X ,,more\n\
             1.23457E+12,,,,\n",
        )
        .file("accounts.csv", "account_id,identity_id,enabled\nx:1,E3,true\nx:2,,maybe\nx:3,41,\n")
        .file("entitlements.csv", "entitlement_id\nsap:A\nsap:A\nsap:B\n")
        .file(
            "assignments.csv",
            "identity_id,account_id,entitlement_id,origin,granted_at\n\
             E3,,sap:A,direct,2021-01-01\n\
             41,,sap:A,,\n\
             E9,,sap:a,,\n\
             ,,sap:A,,\n\
             0041,x:1,sap:A,,\n\
             E3,,,,\n\
             E3,,sap:B,by magic,44256\n\
             E3,,sap:A,direct,2021-01-01\n",
        )
        .file("exceptions.csv", "exception_id,identity_id,entitlement_id\nX1,E3,sap:C\n")
        .file("usage.csv", "account_id,identity_id,use_count\nx:9,,1\n,,1\n")
        .file("role-inherits.csv", "role_id,parent_id\na,b\nb,c\nc,a\nd,d\n")
        .more("[schema.identity]\ndepartment = \"text\"\nnationality = \"text\"\n")
        .read();
    insta::assert_snapshot!(told(&snapshot.faults), @r#"
    bad-value stops accounts.csv:3 (enabled): expected `true` or `false`, found `maybe`
    orphan-account notes accounts.csv:3 (identity_id): expected the identity it belongs to, found an empty field
    orphan-account notes accounts.csv:4 (identity_id): expected a known identity, found `41`; `0041` is known: were leading zeros lost?
    repeated-row notes assignments: one row says exactly what another row says; it counts once
    spreadsheet-damage stops assignments.csv:3 (identity_id): expected a known identity, found `41`; `0041` is known: were leading zeros lost?
    dangling-reference stops assignments.csv:4 (identity_id): expected a known identity, found `E9`, which no row defines
    empty-key stops assignments.csv:5 (identity_id): expected a holder, found an empty field
    bad-value stops assignments.csv:6 (identity_id): expected one holder, found account_id `x:1` and identity_id `0041`, which are not the same
    empty-key stops assignments.csv:7 (entitlement_id): expected an entitlement, found an empty field
    spreadsheet-damage stops assignments.csv:8 (granted_at): expected a date such as `2026-03-01`, found `44256`, the day number of a spreadsheet
    bad-value stops assignments.csv:8 (origin): expected `direct`, `inherited`, `rule`, `request`, `exception` or `unknown`, found `by magic`
    repeated-row notes entitlements.csv:3 (entitlement_id): says exactly what line 2 of `entitlements.csv` says; one is kept
    dangling-reference stops exceptions.csv:2 (entitlement_id): expected a known entitlement, found `sap:C`, which no row defines
    absent-attribute notes identities (nationality): expected a column `nationality`, which the schema declares, found none in any source: conditions on it cannot be decided
    duplicate-column stops identities.csv:1 (email): expected one column `email`, found fields 4 and 5 of that name; the first is read
    spreadsheet-damage stops identities.csv:3 (start_date): expected a date such as `2026-03-01`, found `1900-01-00`, the zero date of a spreadsheet
    ragged-row stops identities.csv:5: expected 5 fields as in the header, found 2
    duplicate-id stops identities.csv:6 (department): expected one `department` for `E3`, found `Ops` here and `Sales` on line 5 of `identities.csv`; `Ops` is kept
    empty-key stops identities.csv:7 (identity_id): expected a value for `identity_id`, found an empty field
    ragged-row stops identities.csv:8: expected 5 fields as in the header, found 6
    duplicate-identity notes identities.csv:8 (email): `email` `ann@X ` is also that of identity `0041`
    bad-value stops identities.csv:8 (start_date): expected a date such as `2026-03-01`, found `soon`
    spreadsheet-damage stops identities.csv:9 (identity_id): expected an id, found `1.23457E+12`, a long number as a spreadsheet shortens it
    cyclic-roles stops role-inherits: `a` inherits `b`, which inherits `c`, which inherits `a`
    cyclic-roles stops role-inherits: `d` inherits itself
    dangling-reference stops usage.csv:2 (account_id): expected a known account, found `x:9`, which no row defines
    empty-key stops usage.csv:3 (identity_id): expected a value for `identity_id`, found an empty field
    "#);
}

#[test]
fn a_row_that_ends_early_is_one_fault() {
    let fixture = Fixture::new()
        .file("entitlements.csv", "application,attribute,value,entitlement_id\nsap,tcode,A,sap:A\nsap,tcode\n,,,\n")
        .file("identities.csv", "kind,identity_id\nemployee,u-1\nemployee\nemployee,\n")
        .file("assignments.csv", "identity_id,entitlement_id\nu-1,sap:A\nu-1\nu-1,\n")
        .file("exceptions.csv", "exception_id,reason,identity_id,entitlement_id\nE-1,why\nE-2,why,,\n")
        .more("[schema.identity]\nkind = \"text\"\n");
    insta::assert_snapshot!(told(&fixture.read().faults), @r"
    ragged-row stops assignments.csv:3: expected 2 fields as in the header, found 1
    empty-key stops assignments.csv:4 (entitlement_id): expected an entitlement, found an empty field
    ragged-row stops entitlements.csv:3: expected 4 fields as in the header, found 2
    ragged-row stops exceptions.csv:2: expected 4 fields as in the header, found 2
    empty-key stops exceptions.csv:3 (entitlement_id): expected a value for `entitlement_id`, found an empty field
    empty-key stops exceptions.csv:3 (identity_id): expected a value for `identity_id`, found an empty field
    ragged-row stops identities.csv:3: expected 2 fields as in the header, found 1
    empty-key stops identities.csv:4 (identity_id): expected a value for `identity_id`, found an empty field
    ");
}

#[test]
fn what_is_not_there() {
    let fixture = Fixture::new()
        .file("identities.csv", "name\nx\n")
        .file("accounts.csv", "")
        .file("assignments.csv", "entitlement_id,who\nx,y\n")
        .file("roles.csv", "role_id\n")
        .file("usage.csv", "identity_id,uses\n")
        .key("usage.csv", "columns = { use_count = \"hits\" }");
    let mut folder = fixture.folder();
    let manifest = folder.0.get_mut("snapshot.toml").unwrap();
    manifest.extend_from_slice(b"[[source]]\nid = \"g\"\ntable = \"groups\"\nfile = \"gone.csv\"\n");
    insta::assert_snapshot!(told(&read(&folder, &()).unwrap().faults), @r#"
    missing-column stops accounts.csv (account_id): expected a column `account_id` (or `account`, `id`), found an empty file
    missing-column stops assignments.csv:1 (identity_id): expected a column `identity_id`, `account_id` or `group_id`, found `entitlement_id`, `who`
    missing-file stops gone.csv: cannot read `gone.csv`: there is no such file
    missing-column stops identities.csv:1 (identity_id): expected a column `identity_id` (or `identity`, `user_id`, `user`, `id`), found `name`
    missing-column stops usage.csv:1 (use_count): expected a column `hits`, which `columns` names for `use_count`, found `identity_id`, `uses`
    "#);
}

#[test]
fn use_that_is_nobodys_and_less_than_none() {
    let used = |usage: &str| {
        let fixture = Fixture::new().file("identities.csv", "identity_id\nE1\n").file("usage.csv", usage);
        told(&fixture.read().faults)
    };
    insta::assert_snapshot!(used(""), @"missing-column stops usage.csv (identity_id): expected a column `identity_id` or `account_id`, found none of them");
    insta::assert_snapshot!(used("identity_id,use_count,window_days\nE1,-5,90\nE1,3,-1\n"), @r"
    bad-value stops usage.csv:2 (use_count): expected a whole number that is not negative, found `-5`
    bad-value stops usage.csv:3 (window_days): expected a whole number that is not negative, found `-1`
    ");
}

#[test]
fn bytes_that_are_no_text() {
    let snapshot = Fixture::new()
        .file("identities.csv", b"identity_id,display_name\nE1,Ren\xe9\nE2,\x00x\n")
        .file("entitlements.csv", b"entitlement_id,name\na,caf\xe9\n")
        .key("entitlements.csv", "encoding = \"utf-8\"")
        .file("roles.csv", "role_id,name\nr,\"never closed\nq,x\n")
        .read();
    insta::assert_snapshot!(told(&snapshot.faults), @r#"
    bad-encoding stops entitlements.csv:2 (name): expected text, found bytes that are none (shown as �); check `encoding`
    guessed-encoding notes identities.csv: the file is not UTF-8 and declares no encoding: read as `windows-1252`; declare `encoding`, or save it as UTF-8, to make sure
    bad-encoding stops identities.csv:3 (display_name): expected text, found bytes that are none (shown as �); check `encoding`
    ragged-row stops roles.csv:2: a quote is opened in this row and never closed: the rest of the file became one field
    "#);
    assert_eq!(snapshot.identities.text("display_name", crate::IdentityId(0)), Some("René"));
}

#[test]
fn many_faults_are_counted_and_a_thousand_kept() {
    let rows: String = (0..1_500).map(|row| format!("nobody{row},e\n")).collect();
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id\na\n")
        .file("entitlements.csv", "entitlement_id\ne\n")
        .file("assignments.csv", format!("identity_id,entitlement_id\n{rows}"))
        .read();
    assert_eq!(snapshot.faults.len(), 1_001);
    insta::assert_snapshot!(told(&snapshot.faults[..2]), @r#"
    dangling-reference stops assignments: 500 more like these, 1500 in all
    dangling-reference stops assignments.csv:2 (identity_id): expected a known identity, found `nobody0`, which no row defines
    "#);
    assert_eq!(snapshot.faults[1].place.row, Some(2));
    assert_eq!(snapshot.faults[1_000].place.row, Some(1_001));
}

#[test]
fn acceptances_take_what_they_name_while_they_hold() {
    let accept = |more: &str, expires: &str| {
        format!(
            "[[accept]]\nfault = \"dangling-reference\"\nowner = \"iam@x\"\nbecause = \"left before the feed was cut\"\n\
             expires = {expires}\n{more}\n"
        )
    };
    let stopping = |entries: &[String], on: &str| -> Vec<String> {
        let snapshot = Fixture::new()
            .file("identities.csv", "identity_id\na\n")
            .file("entitlements.csv", "entitlement_id\ne\n")
            .file("assignments.csv", "identity_id,entitlement_id\nb,e\nc,e\n")
            .more(&entries.concat())
            .read();
        snapshot.stopping_faults(on.parse().unwrap()).map(|fault| fault.subject.clone()).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(stopping(&[], "2026-12-01"), ["b", "c"]);
    assert_eq!(stopping(&[accept("", "2026-12-01")], "2026-12-01"), none);
    assert_eq!(stopping(&[accept("", "2026-12-01")], "2026-12-02"), ["b", "c"]);
    assert_eq!(stopping(&[accept("subjects = [\"b\"]", "2026-12-01")], "2026-12-01"), ["c"]);
    assert_eq!(stopping(&[accept("table = \"usage\"", "2026-12-01")], "2026-12-01"), ["b", "c"]);
    assert_eq!(stopping(&[accept("at_most = 1", "2026-12-01")], "2026-12-01"), ["b", "c"]);
    assert_eq!(stopping(&[accept("at_most = 2", "2026-12-01")], "2026-12-01"), none);
    let two = [accept("", "2026-11-01"), accept("subjects = [\"b\"]", "2027-01-01")];
    assert_eq!(stopping(&two, "2026-12-01"), ["c"]);
}

#[test]
fn a_digest_that_differs_stops() {
    let fixture = Fixture::new().file("identities.csv", "identity_id\na\n");
    let digest = fixture.read().digest.whole;
    let same = fixture.clone().top(&format!("digest = \"{digest}\"\n")).read();
    assert_eq!(told(&same.faults), "");
    let other = fixture.top(&format!("digest = \"sha256:{}\"\n", "0".repeat(64))).read();
    assert_eq!(other.faults[0].kind, FaultKind::DigestMismatch);
    insta::assert_snapshot!(other.faults[0].place, @"snapshot.toml (digest)");
}

#[test]
fn no_manifest_no_snapshot() {
    let error = read(&crate::MemoryFolder::default(), &()).unwrap_err();
    insta::assert_snapshot!(error, @"cannot read `snapshot.toml`: entity not found");
    assert!(matches!(error, ReadError::NoManifest(_)));
}
