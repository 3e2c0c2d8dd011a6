//! Conditions, evaluated over whole columns: whom, what or which assignments a condition takes in.
//!
//! A condition is compiled against the snapshot's dictionaries first; after that every row costs a look-up of an integer.
//! There are three verdicts. A row meets a condition or does not; and a condition that this snapshot cannot decide (a column is
//! not there, nothing was observed for long enough) is an error with the place it was written, never a silent no.

mod bits;
mod columns;
mod display;
mod document;
mod given;
mod usage;

use adit_grammar::Span;
use adit_snapshots::{AttributeType, Origin, PathId, Snapshot, TextColumn};

pub use bits::Bits;
pub use document::{ConditionDocument, NumberDocument, OrderDocument};
pub(crate) use display::{entitlement as entitlement_text, quoted};
pub use given::{Given, Verdict};

use crate::{
    select::{EntitlementIndex, SelectError},
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
            Condition::MembersOfRole { role, span } => self.only_identities(subject, *span, || self.members(role, *span)),
            Condition::HoldingApplication { application, span } => {
                self.only_identities(subject, *span, || self.holders_of_application(application, *span))
            }
            Condition::Holding(name) => self.only_identities(subject, name.span, || {
                let entitlement = self.entitlements.lookup(name).ok_or_else(|| SelectError::Unknown {
                    message: format!("this snapshot has no entitlement `{}`", entitlement_text(name)),
                    help: closest(
                        &name.value,
                        self.snapshot.entitlements.value.values.iter().map(String::as_str),
                        "compare the value with the entitlements table",
                    ),
                    span: name.span,
                })?;
                let assignments = &self.snapshot.assignments;
                Ok(Bits::of_ids(len, |identity| assignments.held(identity).binary_search(&entitlement).is_ok()))
            }),
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
        let column =
            identities.attribute(attribute).ok_or_else(|| absent(attribute, "identities", Subject::Identities, span))?;
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

    fn assignment_test(&self, attribute: &str, test: &Test, span: Span) -> Result<Bits, SelectError> {
        let assignments = &self.snapshot.assignments;
        let len = assignments.len();
        let wrong = |found| mismatch_words(attribute, found, span);
        match attribute {
            "exception" => match test {
                Test::True => self.exceptions(span),
                _ => Err(wrong("a flag")),
            },
            "inherited" => {
                self.require_origins("inherited", span)?;
                match test {
                    Test::True => Ok(Bits::from_fn(len, |assignment| {
                        let ways = assignments.grants(assignment);
                        !ways.is_empty()
                            && ways
                                .iter()
                                .all(|grant| grant.origin == Origin::Inherited || grant.path != PathId::DIRECT)
                    })),
                    _ => Err(wrong("a flag")),
                }
            }
            "origin" => {
                self.require_origins("origin", span)?;
                let accepted: Vec<Origin> =
                    columns::matching(ORIGINS.iter().map(|(name, _)| *name), test)
                        .ok_or_else(|| wrong("text"))?
                        .into_iter()
                        .filter_map(|index| ORIGINS.get(index).map(|(_, origin)| *origin))
                        .collect();
                Ok(Bits::from_fn(len, |assignment| {
                    assignments.grants(assignment).iter().any(|grant| accepted.contains(&grant.origin))
                }))
            }
            "granted-at" | "expires-at" => {
                let Some(grants) = assignments.grants.as_ref() else {
                    return Err(absent(attribute, "assignments", Subject::Assignments, span));
                };
                let date = |grant: &adit_snapshots::Grant| match attribute {
                    "granted-at" => grant.granted_at,
                    _ => grant.expires_at,
                };
                if !grants.rows.iter().any(|grant| date(grant).is_some()) {
                    return Err(absent(attribute, "assignments", Subject::Assignments, span));
                }
                let meets = columns::date_test(test).ok_or_else(|| wrong("a date"))?;
                Ok(Bits::from_fn(len, |assignment| {
                    let ways = assignments.grants(assignment);
                    match test {
                        Test::Missing => ways.iter().all(|grant| date(grant).is_none()),
                        _ => ways.iter().any(|grant| meets(date(grant))),
                    }
                }))
            }
            _ => Err(absent(attribute, "assignments", Subject::Assignments, span)),
        }
    }

    /// Assignments that an exception record names, or that came about as one.
    fn exceptions(&self, span: Span) -> Result<Bits, SelectError> {
        let Snapshot { assignments, exceptions, .. } = self.snapshot;
        let recorded = !exceptions.is_empty()
            || self.snapshot.manifest.sources.iter().any(|source| source.table == "exceptions")
            || self.snapshot.digest.tables.contains_key("exceptions");
        if !recorded && !self.has_origins() {
            return Err(SelectError::NotDecidable {
                message: "`exception` cannot be tested: this snapshot has no table of exceptions, and its assignments no origin"
                    .to_owned(),
                help: "add an `exceptions` source to snapshot.toml, or an `origin` column to the assignments".to_owned(),
                span,
            });
        }
        let mut meets = match assignments.grants {
            Some(_) => Bits::from_fn(assignments.len(), |assignment| {
                assignments.grants(assignment).iter().any(|grant| grant.origin == Origin::Exception)
            }),
            None => Bits::none(assignments.len()),
        };
        for record in exceptions {
            if let Some(assignment) = assignments.find(record.identity, record.entitlement) {
                meets.insert(assignment);
            }
        }
        Ok(meets)
    }

    /// Whether any source says where an assignment comes from.
    fn has_origins(&self) -> bool {
        let grants = self.snapshot.assignments.grants.as_ref();
        grants.is_some_and(|grants| grants.rows.iter().any(|grant| grant.origin != Origin::Unknown))
    }

    fn require_origins(&self, attribute: &str, span: Span) -> Result<(), SelectError> {
        if self.has_origins() {
            return Ok(());
        }
        Err(SelectError::NotDecidable {
            message: format!("`{attribute}` cannot be tested: no source says where an assignment comes from"),
            help: "add an `origin` column to the assignments, or a table of groups".to_owned(),
            span,
        })
    }

    /// Everyone who holds an existing role, directly or through a role that inherits it.
    fn members(&self, role: &str, span: Span) -> Result<Bits, SelectError> {
        let roles = &self.snapshot.roles;
        let named = |candidate: &adit_snapshots::ExistingRole| {
            candidate.id == role || candidate.name.as_deref() == Some(role)
        };
        let mut included: Vec<bool> = roles.iter().map(named).collect();
        if !included.contains(&true) {
            let names = roles.iter().flat_map(|role| std::iter::once(role.id.as_str()).chain(role.name.as_deref()));
            return Err(SelectError::Unknown {
                message: format!("this snapshot has no role `{role}`"),
                help: closest(role, names, "compare it with the roles table; add that table if there is none"),
                span,
            });
        }
        // Each round adds the roles that inherit an included one; there are at most as many rounds as roles.
        loop {
            let next: Vec<bool> = roles
                .iter()
                .zip(&included)
                .map(|(role, &in_already)| {
                    in_already || role.inherits.iter().any(|&parent| included.get(parent) == Some(&true))
                })
                .collect();
            if next == included {
                break;
            }
            included = next;
        }
        let mut members = Bits::none(self.snapshot.identities.len());
        for (role, _) in roles.iter().zip(&included).filter(|(_, included)| **included) {
            role.members.iter().for_each(|member| members.insert(member.0 as usize));
        }
        Ok(members)
    }

    fn holders_of_application(&self, application: &str, span: Span) -> Result<Bits, SelectError> {
        let Snapshot { identities, entitlements, assignments, .. } = self.snapshot;
        let code = entitlements.application.code(application).ok_or_else(|| SelectError::Unknown {
            message: format!("this snapshot has no entitlement of application `{application}`"),
            help: closest(
                application,
                entitlements.application.values.iter().map(String::as_str),
                "compare it with the entitlements table",
            ),
            span,
        })?;
        let codes = &entitlements.application.codes;
        Ok(Bits::of_ids(identities.len(), |identity| {
            assignments.held(identity).iter().any(|held| codes.get(held.0 as usize) == Some(&code))
        }))
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

/// Origins by the names that a spec uses.
const ORIGINS: [(&str, Origin); 6] = [
    ("direct", Origin::Direct),
    ("inherited", Origin::Inherited),
    ("rule", Origin::Rule),
    ("request", Origin::Request),
    ("exception", Origin::Exception),
    ("unknown", Origin::Unknown),
];

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

fn mismatch_words(attribute: &str, is: &str, span: Span) -> SelectError {
    SelectError::NotDecidable {
        message: format!("`{attribute}` cannot be tested this way: it is {is}"),
        help: "see the attributes of assignments in the language reference".to_owned(),
        span,
    }
}

/// A `did you mean`, or else what to do.
fn closest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>, otherwise: &str) -> String {
    let best = names
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, name)| *distance <= wanted.chars().count().max(name.chars().count()) / 3)
        .min();
    match best {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests;
