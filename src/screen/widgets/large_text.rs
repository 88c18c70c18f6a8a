//! A few characters as large as a title can be, Chinese too: drawn from small pictures in half blocks, so that their
//! points are square. Where a picture is missing or has no room, nothing is drawn: the plain words stand below anyway.

use std::collections::HashMap;
use std::sync::OnceLock;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;

use crate::screen::cells::put;

/// The pictures, made once from the embedded file.
static PICTURES: OnceLock<HashMap<char, Picture>> = OnceLock::new();

/// Rows of points.
const ROWS: usize = 16;
/// The largest zoom.
const LARGEST: u16 = 6;

/// A character's points: in each row the leftmost is the highest bit of `columns`.
#[derive(Clone, Copy)]
struct Picture {
    columns: u16,
    rows: [u16; ROWS],
}

/// Some characters in large, at one size.
#[derive(Clone)]
pub struct LargeText {
    pictures: Vec<Picture>,
    /// The rows of points that are not blank in all of them.
    first: usize,
    last: usize,
    zoom: u16,
}

impl LargeText {
    /// The largest size that fits the room; none where no size does, or a character has no picture.
    pub fn within(text: &str, room: Size) -> Option<LargeText> {
        (1..=LARGEST).rev().find_map(|zoom| {
            LargeText::zoomed(text, zoom).filter(|large| {
                let size = large.size();
                size.width <= room.width && size.height <= room.height
            })
        })
    }

    /// The text with points of so many columns and half rows; none where a character has no picture.
    pub fn zoomed(text: &str, zoom: u16) -> Option<LargeText> {
        let pictures: Option<Vec<Picture>> = text.chars().map(picture).collect();
        let pictures = pictures.filter(|pictures| !pictures.is_empty())?;
        let is_used = |row: &usize| {
            let mut rows = pictures.iter().filter_map(|picture| picture.rows.get(*row));
            rows.any(|points| *points != 0)
        };
        let (first, last) = ((0..ROWS).find(is_used)?, (0..ROWS).rfind(is_used)?);
        Some(LargeText {
            pictures,
            first,
            last,
            zoom,
        })
    }

    /// Columns and half rows of a point.
    pub fn zoom(&self) -> u16 {
        self.zoom
    }

    /// Cells it needs.
    pub fn size(&self) -> Size {
        let points = self
            .pictures
            .iter()
            .fold(0u16, |sum, picture| sum.saturating_add(picture.columns));
        let rows = self.last.saturating_sub(self.first).saturating_add(1);
        let rows = u16::try_from(rows).unwrap_or(u16::MAX);
        Size::new(
            points.saturating_mul(self.zoom),
            rows.saturating_mul(self.zoom).div_ceil(2),
        )
    }

    /// Draws it at the area's upper left, cut to the area.
    pub fn draw(&self, area: Rect, style: Style, buf: &mut Buffer) {
        let size = self.size();
        for row in 0..size.height {
            let upper = self.line(row.saturating_mul(2));
            let lower = self.line(row.saturating_mul(2).saturating_add(1));
            let line: String = upper
                .iter()
                .zip(&lower)
                .map(|points| match points {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                })
                .collect();
            let y = area.y.saturating_add(row);
            put(area, area.x, y, line.trim_end(), style, buf);
        }
    }

    /// The points of one half row.
    fn line(&self, half_row: u16) -> Vec<bool> {
        let row = self
            .first
            .saturating_add(usize::from(half_row / self.zoom.max(1)));
        let is_beyond = row > self.last;
        let mut points = Vec::new();
        for picture in &self.pictures {
            let bits = picture.rows.get(row).copied().filter(|_| !is_beyond);
            let bits = bits.unwrap_or_default();
            for column in (0..picture.columns).rev() {
                let is_set = bits.checked_shr(u32::from(column)).unwrap_or_default() & 1 == 1;
                points.extend(std::iter::repeat_n(is_set, usize::from(self.zoom)));
            }
        }
        points
    }
}

/// A character's picture; a space is blank.
fn picture(c: char) -> Option<Picture> {
    if c == ' ' {
        return Some(Picture {
            columns: 8,
            rows: [0; ROWS],
        });
    }
    let pictures = PICTURES.get_or_init(|| {
        let file = include_str!("large_text.hex").lines();
        file.filter_map(read_picture).collect()
    });
    pictures.get(&c).copied()
}

/// A line of the file.
fn read_picture(line: &str) -> Option<(char, Picture)> {
    let (code, points) = line.split_once(':')?;
    let code = u32::from_str_radix(code, 16).ok()?;
    let digits = points.len() / ROWS;
    let columns = u16::try_from(digits).ok()?.saturating_mul(4);
    let mut rows = [0; ROWS];
    for (at, row) in rows.iter_mut().enumerate() {
        let from = at.saturating_mul(digits);
        let points = points.get(from..from.saturating_add(digits))?;
        *row = u16::from_str_radix(points, 16).ok()?;
    }
    Some((char::from_u32(code)?, Picture { columns, rows }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Lang, Text};

    #[test]
    fn a_point_is_a_column_and_half_a_row() {
        let text = LargeText::zoomed("1", 1).unwrap();
        let size = text.size();
        assert_eq!(
            size,
            Size::new(8, 5),
            "the blank rows above and below are left out"
        );
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 5));
        text.draw(buf.area, Style::new(), &mut buf);
        let rows = buf.content().chunks(8);
        let drawn: Vec<String> = rows
            .map(|row| row.iter().map(|cell| cell.symbol()).collect())
            .collect();
        let one = ["   ▄█   ", "  ▀ █   ", "    █   ", "    █   ", "  ▄▄█▄▄ "];
        assert_eq!(drawn, one);
    }

    #[test]
    fn it_is_as_large_as_the_room() {
        let zoom = |columns, rows| {
            LargeText::within("登录", Size::new(columns, rows)).map(|text| text.zoom)
        };
        assert_eq!(zoom(31, 60), None);
        assert_eq!(zoom(32, 7), None);
        assert_eq!(zoom(32, 8), Some(1));
        assert_eq!(zoom(64, 16), Some(2));
        assert_eq!(zoom(96, 24), Some(3));
        assert_eq!(zoom(200, 60), Some(6));
        assert!(LargeText::within("登录龘", Size::new(200, 60)).is_none());
        assert!(LargeText::within("", Size::new(200, 60)).is_none());
    }

    #[test]
    fn every_character_of_the_large_texts_has_a_picture() {
        let files = [
            (Lang::Zh, include_str!("../../text/zh-CN.ftl")),
            (Lang::En, include_str!("../../text/en.ftl")),
        ];
        for (lang, file) in files {
            let text = Text::new(lang);
            let keys = file.lines().filter(|line| line.starts_with("large-"));
            let mut seen_any = false;
            for key in keys.filter_map(|line| line.split(' ').next()) {
                seen_any = true;
                let words = text.get(key);
                assert!(LargeText::zoomed(&words, 1).is_some(), "{key}: {words}");
            }
            assert!(seen_any);
        }
    }
}
