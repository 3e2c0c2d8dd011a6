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
/// - it is direct, on request or unexplained, and a recorded exception speaks of this identity and entitlement.
///
/// A way through a group or by a rule stands by itself: an exception beside it changes nothing.
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
    let by_record = recorded.iter().filter_map(|(&(identity, held), &index)| {
        let ways = assignments.grants(assignments.find(identity, held)?);
        let rests = ways.iter().all(|way| !is_inherited(way) || is_exceptional(way, ends_count));
        rests.then_some(((held, identity), Basis::Recorded(index)))
    });
    resting.extend(by_record);
    if assignments.grants.is_some() {
        for identity in snapshot.identities.iter() {
            for (&held, number) in assignments.held(identity).iter().zip(assignments.of(identity)) {
                let ways = assignments.grants(number);
                if !ways.is_empty() && ways.iter().all(|way| is_exceptional(way, ends_count)) {
                    let end = ways.iter().map(|way| way.expires_at).collect::<Option<Vec<_>>>();
                    let end = end.and_then(|ends| ends.into_iter().max());
                    resting.entry((held, identity)).or_insert(Basis::Unrecorded(end));
                }
            }
        }
    }
    resting
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
