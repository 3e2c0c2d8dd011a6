use adit_snapshots::Source;

use super::uses::uses;
use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// An attribute that decides has no system of record, or several.
    ///
    /// ## What it finds
    /// An attribute that a condition, `guided by` or `describe by` speaks of, and for which not exactly one source of the snapshot is
    /// `authoritative_for`, or whose authoritative source has no `owner`. The ids, and what an entitlement is by definition
    /// (`application`, `attribute`, `value`), need none.
    ///
    /// ## Why it matters
    /// A membership rule is as good as the attribute it tests. When nobody answers for `department`, whoever can edit it in any of three
    /// systems can give themselves a role.
    ///
    /// ## Example
    /// ```adit
    /// include identities human where department == "Finance"
    /// ```
    /// with a `snapshot.toml` in which no source says `authoritative_for = ["department"]`.
    ///
    /// ## What to do
    /// Find out which system the value is kept in, name it in that source's `authoritative_for`, and name who answers for it. Or do not
    /// decide by this attribute.
    ///
    /// ## When to waive it
    /// While a system of record is being agreed on, with the date by which it will be.
    ///
    /// ## What it cannot see
    /// Whether the source is right, or whether the attribute can be edited elsewhere and flows back.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-01: identities and credentials are managed by the organisation.
    /// - NIST CSF 2.0 GV.RR-02: responsibilities are assigned and understood.
    /// - NIST SP 800-53 r5 PM-23: somebody governs the data.
    /// - ISO/IEC 27001:2022 A.5.16: the full life cycle of identities is managed.
    RULE = {
        code: "RM103", name: "no-system-of-record", family: Hygiene, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-01", "NIST CSF 2.0 GV.RR-02", "NIST SP 800-53 r5 PM-23", "ISO/IEC 27001:2022 A.5.16",
        ],
        aliases: ["RM-103"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for ((owner, attribute), uses) in uses(context.spec) {
        let (kind, table) = (owner.kind(), owner.table());
        let claims = |source: &&Source| source.table == table && source.authoritative_for.contains(&attribute);
        let sources: Vec<&Source> = context.snapshot.manifest.sources.iter().filter(claims).collect();
        let (message, help) = match sources.as_slice() {
            [one] if one.owner.is_some() => continue,
            [one] => (
                format!("nobody answers for source `{}`, the system of record for `{attribute}`", one.id),
                format!("name an `owner` for source `{}` in `snapshot.toml`", one.id),
            ),
            [] => (
                format!("`{attribute}` decides, but no source is its system of record"),
                format!(
                    "add `{attribute}` to `authoritative_for` of the one source it is kept in, or do not decide by it"
                ),
            ),
            several => (
                format!("`{attribute}` decides, but {} sources claim to be its system of record", several.len()),
                format!("leave `{attribute}` in `authoritative_for` of one source only"),
            ),
        };
        let mut finding = RULE
            .finding(Subject::Spec(kind, attribute.clone()), Phrase::new(message), help)
            .count("sources that claim it", sources.len() as u64, None)
            .evidences(sources.iter().map(|source| claimed(source)));
        for used in &uses {
            finding = finding.note(Phrase::new(format!("decides in {}", used.place)));
        }
        finding.span = uses.first().map(|used| used.span);
        found.push(finding);
    }
}

fn claimed(source: &Source) -> crate::Evidence {
    let owner = source.owner.as_ref().map_or_else(|| "no owner".to_owned(), |owner| format!("owner {owner}"));
    let system = if source.system.is_empty() { "system not named" } else { &source.system };
    crate::Evidence::Note(Phrase::new(format!("source `{}` ({}), {system}, {owner}", source.id, source.file)))
}
