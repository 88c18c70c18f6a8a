//! Numbers that are read from two metres, and the mark of being done. They are painted as blank cells with a background,
//! so no font can lack them. In either shape no two digits are near each other: who sees one badly does not take it for
//! another.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Color, Modifier, Style};

use crate::screen::cells::{fill, put};

/// How large the characters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BigSize {
    /// Of 5x7 points, each two columns wide and two rows high.
    Doubled,
    /// Of 5x7 points, each two columns wide: as wide as they are high.
    Wide,
    /// Of 5x7 cells.
    Tall,
    /// Of 3x5 cells, where there is no room for more.
    Small,
}

impl BigSize {
    const LARGEST_FIRST: [BigSize; 4] = [
        BigSize::Doubled,
        BigSize::Wide,
        BigSize::Tall,
        BigSize::Small,
    ];

    /// The points of a character.
    fn points(self) -> Size {
        match self {
            BigSize::Doubled | BigSize::Wide | BigSize::Tall => Size::new(5, 7),
            BigSize::Small => Size::new(3, 5),
        }
    }

    /// The cells of a point.
    fn point(self) -> Size {
        match self {
            BigSize::Doubled => Size::new(2, 2),
            BigSize::Wide => Size::new(2, 1),
            BigSize::Tall | BigSize::Small => Size::new(1, 1),
        }
    }

    /// The rows of a line.
    fn rows(self) -> u16 {
        self.points().height.saturating_mul(self.point().height)
    }

    /// Columns to the next character. A space, as between groups of digits, is narrower.
    fn advance(self, c: char) -> u16 {
        let points = match c {
            ' ' => 2,
            _ => self.points().width.saturating_add(1),
        };
        self.point().width.saturating_mul(points)
    }
}

/// A number in large characters: digits, space and `-`.
#[derive(Clone, Copy, Debug)]
pub struct BigText<'a> {
    text: &'a str,
    style: Style,
    size: BigSize,
}

impl<'a> BigText<'a> {
    /// The text in this size.
    pub fn new(text: &'a str, style: Style, size: BigSize) -> Self {
        BigText { text, style, size }
    }

    /// The largest size for the room, and the lines of the text in it. None where not even the smallest fits, or a
    /// character has no picture.
    pub fn largest(text: &str, room: Size) -> Option<(BigSize, Vec<String>)> {
        if !text.chars().all(|c| matches!(c, '0'..='9' | ' ' | '-')) {
            return None;
        }
        BigSize::LARGEST_FIRST.into_iter().find_map(|size| {
            let lines = BigText::lines(text, size, room);
            // What is broken is harder to read: not for the sake of wider characters.
            let is_whole = lines.len() == 1;
            let may_break = matches!(size, BigSize::Tall | BigSize::Small);
            (is_whole || may_break && !lines.is_empty()).then_some((size, lines))
        })
    }

    /// The text in as few lines as fit the columns, broken between groups; nothing where the rows do not hold them, or
    /// a group alone is too wide. Lines stand a row apart.
    fn lines(text: &str, size: BigSize, room: Size) -> Vec<String> {
        let fits = |line: &str| BigText::new(line, Style::new(), size).size().width <= room.width;
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
        let rows = count.saturating_mul(size.rows().saturating_add(1));
        if rows <= room.height.saturating_add(1) && lines.iter().all(|line| fits(line)) {
            lines
        } else {
            Vec::new()
        }
    }

    /// Cells it needs.
    pub fn size(&self) -> Size {
        let columns = self
            .text
            .chars()
            .fold(0u16, |sum, c| sum.saturating_add(self.size.advance(c)));
        Size::new(
            columns.saturating_sub(self.size.point().width),
            self.size.rows(),
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
            self.draw_character(c, left, area, buf);
            left = left.saturating_add(self.size.advance(c));
        }
        true
    }

    fn draw_character(&self, c: char, left: u16, area: Rect, buf: &mut Buffer) {
        let glyph = match self.size {
            BigSize::Doubled | BigSize::Wide | BigSize::Tall => tall_glyph(c).as_slice(),
            BigSize::Small => small_glyph(c).as_slice(),
        };
        let place = Rect {
            x: left,
            width: area.right().saturating_sub(left),
            ..area
        };
        paint_picture(glyph, self.size.point(), place, self.style, buf);
    }
}

/// Paints a picture of `#`, each of its points so many cells large, at the upper left of its place and cut to it.
fn paint_picture(picture: &[&str], point: Size, place: Rect, style: Style, buf: &mut Buffer) {
    for (row, line) in (0u16..).zip(picture) {
        for (column, _) in (0u16..).zip(line.bytes()).filter(|(_, byte)| *byte == b'#') {
            let block = Rect {
                x: place.x.saturating_add(column.saturating_mul(point.width)),
                y: place.y.saturating_add(row.saturating_mul(point.height)),
                width: point.width,
                height: point.height,
            };
            paint(block.intersection(place), style, buf);
        }
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

/// Seven rows of five points. A zero is crossed: that is what makes it unlike an 8.
#[rustfmt::skip]
fn tall_glyph(c: char) -> &'static [&'static str; 7] {
    match c {
        '0' => &[".###.", "#...#", "#..##", "#.#.#", "##..#", "#...#", ".###."],
        '1' => &["..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."],
        '2' => &[".###.", "#...#", "....#", "...#.", "..#..", ".#...", "#####"],
        '3' => &["#####", "...#.", "..#..", "...#.", "....#", "#...#", ".###."],
        '4' => &["...#.", "..##.", ".#.#.", "#..#.", "#####", "...#.", "...#."],
        '5' => &["#####", "#....", "####.", "....#", "....#", "#...#", ".###."],
        '6' => &["..##.", ".#...", "#....", "####.", "#...#", "#...#", ".###."],
        '7' => &["#####", "....#", "...#.", "..#..", ".#...", ".#...", ".#..."],
        '8' => &[".###.", "#...#", "#...#", ".###.", "#...#", "#...#", ".###."],
        '9' => &[".###.", "#...#", "#...#", ".####", "....#", "...#.", ".##.."],
        '-' => &[".....", ".....", ".....", "#####", ".....", ".....", "....."],
        _ => &["     "; 7],
    }
}

/// Five rows of three points. They are not those of a calculator: in these any two differ in four points at the least.
#[rustfmt::skip]
fn small_glyph(c: char) -> &'static [&'static str; 5] {
    match c {
        '0' => &[".#.", "#.#", "#.#", "#.#", ".#."],
        '1' => &[".#.", "##.", ".#.", ".#.", "###"],
        '2' => &["###", "..#", "###", "#..", "###"],
        '3' => &["##.", "..#", ".#.", "..#", "##."],
        '4' => &["..#", ".##", "#.#", "###", "..#"],
        '5' => &["###", "#..", "##.", "..#", "##."],
        '6' => &["#..", "#..", "###", "#.#", "###"],
        '7' => &["###", "..#", "..#", ".#.", ".#."],
        '8' => &["###", "#.#", ".#.", "#.#", "###"],
        '9' => &["###", "#.#", "###", "..#", "..#"],
        '-' => &["...", "...", "###", "...", "..."],
        _ => &["   "; 5],
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
        paint_picture(&NOTED, square(zoom), place, style, buf);
    }

    fn zoom(room: Size) -> u16 {
        (room.width / 30).min(room.height / 3).min(2)
    }
}

/// A point of a mark: two columns to a row, so that it is square.
fn square(zoom: u16) -> Size {
    Size::new(zoom.saturating_mul(2), zoom)
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
        paint_picture(&DONE, square(zoom), place, style, buf);
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

    fn big(text: &str, size: BigSize) -> BigText<'_> {
        BigText::new(text, Style::new(), size)
    }

    #[test]
    fn it_fits_or_stands_there_plainly() {
        let text = big("138 0013 8000", BigSize::Small);
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
        let lines = |columns, rows| {
            BigText::lines("138 0013 8000", BigSize::Small, Size::new(columns, rows))
        };
        assert_eq!(lines(47, 5), ["138 0013 8000"]);
        assert_eq!(lines(39, 11), ["138 0013", "8000"]);
        assert_eq!(lines(15, 17), ["138", "0013", "8000"]);
        for (columns, rows) in [(39, 10), (14, 30), (0, 0)] {
            assert!(lines(columns, rows).is_empty(), "{columns}x{rows}");
        }
    }

    #[test]
    fn the_largest_size_for_the_room_is_taken() {
        let size = |text: &str, columns, rows| {
            BigText::largest(text, Size::new(columns, rows)).map(|(size, _)| size)
        };
        for (columns, rows, wanted) in [
            (94, 14, Some(BigSize::Doubled)),
            (94, 13, Some(BigSize::Wide)),
            (93, 14, Some(BigSize::Tall)),
            (47, 7, Some(BigSize::Tall)),
            (47, 6, Some(BigSize::Small)),
            (31, 5, Some(BigSize::Small)),
            (30, 5, None),
        ] {
            assert_eq!(size("017-4822", columns, rows), wanted, "{columns}x{rows}");
        }
        assert_eq!(size("A3333A", 200, 60), None);
    }

    /// Two digits of one size differ in so many points at the least.
    fn least_distance(glyph: impl Fn(char) -> String) -> usize {
        let digits: Vec<String> = ('0'..='9').map(glyph).collect();
        let differ = |a: &str, b: &str| a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count();
        let pairs = digits.iter().enumerate().flat_map(|(n, a)| {
            let others = digits.iter().skip(n + 1);
            others.map(move |b| differ(a, b))
        });
        pairs.min().unwrap()
    }

    #[test]
    fn fault_3_no_two_digits_are_near_each_other() {
        // Of 35 points, and of 15.
        assert_eq!(least_distance(|c| tall_glyph(c).concat()), 6);
        assert_eq!(least_distance(|c| small_glyph(c).concat()), 4);
        for c in ('0'..='9').chain(['-', ' ']) {
            assert!(tall_glyph(c).iter().all(|row| row.len() == 5), "{c}");
            assert!(small_glyph(c).iter().all(|row| row.len() == 3), "{c}");
        }
    }
}
