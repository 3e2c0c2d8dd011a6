//! The roles that a split would give, and who would have which.

use adit_compiler::spec::Duties;
use adit_snapshots::{EntitlementId, IdentityId};

use crate::{
    Evidence, Node, Phrase,
    context::{Context, Seen},
    duties::split::Part,
    graph::{Broken, Holder},
};

/// So many entitlements of a role are told.
const SHOWN: usize = 4;

/// A row for each role of a split: what it would grant, and how many of the members of today hold or use that.
pub(super) fn told(
    context: &Context<'_>,
    holder: Holder,
    duties: &Duties,
    broken: &Broken,
    parts: &[Part],
) -> Vec<Evidence> {
    let members = context.graph.members(holder);
    let needs: Vec<Option<Vec<IdentityId>>> =
        parts.iter().map(|part| needing(context, holder, broken, part, &members)).collect();
    let verb = if matches!(holder, Holder::Role(_)) { "hold" } else { "use" };
    let name = match context.graph.holder_name(holder) {
        Node::Role(name) | Node::ExistingRole(name) | Node::Group(name) => name,
        _ => String::new(),
    };
    let mut rows: Vec<Evidence> = Vec::new();
    for (index, (part, needing)) in parts.iter().zip(&needs).enumerate() {
        let sides: Vec<&str> = part
            .sides
            .iter()
            .filter_map(|&side| broken.sides.get(side).and_then(|&side| duties.sides.get(side)))
            .map(|side| side.name.as_str())
            .collect();
        let begin = if index == 0 {
            format!("split: `{name}` would keep ")
        } else {
            format!("split: a role `{name}-{}` would have ", sides.join("-").replace(' ', "-"))
        };
        let entitlements = part.entitlements.iter().copied().map(Node::Entitlement);
        let phrase = Phrase::new(begin).listed(entitlements, SHOWN);
        let phrase = if sides.is_empty() { phrase } else { phrase.text(format!(" (`{}`", sides.join("` and `"))) };
        let open = if sides.is_empty() { " (" } else { ": " };
        let phrase = match needing {
            Some(needing) => phrase.text(format!("{open}{} of {} members {verb} it)", needing.len(), members.len())),
            None if sides.is_empty() => phrase,
            None => phrase.text(")"),
        };
        rows.push(Evidence::Note(phrase));
    }
    let counted: Option<Vec<&Vec<IdentityId>>> = needs.iter().map(Option::as_ref).collect();
    rows.push(Evidence::Note(Phrase::new(match counted {
        Some(needs) => {
            let several = members
                .iter()
                .filter(|member| needs.iter().filter(|needing| needing.binary_search(member).is_ok()).count() > 1);
            match several.count() {
                0 => "nobody would need two of these roles".to_owned(),
                count => format!(
                    "{count} of {} members would need two of these roles: somebody must decide which they keep",
                    members.len()
                ),
            }
        }
        None => "whoever has it has all of that today, and no source says who uses what of it".to_owned(),
    })));
    rows
}

/// The members who need a part: of a candidate role who holds any of its duties today, whatever gives it to them; of what is live already, who
/// used any of them, none where nobody observed that.
fn needing(
    context: &Context<'_>,
    holder: Holder,
    broken: &Broken,
    part: &Part,
    members: &[IdentityId],
) -> Option<Vec<IdentityId>> {
    let graph = context.graph;
    let on_side = |held: &EntitlementId| {
        let sides = part.sides.iter().filter_map(|&side| broken.sides.get(side));
        let mut accesses = sides.map(|&side| graph.sides().access_in(broken.place, side));
        accesses.any(|access| access.entitlements.binary_search(held).is_ok())
    };
    let telling: Vec<EntitlementId> = part.entitlements.iter().copied().filter(on_side).collect();
    let telling = if telling.is_empty() { &part.entitlements } else { &telling };
    if matches!(holder, Holder::Role(_)) {
        let holds = |member: &&IdentityId| {
            telling.iter().any(|&held| context.snapshot.assignments.find(**member, held).is_some())
        };
        return Some(members.iter().filter(holds).copied().collect());
    }
    let usage = context.usage()?;
    let mut seen = false;
    let mut uses = |member: &&IdentityId| {
        telling.iter().any(|&held| {
            let use_of = usage.of_assignment(context.snapshot, **member, held);
            seen |= use_of != Seen::Unknown;
            matches!(use_of, Seen::Used { .. })
        })
    };
    let using = members.iter().filter(&mut uses).copied().collect();
    seen.then_some(using)
}
