//! Text that is not what it seems: characters that cannot be seen or that reorder others, and letters that pass for others.

use std::collections::{BTreeMap, BTreeSet};

use adit_grammar::{Diagnostic, Span, ast};
use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection, skeleton};

use super::{
    codes,
    context::{Context, Faults},
};
use crate::resolve::ProjectFile;

/// So many are shown of one file.
const MOST: usize = 10;

/// Looks through every file, comments included.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) {
    for file in &context.project.files {
        hidden(context, file, faults);
        mixed(file, faults);
    }
    let names = &context.names;
    let sets = names.sets.values().map(|set| &set.name);
    lookalikes("set or activity", sets.chain(names.activities.values().map(|activity| &activity.name)), faults);
    lookalikes("sensitive", names.sensitive.values().map(|sensitive| &sensitive.name), faults);
    lookalikes("governance", names.governance.values().map(|governance| &governance.name), faults);
    lookalikes("duties", names.duties.values().map(|duties| &duties.name), faults);
    lookalikes("class", names.identities.iter().flat_map(|block| &block.classes).map(|class| &class.name), faults);
    lookalikes("waiver", names.waivers.values().map(|waiver| &waiver.id), faults);
    let minings = names.minings.values().map(|mining| &mining.name);
    lookalikes("mining or role", minings.chain(names.roles.values().map(|role| &role.name)), faults);
}

/// Reports characters that cannot be seen.
fn hidden(context: &Context<'_>, file: &ProjectFile, faults: &mut Faults) {
    let mut found = Vec::new();
    for (line_start, line) in foreign_lines(&file.text) {
        let mut before = None;
        let mut letters = line.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let start = line_start + at;
            let after = letters.peek().map(|(_, letter)| *letter);
            if let Some(what) = invisible(letter).filter(|_| start > 0 && !is_needed(letter, before, after)) {
                let span = Span::new(file.id, start, start + letter.len_utf8());
                // Outside of texts and comments it is a syntax error already.
                if context.broken.not_within(span) {
                    found.push((span, letter, what));
                }
            }
            before = Some(letter);
        }
    }
    let count = found.len();
    for (span, letter, what) in found.into_iter().take(MOST) {
        let code = format!("U+{:04X}", u32::from(letter));
        let help = match count.checked_sub(MOST) {
            Some(more @ 1..) => format!("remove it, and {more} more in this file that are not shown"),
            _ => format!("remove it; in a text where it is meant, write `{}`", letter.escape_unicode()),
        };
        let message = format!("{what} {code} makes the text read other than it is");
        faults.push(Diagnostic::error(codes::HIDDEN_CHARACTER, message, span, "here").help(help));
    }
}

/// Whether what cannot be seen makes a difference to its neighbours: some scripts, and emoji, need joiners to be written at all; emoji and
/// ideographs have variants.
fn is_needed(letter: char, before: Option<char>, after: Option<char>) -> bool {
    let from = |neighbour: Option<char>, first: char| neighbour.is_some_and(|neighbour| neighbour >= first);
    match letter {
        '\u{200c}' | '\u{200d}' => from(before, '\u{590}') && from(after, '\u{590}'),
        '\u{fe00}'..='\u{fe0f}' => from(before, '\u{a9}') || matches!(before, Some('0'..='9' | '#' | '*')),
        '\u{e0100}'..='\u{e01ef}' => from(before, '\u{3400}'),
        _ => false,
    }
}

fn invisible(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{80}'..='\u{9f}' => "the control character",
        '\u{2028}' | '\u{2029}' => "the line break",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => "the direction mark",
        '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{ffa0}' => "the invisible character",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "the variation selector",
        '\u{e0000}'..='\u{e007f}' => "the invisible tag",
        _ => return None,
    })
}

/// The lines that have anything but ASCII, each with where it starts: all others are what they seem.
fn foreign_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = text.split_inclusive('\n').scan(0, |next, line| {
        let start = *next;
        *next += line.len();
        Some((start, line))
    });
    starts.filter(|(_, line)| !line.is_ascii())
}

/// Reports words that mix alphabets whose letters look alike, each word once.
fn mixed(file: &ProjectFile, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    let words = foreign_lines(&file.text).flat_map(|(line_start, line)| {
        let base = line.as_ptr().addr();
        let words = line.split(|letter: char| !letter.is_alphanumeric());
        words.map(move |word| (line_start + word.as_ptr().addr() - base, word))
    });
    for (start, word) in words {
        let span = Span::new(file.id, start, start + word.len());
        if !word.is_ascii() && !word.is_single_script() && !is_customary(word) && seen.len() < MOST && seen.insert(word)
        {
            let message = format!("`{word}` mixes letters of two alphabets that look alike");
            faults.push(
                Diagnostic::warning(codes::MIXED_SCRIPTS, message, span, strange_letters(word))
                    .help("retype the word in one alphabet: a value spelled with look-alikes is another value"),
            );
        }
    }
}

/// Scripts that are written together by custom, such as Latin and Japanese.
fn is_customary(word: &str) -> bool {
    word.check_restriction_level(RestrictionLevel::HighlyRestrictive)
}

fn strange_letters(word: &str) -> String {
    let strange: Vec<String> = word
        .chars()
        .filter(|letter| !letter.is_ascii())
        .take(4)
        .map(|letter| format!("{letter} is U+{:04X}", u32::from(letter)))
        .collect();
    strange.join(", ")
}

/// Reports names that are told apart only by letters that look the same. Plain ASCII names are left in peace.
fn lookalikes<'a>(what: &str, names: impl Iterator<Item = &'a ast::Text> + Clone, faults: &mut Faults) {
    if names.clone().all(|name| name.node.is_ascii()) {
        return;
    }
    let mut by_shape: BTreeMap<String, &ast::Text> = BTreeMap::new();
    for name in names {
        match by_shape.get(&skeleton(&name.node).collect::<String>()) {
            Some(first) if first.node != name.node && !(first.node.is_ascii() && name.node.is_ascii()) => {
                let (first, name) = if first.span < name.span { (*first, name) } else { (name, *first) };
                let message = format!("{what} `{}` looks like `{}` and is another name", name.node, first.node);
                faults.push(
                    Diagnostic::error(codes::LOOKALIKE_NAMES, message, name.span, strange_letters(&name.node))
                        .label(first.span, "looks the same")
                        .help("rename one of them"),
                );
            }
            Some(_) => {}
            None => {
                by_shape.insert(skeleton(&name.node).collect(), name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_hidden(text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        letters.iter().enumerate().any(|(at, &letter)| {
            let before = at.checked_sub(1).and_then(|at| letters.get(at).copied());
            invisible(letter).is_some() && !is_needed(letter, before, letters.get(at + 1).copied())
        })
    }

    #[test]
    fn what_cannot_be_seen_is_found() {
        for text in [
            "F\u{ad}110",
            "a\u{200d}b",
            "\u{9b}31m",
            "a\u{2028}b",
            "a\u{34f}b",
            "a\u{206a}b",
            "a\u{fff9}b",
            "a\u{fe0f}",
            "\u{fe0f}",
            "a\u{e0101}",
            "a\u{e0041}",
            "a\u{3164}b",
        ] {
            assert!(is_hidden(text), "{text:?}");
        }
    }

    #[test]
    fn what_a_script_needs_is_left_alone() {
        for text in [
            "می\u{200c}خواهم",
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "©\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "葛\u{e0100}",
            "naïve",
            "a\u{a0}b",
        ] {
            assert!(!is_hidden(text), "{text:?}");
        }
    }
}
