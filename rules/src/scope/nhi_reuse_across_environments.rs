use adit_snapshots::{Column, EntitlementId, IdentityId};

use crate::{Confidence, Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// One machine identity works in several places that should not touch.
    ///
    /// ## What it finds
    /// An active non-human identity that holds entitlements of a production `environment` and of another one; and one whose `workloads` names
    /// more than one workload. Words for production are `prod`, `prd`, `production` and `live`; for others `dev`, `test`, `qa`, `uat`, `staging`,
    /// `sandbox`, `nonprod` and the like. What is of no environment, or of one with another name, is left alone.
    ///
    /// ## Why it matters
    /// Whoever takes over a test system finds its secret there. If the same identity works in production, they are in production. And a secret
    /// that several workloads share cannot be rotated without stopping all of them, so it never is.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,entitlement_id
    /// svc-etl,aws:s3-write-prod
    /// svc-etl,aws:s3-write-test
    /// ```
    ///
    /// ## What to do
    /// One identity per workload and environment, each with its own secret.
    ///
    /// ## When to waive it
    /// For a deployment runner whose very task is to carry changes from test to production, with its owner's word on how it is guarded.
    ///
    /// ## What it cannot see
    /// Environments that no entitlement names, workloads that nobody recorded, and secrets that are copied from one identity to another.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6: access is what the task needs and no more.
    /// - NIST SP 800-53 r5 SC-2: functions of users are apart from those of management.
    /// - ISO/IEC 27001:2022 A.8.31: development, test and production environments are separated.
    /// - OWASP NHI8:2025: environments are not isolated.
    /// - OWASP NHI9:2025: non-human identities are reused.
    RULE = {
        code: "RM306", name: "nhi-reuse-across-environments", family: Scope, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-6", "NIST SP 800-53 r5 SC-2", "ISO/IEC 27001:2022 A.8.31", "OWASP NHI8:2025",
            "OWASP NHI9:2025",
        ],
        aliases: ["RM-306"], since: "0.1.0", check: check,
    }
}

/// Words for where it counts.
const PRODUCTION: [&str; 4] = ["prod", "prd", "production", "live"];

/// Words for where it does not.
const OTHER: [&str; 17] = [
    "dev",
    "development",
    "test",
    "tst",
    "testing",
    "qa",
    "uat",
    "int",
    "integration",
    "stage",
    "staging",
    "preprod",
    "pre-prod",
    "nonprod",
    "non-prod",
    "sandbox",
    "lab",
];

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let sides = Sides::of(context);
    for identity in context.snapshot.identities.iter() {
        if !context.is_machine(identity) || !context.is_active(identity) {
            continue;
        }
        found.extend(finding(context, &sides, identity));
    }
}

/// Which entitlements are of production, and which of another environment.
struct Sides(Vec<Option<bool>>);

impl Sides {
    fn of(context: &Context<'_>) -> Self {
        let entitlements = &context.snapshot.entitlements;
        let side = |held: EntitlementId| {
            let word = entitlements.text("environment", held)?.trim();
            let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
            if is(&PRODUCTION) { Some(true) } else { is(&OTHER).then_some(false) }
        };
        Self(entitlements.iter().map(side).collect())
    }

    fn get(&self, held: EntitlementId) -> Option<bool> {
        self.0.get(held.0 as usize).copied().flatten()
    }
}

fn finding(context: &Context<'_>, sides: &Sides, identity: IdentityId) -> Option<Finding> {
    let held = context.snapshot.assignments.held(identity);
    let of = |side: bool| held.iter().copied().filter(|&held| sides.get(held) == Some(side)).collect::<Vec<_>>();
    let (production, other) = (of(true), of(false));
    let crosses = production.first().zip(other.first());
    let workloads = workloads(context, identity);
    if crosses.is_none() && workloads.len() < 2 {
        return None;
    }
    let words = match (crosses, workloads.len()) {
        (Some(_), 0 | 1) => " holds access to production and to another environment".to_owned(),
        (Some(_), many) => format!(" serves {many} workloads, in production and in another environment"),
        (None, many) => format!(" serves {many} workloads"),
    };
    let mut finding = RULE.finding(
        Subject::Identity(identity),
        Phrase::new("identity ").identity(identity).text(words),
        "give each workload and each environment an identity and a secret of its own",
    );
    if let Some((&one, &another)) = crosses {
        let used = |held| {
            let seen = context.usage().map(|usage| usage.of_assignment(context.snapshot, identity, held));
            matches!(seen, Some(crate::context::Seen::Used { .. }))
        };
        let both_used = production.iter().any(|&held| used(held)) && other.iter().any(|&held| used(held));
        finding = finding
            .count("entitlements of production", production.len() as u64, Some(held.len() as u64))
            .count("entitlements of another environment", other.len() as u64, Some(held.len() as u64))
            .note(Phrase::new("among them ").entitlement(one).text(" and ").entitlement(another));
        finding = if both_used {
            finding.note(Phrase::new("it was seen using both"))
        } else {
            finding.confidence(Confidence::Medium)
        };
    }
    Some(
        workloads.iter().fold(finding, |finding, workload| finding.note(Phrase::new(format!("workload `{workload}`")))),
    )
}

/// What its source says it serves.
fn workloads<'a>(context: &'a Context<'_>, identity: IdentityId) -> Vec<&'a str> {
    let row = identity.0 as usize;
    match context.snapshot.identities.attribute("workloads") {
        Some(Column::List { values, starts, codes }) => {
            let range = starts.get(row).zip(starts.get(row + 1));
            let codes = range.and_then(|(&from, &to)| codes.get(from as usize..to as usize)).unwrap_or(&[]);
            codes.iter().filter_map(|&code| values.get(code as usize)).map(String::as_str).collect()
        }
        Some(column) => column.text(row).into_iter().collect(),
        None => Vec::new(),
    }
}
