use adit_compiler::roles::RoleOrigin;
use adit_grammar::Span;

use crate::{Evidence, Finding, Node, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Nobody answers for a role, or whoever does is gone.
    ///
    /// ## What it finds
    /// A mining block, a role of the spec, or an existing role without an owner; and one whose owner is an identity of the snapshot, by id or
    /// e-mail address, that is not active or not a person. An owner whom the snapshot does not know, such as the address of a team, is
    /// taken at its word.
    ///
    /// What is written in the spec is an error: the project can correct it. Existing roles are a warning. Where no existing role has
    /// an owner at all, that is one finding about the source, since it rather lacks the column than each role an owner.
    ///
    /// ## Why it matters
    /// The owner is who is asked before a role changes, who reviews it, and who is called when it does harm. A role without one is
    /// never reviewed; one whose owner left is reviewed by nobody who remembers why it exists.
    ///
    /// ## Example
    /// ```adit
    /// mining finance-analysts {
    ///   title "Finance analysts, read-only"
    ///   owner "priya.n@acme.example"      // left in March
    /// }
    /// ```
    ///
    /// ## What to do
    /// Name someone who is there and can decide: best a function with a mailbox that outlives its holder. When people leave, hand over what
    /// they own first.
    ///
    /// ## When to waive it
    /// For existing roles that are about to be removed.
    ///
    /// ## What it cannot see
    /// Whether the owner knows. Owners that the snapshot has no identity for.
    ///
    /// ## References
    /// - NIST CSF 2.0 GV.RR-02: roles, responsibilities and authorities are established, communicated and understood.
    /// - NIST SP 800-53 r5 AC-2: account managers are assigned.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned, reviewed, modified and removed by policy.
    RULE = {
        code: "RM704", name: "role-without-owner", family: Lifecycle, severity: Error, confidence: High, waivable: true,
        references: ["NIST CSF 2.0 GV.RR-02", "NIST SP 800-53 r5 AC-2", "ISO/IEC 27001:2022 A.5.18"],
        aliases: ["ownerless-role"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let minings = context.spec.minings.iter().map(|it| ("mining", &it.name, it.owner.as_deref(), it.span));
    let roles = context.spec.roles.iter().map(|it| ("role", &it.name, it.owner.as_deref(), it.span));
    for (kind, name, owner, span) in minings.chain(roles) {
        found.extend(written(context, kind, name, owner, span));
    }
    existing(context, found);
}

/// What is wrong with an owner.
enum Wrong<'a> {
    Missing,
    Gone(&'a str),
    NotHuman(&'a str),
}

fn wrong<'a>(context: &Context<'_>, owner: Option<&'a str>) -> Option<Wrong<'a>> {
    let Some(owner) = owner.filter(|owner| !owner.trim().is_empty()) else { return Some(Wrong::Missing) };
    let identities = context.people().find(owner);
    let active: Vec<_> = identities.iter().filter(|&&identity| context.is_active(identity)).collect();
    if identities.is_empty() || active.iter().any(|&&identity| context.is_human(identity)) {
        None
    } else if active.is_empty() {
        Some(Wrong::Gone(owner))
    } else {
        Some(Wrong::NotHuman(owner))
    }
}

fn written(context: &Context<'_>, kind: &'static str, name: &str, owner: Option<&str>, span: Span) -> Option<Finding> {
    let wrong = wrong(context, owner)?;
    let roles = context.compilation.roles.iter().filter(|role| match role.origin {
        RoleOrigin::Primary { mining, .. }
        | RoleOrigin::Secondary { mining, .. }
        | RoleOrigin::Existing { mining, .. } => {
            kind == "mining" && context.spec.minings.get(mining).is_some_and(|mining| mining.name == name)
        }
        RoleOrigin::Declared { role } => {
            kind == "role" && context.spec.roles.get(role).is_some_and(|role| role.name == name)
        }
    });
    let roles = roles.count() as u64;
    Some(
        RULE.finding(
            Subject::Spec(kind, name.to_owned()),
            says(Phrase::new(format!("{kind} `{name}`")), &wrong),
            "add `owner \"…\"` with the address of an active person, or of a function that outlives its holder",
        )
        .at(span)
        .evidences(witnesses(context, &wrong))
        .count("candidate roles that nobody answers for", roles, None),
    )
}

fn existing(context: &Context<'_>, found: &mut Vec<Finding>) {
    let roles = &context.snapshot.roles;
    let is_named = |owner: Option<&str>| owner.is_some_and(|owner| !owner.trim().is_empty());
    if !roles.is_empty() && !roles.iter().any(|role| is_named(role.owner.as_deref())) {
        let source = context.snapshot.manifest.sources.iter().find(|source| source.table == "roles");
        let message = Phrase::new("no existing role has an owner, so nobody is known to answer for any of them");
        found.push(
            RULE.finding(
                Subject::Source(source.map_or_else(|| "roles".to_owned(), |source| source.id.clone())),
                message,
                "extract the owners too, as column `owner` of the roles",
            )
            .severity(Severity::Warning)
            .count("existing roles without an owner", roles.len() as u64, Some(roles.len() as u64)),
        );
        return;
    }
    for role in roles {
        let Some(wrong) = wrong(context, role.owner.as_deref()) else { continue };
        let named = Phrase::new("existing role ").node(Node::ExistingRole(role.id.clone()));
        found.push(
            RULE.finding(
                Subject::ExistingRole(role.id.clone()),
                says(named, &wrong),
                "name an active person as its owner where the role lives, or remove the role",
            )
            .severity(Severity::Warning)
            .evidences(witnesses(context, &wrong))
            .count("identities that hold it directly", role.members.len() as u64, None),
        );
    }
}

fn says(named: Phrase, wrong: &Wrong<'_>) -> Phrase {
    let person = |owner: &str| Node::Person(owner.to_owned());
    match wrong {
        Wrong::Missing => named.text(" has no owner"),
        Wrong::Gone(owner) => named.text(" is owned by ").node(person(owner)).text(", who is not active"),
        Wrong::NotHuman(owner) => named.text(" is owned by ").node(person(owner)).text(", which is not a person"),
    }
}

fn witnesses(context: &Context<'_>, wrong: &Wrong<'_>) -> Vec<Evidence> {
    match wrong {
        Wrong::Missing => Vec::new(),
        Wrong::Gone(owner) | Wrong::NotHuman(owner) => {
            context.people().find(owner).iter().copied().map(Evidence::Witness).collect()
        }
    }
}
