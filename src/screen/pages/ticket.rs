//! A ticket on the screen: why it is opened, then its number large with the script of the call. The script is whole, for
//! the student who stands there or a volunteer with the PIN.

use jiff::tz::TimeZone;
use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::long_text::TextArea;
use super::pen::ButtonIs;
use super::reading::{ScrollState, wrapped};
use super::script::script;
use super::{PageInput, PagePen, PageResult, Tip, UiPage, tip};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{BigText, Overlay};
use crate::screen::{UiAction, UiKey, UiView};
use crate::visit::{Command, FreeText, TicketRow};

/// Why a ticket is opened: by the student, or by the volunteer for them.
#[derive(Default)]
pub struct TicketFormPage {
    reason: TextArea,
}

impl TicketFormPage {
    /// What was written so far.
    pub fn reason(&self) -> FreeText {
        self.reason.words()
    }

    /// What is typed into the reason.
    pub fn write(&mut self, input: PageInput<'_>) {
        match input {
            PageInput::Key(key) => self.reason.key(key),
            PageInput::Paste(text) => self.reason.paste(text),
            PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
    }

    /// Draws the form; `is_known` where the student is known.
    pub fn draw_inside(&self, pen: &mut PagePen<'_, '_>, mut stack: Stack, is_known: bool) {
        let mut foot = Stack::new(stack.bottom(1));
        pen.tell(&mut stack, "ticket-words", Role::Text);
        if !is_known {
            pen.tell(&mut stack, "ticket-who", Role::Warning);
        }
        stack.skip(1);
        let rows = stack.rest().height.saturating_sub(2);
        self.reason
            .draw(pen, &mut stack, "ticket-reason", rows, true);
        pen.buttons(
            &mut foot,
            &[
                ("Enter", "ticket-open", UiKey::Enter, ButtonIs::Primary),
                ("Esc", "do-back", UiKey::Esc, ButtonIs::On),
            ],
        );
    }
}

impl UiPage for TicketFormPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("ticket-title");
        let size = Size::new(70, 17);
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        let is_known = super::visit(pen.view).is_some_and(|visit| visit.student.is_some());
        self.draw_inside(pen, Stack::new(inside), is_known);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) => return PageResult::CLOSED,
            PageInput::Key(UiKey::Enter) => {
                let reason = self.reason();
                return PageResult::Close(UiAction::Visit(Command::OpenTicket { reason }));
            }
            input => self.write(input),
        }
        PageResult::EDITED
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "ticket-open", 0, UiKey::Enter),
            tip("Esc", "do-back", 0, UiKey::Esc),
        ]
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }
}

/// The number large and the hotline; below them, as far as there is room, what to read out and what came of it.
pub fn draw_ticket(
    pen: &mut PagePen<'_, '_>,
    stack: &mut Stack,
    row: &TicketRow,
    more: Vec<(String, Role)>,
    reading: &mut ScrollState,
) {
    let large = row.ticket.number.to_string();
    let big = BigText::new(&large, pen.theme.style(Role::Big));
    let place = stack.take(big.size().height);
    big.draw(place, pen.buf);
    stack.skip(1);
    let hotline = number(&pen.view.front.hotline);
    let words = pen.words_with("ticket-call", &[("number", hotline.into())]);
    pen.say(stack, &words, Role::Title);
    let zone = TimeZone::system();
    let script = script(pen.text, pen.view.pack, &zone, row);
    let line = |(label, words): (&str, String)| {
        let label = pen.words(label);
        let words = pen.words_with(
            "ticket-line",
            &[("label", label.into()), ("words", words.into())],
        );
        (words, Role::Text)
    };
    let lines = more
        .into_iter()
        .chain(script.into_iter().map(line))
        .collect();
    let lines = wrapped(lines, stack.rest().width);
    reading.draw(pen, stack.rest(), &lines);
}
