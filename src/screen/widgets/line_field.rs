//! The state of a line of visible input, bounded, edited by what people take for characters.

use unicode_segmentation::UnicodeSegmentation;

use super::Field;
use crate::screen::UiKey;
use crate::screen::cells::{is_unsafe, width};

/// A typed line. Debug shows its length only: it may be a student number or a name.
#[derive(Clone, Default)]
pub struct LineField {
    text: String,
    /// A byte at a grapheme's edge.
    caret: usize,
    max: usize,
}

impl LineField {
    /// An empty line of at most so many graphemes.
    pub fn new(max_graphemes: usize) -> Self {
        LineField {
            text: String::new(),
            caret: 0,
            max: max_graphemes,
        }
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Cells before the caret.
    pub fn caret(&self) -> u16 {
        width(self.text.get(..self.caret).unwrap_or_default())
    }

    /// Forgets what is typed.
    pub fn clear(&mut self) {
        self.text.clear();
        self.caret = 0;
    }

    /// Takes an editing key; `false` where the key is none of this field's.
    pub fn key(&mut self, key: UiKey) -> bool {
        match key {
            UiKey::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            UiKey::Backspace => {
                let start = self.before();
                self.text.replace_range(start..self.caret, "");
                self.caret = start;
            }
            UiKey::Delete => {
                let end = self.after();
                self.text.replace_range(self.caret..end, "");
            }
            UiKey::Left => self.caret = self.before(),
            UiKey::Right => self.caret = self.after(),
            UiKey::Home => self.caret = 0,
            UiKey::End => self.caret = self.text.len(),
            UiKey::ClearField => self.clear(),
            _ => return false,
        }
        self.snap();
        true
    }

    /// Puts text in at the caret, as much as the bound leaves; line feeds and invisible characters are dropped.
    pub fn paste(&mut self, text: &str) {
        // Far more than fits needs no look.
        for grapheme in text.graphemes(true).take(self.max.saturating_mul(4)) {
            self.insert(grapheme);
        }
    }

    /// What draws it.
    pub fn field<'a>(&'a self, label: &'a str, placeholder: &'a str, focused: bool) -> Field<'a> {
        Field {
            label,
            text: &self.text,
            caret: self.caret(),
            placeholder,
            focused,
        }
    }

    fn insert(&mut self, grapheme: &str) {
        let clean: String = grapheme
            .chars()
            .filter(|c| !is_unsafe(*c))
            .take(8)
            .collect();
        if clean.is_empty() {
            return;
        }
        let old = self.text.len();
        self.text.insert_str(self.caret, &clean);
        // Counted afterwards: a combining mark joins what stands before it.
        if self.text.graphemes(true).count() > self.max
            || self.text.len() > self.max.saturating_mul(16)
        {
            let added = self.text.len().saturating_sub(old);
            self.text
                .replace_range(self.caret..self.caret.saturating_add(added), "");
        } else {
            self.caret = self.caret.saturating_add(clean.len());
        }
        self.snap();
    }

    /// An edit may have joined what stood on both sides of the caret: it goes behind that.
    fn snap(&mut self) {
        let mut edges = self.text.grapheme_indices(true).map(|(at, _)| at);
        let edge = edges.find(|at| *at >= self.caret);
        self.caret = edge.unwrap_or(self.text.len());
    }

    fn before(&self) -> usize {
        let before = self.text.get(..self.caret).unwrap_or_default();
        before
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let rest = self.text.get(self.caret..).unwrap_or_default();
        self.caret
            .saturating_add(rest.graphemes(true).next().map_or(0, str::len))
    }
}

impl std::fmt::Debug for LineField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LineField({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_by_grapheme_and_counts_in_cells() {
        let mut line = LineField::new(5);
        line.paste("张e\u{301}三\n\u{202e}");
        assert_eq!((line.text(), line.caret()), ("张e\u{301}三", 5));
        line.key(UiKey::Left);
        assert_eq!(line.caret(), 3);
        line.key(UiKey::Backspace);
        assert_eq!((line.text(), line.caret()), ("张三", 2));
        line.key(UiKey::Delete);
        assert_eq!(line.text(), "张");
        line.key(UiKey::Home);
        line.key(UiKey::Backspace);
        assert_eq!((line.text(), line.caret()), ("张", 0));
        assert!(!line.key(UiKey::Enter));
    }

    #[test]
    fn is_bounded() {
        let mut line = LineField::new(5);
        line.paste(&"1234567".repeat(100_000));
        assert_eq!(line.text(), "12345");
        line.key(UiKey::Home);
        line.key(UiKey::Char('9'));
        assert_eq!((line.text(), line.caret()), ("12345", 0));
        for _ in 0..1000 {
            line.key(UiKey::Char('\u{301}'));
        }
        assert!(line.text().len() <= 80);
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn the_caret_always_stands_at_an_edge(keys in proptest::collection::vec(
            proptest::prop_oneof![
                proptest::char::any().prop_map(UiKey::Char),
                proptest::sample::select(vec![UiKey::Left, UiKey::Right, UiKey::Home, UiKey::End, UiKey::Backspace, UiKey::Delete]),
                proptest::sample::select(vec!['\u{301}', '\u{200d}', '👩', '한', 'ㅏ', '🇨', '🇳']).prop_map(UiKey::Char),
            ], 0..60)) {
            let mut line = LineField::new(12);
            for key in keys {
                line.key(key);
                let on_edge = line.caret == line.text.len()
                    || line.text.grapheme_indices(true).any(|(at, _)| at == line.caret);
                proptest::prop_assert!(on_edge);
                proptest::prop_assert!(line.text.graphemes(true).count() <= 12);
            }
        }
    }
    use proptest::strategy::Strategy;
}
