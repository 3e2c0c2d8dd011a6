//! A table of lists, one after the other: row `r` is `values[starts[r]..starts[r + 1]]`.

/// Lists of numbers by row.
#[derive(Debug, Default)]
pub(super) struct Runs {
    starts: Vec<usize>,
    values: Vec<u32>,
}

impl Runs {
    /// The table of these (row, value) pairs, in any order; repeats count once. Rows beyond `rows` are left out.
    pub(super) fn of(rows: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.retain(|&(row, _)| (row as usize) < rows);
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = Vec::with_capacity(rows + 1);
        let mut at = 0;
        for row in 0..rows {
            starts.push(at);
            at += pairs.iter().skip(at).take_while(|&&(of, _)| of as usize == row).count();
        }
        starts.push(at);
        Self { starts, values: pairs.into_iter().map(|(_, value)| value).collect() }
    }

    /// A row's values, ascending; none for a row that is not there.
    pub(super) fn run(&self, row: usize) -> &[u32] {
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(&start), Some(&end)) => self.values.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }
}
