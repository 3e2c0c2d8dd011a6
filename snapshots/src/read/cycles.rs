//! Faults about things that contain or inherit themselves through others.

use super::scan::shortened;

/// A cycle as people read it: `a` contains `b`, which contains `a`.
pub(crate) fn told(cycle: &[&str], verb: &str) -> String {
    const SHOWN: usize = 10;
    let Some(first) = cycle.first() else { return String::new() };
    if cycle.len() == 1 {
        return format!("`{}` {verb} itself", shortened(first));
    }
    let mut text = format!("`{}` ", shortened(first));
    for (position, name) in cycle.iter().skip(1).take(SHOWN).enumerate() {
        let which = if position == 0 { "" } else { "which " };
        text.push_str(&format!("{which}{verb} `{}`, ", shortened(name)));
    }
    if cycle.len() > SHOWN + 1 {
        text.push_str(&format!("and so on through {} more, ", cycle.len() - SHOWN - 1));
    }
    text.push_str(&format!("which {verb} `{}`", shortened(first)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_read_as_sentences() {
        insta::assert_snapshot!(told(&["a"], "contains"), @"`a` contains itself");
        insta::assert_snapshot!(told(&["a", "b", "c"], "contains"), @"`a` contains `b`, which contains `c`, which contains `a`");
        let long: Vec<String> = (0..14).map(|n| format!("g{n}")).collect();
        insta::assert_snapshot!(told(&long.iter().map(String::as_str).collect::<Vec<_>>(), "inherits"), @"`g0` inherits `g1`, which inherits `g2`, which inherits `g3`, which inherits `g4`, which inherits `g5`, which inherits `g6`, which inherits `g7`, which inherits `g8`, which inherits `g9`, which inherits `g10`, and so on through 3 more, which inherits `g0`");
    }
}
