//! `duties`, `sensitive` and `governance`: what must not meet, what needs its owner, and what changes roles.

use super::{Access, Ignored, RoleRef, Text};
use crate::{Span, Spanned};

/// `duties NAME "title" { … }`: a k-of-n conflict, of entitlements, activities or roles.
#[derive(Debug, Clone, PartialEq)]
pub struct Duties {
    /// Its name.
    pub name: Text,
    /// Its title.
    pub title: Option<Text>,
    /// `create-vendor = [ … ]`, in source order.
    pub sides: Vec<DutySide>,
    /// `at most 1 of a, b, c per identity`
    pub limit: Option<DutyLimit>,
    /// `enforces maker-checker`
    pub enforces: Vec<Text>,
    /// `owner "…"`
    pub owner: Option<Text>,
    /// `cites "…"`
    pub cites: Vec<Text>,
    /// `level error`
    pub level: Option<Text>,
    /// `never waived`
    pub never_waived: Option<Spanned<()>>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// One duty: `post-invoice = [ sap.tcode "FB60" ]` or `run-payment = payment-release`.
#[derive(Debug, Clone, PartialEq)]
pub struct DutySide {
    /// The duty's name.
    pub name: Text,
    /// Any one of these is the duty.
    pub access: Access,
}

/// `at most 1 of a, b, c per identity within same company-code`.
#[derive(Debug, Clone, PartialEq)]
pub struct DutyLimit {
    /// How many of them one holder may have.
    pub at_most: Spanned<u32>,
    /// Which duties.
    pub of: Vec<Text>,
    /// Per `identity`, `role`, `session` (or, parsed and not built yet, another holder).
    pub per: Text,
    /// `within same company-code`: an attribute of entitlements.
    pub within: Option<Text>,
    /// The whole statement.
    pub span: Ignored<Span>,
}

/// `sensitive NAME "title" { … }`: access that needs its owner's approval or a control.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitive {
    /// Its name.
    pub name: Text,
    /// Its title.
    pub title: Option<Text>,
    /// `access sap.tcode "F110"`
    pub access: Vec<Access>,
    /// `owner "…"`: who approves.
    pub owner: Option<Text>,
    /// `mitigated "…"`: what makes it bearable, whoever has it.
    pub mitigated: Option<Text>,
    /// `cites "…"`
    pub cites: Vec<Text>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// `governance NAME "title" { … }`: the access by which roles are changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Governance {
    /// Its name.
    pub name: Text,
    /// Its title.
    pub title: Option<Text>,
    /// `of role ap-clerk`; every role and group when nothing is said.
    pub of: Vec<RoleRef>,
    /// `membership iga.right "assign"`, in source order.
    pub controls: Vec<(Spanned<Control>, Access)>,
    /// `cites "…"`
    pub cites: Vec<Text>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// What of a role can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Control {
    /// Who has it.
    Membership,
    /// Who gets it by rule, and what it grants.
    Rule,
    /// Who approves it.
    Approval,
    /// What is recorded of it.
    Log,
}

impl Control {
    /// All of them, by the word that begins their statement.
    pub const WORDS: [(&'static str, Self); 4] =
        [("membership", Self::Membership), ("rule", Self::Rule), ("approval", Self::Approval), ("log", Self::Log)];

    /// The word that begins its statement.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, control)| *control == self).map_or("", |(word, _)| word)
    }
}
