//! How much of the access in scope says where it comes from.

use adit_compiler::{
    compile::{Compilation, Population},
    spec::Percent,
};
use adit_snapshots::{IdentityId, Origin};

use crate::{Finding, Phrase, context::Context};

/// Above this share of assignments without an origin, direct and inherited access cannot be told apart: 5%.
const TOLERATED: Percent = Percent(500);

/// How much of the access in scope says where it comes from, in all and by population.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// One per population of the build.
    pub populations: Vec<Known>,
}

/// Assignments of a population by what is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Assignments of unknown origin.
    pub unknown: u64,
    /// Assignments in scope.
    pub assignments: u64,
    /// Whoever holds the most assignments of unknown origin, and how many: the first such by name.
    pub worst: Option<(IdentityId, u64)>,
}

impl Lineage {
    /// Counts. An assignment is of unknown origin when no source says anything but `unknown` of any way to it.
    #[must_use]
    pub(super) fn of(compilation: &Compilation<'_>) -> Self {
        Self { populations: compilation.populations.iter().map(|population| known(compilation, population)).collect() }
    }

    /// Whether some population has more assignments of unknown origin than conclusions from origins can bear.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.populations.iter().any(Known::is_missing)
    }
}

impl Known {
    /// Whether more than 5% of the assignments are of unknown origin.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        TOLERATED.exceeded_by(self.unknown, self.assignments)
    }
}

impl Finding {
    /// Says that it was concluded from origins or paths: one step less sure where those are missing (see RM106).
    #[must_use]
    pub(crate) fn rests_on_lineage(mut self, context: &Context<'_>) -> Self {
        if !context.lineage().is_missing() {
            return self;
        }
        self.confidence = self.confidence.lowered();
        self.note(Phrase::new("less sure: origins are missing, see RM106"))
    }
}

fn known(compilation: &Compilation<'_>, population: &Population) -> Known {
    let assignments = &compilation.snapshot.assignments;
    let matrix = &population.matrix;
    let mut counted = Known { assignments: matrix.assignments() as u64, ..Known::default() };
    for (row, &identity) in matrix.identities.iter().enumerate() {
        let columns = matrix.row(row);
        let held = columns.iter().filter_map(|&column| matrix.entitlements.get(column as usize));
        let unknown = match assignments.grants {
            None => columns.len(),
            Some(_) => held.filter(|&&held| is_unknown(compilation, identity, held)).count(),
        } as u64;
        counted.unknown += unknown;
        if unknown > counted.worst.map_or(0, |(_, most)| most) {
            counted.worst = Some((identity, unknown));
        }
    }
    counted
}

fn is_unknown(compilation: &Compilation<'_>, identity: IdentityId, held: adit_snapshots::EntitlementId) -> bool {
    let assignments = &compilation.snapshot.assignments;
    assignments
        .find(identity, held)
        .is_some_and(|number| assignments.grants(number).iter().all(|grant| grant.origin == Origin::Unknown))
}
