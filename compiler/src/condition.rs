//! Conditions, evaluated over whole columns: whom, what or which assignments a condition takes in.
//!
//! A condition is compiled against the snapshot's dictionaries first; after that every row costs a look-up of an integer.
//! There are three verdicts. A row meets a condition or does not; and a condition that this snapshot cannot decide (a column is
//! not there, nothing was observed for long enough) is an error with the place it was written, never a silent no.

mod assignments;
mod bits;
mod columns;
mod display;
mod document;
mod given;
mod holders;
mod usage;

use adit_grammar::Span;
use adit_snapshots::{AttributeType, Snapshot, TextColumn};

pub use bits::Bits;
pub(crate) use display::entitlement as entitlement_text;
pub use document::{ConditionDocument, NumberDocument, OrderDocument};
pub use given::{Given, Verdict};
pub use usage::observed_days;

use crate::{
    lookup::EntitlementIndex,
    select_error::SelectError,
    spec::{Condition, Test},
};

/// Evaluates conditions over one snapshot.
#[derive(Debug)]
pub struct Evaluator<'a> {
    snapshot: &'a Snapshot,
    entitlements: EntitlementIndex,
}

/// What a condition speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Identities,
    Entitlements,
    Assignments,
}

impl<'a> Evaluator<'a> {
    /// For one snapshot; builds the index of its entitlements' names.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, entitlements: EntitlementIndex::new(snapshot) }
    }

    /// The snapshot.
    #[must_use]
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// Entitlements by the language's name for them.
    #[must_use]
    pub fn entitlement_index(&self) -> &EntitlementIndex {
        &self.entitlements
    }

    /// The identities that meet a condition.
    ///
    /// # Errors
    /// When the snapshot cannot decide it, or it names something that the snapshot does not have.
    pub fn identities(&self, condition: &Condition) -> Result<Bits, SelectError> {
        self.evaluate(condition, Subject::Identities)
    }

    /// The entitlements that meet a condition.
    ///
    /// # Errors
    /// See [`Self::identities`].
    pub fn entitlements(&self, condition: &Condition) -> Result<Bits, SelectError> {
        self.evaluate(condition, Subject::Entitlements)
    }

    /// The assignments, by number, that meet a condition. An assignment with several ways to it meets a test that one of the ways
    /// meets, except `inherited`: that is one without a direct way. It is an exception if a way to it is, or an exception
    /// record names it.
    ///
    /// # Errors
    /// See [`Self::identities`].
    pub fn assignments(&self, condition: &Condition) -> Result<Bits, SelectError> {
        self.evaluate(condition, Subject::Assignments)
    }

    fn len(&self, subject: Subject) -> usize {
        match subject {
            Subject::Identities => self.snapshot.identities.len(),
            Subject::Entitlements => self.snapshot.entitlements.len(),
            Subject::Assignments => self.snapshot.assignments.len(),
        }
    }

    /// Every part is evaluated, even where the outcome is certain: a part that cannot be decided must not hide.
    fn evaluate(&self, condition: &Condition, subject: Subject) -> Result<Bits, SelectError> {
        let len = self.len(subject);
        match condition {
            Condition::Always => Ok(Bits::all(len)),
            Condition::All(parts) => {
                let mut meets = Bits::all(len);
                for part in parts {
                    meets.intersect(&self.evaluate(part, subject)?);
                }
                Ok(meets)
            }
            Condition::Any(parts) => {
                let mut meets = Bits::none(len);
                for part in parts {
                    meets.unite(&self.evaluate(part, subject)?);
                }
                Ok(meets)
            }
            Condition::Not(part) => {
                let mut meets = self.evaluate(part, subject)?;
                meets.negate();
                Ok(meets)
            }
            Condition::Test { attribute, kind, test, span } => match subject {
                Subject::Identities => self.identity_test(attribute, *kind, test, *span),
                Subject::Entitlements => self.entitlement_test(attribute, *kind, test, *span),
                Subject::Assignments => self.assignment_test(attribute, test, *span),
            },
            Condition::UnusedFor { days, span } => match subject {
                Subject::Identities => usage::unused_identities(self.snapshot, *days, *span),
                Subject::Entitlements => usage::unused_entitlements(self.snapshot, *days, *span),
                Subject::Assignments => usage::unused_assignments(self.snapshot, *days, *span),
            },
            Condition::MembersOfRole { role, span } => {
                self.only_identities(subject, *span, || self.members(role, *span))
            }
            Condition::HoldingApplication { application, span } => {
                self.only_identities(subject, *span, || self.holders_of_application(application, *span))
            }
            Condition::Holding(name) => self.only_identities(subject, name.span, || self.holders(name)),
        }
    }

    fn only_identities(
        &self,
        subject: Subject,
        span: Span,
        holders: impl FnOnce() -> Result<Bits, SelectError>,
    ) -> Result<Bits, SelectError> {
        if subject == Subject::Identities {
            return holders();
        }
        Err(SelectError::NotDecidable {
            message: format!("only an identity can hold access or be a member, not {}", subject.plural()),
            help: "put this condition on a line about identities".to_owned(),
            span,
        })
    }

    fn identity_test(
        &self,
        attribute: &str,
        kind: AttributeType,
        test: &Test,
        span: Span,
    ) -> Result<Bits, SelectError> {
        let identities = &self.snapshot.identities;
        if attribute == "id" {
            return columns::ids(&identities.ids, test).ok_or_else(|| mismatch(attribute, kind, "text", span));
        }
        let column = identities
            .attribute(attribute)
            .ok_or_else(|| absent(attribute, "identities", Subject::Identities, span))?;
        columns::column(column, test, identities.len())
            .ok_or_else(|| mismatch(attribute, kind, columns::type_name(column), span))
    }

    fn entitlement_test(
        &self,
        attribute: &str,
        kind: AttributeType,
        test: &Test,
        span: Span,
    ) -> Result<Bits, SelectError> {
        let entitlements = &self.snapshot.entitlements;
        let text = |column: &TextColumn| columns::text(column, test, entitlements.len());
        let own = match attribute {
            "id" => Some(columns::ids(&entitlements.ids, test)),
            "application" => Some(text(&entitlements.application)),
            "attribute" => Some(text(&entitlements.attribute)),
            "value" => Some(text(&entitlements.value)),
            _ => None,
        };
        if let Some(own) = own {
            return own.ok_or_else(|| mismatch(attribute, kind, "text", span));
        }
        let column = entitlements
            .attribute(attribute)
            .ok_or_else(|| absent(attribute, "entitlements", Subject::Entitlements, span))?;
        columns::column(column, test, entitlements.len())
            .ok_or_else(|| mismatch(attribute, kind, columns::type_name(column), span))
    }
}

impl Subject {
    fn plural(self) -> &'static str {
        match self {
            Self::Identities => "identities",
            Self::Entitlements => "entitlements",
            Self::Assignments => "assignments",
        }
    }
}

fn absent(attribute: &str, table: &str, subject: Subject, span: Span) -> SelectError {
    SelectError::NotDecidable {
        message: format!("`{attribute}` cannot be tested: in this snapshot {} have no such column", subject.plural()),
        help: format!("add a column `{attribute}` to the {table} table, or take the test out of the condition"),
        span,
    }
}

fn mismatch(attribute: &str, expected: AttributeType, found: &str, span: Span) -> SelectError {
    let expected = match expected {
        AttributeType::Text => "text",
        AttributeType::List => "a list",
        AttributeType::Date => "a date",
        AttributeType::Boolean => "a flag",
        AttributeType::Integer => "a whole number",
    };
    SelectError::NotDecidable {
        message: format!("`{attribute}` cannot be tested: expected {expected}, found {found} in this snapshot"),
        help: "make the test, the schema in snapshot.toml and the column agree".to_owned(),
        span,
    }
}

#[cfg(test)]
mod tests;
