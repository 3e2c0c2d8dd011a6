//! Whom a row of a table is about.

use super::{faults::FaultLog, groups::Known, rows::Row};
use crate::IdentityId;

/// The identity a row is about, itself or by an account; `Some(None)` for an account of nobody.
pub(crate) fn holder_of(
    row: &Row<'_>,
    identity: usize,
    account: usize,
    known: Known<'_>,
    faults: &mut FaultLog,
) -> Option<Option<IdentityId>> {
    if row.get(account).is_some() {
        let account = known.account_ids.resolve(row, account, faults)?;
        return Some(known.accounts.get(account as usize)?.identity);
    }
    row.key(faults, identity)?;
    known.identities.resolve(row, identity, faults).map(|rank| Some(IdentityId(rank)))
}
