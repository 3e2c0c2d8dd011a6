use std::collections::BTreeMap;

use adit_compiler::check::vacuous_reason;
use adit_snapshots::{ExceptionRecord, IdentityId};

use super::{
    basis::{Ends, resting_on_exceptions},
    support::{brought, by_entitlement, supported, traced},
};
use crate::{
    Finding, Node, Phrase, Severity, Subject,
    context::Context,
    graph::{AccountConflict, Place},
    rule::declare_rule,
    words::joined,
};

declare_rule! {
    /// An exception has no end, no approver, no reason, or no control that makes it bearable.
    ///
    /// ## What it finds
    /// A recorded exception without a last day, without an approver, or without a reason; a reason that says nothing (`-`, `n/a`, `tbd`,
    /// `see ticket`, `business need`) counts as none. And an exception without a compensating control, where the access it keeps is part of duties that the
    /// identity breaks today. Where the access itself is gone, it is a warning: what is left is a permission that anyone may point to.
    ///
    /// Where the access was mined all the same, it is traced to each role that it helps to the entitlement. Where the exception put its holder into
    /// a group (its source gives a way through that group which is an exception), the finding names what else the group brings, and traces that too.
    ///
    /// ## Why it matters
    /// An exception is a decision: someone allowed something, for a reason, for a time. With one of these missing it cannot be reviewed,
    /// and will stay for ever. An exception to a separation of duties without a control is simply a conflict that was filed.
    ///
    /// ## Example
    /// ```csv
    /// exception_id,identity_id,entitlement_id,reason,approver_id,expires_at,compensating_control
    /// EXC-07,u-1003,sap:F110,tbd,,,
    /// ```
    ///
    /// ## What to do
    /// Complete the record with whoever approved it. If nobody remembers, that is the answer: end the exception, and remove the access.
    ///
    /// ## When to waive it
    /// While old records are being completed, for the duration of the project.
    ///
    /// ## What it cannot see
    /// Whether the approver was allowed to approve, whether the reason is true, and whether the control is performed.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2: accounts and their authorisations are approved, reviewed and removed when no longer required.
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - ISO/IEC 27001:2022 A.5.15: rules to control access are established and implemented.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    RULE = {
        code: "RM603", name: "exception-without-terms", family: Exceptions, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-2",
            "NIST SP 800-53 r5 AC-5",
            "ISO/IEC 27001:2022 A.5.15",
            "ISO/IEC 27001:2022 A.5.3",
        ],
        aliases: ["open-ended-exception"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let supported = supported(context);
    let supports = by_entitlement(&supported);
    let resting = resting_on_exceptions(context.snapshot, Ends::WhereRare);
    let accounts = account_conflicts(context);
    for exception in &context.snapshot.exceptions {
        let theirs = accounts.get(&exception.identity).map_or(&[][..], Vec::as_slice);
        let broken = broken_duties(context, exception, theirs);
        let missing: Vec<_> = [
            (exception.expires_at.is_none(), "an end"),
            (is_blank(exception.approver.as_deref()), "an approver"),
            (vacuous_reason(exception.reason.as_deref().unwrap_or("")).is_some(), "a reason"),
            (!broken.is_empty() && is_blank(exception.compensating_control.as_deref()), "a compensating control"),
        ]
        .into_iter()
        .filter_map(|(is_missing, what)| is_missing.then_some(what))
        .collect();
        if !missing.is_empty() {
            let finding = finding(context, exception, &missing, &broken);
            let (identity, entitlement) = (exception.identity, exception.entitlement);
            let finding = finding.evidences(traced(context, &supports, identity, entitlement));
            found.push(finding.evidences(brought(context, &resting, &supports, identity, entitlement)));
        }
    }
}

fn finding(context: &Context<'_>, exception: &ExceptionRecord, missing: &[&str], broken: &[usize]) -> Finding {
    let message = Phrase::new("exception ")
        .node(Node::Exception(exception.id.clone()))
        .text(" lets ")
        .identity(exception.identity)
        .text(" keep ")
        .entitlement(exception.entitlement)
        .text(format!(" without {}", joined(missing, "or")));
    let mut finding = RULE.finding(
        Subject::Exception(exception.id.clone()),
        message,
        "complete the record with whoever approved it, or end the exception and remove the access",
    );
    if let Some(reason) = exception.reason.as_deref().filter(|reason| !reason.trim().is_empty()) {
        let objection = vacuous_reason(reason).map(|why| format!(": {why}")).unwrap_or_default();
        finding = finding.note(Phrase::new(format!("the reason given is `{}`{objection}", reason.trim())));
    }
    if let Some(granted) = exception.granted_at {
        finding = finding.note(Phrase::new(format!("it was granted on {granted}")));
    }
    for duties in broken.iter().filter_map(|&duties| context.spec.duties.get(duties)) {
        finding = finding.note(
            Phrase::new("the access is part of duties ")
                .node(Node::Duties(duties.name.clone()))
                .text(", which ")
                .identity(exception.identity)
                .text(" breaks: see RM503"),
        );
    }
    if context.snapshot.assignments.find(exception.identity, exception.entitlement).is_some() {
        return finding;
    }
    finding.severity(Severity::Warning).note(Phrase::new("the access itself is gone"))
}

/// What the accounts of each identity break.
fn account_conflicts(context: &Context<'_>) -> BTreeMap<IdentityId, Vec<AccountConflict>> {
    let mut theirs: BTreeMap<IdentityId, Vec<AccountConflict>> = BTreeMap::new();
    for conflict in context.graph.account_conflicts() {
        let account = context.snapshot.accounts.rows.get(conflict.account as usize);
        if let Some(owner) = account.and_then(|account| account.identity) {
            theirs.entry(owner).or_default().push(conflict);
        }
    }
    theirs
}

/// The duties that the identity, or one of these accounts of it, breaks today with the help of this exception.
fn broken_duties(context: &Context<'_>, exception: &ExceptionRecord, accounts: &[AccountConflict]) -> Vec<usize> {
    let sides = context.graph.sides();
    let helps = |place: Place, side: &usize| {
        sides.access_in(place, *side).entitlements.binary_search(&exception.entitlement).is_ok()
    };
    let is_broken = |duties: usize, today: usize| {
        context.spec.duties.get(duties).is_some_and(|duties| today > duties.at_most as usize)
    };
    let holds = context.snapshot.assignments.find(exception.identity, exception.entitlement).is_some();
    let conflicts = if holds { context.graph.conflicts_of(exception.identity) } else { Vec::new() };
    let mut broken: Vec<usize> = conflicts
        .into_iter()
        .filter(|conflict| conflict.certain && is_broken(conflict.duties, conflict.today.len()))
        .filter(|conflict| conflict.today.iter().any(|side| helps(conflict.place, side)))
        .map(|conflict| conflict.duties)
        .collect();
    let by_account = accounts.iter().filter(|conflict| conflict.sides.iter().any(|side| helps(conflict.place, side)));
    broken.extend(by_account.filter(|_| holds).map(|conflict| conflict.duties));
    broken.sort_unstable();
    broken.dedup();
    broken
}

/// Whether a field is empty, or filled in only so that it is not.
fn is_blank(text: Option<&str>) -> bool {
    let text = text.unwrap_or("").trim();
    !text.chars().any(char::is_alphanumeric)
        || ["n/a", "na", "none", "tbd"].iter().any(|no| no.eq_ignore_ascii_case(text))
}
