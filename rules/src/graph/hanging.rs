//! What hangs on a step of the hierarchy: what someone has through it, and through nothing else.

use adit_snapshots::{EntitlementId, Grant, GroupId, IdentityId, Origin, PathId};
use rustc_hash::FxHashSet;

use super::{AccessGraph, Holder, Vertex};

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    /// A group or role, from whoever loses it: nothing comes through it any more.
    Holder(Holder),
    /// What a group or role has through another one that it is in or inherits, directly or not.
    Between {
        /// The group or role that is cut off.
        below: Holder,
        /// What it is cut off from.
        above: Holder,
    },
    /// A group, from one account: nothing comes to that account through it any more.
    Account {
        /// Index into `Accounts::rows`.
        account: u32,
        /// The group.
        group: GroupId,
    },
}

impl Cut {
    /// The group or role at which it is made.
    #[must_use]
    pub fn at(self) -> Holder {
        match self {
            Self::Holder(at) | Self::Between { below: at, .. } => at,
            Self::Account { group, .. } => Holder::Group(group),
        }
    }
}

impl AccessGraph<'_> {
    /// What an identity has today, and would not have after a cut, ascending. A way that a source records stands unless it leads through
    /// the cut; so does access that nothing says the way of.
    #[must_use]
    pub fn hanging_on(&self, identity: IdentityId, cut: Cut) -> Vec<EntitlementId> {
        let starts: Vec<Holder> = self
            .memberships(identity)
            .filter_map(Vertex::holder)
            .filter(|holder| !matches!(holder, Holder::Role(_)))
            .collect();
        let before = self.walk_holders(&starts, |_, _| true);
        let after = self.after(identity, &starts, cut);
        let grants = |of: &FxHashSet<Holder>| -> FxHashSet<EntitlementId> {
            of.iter().flat_map(|&holder| self.own(holder)).collect()
        };
        let (granted, kept) = (grants(&before), grants(&after));
        let assignments = &self.compilation.snapshot.assignments;
        let leads_through =
            |way: &Grant| way.path != PathId::DIRECT && way.origin != Origin::Direct && self.leads_through(cut, way);
        let ways = |entitlement| assignments.find(identity, entitlement).map(|number| assignments.grants(number));
        let recorded = assignments.held(identity).iter().copied();
        let recorded = recorded.filter(|&held| ways(held).is_some_and(|ways| ways.iter().any(leads_through)));
        let stands = |entitlement: &EntitlementId| {
            kept.contains(entitlement)
                || ways(*entitlement).is_some_and(|ways| ways.is_empty() || !ways.iter().all(leads_through))
        };
        let mut hanging: Vec<_> = granted.iter().copied().chain(recorded).filter(|held| !stands(held)).collect();
        hanging.sort_unstable();
        hanging.dedup();
        hanging
    }

    /// Every group or role that access still comes through after a cut.
    fn after(&self, identity: IdentityId, starts: &[Holder], cut: Cut) -> FxHashSet<Holder> {
        match cut {
            Cut::Holder(gone) => self.walk_holders(starts, |_, next| next != gone),
            Cut::Between { below, above } => {
                let mut after = self.walk_holders(starts, |from, _| from != Some(below));
                if after.contains(&below) {
                    after.extend(self.walk_holders(&[below], |_, next| next != above));
                }
                after
            }
            Cut::Account { account, group } => {
                let (by_it, others): (Vec<Holder>, Vec<Holder>) =
                    starts.iter().partition(|&&start| self.is_in_by(identity, start, account));
                let mut after = self.walk_holders(&others, |_, _| true);
                after.extend(self.walk_holders(&by_it, |_, next| next != Holder::Group(group)));
                after
            }
        }
    }

    /// Whether an identity is in a group by this account of its own, and by no other.
    fn is_in_by(&self, identity: IdentityId, holder: Holder, account: u32) -> bool {
        let Holder::Group(group) = holder else { return false };
        let own = self.own_accounts().run(identity.0 as usize);
        let mut by = own.iter().filter(|&&own| self.is_in(own, group)).peekable();
        by.peek().is_some() && by.all(|&by| by == account)
    }

    /// Every group or role reached from some, themselves included, by the steps that may be taken; the first ones come from nowhere.
    fn walk_holders(&self, starts: &[Holder], may: impl Fn(Option<Holder>, Holder) -> bool) -> FxHashSet<Holder> {
        let mut reached: FxHashSet<Holder> = starts.iter().copied().filter(|&start| may(None, start)).collect();
        let mut todo: Vec<Holder> = reached.iter().copied().collect();
        while let Some(holder) = todo.pop() {
            let parents = self.parents(holder).into_iter().filter(|&parent| may(Some(holder), parent));
            todo.extend(parents.filter(|&parent| reached.insert(parent)));
        }
        reached
    }

    /// Whether a way that a source records leads through a cut.
    fn leads_through(&self, cut: Cut, way: &Grant) -> bool {
        let groups = &self.compilation.snapshot.groups.ids;
        let steps = self.compilation.snapshot.assignments.path(way.path);
        let place = |holder: Holder| match holder {
            Holder::Group(group) => {
                let name = groups.get(group.0 as usize)?;
                steps.iter().position(|step| step == name)
            }
            Holder::ExistingRole(_) | Holder::Role(_) => None,
        };
        match cut {
            Cut::Holder(gone) => place(gone).is_some(),
            Cut::Between { below, above } => place(below).zip(place(above)).is_some_and(|(below, above)| below < above),
            Cut::Account { account, group } => way.account == Some(account) && place(Holder::Group(group)).is_some(),
        }
    }
}
