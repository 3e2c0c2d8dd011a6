use adit_compiler::spec::Waiver;

use super::waiver_wording::on;
use crate::{
    Finding, Node, Phrase, Subject,
    context::Context,
    rule::{self, declare_rule},
    waivers::{Refusal, WaiverRecord},
};

declare_rule! {
    /// A waiver without effect.
    ///
    /// ## What it finds
    /// A waiver that cannot take what it is on: its requester approved it, or whoever approved or requested it is the identity that
    /// benefits, or whoever approved it would be a member of the role it is on; its rule, or the duties it is on, are never waived; it is approved on a day to
    /// come; it names no rule there is, or nothing it is on. People are told apart by identity: an id and the e-mail address of the
    /// same identity are one person.
    ///
    /// ## Why it matters
    /// A waiver is worth what it takes to get one. Signed by the person it is for, it is a note to oneself.
    ///
    /// ## Example
    /// ```adit
    /// waiver W-031 {
    ///   rule       nhi-without-owner
    ///   on         identity "svc-mail"
    ///   requested  "u-0017"
    ///   approved   "max@acme.example" on 2026-03-01    // the address of u-0017
    ///   …
    /// }
    /// ```
    ///
    /// ## What to do
    /// Have it approved by somebody else who answers for the risk; or remove it and its cause.
    ///
    /// ## When to waive it
    /// Never: findings about waivers are not waived.
    ///
    /// ## What it cannot see
    /// People who are not in the snapshot, other than by the text of their address; and whether whoever approved it was allowed to.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties that must be apart are kept apart.
    /// - NIST SP 800-53 r5 CM-3: changes of configuration are controlled.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties are segregated.
    RULE = {
        code: "RM709", name: "invalid-waiver", family: Lifecycle, severity: Error, confidence: High, waivable: false,
        references: ["NIST SP 800-53 r5 AC-5", "NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.5.3"],
        aliases: [], since: "0.1.0", check_waivers: check,
    }
}

fn check(context: &Context<'_>, record: &WaiverRecord, found: &mut Vec<Finding>) {
    for (waiver, used) in context.spec.waivers.iter().zip(&record.waivers) {
        let Some((first, others)) = used.refusals.split_first() else { continue };
        let effect = if used.took == 0 { " has no effect: " } else { " takes only some of what it is on: " };
        let message = Phrase::new(format!("waiver `{}`{effect}", waiver.id)).phrase(reason(waiver, first));
        let finding = RULE
            .finding(
                Subject::Spec("waiver", waiver.id.clone()),
                message,
                "have it approved by somebody else who answers for the risk, or remove it and its cause",
            )
            .at(waiver.span)
            .evidences(
                others.iter().map(|other| crate::Evidence::Note(Phrase::new("and ").phrase(reason(waiver, other)))),
            )
            .count("findings it takes, of those it is on", used.took, Some(used.matched));
        found.push(waiver.on.iter().fold(finding, |finding, (kind, name)| finding.note(on(kind, name))));
    }
}

fn reason(waiver: &Waiver, refusal: &Refusal) -> Phrase {
    match refusal {
        Refusal::UnknownRule => {
            let meant = rule::nearest(&waiver.rule).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            Phrase::new(format!("no rule is called `{}`{meant}", waiver.rule))
        }
        Refusal::RuleNeverWaived => Phrase::new(format!("findings of `{}` are never waived", waiver.rule)),
        Refusal::OnNothing => Phrase::new("it says nothing that it is on"),
        Refusal::ApprovedByRequester => {
            Phrase::default().node(Node::Person(waiver.approved_by.clone())).text(" both requested and approved it")
        }
        Refusal::ApprovedLater => {
            Phrase::new(format!("it is approved on {}, which is still to come", waiver.approved_on))
        }
        Refusal::DutiesNeverWaived(name) => {
            Phrase::new("duties ").node(Node::Duties(name.clone())).text(" are never waived")
        }
        Refusal::ApprovedByBeneficiary(identity) => {
            Phrase::default().identity(*identity).text(" approved it and benefits from it")
        }
        Refusal::RequestedByBeneficiary(identity) => {
            Phrase::default().identity(*identity).text(" requested it and benefits from it")
        }
    }
}
