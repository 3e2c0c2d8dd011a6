//! What is wrong with the data: typed, placed, counted.

use std::fmt;

use serde::Serialize;

/// One fault of a source, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The file and, where it has one, the row and the column.
    pub place: Place,
    /// What kind of fault.
    pub kind: FaultKind,
    /// The value or id it is about, as the source writes it.
    pub subject: String,
    /// What was expected, what was found, in one line.
    pub message: String,
    /// Whether an entry of `[[accept]]` in `snapshot.toml` takes it: the index of that entry.
    pub accepted: Option<usize>,
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The table, by its canonical name: `identities`, `assignments`, …
    pub table: String,
    /// The file, relative to the snapshot folder.
    pub file: String,
    /// The line the record starts on, counted from 1 with the header.
    pub row: Option<u64>,
    /// The column's canonical name.
    pub column: Option<String>,
}

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A file the manifest names is not there, or cannot be read.
    MissingFile,
    /// A column the table cannot do without is not there.
    MissingColumn,
    /// A column the schema declares is not there; conditions on it cannot be decided.
    AbsentAttribute,
    /// Two columns carry the same canonical name.
    DuplicateColumn,
    /// A record has more or fewer fields than the header.
    RaggedRow,
    /// Bytes that are not valid in the declared encoding.
    BadEncoding,
    /// No encoding was declared and the file is not UTF-8: read as Windows-1252.
    GuessedEncoding,
    /// A key is empty.
    EmptyKey,
    /// Two rows of a table have the same key and say different things.
    DuplicateId,
    /// Sources say different things, and the system of record among them is right.
    SourceConflict,
    /// Two rows say exactly the same; one is kept.
    RepeatedRow,
    /// Two identities share a strong key (employee id, normalised e-mail).
    DuplicateIdentity,
    /// A row names an identity, account, entitlement, group or role that no row defines.
    DanglingReference,
    /// An account belongs to nobody known.
    OrphanAccount,
    /// Groups contain each other.
    CyclicGroups,
    /// Roles inherit each other.
    CyclicRoles,
    /// A value is not of the type the schema declares.
    BadValue,
    /// A number lost its leading zeros, or a date is a spreadsheet's zero date.
    SpreadsheetDamage,
    /// The digest in `snapshot.toml` is not the digest of the data.
    DigestMismatch,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Place {
    /// `assignments.csv:17 (via)`, or the table's name where there is no file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.file.is_empty() { &self.table } else { &self.file })?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " ({column})")?;
        }
        Ok(())
    }
}

/// How much a fault matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Results would be wrong: the build stops unless it is accepted, with reason and owner.
    Stops,
    /// Results stand; the reader should know.
    Notes,
}

impl FaultKind {
    /// Every kind, in order.
    pub const ALL: [Self; 19] = [
        Self::MissingFile,
        Self::MissingColumn,
        Self::AbsentAttribute,
        Self::DuplicateColumn,
        Self::RaggedRow,
        Self::BadEncoding,
        Self::GuessedEncoding,
        Self::EmptyKey,
        Self::DuplicateId,
        Self::SourceConflict,
        Self::RepeatedRow,
        Self::DuplicateIdentity,
        Self::DanglingReference,
        Self::OrphanAccount,
        Self::CyclicGroups,
        Self::CyclicRoles,
        Self::BadValue,
        Self::SpreadsheetDamage,
        Self::DigestMismatch,
    ];

    /// Its kebab-case name, as in `[[accept]]` and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingFile => "missing-file",
            Self::MissingColumn => "missing-column",
            Self::AbsentAttribute => "absent-attribute",
            Self::DuplicateColumn => "duplicate-column",
            Self::RaggedRow => "ragged-row",
            Self::BadEncoding => "bad-encoding",
            Self::GuessedEncoding => "guessed-encoding",
            Self::EmptyKey => "empty-key",
            Self::DuplicateId => "duplicate-id",
            Self::SourceConflict => "source-conflict",
            Self::RepeatedRow => "repeated-row",
            Self::DuplicateIdentity => "duplicate-identity",
            Self::DanglingReference => "dangling-reference",
            Self::OrphanAccount => "orphan-account",
            Self::CyclicGroups => "cyclic-groups",
            Self::CyclicRoles => "cyclic-roles",
            Self::BadValue => "bad-value",
            Self::SpreadsheetDamage => "spreadsheet-damage",
            Self::DigestMismatch => "digest-mismatch",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether results would be wrong.
    #[must_use]
    pub fn weight(self) -> Weight {
        match self {
            Self::AbsentAttribute
            | Self::GuessedEncoding
            | Self::SourceConflict
            | Self::RepeatedRow
            | Self::OrphanAccount
            | Self::CyclicGroups
            | Self::DuplicateIdentity => Weight::Notes,
            _ => Weight::Stops,
        }
    }
}
