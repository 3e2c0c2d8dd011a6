//! Words that the rules on duties share.

use adit_compiler::{
    roles::RoleId,
    spec::{Duties, DutyHolder, DutyLevel},
};

use adit_grammar::Span;

use crate::{
    Evidence, Finding, Node, Phrase, Rule, Severity, Subject,
    context::Context,
    finding::Handle,
    graph::{Holder, Place, place_words},
    words::joined,
};

/// What a finding about a group or role and duties (or a pattern of a pack) is about.
pub(super) fn subject(context: &Context<'_>, holder: Holder, duties: &str) -> Subject {
    let duties = duties.to_owned();
    match (holder, context.graph.holder_name(holder)) {
        (Holder::Role(role), Node::Role(handle)) => {
            let id = context.compilation.roles.get(role).map_or_else(String::new, |role| role.id.0.clone());
            Subject::RoleConflict(RoleId(id), Handle(handle), duties)
        }
        (_, Node::ExistingRole(id)) => Subject::ExistingRoleConflict(id, duties),
        (_, Node::Group(id)) => Subject::GroupConflict(id, duties),
        _ => Subject::Spec("duties", duties),
    }
}

/// A sentence that begins with ``role `x` ``, ``existing role `x` `` or ``group `x` ``.
pub(super) fn begin(context: &Context<'_>, holder: Holder) -> Phrase {
    let kind = match holder {
        Holder::Role(_) => "role ",
        Holder::ExistingRole(_) => "existing role ",
        Holder::Group(_) => "group ",
    };
    Phrase::new(kind).node(context.graph.holder_name(holder))
}

/// `` `post-invoice` and `run-payment` ``.
pub(super) fn sides(duties: &Duties, sides: &[usize]) -> String {
    let names: Vec<_> =
        sides.iter().filter_map(|&side| duties.sides.get(side)).map(|side| format!("`{}`", side.name)).collect();
    joined(&names, "and")
}

/// ``, but duties `maker-checker` allow one identity only one of them``.
pub(super) fn limit(phrase: Phrase, duties: &Duties) -> Phrase {
    let holder = match duties.per {
        DutyHolder::Identity => "identity",
        DutyHolder::Account => "account",
        DutyHolder::Role => "role",
        DutyHolder::Session => "session",
    };
    let of = match duties.at_most {
        0 => "none".to_owned(),
        1 => "only one of them".to_owned(),
        more => format!("only {more} of them"),
    };
    phrase.text(", but duties ").node(Node::Duties(duties.name.clone())).text(format!(" allow one {holder} {of}"))
}

/// `` within company-code `1000` ``, where duties are kept apart by an attribute.
pub(super) fn within(context: &Context<'_>, duties: &Duties, place: Place) -> String {
    let words = place_words(duties, context.graph.sides().value(place));
    words.map(|words| format!(" within {words}")).unwrap_or_default()
}

/// That something a spec names is not in the snapshot, so that nobody can know who has it.
pub(super) fn lacking(
    rule: &'static Rule,
    kind: &'static str,
    name: &str,
    span: Span,
    unknown: &[String],
) -> Option<Finding> {
    if unknown.is_empty() {
        return None;
    }
    let message = format!("{kind} `{name}` cannot be decided: the snapshot lacks something it names");
    let help = "correct the name, or extract the system that has it";
    let finding = rule.finding(Subject::Spec(kind, name.to_owned()), Phrase::new(message), help).undecided().at(span);
    Some(unknown.iter().fold(finding, |finding, what| finding.note(Phrase::new(what.clone()))))
}

/// That it is so in other places too.
pub(super) fn elsewhere(
    context: &Context<'_>,
    duties: &Duties,
    others: impl IntoIterator<Item = Place>,
) -> Option<Evidence> {
    let sides = context.graph.sides();
    let values: Vec<_> = others.into_iter().filter_map(|place| place_words(duties, sides.value(place))).collect();
    (!values.is_empty()).then(|| Evidence::Note(Phrase::new(format!("the same within {}", values.join(", ")))))
}

/// How bad breaking them is.
pub(super) fn severity(duties: &Duties) -> Severity {
    match duties.level {
        DutyLevel::Warning => Severity::Warning,
        DutyLevel::Error => Severity::Error,
    }
}

/// A path to an entitlement, and on to the duty it is.
pub(super) fn path(duties: &Duties, side: usize, mut nodes: Vec<Node>) -> Evidence {
    if let Some(side) = duties.sides.get(side) {
        nodes.push(Node::Text(format!("duty `{}`", side.name)));
    }
    Evidence::Path(nodes)
}

/// ``all its ways to `run-payment` lead through `GG-Payments`: taking that away ends the conflict``
pub(super) fn only_way(duties: &Duties, side: usize, through: Node, what_ends_it: &str) -> Option<Evidence> {
    let name = &duties.sides.get(side)?.name;
    let phrase = Phrase::new(format!("all its ways to `{name}` lead through "))
        .node(through.clone())
        .text(format!(": {what_ends_it} ends the conflict"));
    Some(Evidence::Through(through, phrase))
}

/// What the duties are about and where they come from.
pub(super) fn about(duties: &Duties) -> Phrase {
    let cites = if duties.cites.is_empty() { String::new() } else { format!(" ({})", duties.cites.join(", ")) };
    Phrase::new("duties ").node(Node::Duties(duties.name.clone())).text(format!(": {}{cites}", duties.title))
}
