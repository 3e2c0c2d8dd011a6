//! Conditions in the language's own words, as a rule text that people approve and targets carry.

use std::fmt::{self, Write as _};

use adit_grammar::quoted;

use crate::spec::{Comparison, Condition, EntitlementName, KindName, Number, Test};

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("everyone"),
            Self::All(parts) => joined(f, parts, " and ", "everyone", |part| matches!(part, Self::Any(_))),
            Self::Any(parts) => joined(f, parts, " or ", "nobody", |part| matches!(part, Self::All(_))),
            Self::Not(part) => match part.as_ref() {
                Self::All(_) | Self::Any(_) => write!(f, "not ({part})"),
                part => write!(f, "not {part}"),
            },
            Self::Test { attribute, test, .. } => write_test(f, attribute, test),
            Self::UnusedFor { days, .. } => write!(f, "unused for {days}d"),
            Self::MembersOfRole { role, .. } => write!(f, "members of role {}", quoted(role)),
            Self::HoldingApplication { application, .. } => write!(f, "holding application {}", quoted(application)),
            Self::Holding(name) => write!(f, "holding {}", entitlement(name)),
        }
    }
}

impl fmt::Display for KindName {
    /// `sap.tcode`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&adit_grammar::kind(&self.application, &self.attribute))
    }
}

/// `sap.tcode "F110"`.
pub(crate) fn entitlement(name: &EntitlementName) -> String {
    format!("{} {}", name.kind, quoted(&name.value))
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Condition],
    between: &str,
    empty: &str,
    parenthesise: impl Fn(&Condition) -> bool,
) -> fmt::Result {
    if parts.is_empty() {
        return f.write_str(empty);
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if parenthesise(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
    }
    Ok(())
}

fn write_test(f: &mut fmt::Formatter<'_>, attribute: &str, test: &Test) -> fmt::Result {
    match test {
        Test::In(values) => match values.as_slice() {
            [value] => write!(f, "{attribute} == {}", quoted(value)),
            values => {
                write!(f, "{attribute} in [")?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{}", if index > 0 { ", " } else { "" }, quoted(value))?;
                }
                f.write_char(']')
            }
        },
        Test::Like(pattern) => write!(f, "{attribute} like {}", quoted(pattern)),
        Test::Has(value) => write!(f, "{attribute} has {}", quoted(value)),
        Test::True => f.write_str(attribute),
        Test::Missing => write!(f, "{attribute} is missing"),
        Test::Compare(comparison, number) => {
            let sign = match comparison {
                Comparison::Equal => "==",
                Comparison::Less => "<",
                Comparison::AtMost => "<=",
                Comparison::Greater => ">",
                Comparison::AtLeast => ">=",
            };
            match number {
                Number::Date(date) => write!(f, "{attribute} {sign} {date}"),
                Number::Integer(number) => write!(f, "{attribute} {sign} {number}"),
            }
        }
    }
}
