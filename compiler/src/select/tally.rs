//! The two passes over all assignments: one that counts, one that fills the matrix.

use adit_snapshots::{Assignments, EntitlementId, IdentityId};
use rayon::prelude::*;

use crate::condition::Bits;

/// The verdict of what is in scope; any other is the number of the reason that leaves it out.
pub(super) const IN: u16 = 0;

/// Identities per task: enough work to be worth a thread, few enough counters.
const IDENTITIES_PER_TASK: usize = 1 << 14;

/// What is in and what is out, and why.
pub(super) struct Verdicts<'a> {
    /// By identity.
    pub(super) identities: Vec<u16>,
    /// By entitlement.
    pub(super) entitlements: Vec<u16>,
    /// Assignments that are out, with the reason, in order.
    pub(super) assignments: Vec<(&'a Bits, u16)>,
}

/// What the first pass counts.
pub(super) struct Counted {
    /// Assignments left out, by reason.
    pub(super) excluded: Vec<u64>,
    /// Assignments in scope, by entitlement.
    pub(super) held: Vec<u32>,
}

impl Verdicts<'_> {
    /// The identities in scope, ascending.
    pub(super) fn kept_identities(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.identities).filter(|(_, verdict)| **verdict == IN).map(|(identity, _)| identity)
    }

    /// Whether an assignment of an identity in scope is in, or why not.
    fn assignment(&self, number: usize, entitlement: EntitlementId) -> u16 {
        match self.entitlements.get(entitlement.0 as usize) {
            Some(&IN) => {
                self.assignments.iter().find(|(line, _)| line.contains(number)).map_or(IN, |(_, reason)| *reason)
            }
            Some(&reason) => reason,
            None => IN,
        }
    }
}

/// Counts every assignment once: at the first reason that leaves it out, or else for its entitlement.
pub(super) fn first_pass(assignments: &Assignments, verdicts: &Verdicts<'_>, reasons: usize) -> Counted {
    let nothing = || Counted { excluded: vec![0; reasons + 1], held: vec![0; verdicts.entitlements.len()] };
    verdicts
        .identities
        .par_chunks(IDENTITIES_PER_TASK)
        .enumerate()
        .fold(nothing, |mut counted, (chunk, identities)| {
            for (offset, &verdict) in identities.iter().enumerate() {
                let range = assignments.of(identity(chunk * IDENTITIES_PER_TASK + offset));
                if verdict != IN {
                    if let Some(count) = counted.excluded.get_mut(usize::from(verdict)) {
                        *count += range.len() as u64;
                    }
                    continue;
                }
                for (number, &entitlement) in range.clone().zip(assignments.entitlements.get(range).unwrap_or(&[])) {
                    match verdicts.assignment(number, entitlement) {
                        IN => {
                            if let Some(held) = counted.held.get_mut(entitlement.0 as usize) {
                                *held += 1;
                            }
                        }
                        reason => {
                            if let Some(count) = counted.excluded.get_mut(usize::from(reason)) {
                                *count += 1;
                            }
                        }
                    }
                }
            }
            counted
        })
        .reduce(nothing, |mut left, right| {
            left.excluded.iter_mut().zip(right.excluded).for_each(|(left, right)| *left += right);
            left.held.iter_mut().zip(right.held).for_each(|(left, right)| *left += right);
            left
        })
}

/// The rows of the matrix: starts, and columns as positions in `entitlements`.
pub(super) fn rows(
    assignments: &Assignments,
    verdicts: &Verdicts<'_>,
    population: &[IdentityId],
    entitlements: &[EntitlementId],
) -> (Vec<usize>, Vec<u32>) {
    let mut column_of = vec![None; verdicts.entitlements.len()];
    for (column, entitlement) in (0_u32..).zip(entitlements) {
        if let Some(slot) = column_of.get_mut(entitlement.0 as usize) {
            *slot = Some(column);
        }
    }
    let chunks: Vec<(Vec<usize>, Vec<u32>)> = population
        .par_chunks(IDENTITIES_PER_TASK)
        .map(|identities| {
            let mut lengths = Vec::with_capacity(identities.len());
            let mut values = Vec::new();
            for &identity in identities {
                let before = values.len();
                let range = assignments.of(identity);
                for (number, &entitlement) in range.clone().zip(assignments.entitlements.get(range).unwrap_or(&[])) {
                    if let Some(&Some(column)) = column_of.get(entitlement.0 as usize)
                        && verdicts.assignment(number, entitlement) == IN
                    {
                        values.push(column);
                    }
                }
                lengths.push(values.len() - before);
            }
            (lengths, values)
        })
        .collect();
    let mut starts = Vec::with_capacity(population.len() + 1);
    let mut values = Vec::with_capacity(chunks.iter().map(|(_, values)| values.len()).sum());
    starts.push(0);
    let mut end = 0;
    for (lengths, chunk) in chunks {
        starts.extend(lengths.into_iter().map(|length| {
            end += length;
            end
        }));
        values.extend(chunk);
    }
    (starts, values)
}

fn identity(index: usize) -> IdentityId {
    IdentityId(u32::try_from(index).unwrap_or(u32::MAX))
}
