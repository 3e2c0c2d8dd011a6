//! `adit approve`: one signature on one role, bound to exactly what the role is now.

use std::path::{Path, PathBuf};

use adit_compiler::{
    approval::{Approval, ApprovalFile, ApprovalState, Content, LifeState, Signature},
    compile::Compilation,
    roles::{CandidateRole, RoleOrigin},
    suggest,
};
use adit_snapshots::Digest;
use jiff::civil::Date;

use crate::{
    exit::Exit,
    failure::Failure,
    files,
    output::{approve, warnings},
    privacy::Names,
    project::{Project, stages},
    session::Session,
    text, values,
};

/// Sign for a role: show what it grants, to whom and why, and write the approval
///
/// The signature goes into a file in the project's `approvals` folder and is bound to the digest of this very content: when the role
/// changes, it counts no longer. Commit the file like any other change.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The role, by handle (`finance/1`), id (`r-3fa29c01d2`) or given name
    #[arg(value_name = "ROLE")]
    role: String,

    /// Who signs: one of the approvers that the spec lists
    #[arg(long, value_name = "WHO")]
    by: String,

    /// What was looked at
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// A name for the role, for people
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// The digest that a build showed; refuses to sign for anything else
    #[arg(long, value_name = "DIGEST")]
    content: Option<Digest>,

    /// The day of the signature [default: the as-of date]
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    on: Option<Date>,

    /// The day that approvals are held against [default: the day of the snapshot]
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    as_of: Option<Date>,

    /// The project's folder [default: the project around the current folder]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,

    /// Show what would be signed, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Show people by name; without it, by pseudonym
    #[arg(long)]
    reveal: bool,
}

/// The approval file that a signature leads to.
struct Signed {
    /// The file's path within the project.
    path: String,
    /// What it says.
    approval: Approval,
    /// Its text.
    text: String,
    /// Signatures for other content that it no longer has.
    dropped: usize,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let project = Project::open(arguments.project.as_deref())?;
    let mut prepared = project.prepare(arguments.as_of, arguments.reveal)?;
    warnings::print(&prepared, session);
    let on = arguments.on.unwrap_or(prepared.as_of);
    let later = on > prepared.as_of;
    let extracted = project.manifest()?.extracted;
    if on < extracted {
        return Err(Failure::usage(
            format!("nobody can have signed on {on} for roles that come from data of {extracted}"),
            "sign on the day of the snapshot or later: leave out `--on`, or name a later day",
        ));
    }
    // A signature of a later day counts from that day on, and has to be judged there.
    prepared.as_of = prepared.as_of.max(on);
    let meter = session.meter();
    let mut data = project.data(&prepared, &meter)?;
    let (signed, shown, role) = {
        let compilation = stages::roles(&prepared, &data, &meter)?;
        let number = find(&compilation, &arguments.role)?;
        expect_content(&compilation, number, arguments.content)?;
        let signature = Signature { by: arguments.by.clone(), on, comment: arguments.comment.clone() };
        let signed = sign(&project, &compilation, number, signature, arguments.name.clone())?;
        meter.finish();
        let names = Names::new(&data.snapshot, &prepared.privacy);
        let shown = approve::render(&compilation, number, &names, session.look);
        let role = compilation.roles.get(number).map(|role| role.handle.clone()).unwrap_or_default();
        (signed, shown, role)
    };
    session.out.text(&shown);
    // Held against the signature by the very code that a build uses, so that what is written here counts there.
    data.approvals.retain(|file| file.path != signed.path);
    data.approvals.push(ApprovalFile { path: signed.path.clone(), approval: signed.approval.clone() });
    data.approvals.sort_by(|a, b| a.path.cmp(&b.path));
    let compilation = stages::roles(&prepared, &data, &meter)?;
    meter.finish();
    let standing = judge(&compilation, &role, &arguments.by)?;
    let path = project.path(&signed.path);
    if signed.dropped > 0 {
        let dropped = text::counted(signed.dropped as u64, "earlier signature", "earlier signatures");
        session.out.line(&format!("{dropped} for other content: dropped"));
    }
    if arguments.dry_run {
        session.out.line(&format!("would sign as {} on {on} in {}: {standing}", arguments.by, path.display()));
        return Ok(Exit::Fine);
    }
    files::replace(&path, signed.text.as_bytes())?;
    session.out.line(&format!("signed as {} on {on} in {}: {standing}", arguments.by, path.display()));
    if later {
        session.out.line(&format!("it counts from that day on: build with `--as-of {on}` or later"));
    }
    Ok(Exit::Fine)
}

/// The role of that handle, id or name.
fn find(compilation: &Compilation<'_>, wanted: &str) -> Result<usize, Failure> {
    let with = |matches: &dyn Fn(&CandidateRole) -> bool| -> Vec<usize> {
        compilation.roles.iter().enumerate().filter(|(_, role)| matches(role)).map(|(number, _)| number).collect()
    };
    let found = [
        with(&|role| role.handle == wanted),
        with(&|role| role.id.0 == wanted),
        with(&|role| role.name.as_deref() == Some(wanted)),
    ];
    let handles = |numbers: &[usize]| {
        let handles = numbers.iter().filter_map(|&number| compilation.roles.get(number));
        handles.map(|role| format!("`{}`", role.handle)).collect::<Vec<_>>().join(", ")
    };
    match found.iter().find(|numbers| !numbers.is_empty()).map(Vec::as_slice) {
        Some([number]) => Ok(*number),
        Some(several) => Err(Failure::usage(
            format!("`{wanted}` is {} roles: {}", several.len(), handles(several)),
            "name one of them by its handle",
        )),
        None => {
            let near = suggest::closest(wanted, compilation.roles.iter().map(|role| role.handle.as_str()));
            let hint = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            Err(Failure::usage(
                format!("there is no role `{wanted}` in this build"),
                format!("{hint}`adit build` lists the roles with their handles"),
            ))
        }
    }
}

/// Refuses a role that is not what was looked at.
fn expect_content(compilation: &Compilation<'_>, number: usize, expected: Option<Digest>) -> Result<(), Failure> {
    let found = compilation.statuses.get(number).map(|status| status.content);
    match (expected, found) {
        (Some(expected), Some(found)) if expected != found => Err(Failure::usage(
            format!("the role is not what was looked at: expected the content {expected}, found {found}"),
            "nothing was written; build again, and look at what the role is now",
        )),
        _ => Ok(()),
    }
}

/// Adds the signature to the role's approval file, or begins one.
fn sign(
    project: &Project,
    compilation: &Compilation<'_>,
    number: usize,
    signature: Signature,
    name: Option<String>,
) -> Result<Signed, Failure> {
    let (Some(role), Some(status)) = (compilation.roles.get(number), compilation.statuses.get(number)) else {
        return Err(Failure::usage("the role is gone", "build again"));
    };
    if matches!(status.state, ApprovalState::NotProvisioned) {
        return Err(Failure::usage(
            format!("no `provision` block speaks of `{}`, so nobody may approve it", role.handle),
            "add one with the people who may approve it",
        ));
    }
    if matches!(status.state, ApprovalState::InForce) {
        return Err(Failure::usage(
            format!("`{}` exists and stays as it is: there is no change to approve", role.handle),
            "nothing was written; `adit build` lists what changes of which role",
        ));
    }
    if let ApprovalState::Withdrawn { to, on } = status.state {
        let help = match to {
            LifeState::Decommissioned => {
                "that is for good; if it was a mistake, correct the `[[state]]` in its approval file"
            }
            _ => "to bring it back, write a `[[state]]` that makes it active into its approval file first",
        };
        return Err(Failure::usage(format!("`{}` was {to} on {on}: nobody may approve it", role.handle), help));
    }
    let existing = status.file.and_then(|index| compilation.approvals.get(index));
    if let Some(file) =
        existing.filter(|file| file.approval.content == status.content && holds(file, compilation.as_of))
    {
        return extend(project, file, signature, name);
    }
    let path = match existing {
        Some(file) => file.path.clone(),
        None => free_path(project, role, name.as_deref()),
    };
    let approval = Approval {
        role: lasting_name(role),
        name: name.or_else(|| existing.and_then(|file| file.approval.name.clone())),
        content: Content::of(compilation, number).map(|content| content.digest()).unwrap_or(status.content),
        requested: existing.and_then(|file| file.approval.requested.clone()),
        expires: None,
        signatures: vec![signature],
        reviews: Vec::new(),
        states: existing.map_or_else(Vec::new, |file| file.approval.states.clone()),
    };
    let dropped = existing.map_or(0, |file| file.approval.signatures.len());
    Ok(Signed { path, text: approval.to_string(), approval, dropped })
}

fn holds(file: &ApprovalFile, as_of: Date) -> bool {
    file.approval.expires.is_none_or(|last| last >= as_of)
}

/// Appends to a file as it stands, so that comments in it stay; a new name has to be written by hand.
fn extend(
    project: &Project,
    file: &ApprovalFile,
    signature: Signature,
    name: Option<String>,
) -> Result<Signed, Failure> {
    let path = project.path(&file.path);
    if file.approval.signatures.iter().any(|earlier| earlier.by.trim().eq_ignore_ascii_case(signature.by.trim())) {
        return Err(Failure::usage(
            format!("`{}` has signed for exactly this already, in `{}`", signature.by, path.display()),
            "nothing to do: where more signatures are needed, somebody else has to give them",
        ));
    }
    if name.is_some() && name != file.approval.name {
        return Err(Failure::usage(
            format!("the role has an approval already, in `{}`", path.display()),
            "change `name` in that file, or leave out `--name`",
        ));
    }
    let earlier = files::read_text(&path, "the approval", Exit::Usage, "make it readable")?;
    let mut approval = file.approval.clone();
    approval.signatures.push(signature.clone());
    let added = approval_of_one(signature);
    Ok(Signed { path: file.path.clone(), text: format!("{}\n\n{added}", earlier.trim_end()), approval, dropped: 0 })
}

/// The `[[signature]]` table of one signature.
fn approval_of_one(signature: Signature) -> String {
    #[derive(serde::Serialize)]
    struct Table {
        signature: Vec<Signature>,
    }
    toml::to_string(&Table { signature: vec![signature] }).unwrap_or_default()
}

/// `approvals/finance-analyst.toml` after the name it is given, or after what it is called for good.
fn free_path(project: &Project, role: &CandidateRole, name: Option<&str>) -> String {
    let plain = |letter: char| if letter.is_alphanumeric() || letter == '-' || letter == '_' { letter } else { '-' };
    let called = lasting_name(role);
    let file: String = name.unwrap_or(&called).chars().map(plain).collect();
    let folder = project.config.project.approvals.trim_end_matches('/');
    let path = format!("{folder}/{file}.toml");
    if project.path(Path::new(&path)).exists() { format!("{folder}/{file}-{}.toml", role.id) } else { path }
}

/// What an approval calls a role. A mined role is what it grants: its handle has a number that may be another role's tomorrow.
fn lasting_name(role: &CandidateRole) -> String {
    match role.origin {
        RoleOrigin::Declared { .. } => role.handle.clone(),
        RoleOrigin::Primary { .. } | RoleOrigin::Secondary { .. } | RoleOrigin::Existing { .. } => role.id.to_string(),
    }
}

/// Whether the signature counts, and where the role stands with it.
fn judge(compilation: &Compilation<'_>, handle: &str, who: &str) -> Result<String, Failure> {
    let number = compilation.roles.iter().position(|role| role.handle == handle);
    let (Some(number), Some(status)) = (number, number.and_then(|number| compilation.statuses.get(number))) else {
        return Err(Failure::usage(format!("`{handle}` is gone"), "build again"));
    };
    let is = |name: &str| name.trim().eq_ignore_ascii_case(who.trim());
    match &status.state {
        ApprovalState::Approved { by } if by.iter().any(|name| is(name)) => Ok("approved".to_owned()),
        ApprovalState::Pending { signed, needed, rejected } => {
            match rejected.iter().find(|rejected| is(&rejected.by)) {
                None => Ok(format!("{signed} of {}", text::counted((*needed).into(), "signature", "signatures"))),
                Some(rejected) => Err(refused(compilation, number, who, &rejected.reason.to_string())),
            }
        }
        _ => Err(refused(compilation, number, who, "does not count")),
    }
}

fn refused(compilation: &Compilation<'_>, number: usize, who: &str, why: &str) -> Failure {
    let approvers = compilation
        .roles
        .get(number)
        .and_then(|role| compilation.provision(role))
        .map(|provision| provision.approvers.join(", "))
        .unwrap_or_default();
    Failure::usage(
        format!("`{who}` may not sign for this role: the signature {why}"),
        format!("nothing was written; the spec lets these people approve it: {approvers}"),
    )
}
