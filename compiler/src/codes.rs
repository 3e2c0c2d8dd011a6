//! The codes of everything that can be wrong with a spec beyond its syntax. They never change their meaning; `docs/spec-errors.md`
//! has a section for each, whose example is a test.

use adit_grammar::codes::Code;

macro_rules! codes {
    ($($name:ident $code:literal $title:literal)*) => {
        $(#[doc = $title] pub(crate) const $name: &str = $code;)*

        /// Every code of [`crate::resolve`] and [`crate::check`], in order.
        pub const CODES: &[Code] = &[$(Code { code: $code, title: $title }),*];
    };
}

codes! {
    FILE_UNREADABLE "E1001" "a file that cannot be read"
    USE_OUTSIDE "E1002" "a `use` that leaves the project"
    USE_ABSOLUTE "E1003" "a `use` that is no relative path"
    USE_GLOB "E1004" "a `use` with a wildcard"
    USE_CYCLE "E1005" "files that use each other in a circle"
    USE_TWICE "E1006" "a file used twice by the same file"

    UNKNOWN_ATTRIBUTE "E1101" "an attribute the schema does not have"
    UNKNOWN_APPLICATION "E1102" "an application the schema does not have"
    UNKNOWN_KIND "E1103" "a kind of entitlement its application does not have"
    UNKNOWN_CLASS "E1104" "an identity class that is not defined"
    UNKNOWN_SET "E1105" "a set that is not defined"
    UNKNOWN_DUTY "E1106" "a duty that its block does not have"
    UNKNOWN_DUTIES "E1107" "duties that are not defined"
    UNKNOWN_RULE "E1108" "a rule the linter does not have"
    UNKNOWN_ROLE "E1109" "a role that is not defined"
    UNKNOWN_MINING "E1110" "a mining block that is not defined"
    UNKNOWN_STRATEGY "E1111" "a strategy the language does not have"
    UNKNOWN_SETTING "E1112" "a setting its block does not have"
    UNKNOWN_PACK "E1113" "a rule pack that does not ship with the tool"
    UNKNOWN_TARGET "E1114" "a target the language does not have"
    UNKNOWN_LEVEL "E1115" "a level that is none"
    UNKNOWN_SUBJECT "E1116" "a kind of subject that findings do not have"
    UNKNOWN_HOLDER "E1117" "a holder that duties cannot be counted by"
    UNKNOWN_ORIGIN "E1118" "an origin that assignments do not have"

    WRONG_TYPE "E1201" "a value of the wrong type"
    WRONG_OPERATOR "E1202" "a test that the attribute's type does not have"
    NOT_A_FLAG "E1203" "a bare attribute that is neither true nor false"
    WRONG_PLACE "E1204" "a test that has no meaning in this place"
    NO_PERCENT_SIGN "E1205" "a number where a percentage belongs"
    PERCENT_RANGE "E1206" "a percentage out of range"
    SETTING_FORM "E1207" "a setting that does not read as it should"
    NUMBER_RANGE "E1208" "a number out of range"
    CANNOT_SHAPE "E1209" "an attribute that cannot shape roles"
    NOT_GRANTED "E1210" "access that a role cannot grant"
    WRONG_SCOPE "E1211" "an attribute that duties cannot be kept apart by"

    DEFINED_TWICE "E1301" "two definitions of one name"
    SAID_TWICE "E1302" "a setting or an entry said twice"

    EMPTY_SCOPE "E2001" "a scope that can match nothing"
    NEVER_TRUE "E2002" "a condition that nothing can meet"
    ALWAYS_TRUE "E2003" "a condition that everything meets"
    NEVER_MINED "E2004" "a class that is never mined"
    UNREACHABLE_KIND "E2005" "a minable kind that the scope keeps out"

    EMPTY_CLASS "E2101" "an identity class no one can belong to"
    OVERLAPPING_CLASSES "E2102" "two identity classes that overlap"
    SEPARATE_ITSELF "E2103" "a class separated from itself"
    NO_CLASSES "E2104" "nothing says who is who"
    TOO_MANY_CLASSES "E2105" "more identity classes than can be told apart"

    CUTOFF_ORDER "E2201" "a secondary cut-off that is not below the primary"
    ROLES_CONTRADICTION "E2202" "a number of roles beyond its own limit"
    NOTHING_MINABLE "E2203" "mining without anything minable"
    NEVER_AND_YET "E2204" "an attribute that must not shape roles and yet does"
    NO_REASON "E2205" "an exclusion or exception without a reason"
    EMPTY_REASON "E2206" "a reason that gives none"
    NO_STRATEGY "E2207" "mining without a strategy"
    SETTINGS_EXCLUDE "E2208" "two settings that exclude each other"
    NOT_GUIDED "E2209" "a strategy that lacks the attributes it goes by"
    ROLES_ARE_GIVEN "E2210" "existing roles that are also to be found anew"
    UNGUIDABLE "E2211" "a strategy that attributes cannot guide"
    JUDGED_TWICE "E2212" "an existing role that two blocks judge"

    NEVER_BROKEN "E2301" "duties that nobody could ever break"
    ALWAYS_BROKEN "E2302" "duties that every holder breaks"
    SHARED_DUTY "E2303" "two duties that share an entitlement"
    NO_LIMIT "E2304" "duties without a limit"
    NOT_ROLES "E2305" "duties that enforce others and are not of roles"
    ENFORCES_ITSELF "E2306" "duties that enforce themselves or each other"
    NESTED_ACTIVITY "E2307" "an activity made of activities"
    RULES_CONFLICT "E2308" "membership rules that hand one identity conflicting duties"
    NOT_APART "E2309" "entitlements kept apart from themselves"
    NO_ACCESS "E2310" "sensitive access or governance that names no entitlement"
    NOT_ENTITLEMENTS "E2311" "a role where entitlements belong"
    NO_OWNER "E2312" "sensitive access that nobody answers for"

    WAIVER_INCOMPLETE "E2401" "a waiver that leaves something out"
    WAIVER_RULE "E2402" "a waiver of a rule that is never waived"
    WAIVER_DUTIES "E2403" "a waiver of duties that are never waived"
    WAIVER_REQUESTER "E2404" "a waiver approved by who asked for it"
    WAIVER_BENEFICIARY "E2405" "a waiver approved by who profits from it"
    WAIVER_EXPIRED "E2406" "a waiver that has expired"
    WAIVER_TOO_LONG "E2407" "a waiver longer than the project allows"
    WAIVER_DATES "E2408" "a waiver whose dates are out of order"

    NO_APPROVAL "E2501" "provisioning without approval"
    TOO_FEW_APPROVERS "E2502" "an approval that can never be complete"
    NO_APPROVERS_NEEDED "E2503" "an approval that needs nobody"
    APPROVER_TWICE "E2504" "an approver listed twice"
    NOBODY "E2505" "somebody without a name"

    EXPECT_CONTRADICTION "E2601" "an expectation that contradicts itself"
    NO_GRANTS "E2602" "a role that grants nothing"
    NO_CLAIM "E2603" "an expectation that claims nothing"
    INHERITS_ITSELF "E2604" "roles that inherit themselves or each other"

    HIDDEN_CHARACTER "E2701" "an invisible or reordering character"
    LOOKALIKE_NAMES "E2702" "two names that look the same"

    NO_EFFECT "W2001" "an exclusion that excludes nothing"
    REPEATED "W2002" "a value listed twice"
    UNUSED_SET "W2003" "a set that nothing uses"
    UNUSED_DUTY "W2004" "a duty that the limit leaves out"
    REQUESTER_APPROVES "W2005" "a requester on the list of approvers"
    NOT_WRITTEN "W2006" "a target this version does not write"
    NO_SECONDARY "W2007" "a fate for secondary roles that cannot be"
    MIXED_SCRIPTS "W2008" "a word in letters of two alphabets"
    RULES_MAY_CONFLICT "W2009" "membership rules that may hand one identity conflicting duties"
}
