//! `mining` blocks: scope, settings, cut-off and description.

use super::{Condition, EntitlementKind, Ignored, Literal, Text};
use crate::{Span, Spanned};

/// `mining NAME { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mining {
    /// Its name.
    pub name: Text,
    /// `title "…"`
    pub title: Option<Text>,
    /// `owner "…"`
    pub owner: Option<Text>,
    /// `cites "…", "…"`
    pub cites: Vec<Text>,
    /// `review every 90d`, in days.
    pub review_every: Option<Spanned<u32>>,
    /// `from role "X"`: entitlements discovery on existing roles.
    pub from_roles: Vec<Text>,
    /// `from every role`: the same on all of them.
    pub from_every_role: Option<Ignored<Span>>,
    /// `scope { … }`
    pub scope: Option<Spanned<Vec<ScopeRule>>>,
    /// `mine { … }`
    pub mine: Option<Spanned<Vec<MineStatement>>>,
    /// `cutoff { … }`
    pub cutoff: Option<Spanned<Vec<Setting>>>,
    /// `describe by … { … }`
    pub describe: Option<Describe>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// One line of a scope.
#[derive(Debug, Clone, PartialEq)]
pub struct ScopeRule {
    /// `include` or `exclude`
    pub action: Spanned<ScopeAction>,
    /// What it selects.
    pub selection: Selection,
    /// `because "…"`
    pub because: Option<Text>,
    /// The whole line.
    pub span: Ignored<Span>,
}

/// Whether a scope line adds or removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeAction {
    /// `include`
    Include,
    /// `exclude`
    Exclude,
}

/// What a scope line selects.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// `identities human, service where …`; no class means every class.
    Identities {
        /// The classes named.
        classes: Vec<Text>,
        /// The condition, if any.
        condition: Option<Condition>,
    },
    /// `entitlements where …`
    Entitlements {
        /// The condition, if any.
        condition: Option<Condition>,
    },
    /// `assignments where …`
    Assignments {
        /// The condition, if any.
        condition: Option<Condition>,
    },
}

/// One line of `mine { … }`.
#[derive(Debug, Clone, PartialEq)]
pub enum MineStatement {
    /// `minable sap.tcode, sap.profile`
    Minable(Vec<EntitlementKind>),
    /// `guided by department, title`
    GuidedBy(Vec<Text>),
    /// `never by manager`
    NeverBy(Vec<Text>),
    /// `ignore entitlements held by fewer than 3 identities`
    IgnoreFewerThan(Spanned<u32>),
    /// `ignore entitlements held by more than 95% of identities`
    IgnoreMoreThan(Literal),
    /// `cluster using NAME { … }`
    ClusterUsing(ClusterUsing),
}

/// `cluster using em { roles auto, at most 40; seed 7 }`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterUsing {
    /// The strategy's name, as written.
    pub strategy: Text,
    /// Its settings, as written.
    pub settings: Vec<Setting>,
    /// The whole statement.
    pub span: Ignored<Span>,
}

/// One setting of a strategy, a cut-off or a description: a sentence of words and values such as
/// `primary at least 80% of members` or `roles auto, at most 40`. The compiler gives it meaning, so that it can
/// also say what was expected there.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Words, values and commas, in order. Never empty, and the first is a word.
    pub parts: Vec<SettingPart>,
    /// `because "…"`
    pub because: Option<Text>,
    /// The whole sentence.
    pub span: Ignored<Span>,
}

/// One token of a [`Setting`].
#[derive(Debug, Clone, PartialEq)]
pub enum SettingPart {
    /// A bare word: `roles`, `auto`, `at`, `least`.
    Word(Text),
    /// A value: `80%`, `7`, `"x"`.
    Value(Literal),
    /// `,`
    Comma(Ignored<Span>),
}

/// `describe by department, title { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Describe {
    /// The attributes rules may speak of.
    pub by: Vec<Text>,
    /// Its settings, as written.
    pub settings: Vec<Setting>,
    /// The whole block.
    pub span: Ignored<Span>,
}
