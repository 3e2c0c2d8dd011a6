use adit_snapshots::IdentityId;

use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Nobody answers for a non-human identity.
    ///
    /// ## What it finds
    /// An identity in scope that is not of a class of people, and whose `owner_id` is empty, names nobody in the snapshot, names somebody
    /// who is no longer active, or names something that is not a person.
    ///
    /// ## Why it matters
    /// A service account does not resign. Without a person who answers for it nobody reviews what it holds, nobody rotates its secrets,
    /// and nobody switches it off when the system it served is gone.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,kind,status,owner_id
    /// svc-invoice-import,service-account,active,u-0871
    /// u-0871,employee,terminated,
    /// ```
    ///
    /// ## What to do
    /// Name an active person as its owner in the source of identities. If nobody will be, switch it off.
    ///
    /// ## When to waive it
    /// While an owner is being found, for single identities and not for long.
    ///
    /// ## What it cannot see
    /// Whether the owner knows of it; and owners that are a team rather than a person, unless the team is recorded as a person's.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-01: identities and credentials are managed by the organisation.
    /// - NIST CSF 2.0 GV.RR-02: responsibilities are assigned and understood.
    /// - NIST SP 800-53 r5 AC-2: item b, account managers are assigned.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    /// - PCI DSS 4.0.1 7.2.5.1: access of application and system accounts is reviewed periodically.
    /// - OWASP NHI1:2025: improper offboarding.
    RULE = {
        code: "RM304", name: "nhi-without-owner", family: Scope, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-01", "NIST CSF 2.0 GV.RR-02", "NIST SP 800-53 r5 AC-2", "ISO/IEC 27001:2022 A.5.18",
            "PCI DSS 4.0.1 7.2.5.1", "OWASP NHI1:2025",
        ],
        aliases: ["RM-304"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for identity in context.in_scope().filter(|&identity| !context.is_human(identity)) {
        let Some(lack) = lack(context, identity) else { continue };
        let finding = RULE
            .finding(
                Subject::Identity(identity),
                Phrase::new("identity ").identity(identity).phrase(lack),
                "name an active person as its `owner_id` in the source of identities, or switch it off",
            )
            .count("entitlements held", context.snapshot.assignments.held(identity).len() as u64, None);
        found.push(match context.class(identity) {
            Some(class) => finding.note(Phrase::new(format!("it is of class `{}`", class.name))),
            None => finding,
        });
    }
}

/// What is wrong with its owner, if anything is.
fn lack(context: &Context<'_>, identity: IdentityId) -> Option<Phrase> {
    let owner = context.snapshot.identities.text("owner_id", identity).map(str::trim).unwrap_or_default();
    if owner.is_empty() {
        return Some(Phrase::new(" has no owner"));
    }
    let owners = context.people().find(owner);
    if owners.iter().any(|&owner| context.is_human(owner) && context.is_active(owner)) {
        return None;
    }
    Some(match owners.first() {
        None => Phrase::new(" is owned by ")
            .node(Node::Person(owner.to_owned()))
            .text(", whom no source of identities knows"),
        Some(&owner) if context.is_human(owner) => {
            Phrase::new(" is owned by ").identity(owner).text(", who is no longer active")
        }
        Some(&owner) => Phrase::new(" is owned by ").identity(owner).text(", which is not a person"),
    })
}
