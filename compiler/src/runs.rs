//! Lists of numbers, one after the other in two arrays: what a list of lists says, without an allocation for each.

use rayon::prelude::*;

/// Lists that are made by one task at a time.
const PART: usize = 1 << 10;

/// Values that one task turns, at least.
#[cfg(not(test))]
const LARGE: usize = 1 << 20;
#[cfg(test)]
const LARGE: usize = 4;

/// Runs of u32: run `i` is `values[starts[i]..starts[i + 1]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Runs {
    starts: Vec<usize>,
    values: Vec<u32>,
}

impl Default for Runs {
    fn default() -> Self {
        Self { starts: vec![0], values: Vec::new() }
    }
}

impl Runs {
    /// The runs that begin at `starts`, the last of which is where all end.
    pub(crate) fn new(starts: Vec<usize>, values: Vec<u32>) -> Self {
        Self { starts, values }
    }

    /// As many runs as `count` says, made in parallel: `fill` adds run `i` to what it is given. `room` makes what a thread uses again
    /// and again; the runs must not depend on what is left there.
    pub(crate) fn gathered<R>(
        count: usize,
        room: impl Fn() -> R + Sync + Send,
        fill: impl Fn(&mut R, usize, &mut Vec<u32>) + Sync + Send,
    ) -> Self {
        let parts: Vec<Self> = (0..count.div_ceil(PART))
            .into_par_iter()
            .map_init(room, |room, part| {
                let mut runs = Self::default();
                for index in (part * PART..count).take(PART) {
                    fill(room, index, &mut runs.values);
                    runs.starts.push(runs.values.len());
                }
                runs
            })
            .collect();
        let mut all = Self { starts: Vec::with_capacity(count + 1), values: Vec::new() };
        all.starts.push(0);
        all.values.reserve_exact(parts.iter().map(|part| part.values.len()).sum());
        for part in parts {
            let before = all.values.len();
            all.starts.extend(part.starts.iter().skip(1).map(|start| before + start));
            all.values.extend_from_slice(&part.values);
        }
        all
    }

    /// How many runs.
    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// One run; none of that number is empty.
    pub(crate) fn run(&self, index: usize) -> &[u32] {
        match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(&start), Some(&end)) => self.values.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Every run, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> + Clone {
        self.starts.windows(2).map(|ends| match ends {
            [start, end] => self.values.get(*start..*end).unwrap_or(&[]),
            _ => &[],
        })
    }

    /// All values, run after run.
    pub(crate) fn values(&self) -> &[u32] {
        &self.values
    }

    /// Adds a run.
    pub(crate) fn push(&mut self, run: impl IntoIterator<Item = u32>) {
        self.values.extend(run);
        self.starts.push(self.values.len());
    }

    /// The other way round: for each value below `width` the runs that have it, ascending. Values from `width` on are passed over.
    pub(crate) fn transposed(&self, width: usize) -> Self {
        Self::inverted(self.iter(), width)
    }

    /// For each value below `width` the places of the lists that have it, ascending. Values from `width` on are passed over.
    ///
    /// By counting: places come out ascending because the lists are taken in order.
    pub(crate) fn inverted<'a>(lists: impl Iterator<Item = &'a [u32]> + Clone + Sync, width: usize) -> Self {
        let mut starts = vec![0; width + 1];
        for &value in lists.clone().flatten() {
            if let Some(count) = starts.get_mut(value as usize + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut values = vec![0; total];
        turn(&lists, 0, &starts, &mut values, rayon::current_num_threads());
        Self { starts, values }
    }
}

/// Writes the places of the lists that have each value from `first` on, as many values as `starts` has room for; by so many tasks at once,
/// each for values of its own.
fn turn<'a>(
    lists: &(impl Iterator<Item = &'a [u32]> + Clone + Sync),
    first: usize,
    starts: &[usize],
    into: &mut [u32],
    tasks: usize,
) {
    let base = starts.first().copied().unwrap_or_default();
    if tasks > 1 && into.len() > LARGE && starts.len() > 2 {
        let half = starts.partition_point(|start| start - base < into.len() / 2).clamp(1, starts.len() - 2);
        let (left, right) = (starts.get(..=half).unwrap_or(&[]), starts.get(half..).unwrap_or(&[]));
        let middle = right.first().map_or(0, |middle| middle - base);
        let (into_left, into_right) = into.split_at_mut(middle);
        rayon::join(
            || turn(lists, first, left, into_left, tasks / 2),
            || turn(lists, first + half, right, into_right, tasks - tasks / 2),
        );
        return;
    }
    let mut places: Vec<usize> = starts.iter().take(starts.len().saturating_sub(1)).map(|start| start - base).collect();
    for (number, list) in (0..).zip(lists.clone()) {
        for &value in list {
            let Some(place) = places.get_mut((value as usize).wrapping_sub(first)) else { continue };
            if let Some(slot) = into.get_mut(*place) {
                *slot = number;
            }
            *place += 1;
        }
    }
}

impl<L: AsRef<[u32]>> FromIterator<L> for Runs {
    fn from_iter<I: IntoIterator<Item = L>>(lists: I) -> Self {
        let mut runs = Self::default();
        for list in lists {
            runs.push(list.as_ref().iter().copied());
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn turning_twice_gives_back_what_ascends(
            lists in prop::collection::vec(prop::collection::btree_set(0..9_u32, 0..9), 0..9),
            width in 0..9_usize,
        ) {
            let lists: Vec<Vec<u32>> = lists.into_iter().map(|list| list.into_iter().collect()).collect();
            let runs: Runs = lists.iter().collect();
            let slow: Vec<Vec<u32>> = (0..width as u32)
                .map(|value| (0..).zip(&lists).filter(|(_, list)| list.contains(&value)).map(|(list, _)| list).collect())
                .collect();
            let turned = runs.transposed(width);
            prop_assert_eq!(turned.iter().collect::<Vec<_>>(), slow);
            prop_assert_eq!(runs.transposed(9).transposed(lists.len()), runs);
        }
    }

    #[test]
    fn runs_are_gathered_in_order() {
        let count = 2 * PART + 3;
        let fill = |(): &mut (), index: usize, into: &mut Vec<u32>| into.extend(0..index as u32 % 3);
        let gathered = Runs::gathered(count, || (), fill);
        assert_eq!(gathered, (0..count).map(|index| (0..index as u32 % 3).collect::<Vec<u32>>()).collect());
        assert_eq!((gathered.len(), gathered.run(count), Runs::default().len()), (count, &[][..], 0));
    }
}
