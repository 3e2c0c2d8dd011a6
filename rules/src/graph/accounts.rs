//! Duties counted per account: what one account holds, whoever it belongs to and whatever else that person has.

use std::collections::BTreeMap;

use adit_compiler::spec::DutyHolder;
use adit_snapshots::{EntitlementId, GroupId, IdentityId};

use super::{AccessGraph, Runs, Vertex, sides::Place};

/// An account that has more duties than allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountConflict {
    /// Index into `Accounts::rows`.
    pub account: u32,
    /// Index into `Spec::duties`.
    pub duties: usize,
    /// Where; what it has is known to meet there.
    pub place: Place,
    /// The sides it has, ascending.
    pub sides: Vec<usize>,
}

/// The sides that the accounts of an identity have, as far as sources say by which account it holds what.
pub(super) struct Accounts {
    known: BTreeMap<u32, Vec<u64>>,
    /// Sides it has by an account that no source names.
    unknown: Vec<u64>,
}

impl AccessGraph<'_> {
    /// Every account that has more duties than allowed, where these are counted per account: those of nobody too. By account, duties and
    /// place. Costs one pass over all ways.
    #[must_use]
    pub fn account_conflicts(&self) -> Vec<AccountConflict> {
        let duties = &self.compilation.spec.duties;
        if duties.iter().all(|duties| duties.per != DutyHolder::Account) {
            return Vec::new();
        }
        let snapshot = self.compilation.snapshot;
        let mut rows: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        let ways = snapshot.assignments.entitlements.iter().enumerate().flat_map(|(number, &held)| {
            snapshot.assignments.grants(number).iter().filter_map(move |way| Some((way.account?, held)))
        });
        let orphaned = snapshot.orphaned.iter().map(|orphaned| (orphaned.account, orphaned.entitlement));
        for (account, held) in ways.chain(orphaned) {
            if self.sides.is_on_any(held) {
                self.sides.mark(rows.entry(account).or_insert_with(|| self.sides.none()), held);
            }
        }
        let conflicts = rows.iter().flat_map(|(&account, row)| {
            let places = self.sides.broken(row).into_iter().filter(|&place| self.sides.is_certain(place));
            places.filter_map(move |place| {
                let index = self.sides.duties(place);
                let is_counted = duties.get(index)?.per == DutyHolder::Account;
                let sides = self.sides.held(place, row);
                is_counted.then_some(AccountConflict { account, duties: index, place, sides })
            })
        });
        conflicts.collect()
    }

    /// The accounts of each identity, as indices into `Accounts::rows`.
    pub(super) fn own_accounts(&self) -> &Runs {
        self.own_accounts.get_or_init(|| {
            let snapshot = self.compilation.snapshot;
            let owned = (0..).zip(&snapshot.accounts.rows);
            let pairs = owned.filter_map(|(account, row)| Some((row.identity?.0, account)));
            Runs::of(snapshot.identities.len(), pairs)
        })
    }

    /// Whether an account is directly in a group.
    pub(super) fn is_in(&self, account: u32, group: GroupId) -> bool {
        let members = self.compilation.snapshot.groups.accounts.get(group.0 as usize);
        members.is_some_and(|members| members.binary_search(&account).is_ok())
    }

    /// What the accounts of an identity have. Access that no source names an account of is on one of them, or on one that nobody knows: so
    /// is what existing roles give it and candidate roles would, unless an account is known to hold it.
    pub(super) fn accounts_of(&self, identity: IdentityId) -> Accounts {
        let assignments = &self.compilation.snapshot.assignments;
        let mut accounts = Accounts { known: BTreeMap::new(), unknown: self.sides.none() };
        for (&held, number) in assignments.held(identity).iter().zip(assignments.of(identity)) {
            let ways = assignments.grants(number);
            for account in ways.iter().map(|way| way.account).chain(ways.is_empty().then_some(None)) {
                let row = match account {
                    Some(account) => accounts.known.entry(account).or_insert_with(|| self.sides.none()),
                    None => &mut accounts.unknown,
                };
                self.sides.mark(row, held);
            }
        }
        for holder in self.memberships(identity).filter_map(Vertex::holder) {
            let unheld = |held: &&EntitlementId| assignments.find(identity, **held).is_none();
            for &held in self.effective(holder).iter().filter(unheld) {
                self.sides.mark(&mut accounts.unknown, held);
            }
        }
        accounts
    }
}

impl Accounts {
    /// Where one account may have more of some duties than allowed, and is not known to; none where one is known to in any place.
    pub(super) fn in_doubt(&self, graph: &AccessGraph<'_>, duties: usize) -> Option<Place> {
        let sides = &graph.sides;
        let is_known =
            |place: Place| sides.is_certain(place) && self.known.values().any(|row| sides.exceeds(place, row));
        if sides.places_of(duties).any(is_known) {
            return None;
        }
        let may = |row: &[u64], place: Place| {
            let joined: Vec<u64> = row.iter().zip(&self.unknown).map(|(known, unknown)| known | unknown).collect();
            sides.exceeds(place, &joined)
        };
        let none = sides.none();
        sides.places_of(duties).find(|&place| self.known.values().chain([&none]).any(|row| may(row, place)))
    }
}
