//! A bar of a chart. Like large characters it is painted as blank cells with a background, so no font can lack it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::big_text::paint;

/// A number as a bar. It needs its number beside it: a bar alone says nothing to a screen reader.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// The number.
    pub n: u32,
    /// The number whose bar takes the whole width.
    pub most: u32,
}

impl Bar {
    /// The cells of a bar in so many columns: one at the least where there is anything.
    pub fn cells(self, columns: u16) -> u16 {
        let scaled = u64::from(self.n).saturating_mul(u64::from(columns));
        let cells = scaled.div_ceil(u64::from(self.most.max(1)));
        u16::try_from(cells).unwrap_or(columns).min(columns)
    }

    /// Draws it from the left of the area; gives the column after it.
    pub fn draw(self, area: Rect, style: Style, buf: &mut Buffer) -> u16 {
        let width = self.cells(area.width);
        let place = Rect { width, ..area };
        paint(place, style, buf);
        place.right()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part_of_the_most() {
        let cells = |n, most, columns| Bar { n, most }.cells(columns);
        assert_eq!(cells(10, 10, 20), 20);
        assert_eq!(cells(5, 10, 20), 10);
        assert_eq!(cells(1, 1000, 20), 1, "what there is, is seen");
        assert_eq!(cells(0, 10, 20), 0);
        assert_eq!(cells(3, 0, 20), 20, "never longer than its place");
        assert_eq!(cells(u32::MAX, 1, u16::MAX), u16::MAX);
    }
}
