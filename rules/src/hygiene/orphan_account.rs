use adit_snapshots::{Account, Fault, FaultKind};

use super::faults;
use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// An account belongs to nobody who is there.
    ///
    /// ## What it finds
    /// An account that can be used (its source does not say that it is disabled) and that has no identity, names an identity that no
    /// source knows, or belongs to an identity that is no longer active on the day of the build.
    ///
    /// ## Why it matters
    /// Nobody is asked about an account that is nobody's. Leavers come back through it, and what it holds is counted as normal access
    /// long after its reason is gone.
    ///
    /// ## Example
    /// ```csv
    /// account_id,system,identity_id,enabled
    /// sap:TMP04,sap,,true
    /// ```
    /// A consultant's account of 2019, enabled, holding eleven entitlements.
    ///
    /// ## What to do
    /// Name its owner in the source, or disable the account and remove what it holds.
    ///
    /// ## When to waive it
    /// For a technical account whose owner is being looked for, with a day by which there will be one. It is then better recorded as an
    /// identity of its own class with an owner (see RM304).
    ///
    /// ## What it cannot see
    /// Whether anybody uses the account, unless a source says when it was last logged in with; and accounts of systems that no source
    /// was extracted from.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-01: identities and credentials are managed by the organisation.
    /// - NIST SP 800-53 r5 AC-2: accounts are assigned to someone who answers for them.
    /// - NIST SP 800-53 r5 AC-2(3): accounts are disabled when they no longer belong to anybody.
    /// - NIST SP 800-53 r5 PS-4: access is ended with employment.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are removed when they end.
    /// - OWASP NHI1:2025: improper offboarding.
    RULE = {
        code: "RM102", name: "orphan-account", family: Hygiene, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-01", "NIST SP 800-53 r5 AC-2", "NIST SP 800-53 r5 AC-2(3)", "NIST SP 800-53 r5 PS-4",
            "ISO/IEC 27001:2022 A.5.18", "OWASP NHI1:2025",
        ],
        aliases: ["RM-102"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let faults = faults::by_subject(context.snapshot, FaultKind::OrphanAccount);
    let told = context.snapshot.accounts.rows.iter().any(|account| account.entitlements > 0);
    for account in &context.snapshot.accounts.rows {
        if account.enabled == Some(false) {
            continue;
        }
        if let Some(reason) = why(context, account) {
            let faults = faults.get(account.id.as_str()).map_or(&[][..], Vec::as_slice);
            let finding = with_access(context, account, told, finding(account, reason));
            found.push(with_place(account, faults, finding));
        }
    }
}

/// What is wrong with whom the account belongs to, if anything is.
fn why(context: &Context<'_>, account: &Account) -> Option<Phrase> {
    match (account.identity, &account.unknown_identity) {
        (Some(identity), _) if context.is_active(identity) => None,
        (Some(identity), _) => Some(Phrase::new(" belongs to ").identity(identity).text(", who is no longer active")),
        (None, Some(unknown)) => Some(
            Phrase::new(" belongs to ")
                .node(Node::Person(unknown.clone()))
                .text(", whom no source of identities knows"),
        ),
        (None, None) => Some(Phrase::new(" belongs to nobody")),
    }
}

fn finding(account: &Account, reason: Phrase) -> Finding {
    let message = Phrase::new("account ")
        .node(Node::Account(account.id.clone()))
        .text(format!(" of `{}`", account.system))
        .phrase(reason);
    RULE.finding(
        Subject::Account(account.id.clone()),
        message,
        "name its owner in the source, or disable the account and remove what it holds",
    )
}

/// What is at stake: what is held through the account where assignments name accounts, else what its identity holds.
fn with_access(context: &Context<'_>, account: &Account, told: bool, finding: Finding) -> Finding {
    match account.identity {
        _ if told => finding.count("entitlements held through it", account.entitlements.into(), None),
        Some(identity) => {
            let held = context.snapshot.assignments.held(identity).len() as u64;
            finding.count("entitlements its identity holds", held, None)
        }
        None => finding.note(Phrase::new("no source says what is held through it")),
    }
}

/// When it was last used, and where it is written.
fn with_place(account: &Account, faults: &[&Fault], finding: Finding) -> Finding {
    let login = match account.last_login {
        Some(day) => format!("last login {day}"),
        None => "no source says when it was last logged in with".to_owned(),
    };
    finding
        .note(Phrase::new(login))
        .evidences(faults.iter().map(|fault| faults::row(fault)))
        .accepted(faults::accepted(faults))
}
