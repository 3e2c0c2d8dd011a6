use std::collections::{BTreeMap, BTreeSet};

use adit_compiler::packs::Pattern;
use adit_grammar::Span;
use adit_snapshots::{EntitlementId, IdentityId};
use rustc_hash::FxHashMap;

use super::patterns::{self, Escalation, Who};
use crate::{
    Evidence, Finding, Phrase, Severity, Subject,
    context::Context,
    graph::{Holder, Vertex},
    rule::declare_rule,
    words::counted,
};

declare_rule! {
    /// What one identity holds together turns into more rights, and no role or group shows it.
    ///
    /// ## What it finds
    /// An identity whose access meets a pattern of a rule pack the spec uses (`use pack "aws-escalation"`), while none of the groups and roles
    /// it is in meets that pattern alone: it gathers the sides from several of them, or holds them outside of any. All its access
    /// counts: direct, through groups, through existing roles, and through the candidate roles it would get. What one entitlement or
    /// one wildcard brings about alone is one finding for all who hold it so.
    ///
    /// It is an error where a candidate role brings one of the sides, and a warning where the identity has all of them today.
    ///
    /// ## Why it matters
    /// Reviews go role by role, and every role is harmless: one may pass roles to machines, another may start machines. Whoever has both is an
    /// administrator whom no list of administrators names. And a powerful right that was granted to a person directly is in no
    /// role that anybody would look at.
    ///
    /// ## Example
    /// ```adit
    /// use pack "aws-escalation" for aws.action
    /// ```
    /// The group `deployers` grants `iam:PassRole`, the group `operators` grants `ec2:RunInstances`, and `u-2001` is in both.
    ///
    /// ## What to do
    /// Take away the side that is needed least, often the one kept from an earlier job. What is needed now and then is given on request, for
    /// hours. A right that administrators need belongs in a role of their own, with an owner; RM504 then reports that role once
    /// instead of each of them.
    ///
    /// ## When to waive it
    /// For an administrator whose every use of it is recorded and looked at by somebody else.
    ///
    /// ## What it cannot see
    /// One person with two records that nothing links (see RM101). Conditions and resources of a policy, denials, and permission boundaries: an
    /// action counts as held wherever it is allowed. Packs are as good as their sources, and say which those are.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6: only the accesses that assigned tasks need are allowed.
    /// - NIST SP 800-53 r5 AC-6(5): privileged accounts are restricted to defined persons and roles.
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - OWASP NHI5:2025: overprivileged non-human identities.
    /// - NIST SP 800-207 tenet 4: access is determined by dynamic policy.
    RULE = {
        code: "RM512", name: "escalating-identity", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-6",
            "NIST SP 800-53 r5 AC-6(5)",
            "NIST SP 800-53 r5 AC-5",
            "OWASP NHI5:2025",
            "NIST SP 800-207 tenet 4",
        ],
        aliases: [], since: "0.1.0", check: check,
    }
}

/// How many holders of an entitlement a finding names.
const MOST_WITNESSES: usize = 5;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut by_one: BTreeMap<EntitlementId, ByOne> = BTreeMap::new();
    for escalation in patterns::in_use(context).filter(Escalation::is_about_any) {
        let through = Through::of(context, &escalation);
        for identity in context.snapshot.identities.iter() {
            let mut met = escalation.met_by(&through.reached(context, &escalation, identity));
            if met.is_empty() {
                continue;
            }
            let shown = through.met(context, identity);
            met.retain(|met| !shown.contains(&met.pattern.id.as_str()));
            for met in met {
                match met.alone() {
                    Some(alone) => by_one.entry(alone).or_insert_with(|| ByOne::new(escalation.span())).add(
                        identity,
                        met.pattern,
                        &escalation,
                    ),
                    None => found.push(escalation.finding(&RULE, context, Who::Identity(identity), &met)),
                }
            }
        }
    }
    found.extend(by_one.into_iter().map(|(held, by_one)| by_one.finding(held)));
}

/// What one entitlement brings about alone, and who holds it where no role or group shows that.
struct ByOne {
    holders: BTreeSet<IdentityId>,
    /// By id, each with its pack.
    patterns: BTreeMap<&'static str, (&'static Pattern, Phrase)>,
    /// Where the spec asks for the first pack.
    span: Span,
}

impl ByOne {
    fn new(span: Span) -> Self {
        Self { holders: BTreeSet::new(), patterns: BTreeMap::new(), span }
    }

    fn add(&mut self, holder: IdentityId, pattern: &'static Pattern, escalation: &Escalation<'_>) {
        self.holders.insert(holder);
        self.patterns.entry(&pattern.id).or_insert_with(|| (pattern, escalation.source()));
    }

    fn finding(self, held: EntitlementId) -> Finding {
        let hold = counted(self.holders.len(), "identity holds ", "identities hold ");
        let message = Phrase::new(hold).entitlement(held).text(" outside of roles and can escalate ");
        let (patterns, mut packs): (Vec<_>, Vec<_>) = self.patterns.into_values().unzip();
        packs.dedup();
        let lines: Vec<_> = patterns.into_iter().map(patterns::line).collect();
        let (message, lines) = match lines.as_slice() {
            [only] => (message.text(format!("by {only}")), Vec::new()),
            _ => (message.text(format!("in {} ways", lines.len())), lines),
        };
        RULE.finding(
            Subject::Entitlement(held),
            message,
            "give it on request, for hours, or by a role of its own that has an owner",
        )
        .severity(Severity::Warning)
        .at(self.span)
        .evidences(self.holders.into_iter().take(MOST_WITNESSES).map(Evidence::Witness))
        .evidences(lines.into_iter().map(|line| Evidence::Note(Phrase::new(line))))
        .evidences(packs.into_iter().map(Evidence::Note))
    }
}

/// What groups and roles have to do with a pack; those that have nothing are left out.
struct Through {
    grants: FxHashMap<Holder, Vec<EntitlementId>>,
    /// The patterns that each meets alone, by id.
    met: FxHashMap<Holder, Vec<&'static str>>,
}

impl Through {
    fn of(context: &Context<'_>, escalation: &Escalation<'_>) -> Self {
        let mut through = Self { grants: FxHashMap::default(), met: FxHashMap::default() };
        for holder in context.graph.holders() {
            let effective = context.graph.effective(holder).iter().copied();
            let grants: Vec<_> = effective.filter(|&entitlement| escalation.is_about(entitlement)).collect();
            if !grants.is_empty() {
                let met = escalation.met_by(&grants).into_iter().map(|met| met.pattern.id.as_str()).collect();
                through.met.insert(holder, met);
                through.grants.insert(holder, grants);
            }
        }
        through
    }

    /// All that an identity has and would have of what the pack speaks of, ascending.
    fn reached(&self, context: &Context<'_>, escalation: &Escalation<'_>, identity: IdentityId) -> Vec<EntitlementId> {
        let held = context.snapshot.assignments.held(identity).iter().copied();
        let mut reached: Vec<_> = held.filter(|&entitlement| escalation.is_about(entitlement)).collect();
        reached.extend(holders(context, identity).filter_map(|holder| self.grants.get(&holder)).flatten());
        reached.sort_unstable();
        reached.dedup();
        reached
    }

    /// The patterns that one of the groups and roles of an identity meets alone.
    fn met(&self, context: &Context<'_>, identity: IdentityId) -> Vec<&'static str> {
        holders(context, identity).filter_map(|holder| self.met.get(&holder)).flatten().copied().collect()
    }
}

fn holders(context: &Context<'_>, identity: IdentityId) -> impl Iterator<Item = Holder> {
    context.graph.memberships(identity).filter_map(Vertex::holder)
}
