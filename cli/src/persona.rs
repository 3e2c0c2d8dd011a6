//! Who a report is for: what they are shown, and how sure a finding must be to fail.

use adit_rules::{Confidence, Severity};
use serde::{Deserialize, Serialize};

/// Who a report is for. Documented in `docs/personas.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Persona {
    /// Who changes specs or data: errors, and warnings that are not doubtful
    Author,
    /// Who reviews access: errors and warnings, and remarks that are not doubtful
    #[default]
    Reviewer,
    /// Who must have seen everything: all of it, and doubtful errors fail too
    Auditor,
}

impl Persona {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Reviewer => "reviewer",
            Self::Auditor => "auditor",
        }
    }

    /// How sure a finding must be at least to be an error: one that is less sure is a warning.
    pub(crate) fn fails_from(self) -> Confidence {
        match self {
            Self::Author | Self::Reviewer => Confidence::Medium,
            Self::Auditor => Confidence::Low,
        }
    }

    /// Whether they are shown a finding. An error is shown to everyone: nothing fails unseen.
    pub(crate) fn is_shown(self, severity: Severity, confidence: Confidence) -> bool {
        match (self, severity) {
            (_, Severity::Error) | (Self::Auditor, _) | (Self::Reviewer, Severity::Warning) => true,
            (Self::Author, Severity::Warning) | (Self::Reviewer, Severity::Info) => confidence > Confidence::Low,
            (Self::Author, Severity::Info) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIDENCES: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];
    const PERSONAS: [Persona; 3] = [Persona::Author, Persona::Reviewer, Persona::Auditor];

    #[test]
    fn each_persona_is_shown_what_the_one_before_is() {
        for severity in [Severity::Info, Severity::Warning, Severity::Error] {
            for confidence in CONFIDENCES {
                let shown = PERSONAS.map(|persona| persona.is_shown(severity, confidence));
                assert!(shown.is_sorted(), "{severity:?} {confidence:?}: {shown:?}");
                assert!(shown[2]);
            }
        }
    }

    #[test]
    fn nothing_fails_unseen() {
        for persona in PERSONAS {
            for confidence in CONFIDENCES {
                assert!(persona.is_shown(Severity::Error, confidence));
            }
        }
    }
}
