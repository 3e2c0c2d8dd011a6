//! What exceptions hold up: the entitlements of mined roles whose support counts holdings that rest on exceptions.

use std::collections::BTreeMap;

use adit_compiler::{
    compile::Population,
    roles::{CandidateRole, Granted, RoleOrigin},
    spec::Percent,
};
use adit_snapshots::{EntitlementId, IdentityId};

use super::basis::{Basis, Ends, first_group, resting_on_exceptions};
use crate::{Evidence, Node, Phrase, context::Context, graph::Holder};

/// So many entitlements that a group brings are named.
const BROUGHT: usize = 4;

/// An entitlement of a mined role, with the members whose holding rests on an exception.
#[derive(Debug)]
pub(super) struct Supported<'a> {
    /// Index into `Compilation::roles`.
    pub(super) role: usize,
    /// The entitlement, and who of the cluster holds it.
    pub(super) granted: &'a Granted,
    /// The share of the cluster that must hold it.
    pub(super) cutoff: Percent,
    /// The members whose holding was mined and rests on an exception, ascending; never empty.
    pub(super) by_exception: Vec<(IdentityId, Basis)>,
}

impl Supported<'_> {
    /// How many would hold it without their exceptions: the support, counted anew.
    pub(super) fn regular(&self) -> u64 {
        u64::from(self.granted.held).saturating_sub(self.by_exception.len() as u64)
    }

    /// Whether it would still be in the role: as the cut decides, what nobody holds meets no cut-off, not even 0%.
    pub(super) fn stays(&self) -> bool {
        self.regular() > 0 && self.cutoff.met_by(self.regular(), self.granted.of.into())
    }

    /// How the recount comes out, in words.
    pub(super) fn outcome(&self) -> String {
        let (regular, of, cutoff) = (self.regular(), self.granted.of, self.cutoff);
        if self.stays() {
            format!("without them {regular} of {of} hold it, which still meets the cut-off of {cutoff}")
        } else if regular == 0 {
            "without them nobody holds it: exceptions alone put it into the role".to_owned()
        } else {
            format!(
                "without them {regular} of {of} hold it, under the cut-off of {cutoff}: exceptions alone put it into the role"
            )
        }
    }
}

/// Every entitlement of a mined role that some member holds by exception only, by role.
pub(super) fn supported<'a>(context: &Context<'a>) -> Vec<Supported<'a>> {
    let resting = resting_on_exceptions(context.snapshot, Ends::WhereRare);
    let mut supported = Vec::new();
    for (index, role) in context.proposed() {
        let Some((population, cutoff)) = origin(context, role) else { continue };
        for granted in &role.grants {
            let by_exception = by_exception(role, population, granted.entitlement, &resting);
            if !by_exception.is_empty() {
                supported.push(Supported { role: index, granted, cutoff, by_exception });
            }
        }
    }
    supported
}

/// What exceptions hold up, by entitlement.
pub(super) type Supports<'s, 'a> = BTreeMap<EntitlementId, Vec<&'s Supported<'a>>>;

/// The same by entitlement, for whoever asks of many.
pub(super) fn by_entitlement<'s, 'a>(supported: &'s [Supported<'a>]) -> Supports<'s, 'a> {
    let mut supports = Supports::new();
    for it in supported {
        supports.entry(it.granted.entitlement).or_default().push(it);
    }
    supports
}

/// The roles that an assignment which rests on an exception helps to an entitlement: a note and a path for each.
pub(super) fn traced(
    context: &Context<'_>,
    supports: &Supports<'_, '_>,
    identity: IdentityId,
    entitlement: EntitlementId,
) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for it in supports.get(&entitlement).into_iter().flatten() {
        let Ok(place) = it.by_exception.binary_search_by_key(&identity, |(member, _)| *member) else { continue };
        let Some(role) = context.compilation.roles.get(it.role) else { continue };
        let note = Phrase::new("role ").role(&role.handle).text(format!(
            " has it from {} of {} members, {} of them by exception: {}",
            it.granted.held,
            it.granted.of,
            it.by_exception.len(),
            it.outcome()
        ));
        evidence.push(Evidence::Note(note));
        evidence.extend(it.by_exception.get(place).map(|&(member, basis)| trace(context, it, member, basis)));
    }
    evidence
}

/// What else an exception brings that put its holder into a group: the entitlements that it has through that group and by nothing else, and
/// the roles that each of them now supports.
pub(super) fn brought(
    context: &Context<'_>,
    resting: &BTreeMap<(EntitlementId, IdentityId), Basis>,
    supports: &Supports<'_, '_>,
    identity: IdentityId,
    entitlement: EntitlementId,
) -> Vec<Evidence> {
    let assignments = &context.snapshot.assignments;
    let ways = assignments.find(identity, entitlement).map_or(&[][..], |number| assignments.grants(number));
    let mut groups: Vec<&str> = ways.iter().filter_map(|way| first_group(context.snapshot, way.path)).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut evidence = Vec::new();
    for group in groups {
        let others: Vec<EntitlementId> = assignments
            .held(identity)
            .iter()
            .copied()
            .filter(|&held| match resting.get(&(held, identity)) {
                Some(Basis::Member(way)) => first_group(context.snapshot, *way) == Some(group),
                _ => false,
            })
            .collect();
        if others.is_empty() {
            continue;
        }
        let phrase = Phrase::new("it put them into ").node(Node::Group(group.to_owned())).text(", which brings ");
        let phrase = phrase.listed(others.iter().copied().map(Node::Entitlement), BROUGHT);
        evidence.push(Evidence::Note(phrase.text(" too")));
        evidence.extend(others.iter().flat_map(|&held| traced(context, supports, identity, held)));
    }
    evidence
}

/// The way from an exception to the role that it helps to an entitlement.
pub(super) fn trace(context: &Context<'_>, it: &Supported<'_>, member: IdentityId, basis: Basis) -> Evidence {
    let recorded = match basis {
        Basis::Recorded(index) => context.snapshot.exceptions.get(index),
        Basis::Unrecorded(_) | Basis::Member(_) => None,
    };
    let mut path: Vec<Node> = recorded.map(|exception| Node::Exception(exception.id.clone())).into_iter().collect();
    path.push(Node::Identity(member));
    if let Basis::Member(way) = basis {
        path.extend(first_group(context.snapshot, way).map(|group| Node::Group(group.to_owned())));
    }
    path.extend([Node::Entitlement(it.granted.entitlement), context.graph.holder_name(Holder::Role(it.role))]);
    Evidence::Path(path)
}

/// The roles that inherit such an entitlement, each with the way to it: what began as an exception, handed on.
pub(super) fn inherited(context: &Context<'_>, it: &Supported<'_>) -> Vec<Evidence> {
    let heirs = context.graph.heirs(Holder::Role(it.role));
    heirs
        .into_iter()
        .filter_map(|heir| context.graph.path(heir, &[it.granted.entitlement]))
        .map(Evidence::Path)
        .collect()
}

/// Where a mined role comes from, and the cut-off its entitlements had to meet.
fn origin<'a>(context: &Context<'a>, role: &CandidateRole) -> Option<(&'a Population, Percent)> {
    let (population, is_primary) = match role.origin {
        RoleOrigin::Primary { population, .. } | RoleOrigin::Existing { population, .. } => (population, true),
        RoleOrigin::Secondary { population, .. } => (population, false),
        RoleOrigin::Declared { .. } => return None,
    };
    let population = context.compilation.populations.get(population)?;
    let cutoff = &context.spec.minings.get(population.mining)?.cutoff;
    Some((population, if is_primary { cutoff.primary } else { cutoff.secondary? }))
}

fn by_exception(
    role: &CandidateRole,
    population: &Population,
    entitlement: EntitlementId,
    resting: &BTreeMap<(EntitlementId, IdentityId), Basis>,
) -> Vec<(IdentityId, Basis)> {
    let matrix = &population.matrix;
    let mined = |identity: IdentityId| {
        let row = matrix.identities.binary_search(&identity).ok()?;
        let column = matrix.entitlements.binary_search(&entitlement).ok()?;
        Some(matrix.holds(u32::try_from(row).ok()?, u32::try_from(column).ok()?))
    };
    resting
        .range((entitlement, IdentityId(0))..=(entitlement, IdentityId(u32::MAX)))
        .map(|(&(_, identity), &basis)| (identity, basis))
        .filter(|&(identity, _)| role.members.binary_search(&identity).is_ok() && mined(identity) == Some(true))
        .collect()
}
