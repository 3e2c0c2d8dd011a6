use adit_compiler::spec::Duties;

use super::{cuts, wording};
use crate::{
    Finding, Phrase,
    context::Context,
    graph::{Broken, Holder},
    rule::declare_rule,
};

declare_rule! {
    /// A role or group has more duties than allowed once everything it inherits is counted.
    ///
    /// ## What it finds
    /// A candidate role, a role of the spec, an existing role or a group whose own entitlements keep within all `duties`, but which breaks
    /// some once what it inherits is counted: the grants of parent roles, or of the groups it is nested in, however many levels up. For
    /// each side it prints the shortest way from the role to an entitlement of that side, and the one role or group, if any, that all ways lead through. Roles below an already broken one are reported
    /// too, since they would be granted on their own, and say which one they have it from.
    ///
    /// ## Why it matters
    /// Each of the roles looks clean, and each was reviewed by itself. The conflict exists only in the closure, which no list of roles shows.
    ///
    /// ## Example
    /// ```adit
    /// role payments     { grants sap.tcode "F110" }
    /// role ap-base      { inherits payments }
    /// role vendor-admin {
    ///   inherits ap-base
    ///   grants sap.tcode "XK01"     // creates vendors, and pays them through two parents
    /// }
    /// ```
    ///
    /// ## What to do
    /// Cut one of the two paths: remove the parent from the role, or the entitlement from the parent, whichever fewer people rely on.
    ///
    /// ## When to waive it
    /// As RM501: a small unit, with a compensating control that someone performs. Duties marked `never waived` cannot be waived.
    ///
    /// ## What it cannot see
    /// Nesting that the snapshot does not have: groups of a directory that was not extracted, composites inside a system.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - NIST SP 800-53 r5 AC-3(7): role-based access control is enforced over the roles that users are authorised to assume.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    /// - ANSI INCITS 359: with a hierarchy, static separation of duty counts authorised roles, inherited ones included.
    RULE = {
        code: "RM502", name: "sod-via-inheritance", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-5",
            "NIST SP 800-53 r5 AC-3(7)",
            "ISO/IEC 27001:2022 A.5.3",
            "ANSI INCITS 359",
        ],
        aliases: ["inherited-conflict"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (holder, places) in inherited(context) {
        let Some((broken, others)) = places.split_first() else { continue };
        if let Some(duties) = context.spec.duties.get(broken.duties) {
            let elsewhere = wording::elsewhere(context, duties, others.iter().map(|other| other.place));
            found.push(finding(context, holder, duties, broken).evidences(elsewhere));
        }
    }
}

/// Every group or role that breaks duties by what it is in or inherits, and not by itself, with the places where it does: one entry for
/// each of the duties.
pub(super) fn inherited(context: &Context<'_>) -> Vec<(Holder, Vec<Broken>)> {
    let graph = context.graph;
    let mut inherited = Vec::new();
    for holder in graph.holders() {
        let effective = graph.broken_through(holder);
        if effective.is_empty() {
            continue;
        }
        let own: Vec<_> = graph.broken_alone(holder).into_iter().map(|broken| broken.duties).collect();
        let places = effective.chunk_by(|a, b| a.duties == b.duties);
        let places = places.filter(|places| places.first().is_some_and(|broken| !own.contains(&broken.duties)));
        inherited.extend(places.map(|places| (holder, places.to_vec())));
    }
    inherited
}

fn finding(context: &Context<'_>, holder: Holder, duties: &Duties, broken: &Broken) -> Finding {
    let graph = context.graph;
    let sides = wording::sides(duties, &broken.sides) + &wording::within(context, duties, broken.place);
    let message = wording::begin(context, holder).text(match holder {
        Holder::Group(_) => format!(" gives {sides} once the groups it is in are counted"),
        Holder::ExistingRole(_) | Holder::Role(_) => format!(" grants {sides} once what it inherits is counted"),
    });
    let mut finding = RULE
        .finding(
            wording::subject(context, holder, &duties.name),
            wording::limit(message, duties),
            "cut one of the paths: take the parent out of the role, or the entitlement out of the parent",
        )
        .severity(wording::severity(duties))
        .at(duties.span)
        .note(wording::about(duties));
    for &side in &broken.sides {
        if let Some(path) = graph.path(holder, graph.sides().access_in(broken.place, side)) {
            finding = finding.evidence(wording::path(duties, side, path));
        }
    }
    let ways = cuts::of_holder(context, holder, duties, broken);
    finding = finding.evidences(
        ways.into_iter()
            .filter_map(|(side, through)| wording::only_way(duties, side, graph.holder_name(through), "cutting that")),
    );
    if let Some(parent) = broken_parent(context, holder, broken.duties) {
        finding = finding.note(
            Phrase::new("it inherits the whole conflict from ")
                .node(graph.holder_name(parent))
                .text(": settle it there first"),
        );
    }
    finding.count("identities that have it", graph.members(holder).len() as u64, None)
}

/// The first direct parent that breaks the duties without this role's help.
pub(super) fn broken_parent(context: &Context<'_>, holder: Holder, duties: usize) -> Option<Holder> {
    let graph = context.graph;
    let breaks = |parent: &Holder| graph.broken_through(*parent).iter().any(|broken| broken.duties == duties);
    // Where the two contain each other, neither has it from the other.
    graph.parents(holder).into_iter().filter(breaks).find(|&parent| !graph.passes_to(holder, parent))
}
