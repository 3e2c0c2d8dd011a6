use std::collections::BTreeMap;

use adit_compiler::spec::{Access, Apart, ApartBy, Condition};
use adit_snapshots::EntitlementId;

use super::wording;
use crate::{
    Evidence, Finding, Node, Phrase, Severity,
    context::Context,
    graph::{Holder, values_of},
    rule::declare_rule,
};

declare_rule! {
    /// A role reaches across tiers or environments that are kept apart.
    ///
    /// ## What it finds
    /// A candidate role, a role of the spec, an existing role or a group that grants, inherited grants included, entitlements that a
    /// `separate entitlements` of the spec keeps apart: of two values of an attribute (`by environment`), or of two conditions (`where tier == "0"
    /// from entitlements where tier == "1"`). What has no value of the attribute is on no side.
    ///
    /// It is an error for candidate roles. Existing roles and groups are what they are: there it is a warning, and reported where it comes
    /// from, not again for everything nested below.
    ///
    /// ## Why it matters
    /// Whoever has tier 0 and a lower tier by one role carries the keys of the directory to the machine they read mail on. Whoever has
    /// production and test by one role tests in production sooner or later. Mined roles cross readily: the same people work on both.
    ///
    /// ## Example
    /// ```adit
    /// separate entitlements by environment
    ///
    /// role release-engineer {
    ///   grants ci.permission "deploy:test", ci.permission "deploy:production"
    /// }
    /// ```
    /// where the catalogue says `environment` of each.
    ///
    /// ## What to do
    /// Make a role for each side, and give the higher one on request or for hours. For a mined role, mine one side at a time: `exclude
    /// entitlements where environment == "production" because "…"`.
    ///
    /// ## When to waive it
    /// For a role that bridges both on purpose, such as a deployment service, with few members and every use recorded.
    ///
    /// ## What it cannot see
    /// People who gather both sides over several roles: write `duties` for that. Entitlements whose tier or environment the catalogue does
    /// not say.
    ///
    /// ## References
    /// - OWASP NHI8:2025: environments are isolated from each other.
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - NIST SP 800-53 r5 AC-6: only the accesses that assigned tasks need are allowed.
    /// - NIST SP 800-53 r5 CM-5(5): privileges to change components within a production environment are limited.
    /// - NIST SP 800-53 r5 SC-2: user functionality is separated from system management functionality.
    /// - ISO/IEC 27001:2022 A.8.31: development, test and production environments are separated.
    RULE = {
        code: "RM507", name: "tier-or-environment-crossing", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "OWASP NHI8:2025",
            "NIST SP 800-53 r5 AC-5",
            "NIST SP 800-53 r5 AC-6",
            "NIST SP 800-53 r5 CM-5(5)",
            "NIST SP 800-53 r5 SC-2",
            "ISO/IEC 27001:2022 A.8.31",
        ],
        aliases: ["environment-crossing", "tier-crossing"], since: "0.1.0", check: check,
    }
}

/// So many sides of one role are told.
const MOST_SIDES: usize = 5;

/// The sides of what is kept apart, and which of them each entitlement is on.
struct Sides {
    names: Vec<String>,
    of: Vec<Vec<usize>>,
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for apart in &context.spec.apart {
        let (sides, unknown) = sides(context, apart);
        found.extend(wording::lacking(&RULE, "separation", &apart.name, apart.span, &unknown));
        for holder in context.graph.holders() {
            let own = granted(context, &sides, holder);
            if own.len() > 1 && !comes_from_above(context, &sides, holder, &own) {
                found.push(finding(context, apart, &sides, holder, &own));
            }
        }
    }
}

fn sides(context: &Context<'_>, apart: &Apart) -> (Sides, Vec<String>) {
    let entitlements = &context.snapshot.entitlements;
    let mut of = vec![Vec::new(); entitlements.len()];
    let mut unknown = Vec::new();
    let names = match &apart.by {
        ApartBy::Attribute(attribute) => {
            let values: Vec<Vec<String>> =
                entitlements.iter().map(|id| values_of(context.snapshot, attribute, id)).collect();
            let mut ranks: BTreeMap<&str, usize> = values.iter().flatten().map(|value| (value.as_str(), 0)).collect();
            for (rank, known) in ranks.values_mut().enumerate() {
                *known = rank;
            }
            for (of, values) in of.iter_mut().zip(&values) {
                of.extend(values.iter().filter_map(|value| ranks.get(value.as_str())));
            }
            ranks.keys().map(|value| format!("{attribute} `{value}`")).collect()
        }
        ApartBy::Conditions(both) => {
            let (one, other) = &**both;
            for (side, condition) in [one, other].into_iter().enumerate() {
                let (known, lacks) = context.graph.resolve(&whatever(condition));
                unknown.extend(lacks);
                for id in known.entitlements {
                    if let Some(of) = of.get_mut(id.0 as usize) {
                        of.push(side);
                    }
                }
            }
            vec![one.to_string(), other.to_string()]
        }
    };
    (Sides { names, of }, unknown)
}

fn whatever(condition: &Condition) -> Access {
    Access { conditions: vec![condition.clone()], ..Access::default() }
}

/// The sides that a group or role grants, and by what: the first entitlement of each and how many there are.
fn granted(context: &Context<'_>, sides: &Sides, holder: Holder) -> BTreeMap<usize, (EntitlementId, usize)> {
    let mut granted = BTreeMap::new();
    for &id in context.graph.effective(holder) {
        for &side in sides.of.get(id.0 as usize).into_iter().flatten() {
            granted.entry(side).or_insert((id, 0)).1 += 1;
        }
    }
    granted
}

/// Whether a group or existing role only passes on what one of its parents crosses already.
fn comes_from_above(
    context: &Context<'_>,
    sides: &Sides,
    holder: Holder,
    own: &BTreeMap<usize, (EntitlementId, usize)>,
) -> bool {
    let graph = context.graph;
    let is_all = |parent: &Holder| granted(context, sides, *parent).keys().eq(own.keys());
    !matches!(holder, Holder::Role(_))
        && graph.parents(holder).iter().filter(|&&parent| !graph.passes_to(holder, parent)).any(is_all)
}

fn finding(
    context: &Context<'_>,
    apart: &Apart,
    sides: &Sides,
    holder: Holder,
    own: &BTreeMap<usize, (EntitlementId, usize)>,
) -> Finding {
    let name = |side: &usize| sides.names.get(*side).cloned().unwrap_or_default();
    let told: Vec<String> = own.keys().take(MOST_SIDES).map(name).collect();
    let more = own.len().saturating_sub(MOST_SIDES);
    let told = match (told.split_last(), more) {
        (Some((last, rest)), 0) => format!("{} and {last}", rest.join(", ")),
        _ => format!("{} and {more} more", told.join(", ")),
    };
    let severity = if matches!(holder, Holder::Role(_)) { Severity::Error } else { Severity::Warning };
    let message = wording::begin(context, holder).text(format!(" grants access of {told}, which are kept apart"));
    let finding = RULE
        .finding(
            wording::subject(context, holder, &apart.name),
            message,
            "make a role for each side, and give the higher one on request",
        )
        .severity(severity)
        .at(apart.span);
    let finding = own.iter().take(MOST_SIDES).fold(finding, |finding, (side, (id, count))| {
        let path = context.graph.path(holder, &[*id]).map(|mut path| {
            path.push(Node::Text(name(side)));
            Evidence::Path(path)
        });
        let others =
            (*count > 1).then(|| Evidence::Note(Phrase::new(format!("{count} entitlements of {}", name(side)))));
        finding.evidences(path).evidences(others)
    });
    finding.count("identities that have it", context.graph.members(holder).len() as u64, None)
}
