use super::waiver_wording::name_of;
use crate::{Finding, Phrase, Severity, Subject, context::Context, rule::declare_rule, waivers::WaiverRecord};

declare_rule! {
    /// A waiver is past its last day.
    ///
    /// ## What it finds
    /// A waiver, or an `[[accept]]` of `snapshot.toml`, whose `expires` is before the day of the build. On that day itself it still holds. What it
    /// took stands again; where there is nothing left for it to take, this is a warning.
    ///
    /// ## Why it matters
    /// Whoever signed did so for a time. After it the risk is nobody's.
    ///
    /// ## Example
    /// `waiver W-012` expired on 2026-09-30; the payment run of the two-person branch has been unapproved since.
    ///
    /// ## What to do
    /// Remove the cause and then the waiver. If it is still needed, have it approved again, for a new time and with a reason that
    /// holds today.
    ///
    /// ## When to waive it
    /// Never: findings about waivers are not waived.
    ///
    /// ## What it cannot see
    /// Whether the reason held to the end.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CM-3: changes of configuration are controlled.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    RULE = {
        code: "RM708", name: "expired-waiver", family: Lifecycle, severity: Error, confidence: High, waivable: false,
        references: ["NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.5.18"],
        aliases: [], since: "0.1.0", check_waivers: check,
    }
}

fn check(context: &Context<'_>, record: &WaiverRecord, found: &mut Vec<Finding>) {
    for (waiver, used) in context.spec.waivers.iter().zip(&record.waivers).filter(|(_, used)| used.expired) {
        let finding = RULE
            .finding(
                Subject::Spec("waiver", waiver.id.clone()),
                Phrase::new(format!("waiver `{}` expired on {}", waiver.id, waiver.expires)),
                "remove the cause and the waiver, or have it approved again for a new time",
            )
            .at(waiver.span)
            .severity(severity(used.matched))
            .count("findings that stand again", used.matched, None);
        found.push(finding.note(Phrase::new(format!("its reason was: {}", waiver.because))));
    }
    let accepted = context.snapshot.manifest.accepted.iter().zip(&record.acceptances);
    for (accepted, used) in accepted.filter(|(_, used)| used.expired) {
        let name = name_of(accepted);
        let finding = RULE
            .finding(
                Subject::Spec("acceptance", name.clone()),
                Phrase::new(format!("the acceptance of `{name}` expired on {}", accepted.expires)),
                "correct the data and remove the `[[accept]]`, or have somebody answer for it for a new time",
            )
            .severity(severity(used.faults))
            .count("faults that nobody answers for", used.faults, None);
        found.push(finding.note(Phrase::new(format!("its reason was: {}", accepted.because))));
    }
}

/// One that would take nothing any more only wants tidying.
fn severity(takes: u64) -> Severity {
    if takes == 0 { Severity::Warning } else { Severity::Error }
}
