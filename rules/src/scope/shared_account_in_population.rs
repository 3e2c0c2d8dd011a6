use adit_compiler::compile::Population;
use adit_snapshots::IdentityId;

use crate::{Confidence, Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// An account that several people use is mined among people.
    ///
    /// ## What it finds
    /// In a population that has people in it: an identity of a class `shared`; one whose `kind` or `employment_type` says that it is shared or
    /// generic; and, less sure, one whose id or name is one that administrators share, such as `admin`, `root` or `helpdesk`.
    ///
    /// ## Why it matters
    /// A shared account has the access of everyone who ever used it. Mined among people it looks like a person with several jobs, and
    /// the roles found through it are broader than any of them. What is done with it is done by nobody in particular.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,kind,department
    /// u-1007,employee,Finance
    /// fin-shared,shared,Finance
    /// ```
    /// with `human where department == "Finance"`.
    ///
    /// ## What to do
    /// Give shared accounts a class of their own, `shared where …`, and `separate human from shared`. Better end them: one identity each, and
    /// elevation where it is needed.
    ///
    /// ## When to waive it
    /// For a single identity that somebody looked at and that one person uses.
    ///
    /// ## What it cannot see
    /// Accounts that people share without anybody having written it down.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2(9): shared and group accounts are used only under stated conditions.
    /// - NIST SP 800-53 r5 IA-2(5): who uses a shared account is authenticated individually first.
    /// - ISO/IEC 27001:2022 A.5.16: the full life cycle of identities is managed.
    /// - PCI DSS 4.0.1 8.2.2: shared accounts are used only by exception, and every action has a person.
    RULE = {
        code: "RM303", name: "shared-account-in-population", family: Scope, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-2(9)", "NIST SP 800-53 r5 IA-2(5)", "ISO/IEC 27001:2022 A.5.16", "PCI DSS 4.0.1 8.2.2",
        ],
        aliases: ["RM-303"], since: "0.1.0", check: check,
    }
}

/// What `kind` and `employment_type` say of accounts that nobody in particular uses.
const SHARED: [&str; 10] = [
    "shared",
    "shared-account",
    "shared account",
    "shared-mailbox",
    "shared mailbox",
    "generic",
    "generic-account",
    "group-account",
    "team-account",
    "functional",
];

/// Names that are of nobody in particular, whole: what begins so may be anybody's.
const GENERIC: [&str; 14] = [
    "admin",
    "administrator",
    "root",
    "sysadmin",
    "superuser",
    "operator",
    "helpdesk",
    "servicedesk",
    "reception",
    "guest",
    "test",
    "training",
    "shared",
    "temp",
];

/// Why an identity counts as shared.
enum Sign {
    Class(String),
    Said(&'static str, String),
    Name(String),
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for population in &context.compilation.populations {
        if !has_people(context, population) {
            continue;
        }
        for &identity in &population.matrix.identities {
            if let Some(sign) = sign(context, identity) {
                found.push(finding(context, population, identity, &sign));
            }
        }
    }
}

fn has_people(context: &Context<'_>, population: &Population) -> bool {
    population.classes.iter().any(|&class| context.spec.classes.get(class).is_some_and(|class| class.human))
}

fn sign(context: &Context<'_>, identity: IdentityId) -> Option<Sign> {
    let class = context.class(identity)?;
    if class.shared {
        return Some(Sign::Class(class.name.clone()));
    }
    let identities = &context.snapshot.identities;
    for attribute in ["kind", "employment_type"] {
        let said = identities.text(attribute, identity).map(str::trim).unwrap_or_default();
        if SHARED.iter().any(|known| known.eq_ignore_ascii_case(said)) {
            return Some(Sign::Said(attribute, said.to_owned()));
        }
    }
    let names = [Some(identities.name(identity)), identities.text("display_name", identity)];
    let generic = |name: &&str| GENERIC.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
    names.into_iter().flatten().find(generic).map(|name| Sign::Name(name.trim().to_owned()))
}

fn finding(context: &Context<'_>, population: &Population, identity: IdentityId, sign: &Sign) -> Finding {
    let message = Phrase::new("identity ").identity(identity);
    let message = match sign {
        Sign::Class(class) => message.text(format!(" is of class `{class}`")),
        Sign::Said(attribute, said) => message.text(format!(" is shared: its `{attribute}` is `{said}`")),
        Sign::Name(name) => message.text(format!(" seems to be shared: it is called `{name}`")),
    };
    let finding = RULE.finding(
        Subject::Identity(identity),
        message.text(format!(", and is mined among people in `{}`", population.name)),
        "give shared accounts a class of their own and `separate` it from people, or exclude it with a reason",
    );
    let finding = if matches!(sign, Sign::Name(_)) { finding.confidence(Confidence::Medium) } else { finding };
    finding.count("entitlements held", context.snapshot.assignments.held(identity).len() as u64, None)
}
