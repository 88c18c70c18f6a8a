//! Deeds with a letter each. The letter is the key; the selected row is marked by a sign as well as by its style.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Hits, wrap};
use crate::screen::cells::{fill, put};
use crate::screen::theme::{Role, Theme};

/// The mark, the letter, two blanks.
const INDENT: u16 = 5;

/// A deed with its letter.
#[derive(Clone, Copy, Debug)]
pub struct KeyedRow<'a, T> {
    /// The letter, as it is shown.
    pub letter: char,
    /// What it does.
    pub words: &'a str,
    /// What a tap on it means.
    pub hit: T,
}

/// A list of deeds, each with its letter.
#[derive(Clone, Copy, Debug)]
pub struct KeyedList<'a, T> {
    /// The deeds, in their order.
    pub rows: &'a [KeyedRow<'a, T>],
    /// The marked one, counted from 0: what Enter does.
    pub selected: Option<usize>,
}

impl<T: Clone> KeyedList<'_, T> {
    /// Rows that it needs at this width.
    pub fn height(&self, width: u16) -> u16 {
        let rows = self.rows.iter();
        rows.fold(0, |sum, row| sum.saturating_add(lines(row.words, width)))
    }

    /// Draws what fits.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, hits: &mut Hits<T>) {
        let area = area.intersection(buf.area);
        #[cfg(test)]
        if self.height(area.width) > area.height {
            crate::screen::cells::faults::note(format!("cut: deeds in {} rows", area.height));
        }
        let mut y = area.y;
        for (index, row) in self.rows.iter().enumerate() {
            let height = lines(row.words, area.width).min(area.bottom().saturating_sub(y));
            let place = Rect { y, height, ..area };
            if place.is_empty() {
                break;
            }
            let is_selected = self.selected == Some(index);
            let (role, mark) = if is_selected {
                (Role::Selected, '>')
            } else {
                (Role::Button, ' ')
            };
            let style = theme.style(role);
            fill(place, buf, style);
            let letter = format!("{mark} {}", row.letter);
            put(place, place.x, place.y, &letter, style, buf);
            let words = wrap(row.words, area.width.saturating_sub(INDENT));
            for (line, text) in (0u16..).zip(&words) {
                let (x, y) = (place.x.saturating_add(INDENT), place.y.saturating_add(line));
                put(place, x, y, text, style, buf);
            }
            hits.push(place, row.hit.clone());
            y = place.bottom();
        }
    }
}

fn lines(words: &str, width: u16) -> u16 {
    let lines = wrap(words, width.saturating_sub(INDENT)).len();
    u16::try_from(lines).unwrap_or(u16::MAX).max(1)
}
