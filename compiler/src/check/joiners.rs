//! What membership rules may do to whoever joins: a proof over every identity there could be, without any data.
//!
//! Rules are held against each other by the decision procedure of [`logic`](super::logic): either nobody can meet all of them, or there are
//! attribute values that do, and those are told. What conflicts by one role alone is a matter of that role, and reported by the linter.

mod bringers;

use std::{collections::BTreeSet, fmt};

use adit_grammar::{Diagnostic, Span};

use super::{
    codes,
    context::{Faults, Subject},
    logic::{Answer, witness},
};
use crate::spec::{Condition, DeclaredRole, Duties, DutyHolder, DutyLevel, EntitlementName, IdentityClass, Within};
use bringers::Bringers;

/// Steps in which the rules that bring some duties are held against each other: a second or so.
const MOST_STEPS: usize = 2_000_000;
/// So many are reported of one set of duties.
const MOST_REPORTED: usize = 20;

/// Whether one identity could meet several conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Joiner {
    /// Proved: nobody can.
    Nobody,
    /// This one would.
    Somebody(Facts),
    /// Finding out would take too long.
    Unknown,
}

/// What is said of somebody, in the words of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Attributes and their values.
    attributes: Vec<(String, String)>,
    /// Conditions that no value of an attribute says.
    others: Vec<String>,
}

/// Whether one identity could meet all of these, whatever its attributes are, and of those in any of `classes`. Takes what it costs from
/// `steps`.
#[must_use]
pub(super) fn joiner(conditions: &[&Condition], classes: &[IdentityClass], steps: &mut usize) -> Joiner {
    let any_class = Condition::Any(classes.iter().map(|class| class.condition.clone()).collect());
    let mut demands: Vec<(&Condition, bool)> = conditions.iter().map(|condition| (*condition, true)).collect();
    if !classes.is_empty() {
        demands.push((&any_class, true));
    }
    match witness(Subject::Identity, &demands, steps) {
        Answer::Nothing => Joiner::Nobody,
        Answer::Something(attributes, others) => Joiner::Somebody(Facts { attributes, others }),
        Answer::Unknown => Joiner::Unknown,
    }
}

/// A membership rule, and which of some duties it brings.
#[derive(Debug, Clone)]
pub struct Ruled<'a> {
    /// The rule.
    pub condition: &'a Condition,
    /// The duties, ascending; no more than are allowed.
    pub brings: Vec<usize>,
}

/// What came of holding rules against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joint {
    /// These rules (indices, ascending) can take in one identity, which would have too many duties.
    Conflict {
        /// Which rules.
        rules: Vec<usize>,
        /// Which duties, ascending.
        duties: Vec<usize>,
        /// Who.
        who: Facts,
    },
    /// Not everything was held against each other: there is too much of it, or it is too tangled.
    Unproved,
}

/// The rules that together bring more than `at_most` duties to one identity, and no fewer of them do; of those that are `wanted`. Where nothing
/// is said, it is proved that nobody can ever have too many of them by these rules.
#[must_use]
pub fn joint(
    ruled: &[Ruled<'_>],
    at_most: u32,
    classes: &[IdentityClass],
    wanted: impl Fn(&[usize]) -> bool,
) -> Vec<Joint> {
    let mut search = Search { ruled, at_most, classes, left: MOST_STEPS, found: Vec::new(), unproved: false, wanted };
    search.combine(0, &mut Vec::new(), &[]);
    if search.unproved {
        search.found.push(Joint::Unproved);
    }
    search.found
}

struct Search<'a, W> {
    ruled: &'a [Ruled<'a>],
    at_most: u32,
    classes: &'a [IdentityClass],
    /// Steps that may still be taken.
    left: usize,
    found: Vec<Joint>,
    unproved: bool,
    wanted: W,
}

impl<W: Fn(&[usize]) -> bool> Search<'_, W> {
    /// Adds one more rule from `from` on that brings something new, while one identity can meet all of them.
    fn combine(&mut self, from: usize, chosen: &mut Vec<usize>, brought: &[usize]) {
        for (index, next) in self.ruled.iter().enumerate().skip(from) {
            if next.brings.iter().all(|side| brought.contains(side)) {
                continue;
            }
            let mut together = [brought, &next.brings].concat();
            together.sort_unstable();
            together.dedup();
            let too_many = together.len() > self.at_most as usize;
            chosen.push(index);
            if !too_many || (self.is_least(chosen) && (self.wanted)(chosen)) {
                self.judge(index, chosen, &together, too_many);
            }
            chosen.pop();
            if self.left == 0 || self.found.len() >= MOST_REPORTED {
                self.unproved = true;
                return;
            }
        }
    }

    /// Whether no fewer of these rules bring too much: what does without one of them is found without it.
    fn is_least(&self, chosen: &[usize]) -> bool {
        chosen.iter().all(|left_out| {
            let others = chosen.iter().filter(|rule| *rule != left_out).filter_map(|&rule| self.ruled.get(rule));
            let brought: BTreeSet<usize> = others.flat_map(|ruled| &ruled.brings).copied().collect();
            brought.len() <= self.at_most as usize
        })
    }

    fn judge(&mut self, last: usize, chosen: &mut Vec<usize>, together: &[usize], too_many: bool) {
        let conditions: Vec<&Condition> =
            chosen.iter().filter_map(|&index| self.ruled.get(index)).map(|ruled| ruled.condition).collect();
        match joiner(&conditions, self.classes, &mut self.left) {
            Joiner::Somebody(who) if too_many => {
                self.found.push(Joint::Conflict { rules: chosen.clone(), duties: together.to_vec(), who });
            }
            Joiner::Somebody(_) => self.combine(last + 1, chosen, together),
            Joiner::Unknown => self.unproved = true,
            Joiner::Nobody => {}
        }
    }
}

/// Reports roles of the spec whose membership rules can take in one identity, which would then break duties; or, of duties that are kept
/// apart by what only the catalogue says, that nobody can know without it. Rules that leave each other out keep those apart too.
pub(super) fn check(duties: &[Duties], classes: &[IdentityClass], roles: &[DeclaredRole], faults: &mut Faults) {
    let bringers = Bringers::new(roles);
    for duties in duties.iter().filter(|duties| duties.per == DutyHolder::Identity) {
        let held_against = |meeting: Option<&Meeting<'_>>| {
            let is_here = |name: &EntitlementName| {
                meeting.is_none_or(|meeting| part(name, meeting.attribute) == Some(meeting.value))
            };
            let ruled = bringers.of(duties, is_here).into_iter().filter_map(|(role, brings)| {
                let role = roles.get(role)?;
                let few = brings.len() <= duties.at_most as usize;
                few.then_some((role, Ruled { condition: role.condition.as_ref()?, brings }))
            });
            let (of, ruled): (Vec<&DeclaredRole>, Vec<Ruled<'_>>) = ruled.unzip();
            (of, joint(&ruled, duties.at_most, classes, |_| true))
        };
        let mut is_unproved = false;
        match (&duties.within, meetings(duties)) {
            (Some(within), None) => {
                if !held_against(None).1.is_empty() {
                    faults.push(undecided(duties, within));
                }
            }
            (_, meetings) => {
                let meetings = meetings.map_or(vec![None], |all| all.into_iter().map(Some).collect());
                for meeting in meetings {
                    let (of, found) = held_against(meeting.as_ref());
                    for found in found {
                        let Joint::Conflict { rules, duties: sides, who } = found else {
                            is_unproved = true;
                            continue;
                        };
                        let chosen: Vec<_> = rules.iter().filter_map(|&rule| of.get(rule).copied()).collect();
                        faults.push(conflict(duties, meeting.as_ref(), &chosen, &sides, &who));
                    }
                }
            }
        }
        if is_unproved {
            faults.push(unproved(duties));
        }
    }
}

/// Whether the checker decides, without data, if membership rules of the spec keep some duties: neither the catalogue says what is on a
/// side, nor where it is.
#[must_use]
pub fn is_decided_without_data(duties: &Duties) -> bool {
    let by_name = duties.sides.iter().all(|side| side.access.conditions.is_empty());
    by_name && (duties.within.is_none() || meetings(duties).is_some())
}

/// A value of what an entitlement's own name says, within which duties meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Meeting<'a> {
    attribute: &'a str,
    value: &'a str,
}

/// Every value within which duties meet, of those that are within what an entitlement's own name says. None where they are within
/// something else, or nothing.
fn meetings(duties: &Duties) -> Option<Vec<Meeting<'_>>> {
    let attribute = duties.within.as_ref()?.attribute.as_str();
    let names = duties.sides.iter().flat_map(|side| &side.access.entitlements);
    let mut values: Vec<&str> = names.map(|name| part(name, attribute)).collect::<Option<_>>()?;
    values.sort_unstable();
    values.dedup();
    Some(values.into_iter().map(|value| Meeting { attribute, value }).collect())
}

/// What an entitlement's own name says of an attribute.
fn part<'a>(name: &'a EntitlementName, attribute: &str) -> Option<&'a str> {
    match attribute {
        "application" => Some(&name.kind.application),
        "attribute" => Some(&name.kind.attribute),
        "value" => Some(&name.value),
        _ => None,
    }
}

fn conflict(
    duties: &Duties,
    meeting: Option<&Meeting<'_>>,
    chosen: &[&DeclaredRole],
    sides: &[usize],
    who: &Facts,
) -> Diagnostic {
    let names = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let roles = names(chosen.iter().map(|role| role.name.as_str()).collect());
    let sides = sides.iter().filter_map(|&side| duties.sides.get(side));
    let sides = names(sides.map(|side| side.name.as_str()).collect());
    let within = meeting.map(|it| format!(" within {} `{}`", it.attribute, it.value)).unwrap_or_default();
    let message = format!("the roles {roles} can take in one identity, which would have the duties {sides}{within}");
    let place = chosen.first().map(|role| place(role)).unwrap_or_default();
    let fault = match duties.level {
        DutyLevel::Error => Diagnostic::error(codes::RULES_CONFLICT, message, place, "this rule"),
        DutyLevel::Warning => Diagnostic::warning(codes::RULES_MAY_CONFLICT, message, place, "this rule"),
    };
    let fault = chosen.iter().skip(1).fold(fault, |fault, role| fault.label(self::place(role), "and this rule"));
    let fault = fault.label(duties.span, format!("which allow {} of them", duties.at_most));
    fault.help(format!("for instance {who}: say in one of the rules whom it leaves to the other"))
}

fn unproved(duties: &Duties) -> Diagnostic {
    let message = format!("whether rules of roles keep the duties `{}` is not proved", duties.name);
    Diagnostic::warning(codes::RULES_MAY_CONFLICT, message, duties.span, "too many or too tangled rules")
        .help("the linter finds whoever has too many of them; simpler rules can be proved apart")
}

fn undecided(duties: &Duties, within: &Within) -> Diagnostic {
    let message = format!("whether rules of roles keep the duties `{}` is not decidable without data", duties.name);
    let label = format!("only the catalogue says which entitlements have the same `{}`", within.attribute);
    Diagnostic::warning(codes::RULES_MAY_CONFLICT, message, within.span, label)
        .help("some rules can take in one identity: the linter decides whether it would break them (RM511)")
}

/// Where a rule is, or else its role.
fn place(role: &DeclaredRole) -> Span {
    let rule = role.condition.as_ref().map(span).unwrap_or_default();
    if rule == Span::default() { role.span } else { rule }
}

/// From the first to the last test of a condition.
fn span(condition: &Condition) -> Span {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => span(first).to(span(last)),
            _ => Span::default(),
        },
        Condition::Not(part) => span(part),
        Condition::Test { span, .. }
        | Condition::UnusedFor { span, .. }
        | Condition::MembersOfRole { span, .. }
        | Condition::HoldingApplication { span, .. } => *span,
        Condition::Holding(name) => name.span,
        Condition::Always => Span::default(),
    }
}

impl fmt::Display for Facts {
    /// `an identity { department "AP", title "Clerk" } where holding application "sap"`, the attributes as `given` of an expectation has them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attributes.is_empty() && self.others.is_empty() {
            return f.write_str("any identity");
        }
        f.write_str("an identity")?;
        let attributes: Vec<String> = self.attributes.iter().map(|(name, value)| format!("{name} {value}")).collect();
        if !attributes.is_empty() {
            write!(f, " {{ {} }}", attributes.join(", "))?;
        }
        if !self.others.is_empty() {
            write!(f, " where {}", self.others.join(" and "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
