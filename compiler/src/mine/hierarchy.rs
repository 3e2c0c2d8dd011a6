//! The least weighted structural complexity: a policy that grants exactly what is held and is as little work to keep up as can be.
//!
//! What is weighed: roles, assignments of identities to roles, assignments of entitlements to roles, roles that inherit roles, and assignments left
//! to the identities (Molloy, Chen, Li, Wang, Li, Bertino, Calo, Lobo, *Mining roles with semantic meanings*, SACMAT 2008). Without the fourth the
//! roles are flat, without the fifth every assignment is in a role.
//!
//! A policy is a family of roles: rows, everyone who holds the role, by columns, what it grants itself. The matrix is the union of these rectangles, and
//! inheriting is a way to write down the rows of one: as the rows of others ([`spelling`]). So a hierarchy needs no search of its own, and can never
//! grant too much. The way through:
//!
//! 1. [`super::collapse`]: equal rows and equal columns become one, and cost as much as they stand for.
//! 2. The starts: one role for each distinct row, one for each distinct column, the fewest roles ([`super::cover`]), and no role, where that is
//!    allowed. The result is never worse than any of them.
//! 3. [`search`]: each is improved for a while, and the best for as long as is left. Ene et al. (SACMAT 2008) and Zhang, Ramamohanarao, Ebringer
//!    (SACMAT 2007) go by merging and splitting pairs of roles; here parts are taken away and granted anew ([`grow`]), which does both.
//!
//! Nothing is proved about how much better another policy could be.

mod grow;
mod index;
mod policy;
mod prices;
mod search;
mod spelling;
mod tidy;

use self::{
    policy::{Policy, Role},
    prices::{Prices, Trivial},
};
use super::{
    Cluster, Clustering, MineError, MineInput, Progress, Strategy, bits, board::Board, chance::Chance,
    collapse::Collapsed,
};
use crate::{
    matrix::AccessMatrix,
    spec::{Cover, Hierarchy, Weights},
};

/// Cells of the collapsed matrix, at most: each takes four bytes, and four bits more.
const MAX_CELLS: u64 = 1 << 28;

/// The search for the fewest roles, which are one of the starts, may take this share of the steps.
const SHARE_OF_COVER: u64 = 8;

impl Strategy for Hierarchy {
    /// Limits: 2²⁸ cells of the collapsed matrix (1.2 GiB in all); past them, [`MineError::Limit`].
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let matrix = input.matrix;
        let collapsed = Collapsed::of(matrix);
        within_limits(&collapsed)?;
        let board = Board::new(&collapsed);
        let mut starts = starts(matrix, &board, self, progress)?;
        let flat = Prices::new(&collapsed, &Weights { role_edges: None, ..self.weights.clone() });
        let prices = Prices::new(&collapsed, &self.weights);
        if prices.edge.is_some() {
            // What is best without a hierarchy is one more start. It is looked for as if nothing else were asked, so inheriting never costs.
            starts.push(best_of(&board, &flat, &starts, self.max_nodes, progress)?.kept());
        }
        let policy = best_of(&board, &prices, &starts, self.max_nodes, progress)?;
        let clusters = clusters(&collapsed, &policy);
        let notes = self.weights.are_uneven().then(|| weighed(&policy, &flat)).into_iter().collect();
        Ok(Clustering { clusters, bound: None, unassigned: super::empty_rows(matrix), notes })
    }
}

/// The best policy that so many steps lead to: half of them are spent on the starts, and the rest on what came out best.
fn best_of<'a>(
    board: &'a Board<'a>,
    prices: &'a Prices,
    starts: &[Vec<Role>],
    steps: u64,
    progress: &dyn Progress,
) -> Result<Policy<'a>, MineError> {
    progress.stage("searching for a simpler policy", starts.len() as u64 + 1);
    let improved = |roles: &[Role], steps: u64| {
        let mut policy = Policy::new(board, prices, roles);
        search::improve(&mut policy, steps, &mut Chance::new(), progress)?;
        progress.advance(1);
        Ok::<_, MineError>(policy)
    };
    // What is improved is made whole and tidied first, which may cost more than the start: as it is, a start is a policy too.
    let as_it_is = |roles: &[Role]| {
        let mut policy = Policy::new(board, prices, roles);
        policy.leave_the_rest();
        policy.settle();
        policy
    };
    let mut best = as_it_is(starts.first().map_or(&[], Vec::as_slice));
    for roles in starts {
        for policy in [as_it_is(roles), improved(roles, steps / 2 / starts.len() as u64)?] {
            if policy.cost() < best.cost() {
                best = policy;
            }
        }
    }
    let last = improved(&best.kept(), steps / 2)?;
    Ok(if last.cost() <= best.cost() { last } else { best })
}

/// The sum that was made small, beside those of the two policies that take no thought; for weights that the measures do not have.
fn weighed(policy: &Policy<'_>, flat: &Prices) -> String {
    let Trivial { by_row, by_column } = flat.trivial(policy.board);
    format!(
        "with the weights given, this policy weighs {}, one role for each distinct set of entitlements {by_row}, and one for each distinct \
         set of holders {by_column}",
        policy.cost()
    )
}

fn within_limits(matrix: &Collapsed) -> Result<(), MineError> {
    let (height, width) = (matrix.rows.len() as u64, matrix.columns.len() as u64);
    if height * width <= MAX_CELLS {
        return Ok(());
    }
    Err(MineError::Limit {
        message: format!(
            "hierarchy would need a table of {height} by {width} distinct identities and entitlements, and {MAX_CELLS} cells are the limit"
        ),
        help: "mine smaller populations (`include identities …`), or leave out entitlements that few or nearly all hold (`ignore \
               entitlements held by …`)"
            .to_owned(),
    })
}

/// The policies to start from.
fn starts(
    matrix: &AccessMatrix,
    board: &Board<'_>,
    settings: &Hierarchy,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Role>>, MineError> {
    let (height, width) = (board.matrix.rows.len(), board.matrix.columns.len());
    let (high, wide) = (board.columns.words(), board.rows.words());
    let single = |value: usize, words: usize| {
        let mut set = vec![0; words];
        bits::insert(&mut set, value);
        set
    };
    let by_row = (0..height).map(|row| Role { rows: single(row, high), columns: board.rows.row(row).to_vec() });
    let by_column =
        (0..width).map(|column| Role { rows: board.columns.row(column).to_vec(), columns: single(column, wide) });
    let mut starts = vec![by_column.collect(), by_row.collect()];
    // The fewest roles are only one start among others: beyond the limits of that strategy it goes without.
    match (Cover { max_nodes: settings.max_nodes / SHARE_OF_COVER, deviation: None }).mine(&matrix.into(), progress) {
        Ok(found) => starts.push(found.clusters.iter().map(|cluster| collapsed_role(board, cluster)).collect()),
        Err(MineError::Limit { .. }) => {}
        Err(error @ MineError::Cancelled) => return Err(error),
    }
    if settings.weights.direct_assignments.is_some() {
        starts.push(Vec::new());
    }
    Ok(starts)
}

/// A role of the whole matrix, as lines of the collapsed one.
fn collapsed_role(board: &Board<'_>, cluster: &Cluster) -> Role {
    let lines = |classes: &[Vec<u32>], members: &[u32], words: usize| {
        let mut set = vec![0; words];
        for (class, of_class) in classes.iter().enumerate() {
            if of_class.first().is_some_and(|first| members.binary_search(first).is_ok()) {
                bits::insert(&mut set, class);
            }
        }
        set
    };
    Role {
        rows: lines(&board.matrix.row_members, &cluster.members, board.columns.words()),
        columns: lines(&board.matrix.column_members, &cluster.entitlements, board.rows.words()),
    }
}

/// The roles over the whole matrix, largest first, then by content.
fn clusters(collapsed: &Collapsed, policy: &Policy<'_>) -> Vec<Cluster> {
    let list = |set: &[u64]| bits::ones(set).filter_map(|value| u32::try_from(value).ok()).collect::<Vec<_>>();
    let mut clusters: Vec<(usize, Cluster)> = policy
        .places()
        .filter_map(|place| policy.roles.get(place).map(|role| (place, role)))
        .map(|(place, role)| {
            let members = collapsed.all_rows(&list(&role.rows));
            (place, Cluster::flat(members, collapsed.all_columns(&list(&role.columns))))
        })
        .collect();
    let size = |cluster: &Cluster| cluster.members.len() * cluster.entitlements.len();
    clusters.sort_unstable_by(|(_, one), (_, other)| size(other).cmp(&size(one)).then_with(|| one.cmp(other)));
    let mut number_of = vec![0_u32; policy.roles.len()];
    for (number, (place, _)) in (0..).zip(&clusters) {
        if let Some(slot) = number_of.get_mut(*place) {
            *slot = number;
        }
    }
    let mut inherits = vec![Vec::new(); clusters.len()];
    for (number, (place, _)) in (0_u32..).zip(&clusters) {
        for &heir in policy.spellings.get(*place).into_iter().flat_map(|spelling| &spelling.heirs) {
            let heir = number_of.get(heir).map_or(usize::MAX, |&heir| heir as usize);
            if let Some(inherits) = inherits.get_mut(heir) {
                inherits.push(number);
            }
        }
    }
    clusters.into_iter().zip(inherits).map(|((_, cluster), inherits)| Cluster { inherits, ..cluster }).collect()
}

#[cfg(test)]
mod tests;
