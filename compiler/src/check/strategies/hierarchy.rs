//! `hierarchy { weights 1, 1, 1, 1; search at most 2000000 nodes }`

use super::{Offered, known};
use crate::{
    check::{
        context::Faults,
        settings::{Known, Read},
    },
    spec::{Hierarchy, Strategy, Weights},
};

pub(super) const OFFERED: Offered = Offered { name: "hierarchy", settings: SETTINGS, make };

const SETTINGS: &[Known] = &[
    known(
        "weights",
        &[
            "weights NUMBER , NUMBER , NUMBER , NUMBER",
            "weights NUMBER , NUMBER , NUMBER",
            "weights NUMBER , NUMBER , NUMBER , NUMBER , NUMBER",
            "weights NUMBER , NUMBER , NUMBER , none , NUMBER",
        ],
        "weights 1, 1, 1, 1",
    ),
    known("search", &["search at most COUNT nodes"], "search at most 10000000 nodes"),
];

/// The weights that a line may have. Larger ones would say nothing that smaller ones do not, and sums have to fit.
const RANGE: std::ops::RangeInclusive<i64> = 0..=1_000_000;

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut hierarchy = Hierarchy::default();
    for setting in read {
        match setting.name {
            "search" => hierarchy.max_nodes = setting.count(0, faults)?.into(),
            "weights" => hierarchy.weights = weights(setting, faults)?,
            _ => {}
        }
    }
    Some(Strategy::Hierarchy(hierarchy))
}

/// Roles, assignments of identities, assignments of entitlements; then roles that inherit, unless they may not; then what is left to identities, if
/// anything may be.
fn weights(setting: &Read<'_>, faults: &mut Faults) -> Option<Weights> {
    let given: Vec<u32> = (0..setting.values())
        .map(|place| setting.number(place, RANGE, faults).and_then(|weight| u32::try_from(weight).ok()))
        .collect::<Option<_>>()?;
    let flat = setting.has_word("none");
    let (&[roles, user_assignments, permission_assignments], rest) = given.split_first_chunk::<3>()?;
    let (role_edges, direct_assignments) = match *rest {
        [direct] if flat => (None, Some(direct)),
        [edges] => (Some(edges), None),
        [edges, direct] => (Some(edges), Some(direct)),
        _ => (None, None),
    };
    Some(Weights { roles, user_assignments, permission_assignments, role_edges, direct_assignments })
}
