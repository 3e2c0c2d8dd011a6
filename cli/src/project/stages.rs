//! The stages of a project, from disk to a compilation. Each stops with everything that is wrong in it.

use std::{fs, io, path::Path};

use adit_compiler::{
    approval::{Approval, ApprovalFile},
    check::{CheckSettings, Checked, RuleName, check},
    compile::{Compilation, CompileError, Depth, compile_to},
    mine::MineError,
    outliers::{self, Lines},
    preview::{Preview, preview},
    select::SelectError,
    spec::Spec,
    suggest,
    sweep::{self, Curve, Range},
};
use adit_grammar::{Diagnostic, Severity, Span};
use adit_snapshots::{DiskFolder, Folder as _, Manifest, ManifestError, ReadError, Schema, Snapshot};
use jiff::civil::Date;

use super::{Project, Specs};
use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    faults,
    privacy::{Names, Privacy},
    progress::Meter,
};

/// The name of the file that says what a snapshot is.
pub(crate) const MANIFEST: &str = "snapshot.toml";

/// What can be known of a project without its data.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The specs as read.
    pub(crate) specs: Specs,
    /// What they mean.
    pub(crate) spec: Spec,
    /// What is doubtful about them.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The day that waivers and approvals are held against.
    pub(crate) as_of: Date,
    /// How people are called.
    pub(crate) privacy: Privacy,
}

/// The data of a project.
#[derive(Debug)]
pub(crate) struct Data {
    /// Who has what.
    pub(crate) snapshot: Snapshot,
    /// What people approved.
    pub(crate) approvals: Vec<ApprovalFile>,
}

impl Project {
    /// Reads `snapshot.toml`.
    pub(crate) fn manifest(&self) -> Result<Manifest, Failure> {
        manifest(&self.snapshot())
    }

    /// Checks the specs; `as_of` is the snapshot's own day unless it is given. People are hidden unless `reveal`.
    pub(crate) fn prepare(&self, as_of: Option<Date>, reveal: bool) -> Result<Prepared, Failure> {
        let privacy = Privacy { pseudonyms: self.pseudonyms()?, reveal };
        let manifest = self.manifest()?;
        let as_of = as_of.unwrap_or(manifest.extracted);
        // An expired waiver must not stop a build before it is seen what stands again without it: RM708 says so.
        let (specs, checked) = self.check(&manifest.schema, None);
        let (errors, warnings): (Vec<_>, Vec<_>) =
            checked.diagnostics.into_iter().partition(|found| found.severity == Severity::Error);
        match checked.spec {
            Some(spec) if errors.is_empty() => Ok(Prepared { specs, spec, warnings, as_of, privacy }),
            _ => {
                let problems = errors.iter().map(|error| specs.problem(error)).collect();
                Err(Failure::Problems { exit: Exit::Usage, problems })
            }
        }
    }

    /// Resolves and checks the specs; with a day, waivers that do not hold on it are mistakes.
    pub(crate) fn check(&self, schema: &Schema, as_of: Option<Date>) -> (Specs, Checked) {
        let specs = Specs::read(&self.root, &self.config.project.specs);
        let checked = check(&specs.resolved, schema, &self.check_settings(as_of));
        (specs, checked)
    }

    /// What the checker is told besides spec and schema.
    pub(crate) fn check_settings(&self, as_of: Option<Date>) -> CheckSettings {
        let limits = &self.config.waivers;
        let mut settings = CheckSettings { max_waiver_days: limits.max_days, ..check_settings(as_of) };
        for rule in &mut settings.rules {
            if let Some(own) = limits.rules.get(rule.code) {
                rule.waivable &= !own.never;
                rule.max_days = own.max_days.map(u32::from);
            }
        }
        settings
    }

    /// Reads the data; faults that would make results wrong, and that nobody answers for, stop here.
    pub(crate) fn data(&self, prepared: &Prepared, meter: &Meter) -> Result<Data, Failure> {
        let snapshot = read_snapshot(&self.snapshot(), meter)?;
        let stops: Vec<_> = snapshot.stopping_faults(prepared.as_of).collect();
        if !stops.is_empty() {
            let help = format!(
                "correct the sources, or take responsibility for a fault with an `[[accept]]` in `{}`",
                self.snapshot().join(MANIFEST).display()
            );
            return Err(Failure::new(Exit::Data, faults::problem(&stops, prepared.privacy.hide(), &help)));
        }
        Ok(Data { snapshot, approvals: self.approvals()? })
    }

    /// Reads every approval file, in the order of their names.
    pub(crate) fn approvals(&self) -> Result<Vec<ApprovalFile>, Failure> {
        let folder = self.path(&self.config.project.approvals);
        let unreadable = |path: &Path, error: &io::Error| {
            Failure::usage(
                format!("cannot read approvals from `{}`: {}", path.display(), io_words(error)),
                "make it readable, or name another folder in `[project] approvals`",
            )
        };
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(&folder, &error)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&folder, &error))?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        let (mut approvals, mut problems) = (Vec::new(), Vec::new());
        for path in paths {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let name = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            match Approval::parse(&name, &text) {
                Ok(approval) => approvals.push(ApprovalFile { path: name, approval }),
                Err(error) => {
                    let problem = Problem::new(error.message).help(error.help.unwrap_or_default());
                    problems.push(problem.at(&path.display().to_string(), &text, error.span.unwrap_or(0..0), ""));
                }
            }
        }
        if problems.is_empty() { Ok(approvals) } else { Err(Failure::Problems { exit: Exit::Usage, problems }) }
    }
}

/// Settings for a spec outside of any project.
pub(crate) fn check_settings(as_of: Option<Date>) -> CheckSettings {
    let rules = adit_rules::all().map(|rule| RuleName {
        code: rule.code,
        name: rule.name,
        aliases: rule.aliases,
        waivable: rule.waivable,
        max_days: None,
    });
    CheckSettings { as_of, rules: rules.collect(), ..CheckSettings::default() }
}

/// Reads the `snapshot.toml` of a folder.
pub(crate) fn manifest(folder: &Path) -> Result<Manifest, Failure> {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(|error| no_manifest(&path, &error))?;
    Manifest::parse(&text).map_err(|error| bad_manifest(&path, &text, error))
}

/// Reads the snapshot in a folder, whatever faults it has.
pub(crate) fn read_snapshot(folder: &Path, meter: &Meter) -> Result<Snapshot, Failure> {
    let manifest = manifest(folder)?;
    let disk = DiskFolder(folder.to_owned());
    let bytes = manifest.sources.iter().filter_map(|source| disk.size(&source.file)).sum();
    meter.reading("reading the snapshot", bytes);
    adit_snapshots::read(&disk, meter).map_err(|error| {
        let path = folder.join(MANIFEST);
        match error {
            ReadError::Cancelled => Failure::Interrupted,
            ReadError::NoManifest(error) => no_manifest(&path, &error),
            ReadError::Manifest(error) => bad_manifest(&path, "", error),
            ReadError::File { file, error } => Failure::data(
                format!("cannot read `{}`: {}", folder.join(file).display(), io_words(&error)),
                "extract it again, or make it readable",
            ),
            other => Failure::new(Exit::Data, Problem::new(other.to_string())),
        }
    })
}

/// Selects, mines, cuts, describes, measures and holds approvals against the result: all that is recorded.
pub(crate) fn compiled<'a>(prepared: &'a Prepared, data: &'a Data, meter: &Meter) -> Result<Compilation<'a>, Failure> {
    compiled_to(Depth::Quality, prepared, data, meter)
}

/// The same, for whoever only looks at the roles: how good they are is not measured.
pub(crate) fn roles<'a>(prepared: &'a Prepared, data: &'a Data, meter: &Meter) -> Result<Compilation<'a>, Failure> {
    compiled_to(Depth::Roles, prepared, data, meter)
}

/// The same, for the linter: how good roles are is measured only where a recorded derivation is to come out again (RM801).
pub(crate) fn to_lint<'a>(
    prepared: &'a Prepared,
    data: &'a Data,
    record: &adit_rules::Record,
    meter: &Meter,
) -> Result<Compilation<'a>, Failure> {
    let depth = if matches!(record.derivation, Some(Ok(_))) { Depth::Quality } else { Depth::Roles };
    compiled_to(depth, prepared, data, meter)
}

fn compiled_to<'a>(
    depth: Depth,
    prepared: &'a Prepared,
    Data { snapshot, approvals }: &'a Data,
    meter: &Meter,
) -> Result<Compilation<'a>, Failure> {
    meter.doing("mining");
    compile_to(depth, &prepared.spec, snapshot, approvals, prepared.as_of, meter)
        .map_err(|error| not_compiled(error, prepared, snapshot))
}

/// Mines the populations of one mining block, or of all, and cuts them at every value of a range.
pub(crate) fn swept(
    prepared: &Prepared,
    data: &Data,
    range: Range,
    only: Option<usize>,
    meter: &Meter,
) -> Result<Vec<Curve>, Failure> {
    meter.doing("mining");
    sweep::sweep(&prepared.spec, &data.snapshot, range, only, meter)
        .map_err(|error| not_compiled(error, prepared, &data.snapshot))
}

/// Everyone of the populations of one mining block, or of all, beside their peers: those with the same values in `by`, or where that names
/// nothing those with the same primary role.
pub(crate) fn compared(
    prepared: &Prepared,
    data: &Data,
    by: &[String],
    lines: Lines,
    only: Option<usize>,
    meter: &Meter,
) -> Result<Vec<outliers::Population>, Failure> {
    meter.doing("mining");
    outliers::of_spec(&prepared.spec, &data.snapshot, by, lines, only, meter)
        .map_err(|error| not_compiled(error, prepared, &data.snapshot))
}

/// The place of the mining block of this name.
pub(crate) fn mining(spec: &Spec, name: &str) -> Result<usize, Failure> {
    let names = || spec.minings.iter().map(|mining| mining.name.as_str());
    names().position(|known| known == name).ok_or_else(|| {
        let near = suggest::closest(name, names()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        let known = names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Failure::usage(
            format!("there is no mining block `{name}`"),
            format!("{near}there is {}", if known.is_empty() { "none".to_owned() } else { known }),
        )
    })
}

/// Selects what would be mined, and counts it.
pub(crate) fn previewed(prepared: &Prepared, data: &Data, meter: &Meter) -> Result<Vec<Preview>, Failure> {
    meter.doing("selecting");
    preview(&prepared.spec, &data.snapshot).map_err(|error| not_compiled(error.into(), prepared, &data.snapshot))
}

fn not_compiled(error: CompileError, prepared: &Prepared, snapshot: &Snapshot) -> Failure {
    let Prepared { specs, privacy, .. } = prepared;
    let called = Names::new(snapshot, privacy);
    let message = error.to_string();
    let at = |span: Span, help: &str| {
        let mut diagnostic = Diagnostic::error("", message.clone(), span, "");
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        specs.problem(&diagnostic)
    };
    let names = |ids: &[adit_snapshots::IdentityId]| {
        let names: Vec<_> = ids.iter().map(|&id| format!("`{}`", called.identity(id))).collect();
        let hint = if called.hides() { " (`--reveal` shows names)" } else { "" };
        format!("{}{hint}", names.join(", "))
    };
    let (exit, problem) = match error {
        CompileError::Mine { error: MineError::Cancelled, .. } => return Failure::Interrupted,
        CompileError::Mine { error: MineError::Limit { help, .. }, .. } => {
            (Exit::Data, Problem::new(message).help(help))
        }
        CompileError::Select(SelectError::Unclassified { examples, count }) => (
            Exit::Data,
            Problem::new(match count {
                1 => "1 identity is in no identity class".to_owned(),
                _ => message,
            })
            .help(format!("{}: give them a class in `identities`, or correct their source", names(&examples))),
        ),
        CompileError::Select(SelectError::TwoClasses { examples, span, .. }) => {
            (Exit::Data, at(span, &format!("{}: make the two conditions exclude each other", names(&examples))))
        }
        CompileError::Select(SelectError::NotDecidable { help, span, .. }) => (Exit::Data, at(span, &help)),
        CompileError::Select(SelectError::Unknown { help, span, .. }) => (Exit::Usage, at(span, &help)),
        CompileError::Select(SelectError::Contradiction { help, first, second, .. }) => {
            let found = Diagnostic::error("", message, first, "here").label(second, "and here").help(help);
            (Exit::Usage, specs.problem(&found))
        }
    };
    Failure::new(exit, problem)
}

fn no_manifest(path: &Path, error: &io::Error) -> Failure {
    Failure::data(
        format!("cannot read `{}`: {}", path.display(), io_words(error)),
        "a snapshot is a folder with a `snapshot.toml` that names its sources; see docs/snapshots.md",
    )
}

fn bad_manifest(path: &Path, text: &str, error: ManifestError) -> Failure {
    let mut problem = Problem::new(error.message);
    if let Some(help) = error.help {
        problem = problem.help(help);
    }
    if let Some(span) = error.span {
        problem = problem.at(&path.display().to_string(), text, span, "");
    } else {
        problem = problem.code(path.display().to_string());
    }
    Failure::new(Exit::Data, problem)
}
