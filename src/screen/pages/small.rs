//! A window too small for any page: how many columns and rows are missing, in whatever room there is.

use ratatui::layout::Rect;

use super::PagePen;
use crate::screen::layout::{Stack, TooSmall};
use crate::screen::theme::Role;

/// Draws what is missing instead of a page.
pub fn draw_small(pen: &mut PagePen<'_, '_>, area: Rect, small: &TooSmall) {
    let mut stack = Stack::new(area);
    if area.height > 4 {
        stack.skip(area.height.saturating_sub(3) / 2);
    }
    let title = pen.words("small-title");
    pen.say_centred(&mut stack, &title, Role::Title);
    for (key, missing) in [
        ("small-columns", small.columns_missing),
        ("small-rows", small.rows_missing),
    ] {
        if missing > 0 {
            let words = pen.words_with(key, &[("n", missing.into())]);
            pen.say_centred(&mut stack, &words, Role::Text);
        }
    }
}
