//! A button: a word in brackets with its key. The focused one is marked by signs as well as by its style.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::screen::cells::{fill, put, width};
use crate::screen::theme::{Role, Theme};

/// One button, one row high.
#[derive(Clone, Copy, Debug)]
pub struct Button<'a> {
    /// What it does.
    pub label: &'a str,
    /// The key that does the same.
    pub key: Option<&'a str>,
    /// Marked as what Enter does.
    pub focused: bool,
    /// What cannot be pressed now is drawn without brackets.
    pub enabled: bool,
}

impl Button<'_> {
    /// Cells it needs: `> [ Enter 下一步 ] <` with room for the marks, so that nothing moves when the focus does.
    pub fn width(&self) -> u16 {
        width(&self.words()).saturating_add(8)
    }

    /// Draws it at the area's upper left and gives what can be tapped; empty while it is not enabled.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Rect {
        let place = Rect {
            width: self.width().min(area.width),
            height: area.height.min(1),
            ..area
        };
        if place.is_empty() {
            #[cfg(test)]
            crate::screen::cells::faults::note(format!("cut: button {:?} has no room", self.label));
            return Rect::ZERO;
        }
        let words = self.words();
        if !self.enabled {
            put(
                place,
                place.x.saturating_add(4),
                place.y,
                &words,
                theme.style(Role::Dim),
                buf,
            );
            return Rect::ZERO;
        }
        let focused = self.focused && !theme.is_at_rest();
        let (role, text) = if focused {
            (Role::Selected, format!("> [ {words} ] <"))
        } else {
            (Role::Button, format!("  [ {words} ]  "))
        };
        let style = theme.style(role);
        if focused {
            fill(place, buf, style)
        } else {
            let inner = Rect {
                x: place.x.saturating_add(2).min(place.right()),
                width: place.width.saturating_sub(4),
                ..place
            };
            fill(inner, buf, style);
            let words = text.trim();
            put(inner, inner.x, inner.y, words, style, buf);
            return place;
        }
        put(place, place.x, place.y, &text, style, buf);
        place
    }

    fn words(&self) -> String {
        match self.key {
            Some(key) => format!("{key} {}", self.label),
            None => self.label.to_owned(),
        }
    }
}
