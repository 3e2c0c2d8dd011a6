//! Why a role is not emitted, in words for whoever can do something about it.

use std::fmt;

use adit_snapshots::Digest;
use jiff::civil::Date;

use crate::{
    approval::{LifeState, Rejected},
    roles::RoleId,
};

/// A role that is not emitted, and everything that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Index into the roles of the compilation.
    pub role: usize,
    /// Its id.
    pub id: RoleId,
    /// Its handle.
    pub handle: String,
    /// What is missing, never nothing.
    pub missing: Vec<Missing>,
}

/// What a role lacks to be emitted. Displays as what is the case and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// No `provision` block speaks of it.
    Provision,
    /// Too few people signed.
    Signatures {
        /// How many did, of those that count.
        signed: u32,
        /// How many must.
        needed: u32,
        /// Who still could.
        open: Vec<String>,
        /// Whose signatures do not count.
        rejected: Vec<Rejected>,
    },
    /// People signed for other content.
    Fresh {
        /// What they signed for.
        approved: Digest,
        /// What the role is now.
        content: Digest,
    },
    /// The approval is past its last day.
    Expired {
        /// That day.
        on: Date,
    },
    /// People took it out of force.
    Withdrawn {
        /// What it is: deactivated, or decommissioned.
        to: LifeState,
        /// Since when.
        on: Date,
    },
    /// Findings that are denied.
    Clean {
        /// The codes of their rules.
        rules: Vec<String>,
    },
    /// Expectations of the spec that do not hold.
    Expected {
        /// Their titles.
        titles: Vec<String>,
    },
    /// A role it inherits is withheld.
    Parent {
        /// Which.
        handle: String,
    },
    /// The spec removes secondary roles.
    Removed,
    /// The spec kept secondary roles until a day that is past.
    Ended {
        /// That day.
        on: Date,
    },
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): ", self.handle, self.id)?;
        for (index, missing) in self.missing.iter().enumerate() {
            write!(f, "{}{missing}", if index > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provision => {
                f.write_str("no `provision` block speaks of it: add one with the people who may approve it")
            }
            Self::Signatures { signed, needed, open, rejected } => {
                let more = needed.saturating_sub(*signed);
                let noun = if *needed == 1 { "signature" } else { "signatures" };
                write!(f, "{signed} of {needed} {noun}; ")?;
                match (open.len() as u64) < u64::from(more) {
                    true if open.is_empty() => {
                        write!(f, "needs {more} more, but nobody is left on the list who may sign")?
                    }
                    true => write!(f, "needs {more} more, but only these may still sign: {}", open.join(", "))?,
                    false => write!(f, "needs {more} more of: {}", open.join(", "))?,
                }
                for Rejected { by, reason } in rejected {
                    write!(f, "; the signature of {by} does not count: it {reason}")?;
                }
                Ok(())
            }
            Self::Fresh { approved, content } => write!(
                f,
                "approved for other content: people signed for {}…, it is now {}…; look at it again and sign anew",
                short(approved),
                short(content)
            ),
            Self::Expired { on } => write!(f, "its approval ended on {on}; look at it again and sign anew"),
            Self::Withdrawn { to: LifeState::Decommissioned, on } => write!(f, "decommissioned on {on}, for good"),
            Self::Withdrawn { to, on } => {
                write!(f, "{to} on {on}; a `[[state]]` in its approval that makes it active brings it back")
            }
            Self::Clean { rules } => write!(f, "denied findings of {}: settle or waive them", rules.join(", ")),
            Self::Expected { titles } => {
                let titles: Vec<String> = titles.iter().map(|title| format!("\"{title}\"")).collect();
                write!(f, "does not hold, though the spec expects it: {}", titles.join(", "))
            }
            Self::Parent { handle } => write!(f, "it inherits {handle}, which is withheld"),
            Self::Removed => f.write_str("the spec says `secondary remove`: its access is to end"),
            Self::Ended { on } => write!(f, "the spec kept secondary roles until {on}, and that day is past"),
        }
    }
}

fn short(digest: &Digest) -> String {
    format!("sha256:{}", digest.short(12))
}
