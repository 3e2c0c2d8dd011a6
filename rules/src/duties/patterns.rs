//! Rights that turn into others: who meets the patterns of the rule packs that a spec uses, and how that is told.

use adit_compiler::{
    packs::{self, Pack, PackKind, Pattern},
    spec::PackUse,
};
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
    /// The one wildcard that meets it alone.
    wildcard: Option<EntitlementId>,
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
        let value = |row| {
            let is_kind = entitlements.application.get(row) == Some(&used.target.application)
                && entitlements.attribute.get(row) == Some(&used.target.attribute);
            let value = entitlements.value.get(row).filter(|_| is_kind)?;
            let mut sides = pack.patterns.iter().flat_map(|pattern| &pattern.sides);
            sides.any(|side| side.met_by(value).is_some()).then_some(value)
        };
        let values = (0..entitlements.len()).map(value).collect();
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

    /// The patterns that entitlements meet together: first those that take several, then wildcard by wildcard those that one meets alone;
    /// each by id.
    pub(super) fn met_by(&self, held: &[EntitlementId]) -> Vec<Met<'a>> {
        let value = |&id: &EntitlementId| Some((id, (*self.values.get(id.0 as usize)?)?));
        let held: Vec<_> = held.iter().filter_map(value).collect();
        if held.is_empty() {
            return Vec::new();
        }
        let mut met: Vec<_> = self.pack.patterns.iter().filter_map(|pattern| meet(pattern, &held)).collect();
        met.sort_by_key(|met| (met.wildcard, &met.pattern.id));
        met
    }

    /// One finding for each pattern, but only one for all that a single wildcard meets.
    pub(super) fn findings(
        &self,
        rule: &'static Rule,
        context: &Context<'_>,
        who: Who,
        met: Vec<Met<'a>>,
    ) -> Vec<Finding> {
        let (single, by_wildcard): (Vec<_>, Vec<_>) = met.into_iter().partition(|met| met.wildcard.is_none());
        let single = single.iter().map(|met| self.single(rule, context, who, met));
        let by_wildcard =
            by_wildcard.chunk_by(|a, b| a.wildcard == b.wildcard).map(|met| self.by_wildcard(rule, context, who, met));
        single.chain(by_wildcard).collect()
    }

    fn single(&self, rule: &'static Rule, context: &Context<'_>, who: Who, met: &Met<'_>) -> Finding {
        let pattern = met.pattern;
        let message = who.begin(context).text(format!(" can escalate by {}", line(pattern)));
        let paths = met.with.iter().map(|&(held, wanted)| Some((who.path(context.graph, held)?, held, wanted)));
        let paths: Vec<_> = paths.flatten().collect();
        let severity = who.severity(paths.iter().map(|(path, ..)| path));
        let finding = rule.finding(who.subject(context, &pattern.id), message, who.help()).severity(severity);
        let ways = paths.into_iter().map(|(path, held, wanted)| self.way(path, held, wanted));
        finding.at(self.used.span).evidences(ways).note(self.source())
    }

    fn by_wildcard(&self, rule: &'static Rule, context: &Context<'_>, who: Who, met: &[Met<'_>]) -> Finding {
        let held = met.first().and_then(|met| met.wildcard);
        let message = who.begin(context).text(" can escalate by ");
        let message = match met {
            [only] => message.text(line(only.pattern)),
            _ => message.text(format!("{} ways of pack `{}`", met.len(), self.pack.name)),
        };
        let message = held.into_iter().fold(message.text(", all through "), Phrase::entitlement);
        let path = held.and_then(|held| who.path(context.graph, held));
        rule.finding(who.subject(context, &self.pack.name), message, who.help_with_wildcard())
            .severity(who.severity(path.iter()))
            .entitlements(held)
            .at(self.used.span)
            .evidences(path.map(Evidence::Path))
            .evidences(met.iter().map(|met| Evidence::Note(Phrase::new(line(met.pattern)))))
            .note(self.source())
    }

    /// The way to one side, and what it stands for where that is not itself.
    fn way(&self, mut path: Vec<Node>, held: EntitlementId, wanted: &str) -> Evidence {
        if self.values.get(held.0 as usize) != Some(&Some(wanted)) {
            let is = if is_wildcard(wanted) { "is one of" } else { "stands for" };
            path.push(Node::Text(format!("{is} `{wanted}`")));
        }
        Evidence::Path(path)
    }

    fn source(&self) -> Phrase {
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
    fn severity<'p>(self, mut paths: impl Iterator<Item = &'p Vec<Node>>) -> Severity {
        let is_proposed = match self {
            Self::Holder(holder) => matches!(holder, Holder::Role(_)),
            Self::Identity(_) => paths.any(|path| path.iter().any(|node| matches!(node, Node::Role(_)))),
        };
        if is_proposed { Severity::Error } else { Severity::Warning }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Holder(_) => "take one side out of the role, or narrow it to what the role works on",
            Self::Identity(_) => "take away the side it needs least, or give it on request, for hours",
        }
    }

    fn help_with_wildcard(self) -> &'static str {
        match self {
            Self::Holder(_) => {
                "replace the wildcard by the actions that the role needs, or leave it out of roles and give it on request"
            }
            Self::Identity(_) => "replace the wildcard by the actions that it needs, or give it on request, for hours",
        }
    }
}

fn meet<'a>(pattern: &'a Pattern, held: &[(EntitlementId, &str)]) -> Option<Met<'a>> {
    let side = |side: &'a packs::Side| {
        let mut with = held.iter().filter_map(|&(id, value)| Some((id, value, side.met_by(value)?)));
        // What is written out proves more than a wildcard does, so it is looked at first.
        let literal = with.clone().find(|(_, value, _)| !is_wildcard(value));
        literal.or_else(|| with.next())
    };
    let with: Vec<_> = pattern.sides.iter().map(side).collect::<Option<_>>()?;
    let wildcard = with
        .first()
        .map(|&(first, value, _)| (first, value))
        .filter(|&(first, value)| is_wildcard(value) && with.iter().all(|&(held, ..)| held == first));
    let with = with.into_iter().map(|(held, _, wanted)| (held, wanted)).collect();
    Some(Met { pattern, with, wildcard: wildcard.map(|(held, _)| held) })
}

/// ``AWS-03: starts a machine with somebody else's role; risk: the rights of any instance profile``
fn line(pattern: &Pattern) -> String {
    format!("{}: {}; risk: {}", pattern.id, pattern.title, pattern.risk)
}

fn is_wildcard(value: &str) -> bool {
    value.contains(['*', '?'])
}
