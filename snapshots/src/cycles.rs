//! Things that contain or inherit themselves through others.

use std::collections::VecDeque;

use petgraph::{
    algo::kosaraju_scc,
    graph::{DiGraph, NodeIndex},
};

/// One cycle of every knot of `edges`: the shortest through its smallest node, which comes first. Ascending.
#[must_use]
pub fn cycles(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let count = edges.iter().map(Vec::len).sum();
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(edges.len(), count);
    for _ in edges {
        graph.add_node(());
    }
    let mut found: Vec<Vec<u32>> = Vec::new();
    for (from, targets) in (0_u32..).zip(edges) {
        for &to in targets {
            if to == from {
                found.push(vec![from]);
            } else {
                graph.add_edge(NodeIndex::from(from), NodeIndex::from(to), ());
            }
        }
    }
    // Kosaraju's algorithm as petgraph has it keeps its own stack: no depth of nesting overflows it.
    for knot in kosaraju_scc(&graph).into_iter().filter(|knot| knot.len() > 1) {
        let mut knot: Vec<u32> = knot.into_iter().map(|node| node.index() as u32).collect();
        knot.sort_unstable();
        found.extend(shortest(edges, &knot));
    }
    found.sort_unstable();
    found
}

/// The shortest way from the knot's smallest node back to it; the first of several in the order of nodes.
fn shortest(edges: &[Vec<u32>], knot: &[u32]) -> Option<Vec<u32>> {
    let start = *knot.first()?;
    let rank = |node: u32| knot.binary_search(&node).ok();
    let mut before: Vec<Option<u32>> = vec![None; knot.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut targets: Vec<u32> = edges.get(node as usize)?.iter().copied().filter(|&to| to != node).collect();
        targets.sort_unstable();
        for to in targets {
            if to == start {
                let mut cycle = vec![node];
                let mut at = node;
                while at != start {
                    at = (*before.get(rank(at)?)?)?;
                    cycle.push(at);
                }
                cycle.reverse();
                return Some(cycle);
            }
            let Some(slot) = rank(to).and_then(|rank| before.get_mut(rank)) else { continue };
            if slot.is_none() {
                *slot = Some(node);
                queue.push_back(to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_knot_once_from_its_smallest() {
        let edges = [vec![1], vec![2, 0], vec![0], vec![3, 4], vec![], vec![6], vec![5, 5]];
        assert_eq!(cycles(&edges), [vec![0, 1], vec![3], vec![5, 6]]);
        assert_eq!(cycles(&[]), Vec::<Vec<u32>>::new());
    }

    #[test]
    fn a_very_long_cycle_is_found() {
        let edges: Vec<Vec<u32>> = (0..100_000_u32).map(|node| vec![(node + 1) % 100_000]).collect();
        assert_eq!(cycles(&edges)[0].len(), 100_000);
    }
}
