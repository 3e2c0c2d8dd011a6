//! How findings say numbers and lists.

/// `1 identity`, `3 identities`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// `a`, `a and b`, `a, b and c`, with that word before the last.
pub(crate) fn joined(words: &[impl AsRef<str>], before_last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} {before_last} {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_as_people_write_them() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "role", "roles")), ["0 roles", "1 role", "2 roles"]);
        let all = ["a", "b", "c"];
        assert_eq!([0, 1, 2, 3].map(|words| joined(&all[..words], "or")), ["", "a", "a or b", "a, b or c"]);
    }
}
