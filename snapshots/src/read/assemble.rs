//! The order in which tables are read, and how they become one snapshot.

use super::{
    accounts,
    assignments::{self, Detail},
    context::{Context, Ids},
    entitlements, exceptions,
    expand::expand,
    faults::FaultLog,
    groups::{self, Known},
    identities, matrix, named,
    paths::PathTable,
    plain, roles,
    scan::Input,
    usage, ways,
};
use crate::{Accounts, FaultKind, Manifest, OrphanAssignment, Place, ReadError, Snapshot, table::Table};

/// Reads everything a manifest names.
pub(crate) fn assemble(input: Input<'_>, manifest: &Manifest) -> Result<Snapshot, ReadError> {
    let context = Context { input, manifest };
    let mut faults = FaultLog::default();

    let identities = identities::read(context, &mut faults)?;
    let identity_ids = Ids::new("identity", identities.ids.iter());
    let mut accounts = accounts::read(context, &identity_ids, &mut faults)?;
    let account_ids = Ids::new("account", accounts.iter().map(|account| account.id.as_str()));
    let entitlements = match entitlements::read(context, &mut faults)? {
        Some(entitlements) => entitlements,
        None => named::entitlements(context)?,
    };
    let entitlement_ids = Ids::new("entitlement", entitlements.ids.iter());
    let group_names =
        if context.has(Table::Groups) { groups::read_ids(context, &mut faults)? } else { named::groups(context)? };
    let group_ids = Ids::new("group", group_names.iter().map(String::as_str));
    let known = Known {
        identities: &identity_ids,
        account_ids: &account_ids,
        accounts: &accounts,
        groups: &group_ids,
        entitlements: &entitlement_ids,
    };

    let mut nesting = groups::read(context, group_names, known, &mut faults)?;
    let mut paths = PathTable::new();
    let detail = assignments::detail(context);
    let mut stated = assignments::read(context, known, detail, &mut paths, &mut faults)?;
    for (group, grant) in stated.groups.drain(..) {
        nesting.grant(group, grant);
    }
    nesting.settle(&accounts);
    let expanded = expand(&nesting, &accounts, &mut paths);
    let (assignments, repeated) = match detail {
        Detail::Pairs => matrix::assignments(identities.len(), stated.pairs),
        Detail::Ways => {
            stated.ways.extend(expanded.ways);
            let (paths, ranks) = paths.finish();
            ways::unite(identities.len(), stated.ways, paths, &ranks)
        }
    };
    if repeated > 0 {
        note_repeated(repeated, &mut faults);
    }
    stated.orphaned.extend(expanded.orphaned);
    stated.orphaned.sort_unstable();
    stated.orphaned.dedup();

    let exceptions = exceptions::read(context, known, &mut faults)?;
    let usage = usage::read(context, known, &mut faults)?;
    let roles = roles::read(context, known, &mut faults)?;
    ways::count_by_account(&mut accounts, &assignments, &stated.orphaned);
    let groups = nesting.into_groups(&accounts, &mut faults);
    let orphaned = stated.orphaned.into_iter();
    let mut snapshot = Snapshot {
        manifest: manifest.clone(),
        identities,
        accounts: Accounts { rows: accounts },
        entitlements,
        groups,
        assignments,
        orphaned: orphaned.map(|(account, entitlement)| OrphanAssignment { account, entitlement }).collect(),
        exceptions,
        usage,
        roles,
        ..Snapshot::default()
    };
    snapshot.digest = snapshot.compute_digest();
    check_digest(&snapshot, &mut faults);
    snapshot.faults = faults.finish(&manifest.accepted);
    Ok(snapshot)
}

fn note_repeated(repeated: u64, faults: &mut FaultLog) {
    let table = Table::Assignments.name().to_owned();
    let place = Place { table, file: String::new(), row: None, column: None };
    faults.push(FaultKind::RepeatedRow, place, "", plain::said_again(repeated));
}

/// Compares the digest with the one the manifest states.
fn check_digest(snapshot: &Snapshot, faults: &mut FaultLog) {
    let Some(stated) = &snapshot.manifest.digest else { return };
    let found = snapshot.digest.whole.to_string();
    if *stated != found {
        let place = Place {
            table: "snapshot".to_owned(),
            file: "snapshot.toml".to_owned(),
            row: None,
            column: Some("digest".to_owned()),
        };
        let message = format!("expected the content `{stated}`, found `{found}`");
        faults.push(FaultKind::DigestMismatch, place, stated.clone(), message);
    }
}
