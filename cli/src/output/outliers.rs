//! Who does not look like their peers.

use adit_compiler::{
    matrix::AccessMatrix,
    mine::{Shortfall, Unassigned},
    outliers::{Compared, Lines, Population},
    spec::{Percent, Spec, Strategy},
};
use adit_snapshots::{EntitlementId, IdentityId, Snapshot};

use crate::{privacy::Names, text};

pub(crate) mod human;
pub(crate) mod json;

/// Everything a report needs.
pub(crate) struct Report<'a> {
    /// What the project or the file is called.
    pub(crate) title: String,
    /// The data.
    pub(crate) snapshot: &'a Snapshot,
    /// How things are called; none where the data is a file of one's own, whose names are shown.
    pub(crate) names: Option<&'a Names<'a>>,
    /// Who is whose peer.
    pub(crate) peers: Peers<'a>,
    /// Where the lines are.
    pub(crate) lines: Lines,
    /// The least score to list; none to list those who stand out in their own group.
    pub(crate) score: Option<Percent>,
    /// The populations; of a file, the one.
    pub(crate) populations: Vec<Population>,
}

/// Who is whose peer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Peers<'a> {
    /// Those with the same values of these attributes.
    By(&'a [String]),
    /// Those with the same primary role, as the mining blocks of a spec have it.
    Mined(&'a Spec),
    /// Those with the same primary role, by this strategy.
    Using(&'a Strategy),
}

impl Report<'_> {
    /// What an identity is called.
    pub(crate) fn identity(&self, matrix: &AccessMatrix, row: u32) -> String {
        let id = matrix.identities.get(row as usize).copied().unwrap_or(IdentityId(u32::MAX));
        match self.names {
            Some(names) => names.identity(id),
            None => text::visible(self.snapshot.identities.name(id)).into_owned(),
        }
    }

    /// What an entitlement is called.
    pub(crate) fn entitlement(&self, matrix: &AccessMatrix, column: u32) -> String {
        let id = matrix.entitlements.get(column as usize).copied().unwrap_or(EntitlementId(u32::MAX));
        match self.names {
            Some(names) => names.entitlement(id),
            None => text::visible(self.snapshot.entitlements.name(id)).into_owned(),
        }
    }

    /// Those of a population whose score reaches the line, or that of their group; the farthest first. Equals come in the order of what they are called: that of
    /// their ids would tell who is who.
    pub(crate) fn listed<'p>(&self, population: &'p Population) -> Vec<&'p Compared> {
        let is_far = |compared: &&Compared| match self.score {
            Some(line) => compared.reaches(line),
            None => population.outliers.stands_out(compared),
        };
        let mut listed: Vec<(String, &Compared)> = population
            .outliers
            .compared
            .iter()
            .filter(is_far)
            .map(|compared| (self.identity(&population.matrix, compared.row), compared))
            .collect();
        listed.sort_by(|(name, one), (other_name, other)| other.by_distance(one).then_with(|| name.cmp(other_name)));
        listed.into_iter().map(|(_, compared)| compared).collect()
    }

    /// Why there is nobody to compare an identity with.
    pub(crate) fn why_alone(&self, population: &Population, row: u32) -> String {
        let unassigned = &population.unassigned;
        let near = unassigned.binary_search_by_key(&row, |near| near.row).ok().and_then(|place| unassigned.get(place));
        match near {
            Some(Unassigned { shortfall, .. }) if *shortfall != Shortfall::HoldsNothing => shortfall.to_string(),
            _ => format!("has fewer than {} peers", self.lines.min_peers),
        }
    }
}
