//! The secret of a project: the key of its pseudonyms, kept out of version control.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::Project;
use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    files::Batch,
    privacy::{Key, Pseudonyms},
};

/// The environment variable that holds the secret where there is no file, as in CI.
pub(crate) const VARIABLE: &str = "ADIT_SECRET";

/// Where the secret is, unless `[privacy] secret_file` says otherwise.
pub(crate) const FILE: &str = ".adit/secret";

/// The line of a `.gitignore` that keeps it out of version control.
const IGNORED: &str = "/.adit/";

/// Bytes of randomness in a secret that is made here.
const RANDOM: usize = 32;

/// The fewest bytes of a secret: one that can be guessed hides nobody.
const SHORTEST: usize = 16;

impl Project {
    /// The pseudonyms of this project: under the secret from the environment or a file, or else under the project's name.
    pub(crate) fn pseudonyms(&self) -> Result<Pseudonyms, Failure> {
        if let Some(secret) = std::env::var_os(VARIABLE).filter(|secret| !secret.is_empty()) {
            return secret_of(&format!("the environment variable {VARIABLE}"), &secret.into_encoded_bytes());
        }
        let named = self.config.privacy.secret_file.as_deref();
        let path = self.path(named.unwrap_or(FILE));
        match fs::read(&path) {
            Ok(secret) => secret_of(&format!("`{}`", path.display()), &secret),
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                Ok(Pseudonyms::new(Key::ProjectName, self.config.project.name.as_bytes()))
            }
            Err(error) => {
                let message = format!("cannot read the project's secret `{}`: {}", path.display(), io_words(&error));
                let help =
                    format!("put the file where it belongs, or set {VARIABLE}; whoever has it can give it to you");
                Err(Failure::new(Exit::Usage, Problem::new(message).help(help)))
            }
        }
    }
}

fn secret_of(place: &str, secret: &[u8]) -> Result<Pseudonyms, Failure> {
    let secret = secret.trim_ascii();
    if secret.len() < SHORTEST {
        return Err(Failure::usage(
            format!("expected a secret of at least {SHORTEST} bytes in {place}, found {}", secret.len()),
            "a short secret can be guessed; `adit init --secret PROJECT` makes a good one",
        ));
    }
    Ok(Pseudonyms::new(Key::Secret, secret))
}

/// Adds a new secret to the files that a project is made of, readable to its owner alone.
pub(crate) fn write(batch: &mut Batch, project: &Path) -> Result<(), Failure> {
    let mut random = [0; RANDOM];
    getrandom::fill(&mut random).map_err(|error| {
        Failure::usage(
            format!("cannot make a secret: {error}"),
            format!("set {VARIABLE} to at least {SHORTEST} bytes that nobody can guess"),
        )
    })?;
    let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    batch.write_private(&project.join(FILE), |out| out.write_all(format!("{secret}\n").as_bytes()))
}

/// The `.gitignore` of a project with the secret in it, and its new text; nothing when it is there already.
pub(crate) fn ignored(project: &Path) -> Option<(PathBuf, String)> {
    let path = project.join(".gitignore");
    let mut text = fs::read_to_string(&path).unwrap_or_default();
    if text.lines().any(|line| line.trim().trim_matches('/') == ".adit") {
        return None;
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&format!("# The key of pseudonyms. Whoever has it can find out who is who.\n{IGNORED}\n"));
    Some((path, text))
}
