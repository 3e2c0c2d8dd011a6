//! From the names of some files to all files of a project: follows every `use`, each file once.
//!
//! Files are numbered by path, so that the order of spans is the order of files by path and then of places in them, wherever
//! resolving began.

mod path;

use std::collections::{BTreeMap, BTreeSet};

use adit_grammar::{Diagnostic, FileId, Scanned, Span, ast};
use rayon::prelude::*;

use crate::codes;
use path::PathError;

/// Where the text of a spec comes from; several threads ask at once.
pub trait SpecSource: Sync {
    /// The text of a file of the project; `path` is relative to the project, with `/` between names and neither `.` nor `..`.
    ///
    /// # Errors
    /// Why it cannot be read, in the words of the system: `no such file`.
    fn text(&self, path: &str) -> Result<String, String>;
}

/// All files of a project, parsed.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// Ascending by path; a file's [`FileId`] is its index.
    pub files: Vec<ProjectFile>,
    /// What is wrong with their syntax and their `use`s, in source order. A root that cannot be read has no place: it comes first,
    /// without a label.
    pub diagnostics: Vec<Diagnostic>,
}

/// One file of a project.
#[derive(Debug, Clone)]
pub struct ProjectFile {
    /// What spans call it.
    pub id: FileId,
    /// Its path within the project.
    pub path: String,
    /// Its text, as read.
    pub text: String,
    /// Its syntax tree.
    pub tree: ast::File,
}

/// Reads `roots` (paths within the project; given twice is read once) and everything they use.
#[must_use]
pub fn resolve(source: &dyn SpecSource, roots: &[String]) -> Project {
    let mut reader = Reader { source, files: BTreeMap::new() };
    let paths: Vec<_> = roots.iter().map(|root| (root, path::normalise(root))).collect();
    let readable: BTreeSet<String> = paths.iter().filter_map(|(_, path)| path.as_ref().ok()).cloned().collect();
    let unread = reader.read(readable.clone());
    reader.follow(readable);
    let rootless = paths.iter().filter_map(|(root, path)| match path {
        Ok(path) => unread.get(path).map(|reason| unreadable_root(root, reason)),
        Err(error) => Some(unreadable_root(root, &error.to_string())),
    });
    reader.project(rootless.collect())
}

impl Project {
    /// The file a span lies in.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&ProjectFile> {
        self.files.get(id.0 as usize)
    }

    /// The text of a span; empty where it is not in any file.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).and_then(|file| file.text.get(span.range())).unwrap_or("")
    }
}

impl SpecSource for BTreeMap<String, String> {
    fn text(&self, path: &str) -> Result<String, String> {
        self.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

struct Reader<'a> {
    source: &'a dyn SpecSource,
    /// The outline of every file that could be read. Nothing more is read of any before all are known: spans number files by path.
    files: BTreeMap<String, Scanned>,
}

impl Reader<'_> {
    /// Reads all of these at once, and says of which it could not, and why.
    fn read(&mut self, paths: BTreeSet<String>) -> BTreeMap<String, String> {
        let source = self.source;
        let scanned = |path: String| {
            let text = source.text(&path);
            (path, text.map(Scanned::new))
        };
        let read: Vec<(String, Result<Scanned, String>)> = paths.into_par_iter().map(scanned).collect();
        let mut unread = BTreeMap::new();
        for (path, read) in read {
            match read {
                Ok(scanned) => drop(self.files.insert(path, scanned)),
                Err(reason) => drop(unread.insert(path, reason)),
            }
        }
        unread
    }

    /// Reads what these use, and what that uses, until nothing new comes. What cannot be read is reported later, when files have their numbers.
    fn follow(&mut self, mut fresh: BTreeSet<String>) {
        while !fresh.is_empty() {
            let read = fresh.iter().filter_map(|path| Some((path, self.files.get(path)?)));
            let targets = read
                .flat_map(|(path, file)| file.uses().into_iter().filter_map(move |used| path::join(path, &used).ok()));
            fresh = targets.filter(|target| !self.files.contains_key(target)).collect();
            self.read(fresh.clone());
        }
    }

    fn project(self, rootless: Vec<Diagnostic>) -> Project {
        let scanned: Vec<_> = self.files.into_iter().enumerate().map(|(index, file)| (file_id(index), file)).collect();
        let parsed: Vec<_> =
            scanned.into_par_iter().map(|(id, (path, scanned))| (id, path, scanned.parse(id))).collect();
        let mut diagnostics = Vec::new();
        let mut files = Vec::with_capacity(parsed.len());
        for (id, path, (mut parsed, text)) in parsed {
            diagnostics.append(&mut parsed.errors);
            files.push(ProjectFile { id, path, text, tree: parsed.file });
        }
        let graph = UseGraph::new(&files, self.source, &mut diagnostics);
        graph.report_cycles(&files, &mut diagnostics);
        diagnostics.sort_by_key(Diagnostic::span);
        let diagnostics = rootless.into_iter().chain(diagnostics).collect();
        Project { files, diagnostics }
    }
}

/// Which file uses which, by index, and where it says so; in source order.
struct UseGraph {
    uses: Vec<Vec<(usize, Span)>>,
}

impl UseGraph {
    /// Every `use` that leads somewhere; the others are reported.
    fn new(files: &[ProjectFile], source: &dyn SpecSource, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let index_of: BTreeMap<&str, usize> =
            files.iter().enumerate().map(|(i, file)| (file.path.as_str(), i)).collect();
        let uses = files.iter().map(|file| {
            let mut seen = BTreeMap::new();
            let mut leads_to = Vec::new();
            for item in uses(&file.tree) {
                let target = match path::join(&file.path, &item.path) {
                    Ok(target) => target,
                    Err(error) => {
                        diagnostics.push(bad_path(&item.path, error));
                        continue;
                    }
                };
                if let Some(&first) = seen.get(&target) {
                    diagnostics.push(used_twice(&target, item.path.span, first));
                    continue;
                }
                seen.insert(target.clone(), item.path.span);
                match index_of.get(target.as_str()) {
                    Some(&index) => leads_to.push((index, item.path.span)),
                    None => {
                        let reason = source.text(&target).err().unwrap_or_default();
                        diagnostics.push(unreadable(&item.path, &target, &reason, index_of.keys().copied()));
                    }
                }
            }
            leads_to
        });
        Self { uses: uses.collect() }
    }

    /// One error for each `use` that closes a circle, found depth first from the first file on.
    fn report_cycles(&self, files: &[ProjectFile], diagnostics: &mut Vec<Diagnostic>) {
        let mut done = BTreeSet::new();
        for start in 0..self.uses.len() {
            // The files on the way from `start`, each with the number of its uses that were followed.
            let mut way: Vec<(usize, usize)> = vec![(start, 0)];
            let mut on_way: BTreeSet<usize> = BTreeSet::from([start]);
            while let Some((file, next)) = way.last_mut() {
                if done.contains(file) {
                    on_way.remove(file);
                    way.pop();
                    continue;
                }
                let Some(&(target, span)) = self.uses.get(*file).and_then(|uses| uses.get(*next)) else {
                    done.insert(*file);
                    continue;
                };
                *next += 1;
                if on_way.contains(&target) {
                    let circle = way.iter().map(|(file, _)| *file).skip_while(|file| *file != target).chain([target]);
                    diagnostics.push(cycle(circle.filter_map(|file| files.get(file)), span));
                } else if !done.contains(&target) {
                    way.push((target, 0));
                    on_way.insert(target);
                }
            }
        }
    }
}

fn uses(file: &ast::File) -> impl Iterator<Item = &ast::Use> {
    file.items.iter().filter_map(|item| match item {
        ast::Item::Use(item) => Some(item),
        _ => None,
    })
}

fn file_id(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}

fn unreadable_root(root: &str, reason: &str) -> Diagnostic {
    let mut error =
        Diagnostic::error(codes::FILE_UNREADABLE, format!("cannot read `{root}`: {reason}"), Span::default(), "");
    error.labels.clear();
    error
}

fn unreadable<'a>(written: &ast::Text, target: &str, reason: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let help = match crate::suggest::closest(target, known) {
        Some(path) => format!("did you mean `{path}`? paths are relative to the file that says `use`"),
        None => "paths are relative to the file that says `use`".to_owned(),
    };
    Diagnostic::error(codes::FILE_UNREADABLE, format!("cannot read `{target}`: {reason}"), written.span, "used here")
        .help(help)
}

fn bad_path(written: &ast::Text, error: PathError) -> Diagnostic {
    let (code, label, help) = match error {
        PathError::Outside => (codes::USE_OUTSIDE, "leaves the project", "move the file into the project"),
        PathError::Absolute => (
            codes::USE_ABSOLUTE,
            "not relative",
            "write the path relative to this file, with `/` between names: \"common/duties.adit\"",
        ),
        PathError::Glob => (
            codes::USE_GLOB,
            "a wildcard",
            "name every file in a `use` of its own, so that a reader sees what is in force",
        ),
    };
    Diagnostic::error(code, format!("`{}` {error}", written.node), written.span, label).help(help)
}

fn used_twice(target: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(codes::USE_TWICE, format!("`{target}` is used twice by this file"), again, "used again")
        .label(first, "first used here")
        .help("remove one of them")
}

fn cycle<'a>(circle: impl Iterator<Item = &'a ProjectFile>, span: Span) -> Diagnostic {
    let mut circle: Vec<_> = circle.map(|file| format!("`{}`", file.path)).collect();
    if circle.len() > 10 {
        let between = format!("{} more", circle.len() - 8);
        circle.splice(4..circle.len() - 4, [between]);
    }
    let message = match circle.as_slice() {
        [only, _] => format!("{only} uses itself"),
        _ => format!("files use each other in a circle: {}", circle.join(" → ")),
    };
    Diagnostic::error(codes::USE_CYCLE, message, span, "closes the circle")
        .help("what both need belongs into a file of its own that both use")
}
