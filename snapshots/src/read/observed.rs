//! The tables of exceptions and of observed use.

use rustc_hash::FxHashMap;

use super::{
    context::Context,
    faults::FaultLog,
    groups::Known,
    keyed::Keyed,
    rows::{Row, Rows, gather_fixed},
    values,
};
use crate::{
    EntitlementId, ExceptionRecord, FaultKind, IdentityId, Place, ReadError, Usage, UsageRecord, table::Table,
};

/// Reads the exceptions, sorted by id.
pub(crate) fn read_exceptions(
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
    for (index, id) in keyed.ids().into_iter().enumerate() {
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
            id,
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

/// Reads observed use; `None` when no source has it.
pub(crate) fn read_usage(
    context: Context<'_>,
    known: Known<'_>,
    faults: &mut FaultLog,
) -> Result<Option<Usage>, ReadError> {
    const ACCOUNT: usize = 0;
    const IDENTITY: usize = 1;
    const ENTITLEMENT: usize = 2;
    const FIRST: usize = 3;
    const LAST: usize = 4;
    const COUNT: usize = 5;
    const WINDOW: usize = 6;
    if !context.has(Table::Usage) {
        return Ok(None);
    }
    let rows = gather_fixed(context, Table::Usage, faults)?;
    if !rows.any_source() {
        return Ok(None);
    }
    rows.expect_one_of(&[IDENTITY, ACCOUNT], faults);
    let mut records: Vec<UsageRecord> = Vec::new();
    for row in repeated_once(&rows, faults) {
        let Some(identity) = holder_of(&row, IDENTITY, ACCOUNT, known, faults) else { continue };
        let entitlement = match row.get(ENTITLEMENT) {
            None => None,
            Some(_) => match known.entitlements.resolve(&row, ENTITLEMENT, faults) {
                Some(entitlement) => Some(EntitlementId(entitlement)),
                None => continue,
            },
        };
        let (first, last) = (row.parse(faults, FIRST, values::date), row.parse(faults, LAST, values::date));
        let count = row.parse(faults, COUNT, values::count).unwrap_or_default();
        let stated = row.parse(faults, WINDOW, values::count).and_then(|days| u32::try_from(days).ok());
        let window_days = if row.has(WINDOW) { stated } else { observed(context, &row) };
        let Some(identity) = identity else { continue };
        records.push(UsageRecord { identity, entitlement, first, last, count, window_days });
    }
    records.sort_by_key(|record| (record.identity, record.entitlement));
    let rows = records
        .chunk_by(|a, b| (a.identity, a.entitlement) == (b.identity, b.entitlement))
        .filter_map(|same| {
            let mut merged = same.first()?.clone();
            merged.first = same.iter().filter_map(|record| record.first).min();
            merged.last = same.iter().filter_map(|record| record.last).max();
            merged.count = same.iter().fold(0, |sum: u64, record| sum.saturating_add(record.count));
            merged.window_days = same.iter().filter_map(|record| record.window_days).max();
            Some(merged)
        })
        .collect();
    Ok(Some(Usage { rows }))
}

/// Every row of a table that has no key, those that say the same only once.
fn repeated_once<'a>(rows: &'a Rows<'a>, faults: &mut FaultLog) -> Vec<Row<'a>> {
    let mut seen: FxHashMap<Vec<Option<&str>>, ()> = FxHashMap::default();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let said = (0..rows.columns()).map(|column| row.get(column)).collect();
        if seen.insert(said, ()).is_none() {
            kept.push(row);
        } else {
            let message = "says exactly what another row says; one is kept".to_owned();
            faults.push(FaultKind::RepeatedRow, Place { column: None, ..row.place(None) }, "", message);
        }
    }
    kept
}

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

/// The length of the source's window of observation, in days.
fn observed(context: Context<'_>, row: &Row<'_>) -> Option<u32> {
    let source = row.source();
    let until = source.extracted.unwrap_or(context.manifest.extracted);
    let days = source.observed_from?.until(until).ok()?.get_days();
    u32::try_from(days).ok()
}
