//! Membership as one condition: what a target has to evaluate, and what people sign.

use adit_snapshots::AttributeType;

use super::{Compilation, Population};
use crate::{
    describe,
    roles::{CandidateRole, RoleOrigin},
    spec::{Comparison, Condition, IdentitySelection, Number, Spec, Test},
};

/// The membership rule of a role.
pub(super) fn rule(compilation: &Compilation<'_>, role: &CandidateRole) -> Option<Condition> {
    if let RoleOrigin::Declared { role } = role.origin {
        return compilation.spec.roles.get(role)?.condition.clone();
    }
    Some(describe::condition(role.rule.as_ref()?, compilation.snapshot))
}

/// Whom a role takes in: its rule and what it was mined from, every test in the type that the schema gives its attribute.
pub(super) fn membership_in_types(compilation: &Compilation<'_>, role: &CandidateRole) -> Option<Condition> {
    let schema = &compilation.snapshot.manifest.schema;
    let typed = |attribute: &str| schema.identity_type(attribute).unwrap_or(AttributeType::Text);
    Some(Condition::all([in_types(&rule(compilation, role)?, &typed), within(compilation, role)]))
}

/// A learned rule tests every attribute by its text; a flag or a number is told by it too.
fn in_types(condition: &Condition, typed: &dyn Fn(&str) -> AttributeType) -> Condition {
    let parts = |parts: &[Condition]| parts.iter().map(|part| in_types(part, typed)).collect();
    match condition {
        Condition::All(of) => Condition::All(parts(of)),
        Condition::Any(of) => Condition::Any(parts(of)),
        Condition::Not(of) => Condition::Not(Box::new(in_types(of, typed))),
        Condition::Test { attribute, kind: AttributeType::Text, test: Test::In(values), span } => {
            let kind = typed(attribute);
            let test = |test| Condition::Test { attribute: attribute.clone(), kind, test, span: *span };
            let equal = |number| test(Test::Compare(Comparison::Equal, number));
            let one = |value: &String| match kind {
                AttributeType::Boolean if value == "true" => test(Test::True),
                AttributeType::Boolean => {
                    let neither = [Test::True, Test::Missing].map(|it| Condition::Not(Box::new(test(it))));
                    Condition::All(neither.to_vec())
                }
                AttributeType::Integer => {
                    value.parse().map_or(Condition::Any(Vec::new()), |it| equal(Number::Integer(it)))
                }
                AttributeType::Date => value.parse().map_or(Condition::Any(Vec::new()), |it| equal(Number::Date(it))),
                AttributeType::Text | AttributeType::List => test(Test::In(vec![value.clone()])),
            };
            Condition::any(values.iter().map(one))
        }
        other => other.clone(),
    }
}

/// The classes and the scope of the population that a role was mined from.
pub(super) fn within(compilation: &Compilation<'_>, role: &CandidateRole) -> Condition {
    let Some(population) = role.origin.population() else { return Condition::Always };
    // That somebody used nothing makes their access poor evidence. It is no reason to keep a role from them: whoever joins has used
    // nothing yet.
    drawn_from(compilation, population, |excluded| !speaks_of_use(excluded))
}

/// The classes and the scope of a population, as they were for mining.
pub(super) fn within_population(compilation: &Compilation<'_>, population: usize) -> Condition {
    drawn_from(compilation, population, |_| true)
}

fn drawn_from(compilation: &Compilation<'_>, population: usize, excludes: impl Fn(&Condition) -> bool) -> Condition {
    let Some(population) = compilation.populations.get(population) else { return Condition::Always };
    let Some(mining) = compilation.spec.minings.get(population.mining) else { return Condition::Always };
    let scope = &mining.scope;
    let line = |selection: &IdentitySelection| selected(compilation.spec, population, selection);
    let included = match scope.identities.is_empty() {
        true => Condition::Always,
        false => Condition::any(scope.identities.iter().filter_map(line)),
    };
    let excluded = scope.except_identities.iter().filter_map(line).filter(|excluded| excludes(excluded));
    let excluded = excluded.map(|excluded| Condition::Not(Box::new(excluded)));
    let class = of_classes(compilation.spec, &population.classes);
    Condition::all([class, included].into_iter().chain(excluded))
}

/// What a line of the scope says of the identities of a population; none where it speaks of other classes only.
fn selected(spec: &Spec, population: &Population, selection: &IdentitySelection) -> Option<Condition> {
    let condition = selection.line.condition.clone();
    let named = |class: &usize| selection.classes.is_empty() || selection.classes.contains(class);
    if population.classes.iter().all(named) {
        return Some(condition);
    }
    let classes: Vec<usize> = population.classes.iter().copied().filter(|class| named(class)).collect();
    (!classes.is_empty()).then(|| Condition::all([of_classes(spec, &classes), condition]))
}

fn speaks_of_use(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(speaks_of_use),
        Condition::Not(part) => speaks_of_use(part),
        Condition::UnusedFor { .. } => true,
        _ => false,
    }
}

fn of_classes(spec: &Spec, classes: &[usize]) -> Condition {
    if classes.is_empty() {
        return Condition::Always;
    }
    Condition::any(classes.iter().filter_map(|&class| spec.classes.get(class)).map(|class| class.condition.clone()))
}
