//! A table of lists, one after the other: row `r` is `values[starts[r]..starts[r + 1]]`.

/// Lists of numbers by row.
#[derive(Debug, Default)]
pub(super) struct Runs {
    starts: Vec<usize>,
    values: Vec<u32>,
}

impl Runs {
    /// The table of these (row, value) pairs, in any order; repeats count once. Rows beyond `rows` are left out.
    ///
    /// By counting: the pairs are walked twice and never held, so a million identities in five roles each cost what they take up in the end.
    pub(super) fn of(rows: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut ends = vec![0; rows + 1];
        for (row, _) in pairs.clone() {
            ends.get_mut(row as usize + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total;
        }
        // Each is where the next value of the row before goes, and in the end where the row itself ends.
        let mut values = vec![0; total];
        for (row, value) in pairs {
            let Some(place) = ends.get_mut(row as usize).filter(|_| (row as usize) < rows) else { continue };
            values.get_mut(*place).into_iter().for_each(|slot| *slot = value);
            *place += 1;
        }
        let mut starts = vec![0];
        let (mut from, mut kept) = (0, 0);
        for &end in ends.iter().take(rows) {
            values.get_mut(from..end).into_iter().for_each(|row: &mut [u32]| row.sort_unstable());
            let first = kept;
            for at in from..end {
                let Some(&value) = values.get(at) else { continue };
                let known = values.get(first..kept).and_then(|row| row.last()) == Some(&value);
                if let Some(slot) = values.get_mut(kept).filter(|_| !known) {
                    *slot = value;
                    kept += 1;
                }
            }
            starts.push(kept);
            from = end;
        }
        values.truncate(kept);
        Self { starts, values }
    }

    /// A row's values, ascending; none for a row that is not there.
    pub(super) fn run(&self, row: usize) -> &[u32] {
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(&start), Some(&end)) => self.values.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_row_has_its_values_once_and_ascending(pairs in prop::collection::vec((0_u32..6, 0_u32..4), 0..30)) {
            let runs = Runs::of(5, pairs.iter().copied());
            for row in 0..7 {
                let expected: BTreeSet<u32> =
                    pairs.iter().filter(|&&(of, _)| of == row && row < 5).map(|&(_, value)| value).collect();
                prop_assert_eq!(runs.run(row as usize), expected.into_iter().collect::<Vec<_>>());
            }
            prop_assert_eq!(runs.starts.last(), Some(&runs.values.len()));
        }
    }
}
