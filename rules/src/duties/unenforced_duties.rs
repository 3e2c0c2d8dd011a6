use adit_compiler::spec::{Duties, DutyHolder};
use adit_snapshots::{EntitlementId, Grant, IdentityId, Origin, PathId};

use super::{
    enforcement::{self, Exclusion, Outcome, Power},
    wording,
};
use crate::{
    Evidence, Finding, Node, Phrase, Severity, Subject,
    context::Context,
    graph::{Holder, Place, Vertex},
    rule::declare_rule,
    words::counted,
};

declare_rule! {
    /// Roles that exclude each other do not keep the duties apart that they are to enforce.
    ///
    /// ## What it finds
    /// Duties that other duties, of roles, claim to enforce (`enforces maker-checker`), and that somebody could break all the same by roles
    /// and groups alone, without breaking the exclusion: through a role or a group that it leaves out, through one that it names and that brings too
    /// much, or through several it allows together. The finding names the fewest that do. Every existing role, candidate role and group counts,
    /// with all it inherits; a role that inherits an excluded one counts as that one too. Several duties of roles that enforce the same are held
    /// against it together.
    ///
    /// Where roles and groups alone keep the duties apart, it looks at what people hold directly: by no group, and by no role that the snapshot
    /// knows. No exclusion of roles keeps that apart from anything. Whoever has one of the duties so could be given a role that brings
    /// another; the finding counts them, as a warning.
    ///
    /// There are three verdicts. The question is coNP-complete in general; every choice of roles that the exclusions allow is tried, up to
    /// 100,000 of them (half of 12 roles are 924). Where there are more, or the snapshot lacks something that is named, a finding says that
    /// nothing is proved, and why. `[lint] undecided = "deny"` in `adit.toml` makes it fail.
    ///
    /// ## Why it matters
    /// Most systems can only enforce exclusion between roles, while the policy is about what people can do. A pair of roles that exclude each
    /// other looks like that policy, and is it only as long as no third role brings one of the sides.
    ///
    /// ## Example
    /// `SAP_AP_CLERK` posts and `SAP_TREASURY` pays, and they exclude each other. `SAP_FI_EMERGENCY` pays too, and excludes nothing.
    /// ```adit
    /// duties maker-checker "Nobody posts an invoice and pays it" {
    ///   post = [ sap.tcode "FB60" ]
    ///   pay  = [ sap.tcode "F110" ]
    ///   at most 1 of post, pay per identity
    /// }
    ///
    /// duties payment-roles "Clerks are not in treasury" {
    ///   clerk    = role "SAP_AP_CLERK"
    ///   treasury = role "SAP_TREASURY"
    ///   at most 1 of clerk, treasury per identity
    ///   enforces maker-checker
    /// }
    /// ```
    ///
    /// ## What to do
    /// Name the role that the finding shows on the side whose duty it brings, or take the duty out of it. Where nothing is proved, split the exclusion
    /// into smaller ones that each enforce duties of their own.
    ///
    /// ## When to waive it
    /// Where the role is only given for hours, under a process that checks the duties itself.
    ///
    /// ## What it cannot see
    /// Whether the system really enforces the exclusion, and which direct grants are only the trace of a role that the snapshot does not have.
    /// Where origins are missing (RM106) it is less sure of those.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - ANSI INCITS 359: static separation of duty, no user is authorised for n or more of a set of roles.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    RULE = {
        code: "RM510", name: "unenforced-duties", family: Duties, severity: Error, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-5", "ANSI INCITS 359", "ISO/IEC 27001:2022 A.5.3"],
        aliases: ["smer-not-enforcing"], since: "0.1.0", check: check,
    }
}

/// Duties and those, of roles, that are to enforce them.
struct Claim<'a> {
    index: usize,
    duties: &'a Duties,
    by: Vec<(usize, &'a Duties)>,
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (index, duties) in context.spec.duties.iter().enumerate() {
        let all = context.spec.duties.iter().enumerate();
        let by: Vec<_> = all.filter(|(_, by)| by.enforces.binary_search(&index).is_ok()).collect();
        if !by.is_empty() {
            found.extend(judged(context, &Claim { index, duties, by }));
        }
    }
}

/// What is wrong with a claim: the first place where it does not hold, else why nobody can know.
fn judged(context: &Context<'_>, claim: &Claim<'_>) -> Option<Finding> {
    let sides = context.graph.sides();
    let mut doubt = None;
    for place in sides.places_of(claim.index) {
        let holders: Vec<Holder> = context.graph.holders().collect();
        let powers: Vec<Power> = holders.iter().map(|&holder| power(context, claim, place, holder)).collect();
        let exclusions: Vec<Exclusion> =
            claim.by.iter().map(|(_, by)| Exclusion { sides: by.sides.len(), at_most: by.at_most as usize }).collect();
        let at_most = claim.duties.at_most as usize;
        match enforcement::decide(&powers, &exclusions, at_most) {
            Outcome::Enforced => {
                let direct = Direct::of(context, claim, place);
                let (without, mut powers) = (powers.len(), powers);
                powers.extend(
                    direct
                        .sides
                        .iter()
                        .map(|(side, _)| Power { excluded: vec![Vec::new(); claim.by.len()], brings: vec![*side] }),
                );
                let is_known = sides.is_certain(place) && claim.duties.per == DutyHolder::Identity;
                if let Outcome::Broken(witness) = enforcement::decide(&powers, &exclusions, at_most)
                    && is_known
                {
                    let (roles, direct_ones): (Vec<usize>, Vec<usize>) =
                        witness.into_iter().partition(|&index| index < without);
                    let roles = roles.iter().filter_map(|&index| holders.get(index).copied()).collect();
                    let ones = direct_ones.iter().filter_map(|&index| direct.sides.get(index - without)).collect();
                    return Some(around(context, claim, place, roles, ones));
                }
            }
            Outcome::Broken(_) if claim.duties.per == DutyHolder::Account => {
                doubt = Some("the duties are counted per account, and a role is not one account's".to_owned());
            }
            Outcome::Broken(witness) if sides.is_certain(place) => {
                let witness = witness.iter().filter_map(|&index| holders.get(index).copied()).collect();
                return Some(broken(context, claim, place, witness));
            }
            Outcome::Broken(_) => {
                let within = claim.duties.within.as_ref().map_or("", |within| &within.attribute);
                doubt = Some(format!("some of what roles grant does not say its {within}"));
            }
            Outcome::TooMany(choices) => {
                let so_many =
                    choices.map_or("more choices than can be counted".to_owned(), |it| format!("{it} choices"));
                doubt = Some(format!(
                    "the exclusions allow {so_many} of roles, and {} are tried",
                    enforcement::MOST_CHOICES
                ));
            }
        }
    }
    let concerns = |duties: usize| duties == claim.index || claim.by.iter().any(|(by, _)| *by == duties);
    let unknown = sides.unknown().iter().find(|name| concerns(name.duties));
    doubt.or_else(|| unknown.map(|name| name.what.clone())).map(|why| unproved(claim, &why))
}

/// Who has duties directly: by no group and no role that the snapshot knows.
struct Direct {
    /// Each side that somebody has so, with everyone who does and by what, ascending.
    sides: Vec<(usize, Vec<(IdentityId, EntitlementId)>)>,
}

impl Direct {
    fn of(context: &Context<'_>, claim: &Claim<'_>, place: Place) -> Self {
        let (graph, assignments) = (context.graph, &context.snapshot.assignments);
        let wanted: Vec<&[EntitlementId]> = (0..claim.duties.sides.len())
            .map(|side| graph.sides().access_in(place, side).entitlements.as_slice())
            .collect();
        let mut sides: Vec<(usize, Vec<(IdentityId, EntitlementId)>)> =
            (0..wanted.len()).map(|side| (side, Vec::new())).collect();
        for identity in context.snapshot.identities.iter() {
            for (&held, number) in assignments.held(identity).iter().zip(assignments.of(identity)) {
                let on: Vec<usize> = (0..wanted.len())
                    .filter(|&side| wanted.get(side).is_some_and(|wanted| wanted.binary_search(&held).is_ok()))
                    .collect();
                if on.is_empty() || !is_direct(context, identity, held, number) {
                    continue;
                }
                for (_, holders) in sides.iter_mut().filter(|(side, _)| on.contains(side)) {
                    holders.push((identity, held));
                }
            }
        }
        sides.retain(|(_, holders)| !holders.is_empty());
        Self { sides }
    }
}

/// Whether somebody has an entitlement by a way that no group is on, and no group or existing role of theirs grants it.
fn is_direct(context: &Context<'_>, identity: IdentityId, held: EntitlementId, number: usize) -> bool {
    let ways = context.snapshot.assignments.grants(number);
    let by_itself = |way: &Grant| way.path == PathId::DIRECT && !matches!(way.origin, Origin::Inherited | Origin::Rule);
    let explained = || {
        let holders = context.graph.memberships(identity).filter_map(Vertex::holder);
        let mut live = holders.filter(|holder| !matches!(holder, Holder::Role(_)));
        live.any(|holder| context.graph.effective(holder).binary_search(&held).is_ok())
    };
    (ways.is_empty() || ways.iter().any(by_itself)) && !explained()
}

/// The claim holds of roles, and people have the duties around them.
fn around(
    context: &Context<'_>,
    claim: &Claim<'_>,
    place: Place,
    roles: Vec<Holder>,
    direct: Vec<&(usize, Vec<(IdentityId, EntitlementId)>)>,
) -> Finding {
    let message = Phrase::new("duties ").node(Node::Duties(claim.duties.name.clone())).text(" are not enforced by ");
    let sides: Vec<usize> = direct.iter().map(|(side, _)| *side).collect();
    let mut holders: Vec<IdentityId> =
        direct.iter().flat_map(|(_, holders)| holders).map(|(identity, _)| *identity).collect();
    holders.sort_unstable();
    holders.dedup();
    let (who, have) = match holders.as_slice() {
        [only] => (Phrase::default().identity(*only), "has"),
        all => (Phrase::new(format!("{} identities", all.len())), "have"),
    };
    let mut message = enforcing(message, claim)
        .text(", which keep roles apart: ")
        .phrase(who)
        .text(format!(" {have} {} directly", wording::sides(claim.duties, &sides)));
    for (index, &holder) in roles.iter().enumerate() {
        let joint = if index == 0 { ", and may be given " } else { " and " };
        message = message.text(joint).phrase(wording::begin(context, holder));
    }
    let finding =
        about(claim, message, "give the duty by a role that the exclusion names, and take the direct grants away");
    let finding = finding.severity(Severity::Warning);
    let finding = direct.iter().fold(finding, |finding, (side, holders)| {
        let first = holders.first().map(|&(identity, held)| {
            wording::path(claim.duties, *side, vec![Node::Identity(identity), Node::Entitlement(held)])
        });
        let mut who: Vec<IdentityId> = holders.iter().map(|(identity, _)| *identity).collect();
        who.dedup();
        let name = claim.duties.sides.get(*side).map_or("", |side| &side.name);
        let count = counted(who.len(), "identity has", "identities have");
        finding.evidences(first).note(Phrase::new(format!("{count} `{name}` by no group and no role")))
    });
    let paths = roles.iter().flat_map(|&holder| {
        context.graph.sides_through(holder, place).into_iter().filter_map(move |side| {
            let path = context.graph.path(holder, context.graph.sides().access_in(place, side))?;
            Some(wording::path(claim.duties, side, path))
        })
    });
    finding.evidences(paths.collect::<Vec<Evidence>>()).rests_on_lineage(context)
}

/// What a role or group counts as, and brings. Those that bring nothing are kept: indices must fit.
fn power(context: &Context<'_>, claim: &Claim<'_>, place: Place, holder: Holder) -> Power {
    let graph = context.graph;
    let of = |by: usize| {
        let mut places = graph.sides().places_of(by);
        places.next().map_or_else(Vec::new, |place| graph.sides_through(holder, place))
    };
    Power { excluded: claim.by.iter().map(|&(by, _)| of(by)).collect(), brings: graph.sides_through(holder, place) }
}

fn broken(context: &Context<'_>, claim: &Claim<'_>, place: Place, witness: Vec<Holder>) -> Finding {
    let graph = context.graph;
    let mut brought: Vec<usize> = witness.iter().flat_map(|&holder| graph.sides_through(holder, place)).collect();
    brought.sort_unstable();
    brought.dedup();
    let mut message =
        Phrase::new("duties ").node(Node::Duties(claim.duties.name.clone())).text(" are not enforced by ");
    message = enforcing(message, claim).text(format!(
        ", which let one identity have {}{} by ",
        wording::sides(claim.duties, &brought),
        wording::within(context, claim.duties, place)
    ));
    for (index, &holder) in witness.iter().enumerate() {
        let joint = if index == 0 { "" } else { " and " };
        message = message.text(joint).phrase(wording::begin(context, holder));
    }
    let finding = about(
        claim,
        message,
        "name every role that brings one of these duties on its side, or take the duty out of it",
    );
    let paths = witness.iter().flat_map(|&holder| {
        graph.sides_through(holder, place).into_iter().filter_map(move |side| {
            let path = graph.path(holder, graph.sides().access_in(place, side))?;
            Some(wording::path(claim.duties, side, path))
        })
    });
    finding.evidences(paths.collect::<Vec<Evidence>>())
}

fn unproved(claim: &Claim<'_>, why: &str) -> Finding {
    let message =
        Phrase::new("whether duties ").node(Node::Duties(claim.duties.name.clone())).text(" are enforced by ");
    let message = enforcing(message, claim).text(format!(" is not proved: {why}"));
    about(
        claim,
        message,
        "split the exclusion into smaller ones, or extract what is missing; nothing is enforced until it is proved",
    )
    .undecided()
}

/// ``duties `payment-roles` ``.
fn enforcing(message: Phrase, claim: &Claim<'_>) -> Phrase {
    claim.by.iter().enumerate().fold(message, |message, (index, (_, by))| {
        let joint = if index == 0 { "duties " } else { " and " };
        message.text(joint).node(Node::Duties(by.name.clone()))
    })
}

fn about(claim: &Claim<'_>, message: Phrase, help: &str) -> Finding {
    let span = claim.by.first().map(|(_, by)| by.span).unwrap_or_default();
    let finding = RULE.finding(Subject::Spec("duties", claim.duties.name.clone()), message, help);
    let finding = finding.severity(wording::severity(claim.duties)).at(span).note(wording::about(claim.duties));
    claim.by.iter().fold(finding, |finding, (_, by)| finding.note(wording::about(by)))
}
