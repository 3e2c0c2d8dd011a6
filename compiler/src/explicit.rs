//! A spec with everything written down that holds where it says nothing.
//!
//! The text of each file is kept, comments and all; what is missing goes into the blocks it belongs to, each line marked as a default.
//! The checked spec is where the values come from, so that nothing can be shown that does not apply. The result means the same.

mod words;

use adit_grammar::{
    FormatError, Span,
    ast::{self, Item, MineStatement, ScopeAction, Selection, Setting, SettingPart},
    format,
};

use crate::{
    resolve::{Project, ProjectFile},
    spec::{Mining, Spec},
};

/// What stands behind a line that was not written.
const MARK: &str = "  // by default";

/// The text of every file of a project, in its order, with the defaults that apply. `spec` is what the project means.
///
/// # Errors
/// Only when a file would not read the same after it was formatted, which is a bug.
pub fn explicit(project: &Project, spec: &Spec) -> Result<Vec<String>, FormatError> {
    project.files.iter().map(|file| format(&written(file, spec))).collect()
}

/// The text with its additions, not laid out.
fn written(file: &ProjectFile, spec: &Spec) -> String {
    let mut additions = Additions { text: &file.text, all: Vec::new() };
    for item in &file.tree.items {
        match item {
            Item::Mining(mining) => {
                if let Some(meant) = spec.minings.iter().find(|meant| meant.name == mining.name.node) {
                    additions.mining(mining, meant, spec);
                }
            }
            Item::Duties(duties) if duties.level.is_none() => {
                if let Some(meant) = spec.duties.iter().find(|meant| meant.name == duties.name.node) {
                    additions.within(*duties.span, &[words::level(meant.level).to_owned()]);
                }
            }
            Item::Provision(provision) => {
                let mut missing = Vec::new();
                missing.extend(provision.when_lost.is_none().then(|| "when lost remove".to_owned()));
                missing.extend(provision.emit.is_empty().then(|| "emit json".to_owned()));
                additions.within(*provision.span, &missing);
            }
            Item::UsePack(pack) if pack.target.is_none() => {
                if let Some(meant) = spec.packs.iter().find(|meant| meant.name == pack.name.node) {
                    additions.inline(pack.span.end, format!(" for {}", meant.target));
                }
            }
            _ => {}
        }
    }
    additions.text()
}

/// Pieces of text to be put into another.
struct Additions<'a> {
    text: &'a str,
    /// Where, and what.
    all: Vec<(u32, String)>,
}

impl Additions<'_> {
    fn mining(&mut self, written: &ast::Mining, meant: &Mining, spec: &Spec) {
        let Some(mine) = &written.mine else { return };
        let scope = written.scope.as_ref();
        if !scope.is_some_and(|scope| scope.node.iter().any(includes_identities)) {
            let classes: Vec<&str> =
                spec.classes.iter().filter(|class| !class.break_glass).map(|class| class.name.as_str()).collect();
            let line = format!("include identities {}", classes.join(", "));
            match scope {
                _ if classes.is_empty() => {}
                Some(scope) => self.within(scope.span, &[line]),
                None => self.at(mine.span.start, format!("scope {{\n{line}{MARK}\n}}\n\n")),
            }
        }
        if !mine.node.iter().any(|statement| matches!(statement, MineStatement::IgnoreFewerThan(_))) {
            let line = format!("ignore entitlements held by fewer than {} identities", meant.ignore_fewer_than);
            self.within(mine.span, &[line]);
        }
        let using = mine.node.iter().find_map(|statement| match statement {
            MineStatement::ClusterUsing(using) => Some(using),
            _ => None,
        });
        if let Some(using) = using {
            let guided = !meant.guided_by.is_empty();
            let missing = words::missing(words::strategy(&meant.strategy, guided, &using.settings), &using.settings);
            self.settings(*using.span, &missing);
            if let Some((setting, most)) = words::open_number(&meant.strategy, &using.settings) {
                self.inline(setting.span.end, most);
            }
        }
        let settings = written.cutoff.as_ref().map(|block| block.node.as_slice()).unwrap_or_default();
        let missing = words::missing(words::cutoff(&meant.cutoff), settings);
        match &written.cutoff {
            Some(block) => self.within(block.span, &missing),
            None if missing.is_empty() => {}
            None => self.at(mine.span.end, format!("\n\ncutoff {{\n{}}}\n", lines(&missing))),
        }
        if let (Some(describe), Some(meant)) = (&written.describe, &meant.describe) {
            let missing = words::missing(words::describe(meant, &describe.settings), &describe.settings);
            self.settings(*describe.span, &missing);
        }
    }

    /// Into the block of a statement, which may have none yet.
    fn settings(&mut self, statement: Span, lines: &[String]) {
        if self.text.get(statement.range()).is_some_and(|text| text.ends_with('}')) {
            self.within(statement, lines);
        } else if !lines.is_empty() {
            self.at(statement.end, format!(" {{\n{}}}", self::lines(lines)));
        }
    }

    /// At the end of a block, before its `}`.
    fn within(&mut self, block: Span, lines: &[String]) {
        if !lines.is_empty() {
            let end = block.end.saturating_sub(1);
            let before = self.text.get(..end as usize).unwrap_or_default().trim_end_matches([' ', '\t']);
            let gap = if before.ends_with('\n') { "" } else { "\n" };
            self.at(end, format!("{gap}{}", self::lines(lines)));
        }
    }

    /// At the end of a statement, which is marked where nothing else stands in its line.
    fn inline(&mut self, place: u32, text: String) {
        let rest = self.text.get(place as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let mark = if rest.trim().is_empty() { MARK } else { "" };
        self.at(place, format!("{text}{mark}"));
    }

    fn at(&mut self, place: u32, text: String) {
        self.all.push((place, text));
    }

    fn text(mut self) -> String {
        self.all.sort_by_key(|(place, _)| *place);
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for (place, addition) in &self.all {
            let to = *place as usize;
            text.push_str(self.text.get(from..to).unwrap_or_default());
            text.push_str(addition);
            from = to;
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        text
    }
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}{MARK}\n")).collect()
}

fn includes_identities(rule: &ast::ScopeRule) -> bool {
    rule.action.node == ScopeAction::Include && matches!(rule.selection, Selection::Identities { .. })
}

/// Whether a setting begins with these words.
fn begins(setting: &Setting, words: &str) -> bool {
    let mut parts = setting.parts.iter();
    words.split(' ').all(|word| matches!(parts.next(), Some(SettingPart::Word(said)) if said.node == word))
}

#[cfg(test)]
mod tests;
