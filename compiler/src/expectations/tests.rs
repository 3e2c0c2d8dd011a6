use adit_grammar::Span;

use crate::{
    compile::compile,
    spec::{Claim, Condition, DeclaredRole, Expectation, Spec},
    testing::{TODAY, acme, entitlement, is, snapshot},
};

fn role(name: &str, grants: &str, inherits: Vec<usize>, condition: Option<Condition>) -> DeclaredRole {
    DeclaredRole {
        name: name.into(),
        title: name.into(),
        owner: None,
        cites: vec![],
        grants: vec![entitlement(grants)],
        inherits,
        condition,
        span: Span::default(),
    }
}

fn claim(given: &[(&str, &str)], claim: Claim, name: &str) -> Expectation {
    Expectation {
        title: "a claim".into(),
        given: given.iter().map(|(attribute, value)| ((*attribute).into(), (*value).into())).collect(),
        then: vec![(claim, entitlement(name))],
        span: Span::default(),
    }
}

#[test]
fn claims_hold_or_say_why_not() {
    let data = snapshot("a x=1 : s.t:1 s.t:2 s.t:3\n b x=2 y=3 : s.t:4");
    let both = Condition::All(vec![is("x", "1"), is("y", "2")]);
    let spec = Spec {
        roles: vec![
            role("base", "s.t:1", vec![], Some(is("x", "1"))),
            role("heir", "s.t:2", vec![0], Some(is("x", "2"))),
            role("narrow", "s.t:3", vec![], Some(both)),
            role("nobody", "s.t:4", vec![], None),
        ],
        expectations: vec![
            claim(&[("x", "1")], Claim::SomeRoleGrants, "s.t:1"),
            claim(&[("x", "1")], Claim::NoRoleGrants, "s.t:1"),
            claim(&[("x", "2")], Claim::SomeRoleGrants, "s.t:1"),
            claim(&[("x", "3")], Claim::NoRoleGrants, "s.t:1"),
            claim(&[("x", "3")], Claim::SomeRoleGrants, "s.t:1"),
            claim(&[("x", "1")], Claim::NoRoleGrants, "s.t:3"),
            claim(&[("x", "1")], Claim::SomeRoleGrants, "s.t:3"),
            claim(&[("x", "1"), ("y", "2")], Claim::SomeRoleGrants, "s.t:3"),
            claim(&[("y", "1")], Claim::NoRoleGrants, "s.t:3"),
            claim(&[("x", "1")], Claim::NoRoleGrants, "s.t:4"),
            claim(&[("x", "1")], Claim::SomeRoleGrants, "s.t:4"),
            claim(&[("x", "1")], Claim::NoRoleGrants, "s.t:9"),
        ],
        ..Spec::default()
    };
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    let failed: Vec<String> =
        compilation.failed_expectations.iter().map(|(index, why)| format!("{index}: {why}")).collect();
    insta::assert_snapshot!(failed.join("\n"), @r#"
    1: role `base` grants `s.t "1"` to the given identity: `x == "1"`
    4: none of the 2 roles that grant `s.t "1"` takes the given identity in
    5: role `narrow` grants `s.t "3"`, and what is given leaves open whether its rule takes the identity in: `x == "1" and y == "2"`
    6: role `narrow` grants `s.t "3"`, but what is given leaves open whether its rule takes the identity in: `x == "1" and y == "2"`
    10: the one role that grants `s.t "4"` does not take the given identity in
    11: this snapshot has no entitlement `s.t "9"`, so the claim says nothing
    "#);
}

#[test]
fn the_scope_is_taken_as_given_unless_it_is_contradicted() {
    let (data, mut spec) = acme();
    // The scope says `department == "Finance"`; the rule of the clerks only `title == "Clerk"`.
    spec.expectations = vec![
        claim(&[("title", "Clerk")], Claim::SomeRoleGrants, "sap.tcode:FB60"),
        claim(&[("title", "Clerk"), ("department", "Sales")], Claim::SomeRoleGrants, "sap.tcode:FB60"),
        claim(&[("title", "Clerk"), ("department", "Sales")], Claim::NoRoleGrants, "sap.tcode:FB60"),
    ];
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    let failed: Vec<usize> = compilation.failed_expectations.iter().map(|(index, _)| *index).collect();
    assert_eq!(failed, [1]);
}
