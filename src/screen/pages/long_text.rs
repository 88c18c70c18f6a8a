//! A place for many words: a ticket's reason, the hotline's answer.

use super::PagePen;
use crate::screen::UiKey;
use crate::screen::cells::{fill, put};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::wrap;
use crate::visit::FreeText;

/// Words of up to [`FreeText::MOST`] characters, typed at their end; pasted line feeds and emoji are kept.
#[derive(Default)]
pub struct TextArea(String);

impl TextArea {
    /// What was typed, as it is kept.
    pub fn words(&self) -> FreeText {
        FreeText::new(&self.0)
    }

    /// Takes an editing key.
    pub fn key(&mut self, key: UiKey) {
        match key {
            UiKey::Char(c) => self.paste(c.encode_utf8(&mut [0; 4])),
            UiKey::Backspace => {
                self.0.pop();
            }
            UiKey::ClearField => self.0.clear(),
            _ => {}
        }
    }

    /// Takes pasted text as far as there is room.
    pub fn paste(&mut self, text: &str) {
        let room = FreeText::MOST.saturating_sub(self.0.chars().count());
        self.0.extend(text.chars().take(room));
    }

    /// The end of what was typed, where the caret is.
    pub fn draw(
        &self,
        pen: &mut PagePen<'_, '_>,
        stack: &mut Stack,
        label: &str,
        rows: u16,
        focus: bool,
    ) {
        let n = self.0.chars().count();
        let label = pen.words(label);
        let counts = [
            ("label", label.into()),
            ("n", n.into()),
            ("most", FreeText::MOST.into()),
        ];
        let label = pen.words_with("words-counted", &counts);
        let role = if focus { Role::Accent } else { Role::Text };
        pen.say(stack, &label, role);
        let area = stack.take(rows);
        let role = if focus { Role::FieldFocus } else { Role::Field };
        fill(area, pen.buf, pen.theme.style(role));
        let lines = wrap(&self.0, area.width.saturating_sub(1));
        let first = lines.len().saturating_sub(usize::from(area.height));
        let shown = lines.get(first..).unwrap_or_default();
        let mut rest = Stack::new(area);
        let mut last = (area.x, area.y);
        for line in shown {
            let row = rest.take(1);
            let style = pen.theme.style(role);
            let used = put(row, row.x, row.y, line, style, pen.buf);
            last = (row.x.saturating_add(used), row.y);
        }
        if focus && !area.is_empty() {
            pen.caret = Some(last.into());
        }
    }
}
