//! The evidence of findings as a Graphviz digraph: who reaches what through what. For `--finding`, or for all of them as one graph.

use std::collections::BTreeSet;

use adit_rules::Severity;

use super::words;
use crate::{
    output::marks::Graph,
    report::{Finding, Kind, Proof, Report, Word},
};

/// Letters in a line of a label.
const WIDTH: usize = 44;

/// Rows of evidence to write under a finding that has no path.
const ROWS: usize = 4;

/// The whole graph, ended by a newline.
pub(super) fn render(report: &Report) -> String {
    let mut text = String::from(
        "digraph evidence {\n  rankdir=LR;\n  node [fontname=\"Helvetica\", fontsize=11];\n  edge [color=\"#555555\"];\n",
    );
    let mut graph = Graph::default();
    let mut starts: BTreeSet<(usize, usize)> = BTreeSet::new();
    let waived = report.waived.iter().map(|(finding, _)| (finding, "dashed"));
    let findings = report.findings.iter().map(|finding| (finding, "solid")).chain(waived);
    for (number, (finding, style)) in findings.enumerate() {
        starts.extend(graph.add_all(&finding.evidence).into_iter().map(|node| (number, node)));
        text.push_str(&self::finding(number, finding, style));
    }
    for (number, word) in graph.nodes.iter().enumerate() {
        text.push_str(&node(number, word, graph.dominating.contains(&number)));
    }
    for (finding, node) in starts {
        text.push_str(&format!("  f{finding} -> n{node} [style=dashed, arrowhead=none];\n"));
    }
    for (from, to) in &graph.steps {
        text.push_str(&format!("  n{from} -> n{to};\n"));
    }
    text.push_str("}\n");
    text
}

/// The finding itself, dashed where somebody took responsibility for it: what is wrong; and the first rows of its evidence where no path shows it.
fn finding(number: usize, finding: &Finding, style: &str) -> String {
    let color = match finding.severity {
        Severity::Error => "#b3261e",
        Severity::Warning => "#8a5a00",
        Severity::Info => "#1f5f99",
    };
    let short = finding.fingerprint.get(..8).unwrap_or_default();
    let head = format!("{} {} ({short})", finding.rule.code, finding.rule.name);
    let mut lines = vec![head];
    lines.extend(lines_of(&plain(&finding.message.text())));
    if !finding.evidence.iter().any(|proof| matches!(proof, Proof::Path(_))) {
        for proof in finding.evidence.iter().take(ROWS) {
            lines.extend(lines_of(&format!("– {}", plain(&words::proof(proof)))));
        }
    }
    let label = label(&lines, "\\l");
    format!("  f{number} [shape=note, style={style}, color=\"{color}\", fontcolor=\"{color}\", label=\"{label}\"];\n")
}

/// A node; with a double red border where all ways of a finding lead through it.
fn node(number: usize, word: &Word, dominates: bool) -> String {
    let style = match word.kind {
        Kind::Identity | Kind::Person => "shape=ellipse, style=filled, fillcolor=\"#dbe9f6\"",
        Kind::Account => "shape=ellipse, style=\"filled,dashed\", fillcolor=\"#dbe9f6\"",
        Kind::Group => "shape=folder, style=filled, fillcolor=\"#eeeeee\"",
        Kind::Role | Kind::ExistingRole => "shape=box, style=\"rounded,filled\", fillcolor=\"#e3f1df\"",
        Kind::Entitlement => "shape=box, style=filled, fillcolor=\"#fff4d6\"",
        Kind::Exception => "shape=note, style=filled, fillcolor=\"#f6e3f1\"",
        Kind::Duties | Kind::Text => "shape=octagon, style=filled, fillcolor=\"#fbdcd9\"",
    };
    let border = if dominates { ", color=\"#b3261e\", penwidth=2, peripheries=2" } else { "" };
    format!("  n{number} [{style}{border}, label=\"{}\"];\n", label(&lines_of(&plain(&word.name)), "\\n"))
}

/// Names stand for themselves in a picture: without backticks.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

fn lines_of(text: &str) -> Vec<String> {
    let options = textwrap::Options::new(WIDTH)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// Lines as the inside of a quoted label; `end` ends and aligns a line.
fn label(lines: &[String], end: &str) -> String {
    let escape = |line: &String| {
        let line = crate::text::visible(line).replace('\\', "\\\\").replace('"', "\\\"");
        format!("{line}{end}")
    };
    let label: String = lines.iter().map(escape).collect();
    // A centred line needs no end where nothing follows.
    if end == "\\n" { label.trim_end_matches("\\n").to_owned() } else { label }
}
