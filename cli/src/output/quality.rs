//! How good roles are beyond what they cost and explain, for people.

use adit_compiler::{quality::Quality, spec::Percent};

use super::text::{counted, number, wrap};
use crate::terminal::Look;

/// A line for each measure; where there is none, why. `again` is why nothing was mined again, if that is known.
pub(crate) fn render(quality: &Quality, decides: bool, again: Option<&str>, look: Look) -> String {
    let mut lines = Vec::new();
    let complexity = &quality.complexity;
    let weights = &complexity.weights;
    let open = [weights.role_edges, weights.direct_assignments].map(|weight| weight.unwrap_or(1));
    let all = [weights.roles, weights.user_assignments, weights.permission_assignments, open[0], open[1]];
    if all.iter().any(|&weight| weight != 1) {
        lines.push(format!(
            "complexity under the weights {}: {}, one role per distinct set of entitlements {}, of holders {}",
            all.map(|weight| weight.to_string()).join(", "),
            number(complexity.wsc),
            number(complexity.one_role_per_distinct_row),
            number(complexity.one_role_per_distinct_column),
        ));
    }
    if quality.silhouette.is_none() {
        lines.push("silhouette: not measured: fewer than two roles are the primary role of anybody".to_owned());
    }
    if let Some(found) = &quality.silhouette {
        let sign = if found.value < 0 { "-" } else { "" };
        lines.push(format!(
            "silhouette {sign}{}.{:02} over {} of {} with a primary role: 1 is far from those of other roles, 0 between two",
            found.value.abs() / 10_000,
            found.value.abs() % 10_000 / 100,
            number(found.sample),
            counted(found.of, "identity", "identities"),
        ));
    }
    let survived: Vec<String> = quality
        .stability
        .iter()
        .map(|at| format!("{} with {} {}", Percent::of(at.survived, at.of), at.threshold, at.at))
        .collect();
    if !decides {
        lines.push("stability: not measured: no threshold decides what these roles grant".to_owned());
    }
    if !survived.is_empty() && quality.stability.iter().any(|at| at.of > 0) {
        lines.push(format!("stability: roles still there {}", survived.join(", ")));
    }
    if let Some(found) = &quality.generalisation {
        let drawn = found.drawn_from.map(|all| format!(", drawn from {},", number(all))).unwrap_or_default();
        lines.push(format!(
            "generalisation: {} mined from {}{drawn} {} {} of {} of the {} held out ({}), and would grant {} beyond; one role per \
             distinct set of entitlements explains {}, one per distinct set of holders {}, without any beyond",
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
        ));
    } else if let Some(why) = again {
        lines.push(format!("generalisation: not measured: {why}"));
    }
    lines.iter().map(|line| format!("{}\n", wrap(line, "  ", "    ", look))).collect()
}
