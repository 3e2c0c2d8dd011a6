//! What someone is about to sign for: what a role grants, to whom, and why.

use adit_compiler::{
    approval::{ApprovalState, Content, Reason},
    compile::Compilation,
};

use super::changed;
use crate::{
    privacy::Names,
    terminal::{Look, Paint},
    text::{Align, Table, counted, some_of, wrap},
};

/// Entitlements to list one by one.
const GRANTS: usize = 40;

/// Everything the signature is bound to, and what speaks for and against it.
pub(crate) fn render(compilation: &Compilation<'_>, number: usize, names: &Names<'_>, look: Look) -> String {
    let (Some(role), Some(content)) = (compilation.roles.get(number), Content::of(compilation, number)) else {
        return String::new();
    };
    let title = role.name.as_ref().map_or_else(|| role.handle.clone(), |name| format!("{name} ({})", role.handle));
    let mut text = format!("{}  {}\n", look.paint(Paint::Bold, &title), look.paint(Paint::Dim, &role.id.to_string()));
    let mut line = |words: String| {
        text.push_str(&wrap(&words, "  ", "      ", look));
        text.push('\n');
    };
    line(why(&content.why));
    let members: Vec<_> = role.members.iter().map(|&member| names.identity(member)).collect();
    let who = counted(members.len() as u64, "identity", "identities");
    let room = look.width.saturating_sub(30);
    if members.is_empty() {
        line("for nobody today".to_owned());
    } else {
        line(format!("for {who} today: {}", some_of(members.iter().map(String::as_str), room)));
    }
    line(match &content.rule {
        Some(rule) => format!("by rule: {rule}"),
        None => "by nobody's rule: people are assigned one by one".to_owned(),
    });
    line(format!("within: {}", content.within));
    if !role.over_grants.is_empty() {
        let over = counted(role.over_grants.len() as u64, "assignment", "assignments");
        let warning = look.paint(Paint::Yellow, &format!("gives {over} that nobody holds today"));
        line(warning);
    }
    if let Some(change) = role.change() {
        text.push_str(&format!("\n{}", changed::one(compilation, role, change, look)));
    }
    text.push_str(&format!("\n  grants {}\n", counted(content.grants.len() as u64, "entitlement", "entitlements")));
    text.push_str(&grants(compilation, number, names, look));
    if let Some(status) = compilation.statuses.get(number) {
        text.push_str(&format!("\n  {}\n", standing(&status.state)));
        text.push_str(&format!("  {}\n\n", look.paint(Paint::Dim, &format!("sign {}", status.content))));
    }
    text
}

fn why(reason: &Reason) -> String {
    let (origin, owner, cites) = match reason {
        Reason::Mined { mining, secondary: false, owner, cites, .. } => (format!("mined by `{mining}`"), owner, cites),
        Reason::Mined { mining, owner, cites, .. } => (format!("mined by `{mining}`, secondary"), owner, cites),
        Reason::Existing { role, mining, owner, cites, .. } => {
            (format!("a change to the role `{role}`, judged by `{mining}`"), owner, cites)
        }
        Reason::Declared { role, owner, cites } => (format!("written by people as `{role}`"), owner, cites),
    };
    let owner = owner.as_ref().map_or_else(|| "; nobody owns it".to_owned(), |owner| format!("; owner {owner}"));
    let cites = if cites.is_empty() { String::new() } else { format!("; cites {}", cites.join(", ")) };
    format!("{origin}{owner}{cites}")
}

/// What it grants itself with its support, then what it inherits.
fn grants(compilation: &Compilation<'_>, number: usize, names: &Names<'_>, look: Look) -> String {
    let Some(role) = compilation.roles.get(number) else { return String::new() };
    let mut table = Table::new(4, [Align::Left, Align::Left]);
    for granted in role.grants.iter().take(GRANTS) {
        let held = if granted.of == 0 { String::new() } else { format!("{} of {} hold it", granted.held, granted.of) };
        table.row([names.entitlement(granted.entitlement), held]);
    }
    let mut text = table.render(look);
    if role.grants.len() > GRANTS {
        text.push_str(&format!("    … and {} more in derivation.json\n", role.grants.len() - GRANTS));
    }
    for parent in role.inherits.iter().filter_map(|&parent| compilation.roles.get(parent)) {
        text.push_str(&format!(
            "    and everything of {}: {}\n",
            parent.handle,
            counted(parent.grants.len() as u64, "entitlement", "entitlements")
        ));
    }
    text
}

fn standing(state: &ApprovalState) -> String {
    match state {
        ApprovalState::Approved { by } => format!("approved by {}", by.join(", ")),
        ApprovalState::InForce => "exists and stays as it is".to_owned(),
        ApprovalState::NotProvisioned => "no `provision` block speaks of it".to_owned(),
        ApprovalState::Pending { signed, needed, .. } => {
            format!("{signed} of {} so far", counted((*needed).into(), "signature", "signatures"))
        }
        ApprovalState::Stale { approved } => format!("signed for other content so far: sha256:{}…", approved.short(12)),
        ApprovalState::Withdrawn { to, on } => format!("{to} since {on}"),
        ApprovalState::Expired { on } => format!("its approval ended on {on}"),
    }
}
