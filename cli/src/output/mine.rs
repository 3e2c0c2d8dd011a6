//! The roles of a table.

use adit_compiler::{
    cut::Cut,
    describe::Explained,
    learn::Learnability,
    matrix::AccessMatrix,
    measures::Measures,
    mine::{Cluster, Clustering},
    quality::Quality,
    roles::MembershipRule,
    spec::{Cutoff, Describe, Strategy},
};
use adit_snapshots::{Snapshot, SnapshotDigest};

use crate::values::Measure;

pub(crate) mod csv;
pub(crate) mod human;
pub(crate) mod json;

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
    /// What became of the clusters where a cut-off made roles of them.
    pub(crate) cut: Option<Cut>,
    /// The roles, largest first.
    pub(crate) roles: Vec<MinedRole>,
    /// What they cost and explain.
    pub(crate) measures: Measures,
    /// When the next was to be measured.
    pub(crate) measure: Measure,
    /// How good the roles are beyond that, or why that was not measured.
    pub(crate) quality: Result<Quality, &'static str>,
    /// How far the roles can be learned from the attributes that describe them; a role is its place. None where nothing describes them.
    pub(crate) learnability: Option<Learnability<usize>>,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct MinedRole {
    /// The digest of what it grants; a number is added where two roles grant the same to different people.
    pub(crate) id: String,
    /// Who holds it and what it grants, as rows and columns of the matrix; what it inherits, by place among the roles.
    pub(crate) cluster: Cluster,
    /// Those of its members whom it sets apart more than any other role of theirs; ascending.
    pub(crate) primary: Vec<u32>,
    /// What attributes come nearest to its members; none where nothing is known of them.
    pub(crate) explained: Option<Explained>,
    /// Its membership rule; none where roles are not described, or none is sound.
    pub(crate) rule: Option<MembershipRule>,
}

/// A strategy and its settings, before any data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Using {
    /// What the spec would say.
    pub(crate) strategy: Strategy,
    /// How clusters become roles; none where the strategy says itself what each role grants, and nothing else was asked for.
    pub(crate) cutoff: Option<Cutoff>,
    /// The entitlements that count as shared, ascending and without repeats; all when absent.
    pub(crate) filter: Option<Vec<String>>,
    /// The attributes that shape the clusters, in the order in which they are named.
    pub(crate) guided_by: Vec<String>,
    /// How roles are described.
    pub(crate) describe: Option<Describe>,
}

impl Mined {
    /// Whether a threshold decides what the roles grant.
    pub(crate) fn decides(&self) -> bool {
        self.using.cutoff.as_ref().is_some_and(Cutoff::decides)
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

    /// The names of those members whose primary role it is, ascending.
    pub(crate) fn primary<'a>(&'a self, role: &'a MinedRole) -> impl ExactSizeIterator<Item = &'a str> {
        role.primary.iter().map(|&row| self.identity(row))
    }

    /// The ids of the roles that a role inherits, in the order of the roles.
    pub(crate) fn inherits<'a>(&'a self, role: &'a MinedRole) -> impl Iterator<Item = &'a str> {
        role.cluster.inherits.iter().filter_map(|&place| self.roles.get(place as usize)).map(|role| role.id.as_str())
    }

    /// The names of what a role grants, ascending.
    pub(crate) fn grants<'a>(&'a self, role: &'a MinedRole) -> impl ExactSizeIterator<Item = &'a str> {
        role.cluster.entitlements.iter().map(|&column| self.entitlement(column))
    }
}
