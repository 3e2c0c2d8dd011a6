//! Cores, the clusters that they make, and who goes with them.

use super::people::{People, Share};

/// Which class is in which cluster.
pub(super) struct Density {
    /// For each class the first core of its cluster; none for noise.
    cluster_of: Vec<Option<u32>>,
}

impl Density {
    /// From all pairs of classes that are alike, in any order.
    pub(super) fn new(people: &People<'_>, pairs: &[(u32, u32)], min_members: u32) -> Self {
        let mut near: Vec<u64> = (0..).take(people.classes.len()).map(|class| people.size(class)).collect();
        for &(one, other) in pairs {
            for (class, with) in [(one, other), (other, one)] {
                if let Some(near) = near.get_mut(class as usize) {
                    *near += people.size(with);
                }
            }
        }
        let core = |class: u32| near.get(class as usize).is_some_and(|&near| near >= u64::from(min_members));
        let mut chains = Chains::new(people.classes.len());
        for &(one, other) in pairs.iter().filter(|&&(one, other)| core(one) && core(other)) {
            chains.join(one, other);
        }
        let mut best: Vec<Option<(Share, u32)>> = vec![None; people.classes.len()];
        for &(one, other) in pairs {
            for (border, core) in [(one, other), (other, one)].into_iter().filter(|&(a, b)| !core(a) && core(b)) {
                let share = people.similarity_of(border, core);
                let Some(best) = best.get_mut(border as usize) else { continue };
                let better = best.is_none_or(|(known, by)| share.cmp(known).then(by.cmp(&core)).is_gt());
                if better {
                    *best = Some((share, core));
                }
            }
        }
        let cluster_of = (0..)
            .zip(best)
            .map(
                |(class, best)| {
                    if core(class) { Some(chains.first(class)) } else { best.map(|(_, core)| chains.first(core)) }
                },
            )
            .collect();
        Self { cluster_of }
    }

    /// Whether a class is in no cluster.
    pub(super) fn is_noise(&self, class: u32) -> bool {
        self.cluster_of.get(class as usize).copied().flatten().is_none()
    }

    /// The classes of each cluster, ascending; clusters by their first core.
    pub(super) fn clusters(&self) -> Vec<Vec<u32>> {
        let mut by_first: Vec<(u32, u32)> =
            (0..).zip(&self.cluster_of).filter_map(|(class, first)| Some(((*first)?, class))).collect();
        by_first.sort_unstable();
        by_first
            .chunk_by(|one, other| one.0 == other.0)
            .map(|chunk| chunk.iter().map(|&(_, class)| class).collect())
            .collect()
    }
}

/// Classes that hang together, each chain under its first.
struct Chains(Vec<u32>);

impl Chains {
    fn new(classes: usize) -> Self {
        Self((0..).take(classes).collect())
    }

    fn first(&mut self, class: u32) -> u32 {
        let (mut at, mut under) = (class, self.under(class));
        while under != at {
            let next = self.under(under);
            if let Some(slot) = self.0.get_mut(at as usize) {
                *slot = next;
            }
            (at, under) = (under, next);
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.first(one), self.first(other));
        if let Some(slot) = self.0.get_mut(one.max(other) as usize) {
            *slot = one.min(other);
        }
    }

    fn under(&self, class: u32) -> u32 {
        self.0.get(class as usize).copied().unwrap_or(class)
    }
}
