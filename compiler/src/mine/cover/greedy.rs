//! A first cover of a part that the exact search does not close: the best tile, again and again.
//!
//! A tile is a rectangle of the matrix, and worth the vertices it covers that no tile covered before. It grows from a column by whichever further
//! column is worth most, as long as that adds worth (Geerts, Goethals, Mielikäinen, *Tiling databases*, DS 2004).

use super::kernel::Part;
use crate::mine::{
    MineError, Progress,
    bits::{self, BitTable},
    board::BitBoard,
};

/// Columns that a tile is grown from, those with most left to cover.
const SEEDS: usize = 8;

/// A cover by tiles: how many, and the tile of each vertex; none where that takes more than `max_looks` looks at a cell, or as many tiles as
/// `fewer_than`.
pub(super) fn tiles(
    board: &BitBoard<'_>,
    part: &Part,
    fewer_than: usize,
    max_looks: u64,
    progress: &dyn Progress,
) -> Result<Option<(usize, Vec<u32>)>, MineError> {
    let mut tiling = Tiling::new(board, part);
    let mut tiles = 0;
    while tiling.uncovered > 0 {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        tiles += 1;
        if tiles >= fewer_than || tiling.looks > max_looks {
            return Ok(None);
        }
        let seeds = tiling.seeds();
        let grown = seeds.into_iter().map(|seed| tiling.grow(seed)).collect::<Vec<_>>();
        // The first of the best, so the outcome depends on the matrix only.
        let best = grown.into_iter().rev().max_by_key(|tile| tile.worth);
        if let Some(tile) = best {
            tiling.cover(&tile);
        }
    }
    Ok(Some((tiles, tiling.tile_of)))
}

struct Tile {
    rows: Vec<u64>,
    columns: Vec<usize>,
    worth: usize,
}

struct Tiling<'a> {
    board: &'a BitBoard<'a>,
    /// The vertices of each column, with their rows.
    by_column: Vec<Vec<(usize, u32)>>,
    /// The rows of each column whose vertex no tile covers.
    left: BitTable,
    uncovered: usize,
    tile_of: Vec<u32>,
    tiles: u32,
    looks: u64,
}

impl<'a> Tiling<'a> {
    fn new(board: &'a BitBoard<'a>, part: &Part) -> Self {
        let (height, width) = (board.matrix.rows.len(), board.matrix.columns.len());
        let mut left = BitTable::new(width, height);
        let mut by_column = vec![Vec::new(); width];
        for (vertex, &(row, column)) in (0..).zip(&part.cells) {
            bits::insert(left.row_mut(column), row);
            if let Some(column) = by_column.get_mut(column) {
                column.push((row, vertex));
            }
        }
        let tile_of = vec![0; part.cells.len()];
        Self { board, by_column, left, uncovered: part.cells.len(), tile_of, tiles: 0, looks: 0 }
    }

    /// The columns with most left to cover.
    fn seeds(&self) -> Vec<usize> {
        let mut columns: Vec<(usize, usize)> =
            (0..self.by_column.len()).map(|column| (bits::count(self.left.row(column)), column)).collect();
        columns.retain(|&(left, _)| left > 0);
        columns.sort_unstable_by_key(|&(left, column)| (std::cmp::Reverse(left), column));
        columns.into_iter().take(SEEDS).map(|(_, column)| column).collect()
    }

    fn grow(&mut self, seed: usize) -> Tile {
        let mut tile = Tile {
            rows: self.board.columns.row(seed).to_vec(),
            columns: vec![seed],
            worth: bits::count(self.left.row(seed)),
        };
        // What each row of the tile is worth.
        let mut worth = vec![0; self.board.matrix.rows.len()];
        loop {
            if let Some(&last) = tile.columns.last() {
                for row in bits::ones(self.left.row(last)) {
                    if let Some(worth) = worth.get_mut(row) {
                        *worth += 1;
                    }
                }
            }
            let mut best: Option<(usize, usize)> = None;
            for column in (0..self.by_column.len()).filter(|column| !tile.columns.contains(column)) {
                let rows = self.board.columns.row(column);
                let mut sum = bits::common(self.left.row(column), &tile.rows);
                for row in bits::ones_of_both(rows, &tile.rows) {
                    sum += worth.get(row).copied().unwrap_or_default();
                    self.looks += 1;
                }
                if sum > best.map_or(tile.worth, |(most, _)| most) {
                    best = Some((sum, column));
                }
            }
            let Some((worth, column)) = best else { return tile };
            tile.worth = worth;
            tile.columns.push(column);
            bits::intersect(&mut tile.rows, self.board.columns.row(column));
        }
    }

    fn cover(&mut self, tile: &Tile) {
        for &column in &tile.columns {
            for &(row, vertex) in self.by_column.get(column).into_iter().flatten() {
                if bits::contains(&tile.rows, row) && bits::contains(self.left.row(column), row) {
                    bits::remove(self.left.row_mut(column), row);
                    self.uncovered -= 1;
                    if let Some(of) = self.tile_of.get_mut(vertex as usize) {
                        *of = self.tiles;
                    }
                }
            }
        }
        self.tiles += 1;
    }
}
