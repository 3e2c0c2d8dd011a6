//! The table of accounts.

use super::{
    columns,
    context::{Context, Ids},
    faults::FaultLog,
    keyed::{Keyed, Values},
    rows::gather_fixed,
    values,
};
use crate::{Account, FaultKind, IdentityId, ReadError, table::Table};

/// Reads the accounts and joins them to identities; the entitlements of each are counted later.
pub(crate) fn read(context: Context<'_>, identities: &Ids, faults: &mut FaultLog) -> Result<Vec<Account>, ReadError> {
    const SYSTEM: usize = 1;
    const IDENTITY: usize = 2;
    const ENABLED: usize = 3;
    const INTERACTIVE: usize = 4;
    const CREATED: usize = 5;
    const LAST_LOGIN: usize = 6;
    let rows = gather_fixed(context, Table::Accounts, faults)?;
    let keyed = Keyed::new(&rows, 0, faults);
    let mut found = Vec::new();
    let mut column = |column: usize| {
        let Values { texts, conflicts } = keyed.values(column);
        found.extend(conflicts);
        texts
    };
    let (systems, owners) = (column(SYSTEM), column(IDENTITY));
    let (enabled, interactive) = (column(ENABLED), column(INTERACTIVE));
    let (created, last_login) = (column(CREATED), column(LAST_LOGIN));
    let mut enabled = columns::parsed(&keyed, ENABLED, &enabled, values::boolean, &mut found).into_iter();
    let mut interactive = columns::parsed(&keyed, INTERACTIVE, &interactive, values::boolean, &mut found).into_iter();
    let mut created = columns::parsed(&keyed, CREATED, &created, values::date, &mut found).into_iter();
    let mut last_login = columns::parsed(&keyed, LAST_LOGIN, &last_login, values::date, &mut found).into_iter();
    faults.take(found);
    let accounts = keyed.ids().zip(systems).zip(owners).enumerate().map(|(index, ((id, system), owner))| {
        let identity = owner.and_then(|owner| identities.find(owner)).map(IdentityId);
        if identity.is_none() {
            let message = match owner {
                None => "expected the identity it belongs to, found an empty field".to_owned(),
                Some(owner) => identities.dangling(owner).1,
            };
            let row = owner.map_or_else(|| keyed.rows(index).next(), |owner| keyed.row_of(index, IDENTITY, owner));
            if let Some(row) = row {
                row.fault(faults, FaultKind::OrphanAccount, IDENTITY, id, message);
            }
        }
        Account {
            system: system.or_else(|| keyed.system(index, SYSTEM)).unwrap_or_default().to_owned(),
            identity,
            unknown_identity: owner.filter(|_| identity.is_none()).map(str::to_owned),
            enabled: enabled.next().flatten(),
            interactive: interactive.next().flatten(),
            created: created.next().flatten(),
            last_login: last_login.next().flatten(),
            entitlements: 0,
            id: id.to_owned(),
        }
    });
    Ok(accounts.collect())
}
