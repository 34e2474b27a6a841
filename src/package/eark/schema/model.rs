//! Which children an element may have, in which order: the notation as an automaton.
//!
//! A state is the place in the notation of the child that was read last (Glushkov's construction). XML Schema demands that
//! the next child alone says where reading goes on, so one state is enough and nothing is ever tried and taken back; a
//! test holds the tables to it.

/// A state: how many places of the notation lie up to and including the one of the last child; 0 before the first.
pub(super) type State = usize;

/// The children of an element, as numbers of elements.
#[derive(Debug, Default)]
pub(super) struct Model {
    /// The element at each place.
    places: Vec<usize>,
    /// The places that may come next, by state.
    follow: Vec<Vec<State>>,
    /// Whether the element may end, by state.
    end: Vec<bool>,
}

impl Model {
    /// Reads `notation`; `number` knows the elements by their names, and those that it does not know are left out.
    pub(super) fn new(notation: &str, number: impl Fn(&str) -> Option<usize>) -> Self {
        let mut building = Building { words: words(notation), at: 0, number, model: Self::default() };
        building.model.follow.push(Vec::new());
        let all = building.choice();
        let mut model = building.model;
        model.follow[0] = all.first;
        model.end =
            (0..model.follow.len()).map(|state| (state == 0 && all.optional) || all.last.contains(&state)).collect();
        model
    }

    /// Returns the state after the child `element`, where it may come now.
    pub(super) fn next(&self, state: State, element: usize) -> Option<State> {
        self.follow[state].iter().copied().find(|place| self.at(*place) == element)
    }

    /// Returns the nearest state after the child `element` that comes once others have come which are missing.
    pub(super) fn later(&self, state: State, element: usize) -> Option<State> {
        let mut seen = vec![state];
        let mut index = 0;
        while let Some(from) = seen.get(index).copied() {
            if let Some(found) = self.next(from, element) {
                return Some(found);
            }
            for place in &self.follow[from] {
                if !seen.contains(place) {
                    seen.push(*place);
                }
            }
            index += 1;
        }
        None
    }

    /// Returns the elements that may come now, in the order of the notation; one may be there twice.
    pub(super) fn expected(&self, state: State) -> impl Iterator<Item = usize> {
        self.follow[state].iter().map(|place| self.at(*place))
    }

    /// Returns whether the element may end now.
    pub(super) fn may_end(&self, state: State) -> bool {
        self.end[state]
    }

    fn at(&self, place: State) -> usize {
        self.places[place - 1]
    }
}

/// Returns the words of a notation: names and signs.
pub(super) fn words(notation: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in notation.split_whitespace() {
        let mut rest = word;
        while !rest.is_empty() {
            let name = rest.find(['(', ')', '|', '?', '*', '+']).unwrap_or(rest.len());
            let (word, after) = rest.split_at(name.max(1));
            words.push(word);
            rest = after;
        }
    }
    words
}

/// A part of the notation: whether it may be left out, and the places at which it begins and ends.
#[derive(Debug, Clone)]
struct Part {
    optional: bool,
    first: Vec<State>,
    last: Vec<State>,
}

struct Building<'a, F> {
    words: Vec<&'a str>,
    at: usize,
    number: F,
    model: Model,
}

impl<F: Fn(&str) -> Option<usize>> Building<'_, F> {
    fn word(&self) -> Option<&str> {
        self.words.get(self.at).copied()
    }

    /// `sequence | sequence | ...`
    fn choice(&mut self) -> Part {
        let mut choice = self.sequence();
        while self.word() == Some("|") {
            self.at += 1;
            let other = self.sequence();
            choice.optional |= other.optional;
            choice.first.extend(other.first);
            choice.last.extend(other.last);
        }
        choice
    }

    /// `item item ...`
    fn sequence(&mut self) -> Part {
        let mut sequence = Part { optional: true, first: Vec::new(), last: Vec::new() };
        while self.word().is_some_and(|word| word != "|" && word != ")") {
            let item = self.item();
            self.link(&sequence.last, &item.first);
            if sequence.optional {
                sequence.first.extend(&item.first);
            }
            if !item.optional {
                sequence.last.clear();
            }
            sequence.last.extend(&item.last);
            sequence.optional &= item.optional;
        }
        sequence
    }

    /// `name` or `( choice )`, and how often.
    fn item(&mut self) -> Part {
        let word = self.words[self.at];
        self.at += 1;
        let mut item = Part { optional: false, first: Vec::new(), last: Vec::new() };
        if word == "(" {
            item = self.choice();
            self.at += 1;
        } else if let Some(number) = (self.number)(word) {
            self.model.places.push(number);
            self.model.follow.push(Vec::new());
            item.first.push(self.model.places.len());
            item.last = item.first.clone();
        }
        let sign = self.word().unwrap_or_default();
        let (may_lack, may_repeat) = (matches!(sign, "?" | "*"), matches!(sign, "*" | "+"));
        self.at += usize::from(may_lack || may_repeat);
        item.optional |= may_lack;
        if may_repeat {
            self.link(&item.last.clone(), &item.first);
        }
        item
    }

    fn link(&mut self, from: &[State], to: &[State]) {
        for state in from {
            self.model.follow[*state].extend(to);
        }
    }
}

#[cfg(test)]
impl Model {
    /// Says that no two places that may come next hold the same element.
    pub(super) fn assert_deterministic(&self, name: &str) {
        for state in 0..self.follow.len() {
            let mut expected: Vec<usize> = self.expected(state).collect();
            expected.sort_unstable();
            let all = expected.len();
            expected.dedup();
            assert_eq!(expected.len(), all, "{name}, state {state}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notation_takes_what_it_says() {
        let number = |name: &str| name.bytes().next().map(|letter| usize::from(letter - b'a'));
        for (notation, right, wrong) in [
            ("a b? c*", &["a", "ab", "abcc", "acc"][..], &["", "b", "abb", "aca"][..]),
            ("a* | b+", &["", "aaa", "bb"], &["ab", "ba"]),
            ("(a | b)+ c", &["ac", "abbac"], &["c", "ab", "acc"]),
            ("(a b? | b a?)?", &["", "a", "ab", "b", "ba"], &["aa", "aba"]),
            ("a a+", &["aa", "aaa"], &["", "a"]),
            ("(a b | c) d*\n| d e", &["ab", "cdd", "de"], &["ad", "d", "e"]),
            ("(a? b?)* c", &["c", "babac"], &["ab"]),
            ("", &[""], &["a"]),
        ] {
            let model = Model::new(notation, number);
            let takes = |word: &&str| {
                let read = word.bytes().try_fold(0, |state, letter| model.next(state, usize::from(letter - b'a')));
                read.is_some_and(|state| model.may_end(state))
            };
            for word in right {
                assert!(takes(word), "{notation}: {word}");
            }
            for word in wrong {
                assert!(!takes(word), "{notation}: {word}");
            }
        }
    }
}
