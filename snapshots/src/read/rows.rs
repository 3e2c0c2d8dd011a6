//! All rows of a table, from all of its sources, kept as text until every table they point at is known.

use super::{
    Context,
    faults::FaultLog,
    header::{Layout, Wanted},
    scan::{Job, Part, cut, scan, shortened},
};
use crate::{FaultKind, Place, ReadError, Source, table::Table};

/// The rows of a table.
pub(crate) struct Rows<'a> {
    table: Table,
    wanted: Vec<Wanted>,
    sources: Vec<SourceRows<'a>>,
}

/// The rows of one of its sources.
struct SourceRows<'a> {
    source: &'a Source,
    layout: Layout,
    parts: Vec<PartRows>,
    first_lines: Vec<u64>,
}

/// The fields of the rows of one part of a file, one after the other.
#[derive(Default)]
struct PartRows {
    index: usize,
    text: String,
    /// Where each field ends in `text`, row by row.
    ends: Vec<u32>,
    /// The line of each row, counted from the part's first.
    lines: Vec<u32>,
    /// The rows that end before the header does, ascending.
    short: Vec<usize>,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    rows: &'a Rows<'a>,
    source: &'a SourceRows<'a>,
    part: &'a PartRows,
    index: usize,
}

/// Reads every source of a table.
pub(crate) fn gather<'a>(
    context: Context<'a>,
    table: Table,
    wanted: Vec<Wanted>,
    faults: &mut FaultLog,
) -> Result<Rows<'a>, ReadError> {
    let mut sources = Vec::new();
    for source in context.sources(table) {
        let job = Job { table, source, wanted: &wanted };
        let Some(scanned) = scan(context.input, job, faults, Vec::new, keep)? else { continue };
        let mut parts: Vec<PartRows> = scanned.states.into_iter().flatten().collect();
        parts.sort_unstable_by_key(|part| part.index);
        sources.push(SourceRows { source, layout: scanned.layout, parts, first_lines: scanned.first_lines });
    }
    Ok(Rows { table, wanted, sources })
}

/// Reads every source of a table whose columns mean the same in every snapshot.
pub(crate) fn gather_fixed<'a>(
    context: Context<'a>,
    table: Table,
    faults: &mut FaultLog,
) -> Result<Rows<'a>, ReadError> {
    gather(context, table, table.columns().iter().map(Wanted::from).collect(), faults)
}

fn keep(parts: &mut Vec<PartRows>, part: &mut Part<'_>) {
    let mut rows = PartRows { index: part.index, ..PartRows::default() };
    let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    while part.next() {
        if part.is_short() {
            rows.short.push(rows.lines.len());
        }
        rows.lines.push(short(part.line()));
        for column in 0..part.layout.columns() {
            rows.text.push_str(part.get(column).unwrap_or(""));
            rows.ends.push(short(rows.text.len() as u64));
        }
    }
    rows.text.shrink_to_fit();
    parts.push(rows);
}

impl Rows<'_> {
    /// Every row, in the order of the sources and of their files.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.sources.iter().flat_map(move |source| {
            source
                .parts
                .iter()
                .flat_map(move |part| (0..part.lines.len()).map(move |index| Row { rows: self, source, part, index }))
        })
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.sources.iter().flat_map(|source| &source.parts).map(|part| part.lines.len()).sum()
    }

    /// Whether any source has the column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.sources.iter().any(|source| source.layout.has(column))
    }

    /// Whether any source could be read.
    pub(crate) fn any_source(&self) -> bool {
        !self.sources.is_empty()
    }

    /// Reports every source that has none of these columns, and so says nothing.
    pub(crate) fn expect_one_of(&self, columns: &[usize], faults: &mut FaultLog) {
        let names: Vec<&str> = columns.iter().map(|&column| self.column_name(column)).collect();
        for source in self.sources.iter().filter(|source| !columns.iter().any(|&column| source.layout.has(column))) {
            let first = names.first().copied().unwrap_or_default();
            let file = source.source.file.clone();
            let place = Place { table: self.table.name().to_owned(), file, row: None, column: Some(first.to_owned()) };
            let message = format!("expected a column `{}`, found none of them", names.join("` or `"));
            faults.push(FaultKind::MissingColumn, place, first, message);
        }
    }

    /// The position of a column among those asked for.
    pub(crate) fn column_name(&self, column: usize) -> &str {
        self.wanted.get(column).map_or("", |wanted| &wanted.name)
    }

    /// How many columns were asked for.
    pub(crate) fn columns(&self) -> usize {
        self.wanted.len()
    }
}

impl<'a> Row<'a> {
    /// A field; `None` where it is empty or the file has no such column.
    pub(crate) fn get(&self, column: usize) -> Option<&'a str> {
        let columns = self.rows.wanted.len();
        let end = |field: usize| self.part.ends.get(field).map(|&end| end as usize);
        let field = self.index * columns + column;
        let start = if field == 0 { 0 } else { end(field - 1)? };
        self.part.text.get(start..end(field)?).filter(|text| !text.is_empty())
    }

    /// Whether the row's file has the column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.source.layout.has(column)
    }

    /// The source the row is of.
    pub(crate) fn source(&self) -> &'a Source {
        self.source.source
    }

    /// The line the row starts on, counted from 1 with the header.
    pub(crate) fn line(&self) -> u64 {
        let first = self.source.first_lines.get(self.part.index).copied().unwrap_or(1);
        first + self.part.lines.get(self.index).map_or(0, |&line| u64::from(line))
    }

    /// The place of a field, for faults.
    pub(crate) fn place(&self, column: Option<usize>) -> Place {
        Place {
            table: self.rows.table.name().to_owned(),
            file: self.source.source.file.clone(),
            row: Some(self.line()),
            column: column.map(|column| self.rows.column_name(column).to_owned()),
        }
    }

    /// Records a fault of a field.
    pub(crate) fn fault(&self, faults: &mut FaultLog, kind: FaultKind, column: usize, subject: &str, message: String) {
        faults.push(kind, self.place(Some(column)), cut(subject), message);
    }

    /// A key; an empty one is a fault, unless the row ends before it: that is one already.
    pub(crate) fn key(&self, faults: &mut FaultLog, column: usize) -> Option<&'a str> {
        let key = self.get(column);
        if key.is_none() && self.part.short.binary_search(&self.index).is_err() {
            let message = format!("expected a value for `{}`, found an empty field", self.rows.column_name(column));
            self.fault(faults, FaultKind::EmptyKey, column, "", message);
        }
        key
    }

    /// A typed value; one that is not of its type is a fault.
    pub(crate) fn parse<T>(
        &self,
        faults: &mut FaultLog,
        column: usize,
        parse: fn(&str) -> Result<Option<T>, super::values::Wrong>,
    ) -> Option<T> {
        let text = self.get(column)?;
        parse(text).unwrap_or_else(|wrong| {
            self.fault(faults, wrong.kind, column, text, wrong.message(&shortened(text)));
            None
        })
    }
}
