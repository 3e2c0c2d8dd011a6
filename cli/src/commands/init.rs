//! `adit init`: a small project that builds, and explains itself.

use std::path::{Path, PathBuf};

use crate::{
    exit::Exit,
    failure::Failure,
    files::Batch,
    project::{Project, secret},
    session::Session,
};

/// Make a small project that builds, and explains itself
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder to make it in; nothing that is there is ever overwritten
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Make only the secret of the project that is there already: the key of its pseudonyms
    #[arg(long)]
    secret: bool,
}

/// The files of the project, by path. `PROJECT` in them is its name.
const TEMPLATE: [(&str, &str); 8] = [
    ("adit.toml", include_str!("init/template/adit.toml")),
    ("policy.adit", include_str!("init/template/policy.adit")),
    ("snapshot/snapshot.toml", include_str!("init/template/snapshot/snapshot.toml")),
    ("snapshot/identities.csv", include_str!("init/template/snapshot/identities.csv")),
    ("snapshot/entitlements.csv", include_str!("init/template/snapshot/entitlements.csv")),
    ("snapshot/assignments.csv", include_str!("init/template/snapshot/assignments.csv")),
    ("approvals/README.md", include_str!("init/template/approvals/README.md")),
    (".gitignore", include_str!("init/template/gitignore")),
];

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    if arguments.secret {
        return only_secret(&Project::open(Some(folder))?, session);
    }
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::usage(
            format!("`{}` is a file, and a project is a folder", folder.display()),
            "name a folder that does not exist yet",
        ));
    }
    if let Some((taken, _)) = TEMPLATE.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(Failure::usage(
            format!("`{}` is there already, and nothing is overwritten", folder.join(taken).display()),
            "name a folder that does not exist yet",
        ));
    }
    let name = name(folder);
    let mut batch = Batch::new();
    for (path, text) in TEMPLATE {
        let text = text.replace("PROJECT", &name);
        batch.write(&folder.join(path), |out| out.write_all(text.as_bytes()))?;
    }
    secret::write(&mut batch, folder)?;
    batch.commit()?;
    let shown = folder.display();
    session.out.text(&format!(
        "made the project `{name}` in {shown}: a bicycle shop with twelve people and one machine\n\n\
         \x20 {shown}/policy.adit              what is mined, what may never meet, who approves; start reading here\n\
         \x20 {shown}/snapshot/snapshot.toml   where the data comes from and what its columns mean\n\
         \x20 {shown}/.adit/secret             the key of pseudonyms; keep it out of version control\n\n\
         next:\n\
         \x20 adit check {shown}\n\
         \x20 adit build {shown}\n\
         \x20 adit lint {shown}\n"
    ));
    Ok(Exit::Fine)
}

/// The secret of a project that has none.
fn only_secret(project: &Project, session: &mut Session) -> Result<Exit, Failure> {
    let path = project.path(secret::FILE);
    if path.exists() {
        return Err(Failure::usage(
            format!("`{}` is there already, and nothing is overwritten", path.display()),
            "remove it to make another one; pseudonyms and fingerprints will be others then",
        ));
    }
    let mut batch = Batch::new();
    secret::write(&mut batch, &project.root)?;
    let ignored = secret::ignored(&project.root);
    if let Some((file, text)) = &ignored {
        batch.write(file, |out| out.write_all(text.as_bytes()))?;
    }
    batch.commit()?;
    session.out.line(&format!("made the secret of `{}` in {}", project.config.project.name, path.display()));
    if let Some((file, _)) = ignored {
        session.out.line(&format!("{} keeps it out of version control", file.display()));
    }
    session.out.line(&format!("give it to those who compare reports, and to CI as {}", secret::VARIABLE));
    Ok(Exit::Fine)
}

/// The folder's own name, as far as it can stand between quotes in TOML.
fn name(folder: &Path) -> String {
    let absolute = folder.file_name().map(Path::new).map(Path::to_owned).or_else(|| {
        // `adit init .` is called what the current folder is called.
        folder.canonicalize().ok().and_then(|folder| folder.file_name().map(PathBuf::from))
    });
    let name = absolute.unwrap_or_default().to_string_lossy().replace(['"', '\\'], "");
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    if name.trim().is_empty() { "my-project".to_owned() } else { name }
}
