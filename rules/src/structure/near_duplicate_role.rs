use std::{borrow::Cow, collections::BTreeSet};

use adit_compiler::roles::CandidateRole;
use adit_snapshots::{EntitlementId, IdentityId};

use super::{
    existing_roles::existing_roles,
    similar_sets::{alike, shared, similar_pairs},
    subsumption::{Whole, inherits, is_subsumed},
};
use crate::{Evidence, Finding, Node, Phrase, Subject, context::Context, finding::Handle, rule::declare_rule};

declare_rule! {
    /// Two roles are nearly the same.
    ///
    /// ## What it finds
    /// A candidate role and another candidate role, or an existing role of the snapshot, whose entitlements or whose members agree to 90%
    /// or more (shared, of all that either has: Jaccard). What a role inherits counts as its own. A role and one it inherits
    /// are not compared, nor are roles whose members belong to classes that the spec keeps apart. A role that adds nothing to another is RM408.
    ///
    /// ## Why it matters
    /// Two roles for one function are requested, reviewed and changed apart, and drift. Where the other one exists already, the mined role
    /// is not new: it is that one, with a difference that somebody should decide on.
    ///
    /// ## Example
    /// `finance-analysts/2` grants 19 of the 20 entitlements of the existing role `FIN_AN_STD`; only `sap.tcode "FBL5N"` is missing.
    ///
    /// ## What to do
    /// Decide on what differs, and keep one. `overlap at most 90%` in the cut-off merges candidates; a candidate that is an existing role can
    /// be approved under that role's name.
    ///
    /// ## When to waive it
    /// When the two must stay apart though they look alike: two legal entities, two owners.
    ///
    /// ## What it cannot see
    /// Roles that do the same by different entitlements. Existing roles that are the same are RM411, and those within another RM412.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-3(7): access is controlled by roles.
    /// - Oracle Identity Analytics 11gR1 User's Guide, Role Consolidation: similar roles are found by members and by entitlements.
    RULE = {
        code: "RM402", name: "near-duplicate-role", family: Structure, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-3(7)", "Oracle Identity Analytics 11gR1 User's Guide, Role Consolidation",
        ],
        aliases: ["RM-402"], since: "0.1.0", check: check,
    }
}

/// Differences shown on each side.
const SHOWN: usize = 5;

/// A role of either kind, with all it grants.
struct Role<'a> {
    source: Source<'a>,
    grants: Vec<EntitlementId>,
    members: Cow<'a, [IdentityId]>,
    /// The classes of its members.
    classes: BTreeSet<usize>,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Candidate(usize, &'a CandidateRole),
    Existing(&'a str),
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let roles: Vec<Role<'_>> = candidates(context).chain(existing(context)).collect();
    let grants: Vec<Vec<u32>> = roles.iter().map(|role| role.grants.iter().map(|id| id.0).collect()).collect();
    let members: Vec<Vec<u32>> = roles.iter().map(|role| role.members.iter().map(|id| id.0).collect()).collect();
    let pairs: BTreeSet<_> = similar_pairs(&grants).into_iter().chain(similar_pairs(&members)).collect();
    for (first, second) in pairs {
        let (Some(one), Some(other)) = (roles.get(first), roles.get(second)) else { continue };
        let by_grants = grants.get(first).zip(grants.get(second)).is_some_and(|(one, other)| alike(one, other));
        if let Some(subject) = subject(context, one, other) {
            found.push(finding(subject, one, other, by_grants));
        }
    }
}

/// What the pair is about; nothing when it is none to report.
fn subject(context: &Context<'_>, one: &Role<'_>, other: &Role<'_>) -> Option<Subject> {
    let subject = match (one.source, other.source) {
        (Source::Candidate(first, a), Source::Candidate(second, b)) => {
            let (one, other) = (whole(first, a, one), whole(second, b, other));
            let related = inherits(context, first, second) || inherits(context, second, first);
            let subsumed = is_subsumed(context, &one, &other) || is_subsumed(context, &other, &one);
            (!related && !subsumed).then(|| Subject::role_pair(a, b))
        }
        (Source::Candidate(_, role), Source::Existing(id)) | (Source::Existing(id), Source::Candidate(_, role)) => {
            Some(Subject::RoleTwin(role.id.clone(), Handle(role.handle.clone()), id.to_owned()))
        }
        (Source::Existing(_), Source::Existing(_)) => None,
    };
    subject.filter(|_| !separate(context, one, other))
}

fn whole<'a>(number: usize, role: &'a CandidateRole, with: &'a Role<'_>) -> Whole<'a> {
    Whole { number, role, grants: &with.grants }
}

fn finding(subject: Subject, one: &Role<'_>, other: &Role<'_>, by_grants: bool) -> Finding {
    let (shared_grants, shared_members) = (shared(&one.grants, &other.grants), shared(&one.members, &other.members));
    let all_grants = one.grants.len() + other.grants.len() - shared_grants;
    let all_members = one.members.len() + other.members.len() - shared_members;
    let (what, part, of) =
        if by_grants { ("entitlements", shared_grants, all_grants) } else { ("members", shared_members, all_members) };
    let message = Phrase::new("roles ")
        .node(one.node())
        .text(" and ")
        .node(other.node())
        .text(format!(" share {part} of {of} {what}"));
    RULE.finding(subject, message, "decide on what differs, and keep one of them")
        .count("entitlements both grant", shared_grants as u64, Some(all_grants as u64))
        .count("members both have", shared_members as u64, Some(all_members as u64))
        .evidences(only(one, other, |role| role.grants.as_slice(), |&id| Node::Entitlement(id)))
        .evidences(only(other, one, |role| role.grants.as_slice(), |&id| Node::Entitlement(id)))
        .evidences(only(one, other, |role| role.members.as_ref(), |&id| Node::Identity(id)))
        .evidences(only(other, one, |role| role.members.as_ref(), |&id| Node::Identity(id)))
}

/// What one has and the other has not, the first few by name.
fn only<'a, T: Ord + 'a>(
    one: &'a Role<'_>,
    other: &'a Role<'_>,
    of: impl Fn(&'a Role<'_>) -> &'a [T],
    name: impl Fn(&T) -> Node,
) -> Option<Evidence> {
    let missing: Vec<&T> = of(one).iter().filter(|item| of(other).binary_search(item).is_err()).collect();
    if missing.is_empty() {
        return None;
    }
    let note = Phrase::new("only ").node(one.node()).text(" has ");
    Some(Evidence::Note(note.listed(missing.into_iter().map(name), SHOWN)))
}

impl Role<'_> {
    fn node(&self) -> Node {
        match self.source {
            Source::Candidate(_, role) => Node::Role(role.handle.clone()),
            Source::Existing(id) => Node::ExistingRole(id.to_owned()),
        }
    }
}

/// Whether members of the two belong to classes that are kept apart.
fn separate(context: &Context<'_>, one: &Role<'_>, other: &Role<'_>) -> bool {
    let spans = |a: &usize, b: &usize| one.classes.contains(a) && other.classes.contains(b);
    context.spec.separated.iter().any(|(a, b)| spans(a, b) || spans(b, a))
}

fn candidates<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Role<'a>> {
    context.proposed().map(|(index, role)| Role {
        source: Source::Candidate(index, role),
        grants: context.compilation.effective_grants(index),
        members: Cow::Borrowed(&role.members),
        classes: classes(context, &role.members),
    })
}

fn existing<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Role<'a>> {
    // A role that is to change is the candidate that it is to become.
    let changed: BTreeSet<usize> = context.proposed().filter_map(|(_, role)| Some(role.change()?.role)).collect();
    let stays = existing_roles(context).into_iter().enumerate().filter(move |(place, _)| !changed.contains(place));
    stays.map(|(_, role)| Role {
        source: Source::Existing(role.id),
        grants: role.grants.to_vec(),
        classes: classes(context, &role.members),
        members: Cow::Owned(role.members),
    })
}

fn classes(context: &Context<'_>, members: &[IdentityId]) -> BTreeSet<usize> {
    members.iter().filter_map(|&member| context.compilation.class_of(member)).collect()
}
