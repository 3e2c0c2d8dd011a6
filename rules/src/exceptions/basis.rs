//! Which access rests on an exception: take the exceptions away, and no way to it is left.

use std::collections::BTreeMap;

use adit_snapshots::{EntitlementId, Grant, IdentityId, Origin, PathId, Snapshot};
use jiff::civil::Date;

/// What an assignment rests on, when it rests on an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// A recorded exception, that with the latest end: index into `Snapshot::exceptions`.
    Recorded(usize),
    /// Its source calls it an exception, or gives it an end, without a record; the last day of all ways to it, where each has one.
    Unrecorded(Option<Date>),
    /// Its holder is in a group by exception, and has it through that group: this is a way by which the source says so, whatever it is to.
    Member(PathId),
}

/// Whether access that its source gives an end counts as an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// Always: what matters is whether the end is past.
    Always,
    /// Unless more than half of all ways in the snapshot have one: then an end is nothing special.
    WhereRare,
}

/// Every assignment that rests on an exception, by entitlement, then identity.
///
/// An assignment rests on an exception when each way to it is one of these:
/// - its source says that it is an exception;
/// - it has an end, and ends count;
/// - it is direct, on request or unexplained, and a recorded exception speaks of this identity and entitlement;
/// - it begins with a group that its holder is in by exception: a source gives the holder another way through it that is one.
///
/// Any other way through a group or by a rule stands by itself: an exception beside it changes nothing.
pub(super) fn resting_on_exceptions(snapshot: &Snapshot, ends: Ends) -> BTreeMap<(EntitlementId, IdentityId), Basis> {
    let assignments = &snapshot.assignments;
    let mut recorded: BTreeMap<(IdentityId, EntitlementId), usize> = BTreeMap::new();
    for (index, exception) in snapshot.exceptions.iter().enumerate() {
        let latest = recorded.entry((exception.identity, exception.entitlement)).or_insert(index);
        if snapshot.exceptions.get(*latest).is_some_and(|known| later(exception.expires_at, known.expires_at)) {
            *latest = index;
        }
    }
    let ends_count = ends == Ends::Always || ends_are_rare(snapshot);
    let mut resting = BTreeMap::new();
    let memberships = exceptional_memberships(snapshot, ends_count);
    let by_record = recorded.iter().filter_map(|(&(identity, held), &index)| {
        let ways = assignments.grants(assignments.find(identity, held)?);
        let rests = ways.iter().all(|way| {
            !is_inherited(way)
                || is_exceptional(way, ends_count)
                || membership(&memberships, snapshot, identity, way).is_some()
        });
        rests.then_some(((held, identity), Basis::Recorded(index)))
    });
    resting.extend(by_record);
    if assignments.grants.is_some() {
        for identity in snapshot.identities.iter() {
            for (&held, number) in assignments.held(identity).iter().zip(assignments.of(identity)) {
                let ways = assignments.grants(number);
                let through = |way: &Grant| membership(&memberships, snapshot, identity, way);
                let rests = |way: &Grant| is_exceptional(way, ends_count) || through(way).is_some();
                if ways.is_empty() || !ways.iter().all(rests) {
                    continue;
                }
                // What a way by itself says is nearer than that the group is an exception.
                let own: Vec<&Grant> = ways.iter().filter(|way| is_exceptional(way, ends_count)).collect();
                let basis = match ways.iter().find_map(through).filter(|_| own.is_empty()) {
                    Some(way) => Basis::Member(way),
                    None => {
                        let end = own.iter().map(|way| way.expires_at).collect::<Option<Vec<_>>>();
                        Basis::Unrecorded(end.and_then(|ends| ends.into_iter().max()))
                    }
                };
                resting.entry((held, identity)).or_insert(basis);
            }
        }
    }
    resting
}

/// The group that a way begins with, as the way itself or as the first of a path.
pub(super) fn first_group(snapshot: &Snapshot, way: PathId) -> Option<&str> {
    snapshot.assignments.path(way).first().map(String::as_str)
}

/// The groups that each identity is in by exception, each with the first way that says so: the group is the first on a way that is one.
fn exceptional_memberships(snapshot: &Snapshot, ends_count: bool) -> BTreeMap<(IdentityId, &str), PathId> {
    let assignments = &snapshot.assignments;
    let mut memberships = BTreeMap::new();
    if assignments.grants.is_none() {
        return memberships;
    }
    for identity in snapshot.identities.iter() {
        for way in assignments.of(identity).flat_map(|number| assignments.grants(number)) {
            if let Some(group) = first_group(snapshot, way.path).filter(|_| is_exceptional(way, ends_count)) {
                memberships.entry((identity, group)).or_insert(way.path);
            }
        }
    }
    memberships
}

/// The exceptional membership that a way leads through.
fn membership(
    memberships: &BTreeMap<(IdentityId, &str), PathId>,
    snapshot: &Snapshot,
    identity: IdentityId,
    way: &Grant,
) -> Option<PathId> {
    let group = first_group(snapshot, way.path)?;
    memberships.get(&(identity, group)).copied()
}

/// Whether a first end is later than a second; no end is the latest of all.
fn later(one: Option<Date>, other: Option<Date>) -> bool {
    match (one, other) {
        (None, Some(_)) => true,
        (Some(one), Some(other)) => one > other,
        (_, None) => false,
    }
}

fn ends_are_rare(snapshot: &Snapshot) -> bool {
    let ways = snapshot.assignments.grants.as_ref().map_or(&[][..], |grants| &grants.rows);
    ways.iter().filter(|way| way.expires_at.is_some()).count() * 2 <= ways.len()
}

fn is_exceptional(way: &Grant, ends_count: bool) -> bool {
    way.origin == Origin::Exception || (ends_count && way.expires_at.is_some())
}

fn is_inherited(way: &Grant) -> bool {
    matches!(way.origin, Origin::Inherited | Origin::Rule) || way.path != PathId::DIRECT
}
