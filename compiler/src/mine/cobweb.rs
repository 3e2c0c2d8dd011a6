//! A hierarchy of concepts, grown one identity at a time: COBWEB.
//!
//! A concept with N identities, of whom cⱼ hold entitlement j, is worth as much as it lets one guess what its identities hold. Splitting a
//! concept into n children k is worth the *category utility* (Gluck, Corter 1985), the number of guesses that come right more, per child:
//!
//! ```text
//! CU = 1/n Σₖ Nₖ/N Σⱼ ( pₖⱼ² + (1 − pₖⱼ)² − pⱼ² − (1 − pⱼ)² ),   p = c/N
//!    = 2/(n N) ( Σₖ Qₖ/Nₖ − Q/N ),                              Q = Σⱼ cⱼ²
//! ```
//!
//! Each identity walks down from the root and does at every concept what leaves the best utility (Fisher, *Knowledge acquisition via incremental
//! conceptual clustering*, Machine Learning 2, 1987): go into the best child, become a child of its own, go into the two best children made one,
//! or see the best child split into its own. It is the second algorithm of Oracle Identity Analytics, by way of WEKA's `Cobweb`.
//! Every concept is a cluster that inherits the concept above it.
//!
//! Where we differ, and why:
//!
//! - *Cut-off.* As in WEKA, a concept whose best split is worth less than `cutoff` has no children. Ours has a unit: 0.2% is two
//!   thousandths of one entitlement, guessed for each identity.
//! - *Acuity.* CLASSIT and WEKA use it for numbers only: the least spread a concept is taken to have, without which one identity alone would be a
//!   perfect concept. Here every column is yes or no, where WEKA has nothing like it and ends with one leaf for each distinct identity.
//!   We count `acuity` more members in every concept, who hold nothing: Q/(N + acuity). With `acuity 0 identities` it is Fisher's formula.
//! - *Order.* The outcome depends on the order in which identities come; it is drawn by the seed, so that names do not decide. Identities
//!   that hold the same come together.
//! - *Whole numbers.* Q/N is rounded down to 2⁻²⁰, and utilities are compared by cross-multiplication.

mod siblings;
mod tree;
mod worth;

use self::tree::Tree;
use super::{Cluster, Clustering, MineError, MineInput, Progress, Strategy, chance::Chance, profiles::Profiles};
use crate::spec::Cobweb;

/// Looks at how many of a concept have an entitlement, at most: some minutes.
const MAX_LOOKS: u64 = 1 << 36;

impl Strategy for Cobweb {
    /// Limits: 2³⁶ looks at how many of a concept have an entitlement (minutes); past them, [`MineError::Limit`]. What a run takes depends on
    /// how many children concepts have, which nothing tells beforehand.
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let profiles = Profiles::of(input);
        let mut order: Vec<usize> = (0..profiles.len()).collect();
        let mut chance = Chance::seeded(self.seed);
        for place in (1..order.len()).rev() {
            order.swap(place, chance.below(place + 1));
        }
        progress.stage("growing concepts", order.len() as u64);
        let mut tree = Tree::new(&profiles, self);
        for profile in order {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            tree.add(profile);
            if tree.looks() > MAX_LOOKS {
                return Err(MineError::Limit {
                    message: format!(
                        "cobweb looked {MAX_LOOKS} times at how many of a concept have an entitlement, and that is the limit"
                    ),
                    help: "mine smaller populations, or raise `cutoff` or `acuity` so that there are fewer concepts"
                        .to_owned(),
                });
            }
            progress.advance(1);
        }
        Ok(Clustering {
            clusters: clusters(&profiles, &tree),
            bound: None,
            unassigned: super::empty_rows(input.matrix),
            notes: Vec::new(),
        })
    }
}

/// Every concept as a cluster, each after the one it inherits.
fn clusters(profiles: &Profiles, tree: &Tree<'_>) -> Vec<Cluster> {
    let mut clusters = Vec::new();
    let mut todo: Vec<(usize, Option<u32>)> = tree.root().map(|root| (root, None)).into_iter().collect();
    while let Some((concept, parent)) = todo.pop() {
        let place = u32::try_from(clusters.len()).unwrap_or(u32::MAX);
        clusters.push(Cluster {
            members: profiles.all_rows(tree.beneath(concept)),
            entitlements: tree.columns(concept),
            inherits: parent.into_iter().collect(),
        });
        todo.extend(tree.children(concept).nodes().map(|child| (child, Some(place))));
    }
    clusters
}

#[cfg(test)]
mod tests;
