use adit_snapshots::{FaultKind, GroupId};
use petgraph::{
    algo::{condensation, toposort},
    graph::{DiGraph, NodeIndex},
};

use crate::{Evidence, Finding, Node, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Inheritance goes in a circle, or too deep to follow.
    ///
    /// ## What it finds
    /// Roles of the systems that inherit each other in a circle; groups that contain each other. And, as a warning, a chain of more than
    /// four steps of inheritance between roles, written, mined or of the systems: the longest one from each role that nothing inherits.
    /// Written roles that inherit each other in a circle are an error of the spec (E2604).
    ///
    /// ## Why it matters
    /// In a circle every role has what all of them have, and no one of them can be changed by itself. Down a long chain nobody who
    /// approves the first role reads the last one.
    ///
    /// ## Example
    /// ```csv
    /// role_id,inherits_role_id
    /// SAP_FI_CLERK,SAP_FI_CASHIER
    /// SAP_FI_CASHIER,SAP_FI_CLERK
    /// ```
    ///
    /// ## What to do
    /// Take out the one edge of the circle that was not meant; the evidence shows them all. Shorten a chain by granting directly what its
    /// end is there for.
    ///
    /// ## When to waive it
    /// For a chain in a system that is being replaced. A circle is never right, but one in a system that cannot be changed now may be
    /// waived until it can.
    ///
    /// ## What it cannot see
    /// Circles that lead through systems no source was extracted from.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-3(7): access is controlled by roles.
    /// - NIST SP 800-53 r5 AC-6: no more access than a task needs.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    RULE = {
        code: "RM407", name: "hierarchy-cycle-or-depth", family: Structure, severity: Error, confidence: High,
        waivable: true,
        references: ["NIST SP 800-53 r5 AC-3(7)", "NIST SP 800-53 r5 AC-6", "ISO/IEC 27001:2022 A.5.18"],
        aliases: ["RM-407"], since: "0.1.0", check: check,
    }
}

/// Steps of inheritance that can still be followed.
const DEEPEST: usize = 4;

/// Roles and what each inherits, by index.
type Hierarchy = DiGraph<usize, ()>;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let candidates = &context.compilation.roles;
    let subject = |role: usize| candidates.get(role).map(Subject::role);
    let name = |role: usize| Node::Role(candidates.get(role).map_or_else(String::new, |role| role.handle.clone()));
    report(&hierarchy(candidates.iter().map(|role| &role.inherits)), subject, name, found);

    let existing = &context.snapshot.roles;
    let id = |role: usize| existing.get(role).map_or_else(String::new, |role| role.id.clone());
    let graph = hierarchy(existing.iter().map(|role| &role.inherits));
    let first = found.len();
    report(&graph, |role| Some(Subject::ExistingRole(id(role))), |role| Node::ExistingRole(id(role)), found);
    for finding in found.iter_mut().skip(first).filter(|finding| finding.severity == Severity::Error) {
        finding.accepted = accepted(context, FaultKind::CyclicRoles, &finding.subject);
    }

    found.extend(context.snapshot.groups.cycles.iter().filter_map(|cycle| groups(context, cycle)));
}

fn hierarchy<'a>(inherits: impl ExactSizeIterator<Item = &'a Vec<usize>> + Clone) -> Hierarchy {
    let mut graph = Hierarchy::with_capacity(inherits.len(), 0);
    let nodes: Vec<NodeIndex> = (0..inherits.len()).map(|role| graph.add_node(role)).collect();
    for (&node, inherited) in nodes.iter().zip(inherits) {
        for &parent in inherited.iter().filter_map(|&role| nodes.get(role)) {
            graph.update_edge(node, parent, ());
        }
    }
    graph
}

fn report(
    graph: &Hierarchy,
    subject: impl Fn(usize) -> Option<Subject>,
    name: impl Fn(usize) -> Node,
    found: &mut Vec<Finding>,
) {
    for cycle in cycles(graph) {
        let Some(subject) = cycle.first().and_then(|&role| subject(role)) else { continue };
        let members: Vec<Node> = cycle.iter().map(|&role| name(role)).collect();
        found.push(circle(subject, &members, "inherit", "take out the one inheritance that was not meant"));
    }
    for chain in deepest_chains(graph) {
        let Some(subject) = chain.first().and_then(|&role| subject(role)) else { continue };
        let steps = chain.len().saturating_sub(1);
        let path: Vec<Node> = chain.iter().map(|&role| name(role)).collect();
        let message = match path.first() {
            Some(first) => Phrase::new("role ").node(first.clone()),
            None => Phrase::default(),
        };
        let message = message.text(format!(" inherits through {steps} steps; more than {DEEPEST} cannot be followed"));
        let help = "grant directly what the end of the chain is there for";
        let finding = RULE.finding(subject, message, help).severity(Severity::Warning);
        found.push(finding.evidence(Evidence::Path(path)));
    }
}

/// The finding about a circle, whose members are given once, in order.
fn circle(subject: Subject, members: &[Node], verb: &str, help: &str) -> Finding {
    let message = match members {
        [alone] => Phrase::default().node(alone.clone()).text(format!(" {verb}s itself")),
        [first, second] => {
            Phrase::default().node(first.clone()).text(" and ").node(second.clone()).text(format!(" {verb} each other"))
        }
        [first, ..] => Phrase::default()
            .node(first.clone())
            .text(format!(" and {} more {verb} each other in a circle", members.len() - 1)),
        [] => Phrase::default(),
    };
    let path = members.iter().chain(members.first()).cloned().collect();
    RULE.finding(subject, message, help).evidence(Evidence::Path(path)).count(
        "in the circle",
        members.len() as u64,
        None,
    )
}

fn groups(context: &Context<'_>, cycle: &[GroupId]) -> Option<Finding> {
    let ids = &context.snapshot.groups.ids;
    let names: Vec<&String> = cycle.iter().filter_map(|&group| ids.get(group.0 as usize)).collect();
    let subject = Subject::Group((*names.first()?).clone());
    let members: Vec<Node> = names.into_iter().map(|id| Node::Group(id.clone())).collect();
    let accepted = accepted(context, FaultKind::CyclicGroups, &subject);
    let finding = circle(subject, &members, "contain", "take out the one membership that was not meant");
    Some(finding.accepted(accepted))
}

/// The acceptance of the reader's own fault: it names the first of the circle.
fn accepted(context: &Context<'_>, kind: FaultKind, subject: &Subject) -> Option<usize> {
    let (Subject::ExistingRole(id) | Subject::Group(id)) = subject else { return None };
    let mut faults = context.snapshot.faults.iter().filter(|fault| fault.kind == kind && fault.subject == *id);
    faults.next().and_then(|fault| fault.accepted)
}

/// One circle of every knot, from its smallest role.
fn cycles(graph: &Hierarchy) -> Vec<Vec<usize>> {
    let parents = |node| graph.neighbors(node).filter_map(|parent| u32::try_from(parent.index()).ok()).collect();
    let edges: Vec<Vec<u32>> = graph.node_indices().map(parents).collect();
    let cycles = adit_snapshots::cycles(&edges);
    cycles.into_iter().map(|cycle| cycle.into_iter().map(|role| role as usize).collect()).collect()
}

/// The longest chain from each role that no other inherits, where it is too deep; circles count as one step, through their smallest
/// role.
fn deepest_chains(graph: &Hierarchy) -> Vec<Vec<usize>> {
    let condensed = condensation(graph.clone(), true);
    let Ok(order) = toposort(&condensed, None) else { return Vec::new() };
    // Steps below each node, and the next node on the way there.
    let mut below: Vec<(usize, Option<NodeIndex>)> = vec![(0, None); condensed.node_count()];
    let smallest = |node: NodeIndex| condensed.node_weight(node).and_then(|roles| roles.iter().min().copied());
    for &node in order.iter().rev() {
        let parents = condensed.neighbors(node).filter_map(|parent| {
            let (steps, _) = below.get(parent.index())?;
            Some((steps + 1, std::cmp::Reverse(smallest(parent)), parent))
        });
        if let (Some((steps, _, parent)), Some(place)) = (parents.max(), below.get_mut(node.index())) {
            *place = (steps, Some(parent));
        }
    }
    let is_start = |node: &NodeIndex| condensed.neighbors_directed(*node, petgraph::Incoming).next().is_none();
    let is_deep = |node: &NodeIndex| below.get(node.index()).is_some_and(|(steps, _)| *steps > DEEPEST);
    let mut chains: Vec<Vec<usize>> = condensed
        .node_indices()
        .filter(|node| is_start(node) && is_deep(node))
        .map(|start| {
            let chain = std::iter::successors(Some(start), |node| below.get(node.index()).and_then(|(_, next)| *next));
            chain.filter_map(smallest).collect()
        })
        .collect();
    chains.sort_unstable();
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(inherits: &[&[usize]]) -> Hierarchy {
        let inherits: Vec<Vec<usize>> = inherits.iter().map(|parents| parents.to_vec()).collect();
        hierarchy(inherits.iter())
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_roles_does_not_overflow_the_stack() {
        let inherits: Vec<Vec<usize>> = (0..100_000).map(|role| vec![(role + 1) % 100_000]).collect();
        assert_eq!(cycles(&hierarchy(inherits.iter())).first().map(Vec::len), Some(100_000));
        let chains = deepest_chains(&hierarchy([&inherits[..99_999], &[Vec::new()]].concat().iter()));
        assert_eq!(chains.first().map(Vec::len), Some(100_000));
    }

    #[test]
    fn four_steps_are_fine_and_five_are_not() {
        assert!(deepest_chains(&graph(&[&[1], &[2], &[3], &[4], &[]])).is_empty());
        assert_eq!(deepest_chains(&graph(&[&[1], &[2], &[3], &[4], &[5], &[]])), [vec![0, 1, 2, 3, 4, 5]]);
        // A short cut does not shorten the longest way.
        assert_eq!(deepest_chains(&graph(&[&[1, 5], &[2], &[3], &[4], &[5], &[]])), [vec![0, 1, 2, 3, 4, 5]]);
        // A circle is one step.
        assert!(deepest_chains(&graph(&[&[1], &[2, 0], &[3], &[4], &[]])).is_empty());
    }
}
