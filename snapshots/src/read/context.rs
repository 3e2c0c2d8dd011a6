//! What every reader of a table needs: the input, the manifest, and the ids of the tables read before.

use std::borrow::Cow;

use super::{
    faults::FaultLog,
    intern::Interner,
    rows::Row,
    scan::{Input, shortened},
};
use crate::{FaultKind, Manifest, Source, table::Table};

/// The input and its manifest.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) input: Input<'a>,
    pub(crate) manifest: &'a Manifest,
}

impl<'a> Context<'a> {
    /// The sources of a table that have a file, in the order of the manifest.
    pub(crate) fn sources(self, table: Table) -> impl Iterator<Item = &'a Source> {
        self.manifest.sources.iter().filter(move |source| source.table == table.name() && !source.file.is_empty())
    }

    pub(crate) fn has(self, table: Table) -> bool {
        self.sources(table).next().is_some()
    }
}

/// The ids of a table: what a reference may name.
pub(crate) struct Ids {
    /// In one word, for messages: `identity`.
    what: &'static str,
    index: Interner,
}

impl Ids {
    /// `ids` ascend, so that the number of each is its rank.
    pub(crate) fn new<'a>(what: &'static str, ids: impl ExactSizeIterator<Item = &'a str>) -> Self {
        Self { what, index: Interner::of(ids) }
    }

    /// The rank of an id.
    #[inline]
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.index.find(id)
    }

    /// The rank of each id, [`super::intern::NONE`] where it is not here.
    pub(crate) fn find_all(&self, ids: &[Cow<'_, str>], found: &mut Vec<u32>) {
        self.index.find_all(ids, found);
    }

    /// What is wrong with a reference to an id that is not here.
    pub(crate) fn dangling(&self, id: &str) -> (FaultKind, String) {
        let (what, shown) = (self.what, shortened(id));
        if let Some(padded) = self.padded(id) {
            let message =
                format!("expected a known {what}, found `{shown}`; `{padded}` is known: were leading zeros lost?");
            return (FaultKind::SpreadsheetDamage, message);
        }
        let close = [id.trim().to_owned(), id.to_lowercase(), id.to_uppercase()];
        let hint = close.iter().find(|close| close.as_str() != id && self.find(close).is_some());
        let hint = hint.map(|close| format!("; `{}` is known", shortened(close))).unwrap_or_default();
        (FaultKind::DanglingReference, format!("expected a known {what}, found `{shown}`, which no row defines{hint}"))
    }

    /// The rank of the id a row names in a column; none, and a fault, where it names nothing known.
    pub(crate) fn resolve(&self, row: &Row<'_>, column: usize, faults: &mut FaultLog) -> Option<u32> {
        let id = row.get(column)?;
        let found = self.find(id);
        if found.is_none() {
            let (kind, message) = self.dangling(id);
            row.fault(faults, kind, column, id, message);
        }
        found
    }

    /// A known id that is this number with its leading zeros.
    fn padded(&self, id: &str) -> Option<String> {
        const LONGEST: usize = 20;
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        (id.len() + 1..=LONGEST).map(|width| format!("{id:0>width$}")).find(|padded| self.find(padded).is_some())
    }
}
