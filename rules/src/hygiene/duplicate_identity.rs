use std::collections::BTreeMap;

use adit_snapshots::{FaultKind, IdentityId};
use rustc_hash::FxHashMap;

use super::faults;
use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Two active identities are one person.
    ///
    /// ## What it finds
    /// Two active identities with the same employee id, or two of people with the same e-mail address, once case and blanks around it are
    /// ignored. What is not a person may have the address of whoever answers for it.
    /// Identities that are not active are left alone: an old record of someone who came back is history, not a second person. Where
    /// three or more share a key, each is reported with the first of them by id.
    ///
    /// ## Why it matters
    /// One person split over two records has half the access in each. Support drops below the cut-offs, so roles are missed; and duties
    /// that one person breaks look kept, because each record has only one side of them.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,status,employee_id,email
    /// u-1007,active,E1007,rose.vale@acme.example
    /// x-0007,active,,Rose.Vale@ACME.example
    /// ```
    /// Rose buys as `u-1007` and pays as `x-0007`; no list of conflicts shows it.
    ///
    /// ## What to do
    /// Correct the source: merge the records, or end the one that is no longer used. If the two are different people, correct the key.
    ///
    /// ## When to waive it
    /// While a merge is under way, for its duration. Where one person has to have two records (a second contract that must stay apart),
    /// take responsibility for the fault with an `[[accept]]` in `snapshot.toml`, and name the other record in the reason.
    ///
    /// ## What it cannot see
    /// One person under two names without a shared key, and two people who share a mailbox. It trusts `status` and `end_date`.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-01: identities and credentials are managed by the organisation.
    /// - NIST SP 800-53 r5 IA-4: identifiers are assigned to one individual and not reused.
    /// - ISO/IEC 27001:2022 A.5.16: the full life cycle of identities is managed.
    RULE = {
        code: "RM101", name: "duplicate-identity", family: Hygiene, severity: Error, confidence: High, waivable: true,
        references: ["NIST CSF 2.0 PR.AA-01", "NIST SP 800-53 r5 IA-4", "ISO/IEC 27001:2022 A.5.16"],
        aliases: ["RM-101"], since: "0.1.0", check: check,
    }
}

/// The strong keys: column, and words for it.
const KEYS: [(&str, &str); 2] = [("employee_id", "employee id"), (MAILBOX, "e-mail address")];

/// The key that machines have from those who answer for them.
const MAILBOX: &str = "email";

/// What a pair shares: the key's words and its value, as the second record has it.
type Shared<'a> = Vec<(&'static str, &'a str)>;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let faults = faults::by_subject(context.snapshot, FaultKind::DuplicateIdentity);
    for ((first, second), shared) in pairs(context) {
        let keys: Vec<_> = shared.iter().map(|(words, _)| *words).collect();
        let message = Phrase::default()
            .identity(first)
            .text(" and ")
            .identity(second)
            .text(format!(" are both active and have the same {}", keys.join(" and the same ")));
        let mut finding = RULE.finding(
            Subject::identity_pair(first, second),
            message,
            "merge the two records in their source, or end the one that is not used; if they are two people, correct the key",
        );
        for (words, value) in &shared {
            finding = finding.note(Phrase::new(format!("{words}: ")).node(Node::Person((*value).to_owned())));
        }
        let faults = faults.get(context.snapshot.identities.name(second)).map_or(&[][..], Vec::as_slice);
        let finding = with_access(context, finding, first, second).accepted(faults::accepted(faults));
        found.push(finding.evidences(faults.iter().map(|fault| faults::row(fault))));
    }
}

/// What each record holds, so that the reader sees what stays hidden while they are two.
fn with_access(context: &Context<'_>, finding: Finding, first: IdentityId, second: IdentityId) -> Finding {
    let (one, other) = (context.snapshot.assignments.held(first), context.snapshot.assignments.held(second));
    let both = one.iter().filter(|held| other.binary_search(held).is_ok()).count();
    let together = (one.len() + other.len() - both) as u64;
    finding.count("entitlements the first record holds", one.len() as u64, Some(together)).count(
        "entitlements the second record holds",
        other.len() as u64,
        Some(together),
    )
}

fn pairs<'a>(context: &Context<'a>) -> BTreeMap<(IdentityId, IdentityId), Shared<'a>> {
    let mut pairs: BTreeMap<_, Shared<'a>> = BTreeMap::new();
    for (column, words) in KEYS {
        let mut firsts: FxHashMap<String, IdentityId> = FxHashMap::default();
        for identity in context.snapshot.identities.iter() {
            let Some(value) = context.snapshot.identities.text(column, identity) else { continue };
            let key = value.trim().to_lowercase();
            if key.is_empty() || !context.is_active(identity) || column == MAILBOX && !may_be_person(context, identity)
            {
                continue;
            }
            let first = *firsts.entry(key).or_insert(identity);
            if first != identity {
                pairs.entry((first, identity)).or_default().push((words, value));
            }
        }
    }
    pairs
}

/// Whether an identity is a person, as far as the spec says.
fn may_be_person(context: &Context<'_>, identity: IdentityId) -> bool {
    context.class(identity).is_none_or(|class| class.human)
}
