use adit_compiler::compile::Population;

use crate::{Finding, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// The roles are more to manage than the access they replace.
    ///
    /// ## What it finds
    /// A population whose roles are more than 0.3 for each identity, or whose weighted structural complexity is no less than that of
    /// granting every assignment directly. It is an error when there are as many roles as identities. One role alone is never too many.
    ///
    /// The weighted structural complexity (Molloy et al., SACMAT 2008), with all weights 1, is roles + who holds which + what each grants +
    /// inheritance + what stays direct; of direct grants alone it is the number of assignments.
    ///
    /// ## Why it matters
    /// Roles are there to be fewer than people. A set of roles that is not gives reviewers more to sign and hides what matters among what
    /// does not.
    ///
    /// ## Example
    /// 40 identities, 31 roles, complexity 410; granted directly the same access is 380 assignments.
    ///
    /// ## What to do
    /// Raise `members at least`, set `roles at most`, let `overlap at most` merge what is nearly the same, ignore what few hold, or mine
    /// several functions in blocks of their own. Leave individual what is individual.
    ///
    /// ## When to waive it
    /// For a small population of specialists, where each function is held by two or three.
    ///
    /// ## What it cannot see
    /// Whether the roles mean something: few of them can be worse than many.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    /// - NIST SP 800-53 r5 AC-3(7): access is controlled by roles.
    /// - ISO/IEC 27001:2022 A.5.15: rules for access follow from what the business needs.
    RULE = {
        code: "RM401", name: "role-explosion", family: Structure, severity: Warning, confidence: High, waivable: true,
        references: ["NIST CSF 2.0 PR.AA-05", "NIST SP 800-53 r5 AC-3(7)", "ISO/IEC 27001:2022 A.5.15"],
        aliases: ["RM-401"], since: "0.1.0", check: check,
    }
}

/// More than 3 roles for 10 identities are too many.
const TOO_MANY: (u64, u64) = (3, 10);

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for population in &context.compilation.populations {
        let identities = population.matrix.height() as u64;
        let measures = &population.measures;
        if measures.roles < 2 {
            continue;
        }
        let many = measures.roles * TOO_MANY.1 > identities * TOO_MANY.0;
        let complex = measures.wsc >= measures.assignments;
        if many || complex {
            found.push(finding(population, identities, many));
        }
    }
}

fn finding(population: &Population, identities: u64, many: bool) -> Finding {
    let measures = &population.measures;
    let message = if many {
        format!("{} roles for the {identities} identities of `{}`", measures.roles, population.name)
    } else {
        format!(
            "the roles of `{}` are no simpler than granting every assignment directly: {} against {}",
            population.name, measures.wsc, measures.assignments
        )
    };
    let (rows, columns) =
        (&measures.baselines.one_role_per_distinct_row, &measures.baselines.one_role_per_distinct_column);
    RULE.finding(
        Subject::Population(population.name.clone()),
        Phrase::new(message),
        "raise `members at least`, set `roles at most` or `overlap at most`, or ignore entitlements that few hold",
    )
    .severity(if measures.roles >= identities { Severity::Error } else { Severity::Warning })
    .count("roles, of identities", measures.roles, Some(identities))
    .count("complexity of the roles", measures.wsc, None)
    .count("complexity of direct grants", measures.assignments, None)
    .count("complexity of one role for each distinct set of entitlements", rows.wsc, None)
    .count("complexity of one role for each distinct set of holders", columns.wsc, None)
    .count("assignments the roles grant", measures.covered, Some(measures.assignments))
}
