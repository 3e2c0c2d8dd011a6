//! How good roles are beyond what they cost and explain, for people.

use adit_compiler::{quality::Quality, spec::Percent};

use super::text::{counted, number, wrap};
use crate::terminal::Look;

/// A line for each measure that there is.
pub(crate) fn render(quality: &Quality, look: Look) -> String {
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
    if !survived.is_empty() && quality.stability.iter().any(|at| at.of > 0) {
        lines.push(format!("stability: roles still there {}", survived.join(", ")));
    }
    if let Some(found) = &quality.generalisation {
        lines.push(format!(
            "generalisation: {} mined from {} explain {} of {} of the {} held out ({}), and would grant {} beyond",
            counted(found.roles, "role", "roles"),
            counted(found.mined, "identity", "identities"),
            number(found.covered),
            counted(found.assignments, "assignment", "assignments"),
            number(found.held_out),
            found.coverage,
            number(found.over_grants),
        ));
    }
    lines.iter().map(|line| format!("{}\n", wrap(line, "  ", "    ", look))).collect()
}
