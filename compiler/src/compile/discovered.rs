//! Discovery on existing roles: whom they bring together, and what the cut makes of what they grant.
//!
//! A role is judged by those of its members who are in scope. What the scope, `minable` or `ignore` keep out of the population is not looked
//! at, and stays in the role as it is; so does what the role inherits, which it need not grant again. Nor does a role gain what as many of its
//! members as the cut-off asks for have by other roles of theirs: what everyone has is not to be granted by every role.

use std::collections::{BTreeMap, BTreeSet};

use adit_snapshots::{EntitlementId, IdentityId, Snapshot};

use crate::{
    cut::{self, CutRole},
    existing,
    matrix::AccessMatrix,
    mine::Guide,
    roles::{CandidateRole, Change, Granted, LeftAlone, RoleId, RoleOrigin, WhyLeft},
    select::{SelectError, Selection},
    spec::{Cutoff, ExistingRoles, Mining, Strategy},
};

/// An existing role that a mining block looks at.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Its place in the snapshot.
    role: usize,
    /// Everyone who holds it, directly or through a role that inherits it; ascending.
    holders: Vec<IdentityId>,
}

/// What became of a role that a population judged.
#[derive(Debug)]
pub(super) struct Settled {
    change: Change,
    holders: Vec<IdentityId>,
    /// What is not looked at and stays.
    untouched: Vec<Granted>,
}

impl Settled {
    /// The role's id in its own system.
    pub(super) fn id<'a>(&self, snapshot: &'a Snapshot) -> &'a str {
        snapshot.roles.get(self.change.role).map_or("", |role| &role.id)
    }
}

/// The roles that a mining block looks at: those it names, or all. None for a block that finds its clusters.
///
/// # Errors
/// When a named role does not exist, or nobody holds it.
pub(super) fn wanted(snapshot: &Snapshot, mining: &Mining) -> Result<Vec<Wanted>, SelectError> {
    let Strategy::ExistingRoles(ExistingRoles { roles: named }) = &mining.strategy else { return Ok(Vec::new()) };
    let roles = &snapshot.roles;
    let heirs = existing::heirs(roles);
    let wanted = |role| Wanted { role, holders: existing::holders(roles, &heirs, &[role]) };
    if named.is_empty() {
        if roles.is_empty() {
            return Err(SelectError::Unknown {
                message: format!("mining `{}` discovers from existing roles, and this snapshot has none", mining.name),
                help: "add a `roles` table, with `role-members` and `role-grants`, or say `cluster using …` instead"
                    .to_owned(),
                span: mining.span,
            });
        }
        return Ok((0..roles.len()).map(wanted).collect());
    }
    let mut found: BTreeMap<usize, Wanted> = BTreeMap::new();
    for named in named {
        for role in existing::named(snapshot, &named.name, named.span)? {
            let wanted = wanted(role);
            if wanted.holders.is_empty() {
                return Err(SelectError::Unknown {
                    message: format!(
                        "nobody holds the role `{}`, so there is nothing to tell what it should grant",
                        named.name
                    ),
                    help: "add its members to the `role-members` table, or leave the role out".to_owned(),
                    span: named.span,
                });
            }
            found.insert(role, wanted);
        }
    }
    Ok(found.into_values().collect())
}

/// The roles with somebody in a population, and the rows of their members, in the order of the clusters.
fn present(wanted: &[Wanted], population: &[IdentityId]) -> Vec<(Wanted, Vec<u32>)> {
    let row = |holder: &IdentityId| population.binary_search(holder).ok().and_then(|row| u32::try_from(row).ok());
    let with_rows = |wanted: &Wanted| (wanted.clone(), wanted.holders.iter().filter_map(row).collect::<Vec<u32>>());
    wanted.iter().map(with_rows).filter(|(_, rows)| !rows.is_empty()).collect()
}

/// The memberships of a population, as codes.
pub(super) fn guide(wanted: &[Wanted], population: &[IdentityId]) -> Guide {
    let present = present(wanted, population);
    let mut of_row = vec![Vec::new(); population.len()];
    for (code, (_, rows)) in (0_u32..).zip(&present) {
        for &row in rows {
            of_row.get_mut(row as usize).into_iter().for_each(|roles| Vec::push(roles, code));
        }
    }
    Guide { name: "role".to_owned(), distinct: present.len(), of_row }
}

/// What a mining block is given: existing roles, and how they lie to its populations. Nothing for a block that finds its clusters.
pub(super) struct Given {
    wanted: Vec<Wanted>,
    /// Roles with members in several populations.
    apart: BTreeSet<usize>,
    /// Roles with members in none, until a population takes them into its report.
    nowhere: Vec<LeftAlone>,
}

/// Looks up the roles of a mining block.
///
/// # Errors
/// As [`wanted`].
pub(super) fn given(snapshot: &Snapshot, mining: &Mining, selections: &[Selection]) -> Result<Given, SelectError> {
    let wanted = wanted(snapshot, mining)?;
    let (mut nowhere, mut apart) = (Vec::new(), BTreeSet::new());
    for Wanted { role, holders } in &wanted {
        let is_in = |selection: &&Selection| {
            holders.iter().any(|holder| selection.matrix.identities.binary_search(holder).is_ok())
        };
        match selections.iter().filter(is_in).count() {
            0 => nowhere.push(LeftAlone { role: *role, why: WhyLeft::Nobody }),
            1 => {}
            _ => {
                apart.insert(*role);
            }
        }
    }
    Ok(Given { wanted, apart, nowhere })
}

/// What a population judges existing roles by.
pub(super) struct Bench<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) matrix: &'a AccessMatrix,
    /// Entitlements that are looked at, held by anyone or not; ascending.
    pub(super) looked_at: &'a [EntitlementId],
    pub(super) cutoff: &'a Cutoff,
    pub(super) given: &'a mut Given,
}

impl Bench<'_> {
    /// From what the cut leaves of each cluster to what the role that it stands for would grant: takes out what it inherits, puts in roles
    /// of which only the rest stays, and tells what changes, by cluster.
    pub(super) fn settle(self, roles: &mut Vec<CutRole>) -> (BTreeMap<usize, Settled>, Vec<LeftAlone>) {
        let mut left_alone = std::mem::take(&mut self.given.nowhere);
        let mut settled = BTreeMap::new();
        let mut cut: BTreeMap<usize, CutRole> = roles.drain(..).map(|role| (role.cluster, role)).collect();
        let mut kept: Vec<CutRole> = Vec::new();
        let present = present(&self.given.wanted, &self.matrix.identities);
        let judged = present.iter().enumerate().filter(|(_, (wanted, rows))| self.why_not(wanted, rows).is_none());
        let would: BTreeMap<usize, Vec<EntitlementId>> = judged
            .map(|(cluster, (wanted, _))| (wanted.role, self.would_grant(wanted.role, cut.get(&cluster))))
            .collect();
        let mut brought = self.brought(&would);
        // The widest first: what a department gains, its jobs need not.
        let mut present: Vec<(usize, (Wanted, Vec<u32>))> = present.into_iter().enumerate().collect();
        present.sort_by_key(|(cluster, (_, rows))| (std::cmp::Reverse(rows.len()), *cluster));
        for (cluster, (wanted, rows)) in present {
            let found = cut.remove(&cluster);
            match self.judge(&wanted, &rows, cluster, found, &would, &brought) {
                Ok((role, change)) => {
                    for &row in rows.iter().filter(|_| !change.change.added.is_empty()) {
                        if let Some(brought) = brought.get_mut(row as usize) {
                            brought.extend_from_slice(&change.change.added);
                            brought.sort_unstable();
                        }
                    }
                    kept.push(role);
                    settled.insert(cluster, change);
                }
                Err(why) => left_alone.push(LeftAlone { role: wanted.role, why }),
            }
        }
        left_alone.sort_by_key(|left| left.role);
        // As the cut has them: the largest first, then in the order of the roles.
        kept.sort_by_key(|role| std::cmp::Reverse(role.size()));
        *roles = kept;
        (settled, left_alone)
    }

    fn judge(
        &self,
        wanted: &Wanted,
        rows: &[u32],
        cluster: usize,
        found: Option<CutRole>,
        would: &BTreeMap<usize, Vec<EntitlementId>>,
        brought: &[Vec<EntitlementId>],
    ) -> Result<(CutRole, Settled), WhyLeft> {
        if let Some(why) = self.why_not(wanted, rows) {
            return Err(why);
        }
        let today = self.today(wanted.role);
        // Of a role above that is judged too counts what it would grant.
        let grants = |role: &usize| would.get(role).map_or_else(|| self.today(*role), Vec::as_slice);
        let above = existing::ancestors(&self.snapshot.roles, wanted.role);
        let inherited: BTreeSet<EntitlementId> = above.iter().flat_map(grants).copied().collect();
        let mut role = found.unwrap_or_else(|| CutRole { cluster, members: rows.to_vec(), ..CutRole::default() });
        let entitlement = |column: u32| self.matrix.entitlements.get(column as usize).copied();
        let by_others = |it: &EntitlementId| {
            let having = rows.iter().filter_map(|&row| brought.get(row as usize));
            let having = having.filter(|brought| brought.binary_search(it).is_ok()).count() as u64;
            self.cutoff.primary.met_by(having, rows.len() as u64)
        };
        role.grants.retain(|grant| {
            entitlement(grant.column)
                .is_some_and(|it| today.binary_search(&it).is_ok() || !inherited.contains(&it) && !by_others(&it))
        });
        let granted: Vec<EntitlementId> = role.grants.iter().filter_map(|grant| entitlement(grant.column)).collect();
        let is_looked_at = |it: &&EntitlementId| self.is_looked_at(**it);
        let dropped: Vec<Granted> = (today.iter())
            .filter(is_looked_at)
            .filter(|it| granted.binary_search(it).is_err())
            .map(|&it| self.weighed(it, rows))
            .collect();
        let untouched: Vec<Granted> =
            today.iter().filter(|it| !is_looked_at(it)).map(|&it| self.counted(it, rows)).collect();
        if granted.is_empty() && untouched.is_empty() && inherited.is_empty() {
            return Err(WhyLeft::Nothing { dropped });
        }
        let added = granted.into_iter().filter(|it| today.binary_search(it).is_err()).collect();
        let out_of_scope = u32::try_from(wanted.holders.len() - rows.len()).unwrap_or(u32::MAX);
        let change = Change { role: wanted.role, out_of_scope, added, dropped };
        Ok((role, Settled { change, holders: wanted.holders.clone(), untouched }))
    }

    /// What each row has by the existing roles of it that grant it today and go on to, ascending: what these bring, no other role need gain.
    fn brought(&self, would: &BTreeMap<usize, Vec<EntitlementId>>) -> Vec<Vec<EntitlementId>> {
        let roles = &self.snapshot.roles;
        let heirs = existing::heirs(roles);
        let mut brought: Vec<Vec<EntitlementId>> = vec![Vec::new(); self.matrix.height()];
        for role in 0..roles.len() {
            let goes_on = |it: &&EntitlementId| would.get(&role).is_none_or(|would| would.binary_search(it).is_ok());
            let grants: Vec<EntitlementId> = self.today(role).iter().filter(goes_on).copied().collect();
            for holder in existing::holders(roles, &heirs, &[role]) {
                let row = self.matrix.identities.binary_search(&holder).ok();
                if let Some(brought) = row.and_then(|row| brought.get_mut(row)) {
                    brought.extend_from_slice(&grants);
                }
            }
        }
        for brought in &mut brought {
            brought.sort_unstable();
            brought.dedup();
        }
        brought
    }

    /// Why a role is not judged, if it is not.
    fn why_not(&self, wanted: &Wanted, rows: &[u32]) -> Option<WhyLeft> {
        let members = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        if self.given.apart.contains(&wanted.role) {
            return Some(WhyLeft::Apart);
        }
        (members < self.cutoff.min_members).then_some(WhyLeft::TooFew { members })
    }

    /// What a role grants today, ascending.
    fn today(&self, role: usize) -> &[EntitlementId] {
        self.snapshot.roles.get(role).map_or(&[], |role| &role.entitlements)
    }

    fn is_looked_at(&self, entitlement: EntitlementId) -> bool {
        self.looked_at.binary_search(&entitlement).is_ok()
    }

    /// What the cut would have a role grant, and what it grants today and is not looked at; ascending.
    fn would_grant(&self, role: usize, cut: Option<&CutRole>) -> Vec<EntitlementId> {
        let columns = cut.into_iter().flat_map(|cut| &cut.grants).map(|grant| grant.column as usize);
        let granted = columns.filter_map(|column| self.matrix.entitlements.get(column));
        let untouched = self.today(role).iter().filter(|it| !self.is_looked_at(**it));
        let mut would: Vec<EntitlementId> = granted.chain(untouched).copied().collect();
        would.sort_unstable();
        would
    }

    /// An entitlement that misses the cut-off.
    fn weighed(&self, entitlement: EntitlementId, rows: &[u32]) -> Granted {
        let column = self.matrix.entitlements.binary_search(&entitlement).ok();
        let holders = column.map_or(&[][..], |column| self.matrix.column(column));
        let (held, of, margin) = cut::weigh(holders, rows, self.cutoff);
        Granted { entitlement, held, of, margin: Some(margin) }
    }

    /// An entitlement that no threshold applies to.
    fn counted(&self, entitlement: EntitlementId, rows: &[u32]) -> Granted {
        let identities = rows.iter().filter_map(|&row| self.matrix.identities.get(row as usize));
        let held =
            identities.filter(|&&identity| self.snapshot.assignments.find(identity, entitlement).is_some()).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Granted { entitlement, held: count(held), of: count(rows.len()), margin: None }
    }
}

/// The role as it would be: `found` is what the population makes of it.
pub(super) fn candidate(
    snapshot: &Snapshot,
    found: CandidateRole,
    settled: Settled,
    (mining, population): (usize, usize),
) -> CandidateRole {
    let Settled { change, holders, untouched } = settled;
    let existing = snapshot.roles.get(change.role);
    let mut grants = found.grants;
    grants.extend(untouched);
    grants.sort_unstable_by_key(|granted| granted.entitlement);
    let over_grants = (holders.iter())
        .flat_map(|&holder| grants.iter().map(move |granted| (holder, granted.entitlement)))
        .filter(|&(holder, entitlement)| snapshot.assignments.find(holder, entitlement).is_none())
        .collect();
    CandidateRole {
        id: RoleId(existing.map_or_else(String::new, |role| role.id.clone())),
        name: existing.and_then(|role| role.name.clone()),
        origin: RoleOrigin::Existing { mining, population, change },
        grants,
        members: holders,
        over_grants,
        ..found
    }
}

#[cfg(test)]
mod tests;
