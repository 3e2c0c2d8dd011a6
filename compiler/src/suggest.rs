//! "Did you mean …?"

/// Longer names are not compared: it would take the square of their length.
const LONGEST: usize = 100;

/// The candidate that is most like `name`, if any is alike enough that it may have been meant. Of several equally alike the
/// first in the order given, so give them sorted.
#[must_use]
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(name);
    let length = wanted.chars().count();
    let tolerance = (length / 3).clamp(1, 4);
    if length > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        // Far cheaper than a distance, and no distance is less.
        if candidate.len().abs_diff(name.len()) > 4 * tolerance
            || candidate.chars().count().abs_diff(length) > tolerance
        {
            continue;
        }
        let distance = strsim::osa_distance(&wanted, &plain(candidate));
        if distance <= tolerance && distance < length && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `did you mean `x`?`, or what else to say.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    match closest(name, candidates) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => otherwise(),
    }
}

/// `a`, `b` and `c`, each in backticks; at most ten of them.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut rest = names.into_iter().fuse();
    let mut names: Vec<String> = rest.by_ref().take(10).map(|name| format!("`{name}`")).collect();
    let more = rest.count();
    if more > 0 {
        names.truncate(9);
        names.push(format!("{} more", more + 1));
    }
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// Case and the two ways to join words make no difference.
fn plain(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_been_meant() {
        let known = ["department", "employee-id", "kind", "location", "title"];
        assert_eq!(closest("departmnet", known), Some("department"));
        assert_eq!(closest("Employee_ID", known), Some("employee-id"));
        assert_eq!(closest("kin", known), Some("kind"));
        assert_eq!(closest("cost-center", known), None);
        assert_eq!(closest("", known), None);
        assert_eq!(closest("x", ["y"]), None);
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(list([]), "");
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list(["a"; 12]), "`a`, `a`, `a`, `a`, `a`, `a`, `a`, `a`, `a` and 3 more");
    }
}
