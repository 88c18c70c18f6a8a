//! Characters that are read from two metres: digits and pickup numbers of 3x5 cells, and the mark of being done. They
//! are painted as blank cells with a background, so no font can lack them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Color, Modifier, Style};

use crate::screen::cells::{fill, put};

const ROWS: u16 = 5;
const COLUMNS: u16 = 3;

/// A short text in large characters: digits, A to Z, space, `-`, `:`, `*`; others are blank.
#[derive(Clone, Copy, Debug)]
pub struct BigText<'a> {
    text: &'a str,
    style: Style,
    zoom: u16,
}

impl<'a> BigText<'a> {
    /// The text at its smaller size.
    pub fn new(text: &'a str, style: Style) -> Self {
        BigText {
            text,
            style,
            zoom: 1,
        }
    }

    /// Twice as large in both directions.
    pub fn doubled(self) -> Self {
        BigText { zoom: 2, ..self }
    }

    /// The text in as few lines as fit the columns, broken between groups; nothing where the rows do not hold them, or
    /// a group alone is too wide. Lines stand a row apart.
    pub fn lines(text: &str, room: Size) -> Vec<String> {
        let fits = |line: &str| BigText::new(line, Style::new()).size().width <= room.width;
        let mut lines: Vec<String> = Vec::new();
        for group in text.split(' ') {
            let longer = lines.last().map(|line| format!("{line} {group}"));
            match longer.filter(|line| fits(line)) {
                Some(line) => {
                    lines.pop();
                    lines.push(line);
                }
                None => lines.push(group.to_owned()),
            }
        }
        let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let rows = count.saturating_mul(ROWS.saturating_add(1));
        if rows <= room.height.saturating_add(1) && lines.iter().all(|line| fits(line)) {
            lines
        } else {
            Vec::new()
        }
    }

    /// Cells it needs.
    pub fn size(&self) -> Size {
        let columns = self.text.chars().fold(0u16, |sum, c| {
            sum.saturating_add(advance(c).saturating_mul(self.zoom))
        });
        Size::new(
            columns.saturating_sub(self.zoom),
            ROWS.saturating_mul(self.zoom),
        )
    }

    /// Draws it at the area's upper left. `false`: it did not fit and is drawn as a plain line instead.
    pub fn draw(&self, area: Rect, buf: &mut Buffer) -> bool {
        let size = self.size();
        if size.width > area.width || size.height > area.height {
            put(
                area,
                area.x,
                area.y,
                self.text,
                self.style.add_modifier(Modifier::BOLD),
                buf,
            );
            return false;
        }
        let mut left = area.x;
        for c in self.text.chars() {
            let glyph = glyph(c);
            for (row, bits) in (0u16..).zip(glyph) {
                for column in 0..COLUMNS {
                    let bit = 0b100u8 >> column;
                    let block = Rect {
                        x: left.saturating_add(column.saturating_mul(self.zoom)),
                        y: area.y.saturating_add(row.saturating_mul(self.zoom)),
                        width: self.zoom,
                        height: self.zoom,
                    };
                    if bits & bit != 0 {
                        paint(block.intersection(area), self.style, buf);
                    }
                }
            }
            left = left.saturating_add(advance(c).saturating_mul(self.zoom));
        }
        true
    }
}

/// Columns to the next character. A space, as between groups of digits, is narrower.
fn advance(c: char) -> u16 {
    match c {
        ' ' => 2,
        _ => COLUMNS.saturating_add(1),
    }
}

/// Blank cells in the style's foreground; reversed where the theme has no colours.
pub(super) fn paint(area: Rect, style: Style, buf: &mut Buffer) {
    let block = match style.fg {
        Some(colour) if colour != Color::Reset => Style::new().fg(colour).bg(colour),
        _ => Style::new().add_modifier(Modifier::REVERSED),
    };
    fill(area, buf, block);
}

/// Five rows of three bits, the left one highest.
fn glyph(c: char) -> [u8; 5] {
    match c.to_ascii_uppercase() {
        '0' => [0b111, 0b101, 0b101, 0b101, 0b111],
        '1' => [0b010, 0b110, 0b010, 0b010, 0b111],
        '2' => [0b111, 0b001, 0b111, 0b100, 0b111],
        '3' => [0b111, 0b001, 0b111, 0b001, 0b111],
        '4' => [0b101, 0b101, 0b111, 0b001, 0b001],
        '5' => [0b111, 0b100, 0b111, 0b001, 0b111],
        '6' => [0b111, 0b100, 0b111, 0b101, 0b111],
        '7' => [0b111, 0b001, 0b001, 0b010, 0b010],
        '8' => [0b111, 0b101, 0b111, 0b101, 0b111],
        '9' => [0b111, 0b101, 0b111, 0b001, 0b111],
        'A' => [0b010, 0b101, 0b111, 0b101, 0b101],
        'B' => [0b110, 0b101, 0b110, 0b101, 0b110],
        'C' => [0b011, 0b100, 0b100, 0b100, 0b011],
        'D' => [0b110, 0b101, 0b101, 0b101, 0b110],
        'E' => [0b111, 0b100, 0b110, 0b100, 0b111],
        'F' => [0b111, 0b100, 0b110, 0b100, 0b100],
        'G' => [0b011, 0b100, 0b101, 0b101, 0b011],
        'H' => [0b101, 0b101, 0b111, 0b101, 0b101],
        'I' => [0b111, 0b010, 0b010, 0b010, 0b111],
        'J' => [0b001, 0b001, 0b001, 0b101, 0b010],
        'K' => [0b101, 0b101, 0b110, 0b101, 0b101],
        'L' => [0b100, 0b100, 0b100, 0b100, 0b111],
        'M' => [0b101, 0b111, 0b111, 0b101, 0b101],
        'N' => [0b110, 0b101, 0b101, 0b101, 0b101],
        'O' => [0b010, 0b101, 0b101, 0b101, 0b010],
        'P' => [0b110, 0b101, 0b110, 0b100, 0b100],
        'Q' => [0b010, 0b101, 0b101, 0b110, 0b011],
        'R' => [0b110, 0b101, 0b110, 0b101, 0b101],
        'S' => [0b011, 0b100, 0b010, 0b001, 0b110],
        'T' => [0b111, 0b010, 0b010, 0b010, 0b010],
        'U' => [0b101, 0b101, 0b101, 0b101, 0b111],
        'V' => [0b101, 0b101, 0b101, 0b101, 0b010],
        'W' => [0b101, 0b101, 0b111, 0b111, 0b101],
        'X' => [0b101, 0b101, 0b010, 0b101, 0b101],
        'Y' => [0b101, 0b101, 0b010, 0b010, 0b010],
        'Z' => [0b111, 0b001, 0b010, 0b100, 0b111],
        '-' => [0b000, 0b000, 0b111, 0b000, 0b000],
        ':' => [0b000, 0b010, 0b000, 0b010, 0b000],
        '*' => [0b000, 0b101, 0b010, 0b101, 0b000],
        _ => [0; 5],
    }
}

/// A very large check mark: the picture of being done.
#[derive(Clone, Copy, Debug)]
pub struct DoneMark;

/// The mark on a grid of 13 by 7; each point is two columns wide, so that it is square.
const DONE: [&str; 7] = [
    "          ###",
    "         ### ",
    "        ###  ",
    "###    ###   ",
    " ###  ###    ",
    "  #####      ",
    "   ###       ",
];
const DONE_COLUMNS: u16 = 26;
const DONE_ROWS: u16 = 7;

/// Three large dots: the picture of what is not over.
#[derive(Clone, Copy, Debug)]
pub struct NotedMark;

const NOTED: [&str; 3] = ["###   ###   ###", "###   ###   ###", "###   ###   ###"];

impl NotedMark {
    /// Cells it needs at the largest size that fits; 0x0 where not even the smallest does.
    pub fn size(room: Size) -> Size {
        let zoom = NotedMark::zoom(room);
        Size::new(zoom.saturating_mul(30), zoom.saturating_mul(3))
    }

    /// Draws it as large as it fits, in the middle. The dots are painted in the style's foreground.
    pub fn draw(area: Rect, style: Style, buf: &mut Buffer) {
        let zoom = NotedMark::zoom(area.as_size());
        let place = crate::screen::layout::centred(area, NotedMark::size(area.as_size()));
        draw_grid(&NOTED, zoom, place, style, buf);
    }

    fn zoom(room: Size) -> u16 {
        (room.width / 30).min(room.height / 3).min(2)
    }
}

/// Paints a picture of `#`, each point two columns wide, so that it is square.
fn draw_grid(grid: &[&str], zoom: u16, place: Rect, style: Style, buf: &mut Buffer) {
    for (row, line) in (0u16..).zip(grid) {
        for (column, _) in (0u16..).zip(line.bytes()).filter(|(_, byte)| *byte == b'#') {
            let step = zoom.saturating_mul(2);
            let block = Rect {
                x: place.x.saturating_add(column.saturating_mul(step)),
                y: place.y.saturating_add(row.saturating_mul(zoom)),
                width: step,
                height: zoom,
            };
            paint(block.intersection(place), style, buf);
        }
    }
}

impl DoneMark {
    /// Cells it needs at the largest size that fits; 0x0 where not even the smallest does.
    pub fn size(room: Size) -> Size {
        let zoom = DoneMark::zoom(room);
        Size::new(
            DONE_COLUMNS.saturating_mul(zoom),
            DONE_ROWS.saturating_mul(zoom),
        )
    }

    /// Draws it as large as it fits, in the middle.
    pub fn draw(area: Rect, style: Style, buf: &mut Buffer) {
        let zoom = DoneMark::zoom(area.as_size());
        let place = crate::screen::layout::centred(area, DoneMark::size(area.as_size()));
        draw_grid(&DONE, zoom, place, style, buf);
    }

    fn zoom(room: Size) -> u16 {
        (room.width / DONE_COLUMNS)
            .min(room.height / DONE_ROWS)
            .min(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_or_stands_there_plainly() {
        let text = BigText::new("138 0013 8000", Style::new());
        assert_eq!(text.size(), Size::new(47, 5));
        let mut buf = Buffer::empty(Rect::new(0, 0, 47, 5));
        assert!(text.draw(buf.area, &mut buf));
        let mut buf = Buffer::empty(Rect::new(0, 0, 46, 5));
        assert!(!text.draw(buf.area, &mut buf));
        assert_eq!(crate::screen::cells::width("138 0013 8000"), 13);
        assert!(format!("{buf:?}").contains("138 0013 8000"));
    }

    #[test]
    fn what_is_too_wide_is_broken_between_groups() {
        let lines = |columns, rows| BigText::lines("138 0013 8000", Size::new(columns, rows));
        assert_eq!(lines(47, 5), ["138 0013 8000"]);
        assert_eq!(lines(39, 11), ["138 0013", "8000"]);
        assert_eq!(lines(15, 17), ["138", "0013", "8000"]);
        for (columns, rows) in [(39, 10), (14, 30), (0, 0)] {
            assert!(lines(columns, rows).is_empty(), "{columns}x{rows}");
        }
    }

    #[test]
    fn no_two_characters_look_the_same() {
        let all: Vec<char> = ('0'..='9').chain('A'..='Z').chain(" -:*".chars()).collect();
        for (n, a) in all.iter().enumerate() {
            for b in all.iter().skip(n + 1) {
                assert_ne!(glyph(*a), glyph(*b), "{a} {b}");
            }
        }
    }
}
