//! The thresholds of a cut-off, one at a time: to read one, or to move it.

use crate::spec::{Cutoff, Percent};

/// One threshold of a cut-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// `primary at least …`
    Primary,
    /// `secondary at least …`; where it is not below the primary one, there are no child roles.
    Secondary,
    /// `members at least …`
    Members,
    /// `overlap at most …`
    Overlap,
}

impl Threshold {
    /// What the language calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Members => "members",
            Self::Overlap => "overlap",
        }
    }

    /// Whether its values are shares, in basis points, and not numbers of members.
    #[must_use]
    pub fn is_share(self) -> bool {
        self != Self::Members
    }

    /// A value as one writes it: `80%`, `5`.
    #[must_use]
    pub fn shown(self, value: u32) -> String {
        if self.is_share() { Percent(value).to_string() } else { value.to_string() }
    }

    /// What a cut-off has.
    pub(crate) fn of(self, cutoff: &Cutoff) -> Option<u32> {
        match self {
            Self::Primary => Some(cutoff.primary.0),
            Self::Secondary => cutoff.secondary.map(|share| share.0),
            Self::Members => Some(cutoff.min_members),
            Self::Overlap => cutoff.max_overlap.map(|share| share.0),
        }
    }

    /// The cut-off with another value.
    pub(crate) fn at(self, value: u32, cutoff: &Cutoff) -> Cutoff {
        let cutoff = cutoff.clone();
        match self {
            Self::Primary => Cutoff { primary: Percent(value), ..cutoff },
            Self::Secondary => Cutoff { secondary: Some(Percent(value)), ..cutoff },
            Self::Members => Cutoff { min_members: value, ..cutoff },
            Self::Overlap => Cutoff { max_overlap: Some(Percent(value)), ..cutoff },
        }
    }
}
