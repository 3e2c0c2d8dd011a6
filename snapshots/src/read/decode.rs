//! Text in other encodings, read as UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

/// Bytes read from the source at a time.
const CHUNK: usize = 64 * 1024;

/// A reader that turns an encoding into UTF-8; what cannot be decoded becomes U+FFFD.
pub(crate) struct Decoding<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    decoded: String,
    /// How much of `decoded` was handed out already.
    used: usize,
    ended: bool,
}

impl<R: Read> Decoding<R> {
    pub(crate) fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { source, decoder, raw: Vec::new(), decoded: String::new(), used: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.raw.clear();
        self.ended = self.source.by_ref().take(CHUNK as u64).read_to_end(&mut self.raw)? == 0;
        self.decoded.clear();
        self.used = 0;
        // Enough for the whole chunk, so the decoder never stops half-way.
        self.decoded.reserve(self.decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(4 * CHUNK));
        let _ = self.decoder.decode_to_string(&self.raw, &mut self.decoded, self.ended);
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.used == self.decoded.len() && !self.ended {
            self.refill()?;
        }
        let mut rest = self.decoded.as_bytes().get(self.used..).unwrap_or(&[]);
        let read = rest.read(buffer)?;
        self.used += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
        let mut text = String::new();
        Decoding::new(Cursor::new(bytes), encoding).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn single_bytes_and_pairs_become_utf8() {
        assert_eq!(decode(b"Andr\xe9 \x80", encoding_rs::WINDOWS_1252), "André €");
        let wide: Vec<u8> = "\u{feff}é;x\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide, encoding_rs::UTF_16LE), "é;x\n");
    }

    #[test]
    fn long_input_is_decoded_across_chunks() {
        let long = vec![0xe9; 3 * CHUNK + 1];
        assert_eq!(decode(&long, encoding_rs::WINDOWS_1252), "é".repeat(long.len()));
    }
}
