//! Conditions: attributes looked up, types held against tests, and what can never or must always hold found out.

use adit_grammar::{
    Diagnostic, Span,
    ast::{self, LiteralValue, Operator},
};
use adit_snapshots::AttributeType;

use super::{
    codes,
    context::{Context, Faults, Subject},
    entitlements,
    logic::impossible,
    suggest::{did_you_mean, list},
    values::{a, example, spelled, wrong_value},
};
use crate::spec::{Comparison, Condition, Number, Test};

/// The checked condition; `None` when something is wrong with it, which is reported. Whether it can hold at all is another
/// question: see [`judge`].
pub(super) fn condition(
    context: &Context<'_>,
    subject: Subject,
    written: &ast::Condition,
    faults: &mut Faults,
) -> Option<Condition> {
    Checker { context, subject, faults }.condition(written)
}

/// What is known of a condition without any data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Never,
    Always,
    Open,
}

/// Reports what nothing can meet and what everything meets, in a condition or in a part of it.
pub(super) fn judge(subject: Subject, written: &ast::Condition, checked: &Condition, faults: &mut Faults) -> Verdict {
    if impossible(subject, &[(checked, true)]) {
        faults.push(never(subject, written, checked));
        return Verdict::Never;
    }
    if impossible(subject, &[(checked, false)]) {
        let error = Diagnostic::error(
            codes::ALWAYS_TRUE,
            format!("this is true of all {}", subject.plural()),
            written.span(),
            "decides nothing",
        );
        faults.push(error.help("leave it out, or say what it should tell apart"));
        return Verdict::Always;
    }
    if let (ast::Condition::All(parts), Condition::All(checked))
    | (ast::Condition::Any(parts), Condition::Any(checked)) = (written, checked)
    {
        for (part, checked) in parts.iter().zip(checked) {
            judge(subject, part, checked, faults);
        }
    }
    Verdict::Open
}

/// In longer conditions the parts that rule each other out are not looked for: every two would be held against each other.
const MOST_PARTS: usize = 64;

/// Shows which parts of a condition rule each other out.
fn never(subject: Subject, written: &ast::Condition, checked: &Condition) -> Diagnostic {
    let message = format!("no {} can meet this", subject.plural());
    if let (ast::Condition::All(parts), Condition::All(checked)) = (written, checked) {
        for (index, (part, left)) in parts.iter().zip(checked).enumerate().take(MOST_PARTS) {
            if impossible(subject, &[(left, true)]) {
                return never(subject, part, left);
            }
            for (earlier, right) in parts.iter().zip(checked).take(index) {
                if impossible(subject, &[(left, true), (right, true)]) {
                    return Diagnostic::error(codes::NEVER_TRUE, message, part.span(), "cannot hold")
                        .label(earlier.span(), "where this holds")
                        .help("did you mean `or`? a list of values is written `in [ … ]`");
                }
            }
        }
    }
    Diagnostic::error(codes::NEVER_TRUE, message, written.span(), "can never hold")
        .help("remove it, or say what it should take in")
}

struct Checker<'a, 'f> {
    context: &'a Context<'a>,
    subject: Subject,
    faults: &'f mut Faults,
}

impl Checker<'_, '_> {
    fn condition(&mut self, written: &ast::Condition) -> Option<Condition> {
        match written {
            ast::Condition::All(parts) => self.parts(parts).map(Condition::All),
            ast::Condition::Any(parts) => self.parts(parts).map(Condition::Any),
            ast::Condition::Not(part, _) => self.condition(part).map(|part| Condition::Not(Box::new(part))),
            ast::Condition::Compare { attribute, operator, value } => self.compare(attribute, operator, value),
            ast::Condition::In { attribute, negated, values, span } => self.one_of(attribute, *negated, values, **span),
            ast::Condition::Like { attribute, pattern } => {
                let kind = self.context.attribute(self.subject, attribute, self.faults)?;
                if kind != AttributeType::Text {
                    self.wrong_test(attribute, kind, "like", attribute.span.to(pattern.span));
                    return None;
                }
                Some(test(attribute, kind, Test::Like(pattern.node.clone()), written.span()))
            }
            ast::Condition::Has { attribute, value } => {
                let kind = self.context.attribute(self.subject, attribute, self.faults)?;
                if kind != AttributeType::List {
                    self.wrong_test(attribute, kind, "has", attribute.span.to(value.span));
                    return None;
                }
                Some(test(attribute, kind, Test::Has(value.node.clone()), written.span()))
            }
            ast::Condition::Missing(attribute) => {
                let kind = self.context.attribute(self.subject, attribute, self.faults)?;
                Some(test(attribute, kind, Test::Missing, written.span()))
            }
            ast::Condition::Flag(attribute) => {
                let kind = self.context.attribute(self.subject, attribute, self.faults)?;
                if kind != AttributeType::Boolean {
                    let message =
                        format!("`{}` is {}, which is neither true nor false by itself", attribute.node, a(kind));
                    let help = format!("compare it: `{}`", example(&attribute.node, kind));
                    self.faults.push(
                        Diagnostic::error(codes::NOT_A_FLAG, message, attribute.span, "expected a test").help(help),
                    );
                    return None;
                }
                Some(test(attribute, kind, Test::True, written.span()))
            }
            ast::Condition::UnusedFor(days) => {
                if days.node == 0 {
                    let message = "everything is unused for no time at all";
                    self.faults.push(
                        Diagnostic::error(codes::NUMBER_RANGE, message, days.span, "expected at least a day")
                            .help("write for how long: `unused for 90d`"),
                    );
                    return None;
                }
                Some(Condition::UnusedFor { days: days.node, span: days.span })
            }
            ast::Condition::MembersOfRole(role) => {
                self.of_identities("members of", role.span)?;
                Some(Condition::MembersOfRole { role: role.node.clone(), span: role.span })
            }
            ast::Condition::HoldingApplication(application) => {
                self.of_identities("holding", application.span)?;
                entitlements::application(self.context, application, self.faults)?;
                Some(Condition::HoldingApplication { application: application.node.clone(), span: application.span })
            }
            ast::Condition::Holding(entitlement) => {
                self.of_identities("holding", entitlement.span())?;
                entitlements::name(self.context, entitlement, self.faults).map(Condition::Holding)
            }
        }
    }

    /// All parts, so that every mistake is reported, or none.
    fn parts(&mut self, parts: &[ast::Condition]) -> Option<Vec<Condition>> {
        let checked: Vec<_> = parts.iter().map(|part| self.condition(part)).collect();
        checked.into_iter().collect()
    }

    fn compare(
        &mut self,
        attribute: &ast::Text,
        operator: &adit_grammar::Spanned<Operator>,
        value: &ast::Literal,
    ) -> Option<Condition> {
        let span = attribute.span.to(*value.span);
        let kind = self.context.attribute(self.subject, attribute, self.faults)?;
        let (comparison, negated) = match operator.node {
            Operator::Equal => (Comparison::Equal, false),
            Operator::NotEqual => (Comparison::Equal, true),
            Operator::Less => (Comparison::Less, false),
            Operator::AtMost => (Comparison::AtMost, false),
            Operator::Greater => (Comparison::Greater, false),
            Operator::AtLeast => (Comparison::AtLeast, false),
        };
        let ordered = comparison != Comparison::Equal;
        if kind == AttributeType::List || (ordered && matches!(kind, AttributeType::Text | AttributeType::Boolean)) {
            self.wrong_test(attribute, kind, &operator.node.to_string(), span);
            return None;
        }
        let equal = self.equal(attribute, kind, value, span)?;
        let checked = match equal {
            Condition::Test { test: Test::Compare(_, number), .. } => {
                test(attribute, kind, Test::Compare(comparison, number), span)
            }
            equal => equal,
        };
        Some(if negated { Condition::Not(Box::new(checked)) } else { checked })
    }

    fn one_of(
        &mut self,
        attribute: &ast::Text,
        negated: bool,
        values: &[ast::Literal],
        span: Span,
    ) -> Option<Condition> {
        let kind = self.context.attribute(self.subject, attribute, self.faults)?;
        if matches!(kind, AttributeType::List | AttributeType::Boolean) {
            self.wrong_test(attribute, kind, "in", span);
            return None;
        }
        self.repeated(values);
        let checked: Vec<_> = values.iter().map(|value| self.equal(attribute, kind, value, *value.span)).collect();
        let checked = checked.into_iter().collect::<Option<Vec<_>>>()?;
        let one_of = if kind == AttributeType::Text {
            let mut texts: Vec<String> = values.iter().filter_map(|value| text_of(&value.value)).collect();
            texts.sort_unstable();
            texts.dedup();
            test(attribute, kind, Test::In(texts), span)
        } else {
            Condition::Any(checked)
        };
        Some(if negated { Condition::Not(Box::new(one_of)) } else { one_of })
    }

    /// `attribute == value`, if the value is of the attribute's type.
    fn equal(
        &mut self,
        attribute: &ast::Text,
        kind: AttributeType,
        value: &ast::Literal,
        span: Span,
    ) -> Option<Condition> {
        Some(match (kind, &value.value) {
            (AttributeType::Text, LiteralValue::Text(text)) => {
                self.known_value(attribute, text, *value.span)?;
                test(attribute, kind, Test::In(vec![text.clone()]), span)
            }
            (AttributeType::Date, LiteralValue::Date(date)) => {
                test(attribute, kind, Test::Compare(Comparison::Equal, Number::Date(*date)), span)
            }
            (AttributeType::Integer, LiteralValue::Integer(number)) => {
                test(attribute, kind, Test::Compare(Comparison::Equal, Number::Integer(*number)), span)
            }
            (AttributeType::Boolean, LiteralValue::Boolean(true)) => test(attribute, kind, Test::True, span),
            // No value at all is not the same as false.
            (AttributeType::Boolean, LiteralValue::Boolean(false)) => {
                let not = |this| Condition::Not(Box::new(test(attribute, kind, this, span)));
                Condition::All(vec![not(Test::True), not(Test::Missing)])
            }
            (_, found) => {
                self.faults.push(wrong_value(&attribute.node, kind, found, *value.span));
                return None;
            }
        })
    }

    /// Attributes of entitlements and assignments whose values are known without any data.
    fn known_value(&mut self, attribute: &ast::Text, value: &str, span: Span) -> Option<()> {
        let text = ast::Text::new(value.to_owned(), span);
        match (self.subject, attribute.node.as_str()) {
            (Subject::Entitlement, "application") => entitlements::application(self.context, &text, self.faults),
            (Subject::Entitlement, "attribute") => entitlements::attribute_of_any(self.context, &text, self.faults),
            (Subject::Assignment, "origin") if !ORIGINS.contains(&value) => {
                let help = did_you_mean(value, ORIGINS.iter().copied(), || {
                    format!("an assignment's origin is one of {}", list(ORIGINS.iter().copied()))
                });
                let message = format!("no assignment has the origin `{value}`");
                self.faults.push(Diagnostic::error(codes::UNKNOWN_ORIGIN, message, span, "unknown").help(help));
                None
            }
            _ => Some(()),
        }
    }

    fn repeated(&mut self, values: &[ast::Literal]) {
        let mut sorted: Vec<&ast::Literal> = values.iter().collect();
        sorted.sort_by(|a, b| spelled(&a.value).cmp(&spelled(&b.value)).then(a.span.start.cmp(&b.span.start)));
        for (first, again) in sorted.iter().zip(sorted.iter().skip(1)).filter(|(a, b)| a.value == b.value) {
            self.faults.push(
                Diagnostic::warning(
                    codes::REPEATED,
                    format!("{} is listed twice", spelled(&again.value)),
                    *again.span,
                    "again",
                )
                .label(*first.span, "first")
                .help("remove one of them"),
            );
        }
    }

    /// Some tests are of identities only.
    fn of_identities(&mut self, what: &str, span: Span) -> Option<()> {
        if self.subject == Subject::Identity {
            return Some(());
        }
        let message = format!("`{what} …` is a test of identities, this is about {}", self.subject.plural());
        self.faults.push(
            Diagnostic::error(codes::WRONG_PLACE, message, span, "not of an identity")
                .help("move it to an `include identities` or `exclude identities` line"),
        );
        None
    }

    fn wrong_test(&mut self, attribute: &ast::Text, kind: AttributeType, operator: &str, span: Span) {
        let message = format!("`{operator}` does not go with {}", a(kind));
        let label = format!("`{}` is {}", attribute.node, a(kind));
        let help = format!("write for example `{}`", example(&attribute.node, kind));
        self.faults.push(Diagnostic::error(codes::WRONG_OPERATOR, message, span, label).help(help));
    }
}

/// Origins of assignments.
const ORIGINS: &[&str] = &["direct", "exception", "inherited", "request", "rule", "unknown"];

fn test(attribute: &ast::Text, kind: AttributeType, test: Test, span: Span) -> Condition {
    Condition::Test { attribute: attribute.node.clone(), kind, test, span }
}

fn text_of(value: &LiteralValue) -> Option<String> {
    match value {
        LiteralValue::Text(text) => Some(text.clone()),
        _ => None,
    }
}
