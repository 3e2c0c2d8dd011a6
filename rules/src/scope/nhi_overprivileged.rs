use adit_compiler::spec::Percent;
use adit_snapshots::{EntitlementId, IdentityId};

use crate::{
    Confidence, Finding, Phrase, Subject,
    context::{Context, Seen},
    rule::declare_rule,
};

declare_rule! {
    /// A machine has more access than it uses.
    ///
    /// ## What it finds
    /// An active non-human identity that holds at least four entitlements of applications whose use was observed for 90 days or more, and did not use more than
    /// half of them; and one that holds a wildcard (`*`, or a value that ends in `:*`) or privileged access.
    ///
    /// ## Why it matters
    /// A machine does the same every day. What it did not use in a quarter it does not need; whoever steals its secret gets it all the same.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,entitlement_id
    /// svc-backup,aws:s3:*
    /// ```
    ///
    /// ## What to do
    /// Take away what it does not use. Replace the wildcard by the actions that were seen.
    ///
    /// ## When to waive it
    /// For a machine that acts once a year, such as at year end, or whose wildcard its vendor demands, with its owner.
    ///
    /// ## What it cannot see
    /// Use that nobody records; access that is used and not needed.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    /// - NIST SP 800-207 tenet 3: access to a resource is granted for the session.
    /// - NIST SP 800-53 r5 AC-6: access is what the task needs and no more.
    /// - NIST SP 800-53 r5 AC-6(7): privileges are reviewed to validate the need for them.
    /// - OWASP NHI5:2025: overprivileged non-human identities.
    RULE = {
        code: "RM308", name: "nhi-overprivileged", family: Scope, severity: Warning, confidence: Medium, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-05", "NIST SP 800-207 tenet 3", "NIST SP 800-53 r5 AC-6", "NIST SP 800-53 r5 AC-6(7)", "OWASP NHI5:2025",
        ],
        aliases: ["RM-308"], since: "0.1.0", check: check,
    }
}

/// Shorter observation says nothing about what happens once a month.
const WINDOW: i64 = 90;

/// Of fewer, half is no habit.
const ENOUGH: u64 = 4;

/// More unused than that is too much: half.
const HALF: Percent = Percent(5_000);

/// So many are named.
const SHOWN: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for identity in context.snapshot.identities.iter() {
        if context.is_machine(identity) && context.is_active(identity) {
            found.extend(finding(context, identity));
        }
    }
}

fn finding(context: &Context<'_>, identity: IdentityId) -> Option<Finding> {
    let held = context.snapshot.assignments.held(identity);
    let far: Vec<EntitlementId> =
        held.iter().copied().filter(|&held| is_wildcard(context, held) || context.is_privileged(held)).collect();
    let (unused, observed) = unused(context, identity);
    let idle = observed >= ENOUGH && HALF.exceeded_by(unused.len() as u64, observed);
    let mut words = Vec::new();
    if !far.is_empty() {
        words.push("holds privileged access or a wildcard".to_owned());
    }
    if idle {
        words.push("did not use more than half of what it holds in 90 days".to_owned());
    }
    if words.is_empty() {
        return None;
    }
    let mut finding = RULE.finding(
        Subject::Identity(identity),
        Phrase::new("identity ").identity(identity).text(format!(" {}", words.join(", and "))),
        "take away what it does not use, and replace wildcards by the actions it needs",
    );
    if idle {
        finding = finding.count("entitlements not used", unused.len() as u64, Some(observed));
        finding = unused
            .iter()
            .take(SHOWN)
            .fold(finding, |finding, &held| finding.note(Phrase::new("not used: ").entitlement(held)));
    }
    // A wildcard is more than any machine needs; one privileged right may be just what it is for.
    if far.iter().any(|&held| is_wildcard(context, held)) || (idle && !far.is_empty()) {
        finding = finding.confidence(Confidence::High);
    }
    Some(
        far.iter()
            .take(SHOWN)
            .fold(finding, |finding, &held| finding.note(Phrase::new("far-reaching: ").entitlement(held))),
    )
}

/// What it did not use, and how much of what it holds was observed.
fn unused(context: &Context<'_>, identity: IdentityId) -> (Vec<EntitlementId>, u64) {
    let Some(usage) = context.usage().filter(|usage| usage.days >= WINDOW) else { return (Vec::new(), 0) };
    let (mut unused, mut observed) = (Vec::new(), 0);
    for &held in context.snapshot.assignments.held(identity) {
        match usage.of_assignment(context.snapshot, identity, held) {
            Seen::Unknown => continue,
            Seen::Used { .. } => {}
            Seen::Unused => unused.push(held),
        }
        observed += 1;
    }
    (unused, observed)
}

/// `*`, `s3:*`, `*:*`.
fn is_wildcard(context: &Context<'_>, held: EntitlementId) -> bool {
    let value = context.snapshot.entitlements.value.get(held.0 as usize).unwrap_or_default();
    value == "*" || value.ends_with(":*")
}
