//! Roles that exist already.

use super::{
    context::{Context, Ids},
    cycles::told,
    faults::FaultLog,
    groups::Known,
    holders::holder_of,
    keyed::Keyed,
    rows::gather_fixed,
};
use crate::{EntitlementId, ExistingRole, FaultKind, Place, ReadError, cycles, table::Table};

/// Reads the existing roles, sorted by id. Where no source lists them, they are those the other tables name.
pub(crate) fn read(
    context: Context<'_>,
    known: Known<'_>,
    faults: &mut FaultLog,
) -> Result<Vec<ExistingRole>, ReadError> {
    const NAME: usize = 1;
    const OWNER: usize = 2;
    let table = gather_fixed(context, Table::Roles, faults)?;
    let members = gather_fixed(context, Table::RoleMembers, faults)?;
    let grants = gather_fixed(context, Table::RoleGrants, faults)?;
    let inherits = gather_fixed(context, Table::RoleInherits, faults)?;

    let keyed = Keyed::new(&table, 0, faults);
    let mut roles: Vec<ExistingRole> = if context.has(Table::Roles) {
        let (names, owners) = (keyed.values(NAME), keyed.values(OWNER));
        faults.take(names.conflicts);
        faults.take(owners.conflicts);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        keyed
            .ids()
            .zip(names.texts)
            .zip(owners.texts)
            .map(|((id, name), owner)| ExistingRole {
                id: id.to_owned(),
                name: owned(name),
                owner: owned(owner),
                ..Default::default()
            })
            .collect()
    } else {
        let named = members.iter().chain(grants.iter()).chain(inherits.iter()).filter_map(|row| row.get(0));
        let parents = inherits.iter().filter_map(|row| row.get(1));
        let mut ids: Vec<&str> = named.chain(parents).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| ExistingRole { id: id.to_owned(), ..Default::default() }).collect()
    };
    let ids = Ids::new("role", roles.iter().map(|role| role.id.as_str()));

    for row in members.iter() {
        let Some(_) = row.key(faults, 0) else { continue };
        let role = ids.resolve(&row, 0, faults);
        let Some(Some(identity)) = holder_of(&row, 1, 2, known, faults) else { continue };
        if let Some(role) = role.and_then(|role| roles.get_mut(role as usize)) {
            role.members.push(identity);
        }
    }
    for row in grants.iter() {
        let (Some(_), Some(_)) = (row.key(faults, 0), row.key(faults, 1)) else { continue };
        let role = ids.resolve(&row, 0, faults);
        let entitlement = known.entitlements.resolve(&row, 1, faults);
        let role = role.and_then(|role| roles.get_mut(role as usize));
        if let (Some(role), Some(entitlement)) = (role, entitlement) {
            role.entitlements.push(EntitlementId(entitlement));
        }
    }
    for row in inherits.iter() {
        let (Some(_), Some(_)) = (row.key(faults, 0), row.key(faults, 1)) else { continue };
        let (role, parent) = (ids.resolve(&row, 0, faults), ids.resolve(&row, 1, faults));
        if let (Some(role), Some(parent)) = (role.and_then(|role| roles.get_mut(role as usize)), parent) {
            role.inherits.push(parent as usize);
        }
    }
    for role in &mut roles {
        role.members.sort_unstable();
        role.members.dedup();
        role.entitlements.sort_unstable();
        role.entitlements.dedup();
        role.inherits.sort_unstable();
        role.inherits.dedup();
    }
    find_cycles(&roles, faults);
    Ok(roles)
}

fn find_cycles(roles: &[ExistingRole], faults: &mut FaultLog) {
    let edges: Vec<Vec<u32>> = roles
        .iter()
        .map(|role| role.inherits.iter().filter_map(|&parent| u32::try_from(parent).ok()).collect())
        .collect();
    for cycle in cycles(&edges) {
        let names: Vec<&str> =
            cycle.iter().filter_map(|&role| roles.get(role as usize).map(|role| role.id.as_str())).collect();
        let table = Table::RoleInherits.name().to_owned();
        let place = Place { table, file: String::new(), row: None, column: None };
        faults.push(
            FaultKind::CyclicRoles,
            place,
            names.first().copied().unwrap_or_default(),
            told(&names, "inherits"),
        );
    }
}
