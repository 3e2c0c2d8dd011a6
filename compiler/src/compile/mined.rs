//! One population mined, cut, described and measured; and its roles put in order.

use std::collections::BTreeMap;

use adit_snapshots::{Column, Digest, EntitlementId, IdentityId, Snapshot};
use rayon::prelude::*;

use super::{
    Compilation, CompileError, Population,
    discovered::{self, Bench, Given, Settled},
    guides::guides,
    learned,
};
use crate::{
    cut::{self, CutRole},
    describe::{Describer, Explained, Explainer},
    matrix::AccessMatrix,
    measures::{self, Flat, RoleMeasures},
    mine::{self, Cluster, Clustering, MineError, MineInput, Progress},
    quality,
    roles::{CandidateRole, Granted, MembershipRule, RoleId, RoleOrigin},
    select::Selection,
    spec::{Cutoff, Mining, Spec, Strategy},
};

/// A role of a population with its membership rule, and its child with its own.
#[derive(Debug)]
pub(super) struct Described {
    cut: CutRole,
    /// The first is its own, the second its child's.
    rules: [Option<MembershipRule>; 2],
    /// Likewise; with the place of each among the roles of the population, which is what [`RoleMeasures`] name other roles by.
    measures: [Option<(usize, RoleMeasures)>; 2],
    /// Likewise: what attributes come nearest to the members.
    explained: [Option<Explained>; 2],
    /// The places of the roles it inherits, in the same count.
    inherits: Vec<usize>,
    /// Of an existing role: what would change.
    settled: Option<Settled>,
}

/// Mines a population. Its roles come largest first.
pub(super) fn mine(
    spec: &Spec,
    number: usize,
    snapshot: &Snapshot,
    selection: Selection,
    given: &mut Given,
    progress: &dyn Progress,
) -> Result<(Population, Vec<Described>), CompileError> {
    let Some(mining) = spec.minings.get(number) else { return Err(cancelled("")) };
    if progress.cancelled() {
        return Err(cancelled(&mining.name));
    }
    let Selection { classes, name, matrix, excluded, filter, looked_at, digest } = selection;
    progress.stage(&format!("mining {name}"), 0);
    let guides = guides(snapshot, &matrix.identities, mining)?;
    let input = MineInput { matrix: &matrix, guides: &guides, filter: filter.as_deref() };
    let clustering = found(mining, &input, progress)?;
    if progress.cancelled() {
        return Err(cancelled(&mining.name));
    }
    progress.stage(&format!("cutting {name}"), 0);
    let (mut cut, mut roles) = cut::cut(&matrix, &clustering.clusters, &mining.cutoff);
    let (settled, left_alone) = match mining.strategy {
        Strategy::ExistingRoles(_) => {
            let bench = Bench { snapshot, matrix: &matrix, looked_at: &looked_at, cutoff: &mining.cutoff, given };
            let settled = bench.settle(&mut roles);
            cut.individual = cut::individual(&matrix, &roles);
            settled
        }
        _ => Default::default(),
    };
    let flat = Flat::new(&roles);
    let flat = flat.roles();
    let measures = measures::measure(&matrix, &flat, clustering.bound.as_ref());
    let of_each = measures::role_measures(&matrix, &flat);
    progress.stage(&format!("measuring {name}"), 0);
    let mined = quality::Mined {
        matrix: &matrix,
        strategy: &mining.strategy,
        cutoff: Some(&mining.cutoff),
        guides: &guides,
        filter: filter.as_deref(),
        clusters: &clustering.clusters,
        found: clustering.clusters.len(),
        roles: &flat,
        measures: &measures,
    };
    let quality = quality::quality(&mined, progress)
        .map_err(|error| CompileError::Mine { mining: mining.name.clone(), error })?;
    progress.stage(&format!("describing {name}"), 0);
    let learnability = learned::learn(snapshot, mining, &matrix, &flat)?;
    let roles = described(snapshot, mining, &matrix, roles, of_each, settled)?;
    let population = Population {
        mining: number,
        classes,
        name,
        matrix,
        excluded,
        bound: clustering.bound,
        notes: clustering.notes,
        cut,
        measures,
        quality,
        learnability,
        digest,
        clusters: cluster_digest(&clustering.clusters),
        unassigned: clustering.unassigned,
        left_alone,
        filter,
    };
    Ok((population, roles))
}

/// Adds the roles of a mining block, of all its populations, largest first, each child after its parent.
pub(super) fn add(compilation: &mut Compilation<'_>, number: usize, mining: &Mining, found: Vec<(usize, Described)>) {
    let mut found = found;
    // Stable: roles of the same size keep the order of their populations, and within one that of their content.
    found.sort_by_key(|(_, role)| std::cmp::Reverse(role.cut.size()));
    let mut places = BTreeMap::new();
    let mut inherited = Vec::new();
    let first = compilation.roles.len();
    for ((population, role), place) in found.into_iter().zip(1_usize..) {
        let Some(Population { name, matrix, .. }) = compilation.populations.get(population) else { continue };
        let handle = match &role.settled {
            Some(settled) => format!("{name}/{}", settled.id(compilation.snapshot)),
            None => format!("{}/{place}", mining.name),
        };
        let parent = compilation.roles.len();
        let origin = RoleOrigin::Primary { mining: number, population };
        let [rule, secondary_rule] = role.rules;
        let primary = candidate(compilation.snapshot, matrix, &role.cut, handle.clone(), origin, rule, &mining.cutoff);
        let primary = match role.settled {
            Some(settled) => discovered::candidate(compilation.snapshot, primary, settled, (number, population)),
            None => primary,
        };
        let child = role.cut.secondary.as_deref().map(|cut| {
            let origin = RoleOrigin::Secondary { mining: number, population };
            let handle = format!("{handle}.secondary");
            let child = candidate(compilation.snapshot, matrix, cut, handle, origin, secondary_rule, &mining.cutoff);
            CandidateRole { inherits: vec![parent], ..child }
        });
        inherited.push((parent, population, role.inherits));
        let of_each = role.measures.into_iter().zip(role.explained);
        for (role, (measures, explained)) in [Some(primary), child].into_iter().zip(of_each) {
            let Some(role) = role else { continue };
            if let Some((number, _)) = measures {
                places.insert((population, number), compilation.roles.len());
            }
            let measures = measures.map(|(_, measures)| measures);
            compilation.roles.push(CandidateRole { measures, explained, ..role });
        }
    }
    name_closest(&mut compilation.roles, first, &places);
    for (number, population) in compilation.populations.iter_mut().enumerate() {
        let place = |&role: &usize| places.get(&(number, role)).copied();
        if places.range((number, 0)..(number + 1, 0)).next().is_some() {
            population.learnability =
                population.learnability.take().map(|learned| learned.map(|role| place(role).unwrap_or(*role)));
        }
    }
    for &(heir, population, ref inherits) in &inherited {
        let inherits = inherits.iter().filter_map(|&number| places.get(&(population, number)).copied());
        if let Some(role) = compilation.roles.get_mut(heir) {
            role.inherits.extend(inherits);
            role.inherits.sort_unstable();
        }
    }
    for (heir, ..) in inherited {
        name_heir(compilation, heir);
    }
}

/// A role that grants nothing itself has the id of what it inherits.
fn name_heir(compilation: &mut Compilation<'_>, heir: usize) {
    if compilation.roles.get(heir).is_none_or(|role| !role.grants.is_empty() || role.change().is_some()) {
        return;
    }
    let grants = compilation.effective_grants(heir);
    let id = RoleId::of(grants.into_iter().map(|entitlement| compilation.snapshot.entitlements.name(entitlement)));
    if let Some(role) = compilation.roles.get_mut(heir) {
        role.id = id;
    }
}

/// Measures name the closest role by its place in its population; from here on it is the place among all roles.
fn name_closest(roles: &mut [CandidateRole], first: usize, places: &BTreeMap<(usize, usize), usize>) {
    for role in roles.iter_mut().skip(first) {
        let Some(population) = role.origin.population() else { continue };
        if let Some(closest) = role.measures.as_mut().and_then(|measures| measures.closest.as_mut()) {
            closest.role = places.get(&(population, closest.role)).copied().unwrap_or(closest.role);
        }
    }
}

/// What the strategy of a mining block finds in a population.
pub(crate) fn clusters(
    snapshot: &Snapshot,
    mining: &Mining,
    matrix: &AccessMatrix,
    filter: Option<&[u32]>,
    progress: &dyn Progress,
) -> Result<Clustering, CompileError> {
    let guides = guides(snapshot, &matrix.identities, mining)?;
    found(mining, &MineInput { matrix, guides: &guides, filter }, progress)
}

fn found(mining: &Mining, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, CompileError> {
    mine::strategy(&mining.strategy)
        .mine(input, progress)
        .map_err(|error| CompileError::Mine { mining: mining.name.clone(), error })
}

fn described(
    snapshot: &Snapshot,
    mining: &Mining,
    matrix: &AccessMatrix,
    roles: Vec<CutRole>,
    measures: Vec<RoleMeasures>,
    mut settled: BTreeMap<usize, Settled>,
) -> Result<Vec<Described>, CompileError> {
    let describer = match &mining.describe {
        Some(settings) => Some(Describer::new(snapshot, &matrix.identities, mining, settings)?),
        None => None,
    };
    let known = known(snapshot, mining);
    let explainer = (!known.is_empty()).then(|| Explainer::new(&known, &matrix.identities));
    let nearest = |role: &CutRole| explainer.as_ref().and_then(|explainer| explainer.explain(&role.members));
    let rule = |role: &CutRole| describer.as_ref().and_then(|describer| describer.rule(&role.members));
    // In the order of `measured`: each role, then its child.
    let numbers = cut::numbers(&roles);
    let mut measures = measures.into_iter().enumerate();
    let roles: Vec<_> = roles
        .into_iter()
        .map(|cut| {
            let own = measures.next();
            let child = cut.secondary.as_ref().and_then(|_| measures.next());
            let settled = settled.remove(&cut.cluster);
            (cut, [own, child], settled)
        })
        .collect();
    Ok(roles
        .into_par_iter()
        .map(|(cut, measures, settled)| {
            let rules = [rule(&cut), cut.secondary.as_deref().and_then(rule)];
            let inherits = cut.inherits.iter().filter_map(|&role| numbers.get(role).copied()).collect();
            let explained = [nearest(&cut), cut.secondary.as_deref().and_then(nearest)];
            Described { cut, rules, measures, explained, inherits, settled }
        })
        .collect())
}

/// The attributes that shape or describe roles, in the order in which they are named; those that there are not have been reported.
fn known<'a>(snapshot: &'a Snapshot, mining: &'a Mining) -> Vec<(&'a str, &'a Column)> {
    let mut known: Vec<(&str, &Column)> = Vec::new();
    for name in mining.guided_by.iter().chain(mining.describe.iter().flat_map(|describe| &describe.by)) {
        if let Some(column) =
            snapshot.identities.attribute(name).filter(|_| known.iter().all(|(other, _)| other != name))
        {
            known.push((name, column));
        }
    }
    known
}

fn candidate(
    snapshot: &Snapshot,
    matrix: &AccessMatrix,
    cut: &CutRole,
    handle: String,
    origin: RoleOrigin,
    rule: Option<MembershipRule>,
    cutoff: &Cutoff,
) -> CandidateRole {
    let identity = |row: u32| matrix.identities.get(row as usize).copied().unwrap_or(IdentityId(u32::MAX));
    let entitlement =
        |column: u32| matrix.entitlements.get(column as usize).copied().unwrap_or(EntitlementId(u32::MAX));
    let grants: Vec<Granted> = cut
        .grants
        .iter()
        .map(|grant| Granted {
            entitlement: entitlement(grant.column),
            held: grant.held,
            of: grant.of,
            margin: cutoff.decides().then_some(grant.margin),
        })
        .collect();
    // The matrix lacks assignments that the scope excludes; they are held all the same.
    let over_grants = cut
        .over_grants(matrix)
        .into_iter()
        .map(|(row, column)| (identity(row), entitlement(column)))
        .filter(|(identity, entitlement)| snapshot.assignments.find(*identity, *entitlement).is_none())
        .collect();
    CandidateRole {
        id: RoleId::of(grants.iter().map(|grant| snapshot.entitlements.name(grant.entitlement))),
        handle,
        name: None,
        origin,
        grants,
        inherits: Vec::new(),
        members: cut.members.iter().map(|&member| identity(member)).collect(),
        over_grants,
        rule,
        measures: None,
        explained: None,
    }
}

/// The digest of clusters: the members, the entitlements and the inherited clusters of each, with their counts, as little-endian integers.
fn cluster_digest(clusters: &[Cluster]) -> Digest {
    let mut bytes = Vec::new();
    for list in clusters.iter().flat_map(|cluster| [&cluster.members, &cluster.entitlements, &cluster.inherits]) {
        bytes.extend_from_slice(&(list.len() as u64).to_le_bytes());
        list.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
    }
    Digest::of(&bytes)
}

fn cancelled(mining: &str) -> CompileError {
    CompileError::Mine { mining: mining.to_owned(), error: MineError::Cancelled }
}
