//! The table of exceptions.

use super::{
    context::Context, faults::FaultLog, groups::Known, holders::holder_of, keyed::Keyed, rows::gather_fixed, values,
};
use crate::{EntitlementId, ExceptionRecord, ReadError, table::Table};

/// Reads the exceptions, sorted by id.
pub(crate) fn read(
    context: Context<'_>,
    known: Known<'_>,
    faults: &mut FaultLog,
) -> Result<Vec<ExceptionRecord>, ReadError> {
    const IDENTITY: usize = 1;
    const ACCOUNT: usize = 2;
    const ENTITLEMENT: usize = 3;
    const REASON: usize = 4;
    const APPROVER: usize = 5;
    const GRANTED: usize = 6;
    const EXPIRES: usize = 7;
    const CONTROL: usize = 8;
    let rows = gather_fixed(context, Table::Exceptions, faults)?;
    let keyed = Keyed::new(&rows, 0, faults);
    let mut columns = Vec::with_capacity(rows.columns());
    for column in 0..rows.columns() {
        let values = keyed.values(column);
        faults.take(values.conflicts);
        columns.push(values.texts);
    }
    let text = |column: usize, index: usize| columns.get(column).and_then(|texts| texts.get(index).copied().flatten());
    let mut exceptions = Vec::with_capacity(keyed.len());
    for (index, id) in keyed.ids().enumerate() {
        let owned = |column: usize| text(column, index).map(str::to_owned);
        let row = |column: usize| text(column, index).and_then(|text| keyed.row_of(index, column, text));
        let Some(first) = keyed.rows(index).next() else { continue };
        let holder = row(IDENTITY).or_else(|| row(ACCOUNT)).unwrap_or(first);
        let identity = holder_of(&holder, IDENTITY, ACCOUNT, known, faults);
        let entitled = row(ENTITLEMENT).unwrap_or(first);
        let entitlement =
            entitled.key(faults, ENTITLEMENT).and_then(|_| known.entitlements.resolve(&entitled, ENTITLEMENT, faults));
        let mut date = |column: usize| row(column).and_then(|row| row.parse(faults, column, values::date));
        let (granted_at, expires_at) = (date(GRANTED), date(EXPIRES));
        let (Some(Some(identity)), Some(entitlement)) = (identity, entitlement) else { continue };
        exceptions.push(ExceptionRecord {
            id: id.to_owned(),
            identity,
            entitlement: EntitlementId(entitlement),
            reason: owned(REASON),
            approver: owned(APPROVER),
            granted_at,
            expires_at,
            compensating_control: owned(CONTROL),
        });
    }
    Ok(exceptions)
}
