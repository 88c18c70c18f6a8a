//! The state of a password or PIN being typed. It holds the secret itself, in one buffer that never moves and is
//! zeroized; nothing else ever sees it but the drawing while it is revealed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroize;

use super::Field;
use crate::screen::UiKey;
use crate::screen::cells::width;
use crate::screen::theme::Theme;
use crate::visit::Secret;

/// Bytes. Longer passwords are not known to exist on a campus; what does not fit is refused, not cut.
const CAPACITY: usize = 512;
/// What stands for a character. ASCII: a bullet's width depends on the terminal.
const MASK: &str = "*";

/// A secret being typed at its end. It can be neither cloned nor printed.
pub struct SecretField {
    /// On the heap, so that moving the field leaves no copy behind.
    bytes: Box<[u8; CAPACITY]>,
    len: usize,
    revealed: bool,
}

impl SecretField {
    /// An empty field.
    pub fn new() -> Self {
        SecretField {
            bytes: Box::new([0; CAPACITY]),
            len: 0,
            revealed: false,
        }
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Graphemes typed.
    pub fn len(&self) -> usize {
        self.text().graphemes(true).count()
    }

    /// Shows it, or hides it again.
    pub fn reveal(&mut self, revealed: bool) {
        self.revealed = revealed;
    }

    /// Whether the secret is shown.
    pub fn revealed(&self) -> bool {
        self.revealed
    }

    /// Whether something beyond ASCII was typed: an input method may be on, and the person cannot see it.
    pub fn has_wide(&self) -> bool {
        !self.text().is_ascii()
    }

    /// Takes an editing key; `false` where it is none of this field's.
    pub fn key(&mut self, key: UiKey) -> bool {
        match key {
            UiKey::Char(c) => {
                let mut encoded = [0; 4];
                self.push(c.encode_utf8(&mut encoded));
                encoded.zeroize();
            }
            UiKey::Backspace => self.backspace(),
            UiKey::ClearField => self.clear(),
            _ => return false,
        }
        true
    }

    /// Takes pasted text up to its first line feed or other control character, whole or, where it would not fit, not
    /// at all: half a password is a wrong one.
    pub fn paste(&mut self, text: &str) {
        let line = text.split(char::is_control).find(|part| !part.is_empty());
        self.push(line.unwrap_or_default());
    }

    /// Forgets it.
    pub fn clear(&mut self) {
        self.bytes.zeroize();
        self.len = 0;
        self.revealed = false;
    }

    /// Hands it over and forgets it.
    pub fn take(&mut self) -> Secret {
        // Exactly as long as needed, so that boxing it moves nothing.
        let mut text = String::with_capacity(self.len);
        text.push_str(self.text());
        self.clear();
        Secret::new(text)
    }

    /// Draws it like any field: a star for each character, itself only while it is revealed.
    pub fn draw(
        &self,
        label: &str,
        placeholder: &str,
        focused: bool,
        area: Rect,
        buf: &mut Buffer,
        theme: &Theme,
    ) -> Option<Position> {
        let stars;
        let text = if self.revealed {
            self.text()
        } else {
            stars = MASK.repeat(self.len());
            &stars
        };
        let caret = width(text);
        Field {
            label,
            text,
            caret,
            placeholder,
            focused,
        }
        .draw(area, buf, theme)
    }

    fn text(&self) -> &str {
        let typed = self.bytes.get(..self.len).unwrap_or_default();
        std::str::from_utf8(typed).unwrap_or_default()
    }

    fn push(&mut self, text: &str) {
        let end = self.len.saturating_add(text.len());
        let has_control = text.chars().any(char::is_control);
        if let Some(free) = self.bytes.get_mut(self.len..end).filter(|_| !has_control) {
            free.copy_from_slice(text.as_bytes());
            self.len = end;
        }
    }

    fn backspace(&mut self) {
        let start = self
            .text()
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at);
        if let Some(gone) = self.bytes.get_mut(start..self.len) {
            gone.zeroize();
        }
        self.len = start;
    }
}

impl Default for SecretField {
    fn default() -> Self {
        SecretField::new()
    }
}

impl Drop for SecretField {
    fn drop(&mut self) {
        self.clear();
    }
}

impl std::fmt::Debug for SecretField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretField(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::theme::Theme;

    #[test]
    fn holds_hands_over_and_forgets() {
        let mut secret = SecretField::new();
        secret.paste("pa55 wörd\n");
        secret.key(UiKey::Char('密'));
        assert_eq!(secret.len(), 10);
        assert!(secret.has_wide());
        secret.key(UiKey::Backspace);
        assert_eq!(format!("{secret:?}"), "SecretField(***)");
        assert_eq!(secret.take().expose(), "pa55 wörd");
        assert!(secret.is_empty());
        assert!(secret.bytes.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn what_is_taken_back_is_wiped() {
        let mut secret = SecretField::new();
        secret.paste("abc密");
        secret.key(UiKey::Backspace);
        assert!(secret.bytes[3..].iter().all(|byte| *byte == 0));
        for _ in 0..9 {
            secret.key(UiKey::Backspace);
        }
        assert!(secret.bytes.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn what_does_not_fit_is_refused_whole() {
        let mut secret = SecretField::new();
        secret.paste(&"x".repeat(CAPACITY + 1));
        assert!(secret.is_empty());
        secret.paste(&"x".repeat(CAPACITY));
        secret.key(UiKey::Char('y'));
        assert_eq!(secret.len(), CAPACITY);
    }

    #[test]
    fn is_drawn_hidden_until_revealed() {
        let (theme, _) = Theme::load("monochrome", None);
        let mut secret = SecretField::new();
        secret.paste("canary");
        let area = Rect::new(0, 0, 30, 2);
        let mut buf = Buffer::empty(area);
        let caret = secret.draw("Password", "", true, area, &mut buf, &theme);
        assert_eq!(caret, Some(Position::new(7, 1)));
        assert!(!format!("{buf:?}").contains("canary"));
        secret.reveal(true);
        secret.draw("Password", "", true, area, &mut buf, &theme);
        assert!(format!("{buf:?}").contains("canary"));
        let _ = secret.take();
        assert!(!secret.revealed(), "the next one is hidden again");
    }
}
