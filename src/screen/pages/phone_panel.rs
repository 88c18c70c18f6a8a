//! The practice phone: what a practice student's phone shows and can do, beside or over the kiosk's screen and plainly
//! marked. It shows what the practice campus sent, and asks for actions; it is never there on a real desk.

use ratatui::layout::Rect;

use super::{Hit, PageInput, PagePen, PageResult, digit_index};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{ChoiceList, NumberField, phone_frame};
use crate::screen::{DeskCommand, PracticePhone, UiKey};
use crate::visit::{Mobile, group_digits};

/// Whether keys go to the phone, and a new number that is half typed.
#[derive(Default)]
pub struct PhonePanel {
    /// Keys go to the phone.
    pub focused: bool,
    number: Option<NumberField>,
}

impl PhonePanel {
    /// Forgets the half-typed number.
    pub fn forget(&mut self) {
        self.number = None;
    }

    /// Draws the phone into the area.
    pub fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect, phone: &PracticePhone) {
        let title = pen.words("phone-title");
        let inside = phone_frame(area, &title, pen.buf, pen.theme);
        pen.hits.push(area, Hit::Key(UiKey::Phone));
        let mut stack = Stack::new(inside);
        let page = named(pen, "phone-page-", &phone.page);
        pen.say(&mut stack, &page, Role::PhoneTitle);
        let wechat = group_digits(&phone.wechat);
        let words = pen.words_with("phone-wechat", &[("number", wechat.into())]);
        pen.say(&mut stack, &words, Role::PhoneDim);
        if let Some(field) = &self.number {
            let label = pen.words("phone-new-number");
            let row = stack.take(2);
            pen.caret = field.draw(&label, "", true, row, pen.buf, pen.theme);
        }
        stack.skip(1);
        if let Some(said) = &phone.said {
            let said = named(pen, "phone-said-", said);
            pen.say(&mut stack, &said, Role::PhoneTap);
            stack.skip(1);
        }
        let mut foot = Stack::new(stack.bottom(2));
        let hint = if self.focused {
            "phone-focus"
        } else {
            "phone-unfocused"
        };
        pen.tell(&mut foot, hint, Role::PhoneDim);
        self.draw_actions(pen, &mut stack, phone);
        draw_messages(pen, &mut stack, phone);
    }

    fn draw_actions(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, phone: &PracticePhone) {
        pen.tell(stack, "phone-actions", Role::PhoneTitle);
        let actions: Vec<String> = phone
            .actions
            .iter()
            .take(9)
            .map(|id| named(pen, "phone-do-", id))
            .collect();
        let list = ChoiceList {
            choices: &actions,
            selected: None,
            airy: false,
        };
        let rows = list.height(stack.rest().width);
        let area = stack.take(rows);
        list.draw(area, pen.buf, pen.theme, pen.hits, Hit::Phone);
        stack.skip(1);
    }

    /// What a key means while the phone is in hand; `None` where it is not the phone's.
    pub fn handle(&mut self, input: PageInput<'_>, phone: &PracticePhone) -> Option<PageResult> {
        if !self.focused {
            return None;
        }
        if self.number.is_some() {
            return Some(self.handle_number(input));
        }
        match input {
            PageInput::Key(UiKey::Esc) => self.focused = false,
            PageInput::Key(UiKey::Char('n' | 'N')) => self.number = Some(NumberField::new()),
            PageInput::Key(key) => {
                let action = digit_index(key).filter(|at| *at < phone.actions.len());
                return Some(match action {
                    Some(action) => PageResult::desk(DeskCommand::PhoneAction { action }),
                    None => PageResult::EDITED,
                });
            }
            PageInput::Paste(_) | PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        Some(PageResult::EDITED)
    }

    fn handle_number(&mut self, input: PageInput<'_>) -> PageResult {
        let Some(field) = &mut self.number else {
            return PageResult::EDITED;
        };
        match input {
            PageInput::Key(UiKey::Esc) => self.number = None,
            PageInput::Key(UiKey::Enter) => {
                if let Ok(mobile) = Mobile::parse(field.raw()) {
                    self.number = None;
                    return PageResult::desk(DeskCommand::PhoneNumber {
                        mobile: mobile.as_str().to_owned(),
                    });
                }
            }
            PageInput::Key(key) => {
                field.key(key);
            }
            PageInput::Paste(text) => field.paste(text),
            PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }
}

fn draw_messages(pen: &mut PagePen<'_, '_>, stack: &mut Stack, phone: &PracticePhone) {
    pen.tell(stack, "phone-messages", Role::PhoneTitle);
    if phone.messages.is_empty() {
        pen.tell(stack, "phone-no-messages", Role::PhoneDim);
    }
    for message in phone.messages.iter().take(4) {
        pen.say(stack, message, Role::PhoneScreen);
    }
}

/// The words of an id; one that is not known is shown as it is.
fn named(pen: &PagePen<'_, '_>, prefix: &str, id: &str) -> String {
    pen.text
        .find(&format!("{prefix}{id}"), &[])
        .unwrap_or_else(|| id.to_owned())
}
