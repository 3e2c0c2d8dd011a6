use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A source is older than it may be.
    ///
    /// ## What it finds
    /// A source of the snapshot that was extracted more days before the day of the build than its `max_age_days` in `snapshot.toml` allows. A source
    /// without `max_age_days` may be of any age.
    ///
    /// ## Why it matters
    /// A feed that died looks like a company in which nobody joins and nobody leaves. Reviews of it confirm access of people who are gone.
    ///
    /// ## Example
    /// ```toml
    /// [[source]]
    /// id = "hr"
    /// table = "identities"
    /// extracted = 2026-05-02
    /// max_age_days = 7
    /// ```
    ///
    /// ## What to do
    /// Find out why it was not extracted, and extract it.
    ///
    /// ## When to waive it
    /// For a system that is switched off and whose last extract is kept for the record.
    ///
    /// ## What it cannot see
    /// The age of a source that does not state `max_age_days`, and a feed that delivers the same rows every day.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    RULE = {
        code: "RM110", name: "stale-source", family: Hygiene, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-05",
        ],
        aliases: ["RM-110"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let manifest = &context.snapshot.manifest;
    for source in &manifest.sources {
        let Some(allowed) = source.max_age_days else { continue };
        let extracted = source.extracted.unwrap_or(manifest.extracted);
        let days = extracted.until(context.compilation.as_of).map_or(0, |span| i64::from(span.get_days()));
        if days <= i64::from(allowed) {
            continue;
        }
        let message = format!("source `{}` was extracted on {extracted}, {days} days ago", source.id);
        let finding = RULE.finding(
            Subject::Source(source.id.clone()),
            Phrase::new(message),
            "extract it again; or, if it may be older, raise its `max_age_days` in `snapshot.toml`",
        );
        found.push(finding.count("days it may be old", allowed.into(), None));
    }
}
