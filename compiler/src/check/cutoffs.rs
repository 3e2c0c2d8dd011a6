//! `cutoff { … }`: where the lines are drawn, and whether they leave anything between them.

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes,
    context::{Context, Faults},
    defaults,
    settings::{self, Known},
};
use crate::spec::{Cutoff, EntitlementOverlap, Strategy};

const CUTOFF: &[Known] = &[
    Known {
        name: "primary",
        forms: &["primary at least PERCENT of members", "primary at least PERCENT"],
        example: "primary at least 80% of members",
    },
    Known {
        name: "secondary",
        forms: &["secondary at least PERCENT of members", "secondary at least PERCENT"],
        example: "secondary at least 40% of members",
    },
    Known { name: "members", forms: &["members at least COUNT"], example: "members at least 5" },
    Known { name: "overlap", forms: &["overlap at most PERCENT"], example: "overlap at most 60%" },
    Known { name: "roles", forms: &["roles at most COUNT"], example: "roles at most 40" },
    Known {
        name: "over-grant",
        forms: &["over-grant at most PERCENT"],
        example: "over-grant at most 2% because \"…\"",
    },
];

/// Checks the settings of a cut-off. `strategy` is `None` when it is wrong itself; `fixed_roles` is how many roles it was asked for.
pub(super) fn check(
    context: &Context<'_>,
    written: &[ast::Setting],
    strategy: Option<&Strategy>,
    fixed_roles: Option<(u32, Span)>,
    faults: &mut Faults,
) -> Option<Cutoff> {
    let before = faults.len();
    // Without a strategy the spec fails anyway; what is said here is checked all the same.
    let unknown = Strategy::EntitlementOverlap(EntitlementOverlap::default());
    let mut cutoff = defaults::cutoff(strategy.unwrap_or(&unknown));
    let read = settings::read(context, "`cutoff`", CUTOFF, written, faults);
    let place = |name: &str| read.iter().find(|read| read.name == name).map(|read| read.value_span(0));
    for setting in &read {
        match setting.name {
            "primary" => cutoff.primary = setting.percent(1, faults).unwrap_or(cutoff.primary),
            "secondary" => cutoff.secondary = setting.percent(1, faults),
            "members" => cutoff.min_members = setting.count(0, faults).unwrap_or(cutoff.min_members),
            "overlap" => cutoff.max_overlap = setting.percent(0, faults),
            "roles" => cutoff.max_roles = setting.count(0, faults),
            "over-grant" => {
                let share = setting.percent(0, faults);
                match &setting.setting.because {
                    Some(because) => cutoff.over_grant = share.map(|share| (share, because.node.clone())),
                    None => faults.push(
                        Diagnostic::error(
                            codes::NO_REASON,
                            "access that nobody asked for needs a reason",
                            *setting.setting.span,
                            "expected `because \"…\"`",
                        )
                        .help("say why members may get what they did not hold"),
                    ),
                }
            }
            _ => {}
        }
    }
    if let (Some(secondary), Some(place_of_secondary)) = (cutoff.secondary, place("secondary")) {
        let primary = cutoff.primary;
        if secondary >= primary && faults.len() == before && (strategy.is_some() || place("primary").is_some()) {
            let than = match place("primary") {
                Some(_) => format!("the primary cut-off of {primary}"),
                None => format!("the primary cut-off, which is {primary} where nothing else is said"),
            };
            let message = format!("the secondary cut-off of {secondary} is not below {than}");
            let fault =
                Diagnostic::error(codes::CUTOFF_ORDER, message, place_of_secondary, "leaves nothing for child roles")
                    .help(
                        "what lies between the two becomes the child role: lower the secondary cut-off, or remove it",
                    );
            faults.push(match place("primary") {
                Some(place) => fault.label(place, "the primary cut-off"),
                None => fault,
            });
        }
    }
    if let (Some((roles, asked)), Some(most), Some(allowed)) = (fixed_roles, cutoff.max_roles, place("roles"))
        && roles > most
    {
        let message = format!("{roles} roles are more than the {most} allowed");
        faults.push(
            Diagnostic::error(codes::ROLES_CONTRADICTION, message, asked, "so many are asked for")
                .label(allowed, "and so many allowed")
                .help("raise the limit, or ask for fewer"),
        );
    }
    (faults.len() == before).then_some(cutoff)
}
