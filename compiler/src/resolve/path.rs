//! Paths within a project: `/` between names, no `.` and no `..`.

/// Why a path leads to no file of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum PathError {
    #[error("leaves the project")]
    Outside,
    #[error("is not a relative path")]
    Absolute,
    #[error("has a wildcard")]
    Glob,
}

/// The path of the file that `user` calls `used`.
pub(super) fn join(user: &str, used: &str) -> Result<String, PathError> {
    walk(user.rsplit_once('/').map_or("", |(folder, _)| folder), used, true)
}

/// The one way to write a path.
pub(super) fn normalise(path: &str) -> Result<String, PathError> {
    walk("", path, false)
}

fn walk(folder: &str, path: &str, globs: bool) -> Result<String, PathError> {
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '~']) || path.contains('\\') || drive || path.is_empty() {
        return Err(PathError::Absolute);
    }
    if globs && path.contains(['*', '?', '[', '{']) {
        return Err(PathError::Glob);
    }
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop().ok_or(PathError::Outside)?;
            }
            _ => names.push(name),
        }
    }
    Ok(names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_to_the_file_that_says_it() {
        assert_eq!(join("policy/acme.adit", "duties.adit"), Ok("policy/duties.adit".to_owned()));
        assert_eq!(join("policy/acme.adit", "./../common//duties.adit"), Ok("common/duties.adit".to_owned()));
        assert_eq!(join("acme.adit", "common/../duties.adit"), Ok("duties.adit".to_owned()));
        assert_eq!(join("odd*folder/acme.adit", "duties.adit"), Ok("odd*folder/duties.adit".to_owned()));
    }

    #[test]
    fn never_out_of_the_project() {
        assert_eq!(join("acme.adit", "../duties.adit"), Err(PathError::Outside));
        assert_eq!(join("a/b.adit", "../../a/b.adit"), Err(PathError::Outside));
        for absolute in ["/etc/duties.adit", "C:/duties.adit", "common\\duties.adit", "~/duties.adit", ""] {
            assert_eq!(join("acme.adit", absolute), Err(PathError::Absolute), "{absolute}");
        }
        for glob in ["*.adit", "dut?es.adit", "[ab].adit", "{a,b}.adit"] {
            assert_eq!(join("acme.adit", glob), Err(PathError::Glob), "{glob}");
        }
    }
}
