//! The ids of a table that no source fills: those that other tables name.

use super::{
    context::Context,
    derived,
    faults::FaultLog,
    header::Wanted,
    intern::Interner,
    plain::unite,
    scan::{Job, Part, scan},
};
use crate::{Entitlements, ReadError, table::Table};

/// Entitlements that assignments and grants name, with the system they were met in.
pub(crate) fn entitlements(context: Context<'_>) -> Result<Entitlements, ReadError> {
    let tables = [Table::Assignments, Table::GroupGrants, Table::RoleGrants];
    let mut found = Vec::new();
    for table in tables {
        found.extend(names(context, table, "entitlement_id", None)?);
    }
    let (ids, ranks) = unite(found.iter().map(|(interner, _)| interner));
    let mut systems: Vec<Option<&str>> = vec![None; ids.len()];
    for ((_, system), ranks) in found.iter().zip(ranks) {
        for rank in ranks {
            let Some(slot) = systems.get_mut(rank as usize).filter(|_| !system.is_empty()) else { continue };
            *slot = Some(slot.map_or(*system, |other: &str| other.min(system)));
        }
    }
    Ok(derived::entitlements(ids, &systems))
}

/// Groups that members, grants and assignments name.
pub(crate) fn groups(context: Context<'_>) -> Result<Vec<String>, ReadError> {
    let mut found = Vec::new();
    for table in [Table::GroupMembers, Table::GroupGrants, Table::Assignments] {
        found.extend(names(context, table, "group_id", None)?);
    }
    found.extend(names(context, Table::GroupMembers, "member_id", Some(("member_type", "group")))?);
    Ok(unite(found.iter().map(|(interner, _)| interner)).0.iter().map(str::to_owned).collect())
}

/// What a column of a table's sources names, where another column says what it must; each with its source's system.
fn names<'a>(
    context: Context<'a>,
    table: Table,
    column: &str,
    only: Option<(&str, &str)>,
) -> Result<Vec<(Interner, &'a str)>, ReadError> {
    // The columns are found as the table's own reader finds them, so all of them are asked for.
    let wanted: Vec<Wanted> =
        table.columns().iter().map(|spec| Wanted { required: spec.name == column, ..spec.into() }).collect();
    let position = |name: &str| wanted.iter().position(|wanted| wanted.name == name).unwrap_or(usize::MAX);
    let at = position(column);
    let only = only.map(|(column, value)| (position(column), value));
    let mut found = Vec::new();
    for source in context.sources(table) {
        let job = Job { table, source, wanted: &wanted };
        let work = |names: &mut Interner, part: &mut Part<'_>| {
            while part.next() {
                let counts = only.is_none_or(|(column, value)| {
                    part.get(column).is_some_and(|text| text.eq_ignore_ascii_case(value))
                });
                if let Some(name) = part.get(at).filter(|_| counts) {
                    names.intern(name);
                }
            }
        };
        // What is wrong with the file is said by the table's own reader.
        let mut unsaid = FaultLog::default();
        let scanned = scan(context.input, job, &mut unsaid, Interner::default, work)?;
        let states = scanned.map(|scanned| scanned.states).unwrap_or_default();
        found.extend(states.into_iter().map(|names| (names, source.system.as_str())));
    }
    Ok(found)
}
