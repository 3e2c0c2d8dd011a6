//! Identities as clustering sees them: what they hold and, where attributes guide it, what they are; equal ones once.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::MineInput;

/// What distinct identities have. A feature is a column of the matrix or, from [`Profiles::width`] on, a value of an attribute that guides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Profiles {
    /// Columns of the matrix: the first features.
    pub(crate) width: usize,
    /// Features in all.
    pub(crate) features: usize,
    /// The features of profile `p`, ascending, are `values[starts[p]..starts[p + 1]]`.
    starts: Vec<usize>,
    values: Vec<u32>,
    /// The rows of each profile, ascending; never none. Profiles come in the order of their first rows.
    pub(crate) rows: Vec<Vec<u32>>,
}

impl Profiles {
    /// The profiles of all rows that hold anything.
    pub(crate) fn of(input: &MineInput<'_>) -> Self {
        let matrix = input.matrix;
        let width = matrix.width();
        let mut profiles = Self { width, features: width, starts: vec![0], ..Self::default() };
        let mut first_value = Vec::with_capacity(input.guides.len());
        for guide in input.guides {
            first_value.push(profiles.features);
            profiles.features += guide.distinct;
        }
        let mut numbers: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
        for (row, index) in (0_u32..).zip(0..matrix.height()).filter(|&(_, index)| !matrix.row(index).is_empty()) {
            let mut profile = matrix.row(index).to_vec();
            for (guide, first) in input.guides.iter().zip(&first_value) {
                let values = guide.of_row.get(index).into_iter().flatten();
                profile.extend(values.filter_map(|&value| u32::try_from(first + value as usize).ok()));
            }
            match numbers.entry(profile) {
                Entry::Occupied(number) => {
                    if let Some(rows) = profiles.rows.get_mut(*number.get()) {
                        rows.push(row);
                    }
                }
                Entry::Vacant(entry) => {
                    profiles.values.extend_from_slice(entry.key());
                    profiles.starts.push(profiles.values.len());
                    entry.insert(profiles.rows.len());
                    profiles.rows.push(vec![row]);
                }
            }
        }
        profiles
    }

    /// How many profiles.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The features of a profile, ascending.
    pub(crate) fn features_of(&self, profile: usize) -> &[u32] {
        match (self.starts.get(profile), self.starts.get(profile + 1)) {
            (Some(&start), Some(&end)) => self.values.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The features of each profile.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|profile| self.features_of(profile))
    }

    /// For each feature the profiles that have it, ascending.
    pub(crate) fn having(&self) -> Vec<Vec<u32>> {
        let mut having = vec![Vec::new(); self.features];
        for (profile, features) in (0..).zip(self.iter()) {
            for &feature in features {
                if let Some(having) = having.get_mut(feature as usize) {
                    having.push(profile);
                }
            }
        }
        having
    }

    /// All rows of these profiles, ascending.
    pub(crate) fn all_rows(&self, profiles: impl IntoIterator<Item = usize>) -> Vec<u32> {
        let mut rows: Vec<u32> =
            profiles.into_iter().filter_map(|profile| self.rows.get(profile)).flatten().copied().collect();
        rows.sort_unstable();
        rows
    }

    /// Every column of the matrix that any of these profiles has, ascending.
    pub(crate) fn all_columns(&self, profiles: impl IntoIterator<Item = usize>) -> Vec<u32> {
        let mut columns: Vec<u32> = profiles
            .into_iter()
            .flat_map(|profile| self.features_of(profile))
            .copied()
            .filter(|&feature| (feature as usize) < self.width)
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}
