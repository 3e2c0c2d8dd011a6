//! What mining a table gives: roles with names, and what they cost.

use std::collections::BTreeMap;

use adit_compiler::{
    matrix::AccessMatrix,
    measures::{MeasuredRole, Measures, measure},
    mine::{Cluster, Clustering, MineError},
    roles::RoleId,
};
use adit_snapshots::{Snapshot, SnapshotDigest};

use super::Using;
use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    interrupt,
    progress::Meter,
};

/// The roles of a table.
#[derive(Debug)]
pub(crate) struct Mined {
    /// The data, for names. Its assignments have moved into `matrix`.
    pub(crate) snapshot: Snapshot,
    /// Who holds what.
    pub(crate) matrix: AccessMatrix,
    /// How they were found.
    pub(crate) using: Using,
    /// What the strategy found, without the clusters: they are `roles`.
    pub(crate) clustering: Clustering,
    /// The roles, largest first.
    pub(crate) roles: Vec<MinedRole>,
    /// What they cost and explain.
    pub(crate) measures: Measures,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct MinedRole {
    /// The digest of what it grants; a number is added where two roles grant the same to different people.
    pub(crate) id: String,
    /// Who holds it and what it grants, as rows and columns of the matrix.
    pub(crate) cluster: Cluster,
}

impl Mined {
    /// Mines `snapshot`.
    pub(crate) fn mine(mut snapshot: Snapshot, using: &Using, meter: &Meter) -> Result<Self, Failure> {
        let assignments = std::mem::take(&mut snapshot.assignments);
        let matrix = AccessMatrix::from_runs(
            snapshot.identities.iter().collect(),
            snapshot.entitlements.iter().collect(),
            assignments.starts,
            assignments.entitlements.into_iter().map(|entitlement| entitlement.0).collect(),
        );
        let strategy = using.strategy(&snapshot.entitlements, &matrix)?;
        meter.doing("mining");
        let mut clustering = strategy.mine(&matrix, meter).map_err(|error| match error {
            MineError::Cancelled => Failure::Interrupted,
            MineError::Limit { message, help } => Failure::new(Exit::Data, Problem::new(message).help(help)),
        })?;
        interrupt::check()?;
        let measured: Vec<_> = clustering
            .clusters
            .iter()
            .map(|Cluster { members, entitlements }| MeasuredRole {
                direct_members: members,
                entitlements,
                inherits: &[],
            })
            .collect();
        let measures = measure(&matrix, &measured, clustering.bound.as_ref());
        let roles = named(std::mem::take(&mut clustering.clusters), &snapshot);
        Ok(Self { snapshot, matrix, using: using.clone(), clustering, roles, measures })
    }

    /// The digest of the data.
    pub(crate) fn digest(&self) -> &SnapshotDigest {
        &self.snapshot.digest
    }

    /// The name of a row.
    pub(crate) fn identity(&self, row: u32) -> &str {
        self.matrix.identities.get(row as usize).map_or("", |&id| self.snapshot.identities.name(id))
    }

    /// The name of a column.
    pub(crate) fn entitlement(&self, column: u32) -> &str {
        self.matrix.entitlements.get(column as usize).map_or("", |&id| self.snapshot.entitlements.name(id))
    }

    /// The members' names, ascending.
    pub(crate) fn members<'a>(&'a self, role: &'a MinedRole) -> impl ExactSizeIterator<Item = &'a str> {
        role.cluster.members.iter().map(|&row| self.identity(row))
    }

    /// The names of what a role grants, ascending.
    pub(crate) fn grants<'a>(&'a self, role: &'a MinedRole) -> impl ExactSizeIterator<Item = &'a str> {
        role.cluster.entitlements.iter().map(|&column| self.entitlement(column))
    }
}

/// Names the clusters by what they grant, and puts those that grant the most assignments first.
fn named(clusters: Vec<Cluster>, snapshot: &Snapshot) -> Vec<MinedRole> {
    let mut clusters = clusters;
    clusters.sort_by(|a, b| {
        let size = |cluster: &Cluster| cluster.members.len() * cluster.entitlements.len();
        size(b).cmp(&size(a)).then_with(|| a.cmp(b))
    });
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    clusters
        .into_iter()
        .map(|cluster| {
            let names = cluster
                .entitlements
                .iter()
                .map(|&column| snapshot.entitlements.ids.get(column as usize).map_or("", String::as_str));
            let RoleId(id) = RoleId::of(names);
            let times = seen.entry(id.clone()).or_default();
            *times += 1;
            let id = if *times == 1 { id } else { format!("{id}-{times}") };
            MinedRole { id, cluster }
        })
        .collect()
}
