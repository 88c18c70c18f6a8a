//! Leaving asks once more where something was given: it is kept, and a pickup number says how to come back.

use ratatui::layout::{Rect, Size};

use super::{PageInput, PagePen, PageResult, Tip, UiPage, digit_index, moved, tip};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{UiAction, UiKey, UiView};
use crate::visit::Command;

/// Asks whether to leave.
#[derive(Default)]
pub struct LeavePage {
    selected: usize,
}

impl LeavePage {
    fn choose(&self, index: usize) -> PageResult {
        match index {
            0 => PageResult::CLOSED,
            1 => PageResult::Close(UiAction::Visit(Command::Leave)),
            _ => PageResult::EDITED,
        }
    }
}

impl UiPage for LeavePage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("leave-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(56, 8),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        stack.skip(1);
        pen.tell(&mut stack, "leave-words", Role::Text);
        stack.skip(1);
        let choices = [pen.words("leave-stay"), pen.words("leave-go")];
        pen.choices(&mut stack, &choices, Some(self.selected), true);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Pick(index) => self.choose(index),
            PageInput::Key(UiKey::Esc) => PageResult::CLOSED,
            PageInput::Key(UiKey::Enter) => self.choose(self.selected),
            PageInput::Key(key) => match (digit_index(key), moved(key, self.selected, 2)) {
                (Some(index), _) => self.choose(index),
                (None, Some(selected)) => {
                    self.selected = selected;
                    PageResult::EDITED
                }
                (None, None) => PageResult::EDITED,
            },
            PageInput::Paste(_) | PageInput::Focus(_) => PageResult::EDITED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "do-next", 0, UiKey::Enter),
            tip("Esc", "leave-stay", 0, UiKey::Esc),
        ]
    }

    fn help(&self) -> &'static str {
        "help-done"
    }

    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }
}
