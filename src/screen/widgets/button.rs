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
    /// What cannot be pressed now keeps its box, with round brackets.
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
        if self.focused && self.enabled && !theme.is_at_rest() {
            let style = theme.style(Role::Selected);
            fill(place, buf, style);
            put(
                place,
                place.x,
                place.y,
                &format!("> [ {words} ] <"),
                style,
                buf,
            );
            return place;
        }
        // Round brackets and the same box: what cannot be used now is seen to come back.
        let (role, text) = if self.enabled {
            (Role::Button, format!("[ {words} ]"))
        } else {
            (Role::ButtonOff, format!("( {words} )"))
        };
        let style = theme.style(role);
        let inner = Rect {
            x: place.x.saturating_add(2).min(place.right()),
            width: place.width.saturating_sub(4),
            ..place
        };
        fill(inner, buf, style);
        put(inner, inner.x, inner.y, &text, style, buf);
        if self.enabled { place } else { Rect::ZERO }
    }

    fn words(&self) -> String {
        match self.key {
            Some(key) => format!("{key} {}", self.label),
            None => self.label.to_owned(),
        }
    }
}
