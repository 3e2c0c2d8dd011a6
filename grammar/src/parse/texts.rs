//! Texts: what stands between the quotes, turned into what it says.

use super::reader::{Pair, Reader};
use crate::{Diagnostic, Spanned, ast::Text, codes, parse::expected::clip};

impl<'t> Reader<'t> {
    /// A quoted text without its quotes and escapes.
    pub(super) fn text(&mut self, pair: &Pair<'t>) -> Text {
        let span = self.place_of(pair);
        let opened = pair.as_str().strip_prefix('"').unwrap_or_default();
        // One that never closes has been reported, whatever is taken for its last quote here.
        let mut rest = opened.strip_suffix('"').unwrap_or(opened);
        let mut node = String::with_capacity(rest.len());
        while let Some((plain, escaped)) = rest.split_once('\\') {
            node.push_str(plain);
            let (letter, length) = escape(escaped);
            match letter {
                Ok(letter) => node.extend(letter),
                Err(message) => {
                    let place = self.place(rest.get(plain.len()..plain.len() + 1 + length).unwrap_or_default());
                    let error = Diagnostic::error(codes::ESCAPE, message, place, "not an escape").help(
                        "the escapes of a text are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{1b}`; a backslash itself is written `\\\\`",
                    );
                    self.error(error);
                }
            }
            rest = escaped.get(length..).unwrap_or_default();
        }
        node.push_str(rest);
        Spanned::new(node, span)
    }
}

/// What an escape stands for, or why it is none; and how many bytes of it follow the backslash.
fn escape(after: &str) -> (Result<Option<char>, String>, usize) {
    match after.chars().next() {
        None => (Ok(None), 0),
        Some('n') => (Ok(Some('\n')), 1),
        Some('t') => (Ok(Some('\t')), 1),
        Some(letter @ ('"' | '\\')) => (Ok(Some(letter)), 1),
        Some('u') => match after.strip_prefix("u{").and_then(|number| number.split_once('}')) {
            Some((number, _)) => {
                let letter =
                    character(number).ok_or_else(|| format!("`{}` is no character", clip(&format!("\\u{{{number}}}"))));
                (letter.map(Some), number.len() + 3)
            }
            None => (Err("`\\u` without a number in braces".to_owned()), 1),
        },
        Some(other) => (Err(format!("unknown escape `\\{}`", other.escape_default())), other.len_utf8()),
    }
}

/// The character of a number of up to six hex digits.
fn character(number: &str) -> Option<char> {
    let hex = (1..=6).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(number, 16).ok().filter(|_| hex).and_then(char::from_u32)
}
