//! Which field of a file's records is which column.

use std::collections::BTreeMap;

use super::scan::shortened;
use crate::{FaultKind, table::ColumnSpec};

/// A column a reader looks for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) required: bool,
}

impl From<&ColumnSpec> for Wanted {
    fn from(spec: &ColumnSpec) -> Self {
        Self { name: spec.name.to_owned(), aliases: spec.aliases, required: spec.required }
    }
}

/// Where the wanted columns are in a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    /// The field of each wanted column, in the order they were asked for.
    positions: Vec<Option<usize>>,
    /// Fields of the header.
    width: usize,
}

/// A header that does not hold what was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HeaderFault {
    pub(crate) kind: FaultKind,
    pub(crate) column: String,
    pub(crate) subject: String,
    pub(crate) message: String,
}

impl Layout {
    /// Finds the wanted columns: by the manifest's `columns`, else by name, else by alias, each field for one column.
    pub(crate) fn resolve(
        header: &[String],
        wanted: &[Wanted],
        columns: &BTreeMap<String, String>,
    ) -> (Self, Vec<HeaderFault>) {
        let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let mut layout = Self { positions: vec![None; wanted.len()], width: header.len() };
        let mut taken = vec![false; header.len()];
        let mut faults = Vec::new();
        let mut take = |position: &mut Option<usize>, name: &str, column: &Wanted, faults: &mut Vec<HeaderFault>| {
            let name = plain(name);
            let mut found = names.iter().enumerate().filter(|(_, candidate)| **candidate == name);
            let Some((index, _)) = found.next() else { return };
            match taken.get_mut(index) {
                Some(free) if !*free => *free = true,
                _ => return,
            }
            *position = Some(index);
            for (second, _) in found {
                if let Some(free) = taken.get_mut(second) {
                    *free = true;
                }
                faults.push(HeaderFault {
                    kind: FaultKind::DuplicateColumn,
                    column: column.name.clone(),
                    subject: name.clone(),
                    message: format!(
                        "expected one column `{name}`, found fields {} and {} of that name; the first is read",
                        index + 1,
                        second + 1
                    ),
                });
            }
        };
        for (position, column) in layout.positions.iter_mut().zip(wanted) {
            let name = columns.get(&column.name).unwrap_or(&column.name);
            take(position, name, column, &mut faults);
        }
        for (position, column) in layout.positions.iter_mut().zip(wanted) {
            for alias in column.aliases {
                if position.is_none() && !columns.contains_key(&column.name) {
                    take(position, alias, column, &mut faults);
                }
            }
        }
        for (_, column) in layout.positions.iter().zip(wanted).filter(|(position, _)| position.is_none()) {
            let mapped = columns.get(&column.name);
            if column.required || mapped.is_some() {
                faults.push(missing(header, column, mapped));
            }
        }
        (layout, faults)
    }

    /// The field of a wanted column, by its position among them.
    #[inline]
    pub(crate) fn field(&self, column: usize) -> Option<usize> {
        self.positions.get(column).copied().flatten()
    }

    pub(crate) fn has(&self, column: usize) -> bool {
        self.field(column).is_some()
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// How many columns were asked for.
    pub(crate) fn columns(&self) -> usize {
        self.positions.len()
    }
}

fn missing(header: &[String], column: &Wanted, mapped: Option<&String>) -> HeaderFault {
    let expected = match mapped {
        Some(name) => format!("`{name}`, which `columns` names for `{}`", column.name),
        None if column.aliases.is_empty() => format!("`{}`", column.name),
        None => format!("`{}` (or `{}`)", column.name, column.aliases.join("`, `")),
    };
    HeaderFault {
        kind: FaultKind::MissingColumn,
        column: column.name.clone(),
        subject: column.name.clone(),
        message: format!("expected a column {expected}, found {}", listed(header)),
    }
}

/// A header as people read it in a message.
pub(crate) fn listed(header: &[String]) -> String {
    if header.iter().all(|name| name.trim().is_empty()) {
        return "an empty file".to_owned();
    }
    let shown: Vec<String> = header.iter().take(20).map(|name| format!("`{}`", shortened(name.trim()))).collect();
    let more = header.len().saturating_sub(shown.len());
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// A column name without case, and with `_` for spaces, dots and hyphens.
pub(crate) fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-', '.'], "_")
}
