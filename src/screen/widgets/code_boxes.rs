//! Six boxes for the SMS code. The digits are a secret: one buffer, zeroized, redacted in Debug.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use zeroize::Zeroize;

use crate::screen::UiKey;
use crate::screen::cells::{fill, put};
use crate::screen::layout::centred;
use crate::screen::theme::{Role, Theme};
use crate::visit::{Secret, narrow};

const DIGITS: usize = 6;
/// Columns of a box and from one box to the next, rows; the larger first.
const SIZES: [(u16, u16, u16); 2] = [(7, 9, 3), (3, 4, 1)];

/// A code being typed at its end. It can be neither cloned nor printed.
pub struct CodeField {
    digits: Box<[u8; DIGITS]>,
    len: usize,
}

impl CodeField {
    /// Empty boxes.
    pub fn new() -> Self {
        CodeField {
            digits: Box::new([0; DIGITS]),
            len: 0,
        }
    }

    /// All six are there.
    pub fn is_full(&self) -> bool {
        self.len == DIGITS
    }

    /// Takes a digit or an editing key; `false` for any other.
    pub fn key(&mut self, key: UiKey) -> bool {
        match key {
            UiKey::Char(c) => return self.push(c),
            UiKey::Backspace => {
                self.len = self.len.saturating_sub(1);
                if let Some(gone) = self.digits.get_mut(self.len) {
                    gone.zeroize();
                }
            }
            UiKey::ClearField => self.clear(),
            _ => return false,
        }
        true
    }

    /// Takes the first six digits that stand together, as in a pasted message; else the digits there are.
    pub fn paste(&mut self, text: &str) {
        let mut run = 0;
        let mut end = None;
        for (at, c) in text.chars().take(1000).enumerate() {
            run = if narrow(c).is_ascii_digit() {
                run + 1
            } else {
                0
            };
            if run == DIGITS {
                end = Some(at + 1);
                break;
            }
        }
        match end {
            Some(end) => {
                self.clear();
                text.chars()
                    .take(end)
                    .skip(end.saturating_sub(DIGITS))
                    .for_each(|c| {
                        self.push(c);
                    });
            }
            None => text.chars().take(1000).for_each(|c| {
                self.push(c);
            }),
        }
    }

    /// Forgets it.
    pub fn clear(&mut self) {
        self.digits.zeroize();
        self.len = 0;
    }

    /// Hands it over and forgets it.
    pub fn take(&mut self) -> Secret {
        // Exactly as long as needed, so that boxing it moves nothing.
        let mut text = String::with_capacity(self.len);
        text.extend(self.typed().iter().copied().map(char::from));
        self.clear();
        Secret::new(text)
    }

    /// Cells of the larger boxes, if they fit, else of the smaller.
    pub fn size(room: Size) -> Size {
        let (_, _, size) = form(room);
        size
    }

    /// Draws the boxes in the area's middle. The digits are seen: their life is five minutes and the person must be
    /// able to compare them. Gives where the real cursor belongs, while it is focused.
    pub fn draw(
        &self,
        focused: bool,
        area: Rect,
        buf: &mut Buffer,
        theme: &Theme,
    ) -> Option<Position> {
        let area = area.intersection(buf.area);
        let (box_columns, step, size) = form(area.as_size());
        let place = centred(area, size);
        if place.is_empty() {
            return None;
        }
        let middle = place.y.saturating_add(place.height / 2);
        let mut caret = None;
        for (index, nth) in (0..DIGITS).zip(0u16..) {
            let left = place.x.saturating_add(nth.saturating_mul(step));
            let cell = Rect {
                x: left,
                width: box_columns,
                ..place
            }
            .intersection(place);
            let here = focused && index == self.len.min(DIGITS.saturating_sub(1));
            let style = theme.style(if here { Role::FieldFocus } else { Role::Field });
            fill(cell, buf, style);
            put(cell, cell.x, middle, "[", style, buf);
            put(
                cell,
                cell.right().saturating_sub(1),
                middle,
                "]",
                style,
                buf,
            );
            let centre = cell.x.saturating_add(box_columns / 2);
            if let Some(digit) = self.typed().get(index) {
                let mut text = [0; 4];
                put(
                    cell,
                    centre,
                    middle,
                    char::from(*digit).encode_utf8(&mut text),
                    style,
                    buf,
                );
            }
            if here && cell.contains((centre, middle).into()) {
                caret = Some(Position::new(centre, middle));
            }
        }
        caret
    }

    fn typed(&self) -> &[u8] {
        self.digits.get(..self.len).unwrap_or_default()
    }

    fn push(&mut self, c: char) -> bool {
        let digit = narrow(c);
        match (self.digits.get_mut(self.len), u8::try_from(digit)) {
            (Some(place), Ok(byte)) if digit.is_ascii_digit() => {
                *place = byte;
                self.len = self.len.saturating_add(1);
                true
            }
            _ => false,
        }
    }
}

/// A box's columns, the step to the next, and the whole.
fn form(room: Size) -> (u16, u16, Size) {
    let whole = |(columns, step, rows): (u16, u16, u16)| {
        let width = step.saturating_mul(5).saturating_add(columns);
        (columns, step, Size::new(width, rows))
    };
    let [large, small] = SIZES.map(whole);
    let fits = large.2.width <= room.width && large.2.height <= room.height;
    if fits { large } else { small }
}

impl Default for CodeField {
    fn default() -> Self {
        CodeField::new()
    }
}

impl Drop for CodeField {
    fn drop(&mut self) {
        self.clear();
    }
}

impl std::fmt::Debug for CodeField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeField(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_six_digits_and_hands_them_over() {
        let mut code = CodeField::new();
        for c in "12a３４567".chars() {
            code.key(UiKey::Char(c));
        }
        assert!(code.is_full());
        assert_eq!(format!("{code:?}"), "CodeField(***)");
        code.key(UiKey::Backspace);
        assert_eq!(code.take().expose(), "12345");
        assert_eq!(code.len, 0);
        assert!(code.digits.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn finds_the_code_in_a_pasted_message() {
        let mut code = CodeField::new();
        code.key(UiKey::Char('9'));
        code.paste("【企业微信】5分钟内有效，验证码 048213，勿告诉他人");
        assert_eq!(code.take().expose(), "048213");
        code.paste("04 82 13");
        assert_eq!(code.take().expose(), "048213");
    }
}
