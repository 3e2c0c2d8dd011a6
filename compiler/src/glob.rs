//! Globs: `*` is any run of characters, `?` is any one. Nothing else is special, and nothing can be escaped.
//!
//! Every question here is answered in time proportional to the product of both lengths, whatever the pattern: there is
//! one place to return to, the last `*`, so nothing is ever tried twice over. Only many shapes at once need a search, with an
//! effort that ends ([`witness`]).

mod witness;

pub use witness::{Demands, Witness, witness};

/// Whether `text` as a whole has the shape of `pattern`. Case matters.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    walk(pattern, text, |wanted, found| wanted == '?' || wanted == found)
}

/// Like [`matches`], but ASCII letters are the same in both cases.
#[must_use]
pub fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    walk(pattern, text, |wanted, found| wanted == '?' || wanted.eq_ignore_ascii_case(&found))
}

/// Whether a pattern has neither `*` nor `?`, and so means one text only.
#[must_use]
pub fn is_literal(pattern: &str) -> bool {
    !pattern.contains(['*', '?'])
}

/// Whether every text of the shape `narrow` surely has the shape `wide` too. `false` when that is not plain to see.
#[must_use]
pub fn covers(wide: &str, narrow: &str) -> bool {
    walk(wide, narrow, |wanted, found| match found {
        '*' => false,
        '?' => wanted == '?',
        _ => wanted == '?' || wanted == found,
    })
}

/// Whether some text has both shapes. Exact.
#[must_use]
pub fn intersect(left: &str, right: &str) -> bool {
    let right: Vec<char> = right.chars().collect();
    // One flag per number of characters of `right`: whether those and what was read of `left` have a text in common.
    let mut meet = vec![false; right.len() + 1];
    set(&mut meet, 0);
    let_stars_be_empty(&mut meet, &right);
    for wanted in left.chars() {
        let mut next = vec![false; meet.len()];
        for (index, _) in meet.iter().enumerate().filter(|(_, met)| **met) {
            match (wanted, right.get(index)) {
                // A star takes any further characters of the other pattern: all flags from here on.
                ('*', _) => {
                    next.iter_mut().skip(index).for_each(|flag| *flag = true);
                    break;
                }
                (_, Some('*')) => set(&mut next, index),
                (_, Some(&found)) if wanted == '?' || found == '?' || wanted == found => set(&mut next, index + 1),
                _ => {}
            }
        }
        let_stars_be_empty(&mut next, &right);
        meet = next;
    }
    meet.last().copied().unwrap_or(false)
}

fn let_stars_be_empty(meet: &mut [bool], right: &[char]) {
    for (index, _) in right.iter().enumerate().filter(|(_, at)| **at == '*') {
        if meet.get(index).copied().unwrap_or(false) {
            set(meet, index + 1);
        }
    }
}

fn set(flags: &mut [bool], index: usize) {
    if let Some(flag) = flags.get_mut(index) {
        *flag = true;
    }
}

fn walk(pattern: &str, text: &str, same: impl Fn(char, char) -> bool) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    let mut last_star = None;
    loop {
        let here = text.clone();
        match (pattern.next(), text.next()) {
            (Some('*'), _) => {
                text = here;
                last_star = Some((pattern.clone(), text.clone()));
            }
            (Some(wanted), Some(found)) if same(wanted, found) => {}
            (_, Some(_)) => {
                let Some((after_star, taken)) = &mut last_star else { return false };
                taken.next();
                (pattern, text) = (after_star.clone(), taken.clone());
            }
            // A star that took more would leave even less text.
            (rest, None) => return rest.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, word for word; exponential.
    fn slow(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, _) => text.is_empty(),
            (Some(('*', rest)), _) => (0..=text.len()).any(|taken| slow(rest, &text[taken..])),
            (Some((wanted, rest)), Some((found, more))) => (*wanted == '?' || wanted == found) && slow(rest, more),
            (Some(_), None) => false,
        }
    }

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    /// Every text of up to five letters over an alphabet that has one letter more than the patterns.
    fn texts() -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..5 {
            let end = all.len();
            for index in from..end {
                for letter in ['a', 'b', 'z'] {
                    all.push(format!("{}{letter}", all[index]));
                }
            }
            from = end;
        }
        all
    }

    #[test]
    fn shapes() {
        assert!(matches("", ""));
        assert!(!matches("", "a"));
        assert!(matches("*", ""));
        assert!(matches("bg-*", "bg-"));
        assert!(!matches("bg-*", "big-1"));
        assert!(matches("*:Get?bject", "s3:GetObject"));
        assert!(!matches("a", "A"));
        assert!(matches_ignoring_case("IAM:*", "iam:PassRole"));
        assert!(matches("?", "é"));
        assert!(!matches("?", ""));
        assert!(matches("a*b*", "ab"));
    }

    #[test]
    fn many_stars_do_not_hang() {
        let pattern = "a*".repeat(2_000) + "b";
        assert!(!matches(&pattern, &"a".repeat(4_000)));
        assert!(!intersect(&"a*".repeat(300), &("a*".repeat(300) + "b?c").replace("a*", "b*")));
    }

    proptest! {
        #[test]
        fn as_the_definition_says(pattern in "[ab*?]{0,8}", text in "[ab]{0,10}") {
            prop_assert_eq!(matches(&pattern, &text), slow(&chars(&pattern), &chars(&text)));
        }

        #[test]
        fn what_is_covered_is_covered(wide in "[ab*?]{0,4}", narrow in "[ab*?]{0,4}") {
            if covers(&wide, &narrow) {
                for text in texts() {
                    prop_assert!(!matches(&narrow, &text) || matches(&wide, &text), "{}", text);
                }
            }
        }

        /// Two patterns of up to three characters have a common text of up to five letters, or none.
        #[test]
        fn common_texts_are_found(left in "[ab*?]{0,3}", right in "[ab*?]{0,3}") {
            let common = texts().into_iter().find(|text| matches(&left, text) && matches(&right, text));
            prop_assert_eq!(intersect(&left, &right), common.is_some(), "{:?}", common);
        }
    }
}
