use adit_compiler::approval::{Approval, LifeState, Transition};

use crate::{Evidence, Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role came to a state in a way that there is not.
    ///
    /// ## What it finds
    /// A `[[state]]` of an approval file that cannot follow the one before it; states that are not in the order of their days; and
    /// signatures that were given after the role was `decommissioned`. The ways there are:
    ///
    /// - `composing` to `pending`;
    /// - `pending` to `active`, or back to `composing` when it was rejected; to `deactivated` or `decommissioned` where that was asked for;
    /// - `active` to `deactivated` and back; either of them to `pending`, for a new version, or to `decommissioned`;
    /// - `decommissioned` to nothing.
    ///
    /// ## Why it matters
    /// A role that was taken out of service for good and is active again has been reviewed by nobody. An auditor reads the history; where it does not
    /// add up, nothing in it counts.
    ///
    /// ## Example
    /// ```toml
    /// [[state]]
    /// to = "decommissioned"
    /// on = 2026-03-31
    /// by = "ciso@acme.example"
    ///
    /// [[state]]
    /// to = "active"
    /// on = 2026-06-01
    /// by = "max@acme.example"
    /// ```
    ///
    /// ## What to do
    /// Correct a history that was written down wrongly. What was decommissioned stays so: make a new role of what is needed again. What may come back
    /// is `deactivated`.
    ///
    /// ## When to waive it
    /// It cannot be waived. An approval without `[[state]]` has no history, and is not reported. A state may lie ahead: a role can be deactivated from a day on.
    ///
    /// ## What it cannot see
    /// What happened and was not written down.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CM-3: changes are reviewed and approved before they take effect.
    /// - ISO/IEC 27001:2022 A.8.32: changes are subject to change management.
    RULE = {
        code: "RM705", name: "illegal-transition", family: Lifecycle, severity: Error, confidence: High, waivable: false,
        references: [
            "NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.8.32",
        ],
        aliases: ["RM-705"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for file in context.compilation.approvals {
        let wrong = wrong(&file.approval);
        let Some((first, others)) = wrong.split_first() else { continue };
        let role = file.approval.name.as_ref().unwrap_or(&file.approval.role);
        let finding = RULE.finding(
            Subject::Approval(file.path.clone()),
            Phrase::new(format!("the history of role `{role}` does not add up: ")).phrase(first.clone()),
            "correct the history; what was decommissioned stays so",
        );
        let finding = finding.evidence(Evidence::Row { file: file.path.clone(), row: None, column: None });
        found.push(
            others.iter().fold(finding, |finding, other| finding.note(Phrase::new("and ").phrase(other.clone()))),
        );
    }
}

/// What in a history cannot have happened.
fn wrong(approval: &Approval) -> Vec<Phrase> {
    let states = &approval.states;
    let steps = states.windows(2).filter_map(|pair| match pair {
        [from, to] if !from.to.may_become(to.to) => {
            Some(said(to, &format!("what is {} cannot become {}", from.to, to.to)))
        }
        [from, to] if to.on < from.on => Some(said(to, &format!("it became {} before it was {}", to.to, from.to))),
        _ => None,
    });
    let ended = states.iter().find(|state| state.to == LifeState::Decommissioned);
    let signed = ended.into_iter().flat_map(|ended| {
        let later = approval.signatures.iter().filter(|signature| signature.on > ended.on);
        later.map(|signature| {
            let what =
                format!("it was signed for on {}, after it was decommissioned on {}, by ", signature.on, ended.on);
            Phrase::new(what).node(Node::Person(signature.by.clone()))
        })
    });
    steps.chain(signed).collect()
}

fn said(state: &Transition, what: &str) -> Phrase {
    Phrase::new(format!("{what}, on {}, by ", state.on)).node(Node::Person(state.by.clone()))
}
