//! The table of observed use.

use rustc_hash::FxHashSet;

use super::{
    context::Context,
    faults::FaultLog,
    groups::Known,
    holders::holder_of,
    rows::{Row, Rows, gather_fixed},
    values,
};
use crate::{EntitlementId, FaultKind, ReadError, Usage, UsageRecord, table::Table};

/// Reads observed use; `None` when no source has it.
pub(crate) fn read(context: Context<'_>, known: Known<'_>, faults: &mut FaultLog) -> Result<Option<Usage>, ReadError> {
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
    let mut seen: FxHashSet<Vec<Option<&str>>> = FxHashSet::default();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        if seen.insert((0..rows.columns()).map(|column| row.get(column)).collect()) {
            kept.push(row);
        } else {
            let message = "says exactly what another row says; one is kept".to_owned();
            faults.push(FaultKind::RepeatedRow, row.place(None), "", message);
        }
    }
    kept
}

/// The length of the source's window of observation, in days.
fn observed(context: Context<'_>, row: &Row<'_>) -> Option<u32> {
    let source = row.source();
    let until = source.extracted.unwrap_or(context.manifest.extracted);
    let days = source.observed_from?.until(until).ok()?.get_days();
    u32::try_from(days).ok()
}
