//! The visit was parked: its pickup number, large, until a key. It finds the visit and proves nothing.

use std::time::Duration;

use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget;

use super::large::draw_large;
use super::pen::ButtonIs;
use super::reading::{ScrollState, wrapped};
use super::ticket::{NUMBER_FIRST, draw_ticket};
use super::{Hit, PageInput, PagePen, PageResult, Tip, UiPage, tip};
use crate::screen::layout::{Stack, column, qr_and_words};
use crate::screen::theme::Role;
use crate::screen::{DeskCommand, DeskState, PrinterNow, UiKey, UiView, printer_trouble};
use crate::visit::{ParkedFor, Pickup, TicketRow};

/// How long a page that comes by itself takes no key at first: what was pressed on the page before is not for it.
pub const DEAF_FOR: Duration = Duration::from_secs(2);
/// The columns and rows that the words need beside or beneath a code to photograph.
const WORDS: Size = Size::new(50, 18);
/// The columns that they take at the most: a number of the larger sizes.
const MOST_COLUMNS: u16 = 94;

/// The page of the pickup number, or of the ticket.
pub struct ParkedPage {
    /// Since when it is shown, monotonic.
    since: Duration,
    reading: ScrollState,
}

impl ParkedPage {
    /// The page, shown from this monotonic moment on.
    pub fn shown_at(since: Duration) -> Self {
        ParkedPage {
            since,
            reading: ScrollState::default(),
        }
    }

    fn hears_at(&self) -> Duration {
        self.since.saturating_add(DEAF_FOR)
    }

    fn hears(&self, view: &UiView<'_>) -> bool {
        view.now.mono >= self.hears_at()
    }

    /// What the printer did with the slip, above the button.
    fn draw_slip(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let Some(printer) = pen.view.printer else {
            return stack.skip(1);
        };
        let (key, role) = match printer.now {
            _ if !printer.is_of_this => ("slip-offer", Role::Dim),
            PrinterNow::Untried => ("slip-offer", Role::Dim),
            PrinterNow::Printing => ("slip-printing", Role::Info),
            PrinterNow::Printed => ("slip-printed", Role::Success),
            PrinterNow::Busy => ("slip-busy", Role::Warning),
            PrinterNow::Failed(why) => {
                let why = pen.words(printer_trouble(why));
                let words = pen.words_with("slip-failed", &[("why", why.into())]);
                return pen.say(stack, &words, Role::Warning);
            }
        };
        pen.tell(stack, key, role);
    }

    fn draw_button(&self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let state = if self.hears(pen.view) {
            ButtonIs::Primary
        } else {
            ButtonIs::Off
        };
        let enter = Hit::Key(UiKey::Enter);
        pen.button_at(area, "Enter", "parked-next", enter, state);
    }

    fn draw_with_ticket(&mut self, pen: &mut PagePen<'_, '_>, area: Rect, row: &TicketRow) {
        let mut stack = Stack::new(column(area, 76));
        let foot = stack.bottom(1);
        let above = stack.bottom(if pen.view.printer.is_some() { 2 } else { 1 });
        Self::draw_slip(pen, &mut Stack::new(above));
        pen.tell(&mut stack, "ticket-opened-title", Role::Title);
        let words = desk_words(pen, "ticket-after");
        let after = wrapped(vec![(words, Role::Text)], stack.rest().width);
        let rows = u16::try_from(after.len()).unwrap_or(u16::MAX);
        let mut below = Stack::new(stack.bottom(rows));
        for (words, role) in after {
            pen.say(&mut below, &words, role);
        }
        let reading = &mut self.reading;
        draw_ticket(pen, &mut stack, row, Vec::new(), reading, NUMBER_FIRST);
        self.draw_button(pen, foot);
    }

    fn draw_number(&self, pen: &mut PagePen<'_, '_>, area: Rect, pickup: Pickup, after: &str) {
        let palette = pen.theme.qr();
        let code = qr_and_words(area, pickup.code(), palette, &[WORDS], MOST_COLUMNS);
        // A code that nobody explains is taken for another one to scan.
        let (words, told) = match &code.art {
            Some(art) => {
                art.render(code.qr, pen.buf);
                (code.words, "parked-words-code")
            }
            None => (column(area, area.width.min(94)), "parked-words"),
        };
        let mut stack = Stack::new(words);
        stack.skip(words.height.saturating_sub(19) / 3);
        pen.tell(&mut stack, "parked-title", Role::Title);
        pen.tell(&mut stack, told, Role::Text);
        stack.skip(1);
        // The desk, how to come back, the button.
        draw_large(pen, &mut stack, &pickup.to_string(), 7);
        let words = desk_words(pen, "parked-desk");
        pen.say(&mut stack, &words, Role::Accent);
        stack.skip(1);
        pen.tell(&mut stack, after, Role::Text);
        Self::draw_slip(pen, &mut stack);
        self.draw_button(pen, stack.take(1));
    }

    /// All numbers of the desk wait already: a volunteer finds the visit by another one.
    fn draw_without_number(&self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(column(area, 64));
        stack.skip(area.height.saturating_sub(10) / 3);
        pen.tell(&mut stack, "parked-title", Role::Title);
        pen.tell(&mut stack, "parked-no-number", Role::Warning);
        stack.skip(1);
        let words = desk_words(pen, "parked-desk");
        pen.say(&mut stack, &words, Role::Accent);
        stack.skip(1);
        self.draw_button(pen, stack.take(1));
    }
}

/// Words with this desk's number.
fn desk_words(pen: &PagePen<'_, '_>, key: &str) -> String {
    let desk = pen.view.desk_number.get();
    pen.words_with(key, &[("desk", desk.into())])
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
        let after = match (why, owes) {
            (ParkedFor::SignIn, _) => "parked-vouched",
            (_, true) => "parked-owed",
            (_, false) => "parked-after",
        };
        match (ticket, pickup) {
            (Some(row), _) => self.draw_with_ticket(pen, area, row),
            (None, Some(pickup)) => self.draw_number(pen, area, *pickup, after),
            (None, None) => self.draw_without_number(pen, area),
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter | UiKey::Esc | UiKey::Char(' ')) if self.hears(view) => {
                PageResult::desk(DeskCommand::Continue)
            }
            PageInput::Key(UiKey::Char('p' | 'P'))
                if view.printer.is_some() && self.hears(view) =>
            {
                PageResult::desk(DeskCommand::PrintSlip)
            }
            PageInput::Key(key) if self.reading.key(key) => PageResult::EDITED,
            _ => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let enter = tip("Enter", "parked-next", 0, UiKey::Enter);
        let mut tips: Vec<Tip> = self.hears(view).then_some(enter).into_iter().collect();
        if view.printer.is_some() && self.hears(view) {
            tips.push(tip("P", "slip-print", 1, UiKey::Char('p')));
        }
        tips.extend(self.reading.tip());
        tips
    }

    fn help(&self) -> &'static str {
        "help-parked"
    }

    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        Some(self.hears_at()).filter(|at| *at > view.now.mono)
    }
}
