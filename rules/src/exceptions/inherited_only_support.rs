use adit_compiler::{
    roles::{CandidateRole, Granted, RoleOrigin},
    spec::Percent,
};
use adit_snapshots::PathId;

use crate::{Evidence, Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Nested groups made a role what it is.
    ///
    /// ## What it finds
    /// An entitlement of a mined role that 80% or more of the members who hold it, at least five, have only through three groups or more, each in the
    /// next. Two are how directories are meant to be built: people in the group of their job, and that in the group of the resource.
    ///
    /// ## Why it matters
    /// Nesting is where legacy lives: somebody put a group into a group years ago, and everyone in it has had the right ever since. Mined, it becomes
    /// policy that nobody ever decided.
    ///
    /// ## Example
    /// `Accounts payable` is in `All finance`, `All finance` is in `Legacy reporting`, and `Legacy reporting` grants the payment run.
    ///
    /// ## What to do
    /// Ask the owner of the right whether these people need it. If they do, grant it by a role, and take the nesting apart; otherwise take it away.
    ///
    /// ## When to waive it
    /// Where nesting is how the directory is meant to work, and its owner looked at it.
    ///
    /// ## What it cannot see
    /// Where the source does not say through which groups. Where origins are missing (RM106) it is less sure.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6(7): privileges are reviewed, and reassigned or removed where they are not needed.
    RULE = {
        code: "RM605", name: "inherited-only-support", family: Exceptions, severity: Warning, confidence: Medium, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-6(7)",
        ],
        aliases: ["RM-605"], since: "0.1.0", check: check,
    }
}

/// From this share of the holders on: 80%.
const MOST: Percent = Percent(8_000);

/// Of fewer, no pattern can be seen.
const ENOUGH: u64 = 5;

/// Groups on the way, at least: one more than the accounts, global groups and domain local groups of a well-kept directory have.
const NESTED: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let assignments = &context.snapshot.assignments;
    if assignments.grants.is_none() || assignments.paths.rows.iter().all(|path| path.len() < NESTED) {
        return;
    }
    for (_, role) in context.proposed() {
        if matches!(role.origin, RoleOrigin::Declared { .. }) {
            continue;
        }
        for granted in &role.grants {
            found.extend(nested(context, role, granted).map(|finding| finding.rests_on_lineage(context)));
        }
    }
}

fn nested(context: &Context<'_>, role: &CandidateRole, granted: &Granted) -> Option<Finding> {
    let entitlement = granted.entitlement;
    let assignments = &context.snapshot.assignments;
    let all = role.members.len() as u64;
    let (mut holders, mut by_nesting, mut first) = (0, 0, None);
    for &member in &role.members {
        let Some(number) = assignments.find(member, entitlement) else { continue };
        holders += 1;
        match nested_only(context, number) {
            Some(path) => {
                by_nesting += 1;
                first = first.or(Some((member, path)));
            }
            // Whatever the others have, it is too many already.
            None if !MOST.met_by(all - (holders - by_nesting), all) => return None,
            None => {}
        }
    }
    let (witness, path) = first?;
    if holders < ENOUGH || !MOST.met_by(by_nesting, holders) {
        return None;
    }
    let groups = assignments.path(path).iter().map(|group| Node::Group(group.clone()));
    let steps = std::iter::once(Node::Identity(witness)).chain(groups).chain([Node::Entitlement(entitlement)]);
    let message = Phrase::new("role ")
        .role(&role.handle)
        .text(" grants ")
        .entitlement(entitlement)
        .text(format!(", which {by_nesting} of its {holders} holders have through nested groups only"));
    Some(
        RULE.finding(
            Subject::role(role),
            message,
            "ask the owner of the right whether they need it; then grant it by a role, or take it away",
        )
        .entitlements([entitlement])
        .evidence(Evidence::Path(steps.collect()))
        .count("holders through nested groups only", by_nesting, Some(holders)),
    )
}

/// The first way to an assignment, if every way leads through groups in groups.
fn nested_only(context: &Context<'_>, assignment: usize) -> Option<PathId> {
    let assignments = &context.snapshot.assignments;
    let grants = assignments.grants(assignment);
    let first = grants.first()?.path;
    grants.iter().all(|grant| assignments.path(grant.path).len() >= NESTED).then_some(first)
}
