//! `--also FORMAT=FILE`.

use std::path::PathBuf;

use clap::ValueEnum as _;

use crate::output::lint::LintFormat;

/// A format to write beside what is printed.
#[derive(Debug, Clone)]
pub(crate) struct Also {
    /// The format.
    pub(crate) format: LintFormat,
    /// Where to.
    pub(crate) file: PathBuf,
}

/// `sarif=out.sarif`.
pub(crate) fn parse(words: &str) -> Result<Also, String> {
    let (format, file) = words
        .split_once('=')
        .filter(|(_, file)| !file.is_empty())
        .ok_or_else(|| format!("expected a format and a file such as `json=lint.json`, found `{words}`"))?;
    let format = LintFormat::from_str(format, false).map_err(|_| {
        let known: Vec<_> = LintFormat::value_variants()
            .iter()
            .filter_map(|format| format.to_possible_value())
            .map(|format| format!("`{}`", format.get_name()))
            .collect();
        format!("expected a format of {}, found `{format}`", known.join(", "))
    })?;
    Ok(Also { format, file: PathBuf::from(file) })
}

/// A file that two formats are to be written to, if there is one.
pub(crate) fn twice(also: &[Also]) -> Option<&Also> {
    also.iter()
        .enumerate()
        .find(|(number, one)| also.iter().take(*number).any(|other| other.file == one.file))
        .map(|(_, one)| one)
}
