//! The hierarchy of concepts, and how an identity walks down.

use std::{cmp::Ordering, mem};

use super::{
    siblings::Siblings,
    worth::{Instance, Known, Worth},
};
use crate::{mine::profiles::Profiles, spec::Cobweb};

/// A hierarchy of concepts. Concepts that became others stay in the list, without a parent.
pub(super) struct Tree<'a> {
    profiles: &'a Profiles,
    settings: &'a Cobweb,
    nodes: Vec<Node>,
    /// The concept of everyone, which has no sibling.
    top: Siblings,
    looks: u64,
}

/// A concept. What it holds is in the table that it shares with its siblings.
#[derive(Debug, Default)]
struct Node {
    children: Siblings,
    /// The profiles of a concept without children.
    profiles: Vec<usize>,
}

/// A concept that has just taken a profile in.
struct Visit {
    node: usize,
    /// What is known of it now.
    whole: Known,
    /// How often it had what the profile has, before that.
    before: u64,
    /// For each column of its children how often they have what the profile has.
    held: Vec<u64>,
}

/// What can be done with a profile at a concept that has children. `n` children would be worth `sum` together.
#[derive(Debug, Clone, Copy)]
struct Choice {
    action: Action,
    sum: Worth,
    n: i128,
}

/// Children by column.
#[derive(Debug, Clone, Copy)]
enum Action {
    /// Into this child.
    Into(usize),
    /// A child of its own.
    Own,
    /// Into these two, made one.
    Merge(usize, usize),
    /// The children of this child take its place; then choose again.
    Split(usize),
}

impl<'a> Tree<'a> {
    pub(super) fn new(profiles: &'a Profiles, settings: &'a Cobweb) -> Self {
        Self { profiles, settings, nodes: Vec::new(), top: Siblings::default(), looks: 0 }
    }

    /// The concept of everyone, if there is anyone.
    pub(super) fn root(&self) -> Option<usize> {
        self.top.nodes().next()
    }

    /// How often a count was looked at so far.
    pub(super) fn looks(&self) -> u64 {
        self.looks
    }

    /// The concepts right below one.
    pub(super) fn children(&self, node: usize) -> &Siblings {
        self.nodes.get(node).map_or(&self.top, |node| &node.children)
    }

    /// Every profile in a concept.
    pub(super) fn beneath(&self, node: usize) -> Vec<usize> {
        let (mut all, mut todo) = (Vec::new(), vec![node]);
        while let Some(node) = todo.pop().and_then(|next| self.nodes.get(next)) {
            all.extend_from_slice(&node.profiles);
            todo.extend(node.children.nodes());
        }
        all
    }

    /// Every column of the matrix that anyone in a concept has, ascending.
    pub(super) fn columns(&self, node: usize) -> Vec<u32> {
        let mut columns = self.features(node);
        columns.retain(|&feature| (feature as usize) < self.profiles.width);
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Takes a profile in.
    pub(super) fn add(&mut self, profile: usize) {
        let instance = self.instance(profile);
        let Some(root) = self.root() else {
            let leaf = self.leaf(profile);
            self.top.push(leaf, instance, &[]);
            return;
        };
        let held = self.top.held(instance);
        self.top.add(0, instance, &held);
        let before = held.first().copied().unwrap_or_default();
        let mut next = Some(Visit { node: root, whole: self.top.known(0), before, held: self.held(root, instance) });
        while let Some(visit) = next {
            next = if visit.held.is_empty() {
                self.at_leaf(&visit, profile);
                None
            } else {
                self.choose(visit, profile)
            };
        }
    }

    /// A concept without children: it takes the profile in, or what it was and the profile become its children.
    fn at_leaf(&mut self, visit: &Visit, profile: usize) {
        let acuity = self.settings.acuity;
        let instance = self.instance(profile);
        let before = visit.whole.without(instance, visit.before);
        let split = before.worth(acuity) + instance.known().worth(acuity);
        let apart = self.is_worth(visit.whole, split, 2);
        let Some(node) = self.nodes.get_mut(visit.node) else { return };
        if !apart {
            node.profiles.push(profile);
            return;
        }
        let profiles = mem::take(&mut node.profiles);
        let mut children = Siblings::default();
        for &earlier in &profiles {
            let earlier = self.instance(earlier);
            match children.held(earlier) {
                held if held.is_empty() => children.push(self.nodes.len(), earlier, &held),
                held => children.add(0, earlier, &held),
            }
        }
        self.push(Node { children: Siblings::default(), profiles });
        children.push(self.leaf(profile), instance, &[visit.before]);
        if let Some(node) = self.nodes.get_mut(visit.node) {
            node.children = children;
        }
    }

    /// A concept with children: does what leaves the best utility. The child to go on with, if any.
    fn choose(&mut self, mut visit: Visit, profile: usize) -> Option<Visit> {
        let instance = self.instance(profile);
        let mut may_split = true;
        loop {
            let (choice, below_best) = self.best(&visit, instance, may_split)?;
            if !self.is_worth(visit.whole, choice.sum, choice.n) {
                let mut all = self.beneath(visit.node);
                all.push(profile);
                *self.nodes.get_mut(visit.node)? = Node { children: Siblings::default(), profiles: all };
                return None;
            }
            match choice.action {
                Action::Into(column) => {
                    let children = &mut self.nodes.get_mut(visit.node)?.children;
                    children.add(column, instance, &visit.held);
                    let (node, whole) = (children.node(column)?, children.known(column));
                    return Some(Visit { node, whole, before: *visit.held.get(column)?, held: below_best });
                }
                Action::Own => {
                    let leaf = self.leaf(profile);
                    self.nodes.get_mut(visit.node)?.children.push(leaf, instance, &visit.held);
                    return None;
                }
                Action::Merge(one, other) => return self.merge(visit, (one, other), instance),
                Action::Split(column) => {
                    self.split(&mut visit, column, &below_best)?;
                    // Once for each concept on the way, so that splits and merges do not chase each other.
                    may_split = false;
                }
            }
        }
    }

    /// Makes two children one, which takes the profile in.
    fn merge(&mut self, mut visit: Visit, (one, other): (usize, usize), instance: Instance<'_>) -> Option<Visit> {
        let children = self.children(visit.node);
        let (a, b) = (self.features(children.node(one)?), self.features(children.node(other)?));
        let pair = children.pair(one, other, a.iter().chain(&b).copied());
        let held = vec![*visit.held.get(one)?, *visit.held.get(other)?];
        let before = held.iter().sum();
        self.looks += 2 * pair.features().len() as u64;
        let merged = self.push(Node { children: pair, profiles: Vec::new() });
        // The one that has less moves.
        let (into, from, less) = if a.len() < b.len() { (other, one, a) } else { (one, other, b) };
        let children = &mut self.nodes.get_mut(visit.node)?.children;
        children.merge(into, from, merged, less.into_iter());
        *visit.held.get_mut(into)? = before;
        *visit.held.get_mut(from)? = 0;
        children.add(into, instance, &visit.held);
        Some(Visit { node: merged, whole: children.known(into), before, held })
    }

    /// Puts the children of a child in its place; `below` is how often each of their columns has what the profile has.
    fn split(&mut self, visit: &mut Visit, column: usize, below: &[u64]) -> Option<()> {
        let child = self.children(visit.node).node(column)?;
        let grandchildren = mem::take(&mut self.nodes.get_mut(child)?.children);
        let children = &mut self.nodes.get_mut(visit.node)?.children;
        let moved = children.split(column, &grandchildren);
        self.looks += (grandchildren.filled() * children.width()) as u64;
        *visit.held.get_mut(column)? = 0;
        visit.held.resize(children.width(), 0);
        for (there, here) in moved {
            *visit.held.get_mut(here)? = *below.get(there)?;
        }
        Some(())
    }

    /// All features that anyone in a concept has, some perhaps several times.
    fn features(&self, node: usize) -> Vec<u32> {
        let Some(Node { children, profiles }) = self.nodes.get(node) else { return Vec::new() };
        let held = profiles.iter().flat_map(|&profile| self.profiles.features_of(profile));
        held.chain(children.features()).copied().collect()
    }

    /// The best of all choices, of equals the first: into, own, merge, split; and how often each child of the best child has what the profile has.
    fn best(&mut self, visit: &Visit, instance: Instance<'_>, may_split: bool) -> Option<(Choice, Vec<u64>)> {
        let acuity = self.settings.acuity;
        let children = self.children(visit.node);
        let n = children.columns().len() as i128;
        let hosts = hosts(children, instance, &visit.held, acuity);
        let sum: Worth = hosts.iter().map(|host| host.worth).sum();
        let (best, second) = two_best(&hosts);
        let best = best?;
        let mut choices = vec![
            Choice { action: Action::Into(best.column), sum: sum + best.gain, n },
            Choice { action: Action::Own, sum: sum + instance.known().worth(acuity), n: n + 1 },
        ];
        if let Some(second) = second.filter(|_| n > 2) {
            let held = visit.held.get(best.column)? + visit.held.get(second.column)?;
            let both = children.both(best.column, second.column).with(instance, held).worth(acuity);
            let sum = sum - best.worth - second.worth + both;
            choices.push(Choice { action: Action::Merge(best.column, second.column), sum, n: n - 1 });
        }
        let child = children.node(best.column)?;
        let below_best = self.held(child, instance);
        if may_split && !below_best.is_empty() {
            let below = self::hosts(self.children(child), instance, &below_best, acuity);
            let others = hosts.iter().filter(|host| host.column != best.column);
            let gain = below.iter().chain(others).map(|host| host.gain).max().unwrap_or_default();
            let sum = sum - best.worth + below.iter().map(|host| host.worth).sum::<Worth>() + gain;
            choices.push(Choice { action: Action::Split(best.column), sum, n: n - 1 + below.len() as i128 });
        }
        let whole = visit.whole.worth(acuity);
        // max_by takes the last of equals, so the first comes last.
        let choice = choices.into_iter().rev().max_by(|one, other| utility(one, other, whole))?;
        Some((choice, below_best))
    }

    /// How often each child of a concept has what the profile has.
    fn held(&mut self, node: usize, instance: Instance<'_>) -> Vec<u64> {
        let children = self.children(node);
        let looks = children.width() * instance.features.len();
        let held = children.held(instance);
        self.looks += looks as u64;
        held
    }

    /// Whether children worth `sum` are worth more than the cut-off: 2 (Σ Qₖ/Nₖ − Q/N) / (n N), in ten thousandths, finer by
    /// four for each point of detail.
    fn is_worth(&self, whole: Known, sum: Worth, n: i128) -> bool {
        let gain = sum - whole.worth(self.settings.acuity);
        let (finer, coarser) = match self.settings.detail {
            detail @ 0.. => (1_i128 << (2 * detail.min(2)), 1),
            detail => (1, 1_i128 << (2 * detail.max(-2).unsigned_abs())),
        };
        let cutoff = i128::from(self.settings.cutoff.0) << 20;
        gain > 0 && 2 * gain * 10_000 * finer >= cutoff * n * i128::from(whole.size) * coarser
    }

    /// A new concept of one profile, which no table knows yet.
    fn leaf(&mut self, profile: usize) -> usize {
        self.push(Node { children: Siblings::default(), profiles: vec![profile] })
    }

    fn push(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn instance(&self, profile: usize) -> Instance<'a> {
        Instance {
            features: self.profiles.features_of(profile),
            times: self.profiles.rows.get(profile).map_or(0, |rows| u32::try_from(rows.len()).unwrap_or(u32::MAX)),
        }
    }
}

/// A child, what it is worth, and what it would be worth more with the identity.
#[derive(Debug, Clone, Copy)]
struct Host {
    column: usize,
    worth: Worth,
    gain: Worth,
}

fn hosts(concepts: &Siblings, instance: Instance<'_>, held: &[u64], acuity: u64) -> Vec<Host> {
    let host = |&column: &usize| {
        let (known, held) = (concepts.known(column), held.get(column).copied().unwrap_or_default());
        let worth = known.worth(acuity);
        Host { column, worth, gain: known.with(instance, held).worth(acuity) - worth }
    };
    concepts.columns().iter().map(host).collect()
}

/// The two that gain most, the first of equals first.
fn two_best(hosts: &[Host]) -> (Option<Host>, Option<Host>) {
    let (mut best, mut second): (Option<Host>, Option<Host>) = (None, None);
    for &host in hosts {
        if best.is_none_or(|best| host.gain > best.gain) {
            second = best;
            best = Some(host);
        } else if second.is_none_or(|second| host.gain > second.gain) {
            second = Some(host);
        }
    }
    (best, second)
}

/// Compares (sum − whole) / n.
fn utility(one: &Choice, other: &Choice, whole: Worth) -> Ordering {
    ((one.sum - whole) * other.n).cmp(&((other.sum - whole) * one.n))
}
