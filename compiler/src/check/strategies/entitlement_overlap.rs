//! `entitlement-overlap { common at least 50%; identities at least 2; entitlements at least 1 }`

use super::{Offered, known};
use crate::{
    check::{
        context::Faults,
        settings::{Known, Read},
    },
    spec::{EntitlementOverlap, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "entitlement-overlap", settings: SETTINGS, make };

const SETTINGS: &[Known] = &[
    known("common", &["common at least PERCENT"], "common at least 50%"),
    known("identities", &["identities at least COUNT"], "identities at least 2"),
    known("entitlements", &["entitlements at least COUNT"], "entitlements at least 1"),
];

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut overlap = EntitlementOverlap::default();
    for setting in read {
        match setting.name {
            "common" => overlap.common = setting.percent(1, faults)?,
            "identities" => overlap.min_identities = setting.count(0, faults)?,
            "entitlements" => overlap.min_entitlements = setting.count(0, faults)?,
            _ => {}
        }
    }
    Some(Strategy::EntitlementOverlap(overlap))
}
