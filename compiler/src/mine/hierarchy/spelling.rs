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
            for &heir in &changed {
                stale.extend_from_slice(&self.named_by[heir]);
                // Whoever has all rows of the heir has the one that fewest roles have.
                let rows = bits::ones(&self.roles[heir].rows);
                let Some(rarest) = rows.min_by_key(|&row| self.index.with_row(row).len()) else { continue };
                let having = self.index.with_row(rarest);
                self.looks += (self.index.size(heir).0 + having.len()) as u64;
                stale.extend(having.iter().copied().filter(|&role| self.may_inherit(heir, role)));
            }
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
        let ((fewer, _), (more, _)) = (self.index.size(heir), self.index.size(role));
        let is_narrower = fewer < more || fewer == more && heir > role;
        is_narrower && fewer > 0 && bits::is_subset(&self.roles[heir].rows, &self.roles[role].rows)
    }

    fn spelt(&mut self, role: usize) -> Spelling {
        let mut left = self.roles[role].rows.clone();
        let mut spelling = Spelling::default();
        if let Some(edge) = self.prices.edge {
            let mut looks = self.index.size(role).0 as u64;
            let mut heirs: Vec<(u64, usize)> = Vec::new();
            for row in bits::ones(&left) {
                let starting = self.index.with_first_row(row);
                let worth = starting.iter().map(|&heir| (self.index.worth(heir), heir));
                heirs.extend(worth.filter(|&(worth, heir)| worth > edge && self.may_inherit(heir, role)));
                looks += starting.len() as u64;
            }
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
