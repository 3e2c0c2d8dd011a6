use adit_compiler::{
    packs::{self, Pack, PackKind, Pattern},
    spec::{KindName, PackUse},
};
use adit_snapshots::{EntitlementId, Snapshot};

use super::wording;
use crate::{Evidence, Finding, Node, Phrase, Severity, context::Context, graph::Holder, rule::declare_rule};

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
    /// every role and everybody to them. Conditions and resources of a policy, denials, and permission boundaries: an action counts as held wherever it is allowed. People
    /// who gather a pattern over several roles are not its business; write `duties` for that, and RM503 finds them. Packs are as good as
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

/// A pattern that a holder meets, and with what: per side the entitlement held and the value of the pattern it stands for.
struct Met<'a> {
    pattern: &'a Pattern,
    with: Vec<(EntitlementId, &'a str)>,
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for used in &context.spec.packs {
        let Some(pack) = packs::find(&used.name).filter(|pack| pack.kind == PackKind::Escalation) else { continue };
        for holder in context.graph.holders() {
            let (met, wildcards): (Vec<_>, Vec<_>) = news(context, holder, used, pack)
                .into_iter()
                .partition(|met| wildcard(context.snapshot, met).is_none());
            found.extend(met.iter().map(|met| single(context, holder, used, pack, met)));
            found.extend(
                wildcards
                    .chunk_by(|a, b| wildcard(context.snapshot, a) == wildcard(context.snapshot, b))
                    .map(|met| by_wildcard(context, holder, used, pack, met)),
            );
        }
    }
}

/// What a holder meets that is to be reported here.
fn news<'a>(context: &Context<'_>, holder: Holder, used: &PackUse, pack: &'a Pack) -> Vec<Met<'a>> {
    let mut met = met(context, holder, used, pack);
    if !matches!(holder, Holder::Role(_)) && !met.is_empty() {
        let graph = context.graph;
        for parent in graph.parents(holder).into_iter().filter(|&parent| !graph.passes_to(holder, parent)) {
            let above: Vec<_> = self::met(context, parent, used, pack).iter().map(|met| &met.pattern.id).collect();
            met.retain(|met| !above.contains(&&met.pattern.id));
        }
    }
    met.sort_by_key(|met| (wildcard(context.snapshot, met), &met.pattern.id));
    met
}

fn met<'a>(context: &Context<'_>, holder: Holder, used: &PackUse, pack: &'a Pack) -> Vec<Met<'a>> {
    let snapshot = context.snapshot;
    let held: Vec<_> = context
        .graph
        .effective(holder)
        .iter()
        .filter_map(|&held| Some((held, value(snapshot, held, &used.target)?)))
        .collect();
    if held.is_empty() {
        return Vec::new();
    }
    let meets = |pattern: &'a Pattern| {
        let with: Option<Vec<_>> = pattern
            .sides
            .iter()
            // What is written out proves more than a wildcard does, so it is looked at first.
            .map(|side| {
                let mut with = held.iter().filter_map(|&(id, value)| Some((id, value, side.met_by(value)?)));
                with.clone()
                    .find(|(_, value, _)| !is_wildcard(value))
                    .or_else(|| with.next())
                    .map(|(id, _, met)| (id, met))
            })
            .collect();
        Some(Met { pattern, with: with? })
    };
    pack.patterns.iter().filter_map(meets).collect()
}

/// The value of an entitlement, if it is of that kind.
fn value<'a>(snapshot: &'a Snapshot, entitlement: EntitlementId, kind: &KindName) -> Option<&'a str> {
    let (entitlements, row) = (&snapshot.entitlements, entitlement.0 as usize);
    let is_kind = entitlements.application.get(row) == Some(&kind.application)
        && entitlements.attribute.get(row) == Some(&kind.attribute);
    entitlements.value.get(row).filter(|_| is_kind)
}

/// The one wildcard that meets a pattern alone.
fn wildcard(snapshot: &Snapshot, met: &Met<'_>) -> Option<EntitlementId> {
    let (first, _) = *met.with.first()?;
    let text = snapshot.entitlements.value.get(first.0 as usize)?;
    (is_wildcard(text) && met.with.iter().all(|&(held, _)| held == first)).then_some(first)
}

fn is_wildcard(value: &str) -> bool {
    value.contains(['*', '?'])
}

fn single(context: &Context<'_>, holder: Holder, used: &PackUse, pack: &Pack, met: &Met<'_>) -> Finding {
    let pattern = met.pattern;
    let message = wording::begin(context, holder)
        .text(format!(" can escalate by {}: {}; risk: {}", pattern.id, pattern.title, pattern.risk));
    let mut finding = RULE
        .finding(
            wording::subject(context, holder, &pattern.id),
            message,
            "take one side out of the role, or narrow it to what the role works on",
        )
        .severity(severity(holder))
        .at(used.span);
    for (held, wanted) in &met.with {
        finding = finding.evidences(way(context, holder, *held, wanted));
    }
    finding.note(source(pack))
}

fn by_wildcard(context: &Context<'_>, holder: Holder, used: &PackUse, pack: &Pack, met: &[Met<'_>]) -> Finding {
    let held = met.first().and_then(|met| wildcard(context.snapshot, met));
    let message = wording::begin(context, holder).text(" can escalate by ");
    let message = match met {
        [only] => message.text(format!("{}: {}; risk: {}", only.pattern.id, only.pattern.title, only.pattern.risk)),
        _ => message.text(format!("{} ways of pack `{}`", met.len(), pack.name)),
    };
    let message = held.into_iter().fold(message.text(", all through "), Phrase::entitlement);
    let path = held.and_then(|held| context.graph.path(holder, &[held])).map(Evidence::Path);
    RULE.finding(
        wording::subject(context, holder, &pack.name),
        message,
        "replace the wildcard by the actions that the role needs, or leave it out of roles and give it on request",
    )
    .severity(severity(holder))
    .entitlements(held)
    .at(used.span)
    .evidences(path)
    .evidences(met.iter().map(|Met { pattern, .. }| {
        Evidence::Note(Phrase::new(format!("{}: {}; risk: {}", pattern.id, pattern.title, pattern.risk)))
    }))
    .note(source(pack))
}

/// The way to one side, and what it stands for where that is not itself.
fn way(context: &Context<'_>, holder: Holder, held: EntitlementId, wanted: &str) -> Option<Evidence> {
    let mut path = context.graph.path(holder, &[held])?;
    if context.snapshot.entitlements.value.get(held.0 as usize) != Some(wanted) {
        let is = if is_wildcard(wanted) { "is one of" } else { "stands for" };
        path.push(Node::Text(format!("{is} `{wanted}`")));
    }
    Some(Evidence::Path(path))
}

fn severity(holder: Holder) -> Severity {
    if matches!(holder, Holder::Role(_)) { Severity::Error } else { Severity::Warning }
}

fn source(pack: &Pack) -> Phrase {
    Phrase::new(format!("pack `{}`, version {}: {}", pack.name, pack.version, pack.source))
}
