//! The visit was parked: its pickup number, large, until a key. It finds the visit and proves nothing.

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::reading::{ScrollState, wrapped};
use super::ticket::draw_ticket;
use super::{Hit, PageInput, PagePen, PageResult, Tip, UiPage, tip};
use crate::screen::layout::{Stack, column};
use crate::screen::theme::Role;
use crate::screen::widgets::BigText;
use crate::screen::{DeskCommand, DeskState, UiKey, UiView};
use crate::visit::ParkedFor;

/// The page of the pickup number, or of the ticket.
#[derive(Default)]
pub struct ParkedPage {
    reading: ScrollState,
}

impl UiPage for ParkedPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let DeskState::JustParked {
            pickup,
            ticket,
            why,
            owes,
        } = &pen.view.desk
        else {
            return;
        };
        if let Some(row) = ticket {
            let mut stack = Stack::new(column(area, 76));
            let foot = stack.bottom(1);
            pen.tell(&mut stack, "ticket-opened-title", Role::Title);
            let words = pen.words_with("ticket-after", &[("pickup", pickup.as_str().into())]);
            let after = wrapped(vec![(words, Role::Dim)], stack.rest().width);
            stack.bottom(1);
            let rows = u16::try_from(after.len()).unwrap_or(u16::MAX);
            let mut below = Stack::new(stack.bottom(rows));
            for (words, role) in after {
                pen.say(&mut below, &words, role);
            }
            draw_ticket(pen, &mut stack, row, Vec::new(), &mut self.reading);
            let enter = Hit::Key(UiKey::Enter);
            pen.button_at(foot, "Enter", "parked-next", enter, ButtonIs::Primary);
            return;
        }
        let spaced = pickup.as_str().to_owned();
        let mut big = BigText::new(&spaced, pen.theme.style(Role::Big));
        let doubled = BigText::new(&spaced, pen.theme.style(Role::Big)).doubled();
        if doubled.size().width <= area.width.min(72) && area.height >= 20 {
            big = doubled;
        }
        let size = big.size();
        let mut stack = Stack::new(column(area, size.width.max(64)));
        stack.skip(area.height.saturating_sub(size.height.saturating_add(8)) / 3);
        pen.tell(&mut stack, "parked-title", Role::Title);
        pen.tell(&mut stack, "parked-words", Role::Text);
        stack.skip(1);
        let row = stack.take(size.height);
        big.draw(row, pen.buf);
        stack.skip(1);
        let after = match (why, owes) {
            (ParkedFor::SignIn, _) => "parked-vouched",
            (_, true) => "parked-owed",
            (_, false) => "parked-after",
        };
        pen.tell(&mut stack, after, Role::Text);
        stack.skip(1);
        pen.button(
            &mut stack,
            "Enter",
            "parked-next",
            Hit::Key(UiKey::Enter),
            ButtonIs::Primary,
        );
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter | UiKey::Esc | UiKey::Char(' ')) => {
                PageResult::desk(DeskCommand::Continue)
            }
            PageInput::Key(key) if self.reading.key(key) => PageResult::EDITED,
            _ => PageResult::IGNORED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![tip("Enter", "parked-next", 0, UiKey::Enter)];
        tips.extend(self.reading.tip());
        tips
    }

    fn help(&self) -> &'static str {
        "help-parked"
    }
}
