//! A summary for a pull-request comment, in GitHub's Markdown, which GitLab understands too: counts first, details folded, and never
//! longer than a comment may be.

use super::{
    View,
    causes::{self, Cause, Group},
    words,
};

use crate::{
    report::{Report, Sentence, Word, level},
    text::{count, counted, some_of, visible},
};

/// The most bytes to write. A comment may have 65,536 letters on GitHub; bytes are never fewer than letters.
const SIZE: usize = 60_000;

/// Causes to show of each rule.
const CAUSES: usize = 10;

/// Rows of evidence to show with one finding.
const EVIDENCE: usize = 6;

/// The whole comment, ended by a newline.
pub(super) fn render(report: &Report) -> String {
    let groups = causes::groups(&report.findings);
    let mut text = head(report, &groups);
    let tail = tail(report);
    let mut left_out = 0;
    for group in &groups {
        let details = details(group);
        // Room for the tail, and for saying that something is left out.
        if left_out == 0 && text.len() + details.len() + tail.len() + 200 <= SIZE {
            text.push_str(&details);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        let rules = counted(left_out, "rule", "rules");
        text.push_str(&format!("\nThe details of {rules} are too long for a comment: `adit lint` shows them.\n"));
    }
    if text.len() + tail.len() <= SIZE {
        text.push_str(&tail);
    }
    text
}

fn head(report: &Report, groups: &[Group<'_>]) -> String {
    let tally = words::verdict(report.tally(), View::file().look);
    let mut text = format!("## adit: {}, as of {}\n\n**{tally}**\n", prose(&report.project), report.as_of);
    if let Some(against) = &report.against {
        text.push_str(&format!(
            "\nAgainst {}: {} new, {} unchanged, {} gone\n",
            code(&against.revision),
            count(against.new as usize),
            count(against.unchanged as usize),
            count(against.gone as usize)
        ));
    }
    if let Some(known) = &report.known {
        let (gone, old) = (count(known.gone.len()), count(known.old as usize));
        text.push_str(&format!("\nOf the baseline, {gone} gone, and {old} older than {} days\n", known.max_days));
    }
    if let Some(hidden) = words::hidden(report) {
        text.push_str(&format!("\n{}\n", prose(&hidden)));
    }
    if !groups.is_empty() {
        text.push_str("\n| | Rule | | Findings |\n|---|---|---|---:|\n");
    }
    let begin = causes::first(groups);
    for group in groups {
        text.push_str(&format!(
            "| {} | {} `{}` | {} | {} |\n",
            level(group.severity),
            group.rule.code,
            group.rule.name,
            prose(&group.rule.title()),
            count(group.findings())
        ));
    }
    if !begin.is_empty() {
        text.push_str("\nWhere to begin:\n\n");
    }
    for (number, group) in (1..).zip(begin) {
        text.push_str(&format!("{number}. {}\n", prose(&group.task())));
    }
    text
}

/// A rule's findings, folded.
fn details(group: &Group<'_>) -> String {
    let mut text = format!(
        "\n<details><summary>{} {} {}: {}</summary>\n\n",
        level(group.severity),
        group.rule.code,
        group.rule.name,
        counted(group.findings() as u64, "finding", "findings")
    );
    let shared = group.shared_help();
    for cause in group.causes.iter().take(CAUSES) {
        text.push_str(&self::cause(cause));
        if shared.is_none() {
            text.push_str(&format!("  - **what to do:** {}\n", prose(&cause.first.help)));
        }
    }
    if group.causes.len() > CAUSES {
        text.push_str(&format!("- … and {} more like these\n", count(group.causes.len() - CAUSES)));
    }
    if let Some(help) = shared {
        text.push_str(&format!("\n**What to do:** {}\n", prose(help)));
    }
    text.push_str("\n</details>\n");
    text
}

fn cause(cause: &Cause<'_>) -> String {
    let finding = cause.first;
    let doubt = words::doubt(finding).map(|doubt| format!("*{doubt}:* ")).unwrap_or_default();
    let place = finding.place.as_ref().map(|place| format!(", {}", code(&format!("{}:{}", place.file, place.line))));
    let short = finding.fingerprint.get(..8).unwrap_or_default();
    let mut text = format!("- {doubt}{} ({short}{})\n", sentence(&finding.message), place.unwrap_or_default());
    for proof in finding.evidence.iter().take(EVIDENCE) {
        text.push_str(&format!("  - {}\n", prose(&words::proof(proof))));
    }
    if finding.evidence.len() > EVIDENCE {
        let more = counted((finding.evidence.len() - EVIDENCE) as u64, "further proof", "further proofs");
        text.push_str(&format!("  - … and {more}\n"));
    }
    if !cause.others.is_empty() {
        let others: Vec<&str> = cause.others.iter().map(|other| causes::about(other)).collect();
        let names = some_of(others.iter().copied(), 120);
        text.push_str(&format!("  - the same for {} more: {}\n", count(others.len()), prose(&names)));
    }
    text
}

/// What people took responsibility for, folded.
fn tail(report: &Report) -> String {
    let taken = report.taken();
    if taken.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n<details><summary>Taken responsibility for</summary>\n\n");
    for (title, (findings, responsible)) in taken {
        text.push_str(&format!(
            "- {}, {}. {}{}: {}\n",
            prose(title),
            counted(findings as u64, "finding", "findings"),
            code(&responsible.owner),
            responsible.ending(),
            prose(&responsible.because)
        ));
    }
    text.push_str("\n</details>\n");
    text
}

/// A sentence; names as code.
fn sentence(sentence: &Sentence) -> String {
    let word = |word: &Word| {
        if causes::is_text(word) { prose(&word.name) } else { code(&word.name) }
    };
    sentence.0.iter().map(word).collect()
}

/// Words in which some are between backticks. Nothing else in them is Markdown or HTML: names and reasons come from the data.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let part = |(index, part): (usize, &&str)| if index % 2 == 1 { code(part) } else { escaped(part) };
    parts.iter().enumerate().map(part).collect()
}

/// A code span, whatever is in it. A bar would end the cell of a table even here.
fn code(text: &str) -> String {
    let text = visible(text).replace('|', "¦");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 || text.starts_with(' ') || text.is_empty() {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in visible(text).chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // Nobody is called by a report.
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => escaped.extend(['\\', letter]),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_no_markdown() {
        assert_eq!(prose("see `a_b` and *c* <img src=x> @all"), "see `a_b` and \\*c\\* &lt;img src=x&gt; &#64;all");
        assert_eq!(prose("odd ` tick [x](y)"), "odd \\` tick \\[x\\](y)");
        assert_eq!(code("a`b|c"), "`` a`b¦c ``");
        assert_eq!(code("a``b"), "``` a``b ```");
    }
}
