//! Lines that may be longer than their place: read from the top, by keys and taps, to the end and no further.

use ratatui::layout::Rect;

use super::{Hit, PagePen, Tip, tip};
use crate::screen::UiKey;
use crate::screen::cells::{put, width};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::wrap;

/// How far down somebody has read.
#[derive(Clone, Copy, Debug)]
pub struct ScrollState {
    down: u16,
    /// The rows that the last frame had, and how many lines did not fit.
    rows: u16,
    beyond: u16,
}

impl Default for ScrollState {
    fn default() -> Self {
        ScrollState {
            down: 0,
            rows: 1,
            beyond: 0,
        }
    }
}

impl ScrollState {
    /// Draws what is seen from here. Where not everything fits, the last row says how much is left and how to get there.
    pub fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect, lines: &[(String, Role)]) {
        self.draw_rows(pen, area, lines.len(), |pen, row, index| {
            if let Some((words, role)) = lines.get(index) {
                put(row, row.x, row.y, words, pen.theme.style(*role), pen.buf);
            }
        });
    }

    /// The same for rows that are more than words: `draw` gets a row's place and its index.
    pub fn draw_rows<'p, 'v>(
        &mut self,
        pen: &mut PagePen<'p, 'v>,
        area: Rect,
        count: usize,
        draw: impl Fn(&mut PagePen<'p, 'v>, Rect, usize),
    ) {
        let mut stack = Stack::new(area);
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        let below = stack.bottom(u16::from(count > area.height));
        self.rows = stack.rest().height;
        self.beyond = count.saturating_sub(self.rows);
        self.down = self.down.min(self.beyond);
        let end = self.down.saturating_add(self.rows).min(count);
        for index in self.down..end {
            draw(pen, stack.take(1), usize::from(index));
        }
        self.draw_more(pen, below);
    }

    fn draw_more(&self, pen: &mut PagePen<'_, '_>, below: Rect) {
        let left = self.beyond.saturating_sub(self.down);
        let mut x = below.x;
        let mut beside = |pen: &mut PagePen<'_, '_>, words: String, key| {
            let place = Rect {
                x,
                width: below.right().saturating_sub(x).min(width(&words)),
                ..below
            };
            put(
                place,
                x,
                place.y,
                &words,
                pen.theme.style(Role::Accent),
                pen.buf,
            );
            pen.hits.push(place, Hit::Key(key));
            x = x.saturating_add(width(&words)).saturating_add(3);
        };
        if left > 0 {
            let words = pen.words_with("help-more", &[("n", left.into())]);
            beside(pen, words, UiKey::PageDown);
        }
        if self.down > 0 {
            let words = pen.words("help-above");
            beside(pen, words, UiKey::PageUp);
        }
    }

    /// Whether the key was one that reads on or back.
    pub fn key(&mut self, key: UiKey) -> bool {
        let page = self.rows.saturating_sub(1).max(1);
        let to = match key {
            UiKey::Up => self.down.saturating_sub(1),
            UiKey::Down => self.down.saturating_add(1),
            UiKey::PageUp => self.down.saturating_sub(page),
            UiKey::PageDown => self.down.saturating_add(page),
            UiKey::Home => 0,
            UiKey::End => self.beyond,
            _ => return false,
        };
        self.down = to.min(self.beyond);
        true
    }

    /// Whether the last line was seen.
    pub fn is_at_end(&self) -> bool {
        self.down >= self.beyond
    }

    /// For the footer, where not everything fits.
    pub fn tip(&self) -> Option<Tip> {
        (self.beyond > 0).then(|| tip("PgUp/PgDn", "do-read", 1, UiKey::PageDown))
    }
}

/// Lines of this width; what fits is left as it is, with the blanks at its beginning. Line feeds are kept.
pub fn wrapped(lines: Vec<(String, Role)>, columns: u16) -> Vec<(String, Role)> {
    let lay = |(words, role): (String, Role)| {
        if width(&words) <= columns && !words.contains('\n') {
            vec![(words, role)]
        } else {
            wrap(&words, columns)
                .into_iter()
                .map(|line| (line, role))
                .collect()
        }
    };
    lines.into_iter().flat_map(lay).collect()
}
