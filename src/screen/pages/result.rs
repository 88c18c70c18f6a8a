//! What a visit comes to: bound, on a screen that can't be mistaken; bound already; stuck, where a person must help.

use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::noted::{draw_mark, when_true};
use super::pen::ButtonIs;
use super::title::{self, PageTitle, begin};
use super::{
    PageInput, PagePen, PageResult, TicketFormPage, Tip, UiPage, esc_tip, finish_on, tip, visit,
};
use crate::screen::layout::{Stack, centred, column};
use crate::screen::theme::Role;
use crate::screen::widgets::DoneMark;
use crate::screen::{UiKey, UiView};
use crate::visit::{Command, Question};

/// The student is bound.
#[derive(Default)]
pub struct BoundPage;

/// The student was bound before.
#[derive(Default)]
pub struct AlreadyBoundPage;

/// No route leads on: the hotline, and a ticket.
#[derive(Default)]
pub struct StuckPage;

/// A visit that has ended or was parked: shown for a moment at the most, while the desk goes on.
#[derive(Default)]
pub struct EndedPage;

impl UiPage for BoundPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(column(area, 90));
        let room = Size::new(area.width, area.height.saturating_sub(8));
        let mark = DoneMark::size(room);
        let words = 8_u16;
        let used = mark.height.saturating_add(words);
        let title = bound_title(pen, area, used);
        let used = used.saturating_add(title.large_rows());
        stack.skip(area.height.saturating_sub(used) / 2);
        let row = stack.take(mark.height);
        DoneMark::draw(centred(row, mark), pen.theme.style(Role::Bound), pen.buf);
        stack.skip(1);
        title.draw(pen, &mut stack, area.right());
        let name = visit(pen.view)
            .and_then(|v| v.student.as_ref())
            .map(|student| student.name.as_str())
            .filter(|name| !name.is_empty());
        if let Some(name) = name {
            let words = pen.words_with("bound-name", &[("name", name.into())]);
            pen.say_centred(&mut stack, &words, Role::Title);
        }
        stack.skip(1);
        let (words, next) = (pen.words("bound-words"), pen.words("bound-next"));
        pen.say_centred(&mut stack, &words, Role::Text);
        pen.say_centred(&mut stack, &next, Role::Dim);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        finish_on(input)
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![tip("Enter", "done-submit", 0, UiKey::Enter)]
    }

    fn help(&self) -> &'static str {
        "help-done"
    }
}

/// The title below the mark, which is not made smaller for it; so many rows are used without it.
fn bound_title(pen: &PagePen<'_, '_>, area: Rect, used: u16) -> PageTitle {
    let words = spaced(&pen.words("bound-title"));
    let room = Size::new(area.width.min(90), area.height.saturating_sub(used));
    let title = PageTitle::new(pen, "bound-title", Role::Success, room);
    title.saying(words).centred()
}

/// Air between the characters of a short title: as large as plain cells can say it.
fn spaced(title: &str) -> String {
    if title.is_ascii() {
        title.to_uppercase()
    } else {
        title
            .chars()
            .flat_map(|c| [c, ' ', ' '])
            .collect::<String>()
            .trim_end()
            .to_owned()
    }
}

/// Whether this campus has a way for those whose number has changed.
pub(super) fn knows_new_numbers(view: &UiView<'_>) -> bool {
    view.asks(Question::Standing)
}

impl UiPage for AlreadyBoundPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(column(area, 64));
        if visit(pen.view).is_some_and(|visit| visit.seen_active) {
            (stack, _) = begin(pen, area, (64, 9), "already-title", Role::Success);
            stack.skip(1);
            pen.tell(&mut stack, "already-words", Role::Text);
        } else {
            stack.skip(area.height.saturating_sub(18) / 3);
            draw_mark(pen, &mut stack, area, 11);
            stack.skip(1);
            title::draw(pen, &mut stack, "noted-already-title", Role::Warning, 10);
            pen.tell(&mut stack, "noted-already-words", Role::Text);
            let words = when_true(pen);
            pen.say(&mut stack, &words, Role::Accent);
        }
        stack.skip(1);
        pen.tell(&mut stack, "already-words-lost", Role::Dim);
        stack.skip(1);
        let mut buttons = vec![("Enter", "done-submit", UiKey::Enter, ButtonIs::Primary)];
        if knows_new_numbers(pen.view) {
            buttons.push(("O", "already-old", UiKey::Char('o'), ButtonIs::On));
        }
        pen.buttons(&mut stack, &buttons);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Char('o' | 'O')) if knows_new_numbers(view) => {
                PageResult::visit(Command::BeginAsNewNumber)
            }
            input => finish_on(input),
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![tip("Enter", "done-submit", 0, UiKey::Enter)];
        if knows_new_numbers(view) {
            tips.push(tip("O", "already-old", 3, UiKey::Char('o')));
        }
        tips
    }

    fn help(&self) -> &'static str {
        "help-done"
    }
}

impl UiPage for StuckPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let (mut stack, _) = begin(pen, area, (64, 8), "stuck-title", Role::Warning);
        stack.skip(1);
        pen.tell(&mut stack, "stuck-words", Role::Text);
        stack.skip(1);
        let number = number(&pen.view.front.hotline);
        let words = pen.words_with("stuck-hotline", &[("number", number.into())]);
        pen.say(&mut stack, &words, Role::Title);
        stack.skip(1);
        let buttons = [
            ("Enter", "ticket-title", UiKey::Enter, ButtonIs::Primary),
            ("F8", "call-volunteer", UiKey::Call, ButtonIs::On),
        ];
        pen.buttons(&mut stack, &buttons);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter | UiKey::Char('t' | 'T')) => {
                PageResult::Open(Box::new(TicketFormPage::default()))
            }
            _ => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        vec![tip("Enter", "ticket-title", 0, UiKey::Enter), esc_tip(view)]
    }

    fn help(&self) -> &'static str {
        "help-done"
    }
}

impl UiPage for EndedPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(column(area, 64));
        stack.skip(area.height / 3);
        title::draw(pen, &mut stack, "closed-title", Role::Title, 3);
        stack.skip(1);
        pen.tell(&mut stack, "closed-words", Role::Text);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter | UiKey::Esc) => {
                PageResult::desk(crate::screen::DeskCommand::Continue)
            }
            _ => PageResult::IGNORED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![tip("Enter", "do-next", 0, UiKey::Enter)]
    }

    fn help(&self) -> &'static str {
        "help-done"
    }
}
