//! Findings as sentences in reading order, for screen readers: no drawing, no symbols, no columns.

use super::{View, causes, known, words};
use crate::{
    report::{Kind, Proof, Report, Responsible, Sentence, Word, level},
    text::{count, counted, some_of, visible},
};

/// Letters of names to read out, of those of whom the same is true.
const NAMES: usize = 200;

/// The whole report. Counts come first: who listens cannot look ahead.
pub(super) fn render(report: &Report, view: View) -> String {
    let mut lines = vec![format!("{}.", words::head(report))];
    lines.push(format!("Summary: {}.", words::verdict(report.tally(), view.look)));
    lines.extend(words::hidden(report).map(|hidden| format!("{}.", unquoted(&hidden))));
    let groups = causes::groups(&report.findings);
    let first = causes::first(&groups).into_iter().enumerate();
    lines.extend(first.map(|(index, group)| format!("Begin with, {}: {}.", index + 1, unquoted(&group.task()))));
    for group in &groups {
        lines.push(String::new());
        lines.push(format!(
            "Rule {}, {}, {}: {}. {}",
            group.rule.code,
            group.rule.name,
            level(group.severity),
            counted(group.findings() as u64, "finding", "findings"),
            group.rule.title()
        ));
        let (help, notes) = (group.shared_help(), group.shared_notes());
        lines.extend(notes.iter().map(|note| format!("For all of them: {}.", proof(note))));
        let total = group.causes.len();
        for (number, cause) in group.causes.iter().take(view.limit).enumerate() {
            let finding = cause.first;
            let doubt = words::doubt(finding).map(|doubt| format!("{doubt}, ")).unwrap_or_default();
            let of = if total > 1 { format!("Cause {} of {total}: ", number + 1) } else { String::new() };
            lines.push(format!("{of}{doubt}{}.", sentence(&finding.message)));
            let proofs = finding.evidence.iter().filter(|row| !notes.contains(row));
            lines.extend(proofs.map(|row| format!("Proof: {}.", proof(row))));
            if !cause.others.is_empty() {
                let others: Vec<&str> = cause.others.iter().map(|other| causes::about(other)).collect();
                lines.push(format!(
                    "The same for {} more: {}.",
                    count(others.len()),
                    some_of(others.iter().copied(), NAMES)
                ));
            }
            if help.is_none() {
                lines.push(format!("What to do: {}.", unquoted(&finding.help)));
            }
            let written = finding
                .place
                .as_ref()
                .map(|place| format!(" Written in {}, line {}, column {}.", place.shown, place.line, place.column));
            let fingerprint = finding.fingerprint.get(..8).unwrap_or_default();
            lines.push(format!("Finding {fingerprint}.{}", written.unwrap_or_default()));
        }
        if total > view.limit {
            lines.push(format!("{} more like these, shown with --all.", count(total - view.limit)));
        }
        lines.extend(help.map(|help| format!("What to do about each: {}.", unquoted(help))));
    }
    if !report.waived.is_empty() {
        lines.push(String::new());
    }
    for (finding, responsible) in &report.waived {
        lines.push(taken(&finding.message, responsible));
    }
    let mut text: String = lines.iter().map(|line| format!("{}\n", visible(&ended_once(line)))).collect();
    // Said in sentences already; a list of what the baseline keeps back would be drawn.
    let known = known::render(report, View { baselined: false, ..view });
    if !known.is_empty() {
        text.push_str(&format!("\n{}", unquoted(&known)));
    }
    for (finding, since) in report.known.iter().filter(|_| view.baselined).flat_map(|known| &known.findings) {
        let line = format!("Baselined since {since}: {}, {}.", finding.rule.name, sentence(&finding.message));
        text.push_str(&format!("{}\n", visible(&line)));
    }
    text
}

/// A line without the second of two stops.
fn ended_once(line: &str) -> String {
    match line.strip_suffix('.') {
        Some(rest) if rest.ends_with(['.', '?', '!']) => rest.to_owned(),
        _ => line.to_owned(),
    }
}

fn taken(message: &Sentence, responsible: &Responsible) -> String {
    format!(
        "Waived by {}, {}{}, because {}: {}.",
        responsible.title,
        responsible.owner,
        responsible.ending(),
        responsible.because,
        sentence(message)
    )
}

/// A row of evidence, spoken.
fn proof(proof: &Proof) -> String {
    match proof {
        Proof::Path(steps) => {
            let mut words = steps.iter().map(spoken);
            let first = words.next().unwrap_or_default();
            words.fold(first, |sentence, step| format!("{sentence}, then {step}"))
        }
        Proof::Row { file, row, column } => {
            let row = row.map(|row| format!(", line {row}")).unwrap_or_default();
            let column = column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
            format!("in {file}{row}{column}")
        }
        other => unquoted(&words::proof(other)),
    }
}

/// A step with what it is: shapes and colours say it elsewhere.
fn spoken(word: &Word) -> String {
    match word.kind {
        Kind::Text => unquoted(&word.name),
        Kind::ExistingRole => format!("existing role {}", word.name),
        kind => format!("{} {}", kind.word(), word.name),
    }
}

fn sentence(sentence: &Sentence) -> String {
    unquoted(&sentence.text())
}

/// Without backticks, which are read aloud, and with dots that every voice knows.
fn unquoted(text: &str) -> String {
    text.replace('`', "").replace('…', "...")
}
