use adit_compiler::{
    approval::{ApprovalFile, ApprovalState, RoleStatus, Transition},
    roles::CandidateRole,
};
use adit_snapshots::Digest;

use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// An approval is for something other than what there is now.
    ///
    /// ## What it finds
    /// An approval file whose digest is not that of the role it names: since people signed, what the role grants, who would hold it, its
    /// membership rule, or its reasons have changed. And an approval file that names no role of this build at all: a mined role is called by
    /// the digest of what it grants, so a role that grants something else now has another name, and its old approval is left behind.
    ///
    /// ## Why it matters
    /// Nobody has approved the role as it is. It is not provisioned, so whoever had it by the old approval is about to lose it; that
    /// should be decided, not happen.
    ///
    /// ## Example
    /// ```toml
    /// # approvals/finance-analyst.toml, signed when the role had two entitlements; now it has three
    /// role = "finance-analysts/1"
    /// content = "sha256:3fa2…"
    /// ```
    ///
    /// ## What to do
    /// Compare the role with what was approved (the derivation of that build is in version control beside the approval), then have it
    /// signed again with the new digest, or restore what was approved. Where a role is gone for good, delete the file, or keep it as the record with
    /// a `[[state]]` that says `decommissioned`.
    ///
    /// ## When to waive it
    /// It cannot be waived. An approval that does not fit is no approval; the file can be deleted.
    ///
    /// ## What it cannot see
    /// What exactly changed: a digest does not tell. Compare the derivations.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CM-3: changes are reviewed and approved before they take effect.
    /// - NIST SP 800-53 r5 SI-7: unauthorised changes to information are detected.
    /// - NIST SP 800-53 r5 AU-10: an action cannot be falsely denied, and so neither falsely claimed.
    /// - ISO/IEC 27001:2022 A.8.32: changes are subject to change management.
    RULE = {
        code: "RM702", name: "approval-hash-mismatch", family: Lifecycle, severity: Error, confidence: High, waivable: false,
        references: [
            "NIST SP 800-53 r5 CM-3",
            "NIST SP 800-53 r5 SI-7",
            "NIST SP 800-53 r5 AU-10",
            "ISO/IEC 27001:2022 A.8.32",
        ],
        aliases: ["stale-approval"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let compilation = context.compilation;
    for (role, status) in compilation.roles.iter().zip(&compilation.statuses) {
        if let ApprovalState::Stale { approved } = status.state {
            let file = status.file.and_then(|file| compilation.approvals.get(file));
            found.push(stale(role, status, approved, file));
        }
    }
    let strays = compilation.stray_approvals.iter().filter_map(|&file| compilation.approvals.get(file));
    // Of a role that is out of force the file is the record.
    let in_force = |file: &&ApprovalFile| Transition::withdrawal(&file.approval.states, compilation.as_of).is_none();
    found.extend(strays.filter(in_force).map(stray));
}

fn stale(role: &CandidateRole, status: &RoleStatus, approved: Digest, file: Option<&ApprovalFile>) -> Finding {
    let message =
        Phrase::new("role ").role(&role.handle).text(" is not what people signed for: its content has changed since");
    let finding = RULE
        .finding(
            Subject::role(role),
            message,
            "compare it with what was approved, then have it signed again with the new digest, or restore what it was",
        )
        .note(Phrase::new(format!("signed for `{approved}`")))
        .note(Phrase::new(format!("is now `{}`", status.content)))
        .count("identities that would hold it", role.members.len() as u64, None);
    file.into_iter().fold(finding, by)
}

fn stray(file: &ApprovalFile) -> Finding {
    let message = Phrase::new(format!(
        "approval `{}` is about `{}`, and no role of this build is called so",
        file.path, file.approval.role
    ));
    let finding = RULE
        .finding(
            Subject::Approval(file.path.clone()),
            message,
            "a role that grants something else now has another id: have that one signed; if the role is gone for good, say so in a `[[state]]`, or delete the file",
        )
        .note(Phrase::new(format!("signed for `{}`", file.approval.content)));
    let finding = match &file.approval.name {
        Some(name) => finding.note(Phrase::new(format!("people called the role `{name}`"))),
        None => finding,
    };
    by(finding, file)
}

/// Who signed it, and where that is.
fn by(finding: Finding, file: &ApprovalFile) -> Finding {
    let finding = finding.evidence(crate::Evidence::Row { file: file.path.clone(), row: None, column: None });
    file.approval.signatures.iter().fold(finding, |finding, signature| {
        let who = Phrase::new("signed by ").node(Node::Person(signature.by.clone()));
        finding.note(who.text(format!(" on {}", signature.on)))
    })
}
