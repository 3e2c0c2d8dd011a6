//! `layers { support at least 90%; members at least 5 }`

use super::{Offered, known};
use crate::{
    check::{
        context::Faults,
        settings::{Known, Read},
    },
    spec::{Layers, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "layers", settings: SETTINGS, make };

const SETTINGS: &[Known] = &[
    known("support", &["support at least PERCENT"], "support at least 90%"),
    known("members", &["members at least COUNT"], "members at least 5"),
];

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut layers = Layers::default();
    for setting in read {
        match setting.name {
            "support" => layers.support = setting.percent(1, faults).unwrap_or(layers.support),
            "members" => layers.min_members = setting.count(0, faults).unwrap_or(layers.min_members),
            _ => {}
        }
    }
    Some(Strategy::Layers(layers))
}
