//! One population mined, cut, described and measured; and its roles put in order.

use std::collections::BTreeMap;

use adit_snapshots::{Digest, EntitlementId, IdentityId, Snapshot};
use rayon::prelude::*;

use super::{
    Compilation, CompileError, Depth, Population,
    described::{Attributes, Told},
    discovered::{self, Bench, Given, Settled},
    guides::guides,
};
use crate::{
    beside::beside,
    cut::{self, CutRole},
    matrix::AccessMatrix,
    measures::{self, Flat, RoleMeasures},
    mine::{self, Cluster, Clustering, MineError, MineInput, Progress},
    quality,
    roles::{CandidateRole, Granted, RoleId, RoleOrigin},
    select::Selection,
    spec::{Cutoff, Mining, Spec, Strategy},
};

/// A role of a population with what is said of it, and its child with its own.
#[derive(Debug)]
pub(super) struct Described {
    cut: CutRole,
    /// What attributes say: first of itself, then of its child.
    told: [Told; 2],
    /// Likewise; with the place of each among the roles of the population, which is what [`RoleMeasures`] name other roles by.
    measures: [Option<(usize, RoleMeasures)>; 2],
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
    depth: Depth,
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
    let attributes = Attributes::new(snapshot, mining)?;
    let (clustering, describing) = beside(|| attributes.over(&matrix.identities), || found(mining, &input, progress));
    let clustering = clustering?;
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
    progress.stage(&format!("measuring and describing {name}"), 0);
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
    let of_roles =
        || (measures::role_measures(&matrix, &flat), describing.tell(&roles), describing.learn(&matrix, &flat));
    let (quality, (of_each, told, learnability)) =
        beside(of_roles, || (depth == Depth::Quality).then(|| quality::quality(&mined, progress)).transpose());
    let quality = quality.map_err(|error| CompileError::Mine { mining: mining.name.clone(), error })?;
    let roles = described(roles, told, of_each, settled);
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
    let snapshot = compilation.snapshot;
    let named: Vec<_> = found
        .into_par_iter()
        .enumerate()
        .filter_map(|(place, (population, role))| {
            let Population { name, matrix, .. } = compilation.populations.get(population)?;
            let handle = match &role.settled {
                Some(settled) => format!("{name}/{}", settled.id(snapshot)),
                None => format!("{}/{}", mining.name, place + 1),
            };
            Some((population, candidates(snapshot, matrix, role, handle, (number, population), mining)))
        })
        .collect();
    for (population, Candidates { own, child, inherits }) in named {
        let parent = compilation.roles.len();
        inherited.push((parent, population, inherits));
        let child = child.map(|(place, child)| (place, CandidateRole { inherits: vec![parent], ..child }));
        for (place, role) in [Some(own), child].into_iter().flatten() {
            places.extend(place.map(|place| ((population, place), compilation.roles.len())));
            compilation.roles.push(role);
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

/// Puts together what was found out of each role.
fn described(
    roles: Vec<CutRole>,
    told: Vec<[Told; 2]>,
    measures: Vec<RoleMeasures>,
    mut settled: BTreeMap<usize, Settled>,
) -> Vec<Described> {
    // In the order of `measured`: each role, then its child.
    let numbers = cut::numbers(&roles);
    let mut measures = measures.into_iter().enumerate();
    let put = |(cut, told): (CutRole, [Told; 2])| {
        let own = measures.next();
        let child = cut.secondary.as_ref().and_then(|_| measures.next());
        let inherits = cut.inherits.iter().filter_map(|&role| numbers.get(role).copied()).collect();
        let settled = settled.remove(&cut.cluster);
        Described { cut, told, measures: [own, child], inherits, settled }
    };
    roles.into_iter().zip(told).map(put).collect()
}

/// A role of a population and its child as candidates, each with its place among the roles of the population.
struct Candidates {
    own: (Option<usize>, CandidateRole),
    /// Its parent is yet to be filled in.
    child: Option<(Option<usize>, CandidateRole)>,
    /// The places of the roles that the first inherits, in the same count.
    inherits: Vec<usize>,
}

fn candidates(
    snapshot: &Snapshot,
    matrix: &AccessMatrix,
    role: Described,
    handle: String,
    (mining, population): (usize, usize),
    block: &Mining,
) -> Candidates {
    let Described { cut, told: [own_told, child_told], measures: [own_measures, child_measures], inherits, settled } =
        role;
    let finished = |role: CandidateRole, told: Told, measures: Option<(usize, RoleMeasures)>| {
        let (place, measures) = measures.unzip();
        (place, CandidateRole { rule: told.rule, explained: told.explained, measures, ..role })
    };
    let child = cut.secondary.as_deref().map(|cut| {
        let origin = RoleOrigin::Secondary { mining, population };
        let child = candidate(snapshot, matrix, cut, format!("{handle}.secondary"), origin, &block.cutoff);
        finished(child, child_told, child_measures)
    });
    let own = candidate(snapshot, matrix, &cut, handle, RoleOrigin::Primary { mining, population }, &block.cutoff);
    let own = match settled {
        Some(settled) => discovered::candidate(snapshot, own, settled, (mining, population)),
        None => own,
    };
    Candidates { own: finished(own, own_told, own_measures), child, inherits }
}

fn candidate(
    snapshot: &Snapshot,
    matrix: &AccessMatrix,
    cut: &CutRole,
    handle: String,
    origin: RoleOrigin,
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
        rule: None,
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
