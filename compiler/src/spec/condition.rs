//! Checked conditions.

use adit_grammar::Span;
use adit_snapshots::AttributeType;
use jiff::civil::Date;

use super::EntitlementName;

/// A checked condition: attributes exist in the schema, types fit.
#[derive(Debug, Clone)]
pub enum Condition {
    /// True.
    Always,
    /// All of them; empty is true.
    All(Vec<Condition>),
    /// Any of them; empty is false.
    Any(Vec<Condition>),
    /// Not that.
    Not(Box<Condition>),
    /// A test of one attribute.
    Test {
        /// The attribute: of an identity, an entitlement or an assignment, as the place demands. `id` is always there; an
        /// entitlement also has `application`, `attribute` and `value`; an assignment has `origin`, `exception`, `inherited`,
        /// `granted-at`, `expires-at`.
        attribute: String,
        /// Its type in the schema.
        kind: AttributeType,
        /// The test.
        test: Test,
        /// Where.
        span: Span,
    },
    /// Not used, within the snapshot's window, on any of the last so many days before its extraction.
    UnusedFor {
        /// How many.
        days: u32,
        /// Where.
        span: Span,
    },
    /// Members of an existing role, by id or name.
    MembersOfRole {
        /// Which.
        role: String,
        /// Where.
        span: Span,
    },
    /// Holds anything of an application.
    HoldingApplication {
        /// Which.
        application: String,
        /// Where.
        span: Span,
    },
    /// Holds an entitlement.
    Holding(EntitlementName),
}

/// A test of one attribute's value. A missing value meets only [`Test::Missing`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One of these texts (sorted, distinct).
    In(Vec<String>),
    /// A glob with `*` and `?`.
    Like(String),
    /// The list holds this text.
    Has(String),
    /// The flag is set.
    True,
    /// No value at all.
    Missing,
    /// A date or a whole number, compared.
    Compare(Comparison, Number),
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// What can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// A date.
    Date(Date),
    /// A whole number.
    Integer(i64),
}
