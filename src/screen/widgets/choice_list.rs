//! Numbered choices. The number is the key; the selected one is marked by a sign as well as by its style.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Hits, wrap};
use crate::screen::cells::{fill, put};
use crate::screen::theme::{Role, Theme};

/// A list of choices, each with its number. Circled digits would overlap in some terminals: it is `1.`
#[derive(Clone, Copy, Debug)]
pub struct ChoiceList<'a, S: AsRef<str>> {
    /// The words, in their order.
    pub choices: &'a [S],
    /// The marked one, counted from 0.
    pub selected: Option<usize>,
    /// A blank row between them.
    pub airy: bool,
}

impl<S: AsRef<str>> ChoiceList<'_, S> {
    /// Rows it needs at this width.
    pub fn height(&self, width: u16) -> u16 {
        let indent = self.indent();
        let gaps = u16::try_from(self.choices.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = self.choices.iter().fold(0u16, |sum, choice| {
            sum.saturating_add(rows(choice.as_ref(), width.saturating_sub(indent)))
        });
        rows.saturating_add(if self.airy { gaps } else { 0 })
    }

    /// Draws what fits and gives the rows used. Where the rows do not suffice, the list begins so far down that the
    /// selected one is seen.
    pub fn draw<T>(
        &self,
        area: Rect,
        buf: &mut Buffer,
        theme: &Theme,
        hits: &mut Hits<T>,
        hit: impl Fn(usize) -> T,
    ) -> u16 {
        let area = area.intersection(buf.area);
        let indent = self.indent();
        let text_width = area.width.saturating_sub(indent);
        #[cfg(test)]
        if self.selected.is_none() && self.height(area.width) > area.height {
            crate::screen::cells::faults::note(format!("cut: choices in {} rows", area.height));
        }
        let mut row = area.y;
        for (index, choice) in self.choices.iter().enumerate().skip(self.first(area)) {
            let lines = wrap(choice.as_ref(), text_width);
            let height = rows(choice.as_ref(), text_width).min(area.bottom().saturating_sub(row));
            let place = Rect {
                y: row,
                height,
                ..area
            };
            if place.is_empty() {
                break;
            }
            let selected = self.selected == Some(index) && !theme.is_at_rest();
            let style = theme.style(if selected {
                Role::Selected
            } else {
                Role::Button
            });
            fill(place, buf, style);
            let number = index.saturating_add(1);
            let mark = if selected { '>' } else { ' ' };
            put(
                place,
                place.x,
                place.y,
                &format!("{mark} {number}."),
                style,
                buf,
            );
            for (line, text) in (0u16..).zip(&lines) {
                let (x, y) = (place.x.saturating_add(indent), place.y.saturating_add(line));
                put(place, x, y, text, style, buf);
            }
            hits.push(place, hit(index));
            row = place.bottom().saturating_add(u16::from(self.airy));
        }
        row.min(area.bottom()).saturating_sub(area.y)
    }

    /// The first choice that is drawn.
    fn first(&self, area: Rect) -> usize {
        let last = self
            .selected
            .unwrap_or(0)
            .min(self.choices.len().saturating_sub(1));
        let upto = self.choices.get(..=last).unwrap_or_default();
        let mut left = area.height;
        let mut first = last;
        for (index, choice) in upto.iter().enumerate().rev() {
            let needs = rows(choice.as_ref(), area.width.saturating_sub(self.indent()));
            let Some(rest) = left.checked_sub(needs) else {
                break;
            };
            left = rest.saturating_sub(u16::from(self.airy));
            first = index;
        }
        first
    }

    /// The mark, the number, a point, a space; all choices alike.
    fn indent(&self) -> u16 {
        if self.choices.len() > 9 { 6 } else { 5 }
    }
}

fn rows(text: &str, width: u16) -> u16 {
    u16::try_from(wrap(text, width).len())
        .unwrap_or(u16::MAX)
        .max(1)
}
