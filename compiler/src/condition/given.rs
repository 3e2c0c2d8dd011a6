//! Conditions held against a few attribute values alone: what is certain, and what is left open.

use jiff::civil::Date;

use crate::{
    glob,
    spec::{Condition, Number, Test},
};

/// The attribute values that are given of somebody; everything else is open.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a>(pub &'a [(String, String)]);

/// Kleene's three verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Certainly not.
    No,
    /// The given values leave it open.
    Open,
    /// Certainly.
    Yes,
}

impl Given<'_> {
    /// What the given values say of a condition on identities.
    #[must_use]
    pub fn meets(self, condition: &Condition) -> Verdict {
        match condition {
            Condition::Always => Verdict::Yes,
            Condition::All(parts) => parts.iter().map(|part| self.meets(part)).min().unwrap_or(Verdict::Yes),
            Condition::Any(parts) => parts.iter().map(|part| self.meets(part)).max().unwrap_or(Verdict::No),
            Condition::Not(part) => match self.meets(part) {
                Verdict::No => Verdict::Yes,
                Verdict::Open => Verdict::Open,
                Verdict::Yes => Verdict::No,
            },
            Condition::Test { attribute, test, .. } => self.test(attribute, test),
            Condition::UnusedFor { .. }
            | Condition::MembersOfRole { .. }
            | Condition::HoldingApplication { .. }
            | Condition::Holding(_) => Verdict::Open,
        }
    }

    /// What they say of `attribute == value` (or `has`).
    #[must_use]
    pub fn is(self, attribute: &str, value: &str) -> Verdict {
        self.any(attribute, |given| given == value)
    }

    fn test(self, attribute: &str, test: &Test) -> Verdict {
        match test {
            Test::In(values) => self.any(attribute, |given| values.iter().any(|value| value == given)),
            Test::Like(pattern) => self.any(attribute, |given| glob::matches(pattern, given)),
            Test::Has(value) => self.any(attribute, |given| given == value),
            Test::True => self.any(attribute, |given| given == "true"),
            Test::Missing => self.any(attribute, |_| false),
            Test::Compare(comparison, number) => self.any(attribute, |given| match number {
                Number::Date(limit) => given.parse::<Date>().is_ok_and(|date| comparison.holds(&date, limit)),
                Number::Integer(limit) => given.parse::<i64>().is_ok_and(|number| comparison.holds(&number, limit)),
            }),
        }
    }

    /// An attribute may be given several times: a list.
    fn any(self, attribute: &str, test: impl Fn(&str) -> bool) -> Verdict {
        let mut values = self.0.iter().filter(|(name, _)| name == attribute).peekable();
        if values.peek().is_none() {
            return Verdict::Open;
        }
        if values.any(|(_, value)| test(value)) { Verdict::Yes } else { Verdict::No }
    }
}
