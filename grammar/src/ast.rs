//! The syntax tree: what a file says, where it says it, and nothing of what it means.
//!
//! Names are not resolved, numbers keep their unit, and settings of strategies are kept as written:
//! meaning is the compiler's. Equality of trees ignores spans and comments, so `a == b` asks whether two
//! texts say the same.

mod condition;
mod duties;
mod mining;

use jiff::civil::Date;

pub use self::{
    condition::{Condition, Literal, LiteralValue, Operator},
    duties::{Control, Duties, DutyLimit, DutySide, Governance, Sensitive},
    mining::{ClusterUsing, Describe, MineStatement, Mining, ScopeAction, ScopeRule, Selection, Setting, SettingPart},
};
use crate::{Span, Spanned};

/// A name or a text with its place.
pub type Text = Spanned<String>;

/// One `.adit` file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// `edition 2026`, mandatory and first.
    pub edition: Option<Spanned<u32>>,
    /// Everything else, in source order.
    pub items: Vec<Item>,
    /// Every `//` comment, in source order, its text without the slashes and without trailing blanks.
    pub comments: Vec<Text>,
}

impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        self.edition == other.edition && self.items == other.items
    }
}

/// A top-level item.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `use "common/duties.adit"`
    Use(Use),
    /// `use pack "aws-escalation" for aws.action`
    UsePack(UsePack),
    /// `identities { … }`
    Identities(Identities),
    /// `separate human from service, agent` or `separate break-glass from everything`
    Separate(Separate),
    /// `separate entitlements by environment`
    Apart(Apart),
    /// `set payment-release = [ … ]`
    Set(Set),
    /// `activity create-vendor "Creates vendors" = [ … ]`
    Activity(Activity),
    /// `mining NAME { … }`
    Mining(Box<Mining>),
    /// `role NAME "title" { … }`: a role people wrote, not mined
    Role(Box<Role>),
    /// `duties NAME "title" { … }`
    Duties(Box<Duties>),
    /// `sensitive NAME "title" { … }`
    Sensitive(Box<Sensitive>),
    /// `governance NAME "title" { … }`
    Governance(Box<Governance>),
    /// `waiver ID { … }`
    Waiver(Box<Waiver>),
    /// `provision MINING-OR-ROLE { … }`
    Provision(Box<Provision>),
    /// `expect "…" { given … then … }`
    Expect(Box<Expect>),
}

/// `use "path"`: the items of another file of the project.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// Relative to the file that says it.
    pub path: Text,
    /// The whole statement.
    pub span: Ignored<Span>,
}

/// `use pack "name" for application.attribute`: conflicts that ship with the tool.
#[derive(Debug, Clone, PartialEq)]
pub struct UsePack {
    /// The pack's name.
    pub name: Text,
    /// Where the project keeps the entitlements the pack speaks of.
    pub target: Option<EntitlementKind>,
    /// The whole statement.
    pub span: Ignored<Span>,
}

/// `identities { CLASS where CONDITION … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Identities {
    /// The classes, in source order.
    pub classes: Vec<IdentityClass>,
    /// The whole block.
    pub span: Ignored<Span>,
}

/// One identity class: `human where kind in ["employee"]`.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityClass {
    /// `human`, `service`, `break-glass`, …
    pub name: Text,
    /// Who belongs to it.
    pub condition: Condition,
}

/// `separate A from B, C`.
#[derive(Debug, Clone, PartialEq)]
pub struct Separate {
    /// The class set apart.
    pub class: Text,
    /// From which.
    pub from: SeparateFrom,
    /// The whole statement.
    pub span: Ignored<Span>,
}

/// The other side of `separate`.
#[derive(Debug, Clone, PartialEq)]
pub enum SeparateFrom {
    /// `everything`
    Everything,
    /// Named classes.
    Classes(Vec<Text>),
}

/// `separate entitlements …`: what no role may have together.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// What is apart from what.
    pub by: ApartBy,
    /// The whole statement.
    pub span: Ignored<Span>,
}

/// What keeps entitlements apart.
#[derive(Debug, Clone, PartialEq)]
pub enum ApartBy {
    /// `by environment, tenant`: different values of each of these.
    Attributes(Vec<Text>),
    /// `where tier == "0" from entitlements where tier == "1"`
    Conditions(Box<(Condition, Condition)>),
}

/// `set NAME = [ … ]` or `set NAME = entitlements where …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Its name.
    pub name: Text,
    /// Its entitlements; those that are listed are [`Member::Entitlement`]s.
    pub access: Access,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// `activity NAME "title" = [ … ]`: what people do in the business, and which access it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its name.
    pub name: Text,
    /// Its title.
    pub title: Option<Text>,
    /// Having any of this is being able to do it.
    pub access: Access,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// Some access, of which any one counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// `[ sap.tcode "F110", payment-release, role "SAP_FI_CLERK" ]`
    Members(Vec<Member>),
    /// `entitlements where critical`
    Where(Condition),
}

/// One of some access.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// `payment-release`, a set or an activity.
    Set(Text),
    /// `sap.tcode "F110"`
    Entitlement(EntitlementRef),
    /// `role ap-clerk` or `role "SAP_FI_CLERK"`
    Role(RoleRef),
}

/// A role, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleRef {
    /// Its name.
    pub name: Text,
    /// Whether the name was written in quotes: then it is one that the data may have, else one of the spec.
    pub quoted: bool,
}

/// `application.attribute`, a kind of entitlement: `sap.tcode`.
#[derive(Debug, Clone, PartialEq)]
pub struct EntitlementKind {
    /// `sap`
    pub application: Text,
    /// `tcode`
    pub attribute: Text,
}

/// One entitlement, `sap.tcode "F110"`.
#[derive(Debug, Clone, PartialEq)]
pub struct EntitlementRef {
    /// `sap.tcode`
    pub kind: EntitlementKind,
    /// `"F110"`
    pub value: Text,
}

/// `role NAME "title" { … }`: a role that people wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its name.
    pub name: Text,
    /// Its title.
    pub title: Option<Text>,
    /// `owner "…"`
    pub owner: Option<Text>,
    /// `cites "…"`
    pub cites: Vec<Text>,
    /// `grants sap.tcode "F110", payment-release`
    pub grants: Vec<Member>,
    /// `inherits other-role`
    pub inherits: Vec<Text>,
    /// `where …`: who gets it.
    pub condition: Option<Condition>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// `waiver ID { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiver {
    /// `W-012`
    pub id: Text,
    /// `rule toxic-combination`, a rule's name or code.
    pub rule: Option<Text>,
    /// `on duties vendor-master, identity "u-4711"`
    pub on: Vec<WaiverSubject>,
    /// `because "…"`
    pub because: Option<Text>,
    /// `owner "…"`
    pub owner: Option<Text>,
    /// `requested "…"`
    pub requested: Option<Text>,
    /// `approved "…" on 2026-03-01`
    pub approved: Option<WaiverApproval>,
    /// `expires 2026-09-30`
    pub expires: Option<Spanned<Date>>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// One condition a finding must meet to be waived: a kind of subject and its name.
#[derive(Debug, Clone, PartialEq)]
pub struct WaiverSubject {
    /// `duties`, `identity`, `role`, `entitlement`, `group`, `source`, `mining`, `account`, …
    pub kind: Text,
    /// The bare name or the text.
    pub name: Text,
    /// Whether the name was written in quotes.
    pub quoted: bool,
}

/// `approved "ciso@acme.example" on 2026-03-01`.
#[derive(Debug, Clone, PartialEq)]
pub struct WaiverApproval {
    /// Who.
    pub by: Text,
    /// When.
    pub on: Option<Spanned<Date>>,
}

/// `provision MINING { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Provision {
    /// The mining block or the role it is about.
    pub name: Text,
    /// `requested "…"`: who asks for these roles and so cannot approve them.
    pub requested: Option<Text>,
    /// `approval 2 of "a", "b"`
    pub approval: Option<Approval>,
    /// `when lost remove after 7d`
    pub when_lost: Option<Spanned<WhenLost>>,
    /// `emit cedar, scim`
    pub emit: Vec<Text>,
    /// `secondary keep until 2026-12-31` or `secondary remove`
    pub secondary: Option<Spanned<SecondaryFate>>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// `approval 2 of "alice", "bob"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// How many must sign.
    pub needed: Spanned<u32>,
    /// Who may.
    pub of: Vec<Text>,
    /// The whole statement.
    pub span: Ignored<Span>,
}

/// What happens when a holder stops meeting the membership rule.
#[derive(Debug, Clone, PartialEq)]
pub enum WhenLost {
    /// `keep`
    Keep,
    /// `remove`
    Remove,
    /// `remove after 7d`, in days
    RemoveAfter(u32),
    /// `notify "owner"`
    Notify(Text),
}

/// What becomes of secondary (child) roles: `secondary keep until 2026-12-31` or `secondary remove`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondaryFate {
    /// `secondary keep until DATE`
    KeepUntil(Date),
    /// `secondary remove`
    Remove,
}

/// `expect "…" { given … then … }`: a claim the build must meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// What is claimed, in words.
    pub title: Text,
    /// `given identity { department "AP" }`: attribute and value.
    pub given: Vec<(Text, Literal)>,
    /// `then …`, all of which must hold.
    pub then: Vec<Outcome>,
    /// The whole item.
    pub span: Ignored<Span>,
}

/// One `then` of an expectation.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// `no role grants sap.tcode "F110"`
    NoRoleGrants(EntitlementRef),
    /// `some role grants sap.tcode "FB03"`
    SomeRoleGrants(EntitlementRef),
}

/// A part of the tree that equality ignores: places.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ignored<T>(pub T);

impl<T> PartialEq for Ignored<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Ignored<T> {}

impl<T> std::ops::Deref for Ignored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl Item {
    /// The whole item's place.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Use(item) => *item.span,
            Self::UsePack(item) => *item.span,
            Self::Identities(item) => *item.span,
            Self::Separate(item) => *item.span,
            Self::Apart(item) => *item.span,
            Self::Set(item) => *item.span,
            Self::Activity(item) => *item.span,
            Self::Mining(item) => *item.span,
            Self::Role(item) => *item.span,
            Self::Duties(item) => *item.span,
            Self::Sensitive(item) => *item.span,
            Self::Governance(item) => *item.span,
            Self::Waiver(item) => *item.span,
            Self::Provision(item) => *item.span,
            Self::Expect(item) => *item.span,
        }
    }
}

impl EntitlementKind {
    /// From the application to the attribute.
    #[must_use]
    pub fn span(&self) -> Span {
        self.application.span.to(self.attribute.span)
    }
}

impl EntitlementRef {
    /// From the application to the value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.kind.span().to(self.value.span)
    }
}
