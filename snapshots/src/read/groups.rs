//! Groups: who is in them, what they contain, what they grant.

use jiff::civil::Date;

use super::{
    context::{Context, Ids},
    cycles::told,
    faults::FaultLog,
    keyed::Keyed,
    rows::{Row, gather_fixed},
    scan::shortened,
};
use crate::{
    Account, EntitlementId, FaultKind, GroupId, Groups, IdentityId, Member, Place, ReadError, cycles, table::Table,
};

/// Everything about groups, before it is expanded.
#[derive(Default)]
pub(crate) struct Nesting {
    pub(crate) ids: Vec<String>,
    /// Per group: identities that are members themselves, sorted.
    pub(crate) identities: Vec<Vec<IdentityId>>,
    /// Per group: accounts that are members, sorted.
    pub(crate) accounts: Vec<Vec<u32>>,
    /// Per group: groups that are members, sorted.
    pub(crate) nested: Vec<Vec<u32>>,
    /// Per group: what it grants, sorted.
    pub(crate) grants: Vec<Vec<GroupGrant>>,
}

/// What a group grants, and on which terms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GroupGrant {
    pub(crate) entitlement: EntitlementId,
    pub(crate) terms: Terms,
}

/// What a source may say of a grant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Terms {
    pub(crate) granted_at: Option<Date>,
    pub(crate) granted_by: Option<String>,
    pub(crate) ticket: Option<String>,
    pub(crate) expires_at: Option<Date>,
}

/// The ids that members and grants may name.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) identities: &'a Ids,
    pub(crate) account_ids: &'a Ids,
    pub(crate) accounts: &'a [Account],
    pub(crate) groups: &'a Ids,
    pub(crate) entitlements: &'a Ids,
}

/// The ids of the table of groups.
pub(crate) fn read_ids(context: Context<'_>, faults: &mut FaultLog) -> Result<Vec<String>, ReadError> {
    let rows = gather_fixed(context, Table::Groups, faults)?;
    Ok(Keyed::new(&rows, 0, faults).ids().map(str::to_owned).collect())
}

/// Reads members and grants.
pub(crate) fn read(
    context: Context<'_>,
    ids: Vec<String>,
    known: Known<'_>,
    faults: &mut FaultLog,
) -> Result<Nesting, ReadError> {
    const MEMBER: usize = 1;
    const TYPE: usize = 2;
    let count = ids.len();
    let mut nesting = Nesting {
        ids,
        identities: vec![Vec::new(); count],
        accounts: vec![Vec::new(); count],
        nested: vec![Vec::new(); count],
        grants: vec![Vec::new(); count],
    };
    let rows = gather_fixed(context, Table::GroupMembers, faults)?;
    for row in rows.iter() {
        let (Some(_), Some(_)) = (row.key(faults, 0), row.key(faults, MEMBER)) else { continue };
        let Some(group) = known.groups.resolve(&row, 0, faults) else { continue };
        match member(&row, MEMBER, TYPE, known, faults) {
            Some(Found::Identity(identity)) => push(&mut nesting.identities, group, IdentityId(identity)),
            Some(Found::Account(account)) => push(&mut nesting.accounts, group, account),
            Some(Found::Group(nested)) => push(&mut nesting.nested, group, nested),
            None => {}
        }
    }
    let rows = gather_fixed(context, Table::GroupGrants, faults)?;
    for row in rows.iter() {
        let (Some(_), Some(_)) = (row.key(faults, 0), row.key(faults, 1)) else { continue };
        let group = known.groups.resolve(&row, 0, faults);
        let entitlement = known.entitlements.resolve(&row, 1, faults);
        if let (Some(group), Some(entitlement)) = (group, entitlement) {
            let grant = GroupGrant { entitlement: EntitlementId(entitlement), terms: Terms::default() };
            push(&mut nesting.grants, group, grant);
        }
    }
    nesting.settle(known.accounts);
    Ok(nesting)
}

enum Found {
    Identity(u32),
    Account(u32),
    Group(u32),
}

/// What a member is: what its type says, else the one table that knows its id.
fn member(row: &Row<'_>, column: usize, kind: usize, known: Known<'_>, faults: &mut FaultLog) -> Option<Found> {
    let id = row.get(column)?;
    let stated = row.get(kind).map(str::to_ascii_lowercase);
    match stated.as_deref() {
        Some("identity" | "user" | "person") => {
            return known.identities.resolve(row, column, faults).map(Found::Identity);
        }
        Some("account") => return known.account_ids.resolve(row, column, faults).map(Found::Account),
        Some("group") => return known.groups.resolve(row, column, faults).map(Found::Group),
        Some(other) => {
            let message = format!("expected `identity`, `account` or `group`, found `{}`", shortened(other));
            row.fault(faults, FaultKind::BadValue, kind, id, message);
            return None;
        }
        None => {}
    }
    let found = [
        known.identities.find(id).map(Found::Identity),
        known.account_ids.find(id).map(Found::Account),
        known.groups.find(id).map(Found::Group),
    ];
    let mut found = found.into_iter().flatten();
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) => {
            let message = format!("`{}` is an id of more than one table: say which in `member_type`", shortened(id));
            row.fault(faults, FaultKind::BadValue, kind, id, message);
            None
        }
        (None, _) => {
            let message =
                format!("expected a known identity, account or group, found `{}`, which no row defines", shortened(id));
            row.fault(faults, FaultKind::DanglingReference, column, id, message);
            None
        }
    }
}

impl Nesting {
    /// Adds what a row of the assignments says a group grants.
    pub(crate) fn grant(&mut self, group: u32, grant: GroupGrant) {
        push(&mut self.grants, group, grant);
    }

    /// Sorts, and drops what is said twice. An identity that is a member through an account of its own is one only
    /// through that: the account says more.
    pub(crate) fn settle(&mut self, accounts: &[Account]) {
        fn sort<T: Ord>(lists: &mut [Vec<T>]) {
            for list in lists {
                list.sort_unstable();
                list.dedup();
            }
        }
        sort(&mut self.identities);
        sort(&mut self.accounts);
        sort(&mut self.nested);
        sort(&mut self.grants);
        for (identities, members) in self.identities.iter_mut().zip(&self.accounts) {
            if members.is_empty() || identities.is_empty() {
                continue;
            }
            let mut through: Vec<IdentityId> =
                members.iter().filter_map(|&account| accounts.get(account as usize)?.identity).collect();
            through.sort_unstable();
            identities.retain(|identity| through.binary_search(identity).is_err());
        }
    }

    /// The groups as the snapshot has them; each cycle is a fault.
    pub(crate) fn into_groups(self, accounts: &[Account], faults: &mut FaultLog) -> Groups {
        let members = self.identities.iter().zip(&self.accounts).zip(&self.nested).map(|((own, through), nested)| {
            let through = through.iter().filter_map(|&account| accounts.get(account as usize)?.identity);
            let mut members: Vec<Member> = own.iter().copied().chain(through).map(Member::Identity).collect();
            members.extend(nested.iter().map(|&group| Member::Group(GroupId(group))));
            members.sort_unstable();
            members.dedup();
            members
        });
        let members = members.collect();
        let grants = self.grants.into_iter().map(|grants| {
            let mut grants: Vec<EntitlementId> = grants.into_iter().map(|grant| grant.entitlement).collect();
            grants.dedup();
            grants
        });
        let grants = grants.collect();
        let cycles = cycles(&self.nested);
        for cycle in &cycles {
            let names: Vec<&str> =
                cycle.iter().filter_map(|&group| self.ids.get(group as usize).map(String::as_str)).collect();
            let table = Table::GroupMembers.name().to_owned();
            let place = Place { table, file: String::new(), row: None, column: None };
            let subject = names.first().copied().unwrap_or_default();
            let message = format!("{}; each is expanded once", told(&names, "contains"));
            faults.push(FaultKind::CyclicGroups, place, subject, message);
        }
        let cycles = cycles.into_iter().map(|cycle| cycle.into_iter().map(GroupId).collect()).collect();
        Groups { ids: self.ids, members, accounts: self.accounts, grants, cycles }
    }
}

fn push<T>(lists: &mut [Vec<T>], group: u32, item: T) {
    if let Some(list) = lists.get_mut(group as usize) {
        list.push(item);
    }
}
