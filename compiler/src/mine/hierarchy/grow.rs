//! The cheapest way to grant an open cell, and others with it.
//!
//! A new role is grown from the open cells of a row, or of a column: the lines that share more and more of them, as long as the price of an open
//! cell falls. Rows and columns are alike here, so everything is written once, for *lines* that are crossed by *crosses*.

use super::policy::{Policy, Role};
use crate::mine::{
    bits::{self, BitTable},
    chance::Chance,
};

/// So many lines are tried as the next to share cells with, and so often.
const PARTNERS: usize = 12;
const DEPTH: usize = 6;

/// One of the two ways round.
#[derive(Clone, Copy)]
struct Lines<'a> {
    /// What each line holds.
    held: &'a BitTable,
    /// What of it is open.
    open: &'a BitTable,
    prices: &'a [u64],
}

/// A set of lines that all hold a set of crosses.
#[derive(Clone)]
struct Rectangle {
    lines: Vec<usize>,
    crosses: Vec<u64>,
    offer: Offer,
}

/// What so many open cells cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) cost: u64,
    pub(super) cells: u64,
}

impl Offer {
    /// Whether a cell costs less.
    pub(super) fn beats(self, other: Self) -> bool {
        u128::from(self.cost) * u128::from(other.cells) < u128::from(other.cost) * u128::from(self.cells)
    }
}

impl Policy<'_> {
    /// A new role that grants this open cell, and what it offers.
    pub(super) fn grown(&mut self, row: usize, column: usize, chance: &mut Chance) -> (Role, Offer) {
        let rows = Lines { held: &self.board.rows, open: &self.open_rows, prices: &self.prices.rows };
        let columns = Lines { held: &self.board.columns, open: &self.open_columns, prices: &self.prices.columns };
        let mut looks = 0;
        let by_row = grow(rows, columns, [row, column], self.prices.role, chance, &mut looks);
        let by_column = grow(columns, rows, [column, row], self.prices.role, chance, &mut looks);
        let (high, wide) = (self.board.columns.words(), self.board.rows.words());
        self.looks += looks;
        if by_column.offer.beats(by_row.offer) {
            (Role { rows: by_column.crosses, columns: set(&by_column.lines, wide) }, by_column.offer)
        } else {
            (Role { rows: set(&by_row.lines, high), columns: by_row.crosses }, by_row.offer)
        }
    }
}

fn set(values: &[usize], words: usize) -> Vec<u64> {
    let mut set = vec![0; words];
    values.iter().for_each(|&value| bits::insert(&mut set, value));
    set
}

/// The best rectangle found around an open cell.
fn grow(
    lines: Lines<'_>,
    crosses: Lines<'_>,
    [line, cross]: [usize; 2],
    role: u64,
    chance: &mut Chance,
    looks: &mut u64,
) -> Rectangle {
    let mut best = filled(lines, crosses, lines.open.row(line).to_vec(), [line, cross], role, looks);
    for _ in 0..DEPTH {
        let partners: Vec<usize> = bits::ones(crosses.held.row(cross))
            .filter(|&partner| !bits::is_subset(&best.crosses, lines.held.row(partner)))
            .collect();
        let mut better: Option<Rectangle> = None;
        for _ in 0..PARTNERS.min(partners.len()) {
            let Some(&partner) = partners.get(chance.below(partners.len())) else { break };
            let mut shared = best.crosses.clone();
            bits::intersect(&mut shared, lines.held.row(partner));
            let found = filled(lines, crosses, shared, [line, cross], role, looks);
            if found.offer.beats(better.as_ref().unwrap_or(&best).offer) {
                better = Some(found);
            }
        }
        match better {
            Some(found) => best = found,
            None => break,
        }
    }
    // The other way round: for these lines, the crosses that pay, those too that the line has no need of.
    let sharing = set(&best.lines, crosses.held.words());
    let turned = filled(crosses, lines, sharing, [cross, line], role, looks);
    if turned.offer.beats(best.offer) {
        let crosses = set(&turned.lines, lines.held.words());
        return Rectangle { lines: bits::ones(&turned.crosses).collect(), crosses, offer: turned.offer };
    }
    best
}

/// For these crosses, which all of them hold: the lines that make an open cell cheapest, this one among them.
fn filled(
    lines: Lines<'_>,
    crosses: Lines<'_>,
    shared: Vec<u64>,
    [line, cross]: [usize; 2],
    role: u64,
    looks: &mut u64,
) -> Rectangle {
    let price = |lines: Lines<'_>, line: usize| lines.prices.get(line).copied().unwrap_or_default();
    let mut offer = Offer {
        cost: role + price(lines, line) + bits::ones(&shared).map(|cross| price(crosses, cross)).sum::<u64>(),
        cells: bits::common(lines.open.row(line), &shared) as u64,
    };
    let mut others: Vec<(Offer, usize)> = bits::ones(crosses.held.row(cross))
        .filter(|&other| other != line && bits::is_subset(&shared, lines.held.row(other)))
        .map(|other| (bits::common(lines.open.row(other), &shared) as u64, other))
        .filter(|&(cells, _)| cells > 0)
        .map(|(cells, other)| (Offer { cost: price(lines, other), cells }, other))
        .collect();
    *looks += bits::count(crosses.held.row(cross)) as u64 + (others.len() * shared.len()) as u64;
    others.sort_by(|(one, a), (other, b)| {
        let key = |x: Offer, y: Offer| u128::from(x.cost) * u128::from(y.cells);
        key(*one, *other).cmp(&key(*other, *one)).then(a.cmp(b))
    });
    let mut chosen = vec![line];
    for (other, number) in others {
        if !other.beats(offer) {
            break;
        }
        offer = Offer { cost: offer.cost + other.cost, cells: offer.cells + other.cells };
        chosen.push(number);
    }
    Rectangle { lines: chosen, crosses: shared, offer }
}
