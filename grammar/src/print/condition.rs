//! Conditions, and the values in them.

use std::fmt::{Display, Formatter, Result};

use super::{Quoted, all, quoted};
use crate::ast::{Condition, Literal, LiteralValue, Operator};

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::All(parts) => joined(f, parts, " and "),
            Self::Any(parts) => joined(f, parts, " or "),
            Self::Not(inner, _) => {
                f.write_str("not ")?;
                grouped(f, inner)
            }
            Self::Compare { attribute, operator, value } => write!(f, "{} {} {value}", attribute.node, operator.node),
            Self::In { attribute, negated, values, .. } => {
                let not = if *negated { "not " } else { "" };
                write!(f, "{} {not}in [{}]", attribute.node, all(values))
            }
            Self::Like { attribute, pattern } => write!(f, "{} like {}", attribute.node, quoted(pattern)),
            Self::Has { attribute, value } => write!(f, "{} has {}", attribute.node, quoted(value)),
            Self::Missing(attribute) => write!(f, "{} is missing", attribute.node),
            Self::Flag(attribute) => f.write_str(&attribute.node),
            Self::UnusedFor(days) => write!(f, "unused for {}d", days.node),
            Self::MembersOfRole(role) => write!(f, "members of role {}", quoted(role)),
            Self::HoldingApplication(application) => write!(f, "holding application {}", quoted(application)),
            Self::Holding(entitlement) => write!(f, "holding {entitlement}"),
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Condition], joint: &str) -> Result {
    for (index, part) in parts.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { joint })?;
        grouped(f, part)?;
    }
    Ok(())
}

/// A condition inside another, in parentheses where it has parts.
fn grouped(f: &mut Formatter<'_>, condition: &Condition) -> Result {
    match condition {
        Condition::All(_) | Condition::Any(_) => write!(f, "({condition})"),
        _ => condition.fmt(f),
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        })
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.value.fmt(f)
    }
}

impl Display for LiteralValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text(text) => Quoted(text).fmt(f),
            Self::Percent(points) => {
                let (whole, hundredths) = (points / 100, points % 100);
                match (hundredths, hundredths % 10) {
                    (0, _) => write!(f, "{whole}%"),
                    (_, 0) => write!(f, "{whole}.{}%", hundredths / 10),
                    _ => write!(f, "{whole}.{hundredths:02}%"),
                }
            }
            Self::Integer(number) => number.fmt(f),
            Self::Decimal(number) => f.write_str(number),
            Self::Days(days) => write!(f, "{days}d"),
            Self::Seconds(seconds) => write!(f, "{seconds}s"),
            Self::Date(date) => date.fmt(f),
            Self::Boolean(value) => value.fmt(f),
        }
    }
}
