//! Whether a `because "…"` gives a reason that a reviewer could agree or disagree with.

/// Why a reason gives none, as the end of a sentence; `None` for one that may be a reason. Used for every `because`, and for the
/// reasons of recorded exceptions.
#[must_use]
pub fn vacuous_reason(reason: &str) -> Option<&'static str> {
    let words = words(reason);
    let text = words.join(" ");
    if text.is_empty() {
        return Some("it is empty");
    }
    if words.first().is_some_and(|first| PUT_OFF.contains(&first.as_str())) || PUT_OFF.contains(&text.as_str()) {
        return Some("it puts the reason off");
    }
    if words.iter().all(|word| FILLERS.contains(&word.as_str())) || PHRASES.contains(&text.as_str()) {
        return Some("it would fit anything");
    }
    if weight(reason) < 10 {
        return Some("it is too short to be one");
    }
    if distinct_letters(&text) < 4 || (words.len() > 1 && words.iter().all(|word| Some(word) == words.first())) {
        return Some("it repeats itself");
    }
    None
}

/// Words that put the reason off when they come first.
const PUT_OFF: &[&str] =
    &["todo", "tbd", "tba", "fixme", "xxx", "wip", "placeholder", "pending", "to be determined", "to be done"];

/// A reason made of these words alone is none.
const FILLERS: &[&str] = &[
    "a",
    "acceptable",
    "accepted",
    "access",
    "all",
    "an",
    "and",
    "approved",
    "are",
    "as",
    "asked",
    "agreed",
    "because",
    "before",
    "business",
    "by",
    "case",
    "design",
    "discussed",
    "done",
    "edge",
    "exception",
    "exempt",
    "exempted",
    "expected",
    "false",
    "fine",
    "for",
    "good",
    "historical",
    "ignore",
    "ignored",
    "in",
    "intended",
    "intentional",
    "intentionally",
    "is",
    "issue",
    "it",
    "its",
    "just",
    "justification",
    "justified",
    "known",
    "legacy",
    "legitimate",
    "me",
    "n",
    "na",
    "necessary",
    "need",
    "needed",
    "needs",
    "no",
    "none",
    "normal",
    "not",
    "now",
    "of",
    "ok",
    "okay",
    "on",
    "only",
    "our",
    "per",
    "please",
    "positive",
    "purpose",
    "purposes",
    "reason",
    "reasons",
    "request",
    "requested",
    "required",
    "requirement",
    "requirements",
    "risk",
    "see",
    "skip",
    "so",
    "some",
    "special",
    "such",
    "suppress",
    "temp",
    "temporarily",
    "temporary",
    "test",
    "testing",
    "that",
    "the",
    "there",
    "they",
    "this",
    "to",
    "trust",
    "unknown",
    "us",
    "usual",
    "valid",
    "waive",
    "waived",
    "waiver",
    "was",
    "we",
    "will",
    "works",
    "yes",
];

/// Phrases that would fit anything although their words could be part of a reason.
const PHRASES: &[&str] = &[
    "not applicable",
    "see above",
    "see below",
    "see ticket",
    "to be fixed later",
    "will fix later",
    "won t fix",
    "lorem ipsum",
];

fn words(reason: &str) -> Vec<String> {
    reason
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Letters; one of a script without upper and lower case, such as Chinese, says about as much as three.
fn weight(reason: &str) -> usize {
    let letters = reason.chars().filter(|letter| letter.is_alphabetic());
    letters.map(|letter| if letter.is_lowercase() || letter.is_uppercase() { 1 } else { 3 }).sum()
}

fn distinct_letters(text: &str) -> usize {
    let mut letters: Vec<char> = text.chars().filter(|letter| letter.is_alphabetic()).collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reasons() {
        for (reason, why) in [
            ("", "it is empty"),
            (" … !", "it is empty"),
            ("TODO", "it puts the reason off"),
            ("todo: ask the controller about the branch", "it puts the reason off"),
            ("TBD", "it puts the reason off"),
            ("to be determined", "it puts the reason off"),
            ("by design", "it would fit anything"),
            ("By  Design.", "it would fit anything"),
            ("n/a", "it would fit anything"),
            ("N.A.", "it would fit anything"),
            ("business need", "it would fit anything"),
            ("This is a known and accepted risk", "it would fit anything"),
            ("not applicable", "it would fit anything"),
            ("per CC-9", "it is too short to be one"),
            ("aaaaaaaaaaaaaaaaa", "it repeats itself"),
            ("payroll payroll payroll", "it repeats itself"),
        ] {
            assert_eq!(vacuous_reason(reason), Some(why), "{reason}");
        }
    }

    #[test]
    fn reasons() {
        for reason in [
            "dormant access is not evidence; IAM-014 §3.4",
            "granted through PAM only",
            "exceptions are reviewed, never mined",
            "two-person branch; monthly review by the controller, control CC-9",
            "每月由财务主管复核",
            "Zwei-Personen-Filiale",
            "the auditors signed it",
        ] {
            assert_eq!(vacuous_reason(reason), None, "{reason}");
        }
    }
}
