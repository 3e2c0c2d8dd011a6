mod parts;

use adit_compiler::spec::Duties;
use adit_snapshots::EntitlementId;

use super::{split, wording};
use crate::{
    Evidence, Finding, Node, Phrase,
    context::Context,
    graph::{Broken, Holder},
    rule::declare_rule,
};

declare_rule! {
    /// One role alone has more duties than one identity may have.
    ///
    /// ## What it finds
    /// A candidate role, a role of the spec, an existing role or a group that by itself, without anything it inherits, grants entitlements of
    /// more sides of some `duties` than they allow. It proposes what to take out: the fewest entitlements whose removal leaves no conflict,
    /// found by trying all choices of sides, or, where there are more than 20,000 of them, by always emptying the cheapest side next. The
    /// proposal says which of the two it is. It names the roles that come of it: what the role keeps, and a role for each of the duties taken
    /// out (or for as many of them as one identity may have), with how many of the members of today each would have: of a candidate role
    /// those who hold such a duty, of what is live already those who used it, where that was observed. Whoever needs two of them is counted
    /// too: somebody must decide for them.
    ///
    /// ## Why it matters
    /// Everyone who gets such a role is in conflict from the first day, by design, and every review of the role confirms it. Mining makes
    /// them readily: where most clerks have collected both rights over the years, both have high support.
    ///
    /// ## Example
    /// ```adit
    /// duties maker-checker "Nobody creates a vendor and pays it" {
    ///   create-vendor = [ sap.tcode "XK01" ]
    ///   run-payment   = [ sap.tcode "F110" ]
    ///   at most 1 of create-vendor, run-payment per identity
    /// }
    ///
    /// role ap-clerk {
    ///   grants sap.tcode "XK01", sap.tcode "FB60", sap.tcode "F110"
    /// }
    /// ```
    ///
    /// ## What to do
    /// Take the proposed entitlements out of the role and give each side a role of its own. For a mined role, exclude the side that its
    /// members should not have (`exclude entitlements where …`), or part the population by function. For an existing role or a group, change
    /// it where it lives.
    ///
    /// ## When to waive it
    /// Where a branch is too small for two people, with a compensating control that someone really performs. Duties marked `never waived`
    /// cannot be waived.
    ///
    /// ## What it cannot see
    /// Rights inside an entitlement that the snapshot knows only by name: a composite profile that contains both. Limits that a system checks
    /// at run time, and conflicts within one company code only.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - NIST CSF 2.0 PR.AA-05: permissions incorporate separation of duties.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    /// - COBIT 2019 DSS06.03: roles, responsibilities, access privileges and levels of authority are managed.
    RULE = {
        code: "RM501", name: "sod-intra-role", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-5",
            "NIST CSF 2.0 PR.AA-05",
            "ISO/IEC 27001:2022 A.5.3",
            "COBIT 2019 DSS06.03",
        ],
        aliases: ["intra-role-conflict"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for holder in context.graph.holders() {
        let own = context.graph.own(holder);
        for places in context.graph.broken_alone(holder).chunk_by(|a, b| a.duties == b.duties) {
            let Some((broken, others)) = places.split_first() else { continue };
            if let Some(duties) = context.spec.duties.get(broken.duties) {
                let finding = finding(context, holder, &own, duties, broken);
                let elsewhere = wording::elsewhere(context, duties, others.iter().map(|other| other.place));
                found.push(finding.evidences(elsewhere));
            }
        }
    }
}

fn finding(context: &Context<'_>, holder: Holder, own: &[EntitlementId], duties: &Duties, broken: &Broken) -> Finding {
    let message =
        wording::begin(context, holder).text(format!(" alone grants {}", wording::sides(duties, &broken.sides)));
    let message = message.text(wording::within(context, duties, broken.place));
    let on_side = |side: usize| -> Vec<EntitlementId> {
        let known = &context.graph.sides().access_in(broken.place, side).entitlements;
        own.iter().copied().filter(|granted| known.binary_search(granted).is_ok()).collect()
    };
    let sides: Vec<_> = broken.sides.iter().map(|&side| (side, on_side(side))).collect();
    let path = |side: usize, entitlement: EntitlementId| {
        wording::path(duties, side, vec![context.graph.holder_name(holder), Node::Entitlement(entitlement)])
    };
    let firsts = sides.iter().filter_map(|(side, granted)| Some(path(*side, *granted.first()?)));
    let others = sides.iter().flat_map(|(side, granted)| granted.iter().skip(1).map(|&it| path(*side, it)));
    let granted: Vec<_> = sides.iter().map(|(_, granted)| granted.clone()).collect();
    let mut all = granted.concat();
    all.sort_unstable();
    all.dedup();
    // One path for each side proves it; whoever reads no further should know what to take out. Then the rest.
    RULE.finding(
        wording::subject(context, holder, &duties.name),
        wording::limit(message, duties),
        "take the proposed entitlements out, and give each duty a role of its own that nobody holds beside this one",
    )
    .severity(wording::severity(duties))
    .at(duties.span)
    .note(wording::about(duties))
    .evidences(firsts)
    .evidences(proposal(context, holder, own, duties, broken, &granted))
    .evidences(others)
    .evidences(all.iter().filter_map(|&entitlement| support(context, holder, entitlement)))
    .count("identities that have it", context.graph.members(holder).len() as u64, None)
}

/// How many members of the cluster held it: why mining took it in.
fn support(context: &Context<'_>, holder: Holder, entitlement: EntitlementId) -> Option<Evidence> {
    let Holder::Role(role) = holder else { return None };
    let granted =
        context.compilation.roles.get(role)?.grants.iter().find(|granted| granted.entitlement == entitlement)?;
    let (held, of) = (granted.held.into(), granted.of.into());
    (of > 0).then_some(Evidence::Support { entitlement, held, of })
}

/// What to take out, and the roles that come of it.
fn proposal(
    context: &Context<'_>,
    holder: Holder,
    own: &[EntitlementId],
    duties: &Duties,
    broken: &Broken,
    sides: &[Vec<EntitlementId>],
) -> Vec<Evidence> {
    let at_most = duties.at_most as usize;
    let on_too_many =
        |entitlement: &EntitlementId| sides.iter().filter(|side| side.contains(entitlement)).count() > at_most;
    let alone = sides.iter().flatten().find(|entitlement| on_too_many(entitlement));
    if let Some(&alone) = alone {
        let phrase = Phrase::default()
            .entitlement(alone)
            .text(" is too many duties in itself: no split of the role helps, only a finer entitlement does");
        return vec![Evidence::Note(phrase)];
    }
    let split = split::split(sides, at_most);
    let take_out = split.take_out.iter().copied().map(Node::Entitlement);
    let phrase = Phrase::new("proposal: take out ").listed(take_out, split.take_out.len());
    let phrase = phrase.text(if split.minimum {
        "; no fewer would do"
    } else {
        "; perhaps fewer would do: not every choice was tried"
    });
    let parts = split::parts(own, sides, &split.take_out, at_most);
    let mut rows = vec![Evidence::Note(phrase)];
    rows.extend(parts::told(context, holder, duties, broken, &parts));
    rows
}
