//! A policy for a matrix of any size: two roles that the same identities hold become one, again and again.
//!
//! Everyone begins with a role for each of their columns. Of two roles that enough of them hold both, a third is made, which grants what the two
//! grant, or inherits them where roles may; whoever held the two holds it instead. The pair that saves most goes first. This is Re-Pair (Larsson,
//! Moffat, *Off-line dictionary-based compression*, Proceedings of the IEEE 2000) on sets. In a hierarchy noise does little harm: who lacks one of
//! the sixteen columns that a role comes to grant holds four of the roles that it was made of.
//!
//! What a role would save with any other only falls, also with those that are made later. So each role keeps its best partner as it last saw it, the
//! best of all is looked at again when it comes up, and looking costs what the holders of that one role hold.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    prices::Prices,
    sketch::{Sketch, Sketched},
};
use crate::mine::{MineError, Progress, collapse::Collapsed};

/// A policy made of pairs.
pub(super) fn paired(matrix: &Collapsed, prices: &Prices, progress: &dyn Progress) -> Result<Sketch, MineError> {
    progress.stage("making one role of two", matrix.columns.len() as u64);
    let mut pairing = Pairing::new(matrix, prices);
    pairing.unite_all(progress)?;
    pairing.dissolve();
    Ok(pairing.finish())
}

/// What is held as one: a column, or two others.
#[derive(Debug, Default)]
struct Token {
    /// The rows that hold it, and not as a part of another; ascending.
    rows: Vec<u32>,
    /// What it is made of: two, until they dissolve; nothing for a column.
    parts: Vec<usize>,
    /// The columns that it stands for.
    columns: Vec<u32>,
    /// How often it has lost rows.
    version: u32,
}

/// The best partner of a token, as it was when it was looked for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Best {
    saves: u64,
    /// Of equals the oldest first.
    order: Reverse<(usize, usize)>,
    token: usize,
    partner: usize,
    versions: (u32, u32),
}

struct Pairing<'a> {
    prices: &'a Prices,
    tokens: Vec<Token>,
    /// The tokens of each row, ascending; each column of the row is in exactly one.
    held: Vec<Vec<u32>>,
    queue: BinaryHeap<Best>,
    /// Room to count in: the prices of the rows that have each token and the one that is looked at.
    common: Vec<u64>,
}

#[expect(clippy::indexing_slicing, reason = "tokens, rows and columns index tables that have one entry for each")]
impl<'a> Pairing<'a> {
    fn new(matrix: &Collapsed, prices: &'a Prices) -> Self {
        let token =
            |(column, rows): (u32, &Vec<u32>)| Token { rows: rows.clone(), columns: vec![column], ..Token::default() };
        Self {
            prices,
            tokens: (0..).zip(&matrix.columns).map(token).collect(),
            held: matrix.rows.clone(),
            queue: BinaryHeap::new(),
            common: vec![0; matrix.columns.len()],
        }
    }

    /// Makes one of two as long as that saves anything.
    fn unite_all(&mut self, progress: &dyn Progress) -> Result<(), MineError> {
        for token in 0..self.tokens.len() {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            self.look(token);
            progress.advance(1);
        }
        while let Some(Best { token, partner, versions, .. }) = self.queue.pop() {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            if versions == (self.tokens[token].version, self.tokens[partner].version) {
                self.unite(token, partner);
                self.look(self.tokens.len() - 1);
            }
            self.look(token);
        }
        Ok(())
    }

    /// What it costs to have this token as a part of a role in a hierarchy.
    fn part_price(&self, token: usize, edge: u64) -> u64 {
        match self.tokens[token].columns.as_slice() {
            [column] => self.prices.columns[*column as usize].min(edge),
            _ => edge,
        }
    }

    fn columns_price(&self, token: usize) -> u64 {
        self.tokens[token].columns.iter().map(|&column| self.prices.columns[column as usize]).sum()
    }

    /// What a role made of two costs.
    fn price(&self, one: usize, other: usize) -> u64 {
        let parts = match self.prices.edge {
            Some(edge) => self.part_price(one, edge) + self.part_price(other, edge),
            None => self.columns_price(one) + self.columns_price(other),
        };
        self.prices.role + parts
    }

    /// Looks for the best partner of a token, and queues it, if it saves anything.
    fn look(&mut self, token: usize) {
        let mut met = Vec::new();
        for &row in &self.tokens[token].rows {
            let price = self.prices.rows[row as usize];
            for &other in self.held[row as usize].iter().filter(|&&other| other as usize != token) {
                let common = &mut self.common[other as usize];
                if *common == 0 {
                    met.push(other as usize);
                }
                *common += price;
            }
        }
        let mut best: Option<(u64, Reverse<usize>)> = None;
        for partner in met {
            let common = std::mem::take(&mut self.common[partner]);
            if best.is_none_or(|(saves, _)| common >= saves) {
                let saves = common.saturating_sub(self.price(token, partner));
                best = best.max(Some((saves, Reverse(partner))));
            }
        }
        if let Some((saves, Reverse(partner))) = best.filter(|&(saves, _)| saves > 0) {
            let versions = (self.tokens[token].version, self.tokens[partner].version);
            let order = Reverse((token.min(partner), token.max(partner)));
            self.queue.push(Best { saves, order, token, partner, versions });
        }
    }

    /// Makes one token of two, for the rows that hold both.
    fn unite(&mut self, one: usize, other: usize) {
        let new = self.tokens.len();
        let (rest, rows): (Vec<u32>, Vec<u32>) = {
            let others = &self.tokens[other].rows;
            self.tokens[one].rows.iter().partition(|row| others.binary_search(row).is_err())
        };
        self.tokens[one].rows = rest;
        self.tokens[other].rows.retain(|row| rows.binary_search(row).is_err());
        let number = u32::try_from(new).unwrap_or(u32::MAX);
        for &row in &rows {
            let held = &mut self.held[row as usize];
            held.retain(|&token| token as usize != one && token as usize != other);
            held.push(number);
        }
        for token in [one, other] {
            self.tokens[token].version += 1;
        }
        let mut columns = [self.tokens[one].columns.as_slice(), &self.tokens[other].columns].concat();
        columns.sort_unstable();
        self.tokens.push(Token { rows, parts: vec![one, other], columns, version: 0 });
        self.common.push(0);
    }

    /// The tokens that each is a part of.
    fn wholes(&self) -> Vec<Vec<usize>> {
        let mut wholes = vec![Vec::new(); self.tokens.len()];
        for (whole, token) in self.tokens.iter().enumerate() {
            token.parts.iter().for_each(|&part| wholes[part].push(whole));
        }
        wholes
    }

    fn rows_price(&self, token: usize) -> u64 {
        self.tokens[token].rows.iter().map(|&row| self.prices.rows[row as usize]).sum()
    }

    /// Gives up what is not worth it any more: most of what held it may have become part of something else. The newest first, so that what a token is
    /// a part of is decided before it.
    fn dissolve(&mut self) {
        let mut wholes = self.wholes();
        for token in (0..self.tokens.len()).rev() {
            let parts = self.tokens[token].parts.clone();
            if parts.is_empty() {
                continue;
            }
            let rows = self.rows_price(token);
            let (uses, saved) = match self.prices.edge {
                Some(edge) => {
                    let of_parts = parts.iter().map(|&part| self.part_price(part, edge)).sum::<u64>();
                    (rows + wholes[token].len() as u64 * edge, self.prices.role + of_parts)
                }
                None => (rows, self.prices.role + self.columns_price(token)),
            };
            // Instead of one, each use then takes as many as there are parts: two.
            if uses > saved {
                continue;
            }
            let rows = std::mem::take(&mut self.tokens[token].rows);
            for &part in &parts {
                self.tokens[part].rows.extend_from_slice(&rows);
                wholes[part].retain(|&whole| whole != token);
            }
            for whole in std::mem::take(&mut wholes[token]) {
                self.tokens[whole].parts.retain(|&part| part != token);
                self.tokens[whole].parts.extend_from_slice(&parts);
                parts.iter().for_each(|&part| wholes[part].push(whole));
            }
            self.tokens[token].parts.clear();
            self.tokens[token].columns.clear();
        }
    }

    /// The policy of the tokens that are left.
    fn finish(mut self) -> Sketch {
        if self.prices.edge.is_none() {
            self.tokens.iter_mut().for_each(|token| token.parts.clear());
        }
        let wholes = self.wholes();
        let is_role: Vec<bool> = (0..self.tokens.len()).map(|token| self.is_role(token)).collect();
        let mut sketch = Sketch::default();
        let mut place_of = vec![usize::MAX; self.tokens.len()];
        // The newest first: who holds a token depends on who holds what it is a part of.
        for token in (0..self.tokens.len()).rev() {
            if !is_role[token] {
                sketch.cost += self.direct(token).unwrap_or_default();
                continue;
            }
            place_of[token] = sketch.roles.len();
            // A column that is a role too is inherited, where that is cheaper than to grant it again.
            let grants = |part: usize| match self.tokens[part].columns.as_slice() {
                &[column] if !is_role[part] || !self.is_cheaper_inherited(part) => Some(column),
                _ => None,
            };
            let mut columns: Vec<u32> = match self.tokens[token].parts.as_slice() {
                [] => self.tokens[token].columns.clone(),
                parts => parts.iter().filter_map(|&part| grants(part)).collect(),
            };
            let heirs = wholes[token].iter().filter(|_| grants(token).is_none()).map(|&whole| place_of[whole]);
            let mut heirs: Vec<usize> = heirs.collect();
            sketch.cost += self.prices.role + self.rows_price(token);
            sketch.cost += columns.iter().map(|&column| self.prices.columns[column as usize]).sum::<u64>();
            sketch.cost += heirs.len() as u64 * self.prices.edge.unwrap_or_default();
            let mut rows = std::mem::take(&mut self.tokens[token].rows);
            rows.extend(heirs.iter().flat_map(|&heir| &sketch.roles[heir].rows));
            for list in [&mut rows, &mut columns] {
                list.sort_unstable();
            }
            heirs.sort_unstable();
            sketch.roles.push(Sketched { rows, columns, heirs });
        }
        sketch
    }

    /// Whether a token becomes a role: a column does not, where it is only part of others or better left to its identities.
    fn is_role(&self, token: usize) -> bool {
        let Token { rows, parts, columns, .. } = &self.tokens[token];
        if !parts.is_empty() || rows.is_empty() || columns.len() > 1 {
            return !parts.is_empty() || !rows.is_empty();
        }
        let as_role = self.prices.role + self.columns_price(token) + self.rows_price(token);
        self.direct(token).is_none_or(|direct| as_role < direct)
    }

    /// What it costs to leave a column to the identities of its rows, where that is allowed.
    fn direct(&self, token: usize) -> Option<u64> {
        let &[column] = self.tokens[token].columns.as_slice() else { return None };
        let rows = self.tokens[token].rows.iter();
        rows.map(|&row| self.prices.direct(row as usize, column as usize)).sum()
    }

    fn is_cheaper_inherited(&self, token: usize) -> bool {
        self.prices.edge.is_some_and(|edge| edge < self.columns_price(token))
    }
}

#[cfg(test)]
mod tests;
