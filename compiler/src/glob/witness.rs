//! Whether some text has all of some shapes and none of others: emptiness of a product of small automata, exact.
//!
//! A shape is an automaton whose states are the places in it. All are run side by side as sets of places (the subset
//! construction), breadth first, so that the text found is a shortest one. Two things keep the sets few: a star makes every
//! place before it pointless, since what could be had from there can be had from the star; and of all the characters no shape
//! waits for, one stands for the rest.

use std::collections::BTreeSet;

/// What a text must look like and must not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demands<'a> {
    /// Shapes it has.
    pub like: &'a [&'a str],
    /// Shapes it does not have.
    pub unlike: &'a [&'a str],
    /// Texts it is not, to the letter.
    pub not: &'a [&'a str],
}

/// Whether there is a text that meets all demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// A shortest one.
    Text(String),
    /// There is none.
    Nothing,
    /// It would have taken more effort than was allowed to find out.
    Unknown,
}

/// Looks for a shortest text that meets all demands. Takes what it costs, about one for each place looked at, from `effort`.
pub fn witness(demands: Demands<'_>, effort: &mut usize) -> Witness {
    search(demands, effort).unwrap_or(Witness::Unknown)
}

/// `None` when the effort ended.
fn search(demands: Demands<'_>, effort: &mut usize) -> Option<Witness> {
    let shapes = Shapes::new(demands);
    spend(effort, shapes.places.len())?;
    let Some(first) = shapes.first() else { return Some(Witness::Nothing) };
    let mut seen = BTreeSet::from([first.clone()]);
    let mut met = vec![Met { places: first, from: None }];
    let mut index = 0;
    while let Some(Met { places, .. }) = met.get(index) {
        if shapes.meets(places) {
            return Some(Witness::Text(spelled(&met, index)));
        }
        let places = places.clone();
        for character in shapes.characters(&places) {
            spend(effort, 1 + places.len())?;
            if let Some(next) = shapes.after(&places, character)
                && seen.insert(next.clone())
            {
                met.push(Met { places: next, from: Some((index, character)) });
            }
        }
        index += 1;
    }
    Some(Witness::Nothing)
}

fn spend(effort: &mut usize, cost: usize) -> Option<()> {
    let left = effort.checked_sub(cost);
    *effort = left.unwrap_or(0);
    left.map(drop)
}

/// A set of places that some text leads to, ascending, and the set it was met from and by which character.
#[derive(Debug)]
struct Met {
    places: Vec<usize>,
    from: Option<(usize, char)>,
}

/// The characters that lead to a set of places.
fn spelled(met: &[Met], index: usize) -> String {
    let mut letters = Vec::new();
    let mut here = met.get(index);
    while let Some(&Met { from: Some((index, letter)), .. }) = here {
        letters.push(letter);
        here = met.get(index);
    }
    letters.iter().rev().collect()
}

/// What is waited for at one place of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Letter(char),
    Any,
    Star,
    End,
}

#[derive(Debug)]
struct Shape {
    /// Its places, in those of all shapes.
    start: usize,
    end: usize,
    wanted: bool,
}

/// All shapes, their places one after the other.
#[derive(Debug)]
struct Shapes {
    places: Vec<Place>,
    shapes: Vec<Shape>,
    /// A character that no shape names.
    other: Option<char>,
}

impl Shapes {
    fn new(demands: Demands<'_>) -> Self {
        let mut all = Self { places: Vec::new(), shapes: Vec::new(), other: None };
        let glob = |letter| match letter {
            '*' => Place::Star,
            '?' => Place::Any,
            letter => Place::Letter(letter),
        };
        demands.like.iter().for_each(|pattern| all.add(pattern.chars().map(glob), true));
        demands.unlike.iter().for_each(|pattern| all.add(pattern.chars().map(glob), false));
        demands.not.iter().for_each(|text| all.add(text.chars().map(Place::Letter), false));
        let named: BTreeSet<char> = all.places.iter().filter_map(|place| letter(*place)).collect();
        all.other = ('a'..=char::MAX).find(|letter| !named.contains(letter));
        all
    }

    fn add(&mut self, places: impl Iterator<Item = Place>, wanted: bool) {
        let start = self.places.len();
        for place in places {
            let again = self.places.len() > start && place == Place::Star && self.places.last() == Some(&Place::Star);
            if !again {
                self.places.push(place);
            }
        }
        self.places.push(Place::End);
        self.shapes.push(Shape { start, end: self.places.len(), wanted });
    }

    /// Where every shape starts; `None` when no text at all can meet the demands.
    fn first(&self) -> Option<Vec<usize>> {
        let mut first = Vec::new();
        for shape in &self.shapes {
            self.enter(&mut first, shape.start, shape)?;
        }
        Some(first)
    }

    /// Where all shapes are after one more character; `None` when no text can meet the demands from there.
    fn after(&self, places: &[usize], character: char) -> Option<Vec<usize>> {
        let mut next = Vec::with_capacity(places.len());
        let mut rest = places;
        for shape in &self.shapes {
            let (here, others) = rest.split_at_checked(rest.partition_point(|&place| place < shape.end))?;
            rest = others;
            let before = next.len();
            for &place in here {
                match self.places.get(place)? {
                    Place::Star => self.enter(&mut next, place, shape)?,
                    Place::Any => self.enter(&mut next, place + 1, shape)?,
                    Place::Letter(letter) if *letter == character => self.enter(&mut next, place + 1, shape)?,
                    Place::Letter(_) | Place::End => {}
                }
            }
            if shape.wanted && next.len() == before {
                return None;
            }
        }
        Some(next)
    }

    /// Adds a place of a shape, the last of the list. `None` when the shape is not wanted and will be had whatever follows.
    fn enter(&self, places: &mut Vec<usize>, place: usize, shape: &Shape) -> Option<()> {
        if self.places.get(place) == Some(&Place::Star) {
            places.truncate(places.partition_point(|&other| other < shape.start));
            places.extend([place, place + 1]);
            return (shape.wanted || place + 2 < shape.end).then_some(());
        }
        if places.last() != Some(&place) {
            places.push(place);
        }
        Some(())
    }

    /// Whether the text read so far meets all demands.
    fn meets(&self, places: &[usize]) -> bool {
        self.shapes.iter().all(|shape| places.binary_search(&(shape.end - 1)).is_ok() == shape.wanted)
    }

    /// The characters that make a difference here.
    fn characters(&self, places: &[usize]) -> BTreeSet<char> {
        let named = places.iter().filter_map(|&place| self.places.get(place).copied().and_then(letter));
        named.chain(self.other).collect()
    }
}

fn letter(place: Place) -> Option<char> {
    if let Place::Letter(letter) = place { Some(letter) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::matches, *};

    const PLENTY: usize = 1_000_000;

    fn meets(demands: Demands<'_>, text: &str) -> bool {
        demands.like.iter().all(|shape| matches(shape, text))
            && !demands.unlike.iter().any(|shape| matches(shape, text))
            && !demands.not.contains(&text)
    }

    /// The texts of up to `most` letters over `a`, `b` and one that no demand names, shortest first.
    fn texts(most: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..most {
            let end = all.len();
            for index in from..end {
                for letter in ["a", "b", "z"] {
                    all.push(all[index].clone() + letter);
                }
            }
            from = end;
        }
        all
    }

    fn found(like: &[&str], unlike: &[&str], not: &[&str]) -> Witness {
        witness(Demands { like, unlike, not }, &mut PLENTY.clone())
    }

    #[test]
    fn three_that_rule_each_other_out_only_together() {
        assert_eq!(found(&["?b", "a*"], &[], &["ab"]), Witness::Nothing);
        assert_eq!(found(&["?b", "a*"], &[], &[]), Witness::Text("ab".into()));
        assert_eq!(found(&[], &["", "?*"], &[]), Witness::Nothing);
        assert_eq!(found(&["?"], &[], &["a"]), Witness::Text("b".into()));
        assert_eq!(found(&["*a*", "*b*", "??"], &["a*"], &[]), Witness::Text("ba".into()));
        assert_eq!(found(&["*a*", "*b*", "??"], &["a*"], &["ba"]), Witness::Nothing);
    }

    #[test]
    fn a_star_in_a_text_is_a_letter() {
        assert_eq!(found(&["a?"], &[], &["a*"]), Witness::Text("ab".into()));
        assert_eq!(found(&["a?"], &[], &["ab"]), Witness::Text("ac".into()));
        assert_eq!(found(&[], &["**"], &[]), Witness::Nothing);
    }

    #[test]
    fn effort_ends() {
        let mut effort = 2_000;
        let like: Vec<String> = (1..20).map(|index| format!("*a{}b", "?".repeat(index))).collect();
        let like: Vec<&str> = like.iter().map(String::as_str).collect();
        assert_eq!(witness(Demands { like: &like, ..Demands::default() }, &mut effort), Witness::Unknown);
        assert_eq!(effort, 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// What is found is the first of all texts that does, if the shapes are so short that one of these must.
        #[test]
        fn the_shortest_of_all_texts(
            like in prop::collection::vec("[ab?]{0,2}\\*?[ab?]{0,2}", 0..3),
            unlike in prop::collection::vec("[ab?]{0,1}\\*?[ab?]{0,1}", 0..3),
            not in prop::collection::vec("[ab]{0,3}", 0..4),
        ) {
            let (like, unlike, not): (Vec<_>, Vec<_>, Vec<_>) = (
                like.iter().map(String::as_str).collect(),
                unlike.iter().map(String::as_str).collect(),
                not.iter().map(String::as_str).collect(),
            );
            let demands = Demands { like: &like, unlike: &unlike, not: &not };
            let slow = texts(6).into_iter().find(|text| meets(demands, text));
            match witness(demands, &mut PLENTY.clone()) {
                Witness::Text(text) => {
                    prop_assert!(meets(demands, &text), "{}", text);
                    prop_assert_eq!(Some(text.len()), slow.as_ref().map(String::len), "{} {:?}", text, slow);
                }
                Witness::Nothing => prop_assert_eq!(slow, None),
                Witness::Unknown => prop_assert!(false, "so little cannot be too much"),
            }
        }
    }
}
