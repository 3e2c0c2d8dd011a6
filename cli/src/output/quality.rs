//! How good roles are beyond what they cost and explain, for people.

use adit_compiler::{
    quality::{Complexity, Generalisation, Lighter, Quality, Silhouette, Stability},
    spec::Percent,
};

use crate::{
    terminal::Look,
    text::{counted, number, wrap},
};

/// A line for each measure; where there is none, why. The two policies that take no thought stand beside each.
pub(crate) fn render(quality: &Quality, look: Look) -> String {
    let silhouette = quality.silhouette.as_ref().map_or_else(
        || "silhouette: not measured: fewer than two roles are the primary role of anybody".to_owned(),
        silhouette,
    );
    let generalisation = quality.generalisation.as_ref().map_or_else(
        || {
            "generalisation: not measured: there are too few to hold anybody out, or a limit of the strategy is passed \
             without them"
                .to_owned()
        },
        generalisation,
    );
    let lines =
        complexity(&quality.complexity).into_iter().chain([silhouette, stability(&quality.stability), generalisation]);
    lines.map(|line| format!("{}\n", wrap(&line, "  ", "    ", look))).collect()
}

/// Nothing where all weights are 1: then it is the complexity that stands above.
fn complexity(complexity: &Complexity) -> Option<String> {
    let weights = &complexity.weights;
    let open = [weights.role_edges, weights.direct_assignments].map(|weight| weight.unwrap_or(1));
    let all = [weights.roles, weights.user_assignments, weights.permission_assignments, open[0], open[1]];
    all.iter().any(|&weight| weight != 1).then(|| {
        format!(
            "complexity under the weights {}: {}, one role per distinct set of entitlements {}, of holders {}",
            all.map(|weight| weight.to_string()).join(", "),
            number(complexity.wsc),
            number(complexity.one_role_per_distinct_row),
            number(complexity.one_role_per_distinct_column),
        )
    })
}

fn silhouette(found: &Silhouette) -> String {
    let sample = if found.sample < found.of {
        format!(
            "{}, drawn from the {} with a primary role (seed {})",
            number(found.sample),
            number(found.of),
            found.seed
        )
    } else {
        format!("all {} with a primary role", number(found.of))
    };
    format!(
        "silhouette {} over {sample}: 1 is far from those of other roles, 0 between two; one role per distinct set of \
         entitlements {}, of holders {}",
        hundredths(found.value),
        hundredths(found.one_role_per_distinct_row),
        hundredths(found.one_role_per_distinct_column),
    )
}

/// `-0.05` of -512 ten-thousandths.
fn hundredths(value: i64) -> String {
    let sign = if value <= -100 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 10_000, value.abs() % 10_000 / 100)
}

fn stability(stability: &[Stability]) -> String {
    let survived: Vec<String> = stability
        .iter()
        .filter(|at| at.of > 0)
        .map(|at| format!("{} with {} {}", Percent::of(at.survived, at.of), at.threshold, at.at))
        .collect();
    if survived.is_empty() {
        return "stability: not measured: no threshold decides what these roles grant".to_owned();
    }
    let sample =
        stability.iter().find_map(|at| Some((at.threshold.as_str(), at.sample.filter(|it| it.identities < it.of)?)));
    let sample = sample.map_or_else(String::new, |(threshold, sample)| {
        format!(
            "; {threshold} over {} mined again, drawn from {} (seed {})",
            counted(sample.identities, "identity", "identities"),
            number(sample.of),
            sample.seed,
        )
    });
    format!(
        "stability: roles still there {}{sample}; one role per distinct set of either has no threshold to move",
        survived.join(", ")
    )
}

fn generalisation(found: &Generalisation) -> String {
    let drawn = found
        .drawn_from
        .map(|all| format!(", drawn with them from {} (seed {})", number(all), found.seed))
        .unwrap_or_default();
    let lighter = match found.lighter {
        None => String::new(),
        Some(Lighter::Steps(steps)) => format!(", by a search of at most {} nodes,", number(steps)),
        Some(Lighter::Roles(roles)) => {
            format!(", looking for {} as for everyone,", counted(roles.into(), "role", "roles"))
        }
    };
    format!(
        "generalisation: {} mined from {}{lighter} {} {} of {} of {} held out{drawn} ({}), and would grant {} beyond; one role \
         per distinct set of entitlements explains {}, one per distinct set of holders {}, without any beyond",
        counted(found.roles, "role", "roles"),
        counted(found.mined, "identity", "identities"),
        if found.roles == 1 { "explains" } else { "explain" },
        number(found.covered),
        counted(found.assignments, "assignment", "assignments"),
        number(found.held_out),
        found.coverage,
        number(found.over_grants),
        Percent::of(found.one_role_per_distinct_row, found.assignments),
        Percent::of(found.one_role_per_distinct_column, found.assignments),
    )
}
