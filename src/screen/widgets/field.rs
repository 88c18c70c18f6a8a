//! One line of input: a label above, the text in brackets beneath, the real cursor at the caret.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::screen::cells::{fill, graphemes, put, put_clipped, width};
use crate::screen::theme::{Role, Theme};

/// Draws what a field's state shows. It holds nothing.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    /// What is asked for.
    pub label: &'a str,
    /// What is typed, as it is shown.
    pub text: &'a str,
    /// Cells from the text's start.
    pub caret: u16,
    /// The placeholder while the text is empty.
    pub placeholder: &'a str,
    /// Typing goes here.
    pub focused: bool,
}

impl Field<'_> {
    /// The label's row and the input's.
    pub const HEIGHT: u16 = 2;

    /// Draws it over the area's width and gives where the real cursor belongs, while it is focused and seen.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
        let area = area.intersection(buf.area);
        // The label is what can be missed where there is one row.
        let input_row = area
            .y
            .saturating_add(u16::from(area.height >= Field::HEIGHT));
        if area.height >= Field::HEIGHT {
            let focused = self.focused && !theme.is_at_rest();
            let mark = if focused { "> " } else { "  " };
            let role = if focused { Role::Accent } else { Role::Text };
            let used = put(area, area.x, area.y, mark, theme.style(role), buf);
            put(
                area,
                area.x.saturating_add(used),
                area.y,
                self.label,
                theme.style(role),
                buf,
            );
        }
        let input = Rect {
            y: input_row,
            height: area.height.min(1),
            ..area
        };
        self.draw_input(input, buf, theme)
    }

    fn draw_input(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
        // Two brackets, a cell of text and one for the caret behind it.
        if area.is_empty() || area.width < 4 {
            return None;
        }
        let role = if self.focused {
            Role::FieldFocus
        } else {
            Role::Field
        };
        let style = theme.style(role);
        fill(area, buf, style);
        put(area, area.x, area.y, "[", style, buf);
        put(
            area,
            area.right().saturating_sub(1),
            area.y,
            "]",
            style,
            buf,
        );
        let inner = Rect {
            x: area.x.saturating_add(1),
            width: area.width.saturating_sub(2),
            ..area
        };
        if self.text.is_empty() {
            let style = style.patch(theme.style(Role::Placeholder));
            put(inner, inner.x, inner.y, self.placeholder, style, buf);
        }
        let (start, hidden) = self.scroll(inner.width);
        put_clipped(
            inner,
            inner.x,
            inner.y,
            self.text.get(start..).unwrap_or_default(),
            style,
            buf,
        );
        let caret = inner.x.saturating_add(self.caret.saturating_sub(hidden));
        let caret = caret.min(inner.right().saturating_sub(1));
        self.focused.then_some(Position::new(caret, inner.y))
    }

    /// The byte at which the shown part begins and the cells before it, so that the caret is always seen.
    fn scroll(&self, room: u16) -> (usize, u16) {
        let total = width(self.text).saturating_add(1);
        if total <= room {
            return (0, 0);
        }
        // The caret may stand behind the last character, so one cell is kept for it.
        let least = self.caret.saturating_add(1).saturating_sub(room);
        let mut hidden: u16 = 0;
        let base = self.text.as_ptr() as usize;
        for (grapheme, cells) in graphemes(self.text) {
            if hidden >= least {
                return ((grapheme.as_ptr() as usize).saturating_sub(base), hidden);
            }
            hidden = hidden.saturating_add(cells);
        }
        (self.text.len(), hidden)
    }
}

/// What is typed may be personal.
impl std::fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field")
            .field("label", &self.label)
            .field("focused", &self.focused)
            .finish_non_exhaustive()
    }
}
