use adit_compiler::{
    approval::{ApprovalState, RejectReason, Rejected},
    roles::CandidateRole,
};

use super::unapproved_emission::is_interested;
use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Someone signed for a role who must not: they asked for it, would hold it, or signed twice.
    ///
    /// ## What it finds
    /// A role that lacks signatures although people signed, because some of them do not count: of whoever asked for the role, in the spec or in
    /// the approval file; of somebody who would hold it, or owns an identity that would; or a second one of the same person. People are
    /// compared by id and by e-mail address, in whatever case they are written.
    ///
    /// ## Why it matters
    /// Whoever decides about their own access decides alone. Two signatures of one person are one.
    ///
    /// ## Example
    /// ```toml
    /// role = "finance-analysts/1"
    /// content = "sha256:3fa2…"
    /// requested = "alice@acme.example"
    ///
    /// [[signature]]
    /// by = "Alice@acme.example"
    /// on = 2026-09-14
    /// ```
    ///
    /// ## What to do
    /// Take the signature out, and have someone else on the list of approvers look at the role. If everybody on the list would hold it,
    /// the list is wrong.
    ///
    /// ## When to waive it
    /// It cannot be waived. The signature does not count either way.
    ///
    /// ## What it cannot see
    /// Approvers whom the snapshot does not know by the address they sign with, and people who do each other the favour. A signature that
    /// would not count beside enough others that do is left alone.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - NIST SP 800-53 r5 CM-5(1): access restrictions for change are enforced, and enforcement is recorded.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    RULE = {
        code: "RM703", name: "self-approval", family: Lifecycle, severity: Error, confidence: High, waivable: false,
        references: ["NIST SP 800-53 r5 AC-5", "NIST SP 800-53 r5 CM-5(1)", "ISO/IEC 27001:2022 A.5.3"],
        aliases: ["approved-by-member"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (role, status) in context.compilation.roles.iter().zip(&context.compilation.statuses) {
        let ApprovalState::Pending { signed, needed, rejected } = &status.state else { continue };
        let wrong: Vec<_> = rejected.iter().filter(|rejected| is_interested(rejected.reason)).collect();
        if let Some(&first) = wrong.first() {
            let file = status.file.and_then(|file| context.compilation.approvals.get(file));
            let mut finding =
                finding(role, first, &wrong).count("signatures that count", (*signed).into(), Some((*needed).into()));
            if let Some(file) = file {
                finding = finding.evidence(crate::Evidence::Row { file: file.path.clone(), row: None, column: None });
            }
            found.push(finding);
        }
    }
}

fn finding(role: &CandidateRole, first: &Rejected, wrong: &[&Rejected]) -> Finding {
    let who = Phrase::default().node(Node::Person(first.by.clone()));
    let message = match wrong {
        [_] => who.text(match first.reason {
            RejectReason::Requester => " asked for role ",
            RejectReason::Repeated => " signed twice for role ",
            _ => " would gain by role ",
        }),
        _ => Phrase::new(format!("{} signatures do not count for role ", wrong.len())),
    };
    let message = message.role(&role.handle).text(match (wrong, first.reason) {
        ([_], RejectReason::Repeated) => ", which counts once",
        ([_], _) => " and signed for it",
        _ => ", because of who gave them",
    });
    let finding = RULE.finding(
        Subject::role(role),
        message,
        "take the signature out, and have somebody on the list of approvers sign who neither asked for the role nor would hold it",
    );
    wrong.iter().fold(finding, |finding, rejected| {
        finding.note(
            Phrase::new("the signature of ")
                .node(Node::Person(rejected.by.clone()))
                .text(format!(" does not count: it {}", rejected.reason)),
        )
    })
}
