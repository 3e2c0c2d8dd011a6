//! Writing down who holds a role: row by row, or as the members of other roles.
//!
//! A role whose members all hold another role may inherit it: one edge in the place of their assignments. So the members of a role are
//! *spelt* with single rows and with the members of other roles, and the cheapest spelling is a weighted set cover: the greedy choice
//! (Chvátal, 1979), and then nothing that the rest makes needless. A role inherits upwards only, from fewer members to more, so there is no cycle.

use super::policy::{Change, Policy};
use crate::mine::bits;

/// How the members of a role are written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    /// The roles that inherit it, ascending.
    pub(super) heirs: Vec<usize>,
    /// The edges and the rows that are left.
    pub(super) cost: u64,
}

#[expect(clippy::indexing_slicing, reason = "roles and rows index tables that have one entry for each")]
impl Policy<'_> {
    /// Spells every role anew for which the noted changes may make a difference.
    pub(super) fn settle(&mut self) {
        let mut changed: Vec<usize> = self
            .changes
            .iter()
            .filter_map(|change| match change {
                Change::Row { role, .. } => Some(*role),
                _ => None,
            })
            .collect();
        changed.sort_unstable();
        changed.dedup();
        let mut stale = changed.clone();
        if self.prices.edge.is_some() {
            for role in 0..self.roles.len() {
                let named = || self.spellings[role].heirs.iter().any(|heir| changed.binary_search(heir).is_ok());
                if named() || changed.iter().any(|&heir| self.may_inherit(heir, role)) {
                    stale.push(role);
                }
            }
            self.looks += (changed.len() * self.roles.len()) as u64;
            stale.sort_unstable();
            stale.dedup();
        }
        for role in stale {
            let spelling = self.spelt(role);
            self.spell(role, spelling);
        }
    }

    /// Whether all members of one role are among those of the other, which may then be written down through it. Of two roles with the same
    /// members, the later inherits.
    fn may_inherit(&self, heir: usize, role: usize) -> bool {
        if heir == role || !self.is_role(heir) {
            return false;
        }
        let (fewer, more) = (&self.roles[heir].rows, &self.roles[role].rows);
        bits::is_subset(fewer, more) && (heir > role || fewer != more)
    }

    fn spelt(&mut self, role: usize) -> Spelling {
        let price = |set: &[u64]| bits::ones(set).map(|row| self.prices.rows[row]).sum::<u64>();
        let mut left = self.roles[role].rows.clone();
        let mut spelling = Spelling::default();
        if let Some(edge) = self.prices.edge {
            let mut heirs: Vec<(u64, usize)> = (0..self.roles.len())
                .filter(|&heir| self.may_inherit(heir, role))
                .map(|heir| (price(&self.roles[heir].rows), heir))
                .filter(|&(worth, _)| worth > edge)
                .collect();
            let mut looks = (self.roles.len() * left.len()) as u64;
            // Most first; what an heir is worth only falls, so the first that is still worth as much as the next was is the best.
            heirs.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
            while let Some((worth, heir)) = heirs.pop() {
                let rows = &self.roles[heir].rows;
                let now = bits::ones_of_both(rows, &left).map(|row| self.prices.rows[row]).sum::<u64>();
                looks += left.len() as u64;
                if now <= edge {
                    continue;
                }
                if now < worth && heirs.last().is_some_and(|&(next, _)| next > now) {
                    let at = heirs.partition_point(|&(next, _)| next < now);
                    heirs.insert(at, (now, heir));
                    continue;
                }
                bits::subtract(&mut left, rows);
                spelling.heirs.push(heir);
                spelling.cost += edge;
            }
            self.drop_heirs(&mut spelling, &mut left, role, edge);
            spelling.heirs.sort_unstable();
            looks += (spelling.heirs.len() * left.len()) as u64;
            self.looks += looks;
        }
        spelling.cost += bits::ones(&left).map(|row| self.prices.rows[row]).sum::<u64>();
        spelling
    }

    /// Drops heirs whose rows the others have, but for few that cost less than the edge; the first ones first, which were taken before the others
    /// were known.
    fn drop_heirs(&self, spelling: &mut Spelling, left: &mut [u64], role: usize, edge: u64) {
        let mut place = 0;
        while let Some(&heir) = spelling.heirs.get(place) {
            let mut alone = self.roles[heir].rows.clone();
            for &other in spelling.heirs.iter().filter(|&&other| other != heir) {
                bits::subtract(&mut alone, &self.roles[other].rows);
            }
            bits::intersect(&mut alone, &self.roles[role].rows);
            if bits::ones(&alone).map(|row| self.prices.rows[row]).sum::<u64>() <= edge {
                bits::unite(left, &alone);
                spelling.heirs.remove(place);
                spelling.cost -= edge;
            } else {
                place += 1;
            }
        }
    }
}
