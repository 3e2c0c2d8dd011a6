use std::{cmp::Reverse, collections::BTreeMap};

use adit_snapshots::{EntitlementId, IdentityId};
use jiff::{ToSpan as _, civil::Date};

use crate::{
    Confidence, Finding, Node, Phrase, Subject,
    context::{Context, Seen},
    rule::declare_rule,
    words::counted,
};

declare_rule! {
    /// Access is standing that is needed now and then.
    ///
    /// ## What it finds
    /// A privileged entitlement (its `tier` or its flag `privileged` says so) that holders use on fewer than one day in ten of those that were
    /// observed, thirty at least. And access that one identity was granted as an exception three times or more within the twelve months before the
    /// extraction. Break-glass identities are left alone: theirs is meant to be standing and unused.
    ///
    /// Where there are more than five such entitlements of one application, that is one finding on the application, with those first that
    /// most holders hardly use.
    ///
    /// ## Why it matters
    /// Privilege that is used on three days of ninety lies open on the other eighty-seven. An exception that comes back every quarter
    /// is a task without a process.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,entitlement_id,use_count,window_days
    /// u-0417,vault:db-admin,4,90
    /// ```
    ///
    /// ## What to do
    /// Make it eligible instead of standing: granted on request for hours, and taken away by itself. Or remove it.
    ///
    /// ## When to waive it
    /// Where the system knows no temporary access, with the control that stands in for it.
    ///
    /// ## What it cannot see
    /// Privilege that the catalogue does not call so; use of applications that nobody observes. It counts uses, not days: access used
    /// often on a single day passes for access used on many.
    ///
    /// ## References
    /// - NIST SP 800-207 tenet 3: access to a resource is granted for the session.
    /// - NIST SP 800-53 r5 AC-2(6): privileges are managed dynamically.
    /// - NIST SP 800-53 r5 AC-6: access is what the task needs and no more.
    /// - OWASP NHI5:2025: overprivileged non-human identities.
    RULE = {
        code: "RM604", name: "jit-candidate", family: Exceptions, severity: Warning, confidence: Medium, waivable: true,
        references: [
            "NIST SP 800-207 tenet 3", "NIST SP 800-53 r5 AC-2(6)", "NIST SP 800-53 r5 AC-6", "OWASP NHI5:2025",
        ],
        aliases: ["RM-604"], since: "0.1.0", check: check,
    }
}

const HELP: &str = "make it eligible on request for a limited time, instead of standing; or remove it";

/// Fewer observed days tell nothing about rare use.
const WINDOW: i64 = 30;

/// So many exceptions within a year are a habit.
const HABIT: usize = 3;

/// More such entitlements than that of one application are one finding.
const MANY: usize = 5;

/// So many holders, and so many of many entitlements, are named.
const SHOWN: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    rarely_used(context, found);
    excepted_again(context, found);
}

/// Holders of an entitlement, and those among them who hardly use it, with how often they did.
#[derive(Default)]
struct Holders {
    all: u64,
    rare: Vec<(IdentityId, u64)>,
}

fn rarely_used(context: &Context<'_>, found: &mut Vec<Finding>) {
    let Some(usage) = context.usage().filter(|usage| usage.days >= WINDOW) else { return };
    let privileged: Vec<bool> =
        context.snapshot.entitlements.iter().map(|entitlement| context.is_privileged(entitlement)).collect();
    let days = u64::try_from(usage.days).unwrap_or(0);
    let mut by_entitlement: BTreeMap<EntitlementId, Holders> = BTreeMap::new();
    for identity in context.snapshot.identities.iter() {
        let held = context.snapshot.assignments.held(identity).iter().copied();
        let mut held = held.filter(|held| privileged.get(held.0 as usize) == Some(&true)).peekable();
        if held.peek().is_none() || context.is_break_glass(identity) || !context.is_active(identity) {
            continue;
        }
        for entitlement in held {
            let holders = by_entitlement.entry(entitlement).or_default();
            holders.all += 1;
            let count = match usage.of_assignment(context.snapshot, identity, entitlement) {
                Seen::Used { count, .. } => count,
                Seen::Unused => 0,
                Seen::Unknown => continue,
            };
            if count.saturating_mul(10) < days {
                holders.rare.push((identity, count));
            }
        }
    }
    let mut rare: Vec<(EntitlementId, Holders)> =
        by_entitlement.into_iter().filter(|(_, holders)| !holders.rare.is_empty()).collect();
    rare.sort_by_key(|(entitlement, holders)| (Reverse(holders.rare.len()), *entitlement));
    let mut by_application: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    for (entitlement, holders) in rare {
        let [application, ..] = context.snapshot.entitlements.parts(entitlement);
        by_application.entry(application).or_default().push(hardly_used(context, entitlement, &holders, days));
    }
    for (application, findings) in by_application {
        if findings.len() > MANY {
            let subject = Subject::Application(application.to_owned());
            found.push(Finding::together(context, subject, findings, together));
        } else {
            found.extend(findings);
        }
    }
}

fn hardly_used(context: &Context<'_>, entitlement: EntitlementId, holders: &Holders, days: u64) -> Finding {
    let who = match holders.rare.as_slice() {
        [(one, _)] => Phrase::default().identity(*one).text(" uses"),
        many => Phrase::new(format!("{} of {} holders use", many.len(), holders.all)),
    };
    let finding = RULE
        .finding(
            Subject::Entitlement(entitlement),
            who.text(" privileged ").entitlement(entitlement).text(" on fewer than one day in ten"),
            HELP,
        )
        .count("holders who hardly use it", holders.rare.len() as u64, Some(holders.all))
        .count("days observed", days, None);
    let everyone = holders.rare.iter().map(|&(identity, _)| identity);
    let shared = context.graph.dominator_today(everyone, &[entitlement]).filter(|_| holders.rare.len() > 1);
    let finding = match shared {
        Some(holder) => {
            let holder = context.graph.holder_name(holder);
            let phrase = Phrase::new("everyone who hardly uses it has it through ").node(holder.clone());
            finding.through(holder, phrase)
        }
        None => finding,
    };
    holders.rare.iter().take(SHOWN).fold(finding, |finding, (identity, count)| {
        let times = match count {
            0 => " did not use it".to_owned(),
            1 => " used it once".to_owned(),
            many => format!(" used it {many} times"),
        };
        finding.note(Phrase::default().identity(*identity).text(times))
    })
}

/// Entitlements of one application that hardly anybody uses.
fn together(context: &Context<'_>, application: Subject, parts: &[Finding]) -> Finding {
    let entitlements = &context.snapshot.entitlements;
    let is_its = |id: &EntitlementId| Some(entitlements.parts(*id)[0]) == application.name();
    let all = entitlements.iter().filter(is_its).filter(|&id| context.is_privileged(id)).count();
    let message = format!(
        "{} of `{}` {} holders who use {} on fewer than one day in ten",
        counted(parts.len(), "privileged entitlement", "privileged entitlements"),
        application.name().unwrap_or_default(),
        if parts.len() == 1 { "has" } else { "have" },
        if parts.len() == 1 { "it" } else { "them" }
    );
    let finding = RULE.finding(application, Phrase::new(message), HELP).count(
        "privileged entitlements that holders hardly use",
        parts.len() as u64,
        Some(all as u64),
    );
    parts.iter().take(SHOWN).fold(finding, |finding, part| finding.note(part.message.clone()))
}

fn excepted_again(context: &Context<'_>, found: &mut Vec<Finding>) {
    let extracted = context.snapshot.manifest.extracted;
    let since = extracted.checked_sub(1.year()).unwrap_or(Date::MIN);
    let mut by_assignment: BTreeMap<(IdentityId, EntitlementId), Vec<(Date, &str)>> = BTreeMap::new();
    for exception in &context.snapshot.exceptions {
        if let Some(day) = exception.granted_at.filter(|&day| day > since && day <= extracted) {
            let key = (exception.identity, exception.entitlement);
            by_assignment.entry(key).or_default().push((day, &exception.id));
        }
    }
    for ((identity, entitlement), mut exceptions) in by_assignment {
        if exceptions.len() < HABIT {
            continue;
        }
        exceptions.sort_unstable();
        let message = Phrase::default()
            .identity(identity)
            .text(" was granted ")
            .entitlement(entitlement)
            .text(format!(" as an exception {} times within a year", exceptions.len()));
        let finding = RULE
            .finding(
                Subject::Assignment(identity, entitlement),
                message,
                "give the task a process: access on request for a limited time, instead of one exception after the other",
            )
            .confidence(Confidence::High);
        found.push(exceptions.iter().fold(finding, |finding, (day, id)| {
            finding.note(Phrase::new("exception ").node(Node::Exception((*id).to_owned())).text(format!(" of {day}")))
        }));
    }
}
