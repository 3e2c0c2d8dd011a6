//! Laws of linting, on made-up worlds: what must hold of all of them, whatever the rules find.

use std::collections::BTreeSet;

use adit_compiler::{
    compile::Compilation,
    spec::{Spec, Waiver},
};
use adit_grammar::Span;
use jiff::civil::date;
use proptest::prelude::*;

use crate::{Check, Configuration, Finding, Record, graph::world, lint, rule};

/// What findings are, for good: rule and fingerprint.
fn names<'a>(
    compilation: &Compilation<'_>,
    findings: impl IntoIterator<Item = &'a Finding>,
) -> BTreeSet<(String, String)> {
    findings.into_iter().map(|it| (it.rule.code.to_owned(), it.fingerprint(compilation.snapshot))).collect()
}

/// The same of each of those that are told as one.
fn parts<'a>(
    compilation: &Compilation<'_>,
    findings: impl IntoIterator<Item = &'a Finding>,
) -> BTreeSet<(String, String)> {
    names(compilation, findings.into_iter().flat_map(Finding::parts))
}

fn with<'a>(compilation: &Compilation<'a>, spec: &'a Spec) -> Compilation<'a> {
    Compilation {
        spec,
        snapshot: compilation.snapshot,
        as_of: compilation.as_of,
        classes: adit_compiler::select::ClassOf::default(),
        populations: Vec::new(),
        roles: compilation.roles.clone(),
        statuses: Vec::new(),
        stray_approvals: Vec::new(),
        approvals: compilation.approvals,
        failed_expectations: Vec::new(),
    }
}

/// Waivers on what worlds have, some of them without effect: of any rule, by the requester or the holder, past, or on nothing.
fn waivers() -> impl Strategy<Value = Vec<Waiver>> {
    let rules: Vec<String> = rule::all().map(|rule| rule.code.to_owned()).chain(["no-such-rule".to_owned()]).collect();
    let often = ["RM501", "RM502", "RM503", "RM604"].map(str::to_owned).to_vec();
    let rule = prop_oneof![prop::sample::select(often), prop::sample::select(rules)];
    let on = prop_oneof![
        (0_u32..7).prop_map(|id| ("identity".to_owned(), format!("u{id:04}"))),
        (0_u32..4).prop_map(|id| ("duties".to_owned(), format!("d{id:02}"))),
        (0_u32..4).prop_map(|id| ("role".to_owned(), format!("r{id:02}"))),
        (0_u32..4).prop_map(|id| ("group".to_owned(), format!("g{id:02}"))),
        (0_u32..10).prop_map(|id| ("entitlement".to_owned(), format!("app:e{id:04}"))),
        Just(("application".to_owned(), "app".to_owned())),
    ];
    let person =
        || prop_oneof![Just("ciso".to_owned()), Just("lead".to_owned()), (0_u32..6).prop_map(|id| format!("u{id:04}"))];
    let waiver = (rule, prop::collection::vec(on, 0..3), person(), person(), 2025_i16..2028).prop_map(
        |(rule, on, requested, approved_by, year)| Waiver {
            id: String::new(),
            rule,
            rule_span: Span::default(),
            on,
            because: "agreed until the systems are merged".to_owned(),
            owner: None,
            requested,
            approved_by,
            approved_on: date(2025, 1, 1),
            expires: date(year, 12, 31),
            span: Span::default(),
        },
    );
    prop::collection::vec(waiver, 1..4).prop_map(|mut waivers| {
        waivers.iter_mut().enumerate().for_each(|(index, waiver)| waiver.id = format!("W-{index:03}"));
        waivers
    })
}

proptest! {
    /// A waiver moves findings to those somebody answers for; all it can add is what is wrong with it. Of those that are told as one it may
    /// take some, and the one stays what it is.
    #[test]
    fn a_waiver_never_adds_a_finding_but_on_waivers(world in world::any(), waivers in waivers()) {
        let world = world::World { privileged: (0..10).collect(), ..world };
        world.look(|compilation| {
            let linted = |compilation: &Compilation<'_>| lint(compilation, &Configuration::default(), &Record::default());
            let before = linted(compilation);
            let spec = Spec { waivers, ..compilation.spec.clone() };
            let waived = with(compilation, &spec);
            let after = linted(&waived);
            let is_about_waivers = |it: &&Finding| matches!(it.rule.check, Check::Waivers(_));
            let found = || before.findings.iter().filter(|it| !is_about_waivers(it));
            let standing = || after.findings.iter().filter(|it| !is_about_waivers(it));
            let taken = || after.waived.iter().map(|it| &it.finding);
            assert!(names(&waived, standing()).is_subset(&names(compilation, found())));
            let (left, gone) = (parts(&waived, standing()), parts(&waived, taken()));
            assert!(left.is_disjoint(&gone));
            assert_eq!(left.union(&gone).cloned().collect::<BTreeSet<_>>(), parts(compilation, found()));
        });
    }

    /// Someone who has nothing to do with it clears nobody of a conflict, whatever place among the ids is theirs.
    #[test]
    fn an_unrelated_identity_never_removes_a_finding_on_duties(
        world in world::any(),
        joins_at in 0_usize..=6,
        holds in prop::collection::btree_set(0_u32..10, 0..4),
    ) {
        let on_duties = |world: &world::World, name: &dyn Fn(u32) -> u32| world.look(|compilation| {
            let linted = lint(compilation, &Configuration::default(), &Record::default());
            let found = linted.findings.iter().filter(|it| it.rule.code.starts_with("RM5"));
            let about = |it: &Finding| match &it.subject {
                crate::Subject::Conflict(identity, duties) => format!("{} {duties}", name(identity.0)),
                subject => format!("{subject:?}"),
            };
            found.map(|it| (it.rule.code, it.severity, about(it), it.entitlements.clone())).collect::<BTreeSet<_>>()
        });
        let mut joined = world.clone();
        joined.held.insert(joins_at, holds.into_iter().collect());
        let shifted = |id: u32| if id as usize >= joins_at { id + 1 } else { id };
        for holding in joined.groups.iter_mut().chain(&mut joined.existing).chain(&mut joined.roles) {
            holding.members.iter_mut().for_each(|id| *id = shifted(*id));
        }
        let (before, after) = (on_duties(&world, &shifted), on_duties(&joined, &|id| id));
        prop_assert!(before.is_subset(&after), "{before:?} is not within {after:?}");
    }

    /// However many threads there are, the findings are the same, in the same order, with the same proofs.
    #[test]
    fn threads_change_nothing(world in world::any()) {
        world.look(|compilation| {
            let linted = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| format!("{:?}", lint(compilation, &Configuration::default(), &Record::default()).findings))
            };
            assert_eq!(linted(1), linted(4));
        });
    }
}
