//! What mining a table gives: roles with names, and what they cost.

use std::collections::{BTreeMap, BTreeSet};

use adit_compiler::{
    cut,
    describe::{Describer, Explainer},
    learn::{self, Learnability},
    matrix::AccessMatrix,
    measures::{self, Baselines, MeasuredRole, Measures, direct_members, primary_roles},
    mine::{self, Cluster, Clustering, Guide, LowerBound, MineError, MineInput},
    quality::{self, Quality},
    roles::RoleId,
};
use adit_snapshots::{Assignments, Column, Snapshot};
use rayon::prelude::*;

use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    interrupt,
    output::mine::{Mined, MinedRole, Using},
    progress::Meter,
    values::Measure,
};

impl Mined {
    /// Mines `snapshot`.
    pub(crate) fn mine(
        mut snapshot: Snapshot,
        using: &Using,
        measure: Measure,
        meter: &Meter,
    ) -> Result<Self, Failure> {
        let (matrix, mut clustering, baselines) = clusters(&mut snapshot, using, meter, measures::baselines)?;
        let found = std::mem::take(&mut clustering.clusters);
        let number = found.len();
        let (found, clusters, cut) = match &using.cutoff {
            Some(cutoff) => {
                let (cut, roles) = cut::cut(&matrix, &found, cutoff);
                (found, cut::flattened(roles), Some(cut))
            }
            None => (Vec::new(), found, None),
        };
        let mut roles = named(clusters, &snapshot);
        describe(&mut roles, &snapshot, &matrix, using);
        let found = Found { clusters: &found, number, bound: clustering.bound.as_ref(), baselines };
        let measured = measured(&roles, &found, &snapshot, &matrix, using, measure, meter)?;
        let Measured { measures, quality, learnability, primary } = measured;
        for (row, role) in (0..).zip(primary) {
            if let Some(role) = role.and_then(|role| roles.get_mut(role as usize)) {
                role.primary.push(row);
            }
        }
        let using = using.clone();
        Ok(Self { snapshot, matrix, using, clustering, cut, roles, measures, measure, quality, learnability })
    }
}

/// What the strategy finds in a snapshot, which is digested beside it, and what else there is to find out about the matrix meanwhile:
/// strategies have stretches that one thread must go alone.
pub(crate) fn clusters<T: Send>(
    snapshot: &mut Snapshot,
    using: &Using,
    meter: &Meter,
    beside: impl FnOnce(&AccessMatrix) -> T + Send,
) -> Result<(AccessMatrix, Clustering, T), Failure> {
    let matrix = matrix(snapshot);
    let filter = using.columns(&snapshot.entitlements, &matrix)?;
    meter.doing("mining");
    let guides = guides(snapshot, &using.guided_by, &matrix);
    let input = MineInput { matrix: &matrix, guides: &guides, filter: filter.as_deref() };
    let strategy = mine::strategy(&using.strategy);
    let digested = || {
        snapshot.digest = snapshot.compute_digest();
        // The matrix has them.
        snapshot.assignments = Assignments::default();
        beside(&matrix)
    };
    let (clustering, found) = rayon::join(|| strategy.mine(&input, meter), digested);
    interrupt::check()?;
    Ok((matrix, clustering.map_err(failed)?, found))
}

/// Who has what.
pub(crate) fn matrix(snapshot: &Snapshot) -> AccessMatrix {
    let assignments = &snapshot.assignments;
    AccessMatrix::from_runs(
        snapshot.identities.iter().collect(),
        snapshot.entitlements.iter().collect(),
        assignments.starts.clone(),
        assignments.entitlements.par_iter().map(|entitlement| entitlement.0).collect(),
    )
}

/// The values of these attributes, row by row.
pub(crate) fn guides(snapshot: &Snapshot, names: &[String], matrix: &AccessMatrix) -> Vec<Guide> {
    let columns = columns_of(snapshot, names).into_iter();
    columns.map(|(name, column)| Guide::new(name, column, &matrix.identities)).collect()
}

/// The columns of these attributes; those there are not are left out.
fn columns_of<'a>(snapshot: &'a Snapshot, names: &'a [String]) -> Vec<(&'a str, &'a Column)> {
    names.iter().filter_map(|name| Some((name.as_str(), snapshot.identities.attribute(name)?))).collect()
}

/// How well everything that is known of identities explains each role, and the membership rules where they are asked for.
fn describe(roles: &mut [MinedRole], snapshot: &Snapshot, matrix: &AccessMatrix, using: &Using) {
    let known: Vec<(&str, &Column)> =
        snapshot.identities.attributes.iter().map(|attribute| (attribute.name.as_str(), &attribute.column)).collect();
    let explainer = (!known.is_empty()).then(|| Explainer::new(&known, &matrix.identities));
    let describer = using.describe.as_ref().map(|settings| {
        let columns: Vec<&Column> = columns_of(snapshot, &settings.by).into_iter().map(|(_, column)| column).collect();
        Describer::over(&columns, &matrix.identities, settings)
    });
    roles.par_iter_mut().for_each(|role| {
        role.explained = explainer.as_ref().and_then(|explainer| explainer.explain(&role.cluster.members));
        role.rule = describer.as_ref().and_then(|describer| describer.rule(&role.cluster.members));
    });
}

/// What the roles cost and explain, how good they are, how far they can be learned, and the primary role of each row.
struct Measured {
    measures: Measures,
    quality: Result<Quality, &'static str>,
    learnability: Option<Learnability<usize>>,
    primary: Vec<Option<u32>>,
}

/// What the strategy found.
struct Found<'a> {
    /// What the cut made roles of; nothing where there is none.
    clusters: &'a [Cluster],
    /// How many clusters there were in any case.
    number: usize,
    bound: Option<&'a LowerBound>,
    /// What the trivial policies cost, found out meanwhile.
    baselines: Baselines,
}

/// Assignments, at most, of a table whose roles are measured further unless somebody asks for it: a table of a million identities is to take
/// no longer than it must.
const MOST_MEASURED: usize = 10_000_000;

fn measured(
    roles: &[MinedRole],
    found: &Found<'_>,
    snapshot: &Snapshot,
    matrix: &AccessMatrix,
    using: &Using,
    measure: Measure,
    meter: &Meter,
) -> Result<Measured, Failure> {
    let members: Vec<&[u32]> = roles.iter().map(|role| role.cluster.members.as_slice()).collect();
    let inherits: Vec<Vec<usize>> =
        roles.iter().map(|role| role.cluster.inherits.iter().map(|&place| place as usize).collect()).collect();
    let inherits: Vec<&[usize]> = inherits.iter().map(Vec::as_slice).collect();
    let direct = direct_members(&members, &inherits);
    let roles: Vec<_> = roles
        .iter()
        .zip(&direct)
        .zip(inherits)
        .map(|((role, direct_members), inherits)| MeasuredRole {
            direct_members,
            entitlements: &role.cluster.entitlements,
            inherits,
        })
        .collect();
    let learnability = using
        .describe
        .as_ref()
        .and_then(|settings| learn::of_roles(&columns_of(snapshot, &settings.by), matrix, &roles, settings));
    let measures = measures::measure_beside(matrix, &roles, found.bound, found.baselines.clone());
    let quality = match measure {
        Measure::Never => Err("`--quality never`"),
        Measure::Auto if matrix.assignments() > MOST_MEASURED => {
            Err("there are more than 10,000,000 assignments; `--quality always` measures it all the same")
        }
        Measure::Auto | Measure::Always => {
            let filter = using.columns(&snapshot.entitlements, matrix)?;
            let mined = quality::Mined {
                matrix,
                strategy: &using.strategy,
                cutoff: using.cutoff.as_ref(),
                guides: &guides(snapshot, &using.guided_by, matrix),
                filter: filter.as_deref(),
                clusters: found.clusters,
                found: found.number,
                roles: &roles,
                measures: &measures,
            };
            meter.doing("measuring");
            Ok(quality::quality(&mined, meter).map_err(failed)?)
        }
    };
    Ok(Measured { quality, learnability, primary: primary_roles(matrix, &roles), measures })
}

fn failed(error: MineError) -> Failure {
    match error {
        MineError::Cancelled => Failure::Interrupted,
        MineError::Limit { message, help } => Failure::new(Exit::Data, Problem::new(message).help(help)),
    }
}

/// Names the clusters by what they grant, and puts those that grant the most assignments first.
fn named(clusters: Vec<Cluster>, snapshot: &Snapshot) -> Vec<MinedRole> {
    let mut order: Vec<(u32, Cluster)> = (0..).zip(clusters).collect();
    order.sort_by(|(_, a), (_, b)| {
        let size = |cluster: &Cluster| cluster.members.len() * cluster.entitlements.len();
        size(b).cmp(&size(a)).then_with(|| a.cmp(b))
    });
    let mut places = vec![0; order.len()];
    for (new, (old, _)) in (0_u32..).zip(&order) {
        if let Some(place) = places.get_mut(*old as usize) {
            *place = new;
        }
    }
    let clusters: Vec<Cluster> = order
        .into_iter()
        .map(|(_, cluster)| {
            let mut inherits: Vec<u32> =
                cluster.inherits.iter().filter_map(|&old| places.get(old as usize).copied()).collect();
            inherits.sort_unstable();
            Cluster { inherits, ..cluster }
        })
        .collect();
    let named_by: Vec<Vec<u32>> = (0..clusters.len()).map(|place| named_by(&clusters, place)).collect();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    clusters
        .into_iter()
        .zip(named_by)
        .map(|(cluster, columns)| {
            let name = |column: &u32| snapshot.entitlements.ids.get(*column as usize).unwrap_or("");
            let RoleId(id) = RoleId::of(columns.iter().map(name));
            let times = seen.entry(id.clone()).or_default();
            *times += 1;
            let id = if *times == 1 { id } else { format!("{id}-{times}") };
            MinedRole { id, cluster, primary: Vec::new(), explained: None, rule: None }
        })
        .collect()
}

/// The columns that name a role, ascending: what it grants itself, or all that it inherits where it grants nothing itself.
fn named_by(clusters: &[Cluster], place: usize) -> Vec<u32> {
    let Some(cluster) = clusters.get(place) else { return Vec::new() };
    if !cluster.entitlements.is_empty() {
        return cluster.entitlements.clone();
    }
    let (mut columns, mut seen, mut todo) = (BTreeSet::new(), BTreeSet::new(), vec![cluster]);
    while let Some(cluster) = todo.pop() {
        columns.extend(&cluster.entitlements);
        let new = cluster.inherits.iter().filter(|&&role| seen.insert(role));
        todo.extend(new.filter_map(|&role| clusters.get(role as usize)));
    }
    columns.into_iter().collect()
}
