//! Whether a condition can hold at all: a decision procedure over finitely many tests.
//!
//! A condition is taken apart: what must hold narrows what is possible for each attribute, and where one of several parts must
//! hold each is tried. The answer "impossible" is always right. "Possible" may be wrong only for conditions or globs so tangled
//! that the budget ends.

use std::collections::BTreeMap;

use adit_snapshots::AttributeType;

use super::{context::Subject, domain::Domain};
use crate::{
    condition::quoted,
    spec::{Condition, KindName, Test},
};

/// An attribute that stands for an identity's class; no schema can have it.
pub(super) const CLASS: &str = "\0class";

/// Whether nothing can meet all of these at once. Each is a condition and whether it is to hold.
pub(super) fn impossible(subject: Subject, demands: &[(&Condition, bool)]) -> bool {
    Search::of(subject, demands).0 == Some(false)
}

/// What can meet some demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing.
    Nothing,
    /// This, in the words of the language: attributes and their values, then what else must hold.
    Something(Vec<(String, String)>, Vec<String>),
    /// It would take too long to find out.
    Unknown,
}

/// What can meet all of these at once.
pub(super) fn witness(subject: Subject, demands: &[(&Condition, bool)]) -> Answer {
    let (possible, mut search) = Search::of(subject, demands);
    match possible {
        Some(false) => Answer::Nothing,
        Some(true) => search.told().unwrap_or(Answer::Unknown),
        None => Answer::Unknown,
    }
}

/// The identities of these classes (by index).
pub(super) fn of_classes(classes: impl IntoIterator<Item = usize>) -> Condition {
    let mut names: Vec<String> = classes.into_iter().map(|class| class.to_string()).collect();
    names.sort_unstable();
    text_test(CLASS, names)
}

/// The entitlements of a kind.
pub(super) fn of_kind(kind: &KindName) -> Condition {
    let test = |attribute: &str, value: &str| text_test(attribute, vec![value.to_owned()]);
    Condition::All(vec![test("application", &kind.application), test("attribute", &kind.attribute)])
}

fn text_test(attribute: &str, values: Vec<String>) -> Condition {
    Condition::Test {
        attribute: attribute.to_owned(),
        kind: AttributeType::Text,
        test: Test::In(values),
        span: adit_grammar::Span::default(),
    }
}

/// What a condition can ask about, beyond attributes: each is a domain of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Attribute(&'a str),
    DaysUnused,
    MemberOf(&'a str),
    HoldsApplication(&'a str),
    Holds(&'a KindName, &'a str),
}

/// What is still possible, for everything that was asked about.
type State<'a> = BTreeMap<Key<'a>, Domain<'a>>;

struct Search<'a> {
    subject: Subject,
    /// What was possible where everything was met.
    found: State<'a>,
    /// Steps left. A step looks at one part of a condition, or at some values of one.
    budget: usize,
    /// The length of all globs met so far.
    shapes: usize,
    /// How many more places of globs may be looked at to find a text that has several shapes.
    effort: usize,
}

impl<'a> Search<'a> {
    /// Whether something can meet all demands, as [`Self::possible`] says, and the search that found out.
    fn of(subject: Subject, demands: &[(&'a Condition, bool)]) -> (Option<bool>, Self) {
        let mut search = Self { subject, found: State::default(), budget: 50_000, shapes: 0, effort: 500_000 };
        let mut todo: Vec<(&Condition, bool)> = demands.to_vec();
        todo.reverse();
        (search.possible(State::default(), todo, Vec::new()), search)
    }

    /// What was found, told; `None` when the effort ended before a text was found that has all its shapes.
    fn told(&mut self) -> Option<Answer> {
        let (mut attributes, mut others) = (Vec::new(), Vec::new());
        for (key, domain) in &self.found {
            let mut values = domain.witness(&mut self.effort)?;
            match key {
                Key::Attribute(CLASS) => {}
                Key::Attribute(name) => attributes.extend(values.into_iter().map(|value| ((*name).to_owned(), value))),
                Key::DaysUnused => others.extend(values.pop().map(|days| format!("unused for {days}d"))),
                _ if values != ["true"] => {}
                Key::MemberOf(role) => others.push(format!("members of role {}", quoted(role))),
                Key::HoldsApplication(application) => {
                    others.push(format!("holding application {}", quoted(application)))
                }
                Key::Holds(kind, value) => others.push(format!("holding {kind} {}", quoted(value))),
            }
        }
        Some(Answer::Something(attributes, others))
    }

    /// `None` when the budget ended.
    fn possible(
        &mut self,
        mut state: State<'a>,
        mut todo: Vec<(&'a Condition, bool)>,
        mut choices: Vec<Vec<(&'a Condition, bool)>>,
    ) -> Option<bool> {
        while let Some((condition, holds)) = todo.pop() {
            self.spend(1)?;
            match (condition, holds) {
                (Condition::Always, true) => {}
                (Condition::Always, false) => return Some(false),
                (Condition::Not(part), _) => todo.push((part, !holds)),
                (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                    todo.extend(parts.iter().rev().map(|part| (part, holds)));
                }
                (Condition::All(parts), false) | (Condition::Any(parts), true) => match parts.as_slice() {
                    [] => return Some(false),
                    [only] => todo.push((only, holds)),
                    _ => choices.push(parts.iter().map(|part| (part, holds)).collect()),
                },
                _ => {
                    if !self.narrow(&mut state, condition, holds)? {
                        return Some(false);
                    }
                }
            }
        }
        // The choice with the fewest ways first: it fails fastest.
        let Some(index) = (0..choices.len()).min_by_key(|&index| choices.get(index).map_or(0, Vec::len)) else {
            self.found = state;
            return Some(true);
        };
        if choices.len() > 200 {
            return None;
        }
        for way in choices.swap_remove(index) {
            self.spend(1 + state.len() + choices.len())?;
            if self.possible(state.clone(), vec![way], choices.clone())? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Holds one test against what is possible; whether anything is left.
    fn narrow(&mut self, state: &mut State<'a>, condition: &'a Condition, holds: bool) -> Option<bool> {
        Some(match condition {
            Condition::Test { attribute, kind, test, .. } => {
                match test {
                    Test::In(values) => self.spend(values.len() / 8)?,
                    // Every shape is held against every other one, in the product of their lengths.
                    Test::Like(pattern) => {
                        self.spend(1 + pattern.len().saturating_mul(self.shapes) / 256)?;
                        self.shapes = self.shapes.saturating_add(pattern.len());
                    }
                    _ => {}
                }
                let may_be_missing = attribute != CLASS && !self.subject.always_has(attribute);
                let domain =
                    state.entry(Key::Attribute(attribute)).or_insert_with(|| Domain::of(*kind, may_be_missing));
                domain.narrow(test, holds, &mut self.effort)
            }
            Condition::UnusedFor { days, .. } => {
                let domain = state.entry(Key::DaysUnused).or_insert_with(|| Domain::of(AttributeType::Integer, false));
                domain.narrow_to_at_least(*days, holds)
            }
            Condition::MembersOfRole { role, .. } => flag(state, Key::MemberOf(role), holds),
            Condition::HoldingApplication { application, .. } => flag(state, Key::HoldsApplication(application), holds),
            Condition::Holding(name) => {
                flag(state, Key::Holds(&name.kind, &name.value), holds)
                    && (!holds || flag(state, Key::HoldsApplication(&name.kind.application), true))
            }
            _ => true,
        })
    }

    fn spend(&mut self, steps: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(steps)?;
        Some(())
    }
}

fn flag<'a>(state: &mut State<'a>, key: Key<'a>, holds: bool) -> bool {
    state.entry(key).or_insert_with(|| Domain::of(AttributeType::Boolean, false)).narrow(&Test::True, holds, &mut 0)
}

#[cfg(test)]
mod tests;
