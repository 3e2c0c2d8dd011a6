use adit_snapshots::{FaultKind, Source};

use super::faults;
use crate::{Finding, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// The data moves while it is being analysed.
    ///
    /// ## What it finds
    /// Data that is not that of `adit.lock`, table by table; data that is not what the `digest` in `snapshot.toml` says, where somebody
    /// accepted that; and, as a warning, sources of a snapshot that were extracted more than a day before or after the snapshot's own day.
    ///
    /// ## Why it matters
    /// People sign for what was found in certain data. Where the data is another at every look, nobody can say what they signed for.
    /// And tables from different days do not fit: whoever changed jobs in between has the title of one day and the access of another.
    ///
    /// ## Example
    /// ```toml
    /// extracted = 2026-11-20
    ///
    /// [[source]]
    /// id = "hr"
    /// table = "identities"
    /// file = "people.csv"
    /// extracted = 2026-11-13        # a week before the access was read
    /// ```
    ///
    /// ## What to do
    /// Extract all tables on one day, freeze them, and keep `adit.lock` in version control. Data that is meant to be new is accepted with
    /// `adit build --update-lock`; roles that it changes are then signed anew.
    ///
    /// ## When to waive it
    /// For a source that its system delivers only weekly, per source and with the reason.
    ///
    /// ## What it cannot see
    /// Anything, where there is no lock yet; and times within a day.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.PS-01: configuration management practices are established and applied.
    /// - NIST SP 800-53 r5 CM-3: changes are reviewed and approved before they take effect.
    /// - NIST SP 800-53 r5 AU-10: there is evidence of who did what, which nobody can deny.
    /// - ISO/IEC 27001:2022 A.8.32: changes are subject to change management.
    RULE = {
        code: "RM105", name: "unfrozen-snapshot", family: Hygiene, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.PS-01", "NIST SP 800-53 r5 CM-3", "NIST SP 800-53 r5 AU-10", "ISO/IEC 27001:2022 A.8.32",
        ],
        aliases: ["RM-105"], since: "0.1.0", check: check,
    }
}

/// Days between extractions that are no matter: an extraction may go past midnight.
const TOLERATED: i32 = 1;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    found.extend(unlocked(context));
    for fault in faults::of_kind(context.snapshot, FaultKind::DigestMismatch) {
        let message = Phrase::new("the data is not what the `digest` in `snapshot.toml` says");
        let finding = RULE.finding(
            Subject::Spec("snapshot", "snapshot.toml".to_owned()),
            message,
            "find out what changed, then state the new digest or take the frozen data back",
        );
        found.push(finding.note(Phrase::new(fault.message.clone())).accepted(fault.accepted));
    }
    found.extend(context.snapshot.manifest.sources.iter().filter_map(|source| lagging(context, source)));
}

/// Data that is not what the project is locked on.
fn unlocked(context: &Context<'_>) -> Option<Finding> {
    let (locked, data) = (context.record.locked.as_ref()?, &context.snapshot.digest);
    if locked.whole == data.whole {
        return None;
    }
    let finding = RULE.finding(
        Subject::Spec("lock", "adit.lock".to_owned()),
        Phrase::new("the data is not that of `adit.lock`"),
        "take the locked data back, or accept this data with `adit build --update-lock`",
    );
    let gone = locked.tables.keys().filter(|name| !data.tables.contains_key(*name)).map(|name| (name, "is gone"));
    let other = data.tables.iter().filter_map(|(name, digest)| match locked.tables.get(name) {
        Some(known) if known == digest => None,
        Some(_) => Some((name, "has other content")),
        None => Some((name, "is new")),
    });
    let mut differences: Vec<_> = gone.chain(other).collect();
    differences.sort_unstable();
    Some(
        differences
            .into_iter()
            .fold(finding, |finding, (name, what)| finding.note(Phrase::new(format!("table `{name}` {what}")))),
    )
}

/// A source from another day than the snapshot.
fn lagging(context: &Context<'_>, source: &Source) -> Option<Finding> {
    let day = context.snapshot.manifest.extracted;
    let extracted = source.extracted?;
    let days = extracted.until(day).ok()?.get_days();
    if days.abs() <= TOLERATED {
        return None;
    }
    let (apart, order) = (u64::from(days.unsigned_abs()), if days > 0 { "before" } else { "after" });
    let message = Phrase::new(format!(
        "source `{}` was extracted on {extracted}, {apart} days {order} the snapshot's own day, {day}",
        source.id
    ));
    let finding = RULE.finding(
        Subject::Source(source.id.clone()),
        message,
        "extract all sources on one day, or correct `extracted` in `snapshot.toml`",
    );
    Some(finding.severity(Severity::Warning).count("days apart", apart, None))
}
