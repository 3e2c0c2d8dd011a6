use super::waiver_wording::name_of;
use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule, waivers::WaiverRecord};

declare_rule! {
    /// A waiver ends soon.
    ///
    /// ## What it finds
    /// A waiver that takes a finding, or an `[[accept]]` of `snapshot.toml` that takes a fault, whose last day is fewer than 30 days after the day of the build;
    /// `expiring_days` in `[waivers]` of `adit.toml` says how many. One that takes nothing is reported for that (RM707).
    ///
    /// ## Why it matters
    /// The day after, the build fails. An approval takes longer than that.
    ///
    /// ## Example
    /// `waiver W-012` takes the payment run of the two-person branch until 2026-09-30, and today is 2026-09-12.
    ///
    /// ## What to do
    /// Remove the cause before the last day; or ask for an approval for a new time now, with a reason that holds today.
    ///
    /// ## When to waive it
    /// Never: findings about waivers are not waived.
    ///
    /// ## What it cannot see
    /// Whether somebody is about to renew it.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CM-3: changes of configuration are controlled.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    RULE = {
        code: "RM710", name: "expiring-waiver", family: Lifecycle, severity: Warning, confidence: High, waivable: false,
        references: ["NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.5.18"],
        aliases: [], since: "0.1.0", check_waivers: check,
    }
}

fn check(context: &Context<'_>, record: &WaiverRecord, found: &mut Vec<Finding>) {
    let as_of = context.compilation.as_of;
    let ends = |last: jiff::civil::Date| match last.duration_since(as_of).as_hours() / 24 {
        0 => "ends today".to_owned(),
        1 => format!("ends tomorrow, on {last}"),
        days => format!("ends in {days} days, on {last}"),
    };
    let waivers = context.spec.waivers.iter().zip(&record.waivers);
    for (waiver, used) in waivers.filter(|(_, used)| used.expiring && used.took > 0) {
        let finding = RULE
            .finding(
                Subject::Spec("waiver", waiver.id.clone()),
                Phrase::new(format!("waiver `{}` {}", waiver.id, ends(waiver.expires))),
                "remove the cause before that day, or have it approved again for a new time",
            )
            .at(waiver.span)
            .count("findings that will stand again", used.took, None);
        found.push(finding.note(Phrase::new(format!("its reason is: {}", waiver.because))));
    }
    let accepted = context.snapshot.manifest.accepted.iter().zip(&record.acceptances);
    for (accepted, used) in accepted.filter(|(_, used)| used.expiring && used.faults > 0) {
        let name = name_of(accepted);
        let finding = RULE
            .finding(
                Subject::Spec("acceptance", name.clone()),
                Phrase::new(format!("the acceptance of `{name}` {}", ends(accepted.expires))),
                "correct the data before that day, or have somebody answer for it for a new time",
            )
            .count("faults that nobody will answer for", used.faults, None);
        found.push(finding.note(Phrase::new(format!("its reason is: {}", accepted.because))));
    }
}
