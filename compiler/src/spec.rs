//! The checked spec: every name resolved against the schema, every number in its unit, every default filled in.
//!
//! Made by [`crate::check::check`] without any data. Entitlement *values* are still text here: only a snapshot knows which
//! exist, and [`crate::select`] turns them into ids.

mod condition;
mod describe;
mod duties;
mod percent;
mod strategy;

use adit_grammar::Span;
use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub(crate) use self::describe::readable;
pub use self::{
    condition::{Comparison, Condition, Number, Test},
    describe::{Describe, Pruning, TreeSettings},
    duties::{
        Access, Apart, ApartBy, Control, Duties, DutyHolder, DutyLevel, DutySide, Governance, RoleName, Sensitive,
        Within,
    },
    percent::Percent,
    strategy::{
        Attributes, AttributesOf, Cobweb, Cover, Deviation, Em, EntitlementOverlap, ExistingRoles, Hierarchy, Layers,
        NamedRole, RoleCount, Similarity, Strategy, Weights,
    },
};

/// A whole project's spec.
#[derive(Debug, Clone, Default)]
pub struct Spec {
    /// The digest of each file, by its path within the project; ascending by path.
    pub files: Vec<SpecFile>,
    /// The identity classes, in source order.
    pub classes: Vec<IdentityClass>,
    /// Pairs of classes (indices, smaller first) that no role may span; ascending.
    pub separated: Vec<(usize, usize)>,
    /// Entitlements that no role may have together, in source order.
    pub apart: Vec<Apart>,
    /// Conflicts: those of the spec ascending by name, then those of packs ascending by name.
    pub duties: Vec<Duties>,
    /// Access that needs its owner's approval or a control, ascending by name.
    pub sensitive: Vec<Sensitive>,
    /// The access by which roles are changed, ascending by name.
    pub governance: Vec<Governance>,
    /// Rule packs in use, ascending by name.
    pub packs: Vec<PackUse>,
    /// What is mined, ascending by name.
    pub minings: Vec<Mining>,
    /// Roles that people wrote, ascending by name.
    pub roles: Vec<DeclaredRole>,
    /// Waivers, ascending by id.
    pub waivers: Vec<Waiver>,
    /// Provisioning, ascending by the name of the mining block or role it is about.
    pub provisions: Vec<Provision>,
    /// Claims the build must meet, in source order.
    pub expectations: Vec<Expectation>,
}

/// A file of the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecFile {
    /// Its path within the project, `/` between names.
    pub path: String,
    /// The digest of its text with line ends normalised to `\n`.
    pub digest: Digest,
}

/// A class of identities.
#[derive(Debug, Clone)]
pub struct IdentityClass {
    /// Its name.
    pub name: String,
    /// Who belongs to it.
    pub condition: Condition,
    /// Whether it is people: the class is called `human`, or its condition says so.
    pub human: bool,
    /// Whether it is `break-glass`: never mined, never in a role.
    pub break_glass: bool,
    /// Whether it is `shared`.
    pub shared: bool,
    /// Where it is defined.
    pub span: Span,
}

/// `sap.tcode`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KindName {
    /// `sap`
    pub application: String,
    /// `tcode`
    pub attribute: String,
}

impl KindName {
    /// Whether it is the kind of that application and attribute.
    #[must_use]
    pub fn is(&self, [application, attribute]: [&str; 2]) -> bool {
        self.application == application && self.attribute == attribute
    }
}

/// `sap.tcode "F110"`, not yet looked up in any data.
#[derive(Debug, Clone)]
pub struct EntitlementName {
    /// `sap.tcode`
    pub kind: KindName,
    /// `F110`
    pub value: String,
    /// Where it was written.
    pub span: Span,
}

/// `use pack "aws-escalation" for aws.action`.
#[derive(Debug, Clone)]
pub struct PackUse {
    /// The pack: a name that [`crate::packs::find`] knows.
    pub name: String,
    /// The kind of entitlement its patterns speak of.
    pub target: KindName,
    /// Where.
    pub span: Span,
}

/// One `mining` block.
#[derive(Debug, Clone)]
pub struct Mining {
    /// Its name.
    pub name: String,
    /// Its title, or its name.
    pub title: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is written in.
    pub cites: Vec<String>,
    /// How often its roles are reviewed, in days.
    pub review_every: Option<u32>,
    /// What is in scope.
    pub scope: Scope,
    /// The kinds of entitlement that are mined; ascending.
    pub minable: Vec<KindName>,
    /// Attributes that shape clusters.
    pub guided_by: Vec<String>,
    /// Attributes that must not.
    pub never_by: Vec<String>,
    /// Entitlements held by fewer identities of the population are left out (0 or 1: none).
    pub ignore_fewer_than: u32,
    /// Entitlements held by more than this share of the population are left out.
    pub ignore_more_than: Option<Percent>,
    /// How clusters are found.
    pub strategy: Strategy,
    /// What is drawn at random from a seed that the spec does not say.
    pub unseeded: Unseeded,
    /// Where the lines are drawn.
    pub cutoff: Cutoff,
    /// How membership rules are found.
    pub describe: Option<Describe>,
    /// Where it is defined.
    pub span: Span,
}

/// What is drawn at random from a seed that the spec does not say: from the one that this version begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unseeded {
    /// Clusters.
    pub clusters: bool,
    /// The records that a decision tree learns from, or is pruned by.
    pub records: bool,
}

/// Who and what is mined.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Identities that are in; none means every identity of a class that may be mined.
    pub identities: Vec<IdentitySelection>,
    /// Identities that are out again.
    pub except_identities: Vec<IdentitySelection>,
    /// Entitlements that are in; none means all.
    pub entitlements: Vec<ScopeLine>,
    /// Entitlements that are out again.
    pub except_entitlements: Vec<ScopeLine>,
    /// Assignments that are out.
    pub except_assignments: Vec<ScopeLine>,
}

/// `include identities human where …`.
#[derive(Debug, Clone)]
pub struct IdentitySelection {
    /// Indices into [`Spec::classes`]; all classes when empty.
    pub classes: Vec<usize>,
    /// The condition and the reason.
    pub line: ScopeLine,
}

/// A condition of the scope and why it is there.
#[derive(Debug, Clone)]
pub struct ScopeLine {
    /// What it selects; [`Condition::Always`] without a `where`.
    pub condition: Condition,
    /// `because "…"`; an exclusion always has one.
    pub because: Option<String>,
    /// The source text of the line, blanks collapsed, for reports.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// Where the lines are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cutoff {
    /// `primary at least 80% of members`
    pub primary: Percent,
    /// `secondary at least 40% of members`; below it access stays individual. None: no child roles.
    pub secondary: Option<Percent>,
    /// `members at least 5`
    pub min_members: u32,
    /// `overlap at most 60%`: above it two clusters become one. None: never.
    pub max_overlap: Option<Percent>,
    /// `roles at most 40`
    pub max_roles: Option<u32>,
    /// `over-grant at most 2% because "…"`: the share of what a role grants that its members need not hold, and the reason.
    pub over_grant: Option<(Percent, String)>,
}

impl Cutoff {
    /// Whether it decides what roles grant: whatever anybody holds reaches a threshold of nothing.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.primary > Percent(0)
    }
}

/// A role that people wrote.
#[derive(Debug, Clone)]
pub struct DeclaredRole {
    /// Its name.
    pub name: String,
    /// Its title, or its name.
    pub title: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is written in.
    pub cites: Vec<String>,
    /// What it grants itself; no repeats.
    pub grants: Vec<EntitlementName>,
    /// Indices into [`Spec::roles`]; never a circle.
    pub inherits: Vec<usize>,
    /// Who gets it; nobody by rule when absent.
    pub condition: Option<Condition>,
    /// Where it is defined.
    pub span: Span,
}

/// A time-limited acceptance of findings.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// Its id.
    pub id: String,
    /// The rule, by name or code, as written; `rules` resolves it.
    pub rule: String,
    /// Where the rule is named.
    pub rule_span: Span,
    /// What a finding must be about: every entry must match. Kind (`duties`, `identity`, `role`, …) and name.
    pub on: Vec<(String, String)>,
    /// Why.
    pub because: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Who asked.
    pub requested: String,
    /// Who allowed it; neither the requester nor the beneficiary.
    pub approved_by: String,
    /// When.
    pub approved_on: Date,
    /// Last day it holds.
    pub expires: Date,
    /// Where it is defined.
    pub span: Span,
}

/// What may be emitted, once people approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// What it is about.
    pub of: Provisioned,
    /// Who asks for it, and so cannot approve.
    pub requested: Option<String>,
    /// How many of `approvers` must sign.
    pub needed: u32,
    /// Who may sign.
    pub approvers: Vec<String>,
    /// What happens when a holder stops meeting the rule.
    pub when_lost: WhenLost,
    /// What becomes of child roles.
    pub secondary: SecondaryFate,
    /// Targets.
    pub emit: Vec<Target>,
    /// Where it is defined.
    pub span: Span,
}

/// What a provision is about: an index into the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provisioned {
    /// All roles of a mining block.
    Mining(usize),
    /// A declared role.
    Role(usize),
}

/// What happens when a holder stops meeting the membership rule (OIA's on-change options).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum WhenLost {
    /// Nothing.
    Keep,
    /// The role is removed at once. The default.
    Remove,
    /// The role is removed later.
    RemoveAfter {
        /// How much later.
        days: u32,
    },
    /// Someone is told.
    Notify {
        /// Who.
        whom: String,
    },
}

/// What becomes of secondary (child) roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum SecondaryFate {
    /// They are emitted like primary roles. The default.
    Keep,
    /// They are emitted with an end.
    KeepUntil {
        /// The last day.
        date: Date,
    },
    /// They are not emitted.
    Remove,
}

/// A target of emission. `provisioning.json` is always written; a further target that this version cannot emit never gets here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The canonical document, `provisioning.json`.
    Json,
}

/// A claim.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// In words.
    pub title: String,
    /// The attribute values of the identity it is about: attribute and text form.
    pub given: Vec<(String, String)>,
    /// What must hold.
    pub then: Vec<(Claim, EntitlementName)>,
    /// Where it is defined.
    pub span: Span,
}

/// What an expectation says about an entitlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// No role whose rule takes in the given identity grants it.
    NoRoleGrants,
    /// Some role whose rule takes in the given identity grants it.
    SomeRoleGrants,
}
