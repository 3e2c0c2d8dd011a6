//! `unused for 90d`: decided only where use was observed for that long.

use adit_grammar::Span;
use adit_snapshots::{Snapshot, Usage, UsageRecord};
use jiff::civil::Date;

use super::Bits;
use crate::select_error::SelectError;

/// Identities that used nothing on any of the last `days` days before the extraction.
pub(super) fn unused_identities(snapshot: &Snapshot, days: u32, span: Span) -> Result<Bits, SelectError> {
    let window = Window::new(snapshot, days, span)?;
    let mut used = Bits::none(snapshot.identities.len());
    window.records().for_each(|record| used.insert(record.identity.0 as usize));
    used.negate();
    Ok(used)
}

/// Entitlements that nobody used.
pub(super) fn unused_entitlements(snapshot: &Snapshot, days: u32, span: Span) -> Result<Bits, SelectError> {
    let window = Window::new(snapshot, days, span)?;
    window.by_entitlement(span)?;
    let mut used = Bits::none(snapshot.entitlements.len());
    for record in window.records() {
        match record.entitlement {
            Some(entitlement) => used.insert(entitlement.0 as usize),
            // Use of a system as a whole may be use of anything its user holds.
            None => {
                snapshot.assignments.held(record.identity).iter().for_each(|held| used.insert(held.0 as usize));
            }
        }
    }
    used.negate();
    Ok(used)
}

/// Assignments whose identity did not use their entitlement.
pub(super) fn unused_assignments(snapshot: &Snapshot, days: u32, span: Span) -> Result<Bits, SelectError> {
    let window = Window::new(snapshot, days, span)?;
    window.by_entitlement(span)?;
    let assignments = &snapshot.assignments;
    let mut used = Bits::none(assignments.len());
    for record in window.records() {
        match record.entitlement {
            Some(entitlement) => {
                if let Some(assignment) = assignments.find(record.identity, entitlement) {
                    used.insert(assignment);
                }
            }
            None => assignments.of(record.identity).for_each(|assignment| used.insert(assignment)),
        }
    }
    used.negate();
    Ok(used)
}

/// The last days before the extraction, all of them observed.
struct Window<'a> {
    usage: &'a Usage,
    first: Date,
}

impl<'a> Window<'a> {
    fn new(snapshot: &'a Snapshot, days: u32, span: Span) -> Result<Self, SelectError> {
        let undecidable =
            |message: String, help: &str| SelectError::NotDecidable { message, help: help.to_owned(), span };
        let usage = snapshot.usage.as_ref().ok_or_else(|| {
            undecidable(
                format!("`unused for {days}d` cannot be decided: this snapshot has no usage table"),
                "add a `usage` source to snapshot.toml, or take the condition out",
            )
        })?;
        let extracted = snapshot.manifest.extracted;
        let window = jiff::Span::new().try_days(days).and_then(|days| extracted.checked_sub(days));
        let first = window.map_err(|_| {
            undecidable(format!("`unused for {days}d` goes back before the calendar begins"), "ask for fewer days")
        })?;
        let observed = observed_days(snapshot, usage).ok_or_else(|| {
            undecidable(
                format!("`unused for {days}d` cannot be decided: nothing says since when use was observed"),
                "give the usage source an `observed_from` in snapshot.toml, or its rows a `window_days`",
            )
        })?;
        if observed < i64::from(days) {
            return Err(undecidable(
                format!("`unused for {days}d` cannot be decided: use was observed for {observed} days only"),
                "ask for no more days than were observed, or extract a longer window",
            ));
        }
        Ok(Self { usage, first })
    }

    /// Records of use within the window. A record without a last day is use at an unknown time: it counts, as otherwise access
    /// in use would pass for unused.
    fn records(&self) -> impl Iterator<Item = &'a UsageRecord> + use<'a> {
        let first = self.first;
        self.usage.rows.iter().filter(move |record| match record.last {
            Some(last) => last >= first,
            None => record.count > 0,
        })
    }

    fn by_entitlement(&self, span: Span) -> Result<(), SelectError> {
        if self.usage.rows.iter().any(|record| record.entitlement.is_some()) {
            return Ok(());
        }
        Err(SelectError::NotDecidable {
            message: "use of an entitlement cannot be decided: the usage table tells only that systems were used"
                .to_owned(),
            help: "extract usage by entitlement, or put the condition on a line about identities".to_owned(),
            span,
        })
    }
}

/// How many days before the extraction were observed by every source of usage; none where nothing says so.
#[must_use]
pub fn observed_days(snapshot: &Snapshot, usage: &Usage) -> Option<i64> {
    let extracted = snapshot.manifest.extracted;
    let mut sources = snapshot.manifest.sources.iter().filter(|source| source.table == "usage").peekable();
    let by_source = if sources.peek().is_some() {
        sources
            .map(|source| source.observed_from.map(|from| days_between(from, extracted)))
            .collect::<Option<Vec<_>>>()
            .and_then(|days| days.into_iter().min())
    } else {
        None
    };
    by_source.or_else(|| {
        let days: Option<Vec<i64>> = usage.rows.iter().map(|record| record.window_days.map(i64::from)).collect();
        days.and_then(|days| days.into_iter().min())
    })
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
