//! Inheritance that changes nothing: what a holder has through another parent already.

use petgraph::visit::{Dfs, Reversed};

use super::{AccessGraph, Holder};

impl AccessGraph<'_> {
    /// The direct parents that a group or role has through another parent too, each with that other one (the first such), ascending: the
    /// edges that a transitive reduction takes out (Aho, Garey and Ullman, SIAM J. Comput. 1972). Edges of a circle are left out: which
    /// of them is one too many nobody can tell.
    #[must_use]
    pub fn redundant(&self, holder: Holder) -> Vec<(Holder, Holder)> {
        let parents = self.parents(holder);
        if parents.len() < 2 {
            return Vec::new();
        }
        let above: Vec<(Holder, Vec<Holder>)> = parents.iter().map(|&parent| (parent, self.above(parent))).collect();
        let is_in = |of: &[Holder], one: &Holder| of.binary_search(one).is_ok();
        let free = above.iter().filter(|(_, above)| !is_in(above, &holder));
        free.clone()
            .filter_map(|(parent, over)| {
                let through = free.clone().find(|(other, above)| is_in(above, parent) && !is_in(over, other));
                through.map(|(other, _)| (*parent, *other))
            })
            .collect()
    }

    /// Every group or role that this one is in or inherits, directly or not, ascending.
    #[must_use]
    pub fn above(&self, holder: Holder) -> Vec<Holder> {
        let start = self.node(holder);
        let mut walk = Dfs::new(&self.structure, start);
        let nodes = std::iter::from_fn(|| walk.next(&self.structure)).filter(|&node| node != start);
        let mut above: Vec<_> = nodes.filter_map(|node| self.vertex(node)?.holder()).collect();
        above.sort_unstable();
        above
    }

    /// Every group or role that is in this one or inherits it, directly or not, ascending.
    #[must_use]
    pub fn heirs(&self, holder: Holder) -> Vec<Holder> {
        let (start, reversed) = (self.node(holder), Reversed(&self.structure));
        let mut walk = Dfs::new(reversed, start);
        let nodes = std::iter::from_fn(|| walk.next(reversed)).filter(|&node| node != start);
        let mut heirs: Vec<_> = nodes.filter_map(|node| self.vertex(node)?.holder()).collect();
        heirs.sort_unstable();
        heirs
    }
}
