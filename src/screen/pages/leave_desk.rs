//! Leaving a locked desk: it starts again, the machine is switched off, or an administrator logs in. None leads to a shell.

use ratatui::layout::{Rect, Size};

use super::{PageInput, PagePen, PageResult, Tip, UiPage, VolunteerPage, digit_index, moved, tip};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{DeskCommand, LeaveWays, SystemWish, UiAction, UiKey, UiView};

/// The ways, in the order in which they stand. Enter by habit leads back.
const WAYS: [&str; 4] = [
    "leave-desk-stay",
    "leave-desk-restart",
    "leave-desk-off",
    "leave-desk-maintenance",
];

/// Asks what becomes of the desk.
#[derive(Default)]
pub struct LeaveDeskPage {
    selected: usize,
}

impl LeaveDeskPage {
    fn choose(&mut self, index: usize) -> PageResult {
        let wish = match index {
            0 => return VolunteerPage::back(),
            1 => return PageResult::Close(UiAction::Desk(DeskCommand::Quit)),
            2 => SystemWish::SwitchOff,
            3 => SystemWish::Maintenance,
            _ => return PageResult::EDITED,
        };
        self.selected = index;
        PageResult::desk(DeskCommand::AskSystem(wish))
    }
}

impl UiPage for LeaveDeskPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("leave-desk-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(60, 12),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        match pen.view.leave {
            LeaveWays::System { was_refused: true } => {
                pen.tell(&mut stack, "leave-desk-refused", Role::Danger);
            }
            LeaveWays::System { was_refused: false } | LeaveWays::Program => {
                pen.tell(&mut stack, "leave-desk-words", Role::Text);
            }
        }
        stack.skip(1);
        let choices = WAYS.map(|way| pen.words(way));
        pen.choices(&mut stack, &choices, Some(self.selected), true);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Pick(index) => self.choose(index),
            PageInput::Key(UiKey::Esc) => VolunteerPage::back(),
            PageInput::Key(UiKey::Volunteer) => {
                PageResult::Close(UiAction::Desk(DeskCommand::Lock))
            }
            PageInput::Key(UiKey::Enter) => self.choose(self.selected),
            PageInput::Key(key) => {
                match (digit_index(key), moved(key, self.selected, WAYS.len())) {
                    (Some(index), _) => return self.choose(index),
                    (None, Some(selected)) => self.selected = selected,
                    (None, None) => {}
                }
                PageResult::EDITED
            }
            PageInput::Paste(_) | PageInput::Focus(_) => PageResult::EDITED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "do-next", 0, UiKey::Enter),
            tip("Esc", "do-back", 0, UiKey::Esc),
        ]
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
