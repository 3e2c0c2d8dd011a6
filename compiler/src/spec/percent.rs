//! Shares, in basis points, compared without rounding.

use serde::{Deserialize, Serialize};

/// A percentage in basis points, 0 to 10,000. Compared by cross-multiplication, never as a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(pub u32);

impl Percent {
    /// Everything.
    pub const WHOLE: Self = Self(10_000);

    /// Whether `part` of `whole` is at least this share; nothing is no share of nothing.
    #[must_use]
    pub fn met_by(self, part: u64, whole: u64) -> bool {
        whole > 0 && u128::from(part) * 10_000 >= u128::from(whole) * u128::from(self.0)
    }

    /// Whether `part` of `whole` is more than this share.
    #[must_use]
    pub fn exceeded_by(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 10_000 > u128::from(whole) * u128::from(self.0)
    }

    /// So much of a whole, rounded down.
    #[must_use]
    pub fn of_whole(self, whole: u64) -> u64 {
        let part = u128::from(whole) * u128::from(self.0) / u128::from(Self::WHOLE.0);
        u64::try_from(part).unwrap_or(u64::MAX)
    }

    /// `part` of `whole` in basis points, rounded down.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Self {
        let points = (u128::from(part) * 10_000).checked_div(u128::from(whole)).unwrap_or(0);
        Self(u32::try_from(points).unwrap_or(u32::MAX))
    }
}

impl std::fmt::Display for Percent {
    /// `80%`, `82.5%`, `0.05%`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole}%"),
            (_, 0) => write!(f, "{whole}.{}%", rest / 10),
            _ => write!(f, "{whole}.{rest:02}%"),
        }
    }
}
