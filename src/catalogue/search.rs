//! Search: text and questions are brought into one form, and a word is found anywhere in it.
//!
//! FTS5's trigrams find a substring of three letters or more; the question is a GLOB pattern, never a question in FTS5's
//! own language, so that nothing a user types can be an error in it.

use std::collections::HashSet;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use crate::model::package::Holding;

/// The longest word that goes into a GLOB pattern, in bytes; SQLite takes 50,000.
const PATTERN_MAX: usize = 10_000;

/// Returns `text` in the form that is searched: lower case, ä as ae, ö as oe, ü as ue, ß as ss, other letters without
/// their diacritics, one space between words.
#[must_use]
pub fn fold(text: &str) -> String {
    fold_with(text, Umlauts::Written)
}

/// Returns what is searched for `holding`: its words in the form of [`fold`], and those with umlauts once more without
/// the e ("gruenanlagen grunanlagen").
#[must_use]
pub fn folded(holding: &Holding) -> String {
    let about = &holding.description;
    let mut text = String::new();
    let fields = [&about.title, &about.signature, &about.creator, &about.producer]
        .into_iter()
        .chain([&about.holdings, &about.summary, &about.kind, &holding.names])
        .chain(&about.identifiers)
        .chain(&about.subjects)
        .chain(&about.contributors)
        .chain(&about.audience)
        .chain(&about.relations)
        .chain(about.properties.iter().map(|property| &property.value));
    for field in fields {
        for word in field.split_whitespace() {
            for form in [
                fold_with(word, Umlauts::Written),
                // Nearly all words have one form only.
                if word.is_ascii() { String::new() } else { fold_with(word, Umlauts::Dropped) },
            ] {
                let known = text.strip_suffix(&form).is_some_and(|before| before.is_empty() || before.ends_with(' '));
                if !form.is_empty() && !known {
                    if !text.is_empty() {
                        text.push(' ');
                    }
                    text.push_str(&form);
                }
            }
        }
    }
    text
}

/// Returns the words of a question, each once; all of them must be found.
#[must_use]
pub fn words(question: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    fold(question)
        .split(' ')
        .filter(|word| !word.is_empty() && seen.insert((*word).to_owned()))
        .map(str::to_owned)
        .collect()
}

/// Returns the GLOB pattern that finds `word` anywhere, unless it is too long for one.
#[must_use]
pub fn pattern(word: &str) -> Option<String> {
    if word.len() > PATTERN_MAX {
        return None;
    }
    let mut pattern = String::from("*");
    for letter in word.chars() {
        if matches!(letter, '*' | '?' | '[') {
            let _ = write!(pattern, "[{letter}]");
        } else {
            pattern.push(letter);
        }
    }
    pattern.push('*');
    Some(pattern)
}

#[derive(Clone, Copy, PartialEq)]
enum Umlauts {
    /// ü as ue.
    Written,
    /// ü as u.
    Dropped,
}

fn fold_with(text: &str, umlauts: Umlauts) -> String {
    // Most names of files: nothing to take apart.
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    let mut letters = text.nfkd().flat_map(char::to_lowercase).filter(|letter| !invisible(*letter)).peekable();
    while let Some(letter) = letters.next() {
        if letter.is_whitespace() || letter.is_control() {
            space = !out.is_empty();
            continue;
        }
        let mut diaeresis = false;
        while let Some(mark) = letters.next_if(|next| canonical_combining_class(*next) != 0) {
            diaeresis |= mark == '\u{308}';
        }
        if canonical_combining_class(letter) != 0 {
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        match letter {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ς' => out.push('σ'),
            other => out.push(other),
        }
        if diaeresis && umlauts == Umlauts::Written && matches!(letter, 'a' | 'o' | 'u') {
            out.push('e');
        }
    }
    out
}

/// Returns whether a letter is not seen and would only keep words from being found (soft hyphen, zero width).
const fn invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_brings_spellings_together() {
        for (text, expected) in [
            ("Grünanlagen", "gruenanlagen"),
            ("GRU\u{308}NANLAGEN", "gruenanlagen"),
            ("Straße STRASSE STRAẞE", "strasse strasse strasse"),
            ("Café  Čapek\tŁužica\n", "cafe capek luzica"),
            ("Ǖ u\u{304}\u{308}", "ue ue"),
            ("Brün\u{ad}ing", "bruening"),
            ("ﬁnanz ＡＢＣ", "finanz abc"),
            ("\0a\u{1b}b", "a b"),
            ("İ", "i"),
            (" \u{308}a", "a"),
            ("ÄÖÜ äöü", "aeoeue aeoeue"),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn patterns_take_wildcards_as_letters() {
        assert_eq!(words("  a*b [Ü]? A*B"), ["a*b", "[ue]?"]);
        assert_eq!(pattern("a*b").as_deref(), Some("*a[*]b*"));
        assert_eq!(pattern("[ue]?").as_deref(), Some("*[[]ue][?]*"));
        assert_eq!(words(" \0 "), Vec::<String>::new());
        assert_eq!(pattern(&"x".repeat(20_000)), None);
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(&fold(&once), &once);
            prop_assert!(!once.contains("  ") && once.trim() == once);
        }
    }
}
