//! Who has more duties than allowed: one pass over the assignments, a few words per identity.

use adit_snapshots::{EntitlementId, IdentityId};

use super::{AccessGraph, Sides, Vertex};

/// An identity that has more duties than allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// Who.
    pub identity: IdentityId,
    /// Index into `Spec::duties`.
    pub duties: usize,
    /// The sides it has today, ascending: indices into `Duties::sides`.
    pub today: Vec<usize>,
    /// The sides it would have once it held the candidate roles it is a member of, ascending; a superset of `today`.
    pub sides: Vec<usize>,
}

/// Duties that a set of entitlements breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// Index into `Spec::duties`.
    pub duties: usize,
    /// The sides it has, ascending: more than `Duties::at_most`.
    pub sides: Vec<usize>,
}

/// The sides that each group and role passes on, a row of words for each node.
#[derive(Debug)]
pub(super) struct Reach {
    rows: Vec<u64>,
}

impl AccessGraph<'_> {
    /// Everyone who has more duties than allowed, over what they hold today, through groups and through roles, existing and candidate. By
    /// identity, then duties. Costs one pass over all assignments.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        if self.sides.words() == 0 {
            return Vec::new();
        }
        let mut held = self.sides.none();
        let mut conflicts = Vec::new();
        for identity in self.compilation.snapshot.identities.iter() {
            self.mark_all(identity, &mut held);
            if self.sides.broken(&held).next().is_some() {
                conflicts.extend(self.conflicts_with(identity, &held));
            }
        }
        conflicts
    }

    /// The conflicts of one identity, by duties.
    #[must_use]
    pub fn conflicts_of(&self, identity: IdentityId) -> Vec<Conflict> {
        let mut held = self.sides.none();
        self.mark_all(identity, &mut held);
        self.conflicts_with(identity, &held).collect()
    }

    /// The duties that whoever holds all of these breaks.
    #[must_use]
    pub fn broken_by(&self, entitlements: &[EntitlementId]) -> Vec<Broken> {
        let mut held = self.sides.none();
        for &entitlement in entitlements {
            self.sides.mark(&mut held, entitlement);
        }
        let broken = self.sides.broken(&held);
        broken.map(|duties| Broken { duties, sides: self.sides.held(duties, &held) }).collect()
    }

    fn conflicts_with<'s>(&'s self, identity: IdentityId, held: &'s [u64]) -> impl Iterator<Item = Conflict> + 's {
        let mut today = self.sides.none();
        self.mark_today(identity, &mut today);
        self.sides.broken(held).map(move |duties| Conflict {
            identity,
            duties,
            today: self.sides.held(duties, &today),
            sides: self.sides.held(duties, held),
        })
    }

    /// Sets `held` to everything an identity has and would have.
    fn mark_all(&self, identity: IdentityId, held: &mut [u64]) {
        self.mark_today(identity, held);
        self.mark_through(identity, held, |vertex| matches!(vertex, Vertex::Role(_)));
    }

    /// Sets `held` to everything an identity has today.
    fn mark_today(&self, identity: IdentityId, held: &mut [u64]) {
        held.fill(0);
        for &entitlement in self.compilation.snapshot.assignments.held(identity) {
            self.sides.mark(held, entitlement);
        }
        self.mark_through(identity, held, |vertex| !matches!(vertex, Vertex::Role(_)));
    }

    fn mark_through(&self, identity: IdentityId, held: &mut [u64], through: impl Fn(Vertex) -> bool) {
        let reach = self.reach.get_or_init(|| Reach::of(self));
        for vertex in self.memberships(identity).filter(|&vertex| through(vertex)) {
            let row = reach.row(self.layout.node(vertex).index(), &self.sides);
            held.iter_mut().zip(row).for_each(|(word, through)| *word |= through);
        }
    }
}

impl Reach {
    fn of(graph: &AccessGraph<'_>) -> Self {
        let mut rows = Vec::with_capacity(graph.layout.holders() * graph.sides.words());
        for holder in graph.holders() {
            let mut row = graph.sides.none();
            for &entitlement in graph.effective(holder) {
                graph.sides.mark(&mut row, entitlement);
            }
            rows.extend(row);
        }
        Self { rows }
    }

    fn row(&self, node: usize, sides: &Sides) -> &[u64] {
        self.rows.get(node * sides.words()..(node + 1) * sides.words()).unwrap_or(&[])
    }
}
