use adit_snapshots::Snapshot;
use jiff::civil::date;

use super::*;
use crate::{
    approval::{Approval, ApprovalFile, Content, LifeState, Signature, Transition},
    compile::compile,
    spec::{Provisioned, Spec},
    testing::{self, TODAY, provision as provision_of},
};

/// The spec of the tests without the expectation that does not hold.
fn acme() -> (Snapshot, Spec) {
    let (data, mut spec) = testing::acme();
    spec.expectations.clear();
    (data, spec)
}

/// Approvals of the given roles by Bob and Carol.
fn approvals(compilation: &Compilation<'_>, roles: &[usize]) -> Vec<ApprovalFile> {
    let sign = |by: &str| Signature { by: format!("{by}@acme.example"), on: date(2026, 10, 1), comment: None };
    roles
        .iter()
        .map(|&role| ApprovalFile {
            path: format!("approvals/{role}.toml"),
            approval: Approval {
                role: compilation.roles[role].handle.clone(),
                name: (role == 0).then(|| "finance-clerk".to_owned()),
                content: Content::of(compilation, role).unwrap().digest(),
                requested: None,
                expires: None,
                signatures: vec![sign("bob"), sign("carol")],
                reviews: Vec::new(),
                states: Vec::new(),
            },
        })
        .collect()
}

/// What is emitted and what is withheld, with approvals of some roles and findings against others.
fn run(spec: &Spec, approved: &[usize], blocked: &[(usize, &str)]) -> (ProvisioningDocument, String) {
    let (data, _) = acme();
    let before = compile(spec, &data, &[], TODAY, &()).unwrap();
    let files = approvals(&before, approved);
    let compilation = compile(spec, &data, &files, TODAY, &()).unwrap();
    let blocked = blocked.iter().map(|(role, rule)| (*role, vec![(*rule).to_owned()])).collect();
    let (document, withheld) = provision(&compilation, Digest::of(b"derivation"), &blocked);
    let lines: Vec<String> = withheld.iter().map(ToString::to_string).collect();
    assert_eq!(document.roles.len() + withheld.len(), compilation.roles.len());
    (document, lines.join("\n"))
}

#[test]
fn approved_roles_are_emitted_in_full_and_the_others_say_what_is_missing() {
    let (_, spec) = acme();
    let (document, withheld) = run(&spec, &[0, 1], &[]);
    insta::assert_snapshot!(String::from_utf8(document.to_bytes()).unwrap());
    insta::assert_snapshot!(withheld, @"
    services/1 (r-02ea3b8731): 0 of 2 signatures; needs 2 more of: alice@acme.example, bob@acme.example
    seller (r-245aeb0e4c): no `provision` block speaks of it: add one with the people who may approve it
    ");
    let again: ProvisioningDocument = serde_json::from_slice(&document.to_bytes()).unwrap();
    assert_eq!(again, document);
}

#[test]
fn a_child_waits_for_its_parent_and_findings_withhold() {
    let (_, spec) = acme();
    let handles =
        |document: &ProvisioningDocument| document.roles.iter().map(|role| role.handle.clone()).collect::<Vec<_>>();
    let (document, withheld) = run(&spec, &[1], &[]);
    assert!(document.roles.is_empty());
    insta::assert_snapshot!(withheld, @"
    finance/1 (r-ce1586202c): 0 of 2 signatures; needs 2 more of: bob@acme.example, carol@acme.example
    finance/1.secondary (r-52f52bfc01): it inherits finance/1, which is withheld
    services/1 (r-02ea3b8731): 0 of 2 signatures; needs 2 more of: alice@acme.example, bob@acme.example
    seller (r-245aeb0e4c): no `provision` block speaks of it: add one with the people who may approve it
    ");
    let (document, withheld) = run(&spec, &[0, 1], &[(0, "RM404")]);
    assert!(document.roles.is_empty());
    insta::assert_snapshot!(withheld, @"
    finance/1 (r-ce1586202c): denied findings of RM404: settle or waive them
    finance/1.secondary (r-52f52bfc01): it inherits finance/1, which is withheld
    services/1 (r-02ea3b8731): 0 of 2 signatures; needs 2 more of: alice@acme.example, bob@acme.example
    seller (r-245aeb0e4c): no `provision` block speaks of it: add one with the people who may approve it
    ");
    let (document, _) = run(&spec, &[0, 1], &[(1, "RM404")]);
    assert_eq!(handles(&document), ["finance/1"]);
    let (document, _) = run(&spec, &[0], &[]);
    assert_eq!(handles(&document), ["finance/1"]);
}

#[test]
fn what_people_took_out_of_force_is_withheld_with_its_children() {
    let (data, spec) = acme();
    let before = compile(&spec, &data, &[], TODAY, &()).unwrap();
    let withheld = |to| {
        let mut files = approvals(&before, &[0, 1]);
        files[0].approval.states = vec![Transition { to, on: TODAY, by: "bob@acme.example".into(), comment: None }];
        let compilation = compile(&spec, &data, &files, TODAY, &()).unwrap();
        let (document, withheld) = provision(&compilation, Digest::of(b"derivation"), &BTreeMap::new());
        assert!(document.roles.is_empty());
        withheld.iter().take(2).map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(withheld(LifeState::Deactivated), @"
    finance/1 (r-ce1586202c): deactivated on 2026-11-01; a `[[state]]` in its approval that makes it active brings it back
    finance/1.secondary (r-52f52bfc01): it inherits finance/1, which is withheld
    ");
    insta::assert_snapshot!(withheld(LifeState::Decommissioned), @"
    finance/1 (r-ce1586202c): decommissioned on 2026-11-01, for good
    finance/1.secondary (r-52f52bfc01): it inherits finance/1, which is withheld
    ");
}

#[test]
fn secondary_roles_end_as_the_spec_says() {
    let (_, mut spec) = acme();
    let mut with = |fate| {
        spec.provisions[0].secondary = fate;
        run(&spec, &[0, 1], &[])
    };
    let (document, _) = with(SecondaryFate::KeepUntil { date: TODAY });
    assert_eq!((document.roles[0].until, document.roles[1].until), (None, Some(TODAY)));
    let (document, withheld) = with(SecondaryFate::KeepUntil { date: TODAY.yesterday().unwrap() });
    assert_eq!(document.roles.len(), 1);
    insta::assert_snapshot!(withheld.lines().next().unwrap(), @"finance/1.secondary (r-52f52bfc01): the spec kept secondary roles until 2026-10-31, and that day is past");
    let (document, withheld) = with(SecondaryFate::Remove);
    assert_eq!(document.roles.len(), 1);
    insta::assert_snapshot!(withheld.lines().next().unwrap(), @"finance/1.secondary (r-52f52bfc01): the spec says `secondary remove`: its access is to end");
}

#[test]
fn what_is_expected_and_does_not_hold_withholds_every_role() {
    let (_, spec) = testing::acme();
    let (document, withheld) = run(&spec, &[0, 1], &[]);
    assert_eq!(document.roles, []);
    assert_eq!(withheld.matches("does not hold, though the spec expects it: \"sellers sell nothing\"").count(), 4);
}

#[test]
fn a_declared_role_carries_its_own_condition() {
    let (_, mut spec) = acme();
    spec.provisions.push(provision_of(Provisioned::Role(0)));
    let (document, _) = run(&spec, &[3], &[]);
    insta::assert_snapshot!(serde_json::to_string(&document.roles[0].rule).unwrap(), @r#"{"text":"department == \"Sales\"","condition":{"in":{"attribute":"department","values":["Sales"]}}}"#);
}

#[test]
fn what_is_missing_reads_like_a_sentence() {
    let who = |names: &[&str]| names.iter().map(|name| format!("{name}@acme.example")).collect::<Vec<_>>();
    let digest = Digest::of(b"x");
    let all = [
        Missing::Signatures { signed: 2, needed: 3, open: who(&["alice", "bob"]), rejected: vec![] },
        Missing::Signatures { signed: 0, needed: 1, open: vec![], rejected: vec![] },
        Missing::Signatures {
            signed: 0,
            needed: 2,
            open: who(&["alice"]),
            rejected: vec![crate::approval::Rejected {
                by: "eve@acme.example".into(),
                reason: crate::approval::RejectReason::Member,
            }],
        },
        Missing::Fresh { approved: digest, content: Digest::of(b"y") },
        Missing::Expired { on: TODAY },
        Missing::Clean { rules: vec!["RM404".into(), "RM501".into()] },
        Missing::Expected { titles: vec!["no clerk pays".into(), "every clerk enters invoices".into()] },
    ];
    let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    2 of 3 signatures; needs 1 more of: alice@acme.example, bob@acme.example
    0 of 1 signature; needs 1 more, but nobody is left on the list who may sign
    0 of 2 signatures; needs 2 more, but only these may still sign: alice@acme.example; the signature of eve@acme.example does not count: it is of somebody who would hold the role, or answers for an identity that would
    approved for other content: people signed for sha256:2d711642b726…, it is now sha256:a1fce4363854…; look at it again and sign anew
    its approval ended on 2026-11-01; look at it again and sign anew
    denied findings of RM404, RM501: settle or waive them
    does not hold, though the spec expects it: "no clerk pays", "every clerk enters invoices"
    "#);
}
