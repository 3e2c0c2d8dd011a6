//! Where duties meet, and which bits stand for it.

use std::collections::{BTreeMap, BTreeSet};

use adit_compiler::spec::Duties;
use adit_snapshots::{Column, EntitlementId, Snapshot};

use super::{Holder, Runs, SideAccess};

/// A place: the value that makes it, whether it is certain, and what is on each side there.
type Described = (Option<String>, bool, Vec<SideAccess>);

/// The places of some duties. Without `within` there is one. With it there is one for every value of the attribute, counting what has that
/// value; and, where something on a side has no value, one more for every value that counts that too, and is not certain.
pub(super) fn of(snapshot: &Snapshot, duties: &Duties, sides: &[SideAccess]) -> Vec<Described> {
    let Some(within) = &duties.within else { return vec![(None, true, sides.to_vec())] };
    let all: BTreeSet<EntitlementId> = sides.iter().flat_map(|side| side.entitlements.iter().copied()).collect();
    let mut by_value: BTreeMap<String, BTreeSet<EntitlementId>> = BTreeMap::new();
    let mut without = BTreeSet::new();
    for entitlement in all {
        let own = values_of(snapshot, &within.attribute, entitlement);
        if own.is_empty() {
            without.insert(entitlement);
        }
        for value in own {
            by_value.entry(value).or_default().insert(entitlement);
        }
    }
    let meeting = |known: &dyn Fn(EntitlementId) -> bool| -> Vec<SideAccess> {
        let kept = |side: &SideAccess| side.entitlements.iter().copied().filter(|&it| known(it)).collect();
        sides.iter().map(|side| SideAccess { entitlements: kept(side), roles: Vec::new() }).collect()
    };
    let certain = by_value.iter().map(|(value, ids)| (Some(value.clone()), true, meeting(&|id| ids.contains(&id))));
    let mut places: Vec<Described> = certain.collect();
    if !without.is_empty() {
        let nowhere = BTreeSet::new();
        let values = by_value.iter().map(|(value, ids)| (Some(value.clone()), ids)).chain([(None, &nowhere)]);
        places.extend(
            values.map(|(value, ids)| (value, false, meeting(&|id| ids.contains(&id) || without.contains(&id)))),
        );
    }
    places.retain(|(_, _, sides)| sides.iter().filter(|side| !side.is_empty()).count() > duties.at_most as usize);
    places
}

/// The values that an entitlement has of an attribute: none, one, or several of a list.
pub(crate) fn values_of(snapshot: &Snapshot, attribute: &str, entitlement: EntitlementId) -> Vec<String> {
    let entitlements = &snapshot.entitlements;
    let row = entitlement.0 as usize;
    let own = match attribute {
        "id" => Some(entitlements.name(entitlement)),
        "application" => entitlements.application.get(row),
        "attribute" => entitlements.attribute.get(row),
        "value" => entitlements.value.get(row),
        _ => None,
    };
    match (own, entitlements.attribute(attribute)) {
        (Some(own), _) => vec![own.to_owned()],
        (None, Some(Column::List { values, starts, codes })) => {
            let range = match (starts.get(row), starts.get(row + 1)) {
                (Some(&start), Some(&end)) => start as usize..end as usize,
                _ => 0..0,
            };
            let codes = codes.get(range).unwrap_or(&[]);
            codes.iter().filter_map(|&code| values.get(code as usize)).cloned().collect()
        }
        (None, Some(column)) => column.text(row).map(str::to_owned).into_iter().collect(),
        (None, None) => Vec::new(),
    }
}

/// Hands out bits.
#[derive(Debug, Default)]
pub(super) struct Bits {
    end: usize,
    entitlements: Vec<(u32, u32)>,
    roles: Vec<(Holder, u32)>,
}

impl Bits {
    /// The first bit of a place: one bit for each side, in one word wherever they fit into one.
    pub(super) fn place(&mut self, sides: &[SideAccess]) -> usize {
        let first = if self.end % 64 + sides.len() > 64 { self.end.next_multiple_of(64) } else { self.end };
        self.end = first + sides.len();
        for (side, access) in sides.iter().enumerate() {
            let bit = u32::try_from(first + side).unwrap_or(u32::MAX);
            self.entitlements.extend(access.entitlements.iter().map(|entitlement| (entitlement.0, bit)));
            self.roles.extend(access.roles.iter().map(|&role| (role, bit)));
        }
        first
    }

    /// The bits of each entitlement and of each role, and how many words they take.
    pub(super) fn finish(self, entitlements: usize) -> (Runs, Vec<(Holder, u32)>, usize) {
        (Runs::of(entitlements, self.entitlements.iter().copied()), self.roles, self.end.div_ceil(64))
    }
}
