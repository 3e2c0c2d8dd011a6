//! Rights that turn into others: who meets the patterns of the rule packs that a spec uses, and how that is told.

use std::collections::BTreeMap;

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
    /// What the pack makes of each entitlement, if any of its patterns speaks of it. Matched once here: everybody is asked after.
    entitlements: Vec<Option<SpokenOf<'a>>>,
}

/// An entitlement that patterns speak of.
struct SpokenOf<'a> {
    value: &'a str,
    /// The sides it meets, by number of the pattern and of the side, with the value of the side that it stands for.
    meets: Vec<(usize, usize, &'static str)>,
}

/// A pattern that someone meets, and with what: per side the entitlement held and the value of the pattern it stands for.
pub(super) struct Met {
    pub(super) pattern: &'static Pattern,
    with: Vec<(EntitlementId, &'static str)>,
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
        let spoken_of = |id| {
            let [application, attribute, value] = entitlements.parts(id);
            let value = Some(value).filter(|_| used.target.is([application, attribute]))?;
            let meets = meets(pack, value);
            (!meets.is_empty()).then_some(SpokenOf { value, meets })
        };
        let entitlements = entitlements.iter().map(spoken_of).collect();
        Some(Escalation { used, pack, entitlements })
    })
}

impl<'a> Escalation<'a> {
    /// Whether a pattern speaks of an entitlement.
    pub(super) fn is_about(&self, entitlement: EntitlementId) -> bool {
        self.spoken_of(entitlement).is_some()
    }

    /// Whether any pattern speaks of anything in the snapshot.
    pub(super) fn is_about_any(&self) -> bool {
        self.entitlements.iter().any(Option::is_some)
    }

    /// The patterns that entitlements, ascending, meet together, by id. What is written out proves more than a wildcard does, so it comes
    /// first on each side.
    pub(super) fn met_by(&self, held: &[EntitlementId]) -> Vec<Met> {
        let mut with: BTreeMap<(usize, usize), (EntitlementId, &'static str)> = BTreeMap::new();
        for literal in [true, false] {
            for &id in held {
                let spoken_of = self.spoken_of(id).filter(|it| is_wildcard(it.value) != literal);
                for &(pattern, side, wanted) in spoken_of.iter().flat_map(|it| &it.meets) {
                    with.entry((pattern, side)).or_insert((id, wanted));
                }
            }
        }
        if with.is_empty() {
            return Vec::new();
        }
        let met = |(number, pattern): (usize, &'static Pattern)| {
            let sides = (0..pattern.sides.len()).map(|side| with.get(&(number, side)).copied());
            Some(Met { pattern, with: sides.collect::<Option<_>>()? })
        };
        self.pack.patterns.iter().enumerate().filter_map(met).collect()
    }

    /// The one wildcard that meets a pattern alone.
    pub(super) fn wildcard(&self, met: &Met) -> Option<EntitlementId> {
        met.alone().filter(|&held| self.spoken_of(held).is_some_and(|it| is_wildcard(it.value)))
    }

    /// That someone meets a pattern, with the way to each side.
    pub(super) fn finding(&self, rule: &'static Rule, context: &Context<'_>, who: Who, met: &Met) -> Finding {
        let message = who.begin(context).text(format!(" can escalate by {}", line(met.pattern)));
        let way =
            |&(held, wanted): &(EntitlementId, &str)| Some(self.way(who.path(context.graph, held)?, held, wanted));
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
    fn way(&self, mut path: Vec<Node>, held: EntitlementId, wanted: &str) -> Evidence {
        if self.spoken_of(held).is_none_or(|it| it.value != wanted) {
            let is = if is_wildcard(wanted) { "is one of" } else { "stands for" };
            path.push(Node::Text(format!("{is} `{wanted}`")));
        }
        Evidence::Path(path)
    }

    fn spoken_of(&self, entitlement: EntitlementId) -> Option<&SpokenOf<'a>> {
        self.entitlements.get(entitlement.0 as usize)?.as_ref()
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

impl Met {
    /// The one entitlement that meets the pattern alone.
    pub(super) fn alone(&self) -> Option<EntitlementId> {
        let (first, _) = *self.with.first()?;
        self.with.iter().all(|&(held, _)| held == first).then_some(first)
    }
}

/// Every side of every pattern that a value meets.
fn meets(pack: &'static Pack, value: &str) -> Vec<(usize, usize, &'static str)> {
    let sides = pack.patterns.iter().enumerate().flat_map(|(number, pattern)| {
        pattern.sides.iter().enumerate().map(move |(side, access)| (number, side, access))
    });
    sides.filter_map(|(number, side, access)| Some((number, side, access.met_by(value)?))).collect()
}

/// ``AWS-03: starts a machine with somebody else's role; risk: the rights of any instance profile``
pub(super) fn line(pattern: &Pattern) -> String {
    format!("{}: {}; risk: {}", pattern.id, pattern.title, pattern.risk)
}

fn is_wildcard(value: &str) -> bool {
    value.contains(['*', '?'])
}
