//! The second pass: what roles grant and who holds them, each made to fit the other in turn.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    Content,
    assign::{assign, assign_by},
    dissolve::dissolve,
    evenly,
    factor::factor,
    guide::Guidance,
    spare::without_spare,
};
use crate::{
    matrix::AccessMatrix,
    mine::{MineError, Progress},
    spec::{Layers, Percent},
};

/// Rounds at most; most data settle in three.
const ROUNDS: usize = 4;

/// Members of a role that are looked at, at most: enough to tell what they share.
const SAMPLE: usize = 1_024;

/// Contents that fit those who would hold them, in a fixed order.
pub(super) fn refine(
    matrix: &AccessMatrix,
    found: Vec<Content>,
    settings: &Layers,
    progress: &dyn Progress,
) -> Result<Vec<Content>, MineError> {
    let mut roles = in_order(found);
    progress.stage("refining layers", ROUNDS as u64);
    for _ in 0..ROUNDS {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let held = assign(matrix, &roles);
        let members = members(&held, roles.len());
        let fitted = contents(matrix, &roles, &held, &members, settings);
        let fitted = without_spare(dissolve(fitted, &members, matrix), &members, matrix.width());
        let next = in_order(factor(fitted));
        progress.advance(1);
        if next == roles {
            break;
        }
        roles = next;
    }
    Ok(in_order(with_norms(matrix, roles)))
}

/// Each role with its members, ascending; without roles of too few.
pub(super) fn with_members(
    matrix: &AccessMatrix,
    mut roles: Vec<Content>,
    guidance: Option<&Guidance>,
    settings: &Layers,
) -> Vec<(Content, Vec<u32>)> {
    // Whom a role that is none leaves behind may fit another.
    for _ in 0..2 {
        let members = chosen(matrix, &roles, guidance);
        let many = |members: &Vec<u32>| members.len() >= settings.min_members as usize;
        if members.iter().all(many) {
            return roles.into_iter().zip(members).collect();
        }
        roles =
            roles.into_iter().zip(&members).filter(|(_, members)| many(members)).map(|(columns, _)| columns).collect();
    }
    let members = chosen(matrix, &roles, guidance);
    let pairs = roles.into_iter().zip(members);
    pairs.filter(|(_, members)| members.len() >= settings.min_members as usize).collect()
}

/// The members of each role. Where attributes guide, whoever could as well have another role has the one whose members are like them.
fn chosen(matrix: &AccessMatrix, roles: &[Content], guidance: Option<&Guidance>) -> Vec<Vec<u32>> {
    let found = members(&assign(matrix, roles), roles.len());
    let Some(guidance) = guidance else { return found };
    let nearest: Vec<_> = found.par_iter().map(|members| guidance.nearest(members).map(|(items, _)| items)).collect();
    let prefers = |row: u32, role: u32| guidance.meets(row, nearest.get(role as usize).copied().flatten());
    members(&assign_by(matrix, roles, &prefers), roles.len())
}

/// What the members of each role share, as far as no wider role of theirs explains it: one with more members, so that what all of a department
/// have comes from there, and not from each of its jobs.
fn contents(
    matrix: &AccessMatrix,
    roles: &[Content],
    held: &[Vec<u32>],
    members: &[Vec<u32>],
    settings: &Layers,
) -> Vec<Content> {
    let missed = missed(matrix, roles, members);
    let rank = |role: usize| (members.get(role).map_or(0, Vec::len), role);
    let content = |role: usize, members: &Vec<u32>| -> Content {
        if members.len() < settings.min_members as usize {
            return Vec::new();
        }
        let mut counts: FxHashMap<u32, Count> = FxHashMap::default();
        let looked_at = evenly(members, SAMPLE);
        for &member in &looked_at {
            let wider = |&&other: &&u32| rank(other as usize) > rank(role);
            let others = held.get(member as usize).into_iter().flatten().filter(wider);
            let mut granted: Vec<u32> =
                others.filter_map(|&other| roles.get(other as usize)).flatten().copied().collect();
            granted.sort_unstable();
            granted.dedup();
            let row = matrix.row(member as usize);
            for &column in row {
                let count = counts.entry(column).or_default();
                if granted.binary_search(&column).is_ok() {
                    count.explained += 1;
                } else {
                    count.held += 1;
                }
            }
        }
        let all = looked_at.len() as u64;
        let mut columns: Vec<(u32, Count)> = Vec::with_capacity(counts.len());
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        for counted in counts {
            columns.push(counted);
        }
        columns.sort_unstable_by_key(|&(column, _)| column);
        columns
            .into_iter()
            .filter(|(_, count)| count.belongs(all, settings) || count.is_held_twice(all, missed))
            .map(|(column, _)| column)
            .collect()
    };
    (0..roles.len())
        .into_par_iter()
        .map(|role| members.get(role).map_or_else(Vec::new, |members| content(role, members)))
        .collect()
}

/// How many members of a role hold a column.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Those who have it by a wider role of theirs.
    explained: u32,
    /// Those who hold it, and no wider role of theirs says why.
    held: u32,
}

impl Count {
    /// Of those whom no wider role gives it, nearly all hold it; and they are at least a quarter of the members.
    fn belongs(self, members: u64, settings: &Layers) -> bool {
        let left = members - u64::from(self.explained);
        nearly(u64::from(self.held), left, settings.support) && u64::from(self.held) * 4 >= members
    }

    /// Whether so many have it that one role alone would not do: whatever a role grants, a few members lack; what two roles grant,
    /// hardly any does. `missed` of so many grants are lacking in all. Told apart where five would be expected to lack it, and
    /// hardly any does.
    fn is_held_twice(self, members: u64, (missed, granted): (u64, u64)) -> bool {
        let lacking = members - u64::from(self.explained) - u64::from(self.held);
        let expected = members.saturating_mul(missed);
        expected >= 5 * granted && lacking * 10 * granted <= expected
    }
}

/// Whether so many of so many may be as large a share as asked for: two standard deviations less may be chance.
fn nearly(held: u64, of: u64, share: Percent) -> bool {
    let share = u128::from(share.0);
    let short = (u128::from(of) * share).saturating_sub(u128::from(held) * 10_000);
    short * short <= 4 * u128::from(of) * share * (10_000 - share)
}

/// How many pairs of a member and a column are granted but not held, and how many are granted.
fn missed(matrix: &AccessMatrix, roles: &[Content], members: &[Vec<u32>]) -> (u64, u64) {
    let pairs: Vec<(u64, u64)> = roles
        .par_iter()
        .zip(members)
        .map(|(columns, members)| {
            let lacking = members
                .iter()
                .map(|&member| columns.iter().filter(|&&column| !matrix.holds(member, column)).count() as u64)
                .sum();
            (lacking, members.len() as u64 * columns.len() as u64)
        })
        .collect();
    pairs.into_iter().fold((0, 0), |(missed, granted), (more, of)| (missed + more, granted + of))
}

/// Where nearly everyone who has one role has another on top, the two together are the norm, and those without are the exception: the
/// role on top takes in the one below.
fn with_norms(matrix: &AccessMatrix, mut roles: Vec<Content>) -> Vec<Content> {
    let held = assign(matrix, &roles);
    let members = members(&held, roles.len());
    let mut order: Vec<usize> = (0..roles.len()).collect();
    order.sort_by_key(|&role| std::cmp::Reverse(members.get(role).map_or(0, Vec::len)));
    for (place, &below) in order.iter().enumerate() {
        let Some(with) = members.get(below).filter(|with| !with.is_empty()) else { continue };
        for &above in order.iter().skip(place + 1) {
            let Some(upper) = members.get(above) else { continue };
            if upper.len() * 4 < with.len() * 3 {
                break;
            }
            let shared = upper.iter().filter(|member| with.binary_search(member).is_ok()).count();
            if shared * 20 >= upper.len() * 19 {
                let base = roles.get(below).cloned().unwrap_or_default();
                if let Some(columns) = roles.get_mut(above) {
                    columns.extend(base);
                    columns.sort_unstable();
                    columns.dedup();
                }
            }
        }
    }
    roles
}

/// The members of each role, ascending.
fn members(held: &[Vec<u32>], roles: usize) -> Vec<Vec<u32>> {
    let mut members = vec![Vec::new(); roles];
    for (row, held) in (0..).zip(held) {
        for &role in held {
            if let Some(members) = members.get_mut(role as usize) {
                members.push(row);
            }
        }
    }
    members
}

/// Without repeats and without what is no role; the larger first, so that equals are taken in that order.
fn in_order(mut roles: Vec<Content>) -> Vec<Content> {
    roles.retain(|columns| columns.len() > 1);
    roles.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    roles.dedup();
    roles
}
