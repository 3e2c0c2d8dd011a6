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
//! 2. The starts: one role for each distinct row, one for each distinct column, no role, where that is allowed, and a policy made of pairs of roles
//!    ([`pairs`]), with and without inheritance; all of these at any size. The result is never worse than any of them.
//! 3. [`search`], where its tables fit: these and the fewest roles ([`super::cover`]) are each improved for a while, and the best for as long as is
//!    left. Ene et al. (SACMAT 2008) and Zhang, Ramamohanarao, Ebringer (SACMAT 2007) go by merging and splitting pairs of roles; here parts are taken
//!    away and granted anew ([`grow`]), which does both.
//!
//! Nothing is proved about how much better another policy could be.

mod grow;
mod index;
mod pairs;
mod policy;
mod prices;
mod search;
mod sketch;
mod spelling;
mod tidy;

use self::{
    policy::{Policy, Role},
    prices::{Prices, Trivial},
    sketch::{Sketch, Sketched},
};
use super::{
    Cluster, Clustering, MineError, MineInput, Progress, Strategy, bits, board::BitBoard, chance::Chance,
    collapse::Collapsed,
};
use crate::{
    matrix::AccessMatrix,
    spec::{Cover, Hierarchy, Weights},
};

/// Cells of the collapsed matrix that are searched, at most: each takes four bytes, and four bits more.
const MAX_CELLS: u64 = 1 << 28;

/// The search for the fewest roles, which are one of the starts, may take this share of the steps.
const SHARE_OF_COVER: u64 = 8;

impl Strategy for Hierarchy {
    /// No limit but memory, in proportion to the assignments. Beyond 2²⁸ cells of the collapsed matrix (1.2 GiB in all) the starts are all there is.
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let matrix = input.matrix;
        let collapsed = Collapsed::of(matrix);
        let flat = Prices::new(&collapsed, &Weights { role_edges: None, ..self.weights.clone() });
        let prices = Prices::new(&collapsed, &self.weights);
        let flat_pairs = pairs::paired(&collapsed, &flat, progress)?;
        let pairs = match prices.edge {
            Some(_) => Some(pairs::paired(&collapsed, &prices, progress)?),
            None => None,
        };
        let mut notes = Vec::new();
        let (height, width) = (collapsed.rows.len() as u64, collapsed.columns.len() as u64);
        let searched = if height * width <= MAX_CELLS {
            Some(self.searched(matrix, &collapsed, [&flat, &prices], (&flat_pairs, pairs.as_ref()), progress)?)
        } else {
            notes.push(unsearched(height, width));
            None
        };
        // The first of equals: what was searched.
        let sketches = searched.into_iter().chain(pairs).chain([flat_pairs, Sketch::trivial(&collapsed, &flat)]);
        let best = sketches.min_by_key(|sketch| sketch.cost).unwrap_or_default();
        if self.weights.are_uneven() {
            notes.push(weighed(best.cost, flat.trivial(&collapsed)));
        }
        let clusters = clusters(&collapsed, best);
        Ok(Clustering { clusters, bound: None, unassigned: super::empty_rows(matrix), notes })
    }
}

impl Hierarchy {
    /// What the search finds from other starts and the pairs: the flat ones, and those that inherit where roles may.
    fn searched(
        &self,
        matrix: &AccessMatrix,
        collapsed: &Collapsed,
        [flat, prices]: [&Prices; 2],
        (flat_pairs, pairs): (&Sketch, Option<&Sketch>),
        progress: &dyn Progress,
    ) -> Result<Sketch, MineError> {
        let board = BitBoard::new(collapsed);
        let mut starts = starts(matrix, &board, self, progress)?;
        starts.push(roles_of(&board, flat_pairs));
        if let Some(pairs) = pairs {
            // What is best without a hierarchy is one more start. It is looked for as if nothing else were asked, so inheriting never costs.
            let flat = best_of(&board, flat, &starts, self.max_nodes, progress)?.kept();
            starts.pop();
            starts.extend([roles_of(&board, pairs), flat]);
        }
        Ok(best_of(&board, prices, &starts, self.max_nodes, progress)?.sketched())
    }
}

/// The best policy that so many steps lead to: half of them are spent on the starts, and the rest on what came out best. The start that is made of
/// pairs comes on top of the half, so that the others go no less far.
fn best_of<'a>(
    board: &'a BitBoard<'a>,
    prices: &'a Prices,
    starts: &[Vec<Role>],
    steps: u64,
    progress: &dyn Progress,
) -> Result<Policy<'a>, MineError> {
    progress.stage("searching for a simpler policy", starts.len() as u64 + 1);
    let share = steps / 2 / (starts.len() as u64).saturating_sub(1).max(1);
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
        for policy in [as_it_is(roles), improved(roles, share)?] {
            if policy.cost() < best.cost() {
                best = policy;
            }
        }
    }
    let last = improved(&best.kept(), steps / 2)?;
    Ok(if last.cost() <= best.cost() { last } else { best })
}

/// The sum that was made small, beside those of the two policies that take no thought; for weights that the measures do not have.
fn weighed(cost: u64, Trivial { by_row, by_column, .. }: Trivial) -> String {
    format!(
        "with the weights given, this policy weighs {cost}, one role for each distinct set of entitlements {by_row}, and one for each distinct \
         set of holders {by_column}"
    )
}

fn unsearched(height: u64, width: u64) -> String {
    format!(
        "this policy was put together of pairs of roles and not improved further: a search needs a table of {height} by {width} distinct \
         identities and entitlements, and {MAX_CELLS} cells are the limit"
    )
}

/// The policies to start from.
fn starts(
    matrix: &AccessMatrix,
    board: &BitBoard<'_>,
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
    let cover = Cover { max_nodes: settings.max_nodes / SHARE_OF_COVER, deviation: None };
    let fewest = cover.mine(&matrix.into(), progress)?;
    starts.push(fewest.clusters.iter().map(|cluster| collapsed_role(board, cluster)).collect());
    if settings.weights.direct_assignments.is_some() {
        starts.push(Vec::new());
    }
    Ok(starts)
}

/// A role of the whole matrix, as lines of the collapsed one.
fn collapsed_role(board: &BitBoard<'_>, cluster: &Cluster) -> Role {
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

/// The roles of a policy, as bits.
fn roles_of(board: &BitBoard<'_>, sketch: &Sketch) -> Vec<Role> {
    let set = |lines: &[u32], words: usize| {
        let mut set = vec![0; words];
        lines.iter().for_each(|&line| bits::insert(&mut set, line as usize));
        set
    };
    let role = |role: &Sketched| Role {
        rows: set(&role.rows, board.columns.words()),
        columns: set(&role.columns, board.rows.words()),
    };
    sketch.roles.iter().map(role).collect()
}

/// The roles over the whole matrix, largest first, then by content.
fn clusters(collapsed: &Collapsed, policy: Sketch) -> Vec<Cluster> {
    let whole = |role: &Sketched| Cluster::flat(collapsed.all_rows(&role.rows), collapsed.all_columns(&role.columns));
    let mut clusters: Vec<(usize, Cluster)> = policy.roles.iter().map(whole).enumerate().collect();
    let size = |cluster: &Cluster| cluster.members.len() * cluster.entitlements.len();
    clusters.sort_unstable_by(|(_, one), (_, other)| size(other).cmp(&size(one)).then_with(|| one.cmp(other)));
    let mut number_of = vec![0; policy.roles.len()];
    for (number, (place, _)) in clusters.iter().enumerate() {
        if let Some(slot) = number_of.get_mut(*place) {
            *slot = number;
        }
    }
    let mut inherits = vec![Vec::new(); clusters.len()];
    for (number, (place, _)) in (0_u32..).zip(&clusters) {
        for &heir in policy.roles.get(*place).into_iter().flat_map(|role| &role.heirs) {
            let heir = number_of.get(heir).copied().unwrap_or(usize::MAX);
            if let Some(inherits) = inherits.get_mut(heir) {
                inherits.push(number);
            }
        }
    }
    clusters.into_iter().zip(inherits).map(|((_, cluster), inherits)| Cluster { inherits, ..cluster }).collect()
}

#[cfg(test)]
mod tests;
