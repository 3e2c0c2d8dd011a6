use adit_compiler::{roles::CandidateRole, spec::Percent};
use adit_snapshots::IdentityId;

use super::{
    basis::{Basis, first_group},
    support::{Supported, inherited, supported, trace},
};
use crate::{Evidence, Finding, Node, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A mined role grants what many of its members hold by exception only.
    ///
    /// ## What it finds
    /// For each entitlement of a mined role, the members who hold it within the mined scope, and those among them whose holding rests on an
    /// exception: every way to it is an exception, has an end where most access has none, leads through a group that the member is in by
    /// exception, or is covered by a recorded exception and is neither inherited nor given by a rule. Then it counts the support anew without them. It reports the entitlement when they are 20%
    /// or more of the holders, and, as a warning, when there are fewer but the entitlement is in the role only because of them: its support
    /// falls under the cut-off. It traces each exception to the role, and shows the roles that inherit the entitlement from there.
    ///
    /// ## Why it matters
    /// Exceptions are granted one by one for reasons that pass. Years of them look like a pattern, and a miner that counts them turns
    /// them into policy: now everyone in the role has the exception, without its reason, approver or end.
    ///
    /// ## Example
    /// ```csv
    /// exception_id,identity_id,entitlement_id,reason,approver_id,expires_at
    /// EXC-14,u-1001,sap:F110,quarter-end backlog,u-0400,2026-12-31
    /// EXC-15,u-1002,sap:F110,quarter-end backlog,u-0400,2026-12-31
    /// ```
    /// With two of five clerks allowed to run payments for a quarter, `F110` has 80% support, and becomes part of the clerk's role.
    ///
    /// ## What to do
    /// Mine without exceptions: `exclude assignments where exception because "exceptions are reviewed, never mined"`. If the right proves to
    /// be needed for good, end the exceptions and grant it properly.
    ///
    /// ## When to waive it
    /// When the owner has decided that the exceptions are to become the rule, until they are ended.
    ///
    /// ## What it cannot see
    /// Exceptions that nobody recorded and no source tells from ordinary access. Roles that people wrote have no support that could rest on
    /// anything. Where origins are missing (RM106) it is less sure.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6(7): privileges are reviewed, and reassigned or removed where they are not needed.
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined in a policy, managed, enforced and reviewed.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned, reviewed, modified and removed by policy.
    RULE = {
        code: "RM601", name: "exception-baked-in", family: Exceptions, severity: Error, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-6(7)", "NIST CSF 2.0 PR.AA-05", "ISO/IEC 27001:2022 A.5.18"],
        aliases: ["baked-in-exception"], since: "0.1.0", check: check,
    }
}

/// From this share of the holders on, the exceptions made the pattern: 20%.
const TOO_MANY: Percent = Percent(2000);

/// So many of them are named.
const WITNESSES: usize = 3;

/// So many roles that inherit it are shown.
const HEIRS: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for it in supported(context) {
        let is_pattern = TOO_MANY.met_by(it.by_exception.len() as u64, it.granted.held.into());
        let Some(role) = context.compilation.roles.get(it.role) else { continue };
        if is_pattern || !it.stays() {
            let severity = if is_pattern { RULE.severity } else { Severity::Warning };
            found.push(finding(context, role, &it).severity(severity).rests_on_lineage(context));
        }
    }
}

fn finding(context: &Context<'_>, role: &CandidateRole, it: &Supported<'_>) -> Finding {
    let entitlement = it.granted.entitlement;
    let (held, of, exceptional) = (u64::from(it.granted.held), u64::from(it.granted.of), it.by_exception.len() as u64);
    let verb = if exceptional == 1 { "holds" } else { "hold" };
    let message = Phrase::new("role ")
        .role(&role.handle)
        .text(" grants ")
        .entitlement(entitlement)
        .text(format!(", which {exceptional} of its {held} holders {verb} by exception only"));
    let shown = || it.by_exception.iter().take(WITNESSES);
    let heirs = inherited(context, it);
    let finding = RULE
        .finding(
            Subject::role(role),
            message,
            "mine without exceptions (`exclude assignments where exception because \"…\"`), or end them and grant the right properly",
        )
        .entitlements([entitlement])
        .count("holders by exception", exceptional, Some(held))
        .evidence(Evidence::Support { entitlement, held, of })
        .note(Phrase::new(it.outcome()));
    let finding = match heirs.len() {
        0 => finding,
        1 => finding.note(Phrase::new("one role inherits it")),
        many => finding.note(Phrase::new(format!("{many} roles inherit it"))),
    };
    finding
        .evidences(heirs.into_iter().take(HEIRS))
        .evidences(shown().map(|&(identity, basis)| Evidence::Note(why(context, identity, basis))))
        .evidences(shown().map(|&(identity, basis)| trace(context, it, identity, basis)))
}

fn why(context: &Context<'_>, identity: IdentityId, basis: Basis) -> Phrase {
    let phrase = Phrase::default().identity(identity);
    match basis {
        Basis::Recorded(index) => {
            let Some(exception) = context.snapshot.exceptions.get(index) else { return phrase };
            let reason = exception.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            let until =
                exception.expires_at.map_or_else(|| " without an end".to_owned(), |end| format!(" until {end}"));
            phrase.text(" by exception ").node(Node::Exception(exception.id.clone())).text(format!("{until}{reason}"))
        }
        Basis::Unrecorded(Some(end)) => phrase.text(format!(" until {end}, as its source has it; there is no record")),
        Basis::Member(way) => {
            let group = first_group(context.snapshot, way).unwrap_or_default().to_owned();
            phrase.text(" by being in ").node(Node::Group(group)).text(", which its source calls an exception")
        }
        Basis::Unrecorded(None) => phrase.text(" by what its source calls an exception; there is no record"),
    }
}
