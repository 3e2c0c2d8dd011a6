//! What is digested, in which order: documented for auditors in `docs/snapshots.md`.
//!
//! A text is its length in bytes (four, little-endian) and its UTF-8; an absent value the length `ff ff ff ff`; a list
//! its length and its items. The digest of a row is the SHA-256 of its fields, that of a table the SHA-256 of its
//! header and the digests of its rows, rows ascending by key.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::{Digest, SnapshotDigest};
use crate::{
    Account, Attribute, AttributeType, Column, EntitlementId, Grant, IdentityId, Manifest, Member, Origin, Snapshot,
    Source, Texts, table::Table,
};

/// Changes with the recipe.
const VERSION: &str = "adit.snapshot/1";

/// The digest of everything that can change a result.
pub(super) fn digest(snapshot: &Snapshot) -> SnapshotDigest {
    let mut tables = BTreeMap::new();
    tables.insert("schema".to_owned(), schema(&snapshot.manifest));
    tables.insert("sources".to_owned(), sources(&snapshot.manifest));
    let fixed: [(Table, Option<Digest>); 13] = [
        (Table::Identities, Some(identities(snapshot))),
        (Table::Accounts, accounts(snapshot)),
        (Table::Entitlements, Some(entitlements(snapshot))),
        (Table::Assignments, Some(assignments(snapshot))),
        (Table::Groups, listed(snapshot.groups.ids.iter().map(|id| |row: &mut Row| row.text(id)))),
        (Table::GroupMembers, group_members(snapshot)),
        (Table::GroupGrants, group_grants(snapshot)),
        (Table::Exceptions, exceptions(snapshot)),
        (Table::Usage, usage(snapshot)),
        (Table::Roles, roles(snapshot)),
        (Table::RoleMembers, role_members(snapshot)),
        (Table::RoleGrants, role_grants(snapshot)),
        (Table::RoleInherits, role_inherits(snapshot)),
    ];
    tables.extend(fixed.into_iter().filter_map(|(table, digest)| Some((table.name().to_owned(), digest?))));
    let mut whole = Row::default();
    whole.text(VERSION);
    for (name, digest) in &tables {
        whole.text(name);
        whole.0.extend_from_slice(&digest.0);
    }
    SnapshotDigest { whole: whole.digest(), tables }
}

/// The fields of a row, one after the other.
#[derive(Default)]
struct Row(Vec<u8>);

impl Row {
    fn count(&mut self, count: usize) {
        self.0.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX - 1).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.extend_from_slice(&u32::MAX.to_le_bytes()),
        }
    }

    fn display(&mut self, value: Option<impl ToString>) {
        self.optional(value.map(|value| value.to_string()).as_deref());
    }

    fn date(&mut self, date: Option<Date>) {
        self.display(date);
    }

    fn list<'a>(&mut self, items: impl ExactSizeIterator<Item = &'a str>) {
        self.count(items.len());
        for item in items {
            self.text(item);
        }
    }

    fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }
}

/// The digest of a table from its header and its rows, made in parallel and put together in order.
fn table(header: &Row, rows: usize, write: impl Fn(usize, &mut Row) + Sync) -> Digest {
    let digests: Vec<[u8; 32]> = (0..rows)
        .into_par_iter()
        .with_min_len(256)
        .map_init(Row::default, |row, index| {
            row.0.clear();
            write(index, row);
            row.digest().0
        })
        .collect();
    let mut all = Row(header.0.clone());
    all.0.extend_from_slice(digests.as_flattened());
    all.digest()
}

/// The digest of a small table without a header; `None` when it has no rows.
fn listed<F: FnOnce(&mut Row)>(rows: impl Iterator<Item = F>) -> Option<Digest> {
    let mut all = Row::default();
    for write in rows {
        let mut row = Row::default();
        write(&mut row);
        all.0.extend_from_slice(&row.digest().0);
    }
    (!all.0.is_empty()).then(|| all.digest())
}

fn identities(snapshot: &Snapshot) -> Digest {
    let identities = &snapshot.identities;
    table(&header(&identities.attributes), identities.len(), |index, row| {
        row.optional(identities.ids.get(index));
        attributes(row, &identities.attributes, index);
    })
}

fn entitlements(snapshot: &Snapshot) -> Digest {
    let entitlements = &snapshot.entitlements;
    table(&header(&entitlements.attributes), entitlements.len(), |index, row| {
        row.optional(entitlements.ids.get(index));
        for column in [&entitlements.application, &entitlements.attribute, &entitlements.value] {
            row.optional(column.get(index));
        }
        attributes(row, &entitlements.attributes, index);
    })
}

/// Names and types: a column without any value is not the same as no column.
fn header(attributes: &[Attribute]) -> Row {
    let mut header = Row::default();
    header.count(attributes.len());
    for attribute in attributes {
        header.text(&attribute.name);
        header.text(match attribute.column {
            Column::Text(_) => "text",
            Column::List { .. } => "list",
            Column::Date(_) => "date",
            Column::Boolean(_) => "boolean",
            Column::Integer(_) => "integer",
        });
    }
    header
}

fn attributes(row: &mut Row, attributes: &[Attribute], index: usize) {
    for attribute in attributes {
        match &attribute.column {
            Column::Text(column) => row.optional(column.get(index)),
            Column::List { values, starts, codes } => {
                let range = starts.get(index).zip(starts.get(index + 1));
                let codes = range.and_then(|(&start, &end)| codes.get(start as usize..end as usize)).unwrap_or(&[]);
                row.list(codes.iter().map(|&code| values.get(code as usize).map_or("", String::as_str)));
            }
            Column::Date(dates) => row.date(dates.get(index).copied().flatten()),
            Column::Boolean(flags) => row.display(flags.get(index).copied().flatten()),
            Column::Integer(numbers) => row.display(numbers.get(index).copied().flatten()),
        }
    }
}

fn accounts(snapshot: &Snapshot) -> Option<Digest> {
    listed(snapshot.accounts.rows.iter().map(|account| {
        move |row: &mut Row| {
            row.text(&account.id);
            row.text(&account.system);
            row.optional(owner(snapshot, account));
            row.display(account.enabled);
            row.display(account.interactive);
            row.date(account.created);
            row.date(account.last_login);
        }
    }))
}

/// The identity of an account as its source names it.
fn owner<'a>(snapshot: &'a Snapshot, account: &'a Account) -> Option<&'a str> {
    account.identity.map(|identity| snapshot.identities.name(identity)).or(account.unknown_identity.as_deref())
}

fn assignments(snapshot: &Snapshot) -> Digest {
    let assignments = &snapshot.assignments;
    let holders: Vec<IdentityId> =
        snapshot.identities.iter().filter(|&identity| !assignments.held(identity).is_empty()).collect();
    let encoded = Encoded::of(&snapshot.entitlements.ids);
    let identities = table(&Row::default(), holders.len(), |index, row| {
        let Some(&identity) = holders.get(index) else { return };
        row.text(snapshot.identities.name(identity));
        let held = assignments.held(identity);
        row.count(held.len());
        held.iter().for_each(|&held| row.0.extend_from_slice(encoded.get(held)));
        for assignment in assignments.of(identity) {
            let grants = assignments.grants(assignment);
            row.count(grants.len());
            for each in grants {
                grant(row, snapshot, each);
            }
        }
    });
    let account = |index: u32| snapshot.accounts.rows.get(index as usize).map_or("", |account| account.id.as_str());
    let orphaned = listed(snapshot.orphaned.chunk_by(|a, b| a.account == b.account).map(|held| {
        move |row: &mut Row| {
            row.optional(held.first().map(|held| account(held.account)));
            row.list(held.iter().map(|held| snapshot.entitlements.name(held.entitlement)));
        }
    }));
    match orphaned {
        None => identities,
        Some(orphaned) => Digest::of([identities.0, orphaned.0].as_flattened()),
    }
}

/// The ids of entitlements as fields, made once: most of a snapshot is their repetition.
struct Encoded {
    fields: Row,
    ends: Vec<usize>,
}

impl Encoded {
    fn of(ids: &Texts) -> Self {
        let mut fields = Row::default();
        let end = |id| {
            fields.text(id);
            fields.0.len()
        };
        let ends = ids.iter().map(end).collect();
        Self { fields, ends }
    }

    fn get(&self, entitlement: EntitlementId) -> &[u8] {
        let index = entitlement.0 as usize;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or(0);
        self.ends.get(index).and_then(|&end| self.fields.0.get(start..end)).unwrap_or(&[])
    }
}

fn grant(row: &mut Row, snapshot: &Snapshot, grant: &Grant) {
    row.text(origin(grant.origin));
    row.list(snapshot.assignments.path(grant.path).iter().map(String::as_str));
    let account = grant.account.and_then(|account| snapshot.accounts.rows.get(account as usize));
    row.optional(account.map(|account| account.id.as_str()));
    row.date(grant.granted_at);
    row.optional(grant.granted_by.as_deref());
    row.optional(grant.ticket.as_deref());
    row.date(grant.expires_at);
}

/// The word of an origin, as in a file.
pub(crate) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Direct => "direct",
        Origin::Inherited => "inherited",
        Origin::Rule => "rule",
        Origin::Request => "request",
        Origin::Exception => "exception",
        Origin::Unknown => "unknown",
    }
}

fn group_members(snapshot: &Snapshot) -> Option<Digest> {
    let groups = &snapshot.groups;
    let rows = groups.ids.iter().enumerate().filter_map(|(index, id)| {
        let members = groups.members.get(index).map_or(&[] as &[_], Vec::as_slice);
        let accounts = groups.accounts.get(index).map_or(&[] as &[_], Vec::as_slice);
        (!members.is_empty() || !accounts.is_empty()).then_some((id, members, accounts))
    });
    listed(rows.map(|(id, members, accounts)| {
        move |row: &mut Row| {
            row.text(id);
            row.count(members.len());
            for member in members {
                match member {
                    Member::Identity(identity) => {
                        row.text("identity");
                        row.text(snapshot.identities.name(*identity));
                    }
                    Member::Group(group) => {
                        row.text("group");
                        row.text(groups.ids.get(group.0 as usize).map_or("", String::as_str));
                    }
                }
            }
            let account = |&index: &u32| snapshot.accounts.rows.get(index as usize).map_or("", |a| a.id.as_str());
            row.list(accounts.iter().map(account));
        }
    }))
}

fn group_grants(snapshot: &Snapshot) -> Option<Digest> {
    let granted = snapshot.groups.ids.iter().zip(&snapshot.groups.grants).filter(|(_, grants)| !grants.is_empty());
    listed(granted.map(|(id, grants)| move |row: &mut Row| entitled(row, snapshot, id, grants)))
}

fn entitled(row: &mut Row, snapshot: &Snapshot, id: &str, entitlements: &[EntitlementId]) {
    row.text(id);
    row.list(entitlements.iter().map(|&entitlement| snapshot.entitlements.name(entitlement)));
}

fn exceptions(snapshot: &Snapshot) -> Option<Digest> {
    listed(snapshot.exceptions.iter().map(|exception| {
        move |row: &mut Row| {
            row.text(&exception.id);
            row.text(snapshot.identities.name(exception.identity));
            row.text(snapshot.entitlements.name(exception.entitlement));
            row.optional(exception.reason.as_deref());
            row.optional(exception.approver.as_deref());
            row.date(exception.granted_at);
            row.date(exception.expires_at);
            row.optional(exception.compensating_control.as_deref());
        }
    }))
}

/// Use that nobody observed is not the same as use that nobody looked for.
fn usage(snapshot: &Snapshot) -> Option<Digest> {
    let usage = snapshot.usage.as_ref()?;
    let rows = listed(usage.rows.iter().map(|record| {
        move |row: &mut Row| {
            row.text(snapshot.identities.name(record.identity));
            row.optional(record.entitlement.map(|entitlement| snapshot.entitlements.name(entitlement)));
            row.date(record.first);
            row.date(record.last);
            row.text(&record.count.to_string());
            row.display(record.window_days);
        }
    }));
    Some(rows.unwrap_or_else(|| Digest::of(&[])))
}

fn roles(snapshot: &Snapshot) -> Option<Digest> {
    listed(snapshot.roles.iter().map(|role| {
        move |row: &mut Row| {
            row.text(&role.id);
            row.optional(role.name.as_deref());
            row.optional(role.owner.as_deref());
        }
    }))
}

fn role_members(snapshot: &Snapshot) -> Option<Digest> {
    let roles = snapshot.roles.iter().filter(|role| !role.members.is_empty());
    listed(roles.map(|role| {
        move |row: &mut Row| {
            row.text(&role.id);
            row.list(role.members.iter().map(|&identity| snapshot.identities.name(identity)));
        }
    }))
}

fn role_grants(snapshot: &Snapshot) -> Option<Digest> {
    let roles = snapshot.roles.iter().filter(|role| !role.entitlements.is_empty());
    listed(roles.map(|role| move |row: &mut Row| entitled(row, snapshot, &role.id, &role.entitlements)))
}

fn role_inherits(snapshot: &Snapshot) -> Option<Digest> {
    let roles = snapshot.roles.iter().filter(|role| !role.inherits.is_empty());
    listed(roles.map(|role| {
        move |row: &mut Row| {
            row.text(&role.id);
            row.list(role.inherits.iter().map(|&at| snapshot.roles.get(at).map_or("", |role| role.id.as_str())));
        }
    }))
}

/// What the schema says of types and applications, and the day the snapshot stands for.
fn schema(manifest: &Manifest) -> Digest {
    let mut row = Row::default();
    row.date(Some(manifest.extracted));
    for types in [&manifest.schema.identity, &manifest.schema.entitlement] {
        row.count(types.len());
        for (name, kind) in types {
            row.text(name);
            row.text(kind_name(*kind));
        }
    }
    row.count(manifest.schema.applications.len());
    for (application, attributes) in &manifest.schema.applications {
        row.text(application);
        let attributes: BTreeSet<&str> = attributes.iter().map(String::as_str).collect();
        row.list(attributes.into_iter());
    }
    row.digest()
}

fn kind_name(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::Text => "text",
        AttributeType::List => "list",
        AttributeType::Date => "date",
        AttributeType::Boolean => "boolean",
        AttributeType::Integer => "integer",
    }
}

/// Who answers for which table, since when it was observed and what it is the system of record for: not which file. A
/// source that says none of this does not count.
fn sources(manifest: &Manifest) -> Digest {
    let extracted = |source: &Source| source.extracted.unwrap_or(manifest.extracted);
    let rows: BTreeSet<Vec<u8>> = manifest
        .sources
        .iter()
        .filter(|source| {
            !source.system.is_empty()
                || source.owner.is_some()
                || extracted(source) != manifest.extracted
                || source.observed_from.is_some()
                || !source.authoritative_for.is_empty()
        })
        .map(|source| {
            let mut row = Row::default();
            row.text(&source.table);
            row.text(&source.system);
            row.optional(source.owner.as_deref());
            row.date(Some(extracted(source)));
            row.date(source.observed_from);
            let attributes: BTreeSet<&str> = source.authoritative_for.iter().map(String::as_str).collect();
            row.list(attributes.into_iter());
            row.0
        })
        .collect();
    listed(rows.into_iter().map(|fields| move |row: &mut Row| row.0 = fields)).unwrap_or_else(|| Digest::of(&[]))
}
