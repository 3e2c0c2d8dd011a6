//! `adit explain`: whatever a report names. The page of a rule, of a rule pack or of a mistake in a spec; the rules that serve a control;
//! a spec with everything that holds where it says nothing.

use std::path::PathBuf;

use crate::{commands::fmt::explicit, exit::Exit, failure::Failure, project, session::Session};

mod pages;
mod topic;

use topic::Topic;

/// Explain a rule, a pack, a control or an error: what it finds, why it matters, what to do
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A rule by code or name (`RM502`, `toxic-combination`), a family of rules (`RM5`), a pack or a pattern of one (`aws-escalation`, `AWS-03`), a control (`AC-6(7)`, `NHI5`), or what is wrong with a spec (`E1101`); or a spec or a project, which is printed with every default that applies; without it, a list of all
    #[arg(value_name = "NAME", conflicts_with = "all")]
    name: Option<String>,

    /// Print the pages of all rules
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    match &arguments.name {
        _ if arguments.all => pages::all(session),
        None => pages::list(session),
        Some(name) if is_spec(name) => return explicit::run(&[PathBuf::from(name)], session),
        Some(name) => match Topic::find(name)? {
            Topic::Rule(rule) => pages::rule(rule, session),
            Topic::Family(family) => pages::family(family, session),
            Topic::Pack(pack) => pages::pack(pack, session),
            Topic::Pattern(pack, pattern) => pages::pattern(pack, pattern, session),
            Topic::SpecError(code) => pages::spec_error(code, session),
            Topic::Control(control) => pages::control(&control, session),
        },
    }
    Ok(Exit::Fine)
}

/// Whether it is a path rather than a name: of a spec, or of a project.
fn is_spec(name: &str) -> bool {
    let path = PathBuf::from(name);
    path.extension().is_some_and(|extension| extension == "adit") || path.join(project::FILE).is_file()
}
