//! How many waivers and acceptances there are, and what became of them.

use adit_rules::WaiverRecord;

/// Waivers and acceptances, each counted once, in the first of these that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub(crate) struct WaiverTally {
    /// Past their last day.
    pub(crate) expired: u64,
    /// Refused for everything they are on.
    pub(crate) without_effect: u64,
    /// On nothing that was found.
    pub(crate) unused: u64,
    /// In force, and their last day is near.
    pub(crate) expiring: u64,
    /// In force.
    pub(crate) in_force: u64,
}

impl WaiverTally {
    pub(super) fn of(record: &WaiverRecord) -> Self {
        let mut tally = Self::default();
        for used in &record.waivers {
            let refused = used.took == 0 && !used.refusals.is_empty();
            *tally.place(used.expired, refused, used.matched == 0, used.expiring) += 1;
        }
        for used in &record.acceptances {
            *tally.place(used.expired, false, used.faults == 0, used.expiring) += 1;
        }
        tally
    }

    fn place(&mut self, expired: bool, refused: bool, unused: bool, expiring: bool) -> &mut u64 {
        match (expired, refused, unused, expiring) {
            (true, ..) => &mut self.expired,
            (_, true, ..) => &mut self.without_effect,
            (_, _, true, _) => &mut self.unused,
            (_, _, _, true) => &mut self.expiring,
            _ => &mut self.in_force,
        }
    }

    /// `3 in force, 1 ends soon, 1 expired`; nothing when there is none.
    pub(crate) fn words(self) -> Option<String> {
        let counts = [
            (self.in_force, "in force"),
            (self.expiring, "in force and ending soon"),
            (self.expired, "expired"),
            (self.unused, "unused"),
            (self.without_effect, "without effect"),
        ];
        let parts: Vec<_> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use adit_rules::waivers::{AcceptanceUse, WaiverUse};

    use super::*;

    #[test]
    fn each_is_counted_once() {
        let used = |matched, took, expired, expiring, refused: bool| WaiverUse {
            matched,
            took,
            expired,
            expiring,
            refusals: if refused { vec![adit_rules::Refusal::OnNothing] } else { Vec::new() },
        };
        let record = WaiverRecord {
            waivers: vec![
                used(2, 2, false, false, false),
                used(2, 1, false, true, true),
                used(2, 0, true, false, false),
                used(0, 0, true, false, true),
                used(0, 0, false, false, true),
                used(0, 0, false, true, false),
            ],
            acceptances: vec![
                AcceptanceUse { faults: 1, expired: false, expiring: false },
                AcceptanceUse { faults: 0, expired: false, expiring: true },
            ],
        };
        let tally = WaiverTally::of(&record);
        let expected = WaiverTally { expired: 2, without_effect: 1, unused: 2, expiring: 1, in_force: 2 };
        assert_eq!(tally, expected);
        assert_eq!(
            tally.words().unwrap(),
            "2 in force, 1 in force and ending soon, 2 expired, 2 unused, 1 without effect"
        );
        assert_eq!(WaiverTally::default().words(), None);
    }
}
