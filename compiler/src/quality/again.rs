//! Mining some of the identities once more, in the same way but for the search of those strategies that take as long as they are allowed to.

use serde::{Deserialize, Serialize};

use super::Mined;
use crate::{
    cut,
    measures::{self, Flat, MeasuredRole, contents, effective},
    mine::{self, Guide, MineError, MineInput, Progress},
    spec::{Cover, Em, Hierarchy, RoleCount, Strategy},
};

/// What part of the steps a search may take once more: it is measured by how long it may last, not by how many people there are.
const STEPS: u64 = 16;

/// How a search was made shorter than that of everyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lighter {
    /// `search at most N nodes`: so many steps, where the spec allows more.
    Steps(u64),
    /// `roles N`: so many were looked for, as were found for everyone, where the spec leaves the number to the strategy.
    Roles(u32),
}

/// The strategy as some are mined by it once more, and what is lighter about that.
pub(super) fn lighter(mined: &Mined<'_>) -> (Strategy, Option<Lighter>) {
    let fewer = |steps: u64| steps.div_ceil(STEPS);
    match mined.strategy {
        // An exact cover is searched for only where the reduction leaves something open, and then for as long as it may.
        Strategy::Cover(cover) => {
            let max_nodes = fewer(cover.max_nodes);
            (Strategy::Cover(Cover { max_nodes, ..cover.clone() }), Some(Lighter::Steps(max_nodes)))
        }
        Strategy::Hierarchy(hierarchy) => {
            let max_nodes = fewer(hierarchy.max_nodes);
            (Strategy::Hierarchy(Hierarchy { max_nodes, ..hierarchy.clone() }), Some(Lighter::Steps(max_nodes)))
        }
        Strategy::Em(em @ Em { roles: RoleCount::AutoUpTo(_), .. }) => {
            let roles = u32::try_from(mined.found).unwrap_or(u32::MAX).max(1);
            (Strategy::Em(Em { roles: RoleCount::Fixed(roles), ..em.clone() }), Some(Lighter::Roles(roles)))
        }
        strategy => (strategy.clone(), None),
    }
}

/// What roles grant that were found from some rows, each list ascending.
pub(super) struct Again {
    /// With what they inherit.
    pub(super) granted: Vec<Vec<u32>>,
    /// What their ids are made of.
    pub(super) contents: Vec<Vec<u32>>,
}

/// Mines these rows (ascending) by `strategy`, and cuts as everyone was cut. None where a limit of the strategy is passed: what could be
/// mined whole may still be too much for one of them in part.
pub(super) fn mine(
    mined: &Mined<'_>,
    rows: &[u32],
    strategy: &Strategy,
    progress: &dyn Progress,
) -> Result<Option<Again>, MineError> {
    let matrix = mined.matrix.of_rows(rows);
    let guides: Vec<Guide> = mined.guides.iter().map(|guide| guide.of_rows(rows)).collect();
    let input = MineInput { matrix: &matrix, guides: &guides, filter: mined.filter };
    let clustering = match mine::strategy(strategy).mine(&input, progress) {
        Err(MineError::Limit { .. }) => return Ok(None),
        found => found?,
    };
    let Some(cutoff) = mined.cutoff else { return Ok(Some(measures::of_clusters(&clustering.clusters, Again::of))) };
    let (_, cut) = cut::cut(&matrix, &clustering.clusters, cutoff);
    Ok(Some(Again::of(&Flat::new(&cut).roles())))
}

impl Again {
    fn of(roles: &[MeasuredRole<'_>]) -> Self {
        let granted = (0..roles.len()).map(|role| effective(roles, role)).collect();
        Self { granted, contents: contents(roles) }
    }
}
