//! Tests of assignments: where they come from, whether they are exceptions, when they began and end.

use adit_grammar::Span;
use adit_snapshots::{Grant, Origin, PathId, Snapshot};

use super::{Bits, Evaluator, Subject, absent, columns};
use crate::{select_error::SelectError, spec::Test};

/// Origins by the names that a spec uses.
const ORIGINS: [(&str, Origin); 6] = [
    ("direct", Origin::Direct),
    ("inherited", Origin::Inherited),
    ("rule", Origin::Rule),
    ("request", Origin::Request),
    ("exception", Origin::Exception),
    ("unknown", Origin::Unknown),
];

impl Evaluator<'_> {
    /// The assignments, by number, that meet a test of one of their own attributes.
    pub(super) fn assignment_test(&self, attribute: &str, test: &Test, span: Span) -> Result<Bits, SelectError> {
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
                let accepted: Vec<Origin> = columns::matching(ORIGINS.iter().map(|(name, _)| *name), test)
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
                let date = |grant: &Grant| match attribute {
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
}

fn mismatch_words(attribute: &str, is: &str, span: Span) -> SelectError {
    SelectError::NotDecidable {
        message: format!("`{attribute}` cannot be tested this way: it is {is}"),
        help: "see the attributes of assignments in the language reference".to_owned(),
        span,
    }
}
