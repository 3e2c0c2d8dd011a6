//! The tables of a snapshot and their columns: the one place that knows their names.

use crate::AttributeType;

/// A table of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Table {
    Identities,
    Accounts,
    Entitlements,
    Assignments,
    Groups,
    GroupMembers,
    GroupGrants,
    Exceptions,
    Usage,
    Roles,
    RoleMembers,
    RoleGrants,
    RoleInherits,
}

/// A column that a table may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColumnSpec {
    /// Its canonical name.
    pub(crate) name: &'static str,
    /// Other headers it goes by.
    pub(crate) aliases: &'static [&'static str],
    /// Whether a file must have it.
    pub(crate) required: bool,
}

impl Table {
    pub(crate) const ALL: [Self; 13] = [
        Self::Identities,
        Self::Accounts,
        Self::Entitlements,
        Self::Assignments,
        Self::Groups,
        Self::GroupMembers,
        Self::GroupGrants,
        Self::Exceptions,
        Self::Usage,
        Self::Roles,
        Self::RoleMembers,
        Self::RoleGrants,
        Self::RoleInherits,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Identities => "identities",
            Self::Accounts => "accounts",
            Self::Entitlements => "entitlements",
            Self::Assignments => "assignments",
            Self::Groups => "groups",
            Self::GroupMembers => "group-members",
            Self::GroupGrants => "group-grants",
            Self::Exceptions => "exceptions",
            Self::Usage => "usage",
            Self::Roles => "roles",
            Self::RoleMembers => "role-members",
            Self::RoleGrants => "role-grants",
            Self::RoleInherits => "role-inherits",
        }
    }

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// The columns that mean the same in every snapshot; the readers know them by their position here.
    pub(crate) const fn columns(self) -> &'static [ColumnSpec] {
        match self {
            Self::Identities => const { &[key("identity_id", &["identity", "user_id", "user", "id"])] },
            Self::Accounts => {
                const {
                    &[
                        key("account_id", ACCOUNT),
                        may("system", &["application", "app"]),
                        may("identity_id", IDENTITY),
                        may("enabled", &["active"]),
                        may("interactive", &[]),
                        may("created_at", &["created"]),
                        may("last_login_at", &["last_login"]),
                    ]
                }
            }
            Self::Entitlements => {
                const {
                    &[
                        key("entitlement_id", &["entitlement", "permission_id", "permission", "id"]),
                        may("application", &["system", "app"]),
                        may("attribute", &["type"]),
                        may("value", &["native_id"]),
                    ]
                }
            }
            Self::Assignments => {
                const {
                    &[
                        may("account_id", &["account"]),
                        may("identity_id", IDENTITY),
                        may("group_id", &["group"]),
                        key("entitlement_id", ENTITLEMENT),
                        may("origin", &[]),
                        may("via", &["via_path", "path"]),
                        may("granted_at", &["granted"]),
                        may("granted_by", &[]),
                        may("ticket", &["request"]),
                        may("expires_at", &["expires"]),
                    ]
                }
            }
            Self::Groups => const { &[key("group_id", GROUP)] },
            Self::GroupMembers => {
                const {
                    &[
                        key("group_id", GROUP),
                        key("member_id", &["member", "identity_id", "account_id", "user_id", "user"]),
                        may("member_type", &["type"]),
                    ]
                }
            }
            Self::GroupGrants => const { &[key("group_id", GROUP), key("entitlement_id", ENTITLEMENT)] },
            Self::Exceptions => {
                const {
                    &[
                        key("exception_id", &["exception", "id"]),
                        may("identity_id", IDENTITY),
                        may("account_id", &["account"]),
                        key("entitlement_id", ENTITLEMENT),
                        may("reason", &["because"]),
                        may("approver_id", &["approver", "approved_by"]),
                        may("granted_at", &["granted"]),
                        may("expires_at", &["expires"]),
                        may("compensating_control", &["control"]),
                    ]
                }
            }
            Self::Usage => {
                const {
                    &[
                        may("account_id", &["account"]),
                        may("identity_id", IDENTITY),
                        may("entitlement_id", ENTITLEMENT),
                        may("first_used_at", &["first"]),
                        may("last_used_at", &["last"]),
                        may("use_count", &["count"]),
                        may("window_days", &["window"]),
                    ]
                }
            }
            Self::Roles => const { &[key("role_id", ROLE), may("name", &["role_name"]), may("owner", &["owner_id"])] },
            Self::RoleMembers => {
                const { &[key("role_id", ROLE), may("identity_id", IDENTITY), may("account_id", &["account"])] }
            }
            Self::RoleGrants => const { &[key("role_id", ROLE), key("entitlement_id", ENTITLEMENT)] },
            Self::RoleInherits => {
                const { &[key("role_id", ROLE), key("parent_id", &["parent", "parent_role_id", "inherits"])] }
            }
        }
    }

    /// Attributes that a file may have without any word in the schema.
    pub(crate) const fn attributes(self) -> &'static [(ColumnSpec, AttributeType)] {
        match self {
            Self::Identities => {
                const {
                    &[
                        (may("kind", &[]), AttributeType::Text),
                        (may("status", &[]), AttributeType::Text),
                        (may("display_name", &["name"]), AttributeType::Text),
                        (may("employee_id", &["employee_number"]), AttributeType::Text),
                        (may("email", &["mail", "e_mail"]), AttributeType::Text),
                        (may("department", &[]), AttributeType::Text),
                        (may("title", &["job_title"]), AttributeType::Text),
                        (may("cost_center", &["cost_centre"]), AttributeType::Text),
                        (may("location", &[]), AttributeType::Text),
                        (may("owner_id", &["owner"]), AttributeType::Text),
                        (may("manager_id", &["manager"]), AttributeType::Text),
                        (may("business_function", &[]), AttributeType::Text),
                        (may("employment_type", &[]), AttributeType::Text),
                        (may("workloads", &["used_by"]), AttributeType::List),
                        (may("start_date", &["valid_from"]), AttributeType::Date),
                        (may("end_date", &["valid_to"]), AttributeType::Date),
                    ]
                }
            }
            Self::Entitlements => {
                const {
                    &[
                        (may("name", &["display_name"]), AttributeType::Text),
                        (may("owner_id", &["owner"]), AttributeType::Text),
                        (may("classification", &[]), AttributeType::Text),
                        (may("risk", &[]), AttributeType::Text),
                        (may("tier", &[]), AttributeType::Text),
                        (may("environment", &[]), AttributeType::Text),
                    ]
                }
            }
            _ => const { &[] },
        }
    }
}

const IDENTITY: &[&str] = &["identity", "user_id", "user"];
const ACCOUNT: &[&str] = &["account", "id"];
const ENTITLEMENT: &[&str] = &["entitlement", "permission_id", "permission"];
const GROUP: &[&str] = &["group", "id"];
const ROLE: &[&str] = &["role", "id"];

const fn key(name: &'static str, aliases: &'static [&'static str]) -> ColumnSpec {
    ColumnSpec { name, aliases, required: true }
}

const fn may(name: &'static str, aliases: &'static [&'static str]) -> ColumnSpec {
    ColumnSpec { name, aliases, required: false }
}
