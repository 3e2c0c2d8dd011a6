//! Canonical JSON: one text for one value. Fields in the order of their declaration, two blanks of indentation, `\n` at the
//! ends of lines, and lists of numbers on one line each, so that a million members are one line of a diff.

use std::{
    fmt::Display,
    io::{self, Write},
};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// The canonical text of a value, with a final `\n`. The value must be one that JSON can say: texts as keys, no floats.
pub(crate) fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Canonical::default());
    // Writing to memory does not fail, and the documents of this crate have texts for keys.
    if value.serialize(&mut serializer).is_err() {
        bytes.clear();
    }
    bytes.push(b'\n');
    bytes
}

/// The canonical text of an object, as [`to_bytes`] has it, with one more field at its end: a text in which JSON escapes nothing.
pub(crate) fn with_text(mut object: Vec<u8>, name: &str, text: &impl Display) -> Vec<u8> {
    object.truncate(object.len().saturating_sub(b"\n}\n".len()));
    object.extend_from_slice(format!(",\n  \"{name}\": \"{text}\"\n}}\n").as_bytes());
    object
}

#[derive(Default)]
struct Canonical {
    depth: usize,
    /// For each open object and list: whether it was broken into lines.
    broken: Vec<bool>,
    /// A separator that waits for its value: only then is known whether a line ends here.
    pending: Option<Pending>,
}

#[derive(Clone, Copy)]
enum Pending {
    First,
    Next,
}

impl Canonical {
    /// Before a number, which stays on its line.
    fn inline<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.pending.take() {
            Some(Pending::Next) => writer.write_all(b", "),
            Some(Pending::First) | None => Ok(()),
        }
    }

    /// Before anything else in a list, which starts a line.
    fn line<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.pending.take() {
            Some(Pending::Next) => writer.write_all(b",")?,
            Some(Pending::First) => {}
            None => return Ok(()),
        }
        if let Some(broken) = self.broken.last_mut() {
            *broken = true;
        }
        self.indent(writer)
    }

    fn indent<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }

    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.line(writer)?;
        self.depth += 1;
        self.broken.push(false);
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.pending = None;
        self.depth = self.depth.saturating_sub(1);
        if self.broken.pop() == Some(true) {
            self.indent(writer)?;
        }
        writer.write_all(bracket)
    }
}

macro_rules! numbers {
    ($($name:ident: $type:ty),*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W, value: $type) -> io::Result<()> {
            self.inline(writer)?;
            CompactFormatter.$name(writer, value)
        })*
    };
}

impl Formatter for Canonical {
    numbers!(write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64);
    numbers!(write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64);

    fn write_null<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.line(writer)?;
        writer.write_all(b"null")
    }

    fn write_bool<W: ?Sized + Write>(&mut self, writer: &mut W, value: bool) -> io::Result<()> {
        self.line(writer)?;
        write!(writer, "{value}")
    }

    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.line(writer)?;
        writer.write_all(b"\"")
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        self.pending = Some(if first { Pending::First } else { Pending::Next });
        Ok(())
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        self.pending = Some(if first { Pending::First } else { Pending::Next });
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn lists_of_numbers_stay_on_one_line_and_everything_else_has_its_own() {
        let value =
            json!({"a": [1, 2, 3], "b": [], "c": {}, "d": [[1, 2], [3, 4]], "e": ["x", null, true], "f": [{"g": -1}]});
        let text = String::from_utf8(super::to_bytes(&value)).unwrap();
        insta::assert_snapshot!(text, @r#"
    {
      "a": [1, 2, 3],
      "b": [],
      "c": {},
      "d": [
        [1, 2],
        [3, 4]
      ],
      "e": [
        "x",
        null,
        true
      ],
      "f": [
        {
          "g": -1
        }
      ]
    }
    "#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_text_at_the_end_stands_there_as_if_it_had_been_written_with_the_others() {
        let longer = super::with_text(super::to_bytes(&json!({"a": [1, 2]})), "b", &"sha256:00");
        assert_eq!(longer, super::to_bytes(&json!({"a": [1, 2], "b": "sha256:00"})));
    }
}
