use std::collections::{BTreeMap, BTreeSet};

use adit_compiler::{approval::ApprovalState, roles::CandidateRole, spec::Sensitive};
use adit_snapshots::{EntitlementId, ExceptionRecord, IdentityId};

use super::wording;
use crate::{
    Evidence, Finding, Node, Phrase, Subject, context::Context, graph::Holder, rule::declare_rule, words::counted,
};

declare_rule! {
    /// Somebody has sensitive access that neither its owner approved nor a control makes bearable.
    ///
    /// ## What it finds
    /// Entitlements that a `sensitive` of the spec takes in, and their holders, directly, through groups or through existing roles, of whom no
    /// exception says that the owner approved it or which control compensates for it. It is one finding for each entitlement, with the number of
    /// holders. It also finds candidate roles that would grant it and that the owner has not signed. Where the spec names what mitigates the access
    /// for everybody (`mitigated "…"`), it says nothing.
    ///
    /// ## Why it matters
    /// Some rights need no second one to do harm: to release payments, to read every mailbox, to delete backups. No conflict of duties
    /// shows them; what keeps them safe is that somebody who answers for them has decided on each holder.
    ///
    /// ## Example
    /// ```adit
    /// sensitive payment-run "Releases payments" {
    ///   access  sap.tcode "F110"
    ///   access  entitlements where critical
    ///   owner   "treasury@acme.example"
    /// }
    /// ```
    ///
    /// ## What to do
    /// Have the owner decide: record an exception with its approver, an end and, where there is one, the control; or take the access away. For a
    /// candidate role, name the owner among those who approve it (`provision … { approval … }`).
    ///
    /// ## When to waive it
    /// While the owner is reviewing the holders, until a date.
    ///
    /// ## What it cannot see
    /// Approvals that are recorded nowhere in the snapshot: a request system that was not extracted. Whether a control works.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6(1): access to security functions and security-relevant information is authorised explicitly.
    /// - NIST SP 800-53 r5 AC-6(5): privileged accounts are restricted to those who need them.
    /// - ISO/IEC 27001:2022 A.8.2: the allocation and use of privileged access rights is restricted and managed.
    RULE = {
        code: "RM508", name: "sensitive-access-unmitigated", family: Duties, severity: Warning, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-6(1)", "NIST SP 800-53 r5 AC-6(5)", "ISO/IEC 27001:2022 A.8.2"],
        aliases: ["sensitive-access"], since: "0.1.0", check: check,
    }
}

/// So many holders are told.
const MOST_WITNESSES: usize = 5;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for sensitive in context.spec.sensitive.iter().filter(|sensitive| sensitive.mitigated.is_none()) {
        let (known, unknown) = context.graph.resolve(&sensitive.access);
        found.extend(wording::lacking(&RULE, "sensitive", &sensitive.name, sensitive.span, &unknown));
        let holders = holders(context, &known.entitlements);
        let settled = settled(context, sensitive);
        for (&entitlement, held_by) in &holders {
            let open: Vec<IdentityId> =
                held_by.iter().copied().filter(|&identity| !settled.contains(&(identity, entitlement))).collect();
            if !open.is_empty() {
                found.push(by_holders(context, sensitive, entitlement, &open, held_by.len()));
            }
        }
        for (index, role) in context.proposed() {
            let grants = context.graph.effective(Holder::Role(index));
            let granted: Vec<_> =
                known.entitlements.iter().copied().filter(|id| grants.binary_search(id).is_ok()).collect();
            if !granted.is_empty() && !is_signed(context, sensitive, index) {
                found.push(by_role(context, sensitive, role, index, &granted));
            }
        }
    }
}

/// Who has each of these today, ascending.
fn holders(context: &Context<'_>, sensitive: &[EntitlementId]) -> BTreeMap<EntitlementId, Vec<IdentityId>> {
    let mut holders: BTreeMap<EntitlementId, Vec<IdentityId>> = BTreeMap::new();
    if sensitive.is_empty() {
        return holders;
    }
    for identity in context.snapshot.identities.iter() {
        for held in context.snapshot.assignments.held(identity) {
            if sensitive.binary_search(held).is_ok() {
                holders.entry(*held).or_default().push(identity);
            }
        }
    }
    for holder in context.graph.holders().filter(|holder| !matches!(holder, Holder::Role(_))) {
        let grants = context.graph.effective(holder);
        let granted = sensitive.iter().filter(|id| grants.binary_search(id).is_ok());
        for &entitlement in granted {
            holders.entry(entitlement).or_default().extend(context.graph.members(holder));
        }
    }
    for held_by in holders.values_mut() {
        held_by.sort_unstable();
        held_by.dedup();
    }
    holders
}

/// The access of which an exception that holds says that the owner approved it, or names a control.
fn settled(context: &Context<'_>, sensitive: &Sensitive) -> BTreeSet<(IdentityId, EntitlementId)> {
    let holds = |exception: &&ExceptionRecord| {
        exception.expires_at.is_none_or(|end| end >= context.compilation.as_of)
            && (exception.compensating_control.as_ref().is_some_and(|control| !control.trim().is_empty())
                || exception.approver.as_ref().is_some_and(|by| context.people().same(by, &sensitive.owner)))
    };
    let exceptions = context.snapshot.exceptions.iter().filter(holds);
    exceptions.map(|exception| (exception.identity, exception.entitlement)).collect()
}

/// Whether the owner signed for exactly this role.
fn is_signed(context: &Context<'_>, sensitive: &Sensitive, role: usize) -> bool {
    let state = context.compilation.statuses.get(role).map(|status| &status.state);
    matches!(state, Some(ApprovalState::Approved { by })
        if by.iter().any(|by| context.people().same(by, &sensitive.owner)))
}

fn by_holders(
    context: &Context<'_>,
    sensitive: &Sensitive,
    entitlement: EntitlementId,
    open: &[IdentityId],
    all: usize,
) -> Finding {
    let who = counted(open.len(), "identity has", "identities have");
    let message = Phrase::new(format!("{who} "))
        .entitlement(entitlement)
        .text(" without an approval of its owner or a control on record");
    let help = "have its owner decide, and record it as an exception with its end; or take it away";
    let finding = RULE.finding(Subject::Entitlement(entitlement), message, help).entitlements([entitlement]);
    let finding = finding.at(sensitive.span).note(about(sensitive));
    let finding = finding.count("holders without one", open.len() as u64, Some(all as u64));
    let paths = open
        .iter()
        .take(MOST_WITNESSES)
        .filter_map(|&identity| context.graph.path_today(identity, &[entitlement]).map(Evidence::Path));
    finding.evidences(paths.collect::<Vec<_>>())
}

fn by_role(
    context: &Context<'_>,
    sensitive: &Sensitive,
    role: &CandidateRole,
    index: usize,
    granted: &[EntitlementId],
) -> Finding {
    let message = wording::begin(context, Holder::Role(index))
        .text(" grants sensitive access that its owner, ")
        .node(Node::Person(sensitive.owner.clone()))
        .text(", has not signed for");
    let help = "name its owner among those who approve the role, or take the access out of it";
    let finding = RULE.finding(Subject::role(role), message, help).entitlements(granted.iter().copied());
    let paths = granted.iter().filter_map(|&id| context.graph.path(Holder::Role(index), &[id]).map(Evidence::Path));
    finding.at(sensitive.span).note(about(sensitive)).evidences(paths.collect::<Vec<_>>())
}

fn about(sensitive: &Sensitive) -> Phrase {
    let cites = if sensitive.cites.is_empty() { String::new() } else { format!(" ({})", sensitive.cites.join(", ")) };
    Phrase::new(format!("sensitive `{}`: {}{cites}", sensitive.name, sensitive.title))
}
