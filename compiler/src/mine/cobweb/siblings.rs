//! Concepts beside each other, as one table: a row for each feature, how many identities of each concept have it.
//!
//! What a walk down the tree must know of a concept is how often it has what an identity has, its square Q, and what two concepts would be worth
//! as one. The last is the dear one: their counts, multiplied. So these products are kept for each two, squares on the diagonal, and kept up
//! with what the walk finds out anyway: where an identity comes to i, the product of i and k grows by how often k has what the identity has.

use std::{iter, mem};

use rustc_hash::FxHashMap;

use super::worth::{Instance, Known};

/// Concepts, each in a column of its own. There may be more columns than concepts: one without a concept has zeros only.
#[derive(Debug, Clone, Default)]
pub(super) struct Siblings {
    /// The columns of concepts, in the order in which they came to be.
    order: Vec<usize>,
    columns: Vec<Column>,
    /// For each two columns the sum over all features of their counts, multiplied.
    products: Vec<u64>,
    /// The feature of each row, and the row of each feature.
    features: Vec<u32>,
    row_of: FxHashMap<u32, u32>,
    /// Row by row, how many identities of each column have the feature.
    counts: Vec<u32>,
}

/// A concept: its node in the tree, and how many identities are in it.
#[derive(Debug, Clone, Copy, Default)]
struct Column {
    node: usize,
    size: u64,
}

impl Siblings {
    /// The columns of concepts, in the order in which they came to be.
    pub(super) fn columns(&self) -> &[usize] {
        &self.order
    }

    /// How many columns there are, those without a concept too.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The node of the concept in a column.
    pub(super) fn node(&self, column: usize) -> Option<usize> {
        self.columns.get(column).map(|column| column.node)
    }

    /// The nodes of all, in order.
    pub(super) fn nodes(&self) -> impl Iterator<Item = usize> {
        self.order.iter().filter_map(|&column| self.node(column))
    }

    /// Every feature that any of them has, in an order that tells nothing.
    pub(super) fn features(&self) -> &[u32] {
        &self.features
    }

    /// How many counts are not zero.
    pub(super) fn filled(&self) -> usize {
        self.counts.iter().filter(|&&count| count > 0).count()
    }

    /// What the worth of the concept in this column depends on.
    pub(super) fn known(&self, column: usize) -> Known {
        let size = self.columns.get(column).map_or(0, |column| column.size);
        Known { size, square: self.product(column, column) }
    }

    /// The same for two concepts as one.
    pub(super) fn both(&self, one: usize, other: usize) -> Known {
        let (a, b) = (self.known(one), self.known(other));
        Known { size: a.size + b.size, square: a.square + b.square + 2 * self.product(one, other) }
    }

    /// For each column how often its identities have the features of one.
    pub(super) fn held(&self, instance: Instance<'_>) -> Vec<u64> {
        let mut held = vec![0; self.width()];
        for row in instance.features.iter().filter_map(|&feature| self.row(feature)) {
            for (held, &count) in held.iter_mut().zip(row) {
                *held += u64::from(count);
            }
        }
        held
    }

    /// Puts an identity into the concept in this column, where [`Self::held`] says this of it.
    pub(super) fn add(&mut self, column: usize, instance: Instance<'_>, held: &[u64]) {
        let times = u64::from(instance.times);
        for (other, held) in held.iter().enumerate() {
            // Twice on the diagonal, as in (c + t)².
            self.grow(column, other, times * held);
            self.grow(other, column, times * held);
        }
        self.grow(column, column, times * times * instance.features.len() as u64);
        if let Some(column) = self.columns.get_mut(column) {
            column.size += times;
        }
        for &feature in instance.features {
            if let Some(count) = self.row_mut(feature).get_mut(column) {
                *count += instance.times;
            }
        }
    }

    /// A new concept of one identity, of which [`Self::held`] says this.
    pub(super) fn push(&mut self, node: usize, instance: Instance<'_>, held: &[u64]) {
        let column = self.new_column(Column { node, size: 0 });
        self.add(column, instance, held);
    }

    /// The two concepts in these columns by themselves; `features` are all that they have.
    pub(super) fn pair(&self, one: usize, other: usize, features: impl Iterator<Item = u32>) -> Self {
        let of = [one, other];
        let mut pair = Self {
            order: vec![0, 1],
            columns: of.map(|column| self.columns.get(column).copied().unwrap_or_default()).to_vec(),
            products: of.iter().flat_map(|&i| of.map(|j| self.product(i, j))).collect(),
            ..Self::default()
        };
        for feature in features {
            if let Some(row) = self.row(feature) {
                pair.row_mut(feature).copy_from_slice(&of.map(|column| at(row, column)));
            }
        }
        pair
    }

    /// Makes the concepts in two columns one, in the first of them; `features` are all that the other has.
    pub(super) fn merge(&mut self, one: usize, other: usize, node: usize, features: impl Iterator<Item = u32>) {
        for feature in features {
            let row = self.row_mut(feature);
            let moved = row.get_mut(other).map(mem::take).unwrap_or_default();
            if let Some(count) = row.get_mut(one) {
                *count += moved;
            }
        }
        let both = self.both(one, other);
        self.grow(one, one, self.product(other, other) + 2 * self.product(one, other));
        for column in (0..self.width()).filter(|&column| column != one && column != other) {
            self.grow(one, column, self.product(other, column));
            self.grow(column, one, self.product(other, column));
        }
        self.clear(other);
        if let Some(column) = self.columns.get_mut(one) {
            *column = Column { node, size: both.size };
        }
        self.order.retain(|&column| column != one && column != other);
        self.order.push(one);
    }

    /// Puts the children of the concept in this column in its place: the columns they had and the columns they have now.
    pub(super) fn split(&mut self, column: usize, children: &Self) -> Vec<(usize, usize)> {
        for &feature in &children.features {
            if let Some(count) = self.row_mut(feature).get_mut(column) {
                *count = 0;
            }
        }
        self.clear(column);
        self.order.retain(|&other| other != column);
        let moved: Vec<(usize, usize)> = children
            .order
            .iter()
            .filter_map(|&there| Some((there, self.new_column(*children.columns.get(there)?))))
            .collect();
        // What the children have in common with the others is nowhere known yet.
        let width = self.width();
        let mut crossed = vec![0; moved.len() * width];
        for (&feature, theirs) in children.features.iter().zip(children.counts.chunks_exact(children.width().max(1))) {
            let ours = self.row_mut(feature);
            for (crossed, &(there, _)) in crossed.chunks_exact_mut(width).zip(&moved) {
                let their = u64::from(at(theirs, there));
                if their > 0 {
                    crossed.iter_mut().zip(&*ours).for_each(|(crossed, &our)| *crossed += their * u64::from(our));
                }
            }
            for &(there, here) in &moved {
                if let Some(count) = ours.get_mut(here) {
                    *count = at(theirs, there);
                }
            }
        }
        for (&(there, here), crossed) in moved.iter().zip(crossed.chunks_exact(width)) {
            for (column, &product) in crossed.iter().enumerate() {
                self.grow(here, column, product);
                self.grow(column, here, product);
            }
            for &(other_there, other_here) in &moved {
                self.grow(here, other_here, children.product(there, other_there));
            }
        }
        moved
    }

    pub(super) fn product(&self, one: usize, other: usize) -> u64 {
        at(&self.products, one * self.width() + other)
    }

    fn grow(&mut self, one: usize, other: usize, more: u64) {
        let width = self.width();
        if let Some(product) = self.products.get_mut(one * width + other) {
            *product += more;
        }
    }

    /// Makes all products of a column zero.
    fn clear(&mut self, column: usize) {
        let width = self.width();
        for other in 0..width {
            for place in [column * width + other, other * width + column] {
                if let Some(product) = self.products.get_mut(place) {
                    *product = 0;
                }
            }
        }
    }

    /// A column for a new concept: the first without one, or one of as many again.
    fn new_column(&mut self, concept: Column) -> usize {
        let width = self.width();
        let free = (0..width).find(|column| !self.order.contains(column)).unwrap_or(width);
        if free == width {
            let wide = (2 * width).max(2);
            self.counts = widened(&self.counts, width, wide);
            self.products = widened(&self.products, width, wide);
            self.products.resize(wide * wide, 0);
            self.columns.resize(wide, Column::default());
        }
        if let Some(column) = self.columns.get_mut(free) {
            *column = concept;
        }
        self.order.push(free);
        free
    }

    fn row(&self, feature: u32) -> Option<&[u32]> {
        let start = *self.row_of.get(&feature)? as usize * self.width();
        self.counts.get(start..start + self.width())
    }

    /// The row of a feature, a new one where nobody had it.
    fn row_mut(&mut self, feature: u32) -> &mut [u32] {
        let width = self.width();
        let next = self.features.len();
        let row = *self.row_of.entry(feature).or_insert_with(|| u32::try_from(next).unwrap_or(u32::MAX)) as usize;
        if row == next {
            self.features.push(feature);
            self.counts.extend(iter::repeat_n(0, width));
        }
        self.counts.get_mut(row * width..(row + 1) * width).unwrap_or_default()
    }
}

/// Rows of one width as rows of another.
fn widened<T: Copy + Default>(rows: &[T], from: usize, to: usize) -> Vec<T> {
    let mut wide = Vec::with_capacity(rows.len() / from.max(1) * to);
    for row in rows.chunks_exact(from.max(1)) {
        wide.extend_from_slice(row);
        wide.extend(iter::repeat_n(T::default(), to - from));
    }
    wide
}

fn at<T: Copy + Default>(values: &[T], place: usize) -> T {
    values.get(place).copied().unwrap_or_default()
}
