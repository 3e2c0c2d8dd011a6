//! What a baseline keeps back and what a revision had, for people: after the findings, so that nothing is hidden unsaid.

use std::collections::BTreeMap;

use super::View;
use crate::{
    baseline::Entry,
    report::{Known, Report},
    terminal::{Look, Paint},
    text::{count, counted, some_of, visible, wrap},
};

/// Lines about the baseline and the revision; nothing without either.
pub(super) fn render(report: &Report, view: View) -> String {
    let mut text = String::new();
    if let Some(against) = &report.against {
        text.push_str(&format!(
            "against {} ({}): {} new, {} unchanged, {} gone\n",
            against.revision,
            against.commit.get(..10).unwrap_or(&against.commit),
            count(against.new as usize),
            count(against.unchanged as usize),
            count(against.gone as usize),
        ));
    }
    if let Some(known) = &report.known {
        text.push_str(&baseline(known, view.baselined, view.look));
    }
    text
}

fn baseline(known: &Known, list: bool, look: Look) -> String {
    let name = known.path.display();
    let hidden = counted(known.findings.len() as u64, "finding", "findings");
    let mut text = match known.written {
        Some(written) => format!(
            "wrote {name}: {} added, {} kept, {} dropped\n",
            count(written.added as usize),
            count(written.kept as usize),
            count(written.dropped as usize)
        ),
        None => format!("{name} hides {hidden}{}\n", by_rule(known)),
    };
    if list {
        for (finding, since) in &known.findings {
            let message = finding.message.text();
            let line = format!("{} {} since {since}: {message}", finding.rule.code, finding.rule.name);
            text.push_str(&format!("{}\n", wrap(&visible(&line), "  • ", "    ", look)));
        }
    } else if !known.findings.is_empty() && known.written.is_none() {
        text.push_str(&look.paint(Paint::Dim, "  `--show-baselined` lists them\n"));
    }
    if !known.gone.is_empty() {
        let gone = counted(known.gone.len() as u64, "entry is", "entries are");
        let what: Vec<String> = known.gone.iter().map(about).collect();
        let room = look.width.saturating_sub(10);
        let line = format!(
            "{gone} gone: {}; `--update-baseline=shrink` drops them",
            some_of(what.iter().map(String::as_str), room)
        );
        text.push_str(&format!("{}\n", wrap(&line, "  ", "  ", look)));
    }
    if known.refused > 0 {
        let line = format!(
            "{} about a finding that is never waived, and so never hidden: it stands",
            counted(known.refused, "entry is", "entries are")
        );
        text.push_str(&format!("{}\n", look.paint(Paint::Yellow, &wrap(&line, "  ", "  ", look))));
    }
    if known.old > 0 {
        let oldest = known.findings.iter().map(|(_, since)| *since).min();
        let line = format!(
            "warning: {} hidden for more than {} days{}: mend them, or waive them with a reason",
            counted(known.old, "finding is", "findings are"),
            known.max_days,
            oldest.map(|day| format!(", the oldest since {day}")).unwrap_or_default()
        );
        text.push_str(&format!("{}\n", look.paint(Paint::Yellow, &wrap(&line, "  ", "  ", look))));
    }
    text
}

/// `: 3 RM102, 1 RM503`.
fn by_rule(known: &Known) -> String {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for (finding, _) in &known.findings {
        *rules.entry(finding.rule.code).or_default() += 1;
    }
    let rules: Vec<_> = rules.into_iter().map(|(code, findings)| format!("{} {code}", count(findings))).collect();
    if rules.is_empty() { String::new() } else { format!(": {}", rules.join(", ")) }
}

fn about(entry: &Entry) -> String {
    format!("{} {}", entry.rule, visible(&entry.about))
}
