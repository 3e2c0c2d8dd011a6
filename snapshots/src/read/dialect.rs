//! How a CSV file is written: what parts its fields and what ends its records.

/// What parts fields and ends records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    /// Line feed, or carriage return in a file that has no line feed at all.
    pub(crate) terminator: u8,
}

/// Delimiters in the order they win when a header has as many of one as of another.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

impl Dialect {
    /// Finds out the dialect from the beginning of a file, and how many bytes of it are not data (`sep=;`).
    pub(crate) fn detect(head: &[u8], declared: Option<u8>) -> (Self, usize) {
        let terminator = if head.contains(&b'\n') || !head.contains(&b'\r') { b'\n' } else { b'\r' };
        let line = head.split(|&byte| byte == terminator).next().unwrap_or(head);
        let hint = line.strip_suffix(b"\r").unwrap_or(line).strip_prefix(b"sep=");
        if let Some(&[delimiter]) = hint {
            return (Self { delimiter: declared.unwrap_or(delimiter), terminator }, line.len() + 1);
        }
        let delimiter = declared.unwrap_or_else(|| most_frequent(head, terminator));
        (Self { delimiter, terminator }, 0)
    }
}

/// The delimiter that the first record has most of, outside quotes.
fn most_frequent(head: &[u8], terminator: u8) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            _ if byte == terminator => break,
            _ => {
                for (count, _) in counts.iter_mut().zip(DELIMITERS).filter(|(_, delimiter)| *delimiter == byte) {
                    *count += 1;
                }
            }
        }
    }
    let best = counts.iter().copied().max().unwrap_or(0);
    counts.iter().zip(DELIMITERS).find(|(count, _)| **count == best).map_or(b',', |(_, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(head: &str) -> (char, usize) {
        let (dialect, skip) = Dialect::detect(head.as_bytes(), None);
        (char::from(dialect.delimiter), skip)
    }

    #[test]
    fn the_header_decides_the_delimiter() {
        assert_eq!(detect("a,b\n1;2;3;4\n"), (',', 0));
        assert_eq!(detect("a;b;c\n"), (';', 0));
        assert_eq!(detect("a\tb"), ('\t', 0));
        assert_eq!(detect("a|b"), ('|', 0));
        assert_eq!(detect("\"a;b;c\",d\n"), (',', 0));
        assert_eq!(detect("alone\n1\n"), (',', 0));
        assert_eq!(detect(""), (',', 0));
    }

    #[test]
    fn a_spreadsheets_hint_is_taken_and_skipped() {
        assert_eq!(detect("sep=;\r\na,b;c\r\n"), (';', 7));
    }

    #[test]
    fn carriage_returns_end_records_where_there_is_no_line_feed() {
        assert_eq!(Dialect::detect(b"a,b\r1,2\r", None).0.terminator, b'\r');
        assert_eq!(Dialect::detect(b"a,b\r\n1,2\r\n", None).0.terminator, b'\n');
    }
}
