//! What the tests keep an eye on: each message that the program asks for is filled in in every language with what it is
//! given, and is noted, for the tests that want to know what was shown.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::OnceLock;

use super::{FluentValue, Lang, Text};

thread_local! {
    /// A line for each message with the variables that it was given: `wait-at-most n words`.
    static SEEN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes what the program itself asks for; `by` is in a test where a test only compares words.
pub(super) fn note(by: &Location<'_>, key: &str, values: &[(&str, FluentValue<'_>)]) {
    if by.file().contains("tests") {
        return;
    }
    let mut line = key.to_owned();
    for (name, _) in values {
        line.extend([" ", name]);
    }
    if !SEEN.with_borrow_mut(|seen| seen.insert(line)) {
        return;
    }
    static TEXTS: OnceLock<Vec<Text>> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| Lang::ALL.iter().map(|lang| Text::new(*lang)).collect());
    for text in texts {
        let words = text.filled(key, values).unwrap_or_default();
        let is_whole = !words.is_empty() && !words.contains("{$") && !words.contains("{ $");
        assert!(is_whole, "{key}, {:?}: {words:?}", text.lang());
    }
}

/// What was asked for on this thread so far.
pub(crate) fn taken() -> BTreeSet<String> {
    SEEN.take()
}
