//! The desk has had no input for a while: a countdown over whatever is shown, with the one thing to do about it.

use ratatui::layout::{Rect, Size};

use super::{PagePen, seconds};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Countdown, Overlay};
use crate::screen::{DeskState, IdleCountdown};
use crate::visit::Place;

/// Draws the countdown over the page.
pub fn draw_idle(pen: &mut PagePen<'_, '_>, area: Rect, counting: IdleCountdown) {
    let title = pen.words("idle-title");
    let inside = Overlay {
        title: &title,
        size: Size::new(60, 7),
    }
    .draw(area, pen.buf, pen.theme);
    let mut stack = Stack::new(inside);
    stack.skip(1);
    let words = pen.words_with("idle-words", &[("n", seconds(counting.left).into())]);
    let bar = stack.take(1);
    Countdown {
        text: &words,
        left: counting.left,
        of: counting.of,
    }
    .draw(bar, pen.buf, pen.theme);
    stack.skip(1);
    let (keep, safe) = (pen.words("idle-keep"), pen.words(after(&pen.view.desk)));
    pen.say_centred(&mut stack, &keep, Role::Title);
    stack.skip(1);
    pen.say_centred(&mut stack, &safe, Role::Dim);
}

/// What becomes of the visit when the time is over, and how to go on with it.
fn after(desk: &DeskState<'_>) -> &'static str {
    let DeskState::Visit { visit, place } = desk else {
        return "idle-safe";
    };
    match place {
        Place::Bound | Place::NotedByWord | Place::AlreadyBound | Place::Parked | Place::Closed => {
            "idle-safe"
        }
        Place::Step { .. } | Place::Ask(_) | Place::Stuck if !visit.holds_something() => {
            "idle-anew"
        }
        Place::Step { .. } | Place::Ask(_) | Place::Stuck => "idle-number",
    }
}
