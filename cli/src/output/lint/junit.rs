//! JUnit XML, as Jenkins, GitLab and most others read it: a suite per rule, a test case per finding.
//!
//! There is no standard; this is what the schema of Jenkins and the parsers in use agree on.

use std::collections::BTreeMap;

use adit_rules::{Rule, Severity, Verdict};

use super::words;
use crate::{
    report::{Finding, Report, Responsible, level},
    text::visible_lines,
};

/// The findings of one rule.
#[derive(Default)]
struct Suite<'a> {
    standing: Vec<&'a Finding>,
    /// With why nobody is told.
    skipped: Vec<(&'a Finding, String)>,
}

/// The whole document. Rules that found nothing are suites that passed.
pub(super) fn render(report: &Report) -> String {
    let mut suites: BTreeMap<&str, Suite<'_>> = BTreeMap::new();
    // What nobody can know did not pass: it is a test that could not be run, unless the project has it fail.
    let (undecided, standing): (Vec<_>, Vec<_>) = report
        .findings
        .iter()
        .partition(|finding| finding.verdict == Verdict::NotDecidable && finding.severity != Severity::Error);
    for finding in standing {
        suites.entry(finding.rule.code).or_default().standing.push(finding);
    }
    let skipped = report.tally().waived + report.tally().baselined + undecided.len() as u64;
    let undecided = undecided.into_iter().map(|finding| (finding, format!("not decidable: {}", finding.help)));
    let waived = report.waived.iter().map(|(finding, responsible)| (finding, taken(responsible)));
    let known = report.known.iter().flat_map(|known| &known.findings);
    let known = known.map(|(finding, since)| (finding, format!("in the baseline since {since}")));
    for (finding, reason) in undecided.chain(waived).chain(known) {
        suites.entry(finding.rule.code).or_default().skipped.push((finding, reason));
    }
    let (nothing, tally) = (Suite::default(), report.tally());
    let rules: Vec<_> = adit_rules::all().map(|rule| (rule, suites.get(rule.code).unwrap_or(&nothing))).collect();
    let tests: usize = rules.iter().map(|(_, suite)| suite.tests()).sum();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!(
        "<testsuites name=\"adit lint {}\" tests=\"{tests}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
        escaped(&report.project),
        tally.errors,
        skipped
    ));
    for (rule, suite) in rules {
        text.push_str(&suite.render(rule));
    }
    text.push_str("</testsuites>\n");
    text
}

impl Suite<'_> {
    /// How many test cases it has: one where nothing was found.
    fn tests(&self) -> usize {
        (self.standing.len() + self.skipped.len()).max(1)
    }

    fn render(&self, rule: &Rule) -> String {
        let failures = self.standing.iter().filter(|finding| finding.severity == Severity::Error).count();
        let class = format!("{}.{}", rule.family.folder(), rule.name);
        let mut text = format!(
            "  <testsuite name=\"{} {}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{}\">\n",
            rule.code,
            rule.name,
            self.tests(),
            self.skipped.len()
        );
        if self.standing.is_empty() && self.skipped.is_empty() {
            text.push_str(&format!("    <testcase classname=\"{class}\" name=\"no findings\"/>\n"));
        }
        for finding in &self.standing {
            let outcome = match finding.severity {
                Severity::Error => format!(
                    "      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                    rule.code,
                    escaped(&message(finding)),
                    escaped(&body(finding))
                ),
                // A warning is no failure to any reader of JUnit: it passes, and says so.
                other => format!("      <system-out>{}: {}</system-out>\n", level(other), escaped(&body(finding))),
            };
            text.push_str(&case(&class, finding, &outcome));
        }
        for (finding, reason) in &self.skipped {
            text.push_str(&case(&class, finding, &format!("      <skipped message=\"{}\"/>\n", escaped(reason))));
        }
        text.push_str("  </testsuite>\n");
        text
    }
}

fn taken(responsible: &Responsible) -> String {
    format!("{}, {}{}: {}", responsible.title, responsible.owner, responsible.ending(), responsible.because)
}

/// A test case. Its name ends with the fingerprint: two findings may say the same of different people.
fn case(class: &str, finding: &Finding, outcome: &str) -> String {
    let name = format!("{} ({})", finding.message.text(), finding.fingerprint.get(..8).unwrap_or_default());
    format!(
        "    <testcase classname=\"{class}\" name=\"{}\" file=\"{}\">\n{outcome}    </testcase>\n",
        escaped(&name),
        escaped(&finding.anchor.file)
    )
}

/// What is wrong, or that nobody can know.
fn message(finding: &Finding) -> String {
    match finding.verdict {
        Verdict::Violated => finding.message.text(),
        Verdict::NotDecidable => format!("not decidable: {}", finding.message.text()),
    }
}

fn body(finding: &Finding) -> String {
    let place = &finding.anchor;
    let mut lines = vec![message(finding)];
    lines.extend(finding.evidence.iter().map(|proof| format!("- {}", words::proof(proof))));
    lines.push(format!("help: {}", finding.help));
    lines.push(format!("at {}:{}:{}, finding {}", place.file, place.line, place.column, finding.fingerprint));
    lines.join("\n")
}

/// Text between tags or quotes. What XML 1.0 cannot hold at all is shown as an escape.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in visible_lines(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            '\u{FFFE}' | '\u{FFFF}' => escaped.extend(letter.escape_unicode()),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_break_the_document() {
        assert_eq!(escaped("a<b>&\"c\"\u{1}\u{ffff}\n"), "a&lt;b&gt;&amp;&quot;c&quot;\\u{1}\\u{ffff}\n");
    }
}
