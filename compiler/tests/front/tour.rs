//! The tour of the language, and what it means.

use adit_compiler::spec::{
    Claim, Cover, Cutoff, Describe, Em, EntitlementOverlap, Percent, Provisioned, RoleCount, SecondaryFate, Strategy,
    Target, WhenLost,
};

use crate::project::{checked, render_all};

const DUTIES: &str = r#"edition 2026
duties vendor-master "Nobody changes a vendor's bank details and pays it" {
  change-bank = [ sap.tcode "FK02" ]
  run-payment = [ sap.tcode "F110" ]
  at most 1 of change-bank, run-payment per identity
}
"#;

/// The tour as the language's description has it.
const TOUR: &str = r#"edition 2026                                  // mandatory first statement

use "common/duties.adit"                      // relative, inside the project, no cycles, no globs

identities {                                  // who is who: total and disjoint, or an error
  human        where kind in ["employee", "contractor"]
  service      where kind == "service-account"
  workload     where kind in ["ci-runner", "k8s-service-account"]
  agent        where kind == "ai-agent"
  shared       where tags has "shared"        // a shared mailbox or an admin account several people use
  break-glass  where id like "bg-*"
}

separate human from service, workload, agent  // mined apart; a role never spans the line
separate break-glass from everything

set payment-release = [ sap.tcode "F110", sap.tcode "F-53" ]

mining finance-analysts {
  title  "Finance analysts, read-only"
  owner  "iam-governance@acme.example"
  cites  "IAM-014 §3.2", "SOX ITGC AC-5"
  review every 90d

  scope {                                     // what this touches, answered without logic
    include identities    human where department in ["Finance", "Treasury"] and status == "active"
    exclude identities    where unused for 90d         because "dormant access is not evidence; IAM-014 §3.4"
    include entitlements  where application in ["sap", "tableau"]
    exclude entitlements  where tier == "privileged"   because "granted through PAM only"
    exclude assignments   where exception              because "exceptions are reviewed, never mined"
  }

  mine {
    minable    sap.tcode, sap.profile, tableau.group   // no minable attribute at all is an error
    guided by  department, title                       // HR attributes shape the clusters: the hybrid approach
    never by   manager, nationality
    ignore     entitlements held by fewer than 3 identities
    cluster    using em { roles auto, at most 40; iterations at most 100; seed 7 }
  }

  cutoff {
    primary    at least 80% of members        // the role itself (parent)
    secondary  at least 40% of members        // its child role; what is below stays individual access
    members    at least 5
    overlap    at most  60%                   // between two roles; above it they are consolidated
    roles      at most  40
  }

  describe by department, title, location {   // the membership rule: who gets the role, in HR words
    confidence at least 90%
    members    at least 5
  }
}

duties maker-checker "Nobody creates a vendor and pays it" {
  create-vendor  = [ sap.tcode "XK01", sap.tcode "FK01" ]
  post-invoice   = [ sap.tcode "FB60" ]
  run-payment    = payment-release
  at most 1 of create-vendor, post-invoice, run-payment per identity
  cites  "NIST SP 800-53 AC-5", "ISO 27001 A.5.3"
  level  error
  never waived
}

waiver W-012 {
  rule       toxic-combination
  on         duties vendor-master, identity "u-4711"
  because    "two-person branch; monthly review by the controller, control CC-9"
  requested  "ap-lead@acme.example"
  approved   "ciso@acme.example" on 2026-03-01
  expires    2026-09-30
}

provision finance-analysts {
  approval   2 of "alice@acme.example", "bob@acme.example", "carol@acme.example"
  when lost  remove after 7d                  // keep | remove | remove after 7d | notify "owner"
  emit       cedar, scim, okta
}

expect "a clerk never gets a payment run" {
  given  identity { department "AP", title "Clerk" }
  then   no role grants sap.tcode "F110"
}
"#;

/// The tour with the simplest strategy in the place of the one it shows.
pub(crate) fn runnable() -> String {
    let without_guide: Vec<&str> = TOUR.lines().filter(|line| !line.trim_start().starts_with("guided by")).collect();
    without_guide
        .join("\n")
        .replace("using em { roles auto, at most 40; iterations at most 100; seed 7 }", "using cover { exact }")
}

#[test]
fn the_tour_is_right_as_it_stands() {
    let (project, checked) = checked(&[("policy.adit", TOUR), ("common/duties.adit", DUTIES)]);
    let spec = checked.spec.unwrap();
    assert_eq!(
        spec.minings[0].strategy,
        Strategy::Em(Em { roles: RoleCount::AutoUpTo(40), max_iterations: 100, seed: 7, detail: 0 })
    );
    assert_eq!(spec.minings[0].guided_by, ["department", "title"]);
    insta::assert_snapshot!(render_all(&project, &checked.diagnostics));
}

#[test]
fn the_rest_becomes_a_spec() {
    let (project, checked) = checked(&[("policy.adit", &runnable()), ("common/duties.adit", DUTIES)]);
    insta::assert_snapshot!(render_all(&project, &checked.diagnostics));
    let spec = checked.spec.unwrap();
    let names = |all: &[(usize, usize)]| -> Vec<String> {
        all.iter().map(|(a, b)| format!("{}|{}", spec.classes[*a].name, spec.classes[*b].name)).collect()
    };
    assert_eq!(
        spec.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
        ["common/duties.adit", "policy.adit"]
    );
    assert_eq!(
        spec.classes
            .iter()
            .map(|class| (class.name.as_str(), class.human, class.break_glass, class.shared))
            .collect::<Vec<_>>(),
        [
            ("human", true, false, false),
            ("service", false, false, false),
            ("workload", false, false, false),
            ("agent", false, false, false),
            ("shared", false, false, true),
            ("break-glass", false, true, false),
        ]
    );
    assert_eq!(
        names(&spec.separated),
        [
            "human|service",
            "human|workload",
            "human|agent",
            "human|break-glass",
            "service|break-glass",
            "workload|break-glass",
            "agent|break-glass",
            "shared|break-glass",
        ]
    );
    let [mining] = spec.minings.as_slice() else { panic!("one mining block") };
    assert_eq!(mining.title, "Finance analysts, read-only");
    assert_eq!(mining.review_every, Some(90));
    assert_eq!(mining.ignore_fewer_than, 3);
    assert_eq!(mining.never_by, ["manager", "nationality"]);
    assert!(matches!(mining.strategy, Strategy::Cover(_)));
    assert_eq!(
        mining.minable.iter().map(|kind| format!("{}.{}", kind.application, kind.attribute)).collect::<Vec<_>>(),
        ["sap.profile", "sap.tcode", "tableau.group"]
    );
    let cutoff = &mining.cutoff;
    assert_eq!((cutoff.primary, cutoff.secondary), (Percent(8_000), Some(Percent(4_000))));
    assert_eq!((cutoff.min_members, cutoff.max_overlap, cutoff.max_roles), (5, Some(Percent(6_000)), Some(40)));
    let describe = mining.describe.as_ref().unwrap();
    assert_eq!((describe.confidence, describe.min_members), (Percent(9_000), 5));
    assert_eq!(describe.by, ["department", "title", "location"]);
    let scope = &mining.scope;
    assert_eq!(scope.identities[0].classes, [0]);
    assert_eq!(
        scope.identities[0].line.text,
        r#"include identities human where department in ["Finance", "Treasury"] and status == "active""#
    );
    assert_eq!(scope.except_identities[0].line.text, "exclude identities where unused for 90d");
    assert_eq!(
        scope.except_identities[0].line.because.as_deref(),
        Some("dormant access is not evidence; IAM-014 §3.4")
    );
    assert_eq!(scope.except_assignments[0].text, "exclude assignments where exception");
    let duties = spec.duties.iter().map(|duties| (duties.name.as_str(), duties.sides.len(), duties.waivable));
    assert_eq!(duties.collect::<Vec<_>>(), [("maker-checker", 3, false), ("vendor-master", 2, true)]);
    assert_eq!(
        spec.duties[0].sides[2].access.entitlements.iter().map(|name| name.value.as_str()).collect::<Vec<_>>(),
        ["F110", "F-53"]
    );
    assert_eq!(spec.waivers[0].on, [("duties".into(), "vendor-master".into()), ("identity".into(), "u-4711".into())]);
    let [provision] = spec.provisions.as_slice() else { panic!("one provision block") };
    assert_eq!((provision.of, provision.needed), (Provisioned::Mining(0), 2));
    assert_eq!((&provision.when_lost, provision.secondary), (&WhenLost::RemoveAfter { days: 7 }, SecondaryFate::Keep));
    assert_eq!(provision.emit, [Target::Json]);
    let [expectation] = spec.expectations.as_slice() else { panic!("one expectation") };
    assert_eq!(expectation.given, [("department".into(), "AP".into()), ("title".into(), "Clerk".into())]);
    assert_eq!(expectation.then[0].0, Claim::NoRoleGrants);
}

#[test]
fn the_digest_of_a_file_does_not_depend_on_its_line_ends() {
    let digest = |text: &str| checked(&[("policy.adit", text)]).1.spec.unwrap().files[0].digest;
    let text = "edition 2026\n\n// nothing yet\n";
    assert_eq!(digest(text), digest(&text.replace('\n', "\r\n")));
    assert_ne!(digest(text), digest("edition 2026\n"));
}

#[test]
fn what_holds_where_nothing_is_said() {
    let mining = |strategy: &str| {
        let text = format!(
            "edition 2026\nidentities {{ human where kind == \"employee\" }}\nmining m {{ mine {{ minable sap.tcode; cluster using \
             {strategy} }}; describe by title {{ }} }}\n"
        );
        let (project, checked) = checked(&[("policy.adit", &text)]);
        assert_eq!(render_all(&project, &checked.diagnostics), "");
        checked.spec.unwrap().minings.remove(0)
    };
    let nothing = Cutoff {
        primary: Percent::WHOLE,
        secondary: None,
        min_members: 2,
        max_overlap: None,
        max_roles: None,
        over_grant: None,
    };
    let cover = mining("cover");
    assert!(matches!(cover.strategy, Strategy::Cover(_)));
    assert_eq!(cover.cutoff, nothing);
    assert_eq!(
        cover.describe,
        Some(Describe {
            by: vec!["title".to_owned()],
            confidence: Percent(8_000),
            min_members: 2,
            max_clauses: 12,
            tree: adit_compiler::spec::TreeSettings::default()
        })
    );
    assert_eq!((cover.ignore_fewer_than, cover.ignore_more_than), (1, None));
    let overlap = mining("entitlement-overlap");
    let half = Percent(5_000);
    assert_eq!(
        overlap.strategy,
        Strategy::EntitlementOverlap(EntitlementOverlap { common: half, min_identities: 2, min_entitlements: 1 })
    );
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/language.md")).unwrap();
    let Strategy::Cover(Cover { max_nodes, .. }) = cover.strategy else { panic!() };
    let (Strategy::Em(em), Strategy::Cobweb(cobweb)) = (mining("em").strategy, mining("cobweb").strategy) else {
        panic!()
    };
    let RoleCount::AutoUpTo(most) = em.roles else { panic!() };
    for row in [
        format!("| `cover` | `exact`, `search at most {max_nodes} nodes` |"),
        format!(
            "| `entitlement-overlap` | `common at least {half}`, `identities at least 2`, `entitlements at least 1` |"
        ),
        format!(
            "| `em` | `roles auto, at most {most}`, `iterations at most {}`, `seed {}`, `detail {}` |",
            em.max_iterations, em.seed, em.detail
        ),
        format!(
            "| `cobweb` | `acuity {} identities`, `cutoff {}`, `seed {}`, `detail {}` |",
            cobweb.acuity, cobweb.cutoff, cobweb.seed, cobweb.detail
        ),
        format!("| `cutoff` with any other strategy | `primary at least {} of members` |", mining("em").cutoff.primary),
        format!("| `cutoff` with `cover` or `hierarchy` | `primary at least {} of members` |", cover.cutoff.primary),
        format!("| `cutoff` | `members at least {}`; no", cover.cutoff.min_members),
        format!(
            "| `describe` | `confidence at least {}`, `members at least 2`, `clauses at most 12` |",
            Percent(8_000)
        ),
    ] {
        assert!(page.contains(&row), "docs/language.md lacks {row}");
    }
    // Everything that any member holds, as the strategy says.
    assert_eq!(overlap.cutoff, Cutoff { primary: Percent(0), ..nothing });
}
