mod accounts;
mod undecided;

use std::collections::BTreeMap;

use adit_compiler::spec::Duties;
use adit_snapshots::{EntitlementId, IdentityId};

use super::{cuts, wording};
use crate::{Evidence, Finding, Node, Phrase, Subject, context::Context, graph::Conflict, rule::declare_rule};

declare_rule! {
    /// One identity has more duties than it may have, over everything it reaches.
    ///
    /// ## What it finds
    /// An identity that reaches more sides of some `duties` than they allow, over all of: what it holds directly, what it holds through
    /// groups however deeply nested, what existing roles give it, and what candidate roles would give it once approved. For each side it prints
    /// the shortest way there, and the one group or role, if there is one, that all ways to it lead through. Every identity counts, human or not, active or not: access that nobody should use is still there.
    ///
    /// Duties may be entitlements, activities of the business, or roles that exclude each other; a role that is inherited counts as one that
    /// is had. Duties `within same ATTRIBUTE` meet only where their entitlements have the same value.
    ///
    /// Duties counted `per account` are held against each account by itself, those of nobody too: by the ways that say which account holds
    /// what, directly or through groups. A person with two accounts may have one duty by each. Where one group is on all ways of the account to
    /// a duty, it is named too.
    ///
    /// There are three verdicts. Where a duty names something that the snapshot does not have, where an entitlement has no value of the
    /// attribute that keeps duties apart, where no source says by which account somebody holds what is counted `per account`, and where duties are
    /// counted `per session` and somebody has too many of them at rest, nobody can know; a finding says so, and the duties do not count as kept. `[lint] undecided = "deny"` in `adit.toml` makes it fail.
    ///
    /// ## Why it matters
    /// Roles can all be clean and the person not: two harmless roles, or a role and an old direct right, meet in one hand. This is the
    /// conflict that auditors look for.
    ///
    /// ## Example
    /// Rose was given `XK01` by request in 2021. Since 2023 she is in `grp-ap-clerks`, which is nested in `grp-payments`, which grants `F110`.
    /// ```adit
    /// duties maker-checker "Nobody creates a vendor and pays it" {
    ///   create-vendor = [ sap.tcode "XK01" ]
    ///   run-payment   = [ sap.tcode "F110" ]
    ///   at most 1 of create-vendor, run-payment per identity
    /// }
    /// ```
    ///
    /// ## What to do
    /// Take away the path that the identity needs least. Where the conflict comes from a candidate role alone, approve the role only
    /// without that member, or change its membership rule.
    ///
    /// ## When to waive it
    /// In a small unit, for named identities, with a compensating control that someone performs, until a date:
    /// ```adit
    /// waiver W-012 {
    ///   rule       toxic-combination
    ///   on         duties maker-checker, identity "u-4711"
    ///   because    "two-person branch; monthly review by the controller, control CC-9"
    ///   requested  "ap-lead@acme.example"
    ///   approved   "ciso@acme.example" on 2026-03-01
    ///   expires    2026-09-30
    /// }
    /// ```
    /// Duties marked `never waived` cannot be waived.
    ///
    /// ## What it cannot see
    /// One person with two records that nothing links (see RM101), shared passwords, and rights in systems that the snapshot does not
    /// cover. What is active within one session (dynamic separation of duty) cannot be told from a snapshot.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    /// - NIST SP 800-53 r5 AC-6(2): privileged accounts are not used for what needs no privilege.
    /// - ANSI INCITS 359: static separation of duty, no user is authorised for n or more of a set of roles.
    /// - NIST CSF 2.0 PR.AA-05: permissions incorporate separation of duties.
    RULE = {
        code: "RM503", name: "sod-user-union", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-5",
            "ISO/IEC 27001:2022 A.5.3",
            "NIST SP 800-53 r5 AC-6(2)",
            "ANSI INCITS 359",
            "NIST CSF 2.0 PR.AA-05",
        ],
        aliases: ["toxic-combination", "sod-conflict"], since: "0.1.0", check: check,
    }
}

/// The numbers of the exceptions for each assignment.
type Exceptions = BTreeMap<(IdentityId, EntitlementId), Vec<usize>>;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut exceptions = Exceptions::new();
    for (index, exception) in context.snapshot.exceptions.iter().enumerate() {
        exceptions.entry((exception.identity, exception.entitlement)).or_default().push(index);
    }
    let (certain, doubtful): (Vec<_>, Vec<_>) = context.graph.conflicts().into_iter().partition(|it| it.certain);
    for places in certain.chunk_by(|a, b| (a.identity, a.duties) == (b.identity, b.duties)) {
        let Some((conflict, others)) = places.split_first() else { continue };
        if let Some(duties) = context.spec.duties.get(conflict.duties) {
            let finding = finding(context, duties, conflict, &exceptions);
            let elsewhere = wording::elsewhere(context, duties, others.iter().map(|other| other.place));
            found.push(finding.evidences(elsewhere));
        }
    }
    accounts::check(context, found);
    undecided::check(context, doubtful, found);
}

fn finding(context: &Context<'_>, duties: &Duties, conflict: &Conflict, exceptions: &Exceptions) -> Finding {
    let identity = conflict.identity;
    let is_today = conflict.today.len() > duties.at_most as usize;
    let (has, help) = match (is_today, duties.waivable) {
        (true, true) => {
            (" has ", "take away the path it needs least, or waive it with a compensating control and an end")
        }
        (true, false) => (" has ", "take away the path it needs least; these duties are never waived"),
        (false, _) => (
            " would have ",
            "change the candidate role so that it leaves this identity out, or take the other side away first",
        ),
    };
    let message = Phrase::default().identity(identity).text(has).text(wording::sides(duties, &conflict.sides));
    let message = message.text(wording::within(context, duties, conflict.place));
    let mut finding = RULE
        .finding(Subject::Conflict(identity, duties.name.clone()), wording::limit(message, duties), help)
        .severity(wording::severity(duties))
        .at(duties.span)
        .note(wording::about(duties));
    for &side in &conflict.sides {
        let access = context.graph.sides().access_in(conflict.place, side);
        let path = match conflict.today.binary_search(&side) {
            Ok(_) => context.graph.path_today(identity, access),
            Err(_) => context.graph.path_by_role(identity, access),
        };
        let Some(path) = path else { continue };
        let reached = match path.last() {
            Some(&Node::Entitlement(entitlement)) => exceptions.get(&(identity, entitlement)),
            _ => None,
        };
        finding = finding
            .evidence(wording::path(duties, side, path))
            .evidences(reached.into_iter().flatten().filter_map(|&exception| kept_by(context, exception)));
    }
    let ways = cuts::of_identity(context, duties, conflict);
    finding.evidences(ways.into_iter().filter_map(|(side, through)| {
        wording::only_way(duties, side, context.graph.holder_name(through), "taking that away")
    }))
}

/// `by exception EXC-14 until 2026-12-31, with control CC-7`
fn kept_by(context: &Context<'_>, exception: usize) -> Option<Evidence> {
    let exception = context.snapshot.exceptions.get(exception)?;
    let until = match exception.expires_at {
        Some(day) if day < context.compilation.as_of => format!(" until {day}, which is past"),
        Some(day) => format!(" until {day}"),
        None => " without an end".to_owned(),
    };
    let control = match &exception.compensating_control {
        Some(control) => format!(", with control {control}"),
        None => ", without a compensating control".to_owned(),
    };
    let kept = Phrase::default().entitlement(exception.entitlement).text(" is kept by exception ");
    Some(Evidence::Note(kept.node(Node::Exception(exception.id.clone())).text(format!("{until}{control}"))))
}
