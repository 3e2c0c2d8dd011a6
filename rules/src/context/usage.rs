//! What is known of the use of access.

use std::collections::BTreeSet;

use adit_compiler::condition::observed_days;
use adit_snapshots::{EntitlementId, IdentityId, Snapshot, UsageRecord};
use jiff::civil::Date;

use crate::context::Context;

/// What was observed, and for how long.
#[derive(Debug)]
pub struct Use {
    /// Days before the extraction that every source of usage observed.
    pub days: i64,
    /// Applications of which some use was seen: of the others nobody can say that access was not used. Ascending.
    applications: BTreeSet<String>,
}

/// What was seen of one assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Used so often, last on that day where the source says.
    Used {
        /// How many times.
        count: u64,
        /// The last day.
        last: Option<Date>,
    },
    /// Observed, and not used.
    Unused,
    /// Not observed.
    Unknown,
}

impl Use {
    pub(super) fn of(snapshot: &Snapshot) -> Option<Self> {
        let usage = snapshot.usage.as_ref()?;
        let days = observed_days(snapshot, usage)?;
        let column = &snapshot.entitlements.application;
        let codes: BTreeSet<u32> =
            usage.rows.iter().filter_map(|record| column.codes.get(record.entitlement?.0 as usize).copied()).collect();
        let applications: BTreeSet<String> =
            codes.into_iter().filter_map(|code| column.values.get(code as usize).cloned()).collect();
        (!applications.is_empty()).then_some(Self { days, applications })
    }

    /// What was seen of an assignment. Use of an account as a whole may be use of anything it holds.
    #[must_use]
    pub fn of_assignment(&self, snapshot: &Snapshot, identity: IdentityId, entitlement: EntitlementId) -> Seen {
        if let Some(record) = record(snapshot, identity, Some(entitlement)) {
            return match record.count {
                0 if record.last.is_none() => Seen::Unused,
                count => Seen::Used { count: count.max(1), last: record.last },
            };
        }
        let [application, ..] = snapshot.entitlements.parts(entitlement);
        if self.applications.contains(application) && record(snapshot, identity, None).is_none() {
            Seen::Unused
        } else {
            Seen::Unknown
        }
    }
}

impl Context<'_> {
    /// The last day on which an identity is known to have used an entitlement. Use of an account as a whole does not say of what.
    #[must_use]
    pub fn last_use(&self, identity: IdentityId, entitlement: EntitlementId) -> Option<Date> {
        let record = record(self.snapshot, identity, Some(entitlement))?;
        record.last.or(record.first)
    }

    /// What an identity is known to have used since that day, with the last day, ascending.
    #[must_use]
    pub fn used_since(&self, identity: IdentityId, since: Date) -> Vec<(EntitlementId, Date)> {
        let rows = self.snapshot.usage.as_ref().map_or(&[][..], |usage| &usage.rows);
        let from = rows.partition_point(|row| row.identity < identity);
        let own = rows.iter().skip(from).take_while(|row| row.identity == identity);
        own.filter_map(|row| Some((row.entitlement?, row.last.or(row.first)?)))
            .filter(|&(_, last)| last >= since)
            .collect()
    }
}

fn record(snapshot: &Snapshot, identity: IdentityId, entitlement: Option<EntitlementId>) -> Option<&UsageRecord> {
    let rows = &snapshot.usage.as_ref()?.rows;
    let index = rows.binary_search_by_key(&(identity, entitlement), |row| (row.identity, row.entitlement)).ok()?;
    rows.get(index)
}
