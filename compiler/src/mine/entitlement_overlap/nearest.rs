//! Who is in no cluster, and how near they came.

use rayon::prelude::*;

use super::{
    EntitlementOverlap,
    groups::Group,
    holders::{Class, Holders, Holding},
    marks::Marks,
};
use crate::mine::{MineError, Progress, Shortfall, Unassigned};

/// Entitlements that more classes hold are not looked through for a partner once one is found: someone who shares only what nearly
/// everyone holds is near to nearly everyone.
const MAX_HOLDERS: usize = 1 << 12;

/// The rows outside all groups, each with the partner it shares most with, held against the larger of the two totals; the first such row among equals.
pub(super) fn unassigned(
    holders: &Holders,
    settings: &EntitlementOverlap,
    groups: &[Group],
    progress: &dyn Progress,
) -> Result<Vec<Unassigned>, MineError> {
    let mut assigned = vec![false; holders.classes.len()];
    for &class in groups.iter().flat_map(|group| &group.classes) {
        if let Some(assigned) = assigned.get_mut(class as usize) {
            *assigned = true;
        }
    }
    progress.stage("finding who comes near", holders.classes.len() as u64);
    let left_out: Vec<(usize, &Class)> =
        holders.classes.iter().enumerate().filter(|&(class, _)| assigned.get(class) == Some(&false)).collect();
    let explained = |marks: &mut Marks, (place, class): (usize, &Class)| -> Vec<Unassigned> {
        if progress.cancelled() {
            return Vec::new();
        }
        let nearest = nearest(holders, place, class, marks);
        class.members.iter().map(|&row| explained(holders, settings, class, row, nearest)).collect()
    };
    let found: Vec<Vec<Unassigned>> = left_out.into_par_iter().map_init(|| Marks::new(holders), explained).collect();
    let mut unassigned: Vec<Unassigned> = found.into_iter().flatten().collect();
    if progress.cancelled() {
        return Err(MineError::Cancelled);
    }
    unassigned.sort_unstable_by_key(|unassigned| unassigned.row);
    Ok(unassigned)
}

/// A class and what it shares.
#[derive(Debug, Clone, Copy)]
struct Near {
    class: usize,
    common: usize,
    /// The larger of the two totals.
    of: usize,
    /// Its first row, for the order among equals.
    row: u32,
}

impl Near {
    fn beats(self, other: Self) -> bool {
        let (this, that) = (self.common as u128 * other.of as u128, other.common as u128 * self.of as u128);
        this > that || (this == that && self.row < other.row)
    }
}

/// The nearest other class. Ranks are looked through rarest first, and no further than a class met there for the first time could still be nearest.
fn nearest(holders: &Holders, place: usize, class: &Class, marks: &mut Marks) -> Option<Near> {
    marks.look(class);
    let mut nearest: Option<Near> = None;
    for (passed, &rank) in class.counted.iter().enumerate() {
        let holding = holders.holding(rank);
        // Whoever is met from here on shares no more than what is left, here and there.
        let left = class.counted.len() - passed;
        let is_behind =
            |best: Near, left: usize, of: usize| left as u128 * (best.of as u128) < best.common as u128 * of as u128;
        if nearest.is_some_and(|best| is_behind(best, left, class.total) || holding.len() > MAX_HOLDERS) {
            break;
        }
        for &Holding { class: other, left: left_there } in holding.iter().filter(|other| other.class as usize != place)
        {
            let is_hopeless = |best, of| is_behind(best, left.min(left_there), of);
            if nearest.is_some_and(|best| is_hopeless(best, class.total)) {
                continue;
            }
            let Some(partner) = holders.classes.get(other as usize) else { continue };
            let of = class.total.max(partner.total);
            if nearest.is_some_and(|best| is_hopeless(best, of)) || !marks.meet(other) {
                continue;
            }
            let found = Near {
                class: other as usize,
                common: marks.common(partner),
                of,
                row: partner.members.first().copied().unwrap_or(u32::MAX),
            };
            if nearest.is_none_or(|best| found.beats(best)) {
                nearest = Some(found);
            }
        }
    }
    nearest
}

fn explained(
    holders: &Holders,
    settings: &EntitlementOverlap,
    class: &Class,
    row: u32,
    nearest: Option<Near>,
) -> Unassigned {
    // Whoever holds exactly the same is nearer than anyone who does not.
    let twin = class.members.iter().copied().find(|&member| member != row);
    let (with, common, with_of) = match (twin, nearest) {
        (Some(twin), _) => (Some(twin), class.counted.len(), class.total),
        (None, Some(near)) => {
            let total = holders.classes.get(near.class).map_or(0, |class| class.total);
            (Some(near.row), near.common, total)
        }
        (None, None) => (None, 0, 0),
    };
    let meets = |total: usize| settings.common.met_by(common as u64, total as u64);
    let shortfall = if class.total == 0 {
        Shortfall::HoldsNothing
    } else if common == 0 {
        Shortfall::SharesNothing
    } else if common < settings.min_entitlements as usize {
        Shortfall::TooFewInCommon
    } else if !meets(class.total) {
        Shortfall::OwnShare
    } else if !meets(with_of) {
        Shortfall::PartnerShare
    } else {
        Shortfall::TooFewIdentities
    };
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let with = with.filter(|_| common > 0);
    Unassigned {
        row,
        best_common: number(common),
        of: number(class.total),
        with,
        with_of: if with.is_some() { number(with_of) } else { 0 },
        shortfall,
    }
}
