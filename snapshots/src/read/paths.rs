//! Paths of groups, numbered while they come and sorted at the end.

use rustc_hash::FxHashMap;

use crate::{PathId, Paths};

/// Distinct paths; number 0 is the empty one.
pub(crate) struct PathTable {
    numbers: FxHashMap<Vec<String>, u32>,
}

impl PathTable {
    pub(crate) fn new() -> Self {
        Self { numbers: FxHashMap::from_iter([(Vec::new(), 0)]) }
    }

    /// The provisional number of a path.
    pub(crate) fn number(&mut self, path: Vec<String>) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(path).or_insert(next)
    }

    /// The path that a source writes in one field, without empty steps: parted by its separator exactly, or by `>` and
    /// `|` with spaces around them.
    pub(crate) fn parse(&mut self, text: &str, separator: Option<char>) -> u32 {
        let steps: Vec<&str> = match separator {
            Some(separator) => text.split(separator).collect(),
            None => text.split(['>', super::columns::SEPARATOR]).map(str::trim).collect(),
        };
        self.number(steps.into_iter().filter(|step| !step.is_empty()).map(str::to_owned).collect())
    }

    /// The paths in order, and the rank of every provisional number.
    pub(crate) fn finish(self) -> (Paths, Vec<PathId>) {
        let mut paths: Vec<(Vec<String>, u32)> = self.numbers.into_iter().collect();
        paths.sort_unstable();
        let mut ranks = vec![PathId::DIRECT; paths.len()];
        for (rank, (_, number)) in (0_u32..).zip(&paths) {
            if let Some(slot) = ranks.get_mut(*number as usize) {
                *slot = PathId(rank);
            }
        }
        (Paths { rows: paths.into_iter().map(|(path, _)| path).collect() }, ranks)
    }
}
