//! The table of assignments: the large one, read without keeping a text of it.

use std::borrow::Cow;

use super::{
    context::Context,
    faults::FaultLog,
    groups::{GroupGrant, Known, Terms},
    header::{Layout, Wanted},
    intern::{Interner, NONE},
    matrix::{self, Pair},
    paths::PathTable,
    scan::{Job, Part, header, place, scan, shortened},
    values::{self, Wrong},
    ways::Way,
};
use crate::{EntitlementId, FaultKind, IdentityId, Origin, PathId, ReadError, table::Table};

const ACCOUNT: usize = 0;
const IDENTITY: usize = 1;
const GROUP: usize = 2;
const ENTITLEMENT: usize = 3;
const ORIGIN: usize = 4;
const VIA: usize = 5;
const GRANTED_AT: usize = 6;
const GRANTED_BY: usize = 7;
const TICKET: usize = 8;
const EXPIRES_AT: usize = 9;

/// What the rows say.
#[derive(Default)]
pub(crate) struct Stated {
    /// In parts, in the order of the files, when nothing is said beyond identity and entitlement.
    pub(crate) pairs: Vec<Vec<Pair>>,
    /// Every way, when something is; paths by their provisional numbers.
    pub(crate) ways: Vec<Way>,
    /// What groups are granted.
    pub(crate) groups: Vec<(u32, GroupGrant)>,
    /// What accounts of nobody hold.
    pub(crate) orphaned: Vec<(u32, EntitlementId)>,
}

/// How much is kept of each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Identity and entitlement: the sources say no more.
    Pairs,
    /// Everything.
    Ways,
}

/// Whether any source says more of an assignment than identity and entitlement.
pub(crate) fn detail(context: Context<'_>) -> Detail {
    let wanted = wanted();
    let more = || {
        context.sources(Table::Assignments).any(|source| {
            let header = header(context.input, source).unwrap_or_default();
            let (layout, _) = Layout::resolve(&header, &wanted, &source.columns);
            (0..wanted.len()).any(|column| column != IDENTITY && column != ENTITLEMENT && layout.has(column))
        })
    };
    if has_groups(context) || more() { Detail::Ways } else { Detail::Pairs }
}

/// Reads every source of assignments.
pub(crate) fn read(
    context: Context<'_>,
    known: Known<'_>,
    detail: Detail,
    paths: &mut PathTable,
    faults: &mut FaultLog,
) -> Result<Stated, ReadError> {
    let grouped = has_groups(context);
    let wanted = wanted();
    let mut stated = Stated::default();
    for source in context.sources(Table::Assignments) {
        let job = Job { table: Table::Assignments, source, wanted: &wanted };
        if !names_a_holder(context, job, faults) {
            continue;
        }
        let work = |taken: &mut Taken, part: &mut Part<'_>| match detail {
            Detail::Pairs => take_pairs(taken, part, known),
            Detail::Ways => take_ways(taken, part, known, grouped),
        };
        let Some(scanned) = scan(context.input, job, faults, Taken::default, work)? else { continue };
        let mut parts: Vec<(usize, Stated)> = Vec::new();
        for taken in scanned.states {
            let numbers: Vec<u32> = taken.vias.iter().map(|via| paths.parse(via, source.separator)).collect();
            for (index, mut part) in taken.parts {
                for way in &mut part.ways {
                    let local = way.grant.path.0.checked_sub(1);
                    let number = local.and_then(|local| numbers.get(local as usize)).copied();
                    way.grant.path = PathId(number.unwrap_or_default());
                }
                parts.push((index, part));
            }
        }
        parts.sort_unstable_by_key(|(index, _)| *index);
        for (_, part) in parts {
            stated.pairs.extend(part.pairs);
            stated.ways.extend(part.ways);
            stated.groups.extend(part.groups);
            stated.orphaned.extend(part.orphaned);
        }
    }
    Ok(stated)
}

fn has_groups(context: Context<'_>) -> bool {
    [Table::Groups, Table::GroupMembers, Table::GroupGrants].into_iter().any(|table| context.has(table))
}

fn wanted() -> Vec<Wanted> {
    Table::Assignments.columns().iter().map(Wanted::from).collect()
}

/// Whether a file has any of the columns that say who holds; a fault if not.
fn names_a_holder(context: Context<'_>, job: Job<'_>, faults: &mut FaultLog) -> bool {
    // A file that cannot be opened is reported when it is read.
    let Ok(header) = header(context.input, job.source) else { return true };
    let (layout, _) = Layout::resolve(&header, job.wanted, &job.source.columns);
    let found = [ACCOUNT, IDENTITY, GROUP].iter().any(|&column| layout.has(column));
    if !found {
        let row = (!header.is_empty()).then_some(1);
        let message = format!(
            "expected a column `identity_id`, `account_id` or `group_id`, found {}",
            super::header::listed(&header)
        );
        let place = place(job, row, Some("identity_id".to_owned()));
        faults.push(FaultKind::MissingColumn, place, "identity_id", message);
    }
    found
}

/// What a thread makes of its parts; the path of a way is 0 or the number of its text plus one.
#[derive(Default)]
struct Taken {
    vias: Interner,
    parts: Vec<(usize, Stated)>,
}

/// Rows looked up together.
const BATCH: usize = 256;

/// Rows that wait for their ids to be looked up.
#[derive(Default)]
struct Batch<'a> {
    /// The holder of each run of rows: files are mostly sorted by holder.
    holders: Vec<Cow<'a, str>>,
    /// What each row holds.
    held: Vec<Cow<'a, str>>,
    /// Of each row: its run, and its line.
    rows: Vec<(usize, u64)>,
    identities: Vec<u32>,
    entitlements: Vec<u32>,
}

fn take_pairs(taken: &mut Taken, part: &mut Part<'_>, known: Known<'_>) {
    let mut pairs = Vec::with_capacity(part.rows());
    let mut batch = Batch::default();
    while part.next() {
        let (Some(holder), Some(held)) = (part.take(IDENTITY), part.take(ENTITLEMENT)) else {
            empty(part);
            continue;
        };
        if batch.holders.last() != Some(&holder) {
            batch.holders.push(holder);
        }
        batch.held.push(held);
        batch.rows.push((batch.holders.len() - 1, part.line()));
        if batch.rows.len() == BATCH {
            batch.settle(part, known, &mut pairs);
        }
    }
    batch.settle(part, known, &mut pairs);
    taken.parts.push((part.index, Stated { pairs: vec![pairs], ..Stated::default() }));
}

impl Batch<'_> {
    fn settle(&mut self, part: &mut Part<'_>, known: Known<'_>, pairs: &mut Vec<Pair>) {
        known.identities.find_all(&self.holders, &mut self.identities);
        known.entitlements.find_all(&self.held, &mut self.entitlements);
        for (row, (&(run, line), &entitlement)) in self.rows.iter().zip(&self.entitlements).enumerate() {
            let identity = self.identities.get(run).copied().unwrap_or(NONE);
            if identity != NONE && entitlement != NONE {
                pairs.push(matrix::pair(IdentityId(identity), EntitlementId(entitlement)));
                continue;
            }
            if identity == NONE {
                dangling(part, line, IDENTITY, self.holders.get(run).map_or("", |id| id), known);
            }
            if entitlement == NONE {
                dangling(part, line, ENTITLEMENT, self.held.get(row).map_or("", |id| id), known);
            }
        }
        self.holders.clear();
        self.held.clear();
        self.rows.clear();
    }
}

fn take_ways(taken: &mut Taken, part: &mut Part<'_>, known: Known<'_>, grouped: bool) {
    let mut stated = Stated::default();
    let silent = if grouped && part.layout.field(ORIGIN).is_none() { Origin::Direct } else { Origin::Unknown };
    while part.next() {
        if part.get(ENTITLEMENT).is_none() {
            empty(part);
            continue;
        }
        let Some(holder) = holder(part, known) else { continue };
        let Some(entitlement) = part.get(ENTITLEMENT).and_then(|id| known.entitlements.find(id)) else {
            let id = part.get(ENTITLEMENT).unwrap_or_default().to_owned();
            dangling(part, part.line(), ENTITLEMENT, &id, known);
            continue;
        };
        let entitlement = EntitlementId(entitlement);
        let terms = Terms {
            granted_at: parse(part, GRANTED_AT, values::date),
            granted_by: part.get(GRANTED_BY).map(str::to_owned),
            ticket: part.get(TICKET).map(str::to_owned),
            expires_at: parse(part, EXPIRES_AT, values::date),
        };
        let via = part.get(VIA).map(|via| taken.vias.intern(via) + 1);
        let origin = match parse(part, ORIGIN, origin) {
            Some(origin) => origin,
            None if via.is_some() => Origin::Inherited,
            None => silent,
        };
        let (identity, account) = match holder {
            Holder::Group(group) => {
                stated.groups.push((group, GroupGrant { entitlement, terms }));
                continue;
            }
            Holder::Identity(identity) => (Some(identity), None),
            Holder::Account(account) => {
                (known.accounts.get(account as usize).and_then(|account| account.identity), Some(account))
            }
        };
        match (identity, account) {
            (Some(identity), account) => stated.ways.push(Way {
                pair: matrix::pair(identity, entitlement),
                expanded: false,
                grant: terms.into_grant(origin, PathId(via.unwrap_or_default()), account),
            }),
            (None, Some(account)) => stated.orphaned.push((account, entitlement)),
            (None, None) => {}
        }
    }
    taken.parts.push((part.index, stated));
}

enum Holder {
    Identity(IdentityId),
    Account(u32),
    Group(u32),
}

/// Who a row says holds. An account and the identity it belongs to may stand side by side.
fn holder(part: &mut Part<'_>, known: Known<'_>) -> Option<Holder> {
    let (account, identity, group) = (part.get(ACCOUNT), part.get(IDENTITY), part.get(GROUP));
    let several = [account, identity, group].iter().flatten().count() > 1;
    let of_account = |account: &str| known.accounts.get(known.account_ids.find(account)? as usize)?.identity;
    let agrees = |account: &str, identity: &str| {
        of_account(account).is_some() && of_account(account).map(|rank| rank.0) == known.identities.find(identity)
    };
    let column = match (account, identity, group) {
        (Some(account), Some(identity), None) if agrees(account, identity) => ACCOUNT,
        _ if several => {
            let found: Vec<String> = [("account_id", account), ("identity_id", identity), ("group_id", group)]
                .iter()
                .filter_map(|(name, value)| value.map(|value| format!("{name} `{}`", shortened(value))))
                .collect();
            let subject = account.or(identity).unwrap_or_default().to_owned();
            part.fault(FaultKind::BadValue, IDENTITY, &subject, || {
                format!("expected one holder, found {}, which are not the same", found.join(" and "))
            });
            return None;
        }
        (Some(_), ..) => ACCOUNT,
        (_, Some(_), _) => IDENTITY,
        (.., Some(_)) => GROUP,
        (None, None, None) => {
            empty(part);
            return None;
        }
    };
    let id = part.get(column)?;
    let found = match column {
        ACCOUNT => known.account_ids.find(id).map(Holder::Account),
        GROUP => known.groups.find(id).map(Holder::Group),
        _ => known.identities.find(id).map(|rank| Holder::Identity(IdentityId(rank))),
    };
    if found.is_none() {
        let id = id.to_owned();
        dangling(part, part.line(), column, &id, known);
    }
    found
}

#[cold]
fn empty(part: &mut Part<'_>) {
    let (column, what) =
        if part.get(ENTITLEMENT).is_none() { (ENTITLEMENT, "an entitlement") } else { (IDENTITY, "a holder") };
    part.fault(FaultKind::EmptyKey, column, "", || format!("expected {what}, found an empty field"));
}

#[cold]
fn dangling(part: &mut Part<'_>, line: u64, column: usize, id: &str, known: Known<'_>) {
    let ids = match column {
        ACCOUNT => known.account_ids,
        GROUP => known.groups,
        ENTITLEMENT => known.entitlements,
        _ => known.identities,
    };
    let (kind, message) = ids.dangling(id);
    part.fault_at(line, kind, column, id, || message);
}

fn parse<T>(part: &mut Part<'_>, column: usize, parse: fn(&str) -> Result<Option<T>, Wrong>) -> Option<T> {
    match parse(part.get(column)?) {
        Ok(value) => value,
        Err(wrong) => {
            let text = part.get(column).unwrap_or_default().to_owned();
            part.fault(wrong.kind, column, &text, || wrong.message(&shortened(&text)));
            None
        }
    }
}

fn origin(text: &str) -> Result<Option<Origin>, Wrong> {
    Ok(Some(match text.trim().to_ascii_lowercase().as_str() {
        "direct" => Origin::Direct,
        "inherited" | "indirect" => Origin::Inherited,
        "rule" => Origin::Rule,
        "request" => Origin::Request,
        "exception" => Origin::Exception,
        "unknown" => Origin::Unknown,
        _ => {
            let expected = "expected `direct`, `inherited`, `rule`, `request`, `exception` or `unknown`";
            return Err(Wrong { kind: FaultKind::BadValue, expected, hint: "" });
        }
    }))
}
