use adit_compiler::{
    approval::{ApprovalState, RejectReason, Rejected, RoleStatus},
    roles::{CandidateRole, RoleOrigin},
    spec::{Provision, SecondaryFate},
};

use crate::{Finding, Node, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role is to be provisioned, but not enough people have approved it.
    ///
    /// ## What it finds
    /// A role that a `provision` block speaks of and that is not approved: nobody signed, too few did, or the approval has ended. It says
    /// how many signatures count, how many are needed, whose do not count and why, who may still sign, and the digest that an approval of
    /// exactly this content must carry.
    ///
    /// A role that was never approved, or not by enough people yet, is a warning: it is not emitted, so nothing unapproved happens, and a
    /// project with candidates under review must be able to build. An approval past its last day is an error: the role was live, and
    /// drops out of `provisioning.json` with this build, which takes access from people. To fail on anything unapproved, set
    /// `unapproved-emission = "deny"` in `adit.toml`.
    ///
    /// ## Why it matters
    /// What a miner finds is what people have, not what they should have. It becomes policy by someone's decision, and the decision is
    /// about exactly this content.
    ///
    /// ## Example
    /// ```adit
    /// provision finance-analysts {
    ///   approval 2 of "alice@acme.example", "bob@acme.example", "carol@acme.example"
    ///   emit     json
    /// }
    /// ```
    /// With Alice's signature alone, the role waits.
    ///
    /// ## What to do
    /// Review the role, and commit an approval file with the digest shown and the signatures that are missing. If the role is not wanted,
    /// narrow the mining block so that it is not proposed again.
    ///
    /// ## When to waive it
    /// Never needed: a warning does not fail the build. An ended approval is renewed, or its file deleted.
    ///
    /// ## What it cannot see
    /// Whether a signature is genuine. Approval files are in version control; protect the branch, and let the hosting service check who
    /// changed them.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    /// - NIST SP 800-53 r5 AC-2: account creation and its authorisations require approval.
    /// - NIST SP 800-53 r5 CM-3: changes are reviewed and approved before they take effect.
    /// - ISO/IEC 27001:2022 A.5.15: rules to control access are established and implemented.
    /// - NIST AI RMF GOVERN: people answer for the decisions that systems propose.
    RULE = {
        code: "RM701", name: "unapproved-emission", family: Lifecycle, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-05",
            "NIST SP 800-53 r5 AC-2",
            "NIST SP 800-53 r5 CM-3",
            "ISO/IEC 27001:2022 A.5.15",
            "NIST AI RMF GOVERN",
        ],
        aliases: ["unapproved-role"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (role, status) in context.compilation.roles.iter().zip(&context.compilation.statuses) {
        let Some(provision) = context.compilation.provision(role) else { continue };
        if is_never_emitted(role, provision) {
            continue;
        }
        match &status.state {
            ApprovalState::Pending { signed, needed, rejected } => {
                found.push(pending(context, role, provision, status, (*signed, *needed), rejected));
            }
            ApprovalState::Expired { on } => found.push(expired(role, provision, status, *on)),
            // Stale approvals are RM702's.
            // What was withdrawn is out of force because people said so.
            ApprovalState::Approved { .. }
            | ApprovalState::InForce
            | ApprovalState::NotProvisioned
            | ApprovalState::Stale { .. }
            | ApprovalState::Withdrawn { .. } => {}
        }
    }
}

fn is_never_emitted(role: &CandidateRole, provision: &Provision) -> bool {
    matches!(role.origin, RoleOrigin::Secondary { .. }) && provision.secondary == SecondaryFate::Remove
}

fn pending(
    context: &Context<'_>,
    role: &CandidateRole,
    provision: &Provision,
    status: &RoleStatus,
    (signed, needed): (u32, u32),
    rejected: &[Rejected],
) -> Finding {
    let message = Phrase::new("role ").role(&role.handle).text(match (signed, rejected.len()) {
        (0, 0) => format!(" is to be provisioned, but nobody has approved it yet; {needed} must"),
        (0, _) => format!(" is to be provisioned, but none of its signatures counts; {needed} must"),
        _ => format!(" is to be provisioned, but has only {signed} of {needed} signatures"),
    });
    let mut finding =
        start(role, provision, status, message, "review the role, then add what is missing to its approval file");
    finding = finding.count("signatures that count", signed.into(), Some(needed.into()));
    for rejected in rejected {
        finding = finding.note(
            Phrase::new("the signature of ")
                .node(Node::Person(rejected.by.clone()))
                .text(format!(" does not count: it {}", rejected.reason)),
        );
    }
    let signers = status.file.and_then(|file| context.compilation.approvals.get(file));
    let signed = |approver: &str| {
        signers.is_some_and(|file| {
            // Whoever dated theirs too late may sign again.
            let mut dated =
                file.approval.signatures.iter().filter(|signature| signature.on <= context.compilation.as_of);
            dated.any(|signature| context.people().same(&signature.by, approver))
        })
    };
    let barred = |approver: &&String| {
        let people = context.people();
        let is_requester = provision.requested.as_ref().is_some_and(|requester| people.same(requester, approver));
        let is_member = people.find(approver).iter().any(|identity| role.members.binary_search(identity).is_ok());
        signed(approver) || is_requester || is_member
    };
    let open: Vec<_> = provision.approvers.iter().filter(|approver| !barred(approver)).collect();
    if open.is_empty() {
        return finding.note(Phrase::new("nobody on the list of approvers is left who may sign"));
    }
    let names = open.iter().map(|approver| Node::Person((*approver).clone()));
    finding.note(Phrase::new("who may still sign: ").listed(names, open.len()))
}

fn expired(role: &CandidateRole, provision: &Provision, status: &RoleStatus, on: jiff::civil::Date) -> Finding {
    let message = Phrase::new("the approval of role ")
        .role(&role.handle)
        .text(format!(" ended on {on}, so it is not provisioned any more"));
    start(role, provision, status, message, "have it reviewed and signed again, or delete the approval file")
        .severity(Severity::Error)
}

fn start(
    role: &CandidateRole,
    provision: &Provision,
    status: &RoleStatus,
    message: Phrase,
    help: &'static str,
) -> Finding {
    RULE.finding(Subject::role(role), message, help)
        .at(provision.span)
        .count("identities that would hold it", role.members.len() as u64, None)
        .note(Phrase::new(format!(
            "an approval must carry `role = \"{}\"` and `content = \"{}\"`",
            role.id, status.content
        )))
}

/// Signatures that nobody with an interest in the role should have given: RM703's.
pub(super) fn is_interested(reason: RejectReason) -> bool {
    match reason {
        RejectReason::Requester | RejectReason::Member | RejectReason::Repeated => true,
        RejectReason::NotAnApprover | RejectReason::InTheFuture => false,
    }
}
