//! A project from `init` to provisioning.

use serde_json::Value;

use crate::support::Place;

#[test]
fn init_makes_a_project_that_checks_and_builds() {
    let place = Place::new();
    insta::assert_snapshot!("init", place.run(&["init", "shop"]).all());
    assert_eq!(place.run(&["check", "shop"]).out, "nothing wrong in 1 file\n");
    insta::assert_snapshot!("first_build", place.run(&["build", "shop"]).all());
    assert_eq!(
        place.files().iter().filter(|file| file.contains("adit.lock") || file.contains("/out/")).collect::<Vec<_>>(),
        ["shop/adit.lock", "shop/out/derivation.json", "shop/out/lint.json", "shop/out/provisioning.json"]
    );
    let again = place.run(&["init", "shop"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("nothing is overwritten"), "{}", again.err);
}

#[test]
fn findings_read_well() {
    let place = Place::with_shop();
    // The shop lead may pay what she orders, and a mechanic as well: one cause each, by different ways.
    let assignments = place.read("shop/snapshot/assignments.csv");
    place.write(
        "shop/snapshot/assignments.csv",
        assignments + "u01,erp:payment-run,direct\nu09,erp:purchase-order,direct\nu10,erp:purchase-order,direct\n",
    );
    let ran = place.run(&["lint", "shop"]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert!(!ran.out.contains("u01"), "{}", ran.out);
    insta::assert_snapshot!(ran.all());
    let json = place.run(&["lint", "shop", "--format", "json"]);
    assert_eq!(json.code, 1);
    assert!(!json.out.contains("u01"));
    insta::assert_snapshot!("findings_for_machines", json.out);
    let revealed = place.run(&["lint", "shop", "--reveal"]);
    assert!(revealed.out.contains("`u01`"), "{}", revealed.out);
}

#[test]
fn approval_leads_to_emission() {
    let place = Place::with_shop();
    assert_eq!(place.run(&["build", "shop", "--require-emission"]).code, 5);
    let dry = place.run(&[
        "approve",
        "staff/1",
        "--by",
        "cfo@bikes.example",
        "--name",
        "mechanic",
        "--project",
        "shop",
        "--dry-run",
    ]);
    assert_eq!(dry.code, 0, "{}", dry.all());
    assert!(!place.path("shop/approvals/mechanic.toml").exists());
    let ran = place.run(&[
        "approve",
        "staff/1",
        "--by",
        "cfo@bikes.example",
        "--name",
        "mechanic",
        "--comment",
        "all four need it",
        "--project",
        "shop",
    ]);
    insta::assert_snapshot!("approving", ran.all());
    insta::assert_snapshot!(
        "approval_file",
        place
            .read("shop/approvals/mechanic.toml")
            .lines()
            .filter(|line| !line.starts_with("content"))
            .collect::<Vec<_>>()
            .join("\n")
    );
    let built = place.run(&["build", "shop", "--require-emission"]);
    assert_eq!(built.code, 0, "{}", built.all());
    assert!(built.out.contains("emitted: 1 approved role"), "{}", built.out);
    let provisioning: Value = serde_json::from_str(&place.read("shop/out/provisioning.json")).unwrap();
    assert_eq!(provisioning["roles"][0]["name"], "mechanic");
    assert_eq!(provisioning["roles"][0]["members"].as_array().unwrap().len(), 4);
    let other = format!("sha256:{}", "0".repeat(64));
    let guarded =
        place.run(&["approve", "staff/2", "--by", "cfo@bikes.example", "--project", "shop", "--content", &other]);
    assert_eq!(guarded.code, 2, "{}", guarded.all());
    assert!(guarded.err.contains("is not what was looked at"), "{}", guarded.err);
    // By its new name: someone else may sign too, the same person may not.
    let second =
        place.run(&["approve", "mechanic", "--by", "shop@bikes.example", "--project", "shop", "--on", "2026-11-05"]);
    assert_eq!(second.code, 0, "{}", second.all());
    assert!(second.out.contains("`--as-of 2026-11-05` or later"), "{}", second.out);
    let twice = place.run(&["approve", "mechanic", "--by", "CFO@bikes.example", "--project", "shop"]);
    assert_eq!(twice.code, 2, "{}", twice.all());
}

#[test]
fn a_changed_role_has_to_be_approved_anew() {
    let place = Place::with_shop();
    let approve = ["approve", "staff/1", "--by", "cfo@bikes.example", "--project", "shop"];
    assert_eq!(place.run(&approve).code, 0);
    // One mechanic leaves: the role grants the same, to other people. It is no longer the first by size, and still itself.
    place.edit("shop/snapshot/identities.csv", "u08,employee,active", "u08,employee,left");
    let built = place.run(&["build", "shop"]);
    assert_eq!(built.code, 1, "{}", built.all());
    assert!(built.out.contains("approval-hash-mismatch"), "{}", built.out);
    assert!(built.out.contains("• staff/3 r-c82692fe98\n    approved for other content"), "{}", built.out);

    let again = place.run(&["approve", "r-c82692fe98", "--by", "cfo@bikes.example", "--project", "shop"]);
    assert_eq!(again.code, 0, "{}", again.all());
    assert!(again.out.contains("1 earlier signature for other content: dropped"), "{}", again.out);
    assert_eq!(place.run(&["build", "shop", "--require-emission"]).code, 0);
}

#[test]
fn who_may_not_sign_is_refused() {
    let place = Place::with_shop();
    let before = place.files();
    let mut said = String::new();
    for (role, who) in
        [("staff/1", "eve@bikes.example"), ("staff/1", "it@bikes.example"), ("staff/9", "cfo@bikes.example")]
    {
        let ran = place.run(&["approve", role, "--by", who, "--project", "shop"]);
        assert_eq!(ran.code, 2, "{}", ran.all());
        said.push_str(&ran.err);
    }
    let before_the_data =
        ["approve", "staff/1", "--by", "cfo@bikes.example", "--project", "shop", "--on", "2020-01-01"];
    said.push_str(&place.run(&before_the_data).err);
    insta::assert_snapshot!(said);
    assert_eq!(place.files(), before);
}

#[test]
fn an_expectation_that_does_not_hold_stops_emission() {
    let place = Place::with_shop();
    place.edit(
        "shop/policy.adit",
        "no role grants erp.function \"payment-run\"",
        "some role grants erp.function \"payment-run\"",
    );
    assert_eq!(place.run(&["approve", "staff/1", "--by", "cfo@bikes.example", "--project", "shop"]).code, 0);
    let ran = place.run(&["build", "shop"]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert!(ran.out.contains("1 does not"), "{}", ran.out);
    assert!(ran.out.contains("no role is emitted"), "{}", ran.out);
}

#[test]
fn the_same_bytes_for_any_threads_and_any_order_of_rows() {
    let place = Place::with_shop();
    assert_eq!(place.run(&["build", "shop", "--threads", "1"]).code, 0);
    let outputs = ["shop/out/derivation.json", "shop/out/provisioning.json", "shop/out/lint.json", "shop/adit.lock"];
    let first = outputs.map(|file| place.read(file));
    for table in ["assignments", "identities", "entitlements"] {
        let file = format!("shop/snapshot/{table}.csv");
        let text = place.read(&file);
        let (head, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<_> = rows.lines().rev().collect();
        rows.rotate_left(3);
        place.write(&file, format!("{head}\n{}\n", rows.join("\n")).replace(',', ";").replace('\n', "\r\n"));
    }
    let ran = place.run(&["build", "shop", "--threads", "8"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert_eq!(outputs.map(|file| place.read(file)), first);
}

#[test]
fn a_build_for_machines() {
    let place = Place::with_shop();
    insta::assert_snapshot!(place.run(&["build", "shop", "--format", "json"]).out);
}

#[test]
fn freezing_reads_well_and_the_normal_form_has_the_same_digest() {
    let place = Place::with_shop();
    let frozen = place.run(&["freeze", "shop", "--out", "normal"]);
    insta::assert_snapshot!(frozen.all());
    let digests = |folder: &str| {
        let output = place.command(&["freeze", folder]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| line.starts_with("sha256:")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(digests("shop").len(), 1);
    assert_eq!(digests("normal"), digests("shop"));
    assert_eq!(digests("shop/adit.toml"), digests("shop"));
    assert_eq!(digests("normal/snapshot.toml"), digests("shop"));
    let again = place.run(&["freeze", "shop", "--out", "normal"]);
    assert_eq!(again.code, 2, "{}", again.all());
}

#[test]
fn an_expired_waiver_is_a_finding_and_takes_nothing_any_more() {
    let place = Place::with_shop();
    place.edit(
        "shop/policy.adit",
        "edition 2026\n",
        "edition 2026\n\nwaiver W-1 {\n  rule       role-explosion\n  on         mining staff\n  because    \"agreed for the pilot, until its end\"\n  \
         owner      \"iam@shop.example\"\n  requested  \"a@shop.example\"\n  approved   \"b@shop.example\" on 2020-01-01\n  expires    2020-06-30\n}\n",
    );
    let linted = place.run(&["lint", "shop"]);
    assert!(linted.out.contains("RM708"), "{}", linted.all());
    let checked = place.run(&["check", "shop"]);
    assert_eq!(checked.code, 2);
    assert!(checked.err.contains("E2406") || checked.out.contains("E2406"), "{}", checked.all());
}
