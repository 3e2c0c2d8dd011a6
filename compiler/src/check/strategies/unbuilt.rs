//! Strategies of the language that this version cannot run.

use super::{Offered, ROLES, known};
use crate::check::{context::Faults, settings::Read};

pub(super) const ATTRIBUTES: Offered = Offered {
    name: "attributes",
    settings: &[ROLES, known("members", &["members at least COUNT"], "members at least 5")],
    make: None,
};
pub(super) const SIMILARITY: Offered = Offered {
    name: "similarity",
    settings: &[
        known("alike", &["alike at least PERCENT"], "alike at least 80%"),
        known("members", &["members at least COUNT"], "members at least 5"),
        known("overlap", &["overlap at least COUNT"], "overlap at least 5"),
    ],
    make: None,
};

/// Reports values out of range.
pub(super) fn ranges(read: &[Read<'_>], faults: &mut Faults) {
    for setting in read {
        match setting.name {
            "alike" => {
                setting.percent(1, faults);
            }
            "iterations" | "members" | "overlap" => {
                setting.count(0, faults);
            }
            _ => {}
        }
    }
}
