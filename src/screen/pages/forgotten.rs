//! A forgotten password: which campus, then the hotline with its digit, large. The guide does not say which campus has
//! which digit: where the pack has no names, the digits are asked for and the staff tell.

use ratatui::layout::{Rect, Size};

use super::large::draw_large;
use super::pen::ButtonIs;
use super::{PageInput, PagePen, PageResult, Tip, UiPage, digit_index, moved, tip};
use crate::campus::pack::Hotline;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{UiKey, UiView};

/// The overlay for a forgotten password.
pub struct ForgottenPage {
    selected: usize,
    chosen: bool,
}

impl ForgottenPage {
    /// Skips the choice where the campus has one hotline digit at most.
    pub fn new(view: &UiView<'_>) -> Self {
        ForgottenPage {
            selected: 0,
            chosen: view.front.hotline.campuses.len() < 2,
        }
    }

    fn choose(&mut self, index: usize, hotline: &Hotline) -> PageResult {
        if index < hotline.campuses.len() {
            self.selected = index;
            self.chosen = true;
        }
        PageResult::EDITED
    }

    fn draw_choices(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let view = pen.view;
        let campuses = &view.front.hotline.campuses;
        pen.tell(stack, "forgotten-ask", Role::Title);
        stack.skip(1);
        let names: Vec<String> = campuses
            .iter()
            .map(|campus| match &campus.name {
                Some(name) => name.get(view.lang).to_owned(),
                None => pen.words_with(
                    "forgotten-campus",
                    &[("digit", campus.digit.to_string().into())],
                ),
            })
            .collect();
        pen.choices(stack, &names, Some(self.selected), true);
        if campuses.iter().any(|campus| campus.name.is_none()) {
            stack.skip(1);
            pen.tell(stack, "forgotten-unknown", Role::Dim);
        }
    }

    fn draw_call(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let hotline = &pen.view.front.hotline;
        pen.tell(stack, "forgotten-call", Role::Text);
        stack.skip(1);
        let number = number(hotline);
        draw_large(pen, stack, &number, 4);
        stack.skip(1);
        if let Some(campus) = hotline.campuses.get(self.selected) {
            let words = pen.words_with(
                "forgotten-digit",
                &[("digit", campus.digit.to_string().into())],
            );
            pen.say(stack, &words, Role::Title);
        }
        pen.tell(stack, "forgotten-after", Role::Dim);
    }
}

/// The hotline as it is dialled.
pub fn number(hotline: &Hotline) -> String {
    match &hotline.area_code {
        Some(area) => format!("{area}-{}", hotline.number),
        None => hotline.number.clone(),
    }
}

impl UiPage for ForgottenPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("forgotten-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(72, 16),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(1);
        if self.chosen {
            self.draw_call(pen, &mut stack)
        } else {
            self.draw_choices(pen, &mut stack)
        }
        let buttons = [
            ("Esc", "do-back", UiKey::Esc, ButtonIs::On),
            ("F8", "call-volunteer", UiKey::Call, ButtonIs::On),
        ];
        pen.buttons(&mut Stack::new(foot), &buttons);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        let hotline = &view.front.hotline;
        match input {
            PageInput::Key(UiKey::Esc) if self.chosen && hotline.campuses.len() > 1 => {
                self.chosen = false;
                PageResult::EDITED
            }
            PageInput::Key(UiKey::Esc) => PageResult::CLOSED,
            PageInput::Key(UiKey::Enter) if self.chosen => PageResult::CLOSED,
            PageInput::Key(UiKey::Enter) => self.choose(self.selected, hotline),
            PageInput::Pick(index) => self.choose(index, hotline),
            PageInput::Key(UiKey::Char(digit)) => {
                let by_digit = hotline.campuses.iter().position(|c| c.digit == digit);
                match by_digit.or(digit_index(UiKey::Char(digit))) {
                    Some(index) if !self.chosen => self.choose(index, hotline),
                    _ => PageResult::EDITED,
                }
            }
            PageInput::Key(key) if !self.chosen => {
                if let Some(selected) = moved(key, self.selected, hotline.campuses.len()) {
                    self.selected = selected;
                }
                PageResult::EDITED
            }
            PageInput::Key(_) | PageInput::Paste(_) | PageInput::Focus(_) => PageResult::EDITED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![tip("Esc", "do-back", 0, UiKey::Esc)]
    }

    fn help(&self) -> &'static str {
        "help-identity"
    }

    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }
}
