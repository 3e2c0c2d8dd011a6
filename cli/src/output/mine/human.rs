//! What `adit mine` found, for people.

use adit_compiler::{
    cut::Cut,
    describe::{left_out_text, rule_text},
    measures::Measures,
    mine::{Shortfall, Unassigned},
    spec::{Cover, Strategy},
};

use super::Mined;
use crate::{
    output::{
        explained,
        learned::{self, Learned},
        quality,
    },
    terminal::{Look, Paint},
    text::{Align, Table, count, counted, number, some_of, visible, who_holds, wrap},
};

/// How many roles to show.
const LARGEST: usize = 10;

/// The summary.
pub(crate) fn render(file: &str, mined: &Mined, look: Look) -> String {
    let measures = &mined.measures;
    let size = who_holds(mined.matrix.height() as u64, mined.matrix.width() as u64, measures.assignments);
    let mut text = wrap(&format!("{file}: {size}."), "", "  ", look);
    text.push_str("\n\n");
    text.push_str(&verdict(mined, look));
    text.push('\n');
    text.push_str(&comparison(measures, look));
    text.push_str(&how_good(mined, look));
    text.push_str(&largest(mined, look));
    text.push_str(&described(mined, look));
    text.push_str(&remarks(mined, look));
    text
}

/// What the roles explain, and what is proved about their number.
fn verdict(mined: &Mined, look: Look) -> String {
    let measures = &mined.measures;
    let roles = counted(measures.roles, "role", "roles");
    let exact = measures.over_grants == 0 && measures.under_grants == 0;
    let coverage = if exact {
        let verb = if measures.roles == 1 { "explains" } else { "explain" };
        format!("{roles} {verb} every assignment and would grant nothing else.")
    } else {
        format!(
            "{roles} grant {} of {} assignments ({}).",
            number(measures.covered),
            number(measures.assignments),
            measures.coverage
        )
    };
    let mut text = wrap(&look.paint(Paint::Bold, &coverage), "", "", look);
    text.push('\n');
    if measures.over_grants > 0 {
        let message = format!(
            "{} would be granted that nobody holds today: over-grants, to be looked at one by one.",
            counted(measures.over_grants, "assignment", "assignments")
        );
        text.push_str(&wrap(&look.paint(Paint::Yellow, &message), "", "", look));
        text.push('\n');
    }
    if measures.under_grants > 0 {
        let message = format!(
            "{} held today would not be granted by any role: individual access.",
            counted(measures.under_grants, "assignment", "assignments")
        );
        text.push_str(&wrap(&message, "", "", look));
        text.push('\n');
    }
    text.push_str(&wrap(&proof(mined), "", "", look));
    text.push('\n');
    if let Some(cut) = &mined.cut {
        text.push_str(&wrap(&what_was_cut(cut, mined.decides()), "", "", look));
        text.push('\n');
    }
    text
}

/// What became of the clusters that the strategy found.
fn what_was_cut(cut: &Cut, decides: bool) -> String {
    let lost = [
        (cut.consolidated, "became one with another"),
        (cut.too_small, "with too few members"),
        (cut.incoherent, "whose members share too little"),
        (cut.inherited, "without anything that they do not inherit"),
    ];
    let lost: Vec<_> =
        lost.iter().filter(|(count, _)| *count > 0).map(|(n, why)| format!("{} {why}", number(*n))).collect();
    let mut text = format!("The cut-off made them of {}", counted(cut.clusters, "cluster", "clusters"));
    if !lost.is_empty() {
        text.push_str(&format!(": {}", lost.join(", ")));
    }
    if cut.beyond_limit > 0 {
        let roles = counted(cut.beyond_limit, "role", "roles");
        text.push_str(&format!("; {roles} beyond the limit, the smallest, are left out"));
    }
    let margins = margins(cut).filter(|_| decides).map(|margins| format!(" {margins}"));
    text + "." + &margins.unwrap_or_default()
}

/// How many decisions of the cut-off hang by little; nothing where it had none to make.
pub(crate) fn margins(cut: &Cut) -> Option<String> {
    let margins = format!(
        "Of {} on an entitlement, {} met a threshold by less than 5 points, and {} missed one by less.",
        counted(cut.decisions, "decision", "decisions"),
        number(cut.just_granted),
        number(cut.just_left),
    );
    (cut.decisions > 0).then_some(margins)
}

fn proof(mined: &Mined) -> String {
    let measures = &mined.measures;
    match (measures.lower_bound, measures.proved_minimal) {
        (Some(bound), true) => {
            let how = match mined.clustering.bound.as_ref().and_then(|bound| bound.kernel.as_ref()) {
                None => format!("{} assignments of which no two fit into one role", number(bound)),
                Some(kernel) => format!("an exhaustive search of {} nodes", number(kernel.nodes)),
            };
            format!("Fewer roles cannot do it exactly: proved, by {how}.")
        }
        (Some(bound), false) => format!(
            "Whether fewer could do it is open: at least {} are needed, {} were found.",
            number(bound),
            number(measures.roles)
        ),
        (None, _) => match mined.using.strategy {
            Strategy::Cover(Cover { deviation: Some(_), .. }) => {
                "How few roles could do it within the deviation is said in the note at the end.".to_owned()
            }
            Strategy::Cover(_) => "Nothing is proved about how few roles could do it.".to_owned(),
            Strategy::Hierarchy(_) => {
                "The least complexity that was found: nothing is proved about how much less could do.".to_owned()
            }
            Strategy::Layers(_) => "The roles that most likely lie behind noisy access: their number is not what is sought, and nothing is \
                                    proved about it."
                .to_owned(),
            Strategy::Attributes(_) => "Roles follow attributes of people: nothing is proved about their number.".to_owned(),
            _ => {
                "This strategy looks for people who are alike, not for the fewest roles: nothing is proved about their \
                 number."
                    .to_owned()
            }
        },
    }
}

/// Our numbers beside those of the two policies that take no thought.
fn comparison(measures: &Measures, look: Look) -> String {
    let rows = &measures.baselines.one_role_per_distinct_row;
    let columns = &measures.baselines.one_role_per_distinct_column;
    let mut table = Table::new(2, [Align::Left, Align::Right, Align::Right]).head(["", "roles", "complexity"]);
    table.row(["these roles".to_owned(), number(measures.roles), number(measures.wsc)]);
    table.row(["one role per distinct set of entitlements".to_owned(), number(rows.roles), number(rows.wsc)]);
    table.row(["one role per distinct set of holders".to_owned(), number(columns.roles), number(columns.wsc)]);
    let edges = match measures.hierarchy_edges {
        0 => String::new(),
        edges => format!(" + {}", counted(edges, "inheritance", "inheritances")),
    };
    let legend = format!(
        "Complexity counts what has to be kept up: {} + {} + {}{edges} + {}. Lower is better.",
        counted(measures.roles, "role", "roles"),
        counted(measures.user_assignments, "identity in a role", "identities in roles"),
        counted(measures.permission_assignments, "entitlement in a role", "entitlements in roles"),
        counted(measures.direct_assignments, "assignment outside", "assignments outside"),
    );
    let mut text = format!("{}{}\n", table.render(look), look.paint(Paint::Dim, &wrap(&legend, "  ", "  ", look)));
    if rows.wsc.min(columns.wsc) < measures.wsc {
        let remark = "Few roles are not always the least to keep up: here one of the two policies that take no thought \
                      has the lower complexity.";
        text.push_str(&look.paint(Paint::Dim, &wrap(remark, "  ", "  ", look)));
        text.push('\n');
    }
    text
}

/// How good the roles are beyond what they cost and explain.
fn how_good(mined: &Mined, look: Look) -> String {
    let title = look.paint(Paint::Bold, "How good the roles are");
    let text = match &mined.quality {
        Ok(quality) => quality::render(quality, look),
        Err(why) => format!("{}\n", wrap(&format!("not measured: {why}"), "  ", "    ", look)),
    };
    format!("\n{title}\n{text}")
}

/// The roles that grant the most.
fn largest(mined: &Mined, look: Look) -> String {
    let Some(first) = mined.roles.first() else { return String::new() };
    let width = first.id.len() + 30;
    let room = look.width.saturating_sub(width).max(20);
    let mut table = Table::new(2, [Align::Left, Align::Right, Align::Right, Align::Left]).head([
        "role",
        "members",
        "entitlements",
        "",
    ]);
    for role in mined.roles.iter().take(LARGEST) {
        let inherited = match role.cluster.inherits.len() {
            0 => None,
            1 => Some("what 1 role grants".to_owned()),
            roles => Some(format!("what {} roles grant", count(roles))),
        };
        let room = room.saturating_sub(inherited.as_ref().map_or(0, |inherited| inherited.len() + 3)).max(20);
        let own = Some(some_of(mined.grants(role), room)).filter(|own| !own.is_empty());
        table.row([
            role.id.clone(),
            count(role.cluster.members.len()),
            count(role.cluster.entitlements.len()),
            own.into_iter().chain(inherited).collect::<Vec<_>>().join(" + "),
        ]);
    }
    let title = if mined.roles.len() > LARGEST {
        format!("The {LARGEST} largest of {} roles, by what they grant", count(mined.roles.len()))
    } else {
        "The roles, largest first".to_owned()
    };
    format!("\n{}\n{}", look.paint(Paint::Bold, &title), table.render(look))
}

/// What attributes say of the roles, where anything is known of people.
fn described(mined: &Mined, look: Look) -> String {
    let all = mined.roles.iter().filter_map(|role| role.explained.as_ref());
    let some = mined.roles.iter().take(LARGEST).filter_map(|role| Some((role.id.clone(), role.explained.as_ref()?)));
    let mut text = explained::render(all, some, &mined.snapshot, look);
    let Some(describe) = &mined.using.describe else { return text };
    let mut table = Table::new(2, [Align::Left, Align::Left]).head(["role", "who gets it"]);
    for role in mined.roles.iter().take(LARGEST) {
        let who = role.rule.as_ref().map_or_else(
            || "people one by one".to_owned(),
            |rule| {
                let others = u64::from(rule.matched.saturating_sub(rule.members_matched));
                let others =
                    if others == 0 { String::new() } else { format!(" and {}", counted(others, "other", "others")) };
                let text = rule_text(rule, &mined.snapshot);
                let more = left_out_text(rule).map(|more| format!("; {more}")).unwrap_or_default();
                format!("{text} ({} of {} members{others}{more})", rule.members_matched, rule.members)
            },
        );
        table.row([role.id.clone(), who]);
    }
    text.push_str(&format!("\n{}\n{}", look.paint(Paint::Bold, "Membership rules"), table.render(look)));
    if let Some(of) = &mined.learnability {
        let role = |role: usize| mined.roles.get(role).map_or_else(String::new, |role| role.id.clone());
        let all = "what `--format json` prints";
        text.push_str(&learned::render(&Learned { of, by: &describe.by, role: &role, all }, look));
    }
    text
}

/// What the strategy left out, or could not do.
fn remarks(mined: &Mined, look: Look) -> String {
    let mut text = String::new();
    let unassigned = &mined.clustering.unassigned;
    if !unassigned.is_empty() {
        text.push_str(&look.paint(
            Paint::Bold,
            &format!("\n{} in no role\n", counted(unassigned.len() as u64, "identity", "identities")),
        ));
        for near in unassigned.iter().take(LARGEST) {
            text.push_str(&wrap(&near_miss(mined, near), "  ", "    ", look));
            text.push('\n');
        }
        if unassigned.len() > LARGEST {
            text.push_str(&format!("  … and {} more; `--format json` lists all\n", count(unassigned.len() - LARGEST)));
        }
    }
    for note in &mined.clustering.notes {
        text.push_str(&wrap(note, "\nnote: ", "  ", look));
        text.push('\n');
    }
    text
}

/// `Cherry shares 1 of its 4 entitlements with Rose, who has 4: too small a share`.
fn near_miss(mined: &Mined, near: &Unassigned) -> String {
    let name = visible(mined.identity(near.row));
    let Some(partner) = near.with else { return format!("{name} {}", near.shortfall) };
    let why = match near.shortfall {
        Shortfall::TooFewInCommon => "too few in common",
        Shortfall::OwnShare => "too small a share of its own",
        Shortfall::PartnerShare => "too small a share of the other's",
        Shortfall::HasNoRole => "none of the roles",
        Shortfall::TooFewIdentities => "too few others like them",
        Shortfall::AccessNoise => "too few others hold alike (access noise)",
        Shortfall::AttributeNoise => "those who hold alike have other attributes (attribute noise)",
        Shortfall::OverallNoise => "too few others like them in either way (overall noise)",
        Shortfall::OutOfRange => "outside the range that is looked at",
        Shortfall::HoldsNothing | Shortfall::SharesNothing => "nothing that counts",
    };
    format!(
        "{name} shares {} of its {} with {}, who has {}: {why}",
        number(near.best_common.into()),
        counted(near.of.into(), "entitlement", "entitlements"),
        visible(mined.identity(partner)),
        number(near.with_of.into()),
    )
}
