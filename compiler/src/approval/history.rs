//! What became of a role: the states of its life, which of them can follow which, and what they mean on a day.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One step in the life of a role: `[[state]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// What it became.
    pub to: LifeState,
    /// When.
    #[serde(with = "super::file::date")]
    pub on: Date,
    /// Who decided it.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A state in the life of a role, as Oracle Identity Analytics has them (11gR1 User's Guide, Role Management).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LifeState {
    /// Being written.
    Composing,
    /// Waiting for signatures.
    Pending,
    /// In force.
    Active,
    /// Out of force for now.
    Deactivated,
    /// Out of force for good.
    Decommissioned,
}

impl Transition {
    /// What takes a role out of force on a day, if something does. Decommissioned is so for good, whatever is written after it; deactivated is so
    /// until the role becomes active again. The other states say what people did, and leave it to signatures whether a role is approved.
    pub fn withdrawal<'a>(states: impl IntoIterator<Item = &'a Self>, as_of: Date) -> Option<&'a Self> {
        let mut past: Vec<&Self> = states.into_iter().filter(|state| state.on <= as_of && state.to.decides()).collect();
        past.sort_by_key(|state| state.on);
        let ended = past.iter().find(|state| state.to == LifeState::Decommissioned);
        ended.or(past.last()).copied().filter(|state| state.to != LifeState::Active)
    }
}

impl LifeState {
    /// Whether a role in this state can come to another. A new version is pending while the one before it stays in force; a rejected one is
    /// composed again.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use LifeState::{Active, Composing, Deactivated, Decommissioned, Pending};
        match self {
            Composing => next == Pending,
            Pending => matches!(next, Active | Composing | Deactivated | Decommissioned),
            Active => matches!(next, Pending | Deactivated | Decommissioned),
            Deactivated => matches!(next, Pending | Active | Decommissioned),
            Decommissioned => false,
        }
    }

    /// Whether it says that a role is in force, or that it is not.
    fn decides(self) -> bool {
        matches!(self, Self::Active | Self::Deactivated | Self::Decommissioned)
    }
}

impl fmt::Display for LifeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Composing => "composing",
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Decommissioned => "decommissioned",
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{
        LifeState::{self, Active, Composing, Deactivated, Decommissioned, Pending},
        Transition,
    };

    #[test]
    fn what_is_decommissioned_stays_so_and_nothing_is_active_unsigned() {
        for next in [Composing, Pending, Active, Deactivated, Decommissioned] {
            assert!(!Decommissioned.may_become(next));
        }
        assert!(!Composing.may_become(Active));
        assert!(Deactivated.may_become(Active));
    }

    /// States on the first, second, … day of October, looked at on its last; and on its second.
    fn withdrawn(states: &[LifeState]) -> [Option<LifeState>; 2] {
        let states: Vec<Transition> = states
            .iter()
            .zip(1..)
            .map(|(&to, day)| Transition { to, on: date(2026, 10, day), by: "bob".to_owned(), comment: None })
            .collect();
        [31, 2].map(|day| Transition::withdrawal(&states, date(2026, 10, day)).map(|state| state.to))
    }

    #[test]
    fn a_role_is_out_of_force_until_it_is_active_again_or_for_good() {
        assert_eq!(withdrawn(&[]), [None, None]);
        assert_eq!(withdrawn(&[Composing, Pending, Active]), [None, None]);
        assert_eq!(withdrawn(&[Active, Deactivated, Active]), [None, Some(Deactivated)]);
        assert_eq!(withdrawn(&[Active, Deactivated, Pending]), [Some(Deactivated), Some(Deactivated)]);
        assert_eq!(withdrawn(&[Active, Active, Decommissioned, Active]), [Some(Decommissioned), None]);
    }
}
