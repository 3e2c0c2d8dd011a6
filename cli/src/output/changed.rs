//! What would change of roles that exist, for people and for machines.

use adit_compiler::{
    compile::{Compilation, Population},
    derivation::{GrantRecord, OriginRecord, RoleRecord},
    roles::{CandidateRole, Change, Granted, WhyLeft},
    select::label,
    spec::Percent,
};
use serde::Serialize;

use crate::{
    terminal::{Look, Paint},
    text::{Align, Table, count, counted, visible, wrap},
};

/// Roles to list one by one.
const ROLES: usize = 20;

/// Entitlements to list one by one, for each role and each of what it gains and loses.
const ENTITLEMENTS: usize = 10;

/// An existing role that a population judged, for machines.
#[derive(Serialize)]
pub(crate) struct Changed<'a> {
    role: &'a str,
    handle: &'a str,
    /// Members in scope, by whom it is judged, and those out of it.
    members: u32,
    out_of_scope: u32,
    kept: Vec<&'a GrantRecord>,
    added: Vec<&'a GrantRecord>,
    dropped: &'a [GrantRecord],
    not_looked_at: Vec<&'a GrantRecord>,
}

/// Every existing role of the record that was judged.
pub(crate) fn of_records<'a>(roles: &'a [RoleRecord], population: &str) -> Vec<Changed<'a>> {
    let of_role = |role: &'a RoleRecord| match (&role.origin, &role.change) {
        (OriginRecord::Existing { population: of, role: id }, Some(change)) if of == population => {
            let is_added = |grant: &&GrantRecord| change.added.binary_search(&grant.id).is_ok();
            let (judged, not_looked_at): (Vec<_>, Vec<_>) =
                role.grants.iter().partition(|grant| grant.margin.is_some());
            let (added, kept) = judged.into_iter().partition(is_added);
            let members = u32::try_from(role.members.count).unwrap_or(u32::MAX).saturating_sub(change.out_of_scope);
            let (handle, out_of_scope, dropped) =
                (role.handle.as_str(), change.out_of_scope, change.dropped.as_slice());
            Some(Changed { role: id, handle, members, out_of_scope, kept, added, dropped, not_looked_at })
        }
        _ => None,
    };
    roles.iter().filter_map(of_role).collect()
}

/// What becomes of each existing role that a population looked at; nothing where it looked at none.
pub(crate) fn render(
    compilation: &Compilation<'_>,
    population: &Population,
    roles: &[&CandidateRole],
    look: Look,
) -> String {
    let judged: Vec<(&CandidateRole, &Change)> =
        roles.iter().filter_map(|role| Some((*role, role.change()?))).collect();
    let left = &population.left_alone;
    if judged.is_empty() && left.is_empty() {
        return String::new();
    }
    let (same, changed): (Vec<_>, Vec<_>) = judged.iter().partition(|(_, change)| change.is_none());
    let mut said = vec![
        format!("{} would change", counted(changed.len() as u64, "role", "roles")),
        format!(
            "{} as {}",
            counted(same.len() as u64, "stays", "stay"),
            if same.len() == 1 { "it is" } else { "they are" }
        ),
    ];
    if !left.is_empty() {
        said.push(format!("{} not judged", count(left.len())));
    }
    let title = look.paint(Paint::Bold, "Changes to existing roles");
    let mut text = format!("\n{title}\n{}\n", wrap(&said.join(", "), "  ", "    ", look));
    for (role, change) in changed.iter().take(ROLES) {
        text.push_str(&one(compilation, role, change, look));
    }
    if changed.len() > ROLES {
        text.push_str(&format!("  … and {} more in derivation.json\n", count(changed.len() - ROLES)));
    }
    for left in left.iter().take(ROLES) {
        let role = compilation.snapshot.roles.get(left.role).map_or("", |role| role.id.as_str());
        let mut line = format!("{} is left as it is: {}", visible(role), left.why);
        if let WhyLeft::Nothing { dropped } = &left.why {
            let most = dropped.iter().max_by_key(|granted| granted.held);
            let most = most.map(|most| format!(", {} at most", held(most))).unwrap_or_default();
            line.push_str(&most);
        }
        text.push_str(&wrap(&line, "  ", "    ", look));
        text.push('\n');
    }
    if left.len() > ROLES {
        text.push_str(&format!("  … and {} more in derivation.json\n", count(left.len() - ROLES)));
    }
    text
}

/// What one role gains, loses and keeps.
pub(crate) fn one(compilation: &Compilation<'_>, role: &CandidateRole, change: &Change, look: Look) -> String {
    let members = role.members.len() as u64 - u64::from(change.out_of_scope);
    let mut head = format!("{}: {}", visible(&role.id.0), counted(members, "member", "members"));
    if change.out_of_scope > 0 {
        head.push_str(&format!(
            " in scope, and {} out of it, for whom it changes too",
            count(change.out_of_scope as usize)
        ));
    }
    let mut text = format!("{}\n", wrap(&head, "  ", "    ", look));
    let is_added = |granted: &&Granted| change.added.binary_search(&granted.entitlement).is_ok();
    let added: Vec<&Granted> = role.grants.iter().filter(is_added).collect();
    let kept = role.grants.iter().filter(|granted| granted.margin.is_some() && !is_added(granted));
    let beside = role.grants.iter().filter(|granted| granted.margin.is_none()).count();
    let mut table = Table::new(4, [Align::Left, Align::Left, Align::Left, Align::Right]);
    listed(compilation, "gains", &added, &mut table);
    listed(compilation, "loses", &change.dropped.iter().collect::<Vec<_>>(), &mut table);
    text.push_str(&table.render(look));
    let mut rest = Vec::new();
    if let Some(least) = kept.clone().min_by_key(|granted| granted.held) {
        let by = if least.held == least.of { "all".to_owned() } else { format!("at least {}", held(least)) };
        rest.push(format!("keeps {}, each held by {by}", count(kept.count())));
    }
    if beside > 0 {
        rest.push(format!("{} not looked at here {} in it", count(beside), if beside == 1 { "stays" } else { "stay" }));
    }
    if !rest.is_empty() {
        text.push_str(&format!("{}\n", look.paint(Paint::Dim, &wrap(&rest.join("; "), "    ", "      ", look))));
    }
    text
}

/// A row for each of what a role gains or loses.
fn listed(compilation: &Compilation<'_>, what: &str, grants: &[&Granted], table: &mut Table) {
    for (place, granted) in grants.iter().take(ENTITLEMENTS).enumerate() {
        let margin = granted.margin.unwrap_or_default();
        let sign = if margin < 0 { "-" } else { "+" };
        table.row([
            if place == 0 { what.to_owned() } else { String::new() },
            label(compilation.snapshot, granted.entitlement),
            format!("held by {}", held(granted)),
            format!("{sign}{}", Percent(margin.unsigned_abs()).to_string().trim_end_matches('%')),
        ]);
    }
    if grants.len() > ENTITLEMENTS {
        let more = format!("… and {} more in derivation.json", count(grants.len() - ENTITLEMENTS));
        table.row([String::new(), more, String::new(), String::new()]);
    }
}

fn held(granted: &Granted) -> String {
    format!("{} of {}", count(granted.held as usize), count(granted.of as usize))
}
