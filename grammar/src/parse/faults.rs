use super::{
    MAX_DEPTH,
    expected::{clip, unquoted},
    reader::Reader,
};
use crate::{Diagnostic, codes, lex::Kind, outline::Fault};

impl Reader<'_> {
    /// Says what is wrong with the tokens and brackets of the file.
    pub(super) fn faults(&mut self, faults: &[Fault]) {
        self.control_characters();
        for fault in faults {
            if let Some(error) = self.fault(*fault) {
                self.error(error);
            }
        }
    }

    /// Control characters are nowhere welcome, not even in a text or a comment: they are invisible, and some are orders to
    /// the terminal that shows them.
    fn control_characters(&mut self) {
        let text = self.text;
        for (at, byte) in text.bytes().enumerate() {
            if is_control(byte) {
                self.error_with(|reader| {
                    let message = format!("unexpected control character U+{byte:04X}");
                    Diagnostic::error(codes::BAD_CHARACTER, message, reader.span(at..at + 1), "invisible")
                        .help(format!("delete it; in a text it is written `\\u{{{byte:x}}}`"))
                });
            }
        }
    }

    fn fault(&self, fault: Fault) -> Option<Diagnostic> {
        Some(match fault {
            Fault::BadCharacter(at) => return self.bad_character(at),
            Fault::UnclosedText(at) => {
                let written = self.tokens.get(at).map(|token| token.text(self.text)).unwrap_or_default();
                let help = if written.ends_with("\\\"") {
                    "`\\\"` is a quote inside the text; a backslash at its end is written `\\\\`"
                } else {
                    "add the closing `\"`; a text ends on the line it begins on, a line break inside is written `\\n`"
                };
                Diagnostic::error(codes::UNCLOSED_TEXT, "the text is never closed", self.token_span(at), "opened here")
                    .help(help)
            }
            Fault::Unclosed(at, before) => {
                let open = self.tokens.get(at).map(|token| token.text(self.text)).unwrap_or_default();
                let close = match open {
                    "(" => ")",
                    "[" => "]",
                    _ => "}",
                };
                let error = Diagnostic::error(
                    codes::UNCLOSED_BRACKET,
                    format!("`{open}` is never closed"),
                    self.token_span(at),
                    "opened here",
                );
                match before {
                    Some(before) => error.label(self.token_span(before), format!("`{close}` is missing before this")),
                    None => error,
                }
                .help(format!("add `{close}`"))
            }
            Fault::Stray(at) => {
                let close = self.tokens.get(at).map(|token| token.text(self.text)).unwrap_or_default();
                Diagnostic::error(
                    codes::STRAY_BRACKET,
                    format!("`{close}` closes nothing"),
                    self.token_span(at),
                    "nothing is open here",
                )
                .help("delete it, or open the bracket it belongs to")
            }
            Fault::TooDeep(at) => {
                let message = format!("brackets are nested more than {MAX_DEPTH} deep");
                Diagnostic::error(codes::TOO_DEEP, message, self.token_span(at), "one too many")
                    .help("name parts of it, and use their names")
            }
        })
    }

    fn bad_character(&self, at: usize) -> Option<Diagnostic> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Bad)?;
        let written = token.text(self.text);
        let first = written.chars().next()?;
        if written.bytes().all(is_control) {
            return None;
        }
        let comment = self.text.get(token.range().end..).is_some_and(|rest| rest.starts_with(['*', '/']));
        if matches!(first, '@' | '/') && !comment {
            let line = self.text.get(..token.range().end).unwrap_or_default();
            let start =
                line.rfind([' ', '\t', '\n', '\r', ',', ';', '(', '[', '{', '}', '"']).map_or(0, |blank| blank + 1);
            let quoted = format!("a text has quotes: `\"{}\"`", unquoted(self.text.get(start..).unwrap_or_default()));
            let error = Diagnostic::error(
                codes::BAD_CHARACTER,
                format!("unexpected `{first}`"),
                self.span(token.range()),
                "means nothing here",
            );
            return Some(error.help(quoted));
        }
        let help = match (written, first) {
            ("&&" | "&", _) => "write `and`",
            ("||" | "|", _) => "write `or`",
            ("!", _) => "write `not`",
            ("===", _) => "write `==`",
            ("!==", _) => "write `!=`",
            (_, '#' | '/') => "a comment begins with `//`",
            (_, '\'' | '‘' | '’' | '“' | '”' | '„' | '«' | '»' | '`') => {
                "a text has straight double quotes: `\"…\"`"
            }
            (_, '%') => "a percentage has no blank before its sign: `80%`",
            (_, ':') => "no `:` is needed",
            (_, '-' | '–' | '—' | '−') => "a name may have single hyphens inside, a number one before it",
            (_, '≥') => "write `>=`",
            (_, '≤') => "write `<=`",
            (_, '≠') => "write `!=`",
            (_, '*' | '?') => "a pattern is a text: `like \"FB*\"`",
            (_, '\u{feff}') => "a byte order mark may only be the first character of a file",
            (_, '\u{a0}') => "this is a no-break space; write a plain one",
            _ => "delete it, or put it in a text",
        };
        let shown = if first.is_alphanumeric()
            || first.is_ascii_punctuation()
            || help.starts_with("write")
            || help.starts_with("a text")
        {
            format!("`{}`", clip(written))
        } else {
            format!("`{}` (U+{:04X})", first.escape_debug(), u32::from(first))
        };
        Some(
            Diagnostic::error(
                codes::BAD_CHARACTER,
                format!("unexpected {shown}"),
                self.span(token.range()),
                "means nothing here",
            )
            .help(help),
        )
    }
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r')
}
