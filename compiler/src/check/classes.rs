//! Identity classes: who is who, and who must not be mined with whom.

use std::collections::BTreeSet;

use adit_grammar::{Diagnostic, ast};

use super::{
    codes,
    conditions::{self, Verdict},
    context::{Context, Definition, Faults, Subject},
    joiners::{Facts, Joiner, joiner},
    logic::{MOST_STEPS, impossible},
};
use crate::spec::{Condition, IdentityClass, Test};

/// The most classes a project may have: every two of them are compared.
const MOST: usize = 200;

/// Checks the classes, in source order.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<IdentityClass>> {
    let Some(block) = context.names.identities else {
        let uses_them = context.names.minings.values().next().map(|mining| mining.name.span);
        let uses_them = uses_them.or_else(|| context.names.roles.values().next().map(|role| role.name.span));
        if let Some(span) = uses_them.filter(|_| context.broken.nowhere()) {
            faults.push(
                Diagnostic::error(codes::NO_CLASSES, "nothing says who is who", span, "whom would this be about?")
                    .help("add `identities { human where … }`: every identity must be in exactly one class"),
            );
        }
        return Some(Vec::new());
    };
    if block.classes.len() > MOST {
        let message =
            format!("{} identity classes are more than the {MOST} that can be told apart", block.classes.len());
        faults.push(
            Diagnostic::error(codes::TOO_MANY_CLASSES, message, *block.span, "")
                .help("classes are for what must be mined apart; tell departments apart by conditions in a scope"),
        );
        return None;
    }
    let classes: Vec<_> =
        block.classes.iter().enumerate().map(|(index, class)| checked(context, index, class, faults)).collect();
    for (index, (written, class)) in block.classes.iter().zip(&classes).enumerate() {
        let Some((class, true)) = class else { continue };
        let earlier = block.classes.iter().zip(&classes).take(index);
        for (other_written, other) in earlier {
            let Some((other, true)) = other else { continue };
            let message = if implies(class, other) {
                format!("whoever is `{}` is also `{}`", class.name, other.name)
            } else if implies(other, class) {
                format!("whoever is `{}` is also `{}`", other.name, class.name)
            } else if let Some(who) = both(class, other) {
                format!("{who} would be both `{}` and `{}`", other.name, class.name)
            } else {
                continue;
            };
            faults.push(
                Diagnostic::error(codes::OVERLAPPING_CLASSES, message, written.name.span, "overlaps")
                    .label(other_written.name.span, "with this class")
                    .help("every identity must be in exactly one class: say in one of them what the other is not"),
            );
        }
    }
    classes.into_iter().map(|class| class.map(|(class, _)| class)).collect()
}

/// The pairs of classes that no role may span, smaller index first.
pub(super) fn separated(context: &Context<'_>, faults: &mut Faults) -> Vec<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    let known = &context.names.classes;
    for statement in &context.names.separations {
        let class = self::class(context, &statement.class, faults);
        let from: Vec<usize> = match &statement.from {
            ast::SeparateFrom::Everything => known.values().copied().filter(|other| Some(*other) != class).collect(),
            ast::SeparateFrom::Classes(names) => {
                for name in names.iter().filter(|name| name.node == statement.class.node) {
                    let message = format!("`{}` cannot be apart from itself", name.node);
                    faults.push(
                        Diagnostic::error(codes::SEPARATE_ITSELF, message, name.span, "the same class")
                            .label(statement.class.span, "set apart here")
                            .help("name another class, or `everything` for all others"),
                    );
                }
                names.iter().filter_map(|name| self::class(context, name, faults)).collect()
            }
        };
        if let Some(class) = class {
            pairs.extend(
                from.into_iter().filter(|other| *other != class).map(|other| (class.min(other), class.max(other))),
            );
        }
    }
    pairs.into_iter().collect()
}

/// The index of a class that the spec names; reported when there is none.
pub(super) fn class(context: &Context<'_>, name: &ast::Text, faults: &mut Faults) -> Option<usize> {
    let found = context.names.classes.get(name.node.as_str()).copied();
    if found.is_none() {
        let known = context.names.classes.keys().copied();
        context.undefined(Definition::Class, name, known, faults);
    }
    found
}

/// A class, and whether it is worth comparing with others.
fn checked(
    context: &Context<'_>,
    index: usize,
    class: &ast::IdentityClass,
    faults: &mut Faults,
) -> Option<(IdentityClass, bool)> {
    let condition = conditions::condition(context, Subject::Identity, &class.condition, faults)?;
    let mut found = Vec::new();
    let verdict = conditions::judge(Subject::Identity, &class.condition, &condition, &mut found);
    if verdict == Verdict::Never {
        let message = format!("no one can be `{}`", class.name.node);
        for fault in &mut found {
            (fault.code, fault.message) = (codes::EMPTY_CLASS, message.clone());
        }
    }
    faults.append(&mut found);
    let name = class.name.node.clone();
    let class = IdentityClass {
        human: name == "human" || is_of_people(&condition),
        break_glass: name == "break-glass",
        shared: name == "shared",
        span: class.name.span,
        name,
        condition,
    };
    // Of two classes of one name the second is left alone; so is one that is wrong by itself.
    let first = context.names.classes.get(class.name.as_str()).is_some_and(|&known| known == index);
    Some((class, first && verdict == Verdict::Open))
}

fn implies(class: &IdentityClass, other: &IdentityClass) -> bool {
    impossible(Subject::Identity, &[(&class.condition, true), (&other.condition, false)])
}

/// Who would be in both of two classes that go by the values of one and the same attribute. Where classes go by different attributes, or
/// by the shape of a text, only data can tell whether anyone meets both: then selecting stops at them.
fn both(class: &IdentityClass, other: &IdentityClass) -> Option<Facts> {
    let attribute = only_attribute(&class.condition)?;
    if only_attribute(&other.condition) != Some(attribute) {
        return None;
    }
    match joiner(&[&class.condition, &other.condition], &[], &mut MOST_STEPS.clone()) {
        Joiner::Somebody(who) => Some(who),
        Joiner::Nobody | Joiner::Unknown => None,
    }
}

/// The attribute that a condition goes by, if it is only one, has one value at a time, and is tested for its value.
fn only_attribute(condition: &Condition) -> Option<&str> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            let mut attributes = parts.iter().map(only_attribute);
            let first = attributes.next()??;
            attributes.all(|attribute| attribute == Some(first)).then_some(first)
        }
        Condition::Not(part) => only_attribute(part),
        Condition::Test { attribute, test, .. } => {
            let by_value = matches!(test, Test::In(_) | Test::True | Test::Compare(..) | Test::Missing);
            by_value.then_some(attribute)
        }
        Condition::Always
        | Condition::UnusedFor { .. }
        | Condition::MembersOfRole { .. }
        | Condition::HoldingApplication { .. }
        | Condition::Holding(_) => None,
    }
}

/// Whether a condition says that it takes in people: its `kind` is of people only.
fn is_of_people(condition: &Condition) -> bool {
    const PEOPLE: &[&str] = &["contractor", "employee", "external", "human", "intern", "person", "worker"];
    match condition {
        Condition::All(parts) => parts.iter().any(is_of_people),
        Condition::Test { attribute, test: Test::In(values), .. } => {
            attribute == "kind" && values.iter().all(|value| PEOPLE.contains(&value.as_str()))
        }
        _ => false,
    }
}
