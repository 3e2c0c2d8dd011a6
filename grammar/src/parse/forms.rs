//! Which statements each block has, by their first word, with an example of each.

use super::{Rule, expected::closest};

/// A place statements stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    File,
    Identities,
    Mining,
    Scope,
    Mine,
    Settings,
    Role,
    Duties,
    Sensitive,
    Governance,
    Waiver,
    Provision,
    Expect,
    Given,
}

/// One kind of statement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// Its first word.
    pub(crate) word: &'static str,
    /// How it is read.
    pub(crate) rule: Rule,
    /// What follows it.
    pub(crate) body: Body,
    /// Whether a block has at most one.
    pub(crate) once: bool,
    /// What it looks like.
    pub(crate) example: &'static str,
}

/// Whether a statement has a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    Block(Context),
    /// A block that may be left out.
    Maybe(Context),
}

const fn form(word: &'static str, rule: Rule, body: Body, once: bool, example: &'static str) -> Form {
    Form { word, rule, body, once, example }
}

const ONCE: bool = true;
const OFTEN: bool = false;

const FILE: &[Form] = &[
    form("edition", Rule::edition, Body::None, ONCE, "edition 2026"),
    form("use", Rule::use_item, Body::None, OFTEN, "use \"common/duties.adit\""),
    form(
        "identities",
        Rule::identities,
        Body::Block(Context::Identities),
        OFTEN,
        "identities { human where kind == \"employee\" }",
    ),
    form("separate", Rule::separate, Body::None, OFTEN, "separate human from service, agent"),
    form("set", Rule::set, Body::None, OFTEN, "set payment-release = [ sap.tcode \"F110\" ]"),
    form(
        "activity",
        Rule::activity,
        Body::None,
        OFTEN,
        "activity create-vendor \"Creates vendors\" = [ sap.tcode \"XK01\" ]",
    ),
    form("mining", Rule::mining, Body::Block(Context::Mining), OFTEN, "mining finance-analysts { … }"),
    form("role", Rule::role, Body::Block(Context::Role), OFTEN, "role ap-clerk \"Accounts payable clerk\" { … }"),
    form(
        "duties",
        Rule::duties,
        Body::Block(Context::Duties),
        OFTEN,
        "duties maker-checker \"Nobody pays alone\" { … }",
    ),
    form("sensitive", Rule::sensitive, Body::Block(Context::Sensitive), OFTEN, "sensitive payment-run { … }"),
    form("governance", Rule::governance, Body::Block(Context::Governance), OFTEN, "governance access-desk { … }"),
    form("waiver", Rule::waiver, Body::Block(Context::Waiver), OFTEN, "waiver W-012 { … }"),
    form("provision", Rule::provision, Body::Block(Context::Provision), OFTEN, "provision finance-analysts { … }"),
    form("expect", Rule::expect, Body::Block(Context::Expect), OFTEN, "expect \"a clerk never pays\" { … }"),
];

const TITLE: Form = form("title", Rule::title, Body::None, ONCE, "title \"Finance analysts, read-only\"");
const OWNER: Form = form("owner", Rule::owner, Body::None, ONCE, "owner \"iam-governance@acme.example\"");
const CITES: Form = form("cites", Rule::cites, Body::None, OFTEN, "cites \"IAM-014 §3.2\", \"SOX ITGC AC-5\"");
const REQUESTED: Form = form("requested", Rule::requested, Body::None, ONCE, "requested \"ap-lead@acme.example\"");

const MINING: &[Form] = &[
    TITLE,
    OWNER,
    CITES,
    form("review", Rule::review, Body::None, ONCE, "review every 90d"),
    form("from", Rule::from_role, Body::None, OFTEN, "from role \"SAP_FI_CLERK\""),
    form("scope", Rule::scope, Body::Block(Context::Scope), ONCE, "scope { … }"),
    form("mine", Rule::mine, Body::Block(Context::Mine), ONCE, "mine { … }"),
    form("cutoff", Rule::cutoff, Body::Block(Context::Settings), ONCE, "cutoff { primary at least 80% of members }"),
    form("describe", Rule::describe, Body::Maybe(Context::Settings), ONCE, "describe by department, title { … }"),
];

const SCOPE: &[Form] = &[
    form("include", Rule::scope_rule, Body::None, OFTEN, "include identities human where department == \"Finance\""),
    form(
        "exclude",
        Rule::scope_rule,
        Body::None,
        OFTEN,
        "exclude assignments where exception because \"reviewed apart\"",
    ),
];

const MINE: &[Form] = &[
    form("minable", Rule::minable, Body::None, OFTEN, "minable sap.tcode, tableau.group"),
    form("guided", Rule::guided_by, Body::None, OFTEN, "guided by department, title"),
    form("never", Rule::never_by, Body::None, OFTEN, "never by manager, nationality"),
    form("ignore", Rule::ignore, Body::None, OFTEN, "ignore entitlements held by fewer than 3 identities"),
    form("cluster", Rule::cluster, Body::Maybe(Context::Settings), OFTEN, "cluster using cover { exact }"),
];

const ROLE: &[Form] = &[
    TITLE,
    OWNER,
    CITES,
    form("grants", Rule::grants, Body::None, OFTEN, "grants sap.tcode \"F110\", payment-release"),
    form("inherits", Rule::inherits, Body::None, OFTEN, "inherits ap-reader"),
    form("where", Rule::membership, Body::None, ONCE, "where department == \"AP\""),
    form("members", Rule::membership, Body::None, ONCE, "members of role \"SAP_FI_CLERK\""),
    form("holding", Rule::membership, Body::None, ONCE, "holding application \"sap\""),
];

const DUTIES: &[Form] = &[
    TITLE,
    form("at", Rule::at_most, Body::None, ONCE, "at most 1 of create-vendor, run-payment per identity"),
    form("enforces", Rule::enforces, Body::None, OFTEN, "enforces maker-checker"),
    OWNER,
    CITES,
    form("level", Rule::level, Body::None, ONCE, "level error"),
    form("never", Rule::never_waived, Body::None, ONCE, "never waived"),
];

const SENSITIVE: &[Form] = &[
    TITLE,
    form("access", Rule::access, Body::None, OFTEN, "access sap.tcode \"F110\", payment-release"),
    OWNER,
    form("mitigated", Rule::mitigated, Body::None, ONCE, "mitigated \"CC-7: four eyes in the bank's portal\""),
    CITES,
];

const GOVERNANCE: &[Form] = &[
    TITLE,
    form("of", Rule::governed, Body::None, OFTEN, "of role ap-clerk, role \"SAP_FI_CLERK\""),
    form("membership", Rule::control, Body::None, OFTEN, "membership iga.right \"assign roles\""),
    form("rule", Rule::control, Body::None, OFTEN, "rule git.permission \"merge policy\""),
    form("approval", Rule::control, Body::None, OFTEN, "approval iga.right \"approve requests\""),
    form("log", Rule::control, Body::None, OFTEN, "log siem.right \"delete events\""),
    CITES,
];

const WAIVER: &[Form] = &[
    form("rule", Rule::waived_rule, Body::None, ONCE, "rule toxic-combination"),
    form("on", Rule::on, Body::None, OFTEN, "on duties maker-checker, identity \"u-4711\""),
    form("because", Rule::reason, Body::None, ONCE, "because \"two-person branch, reviewed monthly\""),
    OWNER,
    REQUESTED,
    form("approved", Rule::approved, Body::None, ONCE, "approved \"ciso@acme.example\" on 2026-03-01"),
    form("expires", Rule::expires, Body::None, ONCE, "expires 2026-09-30"),
];

const PROVISION: &[Form] = &[
    REQUESTED,
    form("approval", Rule::approval, Body::None, ONCE, "approval 2 of \"alice@acme.example\", \"bob@acme.example\""),
    form("when", Rule::when_lost, Body::None, ONCE, "when lost remove after 7d"),
    form("emit", Rule::emit, Body::None, OFTEN, "emit cedar, scim"),
    form("secondary", Rule::secondary, Body::None, ONCE, "secondary keep until 2026-12-31"),
];

const EXPECT: &[Form] = &[
    form("given", Rule::given, Body::Block(Context::Given), ONCE, "given identity { department \"AP\" }"),
    form("then", Rule::then, Body::None, OFTEN, "then no role grants sap.tcode \"F110\""),
];

const CLASS: Form =
    form("", Rule::identity_class, Body::None, OFTEN, "human where kind in [\"employee\", \"contractor\"]");
const SETTING: Form = form("", Rule::setting, Body::None, OFTEN, "members at least 5");
const DUTY: Form = form("", Rule::duty, Body::None, OFTEN, "create-vendor = [ sap.tcode \"XK01\" ]");
const FACTS: Form = form("", Rule::facts, Body::None, OFTEN, "department \"AP\", title \"Clerk\"");

impl Context {
    /// All places that have statements with first words of their own.
    const WORDED: [Self; 11] = [
        Self::File,
        Self::Mining,
        Self::Scope,
        Self::Mine,
        Self::Role,
        Self::Duties,
        Self::Sensitive,
        Self::Governance,
        Self::Waiver,
        Self::Provision,
        Self::Expect,
    ];

    /// The statements known by their first word.
    pub(crate) fn forms(self) -> &'static [Form] {
        match self {
            Self::File => FILE,
            Self::Mining => MINING,
            Self::Scope => SCOPE,
            Self::Mine => MINE,
            Self::Role => ROLE,
            Self::Duties => DUTIES,
            Self::Sensitive => SENSITIVE,
            Self::Governance => GOVERNANCE,
            Self::Waiver => WAIVER,
            Self::Provision => PROVISION,
            Self::Expect => EXPECT,
            Self::Identities | Self::Settings | Self::Given => &[],
        }
    }

    /// The statement that begins with `word`; `named` says that a single `=` follows it.
    pub(crate) fn form(self, word: &str, named: bool) -> Option<Form> {
        match self {
            Self::Duties if named => Some(DUTY),
            Self::Identities => Some(CLASS),
            Self::Settings => Some(SETTING),
            Self::Given => Some(FACTS),
            _ => self.forms().iter().find(|form| form.word == word).copied(),
        }
    }

    /// The statement with a block that a misspelt word most likely means.
    pub(crate) fn meant(self, word: &str) -> Option<Form> {
        let blocks = self.forms().iter().filter(|form| form.body != Body::None);
        let meant = closest(word, blocks.map(|form| form.word))?;
        self.form(meant, false)
    }

    /// The places that do have a statement beginning with `word`.
    pub(crate) fn elsewhere(word: &str) -> impl Iterator<Item = Self> {
        Self::WORDED.into_iter().filter(move |context| context.forms().iter().any(|form| form.word == word))
    }

    /// What the place is called, after "in".
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Identities => "`identities`",
            Self::Mining => "a `mining` block",
            Self::Scope => "a `scope` block",
            Self::Mine => "a `mine` block",
            Self::Settings => "a block of settings",
            Self::Role => "a `role` block",
            Self::Duties => "a `duties` block",
            Self::Sensitive => "a `sensitive` block",
            Self::Governance => "a `governance` block",
            Self::Waiver => "a `waiver` block",
            Self::Provision => "a `provision` block",
            Self::Expect => "an `expect` block",
            Self::Given => "`given identity`",
        }
    }
}
