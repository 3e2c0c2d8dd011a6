//! What is said of specs with mistakes, as people read it.

use crate::project::{said, said_beside};

#[test]
fn names_that_nothing_has() {
    let said = said_beside(
        r#"separate humans from service
mining m {
  scope {
    include identities human, contractors where departmnet == "Finance" and tier == "high"
    include entitlements where (application == "sapp" and department == "x") or attribute == "tcod"
    exclude assignments where origin == "inheritd" or title == "x" because "only what was asked for counts"
  }
  mine { minable sap.tcod, aws.tcode, oracle.role; never by managr; cluster using covr { exact } }
  cutoff { primry at least 80%; member at least 5 }
  describe by titel { confidense at least 90% }
}
set pay = [ sap.tcode "F110" ]
duties d { a = payy; b = [ sap.tcode "XK01" ]; at most 1 of a, bb per identiy; level eror }
role r { grants pay; inherits basics }
waiver W-1 {
  rule overgrant
  on duties dd, mining mm, role rr, role "m/1", person "x", application "spa"
  because "the auditor asked for it"
  requested "a@x"; approved "b@x" on 2026-01-01; expires 2026-12-31
}
use pack "aws-escalaton"
use pack "kubernetes-escalation"
provision mn { approval 1 of "a@x"; emit jsn, cdar, xacml }
expect "x" { given identity { titel "x" }; then no role grants sap.tcod "F110" }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn types_that_do_not_fit() {
    let said = said_beside(
        r#"role r {
  grants sap.tcode "F110"
  where tags like "x*" and title has "x" and title < "x" and start_date == "2026-01-01" and start_date < 3
    and title and level == "3" and remote == "true" and remote in [true] and tags == "x" and tags in ["x"]
    and title == 4711 and title == 2026-01-01 and level >= 80% and start_date > 90d and remote like "x" and unused for 0d
    and level in [1, "2", 2.5]
}
mining m {
  scope {
    include entitlements where unused for 90d
    exclude entitlements members of role "x" because "they are granted elsewhere"
    exclude assignments holding sap.tcode "F110" because "they are granted elsewhere"
    include assignments where exception
  }
  mine { minable sap.tcode; cluster using cover }
}
expect "x" { given identity { title 1, level "x", remote "true", start_date 2026-01-01, start_date 2026-01-02 }
  then no role grants sap.tcode "F110" }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn numbers_and_their_units() {
    let said = said_beside(
        r#"mining m {
  mine {
    minable sap.tcode, sap.tcode
    ignore entitlements held by fewer than 0 identities
    ignore entitlements held by more than 95 of identities
    cluster using entitlement-overlap { common at least 0.5; identities at least 0; entitlements at most 3; common at least 50% }
  }
  cutoff { primary at least 80; secondary at least 0.825 of members; members at least 5%; overlap at most 160%; roles 40; over-grant at most 2% }
  describe by title, id, start_date { confidence 90%; members at least five; prune confidence 25%; folds 3; one row per identity; subtree raising }
  review every 0d
}
mining n {
  mine {
    minable sap.tcode; minable tableau.group
    ignore entitlements held by more than 110% of identities
    cluster using em { roles 12, at most 10; detail 3; iterations at most 0; alike at least 80% }
    cluster using cover
  }
  cutoff { primary at least 0%; overlap at most 60% of members; because 3 }
}
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn cut_offs_that_contradict() {
    let said = said_beside(
        r#"mining a { mine { minable sap.tcode; cluster using cover }; cutoff { primary at least 40%; secondary at least 80% } }
mining b { mine { minable sap.tcode; cluster using cover }; cutoff { secondary at least 100% } }
mining c { mine { minable sap.tcode; cluster using em { roles 12 } }; cutoff { roles at most 10 } }
mining d { mine { minable sap.tcode; guided by title, location; never by location, nationality; cluster using layers }
  describe by nationality {} }
mining e { from role "FI_CLERK", "FI_LEAD"; mine { minable sap.tcode; cluster using cover { deviation at most 1% } } }
mining f { }
mining g { mine { cluster using similarity { alike at least 0%; popularity at least 80%, at most 20%; weigh "title" 1, "title" 2 } } }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn scopes_that_match_nothing() {
    let said = said(
        r#"identities { human where kind == "employee"; service where kind == "service"; break-glass where id like "bg-*" }
mining a {
  scope { include identities human where kind == "service" }
  mine { minable sap.tcode; cluster using cover }
}
mining b {
  scope {
    include identities human where title == "Clerk"
    exclude identities service because "machines are mined apart"
    exclude identities where title in ["Clerk", "Lead"] because "they are mined elsewhere"
  }
  mine { minable sap.tcode; cluster using cover }
}
mining c { scope { include identities break-glass }; mine { minable sap.tcode; cluster using cover } }
mining d {
  scope { include entitlements where application == "tableau"; exclude entitlements where application == "aws" because "granted elsewhere by hand" }
  mine { minable sap.tcode, tableau.group; cluster using cover }
}
mining e {
  scope { include entitlements where application == "tableau" }
  mine { minable sap.tcode; cluster using cover }
}
mining f {
  scope {
    include entitlements where risk >= 3
    exclude entitlements where risk > 2 because "too risky to be mined"
    exclude identities because "nobody is left here"
    exclude assignments because "nothing is left here"
  }
  mine { minable sap.tcode; cluster using cover }
}
mining g {
  scope { exclude identities break-glass because "granted by hand and watched"; exclude identities where not kind == "employee" because "people only here" }
  mine { minable sap.tcode; cluster using cover }
}
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn classes_that_overlap_or_are_empty() {
    let said = said(
        r#"identities {
  human    where kind in ["employee", "contractor"]
  staff    where kind == "employee" and status == "active"
  nobody   where kind == "x" and kind == "y"
  anybody  where kind == "x" or kind != "x"
  human    where kind == "person"
  robot    where kind in ["contractor", "service"]
  guest    where remote or status == "guest"
}
separate human from human, staff
identities { other where kind == "z" }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn duties_that_cannot_be_or_must_be_broken() {
    let said = said_beside(
        r#"set pay = [ sap.tcode "F110", sap.tcode "F-53", sap.tcode "F110" ]
duties a { x = pay; y = [ sap.tcode "XK01" ]; at most 2 of x, y per identity }
duties b { x = pay; y = [ sap.tcode "XK01" ]; at most 0 of x, y per identity }
duties c { x = pay; y = [ sap.tcode "XK01", sap.tcode "F-53" ]; at most 1 of x, y per identity }
duties d { x = pay; y = pay; z = [ sap.tcode "XK01" ]; at most 1 of x, z per identity }
duties e { x = pay; y = [ sap.tcode "XK01" ] }
duties f { x = pay; x = [ sap.tcode "XK01" ]; at most 1 of x, x per role }
duties g { x = pay; at most 1 of x per identity }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn waivers_nobody_should_have_signed() {
    let said = said_beside(
        r#"duties strict { a = [ sap.tcode "F110" ]; b = [ sap.tcode "XK01" ]; at most 1 of a, b per identity; never waived }
waiver W-01 { }
waiver W-02 { rule RM702; on duties strict; because "by design"; requested "a@x"; approved "A@X" on 2026-01-01; expires 2026-12-31 }
waiver W-03 { rule rm503; on identity "boss@x"; because "the auditor asked for it"; requested "a@x"; approved "boss@x" on 2026-01-01; expires 2026-05-31 }
waiver W-04 { rule over-grant; on identity "u1"; because "the auditor asked for it"; requested "a@x"; approved "b@x" on 2025-01-01; expires 2026-12-31 }
waiver W-05 { rule over-grant; on identity "u1"; because "the auditor asked for it"; requested "a@x"; approved "b@x" on 2026-07-01; expires 2026-06-30 }
waiver W-06 { rule over-grant; on identity "u1"; because "the auditor asked for it"; requested "a@x"; approved "b@x"; expires 2026-06-30 }
waiver W-07 { rule over-grant; on identity "u1"; because "the auditor asked for it"; requested "a@x"; approved "b@x" on 2026-01-01; expires 2026-06-30 }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn provisioning_that_nobody_can_approve() {
    let said = said_beside(
        r#"mining m { mine { minable sap.tcode; cluster using cover } }
role r { grants sap.tcode "F110" }
role empty { }
role x { grants sap.tcode "F110", sap.tcode "F110"; inherits r, r }
mining x { mine { minable sap.tcode; cluster using cover } }
provision m { requested "A@x"; approval 3 of "a@x", "b@x", "A@X"; when lost remove after 0d; secondary keep until 2026-01-01 }
provision r { approval 0 of "a@x"; emit json, json, cedar }
provision r { approval 1 of "a@x" }
provision empty { secondary remove }
expect "x" { given identity { title "x", title "y" }; then no role grants sap.tcode "F110"; then some role grants sap.tcode "F110" }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn text_that_is_not_what_it_seems() {
    let said = said_beside(
        "set pay = [ sap.tcode \"F110\", sap.tcode \"\u{421}O11\" ]\n\
         set p\u{430}y = [ sap.tcode \"F\u{200b}B60\" ]\n\
         // a comment \u{202e}that turns\u{2066} around\n\
         role r { grants pay, p\u{430}y; where title == \"Kфz\" or title == \"naïve Müller-Lüdenscheidt 東京Tokyo\" \
         or title == \"می\u{200c}خواهم 👩\u{200d}💻\" }\n",
    );
    insta::assert_snapshot!(said);
}

#[test]
fn a_broken_part_hides_nothing_and_invents_nothing() {
    // The set does not parse: that the duties use it is no second mistake, the unknown attribute is.
    let said = said_beside(
        r#"set pay = [ sap.tcode F110 ]
duties a { x = pay; y = [ sap.tcode "XK01" ]; at most 1 of x, y per identity }
role r { grants sap.tcode "F110"; where departmnet == "x" }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn scope_lines_are_shown_as_written() {
    let text = r#"edition 2026
identities { human where kind == "employee" }
mining m {
  scope {
    exclude   identities  where	remote and // from home
        level in [1,
                  2] // and low
      because "not in the office"
  }
  mine { minable sap.tcode; cluster using cover }
}
"#
    .replace("\\t", "\t");
    let (project, checked) = crate::project::checked(&[("policy.adit", &text)]);
    assert_eq!(crate::project::render_all(&project, &checked.diagnostics), "");
    let scope = &checked.spec.unwrap().minings[0].scope;
    assert_eq!(scope.except_identities[0].line.text, "exclude identities where remote and level in [1, 2]");
}

/// No text says this, but a tree can.
#[test]
fn a_duty_without_entitlements() {
    let text =
        "edition 2026\nduties d { a = [ sap.tcode \"X\" ]; b = [ sap.tcode \"Y\" ]; at most 1 of a, b per identity }\n";
    let mut project = crate::project::project(&[("policy.adit", text)]);
    let adit_grammar::ast::Item::Duties(duties) = &mut project.files[0].tree.items[0] else { panic!() };
    duties.sides[1].access = adit_grammar::ast::Access::Members(Vec::new());
    let checked = adit_compiler::check::check(&project, &crate::project::schema(), &crate::project::settings());
    assert!(checked.spec.is_none());
    let said = crate::project::render_all(&project, &checked.diagnostics);
    assert!(said.starts_with("error[E2301]: nobody could ever have the duty `b`\n"), "{said}");
}

#[test]
fn more_classes_than_can_be_told_apart() {
    let classes = |count: usize| {
        let classes: Vec<_> = (0..count).map(|n| format!("c{n} where kind == \"k{n}\"")).collect();
        said(&format!("identities {{ {} }}", classes.join("; ")))
    };
    assert_eq!(classes(200), "");
    let said = classes(201);
    assert!(
        said.starts_with("error[E2105]: 201 identity classes are more than the 200 that can be told apart"),
        "{said}"
    );
}

/// Duties within one application are decided by names; within what the catalogue says, rules that leave each other out keep them apart.
#[test]
fn membership_rules_and_duties_within_something() {
    let said = said_beside(
        r#"duties one-application "Nobody does both in one application" {
  enter = [ sap.tcode "FB60", tableau.group "ap" ]
  pay   = [ sap.tcode "F110", tableau.group "pay" ]
  at most 1 of enter, pay per identity within same application
}
duties one-tier "Nobody does both in one tier" {
  order   = [ sap.tcode "ME21N" ]
  receive = [ sap.tcode "MIGO" ]
  at most 1 of order, receive per identity within same tier
}
role clerk { grants sap.tcode "FB60"; where department == "AP" }
role payer { grants sap.tcode "F110"; where title == "Payer" }
role watcher { grants tableau.group "pay"; where title == "Payer" }
role buyer { grants sap.tcode "ME21N"; where department == "AP" }
role store { grants sap.tcode "MIGO"; where department == "Store" }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn an_account_has_no_roles() {
    let said = said_beside(
        r#"duties d "x" { clerk = role "SAP_CLERK"; pay = [ sap.tcode "F110" ]; at most 1 of clerk, pay per account }"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn what_says_something_of_single_people_guides_nothing() {
    let guided = "mining m {\n  mine {\n    minable sap.tcode\n    guided by id, title, start_date\n    cluster using em\n  }\n}";
    insta::assert_snapshot!(said_beside(guided));
}
