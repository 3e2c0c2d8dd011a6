//! `snapshot.toml`: where the data comes from, what its columns mean, what was accepted as it is.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::table::Table;

mod check;

/// The whole of `snapshot.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// A name people know the snapshot by.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The day the snapshot stands for: the latest extraction. `unused for 90d` counts back from it.
    #[serde(deserialize_with = "day::one")]
    pub extracted: Date,
    /// The digest the content must have, `sha256:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The tables.
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
    /// What the columns mean.
    #[serde(default)]
    pub schema: Schema,
    /// Faults that people took responsibility for.
    #[serde(default, rename = "accept", skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Acceptance>,
}

/// One source: a file of a system, with an owner.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its short name.
    pub id: String,
    /// Which table it fills: `identities`, `accounts`, `entitlements`, `assignments`, `groups`, `group-members`,
    /// `group-grants`, `exceptions`, `usage`, `roles`, `role-members`, `role-grants`, `role-inherits`.
    pub table: String,
    /// The file, relative to the folder. Empty for a source whose rows are in the file of another source of its table:
    /// it still says who owns what, as in a folder that was normalised.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The system it was extracted from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When it was extracted; the snapshot's day if absent.
    #[serde(default, deserialize_with = "day::optional", skip_serializing_if = "Option::is_none")]
    pub extracted: Option<Date>,
    /// How many days old it may be before lint speaks up, any age if absent; not part of the digest, since no result depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u32>,
    /// First day of the observation window, for usage.
    #[serde(default, deserialize_with = "day::optional", skip_serializing_if = "Option::is_none")]
    pub observed_from: Option<Date>,
    /// The identity or entitlement attributes this source is the system of record for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authoritative_for: Vec<String>,
    /// `,` `;` or tab; found out from the header when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// `utf-8`, `windows-1252`, or another label of the WHATWG Encoding Standard. When absent: what a byte order mark
    /// says, else UTF-8, else Windows-1252 and a fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Canonical column name = the file's column name, where they differ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// What parts the values of list columns and paths; `|` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
}

/// What may be spoken of in a spec, without any data.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Attributes of identities, with their types. `id` is always there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub identity: BTreeMap<String, AttributeType>,
    /// Attributes of entitlements, with their types. `id`, `application`, `attribute` and `value` are always there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entitlement: BTreeMap<String, AttributeType>,
    /// Applications and the kinds of entitlement each has: `sap = ["tcode", "profile"]`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub applications: BTreeMap<String, Vec<String>>,
}

/// The type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributeType {
    /// One text.
    Text,
    /// Several texts.
    List,
    /// A date.
    Date,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
}

/// A fault that somebody answers for: `[[accept]]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The kind of fault, by its kebab-case name.
    pub fault: String,
    /// The table it may occur in; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The subjects it may be about; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<String>>,
    /// No more than so many; beyond that all of them stop the build again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
    /// Why.
    pub because: String,
    /// Who answers for it.
    pub owner: String,
    /// Last day it holds; compared with the as-of date by the caller.
    #[serde(deserialize_with = "day::one")]
    pub expires: Date,
}

/// What is wrong with a `snapshot.toml`.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ManifestError {
    /// In one line.
    pub message: String,
    /// Bytes of the file it is about, if known.
    pub span: Option<std::ops::Range<usize>>,
    /// What to do.
    pub help: Option<String>,
}

impl Manifest {
    /// Reads and checks the text of a `snapshot.toml`: enough to check a spec against, without any data.
    ///
    /// # Errors
    /// When it is not TOML, has unknown keys, names an unknown table, type, encoding or fault, has no source of
    /// identities, names one file twice for a table, or accepts a fault without a real reason.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        check::check(text)?;
        toml::from_str(text).map_err(|error| ManifestError {
            message: error.message().to_owned(),
            span: error.span(),
            help: None,
        })
    }
}

impl Schema {
    /// The type of an identity attribute: as declared, else as a column of that name has it without any word here.
    #[must_use]
    pub fn identity_type(&self, name: &str) -> Option<AttributeType> {
        self.identity.get(name).copied().or_else(|| implied(Table::Identities, name))
    }

    /// The type of an entitlement attribute: as declared, else as a column of that name has it without any word here.
    #[must_use]
    pub fn entitlement_type(&self, name: &str) -> Option<AttributeType> {
        self.entitlement.get(name).copied().or_else(|| implied(Table::Entitlements, name))
    }
}

fn implied(table: Table, name: &str) -> Option<AttributeType> {
    table.attributes().iter().find(|(spec, _)| spec.name == name).map(|(_, kind)| *kind)
}

/// Dates as TOML writes them, or as text.
mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Toml(toml::value::Datetime),
        Text(String),
    }

    fn parse<E: serde::de::Error>(day: &Day) -> Result<Date, E> {
        let text = match day {
            Day::Toml(datetime) => datetime.to_string(),
            Day::Text(text) => text.clone(),
        };
        // Strict: jiff would take the date out of a date with a time.
        let date = (text.len() <= 10).then(|| text.parse().ok()).flatten();
        date.ok_or_else(|| E::custom(format!("expected a date such as `2026-03-01`, found `{text}`")))
    }

    pub(super) fn one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        parse(&Day::deserialize(deserializer)?)
    }

    pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        Option::<Day>::deserialize(deserializer)?.map(|day| parse(&day)).transpose()
    }
}
