use super::waiver_wording::{name_of, on};
use crate::{
    Finding, Phrase, Subject,
    context::Context,
    rule::{self, declare_rule},
    waivers::WaiverRecord,
};

declare_rule! {
    /// A waiver that nobody needs.
    ///
    /// ## What it finds
    /// A waiver that is on no finding of this build, and an `[[accept]]` of `snapshot.toml` that no fault of the data is about. One that
    /// has expired or has no effect for another reason is reported for that (RM708, RM709).
    ///
    /// ## Why it matters
    /// A waiver that is left lying about is there for the next finding of its kind: the same conflict, years later, by the same person, is
    /// then taken before anybody has seen it.
    ///
    /// ## Example
    /// ```adit
    /// waiver W-009 {
    ///   rule  orphan-account
    ///   on    account "sap:TMP04"     // disabled in March
    ///   …
    /// }
    /// ```
    ///
    /// ## What to do
    /// Remove it. If it should have been on something, compare its `rule` and each entry of `on` with the finding: all of them must
    /// be met.
    ///
    /// ## When to waive it
    /// Never: findings about waivers are not waived.
    ///
    /// ## What it cannot see
    /// A waiver that is on a finding which nobody would mind any more.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CM-3: changes of configuration are controlled.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    RULE = {
        code: "RM707", name: "unused-waiver", family: Lifecycle, severity: Warning, confidence: High, waivable: false,
        references: ["NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.5.18"],
        aliases: [], since: "0.1.0", check_waivers: check,
    }
}

fn check(context: &Context<'_>, record: &WaiverRecord, found: &mut Vec<Finding>) {
    for (waiver, used) in context.spec.waivers.iter().zip(&record.waivers) {
        if used.matched > 0 || used.expired || !used.refusals.is_empty() {
            continue;
        }
        let rule = rule::find(&waiver.rule).map_or("", |rule| rule.code);
        let mut finding = RULE
            .finding(
                Subject::Spec("waiver", waiver.id.clone()),
                Phrase::new(format!("waiver `{}` is on no finding of `{}`", waiver.id, waiver.rule)),
                "remove it, or correct what it is on",
            )
            .at(waiver.span)
            .note(Phrase::new(format!("its rule is {rule}; it runs until {}", waiver.expires)));
        for (kind, name) in &waiver.on {
            finding = finding.note(on(kind, name));
        }
        found.push(finding);
    }
    for (accepted, used) in context.snapshot.manifest.accepted.iter().zip(&record.acceptances) {
        if used.faults > 0 || used.expired {
            continue;
        }
        let finding = RULE.finding(
            Subject::Spec("acceptance", name_of(accepted)),
            Phrase::new(format!("the acceptance of `{}` is about no fault of the data", name_of(accepted))),
            "remove the `[[accept]]` from `snapshot.toml`",
        );
        found.push(finding.note(Phrase::new(format!("it runs until {}: {}", accepted.expires, accepted.because))));
    }
}
