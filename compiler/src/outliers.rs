//! Who does not look like their peers, and why.
//!
//! Peers are the others of a group: those with the same primary role, or with the same attributes. The **score** of an identity is how far
//! it is from them on average: with A what it holds and B what a peer holds, Σ |A △ B| / Σ |A ∪ B| over all peers, the Jaccard distance of
//! sums. 0% holds exactly what every peer holds, 100% nothing that any of them does. All of it is counted, nothing is estimated: what n
//! identities hold together is enough to know all of their distances, so it takes one look at each assignment.
//!
//! How far is too far depends on the group: where people do many things, everyone differs. So somebody **stands out** whose score is beyond
//! what the scores of the group make likely, by the modified z-score of Iglewicz and Hoaglin (*How to detect and handle outliers*, 1993):
//! 0.6745 · (score − median) > 3.5 · MAD, MAD being the median distance from the median, which a few who are far off cannot move. In a group of
//! people who are nearly the same MAD is next to nothing and one entitlement too many would be enough: it counts as two points at least.
//!
//! The idea that whoever differs from their peers is worth a look is that of peer group analysis (Bolton, Hand, *Peer group analysis*, 2001),
//! which follows behaviour over time; midPoint calls outliers those whom its density clustering leaves out, which `similarity` reports as
//! noise. Here everyone is measured who has peers at all.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use adit_snapshots::Snapshot;

use crate::{
    compile::{CompileError, clusters},
    condition::Evaluator,
    matrix::AccessMatrix,
    measures::{self, primary_roles},
    mine::{Cluster, Guide, Progress, Unassigned},
    select::{self, SelectError, Selection},
    spec::{Percent, Spec},
};

/// The least that the median distance from the median counts, in basis points: two points.
const LEAST_DISTANCE: u32 = 200;

/// Where the lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// What so few of the peers hold, or fewer, is unusual.
    pub unusual: Percent,
    /// What so many of the peers hold, or more, is usual, and missing where it is not held.
    pub usual: Percent,
    /// Peers that it takes at least to say anything.
    pub min_peers: u32,
}

/// What was found out about everyone of a population.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outliers {
    /// Everyone who holds something and has enough peers, the farthest from their peers first, then by row.
    pub compared: Vec<Compared>,
    /// Rows that hold something and have too few peers, ascending.
    pub without_peers: Vec<u32>,
    /// What is usual in each group: columns, ascending.
    pub usual: Vec<Vec<u32>>,
    /// The score of each group from which on somebody stands out there.
    pub stands_out: Vec<Percent>,
}

/// An identity beside its peers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The row.
    pub row: u32,
    /// Its group.
    pub group: u32,
    /// How many others the group has.
    pub peers: u32,
    /// In how many entitlements it differs from its peers, over all of them.
    pub differ: u64,
    /// How many entitlements it or the peer holds, over all of them.
    pub either: u64,
    /// What it holds and few peers do, the rarest first.
    pub unusual: Vec<Held>,
    /// What it does not hold and most peers do, the most widespread first.
    pub missing: Vec<Held>,
}

/// An entitlement, and how many peers hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The column.
    pub column: u32,
    /// Peers that hold it.
    pub by: u32,
}

/// The outliers of one population of a spec.
#[derive(Debug)]
pub struct Population {
    /// Index into [`Spec::minings`].
    pub mining: usize,
    /// Its name.
    pub name: String,
    /// Who has what within the scope.
    pub matrix: AccessMatrix,
    /// Everyone beside their peers.
    pub outliers: Outliers,
    /// For rows that no cluster has: how near they came. Nothing where peers are those with the same attributes.
    pub unassigned: Vec<Unassigned>,
}

/// Everyone of the populations of a spec, or of one of its mining blocks. Peers are those with the same values in `by`, or, where that names
/// nothing, those with the same primary cluster.
///
/// # Errors
/// See [`CompileError`].
pub fn of_spec(
    spec: &Spec,
    snapshot: &Snapshot,
    by: &[String],
    lines: Lines,
    only: Option<usize>,
    progress: &dyn Progress,
) -> Result<Vec<Population>, CompileError> {
    let evaluator = Evaluator::new(snapshot);
    let classes = select::classify(spec, &evaluator)?;
    let mut found = Vec::new();
    for (number, mining) in
        spec.minings.iter().enumerate().filter(|(number, _)| only.is_none_or(|only| only == *number))
    {
        for selection in select::populations(spec, mining, &classes, &evaluator)? {
            let Selection { name, matrix, filter, .. } = selection;
            let (groups, unassigned) = if by.is_empty() {
                progress.stage(&format!("mining {name}"), 0);
                let clustering = clusters(snapshot, mining, &matrix, filter.as_deref(), progress)?;
                (by_cluster(&matrix, &clustering.clusters), clustering.unassigned)
            } else {
                let guides = by.iter().map(|name| guide(snapshot, &matrix, name, mining.span));
                (by_attributes(&guides.collect::<Result<Vec<_>, _>>()?, matrix.height()), Vec::new())
            };
            progress.stage(&format!("comparing {name}"), 0);
            let outliers = outliers(&matrix, &groups, lines);
            found.push(Population { mining: number, name, matrix, outliers, unassigned });
        }
    }
    Ok(found)
}

fn guide(
    snapshot: &Snapshot,
    matrix: &AccessMatrix,
    name: &str,
    span: adit_grammar::Span,
) -> Result<Guide, SelectError> {
    let column = snapshot.identities.attribute(name).ok_or_else(|| SelectError::NotDecidable {
        message: format!("peers are to have the same `{name}`, but in this snapshot identities have no such column"),
        help: "name attributes that the identities table has".to_owned(),
        span,
    })?;
    Ok(Guide::new(name, column, &matrix.identities))
}

/// The group of each row: the cluster that sets it apart most, among those that have it.
#[must_use]
pub fn by_cluster(matrix: &AccessMatrix, clusters: &[Cluster]) -> Vec<Option<u32>> {
    measures::of_clusters(clusters, |roles| primary_roles(matrix, roles))
}

/// The group of each row: those with the same values in every attribute. Who lacks one is in none: a missing value agrees with nothing.
#[must_use]
pub fn by_attributes(guides: &[Guide], height: usize) -> Vec<Option<u32>> {
    let mut known: FxHashMap<Vec<&[u32]>, u32> = FxHashMap::default();
    (0..height)
        .map(|row| {
            let values: Vec<&[u32]> =
                guides.iter().map(|guide| guide.of_row.get(row).map_or(&[][..], Vec::as_slice)).collect();
            if values.iter().any(|codes| codes.is_empty()) {
                return None;
            }
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            Some(*known.entry(values).or_insert(next))
        })
        .collect()
}

/// Everyone beside the others of their group.
#[must_use]
pub fn outliers(matrix: &AccessMatrix, group_of: &[Option<u32>], lines: Lines) -> Outliers {
    let groups = group_of.iter().flatten().max().map_or(0, |&last| last as usize + 1);
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); groups];
    let mut without_peers = Vec::new();
    for (row, group) in (0..).zip(group_of).filter(|(row, _)| !matrix.row(*row as usize).is_empty()) {
        match group.and_then(|group| members.get_mut(group as usize)) {
            Some(members) => members.push(row),
            None => without_peers.push(row),
        }
    }
    let few = |members: &Vec<u32>| (members.len() as u64) <= u64::from(lines.min_peers);
    without_peers.extend(members.iter().filter(|members| few(members)).flatten());
    without_peers.sort_unstable();
    let compared: Vec<(Vec<Compared>, Vec<u32>)> = (0..)
        .zip(&members)
        .collect::<Vec<(u32, &Vec<u32>)>>()
        .into_par_iter()
        .map_init(
            || vec![0; matrix.width()],
            |count, (group, members)| {
                if few(members) { Default::default() } else { compare(matrix, group, members, lines, count) }
            },
        )
        .collect();
    let stands_out = compared.iter().map(|(members, _)| stands_out(members)).collect();
    let (compared, usual): (Vec<_>, Vec<_>) = compared.into_iter().unzip();
    let mut compared: Vec<Compared> = compared.into_iter().flatten().collect();
    compared.par_sort_by(|one, other| other.by_distance(one).then(one.row.cmp(&other.row)));
    Outliers { compared, without_peers, usual, stands_out }
}

/// From which score on somebody stands out among these. Who shares nothing with any peer always does.
fn stands_out(members: &[Compared]) -> Percent {
    let mut scores: Vec<u32> = members.iter().map(|one| one.score().0).collect();
    let median = median(&mut scores);
    let mut distances: Vec<u32> = scores.iter().map(|score| score.abs_diff(median)).collect();
    let distance = self::median(&mut distances).max(LEAST_DISTANCE);
    let beyond = u64::from(distance) * 35_000 / 6_745 + 1;
    Percent(median.saturating_add(u32::try_from(beyond).unwrap_or(u32::MAX)).min(Percent::WHOLE.0))
}

/// The upper one where there are two; 0 of nothing.
fn median(values: &mut [u32]) -> u32 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

/// The members of a group beside each other, and what is usual there. `count` is all zero before and after.
fn compare(
    matrix: &AccessMatrix,
    group: u32,
    members: &[u32],
    lines: Lines,
    count: &mut [u32],
) -> (Vec<Compared>, Vec<u32>) {
    let mut columns: Vec<u32> = Vec::new();
    for &column in members.iter().flat_map(|&row| matrix.row(row as usize)) {
        if let Some(count) = count.get_mut(column as usize) {
            if *count == 0 {
                columns.push(column);
            }
            *count += 1;
        }
    }
    columns.sort_unstable();
    let holders = |column: u32| count.get(column as usize).copied().unwrap_or(0);
    let peers = u32::try_from(members.len()).unwrap_or(u32::MAX) - 1;
    let usual: Vec<u32> =
        columns.iter().copied().filter(|&column| lines.usual.met_by(holders(column).into(), peers.into())).collect();
    let all: u64 = columns.iter().map(|&column| u64::from(holders(column))).sum();
    let compared = members
        .iter()
        .map(|&row| {
            let held = matrix.row(row as usize);
            let own = held.len() as u64;
            // Over all peers: what both hold, and what both hold counted together.
            let common: u64 = held.iter().map(|&column| u64::from(holders(column)) - 1).sum();
            let together = u64::from(peers) * own + all - own;
            let by_others = |&column: &u32| Held { column, by: holders(column) - 1 };
            let mut unusual: Vec<Held> = held
                .iter()
                .map(by_others)
                .filter(|held| !lines.unusual.exceeded_by(held.by.into(), peers.into()))
                .collect();
            unusual.sort_by_key(|held| (held.by, held.column));
            let lacks = |column: &&u32| held.binary_search(column).is_err();
            let mut missing: Vec<Held> =
                usual.iter().filter(lacks).map(|&column| Held { column, by: holders(column) }).collect();
            missing.sort_by_key(|held| (std::cmp::Reverse(held.by), held.column));
            Compared { row, group, peers, differ: together - 2 * common, either: together - common, unusual, missing }
        })
        .collect();
    // What all but one hold may be usual to that one only.
    let usual = usual.into_iter().filter(|&column| lines.usual.met_by(holders(column).into(), members.len() as u64));
    let usual = usual.collect();
    for column in columns {
        if let Some(count) = count.get_mut(column as usize) {
            *count = 0;
        }
    }
    (compared, usual)
}

impl Outliers {
    /// Whether somebody stands out among those of the group.
    #[must_use]
    pub fn stands_out(&self, compared: &Compared) -> bool {
        self.stands_out.get(compared.group as usize).is_some_and(|&line| compared.reaches(line))
    }
}

impl Compared {
    /// How far it is from its peers.
    #[must_use]
    pub fn score(&self) -> Percent {
        Percent::of(self.differ, self.either)
    }

    /// Whether its score reaches a line, to the last digit.
    #[must_use]
    pub fn reaches(&self, line: Percent) -> bool {
        line.met_by(self.differ, self.either)
    }

    /// Which of two is farther from its peers, to the last digit.
    #[must_use]
    pub fn by_distance(&self, other: &Self) -> std::cmp::Ordering {
        let (one, two) =
            (u128::from(self.differ) * u128::from(other.either), u128::from(other.differ) * u128::from(self.either));
        one.cmp(&two)
    }
}

#[cfg(test)]
mod tests;
