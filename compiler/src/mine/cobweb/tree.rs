//! The hierarchy of concepts, and how an identity walks down.

use std::cmp::Ordering;

use super::concept::{Concept, Instance, Worth};
use crate::{mine::profiles::Profiles, spec::Cobweb};

/// A hierarchy of concepts. Concepts that became others stay in the list, without a parent.
pub(super) struct Tree<'a> {
    profiles: &'a Profiles,
    settings: &'a Cobweb,
    nodes: Vec<Node>,
    root: Option<usize>,
    looks: u64,
}

#[derive(Debug, Default)]
struct Node {
    concept: Concept,
    children: Vec<usize>,
    /// The profiles of a concept without children.
    profiles: Vec<usize>,
}

/// What can be done with an identity at a concept that has children. `n` children would be worth `sum` together.
#[derive(Debug, Clone, Copy)]
struct Choice {
    action: Action,
    sum: Worth,
    n: i128,
}

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
        Self { profiles, settings, nodes: Vec::new(), root: None, looks: 0 }
    }

    /// The concept of everyone, if there is anyone.
    pub(super) fn root(&self) -> Option<usize> {
        self.root
    }

    /// How often a count was looked at so far.
    pub(super) fn looks(&self) -> u64 {
        self.looks
    }

    /// The concepts right below one.
    pub(super) fn children(&self, concept: usize) -> &[usize] {
        self.nodes.get(concept).map_or(&[], |node| node.children.as_slice())
    }

    /// What a concept knows.
    #[cfg(test)]
    pub(super) fn concept(&self, concept: usize) -> Option<&Concept> {
        self.nodes.get(concept).map(|node| &node.concept)
    }

    /// Every profile in a concept.
    pub(super) fn beneath(&self, concept: usize) -> Vec<usize> {
        let (mut all, mut todo) = (Vec::new(), vec![concept]);
        while let Some(node) = todo.pop().and_then(|next| self.nodes.get(next)) {
            all.extend_from_slice(&node.profiles);
            todo.extend_from_slice(&node.children);
        }
        all
    }

    /// Takes a profile in.
    pub(super) fn add(&mut self, profile: usize) {
        let instance = self.instance(profile);
        let Some(mut place) = self.root else {
            self.root = Some(self.leaf(profile));
            return;
        };
        loop {
            let Some(node) = self.nodes.get_mut(place) else { return };
            node.concept.add(instance);
            let next =
                if node.children.is_empty() { self.at_leaf(place, profile) } else { self.choose(place, profile) };
            match next {
                Some(next) => place = next,
                None => return,
            }
        }
    }

    /// A concept without children: it takes the profile in, or what it was and the profile become its children.
    fn at_leaf(&mut self, place: usize, profile: usize) -> Option<usize> {
        let acuity = self.settings.acuity;
        let instance = self.instance(profile);
        let node = self.nodes.get(place)?;
        self.looks += instance.features.len() as u64;
        let split = node.concept.worth_without(instance, acuity) + instance.worth(acuity);
        if !self.is_worth(node, split, 2) {
            self.nodes.get_mut(place)?.profiles.push(profile);
            return None;
        }
        let node = self.nodes.get_mut(place)?;
        let (concept, profiles) = (node.concept.without(instance), std::mem::take(&mut node.profiles));
        let old = self.push(Node { concept, children: Vec::new(), profiles });
        let new = self.leaf(profile);
        self.nodes.get_mut(place)?.children = vec![old, new];
        None
    }

    /// A concept with children, which has taken the profile in: does what leaves the best utility. The child to go on with, if any.
    fn choose(&mut self, place: usize, profile: usize) -> Option<usize> {
        let instance = self.instance(profile);
        let mut may_split = true;
        loop {
            let choice = self.best(place, instance, may_split)?;
            let node = self.nodes.get(place)?;
            if !self.is_worth(node, choice.sum, choice.n) {
                let mut all = self.beneath(place);
                all.push(profile);
                let node = self.nodes.get_mut(place)?;
                (node.children, node.profiles) = (Vec::new(), all);
                return None;
            }
            match choice.action {
                Action::Into(child) => return Some(child),
                Action::Own => {
                    let leaf = self.leaf(profile);
                    self.nodes.get_mut(place)?.children.push(leaf);
                    return None;
                }
                Action::Merge(one, other) => {
                    let concept = self.nodes.get(one)?.concept.merged(&self.nodes.get(other)?.concept);
                    let merged = self.push(Node { concept, children: vec![one, other], profiles: Vec::new() });
                    let children = &mut self.nodes.get_mut(place)?.children;
                    children.retain(|&child| child != one && child != other);
                    children.push(merged);
                    return Some(merged);
                }
                Action::Split(child) => {
                    let grandchildren = std::mem::take(&mut self.nodes.get_mut(child)?.children);
                    let children = &mut self.nodes.get_mut(place)?.children;
                    children.retain(|&other| other != child);
                    children.extend(grandchildren);
                    // Once for each concept on the way, so that splits and merges do not chase each other.
                    may_split = false;
                }
            }
        }
    }

    /// The best of all choices; of equals the first: into, own, merge, split.
    fn best(&mut self, place: usize, instance: Instance<'_>, may_split: bool) -> Option<Choice> {
        let acuity = self.settings.acuity;
        let children = self.nodes.get(place)?.children.clone();
        let n = children.len() as i128;
        let hosts = self.hosts(&children, instance);
        let sum: Worth = hosts.iter().map(|host| host.worth).sum();
        let (best, second) = two_best(&hosts);
        let best = best?;
        let mut choices = vec![
            Choice { action: Action::Into(best.child), sum: sum + best.gain, n },
            Choice { action: Action::Own, sum: sum + instance.worth(acuity), n: n + 1 },
        ];
        if let Some(second) = second.filter(|_| children.len() > 2) {
            let (one, other) = (&self.nodes.get(best.child)?.concept, &self.nodes.get(second.child)?.concept);
            let (both, looks) = one.worth_of_both(other, instance, acuity);
            self.looks += looks;
            let sum = sum - best.worth - second.worth + both;
            choices.push(Choice { action: Action::Merge(best.child, second.child), sum, n: n - 1 });
        }
        let grandchildren = self.nodes.get(best.child)?.children.clone();
        if may_split && !grandchildren.is_empty() {
            let below = self.hosts(&grandchildren, instance);
            let others = hosts.iter().filter(|host| host.child != best.child);
            let gain = below.iter().chain(others).map(|host| host.gain).max().unwrap_or_default();
            let sum = sum - best.worth + below.iter().map(|host| host.worth).sum::<Worth>() + gain;
            choices.push(Choice { action: Action::Split(best.child), sum, n: n - 1 + below.len() as i128 });
        }
        let whole = self.nodes.get(place)?.concept.worth(acuity);
        // max_by takes the last of equals, so the first comes last.
        choices.into_iter().rev().max_by(|one, other| utility(one, other, whole))
    }

    fn hosts(&mut self, children: &[usize], instance: Instance<'_>) -> Vec<Host> {
        self.looks += (children.len() * instance.features.len()) as u64;
        let acuity = self.settings.acuity;
        let host = |&child: &usize| {
            let concept = &self.nodes.get(child)?.concept;
            let worth = concept.worth(acuity);
            Some(Host { child, worth, gain: concept.worth_with(instance, acuity) - worth })
        };
        children.iter().filter_map(host).collect()
    }

    /// Whether children worth `sum` are worth more than the cut-off: 2 (Σ Qₖ/Nₖ − Q/N) / (n N), in ten thousandths, finer by
    /// four for each point of detail.
    fn is_worth(&self, node: &Node, sum: Worth, n: i128) -> bool {
        let gain = sum - node.concept.worth(self.settings.acuity);
        let (finer, coarser) = match self.settings.detail {
            detail @ 0.. => (1_i128 << (2 * detail.min(2)), 1),
            detail => (1, 1_i128 << (2 * detail.max(-2).unsigned_abs())),
        };
        let cutoff = i128::from(self.settings.cutoff.0) << 20;
        gain > 0 && 2 * gain * 10_000 * finer >= cutoff * n * i128::from(node.concept.size) * coarser
    }

    fn leaf(&mut self, profile: usize) -> usize {
        let mut concept = Concept::default();
        concept.add(self.instance(profile));
        self.push(Node { concept, children: Vec::new(), profiles: vec![profile] })
    }

    fn push(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn instance(&self, profile: usize) -> Instance<'a> {
        Instance {
            features: self.profiles.features_of(profile),
            times: self.profiles.rows.get(profile).map_or(0, |rows| rows.len() as u64),
        }
    }
}

/// A child, what it is worth, and what it would be worth more with the identity.
#[derive(Debug, Clone, Copy)]
struct Host {
    child: usize,
    worth: Worth,
    gain: Worth,
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
