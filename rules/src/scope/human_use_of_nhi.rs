use adit_snapshots::{Account, ExistingRole, IdentityId};

use crate::{Confidence, Finding, Node, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// People use what is meant for machines.
    ///
    /// ## What it finds
    /// An enabled account of a non-human identity that its source calls `interactive`: people log in with it. And, as a warning, a person
    /// among the members of an existing role that otherwise only machines hold, at least three of them. Shared and break-glass identities
    /// are left alone: they are meant to be logged in with (see RM303 and RM505).
    ///
    /// ## Why it matters
    /// Whoever logs in as a service account is nobody in the logs, keeps access after leaving, and has the rights of a machine: broad,
    /// standing, without a second factor.
    ///
    /// ## Example
    /// ```csv
    /// account_id,system,identity_id,enabled,interactive,last_login_at
    /// sap:SVC_IMPORT,sap,svc-invoice-import,true,true,2026-09-28
    /// ```
    ///
    /// ## What to do
    /// Take interactive logon away from the account, and give whoever needs it an identity of their own with elevation for the task. Take the
    /// person out of the machines' role.
    ///
    /// ## When to waive it
    /// For a vendor's product that needs it, for a time, with the person who answers for each use.
    ///
    /// ## What it cannot see
    /// Anything, where accounts do not say whether they are `interactive`; and people who use a secret of a machine in a script.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2(9): shared and group accounts are used only under stated conditions.
    /// - NIST SP 800-53 r5 AU-10: there is evidence of who did what, which nobody can deny.
    /// - ISO/IEC 27001:2022 A.5.16: the full life cycle of identities is managed.
    /// - PCI DSS 4.0.1 8.6.1: interactive use of system accounts is prevented, or limited, justified and attributable.
    /// - OWASP NHI10:2025: human use of non-human identities.
    RULE = {
        code: "RM305", name: "human-use-of-nhi", family: Scope, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-2(9)", "NIST SP 800-53 r5 AU-10", "ISO/IEC 27001:2022 A.5.16", "PCI DSS 4.0.1 8.6.1",
            "OWASP NHI10:2025",
        ],
        aliases: ["RM-305"], since: "0.1.0", check: check,
    }
}

/// So many machines make a role theirs.
const MACHINES: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for account in &context.snapshot.accounts.rows {
        let Some(identity) = account.identity.filter(|&identity| context.is_machine(identity)) else { continue };
        if account.interactive == Some(true) && account.enabled != Some(false) && context.is_active(identity) {
            found.push(logged_in(context, account, identity));
        }
    }
    for role in &context.snapshot.roles {
        let (people, machines): (Vec<_>, Vec<_>) = role
            .members
            .iter()
            .copied()
            .filter(|&member| context.is_human(member) || context.is_machine(member))
            .partition(|&member| context.is_human(member));
        if let ([person], true) = (people.as_slice(), machines.len() >= MACHINES) {
            found.push(among_machines(role, *person, machines.len()));
        }
    }
}

fn logged_in(context: &Context<'_>, account: &Account, identity: IdentityId) -> Finding {
    let class = context.class(identity).map_or("", |class| class.name.as_str());
    let can = if account.last_login.is_some() { "people log in" } else { "people can log in" };
    let message = Phrase::new(format!("{can} with account "))
        .node(Node::Account(account.id.clone()))
        .text(format!(" of `{}`, which belongs to ", account.system))
        .identity(identity)
        .text(format!(" of class `{class}`"));
    let finding = RULE.finding(
        Subject::Account(account.id.clone()),
        message,
        "take interactive logon away from it, and give whoever needs it an identity of their own",
    );
    let finding = match account.last_login {
        Some(day) => finding.note(Phrase::new(format!("last login {day}"))),
        // Nobody has been seen doing it.
        None => finding.note(Phrase::new("no source says that anybody did")).confidence(Confidence::Medium),
    };
    finding.count("entitlements held", context.snapshot.assignments.held(identity).len() as u64, None)
}

fn among_machines(role: &ExistingRole, person: IdentityId, machines: usize) -> Finding {
    let message = Phrase::default()
        .identity(person)
        .text(" is the only person in role ")
        .node(Node::ExistingRole(role.id.clone()))
        .text(format!(", which {machines} machines hold"));
    RULE.finding(
        Subject::ExistingRole(role.id.clone()),
        message,
        "take the person out of the machines' role, and grant what the task needs by a role for people",
    )
    .severity(Severity::Warning)
    .confidence(Confidence::Medium)
    .witness(person)
    .count("members that are machines", machines as u64, Some(machines as u64 + 1))
}
