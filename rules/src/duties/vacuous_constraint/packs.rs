//! Packs of which nothing is in the data: whoever uses one believes to be covered.

use std::collections::BTreeSet;

use adit_compiler::{
    packs::{self, Pack, PackKind},
    spec::{Access, EntitlementName, KindName, PackUse, Spec},
};

use super::RULE;
use crate::{Confidence, Finding, Phrase, Subject, context::Context};

/// So many values of the data are shown beside those of the pack.
const SHOWN: usize = 3;

/// What the data has for a pack.
enum Data {
    /// Something that some pattern speaks of.
    Covered,
    /// Entitlements of the kind, none of which any pattern speaks of; their values, ascending.
    Others(BTreeSet<String>),
    /// Other entitlements of the application.
    OtherKinds,
    /// Nothing of the application.
    Nothing,
}

/// Reports each use of a pack that is held against nothing.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for used in &context.spec.packs {
        if let Some(pack) = packs::find(&used.name) {
            found.extend(judged(context, used, pack));
        }
    }
}

fn judged(context: &Context<'_>, used: &PackUse, pack: &Pack) -> Option<Finding> {
    let kind = format!("{}.{}", used.target.application, used.target.attribute);
    let data = data(context, used, pack);
    let (why, help) = match &data {
        Data::Covered => return None,
        // That nobody has any of the rights an escalation pack warns of is what it is for, as long as they would be told.
        Data::Others(values) if pack.kind == PackKind::Escalation && is_written_alike(pack, values) => return None,
        Data::Nothing if !speaks_of(context.spec, &used.target.application) => return None,
        Data::Others(_) => (
            format!("none of its {} patterns speaks of any `{kind}` that the snapshot has", pack.patterns.len()),
            "use the pack for the kind of entitlement that has such values, or have the source write them as the pack does",
        ),
        Data::OtherKinds => (
            format!("the snapshot has no `{kind}`"),
            "use the pack for the kind of entitlement that has such values: `use pack \"…\" for application.attribute`",
        ),
        Data::Nothing => (
            format!("the snapshot has nothing of `{}`", used.target.application),
            "extract the application that is missing, or take the pack out",
        ),
    };
    let finding = RULE
        .finding(
            Subject::Spec("pack", used.name.clone()),
            Phrase::new(format!("nobody could break pack `{}`: {why}", used.name)),
            help,
        )
        .at(used.span)
        .count("patterns that something in the data could meet", 0, Some(pack.patterns.len() as u64))
        .note(Phrase::new(format!(
            "what the pack speaks of: {}; for instance {}",
            pack.values,
            listed(examples(pack))
        )));
    Some(match data {
        Data::Others(values) => {
            let has = format!("the snapshot has {}", listed(values.iter().map(String::as_str)));
            finding.confidence(Confidence::Medium).note(Phrase::new(has))
        }
        _ => finding,
    })
}

fn data(context: &Context<'_>, used: &PackUse, pack: &Pack) -> Data {
    let entitlements = &context.snapshot.entitlements;
    let mut others = BTreeSet::new();
    let mut has_application = false;
    for [application, attribute, value] in entitlements.iter().map(|id| entitlements.parts(id)) {
        if application != used.target.application {
            continue;
        }
        has_application = true;
        if attribute != used.target.attribute {
            continue;
        }
        if pack.patterns.iter().flat_map(|pattern| &pattern.sides).any(|side| side.met_by(value).is_some()) {
            return Data::Covered;
        }
        others.insert(value.to_owned());
    }
    match (has_application, others.is_empty()) {
        (_, false) => Data::Others(others),
        (true, true) => Data::OtherKinds,
        (false, true) => Data::Nothing,
    }
}

/// Whether a spec has anything to do with an application besides the packs it uses: it is mined, granted, kept apart or guarded.
fn speaks_of(spec: &Spec, application: &str) -> bool {
    let is_kind = |kind: &KindName| kind.application == application;
    let is_name = |name: &EntitlementName| is_kind(&name.kind);
    let is_access = |access: &Access| access.entitlements.iter().any(is_name);
    let duties = spec.duties.iter().filter(|duties| duties.pack.is_none());
    spec.minings.iter().any(|mining| mining.minable.iter().any(is_kind))
        || spec.roles.iter().any(|role| role.grants.iter().any(is_name))
        || duties.flat_map(|duties| &duties.sides).any(|side| is_access(&side.access))
        || spec.sensitive.iter().any(|sensitive| is_access(&sensitive.access))
}

/// Whether some value of the data is of the shape of one that the pack has: `ec2:DescribeInstances` of `iam:PassRole`.
fn is_written_alike(pack: &Pack, values: &BTreeSet<String>) -> bool {
    let known: BTreeSet<String> = examples(pack).map(shape).collect();
    values.iter().any(|value| known.contains(&shape(value)))
}

/// A value with every word and number as one letter: what is between them is left.
fn shape(value: &str) -> String {
    let mut shape = String::new();
    for letter in value.chars() {
        let class = if letter.is_alphanumeric() { 'a' } else { letter };
        if class != 'a' || !shape.ends_with('a') {
            shape.push(class);
        }
    }
    shape
}

fn examples(pack: &Pack) -> impl Iterator<Item = &str> {
    pack.patterns.iter().flat_map(|pattern| &pattern.sides).flat_map(|side| &side.any_of).map(String::as_str)
}

/// `` `F110`, `F-53`, `XK01` ``, each once.
fn listed<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for value in values.map(|value| format!("`{value}`")) {
        if !shown.contains(&value) {
            shown.push(value);
        }
        if shown.len() == SHOWN {
            break;
        }
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn words_do_not_matter_to_a_shape_and_what_is_between_them_does() {
        assert_eq!(shape("iam:PassRole"), shape("ec2:DescribeInstances"));
        assert_ne!(shape("iam:PassRole"), shape("iam.PassRole"));
        assert_eq!(shape("F110"), shape("XK01"));
        assert_ne!(shape("F110"), shape("Payment run (F110)"));
        assert_eq!(shape("list secrets"), "a a");
    }
}
