//! Findings, for people: by rule, equal causes together, each with its proof.

use adit_rules::Severity;

use super::{
    View,
    causes::{self, Branch, Cause, Group},
    known, words,
};

use crate::{
    report::{Proof, Report, Word, level},
    terminal::{Look, Paint},
    text::{count, counted, some_of, visible, wrap},
};

/// Rows of evidence to show with one finding.
const EVIDENCE: usize = 6;

/// The whole report.
pub(super) fn render(report: &Report, view: View) -> String {
    let look = view.look;
    let mut text = format!("{}\n\n", look.paint(Paint::Bold, &visible(&words::head(report))));
    let groups = causes::groups(&report.findings);
    for group in &groups {
        text.push_str(&heading(group, look));
        let shared = Shared { help: group.shared_help(), notes: group.shared_notes() };
        for note in &shared.notes {
            text.push_str(&format!("{}\n", wrap(&visible(&words::proof(note)), "  all: ", "       ", look)));
        }
        for cause in group.causes.iter().take(view.limit) {
            text.push_str(&show(cause, &shared, look));
        }
        if group.causes.len() > view.limit {
            let more = group.causes.len() - view.limit;
            text.push_str(&format!("\n  … and {} more like these: `--all` shows them\n", count(more)));
        }
        if let Some(help) = shared.help {
            text.push_str(&format!("\n{}", self::help(help, "  ", look)));
        }
        text.push_str(&look.paint(Paint::Dim, &format!("  more: adit explain {}\n", group.rule.code)));
        text.push('\n');
    }
    text.push_str(&waived(report, look));
    text.push_str(&words::verdict(report.tally(), look));
    text.push('\n');
    if let Some(waivers) = report.waivers.words() {
        text.push_str(&format!("waivers and acceptances: {waivers}\n"));
    }
    if let Some(hidden) = words::hidden(report) {
        text.push_str(&format!("{}\n", wrap(&hidden, "", "", look)));
    }
    text.push_str(&known::render(report, view));
    text.push_str(&begin(&groups, look));
    text
}

/// Where to begin, where there is much.
fn begin(groups: &[Group<'_>], look: Look) -> String {
    let first = causes::first(groups);
    if first.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", look.paint(Paint::Bold, "where to begin"));
    for (number, group) in (1..).zip(first) {
        text.push_str(&wrap(&visible(&group.task()), &format!("  {number}. "), "     ", look));
        text.push('\n');
    }
    text
}

/// What is said once for all causes of a rule.
struct Shared<'a> {
    help: Option<&'a str>,
    notes: Vec<&'a Proof>,
}

fn heading(group: &Group<'_>, look: Look) -> String {
    let paint = match group.severity {
        Severity::Error => Paint::Red,
        Severity::Warning => Paint::Yellow,
        Severity::Info => Paint::Cyan,
    };
    let label = look.paint(paint, &format!("{}[{}]", level(group.severity), group.rule.code));
    let name = look.paint(Paint::Bold, group.rule.name);
    let total = look.paint(Paint::Dim, &format!("({})", count(group.findings())));
    format!("{label} {name} {total}\n{}\n", wrap(&look.paint(Paint::Dim, &group.rule.title()), "  ", "  ", look))
}

fn help(help: &str, indent: &str, look: Look) -> String {
    let text = wrap(help, &format!("{indent}help: "), &format!("{indent}      "), look);
    format!("{}\n", look.paint(Paint::Cyan, &text))
}

fn show(cause: &Cause<'_>, shared: &Shared<'_>, look: Look) -> String {
    let finding = cause.first;
    let doubt = words::doubt(finding).map(|doubt| format!("{doubt}: ")).unwrap_or_default();
    let message = format!("{doubt}{}", finding.message.text());
    let mut text = format!("\n{}\n", wrap(&visible(&message), "  • ", "    ", look));
    let rows = rows(cause, shared, look);
    let last = rows.len().saturating_sub(1);
    for (index, row) in rows.iter().enumerate() {
        draw(row, "    ", index == last, look, &mut text);
    }
    if shared.help.is_none() {
        text.push_str(&help(&finding.help, "    ", look));
    }
    text
}

/// A row below a finding, and what hangs on it.
struct Row {
    words: String,
    below: Vec<Self>,
}

impl Row {
    fn new(words: String) -> Self {
        Self { words, below: Vec::new() }
    }
}

/// What proves a finding, where it is written, how it is called, and who else it is true of.
fn rows(cause: &Cause<'_>, shared: &Shared<'_>, look: Look) -> Vec<Row> {
    let finding = cause.first;
    let proofs: Vec<_> = finding.evidence.iter().filter(|proof| !shared.notes.contains(proof)).collect();
    let mut shown = proofs.iter().take(EVIDENCE).peekable();
    let mut rows = Vec::new();
    while let Some(proof) = shown.next() {
        let Proof::Path(path) = proof else {
            rows.push(Row::new(words::proof(proof)));
            continue;
        };
        // Paths that follow one another are one tree: what they share is drawn once.
        let mut paths = vec![path.as_slice()];
        while let Some(Proof::Path(path)) = shown.peek() {
            paths.push(path);
            shown.next();
        }
        rows.extend(causes::tree(paths).iter().map(branch));
    }
    if proofs.len() > EVIDENCE {
        let more = counted((proofs.len() - EVIDENCE) as u64, "further proof", "further proofs");
        rows.push(Row::new(format!("… and {more}")));
    }
    let fingerprint = finding.fingerprint.get(..8).unwrap_or(&finding.fingerprint);
    rows.push(Row::new(match &finding.place {
        Some(place) => format!("finding {fingerprint}, written at {}:{}:{}", place.shown, place.line, place.column),
        None => format!("finding {fingerprint}"),
    }));
    if !cause.others.is_empty() {
        let others: Vec<&str> = cause.others.iter().map(|other| causes::about(other)).collect();
        let room = look.width.saturating_sub(40);
        let names = some_of(others.iter().copied(), room);
        rows.push(Row::new(format!("the same for {} more: {names}", count(others.len()))));
    }
    rows
}

fn branch(branch: &Branch<'_>) -> Row {
    let steps: Vec<_> = branch.steps.iter().map(|step| Word::quoted(step)).collect();
    let arrow = if branch.branches.is_empty() { "" } else { " →" };
    Row { words: format!("{}{arrow}", steps.join(" → ")), below: branch.branches.iter().map(self::branch).collect() }
}

fn draw(row: &Row, indent: &str, last: bool, look: Look, text: &mut String) {
    let (corner, bar) = if last { ("└ ", "  ") } else { ("├ ", "│ ") };
    let rest = format!("{indent}{bar}");
    let under = if row.below.is_empty() { rest.clone() } else { format!("{rest}│ ") };
    text.push_str(&wrap(&visible(&row.words), &format!("{indent}{corner}"), &under, look));
    text.push('\n');
    for (index, below) in row.below.iter().enumerate() {
        draw(below, &rest, index + 1 == row.below.len(), look, text);
    }
}

/// What people took responsibility for, by who did.
fn waived(report: &Report, look: Look) -> String {
    let taken = report.taken();
    if taken.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", look.paint(Paint::Bold, "taken responsibility for"));
    for (title, (findings, responsible)) in taken {
        let findings = counted(findings as u64, "finding", "findings");
        let line =
            format!("{title}, {findings}. {}{}: {}", responsible.owner, responsible.ending(), responsible.because);
        text.push_str(&wrap(&visible(&line), "  • ", "    ", look));
        text.push('\n');
    }
    text.push('\n');
    text
}
