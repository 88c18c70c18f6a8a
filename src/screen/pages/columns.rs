//! Tables of the volunteer's pages: a row of heads, rows of cells under them, each cell cut to its column.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::PagePen;
use crate::screen::cells::{fill, put, put_clipped, width};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;

/// Blanks between two columns.
const GAP: u16 = 2;
/// The mark of the chosen row, and a blank.
const MARK: u16 = 2;

/// Columns with a head each. The last one takes what room is left.
pub struct TableColumns<const N: usize> {
    heads: [String; N],
    widths: [u16; N],
}

impl<const N: usize> TableColumns<N> {
    /// Columns as wide as the widest of their cells among `rows`, and as their heads.
    pub fn of(heads: [String; N], rows: &[[String; N]]) -> Self {
        let mut widths = heads.each_ref().map(|head| width(head));
        for row in rows {
            for (wide, cell) in widths.iter_mut().zip(row) {
                *wide = width(cell).max(*wide);
            }
        }
        TableColumns { heads, widths }
    }

    /// Draws the heads on the next row.
    pub fn draw_heads(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let area = stack.take(1);
        let style = pen.theme.style(Role::Dim);
        self.draw_cells(pen, area, &self.heads, (style, style));
    }

    /// Draws a row on the next row and gives its place; the chosen one has a mark beside its style.
    pub fn draw_row(
        &self,
        pen: &mut PagePen<'_, '_>,
        stack: &mut Stack,
        cells: &[String; N],
        role: Role,
    ) -> Rect {
        self.draw_row_after(pen, stack, cells, (role, role))
    }

    /// The same with a role of its own for the first cell; the second role is that of the others.
    pub fn draw_row_after(
        &self,
        pen: &mut PagePen<'_, '_>,
        stack: &mut Stack,
        cells: &[String; N],
        (first, role): (Role, Role),
    ) -> Rect {
        let area = stack.take(1);
        let (first, style) = (pen.theme.style(first), pen.theme.style(role));
        if role == Role::Selected {
            fill(area, pen.buf, style);
            put(area, area.x, area.y, ">", style, pen.buf);
        }
        self.draw_cells(pen, area, cells, (first, style));
        area
    }

    fn draw_cells(
        &self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        cells: &[String; N],
        (first, others): (Style, Style),
    ) {
        let mut x = area.x.saturating_add(MARK);
        let mut style = first;
        for (cell, wide) in cells.iter().zip(self.widths) {
            let place = Rect {
                x,
                width: wide.min(area.right().saturating_sub(x)),
                ..area
            };
            put_clipped(place, x, area.y, cell, style, pen.buf);
            x = x.saturating_add(wide).saturating_add(GAP);
            style = others;
        }
    }
}

/// The rows that are seen of `count` in a room of `room` rows, so that the chosen one is among them.
pub fn seen_rows(selected: usize, room: usize, count: usize) -> std::ops::Range<usize> {
    let room = room.max(1);
    let first = selected.saturating_add(1).saturating_sub(room);
    first..count.min(first.saturating_add(room))
}
