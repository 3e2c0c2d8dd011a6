//! Discovery on roles that exist: from `from role` to a change that is signed for, emitted, made, and then in force.

use serde_json::Value;

use crate::{examples::with_example, support::Place};

/// Acme with a role that still grants what hardly anybody of it holds.
fn acme() -> Place {
    let place = with_example("acme");
    let grants = place.read("acme/snapshot/role-grants.csv");
    place.write("acme/snapshot/role-grants.csv", grants + "SAP_AP_CLERK,sap:KE30\n");
    place
}

#[test]
fn a_change_to_an_existing_role_is_proposed_signed_and_emitted() {
    let place = acme();
    let built = place.run(&["build", "acme", "--update-lock"]);
    let from = built.out.find("Changes to existing roles").unwrap();
    let to = built.out[from..].find("\n\nsupport:").unwrap();
    insta::assert_snapshot!("changes", &built.out[from..from + to]);
    let approve = ["approve", "SAP_AP_CLERK", "--by", "internal-control@acme.example", "--project", "acme"];
    let signed = place.run(&approve);
    assert_eq!(signed.code, 0, "{}", signed.all());
    insta::assert_snapshot!("signing_a_change", signed.out);
    let document = || -> Value {
        place.run(&["build", "acme", "--update-lock"]);
        serde_json::from_str(&place.read("acme/out/provisioning.json")).unwrap()
    };
    let role = |document: &Value| {
        let roles = document["roles"].as_array().unwrap();
        roles.iter().find(|role| role["id"] == "SAP_AP_CLERK").cloned().unwrap()
    };
    let changes = role(&document())["changes"].clone();
    assert_eq!(
        changes,
        serde_json::json!({
            "role": "SAP_AP_CLERK", "adds": ["sap:FS10N", "tableau:finance"], "removes": ["sap:KE30"],
        })
    );

    // The target makes the change: what people signed for is what there is, and nobody is asked again.
    let grants = place.read("acme/snapshot/role-grants.csv").replace("SAP_AP_CLERK,sap:KE30\n", "");
    place.write("acme/snapshot/role-grants.csv", grants + "SAP_AP_CLERK,sap:FS10N\nSAP_AP_CLERK,tableau:finance\n");
    let changes = role(&document())["changes"].clone();
    assert_eq!(changes["adds"].as_array().unwrap().len() + changes["removes"].as_array().unwrap().len(), 0);
    let built = place.run(&["build", "acme"]);
    assert!(built.out.contains("1 role would change, 1 stays as it is"), "{}", built.out);
    assert!(!place.run(&["lint", "acme", "--format", "concise"]).out.contains("SAP_AP_CLERK RM7"));
    let verified = place.run(&["verify", "acme/out/derivation.json", "--project", "acme"]);
    assert_eq!(verified.code, 0, "{}", verified.all());
}

#[test]
fn a_change_for_machines() {
    let place = acme();
    let built: Value =
        serde_json::from_str(&place.run(&["build", "acme", "--update-lock", "--format", "json"]).out).unwrap();
    let populations = built["populations"].as_array().unwrap();
    let old = populations.iter().find(|population| population["name"] == "roles-of-old").unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&old["existing_roles"]).unwrap());
    // Nobody else looked at roles that exist.
    assert_eq!(populations.iter().filter(|population| population.get("existing_roles").is_some()).count(), 1);
}

#[test]
fn what_stays_as_it_is_needs_no_signature() {
    let place = with_example("acme");
    place.edit("acme/policy/acme.adit", "application in [\"sap\", \"tableau\"]\n    exclude entitlements  where tier == \"privileged\"  because \"granted through the vault only, never by role\"\n    exclude assignments   where exception             because \"exceptions are reviewed one by one, never mined\"\n  }\n\n  mine {\n    minable  sap.tcode, tableau.group\n  }", "application == \"github\"\n  }\n\n  mine {\n    minable  github.team\n  }");
    let built = place.run(&["build", "acme"]);
    assert!(built.out.contains("0 roles would change, 2 stay as they are"), "{}", built.out);
    assert!(!built.out.contains("• roles-of-old"), "{}", built.out);
    let refused = place.run(&["approve", "DEV_STD", "--by", "pia.brandt@acme.example", "--project", "acme"]);
    assert_eq!(refused.code, 2, "{}", refused.all());
    assert!(refused.err.contains("exists and stays as it is: there is no change to approve"), "{}", refused.err);
}

#[test]
fn a_role_that_is_not_there_is_pointed_at() {
    let place = with_example("acme");
    place.edit("acme/policy/acme.adit", "\"DEV_STD\"", "\"DEV_SDT\"");
    let built = place.run(&["build", "acme"]);
    assert_eq!(built.code, 2, "{}", built.all());
    insta::assert_snapshot!(built.err);
}

#[test]
fn two_blocks_that_judge_one_role_are_pointed_at() {
    let place = with_example("acme");
    let every = "mining roles-of-sap {\n  from every role\n  mine { minable sap.tcode }\n}\n\nmining roles-of-old {";
    place.edit("acme/policy/acme.adit", "mining roles-of-old {", every);
    let built = place.run(&["build", "acme"]);
    assert_eq!(built.code, 2, "{}", built.all());
    insta::assert_snapshot!(built.err);
}
