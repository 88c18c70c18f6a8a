//! A number or a code that is read from two metres: as large as there is room for, and in plain text beneath, for copying,
//! for screen readers and for a window without room.

use ratatui::layout::Size;

use super::PagePen;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{BigText, LargeText};

/// Draws a code of letters and digits, with so many rows kept below it: on one line or, where that is too wide, broken
/// behind its hyphens.
pub fn draw_large_code(pen: &mut PagePen<'_, '_>, stack: &mut Stack, code: &str, below: u16) {
    let rest = stack.rest();
    let room = rest.height.saturating_sub(below.saturating_add(1));
    let lines = [vec![code], code.split_inclusive('-').collect()];
    let large = lines.into_iter().find_map(|lines| {
        let each = lines.into_iter().map(|line| LargeText::zoomed(line, 1));
        let large: Vec<LargeText> = each.collect::<Option<_>>()?;
        let rows = large
            .iter()
            .map(|line| line.size().height.saturating_add(1));
        let is_in = |line: &LargeText| line.size().width <= rest.width;
        let fits = large.iter().all(is_in) && rows.fold(0, u16::saturating_add) <= room;
        fits.then_some(large)
    });
    for line in large.into_iter().flatten() {
        let row = stack.take(line.size().height);
        line.draw(row, pen.theme.style(Role::Big), pen.buf);
        stack.skip(1);
    }
    pen.say(stack, code, Role::Big);
}

/// Draws the number, with so many rows kept below it.
pub fn draw_large(pen: &mut PagePen<'_, '_>, stack: &mut Stack, number: &str, below: u16) {
    let rest = stack.rest().as_size();
    let below = below.saturating_add(1);
    let room = Size::new(rest.width, rest.height.saturating_sub(below));
    if let Some((size, lines)) = BigText::largest(number, room) {
        for (n, line) in lines.iter().enumerate() {
            if n > 0 {
                stack.skip(1);
            }
            let big = BigText::new(line, pen.theme.style(Role::Big), size);
            big.draw(stack.take(big.size().height), pen.buf);
        }
    }
    pen.say(stack, number, Role::Title);
}
