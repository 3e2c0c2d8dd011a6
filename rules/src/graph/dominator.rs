//! Through what everybody has it: the group or role that every way to some access leads through.

use adit_snapshots::{GroupId, IdentityId, Origin, PathId};
use petgraph::{
    algo::dominators::simple_fast,
    graph::{DiGraph, NodeIndex},
};
use rustc_hash::FxHashMap;

use super::{AccessGraph, Holder, Vertex, path::Targets};

/// The ways from some identities to some access: all of them begin at one node and end at another.
struct Ways {
    graph: DiGraph<Option<Holder>, ()>,
    nodes: FxHashMap<Holder, NodeIndex>,
    begin: NodeIndex,
    end: NodeIndex,
}

impl AccessGraph<'_> {
    /// The group or existing role that every way leads through on which these identities reach any of `targets` today: that nearest to
    /// them. None where some of them has it directly or through what no table knows, or where ways have nothing in common.
    ///
    /// It is a dominator (Lengauer and Tarjan, TOPLAS 1979; petgraph has the algorithm of Cooper, Harvey and Kennedy) of the graph of
    /// all ways, with everyone at the root: exact for one identity and for any number.
    #[must_use]
    pub fn dominator_today<'t>(
        &self,
        identities: impl IntoIterator<Item = IdentityId>,
        targets: impl Into<Targets<'t>>,
    ) -> Option<Holder> {
        let targets = targets.into();
        let mut ways = Ways::new();
        for identity in identities {
            let today = self.memberships(identity).filter_map(Vertex::holder);
            for holder in today.filter(|holder| !matches!(holder, Holder::Role(_))) {
                let node = self.walk_ways(&mut ways, holder, targets);
                ways.graph.update_edge(ways.begin, node, ());
            }
            self.recorded_ways(&mut ways, identity, None, targets);
        }
        ways.dominator(ways.begin)
    }

    /// The same of one account alone: the group that every way leads through on which it reaches any of `targets`. None for an account of
    /// nobody, of which no source says by which way it holds what.
    #[must_use]
    pub fn dominator_of_account<'t>(&self, account: u32, targets: impl Into<Targets<'t>>) -> Option<GroupId> {
        let snapshot = self.compilation.snapshot;
        let (identity, targets) = (snapshot.accounts.rows.get(account as usize)?.identity?, targets.into());
        let mut ways = Ways::new();
        let groups = (0_u32..).zip(&snapshot.groups.accounts).map(|(group, _)| GroupId(group));
        for group in groups.filter(|&group| self.is_in(account, group)) {
            let node = self.walk_ways(&mut ways, Holder::Group(group), targets);
            ways.graph.update_edge(ways.begin, node, ());
        }
        self.recorded_ways(&mut ways, identity, Some(account), targets);
        match ways.dominator(ways.begin)? {
            Holder::Group(group) => Some(group),
            Holder::ExistingRole(_) | Holder::Role(_) => None,
        }
    }

    /// The group or role that every way leads through on which a group or role passes any of `targets` on: that nearest to it.
    #[must_use]
    pub fn dominator<'t>(&self, from: Holder, targets: impl Into<Targets<'t>>) -> Option<Holder> {
        let mut ways = Ways::new();
        let begin = self.walk_ways(&mut ways, from, targets.into());
        ways.dominator(begin)
    }

    /// Adds a holder and everything that access can come to it through.
    fn walk_ways(&self, ways: &mut Ways, from: Holder, targets: Targets<'_>) -> NodeIndex {
        let (start, is_new) = ways.node(from);
        let mut todo = if is_new { vec![(from, start)] } else { Vec::new() };
        while let Some((holder, node)) = todo.pop() {
            let passes = targets.has(holder.vertex())
                || self.own(holder).into_iter().any(|held| targets.has(Vertex::Entitlement(held)));
            if passes {
                ways.graph.update_edge(node, ways.end, ());
            }
            for parent in self.parents(holder) {
                let (next, is_new) = ways.node(parent);
                ways.graph.update_edge(node, next, ());
                if is_new {
                    todo.push((parent, next));
                }
            }
        }
        start
    }

    /// Adds the ways that the sources record: all of an identity, or those by one of its accounts.
    fn recorded_ways(&self, ways: &mut Ways, identity: IdentityId, by: Option<u32>, targets: Targets<'_>) {
        let snapshot = self.compilation.snapshot;
        let (assignments, groups) = (&snapshot.assignments, &snapshot.groups.ids);
        let held = assignments.held(identity).iter().zip(assignments.of(identity));
        for (_, number) in held.filter(|(held, _)| targets.has(Vertex::Entitlement(**held))) {
            let grants = assignments.grants(number);
            for way in grants.iter().filter(|way| by.is_none() || way.account == by) {
                let steps = assignments.path(way.path);
                let known =
                    steps.iter().map(|step| groups.binary_search(step).ok().and_then(|id| u32::try_from(id).ok()));
                let known: Option<Vec<_>> = known.map(|id| id.map(|id| Holder::Group(GroupId(id)))).collect();
                let is_direct = way.path == PathId::DIRECT || way.origin == Origin::Direct;
                ways.chain(known.filter(|_| !is_direct).unwrap_or_default());
            }
            if grants.is_empty() && by.is_none() {
                ways.chain(Vec::new());
            }
        }
    }
}

impl Ways {
    fn new() -> Self {
        let mut graph = DiGraph::new();
        let (begin, end) = (graph.add_node(None), graph.add_node(None));
        Self { graph, nodes: FxHashMap::default(), begin, end }
    }

    /// What lies on every way from a node to the end, nearest to that node.
    fn dominator(&self, begin: NodeIndex) -> Option<Holder> {
        let dominators = simple_fast(&self.graph, begin);
        let nearest = dominators.strict_dominators(self.end)?.filter(|&node| node != begin).last()?;
        self.graph.node_weight(nearest).copied().flatten()
    }

    /// A holder's node, and whether it is new.
    fn node(&mut self, holder: Holder) -> (NodeIndex, bool) {
        if let Some(&node) = self.nodes.get(&holder) {
            return (node, false);
        }
        let node = self.graph.add_node(Some(holder));
        self.nodes.insert(holder, node);
        (node, true)
    }

    /// Adds a way through these, in order; without any, one that nothing lies on.
    fn chain(&mut self, holders: Vec<Holder>) {
        let mut from = self.begin;
        for holder in holders {
            let to = self.node(holder).0;
            self.graph.update_edge(from, to, ());
            from = to;
        }
        self.graph.update_edge(from, self.end, ());
    }
}
