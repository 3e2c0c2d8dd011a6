//! One source file, parsed in parallel: blocks go to whichever thread is free, and what comes back knows its place.

use std::{
    borrow::Cow,
    io::{self, Read},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use rayon::iter::{ParallelBridge, ParallelIterator};

use super::{
    blocks::Blocks,
    decode::Decoding,
    dialect::Dialect,
    faults::{FaultLog, PartFaults, RowFault},
    header::{Layout, Wanted},
    records::Records,
};
use crate::{FaultKind, Folder, Place, Progress, ReadError, Source, table::Table};

/// Bytes parsed at a time by one thread.
const BLOCK: usize = 2 * 1024 * 1024;

/// Where files are, and who wants to know how far their reading is.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) folder: &'a dyn Folder,
    pub(crate) progress: &'a dyn Progress,
}

/// What to read.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) table: Table,
    pub(crate) source: &'a Source,
    pub(crate) wanted: &'a [Wanted],
}

/// What the threads made of a file.
pub(crate) struct Scanned<S> {
    pub(crate) layout: Layout,
    /// One per thread that took part.
    pub(crate) states: Vec<S>,
    /// The line each part of the file begins on.
    pub(crate) first_lines: Vec<u64>,
}

/// The rows of one part of a file.
pub(crate) struct Part<'a> {
    /// Which part, from the beginning of the file.
    pub(crate) index: usize,
    pub(crate) layout: &'a Layout,
    pub(crate) faults: PartFaults,
    records: Records<'a>,
    wanted: &'a [Wanted],
    /// Some of its bytes were no text and became U+FFFD.
    damaged: bool,
}

struct Worker<S> {
    state: S,
    /// Of each part it took: the number, the lines and the faults.
    parts: Vec<(usize, u64, PartFaults)>,
}

/// Reads a source. `init` makes what a thread keeps, `work` takes a part of the file into it.
///
/// `None` when the file is not there or has not the columns it must have; the faults say so.
pub(crate) fn scan<S: Send>(
    input: Input<'_>,
    job: Job<'_>,
    faults: &mut FaultLog,
    init: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &mut Part<'_>) + Sync,
) -> Result<Option<Scanned<S>>, ReadError> {
    let declared = job.source.encoding.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    let mut encoding = declared.unwrap_or(UTF_8);
    loop {
        let mut attempt = FaultLog::default();
        let strict = declared.is_none() && encoding == UTF_8;
        match scan_as(input, job, encoding, strict, &mut attempt, &init, &work)? {
            Outcome::Done(scanned) => {
                faults.absorb(attempt);
                if declared.is_none() && encoding == WINDOWS_1252 {
                    let message = "the file is not UTF-8 and declares no encoding: read as `windows-1252`; \
                                   declare `encoding`, or save it as UTF-8, to make sure"
                        .to_owned();
                    faults.push(FaultKind::GuessedEncoding, place(job, None, None), &job.source.file, message);
                }
                return Ok(scanned);
            }
            Outcome::Otherwise(other) => encoding = other,
        }
    }
}

enum Outcome<S> {
    Done(Option<Scanned<S>>),
    /// The file is in another encoding.
    Otherwise(&'static Encoding),
}

/// A file that was opened, up to its first row.
pub(crate) struct Opened<'a> {
    blocks: Blocks<'a>,
    dialect: Dialect,
    pub(crate) header: Vec<String>,
    /// Lines before the first row.
    lines: u64,
}

enum Opening<'a> {
    Opened(Opened<'a>),
    Otherwise(&'static Encoding),
    /// It is not there.
    Missing(io::Error),
}

/// Opens a file and reads its header.
fn open<'a>(input: Input<'a>, source: &Source, encoding: &'static Encoding, strict: bool) -> io::Result<Opening<'a>> {
    let file = match input.folder.open(&source.file) {
        Ok(file) => file,
        Err(error) => return Ok(Opening::Missing(error)),
    };
    let counted = Counted { source: file, progress: input.progress };
    let reader: Box<dyn Read + Send> =
        if encoding == UTF_8 { Box::new(counted) } else { Box::new(Decoding::new(counted, encoding)) };
    let mut blocks = Blocks::new(reader, BLOCK);
    let head = blocks.head()?;
    if let (true, Some((marked, _))) = (strict, Encoding::for_bom(head).filter(|(marked, _)| *marked != UTF_8)) {
        return Ok(Opening::Otherwise(marked));
    }
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let delimiter = source.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    let (dialect, hint) = Dialect::detect(head.get(mark..).unwrap_or(&[]), delimiter);
    blocks.skip(mark + hint);
    let first = blocks.first_record(dialect)?;
    let text = match std::str::from_utf8(&first) {
        Err(_) if strict => return Ok(Opening::Otherwise(WINDOWS_1252)),
        _ => String::from_utf8_lossy(&first).replace('\0', "\u{fffd}"),
    };
    let mut records = Records::new(&text, dialect);
    let fields = if records.advance() { records.len() } else { 0 };
    let header = (0..fields).map(|index| records.get(index).unwrap_or("").to_owned()).collect();
    let lines = records.lines().max(1) + u64::from(hint > 0);
    Ok(Opening::Opened(Opened { blocks, dialect, header, lines }))
}

/// The header of a file, as it is written.
pub(crate) fn header(input: Input<'_>, source: &Source) -> io::Result<Vec<String>> {
    let declared = source.encoding.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    // What is only looked at is not progress.
    let input = Input { progress: &(), ..input };
    let mut opening = open(input, source, declared.unwrap_or(UTF_8), declared.is_none())?;
    if let Opening::Otherwise(other) = opening {
        opening = open(input, source, other, false)?;
    }
    match opening {
        Opening::Opened(opened) => Ok(opened.header),
        Opening::Missing(error) => Err(error),
        Opening::Otherwise(_) => Ok(Vec::new()),
    }
}

fn scan_as<S: Send>(
    input: Input<'_>,
    job: Job<'_>,
    encoding: &'static Encoding,
    strict: bool,
    faults: &mut FaultLog,
    init: &(impl Fn() -> S + Sync),
    work: &(impl Fn(&mut S, &mut Part<'_>) + Sync),
) -> Result<Outcome<S>, ReadError> {
    let Opened { blocks, dialect, header, lines } = match open(input, job.source, encoding, strict) {
        Ok(Opening::Opened(opened)) => opened,
        Ok(Opening::Otherwise(other)) => return Ok(Outcome::Otherwise(other)),
        Err(error) => return Err(ReadError::File { file: job.source.file.clone(), error }),
        Ok(Opening::Missing(error)) => {
            let why = match error.kind() {
                io::ErrorKind::NotFound => "there is no such file".to_owned(),
                _ => error.to_string(),
            };
            let message = format!("cannot read `{}`: {why}", job.source.file);
            faults.push(FaultKind::MissingFile, place(job, None, None), &job.source.file, message);
            return Ok(Outcome::Done(None));
        }
    };
    let Some(layout) = resolve(job, &header, faults) else { return Ok(Outcome::Done(None)) };

    let stop = AtomicBool::new(false);
    let error = Mutex::new(None);
    let spare = Mutex::new(Vec::new());
    let feed = Feed { blocks, dialect, index: 0, progress: input.progress, stop: &stop, error: &error, spare: &spare };
    let workers: Vec<Worker<S>> = feed
        .par_bridge()
        .fold(
            || Worker { state: init(), parts: Vec::new() },
            |mut worker, (index, bytes)| {
                let text = match std::str::from_utf8(&bytes) {
                    Ok(text) => Some(Cow::Borrowed(text)),
                    Err(_) if strict => None,
                    Err(_) => Some(String::from_utf8_lossy(&bytes)),
                };
                let Some(text) = text else {
                    stop.store(true, Ordering::Relaxed);
                    return worker;
                };
                let damaged = text.contains('\0') || matches!(text, Cow::Owned(_));
                let damaged = damaged || (encoding != UTF_8 && text.contains('\u{fffd}'));
                let text = if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text };
                let records = Records::new(&text, dialect);
                let faults = PartFaults::default();
                let mut part = Part { index, layout: &layout, faults, records, wanted: job.wanted, damaged };
                work(&mut worker.state, &mut part);
                while part.next() {}
                worker.parts.push((index, part.records.lines(), part.faults));
                if let Ok(mut spare) = spare.lock() {
                    spare.push(bytes);
                }
                worker
            },
        )
        .collect();
    let failure = error.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(failure) = failure {
        return Err(ReadError::File { file: job.source.file.clone(), error: failure });
    }
    if input.progress.cancelled() {
        return Err(ReadError::Cancelled);
    }
    if stop.into_inner() {
        return Ok(Outcome::Otherwise(WINDOWS_1252));
    }
    let (states, first_lines) = place_parts(job, lines, workers, faults);
    Ok(Outcome::Done(Some(Scanned { layout, states, first_lines })))
}

/// Finds the columns in the header; `None` when one that must be there is not.
fn resolve(job: Job<'_>, header: &[String], faults: &mut FaultLog) -> Option<Layout> {
    let (layout, found) = Layout::resolve(header, job.wanted, &job.source.columns);
    for fault in found {
        let row = (!header.is_empty()).then_some(1);
        faults.push(fault.kind, place(job, row, Some(fault.column)), fault.subject, fault.message);
    }
    let complete = job.wanted.iter().enumerate().all(|(column, wanted)| !wanted.required || layout.has(column));
    complete.then_some(layout)
}

/// Puts what the threads found back into the order of the file.
fn place_parts<S>(
    job: Job<'_>,
    header_lines: u64,
    workers: Vec<Worker<S>>,
    faults: &mut FaultLog,
) -> (Vec<S>, Vec<u64>) {
    let mut states = Vec::new();
    let mut parts = Vec::new();
    for worker in workers {
        states.push(worker.state);
        parts.extend(worker.parts);
    }
    parts.sort_by_key(|(index, ..)| *index);
    let mut line = 1 + header_lines;
    let mut first_lines = Vec::with_capacity(parts.len());
    for (_, lines, found) in parts {
        first_lines.push(line);
        faults.take_part(job.table.name(), &job.source.file, line, found);
        line += lines;
    }
    (states, first_lines)
}

/// A place in the file of a job.
pub(crate) fn place(job: Job<'_>, row: Option<u64>, column: Option<String>) -> Place {
    Place { table: job.table.name().to_owned(), file: job.source.file.clone(), row, column }
}

impl<'a> Part<'a> {
    /// Goes to the next row; `false` at the end.
    #[inline]
    pub(crate) fn next(&mut self) -> bool {
        if !self.records.advance() {
            return false;
        }
        if self.records.len() != self.layout.width() || self.records.unclosed() || self.damaged {
            self.inspect();
        }
        true
    }

    /// A field of the row; `None` where it is empty or the file has no such column.
    #[inline]
    pub(crate) fn get(&self, column: usize) -> Option<&str> {
        self.records.get(self.layout.field(column)?).filter(|text| !text.is_empty())
    }

    /// A field of the row that outlives it; `None` where it is empty or the file has no such column.
    #[inline]
    pub(crate) fn take(&self, column: usize) -> Option<Cow<'a, str>> {
        self.records.take(self.layout.field(column)?).filter(|text| !text.is_empty())
    }

    /// The row's line, counted from the part's first.
    pub(crate) fn line(&self) -> u64 {
        self.records.line()
    }

    /// About how many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.records.bytes() / 20
    }

    /// Whether the row ends before the header does: a fault of its own, so that what it lacks is none.
    pub(crate) fn is_short(&self) -> bool {
        self.records.len() < self.layout.width()
    }

    /// Records a fault of the row.
    pub(crate) fn fault(&mut self, kind: FaultKind, column: usize, subject: &str, message: impl FnOnce() -> String) {
        if kind == FaultKind::EmptyKey && self.is_short() {
            return;
        }
        self.fault_at(self.records.line(), kind, column, subject, message);
    }

    /// Records a fault of an earlier row.
    pub(crate) fn fault_at(
        &mut self,
        line: u64,
        kind: FaultKind,
        column: usize,
        subject: &str,
        message: impl FnOnce() -> String,
    ) {
        let wanted = self.wanted;
        self.faults.push(kind, || RowFault {
            kind,
            line,
            column: wanted.get(column).map(|wanted| wanted.name.clone()),
            subject: cut(subject),
            message: message(),
        });
    }

    #[cold]
    fn inspect(&mut self) {
        let (line, found, width) = (self.records.line(), self.records.len(), self.layout.width());
        let mut push = |kind, column, subject: String, message: String| {
            self.faults.push(kind, || RowFault { kind, line, column, subject, message });
        };
        let first = self.records.get(0).unwrap_or("");
        let surplus = (width..found).any(|index| self.records.get(index).is_some_and(|text| !text.is_empty()));
        if self.records.unclosed() {
            let message = "a quote is opened in this row and never closed: the rest of the file became one field";
            push(FaultKind::RaggedRow, None, cut(first), message.to_owned());
        } else if found < width || surplus {
            let message = format!("expected {width} fields as in the header, found {found}");
            push(FaultKind::RaggedRow, None, cut(first), message);
        }
        if self.damaged {
            for (column, wanted) in self.wanted.iter().enumerate() {
                let Some(text) = self.layout.field(column).and_then(|field| self.records.get(field)) else { continue };
                if text.contains('\u{fffd}') {
                    let message = "expected text, found bytes that are none (shown as \u{fffd}); check `encoding`";
                    push(FaultKind::BadEncoding, Some(wanted.name.clone()), cut(text), message.to_owned());
                }
            }
        }
    }
}

/// A value as a message shows it: on one line, and never the rest of a file.
pub(crate) fn shortened(text: &str) -> String {
    let cut = cut(text);
    if !cut.contains(char::is_control) {
        return cut;
    }
    let shown = |letter: char| if letter.is_control() { letter.escape_debug().to_string() } else { letter.to_string() };
    cut.chars().map(shown).collect()
}

/// A value as the source writes it, if it is not very long.
pub(crate) fn cut(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Blocks of a file, for whichever thread asks next.
struct Feed<'a> {
    blocks: Blocks<'a>,
    dialect: Dialect,
    index: usize,
    progress: &'a dyn Progress,
    stop: &'a AtomicBool,
    error: &'a Mutex<Option<io::Error>>,
    /// Buffers of blocks that were parsed.
    spare: &'a Mutex<Vec<Vec<u8>>>,
}

impl Iterator for Feed<'_> {
    type Item = (usize, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.stop.load(Ordering::Relaxed) || self.progress.cancelled() {
            return None;
        }
        let spare = self.spare.lock().ok().and_then(|mut spare| spare.pop()).unwrap_or_default();
        match self.blocks.next(self.dialect, spare) {
            Ok(block) => {
                let index = self.index;
                self.index += 1;
                block.map(|bytes| (index, bytes))
            }
            Err(error) => {
                if let Ok(mut slot) = self.error.lock() {
                    *slot = Some(error);
                }
                None
            }
        }
    }
}

/// Tells the progress how many bytes were read.
struct Counted<'a, R> {
    source: R,
    progress: &'a dyn Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.progress.read(read as u64);
        Ok(read)
    }
}
