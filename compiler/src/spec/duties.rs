//! Duties, and the other claims about who may have what together.

use adit_grammar::Span;
use serde::{Deserialize, Serialize};

use super::{Condition, EntitlementName};
pub use adit_grammar::ast::Control;

/// A set of duties of which one holder may have only so many: entitlements, activities of the business, or roles that exclude each other.
#[derive(Debug, Clone)]
pub struct Duties {
    /// Its name.
    pub name: String,
    /// Its title, or its name.
    pub title: String,
    /// The duties.
    pub sides: Vec<DutySide>,
    /// How many of them one holder may have; less than the number of sides.
    pub at_most: u32,
    /// Whose duties are counted together.
    pub per: DutyHolder,
    /// The attribute of entitlements whose values are apart: duties meet only where they have the same value.
    pub within: Option<Within>,
    /// Duties that these, which are of roles only, are to enforce: indices into [`Spec::duties`], ascending.
    pub enforces: Vec<usize>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is written in.
    pub cites: Vec<String>,
    /// How bad it is.
    pub level: DutyLevel,
    /// Whether its findings may be waived.
    pub waivable: bool,
    /// The pack it comes from: then its entitlements are what the pack's values stand for, and those that are not in the data are none.
    pub pack: Option<String>,
    /// Where it is defined.
    pub span: Span,
}

/// One duty: having any of this access is having it.
#[derive(Debug, Clone)]
pub struct DutySide {
    /// Its name.
    pub name: String,
    /// The access; not empty.
    pub access: Access,
}

/// Some access, of which any one counts.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Entitlements by name; no repeats.
    pub entitlements: Vec<EntitlementName>,
    /// Every entitlement that meets one of these.
    pub conditions: Vec<Condition>,
    /// Roles; no repeats.
    pub roles: Vec<RoleName>,
}

/// A role as a spec names it.
#[derive(Debug, Clone)]
pub struct RoleName {
    /// The name, the id or, of a candidate role, the handle.
    pub name: String,
    /// Whether it is a role of the spec; any role of the data otherwise.
    pub declared: bool,
    /// Where it was written.
    pub span: Span,
}

/// Whose duties are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DutyHolder {
    /// Everything one identity has and would have.
    Identity,
    /// Everything one account holds: a person may have several, and use each for another duty.
    Account,
    /// Everything one role grants.
    Role,
    /// Everything that is active at once (dynamic separation of duty). A snapshot cannot tell, except of one role alone.
    Session,
}

/// `within same company-code`
#[derive(Debug, Clone)]
pub struct Within {
    /// The attribute of entitlements, a text or a list.
    pub attribute: String,
    /// Where it was written.
    pub span: Span,
}

/// `separate entitlements …`
#[derive(Debug, Clone)]
pub struct Apart {
    /// What it is called in reports: `environment`, or the conditions.
    pub name: String,
    /// What is apart from what.
    pub by: ApartBy,
    /// Where it was written.
    pub span: Span,
}

/// What keeps entitlements apart.
#[derive(Debug, Clone)]
pub enum ApartBy {
    /// Different values of this attribute, a text or a list.
    Attribute(String),
    /// Those that meet the one, and those that meet the other.
    Conditions(Box<(Condition, Condition)>),
}

/// Access that needs its owner's approval or a control.
#[derive(Debug, Clone)]
pub struct Sensitive {
    /// Its name.
    pub name: String,
    /// Its title, or its name.
    pub title: String,
    /// The entitlements; it names no roles.
    pub access: Access,
    /// Who approves.
    pub owner: String,
    /// What makes it bearable, whoever has it.
    pub mitigated: Option<String>,
    /// What it is written in.
    pub cites: Vec<String>,
    /// Where it is defined.
    pub span: Span,
}

/// The access by which roles are changed.
#[derive(Debug, Clone)]
pub struct Governance {
    /// Its name.
    pub name: String,
    /// Its title, or its name.
    pub title: String,
    /// The roles; every role and group when empty.
    pub of: Vec<RoleName>,
    /// What of them is changed by which entitlements; not empty, and no roles.
    pub controls: Vec<(Control, Access)>,
    /// What it is written in.
    pub cites: Vec<String>,
    /// Where it is defined.
    pub span: Span,
}

/// How bad a conflict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DutyLevel {
    /// `level warning`
    Warning,
    /// `level error`, the default.
    Error,
}

impl Access {
    /// Both.
    pub(crate) fn join(&mut self, other: Self) {
        self.entitlements.extend(other.entitlements);
        self.conditions.extend(other.conditions);
        self.roles.extend(other.roles);
    }

    /// Whether nothing could ever be this access.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entitlements.is_empty() && self.conditions.is_empty() && self.roles.is_empty()
    }
}
