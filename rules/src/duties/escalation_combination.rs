use super::{
    patterns::{self, Escalation, Met, Who},
    wording,
};
use crate::{Evidence, Finding, Phrase, Severity, context::Context, graph::Holder, rule::declare_rule};

declare_rule! {
    /// A role holds a well-known combination that makes more rights out of the ones it has.
    ///
    /// ## What it finds
    /// A candidate role, a role of the spec, an existing role or a group whose entitlements, inherited ones included, meet a pattern of a
    /// rule pack the spec uses (`use pack "aws-escalation"`). A pattern is met when every one of its sides is. What is held may be a
    /// wildcard: `iam:*` has everything that `iam:*` stands for. Where one wildcard alone meets several patterns of a pack, they are one
    /// finding. The message names the pattern, which for AWS is the number of the method in the published list.
    ///
    /// It is an error for candidate roles. Existing roles and groups are what they are, and administrators exist: there it is a
    /// warning, and reported where it comes from, not again for everything nested below.
    ///
    /// ## Why it matters
    /// Whoever can attach a policy, pass a role to a machine they start, or reset an administrator's password has every right those
    /// have, whatever the role's name says. Mined into a role, the shortcut is handed to everyone who joins.
    ///
    /// ## Example
    /// ```adit
    /// use pack "aws-escalation" for aws.action
    ///
    /// role deployer {
    ///   grants aws.action "iam:PassRole", aws.action "lambda:*"
    /// }
    /// ```
    /// A deployer creates a function that runs as any role that may be passed, and calls it.
    ///
    /// ## What to do
    /// Take one side out of the role, or bind it to what it needs: `iam:PassRole` on named roles only, as an entitlement of its own. Give
    /// what is left over on request, for hours, not as a role.
    ///
    /// ## When to waive it
    /// For a role that is meant to administer the platform, with few members and every use recorded.
    ///
    /// ## What it cannot see
    /// Packs of business duties, such as `sap-procure-to-pay`: their patterns are duties like those of the spec, and RM501, RM502 and RM503 hold
    /// every role and everybody to them. Whoever gathers a pattern over several roles, or holds it outside of any: RM512 finds them. Conditions
    /// and resources of a policy, denials, and permission boundaries: an action counts as held wherever it is allowed. Packs are as good as
    /// their sources, and say which those are.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6: only the accesses that assigned tasks need are allowed.
    /// - NIST SP 800-53 r5 AC-6(10): non-privileged users are kept from executing privileged functions.
    /// - OWASP NHI5:2025: overprivileged non-human identities.
    /// - NIST SP 800-207 tenet 4: access is determined by dynamic policy.
    RULE = {
        code: "RM504", name: "escalation-combination", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-6",
            "NIST SP 800-53 r5 AC-6(10)",
            "OWASP NHI5:2025",
            "NIST SP 800-207 tenet 4",
        ],
        aliases: ["privilege-escalation"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for escalation in patterns::in_use(context) {
        for holder in context.graph.holders() {
            let mut met = escalation.met_by(context.graph.effective(holder));
            if !matches!(holder, Holder::Role(_)) && !met.is_empty() {
                let above = met_above(context, &escalation, holder);
                met.retain(|met| !above.contains(&met.pattern.id.as_str()));
            }
            met.sort_by_key(|met| (escalation.wildcard(met), &met.pattern.id));
            let (by_wildcard, single): (Vec<_>, Vec<_>) =
                met.into_iter().partition(|met| escalation.wildcard(met).is_some());
            found.extend(single.iter().map(|met| escalation.finding(&RULE, context, Who::Holder(holder), met)));
            let by_wildcard = by_wildcard.chunk_by(|a, b| escalation.wildcard(a) == escalation.wildcard(b));
            found.extend(by_wildcard.map(|met| all_by_wildcard(context, &escalation, holder, met)));
        }
    }
}

/// The patterns that are reported where a group or existing role has them from.
fn met_above(context: &Context<'_>, escalation: &Escalation<'_>, holder: Holder) -> Vec<&'static str> {
    let graph = context.graph;
    let parents = graph.parents(holder).into_iter().filter(|&parent| !graph.passes_to(holder, parent));
    let met = parents.flat_map(|parent| escalation.met_by(graph.effective(parent)));
    met.map(|met| met.pattern.id.as_str()).collect()
}

/// All that a group or role meets by one wildcard is one finding.
fn all_by_wildcard(context: &Context<'_>, escalation: &Escalation<'_>, holder: Holder, met: &[Met]) -> Finding {
    let held = met.first().and_then(Met::alone);
    let message = wording::begin(context, holder).text(" can escalate ");
    let message = match met {
        [only] => message.text(format!("by {}", patterns::line(only.pattern))),
        _ => message.text(format!("in {} ways of pack `{}`", met.len(), escalation.name())),
    };
    let path = held.and_then(|held| context.graph.path(holder, &[held])).map(Evidence::Path);
    RULE.finding(
        wording::subject(context, holder, escalation.name()),
        held.into_iter().fold(message.text(", all through "), Phrase::entitlement),
        "replace the wildcard by the actions that the role needs, or leave it out of roles and give it on request",
    )
    .severity(if matches!(holder, Holder::Role(_)) { Severity::Error } else { Severity::Warning })
    .entitlements(held)
    .at(escalation.span())
    .evidences(path)
    .evidences(met.iter().map(|met| Evidence::Note(Phrase::new(patterns::line(met.pattern)))))
    .note(escalation.source())
}
