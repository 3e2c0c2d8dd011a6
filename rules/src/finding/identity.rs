//! What makes a finding the finding it is, and what becomes of two that are about the same.

use adit_snapshots::EntitlementId;

use super::{Evidence, Finding, Subject};
use crate::RuleCode;

impl Finding {
    /// What makes it the finding it is. The order is that of reports.
    pub(crate) fn identity(&self) -> (RuleCode, &Subject, &[EntitlementId]) {
        (self.rule.code, &self.subject, &self.entitlements)
    }

    /// Takes in a finding that is about the same. It happens where two populations yield roles that grant the same: a role's id is
    /// what it grants.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.severity = self.severity.max(other.severity);
        self.confidence = self.confidence.max(other.confidence);
        self.against.extend(other.against);
        self.against.sort_unstable();
        self.against.dedup();
        self.accepted = self.accepted.filter(|_| self.accepted == other.accepted);
        if other.message != self.message {
            self.evidence.push(Evidence::Note(other.message));
        }
        for evidence in other.evidence {
            if !self.evidence.contains(&evidence) {
                self.evidence.push(evidence);
            }
        }
    }
}
