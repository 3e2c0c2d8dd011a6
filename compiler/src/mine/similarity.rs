//! Density clustering by how much people share (DBSCAN: Ester, Kriegel, Sander, Xu, KDD 1996), as midPoint mines roles.
//!
//! Two identities are alike when the Jaccard similarity of what they hold is at least `alike` and they share at least `overlap`
//! entitlements. An identity with at least `members` identities like it, itself among them, is a *core*; cores that are alike are in one
//! cluster, with everyone who is alike to one of them. Who is alike to cores of several clusters goes with the core that is most alike, the
//! first among equals; everyone else is noise, in one of three ways ([`noise`]). All pairs are found exactly ([`crate::alike`]).
//!
//! Guided by attributes, their agreement is part of the similarity, or a condition: see [`people`]. What a cluster grants is for the
//! cut-off to decide; midPoint's way and ours are compared in `docs/how-it-mines.md`.

mod density;
mod noise;
mod people;

use self::{density::Density, noise::Noise, people::People};
use super::{Cluster, Clustering, MineError, MineInput, Progress, Strategy};
use crate::{
    alike::{self, Pair},
    spec::Similarity,
};

/// Looks of the join, at most: a few minutes on two cores.
const MAX_LOOKS: u64 = 1 << 36;

impl Strategy for Similarity {
    /// Limit: 2³⁶ entries of the index to read in search of who is alike; past it, [`MineError::Limit`] before the search begins.
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let people = People::new(input, self);
        let noise = Noise::new(&people);
        let held: Vec<&[u32]> = people.classes.iter().map(|class| class.held.as_ref()).collect();
        let keep = |pair: Pair| {
            noise.count(&people, pair);
            people.alike(pair).then_some((pair.one, pair.other))
        };
        let pairs = alike::join(&held, people.likeness(), MAX_LOOKS, progress, keep)?;
        progress.stage("growing clusters", 0);
        let density = Density::new(&people, &pairs, self.min_members);
        let mut clusters: Vec<Cluster> = density.clusters().iter().map(|classes| cluster(&people, classes)).collect();
        clusters
            .sort_unstable_by(|one, other| other.members.len().cmp(&one.members.len()).then_with(|| one.cmp(other)));
        let unassigned = noise.unassigned(&people, &density, &pairs, input, self.min_members);
        Ok(Clustering { clusters, bound: None, unassigned, notes: Vec::new() })
    }
}

/// The members, and everything that counts and any of them holds: the cut-off decides.
fn cluster(people: &People<'_>, classes: &[u32]) -> Cluster {
    let classes = classes.iter().filter_map(|&class| people.classes.get(class as usize));
    let mut members: Vec<u32> = classes.clone().flat_map(|class| &class.members).copied().collect();
    let mut entitlements: Vec<u32> = classes.flat_map(|class| class.held.as_ref()).copied().collect();
    members.sort_unstable();
    entitlements.sort_unstable();
    entitlements.dedup();
    Cluster::flat(members, entitlements)
}

#[cfg(test)]
mod tests;
