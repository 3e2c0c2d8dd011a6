//! Conditions over identities, entitlements and assignments, and the values in them.

use jiff::civil::Date;

use super::{EntitlementRef, Ignored, Text};
use crate::{Span, Spanned};

/// A condition over identities, entitlements or assignments.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `a and b and c`
    All(Vec<Condition>),
    /// `a or b or c`
    Any(Vec<Condition>),
    /// `not a`
    Not(Box<Condition>, Ignored<Span>),
    /// `department == "Finance"`
    Compare {
        /// The attribute.
        attribute: Text,
        /// The operator.
        operator: Spanned<Operator>,
        /// The other side.
        value: Literal,
    },
    /// `kind in ["employee", "contractor"]`, or `not in`
    In {
        /// The attribute.
        attribute: Text,
        /// `not in`
        negated: bool,
        /// The values.
        values: Vec<Literal>,
        /// The whole test.
        span: Ignored<Span>,
    },
    /// `id like "bg-*"`
    Like {
        /// The attribute.
        attribute: Text,
        /// The glob: `*` and `?` only.
        pattern: Text,
    },
    /// `tags has "shared"`
    Has {
        /// The list attribute.
        attribute: Text,
        /// The value it holds.
        value: Text,
    },
    /// `attribute is missing`
    Missing(Text),
    /// A bare attribute, true when it is: `privileged`, `exception`.
    Flag(Text),
    /// `unused for 90d`, in days.
    UnusedFor(Spanned<u32>),
    /// `members of role "X"`
    MembersOfRole(Text),
    /// `holding application "sap"`
    HoldingApplication(Text),
    /// `holding sap.tcode "F110"`
    Holding(EntitlementRef),
}

impl Condition {
    /// The place of the whole condition.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::All(parts) | Self::Any(parts) => match (parts.first(), parts.last()) {
                (Some(first), Some(last)) => first.span().to(last.span()),
                _ => Span::default(),
            },
            Self::Not(_, span) => **span,
            Self::Compare { attribute, value, .. } => attribute.span.to(*value.span),
            Self::In { span, .. } => **span,
            Self::Like { attribute, pattern } => attribute.span.to(pattern.span),
            Self::Has { attribute, value } => attribute.span.to(value.span),
            Self::Missing(name) | Self::Flag(name) | Self::MembersOfRole(name) | Self::HoldingApplication(name) => {
                name.span
            }
            Self::UnusedFor(days) => days.span,
            Self::Holding(entitlement) => entitlement.span(),
        }
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// A value with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// The value.
    pub value: LiteralValue,
    /// Where.
    pub span: Ignored<Span>,
}

/// The kinds of value the language has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralValue {
    /// `"text"`, unescaped.
    Text(String),
    /// `80%`, in basis points; at most 100% is the compiler's to check.
    Percent(u32),
    /// `7`, `-2`
    Integer(i64),
    /// `0.8`: kept as written; allowed only where a strategy is numeric by nature.
    Decimal(String),
    /// `90d` or `12w`, in days.
    Days(u32),
    /// `60s`: a time budget, in seconds.
    Seconds(u32),
    /// `2026-09-30`
    Date(Date),
    /// `true`, `false`
    Boolean(bool),
}
