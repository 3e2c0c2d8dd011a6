use adit_snapshots::Snapshot;
use jiff::civil::date;

use super::*;
use crate::{
    compile::{Compilation, compile},
    spec::{Provisioned, Spec},
    testing::{TODAY, acme, provision, snapshot, spec},
};

const TEXT: &str = "
role = \"finance/1\"
name = \"finance-clerk\"
content = \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"
requested = \"dave@acme.example\"
expires = 2027-01-31

[[signature]]
by = \"alice@acme.example\"
on = 2026-10-01
comment = \"checked against the access matrix\"

[[signature]]
by = \"bob@acme.example\"
on = \"2026-10-02\"
";

#[test]
fn a_file_reads_and_writes_as_itself() {
    let approval = Approval::parse("approvals/a.toml", TEXT).unwrap();
    assert_eq!(approval.expires, Some(date(2027, 1, 31)));
    assert_eq!(approval.signatures[1].on, date(2026, 10, 2));
    insta::assert_snapshot!(approval, @r#"
    role = "finance/1"
    name = "finance-clerk"
    content = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    requested = "dave@acme.example"
    expires = 2027-01-31

    [[signature]]
    by = "alice@acme.example"
    on = 2026-10-01
    comment = "checked against the access matrix"

    [[signature]]
    by = "bob@acme.example"
    on = 2026-10-02
    "#);
    assert_eq!(Approval::parse("x", &approval.to_string()).unwrap(), approval);
}

#[test]
fn a_wrong_file_says_what_is_wrong_and_where() {
    let cases = [
        TEXT.replace("role =", "rolle ="),
        TEXT.replace("sha256:0", "sha1:0"),
        TEXT.replace("2027-01-31", "2027-02-31"),
        TEXT.replace("\"2026-10-02\"", "2026-10-02T10:00:00"),
        TEXT.replace("\"2026-10-02\"", "\"tomorrow\""),
        TEXT.replace("\"2026-10-02\"", "7"),
        TEXT.replace("\"finance/1\"", "\" \""),
        TEXT.replace("comment =", "note ="),
        TEXT.replace("on = 2026-10-01\n", ""),
        TEXT.split("[[signature]]").next().unwrap().to_owned(),
        "role = ".to_owned(),
        String::new(),
    ];
    let errors: Vec<String> = cases
        .iter()
        .map(|text| {
            let error = Approval::parse("approvals/a.toml", text).unwrap_err();
            let place = error.span.clone().map(|span| text.get(span).unwrap_or("?").trim().to_owned());
            format!("{error}\n  at {place:?}").replace("\n\n", "\n")
        })
        .collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
    approvals/a.toml: unknown field `rolle`, expected one of `role`, `name`, `content`, `requested`, `expires`, `signature`, `review`, `state`
      at Some("rolle")
    approvals/a.toml: expected `sha256:` and 64 hex digits, found `sha1:0000000000000000000000000000000000000000000000000000000000000000`
      at Some("\"sha1:0000000000000000000000000000000000000000000000000000000000000000\"")
    approvals/a.toml: not TOML: invalid date, expected day between 01 and 28
      at Some("2027-02-31")
    approvals/a.toml: expected a date such as `2026-10-01`, found `2026-10-02T10:00:00`
      at Some("2026-10-02T10:00:00")
    approvals/a.toml: expected a date such as `2026-10-01`, found `tomorrow`
      at Some("\"tomorrow\"")
    approvals/a.toml: expected a date such as `2026-10-01`, found something else
      at Some("7")
    approvals/a.toml: expected a text for `role`, found an empty one
      at None
    approvals/a.toml: unknown field `note`, expected one of `by`, `on`, `comment`
      at Some("note")
    approvals/a.toml: missing field `on`
      at Some("[[signature]]")
    approvals/a.toml: expected at least one `[[signature]]`, found none
      at None
    approvals/a.toml: not TOML: string values must be quoted, expected literal string
      at Some("")
    approvals/a.toml: missing field `role`
      at Some("")
    "#);
}

/// An approval of a role of a compilation.
fn approve(compilation: &Compilation<'_>, role: usize, signed: &[(&str, Date)]) -> Approval {
    Approval {
        role: compilation.roles[role].id.0.clone(),
        name: Some("finance-clerk".into()),
        content: Content::of(compilation, role).unwrap().digest(),
        requested: None,
        expires: None,
        signatures: signed
            .iter()
            .map(|(by, on)| Signature { by: format!("{by}@acme.example"), on: *on, comment: None })
            .collect(),
        reviews: Vec::new(),
        states: Vec::new(),
    }
}

/// What becomes of the first role of a project, given some approvals made from its own content.
fn state(
    spec: &Spec,
    data: &Snapshot,
    make: impl Fn(&Compilation<'_>) -> Vec<Approval>,
) -> (RoleStatus, Option<String>, Vec<usize>) {
    let before = compile(spec, data, &[], TODAY, &()).unwrap();
    let files: Vec<ApprovalFile> = make(&before)
        .into_iter()
        .zip(0..)
        .map(|(approval, index)| ApprovalFile { path: format!("approvals/{index}.toml"), approval })
        .collect();
    let mut after = compile(spec, data, &files, TODAY, &()).unwrap();
    (after.statuses.remove(0), after.roles.remove(0).name, after.stray_approvals)
}

const OCTOBER: Date = date(2026, 10, 1);

#[test]
fn enough_signatures_of_people_on_the_list_approve() {
    let (data, spec) = acme();
    // Alice is the member `f3`: her address differs by its case only. She cannot sign, the two others can.
    let (status, name, _) = state(&spec, &data, |c| vec![approve(c, 0, &[("Bob", OCTOBER), ("carol", TODAY)])]);
    assert_eq!(
        status.state,
        ApprovalState::Approved { by: vec!["Bob@acme.example".into(), "carol@acme.example".into()] }
    );
    assert_eq!((status.file, name.as_deref()), (Some(0), Some("finance-clerk")));
    assert_eq!(status.open, Vec::<String>::new());
}

#[test]
fn signatures_in_several_files_count_together_and_files_by_handle_too() {
    let (data, spec) = acme();
    let (status, ..) = state(&spec, &data, |c| {
        let second = Approval { role: "finance/1".into(), ..approve(c, 0, &[("carol", OCTOBER)]) };
        vec![approve(c, 0, &[("bob", OCTOBER)]), second]
    });
    assert!(matches!(status.state, ApprovalState::Approved { .. }));
}

#[test]
fn signatures_that_do_not_count_say_why() {
    let (data, mut spec) = acme();
    spec.provisions[0].approvers.extend(["boss", "dave", "erin"].map(|name| format!("{name}@acme.example")));
    spec.provisions[0].needed = 4;
    let future = date(2026, 11, 2);
    let (status, ..) = state(&spec, &data, |c| {
        let signed = [
            ("bob", OCTOBER),
            ("BOB", OCTOBER),
            ("mallory", OCTOBER),
            ("boss", OCTOBER),
            ("alice", OCTOBER),
            ("carol", future),
            ("dave", OCTOBER),
        ];
        vec![Approval { requested: Some("dave@acme.example".into()), ..approve(c, 0, &signed) }]
    });
    let ApprovalState::Pending { signed: 1, needed: 4, rejected } = status.state else { panic!("{:?}", status.state) };
    let lines: Vec<String> = rejected.iter().map(|rejected| format!("{} {}", rejected.by, rejected.reason)).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    alice@acme.example is of somebody who would hold the role, or answers for an identity that would
    BOB@acme.example is there twice
    boss@acme.example is of whoever asked for the role
    carol@acme.example is dated after the day of this build
    dave@acme.example is of whoever asked for the role
    mallory@acme.example is of nobody on the list of approvers
    ");
    assert_eq!(status.open, ["carol@acme.example", "erin@acme.example"]);
}

#[test]
fn whoever_answers_for_a_machine_cannot_approve_its_role() {
    let (data, mut spec) = acme();
    // `svc2` is owned by Carol's address, `svc1` by the id of `f5`, whose address is on the list.
    spec.provisions[1].approvers =
        vec!["carol@acme.example".into(), "F5@acme.example".into(), "bob@acme.example".into()];
    spec.provisions.swap(0, 1);
    spec.minings.swap(0, 1);
    for (provision, mining) in spec.provisions.iter_mut().zip(0..) {
        provision.of = Provisioned::Mining(mining);
    }
    let (status, ..) =
        state(&spec, &data, |c| vec![approve(c, 0, &[("carol", OCTOBER), ("f5", OCTOBER), ("bob", OCTOBER)])]);
    let ApprovalState::Pending { signed: 1, rejected, .. } = status.state else { panic!("{:?}", status.state) };
    assert!(rejected.iter().all(|rejected| rejected.reason == RejectReason::Member));
    assert_eq!(rejected.len(), 2);
}

#[test]
fn other_content_is_stale_and_a_past_day_is_expired() {
    let (data, spec) = acme();
    let all = [("bob", OCTOBER), ("carol", OCTOBER)];
    let stale = |c: &Compilation<'_>| Approval { content: Digest::of(b"other"), ..approve(c, 0, &all) };
    let (status, name, stray) = state(&spec, &data, |c| vec![stale(c)]);
    assert_eq!(status.state, ApprovalState::Stale { approved: Digest::of(b"other") });
    assert_eq!((status.file, name, stray), (Some(0), None, vec![]));
    assert_eq!(status.open, ["bob@acme.example", "carol@acme.example"]);

    let ended = |c: &Compilation<'_>, on| Approval { expires: Some(on), ..approve(c, 0, &all) };
    let yesterday = TODAY.yesterday().unwrap();
    let (status, ..) = state(&spec, &data, |c| vec![ended(c, yesterday)]);
    assert_eq!(status.state, ApprovalState::Expired { on: yesterday });
    // The last day counts, and a valid file beside a stale and an expired one is enough.
    let (status, ..) = state(&spec, &data, |c| vec![stale(c), ended(c, yesterday), ended(c, TODAY)]);
    assert!(matches!(status.state, ApprovalState::Approved { .. }));
    assert_eq!(status.file, Some(1));
}

#[test]
fn what_people_take_out_of_force_is_not_approved_by_signatures() {
    let (data, spec) = acme();
    let all = [("bob", OCTOBER), ("carol", OCTOBER)];
    let became = |to, on| Transition { to, on, by: "bob@acme.example".into(), comment: None };
    let with = |states: &[Transition]| {
        state(&spec, &data, |c| vec![Approval { states: states.to_vec(), ..approve(c, 0, &all) }]).0.state
    };
    let (out, back) = (became(LifeState::Deactivated, OCTOBER), became(LifeState::Active, TODAY));
    assert_eq!(with(std::slice::from_ref(&out)), ApprovalState::Withdrawn { to: LifeState::Deactivated, on: OCTOBER });
    assert!(matches!(with(&[out.clone(), back]), ApprovalState::Approved { .. }));
    let tomorrow = became(LifeState::Decommissioned, TODAY.tomorrow().unwrap());
    assert!(matches!(with(&[tomorrow]), ApprovalState::Approved { .. }), "not yet");
    // A signature for other content in another file does not bring it back.
    let (status, ..) = state(&spec, &data, |c| {
        let gone = Approval {
            content: Digest::of(b"other"),
            states: vec![became(LifeState::Decommissioned, OCTOBER)],
            ..approve(c, 0, &all)
        };
        vec![approve(c, 0, &all), gone]
    });
    assert_eq!(status.state, ApprovalState::Withdrawn { to: LifeState::Decommissioned, on: OCTOBER });
}

#[test]
fn reviews_and_states_read_and_write_as_themselves() {
    let more = "
[[review]]
by = \"alice@acme.example\"
on = 2026-12-01
comment = \"members and grants confirmed\"

[[state]]
to = \"decommissioned\"
on = 2027-01-31
by = \"carol@acme.example\"
";
    let approval = Approval::parse("approvals/a.toml", &format!("{TEXT}{more}")).unwrap();
    assert_eq!((approval.reviews.len(), approval.states[0].to), (1, LifeState::Decommissioned));
    assert!(approval.to_string().ends_with(more));
    assert_eq!(Approval::parse("x", &approval.to_string()).unwrap(), approval);
    for (from, to) in [("\"decommissioned\"", "\"gone\""), ("\"carol@acme.example\"", "\"\""), ("to =", "into =")] {
        Approval::parse("x", &format!("{TEXT}{}", more.replace(from, to))).unwrap_err();
    }
}

#[test]
fn a_file_about_no_role_is_stray() {
    let (data, spec) = acme();
    let (status, _, stray) =
        state(&spec, &data, |c| vec![Approval { role: "r-0000000000".into(), ..approve(c, 0, &[("bob", OCTOBER)]) }]);
    assert!(matches!(status.state, ApprovalState::Pending { signed: 0, needed: 2, .. }));
    assert_eq!(stray, [0]);
}

#[test]
fn without_a_provision_nothing_can_be_approved() {
    let (data, mut spec) = acme();
    spec.provisions.clear();
    let (status, ..) = state(&spec, &data, |c| vec![approve(c, 0, &[("bob", OCTOBER)])]);
    assert_eq!(status.state, ApprovalState::NotProvisioned);
}

#[test]
fn nobody_is_not_enough_even_where_no_signature_is_asked_for() {
    let (data, mut spec) = acme();
    spec.provisions[0].needed = 0;
    let (status, ..) = state(&spec, &data, |_| vec![]);
    assert!(matches!(status.state, ApprovalState::Pending { signed: 0, needed: 1, .. }));
}

#[test]
fn roles_that_grant_the_same_are_told_apart_by_content() {
    // Two populations, one entitlement: the same id, other members.
    let data = snapshot("h1 : a.b:1\n h2 : a.b:1\n r1 : a.b:1\n r2 : a.b:1\n r3 : a.b:1");
    let like = |pattern: &str| {
        crate::testing::test("id", adit_snapshots::AttributeType::Text, crate::spec::Test::Like(pattern.into()))
    };
    let spec = Spec {
        classes: vec![crate::testing::class("human", like("h*")), crate::testing::class("robot", like("r*"))],
        separated: vec![(0, 1)],
        provisions: vec![provision(Provisioned::Mining(0))],
        ..spec(crate::testing::mining("all"))
    };
    let before = compile(&spec, &data, &[], TODAY, &()).unwrap();
    assert_eq!(before.roles[0].id, before.roles[1].id);
    let file =
        ApprovalFile { path: "a.toml".into(), approval: approve(&before, 1, &[("bob", OCTOBER), ("carol", OCTOBER)]) };
    let files = [file];
    let after = compile(&spec, &data, &files, TODAY, &()).unwrap();
    assert!(matches!(after.statuses[0].state, ApprovalState::Pending { signed: 0, .. }));
    assert!(matches!(after.statuses[1].state, ApprovalState::Approved { .. }));
}

#[test]
fn content_is_what_whom_and_why() {
    let (data, spec) = acme();
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    let content = Content::of(&compilation, 1).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&content).unwrap(), @r#"
    {
      "schema": "adit.content/1",
      "grants": [
        "sap.tcode:FB60",
        "sap.tcode:FK03",
        "sap.tcode:XK03"
      ],
      "members": [
        "f2",
        "f3",
        "f4"
      ],
      "rule": null,
      "within": "(id like \"f*\" or (id like \"s?\" and department == \"Sales\")) and department == \"Finance\"",
      "why": {
        "origin": "mined",
        "mining": "finance",
        "secondary": true,
        "owner": "owner@acme.example",
        "cites": [
          "IAM-014"
        ],
        "cutoff": {
          "primary": 8000,
          "secondary": 4000,
          "min_members": 2,
          "max_overlap": 5000,
          "max_roles": null,
          "over_grant": null
        }
      }
    }
    "#);
    // Nothing of the build but the role itself: another mining block's scope, the date, the approvals do not matter.
    let digests = |spec: &Spec| {
        let later = TODAY.tomorrow().unwrap();
        compile(spec, &data, &[], later, &()).unwrap().statuses.iter().map(|status| status.content).collect::<Vec<_>>()
    };
    let mut other = spec.clone();
    other.minings[1].cites.push("more".into());
    let (before, after) = (digests(&spec), digests(&other));
    assert_eq!(before[0], after[0]);
    assert_ne!(before[2], after[2]);
    for change in [
        (|spec| spec.minings[0].owner = None) as fn(&mut Spec),
        |spec| spec.minings[0].cites.clear(),
        |spec| spec.minings[0].cutoff.primary = crate::spec::Percent(7_999),
        |spec| spec.minings[0].describe = None,
        |spec| spec.minings[0].scope.identities.clear(),
    ] {
        let mut other = spec.clone();
        change(&mut other);
        assert_ne!(digests(&other)[0], before[0]);
    }
}

/// The file that the page of approvals shows is one.
#[test]
fn the_file_of_the_docs_is_read() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/approvals.md")).unwrap();
    let shown = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let digest = Digest::of(b"what was approved").to_string();
    let approval = Approval::parse("approvals/finance-analyst.toml", &shown.replace("sha256:…", &digest)).unwrap();
    assert_eq!((approval.signatures.len(), approval.reviews.len(), approval.states.len()), (1, 1, 1));
}
