//! Why a spec that is right by itself cannot be applied to some data.

use adit_grammar::Span;
use adit_snapshots::IdentityId;

/// Why a spec cannot be applied to this data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// Some identities are in no class.
    #[error("{count} identities are in no identity class")]
    Unclassified {
        /// The first few.
        examples: Vec<IdentityId>,
        /// How many.
        count: usize,
    },
    /// Some identities are in two classes.
    #[error("{count} identities are in both `{first}` and `{second}`")]
    TwoClasses {
        /// A class.
        first: String,
        /// And another.
        second: String,
        /// The first few.
        examples: Vec<IdentityId>,
        /// How many.
        count: usize,
        /// Where the second is defined.
        span: Span,
    },
    /// A condition cannot be decided from this snapshot.
    #[error("{message}")]
    NotDecidable {
        /// What is missing.
        message: String,
        /// What to do.
        help: String,
        /// The condition.
        span: Span,
    },
    /// The spec names something that the data does not have.
    #[error("{message}")]
    Unknown {
        /// What.
        message: String,
        /// What to do.
        help: String,
        /// Where.
        span: Span,
    },
    /// Two places of the spec say what cannot both hold for this data.
    #[error("{message}")]
    Contradiction {
        /// What.
        message: String,
        /// What to do.
        help: String,
        /// A place.
        first: Span,
        /// And another.
        second: Span,
    },
}
