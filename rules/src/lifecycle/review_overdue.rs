use adit_compiler::{
    approval::{ApprovalFile, ApprovalState, RoleStatus, Signature},
    roles::CandidateRole,
};

use crate::{Evidence, Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role was not looked at for too long.
    ///
    /// ## What it finds
    /// An approved role whose last signature or `[[review]]` is longer ago than its mining block asks for with `review every`; where that says nothing, longer than 180
    /// days, and than 90 where the role grants privileged access.
    ///
    /// ## Why it matters
    /// An approval says that the role was right on a day. Tasks, systems and people change; without review the role becomes what everyone has
    /// who was there once.
    ///
    /// ## Example
    /// ```toml
    /// [[signature]]
    /// by = "alice@acme.example"
    /// on = 2025-11-03
    /// ```
    /// for a role with `review every 90d`.
    ///
    /// ## What to do
    /// Have the owner look at the members and the grants, and write it down in the approval file:
    ///
    /// ```toml
    /// [[review]]
    /// by = "alice@acme.example"
    /// on = 2026-10-01
    /// comment = "members and grants confirmed, REV-31"
    /// ```
    ///
    /// ## When to waive it
    /// While the review is under way, to its end.
    ///
    /// ## What it cannot see
    /// Whether whoever reviewed it looked. A review that a member of the role wrote does not count.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6(7): privileges are reviewed to validate the need for them.
    /// - NIST SP 800-53 r5 AC-2: item j, accounts are reviewed at a set interval.
    /// - PCI DSS 4.0.1 7.2.4: access of users is reviewed at least every six months.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    RULE = {
        code: "RM706", name: "review-overdue", family: Lifecycle, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-6(7)", "NIST SP 800-53 r5 AC-2", "PCI DSS 4.0.1 7.2.4", "ISO/IEC 27001:2022 A.5.18",
        ],
        aliases: ["RM-706"], since: "0.1.0", check: check,
    }
}

/// Days between reviews, where the spec says nothing.
const USUAL: u32 = 180;

/// Days between reviews of privileged access, where the spec says nothing.
const PRIVILEGED: u32 = 90;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let compilation = context.compilation;
    for (number, (role, status)) in compilation.roles.iter().zip(&compilation.statuses).enumerate() {
        if !matches!(status.state, ApprovalState::Approved { .. }) {
            continue;
        }
        let Some((file, last)) = last_look(context, role, status) else { continue };
        let days = last.on.until(compilation.as_of).map_or(0, |span| i64::from(span.get_days()));
        let limit = limit(context, number, role);
        if days <= i64::from(limit) {
            continue;
        }
        let message = Phrase::new("role ")
            .role(&role.handle)
            .text(format!(" was last looked at on {}, {days} days ago, by ", last.on))
            .node(Node::Person(last.by.clone()));
        let finding = RULE.finding(
            Subject::role(role),
            message,
            "have its owner review it, and write that down as a `[[review]]` in the approval file",
        );
        found.push(finding.count("days between reviews at most", limit.into(), None).evidence(Evidence::Row {
            file: file.path.clone(),
            row: None,
            column: None,
        }));
    }
}

/// The last signature for what the role is now, or review of it, and the file it is in. A review by a member of the role does not count.
fn last_look<'a>(
    context: &'a Context<'_>,
    role: &CandidateRole,
    status: &RoleStatus,
) -> Option<(&'a ApprovalFile, &'a Signature)> {
    let compilation = context.compilation;
    let is_about = |file: &&ApprovalFile| {
        file.approval.content == status.content && [&role.id.0, &role.handle].contains(&&file.approval.role)
    };
    let is_member = |person: &str| {
        context.people().find(person).iter().any(|identity| role.members.binary_search(identity).is_ok())
    };
    let looks = compilation.approvals.iter().filter(is_about).flat_map(|file| {
        let reviews = file.approval.reviews.iter().filter(|review| !is_member(&review.by));
        file.approval.signatures.iter().chain(reviews).map(move |look| (file, look))
    });
    looks.filter(|(_, look)| look.on <= compilation.as_of).max_by_key(|(_, look)| (look.on, &look.by))
}

/// How many days may pass between two reviews of a role.
fn limit(context: &Context<'_>, number: usize, role: &CandidateRole) -> u32 {
    let mining = role.origin.mining().and_then(|mining| context.spec.minings.get(mining));
    let asked = mining.and_then(|mining| mining.review_every);
    let grants = context.compilation.effective_grants(number);
    let privileged = grants.into_iter().any(|held| context.is_privileged(held));
    asked.unwrap_or(if privileged { PRIVILEGED } else { USUAL })
}
