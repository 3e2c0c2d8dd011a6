//! What is read from files that are right.

use super::{Fixture, told, told_assignments, told_entitlement};
use crate::{AttributeType, Column, IdentityId};

fn acme() -> Fixture {
    Fixture::new()
        .file(
            "identities.csv",
            "identity_id,kind,status,display_name,employee_id,email,department,job_title,manager_id,start_date,tags\n\
             E2,human,active,Rose,0042,rose@x,Finance,Clerk,E1,2021-03-01,a|b\n\
             E1,human,active,\"Vale, Ann\",0041,ann@x,Finance,Lead,,2019-01-01,\n",
        )
        .file(
            "accounts.csv",
            "account_id,system,native_id,identity_id,enabled,created_at,last_login_at,interactive\n\
             sap:ROSE,SAP-PRD,ROSE,E2,true,2021-03-02,2026-11-20T08:11:04Z,true\n\
             sap:GHOST,SAP-PRD,GHOST,E9,false,,,\n",
        )
        .file(
            "entitlements.csv",
            "entitlement_id,system,type,name,owner_id,risk\n\
             sap:Z_AP_POST,SAP-PRD,role,AP invoice posting,E1,high\n\
             vpn,,,,,\n",
        )
        .file(
            "assignments.csv",
            "account_id,entitlement_id,origin,via,granted_at,granted_by,ticket,expires_at,identity_id\n\
             sap:ROSE,sap:Z_AP_POST,inherited,sap:ZC_AP > sap:ZC_ALL,2021-03-02,E1,REQ-881,,\n\
             ,vpn,,,,,,2027-01-01,E2\n\
             sap:ROSE,vpn,request,,20260102,,,,E2\n\
             sap:GHOST,vpn,,,,,,,\n",
        )
        .more("[schema.identity]\ntags = \"list\"\n")
}

#[test]
fn tables_are_joined() {
    let snapshot = acme().read();
    insta::assert_snapshot!(told(&snapshot.faults), @"orphan-account notes accounts.csv:3 (identity_id): expected a known identity, found `E9`, which no row defines");
    insta::assert_snapshot!(told_assignments(&snapshot), @r#"
    E2 sap:Z_AP_POST [Inherited sap:ZC_AP>sap:ZC_ALL sap:ROSE 2021-03-02 E1 REQ-881]
    E2 vpn [Request sap:ROSE 2026-01-02] [Unknown until 2027-01-01]
    "#);
    let rose = snapshot.identities.find("E2").unwrap();
    assert_eq!(rose, IdentityId(1));
    assert_eq!(snapshot.identities.text("title", rose), Some("Clerk"));
    assert_eq!(snapshot.identities.attribute("tags").unwrap().display(1).as_deref(), Some("a|b"));
    assert_eq!(snapshot.identities.attribute("tags").unwrap().display(0), None);
    assert!(matches!(snapshot.identities.attribute("start_date"), Some(Column::Date(_))));
    let labels: Vec<String> =
        snapshot.entitlements.iter().map(|e| told_entitlement(&snapshot.entitlements, e)).collect();
    assert_eq!(labels, [r#"SAP-PRD.role "sap:Z_AP_POST""#, r#".entitlement "vpn""#]);
    let [ghost, rose] = snapshot.accounts.rows.as_slice() else { panic!("two accounts") };
    assert_eq!((ghost.entitlements, ghost.unknown_identity.as_deref(), ghost.identity), (1, Some("E9"), None));
    assert_eq!((rose.entitlements, rose.identity, rose.interactive), (2, Some(IdentityId(1)), Some(true)));
    assert_eq!(snapshot.orphaned.len(), 1);
}

#[test]
fn pairs_alone_keep_no_grants() {
    let snapshot = Fixture::new()
        .file("identities.csv", "user\nb\na\n")
        .file("assignments.csv", "user,permission\nb,x\na,x\nb,x\nb,app:w\n")
        .read();
    assert!(snapshot.assignments.grants.is_none());
    insta::assert_snapshot!(told_assignments(&snapshot), @r#"
    a x
    b app:w
    b x
    "#);
    insta::assert_snapshot!(told(&snapshot.faults), @"repeated-row notes assignments: one row says exactly what another row says; it counts once");
    assert_eq!(snapshot.entitlements.application.values, ["app"]);
}

#[test]
fn derived_entitlements_take_the_system_they_were_met_in() {
    let snapshot = Fixture::new()
        .file("identities.csv", "user\na\n")
        .file("assignments.csv", "user,permission\na,x\na,ldap:y\n")
        .file("assignments@2.csv", "user,permission\na,z\n")
        .key("assignments.csv", "system = \"erp\"")
        .read();
    let labels: Vec<String> =
        snapshot.entitlements.iter().map(|e| told_entitlement(&snapshot.entitlements, e)).collect();
    assert_eq!(labels, [r#"ldap.entitlement "ldap:y""#, r#"erp.entitlement "x""#, r#".entitlement "z""#]);
}

/// What says nothing of the system does not stand in for what does.
#[test]
fn an_account_takes_the_system_of_the_source_that_has_one() {
    let rows = "account_id,identity_id\nx,a\n";
    let snapshot = Fixture::new()
        .file("identities.csv", "id\na\n")
        .file("accounts.csv", rows)
        .file("accounts@2.csv", rows)
        .key("accounts@2.csv", "system = \"erp\"")
        .read();
    assert_eq!(snapshot.accounts.rows[0].system, "erp");
}

#[test]
fn several_sources_are_united() {
    let snapshot = Fixture::new()
        .file("identities.csv", "id,department\na,Finance\nb,Sales\n")
        .file("identities@2.csv", "identity_id;department;kind\na;;human\nc;Ops;service\nb;Marketing;human\n")
        .key("identities.csv", "columns = { identity_id = \"ID\" }\nauthoritative_for = [\"department\"]")
        .read();
    insta::assert_snapshot!(told(&snapshot.faults), @"source-conflict notes identities@2.csv:4 (department): expected `Sales` for `department` of `b`, as its system of record has it on line 3 of `identities.csv`, found `Marketing`");
    let text = |name: &str| (0..3).map(|row| snapshot.identities.text(name, IdentityId(row))).collect::<Vec<_>>();
    assert_eq!(text("department"), [Some("Finance"), Some("Sales"), Some("Ops")]);
    assert_eq!(text("kind"), [Some("human"), Some("human"), Some("service")]);
}

#[test]
fn rows_that_differ_in_lists_are_merged() {
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id,department,groups\na,Fin,g2\nb,Ops,\na,Fin,g1 | g3\na,Fin,g2\n")
        .more("[schema.identity]\ngroups = \"list\"\n")
        .read();
    insta::assert_snapshot!(told(&snapshot.faults), @"repeated-row notes identities.csv:5 (identity_id): says exactly what line 2 of `identities.csv` says; one is kept");
    assert_eq!(snapshot.identities.attribute("groups").unwrap().display(0).as_deref(), Some("g1|g2|g3"));
    assert_eq!(snapshot.manifest.schema.identity_type("groups"), Some(AttributeType::List));
    assert_eq!(snapshot.manifest.schema.identity_type("end_date"), Some(AttributeType::Date));
    assert_eq!(snapshot.manifest.schema.identity_type("shoe_size"), None);
}

#[test]
fn types_are_as_declared() {
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id,remote,level,since,unused\na,yes,7,2020-01-01,x\nb,0,-3,,y\n")
        .file("entitlements.csv", "entitlement_id,privileged\nx,1\n")
        .more("[schema.identity]\nremote = \"boolean\"\nlevel = \"integer\"\nsince = \"date\"\n")
        .more("[schema.entitlement]\nprivileged = \"boolean\"\n")
        .read();
    assert_eq!(told(&snapshot.faults), "");
    let shown =
        |name: &str| (0..2).map(|r| snapshot.identities.attribute(name).unwrap().display(r)).collect::<Vec<_>>();
    assert_eq!(shown("remote"), [Some("true".to_owned()), Some("false".to_owned())]);
    assert_eq!(shown("level"), [Some("7".to_owned()), Some("-3".to_owned())]);
    assert_eq!(shown("since"), [Some("2020-01-01".to_owned()), None]);
    assert!(snapshot.identities.attribute("unused").is_none());
    assert_eq!(snapshot.entitlements.attribute("privileged").unwrap().display(0).as_deref(), Some("true"));
}

#[test]
fn encodings_and_dialects_that_occur() {
    let expected = Fixture::new().file("identities.csv", "identity_id,display_name\nE1,René\n").read();
    let utf16: Vec<u8> =
        "\u{feff}identity_id\tdisplay_name\r\nE1\tRené\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&[u8], &str); 6] = [
        ("\u{feff}identity_id;display_name\r\n\"E1\";\"René\"\r\n\r\n".as_bytes(), ""),
        (b"identity_id\tdisplay_name\nE1\tRen\xe9\n", "encoding = \"windows-1252\""),
        (b"sep=;\nidentity_id;display_name\nE1;Ren\xe9", "encoding = \"iso-8859-1\""),
        (&utf16, ""),
        ("IDENTITY_ID , Display Name\nE1,René\n,\n".as_bytes(), ""),
        ("identity_id,display_name\rE1,René\r".as_bytes(), ""),
    ];
    for (file, key) in files {
        let snapshot = Fixture::new().file("identities.csv", file).key("identities.csv", key).read();
        assert_eq!(told(&snapshot.faults), "");
        assert_eq!(snapshot.digest, expected.digest, "{:?}", String::from_utf8_lossy(file));
    }
}

#[test]
fn exceptions_usage_and_roles() {
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id\na\nb\n")
        .file("accounts.csv", "account_id,identity_id\nx:a,a\ny:a,a\n")
        .file("entitlements.csv", "entitlement_id\ne\nf\n")
        .file(
            "exceptions.csv",
            "exception_id,identity_id,entitlement_id,reason,approver_id,granted_at,expires_at,compensating_control\n\
             EXC-1,a,e,\"maternity\ncover\",b,2025-01-10,2025-07-10,CC-7\n",
        )
        .file(
            "usage.csv",
            "account_id,entitlement_id,first_used_at,last_used_at,use_count,window_days\n\
             x:a,e,2026-08-24,2026-11-19,412,90\ny:a,e,2026-07-01,2026-10-01,8,30\nx:a,,,2026-11-20,,\n",
        )
        .file("roles.csv", "role_id,name,owner\nr2,Two,b\nr1,One,\n")
        .file("role-members.csv", "role_id,identity_id\nr1,b\nr1,a\n")
        .file("role-grants.csv", "role_id,entitlement_id\nr1,f\nr2,e\n")
        .file("role-inherits.csv", "role_id,parent_id\nr1,r2\n")
        .read();
    assert_eq!(told(&snapshot.faults), "");
    insta::assert_debug_snapshot!(snapshot.exceptions, @r#"
    [
        ExceptionRecord {
            id: "EXC-1",
            identity: IdentityId(
                0,
            ),
            entitlement: EntitlementId(
                0,
            ),
            reason: Some(
                "maternity\ncover",
            ),
            approver: Some(
                "b",
            ),
            granted_at: Some(
                2025-01-10,
            ),
            expires_at: Some(
                2025-07-10,
            ),
            compensating_control: Some(
                "CC-7",
            ),
        },
    ]
    "#);
    insta::assert_debug_snapshot!(snapshot.usage, @r#"
    Some(
        Usage {
            rows: [
                UsageRecord {
                    identity: IdentityId(
                        0,
                    ),
                    entitlement: None,
                    first: None,
                    last: Some(
                        2026-11-20,
                    ),
                    count: 0,
                    window_days: None,
                },
                UsageRecord {
                    identity: IdentityId(
                        0,
                    ),
                    entitlement: Some(
                        EntitlementId(
                            0,
                        ),
                    ),
                    first: Some(
                        2026-07-01,
                    ),
                    last: Some(
                        2026-11-19,
                    ),
                    count: 420,
                    window_days: Some(
                        90,
                    ),
                },
            ],
        },
    )
    "#);
    insta::assert_debug_snapshot!(snapshot.roles, @r#"
    [
        ExistingRole {
            id: "r1",
            name: Some(
                "One",
            ),
            owner: None,
            entitlements: [
                EntitlementId(
                    1,
                ),
            ],
            members: [
                IdentityId(
                    0,
                ),
                IdentityId(
                    1,
                ),
            ],
            inherits: [
                1,
            ],
        },
        ExistingRole {
            id: "r2",
            name: Some(
                "Two",
            ),
            owner: Some(
                "b",
            ),
            entitlements: [
                EntitlementId(
                    0,
                ),
            ],
            members: [],
            inherits: [],
        },
    ]
    "#);
}

#[test]
fn the_window_of_a_source_is_that_of_its_use() {
    let usage = Fixture::new()
        .file("identities.csv", "identity_id\na\n")
        .file("entitlements.csv", "entitlement_id\ne\n")
        .file("usage.csv", "identity_id,entitlement_id,use_count\na,e,1\n")
        .key("usage.csv", "observed_from = 2026-08-22")
        .read()
        .usage
        .unwrap();
    assert_eq!(usage.rows[0].window_days, Some(90));
}
