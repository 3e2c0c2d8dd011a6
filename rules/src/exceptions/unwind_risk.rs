mod removals;

use std::collections::{BTreeMap, BTreeSet};

use adit_snapshots::{EntitlementId, IdentityId};
use jiff::{ToSpan as _, civil::Date};

use self::removals::{Loss, Removal, removals};
use crate::{
    Evidence, Finding, Node, Phrase, Severity, Subject,
    context::Context,
    graph::{Cut, Holder},
    rule::declare_rule,
    words::counted,
};

declare_rule! {
    /// What is about to be taken away is in daily use.
    ///
    /// ## What it finds
    /// Groups and existing roles that are to be taken away, wholly or from somebody, and on which access hangs that was used within the last
    /// 30 days. What is to be taken away is
    ///
    /// - what RM502 and RM503 say ends a conflict: the group or role that all ways to one of the duties lead through; where duties are counted
    ///   per account, that group from that account alone;
    /// - what the last `provisioning.json` gave with `when lost remove`, and the build of today does not give any more, because the
    ///   role was withdrawn or somebody is not a member any more; as far as the snapshot has a role of that name.
    ///
    /// With `R(i)` for what identity `i` reaches today, directly, by recorded ways, through groups and through existing roles, and `R'(i)` for
    /// what it would still reach after the cut, or by a candidate role that is approved, it counts
    ///
    /// ```text
    /// lost(i) = R(i) \ R'(i)        at risk = { (i, e) : e in lost(i), last use of e by i within 30 days before the extraction }
    /// ```
    ///
    /// and reports the group or role where anything is at risk: who would lose what, by which way they have it, when they last used it, what
    /// else has the group or role, and, for a conflict, whether another cut ends it on which nothing in use hangs. Then it is only good to know.
    ///
    /// ## Why it matters
    /// Inherited access is taken away in one step, by whoever looked at one duty. The same group brought ten other rights. If one of them
    /// was needed this morning, the clean-up is rolled back this afternoon, and nobody dares to try again.
    ///
    /// ## Example
    /// Rose creates vendors, and pays through `GG-AP-Clerks`. Taking her out of that group ends the conflict, and takes away `FB60` too, which she
    /// used yesterday.
    /// ```csv
    /// identity_id,entitlement_id,last_used_at,use_count
    /// u-1001,sap:FB60,2026-09-30,212
    /// ```
    ///
    /// ## What to do
    /// Unwind in stages: give those who are named what they use by a role of its own or on request, then take the group away, and keep the list of
    /// this finding at hand until nobody has asked for 30 days. Where another cut ends the same conflict without a loss, make that one.
    ///
    /// ## When to waive it
    /// While the replacement is on its way, until the day of the change.
    ///
    /// ## What it cannot see
    /// Use that no source recorded entitlement by entitlement; what is used once a quarter; jobs that run under somebody's name and are seen by
    /// nobody. Access whose way no source says counts as standing by itself. Where origins are missing (RM106) it is less sure.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CM-3(2): changes are tested and validated before they are carried out.
    RULE = {
        code: "RM606", name: "unwind-risk", family: Exceptions, severity: Warning, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 CM-3(2)"],
        aliases: ["RM-606"], since: "0.1.0", check: check,
    }
}

/// What was used so long ago is still in use.
const RECENT: i64 = 30;

/// So many entitlements are told.
const SHOWN: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    if context.snapshot.usage.is_none() {
        return;
    }
    let since = context.extracted("usage").checked_sub(RECENT.days()).unwrap_or(Date::MIN);
    let mut by_holder: BTreeMap<Holder, Vec<(Removal, Vec<Loss>)>> = BTreeMap::new();
    for (removal, lost) in removals(context, since) {
        by_holder.entry(removal.cut.at()).or_default().push((removal, lost));
    }
    found.extend(by_holder.into_iter().map(|(at, removals)| finding(context, at, &removals)));
}

fn finding(context: &Context<'_>, at: Holder, removals: &[(Removal, Vec<Loss>)]) -> Finding {
    let lost: BTreeSet<Loss> = removals.iter().flat_map(|(_, lost)| lost).copied().collect();
    let losers: BTreeSet<IdentityId> = lost.iter().map(|loss| loss.identity).collect();
    let what: BTreeSet<EntitlementId> = lost.iter().map(|loss| loss.entitlement).collect();
    let name = context.graph.holder_name(at);
    let (kind, subject) = match &name {
        Node::Group(id) => ("group ", Subject::Group(id.clone())),
        Node::ExistingRole(id) => ("existing role ", Subject::ExistingRole(id.clone())),
        _ => ("role ", Subject::Spec("role", String::new())),
    };
    let steps: BTreeSet<Step> = removals.iter().map(|(removal, _)| Step::of(removal.cut)).collect();
    let begin = match steps.first() {
        Some(Step::Away) | None => "taking away ",
        Some(Step::Accounts) => "taking accounts out of ",
        Some(Step::Off(_)) => "cutting inheritance of ",
    };
    let message = Phrase::new(format!("{begin}{kind}")).node(name.clone()).text(" would cost ");
    let message = match losers.iter().next() {
        Some(&only) if losers.len() == 1 => message.identity(only),
        _ => message.text(counted(losers.len(), "identity", "identities")),
    };
    let message = message
        .text(format!(" {} in use, which nothing else gives", counted(what.len(), "entitlement", "entitlements")));
    let safe = removals.iter().all(|(removal, _)| removal.instead.is_some());
    let help = if safe {
        "settle it the other way; or give them what they use by a role of its own first, then take this away"
    } else {
        "unwind in stages: give them what they use by a role of its own or on request, then take this away, and watch for 30 days"
    };
    let mut finding = RULE.finding(subject, message, help).severity(if safe { Severity::Info } else { RULE.severity });
    for ((step, duties), cuts) in reasons(removals) {
        finding = finding.note(reason(context, step, duties, &cuts));
    }
    for &entitlement in what.iter().take(SHOWN) {
        let users: Vec<&Loss> = lost.iter().filter(|loss| loss.entitlement == entitlement).collect();
        let path = users.first().and_then(|loss| context.graph.path_today(loss.identity, &[entitlement]));
        let last = users.iter().map(|loss| loss.last).max().map(|last| format!(", last on {last}")).unwrap_or_default();
        let by = match users.as_slice() {
            [only] => Phrase::new(" by ").identity(only.identity),
            many => Phrase::new(format!(" by {} of them", many.len())),
        };
        let used = Phrase::default().entitlement(entitlement).text(" is used").phrase(by).text(last);
        finding = finding.evidences(path.map(Evidence::Path)).note(used);
    }
    let affected: BTreeSet<IdentityId> = removals.iter().flat_map(|(removal, _)| &removal.from).copied().collect();
    finding =
        finding.count("identities that would lose what they use", losers.len() as u64, Some(affected.len() as u64));
    let (members, heirs) = (context.graph.members(at).len(), context.graph.heirs(at).len());
    if heirs > 0 {
        let them = counted(heirs, "group or role has it too", "groups and roles have it too");
        finding = finding
            .note(Phrase::new(format!("{them}, and {}", counted(members, "identity in all", "identities in all"))));
    } else if members > affected.len() {
        let others = counted(
            members - affected.len(),
            "other identity has it, and keeps it",
            "other identities have it, and keep it",
        );
        finding = finding.note(Phrase::new(others));
    }
    let mut instead: BTreeMap<Cut, BTreeSet<IdentityId>> = BTreeMap::new();
    for (removal, _) in removals {
        if let Some(other) = removal.instead {
            instead.entry(other).or_default().extend(&removal.from);
        }
    }
    finding
        .evidences(instead.iter().map(|(&other, of)| Evidence::Note(settles(context, other, of))))
        .rests_on_lineage(context)
}

/// ``for `u-2`, taking away `GG-Vendors` settles it too, and nothing in use hangs on that``
fn settles(context: &Context<'_>, other: Cut, of: &BTreeSet<IdentityId>) -> Phrase {
    let phrase = match of.first() {
        Some(&only) if of.len() == 1 => Phrase::new("for ").identity(only),
        _ => Phrase::new(format!("for {} identities", of.len())),
    };
    let (way, holder) = match other {
        Cut::Holder(holder) => (", taking away ", holder),
        Cut::Between { above, .. } => (", cutting it off from ", above),
        Cut::Account { group, .. } => (", taking the account out of ", Holder::Group(group)),
    };
    phrase.text(way).node(context.graph.holder_name(holder)).text(" settles it too, and nothing in use hangs on that")
}

/// What is to be done at a group or role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// It is taken away from somebody.
    Away,
    /// Accounts are taken out of it.
    Accounts,
    /// It is cut off from another one.
    Off(Holder),
}

impl Step {
    fn of(cut: Cut) -> Self {
        match cut {
            Cut::Holder(_) => Self::Away,
            Cut::Account { .. } => Self::Accounts,
            Cut::Between { above, .. } => Self::Off(above),
        }
    }
}

/// Each step with the duties it is to settle, and the cuts that it is, one for each conflict in them; no duties for a role that was lost.
fn reasons(removals: &[(Removal, Vec<Loss>)]) -> BTreeMap<(Step, Option<usize>), Vec<Cut>> {
    let mut reasons: BTreeMap<_, Vec<Cut>> = BTreeMap::new();
    for (removal, _) in removals {
        reasons.entry((Step::of(removal.cut), removal.duties)).or_default().push(removal.cut);
    }
    reasons
}

fn reason(context: &Context<'_>, step: Step, duties: Option<usize>, cuts: &[Cut]) -> Phrase {
    let Some(duties) = duties.and_then(|duties| context.spec.duties.get(duties)) else {
        return Phrase::new(
            "the last build gave it with `when lost remove`, and this one does not give it to them any more",
        );
    };
    let phrase = match step {
        Step::Away => Phrase::new("taking it away"),
        Step::Accounts => taking_out(context, cuts),
        Step::Off(above) => Phrase::new("cutting it off from ").node(context.graph.holder_name(above)),
    };
    let conflicts = counted(cuts.len(), "conflict", "conflicts");
    phrase.text(format!(" is to end {conflicts} in duties ")).node(Node::Duties(duties.name.clone()))
}

/// ``taking `adm-rose` out of it``, or how many accounts.
fn taking_out(context: &Context<'_>, cuts: &[Cut]) -> Phrase {
    let accounts: BTreeSet<u32> = cuts
        .iter()
        .filter_map(|cut| match cut {
            Cut::Account { account, .. } => Some(*account),
            Cut::Holder(_) | Cut::Between { .. } => None,
        })
        .collect();
    let only = accounts.first().filter(|_| accounts.len() == 1);
    match only.and_then(|&account| context.snapshot.accounts.rows.get(account as usize)) {
        Some(account) => Phrase::new("taking ").node(Node::Account(account.id.clone())).text(" out of it"),
        None => Phrase::new(format!("taking {} out of it", counted(accounts.len(), "account", "accounts"))),
    }
}
