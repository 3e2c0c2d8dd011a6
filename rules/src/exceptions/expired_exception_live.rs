use adit_snapshots::{EntitlementId, IdentityId};
use jiff::civil::Date;

use super::{
    basis::{Basis, Ends, resting_on_exceptions},
    support::{brought, by_entitlement, supported, traced},
};
use crate::{Confidence, Evidence, Finding, Node, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// An exception is over, and the access it allowed is still there.
    ///
    /// ## What it finds
    /// An assignment that rests on an exception whose last day is past, or that its source itself gives an end that is past. The last day
    /// still counts. Where the access also comes some other way (through a group, by a rule), the exception is not what keeps it,
    /// and nothing is reported. Of several exceptions for the same access, the one that ends last decides.
    ///
    /// If the exception had ended before the assignments were extracted, the snapshot itself shows the access outliving it: an error. If it
    /// ended between the extraction and the day of the build, the access may have gone in the meantime: a warning of medium confidence.
    ///
    /// Where the access was mined all the same, it is traced to each role that it helps to the entitlement. Where the exception put its holder into
    /// a group (its source gives a way through that group which is an exception), the finding names what else the group brings, and traces that too.
    ///
    /// ## Why it matters
    /// The approval was for a time. After it, nobody has approved the access; it is exactly what an attacker or a leaver makes use of, and
    /// what the next mining run takes for normal.
    ///
    /// ## Example
    /// ```csv
    /// exception_id,identity_id,entitlement_id,reason,approver_id,expires_at
    /// EXC-14,u-1002,sap:XK01,maternity cover,u-0400,2025-07-10
    /// ```
    /// The colleague came back in July 2025. In October 2026, `u-1002` still creates vendors.
    ///
    /// ## What to do
    /// Remove the access. If it is needed after all, have the exception renewed by someone who may, with a new end.
    ///
    /// ## When to waive it
    /// While the removal is scheduled, until its date.
    ///
    /// ## What it cannot see
    /// Exceptions that nobody recorded and whose end no source gives. For exceptions without an end see RM603.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2(2): temporary and emergency accounts are removed or disabled after a set time.
    /// - NIST SP 800-53 r5 AC-2(3): accounts are disabled when they have expired.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned, reviewed, modified and removed by policy.
    /// - OWASP NHI7:2025: long-lived secrets outlive what they were made for.
    RULE = {
        code: "RM602", name: "expired-exception-live", family: Exceptions, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-2(2)",
            "NIST SP 800-53 r5 AC-2(3)",
            "ISO/IEC 27001:2022 A.5.18",
            "OWASP NHI7:2025",
        ],
        aliases: ["expired-exception"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let extracted = context.extracted("assignments");
    let supported = supported(context);
    let supports = by_entitlement(&supported);
    let resting = resting_on_exceptions(context.snapshot, Ends::Always);
    for (&(entitlement, identity), &basis) in &resting {
        let (subject, ended, end) = match basis {
            // What a group brings beside goes with the exception that put its holder there.
            Basis::Member(_) => continue,
            Basis::Recorded(index) => {
                let Some(exception) = context.snapshot.exceptions.get(index) else { continue };
                let named = Phrase::new("exception ").node(Node::Exception(exception.id.clone()));
                (Subject::Exception(exception.id.clone()), named.text(" ended on "), exception.expires_at)
            }
            Basis::Unrecorded(end) => {
                (Subject::Assignment(identity, entitlement), Phrase::new("access was to end on "), end)
            }
        };
        let Some(end) = end.filter(|&end| end < extracted || end < context.compilation.as_of) else { continue };
        let ended = ended.text(format!("{end}, and "));
        let finding = finding(context, subject, ended, (identity, entitlement), end, extracted);
        let finding = finding.evidences(traced(context, &supports, identity, entitlement));
        found.push(finding.evidences(brought(context, &resting, &supports, identity, entitlement)));
    }
}

fn finding(
    context: &Context<'_>,
    subject: Subject,
    ended: Phrase,
    (identity, entitlement): (IdentityId, EntitlementId),
    end: Date,
    extracted: Date,
) -> Finding {
    let was_live = end < extracted;
    let (has, since) =
        if was_live { (" still holds ", extracted) } else { (" may still hold ", context.compilation.as_of) };
    let finding = RULE
        .finding(
            subject,
            ended.identity(identity).text(has).entitlement(entitlement),
            "remove the access, or have the exception renewed with a new end by someone who may",
        )
        .count("days since its end", days(end, since), None)
        .note(Phrase::new(format!("the assignments were extracted on {extracted}")));
    let finding = finding.evidences(context.graph.path_today(identity, &[entitlement]).map(Evidence::Path));
    let used = context.last_use(identity, entitlement);
    let finding =
        finding.evidences(used.map(|last| Evidence::Note(Phrase::new(format!("it was last used on {last}")))));
    let finding = if was_live { finding } else { finding.severity(Severity::Warning).confidence(Confidence::Medium) };
    finding.rests_on_lineage(context)
}

fn days(from: Date, to: Date) -> u64 {
    from.until(to).map_or(0, |span| u64::try_from(span.get_days()).unwrap_or(0))
}
