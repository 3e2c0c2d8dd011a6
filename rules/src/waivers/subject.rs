//! Whether a waiver is on a finding, and who benefits from it.

use adit_compiler::{
    roles::{CandidateRole, RoleId},
    select::label,
    spec::{Spec, Waiver},
};
use adit_snapshots::{EntitlementId, IdentityId};

use super::Refusal;
use crate::{Finding, Subject, context::Context};

/// Whether a part of a finding is what a waiver is on: every entry must be met, by the part or by the whole, and there must be one.
pub(super) fn is_on(context: &Context<'_>, waiver: &Waiver, part: &Finding, whole: &Finding) -> bool {
    let is_met = |(kind, name): &(String, String)| {
        is_about(context, part, kind, name) || whole.together.is_some() && is_about(context, whole, kind, name)
    };
    !waiver.on.is_empty() && waiver.on.iter().all(is_met)
}

/// Why a waiver cannot take this finding though it is on it.
pub(super) fn refusals(context: &Context<'_>, waiver: &Waiver, finding: &Finding) -> Vec<Refusal> {
    let people = context.people();
    let mut refusals = Vec::new();
    if let Some(name) = duties_never_waived(context.spec, &finding.subject) {
        refusals.push(Refusal::DutiesNeverWaived(name.to_owned()));
    }
    let holders = holders(context, &finding.subject);
    let members = role_members(context, finding);
    let is_member = |identity: &IdentityId| members.iter().any(|members| members.binary_search(identity).is_ok());
    for &approver in people.find(&waiver.approved_by) {
        if holders.contains(&approver) || is_member(&approver) {
            refusals.push(Refusal::ApprovedByBeneficiary(approver));
        }
    }
    for &requester in people.find(&waiver.requested) {
        if holders.contains(&requester) {
            refusals.push(Refusal::RequestedByBeneficiary(requester));
        }
    }
    refusals
}

/// The duties that a finding says are broken, if they are never waived.
pub(super) fn duties_never_waived<'a>(spec: &Spec, subject: &'a Subject) -> Option<&'a str> {
    duties(subject).filter(|name| spec.duties.iter().any(|duties| duties.name == *name && !duties.waivable))
}

fn is_about(context: &Context<'_>, finding: &Finding, kind: &str, name: &str) -> bool {
    let subject = &finding.subject;
    match (kind, subject) {
        ("identity", _) => holders(context, subject).iter().any(|&identity| context.people().is(name, identity)),
        ("role", _) => is_role(context, subject, name),
        ("mining", _) => is_mining(context, subject, name),
        ("entitlement", _) => {
            let entitlements = &context.snapshot.entitlements;
            subject_entitlement(subject)
                .into_iter()
                .chain(finding.entitlements.iter().copied())
                .any(|held| entitlements.name(held) == name || label(context.snapshot, held) == name)
        }
        ("duties" | "governance" | "separation", _) if duties(subject) == Some(name) => true,
        ("population", Subject::Population(known) | Subject::PopulationAttribute(known, _))
        | ("attribute", Subject::PopulationAttribute(_, known))
        | ("source", Subject::Source(known))
        | ("group", Subject::Group(known) | Subject::GroupConflict(known, _))
        | ("account", Subject::Account(known) | Subject::AccountConflict(known, _))
        | ("exception", Subject::Exception(known))
        | ("approval", Subject::Approval(known)) => known == name,
        ("attribute", Subject::Spec("identity attribute" | "entitlement attribute" | "account attribute", known)) => {
            known == name
        }
        ("assignment", Subject::Assignment(identity, held)) => {
            let (identity, held) =
                (context.snapshot.identities.name(*identity), context.snapshot.entitlements.name(*held));
            name.strip_prefix(identity).and_then(|rest| rest.strip_prefix(' ')) == Some(held)
        }
        ("source", Subject::Reference(table, _)) => {
            let mut sources = context.snapshot.manifest.sources.iter();
            sources.any(|source| source.id == name && source.table == *table)
        }
        ("application", _) => is_application(context, finding, name),
        ("sensitive", Subject::Entitlement(_) | Subject::Role(..)) => is_sensitive(context, finding, name),
        (_, Subject::Spec(known_kind, known)) => *known_kind == kind && known == name,
        _ => false,
    }
}

/// Whether everything a finding is about is access that the spec calls sensitive by that name.
fn is_sensitive(context: &Context<'_>, finding: &Finding, name: &str) -> bool {
    let mut called = context.spec.sensitive.iter().filter(|sensitive| sensitive.name == name);
    called.any(|sensitive| {
        let (known, _) = context.graph.resolve(&sensitive.access);
        let is_of_it = |held: &EntitlementId| known.entitlements.binary_search(held).is_ok();
        !finding.entitlements.is_empty() && finding.entitlements.iter().all(is_of_it)
    })
}

/// Whether everything a finding is about is of one application.
fn is_application(context: &Context<'_>, finding: &Finding, name: &str) -> bool {
    let entitlements = &context.snapshot.entitlements;
    match &finding.subject {
        Subject::Application(known) => known == name,
        Subject::Account(id) | Subject::AccountConflict(id, _) => {
            named(&context.snapshot.accounts.rows, id, |account| &account.id).any(|account| account.system == name)
        }
        subject => {
            let mut held =
                subject_entitlement(subject).into_iter().chain(finding.entitlements.iter().copied()).peekable();
            held.peek().is_some() && held.all(|held| entitlements.parts(held)[0] == name)
        }
    }
}

/// The entitlement that is a finding's subject, or part of it.
fn subject_entitlement(subject: &Subject) -> Option<EntitlementId> {
    match subject {
        Subject::Entitlement(held) | Subject::Assignment(_, held) => Some(*held),
        _ => None,
    }
}

fn is_role(context: &Context<'_>, subject: &Subject, name: &str) -> bool {
    let is_existing = |id: &str| {
        let mut roles = named(&context.snapshot.roles, id, |role| &role.id);
        id == name || roles.any(|role| role.name.as_deref() == Some(name))
    };
    let is_candidate = |role: &CandidateRole| {
        [Some(role.id.0.as_str()), Some(role.handle.as_str()), role.name.as_deref()].contains(&Some(name))
    };
    let existing = existing_id(subject).is_some_and(is_existing);
    existing || candidates(context, subject).any(is_candidate)
}

fn is_mining(context: &Context<'_>, subject: &Subject, name: &str) -> bool {
    let is_named = |mining: usize| context.spec.minings.get(mining).is_some_and(|mining| mining.name == name);
    match subject {
        Subject::Spec(kind, known) => *kind == "mining" && known == name,
        Subject::Population(known) | Subject::PopulationAttribute(known, _) => {
            let mut populations = context.compilation.populations.iter();
            populations.any(|population| population.name == *known && is_named(population.mining))
        }
        _ => candidates(context, subject).any(|role| role.origin.mining().is_some_and(is_named)),
    }
}

/// The duties a finding says are broken.
fn duties(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Conflict(_, duties)
        | Subject::RoleConflict(_, _, duties)
        | Subject::ExistingRoleConflict(_, duties)
        | Subject::GroupConflict(_, duties)
        | Subject::AccountConflict(_, duties) => Some(duties),
        _ => None,
    }
}

/// The identities a finding is about by itself.
fn holders(context: &Context<'_>, subject: &Subject) -> Vec<IdentityId> {
    match subject {
        Subject::Identity(identity) | Subject::Conflict(identity, _) | Subject::Assignment(identity, _) => {
            vec![*identity]
        }
        Subject::IdentityPair(one, other) => vec![*one, *other],
        Subject::Account(id) | Subject::AccountConflict(id, _) => {
            named(&context.snapshot.accounts.rows, id, |account| &account.id)
                .filter_map(|account| account.identity)
                .collect()
        }
        Subject::Exception(id) => named(&context.snapshot.exceptions, id, |exception| &exception.id)
            .map(|exception| exception.identity)
            .collect(),
        _ => Vec::new(),
    }
}

/// The rows of that id, of rows sorted by id.
fn named<'a, T>(rows: &'a [T], id: &str, name: impl Fn(&T) -> &str) -> impl Iterator<Item = &'a T> {
    let from = rows.partition_point(|row| name(row) < id);
    rows.iter().skip(from).take_while(move |row| name(row) == id)
}

/// The members of each role a finding is about: all of them benefit.
fn role_members<'a>(context: &'a Context<'_>, finding: &'a Finding) -> Vec<&'a [IdentityId]> {
    let against = finding.against.iter().flat_map(|id| with_id(context, id));
    let candidates = candidates(context, &finding.subject).chain(against).map(|role| role.members.as_slice());
    let existing = existing_id(&finding.subject).into_iter();
    let existing = existing.flat_map(|id| named(&context.snapshot.roles, id, |role| &role.id));
    candidates.chain(existing.map(|role| role.members.as_slice())).collect()
}

/// The existing role that a finding is about.
fn existing_id(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::ExistingRole(id) | Subject::ExistingRoleConflict(id, _) | Subject::RoleTwin(_, _, id) => Some(id),
        _ => None,
    }
}

/// The candidate roles a finding is about: every one that grants the same.
fn candidates<'a>(context: &'a Context<'_>, subject: &'a Subject) -> impl Iterator<Item = &'a CandidateRole> {
    let ids: [Option<&RoleId>; 2] = match subject {
        Subject::Role(id, _) | Subject::RoleConflict(id, _, _) | Subject::RoleTwin(id, _, _) => [Some(id), None],
        Subject::RolePair((one, _), (other, _)) => [Some(one), Some(other)],
        _ => [None, None],
    };
    ids.into_iter().flatten().flat_map(|id| with_id(context, id))
}

/// Every candidate role that grants the same.
fn with_id<'a>(context: &'a Context<'_>, id: &RoleId) -> impl Iterator<Item = &'a CandidateRole> {
    context.called_roles().with_id(id).iter().filter_map(|&role| context.compilation.roles.get(role))
}
