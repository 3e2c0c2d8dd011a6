//! Faults as they are met: counted exactly, kept up to a limit, accepted where the manifest says so.

use std::collections::BTreeMap;

use crate::{Acceptance, Fault, FaultKind, Place};

/// Faults kept of one kind in one table; the rest are counted.
const KEPT: usize = 1_000;

/// Every fault of a snapshot.
#[derive(Debug, Default)]
pub(crate) struct FaultLog {
    tallies: BTreeMap<(String, FaultKind), Tally>,
}

#[derive(Debug, Default)]
struct Tally {
    kept: Vec<Fault>,
    count: u64,
}

/// A fault of a row, placed within its part of the file.
#[derive(Debug)]
pub(crate) struct RowFault {
    pub(crate) kind: FaultKind,
    /// Counted from the part's first line.
    pub(crate) line: u64,
    pub(crate) column: Option<String>,
    pub(crate) subject: String,
    pub(crate) message: String,
}

/// The faults of one part of a file, in the order of its rows.
#[derive(Debug, Default)]
pub(crate) struct PartFaults {
    kept: Vec<RowFault>,
    counts: BTreeMap<FaultKind, usize>,
}

impl PartFaults {
    /// Records a fault; its texts are made only while they are kept.
    pub(crate) fn push(&mut self, kind: FaultKind, fault: impl FnOnce() -> RowFault) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= KEPT {
            self.kept.push(fault());
        }
    }
}

impl FaultLog {
    pub(crate) fn push(&mut self, kind: FaultKind, place: Place, subject: impl Into<String>, message: String) {
        let tally = self.tallies.entry((place.table.clone(), kind)).or_default();
        tally.count += 1;
        if tally.kept.len() < KEPT {
            tally.kept.push(Fault { place, kind, subject: subject.into(), message, accepted: None });
        }
    }

    /// Takes faults that were found apart.
    pub(crate) fn take(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.push(fault.kind, fault.place, fault.subject, fault.message);
        }
    }

    /// Takes the faults of a part that begins on line `first` of `file`.
    pub(crate) fn take_part(&mut self, table: &str, file: &str, first: u64, part: PartFaults) {
        let mut more = part.counts;
        for fault in part.kept {
            if let Some(count) = more.get_mut(&fault.kind) {
                *count -= 1;
            }
            let row = Some(first + fault.line);
            let place = Place { table: table.to_owned(), file: file.to_owned(), row, column: fault.column };
            self.push(fault.kind, place, fault.subject, fault.message);
        }
        for (kind, count) in more {
            self.tallies.entry((table.to_owned(), kind)).or_default().count += count as u64;
        }
    }

    /// Takes the faults of another log, after those that are here.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (key, tally) in other.tallies {
            let mine = self.tallies.entry(key).or_default();
            let room = KEPT.saturating_sub(mine.kept.len());
            mine.count += tally.count;
            mine.kept.extend(tally.kept.into_iter().take(room));
        }
    }

    /// Every fault, sorted, each kind that was not kept whole with one that counts the rest.
    pub(crate) fn finish(self, acceptances: &[Acceptance]) -> Vec<Fault> {
        let mut counted: Vec<(Fault, u64)> = Vec::new();
        for ((table, kind), tally) in self.tallies {
            let dropped = tally.count - tally.kept.len() as u64;
            counted.extend(tally.kept.into_iter().map(|fault| (fault, 1)));
            if dropped > 0 {
                let place = Place { table, file: String::new(), row: None, column: None };
                let message = format!("{dropped} more like these, {} in all", tally.count);
                counted.push((Fault { place, kind, subject: String::new(), message, accepted: None }, dropped));
            }
        }
        counted.sort();
        accept(&mut counted, acceptances);
        counted.into_iter().map(|(fault, _)| fault).collect()
    }
}

/// Marks what an entry of `[[accept]]` takes; where several do, the one that holds longest.
fn accept(faults: &mut [(Fault, u64)], acceptances: &[Acceptance]) {
    let mut entries: Vec<(usize, &Acceptance)> = acceptances.iter().enumerate().collect();
    entries.sort_by_key(|(index, entry)| (std::cmp::Reverse(entry.expires), *index));
    for (index, entry) in entries {
        let count: u64 = faults.iter().filter(|(fault, _)| takes(entry, fault)).map(|(_, count)| count).sum();
        if entry.at_most.is_some_and(|limit| count > limit) {
            continue;
        }
        for (fault, _) in faults.iter_mut().filter(|(fault, _)| fault.accepted.is_none() && takes(entry, fault)) {
            fault.accepted = Some(index);
        }
    }
}

fn takes(entry: &Acceptance, fault: &Fault) -> bool {
    entry.fault == fault.kind.name()
        && entry.table.as_ref().is_none_or(|table| *table == fault.place.table)
        && entry.subjects.as_ref().is_none_or(|subjects| subjects.contains(&fault.subject))
}
