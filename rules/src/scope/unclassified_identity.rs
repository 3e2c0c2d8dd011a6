use adit_snapshots::IdentityId;

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// An identity is mined whose kind nobody knows.
    ///
    /// ## What it finds
    /// An identity in scope whose `kind` is empty or `unknown`, although other attributes put it into a class.
    ///
    /// ## Why it matters
    /// The wall between people and machines stands on the kind. An identity without one comes in by a side door: a `not`, an id that looks
    /// right, a department. It is then a guess whether its access is a person's.
    ///
    /// ## Example
    /// ```adit
    /// identities {
    ///   service where kind == "service-account"
    ///   human   where not kind == "service-account"    // and whoever has no kind at all
    /// }
    /// ```
    ///
    /// ## What to do
    /// Find out what it is and say so in the source of identities. Until then keep it out of scope, with a reason.
    ///
    /// ## When to waive it
    /// While a source is being completed, for single identities that somebody looked at.
    ///
    /// ## What it cannot see
    /// A wrong kind; and anything at all where the snapshot has no attribute `kind`, because classes then stand on something else.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-01: identities and credentials are managed by the organisation.
    /// - NIST SP 800-53 r5 AC-2: item a, the kinds of account are defined and documented.
    /// - NIST SP 800-53 r5 IA-4(4): an identifier says what kind of individual it stands for.
    /// - OWASP NHI1:2025: improper offboarding.
    RULE = {
        code: "RM302", name: "unclassified-identity", family: Scope, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-01", "NIST SP 800-53 r5 AC-2", "NIST SP 800-53 r5 IA-4(4)", "OWASP NHI1:2025",
        ],
        aliases: ["RM-302"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    if context.snapshot.identities.attribute("kind").is_none() {
        return;
    }
    for identity in context.in_scope() {
        let kind = context.snapshot.identities.text("kind", identity).map(str::trim).unwrap_or_default();
        if kind.is_empty() || kind.eq_ignore_ascii_case("unknown") {
            found.push(finding(context, identity, kind));
        }
    }
}

fn finding(context: &Context<'_>, identity: IdentityId, kind: &str) -> Finding {
    let said = if kind.is_empty() { "has no `kind`".to_owned() } else { format!("is of kind `{kind}`") };
    let finding = RULE.finding(
        Subject::Identity(identity),
        Phrase::new("identity ").identity(identity).text(format!(" {said}, but is mined")),
        "say in the source of identities what it is, or exclude it with a reason",
    );
    let finding = match context.class(identity) {
        Some(class) => {
            finding.note(Phrase::new(format!("it is in class `{}` by other attributes", class.name))).at(class.span)
        }
        None => finding,
    };
    finding.count("entitlements held", context.snapshot.assignments.held(identity).len() as u64, None)
}
