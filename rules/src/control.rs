//! Controls of standards, in the words that people have for them, and the rules that serve them.

use std::collections::BTreeSet;

use crate::{Rule, rule::all};

/// A control as somebody named it, and what there is for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Control {
    /// As the rules cite it: `NIST CSF 2.0 PR.AA-05`. More than one where an older id stood for several; ascending.
    pub cited: Vec<&'static str>,
    /// What to know of an id that is no longer in use.
    pub note: Option<&'static str>,
}

/// Ids that older documents have, what stands in their place today, and why.
const FORMER: &[(&str, &[&str], &str)] = &[
    ("PR.AC-4", &["PR.AA-05"], "an id of NIST CSF 1.1; in 2.0 it is PR.AA-05"),
    ("NHI-01", &["NHI1:2025"], "OWASP's id of 2025 is NHI1:2025, improper offboarding"),
    (
        "NHI-02",
        &["NHI5:2025", "NHI9:2025", "NHI10:2025"],
        "NHI2:2025 is secret leakage, which access data does not show; overprivilege is NHI5:2025, shared use NHI9:2025 and NHI10:2025",
    ),
];

/// The control of that id, in full or without its standard, in any case: `AC-6(7)`, `NHI5`, `PR.AC-4`. None where no rule cites it.
#[must_use]
pub fn control(text: &str) -> Option<Control> {
    let text = text.trim();
    let former = FORMER.iter().find(|(id, ..)| id.eq_ignore_ascii_case(text));
    let wanted = former.map_or(&[][..], |(_, ids, _)| ids).iter().copied().chain(former.is_none().then_some(text));
    let cited: BTreeSet<&'static str> = wanted.flat_map(cited).collect();
    let note = former.map(|(.., note)| *note);
    (!cited.is_empty()).then(|| Control { cited: cited.into_iter().collect(), note })
}

/// The last word of every reference: what people type of a control.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let last = |reference: &&'static str| reference.rsplit(' ').next();
    all().flat_map(|rule| rule.references).filter_map(last).chain(FORMER.iter().map(|(id, ..)| *id))
}

impl Control {
    /// The rules that serve it, by code.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        all().filter(|rule| rule.references.iter().any(|reference| self.cited.contains(reference)))
    }
}

/// The references that are of that id.
fn cited(id: &str) -> impl Iterator<Item = &'static str> {
    all().flat_map(|rule| rule.references).copied().filter(move |reference| is(reference, id))
}

/// Whether a reference is that id, perhaps with its standard before it and its year after it left out.
fn is(reference: &str, id: &str) -> bool {
    let reference = reference.strip_suffix(":2025").filter(|_| !id.contains(':')).unwrap_or(reference);
    let rest = reference.len().checked_sub(id.len()).and_then(|at| Some((reference.get(..at)?, reference.get(at..)?)));
    !id.is_empty()
        && rest
            .is_some_and(|(before, own)| own.eq_ignore_ascii_case(id) && (before.is_empty() || before.ends_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_ids_lead_to_those_of_today() {
        let cited = |id| control(id).map(|control| control.cited);
        assert_eq!(cited("PR.AC-4"), Some(vec!["NIST CSF 2.0 PR.AA-05"]));
        assert_eq!(cited("nhi-02"), Some(vec!["OWASP NHI10:2025", "OWASP NHI5:2025", "OWASP NHI9:2025"]));
        assert_eq!(cited("NHI-01"), cited("NHI1:2025"));
        assert_eq!(cited("nhi5"), Some(vec!["OWASP NHI5:2025"]));
        assert_eq!(cited("AC-6(7)"), cited("NIST SP 800-53 r5 AC-6(7)"));
        assert_eq!([cited("AC-66"), cited("6(7)"), cited(""), cited("2025")], [None, None, None, None]);
    }

    #[test]
    fn every_id_is_one_of_a_control() {
        assert!(ids().count() > 50);
        assert_eq!(ids().filter(|id| control(id).is_none()).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn no_word_means_a_rule_and_a_control() {
        let words = all().flat_map(|rule| [rule.code, rule.name].into_iter().chain(rule.aliases.iter().copied()));
        assert_eq!(words.filter(|word| control(word).is_some()).collect::<Vec<_>>(), [""; 0]);
    }
}
