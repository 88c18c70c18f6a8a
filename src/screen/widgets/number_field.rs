//! The state of a phone number being typed: digits and a leading plus, grouped as people read them. What it means is
//! for `Mobile::parse`.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Field;
use crate::screen::UiKey;
use crate::screen::cells::width;
use crate::screen::theme::Theme;
use crate::visit::{group_digits, narrow};

/// More than any number has (E.164: 15), so that a mistake is seen and not swallowed.
const MAX: usize = 20;

/// A typed number. Debug shows its length only.
#[derive(Clone, Default)]
pub struct NumberField {
    /// ASCII only: digits, and a plus in front.
    raw: String,
    caret: usize,
}

impl NumberField {
    /// An empty field.
    pub fn new() -> Self {
        NumberField::default()
    }

    /// As typed, without the groups' spaces.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// As shown: `138 0013 8000`, `+86 138 0013 8000`.
    pub fn grouped(&self) -> String {
        grouped(&self.raw)
    }

    /// Forgets what is typed.
    pub fn clear(&mut self) {
        self.raw.clear();
        self.caret = 0;
    }

    /// Takes an editing key. `false` where it is none of this field's, and for a character no number has.
    pub fn key(&mut self, key: UiKey) -> bool {
        match key {
            UiKey::Char(c) => return self.push(c),
            UiKey::Backspace => {
                if let Some(before) = self.caret.checked_sub(1) {
                    self.raw.remove(before);
                    self.caret = before;
                }
            }
            UiKey::Delete => {
                if self.caret < self.raw.len() {
                    self.raw.remove(self.caret);
                }
            }
            UiKey::Left => self.caret = self.caret.saturating_sub(1),
            UiKey::Right => self.caret = self.caret.saturating_add(1).min(self.raw.len()),
            UiKey::Home => self.caret = 0,
            UiKey::End => self.caret = self.raw.len(),
            UiKey::ClearField => self.clear(),
            _ => return false,
        }
        true
    }

    /// Takes the digits of pasted text and its plus, if it comes first.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars().take(400) {
            self.push(c);
        }
    }

    /// Draws it like any field.
    pub fn draw(
        &self,
        label: &str,
        placeholder: &str,
        focused: bool,
        area: Rect,
        buf: &mut Buffer,
        theme: &Theme,
    ) -> Option<Position> {
        let text = self.grouped();
        Field {
            label,
            text: &text,
            caret: self.caret_cells(&text),
            placeholder,
            focused,
        }
        .draw(area, buf, theme)
    }

    /// Cells before the caret in the grouped text: behind as many typed characters, and behind a group's space only
    /// once something follows it.
    fn caret_cells(&self, text: &str) -> u16 {
        let mut typed = 0;
        for (at, c) in text.char_indices() {
            if typed == self.caret && c != ' ' {
                return width(text.get(..at).unwrap_or_default());
            }
            typed += usize::from(c != ' ');
        }
        width(text)
    }

    fn push(&mut self, c: char) -> bool {
        let c = narrow(c);
        let plus = c == '+' && self.caret == 0 && !self.raw.starts_with('+');
        let before_plus = self.caret == 0 && self.raw.starts_with('+');
        if !(plus || (c.is_ascii_digit() && !before_plus)) || self.raw.len() >= MAX {
            return false;
        }
        self.raw.insert(self.caret, c);
        self.caret = self.caret.saturating_add(1);
        true
    }
}

fn grouped(raw: &str) -> String {
    match (raw.strip_prefix("+86"), raw.starts_with('+')) {
        (Some(""), _) => raw.to_owned(),
        (Some(rest), _) => format!("+86 {}", group_digits(rest)),
        (None, true) => raw.to_owned(),
        (None, false) => group_digits(raw),
    }
}

impl std::fmt::Debug for NumberField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NumberField({} digits)", self.raw.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Mobile;

    #[test]
    fn groups_as_one_types() {
        let mut number = NumberField::new();
        let mut shown = Vec::new();
        for digit in "13800138000".chars() {
            assert!(number.key(UiKey::Char(digit)));
            shown.push(number.grouped());
        }
        assert_eq!(shown[2], "138");
        assert_eq!(shown[3], "138 0");
        assert_eq!(shown[10], "138 0013 8000");
        assert_eq!(number.caret_cells(&number.grouped()), 13);
    }

    #[test]
    fn a_paste_is_understood() {
        for pasted in [
            "+86 138-0013-8000",
            "１３８ ００１３ ８０００",
            "tel:13800138000\n",
        ] {
            let mut number = NumberField::new();
            number.paste(pasted);
            assert_eq!(Mobile::parse(number.raw()).unwrap().as_str(), "13800138000");
        }
        let mut number = NumberField::new();
        number.paste(&"9".repeat(1_000_000));
        assert_eq!(number.raw().len(), MAX);
    }

    #[test]
    fn the_caret_moves_over_digits_and_not_over_spaces() {
        let mut number = NumberField::new();
        number.paste("13800138000");
        let cells: Vec<u16> = (0..12)
            .map(|_| {
                let cells = number.caret_cells(&number.grouped());
                number.key(UiKey::Left);
                cells
            })
            .collect();
        assert_eq!(cells, [13, 12, 11, 10, 9, 7, 6, 5, 4, 2, 1, 0]);
        assert!(!number.key(UiKey::Char('x')));
        assert!(number.key(UiKey::Char('+')));
        number.key(UiKey::Home);
        assert!(
            !number.key(UiKey::Char('1')),
            "nothing stands before a plus"
        );
    }
}
