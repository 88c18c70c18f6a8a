//! A number that is read from two metres: as large as there is room for, and in plain text beneath, for copying, for
//! screen readers and for a window without room.

use ratatui::layout::Size;

use super::PagePen;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::BigText;

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
