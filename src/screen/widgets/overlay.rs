//! A box over the page, and the plain frame it shares with the phone.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;

use crate::screen::cells::{fill, ground, put, width};
use crate::screen::layout::centred;
use crate::screen::theme::{Role, Theme};

/// A box in the middle with a title; what is beneath is cleared.
#[derive(Clone, Copy, Debug)]
pub struct Overlay<'a> {
    /// Stands in the upper line of the frame.
    pub title: &'a str,
    /// Of the inside, in cells.
    pub size: Size,
}

impl<'a> Overlay<'a> {
    /// For lists with details: as large as the area lets it be, up to where lines become too long to read.
    pub fn large(title: &'a str, area: Rect) -> Self {
        let size = Size::new(
            area.width.saturating_sub(2).min(90),
            area.height.saturating_sub(1).min(30),
        );
        Overlay { title, size }
    }

    /// Draws it in the area's middle, cut to it, and gives the inside.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Rect {
        let area = area.intersection(buf.area);
        let outside = Size::new(
            self.size.width.saturating_add(4),
            self.size.height.saturating_add(2),
        );
        let place = centred(area, outside);
        let style = theme.style(Role::Overlay);
        ground(place, buf, theme);
        fill(place, buf, style);
        frame(place, style.patch(theme.style(Role::Border)), buf);
        let title = format!(" {} ", self.title);
        let bar = Rect {
            x: place.x.saturating_add(1),
            width: place.width.saturating_sub(2),
            height: place.height.min(1),
            ..place
        };
        let left = bar.width.saturating_sub(width(&title)) / 2;
        let style = style.patch(theme.style(Role::OverlayTitle));
        put(bar, bar.x.saturating_add(left), bar.y, &title, style, buf);
        let inside = inside(place);
        Rect {
            x: inside.x.saturating_add(1).min(inside.right()),
            width: inside.width.saturating_sub(2),
            ..inside
        }
    }
}

/// The cells within a frame.
pub(super) fn inside(area: Rect) -> Rect {
    if area.width < 3 || area.height < 3 {
        return Rect::ZERO;
    }
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Single lines around an area: of all box drawing, what every font has.
pub(super) fn frame(area: Rect, style: Style, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (right, bottom) = (
        area.right().saturating_sub(1),
        area.bottom().saturating_sub(1),
    );
    for x in area.left()..area.right() {
        put(area, x, area.y, "─", style, buf);
        put(area, x, bottom, "─", style, buf);
    }
    for y in area.top()..area.bottom() {
        put(area, area.x, y, "│", style, buf);
        put(area, right, y, "│", style, buf);
    }
    let corners = [
        (area.x, area.y, "┌"),
        (right, area.y, "┐"),
        (area.x, bottom, "└"),
        (right, bottom, "┘"),
    ];
    for (x, y, corner) in corners {
        put(area, x, y, corner, style, buf);
    }
}
