//! Whether a condition can hold at all: a decision procedure over finitely many tests.
//!
//! A condition is taken apart: what must hold narrows what is possible for each attribute, and where one of several parts must
//! hold each is tried. The answer "impossible" is always right. "Possible" may be wrong only for conditions or globs so tangled
//! that the budget ends.

use std::collections::BTreeMap;

use adit_grammar::quoted;
use adit_snapshots::AttributeType;

use super::{context::Subject, domain::Domain};
use crate::spec::{Condition, KindName, Test};

/// An attribute that stands for an identity's class; no schema can have it.
pub(super) const CLASS: &str = "\0class";

/// Steps that one search may take. A step looks at one part of a condition, or at some values of one.
pub(super) const MOST_STEPS: usize = 50_000;

/// Places of globs that one search may look at to find a text that has several shapes, and how many of them are as much work as a step.
const MOST_PLACES: usize = 500_000;
const PLACES_OF_A_STEP: usize = 10;

/// Whether nothing can meet all of these at once. Each is a condition and whether it is to hold.
pub(super) fn impossible(subject: Subject, demands: &[(&Condition, bool)]) -> bool {
    Search::of(subject, demands, MOST_STEPS).0 == Some(false)
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

/// What can meet all of these at once. Takes what it costs from `steps`, and at most [`MOST_STEPS`] for the search itself.
pub(super) fn witness(subject: Subject, demands: &[(&Condition, bool)], steps: &mut usize) -> Answer {
    let budget = MOST_STEPS.min(*steps);
    let (possible, mut search) = Search::of(subject, demands, budget);
    let answer = match possible {
        Some(false) => Answer::Nothing,
        Some(true) => search.told().unwrap_or(Answer::Unknown),
        None => Answer::Unknown,
    };
    *steps = steps.saturating_sub(budget - search.budget + (MOST_PLACES - search.effort) / PLACES_OF_A_STEP);
    answer
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
    /// Steps left.
    budget: usize,
    /// The length of all globs met so far.
    shapes: usize,
    /// How many more places of globs may be looked at to find a text that has several shapes.
    effort: usize,
}

impl<'a> Search<'a> {
    /// Whether something can meet all demands, as [`Self::possible`] says, and the search that found out.
    fn of(subject: Subject, demands: &[(&'a Condition, bool)], budget: usize) -> (Option<bool>, Self) {
        let mut search = Self { subject, found: State::default(), budget, shapes: 0, effort: MOST_PLACES };
        let mut todo: Vec<(&Condition, bool)> = demands.to_vec();
        todo.reverse();
        (search.possible(State::default(), todo, Vec::new()), search)
    }

    /// What was found, told; `None` when the effort ended before a text was found that has all its shapes.
    fn told(&mut self) -> Option<Answer> {
        let (mut attributes, mut others, mut without) = (Vec::new(), Vec::new(), Vec::new());
        for (key, domain) in &self.found {
            let values = domain.witness(&mut self.effort)?;
            let not = if values == ["true"] { "" } else { "not " };
            match key {
                Key::Attribute(CLASS) => {}
                Key::Attribute(name) if values.is_empty() => {
                    if domain.is_missing() { &mut others } else { &mut without }.push(format!("{name} is missing"));
                }
                Key::Attribute(name) => attributes.extend(values.into_iter().map(|value| ((*name).to_owned(), value))),
                Key::DaysUnused => {
                    let (least, most) = domain.bounds();
                    others.extend(least.map(|days| format!("unused for {days}d")));
                    others.extend(most.map(|days| format!("not unused for {}d", days + 1)));
                }
                Key::MemberOf(role) => others.push(format!("{not}members of role {}", quoted(role))),
                Key::HoldsApplication(application) => {
                    others.push(format!("{not}holding application {}", quoted(application)));
                }
                Key::Holds(kind, value) => others.push(format!("{not}holding {kind} {}", quoted(value))),
            }
        }
        // Where no value is as good as another, that says something only where nothing else does.
        if attributes.is_empty() && others.is_empty() {
            others = without;
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
        let left = self.budget.checked_sub(steps);
        self.budget = left.unwrap_or(0);
        left.map(drop)
    }
}

fn flag<'a>(state: &mut State<'a>, key: Key<'a>, holds: bool) -> bool {
    state.entry(key).or_insert_with(|| Domain::of(AttributeType::Boolean, false)).narrow(&Test::True, holds, &mut 0)
}

#[cfg(test)]
mod tests;
