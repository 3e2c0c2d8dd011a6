//! Findings by rule, those with one cause together.

use std::{cmp::Reverse, collections::BTreeMap};

use adit_rules::{Rule, Severity};

use super::marks::danger;
use crate::{
    report::{Finding, Kind, Proof, Word},
    text::{count, counted},
};

/// Findings of one rule and severity.
pub(super) struct Group<'a> {
    /// The rule.
    pub(super) rule: &'static Rule,
    /// The severity.
    pub(super) severity: Severity,
    /// Its causes: those of most findings first, then in the order of their first findings.
    pub(super) causes: Vec<Cause<'a>>,
}

/// Findings that say the same of different people.
pub(super) struct Cause<'a> {
    /// The one to show.
    pub(super) first: &'a Finding,
    /// Those that say the same.
    pub(super) others: Vec<&'a Finding>,
}

/// What findings of one cause share: the words without people, and the entitlements.
type CauseKey<'a> = (usize, Vec<&'a Word>, &'a [String]);

impl Group<'_> {
    /// What to do first of it, as a sentence: ``RM503 sod-user-union, 9 findings of 2 causes: take away the path it needs least``.
    pub(super) fn task(&self) -> String {
        let largest = self.causes.first();
        let help = largest.map_or("", |cause| cause.first.help.as_str());
        let most = largest.map_or(0, |cause| 1 + cause.others.len());
        let findings = counted(self.findings() as u64, "finding", "findings");
        let causes = match (self.findings(), self.causes.len()) {
            (all, causes) if all == causes => String::new(),
            (_, 1) => " of one cause".to_owned(),
            (_, causes) => format!(" of {} causes, {} of them of one", count(causes), count(most)),
        };
        format!("{} {}, {findings}{causes}: {help}", self.rule.code, self.rule.name)
    }

    /// How many findings it has.
    pub(super) fn findings(&self) -> usize {
        self.causes.iter().map(|cause| 1 + cause.others.len()).sum()
    }

    /// What to do, when it is the same for several causes: to be said once then.
    pub(super) fn shared_help(&self) -> Option<&str> {
        let (first, rest) = self.causes.split_first()?;
        let same = !rest.is_empty() && rest.iter().all(|cause| cause.first.help == first.first.help);
        same.then_some(first.first.help.as_str())
    }

    /// Notes that are the same for all of several causes: to be said once then.
    pub(super) fn shared_notes(&self) -> Vec<&Proof> {
        let Some((first, rest)) = self.causes.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return Vec::new();
        };
        let everywhere = |proof: &&Proof| {
            matches!(proof, Proof::Note(_) | Proof::Through(..))
                && rest.iter().all(|cause| cause.first.evidence.contains(proof))
        };
        first.first.evidence.iter().filter(everywhere).collect()
    }
}

/// So many findings can be read from the first to the last.
const MANY: usize = 20;

/// So many groups are worth beginning with.
const FIRST: usize = 3;

/// Where to begin when there are many findings: the worst groups first, by severity, by how dangerous the rule is, then by how many findings it
/// has; none where there are few.
pub(super) fn first<'a, 'b>(groups: &'b [Group<'a>]) -> Vec<&'b Group<'a>> {
    let all: usize = groups.iter().map(Group::findings).sum();
    if all <= MANY || groups.len() <= FIRST {
        return Vec::new();
    }
    let mut first: Vec<&Group<'_>> = groups.iter().collect();
    first.sort_by_key(|group| (Reverse(group.severity), Reverse(danger(group.rule)), Reverse(group.findings())));
    first.truncate(FIRST);
    first
}

/// Findings by rule and severity in their own order, those with one cause together.
pub(super) fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut numbers: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    let mut known: BTreeMap<CauseKey<'_>, usize> = BTreeMap::new();
    for finding in findings {
        let number = *numbers.entry((finding.rule.code, finding.severity)).or_insert_with(|| {
            groups.push(Group { rule: finding.rule, severity: finding.severity, causes: Vec::new() });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(number) else { continue };
        let words = finding.message.0.iter().filter(|word| !word.kind.is_somebody()).collect();
        let cause = *known.entry((number, words, &finding.entitlements)).or_insert(group.causes.len());
        match group.causes.get_mut(cause) {
            Some(cause) => cause.others.push(finding),
            None => group.causes.push(Cause { first: finding, others: Vec::new() }),
        }
    }
    for group in &mut groups {
        group.causes.sort_by_key(|cause| Reverse(cause.others.len()));
    }
    groups
}

/// Paths as a tree: what several of them begin with is there once. A branch is as long as nothing parts from it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Branch<'a> {
    /// The steps up to where paths part, or end.
    pub(super) steps: Vec<&'a Word>,
    /// How they go on, in the order of the paths.
    pub(super) branches: Vec<Self>,
}

/// The tree of some paths; one per first step.
pub(super) fn tree<'a>(paths: impl IntoIterator<Item = &'a [Word]>) -> Vec<Branch<'a>> {
    let mut by_first: Vec<(&'a Word, Vec<&'a [Word]>)> = Vec::new();
    for path in paths {
        let Some((first, rest)) = path.split_first() else { continue };
        match by_first.iter_mut().find(|(step, _)| *step == first) {
            Some((_, rests)) => rests.push(rest),
            None => by_first.push((first, vec![rest])),
        }
    }
    let grown = by_first.into_iter().map(|(first, rests)| {
        let ends = rests.iter().any(|rest| rest.is_empty());
        let mut branches = tree(rests);
        match branches.pop() {
            // Nothing parts here: the branch goes on.
            Some(mut only) if branches.is_empty() && !ends => {
                only.steps.insert(0, first);
                only
            }
            last => {
                branches.extend(last);
                Branch { steps: vec![first], branches }
            }
        }
    });
    grown.collect()
}

/// The person or thing that a finding is about, in a word.
pub(super) fn about(finding: &Finding) -> &str {
    let somebody = finding.message.0.iter().find(|word| word.kind.is_somebody()).map(|word| word.name.as_str());
    somebody.or_else(|| finding.subject.parts.first().map(|(_, name)| name.as_str())).unwrap_or_default()
}

/// Whether a word only joins others.
pub(super) fn is_text(word: &Word) -> bool {
    word.kind == Kind::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(steps: &str) -> Vec<Word> {
        steps.split(' ').map(|step| Word { kind: Kind::Group, name: step.to_owned() }).collect()
    }

    fn shown(branches: &[Branch<'_>]) -> String {
        let one = |branch: &Branch<'_>| {
            let steps: Vec<_> = branch.steps.iter().map(|step| step.name.as_str()).collect();
            let rest =
                if branch.branches.is_empty() { String::new() } else { format!("({})", shown(&branch.branches)) };
            format!("{}{rest}", steps.join(">"))
        };
        branches.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_paths_share_is_there_once() {
        let of = |paths: &[&str]| {
            let paths: Vec<_> = paths.iter().map(|steps| path(steps)).collect();
            shown(&tree(paths.iter().map(Vec::as_slice)))
        };
        assert_eq!(of(&[]), "");
        assert_eq!(of(&["a b c"]), "a>b>c");
        assert_eq!(of(&["a b c", "a b d", "a e"]), "a(b(c d) e)");
        assert_eq!(of(&["a b c", "x y"]), "a>b>c x>y");
        assert_eq!(of(&["a b c d", "a b c e"]), "a>b>c(d e)");
        assert_eq!(of(&["a b", "a b c"]), "a>b(c)", "a path that ends where another goes on keeps its end");
        assert_eq!(of(&["a b", "a b"]), "a>b");
    }
}
