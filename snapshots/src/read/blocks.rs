//! A file in blocks that end where a record ends, so that each can be parsed on its own.

use std::io::{self, Read};

use super::dialect::Dialect;

/// Reads a file block by block.
pub(crate) struct Blocks<'a> {
    source: Box<dyn Read + Send + 'a>,
    /// Bytes read of the next block.
    carry: Vec<u8>,
    /// Bytes of a block, about.
    size: usize,
    ended: bool,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(source: Box<dyn Read + Send + 'a>, size: usize) -> Self {
        Self { source, carry: Vec::new(), size: size.max(1), ended: false }
    }

    /// The beginning of the file, to find out its dialect and header from; it is not consumed.
    pub(crate) fn head(&mut self) -> io::Result<&[u8]> {
        self.fill(self.size)?;
        Ok(&self.carry)
    }

    /// Drops bytes of the beginning, after [`Blocks::head`] has seen them.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.carry.drain(..bytes.min(self.carry.len()));
    }

    /// Takes the first record, with the bytes that end it.
    pub(crate) fn first_record(&mut self, dialect: Dialect) -> io::Result<Vec<u8>> {
        let mut scanner = Scanner::new(dialect);
        loop {
            if let Some(end) = scanner.first(&self.carry) {
                let rest = self.carry.split_off(end);
                return Ok(std::mem::replace(&mut self.carry, rest));
            }
            if self.ended {
                return Ok(std::mem::take(&mut self.carry));
            }
            self.fill(2 * self.carry.len())?;
        }
    }

    /// The next block: whole records, the last of the file perhaps without the bytes that end it. `spare` is a buffer
    /// to use again.
    pub(crate) fn next(&mut self, dialect: Dialect, mut spare: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        let mut scanner = Scanner::new(dialect);
        let mut wanted = self.size;
        loop {
            self.fill(wanted)?;
            if self.ended {
                let last = std::mem::take(&mut self.carry);
                return Ok((!last.is_empty()).then_some(last));
            }
            if let Some(end) = scanner.last(&self.carry) {
                spare.clear();
                spare.reserve(self.size + self.size / 8);
                spare.extend_from_slice(self.carry.get(end..).unwrap_or(&[]));
                self.carry.truncate(end);
                return Ok(Some(std::mem::replace(&mut self.carry, spare)));
            }
            wanted = 2 * self.carry.len();
        }
    }

    /// Reads until there are `wanted` bytes or the file ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        while self.carry.len() < wanted && !self.ended {
            let missing = wanted - self.carry.len();
            self.ended = self.source.by_ref().take(missing as u64).read_to_end(&mut self.carry)? == 0;
        }
        Ok(())
    }
}

/// Finds the ends of records; it goes on where it stopped when a block grows.
struct Scanner {
    dialect: Dialect,
    /// Bytes looked at.
    at: usize,
    /// Whether `at` is inside quotes.
    quoted: bool,
    /// After the last end of a record.
    end: Option<usize>,
}

impl Scanner {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, at: 0, quoted: false, end: None }
    }

    /// After the first record of `bytes`.
    fn first(&mut self, bytes: &[u8]) -> Option<usize> {
        self.scan(bytes, true);
        self.end
    }

    /// After the last whole record of `bytes`, of which more may follow.
    fn last(&mut self, bytes: &[u8]) -> Option<usize> {
        if self.at == 0 && !bytes.contains(&b'"') {
            return bytes.iter().rposition(|&byte| byte == self.dialect.terminator).map(|index| index + 1);
        }
        self.scan(bytes, false);
        self.end
    }

    fn scan(&mut self, bytes: &[u8], only_first: bool) {
        while let Some(&byte) = bytes.get(self.at) {
            if self.quoted {
                if byte == b'"' {
                    match bytes.get(self.at + 1) {
                        Some(b'"') => self.at += 1,
                        Some(_) => self.quoted = false,
                        // Whether the quote is doubled is seen when more is read.
                        None => return,
                    }
                }
            } else if byte == b'"' {
                let before = self.at.checked_sub(1).and_then(|index| bytes.get(index).copied());
                self.quoted = before.is_none_or(|b| b == self.dialect.delimiter || b == self.dialect.terminator);
            } else if byte == self.dialect.terminator {
                self.end = Some(self.at + 1);
                if only_first {
                    return;
                }
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', terminator: b'\n' };

    fn blocks(text: &str, size: usize) -> Vec<String> {
        let mut blocks = Blocks::new(Box::new(Cursor::new(text.as_bytes().to_vec())), size);
        let mut found = Vec::new();
        while let Some(block) = blocks.next(COMMA, Vec::new()).unwrap() {
            found.push(String::from_utf8(block).unwrap());
        }
        found
    }

    #[test]
    fn blocks_end_with_a_record() {
        assert_eq!(blocks("a,b\nc,d\ne,f", 6), ["a,b\n", "c,d\n", "e,f"]);
        assert_eq!(blocks("", 6), [""; 0]);
    }

    #[test]
    fn a_quoted_line_feed_ends_nothing() {
        for size in 1..20 {
            let text = "a,\"b\n\"\"\nc\"\nd,5\"\ne,f\n";
            let found = blocks(text, size);
            assert_eq!(found.concat(), text);
            for block in &found {
                assert!(["a,\"b\n\"\"\nc\"\n", "d,5\"\n", "e,f\n"].concat().contains(block.as_str()), "{found:?}");
                assert!(!block.starts_with("\"\"") && !block.starts_with('c'), "{found:?}");
            }
        }
    }

    #[test]
    fn a_record_larger_than_a_block_stays_whole() {
        let (long, longer) = (format!("{}\n", "x".repeat(100)), format!("{}\n", "y".repeat(300)));
        assert_eq!(blocks(&format!("{long}{longer}z\n"), 8), [long.as_str(), &format!("{longer}z\n")]);
    }

    #[test]
    fn the_first_record_may_be_quoted_and_longer_than_a_block() {
        let mut blocks = Blocks::new(Box::new(Cursor::new(b"\"a\nb\",c\nd,e\n".to_vec())), 2);
        assert!(blocks.head().unwrap().starts_with(b"\"a"));
        assert_eq!(blocks.first_record(COMMA).unwrap(), b"\"a\nb\",c\n");
        assert_eq!(blocks.next(COMMA, Vec::new()).unwrap().unwrap(), b"d,e\n");
    }
}
