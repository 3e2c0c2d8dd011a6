//! `--against REF`: what a git revision finds too is not reported.

use std::{collections::BTreeSet, io, path::Path};

use adit_rules::{Finding, Linted, Record};
use adit_snapshots::Snapshot;
use jiff::civil::Date;

use crate::{
    failure::{Failure, Problem},
    persona::Persona,
    progress::Meter,
    project::{self, Lock, LockState, Project, stages},
    report::Against,
    revision::Revision,
};

/// The findings of a project at a revision, by fingerprint.
pub(crate) struct Earlier {
    name: String,
    commit: String,
    fingerprints: BTreeSet<String>,
}

impl Earlier {
    /// Lints the project as it was, with the rules and on the day of now. A project that was not there yet had no findings.
    pub(crate) fn find(
        project: &Project,
        persona: Persona,
        name: &str,
        as_of: Date,
        meter: &Meter,
    ) -> Result<Self, Failure> {
        meter.doing("looking at the earlier revision");
        let revision = Revision::find(&project.root, name)?;
        let fingerprints = match revision.check_out(&project.root)? {
            Some(root) if root.join(project::FILE).is_file() => found(project, persona, &revision, &root, as_of, meter)
                .map_err(|failure| told(failure, &revision, name))?,
            _ => BTreeSet::new(),
        };
        Ok(Self { name: name.to_owned(), commit: revision.commit, fingerprints })
    }

    /// How findings compare with these.
    pub(crate) fn compare(&self, findings: &[Finding], snapshot: &Snapshot) -> Against {
        let now: BTreeSet<String> = findings.iter().map(|finding| finding.fingerprint(snapshot)).collect();
        let unchanged = now.intersection(&self.fingerprints).count();
        Against {
            revision: self.name.clone(),
            commit: self.commit.clone(),
            new: (now.len() - unchanged) as u64,
            unchanged: unchanged as u64,
            gone: (self.fingerprints.len() - unchanged) as u64,
        }
    }

    /// Only what is new.
    pub(crate) fn keep_new(&self, mut linted: Linted, snapshot: &Snapshot) -> Linted {
        linted.findings.retain(|finding| !self.fingerprints.contains(&finding.fingerprint(snapshot)));
        linted
    }
}

fn found(
    now: &Project,
    persona: Persona,
    revision: &Revision,
    root: &Path,
    as_of: Date,
    meter: &Meter,
) -> Result<BTreeSet<String>, Failure> {
    let mut then = Project::open(Some(root))?;
    // Findings are compared here and shown to nobody: they need no secret.
    then.config.privacy.secret_file = None;
    let folder = then.snapshot();
    // Data may be kept beside the project.
    if let Some(here) = revision.here(&folder) {
        revision.check_out(&here)?;
    }
    let borrowed = borrow(&now.snapshot(), &folder)?;
    let prepared = then.prepare(Some(as_of), true)?;
    let data = then.data(&prepared, meter)?;
    if borrowed && Lock::compare(Lock::read(root)?.as_ref(), &data.snapshot.digest) != LockState::Same {
        return Err(Failure::data(
            "its data is not in git, and the data here is not that of its `adit.lock`",
            "hold findings against a `--baseline`, or get the data of that revision and lint it there",
        ));
    }
    // What builds wrote is seldom in git: then it is the same for both.
    let written = if then.path(&then.config.project.out).is_dir() { &then } else { now }.record()?;
    let record = Record { locked: then.locked_record()?.locked, ..written };
    let compilation = stages::to_lint(&prepared, &data, &record, meter)?;
    let linted = adit_rules::lint(&compilation, &now.config.rules(persona), &record);
    Ok(linted.findings.iter().map(|finding| finding.fingerprint(&data.snapshot)).collect())
}

/// Data that is not in git stands beside it: files that the snapshot of the revision lacks are taken from here. Whether any was.
fn borrow(from: &Path, to: &Path) -> Result<bool, Failure> {
    let mut borrowed = take(from, to, stages::MANIFEST)?;
    for source in stages::manifest(to)?.sources.iter().filter(|source| !source.file.is_empty()) {
        borrowed |= take(from, to, &source.file)?;
    }
    Ok(borrowed)
}

/// Takes a file that is missing there and is here.
fn take(from: &Path, to: &Path, file: &str) -> Result<bool, Failure> {
    let (ours, theirs) = (from.join(file), to.join(file));
    if theirs.exists() || !ours.is_file() {
        return Ok(false);
    }
    let folder = theirs.parent().unwrap_or(to);
    let taken = std::fs::create_dir_all(folder).and_then(|()| lend(&ours, &theirs));
    taken.map(|()| true).map_err(|error| Failure::unwritable(&theirs, &error))
}

#[cfg(unix)]
fn lend(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from.canonicalize()?, to)
}

#[cfg(not(unix))]
fn lend(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::copy(from, to).map(drop)
}

/// What is wrong with a revision is said in one sentence: its files are not there to be looked at.
fn told(failure: Failure, revision: &Revision, name: &str) -> Failure {
    match failure {
        Failure::Problems { exit, problems } => {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            let message = format!("cannot lint the project at `{name}`: {}", revision.named(&first, name));
            let help = problems.first().and_then(Problem::what_to_do);
            let help = help.unwrap_or("compare with a revision that this version of adit can lint").to_owned();
            Failure::new(exit, Problem::new(message).help(help))
        }
        interrupted => interrupted,
    }
}
