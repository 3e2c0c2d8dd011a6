//! `em { roles auto, at most 40; iterations at most 100; seed 7; detail 1 }`

use super::{DETAIL, ITERATIONS, Offered, ROLES, SEED, detail, seed};
use crate::{
    check::{context::Faults, settings::Read},
    spec::{Em, RoleCount, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "em", settings: &[ROLES, ITERATIONS, SEED, DETAIL], make };

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut em = Em::default();
    for setting in read {
        match setting.name {
            "roles" if setting.begins_with_value() => {
                em.roles = setting.count(0, faults).map_or(em.roles, RoleCount::Fixed);
            }
            "roles" if setting.values() > 0 => {
                em.roles = setting.count(0, faults).map_or(em.roles, RoleCount::AutoUpTo);
            }
            "iterations" => em.max_iterations = setting.count(0, faults).unwrap_or(em.max_iterations),
            "seed" => em.seed = seed(setting, faults).unwrap_or(em.seed),
            "detail" => em.detail = detail(setting, faults).unwrap_or(em.detail),
            _ => {}
        }
    }
    Some(Strategy::Em(em))
}
