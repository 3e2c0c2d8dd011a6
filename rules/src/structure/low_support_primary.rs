use adit_compiler::{
    roles::{CandidateRole, Granted, RoleOrigin},
    spec::Percent,
};

use crate::{Confidence, Evidence, Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role grants what too few of its members hold.
    ///
    /// ## What it finds
    /// An entitlement that fewer of a role's members hold, of at least five, than a cut-off asks for: of a role that people wrote, the lowest `primary at
    /// least` of the spec; of a mined one, half of them, whatever its block says. Child roles are left alone: they are for what fewer have.
    ///
    /// It is a warning. A mined role cannot fall under its own cut-off, and what people write they may mean.
    ///
    /// ## Why it matters
    /// The support is all the evidence there is that the job needs an entitlement. Where most do the job without it, the role gives it to them all the
    /// same, and to everyone who comes.
    ///
    /// ## Example
    /// ```adit
    /// role ap-clerk {
    ///   grants sap.tcode "FB60", sap.tcode "F110"    // nine of ten clerks enter invoices; two run payments
    ///   where  title == "AP Clerk"
    /// }
    /// ```
    ///
    /// ## What to do
    /// Take the entitlement out of the role, and leave it to those who have it; or make a role of its own for them. In a mining block, raise the cut-off: what
    /// falls between it and `secondary at least` goes into a child role.
    ///
    /// ## When to waive it
    /// Where the access is new and everyone is to get it: with the decision that says so.
    ///
    /// ## What it cannot see
    /// Roles of fewer than five members. What the few who hold it do with it.
    ///
    /// ## References
    /// - Oracle Identity Analytics 11gR1 User's Guide, Role Engineering: an entitlement below the cut-off percentage is no part of the primary policy.
    /// - NIST SP 800-53 r5 AC-6: access is what the task needs and no more.
    RULE = {
        code: "RM405", name: "low-support-primary", family: Structure, severity: Warning, confidence: High, waivable: true,
        references: [
            "Oracle Identity Analytics 11gR1 User's Guide, Role Engineering", "NIST SP 800-53 r5 AC-6",
        ],
        aliases: ["RM-405"], since: "0.1.0", check: check,
    }
}

/// Of fewer members a share says nothing.
const ENOUGH: u32 = 5;

/// What fewer than half have is nobody's job.
const HALF: Percent = Percent(5_000);

/// Entitlements whose support is shown.
const SHOWN: usize = 5;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (_, role) in context.proposed() {
        let (line, confidence) = match role.origin {
            RoleOrigin::Primary { .. } | RoleOrigin::Existing { .. } => (HALF, Confidence::High),
            // Whoever writes a role may know more than the data.
            RoleOrigin::Declared { .. } => (lowest_cutoff(context), Confidence::Medium),
            RoleOrigin::Secondary { .. } => continue,
        };
        // What an existing role grants and nobody looks at is not for this build to judge.
        let is_judged = |granted: &&Granted| role.change().is_none() || granted.margin.is_some();
        let below = |granted: &&Granted| {
            granted.of >= ENOUGH && granted.held > 0 && !line.met_by(granted.held.into(), granted.of.into())
        };
        let mut low: Vec<&Granted> = role.grants.iter().filter(is_judged).filter(below).collect();
        low.sort_by_key(|granted| (granted.held, granted.entitlement));
        if !low.is_empty() {
            found.push(finding(role, &low, line).confidence(confidence));
        }
    }
}

/// The lowest line that the spec draws, half of them where it draws none.
fn lowest_cutoff(context: &Context<'_>) -> Percent {
    context.spec.minings.iter().map(|mining| mining.cutoff.primary).min().unwrap_or(HALF)
}

fn finding(role: &CandidateRole, low: &[&Granted], line: Percent) -> Finding {
    let role_grants = Phrase::new("role ").role(&role.handle).text(" grants ");
    let message = match low {
        [one] => role_grants
            .entitlement(one.entitlement)
            .text(format!(", which {} of its {} members hold: less than {line}", one.held, one.of)),
        many => role_grants.text(format!("{} entitlements that less than {line} of its members hold", many.len())),
    };
    let finding = RULE
        .finding(Subject::role(role), message, "leave it to those who have it, or give them a role of their own")
        .entitlements(low.iter().map(|granted| granted.entitlement))
        .evidences(low.iter().take(SHOWN).map(|granted| Evidence::Support {
            entitlement: granted.entitlement,
            held: granted.held.into(),
            of: granted.of.into(),
        }));
    match low.len().saturating_sub(SHOWN) {
        0 => finding,
        more => finding.note(Phrase::new(format!("and {more} more"))),
    }
}
