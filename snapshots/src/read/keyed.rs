//! Tables with one thing per key: rows of the same key are united, and what they disagree on is a fault.

use std::collections::hash_map::Entry;

use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHashMap;

use super::{
    faults::FaultLog,
    rows::{Row, Rows},
    scan::{cut, shortened},
    values::is_scientific,
};
use crate::{Fault, FaultKind};

/// The rows of a table by their key, keys ascending.
pub(crate) struct Keyed<'a> {
    rows: &'a Rows<'a>,
    entries: Vec<(&'a str, u32, Row<'a>)>,
    /// Where the rows of each key start; one more than there are keys.
    starts: Vec<usize>,
}

/// A column's value of every key, and what the rows disagree on.
pub(crate) struct Values<'a> {
    pub(crate) texts: Vec<Option<&'a str>>,
    pub(crate) conflicts: Vec<Fault>,
}

impl<'a> Keyed<'a> {
    /// Sorts the rows by the key in `column`.
    pub(crate) fn new(rows: &'a Rows<'a>, column: usize, faults: &mut FaultLog) -> Self {
        let mut entries = Vec::with_capacity(rows.len());
        for (order, row) in (0_u32..).zip(rows.iter()) {
            let Some(key) = row.key(faults, column) else { continue };
            if is_scientific(key) {
                let message =
                    format!("expected an id, found `{}`, a long number as a spreadsheet shortens it", shortened(key));
                row.fault(faults, FaultKind::SpreadsheetDamage, column, key, message);
            }
            entries.push((key, order, row));
        }
        if !entries.is_sorted_by_key(|(key, ..)| *key) {
            entries.par_sort_unstable_by_key(|(key, order, _)| (*key, *order));
        }
        let mut starts: Vec<usize> = Vec::new();
        let mut last = None;
        for (index, (key, ..)) in entries.iter().enumerate() {
            if last != Some(*key) {
                starts.push(index);
            }
            last = Some(*key);
        }
        starts.push(entries.len());
        let keyed = Self { rows, entries, starts };
        keyed.find_repeated(column, faults);
        keyed
    }

    /// The keys, ascending.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(|index| self.entries(index).first().map_or("", |(key, ..)| key))
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The rows of the `index`th key, in the order they were read.
    pub(crate) fn rows(&self, index: usize) -> impl Iterator<Item = Row<'a>> {
        self.entries(index).iter().map(|(.., row)| *row)
    }

    /// The value each key has in a column. Where rows differ, the system of record decides; where there is none, the
    /// first in byte order, so that the order of rows does not matter.
    pub(crate) fn values(&self, column: usize) -> Values<'a> {
        let mut conflicts = Vec::new();
        let texts = (0..self.len())
            .map(|index| match self.entries(index) {
                [(.., row)] => row.get(column),
                entries => self.settle(entries, column, &mut conflicts),
            })
            .collect();
        Values { texts, conflicts }
    }

    /// The system that stands in for a column which a source of the `index`th key's rows does not have: of several the first in byte order,
    /// so that the order of sources does not matter.
    pub(crate) fn system(&self, index: usize, column: usize) -> Option<&'a str> {
        let without = self.rows(index).filter(|row| !row.has(column));
        without.map(|row| row.source().system.as_str()).filter(|system| !system.is_empty()).min()
    }

    /// The first row of a key that has this text in a column: where a fault of the value is.
    pub(crate) fn row_of(&self, index: usize, column: usize, text: &str) -> Option<Row<'a>> {
        self.rows(index).find(|row| row.get(column) == Some(text))
    }

    fn entries(&self, index: usize) -> &[(&'a str, u32, Row<'a>)] {
        let range = self.starts.get(index).zip(self.starts.get(index + 1));
        range.and_then(|(&start, &end)| self.entries.get(start..end)).unwrap_or(&[])
    }

    fn settle(
        &self,
        entries: &[(&'a str, u32, Row<'a>)],
        column: usize,
        conflicts: &mut Vec<Fault>,
    ) -> Option<&'a str> {
        let said = || entries.iter().filter_map(|(key, _, row)| row.get(column).map(|text| (*key, *row, text)));
        let name = self.rows.column_name(column);
        let of_record = |row: &Row<'_>| row.source().authoritative_for.iter().any(|attribute| attribute == name);
        let any_record = said().any(|(_, row, _)| of_record(&row));
        let candidates = || said().filter(|(_, row, _)| !any_record || of_record(row));
        let kept = candidates().map(|(.., text)| text).min()?;
        let (_, first, other) = candidates().next()?;
        if let Some((key, row, text)) = candidates().find(|(.., text)| *text != other) {
            conflicts.push(Fault {
                place: row.place(Some(column)),
                kind: FaultKind::DuplicateId,
                subject: cut(key),
                message: format!(
                    "expected one `{name}` for `{}`, found `{}` here and `{}` on line {} of `{}`; `{}` is kept",
                    shortened(key),
                    shortened(text),
                    shortened(other),
                    first.line(),
                    first.source().file,
                    shortened(kept),
                ),
                accepted: None,
            });
        } else if let Some((key, row, text)) = said().find(|(.., text)| *text != other) {
            conflicts.push(Fault {
                place: row.place(Some(column)),
                kind: FaultKind::SourceConflict,
                subject: cut(key),
                message: format!(
                    "expected `{}` for `{name}` of `{}`, as its system of record has it on line {} of `{}`, found `{}`",
                    shortened(kept),
                    shortened(key),
                    first.line(),
                    first.source().file,
                    shortened(text),
                ),
                accepted: None,
            });
        }
        Some(kept)
    }

    /// Rows that say in every column what another row of their key says.
    fn find_repeated(&self, key_column: usize, faults: &mut FaultLog) {
        for index in 0..self.len() {
            let entries = self.entries(index);
            if entries.len() < 2 {
                continue;
            }
            let mut seen: FxHashMap<Vec<Option<&str>>, Row<'_>> = FxHashMap::default();
            for (key, _, row) in entries {
                match seen.entry((0..self.rows.columns()).map(|column| row.get(column)).collect()) {
                    Entry::Vacant(slot) => drop(slot.insert(*row)),
                    Entry::Occupied(earlier) => {
                        let (line, file) = (earlier.get().line(), &earlier.get().source().file);
                        let message = format!("says exactly what line {line} of `{file}` says; one is kept");
                        row.fault(faults, FaultKind::RepeatedRow, key_column, key, message);
                    }
                }
            }
        }
    }
}
