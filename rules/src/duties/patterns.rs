//! Rights that turn into others: who meets the patterns of the rule packs that a spec uses, and how that is told.

use adit_compiler::{
    packs::{self, Pack, PackKind, Pattern},
    spec::PackUse,
};
use adit_grammar::Span;
use adit_snapshots::{EntitlementId, IdentityId};

use super::wording;
use crate::{
    Evidence, Finding, Node, Phrase, Rule, Severity, Subject,
    context::Context,
    graph::{AccessGraph, Holder},
};

/// A pack of escalations that a spec uses.
pub(super) struct Escalation<'a> {
    used: &'a PackUse,
    pack: &'static Pack,
    /// What each entitlement is called in the words of the pack, if any of its patterns speaks of it.
    values: Vec<Option<&'a str>>,
}

/// A pattern that someone meets, and with what: per side the entitlement held and the value of the pattern it stands for.
pub(super) struct Met<'a> {
    pub(super) pattern: &'a Pattern,
    with: Vec<(EntitlementId, &'a str)>,
}

/// Who meets patterns.
#[derive(Clone, Copy)]
pub(super) enum Who {
    Holder(Holder),
    Identity(IdentityId),
}

/// The packs of escalations that a spec uses, in its order.
pub(super) fn in_use<'a>(context: &Context<'a>) -> impl Iterator<Item = Escalation<'a>> {
    let snapshot = context.snapshot;
    context.spec.packs.iter().filter_map(move |used| {
        let pack = packs::find(&used.name).filter(|pack| pack.kind == PackKind::Escalation)?;
        let entitlements = &snapshot.entitlements;
        let value = |id| {
            let [application, attribute, value] = entitlements.parts(id);
            let value = Some(value).filter(|_| used.target.is([application, attribute]))?;
            let mut sides = pack.patterns.iter().flat_map(|pattern| &pattern.sides);
            sides.any(|side| side.met_by(value).is_some()).then_some(value)
        };
        let values = entitlements.iter().map(value).collect();
        Some(Escalation { used, pack, values })
    })
}

impl<'a> Escalation<'a> {
    /// Whether a pattern speaks of an entitlement.
    pub(super) fn is_about(&self, entitlement: EntitlementId) -> bool {
        self.values.get(entitlement.0 as usize).is_some_and(Option::is_some)
    }

    /// Whether any pattern speaks of anything in the snapshot.
    pub(super) fn is_about_any(&self) -> bool {
        self.values.iter().any(Option::is_some)
    }

    /// The patterns that entitlements meet together, by id.
    pub(super) fn met_by(&self, held: &[EntitlementId]) -> Vec<Met<'a>> {
        let value = |&id: &EntitlementId| Some((id, (*self.values.get(id.0 as usize)?)?));
        let held: Vec<_> = held.iter().filter_map(value).collect();
        if held.is_empty() {
            return Vec::new();
        }
        self.pack.patterns.iter().filter_map(|pattern| meet(pattern, &held)).collect()
    }

    /// The one wildcard that meets a pattern alone.
    pub(super) fn wildcard(&self, met: &Met<'_>) -> Option<EntitlementId> {
        met.alone().filter(|held| self.values.get(held.0 as usize).copied().flatten().is_some_and(is_wildcard))
    }

    /// That someone meets a pattern, with the way to each side.
    pub(super) fn finding(&self, rule: &'static Rule, context: &Context<'_>, who: Who, met: &Met<'_>) -> Finding {
        let message = who.begin(context).text(format!(" can escalate by {}", line(met.pattern)));
        let way = |&(held, wanted): &(EntitlementId, &str)| self.way(who.path(context.graph, held)?, held, wanted);
        let ways: Vec<_> = met.with.iter().filter_map(way).collect();
        rule.finding(who.subject(context, &met.pattern.id), message, who.help())
            .severity(who.severity(&ways))
            .at(self.used.span)
            .evidences(ways)
            .note(self.source())
    }

    /// What the pack is called.
    pub(super) fn name(&self) -> &'static str {
        &self.pack.name
    }

    /// Where the spec asks for the pack.
    pub(super) fn span(&self) -> Span {
        self.used.span
    }

    /// The way to one side, and what it stands for where that is not itself.
    fn way(&self, mut path: Vec<Node>, held: EntitlementId, wanted: &str) -> Option<Evidence> {
        if self.values.get(held.0 as usize) != Some(&Some(wanted)) {
            let is = if is_wildcard(wanted) { "is one of" } else { "stands for" };
            path.push(Node::Text(format!("{is} `{wanted}`")));
        }
        Some(Evidence::Path(path))
    }

    /// What the pack is and where it comes from.
    pub(super) fn source(&self) -> Phrase {
        let Pack { name, version, source, .. } = self.pack;
        Phrase::new(format!("pack `{name}`, version {version}: {source}"))
    }
}

impl Who {
    fn subject(self, context: &Context<'_>, what: &str) -> Subject {
        match self {
            Self::Holder(holder) => wording::subject(context, holder, what),
            Self::Identity(identity) => Subject::Conflict(identity, what.to_owned()),
        }
    }

    fn begin(self, context: &Context<'_>) -> Phrase {
        match self {
            Self::Holder(holder) => wording::begin(context, holder),
            Self::Identity(identity) => Phrase::default().identity(identity),
        }
    }

    /// The shortest way to what is held; of an identity one of today, if there is one.
    fn path(self, graph: &AccessGraph<'_>, held: EntitlementId) -> Option<Vec<Node>> {
        match self {
            Self::Holder(holder) => graph.path(holder, &[held]),
            Self::Identity(identity) => {
                graph.path_today(identity, &[held]).or_else(|| graph.path_by_role(identity, &[held]))
            }
        }
    }

    /// What a candidate role would bring can still be stopped. What is there already is as it is, and administrators exist.
    fn severity(self, ways: &[Evidence]) -> Severity {
        let is_role = |node: &Node| matches!(node, Node::Role(_));
        let is_proposed = ways.iter().any(|way| matches!(way, Evidence::Path(path) if path.iter().any(is_role)));
        if is_proposed { Severity::Error } else { Severity::Warning }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Holder(_) => "take one side out of the role, or narrow it to what the role works on",
            Self::Identity(_) => "take away the side it needs least, or give it on request, for hours",
        }
    }
}

impl Met<'_> {
    /// The one entitlement that meets the pattern alone.
    pub(super) fn alone(&self) -> Option<EntitlementId> {
        let (first, _) = *self.with.first()?;
        self.with.iter().all(|&(held, _)| held == first).then_some(first)
    }
}

fn meet<'a>(pattern: &'a Pattern, held: &[(EntitlementId, &str)]) -> Option<Met<'a>> {
    let side = |side: &'a packs::Side| {
        let mut with = held.iter().filter_map(|&(id, value)| Some((id, value, side.met_by(value)?)));
        // What is written out proves more than a wildcard does, so it is looked at first.
        let literal = with.clone().find(|(_, value, _)| !is_wildcard(value));
        literal.or_else(|| with.next()).map(|(id, _, met)| (id, met))
    };
    let with = pattern.sides.iter().map(side).collect::<Option<_>>()?;
    Some(Met { pattern, with })
}

/// ``AWS-03: starts a machine with somebody else's role; risk: the rights of any instance profile``
pub(super) fn line(pattern: &Pattern) -> String {
    format!("{}: {}; risk: {}", pattern.id, pattern.title, pattern.risk)
}

fn is_wildcard(value: &str) -> bool {
    value.contains(['*', '?'])
}
