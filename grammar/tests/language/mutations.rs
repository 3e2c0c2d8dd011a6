//! Real specs, changed at random: what only blanks and comments change means the same, and whatever still reads keeps the laws.

use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{laws::survives, reference, render::parsed};

/// Specs that people could have written.
fn specs() -> Vec<String> {
    let files = [
        include_str!("tour.adit"),
        include_str!("../../../examples/acme/policy/acme.adit"),
        include_str!("../../../examples/birch/policy/birch.adit"),
    ];
    files.map(str::to_owned).into_iter().chain(reference::examples()).collect()
}

/// A text taken apart: what stands together in it, blanks, line breaks and comments among that.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |same: fn(char) -> bool| rest.find(|c| !same(c)).unwrap_or(rest.len());
        let length = match first {
            '"' => {
                let mut escaped = false;
                let closes = |(_, c): &(usize, char)| {
                    let closes = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    closes
                };
                rest.char_indices().skip(1).find(closes).map_or(rest.len(), |(at, _)| at + 1)
            }
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            ' ' => run(|c| c == ' '),
            '\n' => 1,
            c if c.is_alphanumeric() => run(|c| c.is_alphanumeric() || "_-.%".contains(c)),
            c if "=!<>".contains(c) => run(|c| "=!<>".contains(c)),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Where a line breaks, more may stand; where a blank is, another one is as good.
fn spaced(piece: &str, choice: u8) -> String {
    match (piece, choice % 6) {
        ("\n", 0) => "\r\n".to_owned(),
        ("\n", 1) => "\n\n\n".to_owned(),
        ("\n", 2) => "\n   // of its own\n".to_owned(),
        ("\n", 3) => "\t \n".to_owned(),
        ("\n", 4) => "\r".to_owned(),
        (blank, _) if blank.starts_with(' ') => if choice.is_multiple_of(2) { "\t" } else { "     " }.to_owned(),
        (other, _) => other.to_owned(),
    }
}

/// One piece gone, said again at the end, broken off, or put elsewhere.
fn garbled(pieces: &mut Vec<&str>, at: usize, choice: u8) {
    match choice % 4 {
        0 => drop(pieces.remove(at)),
        1 => pieces.extend_from_within(at..=at),
        2 => pieces.insert(at, "\n"),
        _ => {
            let other = (at + usize::from(choice)) % pieces.len();
            pieces.swap(at, other);
        }
    }
}

#[test]
fn taken_apart_and_put_together_is_the_same() {
    for spec in specs() {
        assert_eq!(pieces(&spec).concat(), spec);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn blanks_and_comments_change_nothing(spec in any::<Index>(), choices in vec(any::<u8>(), 1..40)) {
        let specs = specs();
        let spec = spec.get(&specs);
        let changed: String = pieces(spec).into_iter().zip(choices.iter().cycle()).map(|(piece, &choice)| spaced(piece, choice)).collect();
        let (before, after) = (parsed(spec), parsed(&changed));
        prop_assert_eq!(&after.errors, &vec![], "{}", changed);
        prop_assert_eq!(after.file, before.file, "{}", changed);
        survives(&changed);
    }

    #[test]
    fn whatever_still_reads_keeps_the_laws(spec in any::<Index>(), changes in vec((any::<Index>(), any::<u8>()), 1..6)) {
        let specs = specs();
        let spec = spec.get(&specs);
        let mut pieces = pieces(spec);
        for (at, choice) in changes {
            let at = at.index(pieces.len());
            garbled(&mut pieces, at, choice);
        }
        survives(&pieces.concat());
    }
}
