//! Conditions as data: the shape in which provisioning rules carry them to other systems.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::spec::{Comparison, Condition, KindName, Number, Test};

/// A condition on an identity, as JSON: an object with one key that says what it is.
///
/// A missing value meets only `missing`. `all` of nothing is everyone, `any` of nothing is nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionDocument {
    /// Meets all of them.
    All(Vec<ConditionDocument>),
    /// Meets any of them.
    Any(Vec<ConditionDocument>),
    /// Does not meet it.
    Not(Box<ConditionDocument>),
    /// An attribute is one of these texts.
    In {
        /// Which.
        attribute: String,
        /// The texts, ascending.
        values: Vec<String>,
    },
    /// An attribute has the shape of a glob: `*` is any run of characters, `?` any one.
    Like {
        /// Which.
        attribute: String,
        /// The glob.
        pattern: String,
    },
    /// A list attribute holds a text.
    Has {
        /// Which.
        attribute: String,
        /// The text.
        value: String,
    },
    /// A flag is set.
    True {
        /// Which.
        attribute: String,
    },
    /// An attribute has no value.
    Missing {
        /// Which.
        attribute: String,
    },
    /// A date or a whole number compares so.
    Compare {
        /// Which attribute.
        attribute: String,
        /// How.
        order: OrderDocument,
        /// With what.
        with: NumberDocument,
    },
    /// Nothing was used on any of the last so many days.
    UnusedFor {
        /// How many.
        days: u32,
    },
    /// Holds an existing role, directly or through another.
    MemberOfRole {
        /// Its id or name.
        role: String,
    },
    /// Holds anything of an application.
    HoldingApplication {
        /// Which.
        application: String,
    },
    /// Holds an entitlement.
    Holding {
        /// Its kind.
        kind: KindName,
        /// Its value.
        value: String,
    },
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderDocument {
    /// `==`
    #[serde(rename = "==")]
    Equal,
    /// `<`
    #[serde(rename = "<")]
    Less,
    /// `<=`
    #[serde(rename = "<=")]
    AtMost,
    /// `>`
    #[serde(rename = ">")]
    Greater,
    /// `>=`
    #[serde(rename = ">=")]
    AtLeast,
}

/// A date (text) or a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NumberDocument {
    /// A whole number.
    Integer(i64),
    /// A date.
    Date(Date),
}

impl From<&Condition> for ConditionDocument {
    fn from(condition: &Condition) -> Self {
        let all = |parts: &[Condition]| parts.iter().map(Self::from).collect();
        match condition {
            Condition::Always => Self::All(Vec::new()),
            Condition::All(parts) => Self::All(all(parts)),
            Condition::Any(parts) => Self::Any(all(parts)),
            Condition::Not(part) => Self::Not(Box::new(Self::from(part.as_ref()))),
            Condition::Test { attribute, test, .. } => Self::test(attribute.clone(), test),
            Condition::UnusedFor { days, .. } => Self::UnusedFor { days: *days },
            Condition::MembersOfRole { role, .. } => Self::MemberOfRole { role: role.clone() },
            Condition::HoldingApplication { application, .. } => {
                Self::HoldingApplication { application: application.clone() }
            }
            Condition::Holding(name) => Self::Holding { kind: name.kind.clone(), value: name.value.clone() },
        }
    }
}

impl ConditionDocument {
    fn test(attribute: String, test: &Test) -> Self {
        match test {
            Test::In(values) => Self::In { attribute, values: values.clone() },
            Test::Like(pattern) => Self::Like { attribute, pattern: pattern.clone() },
            Test::Has(value) => Self::Has { attribute, value: value.clone() },
            Test::True => Self::True { attribute },
            Test::Missing => Self::Missing { attribute },
            Test::Compare(comparison, number) => Self::Compare {
                attribute,
                order: match comparison {
                    Comparison::Equal => OrderDocument::Equal,
                    Comparison::Less => OrderDocument::Less,
                    Comparison::AtMost => OrderDocument::AtMost,
                    Comparison::Greater => OrderDocument::Greater,
                    Comparison::AtLeast => OrderDocument::AtLeast,
                },
                with: match number {
                    Number::Integer(number) => NumberDocument::Integer(*number),
                    Number::Date(date) => NumberDocument::Date(*date),
                },
            },
        }
    }
}

impl Condition {
    /// All of these, without what says nothing and without needless nesting.
    #[must_use]
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Always => {}
                Self::All(parts) => flat.extend(parts),
                part => flat.push(part),
            }
        }
        match flat.len() {
            0 => Self::Always,
            1 => flat.pop().unwrap_or(Self::Always),
            _ => Self::All(flat),
        }
    }

    /// Any of these, without needless nesting.
    #[must_use]
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Always => return Self::Always,
                Self::Any(parts) => flat.extend(parts),
                part => flat.push(part),
            }
        }
        match flat.len() {
            1 => flat.pop().unwrap_or(Self::Always),
            _ => Self::Any(flat),
        }
    }
}
