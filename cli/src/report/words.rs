//! Sentences and proofs whose names are final: what a format may show.

/// A word of a sentence, or a step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word {
    /// What it names.
    pub(crate) kind: Kind,
    /// The name, or the words themselves.
    pub(crate) name: String,
}

/// What a word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Nothing: plain words.
    Text,
    /// An identity.
    Identity,
    /// An account.
    Account,
    /// A group.
    Group,
    /// An entitlement.
    Entitlement,
    /// A candidate role.
    Role,
    /// An existing role.
    ExistingRole,
    /// Duties.
    Duties,
    /// An exception.
    Exception,
    /// A person as some field names them.
    Person,
}

/// A sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sentence(pub(crate) Vec<Word>);

/// A row of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A path, from holder to entitlement.
    Path(Vec<Word>),
    /// Someone it is true of.
    Witness(String),
    /// So many of so many.
    Count {
        /// What is counted.
        what: &'static str,
        /// How many.
        part: u64,
        /// Of how many, where that says something.
        of: Option<u64>,
    },
    /// An entitlement and how many of a role's members hold it.
    Support {
        /// The entitlement.
        entitlement: String,
        /// How many hold it.
        held: u64,
        /// Of how many.
        of: u64,
    },
    /// A row of a source.
    Row {
        /// The file, relative to the snapshot.
        file: String,
        /// The line.
        row: Option<u64>,
        /// The column.
        column: Option<String>,
    },
    /// A group or role that all ways lead through, and a sentence that says so.
    Through(Word, Sentence),
    /// Anything else worth knowing.
    Note(Sentence),
}

impl Kind {
    /// The word for it in machine formats.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Identity => "identity",
            Self::Account => "account",
            Self::Group => "group",
            Self::Entitlement => "entitlement",
            Self::Role => "role",
            Self::ExistingRole => "existing_role",
            Self::Duties => "duties",
            Self::Exception => "exception",
            Self::Person => "person",
        }
    }

    /// Whether it is somebody: what differs between findings of one cause.
    pub(crate) fn is_somebody(self) -> bool {
        matches!(self, Self::Identity | Self::Account | Self::Person)
    }
}

impl Word {
    /// The words, or the name between backticks.
    pub(crate) fn quoted(&self) -> String {
        if self.kind == Kind::Text { self.name.clone() } else { format!("`{}`", self.name) }
    }
}

impl Sentence {
    /// The sentence with names between backticks.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(Word::quoted).collect()
    }
}
