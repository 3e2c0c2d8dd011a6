//! Who has more duties than allowed: one pass over the assignments, a few words per identity.

use adit_compiler::spec::DutyHolder;
use adit_snapshots::IdentityId;
use petgraph::{Direction, graph::NodeIndex};
use rustc_hash::FxHashSet;

use super::{
    AccessGraph, Holder, Sides, Vertex,
    sides::{self, Place},
};

/// An identity that has more duties than allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// Who.
    pub identity: IdentityId,
    /// Index into `Spec::duties`.
    pub duties: usize,
    /// Where.
    pub place: Place,
    /// Whether it is known to break them: what it has is known to meet there. Duties per session are never known to, and duties per
    /// account only of accounts: see [`AccessGraph::account_conflicts`].
    pub certain: bool,
    /// The sides it has today, ascending: indices into `Duties::sides`.
    pub today: Vec<usize>,
    /// The sides it would have once it held the candidate roles it is a member of, ascending; a superset of `today`.
    pub sides: Vec<usize>,
}

/// Duties that some access breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// Index into `Spec::duties`.
    pub duties: usize,
    /// Where.
    pub place: Place,
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
    /// identity, then duties, then place. Costs one pass over all assignments.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        if self.sides.words() == 0 {
            return Vec::new();
        }
        let mut held = self.sides.none();
        let mut conflicts = Vec::new();
        for identity in self.compilation.snapshot.identities.iter() {
            self.mark_all(identity, &mut held);
            conflicts.extend(self.conflicts_with(identity, &held));
        }
        conflicts
    }

    /// The conflicts of one identity, by duties.
    #[must_use]
    pub fn conflicts_of(&self, identity: IdentityId) -> Vec<Conflict> {
        let mut held = self.sides.none();
        self.mark_all(identity, &mut held);
        self.conflicts_with(identity, &held)
    }

    /// The duties that whoever is in a group or has a role breaks by what it grants itself, none of it inherited.
    #[must_use]
    pub fn broken_alone(&self, holder: Holder) -> Vec<Broken> {
        let mut held = self.sides.none();
        for entitlement in self.own(holder) {
            self.sides.mark(&mut held, entitlement);
        }
        self.certainly_broken(holder, &held)
    }

    /// The duties that whoever is in a group or has a role breaks: by what it grants, inherited or not, and by the roles it makes one have.
    #[must_use]
    pub fn broken_through(&self, holder: Holder) -> Vec<Broken> {
        self.certainly_broken(holder, self.row(holder))
    }

    /// The sides of one place that a group or role brings, ascending.
    #[must_use]
    pub fn sides_through(&self, holder: Holder, place: Place) -> Vec<usize> {
        self.sides.held(place, self.row(holder))
    }

    /// A group gives all it grants to each account in it. A role is an identity's, which may have an account for each of its rights.
    fn certainly_broken(&self, holder: Holder, held: &[u64]) -> Vec<Broken> {
        let duties = &self.compilation.spec.duties;
        let counts = |index: usize| {
            let per = duties.get(index).map(|duties| duties.per);
            per != Some(DutyHolder::Account) || matches!(holder, Holder::Group(_))
        };
        let places = self.sides.broken(held).into_iter().filter(|&place| self.sides.is_certain(place));
        places
            .map(|place| Broken { duties: self.sides.duties(place), place, sides: self.sides.held(place, held) })
            .filter(|broken| counts(broken.duties))
            .collect()
    }

    fn conflicts_with(&self, identity: IdentityId, held: &[u64]) -> Vec<Conflict> {
        let broken = self.sides.broken(held);
        if broken.is_empty() {
            return Vec::new();
        }
        let mut today = self.sides.none();
        self.mark_today(identity, &mut today);
        let duties = &self.compilation.spec.duties;
        let mut accounts = None;
        let mut by_account = Vec::new();
        let mut conflict = |place: Place| {
            let index = self.sides.duties(place);
            let (place, certain) = match duties.get(index)?.per {
                DutyHolder::Identity => (place, self.sides.is_certain(place)),
                DutyHolder::Session => (place, false),
                DutyHolder::Account if by_account.contains(&index) => return None,
                DutyHolder::Account => {
                    by_account.push(index);
                    (accounts.get_or_insert_with(|| self.accounts_of(identity)).in_doubt(self, index)?, false)
                }
                DutyHolder::Role => return None,
            };
            let [today, sides] = [&today[..], held].map(|held| self.sides.held(place, held));
            Some(Conflict { identity, duties: index, place, certain, today, sides })
        };
        broken.into_iter().filter_map(&mut conflict).collect()
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
        for holder in self.memberships(identity).filter(|&vertex| through(vertex)).filter_map(Vertex::holder) {
            held.iter_mut().zip(self.row(holder)).for_each(|(word, through)| *word |= through);
        }
    }

    fn row(&self, holder: Holder) -> &[u64] {
        self.reach.get_or_init(|| Reach::of(self)).row(self.node(holder).index(), &self.sides)
    }
}

impl Reach {
    fn of(graph: &AccessGraph<'_>) -> Self {
        let words = graph.sides.words();
        let mut rows = Vec::with_capacity(graph.layout.holders() * words);
        for node in (0..graph.layout.holders()).map(NodeIndex::new) {
            let mut row = graph.sides.none();
            for &entitlement in graph.closure().grants(node) {
                graph.sides.mark(&mut row, entitlement);
            }
            rows.extend(row);
        }
        // Whoever has a role that inherits another is authorised for that one too (ANSI INCITS 359).
        for &(role, bit) in graph.sides.role_bits() {
            for node in heirs(graph, graph.node(role)) {
                if let Some(row) = rows.get_mut(node.index() * words..(node.index() + 1) * words) {
                    sides::set(row, bit);
                }
            }
        }
        Self { rows }
    }

    fn row(&self, node: usize, sides: &Sides) -> &[u64] {
        self.rows.get(node * sides.words()..(node + 1) * sides.words()).unwrap_or(&[])
    }
}

/// A node and everything that leads to it.
fn heirs(graph: &AccessGraph<'_>, node: NodeIndex) -> Vec<NodeIndex> {
    let mut heirs = vec![node];
    let mut seen = FxHashSet::from_iter([node]);
    let mut next = 0;
    while let Some(&node) = heirs.get(next) {
        heirs.extend(graph.structure.neighbors_directed(node, Direction::Incoming).filter(|&heir| seen.insert(heir)));
        next += 1;
    }
    heirs
}
